"""Which rules can find nothing in an entity, told from its outline alone.

Most rules ask first for the funding model, the programme type, a FAM type or whether a field was
returned, and are done: they come to the same for every aim that is alike in these. The outline of
an entity is just that: which fields it has, the values of a few coded ones, and the same of its
parts. A rule is put to an entity that has nothing but the outline; if it comes to an end without
asking for more, and finds nothing, it finds nothing in any entity of that outline, and is not run
on the next one. Nor is one that can tell nothing of it, as most can not of a row without columns:
its reason is the same each time. What a rule does is never looked into, so that rules are written
as if none of this existed.

Of an aim's reference an outline shows besides whether it could be a class code, which is what most
rules ask of it, and whether LARS lists it; of a ULN, whether it is the temporary one; and which
provider the file is of. What is left of the rules on an aim asks most often for its start, its
planned end or its reference, which the aims of a cohort share: of an outline with one of these as
well, with both days, or with all three, seen often enough, it is told in the same way.

A rule on one field alone (a limit, a code list) is remembered by the field's text in the same way.
Nothing that could say who somebody is becomes part of an outline or is remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from bot.ilr.absent import CannotTell
from bot.ilr.record import Entity
from bot.rules.unknown import AskedForReference
from bot.rules.views import REFERENCE, VIEWS, Above, IsListed, View, key_of, outline_of

__all__ = ["FieldTests", "Outlines", "Untold"]

MAX_OUTLINES = 4_000
"""Of one kind that are remembered; then it is begun anew."""
MAX_TEXTS = 2_000
"""Texts of one field that are remembered."""
MAX_VALUES = 16_000
"""Outlines with the values of shared fields that are remembered."""
OFTEN = 4
"""How often an outline with a value is met before it is worth asking what the value settles."""

Finds = Callable[[int, Entity], bool]
"""Whether the rule of this number finds anything in an entity. It may raise anything."""
Untold = tuple[tuple[int, str], ...]
"""Numbers of rules that can tell nothing of an entity, each with its reason."""


@dataclass
class FieldTests:
    """Rules on one field alone, by number, and what they came to for the texts seen so far."""

    name: str
    remembers: bool
    is_plain: Callable[[str], bool] | None = None
    """Whether a text is so plainly right that no limit of the field's is passed."""
    limits: list[int] = field(default_factory=list)
    """Numbers of the rules on these limits."""
    others: list[int] = field(default_factory=list)
    """Numbers of the other rules on the field."""
    known: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """Text → numbers of the rules that may find something in it."""

    met: set[str] = field(default_factory=set)
    """Texts that were met once. Of a text that stays the only one, to learn is dearer than to run
    the rules."""

    @property
    def numbers(self) -> list[int]:
        """Numbers of all of them."""
        return self.limits + self.others

    def learn(self, text: str, entity: Entity, finds: Finds) -> Collection[int]:
        """The same of the text that an entity has in the field, remembered when it is met again."""
        if text not in self.met:
            if len(self.met) >= MAX_TEXTS:
                self.met.clear()
            self.met.add(text)
            return self.others if self.is_plain and self.is_plain(text) else self.numbers
        if len(self.known) >= MAX_TEXTS:
            self.known.clear()
        self.known[text] = found = tuple(
            n for n in self.numbers if not _finds_nothing(finds, n, entity)
        )
        return found


def _may_find(finds: Finds, number: int, entity: Entity) -> bool | None:
    """Whether a rule may find something in an entity; None where the aim's reference tells."""
    try:
        return finds(number, entity)
    except AskedForReference:
        return None
    except Exception:  # noqa: BLE001 - as below
        return True


def _finds_nothing(finds: Finds, number: int, entity: Entity) -> bool:
    return _outcome(finds, number, entity) is False


def _outcome(finds: Finds, number: int, entity: Entity) -> bool | str:
    """Whether a rule may find something in an entity, or why it can tell nothing."""
    try:
        return finds(number, entity)
    except CannotTell as unknown:
        return unknown.reason
    except Exception:  # noqa: BLE001 - it asked for more, or for nothing that can be used
        return True


_LeftOf = dict[Hashable, frozenset[int] | int]
"""Value → numbers of the rules that may find something, or how often it was met so far."""


@dataclass(frozen=True, slots=True)
class _Left:
    """What is left of an outline with the values of several fields."""

    numbers: frozenset[int]
    """Of the rules that may find something."""
    asking: frozenset[int]
    """Those of them that ask for the aim's reference."""
    of: _LeftOf = field(default_factory=dict)
    """What that settles."""


@dataclass(frozen=True, slots=True)
class _Together:
    """What the values of several fields settle together."""

    names: tuple[str, ...]
    of: Callable[[Mapping[str, Any]], Hashable]
    """The values, of all that an entity holds."""
    left: dict[Hashable, _Left | int] = field(default_factory=dict)
    """What is left, or how often the values were met so far."""


@dataclass(frozen=True, slots=True)
class _Worth:
    """What is worth running on the entities of an outline."""

    numbers: frozenset[int]
    untold: Untold
    fields: tuple[tuple[str, dict[str, tuple[int, ...]], FieldTests], ...]
    """Fields whose texts are remembered, with what is known of these, and the tests themselves;
    those of other fields are among the numbers."""
    limited: tuple[tuple[str, Callable[[str], bool], list[int]], ...]
    """Fields whose texts are not, with how a text is plainly right, and the rules that this
    settles, which are not among the numbers."""
    shared: tuple[tuple[str, _LeftOf], ...]
    """Fields that are looked at one at a time, with what they settle."""
    together: _Together | None
    """The fields that are looked at together."""


class Outlines:
    """What is known of the outlines of one kind of entity.

    ``rules``: the numbers of those that are looked at. ``on_one_field``: those of them that ask for
    one field's text and nothing else, by the field's name.
    """

    def __init__(
        self,
        kind: type[Entity],
        rules: range,
        on_one_field: Mapping[str, FieldTests],
        is_listed: IsListed,
    ) -> None:
        self._view = VIEWS.get(kind.name, View(kind))
        self._rules = rules
        self._on_one_field = on_one_field
        self._is_listed = is_listed
        self._known: dict[Hashable, _Worth | None] = {}
        self._sets: dict[frozenset[int], frozenset[int]] = {}
        """One of each set of numbers, of which there are few."""
        self._values = 0

    def worth_running(
        self,
        entity: Entity,
        finds: Finds,
        untold: list[Untold] | None = None,
        above: Above = None,
    ) -> Collection[int] | None:
        """Numbers of the rules that may find something; None for all of them.

        ``untold``: where those are added that can tell nothing, if there are any; without it they
        are in no answer. The first entity of an outline has every rule run: it may stay the only
        one.
        """
        key = key_of(entity, self._view, above, self._is_listed)
        if key is None:
            return None
        worth = self._known.get(key)
        if worth is None:
            if key not in self._known:
                if len(self._known) >= MAX_OUTLINES:
                    self._known.clear()
                self._known[key] = None
                return None
            worth = self._known[key] = self._worth(entity, finds, above)
        if untold is not None and worth.untold:
            untold.append(worth.untold)
        numbers: Collection[int] = worth.numbers
        if (together := worth.together) is not None:
            left = together.left.get(together.of(entity.__dict__))
            # Nearly always that is known, and then the fields need not be looked at one at a time.
            if type(left) is not _Left:
                numbers = self._left(worth, together, entity, finds, above)
            elif left.asking:
                numbers = self._left_of_reference(left, together, entity, finds, above)
            else:
                numbers = left.numbers
        more: list[int] = []
        texts = entity.texts
        for name, known, tests in worth.fields:
            text = texts[name]
            found: Collection[int] | None = known.get(text)
            if found is None:
                found = tests.learn(text, entity, finds)
            if found:
                more += found
        for name, is_plain, limits in worth.limited:
            if not is_plain(texts[name]):
                more += limits
        return (*numbers, *more) if more else numbers

    def _left(
        self, worth: _Worth, together: _Together, entity: Entity, finds: Finds, above: Above
    ) -> frozenset[int]:
        """Those of an outline's numbers that may find something, for the values of fields."""
        of_days = of_reference = worth.numbers
        for name, left in worth.shared:
            found = self._left_of(left, (name,), worth.numbers, entity, finds, above)
            if name == REFERENCE:
                of_reference = found
            else:
                of_days &= found
        values = together.of(vars(entity))
        met = together.left.get(values, 0)
        if isinstance(met, int) and not self._is_seldom(together.left, values, met):
            outline = outline_of(entity, self._view, above, self._is_listed, *together.names)
            # Of any reference, so that what this one settles is left out of it.
            outcomes = {n: _may_find(finds, n, outline) for n in of_days}
            may_find = [n for n, outcome in outcomes.items() if outcome is not False]
            # What asked for it of a part of the entity is not settled by its own.
            asking = [n for n in may_find if outcomes[n] is None and REFERENCE in vars(entity)]
            together.left[values] = _Left(self._one(may_find), self._one(asking))
        return of_days & of_reference

    def _left_of_reference(
        self, left: _Left, together: _Together, entity: Entity, finds: Finds, above: Above
    ) -> frozenset[int]:
        """Those that may find something, for the reference as well as the other values."""
        known = left.of.get(entity.__dict__[REFERENCE])
        if type(known) is frozenset:
            return known
        names = *together.names, REFERENCE
        return self._left_of(left.of, names, left.numbers, entity, finds, above)

    def _left_of(
        self,
        left: _LeftOf,
        names: tuple[str, ...],
        numbers: frozenset[int],
        entity: Entity,
        finds: Finds,
        above: Above,
    ) -> frozenset[int]:
        """Those of the numbers that may find something, for the values of some fields, remembered
        by that of the last; all of them while that is not known."""
        value = vars(entity)[names[-1]]
        known = left.get(value, 0)
        if isinstance(known, frozenset):
            return known
        if self._is_seldom(left, value, known):
            return numbers
        outline = outline_of(entity, self._view, above, self._is_listed, *names)
        found = self._one(n for n in numbers if not _finds_nothing(finds, n, outline))
        left[value] = found
        return found

    def _is_seldom(self, left: dict[Hashable, Any], values: Hashable, met: int) -> bool:
        """Whether values were not met often enough; that they were met again is noted."""
        if met == 0:
            self._values += 1
            if self._values > MAX_VALUES:
                self._forget_values()
        if met < OFTEN:
            left[values] = met + 1
        return met < OFTEN

    def _one(self, numbers: Iterable[int]) -> frozenset[int]:
        found = frozenset(numbers)
        return self._sets.setdefault(found, found)

    def _forget_values(self) -> None:
        self._values = 1
        self._sets.clear()
        for worth in self._known.values():
            if worth is None:
                continue
            for _, left in worth.shared:
                left.clear()
            if worth.together:
                worth.together.left.clear()

    def _worth(self, entity: Entity, finds: Finds, above: Above) -> _Worth:
        held, view = vars(entity), self._view
        fields = [tests for name, tests in self._on_one_field.items() if name in held]
        # The outline has the texts of some fields, and so tells all of them.
        fields = [tests for tests in fields if tests.name not in view.values]
        remembered = [one for one in fields if one.remembers]
        limited = [one for one in fields if one.is_plain and not one.remembers]
        elsewhere = {number for tests in remembered for number in tests.numbers}
        elsewhere |= {number for tests in limited for number in tests.limits}
        outline = outline_of(entity, view, above, self._is_listed)
        outcomes = {
            number: _outcome(finds, number, outline)
            for number in self._rules
            if number not in elsewhere
        }
        together = [name for name in view.together if name in held]
        return _Worth(
            frozenset(number for number, outcome in outcomes.items() if outcome is True),
            tuple((n, outcome) for n, outcome in outcomes.items() if isinstance(outcome, str)),
            tuple((tests.name, tests.known, tests) for tests in remembered),
            tuple((one.name, one.is_plain, one.limits) for one in limited if one.is_plain),
            tuple((name, {}) for name in view.shared if name in held),
            _Together(tuple(together), itemgetter(*together)) if together else None,
        )
