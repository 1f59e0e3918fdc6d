"""A name that its column was too narrow for, and that goes on in the line below."""

from __future__ import annotations

import re

from bot.ilr.readers.names import names
from bot.ilr.readers.table_lines import CELL

__all__ = ["column_of_rest", "joined_name", "name_columns"]

_REST = re.compile(r"[^\W\d_][^\d:=|\t]{0,40}")
_LOOSE = 1
"""Characters that a cell may stand beside its heading."""
_NAMES = frozenset({"FamilyName", "GivenNames"})


def name_columns(heading: str) -> list[tuple[int, int]]:
    """Which columns of a row of headings are of names, each with the place where it begins."""
    if "\t" in heading or "  " not in heading or re.search(r"\d", heading):
        return []
    found = []
    labels = [(match, names().look_up(match[0])) for match in CELL.finditer(heading)]
    if sum(label.known or label.person for _, label in labels) < 2:
        return []
    for at, (match, label) in enumerate(labels):
        if label.person or (label.known and label.places[0][1] in _NAMES):
            found.append((at, match.start()))
    return found


def column_of_rest(line: str, above: str, columns: list[tuple[int, int]]) -> tuple[int, int] | None:
    """The column, and its place, of a name that goes on in a line which holds nothing else;
    None for any other line. ``above``: the line before, which holds its beginning."""
    cell = line.strip()
    start = len(line) - len(line.lstrip())
    if "  " in cell or not _REST.fullmatch(cell) or names().look_up(cell).places:
        return None
    for at, begins in columns:
        begun = above[max(0, begins - 1) : begins + 2].strip() and begins > 0
        if abs(start - begins) <= _LOOSE and begun:
            return at, begins
    return None


def joined_name(first: str, rest: str) -> str:
    """A name out of its two lines; a hyphen in front of a small letter only parted it."""
    if not first.endswith("-"):
        return f"{first} {rest}"
    return first + rest if rest[:1].isupper() else first[:-1] + rest
