"""A record of each kind of provision, as it should be, meets every rule and fires none.

tests/rules/clean/*.yaml: ``case``, ``years`` and the record, as in the rule cases. What is
checked is that nothing at all is found, warnings and checks among it, and that no rule was
left out for want of something in the record.
"""

from __future__ import annotations

import random
from copy import deepcopy
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot.ilr.build import build
from bot.ilr.raw import RawEntity, ZipFacts
from bot.ilr.record import Message
from bot.ilr.specification import load_specification
from bot.rules.catalogue import load_catalogue
from bot.rules.engine import Engine, RunResult
from bot.years import AcademicYear
from tests.support.records import message, raw, written

HERE = Path(__file__).parent
KNOWLEDGE = HERE.parents[1] / "knowledge"
PROVISION = {
    "study programme", "T Level", "supported internship", "apprenticeship", "Adult Skills Fund",
    "Tailored Learning", "Skills Bootcamp", "Advanced Learner Loan", "higher education",
}  # fmt: skip


@cache
def engine(year: str) -> Engine:
    specification = load_specification(KNOWLEDGE / "ilr").for_year(AcademicYear.parse(year))
    return Engine(load_catalogue(KNOWLEDGE / "rules"), specification)


def records() -> list[Any]:
    return [
        pytest.param(case, year, id=f"{case['case']}-{year}")
        for path in sorted((HERE / "clean").glob("*.yaml"))
        for case in written(path)
        for year in case["years"]
    ]


def checked(case: dict[str, Any], year: str) -> RunResult:
    record, remarks = message(case, engine(year).specification)
    assert not remarks, remarks
    record.namespace = engine(year).specification.facts.namespace
    record.file_name = f"ILR-10000001-{year[2:4]}{year[5:]}-{year[:4]}1120-101500-01.XML"
    record.zip = ZipFacts(record.file_name.replace("XML", "zip"), (record.file_name,))
    day = date(AcademicYear.parse(year).first, 12, 1)
    return engine(year).run(record, day, today=day)


@pytest.mark.parametrize(("case", "year"), records())
def test_a_record_as_it_should_be_fires_nothing(case: dict[str, Any], year: str) -> None:
    outcome = checked(case, year)
    assert [(found.rule.id, found.values) for found in outcome.findings] == []
    assert outcome.not_run == engine(year).never_run
    assert outcome.run == {rule.id for rule in engine(year).rules}


def torn(entity: RawEntity, rng: random.Random) -> bool:
    """Lose some of its fields and parts, and say so of it; whether anything was lost."""
    before = len(entity.fields) + len(entity.children)
    entity.fields = [item for item in entity.fields if rng.random() < 0.7]
    entity.children = [child for child in entity.children if rng.random() < 0.8]
    below = [torn(child, rng) for child in entity.children]
    entity.partial = any(below) or len(entity.fields) + len(entity.children) < before
    return entity.partial


@pytest.mark.parametrize(("case", "year"), records())
def test_parts_of_a_record_as_it_should_be_fire_nothing(case: dict[str, Any], year: str) -> None:
    """What was not pasted is not known: no rule concludes anything from it."""
    day = date(AcademicYear.parse(year).first, 12, 1)
    for seed in range(40):
        tree = raw("Message", case.get("message") or {"learners": [case["learner"]]})
        torn(tree, random.Random(seed))
        tree.partial = True
        record = build(tree, engine(year).specification, [])
        assert isinstance(record, Message)
        found = engine(year).run(record, day, today=day).findings
        assert [(seed, one.rule.id, one.values) for one in found] == []


@pytest.mark.parametrize("year", ["2026-27", "2025-26"])
def test_each_kind_of_provision_has_one(year: str) -> None:
    cases = [param.values[0]["case"] for param in records() if param.values[1] == year]
    assert sorted(kind for kind in PROVISION if not any(kind in case for case in cases)) == []


SPOILT = [
    # What is spoilt, to what, and the rule that has to notice.
    ("CLEAN001", ("aims", 0, "LearnPlanEndDate"), "2025-09-07", "LearnPlanEndDate_02"),
    ("CLEAN001", ("aims", 2, "placements", 0, "WorkPlaceStartDate"), "2025-09-07",
     "WorkPlaceStartDate_02"),
    ("CLEAN001", ("aims", 0, "fams"), [], "LearnDelFAMType_01"),
    ("CLEAN002", ("aims", 0, "WithdrawReason"), None, "WithdrawReason_03"),
    ("CLEAN003", ("lldd",), [], "LLDDHealthProb_06"),
    ("CLEAN004", ("aims", 0, "hours"), [], "HRSType_02"),
    ("CLEAN101", ("aims", 0, "finance"), [], "AFinType_12"),
    ("CLEAN101", ("aims", 0, "hours"), ["HRS 1 186"], "HRSAmount_03"),
    ("CLEAN102", ("aims", 0, "AchDate"), None, "AchDate_12"),
    ("CLEAN201", ("employment",), [], "EmpStat_21"),
    ("CLEAN203", ("aims", 0, "hours"), [], "HRSType_06"),
    ("CLEAN204", ("aims", 0, "fams"), ["SOF 105"], "LearnDelFAMType_111"),
    ("CLEAN206", ("aims", 0, "he"), [], "LearningDeliveryHE_02"),
]  # fmt: skip


@pytest.mark.parametrize(("ref", "where", "value", "rule"), SPOILT)
def test_one_thing_spoilt_is_noticed(
    ref: str, where: tuple[str | int, ...], value: Any, rule: str
) -> None:
    case = next(
        param.values[0]
        for param in records()
        if param.values[1] == "2026-27" and param.values[0]["learner"]["LearnRefNumber"] == ref
    )
    spoilt = deepcopy(case)
    at = spoilt["learner"]
    for step in where[:-1]:
        at = at[step]
    at[where[-1]] = value
    assert rule in {found.rule.id for found in checked(spoilt, "2026-27").findings}


def test_a_blank_that_was_not_pasted_is_not_the_same_as_another() -> None:
    """Two placements on one day break R_96; that their employers agree, as R_67 asks, is unknown
    where only some of each was pasted, and known where both were returned without one."""
    placement = {"WorkPlaceStartDate": "2026-09-01", "WorkPlaceHours": 30}
    for partial, rules in ((True, {"R_96"}), (False, {"R_96", "R_67"})):
        aim = {"LearnAimRef": "ZWRKX001", "placements": [placement, placement]}
        tree = raw("Message", {"learners": [{"aims": [aim]}]})
        for entity in (tree, *tree.children, *tree.children[0].children):
            entity.partial = True
        for entity in tree.children[0].children[0].children:
            entity.partial = partial
        record = build(tree, engine("2026-27").specification, [])
        assert isinstance(record, Message)
        day = date(2026, 12, 1)
        found = engine("2026-27").run(record, day, today=day).findings
        assert {one.rule.id for one in found} & {"R_96", "R_67"} == rules
