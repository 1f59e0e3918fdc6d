"""Where personal values stand in columns: below their headings, or beside their names."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.ilr.readers.cut_names import column_of_rest, name_columns
from bot.ilr.readers.field_rows import field_column
from bot.ilr.readers.list_lines import parts_below
from bot.ilr.readers.names import names
from bot.ilr.readers.part_rows import part_row
from bot.ilr.readers.phrases import PLACEMENT
from bot.ilr.readers.table_lines import CELL, lines_of_cells
from bot.ilr.readers.table_parts import REFERENCE
from bot.ilr.readers.table_rows import section_of
from bot.ilr.readers.tables import cells_of, is_header
from bot.ilr.readers.whole_rows import NumberedRow, whole_rows
from bot.ilr.redaction_forms import rows_of
from bot.ilr.redaction_kinds import kind_of_label

__all__ = ["Spot", "beside_field_names", "cut_names", "header", "in_columns", "spans"]

MAX_HEADINGS = 200
"""Headings below which each row is looked at: a text of nothing else would take for ever."""

_PLACEMENT = re.compile(r"([A-Za-z][A-Za-z ]{1,30}?)\s?(?:no\.?|#|-)?\s?\d{1,2}")
_SENTENCES = re.compile(r"[\w)][.!?]\s+[A-Z].{20,}")
"""More words than a label has: "Query from Health T Level. My student has finished"."""
_CATEGORY = re.compile(r"\d{1,2}\s?[-–—:]\s[^\t]{2,80}\t(?:yes|no|y|n)", re.IGNORECASE)
"""A code with its words, and whether it is the primary one: "09 - Mental health difficulty", No."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A stretch of the text to be replaced."""

    start: int
    end: int
    kind: str


def in_columns(text: str, aims: frozenset[str]) -> Iterator[Spot]:
    """Cells of personal columns, and those beside a personal field's name.

    ``aims``: what the readers understood to be aim references, and nothing of anybody's.
    """
    columns: dict[int, str] = {}
    separator, section = "", None
    width = place = number = heads = 0
    counted: frozenset[int] | None = frozenset()
    rows: dict[str, Sequence[NumberedRow]] = {}
    for line in rows_of(text):
        number += max(1, line.count("\n"))
        body = line.rstrip("\r\n")
        if "&lt;" in body or "</" in body:  # its semicolons part no cells
            place += len(line)
            continue
        found = next((mark for mark in "\t|;," if mark in body), "")
        headed = header(body, separator or found) or header(body, found)
        if headed is not None:
            separator, columns = headed
            section, width = None, len(cells_of(body, separator))
            heads += 1
            counted = _counted(rows, text, separator, number) if heads <= MAX_HEADINGS else None
        elif columns and (heading := section_of(cells_of(body, separator))) is not None:
            section = heading
        elif columns and separator in body and not _begins_with_field(body, separator, columns):
            cells = cells_of(body, separator)
            if not (_is_of_parts(cells, section, width) or (len(cells) < 3 and parts_below(body))):
                at_head = _placement_heading(body, separator, columns)
                for first in _first_columns(number, counted):
                    for index, (start, end) in enumerate(spans(body, separator), first):
                        # Under a heading that spans it, "Ref" may be the aim's.
                        mine = index in columns and index != at_head and start < end
                        if mine and body[start:end] not in aims:
                            yield from _parts_of(body, start, end, columns[index], place)
        elif found:
            yield from _sideways(body, found, place)
        place += len(line)


def _counted(
    rows: dict[str, Sequence[NumberedRow]], text: str, separator: str, line: int
) -> frozenset[int]:
    """The lines below a heading that begin with a row's number. ``rows``: those of the text by
    separator, read once."""
    if separator not in rows:
        rows[separator] = [
            (at, cells_of(row, separator))
            for at, row in lines_of_cells(text, separator)
            if row.strip()
        ]
    start = bisect_left(rows[separator], line, key=lambda row: row[0])
    return whole_rows(rows[separator][start:], separator).counted


def _first_columns(line: int, counted: frozenset[int] | None) -> tuple[int, ...]:
    """Which column a line's first cell stands in; both that it may, where nobody looked."""
    if counted is None:
        return (-1, 0)
    return (-1,) if line in counted else (0,)


def _parts_of(line: str, start: int, end: int, kind: str, place: int) -> Iterator[Spot]:
    """A personal cell; a reference beside a name in it ("K20011 - Bello, Tunde") as what it is."""
    told = REFERENCE.search(line[start:end]) if kind == "full" else None
    if told is None:
        yield Spot(place + start, place + end, kind)
        return
    first, last = (start + at for at in told.span(1 if told[1] else 2))
    for a, b, what in ((start, first, kind), (first, last, "shape"), (last, end, kind)):
        if a < b:
            yield Spot(place + a, place + b, what)


def _is_of_parts(cells: tuple[str, ...], section: str | None, width: int) -> bool:
    """Whether a row is of another kind than its table, and all of it is codes, days and prices:
    "TNP 1 | 08/09/2026 | £7,000"."""
    return (section is not None or len(cells) < width) and part_row(cells, section) is not None


def _placement_heading(line: str, separator: str, columns: dict[int, str]) -> int | None:
    """Where "WP1" heads a placement's row under "Ref": with nothing else of a person in it."""
    filled = [at for at, (start, end) in enumerate(spans(line, separator)) if start < end]
    if len(filled) < 2 or any(at in columns for at in filled[1:]):
        return None
    start, end = list(spans(line, separator))[filled[0]]
    heading = _PLACEMENT.fullmatch(line[start:end])
    return filled[0] if heading and names().heading(heading[1]) == PLACEMENT else None


def _begins_with_field(line: str, separator: str, columns: dict[int, str]) -> bool:
    """Whether a row has a field's name at its left, and so no column of names above it."""
    start, end = next(spans(line, separator))
    return 0 not in columns and names().look_up(line[start:end]).known


def header(line: str, separator: str) -> tuple[str, dict[int, str]] | None:
    """The separator of a row of headings, and how the values of its personal columns are
    invented; None for any other row."""
    if not separator or separator not in line or len(line) > 20_000:
        return None
    cells = [line[start:end] for start, end in spans(line, separator)]
    if re.search(r"\d{2,}", line) or not (is_header(cells) or is_header(cells_of(line, separator))):
        named = {at: kind for at, cell in enumerate(cells) if (kind := kind_of_label(cell))}
        if len(named) < 2 or re.search(r"\d{2,}", line):
            return None
    return separator, {at: kind for at, cell in enumerate(cells) if (kind := kind_of_label(cell))}


def _sideways(line: str, separator: str, place: int) -> Iterator[Spot]:
    """A personal field's name at the left of a row: the cells beside it."""
    filled = [(start, end) for start, end in spans(line, separator) if line[start:end].strip()]
    if len(filled) < 2 or _SENTENCES.search(line, *filled[0]):
        return
    cells = [line[start:end] for start, end in filled]
    kind = kind_of_label(cells[0])
    if kind == "note" and _CATEGORY.fullmatch("\t".join(cells)):
        return  # whether a category is the primary one; its words are found by sight
    if kind and not any(names().look_up(cell).known for cell in cells[1:]):
        for (start, end), cell in zip(filled[1:], cells[1:], strict=True):
            if not names().look_up(cell.split()[0]).known:  # "ULN 9900000091" is a pair
                yield Spot(place + start, place + end, kind)


def spans(line: str, separator: str) -> Iterator[tuple[int, int]]:
    """Where each cell's text starts and ends, without its quotes and outer spaces."""
    start, quoted = 0, False
    for at in range(len(line) + 1):
        if at < len(line):
            if line[at] == '"':
                quoted = not quoted
            if quoted or line[at] != separator:
                continue
        first, last = start, at
        while first < last and line[first] in ' \t"':
            first += 1
        while last > first and line[last - 1] in ' \t"':
            last -= 1
        yield first, last
        start = at + 1


def cut_names(text: str) -> Iterator[Spot]:
    """Names that go on in the line below, in columns that stand by spaces: both of their parts."""
    columns: list[tuple[int, int]] = []
    above, before, place = "", 0, 0
    for line in text.split("\n"):
        columns = name_columns(line) or columns
        rest = column_of_rest(line, above, columns) if columns and above.strip() else None
        if rest is not None:
            start = place + len(line) - len(line.lstrip())
            yield Spot(start, place + len(line.rstrip()), "full")
            begun = CELL.search(above, max(0, rest[1] - 1))
            if begun is not None:
                yield Spot(before + begun.start(), before + begun.end(), "full")
        else:
            above, before = line, place
        place += len(line) + 1


def beside_field_names(text: str) -> Iterator[Spot]:
    """Values of a table that gives a field and its value a row: what stands behind "FamilyName"
    under "Field", old or new."""
    separator, named, place = "", None, 0
    for line in text.split("\n"):
        found = next((mark for mark in "\t|;," if mark in line), "")
        heads = [line[start:end] for start, end in spans(line, found)] if found else []
        if (at := field_column(heads)) is not None:
            separator, named = found, at
        elif named is not None and found == separator:
            cells = list(spans(line, separator))
            kind = kind_of_label(line[slice(*cells[named])]) if named < len(cells) else None
            for start, end in cells[named + 1 :] if kind else ():
                yield Spot(place + start, place + end, kind or "note")
        place += len(line) + 1
