"""The parts of one row of a table: which entity they are of, and what tells them apart."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.ilr.raw import RawEntity, RawField
from bot.ilr.readers.assembly import ancestors
from bot.ilr.readers.table_columns import AIM, PLACEMENT

__all__ = [
    "AIM_NUMBER",
    "AIM_REF",
    "REFERENCE",
    "TELLS_AIM",
    "adds_to",
    "date_prices",
    "has_value",
    "holds_values",
    "identity_of",
    "is_date_of_type",
    "is_meant",
    "is_of_aim",
    "is_work_experience",
    "merge",
]

REFERENCE = re.compile(
    r"[^\W\d].*[(\[]\s?((?=[^)]*\d)[A-Za-z0-9/-]{4,12})\s?[)\]]\s*$"
    r"|^((?=[A-Z]*\d{3})[A-Z]{0,4}\d{3,10})\s?[-–—:,]?\s[^\W\d]"
)
"""A reference beside a name: "Bello, Tunde (K20011)", "K20011 - Bello, Tunde"."""


def adds_to(aim: RawEntity, fields: list[RawField]) -> bool:
    """Whether a row only says more of an aim: it names none, and nothing that is said of it."""
    said = {item.name for item in fields if item.text}
    return not said & (TELLS_AIM | {item.name for item in aim.fields})


def is_of_aim(at: tuple[str, int]) -> bool:
    """Whether a numbered group is the aim's of that number: "Placement 2" is not aim 2's."""
    return at[0] != PLACEMENT and AIM in ancestors(at[0])


_OF_TYPE = {"programme": ("1", "ZPROG001"), "core": ("5", None)}


def is_meant(aim: RawEntity, which: str) -> bool:
    """Whether an aim is the one of this reference, or of this type: "programme", "core"."""
    held = {item.name: item.text for item in aim.fields}
    kind, reference = _OF_TYPE.get(which, (None, which))
    if held.get("LearnAimRef") == reference:
        return True
    return kind is not None and held.get("AimType") == kind


def is_work_experience(aim: RawEntity) -> bool:
    return any(f.name == "LearnAimRef" and f.text.startswith("ZWRK") for f in aim.fields)


def holds_values(cells: tuple[str, ...]) -> bool:
    """Whether a row that looks like a header has values beside the names."""
    return any(
        (_FIGURES.search(cell) and ("20" not in cell or _FIGURES.search(_OF_YEAR.sub("", cell))))
        or _POSTCODE.fullmatch(cell)
        for cell in cells
        if cell
    )


_POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}")
_FIGURES = re.compile(r"\d{2}")
_OF_YEAR = re.compile(r"[(\[]?(?<!\d)20\d\d(?:[-/]\d\d)?(?![\d/-])[)\]]?$")
"""The year of a column: "Start (2026)", "Planned hours 2026/27"."""


def date_prices(groups: dict[tuple[str, int], list[list[RawField]]]) -> None:
    """One date beside the prices of a row ("TNP1", "TNP2") is the date of each."""
    prices = [at for at in groups if at[0] == "AppFinRecord"]
    for at in prices:
        mine = [part[0] for part in groups[at] if len(part) == 1 and part[0].name == "AFinDate"]
        if len(mine) == 1 and len(groups[at]) == 2:  # "TNP1" and "TNP1 date"
            groups[at] = [part for part in groups[at] if len(part) > 1]
            for part in groups[at]:
                part.append(mine[0])
    typed = [at for at in prices if groups[at] and all(len(part) > 1 for part in groups[at])]
    dates = [at for at in prices if [p[0].name for p in groups[at] if len(p) == 1] == ["AFinDate"]]
    if not typed or len(dates) != 1 or len(groups[dates[0]]) != 1:
        return
    [[day]] = groups.pop(dates[0])
    for at in typed:
        for part in groups[at]:
            part.append(replace(day))


def is_date_of_type(part: list[RawField]) -> bool:
    return len(part) == 2 and part[0].name == "LearnDelFAMType" and "Date" in part[1].name


def merge(parts: list[list[RawField]], entity: str) -> list[list[RawField]]:
    """One entity's fields together; FAM records that come from codes stay apart."""
    singles = [part[0] for part in parts if len(part) == 1]
    pairs = [part for part in parts if len(part) > 1]
    return ([singles] if singles else []) + pairs


def has_value(fields: list[RawField]) -> bool:
    return any(item.text for item in fields)


AIM_REF, AIM_NUMBER = (AIM, "LearnAimRef"), (AIM, "AimSeqNumber")
TELLS_AIM = frozenset({"AimSeqNumber", "LearnAimRef", "SWSupAimId"})
"""Fields that say which aim is meant."""


def identity_of(fields: list[RawField], person: tuple[str, ...]) -> tuple[str, ...]:
    """What tells learners apart: the reference, else the ULN, else all that is given."""
    held = {item.name: item.text for item in fields}
    for name in ("LearnRefNumber", "ULN"):
        if held.get(name):
            return (name, held[name])
    return (*person, *(f"{name}={text}" for name, text in held.items()))
