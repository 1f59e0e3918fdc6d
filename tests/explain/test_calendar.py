"""Questions that are only about a date: returns, hard close, freeze and the qualifying period."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.explain.calendar import Calendar, _away, _in_a_row
from bot.explain.explanation import Explanation
from bot.ilr.specification import ReturnDate
from bot.knowledge.base import KnowledgeBase
from bot.years import AcademicYear, YearRange, find_years

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
        ("hard close 27/28 when", "date:hard-close-2027-28", "not held here"),
        ("freeze date 27/28", "date:freeze-2027-28", "not held here"),
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


# Two years' files are open from August to October -----------------------------------------


def _asked_on(calendar: Calendar, day: date, question: str) -> Explanation:
    year = (find_years(question, today=day) or [AcademicYear.containing(day)])[0]
    found = calendar.asked_for(question, year, day)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("day", "question", "lead", "also"),
    [
        (date(2027, 8, 2), "when is the next return?", "R12 of 2026-27", "Of 2027-28 no return"),
        (date(2027, 8, 2), "when is R12?", "R12 of 2026-27 closes on Thursday 5", "R12 of 2027-28"),
        (date(2027, 8, 5), "when is R12?", "R12 of 2026-27 closes on Thursday 5", "R12 of 2027-28"),
        (date(2027, 10, 10), "when is R14?", "2027* (11 days left)", "R14 of 2027-28"),
        (date(2023, 10, 2), "next return?", "R14 of 2022-23", "R13 of 2023-24"),
        (date(2022, 10, 10), "when is R14?", "R14 of 2021-22", "R14 of 2022-23 closes on Thursday"),
        (date(2022, 9, 20), "when is R13?", "R13 of 2022-23 closes", "R13 of 2021-22 closed on"),
        (date(2022, 10, 20), "last date to submit", "R14 of 2021-22 closes", "R14 of 2022-23"),
        (
            date(2027, 9, 20),
            "hard close date",
            "Each return's closing date",
            "last of 2026-27, R14",
        ),
    ],
)
def test_the_year_whose_return_is_still_open_comes_first(
    calendar: Calendar, day: date, question: str, lead: str, also: str
) -> None:
    found = _asked_on(calendar, day, question)
    assert lead in found.lead
    assert any(also in line for line in found.lines)
    assert any("Two files are open" in line for line in found.lines)


def test_a_date_that_is_not_held_is_never_passed_over_for_next_years(calendar: Calendar) -> None:
    found = _asked_on(calendar, date(2026, 10, 10), "when is R14?")
    assert found.lead.startswith("The date of R14 of 2025-26 is not held here.")
    assert "R14 of 2026-27 closes" in found.lead


@pytest.mark.parametrize("day", [date(2027, 10, 22), date(2026, 11, 1)])
def test_once_the_last_return_has_closed_one_year_is_told(calendar: Calendar, day: date) -> None:
    found = _asked_on(calendar, day, "when is R14?")
    assert not any("Two files" in line for line in found.lines)


def test_to_the_end_of_october_a_year_without_dates_counts_as_open(calendar: Calendar) -> None:
    found = _asked_on(calendar, date(2026, 10, 31), "when is R14?")
    assert any("Two files" in line for line in found.lines)


def test_a_year_that_is_named_is_the_only_one_told(calendar: Calendar) -> None:
    found = _asked_on(calendar, date(2027, 9, 20), "when is R13 26/27")
    assert found.lead.startswith("*R13 of 2026-27 closed")
    assert not found.lines


@pytest.mark.parametrize("question", ["when is R04", "hard close date", "freeze date"])
def test_a_date_is_told_for_its_year_alone(calendar: Calendar, question: str) -> None:
    years = _asked_on(calendar, TODAY, question).years
    assert years == YearRange(AcademicYear(2026), AcademicYear(2026))


def test_what_goes_into_which_file_is_said(calendar: Calendar) -> None:
    line = _asked_on(calendar, date(2027, 8, 2), "when is R12?").lines[-1]
    assert "up to 31 July 2027 goes into that of 2026-27, until 21 October 2027" in line
    assert "from 1 August 2027 into that of 2027-28" in line


def test_once_r04_has_closed_only_who_asks_for_the_freeze_is_told_of_it(
    calendar: Calendar,
) -> None:
    closes, freeze = (
        _asked_on(calendar, date(2027, 3, 1), f"{asked} 26/27").lines
        for asked in ("hard close date", "freeze date")
    )
    assert [line[:14] for line in closes[:-1]] == ["- *The next, R", "- *The year's "]
    assert [line[:14] for line in freeze[:-1]] == ["- *R04, which ", *(x[:14] for x in closes[:-1])]


def test_a_return_that_closes_today_is_the_next(calendar: Calendar) -> None:
    found = calendar.next_return(date(2026, 12, 4))
    assert found is not None
    assert found.code == "R04"


@pytest.mark.parametrize(
    ("day", "question", "says"),
    [
        (date(2026, 12, 4), "when is R04", "closes on Friday 4 December 2026* (today)"),
        (date(2026, 12, 5), "when is R04", "closed on Friday 4 December 2026* (yesterday)"),
        (date(2026, 12, 4), "when is the next return", "*The next return is R04: it closes on"),
        (date(2026, 12, 5), "when is the next return", "*The next return is R05"),
        (date(2026, 12, 4), "hard close date", "- *The next, R04, closes on Friday 4 December"),
        (date(2026, 12, 5), "hard close date", "- *The next, R05, closes on"),
        (date(2027, 9, 20), "hard close date 26/27", "- *The year's last, R14, closes on"),
        (date(2027, 9, 20), "freeze date 26/27", "- *R04, which counts most for 16 to 19, closed"),
        # The last day on which last year's file is open, told beside this year's.
        (date(2027, 8, 5), "when is the next return", "R12 of 2026-27: it closes"),
        (date(2027, 8, 5), "when is the next return", "- R12 of 2026-27: "),
        (date(2022, 9, 14), "when is R13", "*R13 of 2021-22 closes on Wednesday 14 September"),
        (date(2022, 9, 15), "when is R13", "R13 of 2021-22 closed on Wednesday 14 September"),
    ],
)
def test_a_return_is_open_to_the_end_of_its_last_day(
    calendar: Calendar, day: date, question: str, says: str
) -> None:
    assert says in _asked_on(calendar, day, question).text


@pytest.mark.parametrize(
    ("day", "closed"), [(date(2026, 10, 31), False), (date(2026, 11, 1), True)]
)
def test_a_year_without_dates_is_closed_once_october_is_over(
    calendar: Calendar, day: date, closed: bool
) -> None:
    told = _asked_on(calendar, day, "when was R14 for 25/26").text
    assert ("2025-26 is closed: its final return (R14) was in October 2026" in told) is closed


def test_a_return_within_the_year_is_this_years_where_last_years_is_not_held(
    calendar: Calendar,
) -> None:
    found = _asked_on(calendar, date(2026, 10, 10), "when is R04?")
    assert found.lead.startswith("*R04 of 2026-27 closes on")
    assert "R04 of 2025-26: its date is not held here." in found.lines


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        ([14], "R14"),
        ([13, 14], "R13 and R14"),
        ([1, 2, 3], "R01 to R03"),
        ([4, 5, 6, 7], "R04 to R07"),
        ([1, 2, 4], "R01, R02 and R04"),
        ([1, 3], "R01 and R03"),
    ],
)
def test_returns_in_a_row_are_said_as_one_span(codes: list[int], said: str) -> None:
    returns = [ReturnDate(code=f"R{code:02d}", closes=date(2026, 9, 1)) for code in codes]
    assert _in_a_row(returns) == said


def test_a_learner_who_is_carried_on_is_counted_from_the_first_of_august(
    calendar: Calendar,
) -> None:
    found = _asked_on(calendar, TODAY, "how long is the qualifying period")
    assert "day 42 of 2026-27 is Friday 11 September 2026" in found.detail


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (-2, "2 days ago"), (-1, "yesterday"), (0, "today"), (1, "tomorrow"), (2, "2 days left"),
        (1_000, "1,000 days left"), (-1_000, "1,000 days ago"),
    ],
)  # fmt: skip
def test_how_far_away_a_day_is(days: int, said: str) -> None:
    assert _away(TODAY + timedelta(days=days), TODAY) == said
