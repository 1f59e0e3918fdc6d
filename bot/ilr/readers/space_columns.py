"""Tables whose columns are the places where no line has a character: reports of mainframes, with
headings over two lines and one space between columns, and tables out of a PDF whose cells were
wrapped.

Where columns are is seen by all lines at once. It is believed where the headings are names and
the cells have their form.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.ilr.readers.forms import has_usual_form
from bot.ilr.readers.names import Label, names
from bot.ilr.readers.table_columns import group_headings

__all__ = ["space_columns", "with_whole_cells"]

_RULER = re.compile(r"[\s|:+=_-]*")
_WORD = re.compile(r"\S+")
_WIDE = re.compile(r"\s{2,}")
_LOOKED_AT, _MOST_HEADS, _MIN_COLUMNS, _WIDEST, _FIRST = 20, 3, 4, 400, 40


def space_columns(text: str) -> str:
    """The text with such a table's cells parted by tabs, a row a line; else as it is. Lines stay
    where they are: what was joined leaves blank lines."""
    lines = text.split("\n")
    for at in range(min(len(lines), _LOOKED_AT)):
        for count in range(_MOST_HEADS, 0, -1):
            made = _table(lines, at, count)
            if made is not None:
                return "\n".join(made)
    return text


def with_whole_cells(text: str) -> str:
    """The text as ``space_columns`` has it, where cells were broken over lines; else as it is."""
    made = space_columns(text)
    if made is text:
        return text
    before, after = text.split("\n"), made.split("\n")
    broken = any(
        not now and was.strip() and re.search(r"\d{2}", was)
        for was, now in zip(before, after, strict=True)
    )
    return made if broken else text


def _table(lines: list[str], at: int, count: int) -> list[str] | None:
    heads = lines[at : at + count]
    if len(heads) < count or not all(map(_may_head, heads)):
        return None
    first = at + count
    while first < len(lines) and lines[first].strip() and _RULER.fullmatch(lines[first]):
        first += 1
    last = first
    while last < len(lines) and _may_be_row(lines[last]):
        last += 1
    rows = lines[first:last]
    if not rows or not re.search(r"\d{2}", rows[0]) or (count == 1 and len(rows) < 2):
        return None
    if count == 1 and _WIDE.search(heads[0].strip()) is None:
        return None
    if count > 1 and group_headings(tuple(_WIDE.split(heads[0].strip()))) is not None:
        return None
    # What the first rows do not look like, no more of them would.
    for some in (rows[:_FIRST], rows):
        spans = _spans(heads, some)
        if len(spans) < _MIN_COLUMNS:
            return None
        headings = [" ".join(part for part in cell if part) for cell in _cells(heads, spans)]
        labels = [names().look_up(heading) for heading in headings]
        if not _are_names(labels, all_of_them=count > 1):
            return None
    if count == 1 and len(_WIDE.split(heads[0].strip())) >= len(spans):
        return None  # two spaces part them as well
    cells = [[line[start:end].strip() for start, end in spans] for line in rows]
    joined = _joined(cells, labels)
    if not _have_their_forms(joined, labels):
        return None
    made = ["\t".join(headings), *[""] * (first - at - 1)]
    made += ["\t".join(row) if row else "" for row in joined]
    return [*lines[:at], *made, *lines[last:]]


def _may_head(line: str) -> bool:
    plain = line.strip() and len(line) <= _WIDEST and "\t" not in line and "|" not in line
    return bool(plain) and not re.search(r"\d{2}|[:=]\s", line) and not _RULER.fullmatch(line)


def _may_be_row(line: str) -> bool:
    if not line.strip() or len(line) > _WIDEST or "\t" in line or "|" in line:
        return False
    return not _RULER.fullmatch(line)


def _spans(heads: Sequence[str], rows: Sequence[str]) -> list[tuple[int, int]]:
    """Where the columns are: runs of places that some line has a character in. Of two runs with
    one space between, of which one has no heading or no values, one is the other's rest: half of
    a postcode, or of "Pl hrs"."""
    filled = [False] * (max(map(len, [*heads, *rows])) + 1)
    for line in (*heads, *rows):
        for word in _WORD.finditer(line):
            filled[word.start() : word.end()] = [True] * (word.end() - word.start())
    spans: list[tuple[int, int]] = []
    start = None
    for place, full in enumerate(filled):
        if full and start is None:
            start = place
        elif not full and start is not None:
            if (
                spans
                and spans[-1][1] + 1 == start
                and _are_one(spans[-1], (start, place), heads, rows)
            ):
                spans[-1] = spans[-1][0], place
            else:
                spans.append((start, place))
            start = None
    return spans


def _are_one(
    left: tuple[int, int], right: tuple[int, int], heads: Sequence[str], rows: Sequence[str]
) -> bool:
    unheaded = not any(line[right[0] : right[1]].strip() for line in heads)
    return unheaded or not any(line[left[0] : left[1]].strip() for line in rows)


def _cells(lines: Sequence[str], spans: Sequence[tuple[int, int]]) -> list[list[str]]:
    """The parts of each column, line by line."""
    return [[line[start:end].strip() for line in lines] for start, end in spans]


def _are_names(labels: Sequence[Label], *, all_of_them: bool) -> bool:
    known = sum(label.known and label.number is None for label in labels)
    passed = sum(label.known or label.ignored or label.person for label in labels)
    enough = len(labels) if all_of_them else len(labels) * 4 / 5
    return known >= _MIN_COLUMNS and passed >= enough


def _fits(label: Label, text: str) -> bool:
    if label.fam_type or not label.places:
        return True
    return any(has_usual_form(name, text) for _, name in label.places)


def _joined(cells: list[list[str]], labels: Sequence[Label]) -> list[list[str]]:
    """The rows, with those that only go on joined to the one above; an empty one in their place."""
    made: list[list[str]] = []
    above: list[str] | None = None
    for row in cells:
        together = _together(above, row, labels) if above is not None and not row[0] else None
        if together is None or above is None:
            made.append(row)
            above = row
        else:
            above[:] = together
            made.append([])
    return made


def _together(above: list[str], row: list[str], labels: Sequence[Label]) -> list[str] | None:
    """A row with what its cells go on with below; None where the line below is a row of its own:
    where it has values that do not make those above whole."""
    made, better = list(above), 0
    for at, (first, rest, label) in enumerate(zip(above, row, labels, strict=True)):
        if not rest:
            continue
        if not first:
            return None
        tight, wide = f"{first}{rest}", f"{first} {rest}"
        made[at] = tight if label.known and _fits(label, tight) and first[-1:].isalnum() else wide
        if first[-1:] in "/-" and label.known and _fits(label, tight):
            made[at] = tight
        if label.known and not label.fam_type:
            if not _fits(label, made[at]):
                return None
            better += not _fits(label, first) or not _fits(label, rest)
    names_alone = all(
        label.person or (label.known and label.places[0][1] in {"FamilyName", "GivenNames"})
        for label, rest in zip(labels, row, strict=True)
        if rest
    )
    return made if better or names_alone else None


def _have_their_forms(rows: Sequence[Sequence[str]], labels: Sequence[Label]) -> bool:
    told = fits = 0
    for row in rows:
        for label, cell in zip(labels, row, strict=False):
            if label.known and cell:
                told += 1
                fits += _fits(label, cell)
    return told > 0 and fits * 10 >= told * 9
