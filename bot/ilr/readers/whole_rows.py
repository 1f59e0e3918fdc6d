"""What is wrong with all the rows of a table, or its last: row numbers that no heading stands over,
and the row in which what was copied breaks off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.ilr.readers.cells import is_page_furniture
from bot.ilr.readers.forms import has_usual_form
from bot.ilr.readers.names import names
from bot.ilr.readers.table_shape import is_no_row

__all__ = ["CUT", "NumberedRow", "WholeRows", "whole_rows"]

_MIN_CELLS = 3
NumberedRow = tuple[int, tuple[str, ...]]
"""A line and its cells."""
CUT = "This row breaks off. What stands before the cell that does was read."


@dataclass(frozen=True, slots=True)
class WholeRows:
    """How the rows of a table stand under its headings."""

    counted: frozenset[int] = field(default_factory=frozenset)
    """Lines of rows that begin with a number of their own."""
    cut: int | None = None
    """The line of the row that breaks off, of which the last cell is not read."""

    def of(self, line: int, cells: tuple[str, ...], width: int) -> tuple[str, ...]:
        """The cells of a row as they stand under the headings."""
        if line in self.counted:
            return cells[1:]
        if line == self.cut:
            return (*cells[:-1], *[""] * (width - len(cells) + 1))
        return cells


def whole_rows(table: Sequence[NumberedRow], separator: str) -> WholeRows:
    """Look at the rows of a table, its headings first."""
    if separator not in {"\t", ",", ";", "|", " "} or len(table) < 2:
        return WholeRows()
    (_, heads), rest = table[0], table[1:]
    while heads and not heads[-1]:
        heads = heads[:-1]
    longer = any(len(cells) == len(heads) + 1 for _, cells in rest)
    if not longer and not _MIN_CELLS <= len(rest[-1][1]) < len(heads):
        return WholeRows()
    rows = [
        (at, cells)
        for at, cells in rest
        if len(cells) > 1 and not is_no_row(cells) and not is_page_furniture(" ".join(cells))
    ]
    return WholeRows(_counted(heads, rows), _cut(heads, rows, rest))


def _counted(heads: Sequence[str], rows: Sequence[NumberedRow]) -> frozenset[int]:
    """The lines of the rows, where each has one cell too many and begins with its number."""
    if not rows or not heads or not heads[0]:
        return frozenset()
    if any(len(cells) != len(heads) + 1 or not cells[0].isdigit() for _, cells in rows):
        return frozenset()
    numbers = [int(cells[0]) for _, cells in rows]
    follow = numbers == list(range(numbers[0], numbers[0] + len(rows)))
    if not follow or (len(rows) == 1 and numbers != [1]):
        return frozenset()
    if not all(_fits(heads, cells[1:]) for _, cells in rows[:60]):
        return frozenset()
    return frozenset(at for at, _ in rows)


def _cut(
    heads: Sequence[str],
    rows: Sequence[NumberedRow],
    every: Sequence[NumberedRow],
) -> int | None:
    """The line of the last row, where it ends within a cell: one that has not its column's form,
    or is shorter than all above it."""
    if len(rows) < 2 or rows[-1] != every[-1]:
        return None
    at, cells = rows[-1]
    last = len(cells) - 1
    if not _MIN_CELLS <= len(cells) < len(heads) or not cells[last]:
        return None
    above = [row for _, row in rows[:-1]]
    if any(len(row) < len(heads) for row in above[-60:]) or not _fits(heads, cells[:last]):
        return None
    lengths = [len(row[last]) for row in above if row[last]]
    name = _field(heads[last])
    misfit = name is not None and not has_usual_form(name, cells[last])
    shorter = bool(lengths) and min(lengths) == max(lengths) > len(cells[last])
    return at if misfit or shorter else None


def _field(head: str) -> str | None:
    label = names().look_up(head)
    plain = label.known and label.fam_type is None and not label.if_fits
    return label.places[0][1] if plain else None


def _fits(heads: Sequence[str], cells: Sequence[str]) -> bool:
    pairs = [(_field(head), cell) for head, cell in zip(heads, cells, strict=False) if cell]
    known = [(name, cell) for name, cell in pairs if name is not None]
    return len(known) > 1 and all(has_usual_form(name, cell) for name, cell in known)
