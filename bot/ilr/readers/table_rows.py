"""Rows below a table's headings that are no rows of its columns."""

from __future__ import annotations

import re

from bot.ilr.readers.employment_lines import EMPLOYMENT
from bot.ilr.readers.list_lines import bare_line, items_of, parts_below
from bot.ilr.readers.names import names
from bot.ilr.readers.part_rows import part_row, placement_row
from bot.ilr.readers.phrases import AIM_REFERENCE
from bot.ilr.readers.table_record import Row, Table, holds_values, is_header
from bot.ilr.readers.whole_lines import placement_told

__all__ = ["last_block", "section_above", "section_of", "take_below", "take_part"]


_MEANT = re.compile(
    rf"\b(?:on|for|of|against)\s(?:the |his |her |their )?(?:(?P<kind>prog(?:ramme)?|core)(?: aim)?"
    rf"|(?:aim |seq ?){{1,2}}(?P<number>\d{{1,2}})|(?:aim )?(?P<reference>{AIM_REFERENCE}))"
    r"(?![\w/])",
    re.IGNORECASE,
)


def aim_meant(line: str) -> tuple[int | str | None, str]:
    """Which aim a line below a table speaks of ("HRS 2 on the prog aim = 1350"), and the line
    without it; the aim's number, its reference, "programme" or "core"."""
    match = _MEANT.search(line) if len(line) < 200 else None
    if match is None:
        return None, line
    rest = f"{line[: match.start()].rstrip()} {line[match.end() :].lstrip()}"
    if match["number"]:
        return int(match["number"]), rest
    if match["kind"]:
        return ("core" if match["kind"].casefold() == "core" else "programme"), rest
    return match["reference"].upper(), rest


def section_of(cells: tuple[str, ...]) -> str | None:
    """The entity that a row of one cell heads: "EMPLOYMENT STATUS" between two tables."""
    filled = [cell.strip("*_#:=- ") for cell in cells if cell]
    if len(filled) != 1 or re.search(r"\d", filled[0]):
        return None
    return names().heading(filled[0]) or names().heading(f"{filled[0]}s")


def section_above(lines: list[str], table: Table) -> str | None:
    """The employment history that a line right above a table's headings heads. Its rows are told
    by what they say where their words have a cell of their own, and no heading does."""
    above = next((line for line in reversed(lines) if line.strip()), "")
    headed = section_of((bare_line(above),)) if table.learner is not None else None
    return headed if headed == EMPLOYMENT else None


def take_part(table: Table, row: Row, section: str | None) -> bool:
    """Take a row that is of another kind than the table: a placement's in its aim's columns, or
    one under a heading that needs no names."""
    if not holds_values(row.cells) and is_header(row.cells):
        return False
    if (placed := placement_row(row.cells, table.columns)) is not None:
        found, left = placed
        if found.parts:
            table.placed_below(found, row.line)
        if left or not found.parts:
            what = "Part of this row" if found.parts else "This row"
            words = "is a placement's and was not understood, so it was not read."
            table.collector.add_remark(row.line, f"{what} {words}")
        return True
    if section is None and len(row.cells) >= table.width:
        return False
    part = part_row(row.cells, section)
    if part is None:
        return False
    if part.employed is not None:
        table.employed_below(part.employed, row.line)
    else:
        table.below(part.parts, row.line, part.aim)
    return True


def last_block(rows: list[Row]) -> list[Row]:
    """The rows below the last blank line: aims side by side below their learner's fields."""
    gaps = [at for at in range(1, len(rows)) if rows[at].line > rows[at - 1].line + 1]
    return rows[gaps[-1] :] if gaps else rows


def take_below(table: Table, line: str, cells: tuple[str, ...], number: int) -> bool:
    """Take a line below a table that tells parts of an aim, or a placement of one."""
    filled = [cell for cell in cells if cell]
    if len(cells) < 3 or (len(filled) < 3 and cells[0]):
        which, rest = aim_meant("  ".join(filled))
        if parts := parts_below(rest):
            table.below(parts, number, which)
            return True
        if table.told_below(items_of(rest), number):
            return True
    if len(filled) >= min(table.width, 8) or cells[0][:1].isdigit():
        return False
    bare = bare_line(line.replace("\t", "  "))
    placed, which = placement_told(bare), None
    if placed is None:
        which, rest = aim_meant(bare)
        placed = placement_told(rest) if which is not None else None
    if placed is not None:
        table.placed_below(placed, number, which)
    return placed is not None
