"""Field definition rules (FD_…): what the specification itself requires of a field.

There is no code a rule: the id's suffix says which limit, the catalogue row says of which
field, and the year's specification holds the limit.

    MA  mandatory and missing      AL  too long or too short     AP  not of its pattern
    AR  outside its range          EO  returned more often than allowed
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from bot.ilr.record import NOT_PASTED, CannotTell, Entity
from bot.ilr.specification import FieldSpec, YearSpecification

__all__ = ["field_definition"]


def field_definition(
    rule_id: str, fields: tuple[str, ...], specification: YearSpecification
) -> tuple[str, Callable[[Entity], bool]] | None:
    """The entity a field definition rule runs on, and its predicate.

    None when the id is not one, or the year has no such field or limit.
    """
    if not rule_id.startswith("FD_") or not fields:
        return None
    suffix = rule_id.rpartition("_")[2]
    entity_name, _, field_name = fields[0].rpartition(".")
    if suffix == "EO":
        return _occurs_too_often(entity_name or field_name, specification)
    entity = specification.entities.get(entity_name)
    spec = entity.fields.get(field_name) if entity else None
    if spec is None:
        return None
    maker = {"MA": _missing, "AL": _wrong_length, "AP": _wrong_pattern, "AR": _out_of_range}
    if suffix not in maker:
        return None
    predicate = maker[suffix](spec, specification)
    return (entity_name, predicate) if predicate else None


Maker = Callable[[FieldSpec, YearSpecification], Callable[[Entity], bool] | None]


def _text(entity: Entity, name: str) -> str:
    found = entity.raw.get(name)
    return found.text.strip() if found else ""


def _missing(spec: FieldSpec, _: YearSpecification) -> Callable[[Entity], bool]:
    name = spec.name

    def is_missing(entity: Entity) -> bool:
        if _text(entity, name):
            return False
        if entity.partial:
            raise CannotTell(NOT_PASTED)
        return True

    return is_missing


def _wrong_length(spec: FieldSpec, _: YearSpecification) -> Callable[[Entity], bool] | None:
    name = spec.name
    shortest = spec.min_length or 1
    longest = spec.max_digits or spec.max_length
    if longest is None:
        return None
    digits_only = spec.type in {"int", "decimal"}

    def is_wrong_length(entity: Entity) -> bool:
        text = _text(entity, name)
        if not text:
            return False
        length = len(re.sub(r"\D", "", text)) if digits_only else len(text)
        return not shortest <= length <= longest

    return is_wrong_length


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _wrong_pattern(spec: FieldSpec, year: YearSpecification) -> Callable[[Entity], bool] | None:
    name = spec.name
    patterns = [p for p in (spec.pattern, year.character_set if spec.restricted else None) if p]
    if not patterns:
        return None
    compiled = [_compiled(pattern) for pattern in patterns]

    def is_wrong_pattern(entity: Entity) -> bool:
        text = _text(entity, name)
        return bool(text) and not all(pattern.fullmatch(text) for pattern in compiled)

    return is_wrong_pattern


def _out_of_range(spec: FieldSpec, _: YearSpecification) -> Callable[[Entity], bool] | None:
    name = spec.name
    if spec.min_value is None and spec.max_value is None:
        return None
    low = Decimal(spec.min_value) if spec.min_value is not None else Decimal("-Infinity")
    high = Decimal(spec.max_value) if spec.max_value is not None else Decimal("Infinity")

    def is_out_of_range(entity: Entity) -> bool:
        text = _text(entity, name)
        if not text:
            return False
        try:
            return not low <= Decimal(text) <= high
        except InvalidOperation:
            return False  # reported by the reader as not a number

    return is_out_of_range


def _occurs_too_often(
    entity_name: str, specification: YearSpecification
) -> tuple[str, Callable[[Entity], bool]] | None:
    held = specification.entities.get(entity_name)
    if held is None or held.parent is None or held.max_occurs is None:
        return None
    most = held.max_occurs

    def is_too_often(parent: Entity) -> bool:
        return len(parent.children.get(entity_name, ())) > most

    return held.parent, is_too_often
