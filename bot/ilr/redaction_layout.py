"""Columns that stand by spaces: a copy keeps each where it is, whatever is invented before it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable

from bot.ilr.readers.table_lines import CELL

__all__ = ["Layout"]

_RULE = re.compile(r"[ ]*[-=]{2,}(?: +[-=]{2,})+\s*")
"""The line below headings that a query tool draws: "------- ------------"."""
_GAP = re.compile(r"( {1,400}|\n)")
_NEXT_GAP = re.compile(r"[^\n]{0,200}?( {1,400})(?=[^\s])")
_NEAR = 3
"""Lines above and below in which a cell shows a column: rows may be wrapped."""
_LEAST = 2
"""Spaces that part two cells; one does where a drawn line, or a value that fills its column up to
the next, tells the columns."""


class Layout:
    """Where the columns of a text stand."""

    def __init__(self, text: str) -> None:
        lines = text.split("\n")
        self._text = text
        self._starts = [0]
        for line in lines:
            self._starts.append(self._starts[-1] + len(line) + 1)
        self._edges = [_edges(line) for line in lines]
        self._ruled = {
            match.start()
            for line in lines
            if _RULE.fullmatch(line)
            for match in re.finditer(r"[-=]+", line)
        }
        self._shift = 0
        """Characters that the copy of this line is longer by, so far."""

    def room(self, end: int) -> int | None:
        """Characters by which a value that ends there may grow; None for any number."""
        gap = _NEXT_GAP.match(self._text, end)
        while gap is not None and not self._least(gap.start(1), gap.end(1)):
            gap = _NEXT_GAP.match(self._text, gap.end(1))
        return None if gap is None else len(gap[1]) - self._least(gap.start(1), gap.end(1))

    def instead(self, value: str, made: str) -> str:
        """What is written for a value; how much longer it is, is made up for in what follows."""
        self._shift += len(made) - len(value)
        return made

    def between(self, start: int, end: int, rewrite: Callable[[str], str]) -> str:
        """A stretch that is kept but for names in it, with its gaps as wide as they have to be."""
        parts, pending, place = [], "", start
        for piece in _GAP.split(self._text[start:end]):
            is_gap = bool(piece) and not piece.strip(" ")
            least = self._least(place, place + len(piece)) if is_gap and self._shift else 0
            if piece == "\n" or least:
                made = rewrite(pending)
                self._shift += len(made) - len(pending)
                parts.append(made)
                pending = ""
                if piece == "\n":
                    self._shift = 0
                    parts.append(piece)
                else:
                    width = max(least, len(piece) - self._shift)
                    self._shift += width - len(piece)
                    parts.append(" " * width)
            else:
                pending += piece
            place += len(piece)
        made = rewrite(pending)
        self._shift += len(made) - len(pending)
        return "".join([*parts, made])

    def _least(self, start: int, end: int) -> int:
        """The spaces that have to stay of a gap in front of a column; 0 for any other gap."""
        if end >= len(self._text) or self._text[end].isspace():
            return 0
        number = bisect_right(self._starts, start) - 1
        begins = self._starts[number]
        if end - begins in self._ruled:
            return 1
        cell = CELL.match(self._text, end)
        edges = {("start", end - begins)}
        if cell is not None and end - start >= _LEAST:
            edges.add(("end", cell.end() - begins))
        near = range(max(0, number - _NEAR), min(len(self._edges), number + _NEAR + 1))
        stands = any(at != number and edges & self._edges[at] for at in near)
        return min(_LEAST, end - start) if stands else 0


def _edges(line: str) -> frozenset[tuple[str, int]]:
    """Where the cells of a line begin and end; none where tabs part them."""
    if "\t" in line or "  " not in line:
        return frozenset()
    found = [match.span() for match in CELL.finditer(line)]
    starts = {("start", start) for start, _ in found[1:]}
    return frozenset(starts | {("end", end) for _, end in found[1:]})
