"""Field definition rules (FD_…): what the specification itself requires of a field.

There is no code a rule: the id's suffix says which limit, the catalogue row says of which
field, and the year's specification holds the limit.

    MA  mandatory and missing      AL  too long                  AP  not of its pattern
    AR  outside its range          EO  returned too often, or not often enough

What counts as length follows the department's 2018-19 file validation service: text without
the spaces around it, a whole number as it is written without leading zeros, and of a decimal
its whole figures and its decimal places.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache

from bot.ilr.absent import NOT_PASTED, NOT_READ, CannotTell
from bot.ilr.raw import is_whole
from bot.ilr.record import Entity
from bot.ilr.specification import FieldSpec, YearSpecification

__all__ = ["field_definition", "plain_text"]


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
        return _occurs_wrongly(entity_name or field_name, specification)
    entity = specification.entities.get(entity_name)
    spec = entity.fields.get(field_name) if entity else None
    if spec is None:
        return None
    maker = {"MA": _missing, "AL": _wrong_length, "AP": _wrong_pattern, "AR": _out_of_range}
    if suffix not in maker:
        return None
    predicate = maker[suffix](spec, specification)
    return (entity_name, predicate) if predicate else None


def plain_text(spec: FieldSpec, year: YearSpecification) -> Callable[[str], bool] | None:
    """Whether a text that is a field's value is plainly within all its limits, told quicker than by
    each of their rules; None for a field of which that is not told.

    One that is not plainly right may still be right.
    """
    longest = spec.max_digits or spec.max_length
    bounds, patterns = (spec.min_value, spec.max_value), _patterns(spec, year)
    if longest is None:
        return None
    if spec.type == "int" and not patterns:
        return _plain_number(longest, *bounds)
    if spec.type != "string" or bounds != (None, None):
        return None
    return _plain_characters(longest, patterns)


def _plain_number(
    longest: int, low: int | Decimal | None, high: int | Decimal | None
) -> Callable[[str], bool]:
    least, most = 0 if low is None else low, 10**longest if high is None else high

    def is_plain(text: str) -> bool:
        return (
            len(text) <= longest
            and text.isdigit()
            and text.isascii()
            and least <= int(text) <= most
        )

    return is_plain


def _plain_characters(longest: int, patterns: list[str]) -> Callable[[str], bool]:
    matches = [_compiled(pattern).fullmatch for pattern in patterns]

    def is_plain(text: str) -> bool:
        if not text.isalnum():
            if not is_whole(text):
                return False
            text = text.strip()
        if len(text) > longest:
            return False
        for match in matches:  # noqa: SIM110 - all() takes longer than the patterns
            if not match(text):
                return False
        return True

    return is_plain


Maker = Callable[[FieldSpec, YearSpecification], Callable[[Entity], bool] | None]


def _text(entity: Entity, name: str) -> str:
    text = entity.texts.get(name)
    if text is None:
        return ""
    if text.isalnum():  # nearly always, and then it is whole, with no spaces around it
        return text
    if not is_whole(text):
        raise CannotTell(NOT_READ)
    return text.strip()


def _missing(spec: FieldSpec, _: YearSpecification) -> Callable[[Entity], bool]:
    name = spec.name

    def is_missing(entity: Entity) -> bool:
        if name in vars(entity) or _text(entity, name):  # whatever has a value has a text
            return False
        # A blank cell was pasted: it is blank. A field without a cell was not pasted at all.
        if entity.partial and name not in entity.texts:
            raise CannotTell(NOT_PASTED)
        return True

    return is_missing


def _wrong_length(spec: FieldSpec, _: YearSpecification) -> Callable[[Entity], bool] | None:
    if spec.type == "decimal":
        return _too_precise(spec)
    longest = spec.max_digits or spec.max_length
    if longest is None:
        return None
    return (_too_many_figures if spec.type == "int" else _too_long)(spec.name, longest)


def _too_long(name: str, longest: int) -> Callable[[Entity], bool]:
    def is_too_long(entity: Entity) -> bool:
        return len(_text(entity, name)) > longest

    return is_too_long


def _too_many_figures(name: str, longest: int) -> Callable[[Entity], bool]:
    def has_too_many_figures(entity: Entity) -> bool:
        text = _text(entity, name)
        if not text:
            return False
        figures, decimals = _figures(text)
        if decimals:
            raise CannotTell(NOT_READ)
        return len(figures) + text.startswith("-") > longest

    return has_too_many_figures


def _too_precise(spec: FieldSpec) -> Callable[[Entity], bool] | None:
    name, most_decimals = spec.name, spec.fraction_digits
    if most_decimals is None or spec.max_value is None:
        return None
    most_figures = len(str(int(spec.max_value)))

    def is_too_precise(entity: Entity) -> bool:
        text = _text(entity, name)
        if not text:
            return False
        figures, decimals = _figures(text)
        return len(figures) > most_figures or len(decimals) > most_decimals

    return is_too_precise


_NUMBER = re.compile(r"[+-]?(?=\.?\d)(\d*)(?:\.(\d*))?")


def _figures(text: str) -> tuple[str, str]:
    """The figures before and after the point, without zeros that say nothing."""
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise CannotTell(NOT_READ)
    return match[1].lstrip("0") or "0", (match[2] or "").rstrip("0")


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _wrong_pattern(spec: FieldSpec, year: YearSpecification) -> Callable[[Entity], bool] | None:
    name = spec.name
    patterns = _patterns(spec, year)
    if not patterns:
        return None
    matches = [_compiled(pattern).fullmatch for pattern in patterns]

    def is_wrong_pattern(entity: Entity) -> bool:
        text = _text(entity, name)
        if text:
            for match in matches:  # all() takes longer than the patterns
                if not match(text):
                    return True
        return False

    return is_wrong_pattern


def _patterns(spec: FieldSpec, year: YearSpecification) -> list[str]:
    return [p for p in (spec.pattern, year.character_set if spec.restricted else None) if p]


def _out_of_range(spec: FieldSpec, _: YearSpecification) -> Callable[[Entity], bool] | None:
    name = spec.name
    if spec.min_value is None and spec.max_value is None:
        return None
    low = Decimal(spec.min_value) if spec.min_value is not None else Decimal("-Infinity")
    high = Decimal(spec.max_value) if spec.max_value is not None else Decimal("Infinity")
    is_text = spec.type == "string"

    def is_out_of_range(entity: Entity) -> bool:
        text = _text(entity, name)
        if not text or (is_text and not text.isdecimal()):
            return False
        _figures(text)
        return not low <= Decimal(text) <= high

    return is_out_of_range


def _occurs_wrongly(
    entity_name: str, specification: YearSpecification
) -> tuple[str, Callable[[Entity], bool]] | None:
    held = specification.entities.get(entity_name)
    if held is None or held.parent is None:
        return None
    least, most = held.min_occurs, held.max_occurs
    if not least and most is None:
        return None

    def occurs_wrongly(parent: Entity) -> bool:
        count = len(parent.children.get(entity_name, ()))
        if count < least:
            if parent.partial and entity_name not in parent.blank:
                raise CannotTell(NOT_PASTED)
            return True
        return most is not None and count > most

    return held.parent, occurs_wrongly
