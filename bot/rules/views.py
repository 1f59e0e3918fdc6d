"""What an outline of an entity shows, and an entity that has nothing else.

What outlines are for is said in ``bot.rules.outlines``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

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
    LearningProvider,
    Message,
    Placement,
)
from bot.rules.unknown import (
    CLASS_CODE,
    AskedForMore,
    NoClassCode,
    Unknown,
    UnknownReference,
    Unlisted,
    above_of,
    other_than,
)
from bot.rules.vocabulary import TEMPORARY_ULN

__all__ = ["REFERENCE", "VIEWS", "Above", "IsListed", "View", "key_of", "outline_of"]

REFERENCE = "LearnAimRef"
MAX_PARTS = 60
"""Parts that an outline is taken of; an aim with more of them is not like any other."""
IsListed = Callable[[str], bool]
"""Whether a list of aims that rules look into has a reference: LARS, or another where that is not
held."""
Above = tuple[str, ...] | None
"""The UKPRNs of the providers of a file; None where they are not known."""


class WhichOther(Protocol):
    """What stands for a value, by number, 0 where only it would itself."""

    def __call__(self, value: Any, is_listed: IsListed) -> int: ...


class Other(NamedTuple):
    """A field of which an outline shows that its value is none of those that rules name."""

    name: str
    which: WhichOther
    shown_as: tuple[Callable[[], Any], ...]
    """What makes what stands for the value, by that number."""
    shows_named: bool = False
    """Whether a value that rules name is shown itself; else it is unknown."""

    def key(self, value: Any, is_listed: IsListed) -> Hashable:
        """What is the same for all values that are shown alike."""
        which = self.which(value, is_listed)
        return which or (value if self.shows_named else 0)

    def shown(self, value: Any, is_listed: IsListed) -> Any:
        """What an outline has instead of the value."""
        which = self.which(value, is_listed)
        return self.shown_as[which]() if which or not self.shows_named else value


@dataclass(frozen=True)
class View:
    """What an outline shows: the fields whose values it has, and the parts that are in it. Of
    all other fields and parts it shows only whether there are any."""

    kind: type[Entity]
    values: tuple[str, ...] = ()
    """By their texts, of which the values are made."""
    parts: tuple[View, ...] = ()
    other: Other | None = None
    blanks: tuple[str, ...] = ()
    """What may be None, of which an outline shows whether it is."""
    shared: tuple[str, ...] = ()
    """Fields of which many entities have the same value: shown one at a time, to fewer rules."""
    together: tuple[str, ...] = ()
    """Fields that are shown together to those that are left of these; and last, where it is that
    alone which a rule asks for, the reference of the aim."""

    @property
    def height(self) -> int:
        """How many steps it stands below the file."""
        steps, kind = 0, self.kind
        while kind.within is not None:
            steps, kind = steps + 1, kind.within
        return steps


def _which_reference(value: str, is_listed: IsListed) -> int:
    if value.startswith(CLASS_CODE) or not value.isascii():
        return 0
    return 1 if is_listed(value) else 2


_REFERENCE = Other("LearnAimRef", _which_reference, (UnknownReference, NoClassCode, Unlisted))
_CLASS_CODE = _REFERENCE._replace(shows_named=True)
_ULN = Other(
    "ULN",
    lambda value, is_listed: int(value != TEMPORARY_ULN),
    (lambda: TEMPORARY_ULN, other_than(lambda value: value == TEMPORARY_ULN)),
)

VIEWS = {
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
            other=_REFERENCE,
            shared=("LearnStartDate", REFERENCE),
            together=("LearnStartDate", "LearnPlanEndDate"),
        ),
        # Less of each aim than above: learners whose aims are alike in all of it are few.
        View(
            Learner,
            parts=(
                View(Aim, ("AimType", "FundModel", "ProgType"), other=_CLASS_CODE),
                View(LearnerFAM, ("LearnFAMType",)),
            ),
            other=_ULN,
            together=("PlanLearnHours", "PlanEEPHours"),
        ),
        View(Message, blanks=("namespace", "file_name", "zip")),
        View(AimFAM, ("LearnDelFAMType", "LearnDelFAMCode")),
        View(HoursRecord, ("HRSType", "HRSCode")),
        View(FinanceRecord, ("AFinType", "AFinCode")),
        View(LearnerFAM, ("LearnFAMType", "LearnFAMCode")),
        View(EmploymentStatus, ("EmpStat",)),
        View(EmploymentMonitoring, ("ESMType", "ESMCode")),
    )
}


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
        return Unknown() if name in self._present else default

    def __contains__(self, name: str) -> bool:
        if name in self._present:
            return True
        if self._pasted is None:
            raise AskedForMore  # it may be there, and blank
        return name in self._pasted


def outline_of(
    entity: Entity, view: View, above: Above, is_listed: IsListed, *shared: str
) -> Entity:
    """An entity of the same class that has nothing but the outline, and the values of the fields
    that are ``shared``."""
    shown = _outline(entity, view, _above(view, above), is_listed)
    for name in shared:
        setattr(shown, name, vars(entity)[name])
    return shown


def _above(view: View, above: Above) -> Any:
    if above is None or view.kind is Message:
        return Unknown()
    return above_of(view.height, LearningProvider.name, above)


def _outline(entity: Entity, view: View, parent: Any, is_listed: IsListed) -> Entity:
    kind = type(entity)
    shown = kind.__new__(kind)
    shown.parent, shown.line = parent, Unknown()
    shown.partial, shown.blank = entity.partial, entity.blank
    names = vars(entity).keys()
    for name in names:
        setattr(shown, name, _shown(entity, name, view, is_listed))
    pasted = frozenset(entity.texts) if _is_odd(entity, view) else None
    # What could not be read has a text as well.
    present = names if pasted is None else {n for n, text in entity.texts.items() if text.strip()}
    texts = {name: entity.texts[name] for name in view.values if name in names}
    shown.texts = _Fields(frozenset(present), texts, pasted)  # type: ignore[assignment]
    shown.lines = _Fields(frozenset(present), {}, pasted)  # type: ignore[assignment]
    shown.children = {name: Unknown() for name in entity.children}
    for part in _parts(kind, view):
        if found := entity.children.get(part.kind.name):
            shown.children[part.kind.name] = [
                _outline(one, part, shown, is_listed) for one in found
            ]
    return shown


def _shown(entity: Entity, name: str, view: View, is_listed: IsListed) -> Any:
    """What an outline has in a field, or in another attribute."""
    value = getattr(entity, name)
    if name in view.values or (name in view.blanks and value is None):
        return value
    if view.other is not None and name == view.other.name:
        return view.other.shown(value, is_listed)
    return Unknown()


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


def key_of(entity: Entity, view: View, above: Above, is_listed: IsListed) -> Hashable:
    """What is the same for entities of one outline; None for one that has none."""
    key = _key(entity, view, is_listed)
    return None if key is None else (key, above)


def _key(entity: Entity, view: View, is_listed: IsListed) -> Hashable:
    """What an entity hides is its class's."""
    children, texts, held = entity.children, entity.texts, entity.__dict__
    is_odd = type(entity) is not view.kind or entity.partial
    key: tuple[Hashable, ...] = (*held, *map(texts.get, view.values))
    if (other := view.other) is not None and other.name in held:
        key = (*key, other.key(held[other.name], is_listed))
    elif view.blanks:
        key = (*key, *[held.get(name) is None for name in view.blanks])
    if children:
        key = (key, *children)
        for part in _parts(type(entity), view) if is_odd else view.parts:
            found = children.get(part.kind.name)
            if found is None:
                continue
            if len(found) > MAX_PARTS:
                return None
            is_leaf = part.other is None and not part.blanks
            keys = [
                # The parts of an aim are many, and nearly all of them are as plain as this.
                (*one.__dict__, *map(one.texts.get, part.values))
                if is_leaf and type(one) is part.kind and not one.partial and not one.children
                else _key(one, part, is_listed)
                for one in found
            ]
            if None in keys:
                return None
            key = (*key, *keys, None)
    if is_odd:
        if not texts and not children:
            return None  # nothing of it was pasted, which is said of it otherwise
        return key, type(entity), entity.partial, entity.blank, tuple(texts)
    return key
