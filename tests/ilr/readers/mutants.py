"""Tables and headless lists with one thing wrong, and the values that land elsewhere unsaid.

    python -m tests.ilr.readers.mutants [how many] [first seed]

Each mutant is a table, or a list without headings, in which a cell (a line) was lost, added or
shifted, or a row cut. Every value of it is known by its text. A value is *silently wrong*

- in a field: it stands in another field than the one it was written for, is no guess, and no
  remark is on its line;
- in a record: it stands with values of another learner, aim or placement, and no remark is on a
  line of what it stands in or under.

Mutants that are tables of their own right are counted apart: the row has as many cells as the
heading, and each cell has the form of its column, so nobody could tell.
"""

from __future__ import annotations

import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.errors import InputError
from bot.ilr.raw import RawEntity, RawField
from bot.ilr.readers import read

__all__ = ["WAYS", "Measure", "Mutant", "measure", "mutant", "silent"]

WAYS = ("cell lost", "cell added", "cells shifted", "row cut")
_SHAPES: dict[str, tuple[tuple[str, str], ...]] = {
    "placements of learners": (
        ("Learner Ref", "LearnRefNumber"), ("Aim Ref", "LearnAimRef"), ("Aim Seq", "AimSeqNumber"),
        ("Aim Start Date", "LearnStartDate"), ("Aim Planned End", "LearnPlanEndDate"),
        ("Placement Start", "WorkPlaceStartDate"), ("Placement End", "WorkPlaceEndDate"),
        ("Placement Hours", "WorkPlaceHours"), ("Mode", "WorkPlaceMode"),
        ("Employer ID", "WorkPlaceEmpId"),
    ),
    "aims by official names": (
        ("LearnRefNumber", "LearnRefNumber"), ("LearnAimRef", "LearnAimRef"),
        ("AimType", "AimType"), ("AimSeqNumber", "AimSeqNumber"), ("FundModel", "FundModel"),
        ("LearnStartDate", "LearnStartDate"), ("LearnPlanEndDate", "LearnPlanEndDate"),
        ("CompStatus", "CompStatus"),
    ),
    "aims of one learner": (
        ("Aim", "LearnAimRef"), ("Start Date", "LearnStartDate"),
        ("Planned End Date", "LearnPlanEndDate"), ("Funding Model", "FundModel"),
        ("Aim Type", "AimType"),
    ),
    "learners": (
        ("Student Ref", "LearnRefNumber"), ("ULN", "ULN"), ("Surname", "FamilyName"),
        ("Forename", "GivenNames"), ("Date of Birth", "DateOfBirth"), ("Post Code", "Postcode"),
        ("PLH", "PlanLearnHours"), ("EEP", "PlanEEPHours"),
    ),
    "placements of one aim": (
        ("WP Start", "WorkPlaceStartDate"), ("WP End", "WorkPlaceEndDate"),
        ("Hours", "WorkPlaceHours"), ("Mode", "WorkPlaceMode"),
    ),
    "placements beside each other": (
        ("Learner Ref", "LearnRefNumber"), ("Aim Ref", "LearnAimRef"),
        ("Aim Start", "LearnStartDate"),
        ("WP1 Start", "WorkPlaceStartDate"), ("WP1 Hrs", "WorkPlaceHours"),
        ("WP2 Start", "WorkPlaceStartDate"), ("WP2 Hrs", "WorkPlaceHours"),
    ),
}  # fmt: skip
_LISTS: dict[str, tuple[tuple[str, str], ...]] = {
    "list of aims": (
        ("Aim ref", "LearnAimRef"), ("Start date", "LearnStartDate"),
        ("Planned end date", "LearnPlanEndDate"), ("Funding model", "FundModel"),
    ),
    "list of placements": (
        ("Placement start", "WorkPlaceStartDate"), ("Placement end", "WorkPlaceEndDate"),
        ("Hours", "WorkPlaceHours"), ("Mode", "WorkPlaceMode"),
    ),
    "list of aims with placements": (
        ("Aim ref", "LearnAimRef"), ("Aim start", "LearnStartDate"),
        ("Planned end", "LearnPlanEndDate"), ("Placement start", "WorkPlaceStartDate"),
        ("Placement end", "WorkPlaceEndDate"), ("Placement hours", "WorkPlaceHours"),
    ),
    "list of learners with aims": (
        ("Learner ref", "LearnRefNumber"), ("ULN", "ULN"), ("Date of birth", "DateOfBirth"),
        ("Aim ref", "LearnAimRef"), ("Start date", "LearnStartDate"),
        ("Planned end date", "LearnPlanEndDate"),
    ),
}  # fmt: skip
_AIMS = ("ZWRKX001", "60154967", "Z0007869", "50098765", "6014973X", "Z0002345", "60332181")
_SURNAMES = ("Thornham", "Wexley", "Ostler", "Quarmby", "Iveson", "Lund", "Pickersgill")
_FORENAMES = ("Cerys", "Idris", "Maeve", "Tobias", "Anouk", "Rafe", "Nell")
_SEPARATORS = {"tabs": "\t", "commas": ",", "bars": " | ", "semicolons": ";", "spaces": "   "}
_LIST_MARKS = (": ", " = ", "\t", ":\n")
_AFTER_LEARNER = {"LearnRefNumber", "ULN", "FamilyName", "GivenNames", "DateOfBirth", "Postcode",
                  "PlanLearnHours", "PlanEEPHours"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mutant:
    """A damaged paste, what it was made from, and how it was damaged."""

    form: str
    way: str
    text: str
    fields: dict[str, set[str]]
    """Each value's text → the fields it was written for."""
    rows: dict[str, int]
    """Each value that stands once → its row, so that values of two rows are seen together."""
    could_be_told: bool


def _value(name: str, row: int, number: int, chance: random.Random) -> str:
    """An invented value of a field's form; dates, hours and references never come twice."""
    if name == "LearnAimRef":
        return _AIMS[row % len(_AIMS)]
    if name == "LearnRefNumber":
        return f"K2{row:02}{chance.randint(10, 99)}"
    if name == "ULN":
        return f"44712{row:02}{chance.randint(100, 999)}"
    if name == "WorkPlaceEmpId":
        return f"9{row:02}{chance.randint(100000, 999999)}"
    if name == "DateOfBirth":
        return (date(2008, 1, 13) + timedelta(row * 40 + chance.randint(0, 9))).strftime("%d/%m/%Y")
    if name.endswith("Date"):
        first = {"LearnStartDate": 13, "LearnPlanEndDate": 290, "WorkPlaceStartDate": 70}
        day = date(2026, 9, 1) + timedelta(first.get(name, 130) + row * 9 + number * 55)
        while day.day <= 12:
            day += timedelta(3)
        return day.strftime("%d/%m/%Y")
    if "Hours" in name:
        base = {"WorkPlaceHours": 30, "PlanLearnHours": 500, "PlanEEPHours": 110}[name]
        return str(base + row * 3 + number * 100)
    plain = {
        "AimSeqNumber": str(row + 1), "AimType": "345"[row % 3], "CompStatus": "12"[row % 2],
        "FundModel": ("25", "36", "35")[row % 3], "WorkPlaceMode": "12"[row % 2],
        "FamilyName": _SURNAMES[row % 7], "GivenNames": _FORENAMES[row % 7],
        "Postcode": f"ZZ{row + 10} {row + 1}ZZ",
    }  # fmt: skip
    return plain[name]


_FORMS = {
    "Date": re.compile(r"\d\d/\d\d/\d{4}"), "LearnAimRef": re.compile(r"[0-9A-Z]{8}"),
    "LearnRefNumber": re.compile(r"[0-9A-Za-z]{1,12}"), "ULN": re.compile(r"\d{10}"),
    "WorkPlaceEmpId": re.compile(r"\d{9}"), "Hours": re.compile(r"\d{1,4}"),
    "FundModel": re.compile(r"\d\d"), "AimSeqNumber": re.compile(r"\d{1,2}"),
    "AimType": re.compile(r"[1345]"), "CompStatus": re.compile(r"[1-6]"),
    "WorkPlaceMode": re.compile(r"[12]"), "Name": re.compile(r"[A-Za-z]+"),
    "Postcode": re.compile(r"ZZ\d+ \d+ZZ"),
}  # fmt: skip


def _has_form(name: str, text: str) -> bool:
    if not text:
        return True
    form = _FORMS.get(name)
    if form is None:
        ends = ("DateOfBirth", "Date") if "Date" in name else ("Hours",)
        form = _FORMS["Date"] if "Date" in ends else _FORMS["Hours"] if "Hours" in name else None
    return bool((form or _FORMS["Name"]).fullmatch(text))


def mutant(seed: int) -> Mutant:
    """The mutant of a seed: the same each time."""
    chance = random.Random(seed)
    way = chance.choice(WAYS)
    if chance.random() < 0.6:
        return _of_table(way, chance)
    return _of_list(way, chance)


def _grid(
    columns: tuple[tuple[str, str], ...], count: int, chance: random.Random
) -> list[list[str]]:
    rows = []
    for row in range(count):
        seen: Counter[str] = Counter()
        cells = []
        for _, name in columns:
            cells.append(_value(name, row, seen[name], chance))
            seen[name] += 1
        rows.append(cells)
    return rows


def _known(
    columns: tuple[tuple[str, str], ...], rows: list[list[str]]
) -> tuple[dict[str, set[str]], dict[str, int]]:
    fields: dict[str, set[str]] = {}
    where: dict[str, set[int]] = {}
    for at, cells in enumerate(rows):
        for (_, name), cell in zip(columns, cells, strict=True):
            fields.setdefault(_iso(cell), set()).add(name)
            where.setdefault(_iso(cell), set()).add(at)
    once = {text: min(at) for text, at in where.items() if len(at) == 1 and len(text) > 2}
    return fields, once


def _iso(cell: str) -> str:
    match = re.fullmatch(r"(\d\d)/(\d\d)/(\d{4})", cell)
    return f"{match[3]}-{match[2]}-{match[1]}" if match else cell


def _of_table(way: str, chance: random.Random) -> Mutant:
    shape = chance.choice(list(_SHAPES))
    columns = _SHAPES[shape]
    rows = _grid(columns, chance.randint(2, 5), chance)
    fields, where = _known(columns, rows)
    name, mark = chance.choice(list(_SEPARATORS.items()))
    at = chance.randrange(len(rows))
    changed = _damaged(rows[at], way, chance)
    told = len(changed) != len(columns) or not all(
        _has_form(column, cell) for (_, column), cell in zip(columns, changed, strict=True)
    )
    if mark == "   " and "" in changed:
        # A blank cannot be seen between columns of spaces: the row has a cell less.
        changed, told = [cell for cell in changed if cell], True
        told = len(changed) != len(columns)
    lines = [mark.join(said for said, _ in columns)]
    lines += [mark.join(changed if place == at else cells) for place, cells in enumerate(rows)]
    return Mutant(f"table: {shape}, {name}", way, "\n".join(lines), fields, where, told)


def _damaged(cells: list[str], way: str, chance: random.Random) -> list[str]:
    at = chance.randrange(len(cells))
    if way == "cell lost":
        return cells[:at] + cells[at + 1 :]
    if way == "cell added":
        return [*cells[:at], chance.choice(["", cells[at], chance.choice(cells)]), *cells[at:]]
    if way == "row cut":
        return cells[: chance.randint(1, len(cells) - 1)]
    # Shifted: the rest of the row, or some of it, to one side; the row stays as wide.
    end = chance.randint(at + 1, len(cells))
    if chance.random() < 0.5:
        return [*cells[:at], *cells[at + 1 : end], "", *cells[end:]]
    return [*cells[:at], "", *cells[at : end - 1], *cells[end:]]


def _of_list(way: str, chance: random.Random) -> Mutant:
    shape = chance.choice(list(_LISTS))
    columns = _LISTS[shape]
    rows = _grid(columns, chance.randint(2, 4), chance)
    fields, where = _known(columns, rows)
    mark = chance.choice(_LIST_MARKS)
    # A line belongs to a row; a blank line is never between rows: the list is headless.
    lines = [[said, cell] for cells in rows for (said, _), cell in zip(columns, cells, strict=True)]
    at = chance.randrange(len(lines))
    told = True
    if way == "cell lost":
        if chance.random() < 0.5:
            del lines[at]
        else:
            lines[at][1] = ""
    elif way == "cell added":
        lines.insert(at, list(chance.choice(lines)))
    elif way == "row cut":
        # The head or the foot of the list was not copied.
        lines = lines[at % len(columns) :] if chance.random() < 0.5 else lines[: max(at, 2)]
    else:
        moved = lines.pop(at)
        lines.insert(min(len(lines), max(0, at + chance.choice([-2, -1, 1, 2]))), moved)
        told = moved[1] != ""
    text = "\n".join(f"{said}{mark}{cell}" for said, cell in lines)
    return Mutant(f"{shape}, {mark.strip() or 'tab'!r}", way, text, fields, where, told)


# --- What came of it ----------------------------------------------------------------------


def silent(one: Mutant) -> tuple[list[str], list[str]]:
    """Fields whose value is silently another's, and those that stand in another's record."""
    try:
        reading = read(one.text)
    except InputError:
        return [], []
    remarked = {remark.line for remark in reading.remarks}
    wrong = [
        item.name
        for item in reading.fields()
        if item.text in one.fields
        and item.name not in one.fields[item.text]
        and not item.guess
        and item.line not in remarked
    ]
    return wrong, list(_mixed(reading.message, [], one, remarked))


def _mixed(
    entity: RawEntity, above: list[RawField], one: Mutant, remarked: set[int | None]
) -> Iterator[str]:
    """Fields that stand with, or under, values of another row without a word."""
    mine = [item for item in entity.fields if item.text in one.rows]
    held = [*above, *mine]
    rows = {one.rows[item.text] for item in held}
    if mine and len(rows) > 1:
        # A learner's or an aim's row is the first that names it.
        lines = {item.line for item in held} | {entity.line}
        if not lines & remarked and not any(item.guess for item in held):
            yield mine[0].name
    for child in entity.children:
        yield from _mixed(child, held, one, remarked)


@dataclass
class Measure:
    """What became of many mutants, by form and way."""

    mutants: Counter[tuple[str, str]] = field(default_factory=Counter)
    fields: Counter[tuple[str, str]] = field(default_factory=Counter)
    records: Counter[tuple[str, str]] = field(default_factory=Counter)
    untold: Counter[tuple[str, str]] = field(default_factory=Counter)
    seeds: list[int] = field(default_factory=list)
    """The first mutants with a silently wrong value."""

    def lines(self) -> Iterator[str]:
        """The table of the documentation."""
        yield "| form | damage | mutants | wrong field | wrong record | nobody could tell |"
        yield "|---|---|---:|---:|---:|---:|"
        for at in sorted(self.mutants):
            counts = (self.mutants, self.fields, self.records, self.untold)
            yield f"| {at[0]} | {at[1]} | " + " | ".join(f"{one[at]:,}" for one in counts) + " |"
        totals = (self.mutants, self.fields, self.records, self.untold)
        yield "| all | | " + " | ".join(f"{one.total():,}" for one in totals) + " |"


def measure(seeds: range, kind_of: Callable[[Mutant], str] | None = None) -> Measure:
    """Read the mutants of these seeds, and count the values that are silently wrong."""
    found = Measure()
    for seed in seeds:
        one = mutant(seed)
        at = (kind_of(one) if kind_of else one.form.partition(":")[0].split(" ")[0], one.way)
        found.mutants[at] += 1
        fields, records = silent(one)
        if not fields and not records:
            continue
        if not one.could_be_told:
            found.untold[at] += len(fields) + len(records)
            continue
        found.fields[at] += len(fields)
        found.records[at] += len(records)
        found.seeds.append(seed)
    return found


def main() -> None:
    """Measure as many mutants as are asked for, 20,000 unless said."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    found = measure(range(first, first + count))
    for line in found.lines():
        print(line)  # noqa: T201
    print("first of them:", *found.seeds[:12])  # noqa: T201


if __name__ == "__main__":
    main()
