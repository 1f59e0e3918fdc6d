"""Cleaning, stemming and cutting up what people type."""

from __future__ import annotations

import pytest

from bot.matching import clean, split_questions
from bot.matching.text import is_exact, stem, tokenise


@pytest.mark.parametrize(
    ("typed", "question"),
    [
        ("Hi all, when is R04?", "when is R04?"),
        ("Morning team :wave: when is R04? Many thanks, Sam Smith", "when is R04?"),
        ("<@U024BE7LH> &amp; <#C123|mis-team> when is R04?", "& mis-team when is R04?"),
        ("see <https://example.org/a|the guide>: why?", "see the guide: why?"),
        ("why? <https://example.org/a>", "why?"),
        ("> somebody else said\nIs that right?", "Is that right?"),
        ("Is this right?\n```\n<Learner/>\n```", "Is this right?"),
        ("*bold* and _slanted_ hours", "bold and slanted hours"),
        ("Is it one aim?\n\nKind regards\nSam\nMIS Officer", "Is it one aim?"),
        ("Quick question - one aim or two? Any help appreciated!", "one aim or two?"),
        ("don\u2019t the hours count\u2026", "don't the hours count..."),
        ("morning placements only, do they count?", "morning placements only, do they count?"),
        ("WorkPlaceStartDate_02 fires", "WorkPlaceStartDate_02 fires"),
        ("> only a quote", "only a quote"),
        ("Thanks!", ""),
        ("", ""),
    ],
)
def test_what_is_asked_is_kept(typed: str, question: str) -> None:
    assert clean(typed) == question


def test_cleaning_twice_changes_nothing_more() -> None:
    once = clean("Hello! :smile: <@U1> Does *R04* close &lt;soon&gt;?")
    assert clean(once) == once


@pytest.mark.parametrize(
    "family",
    [
        ("organise", "organised", "organize", "organisations"),
        ("enrol", "enrolled", "enrolment", "enrollment"),
        ("placement", "placements"),
        ("hour", "hours", "hrs"),
        ("programme", "programmes", "program"),
        ("study", "studies", "studied"),
        ("withdraw", "withdrew", "withdrawn", "withdrawal"),
        ("date", "dates", "dated"),
        ("qualify", "qualification"),
    ],
)
def test_forms_of_a_word_meet(family: tuple[str, ...]) -> None:
    assert len({stem(word) for word in family}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("place", "placement"), ("employer", "employment"), ("plan", "planet")]
)
def test_different_words_keep_apart(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_contractions_keep_their_not() -> None:
    for text in ("didn't go", "didnt go", "did not go", "didn\u2019t go"):
        assert [token.stem for token in tokenise(clean(text))] == ["do", "not", "go"]


@pytest.mark.parametrize("code", ["ZWRKX001", "R04", "LearnAimRef", "WorkPlaceStartDate_02"])
def test_codes_are_exact(code: str) -> None:
    assert is_exact(code)
    assert [token.word for token in tokenise(code)] == [code.lower()]


@pytest.mark.parametrize(
    ("message", "questions"),
    [
        ("When is R04?", ["When is R04?"]),
        ("Do I close the aim? When is R04?", ["Do I close the aim?", "When is R04?"]),
        ("Do I close the aim early? Is that right?", ["Do I close the aim early? Is that right?"]),
        ("When is R04? And what is WorkPlaceMode?", ["When is R04?", "And what is WorkPlaceMode?"]),
        (
            "The placement never happened. Do we keep the hours? Should the aim be deleted?",
            [
                "The placement never happened. Do we keep the hours?",
                "The placement never happened. Should the aim be deleted?",
            ],
        ),
        (
            "do I close the aim and what outcome do I use for it?",
            ["do I close the aim", "do I close the aim - what outcome do I use for it?"],
        ),
        ("1. what is R_96\n2. when is R06", ["what is R_96", "when is R06"]),
        ("Do I record dates and hours for each?", ["Do I record dates and hours for each?"]),
        ("", []),
    ],
)
def test_each_question_can_be_asked_alone(message: str, questions: list[str]) -> None:
    assert [part.whole for part in split_questions(message)] == questions


@pytest.mark.parametrize(
    ("message", "asked"),
    [
        (
            "The placement never happened. Do we keep the hours? Should the aim be deleted?",
            ["Do we keep the hours?", "Should the aim be deleted?"],
        ),
        (
            "do I close the aim and what outcome do I use for it?",
            ["do I close the aim", "what outcome do I use for it?"],
        ),
        ("1. what is R_96\n2. when is R06", ["what is R_96", "when is R06"]),
        (
            "Has anyone come across this? Do we close the aim? Which outcome does it get?",
            ["Do we close the aim?", "Which outcome does it get?"],
        ),
        (
            "Do they get past the 42 days? i.e. does it count through the break? When is R04 due?",
            [
                "Do they get past the 42 days? i.e. does it count through the break?",
                "When is R04 due?",
            ],
        ),
        (
            "Do I end them as at today? Or is it the day the break began? Which reason goes in?",
            [
                "Do I end them as at today? Or is it the day the break began?",
                "Which reason goes in?",
            ],
        ),
    ],
)
def test_each_question_is_shown_as_it_was_written(message: str, asked: list[str]) -> None:
    assert [part.asked for part in split_questions(message)] == asked


def test_at_most_five_questions() -> None:
    assert len(split_questions("What is the closing date of it? " * 40)) == 5
