"""Reference data from a few lines of YAML, for tests: what LARS and the other lists hold.

    lars: {"60000001": {level: 3, type: 0003, area: 5.2, genre: EOQ, he: 1, title: …,
                        validity: {ADULT_SKILLS: "2020-08-01 2027-07-31 2026-12-31"},
                        categories: ["38 2020-08-01 2027-07-31"], skills: [11],
                        frameworks: ["31 500 1"]}}
    standards: {119: {level: 7, type: A0001, start: 2020-08-01, last: …, end: …, cap: 18000}}
    parents: {77: 76}                    a LARS category and its parent
    frameworks: ["2 490 1 2012-08-01 2020-07-31"]
    components: ["2 490 1 20"]           common components of a framework
    postcodes: [CV1 2AA]                 that exist
    devolved: ["CV1 2AA 114 2019-08-01"]
    assessors: ["EPA0001 119 2020-08-01"]
    ukprns: [10000001]
    provider: {type: UGFE, …}            what differs from ``PROVIDER``

A validity is its first day, last day and last day for new starts; "-" leaves one open. What is
written is loaded as a file of the published form would be.
"""

from __future__ import annotations

import atexit
import csv
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from bot.rules.reference.data import ReferenceData
from bot.rules.reference.loading import load
from bot.rules.reference.provider import Provider

__all__ = ["KEYS", "PROVIDER", "reference"]

KEYS = frozenset(
    "lars standards parents frameworks components postcodes devolved assessors ukprns provider"
    .split()
)  # fmt: skip
PROVIDER = {"ukprn": "10000001", "type": "UGFE", "office_for_students": "yes"}
TODAY = date(2026, 11, 24)
OF_LARS = ("lars", "standards", "parents", "frameworks", "components")
READ_PROVIDER = TypeAdapter(Provider)
Row = list[Any]

HEADINGS = {
    "LearningDelivery": (
        "LearnAimRef LearnAimRefTitle LearnAimRefType NotionalNVQLevelv2 LearningDeliveryGenre "
        "EnglPrscID FrameworkCommonComponent SectorSubjectAreaTier2 LearnDirectClassSystemCode1 "
        "LearnDirectClassSystemCode2 LearnDirectClassSystemCode3 EffectiveFrom EffectiveTo"
    ),
    "Validity": "LearnAimRef ValidityCategory StartDate EndDate LastNewStartDate",
    "LearningDeliveryCategory": "LearnAimRef CategoryRef EffectiveFrom EffectiveTo",
    "AnnualValue": "LearnAimRef BasicSkillsType EffectiveFrom EffectiveTo",
    "FrameworkAims": (
        "ProgType FworkCode PwayCode LearnAimRef EffectiveFrom EffectiveTo FrameworkComponentType"
    ),
    "Framework": "ProgType FworkCode PwayCode EffectiveFrom EffectiveTo",
    "FrameworkCmnComp": "ProgType FworkCode PwayCode CommonComponent",
    "Standard": (
        "StandardCode StandardName ApprenticeshipStandardTypeCode NotionalEndLevel EffectiveFrom "
        "LastDateStarts EffectiveTo"
    ),
    "StandardValidity": "StandardCode ValidityCategory StartDate LastNewStartDate EndDate",
    "StandardFunding": "StandardCode CoreGovContributionCap EffectiveFrom EffectiveTo",
    "Category": "CategoryRef ParentCategoryRef CategoryName",
    "DataGeneration": "DataGeneratedOn",
}


def reference(case: dict[str, Any]) -> ReferenceData:
    """What a case says is held. Each kind is held, if only empty.

    Cases that say the same share it: rules only read.
    """
    return _held(_as_key({key: case[key] for key in KEYS & case.keys()}))


@lru_cache(maxsize=50)  # what is no longer asked for is closed
def _held(key: str) -> ReferenceData:
    case = json.loads(key)
    folder = Path(tempfile.mkdtemp(dir=_all_folders()))
    lars = {part: case[part] for part in OF_LARS if part in case}
    _hold(folder, _as_key(lars), _load_lars, "lars")
    lists = {
        "postcodes": ("pcds dointr doterm", [[p, "198001", ""] for p in case.get("postcodes", [])]),
        "devolved": (
            "Postcode SourceOfFunding EffectiveFrom EffectiveTo",
            [_with_space(row, 4) for row in case.get("devolved", [])],
        ),
        "assessors": (
            "EPAOrgID StandardCode EffectiveFrom EffectiveTo",
            [_cells(row, 4) for row in case.get("assessors", [])],
        ),
        "providers": ("UKPRN ProviderName", [[one, ""] for one in case.get("ukprns", [])]),
    }
    for name, (headings, rows) in lists.items():
        _hold(folder, _as_key([name, headings, rows]), _load_list, name)
    own = {**PROVIDER, "contracts": [], "campuses": [], "initiatives": [], "courses": []}
    own |= case.get("provider", {})
    return ReferenceData(folder, READ_PROVIDER.validate_python(own))


def _as_key(part: Any) -> str:
    return json.dumps(part, default=str)


@cache
def _all_folders() -> Path:
    """Where this process keeps all that its cases hold, until it ends."""
    folder = Path(tempfile.mkdtemp(prefix="ilr-reference-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _hold(folder: Path, key: str, loaded: Callable[[str], Path], kind: str) -> None:
    """One database, made when it is first asked for, in the folder of a case."""
    os.link(loaded(key), folder / f"{kind}.db")


@cache
def _load_lars(key: str) -> Path:
    folder = Path(tempfile.mkdtemp(dir=_all_folders()))
    write_lars(json.loads(key), folder / "lars")
    load(folder / "lars", folder, today=TODAY)
    return folder / "lars.db"


@cache
def _load_list(key: str) -> Path:
    name, headings, rows = json.loads(key)
    folder = Path(tempfile.mkdtemp(dir=_all_folders()))
    _write(folder / f"{name}.csv", headings, rows)
    load(folder / f"{name}.csv", folder, today=TODAY)
    return folder / f"{name}.db"


def write_lars(case: dict[str, Any], folder: Path) -> None:
    """CSV files as the LARS download has them."""
    tables: dict[str, list[Row]] = {name: [] for name in HEADINGS}
    for ref, aim in case.get("lars", {}).items():
        _add_aim(tables, str(ref), aim or {})
    for code, standard in case.get("standards", {}).items():
        _add_standard(tables, code, standard or {})
    tables["Category"] = [[child, parent, ""] for child, parent in case.get("parents", {}).items()]
    tables["Framework"] = [_cells(row, 5) for row in case.get("frameworks", [])]
    tables["FrameworkCmnComp"] = [_cells(row, 4) for row in case.get("components", [])]
    tables["DataGeneration"] = [["2026-09-24 10:09:08"]]
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        _write(folder / f"{name}.csv", HEADINGS[name], rows)


def _add_aim(tables: dict[str, list[Row]], ref: str, aim: dict[str, Any]) -> None:
    subjects = [*aim.get("subjects", []), "", "", ""][:3]
    tables["LearningDelivery"].append(
        [
            ref, aim.get("title", f"Invented aim {ref}"), aim.get("type", "9999"),
            aim.get("level", "X"), aim.get("genre", "EOQ"), aim.get("he", -1),
            aim.get("component", -2), aim.get("area", "1.1"), *subjects,
            aim.get("start", ""), aim.get("end", ""),
        ]
    )  # fmt: skip
    for category, days in aim.get("validity", {}).items():
        # Several rows of one category: a list.
        for row in [days] if isinstance(days, str) else days:
            tables["Validity"].append([ref, category, *_cells(row, 3)])
    for row in aim.get("categories", []):
        tables["LearningDeliveryCategory"].append([ref, *_cells(row, 3)])
    for row in aim.get("skills", []):
        tables["AnnualValue"].append([ref, *_cells(row, 3)])
    for row in aim.get("frameworks", []):
        programme, framework, pathway, start, end, component = _cells(row, 6)
        tables["FrameworkAims"].append([programme, framework, pathway, ref, start, end, component])


def _add_standard(tables: dict[str, list[Row]], code: Any, standard: dict[str, Any]) -> None:
    tables["Standard"].append(
        [
            code, standard.get("title", f"Invented standard {code}"),
            standard.get("type", "A0002"), standard.get("level", 3),
            standard.get("start", ""), standard.get("last", ""), standard.get("end", ""),
        ]
    )  # fmt: skip
    tables["StandardValidity"].append([code, "APPRENTICESHIPS", "2015-08-01", "", ""])
    if "cap" in standard:
        tables["StandardFunding"].append([code, standard["cap"], "2015-08-01", ""])


def _cells(row: Any, count: int) -> Row:
    """The words of a row, "-" for an empty cell, filled up with empty ones."""
    words = ["" if word == "-" else word for word in str(row).split()]
    return [*words, *[""] * count][:count]


def _with_space(row: str, count: int) -> Row:
    """The same, whose first two words are one postcode."""
    first, second, *rest = row.split()
    return [f"{first} {second}", *_cells(" ".join(rest), count - 1)]


def _write(path: Path, headings: str, rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headings.split())
        writer.writerows(rows)
