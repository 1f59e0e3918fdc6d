"""Old and new values beside each other with nothing but spaces between: the columns are where
their headings stand, since a value that is missing leaves no mark."""

from __future__ import annotations

import re

from bot.ilr.readers.names import names
from bot.ilr.readers.table_lines import CELL

__all__ = ["ARE_TWO_AIMS", "FORMER", "PRESENT", "old_and_new"]

ARE_TWO_AIMS = (
    "Old and new values stand beside each other, of two aims: each was read as an aim of its own."
)
FORMER = re.compile(r"(?:old|previous|prev|before|was|from|original|former)\b.*", re.IGNORECASE)
PRESENT = re.compile(r"(?:new|current|now|after|to|changed to|updated|revised)\b.*", re.IGNORECASE)
_LOOKED_AT, _WIDEST, _LEAST = 60, 400, 3


def old_and_new(text: str) -> str:
    """The text with the cells of such a table parted by tabs; else as it is."""
    if "  " not in text:
        return text
    lines = text.split("\n")
    for at, line in enumerate(lines[:_LOOKED_AT]):
        places = _columns(line)
        if places is None:
            continue
        made: list[str] = []
        known = 0
        for row in lines[at + 1 :]:
            cells = _cells(row, places)
            if cells is None:
                break
            made.append("\t".join(cells))
            known += bool(names().look_up(cells[0]).places)
        if known >= _LEAST and known * 2 >= len(made):
            heads = "\t".join(["", *(one[0] for one in CELL.finditer(line))][-3:])
            lines[at : at + 1 + len(made)] = [heads, *made]
            return "\n".join(lines)
    return text


def _columns(line: str) -> tuple[int, int] | None:
    """Where the two columns begin, in their heading: "OLD      NEW"."""
    if len(line) > _WIDEST or "\t" in line or "|" in line or not line.startswith("  "):
        return None
    found = list(CELL.finditer(line))
    if len(found) != 2 or len(line.split()) > 6:
        return None
    if not FORMER.fullmatch(found[0][0]) or not PRESENT.fullmatch(found[1][0]):
        return None
    return found[0].start(), found[1].start()


def _cells(line: str, places: tuple[int, int]) -> tuple[str, str, str] | None:
    """A name and what stands beneath each heading; None for a line that is none of the table."""
    found = list(CELL.finditer(line)) if len(line) <= _WIDEST and "\t" not in line else []
    if not 2 <= len(found) <= 3 or found[0].end() >= places[0]:
        return None
    cells = ["", ""]
    middle = (places[0] + places[1]) // 2
    for one in found[1:]:
        side = int(one.start() > middle)
        if cells[side]:
            return None
        cells[side] = one[0]
    return found[0][0].rstrip(": ."), cells[0], cells[1]
