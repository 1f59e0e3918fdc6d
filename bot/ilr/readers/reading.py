"""What was given, and which reader understands it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.errors import InputError
from bot.ilr.readers.assembly import FIELDS
from bot.ilr.record import RawEntity, RawField, Remark

__all__ = [
    "MAX_PASTE_SIZE",
    "Reading",
    "Violation",
    "kind_of_text",
    "looks_like_record",
    "may_begin_record",
    "read",
    "text_of",
]

_FIELD_NAMES = "|".join(sorted({name for fields in FIELDS.values() for name in fields}))

MAX_PASTE_SIZE = 20_000_000
"""Characters. Larger input is a whole return, which is streamed instead."""

MAX_ROWS = 40_000
"""Rows of a table or lines of a list."""

_MAGIC = (
    (
        b"PK\x03\x04",
        "a zip file. Unpack it and give what is in it; from a spreadsheet, copy the cells",
    ),
    (b"PK\x05\x06", "an empty zip file"),
    (b"\x1f\x8b", "a compressed file. Unpack it and give what is in it"),
    (b"7z\xbc\xaf", "a compressed file. Unpack it and give what is in it"),
    (b"Rar!", "a compressed file. Unpack it and give what is in it"),
    (b"\x89PNG", "a picture. Paste the record as text"),
    (b"\xff\xd8\xff", "a picture. Paste the record as text"),
    (b"GIF8", "a picture. Paste the record as text"),
    (b"II*\x00", "a picture. Paste the record as text"),
    (b"MM\x00*", "a picture. Paste the record as text"),
    (b"%PDF", "a PDF. Paste the record as text"),
    (b"\xd0\xcf\x11\xe0", "an old Office file. Copy the cells and paste them as text"),
    (b"{\\rtf", "a rich text file. Copy the record out of it and paste it as text"),
)


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule in a violation report: how many learners and rows it stands for."""

    rule: str
    learners: int
    """0 when the rows do not tell learners apart."""
    rows: int


@dataclass
class Reading:
    """A record as understood, before any year's specification is applied to it."""

    message: RawEntity
    """Always a Message; ``partial`` where only parts were pasted."""
    kind: str
    """What it was taken for, in words, e.g. "ILR XML"."""
    namespace: str | None = None
    year_text: str | None = None
    """The header's year, e.g. ``2627``."""
    prepared_on: str | None = None
    """The header's file preparation date as typed."""
    remarks: list[Remark] = field(default_factory=list)
    violations: tuple[Violation, ...] = ()
    """Of a rule violation report, which is no record; the message is then empty."""
    learners_named: int = 0
    """How many learners such a report has rows for."""

    def fields(self) -> list[RawField]:
        """Every value of the record."""
        return [item for entity in _walk(self.message) for item in entity.fields]

    def guesses(self) -> list[RawField]:
        """Values that are not certain, in order of line."""
        found = [item for item in self.fields() if item.guess]
        return sorted(found, key=lambda item: item.line or 0)

    def to_json(self) -> dict[str, Any]:
        """The record as read, with lines and guesses; ``read`` understands it again."""
        return {
            "kind": self.kind,
            "namespace": self.namespace,
            "record": _as_json(self.message),
            "violations": [
                {"rule": one.rule, "learners": one.learners, "rows": one.rows}
                for one in self.violations
            ],
            "problems": [{"line": r.line, "message": r.message} for r in self.remarks],
        }


def _walk(entity: RawEntity) -> Iterator[RawEntity]:
    yield entity
    for child in entity.children:
        yield from _walk(child)


def _as_json(entity: RawEntity) -> dict[str, Any]:
    return {
        "entity": entity.name,
        "line": entity.line,
        "partial": entity.partial,
        "fields": [
            {"name": f.name, "value": f.text, "line": f.line, "guess": f.guess}
            for f in entity.fields
        ],
        "children": [_as_json(child) for child in entity.children],
    }


def text_of(given: str | bytes) -> str:
    """Text from bytes: UTF-8, UTF-16 or Windows-1252. Raises InputError for anything else."""
    if isinstance(given, str):
        return given
    if given.startswith(b"PK\x03\x04"):
        _refuse_office(given)
    if given[4:12] in _LATER_MAGIC or given[8:12] == b"WEBP":
        raise InputError("This is a picture. Paste the record as text.")
    for magic, what in _MAGIC:
        if given.startswith(magic):
            raise InputError(f"This is {what}.")
    encoding = _utf_16(given)
    if encoding is not None:
        # A file cut in the middle of a character is still a file.
        try:
            return given[: len(given) // 2 * 2].decode(encoding).removeprefix("\ufeff")
        except UnicodeDecodeError:
            raise InputError("This says it is UTF-16 text but is not.") from None
    if b"\x00" in given[:4000]:
        raise InputError("This is not text. Paste the record itself, or save the file as XML.")
    try:
        return given.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.start >= len(given) - 3:
            return given[: error.start].decode("utf-8-sig")
        return given.decode("cp1252", errors="replace")


_LATER_MAGIC = frozenset({b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypavif"})
_OFFICE = (
    (b"xl/", "an Excel workbook"),
    (b"opendocument.spreadsheet", "a spreadsheet"),
    (b"word/", "a Word document"),
    (b"opendocument.text", "a text document"),
)


def _refuse_office(given: bytes) -> None:
    """Say what to do instead with a spreadsheet or a document, which is a zip file inside."""
    for mark, what in _OFFICE:
        if mark not in given:
            continue
        part = "cells with their headings" if "sheet" in what or "book" in what else "record"
        raise InputError(
            f"This is {what}, which is not read. Open it, select the {part}, copy and paste as "
            "text."
        )


def _utf_16(given: bytes) -> str | None:
    """The byte order of UTF-16, by its mark or by the zero bytes of its first characters."""
    if given.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    head = given[:200]
    low, high = head[1::2].count(0), head[0::2].count(0)
    half = len(head) // 2
    if half >= 4 and low >= half * 0.9 and high == 0:
        return "utf-16-le"
    return "utf-16-be" if half >= 4 and high >= half * 0.9 and low == 0 else None


_RECORD = re.compile(
    r"(?:<|&lt;)\s?/?\s?(?:[\w.-]{1,60}:)?"
    r"(?:Message|Learner\w*|LearningDelivery\w*|AppFinRecord|HRSRecord|PriorAttain|"
    r"LLDDandHealthProblem|ContactPreference|DPOutcome|WorkPlace\w+|EmploymentStatusMonitoring|"
    rf"(?:{_FIELD_NAMES})(?=\s?/?(?:>|&gt;)))\b"
)
_OTHER_XML = re.compile(
    r"\s{0,200}(?:<\?xml|<!DOCTYPE|<[A-Za-z][\w.:-]{0,60}[\s>/])", re.IGNORECASE
)
_LOOKED_AT = 200_000
"""Characters of a message that are looked at to tell what it is."""


def kind_of_text(text: str) -> str | None:
    """What a text is: xml, json, violations, table, list; None for anything else."""
    from bot.ilr.readers.json_records import is_json
    from bot.ilr.readers.lists import is_list
    from bot.ilr.readers.tables import is_table
    from bot.ilr.readers.tidy import tidy
    from bot.ilr.readers.violations import is_violation_report

    head = text[:_LOOKED_AT]
    if _RECORD.search(head):
        return "xml"
    # A single line without a mark between names and values is a question.
    if "\n" not in head.strip() and not re.search(r"[:=\t{\[]|\d", head[:4_000]):
        return None
    head = tidy(head, [])
    if _RECORD.search(head):
        return "xml"
    if is_json(head):
        return "json"
    if is_violation_report(head):
        return "violations"
    if is_table(head):
        return "table"
    return "list" if is_list(head) else None


def looks_like_record(text: str) -> bool:
    """Whether a message is a pasted record, or rows of a report, rather than a question."""
    return kind_of_text(text) is not None


def may_begin_record(line: str) -> bool:
    """Whether a line could be the first of a table, a list of fields or a report's rows."""
    from bot.ilr.readers.lists import starts_list
    from bot.ilr.readers.tables import cells_of, is_header
    from bot.ilr.readers.violations import is_violation_report

    if len(line) > 5_000 or line.rstrip().endswith("?"):
        return False
    if line.lstrip()[:1] in {"{", "["}:
        return True
    parted = (cells_of(line, mark) for mark in ("\t", "|", ";", ",") if mark in line)
    return starts_list(line) or any(map(is_header, parted)) or is_violation_report(line)


def read(given: str | bytes) -> Reading:
    """Understand what was given. Raises InputError with one clear sentence."""
    from bot.ilr.readers.json_records import read_json
    from bot.ilr.readers.lists import read_list
    from bot.ilr.readers.tables import read_table
    from bot.ilr.readers.violations import read_violations
    from bot.ilr.readers.xml import read_xml

    if len(given) > MAX_PASTE_SIZE:
        raise InputError(
            f"This is larger than {MAX_PASTE_SIZE // 1_000_000} MB. Check one learner at a time, "
            "or give the file's name to `check`."
        )
    text = text_of(given)
    if not text.strip():
        raise InputError("There is nothing here. Paste a Learner or LearningDelivery element.")
    if "\x00" in text:
        raise InputError("This is not text. Paste the record itself, or save the file as XML.")
    kind = kind_of_text(text)
    readers: dict[str, Callable[[str], Reading]] = {
        "xml": read_xml, "json": read_json, "violations": read_violations,
        "table": read_table, "list": read_list,
    }  # fmt: skip
    if kind in {"table", "list"} and text.count("\n") > MAX_ROWS:
        raise InputError(
            f"This has more than {MAX_ROWS:,} rows, which are not read at once. Paste one "
            "learner's rows, or give the return as an XML file."
        )
    if kind is not None:
        return readers[kind](text)
    if _OTHER_XML.match(text):
        raise InputError(
            "No learner record was found in this: it is XML or a web page, but holds no ILR "
            "element such as <Learner> or <LearningDelivery>."
        )
    raise InputError(
        "No learner record was found in this. Paste ILR XML (a <Learner>, a <LearningDelivery> "
        "or a whole <Message>), table cells with their headings, or a list of fields such as "
        "“LearnStartDate: 01/09/2026”."
    )
