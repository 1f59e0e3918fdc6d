"""Where the parts of a record belong: pieces are put into one Message."""

from __future__ import annotations

from collections.abc import Iterable

from bot.ilr.raw import RawEntity, RawField, Remark
from bot.ilr.readers.parsed import ParsedRecord
from bot.ilr.record import ENTITIES, field_names

__all__ = [
    "FIELDS",
    "PARENTS",
    "ancestors",
    "assemble",
    "gather_orphans",
    "owner_of",
    "take_header",
]

PARENTS = {name: kind.within.name for name, kind in ENTITIES.items() if kind.within}
"""Entity → the entity it is part of."""

FIELDS = {name: tuple(field_names(kind)) for name, kind in ENTITIES.items()}
"""Entity → its fields, of every year, in schema order."""

# Where a lone field belongs when several entities have one of that name.
_FIRST_CHOICE = {
    "UKPRN": "LearningProvider", "LearnRefNumber": "Learner", "ULN": "Learner",
    "FilePreparationDate": "CollectionDetails", "SoftwareSupplier": "Source",
    "SoftwarePackage": "Source", "Release": "Source", "SerialNo": "Source", "DateTime": "Source",
}  # fmt: skip
_OWNERS: dict[str, list[str]] = {}
for _entity, _fields in FIELDS.items():
    for _name in _fields:
        _OWNERS.setdefault(_name, []).append(_entity)
_HOLDERS = ("Learner", "LearningDelivery", "LearnerEmploymentStatus", "LearnerHE")


def ancestors(name: str) -> list[str]:
    """The entities one stands in, nearest first."""
    return _ANCESTORS.get(name, [])


def _above(name: str) -> list[str]:
    return [PARENTS[name], *_above(PARENTS[name])] if name in PARENTS else []


_ANCESTORS = {name: _above(name) for name in PARENTS}


def owner_of(name: str, near: str | None = None) -> str | None:
    """The entity a lone field belongs to; ``near`` is the one its neighbours belong to."""
    owners = _OWNERS.get(name, [])
    if near in owners:
        return near
    return _FIRST_CHOICE.get(name) or (owners[0] if owners else None)


def gather_orphans(items: Iterable[RawField | RawEntity]) -> list[RawEntity]:
    """The entities, in order, with those that fields outside any make up.

    A field that comes again begins the next entity of its kind; one that no entity has is
    left out.
    """
    found: list[RawEntity] = []
    open_: RawEntity | None = None
    for item in items:
        if isinstance(item, RawEntity):
            found.append(item)
            continue
        owner = owner_of(item.name, open_.name if open_ else None)
        if owner is None:
            continue
        if open_ is None or open_.name != owner or any(f.name == item.name for f in open_.fields):
            open_ = RawEntity(owner, line=item.line, partial=True)
            found.append(open_)
        open_.fields.append(item)
    return found


def assemble(
    found: list[RawEntity], message: RawEntity, remarks: list[Remark], *, doubts: bool = True
) -> RawEntity:
    """One Message of what was pasted, with partial parents where there were none.

    ``doubts``: say where a lone part was put when it might belong elsewhere.
    """
    if len(found) == 1 and found[0].name == "Message":
        return found[0]
    message.partial = True
    holders: dict[str, RawEntity] = {"Message": message}
    for entity in found:
        if entity.name == "Message":
            message.children += entity.children
            message.fields += entity.fields
            for child in entity.children:
                _now_open(child, holders)
            continue
        parent = PARENTS[entity.name]
        placed = holders.get(parent)
        if doubts and placed is not None and not placed.partial and parent != "Message":
            remarks.append(
                Remark(
                    entity.line,
                    f"This {entity.name} is on its own. It was read as part of the {parent} "
                    f"before it (line {placed.line}).",
                )
            )
        _holder(parent, holders).children.append(entity)
        _now_open(entity, holders)
    return message


def _now_open(entity: RawEntity, holders: dict[str, RawEntity]) -> None:
    """What follows belongs to this entity, and to none that stood in the one before it."""
    if entity.name not in _HOLDERS:
        return
    for name in _HOLDERS:
        if entity.name in ancestors(name):
            holders.pop(name, None)
    holders[entity.name] = entity


def _holder(name: str, holders: dict[str, RawEntity]) -> RawEntity:
    if name not in holders:
        parent = _holder(PARENTS[name], holders)
        holders[name] = RawEntity(name, partial=True)
        parent.children.append(holders[name])
    return holders[name]


def take_header(reading: ParsedRecord) -> None:
    """The year and preparation date, from the header that was read."""
    for header in reading.message.children:
        if header.name != "Header":
            continue
        for details in header.children:
            for item in details.fields if details.name == "CollectionDetails" else ():
                if item.name == "Year":
                    reading.year_text = item.text.strip()
                elif item.name == "FilePreparationDate":
                    reading.prepared_on = item.text.strip()
