"""What databases take and answer: INSERT statements, and columns that are ruled with dashes."""

from __future__ import annotations

import re
from itertools import chain

__all__ = ["is_statement", "rows_of_statements", "widths_ruled"]

_INSERT = re.compile(
    r"\binsert\s+into\s+([\w.\[\]\"`]{1,80})\s*\(([^()]{1,4000})\)\s*values\s*", re.IGNORECASE
)
_ROW = re.compile(r"\s*,?\s*\(((?:[^()']|'(?:[^']|'')*'|\((?:[^()']|'(?:[^']|'')*')*\))*)\)")
_PART = re.compile(r"(?:[^,'()]|'(?:[^']|'')*'|\((?:[^()']|'(?:[^']|'')*')*\))+")
_QUOTED = re.compile(r"\s*(?:[NnEe]|[\w ]{1,30}\(?[^']*)?'((?:[^']|'')*)'.*", re.DOTALL)
"""A string, with what makes a date of it: TO_DATE('2026-09-07', 'YYYY-MM-DD')."""
_UPDATE = re.compile(
    r"\bupdate\s+[\w.\[\]\"`]{1,80}(?:\s+\w{1,20})?\s+set\s+([^;]{1,4000}?)\s+where\s+([^;]{1,2000})",
    re.IGNORECASE,
)
_ASSIGNED = re.compile(r"(?:\w{1,20}\.)?\[?(\w{2,40})\]?\s{0,3}=\s{0,3}[Nn]?('[^']*'|[\w.-]+)")
_DASHES = re.compile(r"\s*-{2,}(?: +-{2,})*\s*")
_LOOKED_AT = 60


def is_statement(text: str) -> bool:
    """Whether a text holds an INSERT with its columns named, or an UPDATE."""
    return bool(_INSERT.search(text) or _UPDATE.search(text))


def rows_of_statements(text: str) -> list[tuple[int, tuple[str, ...]]]:
    """The columns and the rows of statements, with their lines; a heading for each whose columns
    differ from the one before."""
    found: list[tuple[int, tuple[str, ...]]] = []
    heading: tuple[str, ...] = ()
    for match in _INSERT.finditer(text):
        columns = tuple(name.strip(' \t\n[]"`') for name in match[2].split(","))
        line = text.count("\n", 0, match.start()) + 1
        if columns != heading:
            heading = columns
            found.append((line, columns))
        place = match.end()
        while row := _ROW.match(text, place):
            at = text.count("\n", 0, row.start(1)) + 1
            found.append((at, _values(row[1])))
            place = row.end()
    return [*found, *rows_of_updates(text)]


def rows_of_updates(text: str) -> list[tuple[int, tuple[str, ...]]]:
    """UPDATE statements as rows: what is set, and the record it is set in."""
    found = []
    for match in _UPDATE.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        # What the condition compares with is what it was, unless it says which record.
        set_here = _ASSIGNED.findall(match[1])
        names = {name.casefold() for name, _ in set_here}
        where = [one for one in _ASSIGNED.findall(match[2]) if one[0].casefold() not in names]
        pairs = [*where, *set_here]
        found.append((line, tuple(name for name, _ in pairs)))
        found.append((line, tuple(value.strip("'") for _, value in pairs)))
    return found


def _values(row: str) -> tuple[str, ...]:
    """The values between a row's brackets, out of their quotes."""
    quoted = ((part, _QUOTED.fullmatch(part)) for part in _PART.findall(row))
    return tuple(found[1].replace("''", "'") if found else part.strip() for part, found in quoted)


def widths_ruled(text: str) -> str:
    """A query's answer with dashes under its headings, as columns with tabs between.

    SQL*Plus wraps rows that are wider than its page: as many headings, and as many lines a row.
    Lines stay lines; a wrapped row stands on its first.
    """
    lines = text.split("\n")
    for at, line in enumerate(lines[1 : _LOOKED_AT + 1], 1):
        if not _DASHES.fullmatch(line) or not lines[at - 1].strip():
            continue
        ruled = [at]
        while (
            ruled[-1] + 2 < len(lines)
            and _DASHES.fullmatch(lines[ruled[-1] + 2])
            and not re.search(r"\d{3}", lines[ruled[-1] + 1])  # a row, with its totals ruled off
        ):
            ruled.append(ruled[-1] + 2)
        if len(ruled) == 1 and not re.search(r"- +-", line):
            continue
        return "\n".join(_unruled(lines, ruled))
    return text


def _unruled(lines: list[str], ruled: list[int]) -> list[str]:
    spans = [[match.span() for match in re.finditer(r"-+", lines[at])] for at in ruled]
    head = [_cut(lines[at - 1], mine) for at, mine in zip(ruled, spans, strict=True)]
    lines[ruled[0] - 1] = "\t".join(chain.from_iterable(head))
    for at in range(ruled[0], ruled[-1] + 1):
        lines[at] = ""
    row = ruled[-1] + 1
    while row < len(lines):
        if not lines[row].strip():
            if len(ruled) == 1:
                break
            row += 1
            continue
        if len(ruled) > 1 and lines[row].split() == lines[ruled[0] - 1].split("\t")[: len(head[0])]:
            # The headings again, at the top of a page.
            for at in range(row, min(row + 2 * len(ruled), len(lines))):
                lines[at] = ""
            continue
        if row + len(ruled) > len(lines) or re.match(r"\s*\(?\d+ rows?\b", lines[row]):
            break
        if len(ruled) == 1 and _DASHES.fullmatch(lines[row]):
            lines[row] = ""
            row += 1
            continue
        if len(ruled) == 1 and _is_cut_through(lines[row], spans[0]):
            row += 1
            continue
        cells = [_cut(lines[row + n], mine) for n, mine in enumerate(spans)]
        for n in range(len(ruled)):
            lines[row + n] = ""
        lines[row] = "\t".join(chain.from_iterable(cells))
        row += len(ruled)
    return lines


def _is_cut_through(line: str, spans: list[tuple[int, int]]) -> bool:
    """Whether a line stands under no such columns: the edge of one goes through a word."""
    return any(re.fullmatch(r"\w\w", line[begin - 1 : begin + 1]) for begin, _ in spans[1:])


def _cut(line: str, spans: list[tuple[int, int]]) -> list[str]:
    ends = [begin for begin, _ in spans[1:]] + [None]
    return [line[begin:end].strip() for (begin, _), end in zip(spans, ends, strict=True)]
