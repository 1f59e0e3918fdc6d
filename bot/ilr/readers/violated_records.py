"""What the rows of a rule violation report say of the records they are about: who, which aim,
and the values of the fields that broke the rule. Kept nowhere; `read` shows it."""

from __future__ import annotations

import re

from bot.ilr.raw import RawEntity
from bot.ilr.readers.assembly import owner_of
from bot.ilr.readers.names import key, names
from bot.ilr.readers.tables import Row, read_rows

__all__ = ["records_in"]

MAX_ROWS = 2_000
"""Rows that are looked at; nobody reads more."""
_VALUES = frozenset({"fieldvalues", "values", "fieldvalue", "fields", "errorvalues"})
_PAIR = re.compile(r"([A-Za-z]\w{2,40})\s?[=:]\s?([^|,;=]{0,80}?)\s*(?=$|[|,;])")
_AIM = "LearningDelivery"


def records_in(header: Row, rows: list[Row]) -> RawEntity | None:
    """A Message of the learners and aims that rows name; None when they name no field."""
    at = next((n for n, cell in enumerate(header.cells) if key(cell) in _VALUES), None)
    pairs_at = _paired_columns(header)
    held = {place for cell in header.cells for place in names().look_up(cell).places}
    width, said = len(header.cells), []
    for row in rows[:MAX_ROWS]:
        cells = row.cells[:width]
        if len(row.cells) > width and any(row.cells[width:]):
            continue
        pairs = dict(_PAIR.findall(cells[at])) if at is not None and at < len(cells) else {}
        for name_at, value_at in pairs_at:
            if value_at < len(cells) and names().look_up(cells[name_at]).official:
                pairs[cells[name_at]] = cells[value_at]
        said.append((row, pairs))
    fields = {name for _, pairs in said for name in pairs if owner_of(name)}
    fields -= {name for _, name in held}
    columns = sorted(name for name in fields if owner_of(name))
    if not columns and not any(name == "LearnRefNumber" for _, name in held):
        return None
    heads = [
        cell if names().look_up(cell).known or names().look_up(cell).person else ""
        for cell in header.cells
    ]
    made = [Row(header.line, (*heads, *columns))]
    for row, pairs in said:
        cells = (*row.cells[:width], *[""] * (width - len(row.cells)))
        cells = tuple(cell if head else "" for cell, head in zip(cells, heads, strict=True))
        made.append(Row(row.line, (*cells, *(pairs.get(name, "") for name in columns))))
    message = read_rows(made, "table").message
    for learner in message.children:
        _join_aims(learner)
    return message


def _paired_columns(header: Row) -> list[tuple[int, int]]:
    """Columns of a field's name and of its value: "Field 1", "Value 1"."""
    found = {}
    for at, cell in enumerate(header.cells):
        if match := re.fullmatch(r"(?i)(field|value)(?: ?name)?[ _]?(\d)", cell.strip()):
            found[match[1].casefold(), match[2]] = at
    return [
        (at, found["value", number])
        for (kind, number), at in found.items()
        if kind == "field" and ("value", number) in found
    ]


def _join_aims(learner: RawEntity) -> None:
    """One aim of those that have a number in common and say nothing different."""
    kept: list[RawEntity] = []
    for aim in learner.children:
        mine = {item.name: item.text for item in aim.fields if item.text}
        same = [one for one in kept if aim.name == _AIM and _is_same(one, mine)]
        if not same:
            kept.append(aim)
            continue
        there = {item.name for item in same[0].fields if item.text}
        same[0].fields += [item for item in aim.fields if item.name not in there]
        same[0].children += aim.children
    learner.children = kept


def _is_same(aim: RawEntity, said: dict[str, str]) -> bool:
    held = {item.name: item.text for item in aim.fields if item.text}
    both = set(held) & set(said)
    return "AimSeqNumber" in both and all(held[name] == said[name] for name in both)
