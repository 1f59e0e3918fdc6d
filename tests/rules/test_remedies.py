"""What would make two dates agree: the sentence, and that doing as it says ends the clash."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.helpdesk import Helpdesk
from bot.ilr.record import Message
from bot.ilr.specification import load_specification
from bot.rules.catalogue import load_catalogue
from bot.rules.engine import Engine
from bot.rules.findings import RuleFinding
from bot.rules.remedies import WARNING, Change, Proposal, propose
from bot.years import AcademicYear
from tests.support.records import message

KNOWLEDGE = Path(__file__).parents[2] / "knowledge"
YEAR = AcademicYear(2026)
ON = date(2026, 12, 1)
CLASHES = [
    "WorkPlaceStartDate_02", "WorkPlaceEndDate_01", "WorkPlaceEndDate_02",
    "LearnPlanEndDate_02", "LearnActEndDate_01", "R_96",
]  # fmt: skip
DAYS = st.dates(date(2026, 8, 1), date(2026, 8, 20))


@cache
def engine(rule_id: str) -> Engine:
    specification = load_specification(KNOWLEDGE / "ilr").for_year(YEAR)
    return Engine(load_catalogue(KNOWLEDGE / "rules"), specification, only=rule_id)


def record(*aims: dict[str, Any]) -> Message:
    built, remarks = message({"aims": list(aims)}, engine("R_96").specification)
    assert not remarks
    return built


def findings(rule_id: str, checked: Message) -> list[RuleFinding]:
    return engine(rule_id).run(checked, ON).findings


def proposal(rule_id: str, *aims: dict[str, Any]) -> str:
    return str(propose(findings(rule_id, record(*aims))[0]))


def placement(start: str, end: str) -> dict[str, str]:
    return {"WorkPlaceStartDate": start, "WorkPlaceEndDate": end}


def test_a_placement_before_its_aim() -> None:
    aim = {"LearnStartDate": "2026-10-12", "placements": [placement("2026-10-05", "2026-10-16")]}
    assert proposal("WorkPlaceStartDate_02", aim) == (
        "For these dates to agree, the aim would have to start on or before 05/10/2026 "
        "(it says 12/10/2026), or the placement on or after 12/10/2026 (it says 05/10/2026). "
        "Dates must be what really happened: change the one that is wrong."
    )


def test_a_placement_after_its_aim_ended() -> None:
    aim = {"LearnActEndDate": "2027-03-05", "placements": [placement("2027-03-01", "2027-03-08")]}
    assert proposal("WorkPlaceEndDate_02", aim).startswith(
        "For these dates to agree, the aim would have to end on or after 08/03/2027 "
        "(it says 05/03/2027), or the placement on or before 05/03/2027 (it says 08/03/2027)."
    )


def test_a_placement_that_ends_before_it_starts() -> None:
    aim = {"placements": [placement("2026-10-12", "2026-10-02")]}
    assert proposal("WorkPlaceEndDate_01", aim).startswith(
        "For these dates to agree, the placement would have to start on or before 02/10/2026 "
        "(it says 12/10/2026), or end on or after 12/10/2026 (it says 02/10/2026)."
    )


def test_a_change_that_would_break_another_rule_is_named() -> None:
    aim = {"LearnStartDate": "2026-10-12", "placements": [placement("2026-10-05", "2026-10-09")]}
    assert "The placement ends on 09/10/2026, so it could not start that late." in proposal(
        "WorkPlaceStartDate_02", aim
    )


def test_a_change_that_is_just_possible_is_not_said_to_be_impossible() -> None:
    """A placement may start and end on one day."""
    late = {"LearnStartDate": "2026-10-12", "placements": [placement("2026-10-05", "2026-10-12")]}
    assert "could not start" not in proposal("WorkPlaceStartDate_02", late)
    early = {"LearnActEndDate": "2027-03-01", "placements": [placement("2027-03-01", "2027-03-08")]}
    assert "could not end" not in proposal("WorkPlaceEndDate_02", early)
    day_less = {
        "LearnActEndDate": "2027-02-28",
        "placements": [placement("2027-03-01", "2027-03-08")],
    }
    assert "The placement starts on 01/03/2027, so it could not end that early." in proposal(
        "WorkPlaceEndDate_02", day_less
    )


def test_several_placements_after_their_aim_are_told_the_day_that_suits_all() -> None:
    late, later = placement("2027-03-01", "2027-03-08"), placement("2027-03-01", "2027-03-15")
    aim = {"LearnActEndDate": "2027-03-05", "placements": [late, later]}
    found = {
        finding.entity.WorkPlaceEndDate: str(propose(finding))
        for finding in findings("WorkPlaceEndDate_02", record(aim))
    }
    note = "For all of its placements the aim could not end before 15/03/2027."
    assert note in found[date(2027, 3, 8)]
    assert "For all of its placements" not in found[date(2027, 3, 15)], "its own day suits all"


def test_one_placement_is_its_own_suiting_day() -> None:
    late = {"LearnActEndDate": "2027-03-05", "placements": [placement("2027-03-01", "2027-03-08")]}
    early = {"LearnStartDate": "2026-10-12", "placements": [placement("2026-10-05", "2026-10-16")]}
    assert "For all of its placements" not in proposal("WorkPlaceEndDate_02", late)
    assert "For all of its placements" not in proposal("WorkPlaceStartDate_02", early)


def test_several_placements_before_their_aim_are_told_the_day_that_suits_all() -> None:
    early, earlier = placement("2026-10-05", "2026-10-16"), placement("2026-09-21", "2026-10-16")
    said = proposal(
        "WorkPlaceStartDate_02", {"LearnStartDate": "2026-10-12", "placements": [early, earlier]}
    )
    assert "For all of its placements the aim would have to start by 21/09/2026." in said


def test_two_placements_on_one_day_are_told_which_days_are_taken() -> None:
    same, other = placement("2026-10-12", "2026-10-16"), placement("2026-10-13", "2026-10-16")
    said = proposal("R_96", {"placements": [same, other]}, {"placements": [same]})
    assert said.startswith(
        "For these dates to agree, the placement would have to start on another day than "
        "12/10/2026. Other placements of this learner already start on 13/10/2026."
    )
    assert said.endswith(WARNING)


def test_rules_that_are_not_about_two_dates_propose_nothing() -> None:
    found = findings("WorkPlaceMode_01", record({"placements": [{"WorkPlaceMode": 3}]}))
    assert propose(found[0]) is None


def test_an_unreadable_end_is_not_argued_from() -> None:
    built, _ = message(
        {"aim": {"LearnStartDate": "2026-10-12", "placements": [placement("2026-10-05", "soon")]}},
        engine("R_96").specification,
    )
    said = str(propose(findings("WorkPlaceStartDate_02", built)[0]))
    assert "could not start" not in said


@st.composite
def records(draw: st.DrawFn) -> Message:
    aims = []
    for _ in range(draw(st.integers(1, 2))):
        placements = [
            placement(str(draw(DAYS)), str(draw(DAYS))) for _ in range(draw(st.integers(2, 4)))
        ]
        dates = {"LearnStartDate": draw(DAYS), "LearnPlanEndDate": draw(DAYS)}
        aims.append({**dates, "LearnActEndDate": draw(DAYS), "placements": placements})
    return record(*aims)


def days_that_do(change: Change, said: Proposal) -> list[date]:
    """The day proposed and days beyond it; for another day, those near that are not named."""
    day = timedelta(days=1)
    if change.side == "on or before":
        return [change.day, change.day - 9 * day]
    if change.side == "on or after":
        return [change.day, change.day + 9 * day]
    near = [change.day + n * day for n in (-2, -1, 1, 2)]
    return [free for free in near if f"{free:%d/%m/%Y}" not in str(said)]


@pytest.mark.parametrize("rule_id", CLASHES)
@given(checked=records())
@settings(max_examples=30, deadline=None)
def test_a_date_moved_as_proposed_ends_the_finding(rule_id: str, checked: Message) -> None:
    found = findings(rule_id, checked)
    assume(found)
    said = propose(found[0])
    assert said is not None
    for change in said.changes:
        before = getattr(change.entity, change.field)
        for day in days_that_do(change, said):
            setattr(change.entity, change.field, day)
            after = findings(rule_id, checked)
            assert found[0].entity not in [finding.entity for finding in after]
            assert len(after) < len(found)
        setattr(change.entity, change.field, before)


@pytest.mark.parametrize("rule_id", [c for c in CLASHES if c != "R_96"])
@given(checked=records())
@settings(max_examples=30, deadline=None)
def test_the_change_is_the_smallest_a_day_less_does_not_do(rule_id: str, checked: Message) -> None:
    found = findings(rule_id, checked)
    assume(found)
    said = propose(found[0])
    assert said is not None
    for change in said.changes:
        before = getattr(change.entity, change.field)
        short = timedelta(days=1 if change.side == "on or before" else -1)
        setattr(change.entity, change.field, change.day + short)
        assert found[0].entity in [finding.entity for finding in findings(rule_id, checked)]
        setattr(change.entity, change.field, before)


def test_the_report_carries_it(helpdesk: Helpdesk) -> None:
    pasted = (
        "<LearningDelivery><LearnAimRef>ZWRKX001</LearnAimRef><AimSeqNumber>2</AimSeqNumber>"
        "<LearnStartDate>2026-10-12</LearnStartDate><LearningDeliveryWorkPlacement>"
        "<WorkPlaceStartDate>2026-10-05</WorkPlaceStartDate>"
        "</LearningDeliveryWorkPlacement></LearningDelivery>"
    )
    report = helpdesk.check(pasted, YEAR)
    clash = next(f for f in report.findings if f.rule == "WorkPlaceStartDate_02")
    assert clash.to_json()["proposal"] == clash.proposal
    assert clash.proposal is not None
    assert "on or before 05/10/2026" in clash.proposal
    assert all(f.proposal is None for f in report.findings if f.rule not in CLASHES)
