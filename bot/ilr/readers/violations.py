"""Rows of a rule violation report: which rules, how often and for how many learners.

Explained rule by rule; what its rows say of learners and aims is read beside, and kept nowhere.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass

from bot.errors import InputError
from bot.ilr.raw import RawEntity, Remark
from bot.ilr.readers.names import key
from bot.ilr.readers.parsed import ParsedRecord, Violation
from bot.ilr.readers.tables import Row, cells_of
from bot.ilr.readers.tidy import tidy
from bot.ilr.readers.violated_records import records_in
from bot.ilr.readers.years_above import year_above

__all__ = [
    "Layout",
    "grouped",
    "is_violation_report",
    "layout_of",
    "read_violations",
    "rows_above",
]

_RULE = re.compile(
    r"[A-Za-z][A-Za-z0-9]{0,40}(?:_[A-Za-z0-9]{1,40}){0,2}_(?:\d{1,3}[A-Za-z]?|[A-Z]{2})"
)
_SEVERITY = frozenset({"e", "w", "error", "warning"})
_SEPARATORS = ("\t", ",", "|", ";", "  ")
_RULE_HEADINGS = frozenset({"rulename", "rule", "ruleid", "rulecode"})
_LEARNER_HEADINGS = ("learnerref", "learnrefnumber", "learnerreference", "learnerrefnumber",
                     "learnerreferencenumber", "uniquelearnernumber", "uln")  # fmt: skip
_TELLING = frozenset({"errormessage", "fieldvalues", "errorwarning", "severity", "error", "message",
                      "aimsequencenumber", "aimreferencenumber", *_LEARNER_HEADINGS})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Layout:
    """Which cell holds what. ``header_line`` 0: the rows have no heading."""

    separator: str
    rule: int
    learner: int | None
    header_line: int = 0


def layout_of(text: str) -> Layout | None:
    """How a report's rows are laid out; None for a text that is none."""
    lines = text.split("\n")[:30]
    for number, line in enumerate(lines, 1):
        for separator in _SEPARATORS:
            if separator not in line:
                continue
            cells = [key(cell) for cell in cells_of(line, separator)]
            rule = next((at for at, cell in enumerate(cells) if cell in _RULE_HEADINGS), None)
            if rule is not None and len(cells) >= 3 and len(_TELLING & set(cells)) >= 2:
                learner = next((cells.index(n) for n in _LEARNER_HEADINGS if n in cells), None)
                return Layout(separator, rule, learner, number)
    return _without_header(lines)


def _without_header(lines: list[str]) -> Layout | None:
    """Rows copied without their heading: E or W first, a rule's name further along."""
    for separator in (*_SEPARATORS, " "):
        rows = [cells_of(line, separator) for line in lines if separator in line]
        marked = [row for row in rows if row[0].casefold() in _SEVERITY and len(row) >= 3]
        # A sentence may begin with "E"; two do not.
        if len(marked) < (2 if separator == " " else 1) or len(marked) * 2 < len(
            [line for line in lines if line.strip()]
        ):
            continue
        places = Counter(
            at for row in marked for at, cell in enumerate(row[:8]) if _RULE.fullmatch(cell)
        )
        if places and (best := places.most_common(1)[0])[1] * 2 >= len(marked):
            rule = best[0]
            # "E R_96 A100234": who it is stands behind the rule when nothing stands before it.
            behind = all(_REFERENCE.fullmatch(r[2]) for r in marked if len(r) > 2)
            return Layout(separator, rule, 1 if rule > 1 else 2 if behind else None)
    return None


_REFERENCE = re.compile(r"(?=\D{0,11}\d)[A-Za-z0-9/-]{1,12}")
_COUNTED = re.compile(
    rf"\W{{0,4}}({_RULE.pattern})[\s,;|:x×(–—-]{{1,8}}(\d{{1,6}})\s?(learners?|rows?|errors?|records?|times?)?"
    r"[\s),.|]{0,4}",
    re.IGNORECASE,
)


def _counts(text: str) -> dict[int, re.Match[str]]:
    """Lines of a summary, each a rule and how often: "R_96  12 learners"."""
    lines = enumerate(text.split("\n")[:2_000], 1)
    found = {at: match for at, line in lines if (match := _COUNTED.fullmatch(line))}
    return found if len(found) > 1 else {}


def _read_counts(
    found: dict[int, re.Match[str]], text: str, remarks: list[Remark]
) -> tuple[Counter[str], dict[str, int]]:
    rows: Counter[str] = Counter()
    learners: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        match = found.get(number)
        if match is None:
            if line.strip():
                remarks.append(Remark(number, "This line was not understood."))
            continue
        rows[match[1]] += int(match[2])
        if (match[3] or "").casefold().startswith("learner"):
            learners[match[1]] = learners.get(match[1], 0) + int(match[2])
    return rows, learners


def is_violation_report(text: str) -> bool:
    """Whether a (tidied) text holds rows of a rule violation report."""
    return layout_of(text) is not None or bool(_counts(text))


_MOST_ABOVE = 10
"""Rows of a report that somebody pastes above the record that they ask about."""


def rows_above(text: str) -> list[int]:
    """The lines of a few rows of a report, with their headings, where more than a line stands
    below the last of them and no row names a rule there; none for any other text."""
    layout = layout_of(text)
    if layout is None or not layout.header_line:
        return []
    lines = text.split("\n")
    rows = [
        number
        for number, line in enumerate(lines, 1)
        if number > layout.header_line
        and any(_RULE.fullmatch(cell) for cell in cells_of(line, layout.separator))
    ]
    below = [line for line in lines[rows[-1] :] if line.strip()] if rows else []
    together = rows == list(range(layout.header_line + 1, layout.header_line + 1 + len(rows)))
    few = together and len(rows) <= _MOST_ABOVE and len(below) > 1
    return [layout.header_line, *rows] if few else []


def read_violations(text: str) -> ParsedRecord:
    """Count a report's rows by rule, most learners first."""
    remarks: list[Remark] = []
    text = tidy(text, remarks)
    layout = layout_of(text)
    if layout is None:
        rows, counted = _read_counts(_counts(text), text, remarks)
        return grouped(rows, counted, 0, remarks)
    rows = Counter()
    header: Row | None = None
    named: list[Row] = []
    learners: defaultdict[str, set[str]] = defaultdict(set)
    everyone: set[str] = set()
    for number, line in enumerate(text.split("\n"), 1):
        cells = cells_of(line, layout.separator)
        if number == layout.header_line:
            header = Row(number, cells)
        if number == layout.header_line or not line.strip(" |-\t,"):
            continue
        rule = cells[layout.rule] if layout.rule < len(cells) else ""
        if not _RULE.fullmatch(rule):
            # A cell that holds the separator moves the others along.
            rule = next((cell for cell in cells if _RULE.fullmatch(cell)), "")
        if not rule:
            if number > layout.header_line:
                remarks.append(Remark(number, "This row names no rule."))
            continue
        rows[rule] += 1
        named.append(Row(number, cells))
        if layout.learner is not None and layout.learner < len(cells) and cells[layout.learner]:
            learners[rule].add(cells[layout.learner])
            everyone.add(cells[layout.learner])
    reading = grouped(
        rows, {rule: len(refs) for rule, refs in learners.items()}, len(everyone), remarks
    )
    if header is not None and (message := records_in(header, named)) is not None:
        reading.message = message
    if (year := year_above(text.split("\n")[: layout.header_line])) is not None:
        reading.year_text = year[0]
    return reading


def grouped(
    rows: Counter[str], learners: dict[str, int], everyone: int, remarks: list[Remark]
) -> ParsedRecord:
    """A reading that is no record: rules with their counts, most learners first.

    Raises InputError when no rule is in it.
    """
    if not rows:
        raise InputError("No rule is named in this report, so there is nothing to explain.")
    found = sorted(
        (Violation(rule, learners.get(rule, 0), count) for rule, count in rows.items()),
        key=lambda one: (-one.learners, -one.rows, one.rule),
    )
    return ParsedRecord(
        RawEntity("Message", partial=True),
        "rule violation report",
        remarks=remarks,
        violations=tuple(found),
        learners_named=everyone,
    )
