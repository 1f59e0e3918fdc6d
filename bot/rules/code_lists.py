"""Rules that only look a code up in the year's list (``checks_list`` in the catalogue).

There is no code a rule: the catalogue row names the field, the year's specification holds its
list. A type (LearnFAMType) is looked up together with the code that goes with it.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.ilr.absent import CannotTell, Number, Text, is_present
from bot.ilr.record import Entity
from bot.ilr.specification import FieldSpec, YearSpecification

__all__ = ["LIST_NOT_COMPLETE", "code_list", "is_off_the_list", "is_unlisted_type"]

LIST_NOT_COMPLETE = "we don't hold the complete code list for this year"


def code_list(
    checks_list: str | None, specification: YearSpecification
) -> tuple[str, Callable[[Entity], bool]] | None:
    """The entity a code list rule runs on, and its predicate.

    ``checks_list`` is a row's, e.g. ``LearnerFAM.LearnFAMType``. None when it is None, or the
    year has no such field.
    """
    entity_name, _, name = (checks_list or "").partition(".")
    entity = specification.entities.get(entity_name)
    spec = entity.fields.get(name) if entity else None
    if spec is None:
        return None
    return entity_name, _is_unlisted(spec) if spec.types else _is_off_list(spec)


def _is_off_list(spec: FieldSpec) -> Callable[[Entity], bool]:
    def is_off_list(entity: Entity) -> bool:
        return is_off_the_list(getattr(entity, spec.name), spec)

    return is_off_list


def _is_unlisted(spec: FieldSpec) -> Callable[[Entity], bool]:
    code_name = spec.name.removesuffix("Type") + "Code"

    def is_unlisted(entity: Entity) -> bool:
        return is_unlisted_type(getattr(entity, spec.name), getattr(entity, code_name), spec)

    return is_unlisted


def is_off_the_list(value: Text | Number, spec: FieldSpec) -> bool:
    """Whether a coded value, if returned, is outside the field's list.

    Raises CannotTell when it is, but the list held for the year is not complete.
    """
    if not is_present(value):
        return False
    if str(value).upper() in spec.codes:
        return False
    if not spec.codes_complete:
        raise CannotTell(LIST_NOT_COMPLETE)
    return True


def is_unlisted_type(kind: Text, code: Text | Number, spec: FieldSpec) -> bool:
    """Whether a FAM, monitoring or financial type and code is outside the list of the type field.

    Raises CannotTell when it is, but the list held for the year is not complete.
    """
    if not is_present(kind):
        return False
    held = spec.types.get(kind)
    if held is not None and any(listed.code == str(code) for listed in held.codes):
        return False
    if not (spec.codes_complete if held is None else held.codes_complete):
        raise CannotTell(LIST_NOT_COMPLETE)
    return True
