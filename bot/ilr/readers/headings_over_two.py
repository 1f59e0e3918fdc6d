"""Headings that stand in two lines, cell above cell: "Planned" over "end date", "Work plc" over
"hours"."""

from __future__ import annotations

import re

from bot.ilr.readers.cells import clean
from bot.ilr.readers.fixed_width import aligned
from bot.ilr.readers.names import names
from bot.ilr.readers.table_columns import group_headings
from bot.ilr.readers.table_lines import CELL

__all__ = ["headings_over_two"]

_MARKS = ("\t", "|", ";", ",")
_RULER = re.compile(r"[\s|:+=_-]*")
_LOOKED_AT, _MIN_COLUMNS, _LONGEST = 20, 3, 2_000


def headings_over_two(text: str) -> str:
    """The text with such headings in their first line, and a blank line in place of the second."""
    lines = text.split("\n")
    for at in range(min(len(lines) - 2, _LOOKED_AT)):
        first, second = lines[at : at + 2]
        below = next((line for line in lines[at + 2 :] if not _RULER.fullmatch(line)), "")
        if max(len(first), len(second)) > _LONGEST or not re.search(r"\d{2}", below):
            continue
        if not (first.strip() and second.strip()) or re.search(r"\d{2}", first + second):
            continue
        mark = next((one for one in _MARKS if one in first and one in second), None)
        if mark is None and len(CELL.findall(second)) >= _MIN_COLUMNS:
            made = aligned(text, at + 2)
            joined = _joined(made.split("\n"), at, "\t")
        else:
            joined = _joined(lines, at, mark) if mark else None
        if joined is None and mark is None:
            joined = _going_on(text, at)
        if joined is not None:
            return "\n".join(joined)
    return text


def _going_on(text: str, at: int) -> list[str] | None:
    """The lines with a row of headings joined to what some of them go on with in the line below,
    each right under its beginning: "Planned" over "End Date"."""
    lines = text.split("\n")
    starts = {match.start() for match in CELL.finditer(lines[at])}
    rest = [match.start() for match in CELL.finditer(lines[at + 1])]
    if len(starts) < _MIN_COLUMNS or not 0 < len(rest) < len(starts) or not starts >= {*rest}:
        return None
    made = aligned(text, at + 1).split("\n")
    above, below = (made[row].split("\t") for row in (at, at + 1))
    if len(above) != len(below) or _known(above) < _MIN_COLUMNS:
        return None
    both = [f"{one} {two}".strip() for one, two in zip(above, below, strict=True)]
    longer = [names().look_up(one) for one, two in zip(both, below, strict=True) if two]
    if not all(label.known and not label.if_fits for label in longer):
        return None
    return [*made[:at], "\t".join(both), "", *made[at + 2 :]]


def _joined(lines: list[str], at: int, mark: str) -> list[str] | None:
    above, below = lines[at].split(mark), lines[at + 1].split(mark)
    if len(below) < _MIN_COLUMNS or len(above) > len(below):
        return None
    above += [""] * (len(below) - len(above))
    above, below = [clean(cell) for cell in above], [clean(cell) for cell in below]
    if group_headings(tuple(above)) is not None:
        return None
    both = [f"{one} {two}".strip() for one, two in zip(above, below, strict=True)]
    known = _known(both)
    whole = sum(bool(cell) for cell in both)
    if known < _MIN_COLUMNS or known * 4 < whole * 3 or known <= max(_known(above), _known(below)):
        return None
    return [*lines[:at], mark.join(both), "", *lines[at + 2 :]]


def _known(cells: list[str]) -> int:
    labels = [names().look_up(cell) for cell in cells if cell]
    return sum(label.known or label.ignored or label.person for label in labels)
