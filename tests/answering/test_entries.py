"""An entry as an answer: for its year, with its sources, and with what the reader should know."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.answering.entries import Approved, EntryAnswers, first_sentence
from bot.knowledge.base import KnowledgeBase
from bot.years import AcademicYear
from tests.conftest import TODAY

NOW, THEN = AcademicYear(2026), AcademicYear(2020)


@pytest.fixture(scope="module")
def entries(knowledge: KnowledgeBase) -> EntryAnswers:
    """Of the invented entries, nothing being approved."""
    return EntryAnswers(knowledge, lambda: TODAY, {})


def on(knowledge: KnowledgeBase, day: date) -> EntryAnswers:
    """The same on another day."""
    return EntryAnswers(knowledge, lambda: day, {})


def test_an_answer_is_its_lead_its_lines_and_its_detail(entries: EntryAnswers) -> None:
    answer = entries.answer("aims-for-several-placements")
    assert answer.outcome == "answer"
    assert answer.title == "One work experience aim for several placements, or one for each?"
    assert answer.lead == "One aim for the year, with a placement record for each placement."
    assert answer.lines == (
        "Each record has its own employer, dates and hours.",
        "Next year needs an aim of its own.",
    )
    assert answer.detail == ("The aim may begin before the first placement and end after the last.")
    assert answer.shown == f"{answer.lead}\n\n- {answer.lines[0]}\n- {answer.lines[1]}"
    assert answer.text == f"{answer.shown}\n\n{answer.detail}"


def test_an_answer_carries_its_source_years_status_and_review(entries: EntryAnswers) -> None:
    answer = entries.answer("aims-for-several-placements")
    assert [source.to_json() for source in answer.sources] == [
        {"title": "Placements handbook", "url": "https://example.org/handbook", "year": "2026-27"}
    ]
    assert str(answer.years) == "2017-18 onwards"
    assert (answer.status, answer.status_in_words) == ("official", "official guidance")
    assert answer.reviewed == date(2026, 11, 2)
    assert answer.related == ("placement-that-never-happened",)
    assert answer.notes == ()


def test_an_unknown_id_is_refused(entries: EntryAnswers) -> None:
    with pytest.raises(KeyError):
        entries.answer("no-such-entry")


@pytest.mark.parametrize(
    ("year", "lead"),
    [
        (AcademicYear(2018), "No, they are enrichment."),
        (THEN, "In 2020-21 only, they may stand for a placement that was cancelled."),
        (NOW, "No. They count as enrichment, not as a placement."),
        (None, "No. They count as enrichment, not as a placement."),
    ],
)
def test_the_year_decides_which_answer_holds(
    entries: EntryAnswers, year: AcademicYear | None, lead: str
) -> None:
    assert entries.answer("mock-interviews", year).lead == lead


def test_advice_that_ended_says_what_holds_now(entries: EntryAnswers) -> None:
    assert entries.answer("mock-interviews", THEN).notes == (
        "2020-21 is closed: nothing can be changed in its ILR data any more.",
        "This is what held for 2020-21 only. It does not hold now. "
        "For 2026-27: No. They count as enrichment, not as a placement.",
    )


def test_advice_that_ended_and_was_not_replaced_says_so(entries: EntryAnswers) -> None:
    notes = entries.answer("travel-plan-form", AcademicYear(2023)).notes
    assert notes[-1] == (
        "This is what held for 2020-21 to 2023-24. It does not hold now. "
        "There is no current guidance on it for 2026-27."
    )


def test_a_year_that_no_answer_covers_is_said_and_no_guess_made(entries: EntryAnswers) -> None:
    answer = entries.answer("travel-plan-form", NOW)
    assert answer.lead == "We have no guidance on this for 2026-27; ours covers 2020-21 to 2023-24."
    assert answer.years is None
    assert "blue form" not in str(answer.to_json())


def test_of_an_earlier_year_what_holds_for_the_next_one_is_told_as_such(
    entries: EntryAnswers,
) -> None:
    answer = entries.answer("employer-without-a-number", AcademicYear(2010))
    nothing, later, unsure = answer.lead, *answer.lines
    assert nothing.startswith("We have no guidance on this for 2010-11; ours covers ")
    assert later.startswith("What we hold for ")
    assert "2010-11 too, we do not know" in unsure
    assert answer.years is None


@pytest.mark.parametrize(
    ("today", "year", "closed"),
    [
        (date(2026, 10, 31), AcademicYear(2025), False),
        (date(2026, 11, 1), AcademicYear(2025), True),
        (date(2026, 11, 1), AcademicYear(2026), False),
        (date(2027, 8, 1), AcademicYear(2026), False),
    ],
)
def test_a_year_is_closed_once_its_final_return_is(
    knowledge: KnowledgeBase, today: date, year: AcademicYear, closed: bool
) -> None:
    notes = on(knowledge, today).answer("employer-without-a-number", year).notes
    assert (
        f"{year} is closed: nothing can be changed in its ILR data any more." in notes
    ) is closed


def test_a_year_to_come_is_not_promised(entries: EntryAnswers) -> None:
    assert entries.answer("employer-without-a-number", AcademicYear(2027)).notes == (
        "2027-28 has not begun and its rules may differ: this is what holds for 2026-27.",
    )


@pytest.mark.parametrize(("today", "due"), [(date(2026, 11, 20), False), (TODAY, True)])
def test_an_answer_past_its_review_date_says_so(
    knowledge: KnowledgeBase, today: date, due: bool
) -> None:
    notes = on(knowledge, today).answer("evidence-for-a-placement").notes
    assert ("This answer was due for review by 20/11/2026." in notes) is due


def test_rules_by_first_start_say_for_which_starts(entries: EntryAnswers) -> None:
    (note,) = entries.answer("off-the-job-training-hours").notes
    assert "this is for starts in 2019-20 onwards" in note


def test_then_and_now_are_compared_now_first(entries: EntryAnswers) -> None:
    answer = entries.answer("mock-interviews", NOW, compare=True, then=THEN)
    now, then = answer.lead.split("\n\n")
    assert now == "*Now (2021-22 onwards):* No. They count as enrichment, not as a placement."
    assert then.startswith("*Then (2020-21 only):* In 2020-21 only, they may stand")
    assert "Keep a note of what was planned" in answer.detail


def test_without_a_year_to_compare_with_it_is_the_one_before(entries: EntryAnswers) -> None:
    assert "*Then (2020-21 only):*" in entries.answer("mock-interviews", NOW, compare=True).lead
    of_then = entries.answer("mock-interviews", THEN, compare=True).lead
    assert of_then.startswith("*Later (2020-21 only):*")
    assert "*Then (2017-18 to 2019-20):*" in of_then


def test_an_entry_with_one_answer_has_nothing_to_compare(entries: EntryAnswers) -> None:
    whole = entries.answer("employer-without-a-number", compare=True)
    assert whole.lead == entries.answer("employer-without-a-number").lead


def test_other_years_that_say_something_else_are_named(entries: EntryAnswers) -> None:
    assert [str(year) for year in entries.answer("mock-interviews").other_years] == [
        "2019-20",
        "2020-21",
    ]
    assert entries.answer("employer-without-a-number").other_years == ()


def test_a_doubt_about_now_is_not_cast_on_what_held_then(knowledge: KnowledgeBase) -> None:
    doubted = knowledge.entries["mock-interviews"].model_copy(
        update={"unverified": "Nobody has seen the new text."}
    )
    entries = EntryAnswers(replace(knowledge, entries={doubted.id: doubted}), lambda: TODAY, {})
    assert entries.answer(doubted.id).unverified == "Nobody has seen the new text."
    assert entries.answer(doubted.id, THEN).unverified is None


def test_what_is_approved_and_not_published_says_so(knowledge: KnowledgeBase) -> None:
    entry = knowledge.entries["employer-without-a-number"]
    approved = {entry.id: Approved(entry, "U1", date(2026, 11, 20))}
    entries = EntryAnswers(knowledge, lambda: TODAY, approved)
    assert entries.answer(entry.id).notes == (
        "Not yet published: a curator approved this on 20/11/2026, and it has still to be "
        "reviewed into the knowledge base.",
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("No. They count as enrichment, not as a placement. More.", "No. They count as enrichment, "
         "not as a placement."),
        ("One aim for the year, and a record for each placement. Next year another.",
         "One aim for the year, and a record for each placement."),
        ("Put `CompStatus` *2* on the aim, once the last placement has ended.",
         "Put CompStatus 2 on the aim, once the last placement has ended."),
        ("Yes.", "Yes."),
    ],
)  # fmt: skip
def test_the_first_sentence_says_enough(text: str, sentence: str) -> None:
    assert first_sentence(text) == sentence


def test_a_long_sentence_is_cut() -> None:
    cut = first_sentence("word " * 100, longest=40)
    assert len(cut) <= 40
    assert cut.endswith("…")
