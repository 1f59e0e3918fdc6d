"""Which rules are run in a year, and what running them over a record comes to.

How a rule is written is said in ``bot.rules.predicates``, how it is run in ``bot.rules.running``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property, lru_cache
from itertools import chain
from typing import Literal

from bot.ilr.fragment import Fragment
from bot.ilr.record import ENTITIES, Aim, LearningProvider, Message
from bot.ilr.specification import FieldSpec, YearSpecification
from bot.rules.catalogue import Catalogue, Rule
from bot.rules.code_lists import ONLY_A_CHECK, code_list, lists_without_a_rule, may_lack_codes
from bot.rules.families.field_definition import field_definition
from bot.rules.findings import RuleFinding
from bot.rules.predicates import Check, Predicate, predicates, rule
from bot.rules.reference.data import NO_REFERENCE, ReferenceData
from bot.rules.running import RULE_FAILED, RulesOnKind, Run, RunResult, rules_on

__all__ = [
    "RULE_FAILED",
    "Check",
    "Engine",
    "Predicate",
    "RuleFinding",
    "RunResult",
    "predicates",
    "rule",
]

Part = Literal["all", "learners", "across"]


NOT_WRITTEN = "not written yet"
BETWEEN_YEARS = "we don't hold its text for this year, and it changed around then"


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
            missing: list[str] = [n for n in found.needs if n not in reference.available]
            missing += reference.lars_lacks(found.lars)
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
        self._parts: dict[Part, frozenset[str]] = {}

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
        result = RunResult()
        everything = message.by_kind()
        fragment = Fragment(chain.from_iterable(everything.values()))
        providers = message.children.get(LearningProvider.name, ())
        if self.reference.has_lars and (aims := everything.get(Aim.name)):
            self.reference.lars.missing.look_up([aim.shown("LearnAimRef") for aim in aims])
        run = Run(check, fragment, result, self._failed, providers)
        fragment.hide_missing()
        try:
            for kind, rules in self._rules_by_kind.items():
                if _is_run(kind, part) and (entities := everything.get(kind)):
                    run.on_kind(rules, entities)
        finally:
            fragment.show_missing()
        for unpublished in self._unpublished.intersection(result.not_run):
            del result.not_run[unpublished]
        ids = self._run_on_part(part)
        result.run = _without(ids, ids.intersection(result.not_run))
        result.not_run = self._never | result.not_run
        return result

    def _run_on_part(self, part: Part) -> frozenset[str]:
        """Ids of the published rules that are run on a part of a file."""
        if part not in self._parts:
            ids = (
                found.id
                for kind, pairs in self._by_kind.items()
                for found, _ in pairs
                if _is_run(kind, part)
            )
            self._parts[part] = frozenset(ids) - self._unpublished
        return self._parts[part]

    @cached_property
    def _rules_by_kind(self) -> dict[str, RulesOnKind]:
        held = self.specification, self.reference
        return {kind: rules_on(kind, pairs, *held) for kind, pairs in self._by_kind.items()}


@lru_cache(maxsize=64)
def _without(run: frozenset[str], left: frozenset[str]) -> frozenset[str]:
    """Ids without those of which nothing could be told: one record lacks what others lack."""
    return run - left if left else run


def _is_run(kind: str, part: Part) -> bool:
    """Whether rules on a kind of entity are run on a part of a file."""
    return part == "all" or (kind == Message.name) is (part == "across")


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
