"""What breaks the year's XML schema, which rejects a file before any rule is run.

``build`` remarks on elements that the year does not have, on ones written twice and on values that
are not of their type, in any paste. Here is what only a well-formed XML can be asked: the order of
its elements, blank ones, what stands beside them, and for a whole file what is missing or too many.
What a field definition rule reports (too long, missing …) is left to it.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from decimal import Decimal, InvalidOperation

from bot.ilr.raw import ATTRIBUTE, WORDS, RawEntity, RawField, Remark
from bot.ilr.specification import EntitySpec, FieldSpec, YearSpecification

__all__ = ["Shape", "check_schema", "is_shaped_right"]

_EXPORTED = "An export puts them right by itself: look for what was edited or added by hand."
_NO_VALUE = "Leave the element out when there is nothing to return."
MAX_SHAPES = 20_000
_LEARNER_PARTS = frozenset({"Learner", "LearnerDestinationandProgression"})


def check_schema(
    message: RawEntity,
    specification: YearSpecification,
    ruled: Container[str] = (),
    right: set[Shape] | None = None,
) -> Iterator[Remark]:
    """Each breach, with its line and what to do; values are never quoted.

    ``ruled``: limits that a rule of the year reports, as "MA Learner.ULN" or "EO LearnerFAM"
    (the letters are the field definition rule's). Of parts (``partial``), and where the year's
    schema was not seen, neither order nor number is judged. ``right``: shapes of entities in which
    nothing was found, of this year; those that are found to be so are added.
    """
    right = set() if right is None else right
    for entity, in_learner in _walk(message, in_learner=False):
        held = specification.entities.get(entity.name)
        if held is None:
            continue
        yield from _blank(entity, held, ruled)
        if not in_learner:
            yield from _limits(entity, held)
        if message.partial or (shape := _shape(entity)) in right:
            continue
        found = [*_beside_elements(entity), *_misshapen(entity, specification, ruled)]
        yield from found
        if not found and len(right) < MAX_SHAPES:
            right.add(shape)


Shape = tuple[str, bool, int, int, tuple[str, ...]]


def _shape(entity: RawEntity) -> Shape:
    """What alone decides whether an entity has what the schema wants, in its order."""
    names = tuple([name for name, _ in entity.sequence])
    return entity.name, entity.partial, len(entity.fields), len(entity.children), names


def is_shaped_right(
    entity: RawEntity, specification: YearSpecification, ruled: Container[str]
) -> bool:
    """Whether an entity has the elements that the schema wants, in their order; by their names
    alone, whatever is in them."""
    return next(_misshapen(entity, specification, ruled), None) is None


def _misshapen(
    entity: RawEntity, specification: YearSpecification, ruled: Container[str]
) -> Iterator[Remark]:
    held = specification.entities[entity.name]
    if not specification.facts.schema_seen:
        return
    yield from _out_of_order(entity, held)
    if entity.sequence and not entity.partial:
        yield from _missing(entity, held, ruled)
        yield from _how_often(entity, specification, ruled)


def _walk(entity: RawEntity, *, in_learner: bool) -> Iterator[tuple[RawEntity, bool]]:
    in_learner = in_learner or entity.name in _LEARNER_PARTS
    yield entity, in_learner
    for child in entity.children:
        yield from _walk(child, in_learner=in_learner)


def _error(line: int | None, message: str, what_to_do: str) -> Remark:
    return Remark(line, f"{message} {what_to_do}", breaks_schema=True)


def _beside_elements(entity: RawEntity) -> Iterator[Remark]:
    """Attributes, and text between the elements: nothing in the ILR has either."""
    for name, line in entity.sequence:
        if name[0] == ATTRIBUTE:
            yield _error(line, f"There is an attribute, {name[1:60]}; the ILR has elements only.",
                         "Take it out.")  # fmt: skip
        elif name == WORDS:
            yield _error(line, f"There is text between the elements of this {entity.name}.",
                         "Take it out.")  # fmt: skip


def _out_of_order(entity: RawEntity, held: EntitySpec) -> Iterator[Remark]:
    """The first element that stands after one it belongs before."""
    place = held.places
    latest, before = -1, ""
    for name, line in entity.sequence:
        number = place.get(name)
        if number is None:
            continue
        if number < latest:
            yield _error(line, f"{name} stands after {before}; in {held.name} it comes before it.",
                         _EXPORTED)  # fmt: skip
            return
        latest, before = number, name


def _blank(entity: RawEntity, held: EntitySpec, ruled: Container[str]) -> Iterator[Remark]:
    """Elements without a value, where the schema wants one."""
    if not entity.sequence:
        return
    for item in entity.fields:
        if item.text.strip():
            continue
        spec = held.fields.get(item.name)
        if spec is None or _has_value(item, spec) or f"MA {held.name}.{spec.name}" in ruled:
            continue
        yield _error(item.line, f"{item.name} is empty.", _NO_VALUE)


def _has_value(item: RawField, spec: FieldSpec) -> bool:
    if spec.type != "string":
        return bool(item.text.strip())
    return bool(item.text) or (
        not spec.min_length and re.fullmatch(spec.pattern or "", "") is not None
    )


def _missing(entity: RawEntity, held: EntitySpec, ruled: Container[str]) -> Iterator[Remark]:
    given = {item.name for item in entity.fields}
    for spec in held.fields.values():
        if not spec.mandatory or spec.name in given:
            continue
        if f"MA {held.name}.{spec.name}" not in ruled:
            yield _error(entity.line, f"{held.name} has no {spec.name}.", "Add it.")


def _how_often(
    entity: RawEntity, specification: YearSpecification, ruled: Container[str]
) -> Iterator[Remark]:
    """Elements that stand too often in this one, or not often enough."""
    for name in specification.children(entity.name):
        child = specification.entities[name]
        found = [one for one in entity.children if one.name == name]
        if f"EO {name}" in ruled:
            continue
        if len(found) < child.min_occurs:
            yield _error(entity.line, f"{entity.name} has no {name}.", "Add it.")
        elif child.max_occurs is not None and len(found) > child.max_occurs:
            often = "once" if child.max_occurs == 1 else f"{child.max_occurs} times"
            line = found[child.max_occurs].line
            yield _error(line, f"{name} may stand only {often} in {entity.name}.",
                         "Take out what is too many.")  # fmt: skip


def _limits(entity: RawEntity, held: EntitySpec) -> Iterator[Remark]:
    """Values of the header and the provider, of which no field definition rule speaks."""
    for item in entity.fields:
        spec = held.fields.get(item.name)
        text = item.text.strip()
        if spec is None or not text:
            continue
        if spec.fixed_value is not None and text != spec.fixed_value:
            yield _error(item.line, f"{item.name} is not {spec.fixed_value}.",
                         "The schema of the year takes nothing else.")  # fmt: skip
        elif not _within(text, spec):
            yield _error(item.line, f"{item.name} is not within the schema's limits{_said(spec)}.",
                         "Correct it in the settings of the export.")  # fmt: skip


def _within(text: str, spec: FieldSpec) -> bool:
    if spec.pattern is not None and not re.fullmatch(spec.pattern, text):
        return False
    if spec.type == "string" and spec.max_length is not None and len(text) > spec.max_length:
        return False
    if spec.min_value is None and spec.max_value is None:
        return True
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if number.is_nan():
        return True  # ``build`` says that it is no number
    low, high = spec.min_value, spec.max_value
    return (low is None or number >= low) and (high is None or number <= high)


def _said(spec: FieldSpec) -> str:
    if spec.min_value is not None and spec.max_value is not None:
        return f" ({spec.min_value} to {spec.max_value})"
    return f" (at most {spec.max_length} characters)" if spec.max_length is not None else ""
