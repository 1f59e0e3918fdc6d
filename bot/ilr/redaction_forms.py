"""Forms in which a personal value hides, or in which something else looks like one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from bot.ilr.readers.cells import clean
from bot.ilr.readers.forms import has_usual_form
from bot.ilr.readers.names import Label, names
from bot.ilr.readers.pairs import pairs
from bot.privacy import is_given_name, is_surname

__all__ = ["end_of_value", "is_unchosen", "misspelt_labels", "pairs_on", "rows_of", "spelt_out"]

_WRITTEN = re.compile(
    r"&(?:amp;){0,3}(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,12}\d{0,2});|\\u([0-9a-fA-F]{4})"
)
_ROUNDED = re.compile(r"(\d[.,]\d{1,12})E\+?\d{1,2}", re.IGNORECASE)
"""A long number as a spreadsheet rounds it: 4.47E+09."""
_TOTAL = re.compile(
    r"(.*?)\b(?:sub[ -]?|grand |overall )?totals?"
    r"(?: (?:hours|hrs|learners|aims|rows|placements))?:?",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"^[ \t]*(?:>[ \t]?)+")
"""How a mail marks what it answers."""
_MOST_LINES = 8
_CELL_ENDS = re.compile(r"[\t|;,\n\"<>]|  |[:=] ")


def spelt_out(text: str) -> str:
    """The text with letters, figures and spaces that HTML, XML or JSON write as codes as
    themselves (HC&#49;7 is HC17): else a reference that is partly so would not be found.

    What would change the layout (< > & quotes, line ends) stays as it is written.
    """
    return _WRITTEN.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    found = chr(int(match[2], 16)) if match[2] else unescape(f"&{match[1]};")
    if found == "'":
        return "’"
    plain = found.isalnum() or found in "/-.,:@+_ \u00a0"
    return found if len(found) == 1 and plain else match[0]


def end_of_value(value: str) -> int:
    """Where what is personal of a value ends: before "Total", before the power of ten."""
    match = _ROUNDED.fullmatch(value) or _TOTAL.fullmatch(value)
    return match.end(1) if match else len(value)


def rows_of(text: str) -> Iterator[str]:
    """Lines with their ends; a quoted cell that goes over several lines keeps its row whole."""
    waiting: list[str] = []
    for line in text.splitlines(keepends=True):
        opens = line.count('"') % 2 and re.search(r'(?:^|[\t,;|]) ?"', line)
        if waiting or opens:
            waiting.append(line)
            if "".join(waiting).count('"') % 2 == 0:
                yield "".join(waiting)
                waiting = []
            elif len(waiting) > _MOST_LINES:
                yield from waiting
                waiting = []
        else:
            yield line
    yield from waiting


def is_unchosen(text: str, start: int, end: int) -> bool:
    """Whether a stretch is part of what a form shows while nothing was chosen."""
    before = [match.end() for match in _CELL_ENDS.finditer(text, max(0, start - 40), start)]
    after = _CELL_ENDS.search(text, end, end + 40)
    cell = text[before[-1] if before else max(0, start - 40) : after.start() if after else end + 40]
    return not clean(cell)


def pairs_on(line: str) -> Iterator[tuple[Label, int, int, int]]:
    """Each name on a line of several pairs: where it begins, and its value begins and ends."""
    reached = 0
    line = _QUOTED.sub(lambda match: " " * len(match[0]), line)
    for label, value in pairs(line):
        named = line.find(label.said, reached)
        if named < 0:
            return
        start = line.find(value, named + len(label.said)) if value else named + len(label.said)
        if start < 0:
            return
        yield label, named, start, start + len(value)
        reached = start + len(value)


_LABELLED = re.compile(
    r"(?:^|[\t|;,]|[ ]{2})[ >*_`#•-]{0,12}([A-Za-z][\w ./()-]{1,60}?)[*_`]{0,3}[ ]{0,4}"
    r"(?::|=|\t|->|→)[ \t*]{0,6}(\S(?:(?![ ]{2}|[\t|;])[^\n]){0,60})",
    re.MULTILINE,
)


def misspelt_labels(text: str) -> set[int]:
    """The places of labels that are a field's name with a slip ("Outcme: 1").

    What stands behind has to be a value of that field, and no word of the label a known name.
    """
    found: set[int] = set()
    for match in _LABELLED.finditer(text):
        label = names().look_up(match[1])
        if label.similar is None or not has_usual_form(label.similar, clean(match[2])):
            continue
        if not any(is_given_name(one) or is_surname(one) for one in re.findall(r"\w+", match[1])):
            found |= set(range(match.start(1), match.end(1)))
    return found
