"""ILR XML that is not well formed: cut off, joined, prefixed or with closings missing.

The text is walked once, tag by tag. A value counts only when both of its ends are there;
what is open when the paste ends, or is closed without having been opened, is partial.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from dataclasses import dataclass, field

from bot.errors import InputError
from bot.ilr.raw import RawEntity, RawField, Remark, is_whole
from bot.ilr.readers.assembly import (
    FIELDS,
    PARENTS,
    ancestors,
    assemble,
    gather_orphans,
    take_header,
)
from bot.ilr.readers.parsed import ParsedRecord
from bot.ilr.record import ENTITIES

__all__ = ["read_tags"]

MAX_REMARKS = 1_000
"""Remarks kept; a report shows fifty."""
DEEPEST = 200
"""Levels; the ILR has six."""

_NAME = re.compile(r"<(/?)[ \t]{0,4}([A-Za-z_][\w.-]{0,200})(?::([A-Za-z_][\w.-]{0,200}))?")
_NAMESPACE = re.compile(r"xmlns(?::[\w.-]{1,60})?\s{0,4}=\s{0,4}[\"'“”‘’]([^\"'“”‘’<>]{1,200})")
_ILR_NAMESPACE = re.compile(r"ILR/\d{4}", re.IGNORECASE)


@dataclass(slots=True)
class _Open:
    """An element that has been opened: an entity, a field, or something that is neither."""

    name: str
    line: int
    entity: RawEntity | None = None
    is_wrapper: bool = False
    """Holds other elements and is not the ILR's."""
    pieces: list[str] = field(default_factory=list)


class _Walk:
    def __init__(self, text: str, remarks: list[Remark]) -> None:
        self.text = text
        self.remarks = remarks
        self.stack: list[_Open] = []
        self.top: list[RawField | RawEntity] = []
        self.namespace: str | None = None
        self.breaks_off = False
        self.broken = False
        """Something was lost, not only left out."""
        self.damaged: RawEntity | None = None
        """Where it was lost: what follows may be of the next entity of its kind."""
        self._starts = [0]
        at = text.find("\n")
        while at >= 0:
            self._starts.append(at + 1)
            at = text.find("\n", at + 1)

    def line(self, place: int) -> int:
        return bisect_right(self._starts, place)

    def remark(self, line: int, message: str) -> None:
        if len(self.remarks) < MAX_REMARKS:
            self.remarks.append(Remark(line, message))

    # --- walking ------------------------------------------------------------------------

    def run(self) -> None:
        text, place, closing = self.text, 0, -1
        while True:
            opening = text.find("<", place)
            if opening < 0:
                self._words(text[place:], place)
                break
            if opening > place:
                self._words(text[place:opening], place)
            special = self._special(opening)
            if special is not None:
                place = special
                continue
            tag = _NAME.match(text, opening)
            if tag is None:
                self._words("<", opening)
                place = opening + 1
                continue
            if closing < opening:
                closing = text.find(">", opening)
                closing = len(text) if closing < 0 else closing
            following = text.find("<", opening + 1, closing)
            if following >= 0 or closing >= len(text):
                self._broken_tag(tag, following)
                place = following if following >= 0 else len(text)
                continue
            name = tag[3] or tag[2]
            if tag[1]:
                self._close(name, opening)
            else:
                inside = text[tag.end() : closing]
                if "xmlns" in inside and self.namespace is None:
                    self._take_namespace(inside)
                self._open(name, opening)
                if inside.rstrip().endswith("/"):
                    self._close(name, opening)
            place = closing + 1
        self._end()

    def _special(self, at: int) -> int | None:
        """Past a comment, CDATA section, declaration or processing instruction at ``at``."""
        text = self.text
        for begin, end in (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")):
            if not text.startswith(begin, at):
                continue
            finish = text.find(end, at + len(begin))
            if finish < 0:
                self.remark(
                    self.line(at), "What begins here is never closed, so the rest was not read."
                )
                self._discard_open_field()
                self.breaks_off = True
                return len(text)
            if begin == "<![CDATA[" and self.stack:
                self.stack[-1].pieces.append(html.escape(text[at + 9 : finish], quote=False))
            return finish + len(end)
        return None

    def _take_namespace(self, inside: str) -> None:
        for match in _NAMESPACE.finditer(inside):
            if _ILR_NAMESPACE.search(match[1]):
                self.namespace = match[1]

    def _words(self, text: str, place: int) -> None:
        if not self.stack:
            return
        held = self.stack[-1]
        held.pieces.append(text)
        if held.entity is not None and text.strip():
            line = self.line(place + len(text) - len(text.lstrip()))
            self.remark(line, "The text between the elements here was not understood.")
            self._mark_partial()

    def _discard_open_field(self) -> None:
        """The field that is open cannot be trusted any more."""
        if self.stack and self.stack[-1].entity is None and not self.stack[-1].is_wrapper:
            lost = self.stack.pop()
            self._not_taken(lost)

    def _not_taken(self, lost: _Open) -> None:
        self.broken = True
        if lost.name in _FIELD_NAMES:
            self.remark(
                lost.line, f"{lost.name} is broken or cut short, so its value was not read."
            )
        self._mark_partial()

    def _broken_tag(self, tag: re.Match[str], following: int) -> None:
        """A tag without its ">": the paste ends in it, or something was lost from it."""
        line = self.line(tag.start())
        self.broken = True
        if following < 0:
            self.breaks_off = True
            # "…05</WorkPl": the value before it is whole.
            if tag[1] and self.stack and self.stack[-1].name.startswith(tag[3] or tag[2]):
                self._close(self.stack[-1].name, tag.start())
            return
        self.remark(line, "The end of this tag is missing, so its value was not read.")
        if not tag[1]:
            self._discard_open_field()
        self._mark_partial()

    # --- opening and closing ------------------------------------------------------------

    def _open(self, name: str, place: int) -> None:
        line = self.line(place)
        if self.stack and self.stack[-1].entity is None and not self.stack[-1].is_wrapper:
            self._open_in_field(name)
        if len(self.stack) >= DEEPEST:
            raise InputError(
                f"This XML is nested more than {DEEPEST} levels deep, which ILR files never are, "
                "so it was not read."
            )
        inside_wrapper = bool(self.stack) and self.stack[-1].is_wrapper
        within = self._entity()
        if name not in ENTITIES or (name == "PriorAttain") or (inside_wrapper and within):
            self.stack.append(_Open(name, line))
            return
        if not inside_wrapper:
            self._make_room(name)
        self.stack.append(_Open(name, line, RawEntity(name, line=line)))

    def _open_in_field(self, name: str) -> None:
        """A tag opens where a value was expected."""
        held = self.stack[-1]
        value = "".join(held.pieces)
        parent = self._entity()
        if held.name == "PriorAttain" and name in FIELDS["PriorAttain"]:
            self._make_room("PriorAttain", keep=1)
            held.entity = RawEntity("PriorAttain", line=held.line)
        elif held.name not in _FIELD_NAMES and not value.strip():
            held.is_wrapper = True
            if parent is not None:
                self.remark(held.line, f"{held.name[:60]} is not an ILR element.")
        else:
            self.stack.pop()
            sibling = parent is not None and name in FIELDS[parent.name]
            self._without_closing(held, value, follows=sibling)

    def _without_closing(self, held: _Open, value: str, *, follows: bool) -> None:
        """A field whose closing tag is missing, though its value ends with the line."""
        ends_with_line = "\n" in value[len(value.rstrip()) :]
        # A "<" or ">" is what is left of a tag, and perhaps of more than the tag.
        whole = follows and value.strip() and ends_with_line and not _OF_TAGS.search(value)
        if not whole:
            self._not_taken(held)
            return
        self.broken = True
        self.remark(held.line, f"{held.name} has no closing tag; its value was used as it is.")
        self._keep(held, value.strip(), guess="its closing tag is missing")

    def _make_room(self, name: str, keep: int = 0) -> None:
        """Close what cannot hold ``name``; ``keep`` leaves that many on the stack's end."""
        kept = self.stack[len(self.stack) - keep :] if keep else []
        if keep:
            del self.stack[len(self.stack) - keep :]
        wanted = ancestors(name)
        parent_is_open = any(
            o.entity is not None and o.entity.name == PARENTS.get(name) for o in self.stack
        )
        while self.stack:
            entity = self.stack[-1].entity
            if entity is None or entity.name == PARENTS.get(name):
                break
            if entity.name in wanted and not parent_is_open:
                break
            self._leave(closed=False)
        self.stack += kept

    def _close(self, name: str, place: int) -> None:
        if not self.stack:
            self._close_unopened(name, place)
            return
        held = self.stack[-1]
        if held.name == name:
            if held.entity is not None or held.is_wrapper:
                self._leave(closed=True)
            else:
                self.stack.pop()
                value = "".join(held.pieces)
                if not is_whole(value):
                    self._mark_partial()
                self._keep(held, html.unescape(value))
            return
        if held.entity is None and not held.is_wrapper:
            self.stack.pop()
            parent = self._entity()
            if parent is not None and parent.name == name:
                self._without_closing(held, "".join(held.pieces), follows=True)
            else:
                self._not_taken(held)
        if any(opened.name == name for opened in self.stack):
            while self.stack[-1].name != name:
                self._leave(closed=False)
            self._leave(closed=True)
        else:
            self._close_unopened(name, place)

    def _close_unopened(self, name: str, place: int) -> None:
        line = self.line(place)
        self.broken = True
        if name in ENTITIES and name != "PriorAttain":
            while self.stack and not self.stack[-1].is_wrapper:
                self._leave(closed=False)
            self._wrap(name, line)
        elif name in _FIELD_NAMES:
            self.remark(line, f"The beginning of {name} is missing, so its value was not read.")
            self._mark_all_partial()
        else:
            self.remark(line, "This closing tag has no opening tag.")
            self._mark_partial()

    def _wrap(self, name: str, line: int) -> None:
        """The end of an entity whose beginning was not pasted: what came before is in it."""
        inside: list[RawField | RawEntity] = []
        while self.top:
            last = self.top[-1]
            if isinstance(last, RawEntity):
                fits = name in ancestors(last.name)
            else:
                fits = last.name in FIELDS[name] or last.name not in _FIELD_NAMES
                fits = fits or any(last.name in FIELDS[e] for e in ENTITIES if name in ancestors(e))
            if not fits:
                break
            inside.append(self.top.pop())
        inside.reverse()
        entity = RawEntity(name, line=inside[0].line if inside else line, partial=True)
        lost: list[RawField | RawEntity] = []
        for item in inside:
            if isinstance(item, RawEntity):
                self._hang(entity, item)
            elif item.name in FIELDS[name] or item.name not in _FIELD_NAMES:
                entity.fields.append(item)
            else:
                lost.append(item)
        for piece in gather_orphans(lost):
            self._hang(entity, piece)
        self.top.append(entity)

    def _hang(self, entity: RawEntity, item: RawEntity) -> None:
        at, above = entity, ancestors(item.name)
        if entity.name not in above:
            self.top.append(item)
            return
        for between in reversed(above[: above.index(entity.name)]):
            last = at.children[-1] if at.children else None
            if last is None or last.name != between or not last.partial:
                last = RawEntity(between, line=item.line, partial=True)
                at.children.append(last)
            at = last
        at.children.append(item)

    # --- keeping ------------------------------------------------------------------------

    def _entity(self) -> RawEntity | None:
        """The innermost entity that is open."""
        for opened in reversed(self.stack):
            if opened.entity is not None:
                return opened.entity
        return None

    def _mark_partial(self) -> None:
        """Nobody can tell what stood here, so nothing is concluded from what does not."""
        entity = self._entity()
        if entity is not None:
            entity.partial = True
            self.damaged = entity

    def _mark_all_partial(self) -> None:
        for opened in self.stack:
            if opened.entity is not None:
                opened.entity.partial = True

    def _keep(self, held: _Open, value: str, guess: str | None = None) -> None:
        if self.stack and self.stack[-1].is_wrapper and self._entity() is not None:
            return
        item = RawField(held.name, value, held.line, guess)
        entity = self._entity()
        if entity is not None:
            entity = self._enclosing_entity_for(entity, item)
            if self._must_be_the_next(entity, item):
                entity = self._start_next_entity(item)
            if entity is self.damaged:
                self.damaged = None
                self.remark(
                    held.line,
                    f"Something is missing before this. It was read as part of the {entity.name} "
                    f"that begins on line {entity.line}.",
                )
            entity.fields.append(item)
        elif held.name in _FIELD_NAMES:
            self.top.append(item)

    def _enclosing_entity_for(self, entity: RawEntity, item: RawField) -> RawEntity:
        """The entity a field is in: one above, when this one's end was lost and it has no such."""
        above = [opened.entity for opened in self.stack if opened.entity is not None][:-1]
        elsewhere = any(item.name in FIELDS[one.name] for one in above)
        while entity.partial and item.name not in FIELDS[entity.name] and elsewhere:
            while self.stack[-1].entity is not entity:
                self.stack.pop()
            self._leave(closed=False)
            entity = self._entity() or entity
        return entity

    def _must_be_the_next(self, entity: RawEntity, item: RawField) -> bool:
        """Whether a field that comes again shows that an entity's end was lost before it."""
        if len(entity.fields) < 2 and not entity.partial:
            return False
        came = {field.name for field in (entity.fields if entity.partial else entity.fields[:1])}
        return item.name in came

    def _start_next_entity(self, item: RawField) -> RawEntity:
        """Where one entity ends and the next of its kind begins is lost: the next, in part."""
        opened = next(o for o in reversed(self.stack) if o.entity is not None)
        kept = self.stack[self.stack.index(opened) + 1 :]
        del self.stack[len(self.stack) - len(kept) :]
        self._leave(closed=False)
        entity = RawEntity(opened.name, line=item.line, partial=True)
        self.stack += [_Open(opened.name, item.line or opened.line, entity), *kept]
        return entity

    def _leave(self, *, closed: bool) -> None:
        """Take the innermost element off the stack and put it where it belongs."""
        opened = self.stack.pop()
        entity = opened.entity
        if entity is None:
            if not closed:
                self.broken = True
                self._mark_partial()
            return
        if not closed:
            entity.partial = self.broken = True
            if not self.breaks_off:
                self.remark(opened.line, f"{entity.name} is opened here and never closed.")
        parent = self._entity()
        if parent is None:
            self.top.append(entity)
            return
        if not closed:
            parent.partial = True
        if PARENTS.get(entity.name) == parent.name:
            parent.children.append(entity)
        else:
            self._hang(parent, entity)

    def _end(self) -> None:
        if not self.stack:
            return
        innermost = self._entity()
        self.breaks_off = self.broken = True
        held = self.stack[-1]
        last = self.line(len(self.text.rstrip()))
        if held.entity is None and not held.is_wrapper:
            self.stack.pop()
            self.remark(
                held.line, f"The paste breaks off inside {held.name[:60]}; its value was not read."
            )
        elif innermost is not None:
            self.remark(last, f"The paste breaks off inside {innermost.name}.")
        while self.stack:
            self._leave(closed=False)


_OF_TAGS = re.compile("[<>]")
_FIELD_NAMES = frozenset(name for fields in FIELDS.values() for name in fields)


def read_tags(text: str, remarks: list[Remark]) -> ParsedRecord:
    """Read XML that a strict parser refuses. Raises InputError when nothing is in it."""
    walk = _Walk(text, remarks)
    walk.run()
    found = gather_orphans(walk.top)
    # A cut may have left elements without a single value: nothing to check.
    found = [entity for entity in found if _holds_something(entity)]
    if not found:
        line = remarks[0].line if remarks and remarks[0].line else walk.line(len(text.rstrip()))
        if any(walk_remark.message.startswith("The paste breaks off") for walk_remark in remarks):
            raise InputError(
                f"The XML breaks off at line {line}, before a single value is complete. Paste the "
                "whole element, from its opening to its closing tag."
            )
        raise InputError(
            "No learner record was found in this XML. Paste a <Learner>, a <LearningDelivery> or "
            "a whole <Message>."
        )
    reading = ParsedRecord(RawEntity("Message"), "part of an ILR XML file", walk.namespace)
    reading.message = assemble(found, reading.message, remarks)
    if not walk.broken and not walk.breaks_off:
        reading.kind = "ILR XML"
    reading.remarks = remarks
    take_header(reading)
    return reading


def _holds_something(entity: RawEntity) -> bool:
    return bool(entity.fields) or any(_holds_something(child) for child in entity.children)
