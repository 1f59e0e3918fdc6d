"""Whether a message may be a record that no reader recognises: then nothing of it is kept."""

from __future__ import annotations

import re

__all__ = ["is_record_in_doubt"]

MAX_LENGTH = 1_000
"""Characters; a longer message was pasted more often than typed."""
MIN_ROWS = 2
MIN_LABELS = 3
"""Labels with a value, in a message of one line or more."""
MIN_LABELLED_LINES = 2
MIN_STACKED = 3
"""Pairs of a label and, on the line below, its value."""
_MARKUP = re.compile(
    r"(?:</?|&lt;/?)(?:t[drh]\b|table|tr>|learner|[A-Z][A-Za-z]{3,40}>)|\{\s*\"\w+\"\s*:",
    re.IGNORECASE,
)
_SQL = re.compile(
    r"\b(?:select\b.{1,200}\bfrom\b|insert\s+into\b|update\b.{1,80}\bset\b)",
    re.IGNORECASE | re.DOTALL,
)
_LABEL = re.compile(
    r"(?:^|[ \t|;,*>])([A-Za-z][\w/. ]{1,28}?)[*_.]{0,12}[ ]?[:=]"
    r"(?![/\w]*//)[ \t*]{0,6}(?=[^\s:=,;])"
)
_LABELLED_LINE = re.compile(
    r"^[ \t>*_•-]{0,6}[A-Za-z(#][\w/()?.' -]{1,40}[*_.]{0,12}[ ]?[:=]\*?[ \t]{0,6}\S"
    r"|^\S[^\n:]{1,40}\t: ?\w[\w ]{1,30}$"
)
_NO_LABEL = re.compile(
    r"^\W*(?:FIS|SLD|PDSAT|FRM\d*|DAS|LARS|R\d\d|Q|A|Question|Answer|Example|Note|PS|Edit)\s*:",
    re.IGNORECASE,
)
"""A system, a return or an aside before a colon: two reports beside each other are no record."""
_PROSE = re.compile(r"\?|\b(?:why|what|how|which|should|does|do we|can we|is it)\b", re.IGNORECASE)
_CELL_MARKS = "\t|;,"
_FIELDS = re.compile(
    r"(?i)\b(?:(?:sur|fore|full|family|given|first|last|known as|middle)[ _]?names?|name|learner"
    r"|student|d\.?o\.?b|birth\w*|uln|unique learner|post ?code|address|phone|mobile|tel|e-?mail|ni"
    r"|national insurance|manager|gender|sex|aim|start|end|standard|employer|hours|ref(?:erence)?"
    r"|id|fm)\b"
)


def is_record_in_doubt(text: str) -> bool:
    """Whether a message is long, tabular, or has labels and values.

    A question may be so as well; it is answered all the same.
    """
    return (
        len(text) > MAX_LENGTH
        or _MARKUP.search(text) is not None
        or _SQL.search(text) is not None
        or _is_tabular(text)
        or _has_labels(text)
        or _is_stacked(text)
    )


def _is_tabular(text: str) -> bool:
    """Rows of cells: by tabs, bars, commas or wide gaps, or one row copied from a grid."""
    lines = [line for line in text.splitlines() if line.strip()]
    if any(line.count("\t") >= 2 or line.count("|") >= 3 for line in lines):
        return True
    for mark in _CELL_MARKS:
        cells = 1 if mark in "\t|" else 2
        rows = [line for line in lines if line.count(mark) >= cells and not _PROSE.search(line)]
        if len(rows) >= MIN_ROWS and (mark != "," or _is_even(rows, mark)):
            return True
    wide = [line for line in lines if len(re.findall(r"\S[ ]{2,}(?=\S)", line)) >= 2]
    slashed = [line for line in lines if line.count(" / ") >= 2]
    if len(wide) >= MIN_ROWS or len(slashed) >= MIN_ROWS:
        return True
    return any(_is_row(line) for line in lines)


def _is_even(rows: list[str], mark: str) -> bool:
    """Whether the rows have as many cells as one another, and few words in each."""
    counts = {row.count(mark) for row in rows}
    longest = max(len(cell.split()) for row in rows for cell in row.split(mark))
    return len(counts) == 1 and longest <= 4


def _is_row(line: str) -> bool:
    """A line of a comma-separated file: short cells without a space after the comma."""
    cells = re.split(r"[,;](?! )", line)
    return len(cells) >= 5 and max(len(cell.split()) for cell in cells) <= 3


def _has_labels(text: str) -> bool:
    lines = [line for line in text.splitlines() if _LABELLED_LINE.search(line)]
    lines = [
        line for line in lines if not line.rstrip().endswith("?") and not _NO_LABEL.search(line)
    ]
    return len(lines) >= MIN_LABELLED_LINES or len(_LABEL.findall(text)) >= MIN_LABELS


def _is_stacked(text: str) -> bool:
    """Labels above their values: short lines, every other of them a label."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    short = [
        line for line in lines if len(line.split()) <= 5 and not line.endswith(("?", ".", "!"))
    ]
    if len(short) < 2 * MIN_STACKED or len(short) < 0.8 * len(lines):
        return len(short) >= 4 and sum(bool(_FIELDS.search(one)) for one in short) >= 2
    return sum(bool(_FIELDS.search(line)) for line in short) >= MIN_STACKED
