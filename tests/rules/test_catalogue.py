"""The catalogue: a rule is found by its id as people write it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bot.rules.catalogue import load_catalogue
from bot.years import AcademicYear

CATALOGUE = load_catalogue(Path(__file__).parents[2] / "knowledge" / "rules")


@pytest.mark.parametrize("name", ["R_104", "R104", "r104", "r_104", "R-104", "R 104"])
def test_a_cross_record_rule_is_found_with_and_without_its_underscore(name: str) -> None:
    found = CATALOGUE.find(name)
    assert found is not None
    assert found.id == "R_104"


def test_every_rule_is_found_by_its_id_without_underscores() -> None:
    for rule_id in CATALOGUE.rows:
        found = CATALOGUE.find(rule_id.replace("_", "").lower())
        assert found is not None
        assert found.id == rule_id


def test_no_two_rules_are_called_the_same() -> None:
    names = Counter(
        name
        for row in CATALOGUE.rows.values()
        for name in {n.replace("_", "").lower() for n in (row.id, *row.also_called)}
    )
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize(
    ("rule_id", "year", "text_of"),
    [
        ("R_139", "2024-25", "2025-26"),  # carried over into the first file that we have of it
        ("R_139", "2023-24", None),
        ("R_110", "2024-25", "2025-26"),  # changed, but before the file that carries it over
        ("R_110", "2023-24", None),
        ("WorkPlaceStartDate_02", "2023-24", "2020-21"),  # the same in both files
        ("R_30", "2024-25", "2020-21"),  # one known change, in 2025-26
        ("R_30", "2021-22", "2020-21"),
        ("DateOfBirth_47", "2024-25", None),  # changed in 2025-26 in more than the file says
        ("ContPrefType_02", "2022-23", "2020-21"),  # dropped as it was
        ("FworkCode_02", "2022-23", None),  # dropped with other words
        ("LearnDelFAMType_40", "2022-23", "2020-21"),  # only derived data changed
        ("R_152", "2024-25", None),  # new in 2025-26
        ("R_139", "2025-26", "2025-26"),
        ("FD_EmpOutcome_AL", "2022-23", "2020-21"),  # the specification is its text
    ],
)
def test_of_a_year_that_was_not_read_the_text_of_another_is_taken_where_it_is_known(
    rule_id: str, year: str, text_of: str | None
) -> None:
    found = CATALOGUE.in_year(CATALOGUE.rows[rule_id], AcademicYear.parse(year))
    assert (str(found.text_of) if found else None) == text_of


def test_a_text_of_the_year_before_has_the_words_of_that_year() -> None:
    limit = CATALOGUE.rows["NETFEE_02"]
    found = CATALOGUE.in_year(limit, AcademicYear(2024))
    earlier = CATALOGUE.in_year(limit, AcademicYear(2020))
    assert found is not None
    assert earlier is not None
    assert found.parameters == earlier.parameters
