"""Run rules over a record.

A rule is a predicate, true when the record breaks it, named by its published id::

    @rule("WorkPlaceStartDate_02")
    def placement_starts_before_its_aim(placement: Placement) -> bool:
        return placement.WorkPlaceStartDate < placement.aim.LearnStartDate

The annotation of its first parameter says what it runs on. It may take a second parameter,
the ``Check``, for the year, the day and the specification. Instead of true or false it may
yield the entities at fault, or answer a ``Doubt``, which becomes a "check" in the doubt's words.
The catalogue supplies everything else that is said about it.
"""

from __future__ import annotations

import importlib
import inspect
import logging
import pkgutil
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache
from operator import itemgetter
from types import GeneratorType
from typing import Any, Literal, get_type_hints

from bot.errors import places
from bot.ilr.absent import NOT_PASTED, CannotTell
from bot.ilr.fragment import Fragment, reason_for_all
from bot.ilr.record import ENTITIES, Entity, Message
from bot.ilr.specification import FieldSpec, YearSpecification
from bot.rules.catalogue import Catalogue, Rule
from bot.rules.code_lists import ONLY_A_CHECK, code_list, lists_without_a_rule, may_lack_codes
from bot.rules.doubt import Doubt, in_doubt
from bot.rules.families.field_definition import field_definition
from bot.rules.findings import RuleFinding, aim_of, values_of
from bot.rules.outlines import UNKNOWN, FieldTests, Outlines
from bot.rules.reference.data import NO_REFERENCE, ReferenceData
from bot.rules.reference.describe import details_of
from bot.rules.tracing import days_apart, decided_by, noted, traced
from bot.years import AcademicYear

__all__ = ["Check", "Engine", "Predicate", "RuleFinding", "RunResult", "predicates", "rule"]

_log = logging.getLogger(__name__)

Verdict = bool | Doubt | Iterable[Entity]
Part = Literal["all", "learners", "across"]


@dataclass(frozen=True, slots=True)
class Predicate:
    """A rule's code: what it runs on and for which years it is the right version."""

    rule_id: str
    function: Callable[..., Verdict]
    runs_on: type[Entity]
    wants_check: bool
    on_part: bool
    first: AcademicYear | None
    last: AcademicYear | None
    on_one_field: FieldSpec | None = None
    """The field whose text alone decides, if one does."""

    def covers(self, year: AcademicYear) -> bool:
        """Whether this version of the rule is the one for ``year``."""
        return (self.first is None or self.first <= year) and (
            self.last is None or year <= self.last
        )


_registry: dict[str, list[Predicate]] = {}


def rule(
    *rule_ids: str, on_part: bool = False, since: str | None = None, until: str | None = None
) -> Callable[[Callable[..., Verdict]], Callable[..., Verdict]]:
    """Register a predicate under its published id (or ids, when two say the same).

    ``on_part``: what it finds holds even if the rest of the learner was not pasted, because
    more data could not take the finding away. ``since`` and ``until`` (``"2025-26"``) are
    for a condition that was rewritten from one year to another; limits that merely changed
    belong in the catalogue's ``parameters``.
    """

    def register(function: Callable[..., Verdict]) -> Callable[..., Verdict]:
        parameters = list(inspect.signature(function).parameters.values())
        runs_on = _annotation(function, parameters[0].name) if parameters else None
        if not (isinstance(runs_on, type) and issubclass(runs_on, Entity)):
            raise TypeError(f"{function.__name__}: annotate the first parameter with an entity")
        for rule_id in rule_ids:
            predicate = Predicate(
                rule_id,
                function,
                runs_on,
                len(parameters) > 1,
                on_part,
                AcademicYear.parse(since) if since else None,
                AcademicYear.parse(until) if until else None,
            )
            _registry.setdefault(rule_id, []).append(predicate)
        return function

    return register


def _annotation(function: Callable[..., object], parameter: str) -> object:
    """What a parameter is annotated with. A plain name is looked up where the function stands:
    to have all annotations evaluated takes a tenth of a second for the rules of a year."""
    written = function.__annotations__.get(parameter)
    if isinstance(written, str) and written in function.__globals__:
        return function.__globals__[written]
    return get_type_hints(function).get(parameter)


@lru_cache(maxsize=1)
def predicates() -> dict[str, list[Predicate]]:
    """Every registered rule by id. Imports the family modules once."""
    families = importlib.import_module("bot.rules.families")
    for module in pkgutil.walk_packages(families.__path__, f"{families.__name__}."):
        importlib.import_module(module.name)
    return _registry


class Check:
    """What a rule may know besides the record."""

    __slots__ = ("_on", "_parameters", "_today", "reference", "specification", "year")

    def __init__(
        self,
        year: AcademicYear,
        on: date,
        specification: YearSpecification,
        today: date | None = None,
        reference: ReferenceData = NO_REFERENCE,
    ) -> None:
        self.year = year
        self._on = on
        self._today = today or date.today()
        self.specification = specification
        self.reference = reference
        """LARS and whatever else is held; asking for what is not raises CannotTell."""
        self._parameters: dict[str, Any] = {}

    @property
    def on(self) -> date:
        """The file preparation date, or the day of the check."""
        return noted("file date", self._on)

    @property
    def today(self) -> date:
        """The day of the check."""
        return noted("day of the check", self._today)

    def parameter(self, name: str) -> Any:
        """A limit of the running rule for this year, from its catalogue row."""
        return self._parameters[name]


@dataclass
class RunResult:
    """What running the rules over one record came to."""

    findings: list[RuleFinding] = field(default_factory=list)
    run: set[str] = field(default_factory=set)
    not_run: dict[str, str] = field(default_factory=dict)
    """Rule id → reason."""

    def reasons(self) -> dict[str, int]:
        """Reason → how many rules, most first."""
        return dict(Counter(self.not_run.values()).most_common())


NOT_WRITTEN = "not written yet"
BETWEEN_YEARS = "we don't hold its text for this year, and it changed around then"
RULE_FAILED = "the rule itself failed on a record, which is a mistake of ours: please report it"
MANY = 50
"""Entities of a kind from which on it is worth asking first whether a rule can tell anything."""


class Engine:
    """The rules of one year, ready to run. Build once, use for many learners."""

    def __init__(
        self,
        catalogue: Catalogue,
        specification: YearSpecification,
        *,
        only: str | None = None,
        reference: ReferenceData = NO_REFERENCE,
    ) -> None:
        self._start(specification, reference)
        for row in catalogue.rows.values():
            if only is not None and row.id != only:
                continue
            found = catalogue.in_year(row, self.year)
            if found is None:
                if catalogue.is_live(row, self.year):
                    self._never[row.id] = BETWEEN_YEARS
                continue
            if found.not_run and found.not_run != row.not_run:
                self._never[row.id] = found.not_run
                continue
            versions = predicates().get(row.id, [])
            predicate = next((p for p in versions if p.covers(self.year)), None)
            predicate = predicate or _from_specification(found, specification)
            missing = [need for need in found.needs if need not in reference.available]
            if found.needs and not missing:
                found = replace(found, partly=None)
            if predicate is not None and (not missing or found.partly):
                self._add(_as_it_is_run(found, specification), predicate)
            elif found.needs:
                self._never[row.id] = "needs " + " and ".join(missing or found.needs)
            else:
                self._never[row.id] = found.not_run or NOT_WRITTEN
        if only is None:
            self._add_lists_without_a_rule()

    @classmethod
    def of(
        cls,
        pairs: Iterable[tuple[Rule, Predicate]],
        never: Mapping[str, str],
        specification: YearSpecification,
    ) -> Engine:
        """An engine of rules that are not in the catalogue. ``never``: id → why it is not run."""
        engine = cls.__new__(cls)
        engine._start(specification)
        for found, predicate in pairs:
            engine._add(found, predicate)
        engine._never.update(never)
        return engine

    def _start(
        self, specification: YearSpecification, reference: ReferenceData = NO_REFERENCE
    ) -> None:
        self.reference = reference
        self.specification = specification
        self.year = specification.year
        self._by_kind: dict[str, list[tuple[Rule, Predicate]]] = {}
        self._never: dict[str, str] = {}
        self._unpublished: set[str] = set()
        """Ids of checks that are no published rule, and so are not counted as rules run."""
        self._failed: set[str] = set()

    def _add(self, found: Rule, predicate: Predicate) -> None:
        self._by_kind.setdefault(predicate.runs_on.name, []).append((found, predicate))

    def _add_lists_without_a_rule(self) -> None:
        """So that a code outside every list never passes in silence."""
        rules = self.rules
        listed = {found.checks_list for found in rules if found.checks_list}
        run = {found.id for found in rules}
        for found, entity_name, test in lists_without_a_rule(run, listed, self.specification):
            kind = ENTITIES[entity_name]
            field = _only_field(found.checks_list, self.specification)
            self._add(found, Predicate(found.id, test, kind, False, False, None, None, field))
            self._unpublished.add(found.id)

    @property
    def rules(self) -> list[Rule]:
        """The published rules this engine can run."""
        every = (found for pairs in self._by_kind.values() for found, _ in pairs)
        return [found for found in every if found.id not in self._unpublished]

    @cached_property
    def ids(self) -> frozenset[str]:
        """Ids of the published rules this engine can run."""
        return frozenset(found.id for found in self.rules)

    @property
    def never_run(self) -> dict[str, str]:
        """Rule id → why no record is checked against it."""
        return dict(self._never)

    def run(
        self, message: Message, on: date, *, today: date | None = None, part: Part = "all"
    ) -> RunResult:
        """Check everything in a message. Never raises for what the record holds.

        ``on``: the file preparation date. ``today``: the day of the check, by the clock when
        not given. ``part``: of a file that is read in pieces, run the rules on each learner
        ("learners") piece by piece, and those that look across the whole file ("across") once.
        """
        check = Check(self.year, on, self.specification, today, self.reference)
        result = RunResult(not_run=dict(self._never))
        whole = message.everything()
        fragment = Fragment(whole)
        everything: dict[str, list[Entity]] = {}
        for entity in whole:
            if entity.name in everything:
                everything[entity.name].append(entity)
            else:
                everything[entity.name] = [entity]
        fragment.hide_missing()
        try:
            for kind, rules in self._rules_by_kind.items():
                if part != "all" and (kind == Message.name) is not (part == "across"):
                    continue
                result.run |= rules.ids
                if entities := everything.get(kind):
                    self._run_on(entities, rules, check, fragment, result)
        finally:
            fragment.show_missing()
        result.run -= result.not_run.keys() | self._unpublished
        for unpublished in self._unpublished:
            result.not_run.pop(unpublished, None)
        return result

    @cached_property
    def _rules_by_kind(self) -> dict[str, _RulesOnKind]:
        return {kind: _rules_on(kind, pairs) for kind, pairs in self._by_kind.items()}

    def _run_on(
        self,
        entities: list[Entity],
        rules: _RulesOnKind,
        check: Check,
        fragment: Fragment,
        result: RunResult,
    ) -> None:
        """Run the rules on one kind of entity; of each entity those that may find something."""
        outcomes: list[_Outcome] = []
        all_of_them: list[tuple[int, Entity]] = []
        some: list[tuple[int, Entity, list[int]]] = []
        finds = self._finds(rules)
        for place, entity in enumerate(entities):
            numbers = rules.outlines.worth_running(entity, finds)
            if numbers is None:
                all_of_them.append((place, entity))
            elif numbers:
                some.append((place, entity, numbers))
        # Those that hold on a part together: to change what is shown takes its time.
        cut = rules.on_part if fragment else len(rules.pairs)
        for place, entity, numbers in some:
            before = numbers[: bisect_left(numbers, cut)] if fragment else numbers
            self._apply(rules, before, place, entity, check, outcomes)
        for number in range(cut) if all_of_them else ():
            self._apply_to_all(rules, number, all_of_them, check, outcomes)
        if fragment:
            fragment.show_missing()
            for place, entity, numbers in some:
                rest = numbers[bisect_left(numbers, cut) :]
                self._apply(rules, rest, place, entity, check, outcomes)
            for number in range(cut, len(rules.pairs)) if all_of_them else ():
                self._apply_to_all(rules, number, all_of_them, check, outcomes)
            fragment.hide_missing()
        for number, _, outcome in sorted(outcomes, key=_NUMBER_AND_PLACE):
            if isinstance(outcome, RuleFinding):
                result.findings.append(outcome)
            else:
                result.not_run[rules.pairs[number][0].id] = outcome

    def _finds(self, rules: _RulesOnKind) -> Callable[[int, Entity], bool]:
        """Whether a rule finds anything in an entity, whatever day it is."""
        # One for each run: it holds the parameters of the rule that is run, and threads share us.
        check = Check(self.year, UNKNOWN, self.specification, date.max, self.reference)
        check._today = UNKNOWN

        def finds(number: int, entity: Entity) -> bool:
            found, predicate = rules.pairs[number]
            check._parameters = found.parameters
            verdict = _verdict(predicate, entity, check)
            return bool(verdict) if isinstance(verdict, bool | Doubt) else bool(tuple(verdict))

        return finds

    def _apply_to_all(
        self,
        rules: _RulesOnKind,
        number: int,
        entities: list[tuple[int, Entity]],
        check: Check,
        outcomes: list[_Outcome],
    ) -> None:
        """Run one rule on entities, unless nothing of one was pasted."""
        found, predicate = rules.pairs[number]
        if len(entities) > MANY:
            check._parameters = found.parameters
            entities = _answerable(predicate, number, entities, check, outcomes)
        only = (number,)
        for place, entity in entities:
            if entity.partial and not predicate.on_part and not entity.raw and not entity.children:
                outcomes.append((number, place, NOT_PASTED))
            else:
                self._apply(rules, only, place, entity, check, outcomes)

    def _apply(
        self,
        rules: _RulesOnKind,
        numbers: Iterable[int],
        place: int,
        entity: Entity,
        check: Check,
        outcomes: list[_Outcome],
    ) -> None:
        """Run rules on an entity."""
        pairs = rules.pairs
        for number in numbers:
            found, predicate = pairs[number]
            try:
                if predicate.wants_check:
                    check._parameters = found.parameters
                    verdict = predicate.function(entity, check)
                else:
                    verdict = predicate.function(entity)
                if verdict is not False:  # nearly always it is, and more takes longer
                    for finding in self._found(found, predicate, verdict, entity, check):
                        outcomes.append((number, place, finding))
            except CannotTell as unknown:
                outcomes.append((number, place, unknown.reason))
            except Exception as error:  # noqa: BLE001 - one rule must not end the check of a file
                self._say_once(found, error)
                outcomes.append((number, place, RULE_FAILED))

    def _say_once(self, found: Rule, error: Exception) -> None:
        """Log where a rule failed, for the first record on which it did."""
        if found.id not in self._failed:
            self._failed.add(found.id)
            _log.error("a rule failed", extra={"rule": found.id, "where": places(error)})

    def _found(
        self, found: Rule, predicate: Predicate, verdict: Verdict, entity: Entity, check: Check
    ) -> list[RuleFinding]:
        """The findings of a verdict."""
        shown = found
        at_fault: Collection[Entity] = (entity,)
        if verdict is not True:  # to ask whether it is iterable takes longer
            if isinstance(verdict, Doubt):
                shown = in_doubt(found, verdict)
            elif isinstance(verdict, _SEVERAL):
                at_fault = _once(verdict)
            elif not verdict:
                return []
        if not at_fault:
            return []
        seen = _traced(predicate, entity, check)
        return [self._finding(shown, at, seen) for at in at_fault]

    def _finding(self, found: Rule, entity: Entity, seen: dict[str, str]) -> RuleFinding:
        aim = aim_of(entity) if self.reference.has_lars else None
        details = details_of(aim, self.reference.lars) if aim else None
        decided = seen | days_apart(found, entity)
        return RuleFinding(found, entity, values_of(found, entity), details, decided)


_Outcome = tuple[int, int, RuleFinding | str]
"""The rule's number, the entity's place, and what was found, or why nothing could be told."""
_NUMBER_AND_PLACE = itemgetter(0, 1)


@dataclass(frozen=True)
class _RulesOnKind:
    """The rules on one kind of entity, those that hold on a part of it last."""

    pairs: list[tuple[Rule, Predicate]]
    on_part: int
    """The number of the first that holds on a part."""
    ids: frozenset[str]
    outlines: Outlines


def _rules_on(kind: str, pairs: list[tuple[Rule, Predicate]]) -> _RulesOnKind:
    ordered = sorted(pairs, key=lambda pair: pair[1].on_part)
    fields: dict[str, FieldTests] = {}
    for number, (_, predicate) in enumerate(ordered):
        if (spec := predicate.on_one_field) is not None:
            tests = fields.setdefault(spec.name, FieldTests(spec.name, spec.may_be_remembered))
            tests.numbers.append(number)
    return _RulesOnKind(
        ordered,
        sum(not predicate.on_part for _, predicate in ordered),
        frozenset(found.id for found, _ in ordered),
        Outlines(ENTITIES[kind], len(ordered), fields),
    )


def _verdict(predicate: Predicate, entity: Entity, check: Check) -> Verdict:
    return predicate.function(entity, *((check,) if predicate.wants_check else ()))


def _answerable(
    predicate: Predicate,
    number: int,
    entities: list[tuple[int, Entity]],
    check: Check,
    outcomes: list[_Outcome],
) -> list[tuple[int, Entity]]:
    """Without those of which the rule can tell nothing, for what they lack; that is noted."""
    more = (check,) if predicate.wants_check else ()
    left_out = set()
    for kind in {type(entity) for _, entity in entities}:
        reason = reason_for_all(kind, predicate.function, *more)
        if reason is not None:
            left_out.add(kind)
            outcomes.append((number, -1, reason))
    return [one for one in entities if type(one[1]) not in left_out] if left_out else entities


def _from_specification(found: Rule, specification: YearSpecification) -> Predicate | None:
    """The predicate of a rule that the year's specification decides: a limit, or a code list."""
    limit = field_definition(found.id, found.fields, specification)
    named = found.fields[0] if limit else found.checks_list
    made = limit or code_list(found.checks_list, specification)
    if made is None:
        return None
    entity_name, function = made
    counts_parts = found.id.endswith("_EO")
    return Predicate(
        found.id, function, ENTITIES[entity_name], False, counts_parts, None, None,
        None if counts_parts else _only_field(named, specification),
    )  # fmt: skip


def _only_field(name: str | None, specification: YearSpecification) -> FieldSpec | None:
    """The field of this name, unless another one goes with it, as a code with its type."""
    spec = specification.field(*(name or "").split("."))
    return None if spec.types else spec


def _as_it_is_run(found: Rule, specification: YearSpecification) -> Rule:
    """With what is said of a rule whose list may lack codes, unless its row says it."""
    if (
        found.checks_list is None
        or found.partly
        or not may_lack_codes(found.checks_list, specification)
    ):
        return found
    return replace(found, partly=ONLY_A_CHECK)


_SEVERAL = (GeneratorType, list, tuple, Iterable)
"""What a rule answers with, where it finds several; to ask for the last of these takes longest."""


def _once(verdict: Iterable[Entity]) -> Collection[Entity]:
    """The entities, each of them once, in order."""
    found = tuple(verdict)
    return found if len(found) < 2 else {id(entity): entity for entity in found}.values()


def _traced(predicate: Predicate, entity: Entity, check: Check) -> dict[str, str]:
    """Ask a rule that found something once more, for what it worked out on the way."""
    if predicate.rule_id not in _registry:
        return {}
    function = predicate.function
    with traced() as seen:
        verdict = function(entity, check) if predicate.wants_check else function(entity)
        if not isinstance(verdict, bool | Doubt):
            tuple(verdict)
    return decided_by(seen)
