"""Lines of a table as cells."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator

from bot.ilr.readers.cells import clean

__all__ = ["CELL", "cells_of", "lines_of_cells"]

CELL = re.compile(r"\S+(?: \S+)*")
"""What stands between two spaces or more, where nothing else parts the cells of a line."""
_WIDE = re.compile(r"\s{2,}")
_BAR = re.compile(r"(?<!\\)\|")


def cells_of(line: str, separator: str, cleaned: Callable[[str], str] = clean) -> tuple[str, ...]:
    """A line's cells, quotes resolved and each cleaned of what is no part of it.

    ``cleaned``: what cleans one, where it may be remembered.
    """
    if separator == "  ":
        return tuple(map(cleaned, _WIDE.split(line.strip())))
    if separator == " ":
        return tuple(map(cleaned, line.split())) or ("",)
    if separator == "|":
        line = line.strip()
        # Without a bar in front, the last one is the mark of a blank cell.
        if line.startswith("|"):
            line = line[1:].removesuffix("|")
        if "\\|" in line:
            return tuple(cleaned(cell.replace("\\|", "|")) for cell in _BAR.split(line))
    if '"' in line:
        try:
            [cells] = csv.reader([line], delimiter=separator, skipinitialspace=True)
        except (csv.Error, ValueError):
            cells = line.split(separator)
    else:
        cells = line.split(separator)
    return tuple(map(cleaned, cells))


def lines_of_cells(text: str, separator: str) -> Iterator[tuple[int, str]]:
    """Lines with their numbers; a quoted cell that holds line breaks stays whole."""
    waiting, first = "", 0
    for number, line in enumerate(text.split("\n"), 1):
        if waiting:
            waiting += " " + line
            if waiting.count('"') % 2 == 0 or number - first > 8:
                yield first, waiting
                waiting = ""
        elif separator in ",;\t" and line.count('"') % 2 and _opens_cell(line, separator):
            waiting, first = line, number
        else:
            yield number, line
    if waiting:
        yield first, waiting


def _opens_cell(line: str, separator: str) -> bool:
    return f'{separator}"' in line or line.lstrip(" ").startswith('"')
