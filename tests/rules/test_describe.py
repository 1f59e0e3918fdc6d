"""``rules show``: a rule's row in a year, the source of its check, and its cases."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.errors import InputError
from bot.ilr.specification import load_specification
from bot.rules import describe as module
from bot.rules.catalogue import load_catalogue
from bot.rules.describe import RuleDescription, describe
from bot.terminal.cli import app
from bot.years import AcademicYear

KNOWLEDGE = Path(__file__).parents[2] / "knowledge"


def rule(name: str, year: str = "2026-27") -> RuleDescription:
    specification = load_specification(KNOWLEDGE / "ilr").for_year(AcademicYear.parse(year))
    return describe(load_catalogue(KNOWLEDGE / "rules"), specification, name)


def test_a_rule_has_its_row_its_predicate_and_its_cases() -> None:
    found = rule("R96")
    text = "\n".join(found.lines())
    assert found.rule.id == "R_96"
    assert found.predicate is not None
    assert found.predicate.path == "bot/rules/families/work_placement.py"
    assert "def two_placements_start_on_one_day" in text
    assert "tests/rules/work-placement.yaml" in text
    assert "case: three on one day" in text
    assert "# R_" not in found.cases[0].text


def test_the_version_shown_is_the_year_s_own() -> None:
    old, new = rule("R_110", "2020-21").predicate, rule("R_110").predicate
    assert old is not None
    assert new is not None
    assert 'until="2023-24"' in old.text
    assert 'since="2024-25"' in new.text


@pytest.mark.parametrize(
    ("name", "checked"),
    [
        ("WorkPlaceMode_01", "is looked up in the list of 2026-27: 1, 2"),
        ("FD_ULN_MA", "by the limit that the specification of 2026-27 gives Learner.ULN"),
        ("ULN_05", "not here: needs"),
    ],
)
def test_a_rule_without_a_predicate_says_how_it_is_checked(name: str, checked: str) -> None:
    found = rule(name)
    assert found.predicate is None
    assert checked in found.checked


def test_a_rule_whose_data_is_not_held_is_shown_with_its_predicate() -> None:
    found = rule("UKPRN_06")
    assert found.predicate is not None
    assert found.checked == "not here: needs contracts and allocations"


def test_parameters_are_those_of_the_year() -> None:
    assert rule("R_63", "2020-21").to_json()["parameters"] == {"excluded_sof_codes": []}
    assert rule("R_63").to_json()["parameters"] == {"excluded_sof_codes": ["105"]}


def test_a_name_that_is_no_rule_s_is_said_to_be_unknown() -> None:
    with pytest.raises(InputError, match="I don't recognise the rule 'R_999'"):
        rule("R_999")


def test_a_rule_of_other_years_says_which() -> None:
    with pytest.raises(InputError, match=r"not in force in 2026-27\. Its years: 2020-21 only"):
        rule("LearnAimRef_72")


def test_an_installed_package_says_that_it_has_no_cases(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(module, "CASES", tmp_path / "tests" / "rules")
    found = rule("R_96")
    assert found.cases == []
    assert "not installed" in found.lines()[-1]
    assert found.to_json()["cases_installed"] is False


@pytest.mark.long
def test_every_rule_of_a_year_can_be_shown() -> None:
    year = AcademicYear.parse("2026-27")
    catalogue = load_catalogue(KNOWLEDGE / "rules")
    for row in catalogue.rows.values():
        if catalogue.in_year(row, year) is not None:
            json.dumps(rule(row.id).to_json())
            assert rule(row.id).lines()


def test_the_command_shows_it_as_text_and_as_json() -> None:
    text = CliRunner().invoke(app, ["rules", "show", "R104", "--year", "2026-27"])
    assert text.output.startswith("R_104 (knowledge/rules/cross-record.yaml)")
    as_json = CliRunner().invoke(app, ["rules", "show", "R104", "--year", "2026-27", "--json"])
    assert json.loads(as_json.output)["id"] == "R_104"
