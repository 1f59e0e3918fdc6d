"""Which rules can find nothing in an entity, told from its outline alone.

Most rules ask first for the funding model, the programme type, a FAM type or whether a field was
returned, and are done: they come to the same for every aim that is alike in these. The outline of
an entity is just that: which fields it has, the values of a few coded ones, and the same of its
parts. A rule is put to an entity that has nothing but the outline; if it comes to an end without
asking for more, and finds nothing, it finds nothing in any entity of that outline, and is not run
on the next one. Nor is one that can tell nothing of it, as most can not of a row without columns:
its reason is the same each time. What a rule does is never looked into, so that rules are written
as if none of this existed.

What is left of the rules on an aim asks most often for its start or its reference, which many aims
share: of an outline with one of these as well, seen often enough, it is told in the same way.

A rule on one field alone (a limit, a code list) is remembered by the field's text in the same way.
Nothing that could say who somebody is becomes part of an outline or is remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NoReturn

from bot.ilr.absent import CannotTell
from bot.ilr.record import (
    Aim,
    AimFAM,
    EmploymentMonitoring,
    EmploymentStatus,
    Entity,
    FinanceRecord,
    HoursRecord,
    Learner,
    LearnerFAM,
    Placement,
)

__all__ = ["UNKNOWN", "FieldTests", "Outlines", "Untold", "View"]

MAX_OUTLINES = 4_000
"""Of one kind that are remembered; then it is begun anew."""
MAX_TEXTS = 2_000
"""Texts of one field that are remembered."""
MAX_VALUES = 8_000
"""Outlines with a value of one field that are remembered."""
OFTEN = 4
"""How often an outline with a value is met before it is worth asking what the value settles."""
MAX_PARTS = 60
"""Parts that an outline is taken of; an aim with more of them is not like any other."""

Finds = Callable[[int, Entity], bool]
"""Whether the rule of this number finds anything in an entity. It may raise anything."""
Untold = tuple[tuple[int, str], ...]
"""Numbers of rules that can tell nothing of an entity, each with its reason."""


@dataclass(frozen=True)
class View:
    """What an outline shows: the fields whose values it has, and the parts that are in it. Of
    all other fields and parts it shows only whether there are any."""

    kind: type[Entity]
    values: tuple[str, ...] = ()
    """By their texts, of which the values are made."""
    parts: tuple[View, ...] = ()
    shared: tuple[str, ...] = ()
    """Fields of which many entities have the same value: shown one at a time, to fewer rules."""


_VIEWS = {
    view.kind.name: view
    for view in (
        View(
            Aim,
            ("AimType", "FundModel", "ProgType", "CompStatus", "Outcome"),
            (
                View(AimFAM, ("LearnDelFAMType", "LearnDelFAMCode")),
                View(HoursRecord, ("HRSType", "HRSCode")),
                View(FinanceRecord, ("AFinType", "AFinCode")),
                View(Placement),
            ),
            ("LearnStartDate", "LearnAimRef"),
        ),
        # Less of each aim than above: learners whose aims are alike in all of it are few.
        View(
            Learner,
            parts=(
                View(Aim, ("AimType", "FundModel", "ProgType")),
                View(LearnerFAM, ("LearnFAMType",)),
            ),
        ),
        View(AimFAM, ("LearnDelFAMType", "LearnDelFAMCode")),
        View(HoursRecord, ("HRSType", "HRSCode")),
        View(FinanceRecord, ("AFinType", "AFinCode")),
        View(LearnerFAM, ("LearnFAMType", "LearnFAMCode")),
        View(EmploymentStatus, ("EmpStat",)),
        View(EmploymentMonitoring, ("ESMType", "ESMCode")),
    )
}


class _AskedForMore(Exception):  # noqa: N818 - it is an outcome, not an error
    """A rule asked an outline for something that differs from entity to entity."""


def _ask(*_: object) -> NoReturn:
    raise _AskedForMore


class _Unknown:
    """A value that is there, but not known. Whatever is done with it but ``is`` raises."""

    __slots__ = ()
    __getattribute__ = __bool__ = __str__ = __repr__ = __format__ = __hash__ = _ask
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _ask
    __len__ = __iter__ = __getitem__ = __contains__ = __call__ = _ask
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _ask


UNKNOWN: Any = _Unknown()
"""Stands for a value that an outline does not show."""


class _Fields:
    """The fields as typed, of which only is known which have a value, and the texts of a few;
    ``pasted``: and which of them are there at all, where that is known too."""

    def __init__(
        self, present: frozenset[str], shown: Mapping[str, str], pasted: Collection[str] | None
    ) -> None:
        self._present = present
        self._shown = shown
        self._pasted = pasted

    def get(self, name: str, default: object = None) -> Any:
        """A blank field reads as one that is not there."""
        if name in self._shown:
            return self._shown[name]
        return UNKNOWN if name in self._present else default

    def __contains__(self, name: str) -> bool:
        if name in self._present:
            return True
        if self._pasted is None:
            raise _AskedForMore  # it may be there, and blank
        return name in self._pasted


_OWN = frozenset(vars(Entity(None)))
"""What every entity has besides its fields."""


def _outline(entity: Entity, view: View, parent: Any) -> Entity:
    """An entity of the same class that has nothing but the outline."""
    kind = type(entity)
    shown = kind.__new__(kind)
    shown.parent, shown.line = parent, UNKNOWN
    shown.partial, shown.blank = entity.partial, entity.blank
    names = vars(entity).keys() - _OWN
    for name in names:
        setattr(shown, name, getattr(entity, name) if name in view.values else UNKNOWN)
    pasted = frozenset(entity.texts) if _is_odd(entity, view) else None
    # What could not be read has a text as well.
    present = names if pasted is None else {n for n, text in entity.texts.items() if text.strip()}
    texts = {name: entity.texts[name] for name in view.values if name in names}
    shown.texts = _Fields(frozenset(present), texts, pasted)  # type: ignore[assignment]
    shown.lines = _Fields(frozenset(present), {}, pasted)  # type: ignore[assignment]
    shown.children = dict.fromkeys(entity.children, UNKNOWN)
    for part in _parts(kind, view):
        if found := entity.children.get(part.kind.name):
            shown.children[part.kind.name] = [_outline(one, part, shown) for one in found]
    return shown


def _is_odd(entity: Entity, view: View) -> bool:
    """Whether a part of it was not pasted, or a value not read: rules may ask for what it hides."""
    return type(entity) is not view.kind or entity.partial


def _parts(kind: type[Entity], view: View) -> tuple[View, ...]:
    """The parts that an outline shows: none of a class that hides them."""
    hidden = view.parts and _hides_parts(kind)  # type: ignore[arg-type]  # a class is hashable
    return () if hidden else view.parts


@lru_cache(maxsize=1024)
def _hides_parts(kind: type[Entity]) -> bool:
    return any("of" in vars(base) for base in kind.__mro__ if base is not Entity)


def _key(entity: Entity, view: View) -> Hashable:
    """What is the same for entities of one outline; None for one that has none.

    What an entity hides is its class's.
    """
    children, texts = entity.children, entity.texts
    is_odd = type(entity) is not view.kind or entity.partial
    key: tuple[Hashable, ...] = (*entity.__dict__, *map(texts.get, view.values))
    if children:
        key = (key, *children)
        for part in _parts(type(entity), view) if is_odd else view.parts:
            found = children.get(part.kind.name)
            if found is None:
                continue
            if len(found) > MAX_PARTS:
                return None
            keys = tuple([_key(one, part) for one in found])
            if None in keys:
                return None
            key = (*key, keys)
    if is_odd:
        if not texts and not children:
            return None  # nothing of it was pasted, which is said of it otherwise
        return key, type(entity), entity.partial, entity.blank, tuple(texts)
    return key


@dataclass
class FieldTests:
    """Rules on one field alone, by number, and what they came to for the texts seen so far."""

    name: str
    remembers: bool
    numbers: list[int] = field(default_factory=list)
    known: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """Text → numbers of the rules that may find something in it."""

    met: set[str] = field(default_factory=set)
    """Texts that were met once. Of a text that stays the only one, to learn is dearer than to run
    the rules."""

    def learn(self, text: str, entity: Entity, finds: Finds) -> Collection[int]:
        """The same of the text that an entity has in the field, remembered when it is met again."""
        if text not in self.met:
            if len(self.met) >= MAX_TEXTS:
                self.met.clear()
            self.met.add(text)
            return self.numbers
        if len(self.known) >= MAX_TEXTS:
            self.known.clear()
        self.known[text] = found = tuple(
            n for n in self.numbers if not _finds_nothing(finds, n, entity)
        )
        return found


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


@dataclass(frozen=True, slots=True)
class _Worth:
    """What is worth running on the entities of an outline."""

    numbers: frozenset[int]
    untold: Untold
    fields: tuple[tuple[str, dict[str, tuple[int, ...]], FieldTests], ...]
    """Fields whose texts are remembered, with what is known of these, and the tests themselves;
    those of other fields are among the numbers."""
    shared: tuple[_Shared, ...]


@dataclass(slots=True)
class _Shared:
    """What the values of one field settle, of the rules that are left of one outline."""

    name: str
    left: dict[Any, frozenset[int] | int]
    """Value → numbers of the rules that may find something, or how often it was met so far."""


class Outlines:
    """What is known of the outlines of one kind of entity.

    ``rules``: the numbers of those that are looked at. ``on_one_field``: those of them that ask for
    one field's text and nothing else, by the field's name.
    """

    def __init__(
        self, kind: type[Entity], rules: range, on_one_field: Mapping[str, FieldTests]
    ) -> None:
        self._view = _VIEWS.get(kind.name, View(kind))
        self._rules = rules
        self._on_one_field = on_one_field
        self._known: dict[Hashable, _Worth | None] = {}
        self._values = 0

    def worth_running(
        self, entity: Entity, finds: Finds, untold: list[Untold] | None = None
    ) -> Collection[int] | None:
        """Numbers of the rules that may find something; None for all of them.

        ``untold``: where those are added that can tell nothing, if there are any; without it they
        are in no answer. The first entity of an outline has every rule run: it may stay the only
        one.
        """
        key = _key(entity, self._view)
        if key is None:
            return None
        worth = self._known.get(key)
        if worth is None:
            if key not in self._known:
                if len(self._known) >= MAX_OUTLINES:
                    self._known.clear()
                self._known[key] = None
                return None
            worth = self._known[key] = self._worth(entity, finds)
        if untold is not None and worth.untold:
            untold.append(worth.untold)
        numbers = worth.numbers
        for shared in worth.shared:
            left = shared.left.get(entity.__dict__[shared.name])
            if not isinstance(left, frozenset):
                left = self._left(shared, worth.numbers, entity, finds)
            if left is not None:
                numbers = left if numbers is worth.numbers else numbers & left
        more: list[int] = []
        texts = entity.texts
        for name, known, tests in worth.fields:
            text = texts[name]
            found: Collection[int] | None = known.get(text)
            if found is None:
                found = tests.learn(text, entity, finds)
            if found:
                more += found
        return (*numbers, *more) if more else numbers

    def _left(
        self, shared: _Shared, numbers: frozenset[int], entity: Entity, finds: Finds
    ) -> frozenset[int] | None:
        """Those of the numbers that may find something, for the value of one field; None while
        that is not known."""
        value = entity.__dict__[shared.name]
        known = shared.left.get(value, 0)
        if isinstance(known, frozenset):
            return known
        if known == 0:
            self._values += 1
            if self._values > MAX_VALUES:
                self._forget_values()
        if known < OFTEN:
            shared.left[value] = known + 1
            return None
        outline = _outline(entity, self._view, UNKNOWN)
        setattr(outline, shared.name, value)
        left = frozenset(n for n in numbers if not _finds_nothing(finds, n, outline))
        shared.left[value] = left
        return left

    def _forget_values(self) -> None:
        self._values = 1
        for worth in self._known.values():
            for shared in worth.shared if worth else ():
                shared.left.clear()

    def _worth(self, entity: Entity, finds: Finds) -> _Worth:
        held = vars(entity)
        fields = [tests for name, tests in self._on_one_field.items() if name in held]
        # The outline has the texts of some fields, and so tells all of them.
        shown = self._view.values
        remembered = tuple(one for one in fields if one.remembers and one.name not in shown)
        elsewhere = {number for tests in remembered for number in tests.numbers}
        outline = _outline(entity, self._view, UNKNOWN)
        outcomes = {
            number: _outcome(finds, number, outline)
            for number in self._rules
            if number not in elsewhere
        }
        return _Worth(
            frozenset(number for number, outcome in outcomes.items() if outcome is True),
            tuple((n, outcome) for n, outcome in outcomes.items() if isinstance(outcome, str)),
            tuple((tests.name, tests.known, tests) for tests in remembered),
            tuple(_Shared(name, {}) for name in self._view.shared if name in held),
        )
