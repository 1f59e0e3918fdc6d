"""Whether a row fits its heading: as many cells, and each of its column's form."""

from __future__ import annotations

import re

from bot.ilr.readers.cells import is_page_furniture
from bot.ilr.readers.forms import has_usual_form

__all__ = ["is_no_row", "settled_cells", "shape_problem"]

_TOTAL = re.compile(
    r"(?:sub[ -]?|grand |overall )?(?:totals?|sum|average|avg|mean|count)\b(?: \w+){0,3}:?|Σ",
    re.IGNORECASE,
)
_TOTALS = re.compile(r"(?:sub[ -]?|grand )?totals?\b.*", re.IGNORECASE)


def is_no_row(cells: tuple[str, ...]) -> str | None:
    """Why a row is none of a learner's, aim's or placement's; None when it may be one."""
    filled = [cell for cell in cells if cell]
    if any(_TOTAL.fullmatch(cell) for cell in filled) or (filled and _TOTALS.match(filled[0])):
        return "This row holds totals, so it was left out."
    if filled and len(filled) <= 3 and is_page_furniture(" ".join(filled)):
        return "This line is the page's own, so it was left out."
    return None


_MAX_SHORT_WIDTH = 60


def settled_cells(
    cells: tuple[str, ...], fields: list[str | None]
) -> tuple[list[str | None], str | None]:
    """The cells of a row as they belong to the columns, and a remark where some are missing.

    In a row that is one cell short, a cell is taken only if its column is the same wherever the
    missing one may have stood, by the forms of all the others; the rest is None: not read.
    """
    missing = len(fields) - len(cells)
    if missing <= 0:
        return list(cells), None
    fewer = "This row has fewer cells than headings, so "
    if missing > 1 or len(fields) > _MAX_SHORT_WIDTH:
        return [None] * len(fields), f"{fewer}it was not read."
    rows: list[list[str | None]] = [[*cells[:at], None, *cells[at:]] for at in range(len(fields))]
    possible = [row for row in rows if all(map(_suits, fields, row))]
    settled = [
        values[0] if len(set(values)) == 1 else None
        for values in (zip(*possible, strict=True) if possible else ())
    ]
    if not any(settled):
        return [None] * len(fields), f"{fewer}it was not read."
    return settled, f"{fewer}only the values whose column is certain were read."


def _suits(name: str | None, cell: str | None) -> bool:
    return not cell or name is None or has_usual_form(name, cell)


def shape_problem(cells: tuple[str, ...], fields: list[str | None]) -> str | None:
    """What is wrong with a row's shape, as a remark that says it was not read.

    ``fields``: the field of each column, None for a column that is no field. Nothing is taken
    from such a row: which of its cells moved cannot be known.
    """
    width = len(fields)
    if len(cells) > width and any(cells[width:]):
        return "This row has more cells than headings, so it was not read."
    if len(cells) >= width and _is_shifted(cells[:width], fields):
        return (
            "The values of this row do not fit its columns: it seems shifted, so it was not read."
        )
    return None


def _is_shifted(cells: tuple[str, ...], fields: list[str | None]) -> bool:
    """Whether a value that does not fit its column fits the one beside it, and so on to a blank."""
    misfits = [
        at for at, (cell, name) in enumerate(zip(cells, fields, strict=True))
        if cell and name and not has_usual_form(name, cell)
    ]  # fmt: skip
    return any(_runs_to_blank(cells, fields, at, step) for at in misfits for step in (-1, 1))


def _runs_to_blank(cells: tuple[str, ...], fields: list[str | None], at: int, step: int) -> bool:
    """Whether the cells from ``at`` on each fit their neighbour's column, up to a blank one."""
    moved = 0
    while 0 <= at + step < len(cells):
        name = fields[at + step]
        if name is not None:
            if not has_usual_form(name, cells[at]):
                return False
            moved += 1
        if not cells[at + step]:
            return moved > 0
        at += step
    return False
