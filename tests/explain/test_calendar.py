"""Questions that are only about a date: returns, hard close, freeze and the qualifying period."""

from __future__ import annotations

from datetime import date

import pytest

from bot.explain.calendar import Calendar
from bot.knowledge.base import KnowledgeBase
from bot.years import AcademicYear, find_years

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    """The dates of the shipped knowledge."""
    return Calendar(KnowledgeBase.load().specification)


def _asked(calendar: Calendar, question: str) -> tuple[str, str] | None:
    year = (find_years(question, today=TODAY) or [AcademicYear.containing(TODAY)])[0]
    found = calendar.asked_for(question, year, TODAY)
    return (found.id, found.text) if found else None


@pytest.mark.parametrize(
    ("question", "name", "says"),
    [
        ("when is R04", "date:R04-2026-27", "Friday 4 December 2026* (10 days left)"),
        ("when was R14 in 24/25", "date:R14-2024-25", "closed on Thursday 23 October 2025"),
        ("R04 2022-23", "date:R04-2022-23", "closed on Tuesday 6 December 2022"),
        ("when was R14 for 25/26", "date:R14-2025-26", "2025-26 is closed"),
        ("R06 deadline next year", "date:R06-2027-28", "not held here"),
        ("when is R15", "date:returns-2026-27", "no such return"),
        ("when is the next return", "date:returns-2026-27", "The next return is R04"),
        ("what are the return dates for 27/28", "date:returns-2027-28", "not held here"),
        ("hard close date", "date:hard-close-2026-27", "The year's last, R14, closes on Thursday"),
        ("when is the next freeze", "date:freeze-2026-27", "The next, R04, closes on Friday"),
        ("last date to submit the ILR", "date:R14-2026-27", "Thursday 21 October 2027"),
        ("how long is the qualifying period", "date:qualifying-period", "6 weeks (42 days)"),
    ],
)
def test_a_date_is_told(calendar: Calendar, question: str, name: str, says: str) -> None:
    found = _asked(calendar, question)
    assert found is not None
    assert found[0] == name
    assert says in found[1]


@pytest.mark.parametrize(
    ("question", "day_42", "day_14"),
    [
        ("qualifying period for someone starting 9 september 2026", "20 October", "22 September"),
        ("when is day 42 for a start on 2/9/2026", "13 October", "15 September"),
        ("what date is 42 days from 2026-09-02", "13 October", "15 September"),
        ("when does the qualifying period end if they started 11 Jan", "21 February", "24 January"),
    ],
)
def test_the_first_and_the_last_day_both_count(
    calendar: Calendar, question: str, day_42: str, day_14: str
) -> None:
    found = _asked(calendar, question)
    assert found is not None
    assert f"day 42 is {_weekday(day_42)}" in found[1]
    assert f"day 14 is {_weekday(day_14)}" in found[1]


def _weekday(spoken: str) -> str:
    day, month = spoken.split()
    year = 2027 if month in {"January", "February"} else 2026
    months = {"January": 1, "February": 2, "September": 9, "October": 10}
    on = date(year, months[month], int(day))
    return f"{on:%A} {spoken} {year}"


@pytest.mark.parametrize(
    "question",
    [
        "does the 42 days count from enrolment or from when the wex aim begins",
        "12 week programme starting in Feb - is it still 42 days to qualify?",
        "Student dropped out before 42 days, hours changed to zero or leave alone?",
        "what happens if I miss R04",
        "hard close has gone, mistake in outcome. any way to fix",
        "are planned hours frozen at R04",
        "they left on 9 September",
    ],
)
def test_more_than_a_date_is_left_to_the_entries(calendar: Calendar, question: str) -> None:
    assert _asked(calendar, question) is None


def test_a_day_that_does_not_exist_gets_the_length_alone(calendar: Calendar) -> None:
    found = _asked(calendar, "when does the qualifying period end for a start on 31/2/2026")
    assert found is not None
    assert "For a learner who started" not in found[1]
    assert "6 weeks (42 days)" in found[1]
