"""How people write academic years."""

from __future__ import annotations

from datetime import date

import pytest

from bot.years import AcademicYear, YearRange, find_years, without_years

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    "text", ["2026-27", "2026/27", "26/27", "2026 to 2027", "2627", "2026-2027", "AY26/27"]
)
def test_one_year_many_spellings(text: str) -> None:
    assert AcademicYear.parse(text) == AcademicYear(2026)


@pytest.mark.parametrize("text", ["2026-28", "26-28", "1234", "next", "2026", "", "R04"])
def test_what_is_not_a_year_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="2026-27"):
        AcademicYear.parse(text)


def test_a_year_runs_from_august_to_july() -> None:
    year = AcademicYear(2026)
    assert (year.start, year.end) == (date(2026, 8, 1), date(2027, 7, 31))
    assert AcademicYear.containing(date(2026, 7, 31)) == AcademicYear(2025)
    assert AcademicYear.containing(date(2026, 8, 1)) == AcademicYear(2026)
    assert str(AcademicYear(2099)) == "2099-00"


@pytest.mark.parametrize(
    ("question", "years"),
    [
        ("did this apply in 20/21?", ["2020-21"]),
        ("what changed between 2024-25 and 2025-26", ["2024-25", "2025-26"]),
        ("last year we kept the hours", ["2025-26"]),
        ("can we do it this year", ["2026-27"]),
        ("what about next academic year", ["2027-28"]),
        ("placement from 01/02/2027 to 12/02/2027", []),
        ("16-17 year olds on band 4", []),
        ("hours for 16/17 year old students", []),
        ("18-19 learners", []),
        ("is it 12-13 weeks", []),
        ("ratio 3/4", []),
        ("in 18-19 it was traineeships", ["2018-19"]),
        ("in 11/12 we had frameworks", ["2011-12"]),
        ("the 18/19 spec says so", ["2018-19"]),
        ("24/25 funding rules", ["2024-25"]),
        ("24/25 learners, closed over a year now", ["2024-25"]),
        ("it's R14 of 25/26 that I mean", ["2025-26"]),
        ("what changed between 22/23 and 24/25?", ["2022-23", "2024-25"]),
        ("is it in last year's file", ["2025-26"]),
        ("24/25 may be closed already", ["2024-25"]),
        ("AY16-17", ["2016-17"]),
        ("18/19", ["2018-19"]),
    ],
)
def test_years_are_found_and_ages_and_dates_left_alone(question: str, years: list[str]) -> None:
    assert [str(year) for year in find_years(question, today=TODAY)] == years


@pytest.mark.parametrize(
    "question",
    [
        "they are all 16-17, which hours field?",
        "he's 24/25 now",
        "18-19 with EHC plans",
        "aged 23/24 and out of work",
        "she was 21/22 at the start",
        "non levy garage taking on a 22/23 yr old",
        "began 11/12, when do the 42 days end?",
        "last attended 10/11",
        "14-15 october only, at the vet's",
        "21-22 Nov",
        "11/12 in the group got a placement",
        "24/25 of mine passed",
        "contract is 25/26 hours a week",
        "weeks 12-13",
        "year 12/13 pupils on a taster",
        "last year of a two year course, came for 4 weeks",
        "it's her last year and she has left",
        "next year of the programme",
    ],
)
def test_an_age_a_date_a_count_or_a_year_of_a_course_is_no_academic_year(question: str) -> None:
    assert find_years(question, today=TODAY) == []
    assert without_years(question) == question


def test_ranges_say_what_they_cover() -> None:
    covid = YearRange.from_data("2020-21")
    since = YearRange.from_data({"from": "2022-23"})
    assert AcademicYear(2020) in covid
    assert AcademicYear(2021) not in covid
    assert AcademicYear(2040) in since
    assert not covid.overlaps(since)
    assert (str(covid), str(since)) == ("2020-21 only", "2022-23 onwards")


def test_a_range_that_runs_backwards_is_refused() -> None:
    with pytest.raises(ValueError, match="backwards"):
        YearRange.from_data({"from": "2022-23", "to": "2020-21"})


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("what is PHours in 2025-26", "what is PHours"),
        ("in 20/21 what was EEP", "what was EEP"),
        ("EEP in the academic year 2025 to 2026", "EEP"),
        ("R_96 next year", "R_96"),
        ("16-17 year olds", "16-17 year olds"),
        ("12-13 weeks of it", "12-13 weeks of it"),
        ("starts on 3/4/2026", "starts on 3/4/2026"),
    ],
)
def test_a_year_is_taken_off_with_the_words_that_lead_to_it(text: str, rest: str) -> None:
    assert without_years(text) == rest
