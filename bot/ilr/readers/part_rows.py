"""Rows below a table that are of another kind than it, and have no headings of their own.

"10 | 06/10/2025 | 900331122 | EII 8" under "EMPLOYMENT STATUS", "Aim 1 | TNP1 | 13/10/2025 | 6000",
and a placement in the columns of its aim: "WP1 | | | 05/10/2026 | 09/10/2026 | 30 hrs".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.ilr.readers.coded import coded
from bot.ilr.readers.employment_lines import EmploymentLine, employment_line
from bot.ilr.readers.forms import has_usual_form
from bot.ilr.readers.names import Label, names
from bot.ilr.readers.part_lines import part_line, type_described
from bot.ilr.readers.phrases import PLACEMENT, Part, Phrase
from bot.ilr.readers.table_columns import Column
from bot.ilr.readers.values import read_value

__all__ = ["PartRow", "part_row", "placement_row"]

_AIM = re.compile(r"(?:learning )?aim\s?(?:no\.?|seq(?:uence)?|#)?\s?(\d{1,2})", re.IGNORECASE)
_NUMBERED = re.compile(r"([A-Za-z][A-Za-z ]{1,30}?)(?:\s?(?:no\.?|#|-)?\s?(\d{1,2}))?")
_PARTS = frozenset({"AppFinRecord", "LearningDeliveryFAM", "LearnerFAM",
                    "EmploymentStatusMonitoring"})  # fmt: skip
_IN_PLACE_OF = {
    "LearnStartDate": "WorkPlaceStartDate", "LearnPlanEndDate": "WorkPlaceEndDate",
    "LearnActEndDate": "WorkPlaceEndDate", "PHours": "WorkPlaceHours",
}  # fmt: skip
"""Columns of an aim, and what they hold in a row that is a placement's."""
_IDENTITY = frozenset({"LearnRefNumber", "ULN", "LearnAimRef", "FamilyName", "GivenNames",
                       "DateOfBirth"})  # fmt: skip
_ITS_ROW = "its row is headed as a placement's"


@dataclass(slots=True)
class PartRow:
    """What a row is: one employment status, or parts of the aim that it numbers."""

    employed: EmploymentLine | None = None
    parts: list[tuple[Label, str]] = field(default_factory=list)
    aim: int | None = None


def part_row(cells: Sequence[str], headed: str | None) -> PartRow | None:
    """What a row without headings says; None for one that says nothing of its own.

    ``headed``: the entity of the heading above. All of the row has to be understood.
    """
    filled = [cell for cell in cells if cell]
    numbered = _AIM.fullmatch(filled[0]) if filled else None
    aim = int(numbered[1]) if numbered else None
    rest = filled[1:] if numbered else filled
    if len(rest) < 2:
        return None
    if aim is None and (told := employment_line(", ".join(rest), headed)) is not None:
        return PartRow(told)
    parts, left = coded(" ".join(rest))
    parts = type_described(rest) or ([] if left else parts)
    parts = parts or part_line(" ".join(rest), headed)
    kinds = {place[0] for label, _ in parts for place in label.places[:1]}
    return PartRow(None, parts, aim) if parts and kinds <= _PARTS else None


def placement_row(cells: Sequence[str], columns: list[Column]) -> tuple[Phrase, bool] | None:
    """What a row in an aim's table says of a placement that heads it ("WP1"), and whether more
    stands in it; None for any other row."""
    heads = next((at for at, cell in enumerate(cells) if cell), None)
    match = _NUMBERED.fullmatch(cells[heads]) if heads is not None else None
    if match is None or names().heading(match[1]) != PLACEMENT or sum(map(bool, cells)) < 2:
        return None
    if match[2] is None and not any(
        column.index == heads and column.place[1] in _IDENTITY for column in columns
    ):
        return None  # "Work placement" is an aim's title as well
    found, left = Phrase(), False
    for column in columns:
        cell = cells[column.index] if column.index < len(cells) else ""
        if column.index == heads or not cell:
            continue
        if column.place[1] in _IDENTITY:
            return None
        mine = [name for entity, name in column.label.places if entity == PLACEMENT]
        name = _IN_PLACE_OF.get(column.place[1]) or next(iter(mine), None)
        held = name in {part.name for part in found.parts}
        read = read_value(name, cell) if name else None
        blank = read is None or not (read.text or read.trouble)
        if name is None or held or blank or not has_usual_form(name, cell):
            left = True
        else:
            found.parts.append(Part(name, cell, _ITS_ROW))
    return found, left
