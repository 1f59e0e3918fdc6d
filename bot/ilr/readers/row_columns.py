"""What the columns of a table are in one of its rows, where that depends on the row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.ilr.readers.learner_lines import is_persons_name
from bot.ilr.readers.names import is_everybodys, names
from bot.ilr.readers.people import split_name
from bot.ilr.readers.table_columns import AIM, PLACEMENT, Column
from bot.ilr.readers.table_parts import AIM_NUMBER, AIM_REF, REFERENCE

__all__ = [
    "BesideAnAim",
    "as_number",
    "columns_beside_an_aim",
    "columns_of_row",
    "names_in_row",
]

_WHOSE_HOURS = "It is not said which hours these are, so they were not read."


@dataclass(frozen=True, slots=True)
class BesideAnAim:
    """What the columns are in a row whose aim is no work experience."""

    columns: list[Column]
    hours: int
    """The column of hours of which nobody says whose they are."""


def columns_beside_an_aim(columns: list[Column], header: Sequence[str]) -> BesideAnAim | None:
    """What a table's columns are beside an aim, where that depends on the row; else None.

    "Start", "End" and "Hours" are a placement's beside an employer, or an aim that is work
    experience. Beside another aim the dates are the aim's; whose the hours are is not said.
    """
    hours = [one for one in columns if one.place == (PLACEMENT, "WorkPlaceHours")]
    dates = [one for one in columns if {AIM, PLACEMENT} <= {place[0] for place in one.label.places}]
    if not (len(hours) == 1 and is_everybodys(hours[0].label) and dates):
        return None
    others = [one for one in columns if one not in hours and one not in dates]
    if any(place[0] == PLACEMENT for one in others for place in one.label.places) or any(
        names().beside(cell) == PLACEMENT for cell in header
    ):
        return None
    taken = {one.place for one in others}
    found = list(others)
    for one in dates:
        free = [place for place in one.label.places if place[0] == AIM and place not in taken]
        if free:
            taken.add(free[0])
            rest = ", ".join(
                dict.fromkeys(name for _, name in one.label.places if name != free[0][1])
            )
            doubt = f"read as {free[0][1]}, though it may mean {rest}"
            found.append(replace(one, place=free[0], doubt=doubt))
    return BesideAnAim(sorted(found, key=lambda one: one.index), hours[0].index)


def columns_of_row(
    columns: list[Column], beside: BesideAnAim | None, cells: Sequence[str]
) -> tuple[list[Column], str | None]:
    """The columns as they are in one row, and a remark where one of them is not read."""
    if beside is None:
        return columns, None
    aims = [cells[one.index] for one in columns if one.place == AIM_REF]
    if aims and (not aims[0] or aims[0].upper().startswith("ZWRK")):
        return columns, None
    return beside.columns, _WHOSE_HOURS if cells[beside.hours] else None


def as_number(column: Column, cell: str, columns: list[Column]) -> Column:
    """A "2" under "Aim" is the aim's number, not its reference."""
    if column.place != AIM_REF or not re.fullmatch(r"[1-9]\d?", cell):
        return column
    if any(one.place == AIM_NUMBER for one in columns):
        return column
    doubt = "it is too short for a reference, and was read as the aim's number"
    return replace(column, place=AIM_NUMBER, doubt=doubt)


def names_in_row(
    columns: list[Column], people: list[int], cells: tuple[str, ...]
) -> list[tuple[int, str, str]]:
    """Column, field and value of a learner's names that stand in one cell, "Gosling, Peter".

    Without the comma it may be somebody else's, or a firm's: it has to stand beside a learner's
    reference, and be a person's name by its words.
    """
    held = {column.place[1] for column in columns}
    if len(people) != 1 or held & {"FamilyName", "GivenNames"}:
        return []
    said = _without_reference(cells[people[0]])
    if "," not in said and not ("LearnRefNumber" in held and is_persons_name(said)):
        return []
    return [(people[0], name, text) for name, text in split_name(said)]


def _without_reference(cell: str) -> str:
    """A learner's name without the reference beside it: "AP1001 - Ford, Dean"."""
    match = REFERENCE.search(cell)
    if match is None:
        return cell
    first, last = match.span(1 if match[1] else 2)
    name = f"{cell[:first]} {cell[last:]}".strip(" ()[]-–—:,")
    return name if is_persons_name(name) else cell
