"""Typed entities straight from XML, for learners in which there is nothing to remark.

That is nearly all of a return, and to read them the long way (``entity_of``, ``build`` and
``check_schema``) takes most of the time of a check. Here nothing is remarked: whatever is odd about
a learner, its shape or any value, the answer is None, and it is read the long way. A paste is read
so as well, if it is whole learners as an export writes them (``bot.checking.exported``).

The text is cut at each ``<`` into pieces such as ``FundModel>25`` and ``/FundModel>``. What a piece
comes to is remembered, so that most of them are looked up and no more; a piece that is not just
a tag of the year's and a value is odd.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.ilr.build import typed
from bot.ilr.raw import RawEntity, RawField, is_whole
from bot.ilr.record import ENTITIES, Destination, Entity, Learner, Message
from bot.ilr.schema_check import is_shaped_right
from bot.ilr.specification import EntitySpec, FieldSpec, YearSpecification

__all__ = ["TOPS", "StraightReader", "as_read"]

MAX_SHAPES = 20_000
MAX_PIECES = 20_000
"""Pieces of one kind of entity that are remembered."""
MAX_LINES = 60_000
"""libxml2, which reads what is odd, counts no further than 65,535 lines reliably."""
TOPS = (Learner.name, Destination.name)


class _Odd(Exception):  # noqa: N818 - it is an outcome, not an error
    """There is something to remark, or there may be."""


_Value = tuple[str, str, Any, str]
"""A field's name, its text, its value, and the piece that ends it."""
_Ended = tuple[str, int]
"""The name of a tag that ends something, and how many lines end after it."""


@dataclass(slots=True)
class _Kind:
    """What is known of one kind of entity in the year."""

    kind: type[Entity]
    held: EntitySpec
    values: dict[str, _Value] = field(default_factory=dict)
    """Piece → value, of fields whose texts may be remembered."""
    begins: dict[str, _Begun] = field(default_factory=dict)
    """Piece → the entity that begins with it, inside one of these, and how many lines end."""
    shapes: dict[tuple[str, ...], bool] = field(default_factory=dict)
    """Names of what stands in one, in order → whether the schema wants it so."""


_Begun = tuple[_Kind, int]
_FIRST_TAG = re.compile(r'(\w+)((?: xmlns(?::\w+)?="[^"<>&]*")*)>([^<>]*)')
"""It may say which names are whose."""
_NAMESPACE = re.compile(r' xmlns="([^"]*)"')


class StraightReader:
    """Reads learners and destination records of one year.

    ``ruled``: limits of the schema that a rule reports, as ``check_schema`` takes them.
    """

    def __init__(self, specification: YearSpecification, ruled: Container[str]) -> None:
        self._specification = specification
        self._ruled = ruled
        self._kinds = {
            name: _Kind(ENTITIES[name], held)
            for name, held in specification.entities.items()
            if name in ENTITIES
        }
        self._ends: dict[str, _Ended] = {}

    def read(self, text: str, parent: Entity, line: int) -> Entity | None:
        """The entity of an element, which is well formed; None when it has to be read the long
        way. ``line``: that on which it begins."""
        if text.count("\n") > MAX_LINES:
            return None
        pieces = iter(text.split("<"))
        try:
            _lines_in(next(pieces))
            entity, _ = self._outermost(next(pieces), pieces, parent, line)
        except _Odd:
            return None
        return entity if next(pieces, None) is None else None

    def learners(self, text: str, message: Message, line: int) -> bool:
        """Add learners and destination records to a message, to the end of it if it is no part;
        whether that could be done. The text need not be well formed. ``line``: its first."""
        pieces = iter(text.split("<"))
        names, last = list(TOPS), "/Message"
        try:
            line += _lines_in(next(pieces))
            for piece in pieces:
                name, _, after = piece.partition(">")
                if name == last and not message.partial:
                    _lines_in(after)
                    return next(pieces, None) is None
                entity, line = self._outermost(piece, pieces, message, line)
                if entity.name not in names:
                    return False
                names = names[names.index(entity.name) :]
                message.children.setdefault(entity.name, []).append(entity)
        except _Odd:
            return False
        return message.partial

    @staticmethod
    def namespace(text: str) -> str | None:
        """The first that is stated in a text of learners."""
        found = _NAMESPACE.search(text)
        return found[1] or None if found else None

    def _outermost(
        self, piece: str, pieces: Iterator[str], parent: Entity, line: int
    ) -> tuple[Entity, int]:
        """An entity in none that was read here, and the line of what comes after it."""
        found = _FIRST_TAG.fullmatch(piece)
        kind = self._kinds.get(found[1]) if found else None
        if found is None or kind is None:
            raise _Odd
        return self._read(pieces, kind, parent, line, _lines_in(found[3]))

    def _read(
        self, pieces: Iterator[str], kind: _Kind, parent: Entity, line: int, lines: int
    ) -> tuple[Entity, int]:
        """An entity, of which the first tag is behind us, and the line of what comes after it.

        ``line``: that on which it begins. ``lines``: how many end after its first tag.
        """
        entity = kind.kind(parent, line)
        held, texts, places, children = (
            entity.__dict__, entity.texts, entity.lines, entity.children,
        )  # fmt: skip
        values, begins, fields, ends = kind.values, kind.begins, kind.held.fields, self._ends
        names: list[str] = []
        line += lines
        for piece in pieces:
            value = values.get(piece)
            if value is None:
                if piece[:1] == "/":
                    name, lines = ends.get(piece) or self._end(piece)
                    shape = tuple(names)
                    if name != kind.held.name or not (
                        kind.shapes.get(shape) or self._is_shaped_right(kind, shape)
                    ):
                        raise _Odd
                    return entity, line + lines
                begun = begins.get(piece)
                if begun is None:
                    name, _, text = piece.partition(">")
                    spec = fields.get(name)
                    if spec is None:
                        begun = self._begin(piece, kind)
                    else:
                        value = self._value(piece, name, text, spec, kind)
                if begun is not None:
                    inside, lines = begun
                    name = inside.held.name
                    names.append(f"<{name}")
                    if name not in children:
                        children[name] = []
                    one, line = self._read(pieces, inside, entity, line, lines)
                    children[name].append(one)
                    continue
                assert value is not None  # noqa: S101 - a field's value was just made
            name, text, held[value[0]], end = value
            names.append(name)
            texts[name] = text
            places[name] = line
            piece = next(pieces, "")
            if piece != end:  # a line ends after it, or it is another's
                ended, lines = ends.get(piece) or self._end(piece)
                if ended != name:
                    raise _Odd
                line += lines
        raise _Odd  # it has no end

    def _value(self, piece: str, name: str, text: str, spec: FieldSpec, kind: _Kind) -> _Value:
        """Raises _Odd when it is blank, or not of the field's type."""
        if not (plain := text.isalnum()):
            if "\n" in text:
                raise _Odd
            text = _unescaped(text) if "&" in text else text
            if not text or text.isspace() or not is_whole(text):
                raise _Odd
        try:
            value = name, text, typed(text if plain else text.strip(), spec), f"/{name}>"
        except ValueError:
            raise _Odd from None
        if spec.may_be_remembered and len(kind.values) < MAX_PIECES:
            kind.values[piece] = value
        return value

    def _begin(self, piece: str, kind: _Kind) -> _Begun:
        """What begins inside an entity. Raises _Odd where it may not stand, or is nothing."""
        name, _, after = piece.partition(">")
        inside = self._kinds.get(name)
        if inside is None or inside.kind.within is not kind.kind:
            raise _Odd
        begun = inside, _lines_in(after)
        if len(kind.begins) < MAX_PIECES:
            kind.begins[piece] = begun
        return begun

    def _end(self, piece: str) -> _Ended:
        name, _, after = piece[1:].partition(">")
        ended = name, _lines_in(after)
        if piece[:1] != "/":
            raise _Odd
        if len(self._ends) < MAX_PIECES:
            self._ends[piece] = ended
        return ended

    def _is_shaped_right(self, kind: _Kind, shape: tuple[str, ...]) -> bool:
        """Whether what stands in an entity is what the schema wants, in its order; by name alone,
        entities after a ``<``."""
        known = kind.shapes.get(shape)
        if known is None:
            if len(kind.shapes) >= MAX_SHAPES:
                kind.shapes.clear()
            known = kind.shapes[shape] = self._fits(kind, shape)
        return known

    def _fits(self, kind: _Kind, names: tuple[str, ...]) -> bool:
        entity = RawEntity(kind.held.name)
        entity.sequence = [(name.removeprefix("<"), None) for name in names]
        fields = [name for name in names if name[0] != "<"]
        entity.fields = [RawField(name, "") for name in fields]
        entity.children = [RawEntity(name[1:]) for name in names if name[0] == "<"]
        return (
            bool(names)
            and len(set(fields)) == len(fields)
            and is_shaped_right(entity, self._specification, self._ruled)
        )


def as_read(entity: Entity) -> RawEntity:
    """What a reader would have made of an entity that was read straight."""
    fields = [RawField(name, text, entity.lines[name]) for name, text in entity.texts.items()]
    children = [as_read(one) for group in entity.children.values() for one in group]
    return RawEntity(entity.name, fields, children, entity.line, entity.partial)


def _lines_in(between: str) -> int:
    """How many lines end between two tags. Raises _Odd when anything else stands there."""
    if between and not between.isspace():
        raise _Odd
    return between.count("\n")


_REFERENCES = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}
_REFERENCE = re.compile("&(?:amp|lt|gt);")


def _unescaped(text: str) -> str:
    """Raises _Odd for anything but what has to be escaped in XML."""
    if len(_REFERENCE.findall(text)) < text.count("&"):
        raise _Odd
    return _REFERENCE.sub(lambda found: _REFERENCES[found[0]], text)
