"""No code or type outside its list passes in silence, in any year."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot.ilr.build import build
from bot.ilr.raw import RawEntity, RawField
from bot.ilr.record import Message
from bot.ilr.specification import FieldSpec, YearSpecification, load_specification
from bot.rules.catalogue import Severity, load_catalogue
from bot.rules.engine import Engine
from bot.rules.findings import RuleFinding
from bot.years import AcademicYear

KNOWLEDGE = Path(__file__).parents[2] / "knowledge"
SPECIFICATION = load_specification(KNOWLEDGE / "ilr")

NO_LIST = {"LearnAimRef", "SOC2000"}
"""LARS has the references; occupations have two lists, and a rule for each."""


@cache
def engine(year: AcademicYear) -> Engine:
    return Engine(load_catalogue(KNOWLEDGE / "rules"), SPECIFICATION.for_year(year))


def unlisted(spec: FieldSpec) -> list[dict[str, str]]:
    """Values of a coded field that its list does not have: a code, or a type and a pair."""
    if spec.types:
        code = spec.name.removesuffix("Type") + "Code"
        none = next(str(n) for n in range(99, 0, -1) if not any(
            str(n) == held.code for kind in spec.types.values() for held in kind.codes
        ))  # fmt: skip
        pairs = [{spec.name: kind, code: none} for kind in spec.types]
        return [{spec.name: "QQQ", code: "1"}, *pairs]
    if spec.type == "string":
        return [{spec.name: "Q"}]
    digits = spec.max_digits or len(str(spec.max_value or 99))
    free = [n for n in range(10**digits - 1, -1, -1) if str(n) not in spec.codes]
    return [{spec.name: str(free[0])}] if free else []


def coded_fields() -> Iterator[Any]:
    for year in SPECIFICATION.years:
        held = SPECIFICATION.for_year(year)
        for entity in held.entities.values():
            for spec in entity.fields.values():
                if (spec.codes or spec.types) and entity.parent and spec.name not in NO_LIST:
                    for given in unlisted(spec):
                        name = f"{year}-{'-'.join(given.values())}-{spec.name}"
                        yield pytest.param(year, spec, given, id=name)


def findings(held: YearSpecification, entity: str, given: dict[str, str]) -> list[RuleFinding]:
    elements = [RawEntity(entity, [RawField(n, v) for n, v in given.items()])]
    parent = held.entities[entity].parent
    while parent is not None:
        elements = [RawEntity(parent, children=elements)]
        parent = held.entities[parent].parent
    message = build(elements[0], held, [])
    assert isinstance(message, Message)
    return engine(held.year).run(message, date(held.year.first, 12, 1)).findings


@pytest.mark.parametrize(("year", "spec", "given"), list(coded_fields()))
def test_an_unlisted_code_is_found(
    year: AcademicYear, spec: FieldSpec, given: dict[str, str]
) -> None:
    held = SPECIFICATION.for_year(year)
    found = findings(held, spec.entity, given)
    told = [f for f in found if f.values.get(spec.name) == given[spec.name]]
    assert told, [f.rule.id for f in found]


@pytest.mark.parametrize(
    ("entity", "given", "rule"),
    [
        ("LearningDeliveryFAM", {"LearnDelFAMType": "LDM", "LearnDelFAMCode": "777"},
         "LearnDelFAMType_04"),
        ("LearningDeliveryFAM", {"LearnDelFAMType": "SFO", "LearnDelFAMCode": "107"},
         "LearnDelFAMType_04"),
        ("LearnerFAM", {"LearnFAMType": "ZZZ", "LearnFAMCode": "1"}, "LearnFAMType_01"),
        ("Learner", {"MathGrade": "Q"}, "MathGrade_02"),
        ("Learner", {"Accom": "9"}, "Accom_01"),
        ("LearningDelivery", {"OutGrade": "ZZZ"}, "OutGrade_01"),
        ("HRSRecord", {"HRSCode": "7"}, "HRSCode"),
    ],
)  # fmt: skip
def test_outside_a_list_that_may_lack_codes_is_a_check(
    entity: str, given: dict[str, str], rule: str
) -> None:
    held = SPECIFICATION.for_year(AcademicYear(2026))
    (found,) = [f for f in findings(held, entity, given) if f.rule.id == rule]
    assert found.rule.severity is Severity.CHECK
    assert found.rule.title == "Not in the list we hold"


def test_outside_a_complete_list_is_an_error() -> None:
    held = SPECIFICATION.for_year(AcademicYear(2026))
    (found,) = [
        f for f in findings(held, "Learner", {"Ethnicity": "12"}) if f.rule.id == "Ethnicity_01"
    ]
    assert found.rule.severity is Severity.ERROR


def test_a_check_that_is_no_rule_is_not_counted_as_one() -> None:
    year = AcademicYear(2026)
    ids = {rule.id for rule in engine(year).rules}
    message = build(RawEntity("Message", children=[RawEntity("Learner")]),
                    SPECIFICATION.for_year(year), [])  # fmt: skip
    assert isinstance(message, Message)
    result = engine(year).run(message, date(2026, 12, 1))
    assert "HRSCode" not in ids
    assert "HRSCode" not in result.run | result.not_run.keys()
    assert result.run | result.not_run.keys() == ids | engine(year).never_run.keys()


def test_a_check_says_of_which_year_the_list_is() -> None:
    held = SPECIFICATION.for_year(AcademicYear(2026))
    (found,) = [
        f for f in findings(held, "LearningDeliveryHE", {"SEC": "0"}) if f.rule.id == "SEC_01"
    ]
    assert "read in full for 2020-21 to 2024-25; of later years" in found.rule.message
