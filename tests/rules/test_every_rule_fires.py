"""`rules list` says "run" only of what can fire: every rule of every year fires on some case.

The cases are those of tests/rules/*.yaml, whatever year they are written for: a case of another
year is tried as it stands, and with its dates moved to this one. Field definition rules have
theirs made by test_field_definitions.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot.ilr.specification import load_specification
from bot.rules.catalogue import load_catalogue
from bot.rules.engine import Engine
from bot.years import AcademicYear
from tests.support.records import message, written

HERE = Path(__file__).parent
KNOWLEDGE = HERE.parents[1] / "knowledge"
YEARS = load_specification(KNOWLEDGE / "ilr").years
_A_YEAR = re.compile(r"\b(?:19|20)\d\d(?=-\d\d-\d\d)")


@cache
def firing_cases() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for path in sorted(HERE.glob("*.yaml")):
        for block in written(path):
            found.setdefault(block["rule"], []).extend(block.get("fires", []))
    return found


def moved(value: Any, years: int) -> Any:
    """A case with every date that many years later."""
    if isinstance(value, dict):
        return {name: moved(item, years) for name, item in value.items()}
    if isinstance(value, list):
        return [moved(item, years) for item in value]
    if isinstance(value, str):
        return _A_YEAR.sub(lambda match: str(int(match[0]) + years), value)
    return value


def fires(rule_id: str, year: AcademicYear) -> bool:
    specification = load_specification(KNOWLEDGE / "ilr").for_year(year)
    engine = Engine(load_catalogue(KNOWLEDGE / "rules"), specification, only=rule_id)
    for case in firing_cases().get(rule_id, []):
        for written_for in case.get("years") or [case.get("year", "2026-27")]:
            for years in {0, year.first - AcademicYear.parse(written_for).first}:
                tried = moved(case, years)
                record, _ = message(tried, specification)
                on = date.fromisoformat(tried["on"]) if "on" in tried else date(year.first, 12, 1)
                if engine.run(record, on).findings:
                    return True
    return False


@pytest.mark.parametrize("year", YEARS, ids=str)
def test_every_rule_that_is_listed_as_run_fires(year: AcademicYear) -> None:
    specification = load_specification(KNOWLEDGE / "ilr").for_year(year)
    run = {rule.id for rule in Engine(load_catalogue(KNOWLEDGE / "rules"), specification).rules}
    coded = {rule_id for rule_id in run if not rule_id.startswith("FD_")}
    assert len(coded) > 200
    assert sorted(rule_id for rule_id in coded if not fires(rule_id, year)) == []
