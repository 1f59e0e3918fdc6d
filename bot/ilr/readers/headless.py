"""Rows of a table without their headings: only what its own form tells is read, as a guess."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.ilr.raw import RawEntity, RawField
from bot.ilr.readers.collector import FieldCollector
from bot.ilr.readers.dates import read_date
from bot.ilr.readers.forms import has_usual_form
from bot.ilr.readers.names import Label
from bot.ilr.readers.parsed import ParsedRecord
from bot.ilr.readers.phrases import AIM_REFERENCE
from bot.ilr.readers.tables import cells_of
from bot.ilr.readers.tidy import tidy

__all__ = ["heads_other_things", "is_headless", "read_headless"]

_GUESS = "there is no heading; it has the form of one"
_GUESS_OF_NAMES = "there is no heading; read as the family name, then given names"
_AIM = re.compile(AIM_REFERENCE)
_ULN = re.compile(r"[1-9]\d{9}")
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[ .'’-]){1,40}")
_MIN_CELLS = 4
_BORN_BEFORE = "2016"


def _rows(text: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    for number, line in enumerate(text.split("\n"), 1):
        for separator in ("\t", "|", ",", ";", "  "):
            cells = cells_of(line, separator) if separator in line else ()
            if len([cell for cell in cells if cell]) >= _MIN_CELLS:
                yield number, cells
                break


def _tells(cells: tuple[str, ...]) -> bool:
    """Whether a row names an aim or a learner by a form that nothing else has, and a date."""
    # A cell of words with dates in it is a sentence, which says what its dates are.
    if any(len(cell.split()) > 3 and re.search(r"\d{1,2}/\d{1,2}", cell) for cell in cells):
        return False
    named = any(_AIM.fullmatch(cell) or _ULN.fullmatch(cell) for cell in cells)
    return named and any(read_date(cell).iso and not cell.isdigit() for cell in cells)


def is_headless(text: str) -> bool:
    """Whether a (tidied) text is rows, and little else, that say whose they are."""
    filled = [line for line in text.split("\n")[:400] if line.strip()]
    if heads_other_things(text):
        return False
    found = sum(_tells(cells) for _, cells in _rows("\n".join(filled)))
    return found > 0 and found * 2 >= len(filled)


def heads_other_things(text: str) -> bool:
    """Whether the first line heads the rows below it, and none of its names is one of the ILR:
    an inventory, say, whose numbers only look like aim references."""
    lines = [line for line in text.split("\n")[:20] if line.strip()]
    rows = list(_rows("\n".join(lines[:2])))
    if len(rows) < 2 or len(rows[0][1]) != len(rows[1][1]):
        return False
    heads = [cell for cell in rows[0][1] if cell]
    return (
        len(heads) == len(set(heads))
        and all(re.fullmatch(r"[A-Za-z][A-Za-z .()/_-]{1,40}", cell) for cell in heads)
        and len(heads) * 2 > len(rows[0][1])
    )


def read_headless(text: str) -> ParsedRecord:
    """Read such rows. All that is read is a guess, and the rest is said to be left."""
    collector = FieldCollector()
    text = tidy(text, collector.remarks)
    message = RawEntity("Message", partial=True)
    learners: dict[str, RawEntity] = {}
    rows = [(line, cells) for line, cells in _rows(text) if _tells(cells)]
    planned = _planned([cells for _, cells in rows])
    for line, cells in rows:
        _row(cells, line, message, learners, collector, planned)
    collector.resolve_dates()
    return ParsedRecord(message, "rows without headings", remarks=collector.remarks)


def _is_day(cell: str) -> bool:
    return not cell.isdigit() and read_date(cell).iso is not None


def _planned(rows: list[tuple[str, ...]]) -> tuple[int, int] | None:
    """The columns of a start and the planned end beside it, by what all rows have in common: of
    three columns of days, the one with blanks is that of the actual ends."""
    if len(rows) < 2 or len({len(cells) for cells in rows}) != 1:
        return None
    every = [at for at in range(len(rows[0])) if all(_is_day(cells[at]) for cells in rows)]
    days = [[read_date(cells[at]).iso or "" for cells in rows] for at in every]
    studied = [at for at, told in zip(every, days, strict=True) if min(told) >= _BORN_BEFORE]
    some = [at for at in range(len(rows[0])) if any(_is_day(cells[at]) for cells in rows)]
    if (
        len(studied) != 2
        or studied[0] + 1 != studied[1]
        or any(studied[0] > at and at not in every for at in some)
    ):
        return None
    first, last = (days[every.index(at)] for at in studied)
    ordered = all(one < two for one, two in zip(first, last, strict=True))
    return (studied[0], studied[1]) if ordered else None


def _of_person(cells: tuple[str, ...], behind: int, born: int) -> list[tuple[str, int]]:
    """The names between what numbers a learner and their birthday, and the letter of their sex
    beside that day."""
    between = [at for at in range(behind + 1, born) if cells[at]]
    found = []
    sexes = [at for at in (born - 1, born + 1) if cells[at : at + 1] in {("F",), ("M",)}]
    if len(sexes) == 1:
        found.append(("Sex", sexes[0]))
    named = [at for at in between if at not in sexes]
    if len(named) == 2 and all(_NAME.fullmatch(cells[at]) for at in named):
        found += [("FamilyName", named[0]), ("GivenNames", named[1])]
    return found


def _row(
    cells: tuple[str, ...],
    line: int,
    message: RawEntity,
    learners: dict[str, RawEntity],
    collector: FieldCollector,
    planned: tuple[int, int] | None,
) -> None:
    aims = [at for at, cell in enumerate(cells) if _AIM.fullmatch(cell)]
    ulns = [at for at, cell in enumerate(cells) if _ULN.fullmatch(cell)]
    dates = [at for at, cell in enumerate(cells) if read_date(cell).iso and not cell.isdigit()]
    born = [at for at in dates if (read_date(cells[at]).iso or "") < _BORN_BEFORE]
    found: dict[str, list[tuple[str, int]]] = {"Learner": [], "LearningDelivery": []}
    if len(ulns) == 1:
        found["Learner"].append(("ULN", ulns[0]))
        before = ulns[0] - 1
        if before >= 0 and has_usual_form("LearnRefNumber", cells[before]):
            found["Learner"].append(("LearnRefNumber", before))
            # A reference of eight figures has an aim's form, and stands where none does.
            aims = [at for at in aims if at != before]
    if not ulns and aims and aims[0] > 0 and _names_learner(cells[0]):
        found["Learner"].append(("LearnRefNumber", 0))
    if len(born) == 1 and ulns:
        found["Learner"].append(("DateOfBirth", born[0]))
        found["Learner"] += _of_person(cells, ulns[0], born[0])
    studied = [at for at in dates if at not in born]
    if len(aims) == 1:
        found["LearningDelivery"].append(("LearnAimRef", aims[0]))
        if len(studied) == 2 and aims[0] < studied[0]:
            found["LearningDelivery"] += [
                ("LearnStartDate", studied[0]), ("LearnPlanEndDate", studied[1]),
            ]  # fmt: skip
        elif len(studied) == 3 and planned and aims[0] < planned[0]:
            found["LearningDelivery"] += [
                ("LearnStartDate", planned[0]), ("LearnPlanEndDate", planned[1]),
            ]  # fmt: skip
    learner = _learner(
        _fields("Learner", found["Learner"], cells, line, collector), learners, message, line
    )
    aim = _fields("LearningDelivery", found["LearningDelivery"], cells, line, collector)
    if aim:
        learner.children.append(RawEntity("LearningDelivery", aim, line=line, partial=True))
    collector.add_remark(
        line,
        "There is no heading above this row, so only what its form tells was read. Copy the row "
        "again with its headings.",
    )


def _names_learner(cell: str) -> bool:
    """Whether the first cell of a row is hardly anything but a reference; a 1 counts rows."""
    return has_usual_form("LearnRefNumber", cell) and len(cell) > 3 and not read_date(cell).iso


def _fields(
    entity: str,
    found: list[tuple[str, int]],
    cells: tuple[str, ...],
    line: int,
    collector: FieldCollector,
) -> list[RawField]:
    made = []
    for name, at in found:
        label = Label(name, ((entity, name),))
        doubt = _GUESS_OF_NAMES if name in {"FamilyName", "GivenNames"} else _GUESS
        for fields in collector.fields(label, (entity, name), cells[at], line, doubt):
            made += fields
    return made


def _learner(
    fields: list[RawField], learners: dict[str, RawEntity], message: RawEntity, line: int
) -> RawEntity:
    identity = "|".join(item.text for item in fields if item.name in {"LearnRefNumber", "ULN"})
    if identity not in learners:
        learners[identity] = RawEntity("Learner", fields, line=line, partial=True)
        message.children.append(learners[identity])
    return learners[identity]
