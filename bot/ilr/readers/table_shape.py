"""Whether a row fits its heading: as many cells, and each of its column's form."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.ilr.readers.cells import is_page_furniture
from bot.ilr.readers.forms import has_usual_form

__all__ = ["UNTOLD", "Shape", "is_no_row"]

_TOTAL = re.compile(
    r"(?!.*\b(?:price|training|assessment|negotiated)\b)"  # "Total training price" is a price
    r"(?:sub[ -]?|grand |overall )?(?:totals?|sum|average|avg|mean|count)\b(?: \w+){0,3}:?|Σ",
    re.IGNORECASE,
)
_TOTAL_BEGINS = frozenset("sSſgGoOtTaAmMcCΣσς")
"""Asked of every cell before the words are: what they begin with, without regard to capitals."""
_TOTALS = re.compile(
    r"(?:sub[ -]?|grand )?totals?\b(?!.*\bprice).*|\S+(?: \S+){0,3} (?:sub[ -]?)?totals?:?$", re.I
)
"""Of the first cell: "Total hours", and "A1001 Total" as a spreadsheet's subtotals write it."""


def is_no_row(cells: tuple[str, ...]) -> str | None:
    """Why a row is none of a learner's, aim's or placement's; None when it may be one."""
    filled = [cell for cell in cells if cell]
    if any(cell[0] in _TOTAL_BEGINS and _TOTAL.fullmatch(cell) for cell in filled) or (
        filled and _TOTALS.match(filled[0])
    ):
        return "This row holds totals, so it was left out."
    if filled and len(filled) <= 3 and is_page_furniture(" ".join(filled)):
        return "This line is the page's own, so it was left out."
    return None


_MAX_SHORT_WIDTH = 60
UNTOLD = "\ufffc"
"""A cell of which nobody can tell what stands in it: not read, and not blank either."""


@dataclass
class Shape:
    """The columns of a table, and how its rows fit them."""

    fields: list[str | None]
    """The field of each column; None for a column that is no field."""
    _fitting: dict[tuple[str, str], bool] = field(default_factory=dict)
    """What was looked at already; gone with the paste."""

    def _fits(self, name: str | None, cell: str | None) -> bool:
        if not cell or name is None:
            return True
        known = self._fitting.get((name, cell))
        if known is None:
            known = self._fitting[name, cell] = has_usual_form(name, cell)
        return known

    def settled(self, cells: tuple[str, ...]) -> tuple[list[str | None], str | None]:
        """The cells of a row as they belong to the columns, and a remark where one is missing.

        In a row that is one cell short, a cell is taken only if its column is the same wherever
        the missing one may have stood, by the forms of all the others; the rest is None: not
        read.
        """
        width = len(self.fields)
        missing = width - len(cells)
        if missing <= 0:
            return list(cells), None
        fewer = "This row has fewer cells than headings, so "
        if missing > 1 or width > _MAX_SHORT_WIDTH:
            return [None] * width, f"{fewer}it was not read."
        rows: list[list[str | None]] = [[*cells[:at], None, *cells[at:]] for at in range(width)]
        possible = [row for row in rows if all(map(self._fits, self.fields, row))]
        settled = [
            values[0] if len(set(values)) == 1 else None
            for values in (zip(*possible, strict=True) if possible else ())
        ]
        if not any(settled):
            return [None] * width, f"{fewer}it was not read."
        return settled, f"{fewer}only the values whose column is certain were read."

    def problem(self, cells: tuple[str, ...]) -> str | None:
        """What is wrong with a row's shape, as a remark that says it was not read.

        Nothing is taken from such a row: which of its cells moved cannot be known.
        """
        width = len(self.fields)
        if len(cells) > width and any(cells[width:]) and not self.ends_in_words(cells):
            return "This row has more cells than headings, so it was not read."
        if len(cells) >= width and self._is_shifted(cells[:width]):
            return (
                "The values of this row do not fit its columns: it seems shifted, so it was not "
                "read."
            )
        return None

    def is_of_words(self, cells: tuple[str, ...]) -> bool:
        """Whether a row is a screen's words below the table ("Print", "Timeline"): no figures,
        and none of two cells or more fits its column."""
        mine = [at for at, name in enumerate(self.fields[: len(cells)]) if name and cells[at]]
        if len(mine) < 2 or any(re.search(r"\d{2}", cell) for cell in cells):
            return False
        return not any(self._fits(self.fields[at], cells[at]) for at in mine)

    def ends_in_words(self, cells: tuple[str, ...]) -> bool:
        """Whether cells too many are the last column's words, which hold its separator."""
        width = len(self.fields)
        known = [at for at in range(width - 1) if self.fields[at]]
        return (
            len(cells) > width > len(known) >= 2
            and self.fields[-1] is None
            and all(cells[at] and self._fits(self.fields[at], cells[at]) for at in known)
            and any(re.search(r"[A-Za-z]{2}", cell) for cell in cells[width - 1 :])
        )

    def _is_shifted(self, cells: tuple[str, ...]) -> bool:
        """Whether a value that does not fit its column fits the one beside it, and so on to a
        blank."""
        if all(cells):
            return False
        misfits = [at for at, cell in enumerate(cells) if not self._fits(self.fields[at], cell)]
        return any(self._runs_to_blank(cells, at, step) for at in misfits for step in (-1, 1))

    def _runs_to_blank(self, cells: tuple[str, ...], at: int, step: int) -> bool:
        """Whether the cells from ``at`` on each fit their neighbour's column, up to a blank."""
        moved = 0
        while 0 <= at + step < len(cells):
            name = self.fields[at + step]
            if not self._fits(name, cells[at]):
                return False
            moved += name is not None
            if not cells[at + step]:
                return moved > 0
            at += step
        return False
