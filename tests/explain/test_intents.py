"""What a question asks about a name: to explain it, its codes, what changed, a difference."""

from __future__ import annotations

import pytest

from bot.explain import intents


@pytest.mark.parametrize(
    ("question", "term"),
    [
        ("what is WorkPlaceMode", "WorkPlaceMode"),
        ("whats EEP", "EEP"),
        ("explain R_96", "R_96"),
        ("can someone explain LSDPostcode_02", "LSDPostcode_02"),
        ("EEP meaning", "EEP"),
        ("codes for CompStatus", "CompStatus"),
        ("CompStatus codes", "CompStatus"),
    ],
)
def test_the_term_asked_for(question: str, term: str) -> None:
    assert term in intents.term_asked_for(question)


@pytest.mark.parametrize("question", ["do I close the aim", "R_96 keeps firing", "when is R04"])
def test_no_term_is_asked_for(question: str) -> None:
    assert intents.term_asked_for(question) == []


@pytest.mark.parametrize(
    ("question", "compared"),
    [
        ("what is the difference between CompStatus and Outcome?", ("CompStatus", "Outcome")),
        ("CompStatus vs Outcome", ("CompStatus", "Outcome")),
        ("what's SOF 105 versus SOF 107?", ("SOF 105", "SOF 107")),
        ("is CompStatus the same as Outcome", None),
    ],
)
def test_the_two_that_are_told_apart(question: str, compared: tuple[str, str] | None) -> None:
    assert intents.compared_terms(question) == compared


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("what changed in the ILR this year?", True),
        ("what's new in the 26/27 specification", True),
        ("what changed in the hours of T Levels this year", False),
        ("she changed course this year", False),
    ],
)
def test_whether_it_asks_what_changed_and_no_more(question: str, asks: bool) -> None:
    assert intents.asks_for_changes(question) is asks


@pytest.mark.parametrize(
    ("words", "no_more"),
    [
        ("how do I clear it", True),
        ("why does it keep firing on our learners", True),
        ("why does it fire on apprentices who moved", False),
    ],
)
def test_what_why_and_how_to_clear_is_no_more_than_an_explanation(
    words: str, no_more: bool
) -> None:
    assert intents.asks_no_more(words) is no_more


def test_politeness_and_marks_come_off() -> None:
    assert intents.plain_question("and please, what is EEP??") == "what is EEP"
    assert intents.trimmed("the field `WorkPlaceMode` please")[-1] == "WorkPlaceMode"
