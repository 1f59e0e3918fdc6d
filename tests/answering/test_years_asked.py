"""For which year a question is answered, and whether it compares two."""

from __future__ import annotations

import pytest

from bot.answering.years_asked import year_asked, year_beside
from bot.helpdesk import Helpdesk
from bot.years import AcademicYear
from tests.conftest import TODAY


def asked(question: str) -> tuple[str, str | None, bool]:
    """The year, the earlier one, and whether they are compared."""
    found = year_asked(question, None, TODAY)
    return str(found.year), str(found.then) if found.then else None, found.compare


@pytest.mark.parametrize(
    ("question", "year"),
    [
        ("is it one aim for two placements", "2026-27"),
        ("in 2020/21 did mock interviews count", "2020-21"),
        ("what was the rule last year", "2025-26"),
        ("can we do it next year", "2027-28"),
        ("they are all 16-17, which hours field", "2026-27"),
        ("18-19 with EHC plans", "2026-27"),
        ("began 11/12, does the six weeks start then", "2026-27"),
        ("last year of a two year course, came for 4 weeks", "2026-27"),
        ("24/25 of mine passed", "2026-27"),
        ("started in 25/26 and finishes in June 27, same core aim?", "2026-27"),
    ],
)
def test_the_year_named_else_the_current_one(question: str, year: str) -> None:
    assert asked(question) == (year, None, False)


@pytest.mark.parametrize(
    ("question", "then"),
    [
        ("in 2020/21 we kept the hours for mock interviews, can we today?", "2020-21"),
        ("we did it in 2022-23, is it still allowed", "2022-23"),
        ("in 21/22 we used ZWRKX001, still exists?", "2021-22"),
        ("last year we took them off. do we do that now?", "2025-26"),
    ],
)
def test_what_was_done_then_is_asked_of_now(question: str, then: str) -> None:
    assert asked(question) == ("2026-27", then, True)


@pytest.mark.parametrize(
    ("question", "year", "then"),
    [
        ("what has changed since 2022-23?", "2026-27", "2022-23"),
        ("what is different from last year", "2026-27", "2025-26"),
        ("what changed between 22/23 and 24/25?", "2024-25", "2022-23"),
        ("what changed in 2024-25?", "2024-25", None),
    ],
)
def test_two_years_are_compared(question: str, year: str, then: str | None) -> None:
    assert asked(question)[:2] == (year, then)


def test_the_year_that_is_given_comes_before_the_one_that_is_named() -> None:
    found = year_asked("in 2020/21 did it count", AcademicYear(2024), TODAY)
    assert (found.year, found.said, found.then) == (AcademicYear(2024), True, None)


def test_whether_the_year_was_said_is_known() -> None:
    assert year_asked("did it count last year", None, TODAY).said
    assert not year_asked("does it count", None, TODAY).said


@pytest.mark.parametrize(
    "question",
    [
        "they're all 16-17, which field do placement hours go in?",
        "began 11/12, which field do placement hours go in",
        "11/12 in the group went, which field do the placement hours go in",
    ],
)
def test_ages_dates_and_counts_are_answered_for_now(desk: Helpdesk, question: str) -> None:
    answer = desk.ask(question)
    assert (answer.entry, str(answer.year)) == ("field-for-placement-hours", "2026-27")
    assert answer.notes == ()


def test_of_then_and_now_both_are_told_and_now_comes_first(desk: Helpdesk) -> None:
    answer = desk.ask("in 2020/21 we kept the hours for mock interviews, can we today?")
    assert (answer.entry, str(answer.year)) == ("mock-interviews", "2026-27")
    assert answer.lead == (
        "*Now (2021-22 onwards):* No. They count as enrichment, not as a placement.\n\n"
        "*Then (2020-21 only):* In 2020-21 only, they may stand for a placement that was cancelled."
    )


def test_of_a_closed_year_it_is_said_first_that_nothing_can_be_changed(desk: Helpdesk) -> None:
    answer = desk.ask("in 2020/21 did mock interviews count?")
    assert answer.lead.startswith("In 2020-21 only")
    assert answer.notes == (
        "2020-21 is closed: nothing can be changed in its ILR data any more.",
        "This is what held for 2020-21 only. It does not hold now. "
        "For 2026-27: No. They count as enrichment, not as a placement.",
    )


@pytest.mark.parametrize(
    ("question", "year", "then"),
    [
        ("started in march 2025 on 24,800, was he under the limit then", 2024, None),
        ("enrolled september 2025 - were they on the old rate at the time", 2025, None),
        ("she started oct 24, what price now", 2026, None),
        ("there was a 40 hour cap in 2019/20, is it still about?", 2026, 2019),
        ("in 2020/21 he was still on programme, which outcome", 2020, None),
    ],
)
def test_then_is_when_somebody_started_and_still_is_now(
    question: str, year: int, then: int | None
) -> None:
    found = year_asked(question, None, TODAY)
    assert found.year == AcademicYear(year)
    assert found.then == (AcademicYear(then) if then else None)


@pytest.mark.parametrize(
    ("question", "year"),
    [
        ("and the year before that?", 2023),
        ("what about the yr before", 2023),
        ("and the year after", 2025),
        ("the year before last", None),
        ("and last year?", None),
    ],
)
def test_a_year_beside_the_one_spoken_of_is_known(question: str, year: int | None) -> None:
    found = year_beside(question, AcademicYear(2024))
    assert found == (AcademicYear(year) if year else None)


def test_a_starter_of_a_month_is_known_however_it_is_turned() -> None:
    for question in ("bootcamp starter from july 25", "a July 25 starter", "he began July 2025"):
        assert year_asked(question, None, TODAY).started == AcademicYear(2024)
