"""Tables of an aim's or a learner's parts whose headings are short: "Type, Code, Date, Amount".

What they are of is told by the heading above ("Financial details"), by a heading beside them
("Price type"), or by the types beneath "Type". The short names are then written out in full.
"""

from __future__ import annotations

import re

from bot.ilr.readers.assembly import ancestors
from bot.ilr.readers.cells import clean
from bot.ilr.readers.fixed_width import aligned
from bot.ilr.readers.names import Label, names
from bot.ilr.readers.table_lines import CELL

__all__ = ["headings_in_full"]

_MARKS = ("\t", "|", ";", ",")
_CELL = {mark: re.compile(rf"[^{re.escape(mark)}]+") for mark in _MARKS}
_FIGURES = re.compile(r"\d\d")
_IDENTITY = frozenset({"LearnAimRef", "AimSeqNumber", "SWSupAimId"})
_CODE_FIRST = re.compile(r"([A-Z]{3})(?![A-Za-z0-9])")
_MOST_CELLS, _LONGEST, _MOST_BELOW = 12, 400, 4


def headings_in_full(text: str) -> str:
    """The text with such headings as the fields' official names; lines stay where they are."""
    lines = text.split("\n")
    headed: str | None = None
    for at, line in enumerate(lines):
        if headed is None and _is_of_values(line):
            continue
        spans = _cells(line)
        if len(spans) < 2:
            headed = _section(line) if line.strip(" -=_|\t") else headed
            continue
        if _FIGURES.search(line) or len(spans) > _MOST_CELLS:
            headed = None
            continue
        cells = [clean(line[start:end]) for start, end in spans]
        entity = _entity(cells, headed, _below(lines, at))
        if entity is not None:
            lines[at:] = _spelt(lines[at:], entity)
        elif re.search(r"\d", line):
            headed = None
    return "\n".join(lines)


def _is_of_values(line: str) -> bool:
    """Whether a line has figures and two cells at least, as nearly all of a table have: it heads
    nothing. Where its cells stand is not looked for."""
    mark = next((one for one in _MARKS if one in line), None)
    if mark is None or len(line) > _LONGEST or not _FIGURES.search(line):
        return False
    first, _, others = line.partition(mark)
    return bool(first.strip() and others.replace(mark, " ").strip())


def _cells(line: str) -> list[tuple[int, int]]:
    """Where the cells of a line stand; a wide gap parts them where no mark does."""
    if len(line) > _LONGEST:
        return []
    mark = next((one for one in _MARKS if one in line), None)
    pattern = _CELL[mark] if mark else CELL
    found = [match.span() for match in pattern.finditer(line)]
    return [(a, b) for a, b in found if line[a:b].strip()]


def _section(line: str) -> str | None:
    """The entity whose parts a line on its own heads, when it has short names."""
    bare = clean(line).strip("*_#:.-– \t|[]")
    entity = names().heading(bare) if len(bare) < 60 else None
    if entity == "LearnerDestinationandProgression":
        return "DPOutcome"
    return entity if names().has_short_names(entity) else None


def _below(lines: list[str], at: int) -> list[list[str]]:
    found = []
    for line in lines[at + 1 : at + 1 + _MOST_BELOW]:
        spans = _cells(line)
        if len(spans) > 1 and set(line) - set("-=_|:+ \t"):
            found.append([clean(line[start:end]) for start, end in spans])
    return found


def _entity(cells: list[str], headed: str | None, below: list[list[str]]) -> str | None:
    """What a row of headings is of, when some of its names are short ones."""
    if not below:
        return None
    typed = _by_types(cells, below)
    labels = [names().look_up(cell) for cell in cells]
    plain = [one for one in labels if one.known and not one.if_fits and one.fam_type is None]
    own = {label.places[0][0] for label in plain}
    told = [one for one in own if names().has_short_names(one)]
    for entity in dict.fromkeys([typed, *told, headed]):
        if entity is None or (typed and entity != typed):
            continue
        short = [cell for cell in cells if names().under(entity, cell)]
        if len(short) >= (1 if entity in told else 2) and all(
            _goes_with(label, entity) for label in labels
        ):
            return entity
    return None


def _by_types(cells: list[str], below: list[list[str]]) -> str | None:
    """The entity that the types beneath "Type" are of."""
    at = next((n for n, cell in enumerate(cells) if re.search("(?i)type$|^fam$", cell)), None)
    if at is None:
        return None
    found = set()
    for row in below:
        match = _CODE_FIRST.match(row[at]) if at < len(row) else None
        found.add(names().owner_of_type(match[1]) if match else None)
    return found.pop() if len(found) == 1 else None


def _goes_with(label: Label, entity: str) -> bool:
    """Whether a heading can stand in a table of an entity's parts: its own, what says whose
    they are, or what is passed over."""
    if names().under(entity, label.said) or label.ignored or label.person or label.if_fits:
        return True
    return any(
        kind in {entity, "Learner"} or entity in ancestors(kind) or name in _IDENTITY
        for kind, name in label.places
    )


def _spelt(lines: list[str], entity: str) -> list[str]:
    """The lines of a table, the first of which is its headings, with these in full."""
    end = next((at for at, line in enumerate(lines) if not line.strip()), len(lines))
    if not any(mark in lines[0] for mark in _MARKS):
        lines[:end] = aligned("\n".join(lines[:end]), 1).split("\n")
    head = lines[0]
    spans = _cells(head)
    labels = [names().look_up(clean(head[start:stop])) for start, stop in spans]
    for at in range(len(spans) - 1, -1, -1):
        name = names().under(entity, labels[at].said)
        if name is not None and not _is_settled(labels, at, entity):
            head = f"{head[: spans[at][0]]}{name}{head[spans[at][1] :]}"
    lines[0] = head
    return lines


def _is_of(label: Label, entity: str) -> bool:
    return label.known and any(kind == entity for kind, _ in label.places)


def _is_settled(labels: list[Label], at: int, entity: str) -> bool:
    """Whether a known name is the entity's anyway, by the heading before it or as its first."""
    if not _is_of(labels[at], entity):
        return False
    return labels[at].places[0][0] == entity or (at > 0 and _is_of(labels[at - 1], entity))
