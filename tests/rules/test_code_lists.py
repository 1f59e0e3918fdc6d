"""Rules that only look a code up: the field each names is one that has a list."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.ilr.specification import load_specification
from bot.rules.catalogue import load_catalogue
from bot.rules.code_lists import code_list
from bot.rules.engine import predicates
from bot.years import AcademicYear

KNOWLEDGE = Path(__file__).parents[2] / "knowledge"
READ_YEARS = load_catalogue(KNOWLEDGE / "rules").read_years


@pytest.mark.parametrize("year", READ_YEARS, ids=str)
def test_every_list_that_a_rule_names_is_held_for_its_years(year: AcademicYear) -> None:
    specification = load_specification(KNOWLEDGE / "ilr").for_year(year)
    catalogue = load_catalogue(KNOWLEDGE / "rules")
    for row in catalogue.rows.values():
        found = catalogue.in_year(row, year)
        if found is None or found.checks_list is None:
            continue
        assert code_list(found.checks_list, specification) is not None, row.id
        spec = specification.field(*found.checks_list.split("."))
        assert spec.codes or spec.types, row.id


def test_a_rule_that_names_a_list_has_no_predicate_of_its_own() -> None:
    rows = load_catalogue(KNOWLEDGE / "rules").rows.values()
    listed = {row.id for row in rows if row.checks_list}
    assert not listed & set(predicates())
