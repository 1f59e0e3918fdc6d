"""Typed entities from what a reader understood, for one year's specification."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.ilr.absent import NOT_READ, hiding
from bot.ilr.raw import RawEntity, RawField, Remark, is_whole
from bot.ilr.record import ENTITIES, Entity, Message
from bot.ilr.specification import EntitySpec, FieldSpec, YearSpecification

__all__ = ["build", "typed"]

# Compared without regard to case in the published rules.
_UPPER = frozenset(
    {
        "LearnAimRef", "LearnDelFAMType", "LearnFAMType", "ESMType", "AFinType", "HRSType",
        "ContPrefType", "OutType", "Sex", "ProvSpecDelMonOccur", "ProvSpecLearnMonOccur",
    }
)  # fmt: skip


def build(
    raw: RawEntity,
    specification: YearSpecification,
    remarks: list[Remark],
    parent: Entity | None = None,
) -> Entity | None:
    """A typed entity tree from what a reader understood.

    Elements and fields that the year does not have, and values that are not of their type,
    are added to ``remarks`` with their line, without quoting the value. Returns None for an
    element that is not in the specification at all.
    """
    kind = ENTITIES.get(raw.name)
    if kind is None:
        remarks.append(
            Remark(raw.line, f"{raw.name[:60]} is not an ILR element; it was not read.", True)
        )
        return None
    held = specification.entities.get(raw.name)
    if held is None:
        message = f"{raw.name} is not part of the ILR in {specification.year}."
        why = specification.why_not(raw.name)
        remarks.append(Remark(raw.line, f"{message}{why} Take it out.", True))
        return None
    entity = kind(parent, raw.line)
    entity.partial, entity.blank = raw.partial, raw.blank
    unreadable = _set_fields(entity, raw, held, specification, remarks)
    for child in raw.children:
        if _is_misplaced(child, raw):
            where = f"{child.name} cannot be inside {raw.name}, so it was not read."
            remarks.append(Remark(child.line, where, _is_in_a_file(entity)))
            # Nobody can tell what it was a part of, so nothing is concluded from its absence.
            entity.partial = True
            continue
        built = build(child, specification, remarks, entity)
        if built is not None:
            entity.children.setdefault(built.name, []).append(built)
    if unreadable:
        entity.__class__ = hiding(kind, unreadable, NOT_READ)
    return entity


def _is_misplaced(child: RawEntity, parent: RawEntity) -> bool:
    """Whether an element stands in one that the ILR never puts it in."""
    kind = ENTITIES.get(child.name)
    return kind is not None and (kind.within is None or kind.within.name != parent.name)


def _is_in_a_file(entity: Entity) -> bool:
    """Whether it stands in a whole file: of a cut-out, what it was cut from may have been right."""
    at = entity
    while at.parent is not None:
        at = at.parent
    return isinstance(at, Message) and not at.partial


def _set_fields(
    entity: Entity,
    raw: RawEntity,
    held: EntitySpec,
    specification: YearSpecification,
    remarks: list[Remark],
) -> list[str]:
    """Give the entity its values. Returns the names of those that could not be read."""
    unreadable: list[str] = []
    specs, texts, lines = held.fields, entity.texts, entity.lines
    for item in raw.fields:
        spec = specs.get(item.name)
        if spec is None:
            message = f"{item.name[:60]} is not a field of {raw.name} in {specification.year}."
            why = specification.why_not(raw.name, item.name)
            remarks.append(Remark(item.line, f"{message}{why} Take it out.", True))
        elif item.name in texts:
            message = f"{item.name} appears twice in one {raw.name}; the first is used."
            remarks.append(Remark(item.line, f"{message} Take one out.", True))
        else:
            texts[item.name] = item.text
            lines[item.name] = item.line
            try:
                _set_value(entity, item, spec)
            except ValueError as error:
                unreadable.append(item.name)
                whole = is_whole(item.text)
                then = " Correct it." if whole else ""
                remarks.append(Remark(item.line, f"{item.name} {error}{then}", whole))
    return unreadable


def _set_value(entity: Entity, item: RawField, spec: FieldSpec) -> None:
    """ValueError finishes the sentence "<field> …". A blank value is left absent."""
    text = item.text
    if not text.isalnum():  # else it is whole, with no spaces around it
        text = text.strip()
        if not text:
            return
        if not is_whole(item.text):
            raise ValueError("is broken or cut short, so it was not read.")
    entity.__dict__[item.name] = typed(text, spec)


_WHOLE_NUMBER = re.compile(r"[+-]?\d{1,18}")
_ISO_DATE = re.compile(r"^(\d{4}-\d\d-\d\d)(?:Z|[+-]\d\d:\d\d)?$")


def typed(text: str, spec: FieldSpec) -> Any:
    """The value as its type. ValueError finishes the sentence "<field> …"."""
    if spec.type == "string":
        return text.upper() if spec.name in _UPPER else text
    if spec.type == "int":
        # Figures alone, as nearly always, are told without the pattern.
        if not (text.isdecimal() and len(text) < 19) and not _WHOLE_NUMBER.fullmatch(text):
            raise ValueError("is not a whole number.")
        return int(text)
    if spec.type == "decimal":
        try:
            value = Decimal(text)
        except InvalidOperation:
            raise ValueError("is not a number.") from None
        if not value.is_finite():
            raise ValueError("is not a number.")
        return value
    if spec.type == "datetime":
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            raise ValueError("is not a date and time (YYYY-MM-DDThh:mm:ss).") from None
    try:
        if len(text) == 10 and text[4] == text[7] == "-":  # so is the day, if it is one
            return date.fromisoformat(text)
        match = _ISO_DATE.match(text)
        if match:
            return date.fromisoformat(match[1])
    except ValueError:
        pass
    raise ValueError("is not a date (in a file dates are written YYYY-MM-DD).")
