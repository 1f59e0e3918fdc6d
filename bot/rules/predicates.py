"""What a rule's code looks like, and the register of all of it.

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
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar, get_type_hints

from bot.ilr.record import Entity, Learner
from bot.ilr.specification import FieldSpec, YearSpecification
from bot.rules.doubt import Doubt
from bot.rules.reference.data import NO_REFERENCE, ReferenceData
from bot.rules.tracing import noted
from bot.rules.unknown import UNKNOWN
from bot.years import AcademicYear

__all__ = ["Check", "Predicate", "Verdict", "is_registered", "predicates", "rule"]

T = TypeVar("T")
Verdict = bool | Doubt | Iterable[Entity]


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


def is_registered(rule_id: str) -> bool:
    """Whether a rule has code of its own, and is not decided by the specification or a row."""
    return rule_id in _registry


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

    __slots__ = (
        "_learner", "_of_learner", "_on", "_today",
        "parameters", "reference", "specification", "year",
    )  # fmt: skip

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
        self.parameters: Mapping[str, Any] = {}
        """Those of the rule that is run."""
        self._learner: Learner | None = None
        self._of_learner: dict[Callable[[Learner], Any], Any] = {}

    @property
    def on(self) -> date:
        """The file preparation date, or the day of the check."""
        return noted("file date", self._on)

    @property
    def today(self) -> date:
        """The day of the check."""
        return noted("day of the check", self._today)

    @classmethod
    def of_no_day(cls, check: Check) -> Check:
        """The same, but that nobody knows which day it is."""
        other = cls(check.year, UNKNOWN, check.specification, date.max, check.reference)
        other._today = UNKNOWN
        return other

    def of_learner(self, learner: Learner, work_out: Callable[[Learner], T]) -> T:
        """What is worked out of a learner, once for all of its aims, whose turn it is one after the
        other. For what notes nothing (``bot.rules.tracing``), since it would note it once."""
        if learner is not self._learner:
            self._learner, self._of_learner = learner, {}
        known = self._of_learner
        if work_out not in known:
            known[work_out] = work_out(learner)
        found: T = known[work_out]
        return found

    def parameter(self, name: str) -> Any:
        """A limit of the running rule for this year, from its catalogue row."""
        return self.parameters[name]
