"""A table or column that a release of LARS lacks: what needs it is not run, and says so."""

from __future__ import annotations

import csv
import shutil
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.errors import InputError
from bot.explain.aims import explain_aim
from bot.explain.wording import Wording
from bot.ilr.absent import CannotTell
from bot.ilr.specification import load_specification
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.rule_listing import listing, run_of, waiting_rules
from bot.rules import running
from bot.rules.catalogue import Need, load_catalogue
from bot.rules.engine import Engine
from bot.rules.reference import lars as lars_module
from bot.rules.reference.data import ReferenceData, add
from bot.rules.reference.lars import Lars, LarsAim, Place, Standard, Validity
from bot.rules.reference.tables import lars_parts
from bot.yaml_files import shipped_knowledge
from bot.years import AcademicYear
from tests.rules.test_rule_cases import KNOWLEDGE, Case, cases
from tests.support.records import message
from tests.support.reference import reference, write_lars

TODAY = date(2026, 11, 28)
YEAR = AcademicYear.parse("2026-27")
EXTRACT = shipped_knowledge() / "reference" / "lars"
CATALOGUE = load_catalogue(KNOWLEDGE / "rules")
NOT_REACHED = {"LearningDeliveryCategory": 6}
"""Part → how many rules name it whose cases stop before they ask for it."""


def held_without(folder: Path, *parts: str, case: Mapping[str, Any] | None = None) -> Path:
    """The extract, or what a case says, loaded without some of its tables and columns."""
    files = folder / "lars"
    if case is None:
        shutil.copytree(EXTRACT, files)
    else:
        write_lars(dict(case), files)
    for part in parts:
        table, _, column = part.partition(".")
        path = files / f"{table}.csv"
        if not column:
            path.unlink()
            continue
        head, *rows = csv.reader(path.read_text().splitlines())
        at = head.index(column)
        with path.open("w", newline="") as file:
            csv.writer(file).writerows([*row[:at], *row[at + 1 :]] for row in [head, *rows])
    add(files, folder / "held", today=TODAY)
    return folder / "held"


def run_case(one: Case, held: ReferenceData) -> Any:
    year = AcademicYear.parse(one.year)
    specification = load_specification(KNOWLEDGE / "ilr").for_year(year)
    record, _ = message(one.case, specification)
    on = date.fromisoformat(one.case["on"]) if "on" in one.case else date(year.first, 12, 1)
    return Engine(CATALOGUE, specification, only=one.rule_id, reference=held).run(record, on)


def first_case(rule: str, verdict: str, years: set[str]) -> Case:
    every: list[Case] = [param.values[0] for param in cases()]
    return next(
        one for one in every
        if one.rule_id == rule and one.verdict == verdict and one.held and one.year in years
    )  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "part", "says"),
    [
        ("LearnDelFAMType_140", "LearningDeliveryCategory",
         "needs the LARS table LearningDeliveryCategory"),
        ("AddHours_03", "AnnualValue", "needs the LARS table AnnualValue"),
        ("LearnDelFAMType_122", "AnnualValue.EffectiveTo",
         "needs the LARS column AnnualValue.EffectiveTo"),
        ("StdCode_02", "StandardValidity", "needs the LARS table StandardValidity"),
        ("DateOfBirth_59", "Standard", "needs the LARS table Standard"),
        ("DateOfBirth_59", "Standard.ApprenticeshipStandardTypeCode",
         "needs the LARS column Standard.ApprenticeshipStandardTypeCode"),
        ("LearnAimRef_155", "Category", "needs the LARS table Category"),
        ("LearnDelFAMType_117", "LearningDelivery.LearningDeliveryGenre",
         "needs the LARS column LearningDelivery.LearningDeliveryGenre"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("verdict", ["fires", "quiet"])
def test_a_rule_that_needs_what_is_lacking_is_not_run(
    tmp_path: Path, rule: str, part: str, says: str, verdict: str
) -> None:
    one = first_case(rule, verdict, {"2025-26", "2026-27"})
    held = ReferenceData(held_without(tmp_path, part, case=one.case))
    outcome = run_case(one, held)
    assert rule not in outcome.run
    assert outcome.findings == []
    assert outcome.not_run[rule] == says


def test_nothing_is_told_of_an_aim_that_the_release_lacks(tmp_path: Path) -> None:
    """Not even to what asks without having said so."""
    lars = Lars(held_without(tmp_path, "LearningDeliveryCategory", "AnnualValue") / "lars.db")
    aim = lars.aim("60000012")
    assert aim is not None
    with pytest.raises(CannotTell, match="LearningDeliveryCategory"):
        aim.has_category(37)
    with pytest.raises(CannotTell, match="AnnualValue"):
        aim.is_basic_skill_on(TODAY, frozenset({11}))


def test_what_is_counted_as_run_is_run(tmp_path: Path) -> None:
    knowledge = KnowledgeBase.load()
    whole = replace(knowledge, databases=held_without(tmp_path / "a"))
    folder = held_without(tmp_path / "b", "LearningDeliveryCategory", "AnnualValue")
    fewer = replace(knowledge, databases=folder)
    assert run_of(whole, YEAR)[0] > run_of(fewer, YEAR)[0]
    waiting = waiting_rules(fewer, YEAR)
    lacking = [count for need, count in waiting.items() if need.startswith("the LARS table")]
    assert run_of(whole, YEAR)[0] - run_of(fewer, YEAR)[0] == sum(lacking)
    how = {row.id: row.run for row in listing(fewer, YEAR)}
    assert how["LearnDelFAMType_140"] == "needs the LARS table LearningDeliveryCategory"
    assert how["LearnAimRef_01"] == "run"


def test_a_rule_that_runs_in_part_without_lars_does_so_without_the_table(tmp_path: Path) -> None:
    row = CATALOGUE.rows["LearnDelFAMType_64"]
    assert row.partly
    assert row.lars == ["AnnualValue"]
    specification = load_specification(KNOWLEDGE / "ilr").for_year(YEAR)
    held = ReferenceData(held_without(tmp_path, "AnnualValue"))
    engine = Engine(CATALOGUE, specification, only=row.id, reference=held)
    assert [rule.partly for rule in engine.rules] == [row.partly]
    case = {"aim": {"FundModel": 36, "AimType": 3, "LearnAimRef": "60000012"}}
    record, _ = message(case, specification)
    outcome = engine.run(record, date(2026, 12, 1))
    assert row.id in outcome.run


def test_an_explanation_says_whether_a_rule_is_checked_with_what_is_held(tmp_path: Path) -> None:
    knowledge = KnowledgeBase.load()
    row = CATALOGUE.rows["LearnDelFAMType_140"]
    whole = replace(knowledge, databases=held_without(tmp_path / "a"))
    fewer = replace(knowledge, databases=held_without(tmp_path / "b", "LearningDeliveryCategory"))
    told = [Wording(one).rule(row, YEAR).detail for one in (knowledge, whole, fewer)]
    assert "it needs LARS, which a record does not hold" in told[0]
    assert "Not checked here" not in told[1]
    assert "it needs the LARS table LearningDeliveryCategory" in told[2]
    unwritten = CATALOGUE.rows["FworkCode_05"]
    assert "it needs LARS" in Wording(whole).rule(unwritten, YEAR).detail


def test_an_aim_is_explained_without_the_column_of_last_starts(tmp_path: Path) -> None:
    held = ReferenceData(held_without(tmp_path, "Validity.LastNewStartDate"))
    found = explain_aim("60000016", held)
    assert found is not None
    assert any("1619_EFA" in line for line in found.lines)


def test_a_database_of_an_earlier_version_tells_a_blank_column_from_one_that_was_not_there(
    tmp_path: Path,
) -> None:
    """It made a column of blanks of one that was not there."""
    import sqlite3

    folder = held_without(tmp_path, "Standard.ApprenticeshipStandardTypeCode")
    with sqlite3.connect(folder / "lars.db") as database:
        database.execute("ALTER TABLE standard ADD COLUMN type")
        database.execute("DELETE FROM about WHERE name = 'columns'")
    database.close()
    lacking = Lars(folder / "lars.db").lacking
    assert "Standard.ApprenticeshipStandardTypeCode" in lacking
    assert "Standard" not in lacking


def test_every_part_that_a_row_names_is_one_that_is_read() -> None:
    known = set(lars_parts())
    for row in CATALOGUE.rows.values():
        assert set(row.lars) <= known, row.id
        assert not row.lars or Need.LARS in row.needs, row.id


def test_every_rule_names_the_parts_that_it_asks_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """What its cases ask LARS for stands in its row, so that the counts are true."""
    asked: set[str] = set()
    for kind, parts in (
        (LarsAim, lars_module.AIM_PARTS),
        (Validity, lars_module.VALIDITY_PARTS),
        (Standard, lars_module.STANDARD_PARTS),
        (Place, lars_module.PLACE_PARTS),
    ):
        monkeypatch.setattr(kind, "__getattribute__", noting(asked, parts), raising=False)
    needs = Lars.needs

    def noted(self: Lars, *parts: str) -> None:
        asked.update(parts)
        needs(self, *parts)

    monkeypatch.setattr(Lars, "needs", noted)
    monkeypatch.setattr(running, "details_of", lambda _aim, _lars: None)
    found: dict[str, set[str]] = defaultdict(set)
    for one in [param.values[0] for param in cases()]:
        if Need.LARS not in CATALOGUE.rows[one.rule_id].needs:
            continue
        held = reference(one.case)
        for kept in ("aim", "standard", "frameworks_of", "framework", "category_and_children"):
            getattr(held.lars, kept).cache_clear()
        asked.clear()
        run_case(one, held)
        found[one.rule_id] |= asked
    wrong = {
        rule: sorted(parts - set(CATALOGUE.rows[rule].lars))
        for rule, parts in found.items()
        if not parts <= set(CATALOGUE.rows[rule].lars)
    }
    assert wrong == {}
    unasked = [
        part for rule, parts in found.items() for part in set(CATALOGUE.rows[rule].lars) - parts
    ]
    assert {part: unasked.count(part) for part in unasked} == NOT_REACHED


def noting(asked: set[str], parts: Mapping[str, str]) -> Callable[[object, str], Any]:
    def get(self: object, name: str) -> Any:
        if name in parts:
            asked.add(parts[name])
        return object.__getattribute__(self, name)

    return get


# what is refused, and with which words


def test_tables_without_the_two_that_all_rules_look_in_are_named(tmp_path: Path) -> None:
    files = tmp_path / "lars"
    shutil.copytree(EXTRACT, files)
    for name in ("LearningDelivery", "Validity"):
        (files / f"{name}.csv").unlink()
    with pytest.raises(InputError) as refused:
        add(files, tmp_path / "held", today=TODAY)
    said = str(refused.value)
    assert "LARS without LearningDelivery and Validity" in said
    assert "I know AnnualValue, Category, FrameworkAims," in said
    assert "StandardValidity" in said
    assert "LearningDelivery.csv and Validity.csv of the same release" in said
    assert "None of its tables" not in said
