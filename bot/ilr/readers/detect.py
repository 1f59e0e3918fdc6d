"""What was given, and which reader understands it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial

from bot.errors import InputError
from bot.ilr.raw import Remark
from bot.ilr.readers.assembly import FIELDS
from bot.ilr.readers.decoding import MAX_PASTE_SIZE, is_workbook, text_of
from bot.ilr.readers.headless import heads_other_things, is_headless, read_headless
from bot.ilr.readers.html_text import is_html, lines_of_html, move_lines
from bot.ilr.readers.json_records import is_json, json_alone, read_json, unescaped_json, xml_in_json
from bot.ilr.readers.limits import refuse_too_much
from bot.ilr.readers.list_detect import is_list, starts_list
from bot.ilr.readers.lists import read_list
from bot.ilr.readers.net import catch
from bot.ilr.readers.parsed import ParsedRecord
from bot.ilr.readers.prose import is_prose, read_prose
from bot.ilr.readers.spreadsheets import Sheet, sheets_of
from bot.ilr.readers.tables import cells_of, is_header, is_table, read_table
from bot.ilr.readers.tidy import named_tags, tidy
from bot.ilr.readers.violations import is_violation_report, read_violations, rows_above
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
_ANY_CASE = re.compile(
    r"(?:<|&lt;)(?:[\w.-]{1,60}:)?"
    r"(?:Learner|LearningDelivery|LearningDeliveryWorkPlacement|LearnRefNumber|"
    r"LearnAimRef|LearnStartDate|WorkPlaceStartDate)\s?(?:>|&gt;)",
    re.IGNORECASE,
)
_ASKS = re.compile(r"\?\s*$")
_OTHER_XML = re.compile(
    r"\s{0,200}(?:<\?xml|<!DOCTYPE|<[A-Za-z][\w.:-]{0,60}[\s>/])", re.IGNORECASE
)
_LOOKED_AT = 200_000
"""Characters of a message that are looked at to tell what it is."""


def kind_of_text(text: str) -> str | None:
    """What a text is; None for anything else.

    xml, html, json, violations, table, list, prose (sentences), rows (without headings).
    """
    head = named_tags(unescaped_json(text[:_LOOKED_AT]))
    if head.lstrip()[:1] in {"{", "["} and xml_in_json(text):
        return "json"
    if _RECORD.search(head) or _ANY_CASE.search(head):
        return "xml"
    # A single line without a mark between names and values is a question.
    if "\n" not in head.strip() and not re.search(r"[:=\t{\[]|\d", head[:4_000]):
        return None
    head = json_alone(tidy(head, []))
    if _RECORD.search(head):
        return "xml"
    if is_html(head):
        inside = "\n".join(line for _, line in lines_of_html(head))
        return "html" if not is_html(inside) and kind_of_text(inside) else None
    if is_json(head):
        return "json"
    if is_violation_report(head):
        below = _record_below(head)
        return below.kind if below is not None else "violations"
    if is_table(head):
        return "table"
    # Nor is one with figures: "TNP1 9,000, TNP3 2,400 in January, completion isn't 1,800?"
    asks = "\n" not in head.strip() and _ASKS.search(head) and not re.search(r"[:=\t{\[|]", head)
    if not asks and is_list(head):
        return "list"
    if not asks and is_headless(head):
        return "rows"
    return "prose" if is_prose(head) and not heads_other_things(head) else None


def _read_html(text: str) -> ParsedRecord:
    lines = lines_of_html(tidy(text, []))
    reading = read("\n".join(line for _, line in lines))
    move_lines(reading, lines)
    return reading


@dataclass(frozen=True, slots=True)
class _Below:
    """A record below a few rows of a rule report: the text with blank lines for these, their
    lines, and what the record is."""

    text: str
    rows: list[int]
    kind: str


def _record_below(text: str) -> _Below | None:
    """The list or the table that a few rows of a rule report stand above, as what they are
    about; None where none does."""
    above = rows_above(text)
    lines = text.split("\n")
    for number in above:
        lines[number - 1] = ""
    rest = "\n".join(lines)
    kind = kind_of_text(rest) if above else None
    return _Below(rest, above, kind) if kind in {"list", "table"} else None


def _read_below(reader: Callable[[str], ParsedRecord], text: str) -> ParsedRecord:
    """Read a list or a table, without rows of a rule report above it."""
    below = _record_below(tidy(text, []))
    if below is None:
        return reader(text)
    reading = reader(below.text)
    words = "This is a row of an error report, so it was not read."
    reading.remarks[:0] = [Remark(number, words) for number in below.rows]
    return reading


def looks_like_record(text: str) -> bool:
    """Whether a message is a pasted record, or rows of a report, rather than a question."""
    return kind_of_text(text) is not None


def may_begin_record(line: str) -> bool:
    """Whether a line could be the first of a table, a list of fields or a report's rows."""
    if len(line) > 5_000 or line.rstrip().endswith("?"):
        return False
    if line.lstrip()[:1] in {"{", "[", "<"}:
        return True
    parted = (cells_of(line, mark) for mark in ("\t", "|", ";", ",") if mark in line)
    return starts_list(line) or any(map(is_header, parted)) or is_violation_report(line)


def read(given: str | bytes, *, today: date | None = None) -> ParsedRecord:
    """Understand what was given. Raises InputError with one clear sentence.

    ``today``: whose academic year a record told in sentences is of, when it names no year.
    """
    if len(given) > MAX_PASTE_SIZE:
        raise InputError(
            f"This is larger than {MAX_PASTE_SIZE // 1_000_000} MB, and no XML file that `check` "
            "could read piece by piece. Give fewer learners at a time."
        )
    if isinstance(given, bytes) and is_workbook(given):
        return _read_workbook(given)
    text = text_of(given)
    if not text.strip():
        raise InputError("There is nothing here. Paste a Learner or LearningDelivery element.")
    if "\x00" in text:
        raise InputError("This is not text. Paste the record itself, or save the file as XML.")
    text = named_tags(unescaped_json(text))
    kind = kind_of_text(text)
    readers: dict[str, Callable[[str], ParsedRecord]] = {
        "xml": read_xml, "json": lambda told: read_json(json_alone(told)),
        "violations": read_violations,
        "table": partial(_read_below, read_table), "list": partial(_read_below, read_list),
        "html": _read_html,
        "rows": read_headless,
        "prose": lambda told: read_prose(told, today or date.today()),
    }  # fmt: skip
    if kind in {"table", "list", "rows"} and text.count("\n") > MAX_ROWS:
        raise InputError(
            f"This has more than {MAX_ROWS:,} rows, which are not read at once. Paste one "
            "learner's rows, or give the return as an XML file."
        )
    if kind is not None:
        refuse_too_much(text, kind)
        reading = readers[kind](text)
        catch(reading)
        return reading
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


def _read_workbook(given: bytes) -> ParsedRecord:
    """Read the sheets of a workbook that hold records; line numbers are rows.

    Several such sheets are read as tables beneath each other.
    """
    sheets, has_errors = sheets_of(given)
    good = [sheet for sheet in sheets if kind_of_text(sheet.text) is not None]
    if not good:
        raise InputError(
            "No learner record was found in this workbook. A sheet is read when it has a row of "
            "headings such as LearnAimRef and LearnStartDate, and rows of values beneath it."
        )
    shown = [sheet for sheet in good if not sheet.hidden] or good
    remarks = _on_sheets(sheets, shown)
    if has_errors:
        words = "Cells with an Excel error such as #N/A were read as blank."
        remarks.append(Remark(None, words))
    reading = read("\n\n".join(sheet.text for sheet in shown))
    reading.remarks[:0] = remarks
    return reading


def _on_sheets(sheets: list[Sheet], read_ones: list[Sheet]) -> list[Remark]:
    """Where each sheet's lines begin when several are read, and which sheets were not."""
    remarks = []
    if len(read_ones) > 1:
        first, parts = 1, []
        for sheet in read_ones:
            parts.append(f"sheet {sheet.number} from line {first:,}")
            first += sheet.text.count("\n") + 2
        words = f"Lines are counted through {len(read_ones)} sheets: {', '.join(parts)}."
        remarks.append(Remark(None, words))
    for sheet in sheets:
        if sheet not in read_ones:
            why = "is hidden" if sheet.hidden else "holds no record"
            remarks.append(Remark(None, f"Sheet {sheet.number} {why}, so it was not read."))
    return remarks
