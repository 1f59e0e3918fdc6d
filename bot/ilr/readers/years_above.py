"""The academic year that the lines above a record name: "R04 2026/27", "Errors of 22/23"."""

from __future__ import annotations

from collections.abc import Iterable

from bot.ilr.raw import RawEntity, RawField
from bot.years import find_years

__all__ = ["GUESS", "add_year", "year_above"]

GUESS = "a line above the record names this year"


def year_above(lines: Iterable[str]) -> tuple[str, int] | None:
    """The one year that lines name, as a header has it (2627), and the line; None for several."""
    found = [
        (year, number)
        for number, line in enumerate(lines, 1)
        for year in find_years(line, today=None)
    ]
    if len({year for year, _ in found}) != 1:
        return None
    return found[0][0].header_code, found[0][1]


def add_year(message: RawEntity, lines: Iterable[str]) -> int | None:
    """Give a record without a header the year that the lines above it name; that line."""
    found = year_above(lines)
    if found is None or any(child.name == "Header" for child in message.children):
        return None
    code, line = found
    year = RawField("Year", code, line, GUESS)
    details = RawEntity("CollectionDetails", [year], line=line, partial=True)
    header = RawEntity("Header", children=[details], line=line, partial=True)
    message.children.insert(0, header)
    return line
