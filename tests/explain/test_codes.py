"""Codes asked for by what they stand for, and what an explanation says of a rule or a year."""

from __future__ import annotations

import pytest

from bot.explain.codes import has_words
from bot.helpdesk import Helpdesk
from bot.years import AcademicYear


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("what's the LLDD code for autism", "code:LLDDCat-14"),
        ("withdrawal reason code for illness", "code:WithdrawReason-3"),
        ("SOF code for greater manchester", "code:SOF-110"),
        ("code for direct funded 14-16", "code:LDM-320"),
        ("outcome code for partial achievement", "code:Outcome-2"),
        ("what's the code for white british", "code:Ethnicity-31"),
        ("code for industry placement", "code:LearnAimRef-ZWRKX003"),
    ],
)
def test_a_code_is_found_by_its_title(helpdesk: Helpdesk, question: str, code: str) -> None:
    assert helpdesk.ask(question).entry == code


@pytest.mark.parametrize(
    "question",
    [
        "aim code for T level placement",
        "code for a day at an employer",
        "census code for placement",
        "outcome code for work experience",
    ],
)
def test_an_aim_is_not_taken_for_a_code(helpdesk: Helpdesk, question: str) -> None:
    told = helpdesk.ask(question).entry or ""
    assert told == "code:LearnAimRef-ZWRKX003" or not told.startswith(("code:", "term:", "field:"))


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ("LLDD category codes", "field:LLDDCat"),
        ("health problem category values", "field:LLDDCat"),
    ],
)
def test_a_list_is_found_by_words_of_its_title(
    helpdesk: Helpdesk, question: str, field: str
) -> None:
    assert helpdesk.ask(question).entry == field


@pytest.mark.parametrize(
    ("title", "words", "has"),
    [
        ("Transfer of a learner", "transferred", True),
        ("Work placement", "placed", True),
        ("To be reviewed", "review", True),
        ("Advanced learner loan", "loans", True),
        ("Partial achievement", "partially achieved", True),
        ("Work placement", "work abroad", False),
        ("Place of birth", "plan", False),
        ("Withdrawal reason", "withheld", False),
        ("Work placement", "of the", False),
    ],
)
def test_the_beginnings_of_words_tell_whether_a_title_has_them(
    title: str, words: str, has: bool
) -> None:
    assert has_words(title, words) is has


def test_a_type_without_its_own_note_is_told_with_its_codes(helpdesk: Helpdesk) -> None:
    assert helpdesk.ask("what is ALLB").entry == "code:ALB"


def test_a_change_list_names_where_each_change_was_read(helpdesk: Helpdesk) -> None:
    answer = helpdesk.ask("what changed in the ILR this year?")
    assert any("summary of changes" in source.title for source in answer.sources)


def test_changes_that_are_not_held_are_not_guessed(helpdesk: Helpdesk) -> None:
    answer = helpdesk.ask("what changes in the ILR in 27/28?")
    assert answer.year == AcademicYear(2027)
    assert answer.text is not None
    assert "We hold no list of changes" in answer.text
    assert "2026-27" in answer.text


def test_a_rule_read_two_ways_is_an_error_and_says_of_whom_we_only_ask_for_a_look(
    helpdesk: Helpdesk,
) -> None:
    text = helpdesk.ask("EmpStat_11").text
    assert text is not None
    assert "Of a T Level (programme type 31) we ask for a look" in text
    assert "check in Submit learner data" not in text


def test_a_rule_names_the_entries_written_about_it(helpdesk: Helpdesk) -> None:
    assert "error-hrstype-t-level-hours" in helpdesk.ask("HRSType_12").related
