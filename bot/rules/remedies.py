"""What would make two dates agree: the smallest change to either, as a sentence.

Only for rules that compare two dates, whose remedy is arithmetic. It says which day each date
would have to be; which of them is wrong only the person with the register can know, and the
sentence says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.ilr.absent import CannotTell
from bot.ilr.record import Aim, Entity, Learner, Placement
from bot.rules.findings import RuleFinding

__all__ = ["WARNING", "Change", "Proposal", "date_of", "propose"]

Side = Literal["on or before", "on or after", "on another day than"]

WARNING = "Dates must be what really happened: change the one that is wrong."


@dataclass(frozen=True, slots=True)
class Change:
    """One date that, moved so, ends the clash by itself."""

    entity: Entity
    field: str
    side: Side
    day: date
    """The nearest day that agrees; for "on another day than", the day to leave."""

    @property
    def noun(self) -> str:
        """What moves: "the aim" or "the placement"."""
        return _NOUN[self.entity.name]

    @property
    def verb(self) -> str:
        """What the field says of it, e.g. "start"."""
        return _VERB[self.field]

    @property
    def when(self) -> str:
        """``on or before 05/10/2026 (it says 12/10/2026)``."""
        says = date_of(self.entity, self.field)
        tail = f" (it says {_uk(says)})" if says is not None and says != self.day else ""
        return f"{self.side} {_uk(self.day)}{tail}"


@dataclass(frozen=True, slots=True)
class Proposal:
    """Changes of which any one ends the clash, and what to mind with them."""

    changes: tuple[Change, ...]
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        first, *others = self.changes
        sentence = f"For these dates to agree, {first.noun} would have to {first.verb} {first.when}"
        for other in others:
            # Neither noun nor verb is said twice: "…, or the placement on or after 12/10/2026".
            noun = "" if other.noun == first.noun else f"{other.noun} "
            verb = "" if other.verb == first.verb else f"{other.verb} "
            sentence += f", or {noun}{verb}{other.when}"
        return " ".join([f"{sentence}.", *self.notes, WARNING])


@dataclass(frozen=True, slots=True)
class _Order:
    """Two dates of which the first may not be after the second."""

    first: tuple[type[Entity], str]
    second: tuple[type[Entity], str]


_START, _END = "WorkPlaceStartDate", "WorkPlaceEndDate"
_ORDERS = {
    "WorkPlaceStartDate_02": _Order((Aim, "LearnStartDate"), (Placement, _START)),
    "WorkPlaceEndDate_01": _Order((Placement, _START), (Placement, _END)),
    "WorkPlaceEndDate_02": _Order((Placement, _END), (Aim, "LearnActEndDate")),
    "LearnPlanEndDate_02": _Order((Aim, "LearnStartDate"), (Aim, "LearnPlanEndDate")),
    "LearnActEndDate_01": _Order((Aim, "LearnStartDate"), (Aim, "LearnActEndDate")),
}
_NOUN = {Aim.name: "the aim", Placement.name: "the placement"}
_VERB = {
    "LearnStartDate": "start",
    "LearnPlanEndDate": "be planned to end",
    "LearnActEndDate": "end",
    _START: "start",
    _END: "end",
}


def propose(finding: RuleFinding) -> Proposal | None:
    """What would make the finding's dates agree; None for rules that are not about two dates.

    Each change alone ends this finding. Where an aim has several placements that clash, a note
    gives the day that would suit all of them.
    """
    if finding.rule.id == "R_96":
        return _another_day(finding.entity)
    order = _ORDERS.get(finding.rule.id)
    return _in_order(order, finding.entity) if order is not None else None


def _in_order(order: _Order, at: Entity) -> Proposal | None:
    earlier, later = _holder(at, order.first[0]), _holder(at, order.second[0])
    if earlier is None or later is None:
        return None
    starts, ends = date_of(earlier, order.first[1]), date_of(later, order.second[1])
    if starts is None or ends is None or starts <= ends:
        return None
    changes = (
        Change(earlier, order.first[1], "on or before", ends),
        Change(later, order.second[1], "on or after", starts),
    )
    if isinstance(earlier, Placement) and isinstance(later, Aim):
        changes = changes[::-1]  # the aim's change stands first, as staff ask about it
    return Proposal(changes, tuple(note for c in changes for note in _minding(c)))


def _minding(change: Change) -> list[str]:
    """What else that change would touch."""
    entity, day = change.entity, change.day
    if isinstance(entity, Aim):
        few = len(entity.of(Placement)) <= MAX_PLACEMENTS
        return _for_all_placements(entity, change) if few else []
    # Moved past the other end of its own placement, it would break WorkPlaceEndDate_01.
    if change.field == _START:
        end = date_of(entity, _END)
        if end is not None and change.side == "on or after" and end < day:
            return [f"The placement ends on {_uk(end)}, so it could not start that late."]
    elif change.field == _END:
        start = date_of(entity, _START)
        if start is not None and change.side == "on or before" and start > day:
            return [f"The placement starts on {_uk(start)}, so it could not end that early."]
    return []


def _for_all_placements(aim: Aim, change: Change) -> list[str]:
    """The day that suits every placement of the aim, when this one's does not."""
    if change.field == "LearnStartDate" and change.side == "on or before":
        days = [date_of(placement, _START) for placement in aim.of(Placement)]
        suits = min((day for day in days if day is not None), default=change.day)
        if suits < change.day:
            return [f"For all of its placements the aim would have to start by {_uk(suits)}."]
    if change.field == "LearnActEndDate" and change.side == "on or after":
        days = [date_of(placement, _END) for placement in aim.of(Placement)]
        suits = max((day for day in days if day is not None), default=change.day)
        if suits > change.day:
            return [f"For all of its placements the aim could not end before {_uk(suits)}."]
    return []


def _another_day(placement: Entity) -> Proposal | None:
    """R_96: any day but those on which the learner's other placements start."""
    day = date_of(placement, _START)
    learner = _holder(placement, Learner)
    if day is None or learner is None:
        return None
    few = sum(len(aim.of(Placement)) for aim in learner.of(Aim)) <= MAX_PLACEMENTS
    placements = [p for aim in learner.of(Aim) for p in aim.of(Placement)] if few else []
    starts = {date_of(other, _START) for other in placements if other is not placement}
    taken = sorted(start for start in starts if start is not None and start != day)
    notes = []
    if taken:
        shown = ", ".join(map(_uk, taken[:MAX_DAYS])) + (" …" if len(taken) > MAX_DAYS else "")
        notes.append(f"Other placements of this learner already start on {shown}.")
    return Proposal((Change(placement, _START, "on another day than", day),), tuple(notes))


MAX_DAYS = 6
"""Days on which placements start that one sentence names."""
MAX_PLACEMENTS = 200
"""Beyond these it is a table without a column for the learner, and each look at all takes long."""


def date_of(entity: Entity, name: str) -> date | None:
    """A date of the record; None when it was not returned or could not be read."""
    try:
        value = getattr(entity, name)
    except CannotTell:
        return None
    return value if isinstance(value, date) else None


def _holder(at: Entity, kind: type[Entity]) -> Entity | None:
    """The entity itself, or the one of this kind that it stands in."""
    found: Entity | None = at
    while found is not None and not isinstance(found, kind):
        found = found.parent
    return found


def _uk(day: date) -> str:
    return f"{day:%d/%m/%Y}"
