"""Blocks of columns that a print wraps below each other, as one table: each row is where its index
is, "112" or "AS99013", whatever block it stands in.

"LearnRefNumber  ULN  \\" over rows, and beneath a blank line the columns that had no room.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.ilr.readers.names import names

__all__ = ["columns_joined"]

_TOKEN = re.compile(r"\S+")
_MOST_BLOCKS = 40
_LEAST_KNOWN = 2


@dataclass(frozen=True, slots=True)
class _Block:
    """Headings over rows: the lines they stand on, the index of each row, and its cells."""

    begins: int
    heads: list[str]
    index: list[str]
    rows: list[list[str]]


def columns_joined(text: str) -> str:
    """The text with such blocks as one, with tabs between cells; lines stay lines."""
    if "\n\n" not in text and "\\\n" not in text:
        return text
    lines = text.split("\n")
    blocks: list[_Block] = []
    for first, last in _paragraphs(lines):
        block = _block(lines, first, last)
        if block is not None and (not blocks or block.index == blocks[0].index):
            blocks.append(block)
        elif len(blocks) > 1:
            break
        else:
            blocks = [block] if block is not None else []
        if len(blocks) > _MOST_BLOCKS:
            return text
    heads = [head for block in blocks for head in block.heads]
    known = sum(names().look_up(head).known for head in heads)
    if len(blocks) < 2 or known < _LEAST_KNOWN or known * 2 < len(heads):
        return text
    # A table below another has the headings of other records, and not the rest of these.
    if len(set(heads)) < len(heads):
        return text
    for block in blocks:
        for at in range(block.begins, block.begins + len(block.rows) + 1):
            lines[at] = ""
    start = blocks[0].begins
    lines[start] = "\t".join(heads)
    for at in range(len(blocks[0].rows)):
        lines[start + 1 + at] = "\t".join(cell for block in blocks for cell in block.rows[at])
    return "\n".join(lines)


def _paragraphs(lines: list[str]) -> list[tuple[int, int]]:
    """First and last line of what stands between blank lines, or from a heading that goes on."""
    found: list[tuple[int, int]] = []
    first = -1
    for at, line in enumerate([*lines, ""]):
        blank = not line.strip()
        if first >= 0 and (blank or line.rstrip().endswith(" \\")):
            found.append((first, at - 1))
            first = -1
        if not blank and first < 0:
            first = at
    return found


def _block(lines: list[str], first: int, last: int) -> _Block | None:
    """A paragraph as a block; None where no index stands left of its headings, or a cell does not
    end where its heading does."""
    head = lines[first].rstrip().removesuffix("\\").rstrip()
    spans = [(*found.span(), found[0]) for found in _TOKEN.finditer(head)]
    if last == first or not spans or not re.match(r"\s{2,}|\s+\S+\s", head):
        return None
    ends = [end for _, end, _ in spans]
    index: list[str] = []
    rows: list[list[str]] = []
    for at in range(first + 1, last + 1):
        line = lines[at]
        led = _TOKEN.match(line)
        if led is None or led.end() >= ends[0] or len(line.rstrip()) > ends[-1]:
            return None
        cells = _cells(line, led.end(), ends)
        if cells is None:
            return None
        index.append(led[0])
        rows.append(cells)
    if len(set(index)) < len(index):
        return None
    return _Block(first, [name for *_, name in spans], index, rows)


def _cells(line: str, begin: int, ends: list[int]) -> list[str] | None:
    """The cells of a row, each up to where its heading ends; None where one is cut through."""
    cells: list[str] = []
    for end in ends:
        if line[end - 1 : end + 1].strip() == line[end - 1 : end + 1] and end < len(line):
            return None
        cells.append(line[begin:end].strip())
        begin = end
    return cells
