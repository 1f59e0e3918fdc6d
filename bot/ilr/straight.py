"""Typed entities straight from XML, for learners in which there is nothing to remark.

That is nearly all of a return, and to read them the long way (``entity_of``, ``build`` and
``check_schema``) takes most of the time of a check. Here nothing is remarked: whatever is odd about
a learner, its shape or any value, the answer is None, and it is read the long way.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from bot.ilr.build import typed
from bot.ilr.raw import RawEntity, RawField, is_whole
from bot.ilr.readers.xml import FIELDS_TOO
from bot.ilr.record import ENTITIES, Entity
from bot.ilr.schema_check import is_shaped_right
from bot.ilr.specification import FieldSpec, YearSpecification

__all__ = ["StraightReader"]

MAX_SHAPES = 20_000
MAX_TEXTS = 2_000
"""Texts of one field whose values are remembered."""


class _Odd(Exception):  # noqa: N818 - it is an outcome, not an error
    """There is something to remark, or there may be."""


@dataclass(slots=True)
class _Part:
    """What stands at one place of a shape: a field, or an entity."""

    name: str
    spec: FieldSpec | None = None
    """Of a field; None of an entity."""
    values: dict[str, Any] = field(default_factory=dict)
    """Text → value, of a field whose texts may be remembered."""

    def value(self, text: str | None) -> Any:
        """A text's value. Raises _Odd when it is blank or not of the field's type."""
        assert self.spec is not None  # noqa: S101 - it is a field
        if text is None or text.isspace() or not is_whole(text):
            raise _Odd
        try:
            value = typed(text.strip(), self.spec)
        except ValueError:
            raise _Odd from None
        if self.spec.may_be_remembered and len(self.values) < MAX_TEXTS:
            self.values[text] = value
        return value


class StraightReader:
    """Reads learners and destination records of one year.

    ``ruled``: limits of the schema that a rule reports, as ``check_schema`` takes them.
    """

    def __init__(self, specification: YearSpecification, ruled: Container[str]) -> None:
        self._specification = specification
        self._ruled = ruled
        self._shapes: dict[tuple[str, ...], tuple[_Part, ...] | None] = {}
        self._parts: dict[tuple[str, str], _Part] = {}

    def read(self, element: etree._Element, parent: Entity, lines_before: int) -> Entity | None:
        """The entity of an element; None when it has to be read the long way.

        ``lines_before``: lines of the file before the first of the element's document.
        """
        try:
            return self._read(element, _local(element.tag), parent, lines_before)
        except _Odd:
            return None

    def _read(
        self, element: etree._Element, name: str, parent: Entity, lines_before: int
    ) -> Entity:
        children = list(element)
        tags = (name, *[child.tag for child in children])
        shape = self._shapes.get(tags)
        if shape is None:
            shape = self._learn(tags)
        if element.keys() or (element.text and not element.text.isspace()):
            raise _Odd
        entity = ENTITIES[name](parent, _line(element, lines_before))
        held, raw, inside = entity.__dict__, entity.raw, entity.children
        for child, part in zip(children, shape, strict=True):
            tail = child.tail
            if tail and not tail.isspace():
                raise _Odd
            called = part.name
            if part.spec is None:
                if called not in inside:
                    inside[called] = []
                inside[called].append(self._read(child, called, entity, lines_before))
                continue
            if len(child) or child.keys():
                raise _Odd
            text = child.text
            value = part.values.get(text)
            held[called] = part.value(text) if value is None else value
            line = child.sourceline
            raw[called] = RawField(called, text, line and line + lines_before)
        return entity

    def _learn(self, tags: tuple[str, ...]) -> tuple[_Part, ...]:
        """The parts of a shape that was not seen before. Raises _Odd when it is not right."""
        if tags not in self._shapes:
            if len(self._shapes) >= MAX_SHAPES:
                self._shapes.clear()
            self._shapes[tags] = self._shape(tags[0], tags[1:])
        shape = self._shapes[tags]
        if shape is None:
            raise _Odd
        return shape

    def _shape(self, name: str, tags: tuple[str, ...]) -> tuple[_Part, ...] | None:
        held = self._specification.entities.get(name)
        if held is None or not tags or not all(isinstance(tag, str) for tag in tags):
            return None
        parts, entity = [], RawEntity(name)
        for called in map(_local, tags):
            entity.sequence.append((called, None))
            if self._is_entity(called):
                if ENTITIES[called].within is not ENTITIES[name]:
                    return None
                parts.append(self._part(name, called, None))
                entity.children.append(RawEntity(called))
            elif called in held.fields and not any(f.name == called for f in entity.fields):
                parts.append(self._part(name, called, held.fields[called]))
                entity.fields.append(RawField(called, ""))
            else:
                return None
        if not is_shaped_right(entity, self._specification, self._ruled):
            return None
        return tuple(parts)

    def _is_entity(self, name: str) -> bool:
        """Whether it is an entity in this year; what was a field once has no parts then."""
        return name in ENTITIES and (name not in FIELDS_TOO or name in self._specification.entities)

    def _part(self, within: str, name: str, spec: FieldSpec | None) -> _Part:
        return self._parts.setdefault((within, name), _Part(name, spec))


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _line(element: etree._Element, lines_before: int) -> int | None:
    line: int | None = element.sourceline
    return line and line + lines_before
