"""The JSON of an answer, which other programs read: keys may be added, none changed."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.answers import Answer, AnswerKind, Choice, SourceLine
from bot.years import AcademicYear, YearRange

YEAR = AcademicYear(2026)
CONTRACT = {
    "question", "year", "outcome", "entry", "title", "confidence", "answer", "lead", "lines",
    "detail", "for", "likely", "reply", "years", "sources", "reviewed", "status", "unverified",
    "clarify", "ask", "choices", "related", "near", "notes", "more", "open",
}  # fmt: skip
FULL = Answer(
    "one aim or three?",
    YEAR,
    "answer",
    entry="one-aim",
    title="One aim or several?",
    confidence=0.98765,
    text="One.\n\n- A record for each.\n\nSince 2017.",
    lead="One.",
    lines=("A record for each.",),
    detail="Since 2017.",
    provision="T Levels",
    years=YearRange(AcademicYear(2017)),
    sources=(SourceLine("Handbook", None, "2026-27"),),
)
CHOICES = (Choice("one-aim", "One aim or several?", 0.61234), Choice("other", "Other?", 0.5))


def test_every_key_is_there_whatever_came(every: Answer) -> None:
    assert set(every.to_json()) == CONTRACT
    json.dumps(every.to_json())


@pytest.fixture(params=["answer", "likely", "choices", "none", "reply"])
def every(request: pytest.FixtureRequest) -> Answer:
    """An answer of each outcome."""
    return Answer("?", YEAR, request.param, entry="one-aim", text="One.", lead="One.")


@pytest.mark.parametrize(
    ("outcome", "written"),
    [
        ("answer", "answer"),
        ("likely", "choices"),
        ("choices", "choices"),
        ("none", "none"),
        ("reply", "none"),
    ],
)
def test_the_outcome_stays_one_of_three(outcome: AnswerKind, written: str) -> None:
    assert Answer("?", YEAR, outcome).to_json()["outcome"] == written


def test_an_answer_in_full() -> None:
    written = FULL.to_json()
    assert written["entry"] == "one-aim"
    assert written["confidence"] == 0.988
    assert written["answer"] == "One.\n\n- A record for each.\n\nSince 2017."
    assert (written["lead"], written["lines"], written["detail"], written["for"]) == (
        "One.",
        ["A record for each."],
        "Since 2017.",
        "T Levels",
    )
    assert written["years"] == {"from": "2017-18", "to": None}
    assert written["sources"] == [{"title": "Handbook", "url": None, "year": "2026-27"}]
    assert (written["likely"], written["reply"]) == (None, None)


def test_a_likely_answer_is_choices_to_a_program_that_knows_no_likely() -> None:
    written = Answer(
        "?", YEAR, "likely", entry="one-aim", text="One.", lead="One.", choices=CHOICES
    ).to_json()
    assert (written["entry"], written["answer"]) == (None, None)
    assert (written["likely"], written["lead"]) == ("one-aim", "One.")
    assert written["choices"][0] == {
        "entry": "one-aim",
        "question": "One aim or several?",
        "confidence": 0.612,
        "label": None,
        "year": None,
    }


def test_a_reply_is_none_with_its_kind_and_text() -> None:
    written = Answer("ta", YEAR, "reply", reply="thanks", text="Glad to help.").to_json()
    assert written["reply"] == {"kind": "thanks", "text": "Glad to help."}
    assert (written["entry"], written["answer"]) == (None, None)


@pytest.mark.parametrize("outcome", ["answer", "likely", "choices", "none"])
def test_what_asks_something_may_be_kept(outcome: AnswerKind) -> None:
    assert Answer("?", YEAR, outcome).is_kept


def test_a_reply_is_not_kept() -> None:
    assert not Answer("ta", YEAR, "reply", reply="thanks").is_kept


def test_what_is_shown_is_the_lead_and_the_lines() -> None:
    assert FULL.shown == "One.\n\n- A record for each."
    assert Answer("?", YEAR, "answer", lead="One.", lines=("- listed",)).shown == "One.\n\n- listed"


def test_what_is_offered_instead_is_not_named_as_further_reading_too() -> None:
    answer = replace(FULL, choices=CHOICES, related=("other", "a third"))
    assert [choice.entry for choice in answer.others] == ["other"]
    assert answer.further == ("a third",)


def test_questions_left_open_are_quoted_in_one_line() -> None:
    assert FULL.left_open == ""
    one = replace(FULL, open=("And who signs the form?",))
    assert one.left_open == (
        "Not answered here: “And who signs the form?” Ask it by itself, or ask a person."
    )
    many = replace(FULL, open=("a?", "b?", "c?", "d " * 200 + "?", "e?")).left_open
    assert "“c?” and 2 more. Ask them one at a time" in many


def test_further_answers_stand_behind_the_first() -> None:
    both = FULL.with_more((Answer("and R04?", YEAR, "none"),))
    assert [one["question"] for one in both.to_json()["more"]] == ["and R04?"]


def test_reasons_are_written_only_when_there_are_some() -> None:
    explained = Answer("?", YEAR, "none", why={"reason": "nothing is near enough"})
    assert explained.to_json()["why"] == {"reason": "nothing is near enough"}
