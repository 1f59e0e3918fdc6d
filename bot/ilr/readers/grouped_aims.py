"""Sheets with a learner's aims beside each other, and above the headings what each group of
columns is: "Prog aim ZPROG001", "TQ", "Placement ZWRKX003". Each aim becomes a row of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.ilr.readers.names import names
from bot.ilr.readers.phrases import AIM_REFERENCE
from bot.ilr.readers.table_columns import AIM, PLACEMENT
from bot.ilr.readers.table_lines import cells_of
from bot.ilr.readers.table_shape import UNTOLD
from bot.ilr.readers.values import read_value

__all__ = ["Grouped", "group_cells", "grouped_aims"]

_REFERENCE = re.compile(rf"(?<!\w){AIM_REFERENCE}(?!\w)")
_OF_AIM = re.compile(
    r"\b(?:aims?|prog|programme|tq|core|specialism|technical|qual(?:ification)?|diploma)\b",
    re.IGNORECASE,
)
_OF_PLACEMENT = re.compile(r"\b(?:placements?|plcmt|ip|work exp(?:erience)?|wex)\b", re.IGNORECASE)
_ONLY_GROUPS = re.compile(
    rf"(?:(?:{AIM_REFERENCE}|aims?|prog(?:ramme)?|tq|core|specialism|technical|qual(?:ification)?"
    r"|diploma|placements?|plcmt|ip|work|exp(?:erience)?|wex|ind(?:ustry)?|main|t level|\d{1,2})"
    r"[ .:()/-]*){1,8}",
    re.IGNORECASE,
)
_LOOKED_AT, _WIDEST, _FEWEST = 20, 4_000, 6
_LEFT = "What stands below a blank heading here was not read."
_WITHOUT = "A group of columns holds no value in this row, so nothing of it was read."


@dataclass(slots=True)
class Grouped:
    """The rows of such a sheet, the first its headings; with remarks and the line it begins on."""

    first: int
    rows: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    remarks: list[tuple[int, str]] = field(default_factory=list)


@dataclass(slots=True)
class _Group:
    """Columns under one heading: whose they are, and the aim that the heading names."""

    entity: str
    reference: str
    columns: list[tuple[int, str]] = field(default_factory=list)
    """Where each stands, and the name of its field."""


def grouped_aims(text: str) -> Grouped | None:
    """Such a sheet's rows; None for any other text."""
    lines = text.split("\n")
    for at in range(min(len(lines) - 2, _LOOKED_AT)):
        if lines[at].count("\t") < _FEWEST or lines[at + 1].count("\t") < _FEWEST:
            continue
        if max(len(lines[at]), len(lines[at + 1])) > _WIDEST:
            continue
        above, heads = cells_of(lines[at], "\t"), cells_of(lines[at + 1], "\t")
        plain, groups = _groups(above, heads)
        if groups:
            return _rows(lines, at, above, heads, plain, groups)
    return None


def group_cells(text: str) -> list[tuple[int, int]]:
    """Where the headings above the headings stand, those that can be nobody's name."""
    found = grouped_aims(text)
    if found is None:
        return []
    lines = text.split("\n")
    start = sum(len(line) + 1 for line in lines[: found.first - 1])
    spans = []
    for cell in lines[found.first - 1].split("\t"):
        if _ONLY_GROUPS.fullmatch(cell.strip()) or names().look_up(cell).ignored:
            spans.append((start, start + len(cell)))
        start += len(cell) + 1
    return spans


def _groups(
    above: tuple[str, ...], heads: tuple[str, ...]
) -> tuple[list[tuple[int, str]], list[_Group]]:
    """The columns of no aim, and the groups of those that are; no groups where it is not so."""
    starts = [at for at, cell in enumerate(above) if cell]
    if len(starts) < 2 or sum(names().look_up(cell).known for cell in heads if cell) < _FEWEST:
        return [], []
    plain = [(at, cell) for at, cell in enumerate(heads[: starts[0]]) if cell]
    groups: list[_Group] = []
    for begin, end in zip(starts, [*starts[1:], len(heads)], strict=True):
        said = above[begin]
        named = _REFERENCE.search(said)
        entity = PLACEMENT if _OF_PLACEMENT.search(said) else AIM
        if named is None and not (_OF_AIM.search(said) or entity == PLACEMENT):
            plain += [(at, heads[at]) for at in range(begin, min(end, len(heads))) if heads[at]]
            continue
        group = _Group(entity, named[0] if named else "")
        group.columns = [
            (at, _within(heads[at], entity)) for at in range(begin, min(end, len(heads)))
            if heads[at]
        ]  # fmt: skip
        told = [name for _, name in group.columns]
        if len(set(told)) < len(told) or not (group.reference or "LearnAimRef" in told):
            return [], []
        groups.append(group)
    of_aims = [one for one in groups if one.entity == AIM]
    return (plain, groups) if of_aims and len(groups) > 1 else ([], [])


def _within(head: str, entity: str) -> str:
    """The field that a heading is under the heading of an aim or a placement."""
    label = names().look_up(head)
    if label.fam_type is not None or not label.places:
        return head
    mine = [name for owner, name in label.places if owner == entity]
    if not mine and entity == PLACEMENT:
        whole = names().look_up(f"placement {head}")
        mine = [name for owner, name in whole.places if owner == entity]
    return mine[0] if len(mine) == 1 else head


def _rows(
    lines: list[str],
    at: int,
    above: tuple[str, ...],
    heads: tuple[str, ...],
    plain: list[tuple[int, str]],
    groups: list[_Group],
) -> Grouped:
    found = Grouped(at + 1)
    fields = list(
        dict.fromkeys(["LearnAimRef", *(name for one in groups for _, name in one.columns)])
    )
    found.rows.append((at + 2, (*(name for _, name in plain), *fields)))
    headed = {place for place, cell in enumerate(heads) if cell}
    notes = {place for place, cell in enumerate(above) if cell and names().look_up(cell).ignored}
    for number, line in enumerate(lines[at + 2 :], at + 3):
        cells = cells_of(line, "\t")
        if not any(cells):
            continue
        if "\t" not in line:
            found.remarks.append((number, "This line was not understood."))
            continue
        if any(cell and n not in headed and n not in notes for n, cell in enumerate(cells)):
            found.remarks.append((number, _LEFT))
        person = [cells[n] if n < len(cells) else "" for n, _ in plain]
        made = 0
        for group in groups:
            told = {name: cells[n] for n, name in group.columns if n < len(cells)}
            if not any(read_value(name, cell).text for name, cell in told.items()):
                if any(told.values()):
                    found.remarks.append((number, _WITHOUT))
                continue
            if group.reference:
                told.setdefault("LearnAimRef", group.reference)
            mine = [told.get(name, UNTOLD) for name in fields]
            found.rows.append((number, (*person, *mine)))
            made += 1
        if not made:
            found.rows.append((number, (*person, *[UNTOLD] * len(fields))))
    return found
