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
import pkgutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Any, Literal, get_type_hints

from bot.ilr.absent import NOT_PASTED, CannotTell
from bot.ilr.fragment import Fragment, reason_for_all
from bot.ilr.record import ENTITIES, Entity, Message
from bot.ilr.specification import YearSpecification
from bot.rules.catalogue import Catalogue, Rule
from bot.rules.code_lists import ONLY_A_CHECK, code_list, lists_without_a_rule, may_lack_codes
from bot.rules.doubt import Doubt, in_doubt
from bot.rules.families.field_definition import field_definition
from bot.rules.findings import RuleFinding, aim_of, values_of
from bot.rules.reference.data import NO_REFERENCE, ReferenceData
from bot.rules.reference.describe import details_of
from bot.rules.tracing import days_apart, decided_by, note, traced
from bot.years import AcademicYear

__all__ = ["Check", "Engine", "Predicate", "RuleFinding", "RunResult", "predicates", "rule"]

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
        hints = get_type_hints(function)
        runs_on = hints.get(parameters[0].name) if parameters else None
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


@lru_cache(maxsize=1)
def predicates() -> dict[str, list[Predicate]]:
    """Every registered rule by id. Imports the family modules once."""
    families = importlib.import_module("bot.rules.families")
    for module in pkgutil.walk_packages(families.__path__, f"{families.__name__}."):
        importlib.import_module(module.name)
    return _registry


class Check:
    """What a rule may know besides the record."""

    __slots__ = ("_parameters", "on", "reference", "specification", "today", "year")

    def __init__(
        self,
        year: AcademicYear,
        on: date,
        specification: YearSpecification,
        today: date | None = None,
        reference: ReferenceData = NO_REFERENCE,
    ) -> None:
        self.year = year
        self.on = on
        """The file preparation date, or the day of the check."""
        self.today = today or date.today()
        """The day of the check."""
        self.specification = specification
        self.reference = reference
        """LARS and whatever else is held; asking for what is not raises CannotTell."""
        self._parameters: dict[str, Any] = {}

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

    def _add(self, found: Rule, predicate: Predicate) -> None:
        self._by_kind.setdefault(predicate.runs_on.name, []).append((found, predicate))

    def _add_lists_without_a_rule(self) -> None:
        """So that a code outside every list never passes in silence."""
        rules = self.rules
        listed = {found.checks_list for found in rules if found.checks_list}
        run = {found.id for found in rules}
        for found, entity_name, test in lists_without_a_rule(run, listed, self.specification):
            kind = ENTITIES[entity_name]
            self._add(found, Predicate(found.id, test, kind, False, False, None, None))
            self._unpublished.add(found.id)

    @property
    def rules(self) -> list[Rule]:
        """The published rules this engine can run."""
        every = (found for pairs in self._by_kind.values() for found, _ in pairs)
        return [found for found in every if found.id not in self._unpublished]

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
        fragment = Fragment(message)
        everything: dict[str, list[Entity]] = {}
        for entity in message.walk():
            everything.setdefault(entity.name, []).append(entity)
        fragment.hide_missing()
        try:
            for kind, pairs in self._by_kind.items():
                if part != "all" and (kind == Message.name) is not (part == "across"):
                    continue
                entities = everything.get(kind, [])
                if not entities:
                    result.run.update(found.id for found, _ in pairs)
                    continue
                for found, predicate in pairs:
                    if not predicate.on_part:
                        self._apply(found, predicate, entities, check, result)
                # Those that hold on a part together: to change what is shown takes its time.
                fragment.show_missing()
                for found, predicate in pairs:
                    if predicate.on_part:
                        self._apply(found, predicate, entities, check, result)
                fragment.hide_missing()
        finally:
            fragment.show_missing()
        result.run -= result.not_run.keys() | self._unpublished
        for unpublished in self._unpublished:
            result.not_run.pop(unpublished, None)
        return result

    def _apply(
        self,
        found: Rule,
        predicate: Predicate,
        entities: list[Entity],
        check: Check,
        result: RunResult,
    ) -> None:
        check._parameters = found.parameters
        result.run.add(found.id)
        function, wants_check = predicate.function, predicate.wants_check
        if len(entities) > MANY:
            entities = self._answerable(found, predicate, entities, check, result)
        for entity in entities:
            if entity.partial and not predicate.on_part and not entity.raw and not entity.children:
                result.not_run[found.id] = NOT_PASTED
                continue
            try:
                verdict = function(entity, check) if wants_check else function(entity)
                if verdict is False:  # nearly always, and asking for its type takes longer
                    continue
                at_fault: tuple[Entity, ...] = (entity,) if verdict else ()
                shown = in_doubt(found, verdict) if isinstance(verdict, Doubt) else found
                if isinstance(verdict, Iterable):
                    at_fault = tuple(_once(verdict))
                if at_fault:
                    seen = _traced(predicate, entity, check)
                    result.findings += [self._finding(shown, at, seen) for at in at_fault]
            except CannotTell as unknown:
                result.not_run[found.id] = unknown.reason

    def _finding(self, found: Rule, entity: Entity, seen: dict[str, str]) -> RuleFinding:
        aim = aim_of(entity) if self.reference.has_lars else None
        details = details_of(aim, self.reference.lars) if aim else None
        decided = seen | days_apart(found, entity)
        return RuleFinding(found, entity, values_of(found, entity), details, decided)

    def _answerable(
        self,
        found: Rule,
        predicate: Predicate,
        entities: list[Entity],
        check: Check,
        result: RunResult,
    ) -> list[Entity]:
        """Without those of which the rule can tell nothing, for what they lack; that is noted."""
        more = (check,) if predicate.wants_check else ()
        left_out = set()
        for kind in {type(entity) for entity in entities}:
            reason = reason_for_all(kind, predicate.function, *more)
            if reason is not None:
                left_out.add(kind)
                result.not_run[found.id] = reason
        return [one for one in entities if type(one) not in left_out] if left_out else entities


def _from_specification(found: Rule, specification: YearSpecification) -> Predicate | None:
    """The predicate of a rule that the year's specification decides: a limit, or a code list."""
    made = field_definition(found.id, found.fields, specification) or code_list(
        found.checks_list, specification
    )
    if made is None:
        return None
    entity_name, function = made
    kind = ENTITIES[entity_name]
    return Predicate(found.id, function, kind, False, found.id.endswith("_EO"), None, None)


def _as_it_is_run(found: Rule, specification: YearSpecification) -> Rule:
    """With what is said of a rule whose list may lack codes, unless its row says it."""
    if (
        found.checks_list is None
        or found.partly
        or not may_lack_codes(found.checks_list, specification)
    ):
        return found
    return replace(found, partly=ONLY_A_CHECK)


def _once(verdict: Iterable[Entity]) -> Iterator[Entity]:
    seen: set[int] = set()
    for entity in verdict:
        if id(entity) not in seen:
            seen.add(id(entity))
            yield entity


def _traced(predicate: Predicate, entity: Entity, check: Check) -> dict[str, str]:
    """Ask a rule that found something once more, for what it worked out on the way."""
    if predicate.rule_id not in _registry:
        return {}
    function = predicate.function
    with traced() as seen:
        verdict = function(entity, check) if predicate.wants_check else function(entity)
        if not isinstance(verdict, bool | Doubt):
            tuple(verdict)
        if predicate.wants_check and "on" in function.__code__.co_names:
            note("file date", check.on)
    return decided_by(seen)
