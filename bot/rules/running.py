"""Running the rules of one kind of entity over a record, and what they find in it."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import repeat
from operator import itemgetter
from types import GeneratorType
from typing import Any

from bot.errors import places
from bot.ilr.absent import NOT_PASTED, CannotTell
from bot.ilr.fragment import Fragment, reason_for_all
from bot.ilr.record import ENTITIES, Entity
from bot.ilr.specification import YearSpecification
from bot.rules.catalogue import Rule
from bot.rules.doubt import Doubt, in_doubt
from bot.rules.families.field_definition import plain_text
from bot.rules.findings import RuleFinding, aim_of, values_of
from bot.rules.outlines import FieldTests, Finds, Outlines, Untold
from bot.rules.predicates import Check, Predicate, Verdict, is_registered
from bot.rules.reference.data import ReferenceData
from bot.rules.reference.describe import AimDetails, details_of
from bot.rules.reference.lars import Lars
from bot.rules.tracing import Seen, days_apart, decided_by, traced
from bot.rules.views import IsListed

__all__ = ["RULE_FAILED", "RulesOnKind", "Run", "RunResult", "finder", "rules_on"]

_log = logging.getLogger(__name__)

RULE_FAILED = "the rule itself failed on a record, which is a mistake of ours: please report it"
MANY = 50
"""Entities of a kind from which on it is worth asking first whether a rule can tell anything."""


@dataclass
class RunResult:
    """What running the rules over one record came to."""

    findings: list[RuleFinding] = field(default_factory=list)
    run: frozenset[str] = frozenset()
    not_run: dict[str, str] = field(default_factory=dict)
    """Rule id → reason."""

    def reasons(self) -> dict[str, int]:
        """Reason → how many rules, most first."""
        return dict(_counted(tuple(self.not_run.values())))


@lru_cache(maxsize=64)
def _counted(reasons: tuple[str, ...]) -> list[tuple[str, int]]:
    """Most first. Of one year and kind of paste they are the same each time."""
    return Counter(reasons).most_common()


@dataclass(frozen=True)
class RulesOnKind:
    """The rules on one kind of entity, those that hold on a part of it last."""

    pairs: list[tuple[Rule, Predicate]]
    calls: list[tuple[Callable[..., Verdict], Mapping[str, Any] | None]]
    """Of each its function, and its parameters when it wants the check."""
    on_part: int
    """The number of the first that holds on a part."""
    outlines: Outlines
    """What is known of all of them, where the whole of a record was pasted."""
    outlines_of_part: tuple[Outlines, Outlines]
    """Where only a part was: of those that need the whole, and of those that hold on a part."""


def rules_on(
    kind: str,
    pairs: list[tuple[Rule, Predicate]],
    specification: YearSpecification,
    reference: ReferenceData,
) -> RulesOnKind:
    """The rules on one kind, in the order in which they are run."""
    ordered = sorted(pairs, key=lambda pair: pair[1].on_part)
    fields = _tests_of_fields(ordered, specification)
    on_part = sum(not predicate.on_part for _, predicate in ordered)
    entity, every = ENTITIES[kind], range(len(ordered))
    is_listed = _lists_of_aims(specification, reference)
    return RulesOnKind(
        ordered,
        [
            (predicate.function, found.parameters if predicate.wants_check else None)
            for found, predicate in ordered
        ],
        on_part,
        Outlines(entity, every, fields, is_listed),
        (
            Outlines(entity, every[:on_part], fields, is_listed),
            Outlines(entity, every[on_part:], {}, is_listed),  # none of them is on one field
        ),
    )


def _lists_of_aims(specification: YearSpecification, reference: ReferenceData) -> IsListed:
    """Whether a reference is in a list of aims that rules look into."""
    if reference.has_lars:
        return lambda ref: reference.lars.aim(ref) is not None
    listed = specification.lists.get("t-levels")
    return frozenset(listed.by_code if listed else ()).__contains__


def _tests_of_fields(
    ordered: list[tuple[Rule, Predicate]], specification: YearSpecification
) -> dict[str, FieldTests]:
    """The rules on one field alone, by the field's name."""
    fields: dict[str, FieldTests] = {}
    for number, (found, predicate) in enumerate(ordered):
        if (spec := predicate.on_one_field) is not None:
            if spec.name not in fields:
                plain = plain_text(spec, specification)
                fields[spec.name] = FieldTests(spec.name, spec.may_be_remembered, plain)
            tests = fields[spec.name]
            is_limit = found.id.startswith("FD_")
            (tests.limits if is_limit else tests.others).append(number)
    return fields


def finder(rules: RulesOnKind, check: Check) -> Finds:
    """Whether a rule finds anything in an entity, whatever day it is."""
    # A check of its own for each run: it holds the parameters of the rule, and threads share us.
    # Most often nobody asks, and none is made.
    of_no_day: Check | None = None

    def finds(number: int, entity: Entity) -> bool:
        nonlocal of_no_day
        function, parameters = rules.calls[number]
        if parameters is None:
            verdict = function(entity)
        else:
            if of_no_day is None:
                of_no_day = Check.of_no_day(check)
            of_no_day.parameters = parameters
            verdict = function(entity, of_no_day)
        return bool(verdict) if isinstance(verdict, bool | Doubt) else bool(tuple(verdict))

    return finds


def _on_one(numbers: Iterable[int], place: int, entity: Entity) -> Iterable[_Work]:
    return zip(numbers, repeat(place), repeat(entity))


_Work = tuple[int, int, Entity]
"""The rule's number, and the entity that it is put to, with its place."""
_Outcome = tuple[int, int, RuleFinding | str]
"""The rule's number, the entity's place, and what was found, or why nothing could be told."""
_NUMBER_AND_PLACE = itemgetter(0, 1)


class Run:
    """One run of the rules over a record. ``failed``: ids of rules of which it was said that they
    fail; those that do now are added. ``providers``: whose record it is."""

    def __init__(
        self,
        check: Check,
        fragment: Fragment,
        result: RunResult,
        failed: set[str],
        providers: Iterable[Entity] = (),
    ) -> None:
        self._check = check
        self._fragment = fragment
        self._result = result
        self._failed = failed
        self._lars = check.reference.lars if check.reference.has_lars else None
        self._details: dict[int, AimDetails | None] = {}
        """What LARS says of the aim that an entity is or stands in, by the entity's identity."""
        self._above = tuple([one.shown("UKPRN") for one in providers])
        self._seen: Seen = []
        self._empty: frozenset[int] = frozenset()
        """Entities, by identity, of which nothing was pasted."""

    def on_kind(self, rules: RulesOnKind, entities: list[Entity]) -> None:
        """Run the rules on one kind of entity; of each entity those that may find something."""
        every = range(len(rules.pairs))
        if not self._fragment:
            outcomes = self._outcomes(rules, rules.outlines, every, entities)
        else:
            whole, part = rules.outlines_of_part
            outcomes = self._outcomes(rules, whole, every[: rules.on_part], entities)
            # Those that hold on a part together: to change what is shown takes its time.
            self._fragment.show_missing()
            outcomes += self._outcomes(rules, part, every[rules.on_part :], entities)
            self._fragment.hide_missing()
        if len(outcomes) > 1:
            outcomes.sort(key=_NUMBER_AND_PLACE)
        for number, _, outcome in outcomes:
            if isinstance(outcome, str):
                self._result.not_run[rules.pairs[number][0].id] = outcome
            else:
                self._result.findings.append(outcome)

    def _outcomes(
        self, rules: RulesOnKind, outlines: Outlines, numbers: range, entities: list[Entity]
    ) -> list[_Outcome]:
        """What the rules of these numbers, of which the outlines know, come to."""
        all_of_them: list[tuple[int, Entity]] = []
        some: list[tuple[int, Entity, Collection[int]]] = []
        untold: dict[int, tuple[int, Untold]] = {}
        finds = finder(rules, self._check)
        known: list[Untold] = []
        for place, entity in enumerate(entities) if numbers else ():
            worth = outlines.worth_running(entity, finds, known, self._above)
            if worth is None:
                all_of_them.append((place, entity))
            elif worth:
                some.append((place, entity, worth))
            if known:
                one = known.pop()
                untold[id(one)] = place, one
        outcomes = _last_reasons(untold.values()) if untold else []
        if not some and not all_of_them:
            return outcomes
        self._empty = frozenset(
            [
                id(entity)
                for _, entity in all_of_them
                if entity.partial and not entity.texts and not entity.children
            ]
        )
        with traced() as self._seen:
            for place, entity, worth in some:
                self._apply(rules, _on_one(worth, place, entity), outcomes)
            for number in numbers if all_of_them else ():
                self._apply_to_all(rules, number, all_of_them, outcomes)
        return outcomes

    def _apply_to_all(
        self,
        rules: RulesOnKind,
        number: int,
        entities: list[tuple[int, Entity]],
        outcomes: list[_Outcome],
    ) -> None:
        """Run one rule on entities, unless nothing of one was pasted."""
        predicate = rules.pairs[number][1]
        if len(entities) > MANY:
            entities = self._answerable(rules, number, entities, outcomes)
        empty = frozenset() if predicate.on_part else self._empty
        outcomes += [(number, place, NOT_PASTED) for place, one in entities if id(one) in empty]
        work = [(number, place, one) for place, one in entities if id(one) not in empty]
        self._apply(rules, work, outcomes)

    def _answerable(
        self,
        rules: RulesOnKind,
        number: int,
        entities: list[tuple[int, Entity]],
        outcomes: list[_Outcome],
    ) -> list[tuple[int, Entity]]:
        """Without those of which the rule can tell nothing, for what they lack; that is noted."""
        function, parameters = rules.calls[number]
        more = () if parameters is None else (self._check,)
        self._check.parameters = parameters or {}
        left_out: dict[type[Entity], bool] = {}
        last = {type(entity): place for place, entity in entities}
        for kind, place in last.items():
            reason = reason_for_all(kind, function, *more)
            left_out[kind] = reason is not None
            if reason is not None:
                outcomes.append((number, place, reason))
        return [one for one in entities if not left_out[type(one[1])]]

    def _apply(
        self,
        rules: RulesOnKind,
        work: Iterable[_Work],
        outcomes: list[_Outcome],
    ) -> None:
        """Run rules, by number, each on an entity at its place."""
        calls, check, seen = rules.calls, self._check, self._seen
        for number, place, entity in work:
            function, parameters = calls[number]
            if seen:
                seen.clear()
            try:
                if parameters is None:
                    verdict = function(entity)
                else:
                    check.parameters = parameters
                    verdict = function(entity, check)
                if verdict is False:  # nearly always it is, and more takes longer
                    continue
                at_fault: Collection[Entity]
                at_fault = (entity,) if verdict is True else _at_fault(verdict, entity)
                if at_fault:
                    found, predicate = rules.pairs[number]
                    if type(verdict) is Doubt:
                        found = in_doubt(found, verdict)
                    worked_out = _worked_out(predicate, seen) if seen else {}
                    for at in at_fault:
                        outcomes.append((number, place, self._finding(found, at, worked_out)))
            except CannotTell as unknown:
                outcomes.append((number, place, unknown.reason))
            except MemoryError:
                raise
            except Exception as error:  # noqa: BLE001 - one rule must not end the check of a file
                self._say_once(rules.pairs[number][0], error)
                outcomes.append((number, place, RULE_FAILED))

    def _say_once(self, found: Rule, error: Exception) -> None:
        """Log where a rule failed, for the first record on which it did."""
        if found.id not in self._failed:
            self._failed.add(found.id)
            _log.error("a rule failed", extra={"rule": found.id, "where": places(error)})

    def _finding(self, found: Rule, entity: Entity, worked_out: dict[str, str]) -> RuleFinding:
        details = self._details_of(entity, self._lars) if self._lars is not None else None
        apart = days_apart(found, entity)
        decided = worked_out | apart if apart else worked_out
        return RuleFinding(found, entity, values_of(found, entity), details, decided)

    def _details_of(self, entity: Entity, lars: Lars) -> AimDetails | None:
        known = self._details
        if id(entity) not in known:
            aim = aim_of(entity)
            known[id(entity)] = details_of(aim, lars) if aim else None
        return known[id(entity)]


def _last_reasons(untold: Iterable[tuple[int, Untold]]) -> list[_Outcome]:
    """Why rules could tell nothing of entities at some places: of each rule the last reason."""
    last = {
        number: (place, reason) for place, reasons in sorted(untold) for number, reason in reasons
    }
    return [(number, place, reason) for number, (place, reason) in last.items()]


def _at_fault(verdict: Verdict, entity: Entity) -> Collection[Entity]:
    """The entities that a verdict other than True or False is about, each of them once, in order:
    those that it names, else the one that the rule was put to."""
    if type(verdict) is not GeneratorType and not isinstance(verdict, Iterable):
        return (entity,) if verdict else ()
    found = tuple(verdict)
    return found if len(found) < 2 else {id(one): one for one in found}.values()


def _worked_out(predicate: Predicate, seen: Seen) -> dict[str, str]:
    """What a rule with code of its own noted."""
    return decided_by(seen) if is_registered(predicate.rule_id) else {}
