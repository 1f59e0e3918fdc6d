"""XML elements as raw entities."""

from __future__ import annotations

from lxml import etree

from bot.ilr.raw import ATTRIBUTE, WORDS, RawEntity, RawField, Remark
from bot.ilr.readers.assembly import FIELDS
from bot.ilr.readers.parsed import ParsedRecord
from bot.ilr.record import ENTITIES

__all__ = ["FIELDS_TOO", "entity_of", "shift_lines"]

FIELDS_TOO = frozenset({"PriorAttain"})
"""Plain fields to 2020-21, entities since."""


def entity_of(element: etree._Element, reading: ParsedRecord) -> RawEntity | None:
    """One element as a raw entity; None, and a remark, when it is not the ILR's."""
    namespace, _, name = element.tag.rpartition("}")
    if reading.namespace is None and namespace and namespace != "{urn:pasted":
        reading.namespace = namespace[1:]
    line = element.sourceline
    if name not in ENTITIES:
        reading.remarks.append(
            Remark(line, f"{name[:60]} is not an ILR element; it was not read.", True)
        )
        return None
    entity = RawEntity(name, line=line)
    fields, sequence = entity.fields, entity.sequence
    holds_words = _is_words(element.text)
    for attribute, value in _attributes(element):
        sequence.append((f"{ATTRIBUTE}{attribute}", line))
        if attribute in FIELDS[name]:
            guess = "it was written as an attribute; the ILR has elements"
            fields.append(RawField(attribute, value, line, guess))
    for child in element:
        tail, tag = child.tail, child.tag
        if tail and not tail.isspace():
            holds_words = True
        if not isinstance(tag, str):
            continue
        child_line = child.sourceline
        child_name = tag.rpartition("}")[2]
        sequence.append((child_name, child_line))
        has_parts = len(child) > 0
        if child_name in ENTITIES and (has_parts or child_name not in FIELDS_TOO):
            built = entity_of(child, reading)
            if built is not None:
                entity.children.append(built)
        elif has_parts:
            reading.remarks.append(
                Remark(child_line, f"{child_name[:60]} is not an ILR element.", True)
            )
        else:
            fields.append(RawField(child_name, child.text or "", child_line))
            if child.keys():
                sequence += [(f"{ATTRIBUTE}{one}", child_line) for one, _ in _attributes(child)]
    if holds_words:
        # Anything but elements, such as "…" for what was left out.
        entity.partial = True
        sequence.append((WORDS, line))
    if name == "CollectionDetails":
        for item in fields:
            if item.name == "Year":
                reading.year_text = item.text.strip()
            elif item.name == "FilePreparationDate":
                reading.prepared_on = item.text.strip()
    return entity


def _attributes(element: etree._Element) -> list[tuple[str, str]]:
    """Names and values of its attributes, but those that say where the schema is."""
    parted = [(*str(key).rpartition("}"), str(value)) for key, value in element.items()]
    return [(name, value) for space, _, name, value in parted if space != _OF_SCHEMAS]


_OF_SCHEMAS = "{http://www.w3.org/2001/XMLSchema-instance"


def _is_words(text: str | None) -> bool:
    return text is not None and text != "" and not text.isspace()


def shift_lines(entity: RawEntity, by: int) -> None:
    """Move every line number of a tree, for a piece taken out of a larger file."""
    if entity.line is not None:
        entity.line += by
    for item in entity.fields:
        if item.line is not None:
            item.line += by
    entity.sequence = [(name, line and line + by) for name, line in entity.sequence]
    for child in entity.children:
        shift_lines(child, by)
