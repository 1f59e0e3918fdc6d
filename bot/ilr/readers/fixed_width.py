"""Tables whose columns are told by where they stand: spaces between, headings above.

And tables that were copied one cell a line: the headings first, then each row's values.
"""

from __future__ import annotations

import re

from bot.ilr.readers.cells import is_page_furniture
from bot.ilr.readers.collector import TYPED_CODE, is_confident
from bot.ilr.readers.cut_names import column_of_rest, joined_name, name_columns
from bot.ilr.readers.dates import read_date
from bot.ilr.readers.forms import has_usual_form
from bot.ilr.readers.names import names
from bot.ilr.readers.table_lines import CELL
from bot.ilr.readers.table_shape import is_no_row
from bot.ilr.readers.values import read_value

__all__ = ["aligned", "headings_joined", "one_cell_a_line"]

_LOOSE = 1
"""Characters that a cell may stand beside its heading."""
_MIN_COLUMNS = 3
_MOST_LEFT = 4
"""Lines below a table of one cell a line that are none of it."""
_LONGEST_CELL = 6
"""Words in a cell; what has more is a note."""
_Cells = list[tuple[int, str]]
"""A row's cells, each with its line."""


def aligned(text: str, header_line: int) -> str:
    """The text with tabs between the cells of the table that begins on ``header_line``, each
    under the heading it stands under; a row that does not stand so keeps the order of its cells.
    """
    lines = text.split("\n")
    spans = _spans(lines[header_line - 1])
    of_names = name_columns(lines[header_line - 1])
    above, row = "", 0
    for at in range(max(0, header_line - 2), len(lines)):
        if not lines[at].strip():
            continue
        rest = column_of_rest(lines[at], above, of_names) if at > header_line - 1 else None
        if rest is not None and lines[row].count("\t") == len(spans) - 1:
            begun = lines[row].split("\t")
            begun[rest[0]] = joined_name(begun[rest[0]], lines[at].strip())
            lines[row], lines[at] = "\t".join(begun), ""
            continue
        above, row = lines[at], at
        cells = _spans(lines[at])
        placed = _above(cells, spans) if at < header_line - 1 else _under(cells, spans)
        found = [""] * len(spans)
        for (start, end), column in zip(cells, placed or range(len(cells)), strict=False):
            if column >= len(found):
                found += [""] * (column + 1 - len(found))
            found[column] = lines[at][start:end]
        if placed is None and at < header_line - 1:
            continue
        # In a row that does not stand under its headings the blanks cannot be seen.
        lines[at] = "\t".join(found if placed else [cell for cell in found if cell])
    return "\n".join(lines)


def _spans(line: str) -> list[tuple[int, int]]:
    return [match.span() for match in CELL.finditer(line)]


def _under(cells: list[tuple[int, int]], heads: list[tuple[int, int]]) -> list[int] | None:
    """The column of each cell: whose heading begins, or ends, where it does."""
    found = []
    for start, end in cells:
        near = [
            at
            for at, (first, last) in enumerate(heads)
            if abs(first - start) <= _LOOSE or abs(last - end) <= _LOOSE
        ]
        if len(near) != 1:
            return None
        found += near
    return found if found == sorted(set(found)) else None


def _above(cells: list[tuple[int, int]], heads: list[tuple[int, int]]) -> list[int] | None:
    """The first column that each heading of several columns stands over."""
    found = []
    for start, end in cells:
        over = [at for at, (first, last) in enumerate(heads) if first < end and start < last]
        if not over:
            return None
        found.append(over[0])
    return found if found == sorted(set(found)) else None


def one_cell_a_line(text: str) -> str:
    """A table copied one cell a line, as a table: its row stands on the line of its first cell."""
    lines = text.split("\n")
    filled = [(at, line.strip()) for at, line in enumerate(lines) if line.strip()]
    first = next((n for n, (_, line) in enumerate(filled[:6]) if _is_name(line)), None)
    if first is None:
        return text
    width = 0
    while first + width < len(filled) and _is_name(filled[first + width][1]):
        width += 1
    rest = [
        one for one in filled[first + width :]
        if not is_page_furniture(one[1]) and not is_no_row((one[1],))
    ]  # fmt: skip
    if width < _MIN_COLUMNS or len(rest) < width:
        return text
    heads = [line for _, line in filled[first : first + width]]
    rows = [rest[at : at + width] for at in range(0, len(rest), width)]
    if len(rest) % width:
        rows = _before_more(heads, rows)
    if not rows or not all(_fits(heads, [cell for _, cell in row]) for row in rows):
        return text
    made = [line if at < filled[first][0] else "" for at, line in enumerate(lines)]
    made[filled[first][0]] = "\t".join(heads)
    for at, line in rest[len(rows) * width :]:
        made[at] = line
    for row in rows:
        made[row[0][0]] = "\t".join(cell for _, cell in row)
    return "\n".join(made)


def _before_more(
    heads: list[str], rows: list[list[tuple[int, str]]]
) -> list[list[tuple[int, str]]]:
    """The whole rows above a total or a note, where each value has its field's own form; what is
    left is a row short, so that a cell that was lost is none of these."""
    labels = [names().look_up(head) for head in heads]
    whole = []
    for row in rows[:-1]:
        formed = [
            has_usual_form(label.places[0][1], cell) and not _is_a_note(cell)
            for label, (_, cell) in zip(labels, row, strict=True)
            if label.places
        ]
        if not all(formed):
            return []
        whole.append(row)
    left = [cell for _, cell in rows[-1]]
    return whole if len(left) <= _MOST_LEFT and not any(map(_looks_like_one, left)) else []


def _is_a_note(cell: str) -> bool:
    return len(cell.split()) > _LONGEST_CELL


def _looks_like_one(line: str) -> bool:
    """Whether a line could be the cell of a row that lost another: a date, a reference."""
    return read_date(line).iso is not None or re.fullmatch(r"[A-Z0-9/-]{4,12}", line) is not None


def headings_joined(text: str) -> str:
    """Headings that were broken over lines ("Learner", "Ref⇥Learning", "Aim⇥Start"), as one row."""
    lines = text.split("\n")
    first = next((at for at, line in enumerate(lines[:20]) if line.strip()), 0)
    row = next((at for at, line in enumerate(lines[:20]) if re.search(r"\d{2}", line)), 0)
    width = lines[row].count("\t")
    if not first < row - 1 or not width or any(not line.strip() for line in lines[first:row]):
        return text
    joined = " ".join(line.strip(" ") for line in lines[first:row])
    heads = [head.strip() for head in joined.split("\t")]
    if len(heads) != width + 1 or not all(map(_is_name, heads)):
        return text
    return "\n".join([*lines[:first], "\t".join(heads), *[""] * (row - first - 1), *lines[row:]])


def _is_name(line: str) -> bool:
    if len(line) > 60 or "\t" in line or re.search(r"\d{2,}|[:=|,]\s", line):
        return False
    label = names().look_up(line)
    return label.known or label.person or label.ignored or _heads_types(line)


def _heads_types(head: str) -> bool:
    """Whether a heading is of several types with their codes: "FAMs", "Monitoring"."""
    return names().heading(head) in {"LearningDeliveryFAM", "LearnerFAM"}


def _fits(heads: list[str], cells: list[str]) -> bool:
    """Whether each value is one of its heading's, and two or more hardly of any other."""
    labels = [names().look_up(head) for head in heads]
    pairs = list(zip(labels, cells, strict=True))
    for head, cell in zip(heads, cells, strict=True):
        if _heads_types(head) and not TYPED_CODE.search(cell):
            return False
    if any(names().look_up(cell).places for cell in cells):
        return False
    reads = [read_value(label.places[0][1], cell) for label, cell in pairs if label.places]
    sure = sum(is_confident(label, cell) for label, cell in pairs)
    return all(read.fits or read.day is not None for read in reads) and sure >= 2
