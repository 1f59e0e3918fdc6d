"""Every rule's cases: tests/rules/<family>.yaml says what must fire and what must not.

- rule: WorkPlaceStartDate_02
  fires:
    - case: the day before the aim starts
      aim: {LearnStartDate: 2026-10-12, placements: [{WorkPlaceStartDate: 2026-10-11}]}
  quiet:
    - case: the day it starts
      aim: {LearnStartDate: 2026-10-12, placements: [{WorkPlaceStartDate: 2026-10-12}]}

A file whose name begins with ``lars-`` or ``own-`` is of rules that need reference data; its cases
say what is held (tests/support/reference.py).

A case may give ``year`` or ``years`` (2026-27 when it does not), ``on`` (the file
preparation date, 1 December of the year when it does not), ``times`` (how many findings),
``severity`` (of each of them), and ``namespace`` and ``file_name`` of the file it came in.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bot.ilr.specification import load_specification
from bot.rules.catalogue import load_catalogue
from bot.rules.engine import Engine, predicates
from bot.years import AcademicYear
from tests.support.records import message, written
from tests.support.reference import reference

HERE = Path(__file__).parent
KNOWLEDGE = HERE.parents[1] / "knowledge"
WITH_REFERENCE = ("lars-", "own-")


class Case(NamedTuple):
    rule_id: str
    verdict: str
    case: dict[str, Any]
    year: str
    held: bool


@cache
def engine(year: AcademicYear, rule_id: str) -> Engine:
    specification = load_specification(KNOWLEDGE / "ilr").for_year(year)
    return Engine(load_catalogue(KNOWLEDGE / "rules"), specification, only=rule_id)


@cache
def cases() -> list[Any]:
    """Every case of the files, read once; nobody changes what they get."""
    found = []
    for path in sorted(HERE.glob("*.yaml")):
        for block in written(path):
            for verdict in ("fires", "quiet"):
                for case in block.get(verdict, []):
                    for year in case.get("years") or [case.get("year", "2026-27")]:
                        name = f"{block['rule']}-{verdict}-{case['case']}-{year}"
                        held = path.name.startswith(WITH_REFERENCE)
                        one = Case(block["rule"], verdict, case, year, held)
                        found.append(pytest.param(one, id=name))
    return found


def by_rule() -> list[Any]:
    found: dict[str, dict[str, Case]] = {}
    for one in cases():
        (case,) = one.values
        found.setdefault(case.rule_id, {})[one.id] = case
    return [pytest.param(own, id=rule_id) for rule_id, own in found.items()]


@pytest.mark.parametrize("own", by_rule())
def test_cases_of_a_rule(own: dict[str, Case]) -> None:
    assert {name: why for name, case in own.items() if (why := what_is_wrong(case))} == {}


def what_is_wrong(one: Case) -> str:
    """Why a case does not come out as it says; "" when it does."""
    rule_id, verdict, case, year, held = one
    academic_year = AcademicYear.parse(year)
    specification = load_specification(KNOWLEDGE / "ilr").for_year(academic_year)
    record, remarks = message(case, specification)
    if remarks:
        return f"the case itself is not a record of {year}: {remarks}"
    on = date.fromisoformat(case["on"]) if "on" in case else date(academic_year.first, 12, 1)
    running = engine(academic_year, rule_id)
    if held:
        catalogue = load_catalogue(KNOWLEDGE / "rules")
        running = Engine(catalogue, specification, only=rule_id, reference=reference(case))
    outcome = running.run(record, on)
    if rule_id not in outcome.run:
        return str(outcome.not_run.get(rule_id, f"{rule_id} is not live in {year}"))
    fired = len(outcome.findings)
    wanted = 0 if verdict == "quiet" else int(case.get("times", max(fired, 1)))
    if fired != wanted:
        return f"fired {fired} times, not {wanted}"
    severities = {str(found.rule.severity) for found in outcome.findings}
    if verdict == "fires" and "severity" in case and severities != {case["severity"]}:
        return f"is {', '.join(sorted(severities))}, not {case['severity']}"
    return ""


def test_every_rule_with_code_has_a_case_that_fires_and_one_that_does_not() -> None:
    fires, quiet = set(), set()
    for path in sorted(HERE.glob("*.yaml")):
        for block in written(path):
            fires |= {block["rule"]} if block.get("fires") else set()
            quiet |= {block["rule"]} if block.get("quiet") else set()
    rows = load_catalogue(KNOWLEDGE / "rules").rows.values()
    coded = set(predicates()) | {row.id for row in rows if row.checks_list}
    assert sorted(coded - fires) == []
    assert sorted(coded - quiet) == []


def test_every_rule_with_code_has_a_catalogue_row() -> None:
    rows = load_catalogue(KNOWLEDGE / "rules").rows
    assert sorted(set(predicates()) - set(rows)) == []


def test_a_finding_shows_values_from_beside_it_in_the_learner() -> None:
    """A status is compared with the aims' starts, which stand neither in it nor around it."""
    year = AcademicYear.parse("2020-21")
    case = {
        "message": {
            "learners": [
                {
                    "contact": ["RUI 1"],
                    "aims": [{"LearnStartDate": "2020-09-07"}, {"LearnStartDate": "2020-10-05"}],
                },
                {"aims": [{"LearnStartDate": "2020-11-02"}]},
            ]
        }
    }
    record, _ = message(case, load_specification(KNOWLEDGE / "ilr").for_year(year))
    (found,) = engine(year, "ContPrefType_03").run(record, date(2020, 12, 1)).findings
    assert found.values["LearnStartDate"] == "2020-09-07, 2020-10-05"
