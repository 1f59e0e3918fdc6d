"""Rules about two entities of a kind, reported on one of them: which the other one is.

"Two placements start on the same day" is reported on the later of the two, as the published rule
is. Whoever looks at a picture of it must see both.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator

from bot.ilr.absent import CannotTell, is_present
from bot.ilr.record import Aim, Entity, Learner, Placement
from bot.rules.engine import RuleFinding

__all__ = ["with_twins"]

Key = tuple[Hashable, ...]

_ALIKE: dict[str, tuple[type[Entity], tuple[str, ...]]] = {
    "R_07": (Learner, ("AimSeqNumber",)),
    "R_67": (Aim, ("WorkPlaceStartDate", "WorkPlaceEmpId")),
    "R_96": (Learner, ("WorkPlaceStartDate",)),
}
"""Rule → within what no two may be alike, and in which fields."""


def with_twins(findings: Iterable[RuleFinding]) -> Iterator[tuple[RuleFinding, tuple[Entity, ...]]]:
    """Each finding, and the entity it is about besides its own; () for rules about one only.

    That is the first one alike, which has no finding of its own.
    """
    firsts: dict[tuple[str, int], dict[Key, Entity]] = {}
    for finding in findings:
        within, fields = _ALIKE.get(finding.rule.id, (None, ()))
        holder: Entity | None = finding.entity if within else None
        while holder is not None and within and not isinstance(holder, within):
            holder = holder.parent
        key = _values(finding.entity, fields) if holder is not None else None
        if holder is None or key is None:
            yield finding, ()
            continue
        at = finding.rule.id, id(holder)
        if at not in firsts:
            firsts[at] = {}
            for one in _of_kind(holder, finding.entity):
                value = _values(one, fields)
                if value is not None:
                    firsts[at].setdefault(value, one)
        first = firsts[at].get(key)
        yield finding, () if first is None or first is finding.entity else (first,)


def _of_kind(holder: Entity, like: Entity) -> list[Entity]:
    aims = [holder] if isinstance(holder, Aim) else list(holder.of(Aim))
    if isinstance(like, Placement):
        return [one for aim in aims for one in aim.of(Placement)]
    return list(aims)


def _values(entity: Entity, fields: tuple[str, ...]) -> Key | None:
    """The fields' values, None for a blank; None for all when the first has no value to share."""
    try:
        found = tuple(getattr(entity, name) for name in fields)
    except CannotTell:
        return None
    if not is_present(found[0]):
        return None
    return tuple(value if is_present(value) else None for value in found)
