"""Tables whose headings and rows a report broke over two lines each, the second one indented."""

from __future__ import annotations

import re

from bot.ilr.readers.cut_names import column_of_rest, joined_name, name_columns
from bot.ilr.readers.names import names
from bot.ilr.readers.table_lines import CELL

__all__ = ["unwrapped"]

_INDENTED = re.compile(r"\s{3,}\S")
_LOOKED_AT = 20


def unwrapped(text: str) -> str:
    """The text with such a table a row a line, tabs between its cells; lines stay where they are.

    Each value has to stand beneath its heading, with a gap before it.
    """
    lines = text.split("\n")
    for at in range(min(len(lines) - 3, _LOOKED_AT)):
        if _heads(lines[at], 3) and _INDENTED.match(lines[at + 1]) and _heads(lines[at + 1], 2):
            return "\n".join(_joined(lines, at))
    return text


def _joined(lines: list[str], at: int) -> list[str]:
    both = _starts(lines[at]), _starts(lines[at + 1])
    of_names = name_columns(lines[at])
    made, row = list(lines), at
    while row + 1 < len(lines) and lines[row].strip():
        rest = column_of_rest(lines[row + 1], lines[row], of_names) if row > at else None
        last = row + 1 if rest is None else row + 2
        if last >= len(lines) or not _INDENTED.match(lines[last]) or _INDENTED.match(lines[row]):
            break
        first, second = _cut(lines[row], both[0]), _cut(lines[last], both[1])
        if first is None or second is None:
            break
        if rest is not None:
            first[rest[0]] = joined_name(first[rest[0]], lines[row + 1].strip())
        made[row : last + 1] = ["\t".join([*first, *second]), *[""] * (last - row)]
        row = last + 1
    return made if row > at + 2 else lines


def _heads(line: str, least: int) -> bool:
    """Whether a line is names of columns and nothing else."""
    if "\t" in line or re.search(r"\d", line):
        return False
    labels = [names().look_up(cell) for cell in CELL.findall(line)]
    known = sum(label.known or label.ignored or label.person for label in labels)
    return known >= least and known * 4 >= len(labels) * 3


def _starts(line: str) -> list[int]:
    return [match.start() for match in CELL.finditer(line)]


def _cut(line: str, starts: list[int]) -> list[str] | None:
    """A line's cells by where the headings begin; None where one stands over such a place."""
    if line[: starts[0]].strip() or any(line[start - 1 : start].strip() for start in starts[1:]):
        return None
    ends = [*starts[1:], len(line)]
    return [line[start:end].strip() for start, end in zip(starts, ends, strict=True)]
