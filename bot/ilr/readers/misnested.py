"""Values of XML that stand outside the element they belong into, put back as a guess:
``<LearningDeliveryFAM><LearnDelFAMType>SOF…</LearningDeliveryFAM><LearnDelFAMCode>105…``."""

from __future__ import annotations

from bot.ilr.raw import RawEntity, RawField, Remark
from bot.ilr.readers.assembly import FIELDS, PARENTS

__all__ = ["put_back"]

_PARTS: dict[str, dict[str, str]] = {}
for _kind, _parent in PARENTS.items():
    for _name in FIELDS[_kind]:
        if _name not in FIELDS[_parent]:
            _PARTS.setdefault(_parent, {})[_name] = _kind
"""Entity → field of one of its parts, and of no other → the part."""


def put_back(entity: RawEntity, remarks: list[Remark]) -> None:
    """Move such values, in the entity and below it, into the part before them that lacks them,
    or into one of their own. Each is said."""
    _unnest(entity, remarks)
    parts = _PARTS.get(entity.name, {})
    if any(item.name in parts for item in entity.fields):
        last: dict[str, RawEntity] = {}
        for item in _in_order(entity):
            if isinstance(item, RawEntity):
                last[item.name] = item
            elif (kind := parts.get(item.name)) is not None:
                _move(entity, item, kind, last, remarks)
    for child in entity.children:
        put_back(child, remarks)


def _unnest(entity: RawEntity, remarks: list[Remark]) -> None:
    """A part that stands in another of its kind: one, when what they hold goes together."""
    for child in [one for one in entity.children if one.name == entity.name]:
        held = {item.name for item in entity.fields}
        if held & {item.name for item in child.fields}:
            continue
        for item in child.fields:
            _say(item, entity.name, remarks)
        entity.fields += child.fields
        entity.children = [one for one in entity.children if one is not child]
        entity.children += child.children


def _in_order(entity: RawEntity) -> list[RawField | RawEntity]:
    """Fields and parts as they were written."""
    every: list[RawField | RawEntity] = [*entity.fields, *entity.children]
    if entity.sequence:
        waiting = list(every)
        found: list[RawField | RawEntity] = []
        for name, _ in entity.sequence:
            item = next((one for one in waiting if one.name == name), None)
            if item is not None:
                found.append(item)
                waiting = [one for one in waiting if one is not item]
        return found + waiting
    return sorted(every, key=lambda one: one.line or 0)


def _move(
    entity: RawEntity,
    item: RawField,
    kind: str,
    last: dict[str, RawEntity],
    remarks: list[Remark],
) -> None:
    part = last.get(kind)
    if part is None or any(held.name == item.name for held in part.fields):
        part = last[kind] = RawEntity(kind, line=item.line, partial=True)
        entity.children.append(part)
    _say(item, kind, remarks)
    entity.fields = [one for one in entity.fields if one is not item]
    part.fields.append(item)


def _say(item: RawField, kind: str, remarks: list[Remark]) -> None:
    item.guess = f"it stands outside the {kind} it was read as part of"
    remarks.append(
        Remark(
            item.line,
            f"{item.name} stands outside a {kind}; it was read as part of the one before it, or of "
            "one of its own.",
            True,
        )
    )
