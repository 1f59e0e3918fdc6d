"""What was given, and which reader understands it."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.errors import InputError
from bot.ilr.readers.assembly import FIELDS
from bot.ilr.readers.decoding import MAX_PASTE_SIZE, text_of
from bot.ilr.readers.json_records import is_json, read_json
from bot.ilr.readers.limits import refuse_too_much
from bot.ilr.readers.lists import is_list, read_list, starts_list
from bot.ilr.readers.parsed import ParsedRecord
from bot.ilr.readers.tables import cells_of, is_header, is_table, read_table
from bot.ilr.readers.tidy import tidy
from bot.ilr.readers.violations import is_violation_report, read_violations
from bot.ilr.readers.xml import read_xml

__all__ = ["kind_of_text", "looks_like_record", "may_begin_record", "read"]

_FIELD_NAMES = "|".join(sorted({name for fields in FIELDS.values() for name in fields}))

MAX_ROWS = 40_000
"""Rows of a table or lines of a list."""

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
    if len(line) > 5_000 or line.rstrip().endswith("?"):
        return False
    if line.lstrip()[:1] in {"{", "["}:
        return True
    parted = (cells_of(line, mark) for mark in ("\t", "|", ";", ",") if mark in line)
    return starts_list(line) or any(map(is_header, parted)) or is_violation_report(line)


def read(given: str | bytes) -> ParsedRecord:
    """Understand what was given. Raises InputError with one clear sentence."""
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
    readers: dict[str, Callable[[str], ParsedRecord]] = {
        "xml": read_xml, "json": read_json, "violations": read_violations,
        "table": read_table, "list": read_list,
    }  # fmt: skip
    if kind in {"table", "list"} and text.count("\n") > MAX_ROWS:
        raise InputError(
            f"This has more than {MAX_ROWS:,} rows, which are not read at once. Paste one "
            "learner's rows, or give the return as an XML file."
        )
    if kind is not None:
        refuse_too_much(text, kind)
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
