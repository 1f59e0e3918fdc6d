"""What runs the rules: which, on what, and what their verdicts become."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot.ilr.absent import NOT_PASTED, CannotTell, is_present
from bot.ilr.record import Aim, Entity, Learner, Message
from bot.ilr.specification import load_specification
from bot.rules.catalogue import Catalogue, Need, Rule, Severity, load_catalogue
from bot.rules.doubt import UNLISTED
from bot.rules.engine import Check, Engine, Predicate, RunResult, rule
from bot.rules.reference.data import ReferenceData
from bot.rules.reference.provider import Provider
from bot.rules.running import MANY
from bot.years import AcademicYear
from tests.support.records import message

KNOWLEDGE = Path(__file__).parents[2] / "knowledge"
YEAR = AcademicYear(2026)
ON, TODAY = date(2026, 12, 1), date(2026, 12, 3)
SPECIFICATION = load_specification(KNOWLEDGE / "ilr").for_year(YEAR)


@cache
def catalogue() -> Catalogue:
    return load_catalogue(KNOWLEDGE / "rules")


def made(name: str = "Made_01") -> Rule:
    """An invented rule, like one that is live."""
    found = catalogue().in_year(catalogue().rows["R_96"], YEAR)
    assert found is not None
    return replace(found, id=name)


def engine(
    function: Callable[..., Any], runs_on: type[Entity] = Aim, *, wants_check: bool = False
) -> Engine:
    """With one rule."""
    predicate = Predicate("Made_01", function, runs_on, wants_check, False, None, None)
    return Engine.of([(made(), predicate)], {"Made_02": "not written yet"}, SPECIFICATION)


def record(aims: int = 2) -> Message:
    learner = {"aims": [{"AimSeqNumber": n + 1} for n in range(aims)]}
    built, remarks = message({"learner": learner}, SPECIFICATION)
    assert not remarks
    return built


def ran(function: Callable[..., Any], aims: int = 2, **more: Any) -> RunResult:
    return engine(function, **more).run(record(aims), ON, today=TODAY)


@pytest.mark.parametrize("aims", [2, MANY, MANY + 1])
def test_a_rule_that_is_broken_is_found_where_it_is(aims: int) -> None:
    result = ran(lambda aim: aim.AimSeqNumber == 2, aims)
    assert [finding.entity.AimSeqNumber for finding in result.findings] == [2]
    assert result.run == {"Made_01"}
    assert result.not_run == {"Made_02": "not written yet"}


@pytest.mark.parametrize("verdict", [False, [], None])
def test_a_rule_that_is_kept_is_run_and_finds_nothing(verdict: object) -> None:
    result = ran(lambda aim: verdict)
    assert (result.findings, result.run) == ([], {"Made_01"})


def test_what_a_rule_names_is_at_fault_once() -> None:
    def twice(learner: Learner) -> Iterator[Entity]:
        first, second = learner.of(Aim)
        yield from (second, first, second)

    found = ran(twice, runs_on=Learner).findings
    assert [finding.entity.AimSeqNumber for finding in found] == [2, 1]


@pytest.mark.parametrize("aims", [1, MANY + 1])
def test_a_rule_that_cannot_tell_is_not_run_and_says_why(aims: int) -> None:
    def unknown(aim: Aim) -> bool:
        raise CannotTell("LARS is not held")

    result = ran(unknown, aims)
    assert result.findings == []
    assert result.not_run["Made_01"] == "LARS is not held"
    assert "Made_01" not in result.run
    assert result.reasons() == {"LARS is not held": 1, "not written yet": 1}


def test_a_doubt_is_shown_as_a_check_in_its_own_words() -> None:
    (found,) = ran(lambda aim: UNLISTED, 1).findings
    assert (found.rule.id, found.rule.severity) == ("Made_01", Severity.CHECK)
    assert found.rule.title == UNLISTED.title


@pytest.mark.parametrize(("on_part", "found"), [(True, 2), (False, 0)])
def test_of_a_part_only_rules_that_hold_on_parts_see_what_was_not_pasted(
    on_part: bool, found: int
) -> None:
    def no_end(aim: Aim) -> bool:
        return not is_present(aim.LearnActEndDate)

    predicate = Predicate("Made_01", no_end, Aim, False, on_part, None, None)
    part = record()
    for entity in part.walk():
        entity.partial = True
    result = Engine.of([(made(), predicate)], {}, SPECIFICATION).run(part, ON)
    assert len(result.findings) == found
    assert result.not_run == ({} if on_part else {"Made_01": NOT_PASTED})
    assert [type(entity) for entity in part.walk()] == [type(one) for one in record().walk()]


@pytest.mark.parametrize(("on_part", "found"), [(True, 1), (False, 0)])
def test_an_aim_of_which_nothing_was_pasted_is_seen_by_rules_that_hold_on_parts(
    on_part: bool, found: int
) -> None:
    predicate = Predicate("Made_01", lambda aim: True, Aim, False, on_part, None, None)
    empty, _ = message({"learner": {"aims": [{}]}}, SPECIFICATION)
    for entity in empty.walk():
        entity.partial = True
    result = Engine.of([(made(), predicate)], {}, SPECIFICATION).run(empty, ON)
    assert len(result.findings) == found
    assert result.not_run == ({} if on_part else {"Made_01": NOT_PASTED})


@pytest.mark.parametrize("wants_check", [True, False])
def test_a_rule_that_lacks_a_column_is_asked_once_of_a_long_table(wants_check: bool) -> None:
    asked = 0

    def no_end(aim: Aim, *check: Check) -> bool:
        nonlocal asked
        asked += 1
        assert len(check) == wants_check
        return not is_present(aim.LearnActEndDate)

    rows = [{"AimSeqNumber": n + 1, "FundModel": n} for n in range(MANY + 1)]
    table, _ = message({"learner": {"aims": rows}}, SPECIFICATION)
    for entity in table.walk():
        entity.partial = True
    result = engine(no_end, wants_check=wants_check).run(table, ON)
    assert result.not_run["Made_01"] == NOT_PASTED
    assert asked == 1


def test_a_rule_is_told_the_days_and_its_limits() -> None:
    seen: list[tuple[date, date, AcademicYear]] = []

    def asks(aim: Aim, check: Check) -> bool:
        seen.append((check.on, check.today, check.year))
        return False

    ran(asks, 1, wants_check=True)
    assert seen == [(ON, TODAY, YEAR)]


def test_where_there_is_nothing_to_run_on_a_rule_counts_as_run() -> None:
    result = ran(lambda aim: True, aims=0)
    assert (result.findings, result.run) == ([], {"Made_01"})


@pytest.mark.parametrize(
    ("part", "of_a_learner", "of_the_file"),
    [("all", True, True), ("learners", True, False), ("across", False, True)],
)
def test_a_file_in_pieces_has_each_rule_run_once(
    part: Any, of_a_learner: bool, of_the_file: bool
) -> None:
    for runs_on, wanted in ((Aim, of_a_learner), (Message, of_the_file)):
        result = engine(lambda one: True, runs_on).run(record(1), ON, part=part)
        assert (len(result.findings) == 1) is wanted
        assert (result.run == {"Made_01"}) is wanted


def test_what_is_no_published_rule_is_not_counted_as_one() -> None:
    every = Engine(catalogue(), SPECIFICATION)
    result = every.run(record(), ON, today=TODAY)
    assert {found.id for found in every.rules} <= catalogue().rows.keys()
    assert result.run <= catalogue().rows.keys()
    assert result.not_run.keys() <= catalogue().rows.keys()
    assert not result.run & result.not_run.keys()


def test_an_engine_of_one_rule_runs_no_other() -> None:
    """Nor a list of codes that has no rule, which the engine of all runs as well."""
    wrong, _ = message(
        {"learner": {"Ethnicity": 77, "aims": [{"WithdrawReason": 77}]}}, SPECIFICATION
    )
    one = Engine(catalogue(), SPECIFICATION, only="R_96")
    assert one.ids == {"R_96"}
    assert one.run(wrong, ON, today=TODAY).findings == []
    assert len(Engine(catalogue(), SPECIFICATION).run(wrong, ON, today=TODAY).findings) > 1


def test_a_rule_that_needs_what_is_held_is_run() -> None:
    provider = Provider(ukprn=10001234, type="UGFE", office_for_students=True, campuses=())
    held = ReferenceData(provider=provider)
    without = Engine(catalogue(), SPECIFICATION, only="CampID_02")
    assert without.never_run == {"CampID_02": f"needs {Need.OWN_CAMPUSES}"}
    assert Engine(catalogue(), SPECIFICATION, only="CampID_02", reference=held).never_run == {}


def test_what_a_rule_can_tell_of_a_part_it_tells_without_what_it_needs() -> None:
    (found,) = Engine(catalogue(), SPECIFICATION, only="LSDPostcode_01").rules
    assert found.partly is not None
    assert "needs the postcode tables" in found.partly


@pytest.mark.parametrize(
    ("first", "last", "covered"),
    [
        (None, None, True), (2026, None, True), (2027, None, False), (None, 2026, True),
        (None, 2025, False), (2026, 2026, True), (2020, 2025, False), (2027, 2030, False),
    ],
)  # fmt: skip
def test_a_version_holds_from_its_first_year_to_its_last(
    first: int | None, last: int | None, covered: bool
) -> None:
    def years(one: int | None) -> AcademicYear | None:
        return None if one is None else AcademicYear(one)

    predicate = Predicate("X", lambda aim: True, Aim, False, False, years(first), years(last))
    assert predicate.covers(YEAR) is covered


def test_a_rule_says_what_it_runs_on() -> None:
    with pytest.raises(TypeError, match="annotate the first parameter"):
        rule("Made_09")(lambda aim: True)
