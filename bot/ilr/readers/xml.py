"""ILR XML: a whole Message, one or more Learner or LearningDelivery elements, or smaller.

Well-formed XML is read strictly. What is not well formed, which is most of what is pasted
out of a viewer, goes to ``bot.ilr.readers.tags``.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from lxml import etree

from bot.errors import InputError
from bot.ilr.raw import RawEntity, Remark
from bot.ilr.readers.assembly import FIELDS, assemble, take_header
from bot.ilr.readers.elements import entity_of
from bot.ilr.readers.misnested import put_back
from bot.ilr.readers.parsed import ParsedRecord
from bot.ilr.readers.tags import read_tags
from bot.ilr.readers.tidy import escaped, one_newline, tidy
from bot.ilr.record import ENTITIES

__all__ = ["as_it_stands", "read_xml"]

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
# libxml2 would not expand these, but a record never has a reason to hold one.
_DOCTYPE = re.compile(r"(?:<|&lt;)!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_UNDECLARED_PREFIX = re.compile(r"<([A-Za-z_][\w.-]*):[A-Za-z]")
_MAX_LINES = 65_000
"""libxml2 counts no further than 65,535 lines reliably; longer text is walked instead."""


def read_xml(text: str) -> ParsedRecord:
    """Read XML. Raises InputError when it cannot be read at all, naming the line."""
    reading = as_it_stands(one_newline(text))
    if reading is None:
        if _DOCTYPE.search(text):
            raise InputError(
                "This XML declares a DOCTYPE or an entity, which ILR files never do, so it was not "
                "read. Remove those lines and try again."
            )
        remarks: list[Remark] = []
        was_escaped = escaped(text)
        text = tidy(text, remarks) if was_escaped or _needs_tidying(text) else one_newline(text)
        text = _as_the_schema_writes(_unfolded(text), remarks)
        reading = _strictly(text, remarks) or read_tags(text, remarks)
    _refuse_others(reading.message)
    put_back(reading.message, reading.remarks)
    return reading


_MARKS = ("&", "<!", "```", "~~~")
"""What text may have to be tidied of, or a reason to refuse it."""


def as_it_stands(text: str) -> ParsedRecord | None:
    """The record, of text as exports write it, in which nothing has to be put right: every line
    begins with a tag, and every tag has the schema's capitals. Otherwise None."""
    if not text.isascii() or any(mark in text for mark in _MARKS):
        return None
    if any(line.lstrip(" \t")[:1] not in {"<", ""} for line in text.split("\n")):
        return None
    root = _parsed(text)
    if root is None or not _has_the_schemas_capitals(root):
        return None
    return _reading_of(root, [])


def _has_the_schemas_capitals(root: etree._Element) -> bool:
    tags = {element.tag for element in root.iter(etree.Element)}
    names = {tag.rpartition("}")[2] for tag in tags}
    return all(_NAMES.get(name.casefold(), name) == name for name in names)


def _refuse_others(message: RawEntity) -> None:
    """A return of another collection may have the same wrapper, and nothing of the ILR in it."""
    if any(child.name.startswith("Learner") for child in message.children):
        return
    headers = [
        part for child in message.children if child.name == "Header" for part in child.children
    ]
    stated = [f.text.strip() for part in headers for f in part.fields if f.name == "Collection"]
    if stated and all(one.upper() != "ILR" for one in stated):
        raise InputError(
            "This is the XML of another collection, not of the ILR: its header says so, and there "
            "is no <Learner> in it."
        )


_FOLD = re.compile(
    r"^([ \t]{0,80})[-\u2212\u2013+\u25b6\u25b8\u25bc\u25be][ \t]?(?=<[\w/])", re.MULTILINE
)
_FOLDED = re.compile(
    r"^[ \t]{0,80}[+\u25b6\u25b8][ \t]?<([\w.:-]{1,80})[^<>\n]*>[ \t.…]*(?:</\1>)?[ \t]*$",
    re.MULTILINE,
)
_TAG = re.compile(r"(</?(?:[\w.-]{1,60}:)?)([A-Za-z]\w{1,60})(?=[\s/>])")
_NAMES = {
    name.casefold(): name for name in [*ENTITIES, *(f for all_ in FIELDS.values() for f in all_)]
}


def _unfolded(text: str) -> str:
    """Without the minus and plus signs of a browser's tree; what was folded away is "…"."""
    if not _FOLD.search(text):
        return text
    return _FOLD.sub(r"\1", _FOLDED.sub("…", text))


def _as_the_schema_writes(text: str, remarks: list[Remark]) -> str:
    """Tags in the capitals of the ILR, with a remark when they were in others."""
    names = {name for _, name in _TAG.findall(text)}
    others = {name for name in names if _NAMES.get(name.casefold(), name) != name}
    if not others:
        return text
    odd = next(m for m in _TAG.finditer(text) if m[2] in others)
    remarks.append(
        Remark(
            text.count("\n", 0, odd.start()) + 1,
            "Tags were read without regard to capitals, from this line on. In a file they have "
            "to be written as the ILR writes them.",
        )
    )
    return _TAG.sub(lambda m: m[1] + _NAMES.get(m[2].casefold(), m[2]), text)


_ODD = re.compile(
    "[\\u200b-\\u200f\\u2060\\ufeff\\u00ad\\u00a0\\u2000-\\u200a\\u202a-\\u202f\\u3000]"
    "|```|~~~|<(?:http|mailto:|tel:)"
)
_QUOTED = re.compile(r"^[ \t]*(?:>|&gt;)", re.MULTILINE)
_NUMBERED = re.compile(r"^[ \t]{0,12}\d{1,7}[ \t]{0,4}[:.|)]?[ \t]{0,80}<", re.MULTILINE)


def _needs_tidying(text: str) -> bool:
    return any(mark.search(text) for mark in (_ODD, _QUOTED, _NUMBERED))


def _strictly(text: str, remarks: list[Remark]) -> ParsedRecord | None:
    """The record, when the text is well-formed XML and every outermost element is the ILR's."""
    root = _parsed(text, set(_UNDECLARED_PREFIX.findall(text)))
    return None if root is None else _reading_of(root, remarks)


def _parsed(text: str, prefixes: Collection[str] = ()) -> etree._Element | None:
    """Well-formed XML within an element of ours, which declares these prefixes; otherwise None."""
    if text.count("\n") > _MAX_LINES:
        return None
    body = _DECLARATION.sub(lambda m: "\n" * m[0].count("\n"), text.lstrip("\ufeff"), count=1)
    declared = "".join(f' xmlns:{one}="urn:pasted"' for one in sorted(prefixes) if one != "xml")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        return etree.fromstring(f"<pasted{declared}>{body}</pasted>".encode(), parser)
    except (etree.XMLSyntaxError, UnicodeEncodeError):
        return None


def _reading_of(root: etree._Element, remarks: list[Remark]) -> ParsedRecord | None:
    """The record in an element; None when something else stands there, or it is damaged."""
    outermost = [child for child in root if isinstance(child.tag, str)]
    if not outermost or any(etree.QName(child).localname not in ENTITIES for child in outermost):
        return None
    reading = ParsedRecord(RawEntity("Message"), "ILR XML", remarks=list(remarks))
    tops = [entity_of(child, reading) for child in outermost]
    found = [top for top in tops if top is not None]
    if any(map(_is_damaged, found)):
        # Well formed by chance, as when tags lost their ends: the walk sees what is damaged.
        return None
    reading.message = assemble(found, reading.message, reading.remarks)
    take_header(reading)
    return reading


def _is_damaged(entity: RawEntity) -> bool:
    """Whether words stand in it, or its first field again, where the end of one was lost."""
    if entity.partial:
        return True
    fields = entity.fields
    if len(fields) > 2:
        first = fields[0].name
        if any(item.name == first for item in fields[2:]):
            return True
    return any(map(_is_damaged, entity.children))
