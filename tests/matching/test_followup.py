"""Follow-ups take over what the thread was about; a new subject takes nothing over."""

from __future__ import annotations

import pytest

from bot.matching import carry_over

HOURS = "How many hours must a placement be in 2025-26?"
NEVER = "The placement fell through, do I still return the aim?"


@pytest.mark.parametrize(
    ("question", "previous", "meant"),
    [
        (
            "and for T Levels?",
            HOURS,
            "How many hours must a placement be in 2025-26 - for T Levels?",
        ),
        ("T Levels?", HOURS, "How many hours must a placement be in 2025-26 - T Levels?"),
        ("what about 2026-27?", HOURS, "How many hours must a placement be - what about 2026-27?"),
        ("what about the hours?", NEVER, "The placement fell through - what about the hours?"),
        ("does it still apply?", HOURS, f"{HOURS[:-1]} - does it still apply?"),
        ("why?", NEVER, f"{NEVER[:-1]} - why?"),
        ("can we delete it?", NEVER, f"{NEVER[:-1]} - can we delete it?"),
        ("what if they only went for one day?", NEVER, None),
    ],
)
def test_a_follow_up_becomes_the_whole_question(
    question: str, previous: str, meant: str | None
) -> None:
    combined = carry_over(question, [previous])
    assert combined is not None
    if meant is not None:
        assert combined == meant


def test_another_kind_of_learner_replaces_the_first() -> None:
    combined = carry_over("and T Levels?", ["Do A level students need the work experience aim?"])
    assert combined is not None
    assert "A level" not in combined
    assert "T Levels" in combined


@pytest.mark.parametrize(
    ("question", "previous", "meant"),
    [
        ("and R06?", "When is R04?", "When is R06?"),
        ("what about R14 last year?", "When is R04?", "When is R14 last year?"),
        ("and WorkPlaceHours?", "what is WorkPlaceMode?", "what is WorkPlaceHours?"),
        ("R_97?", "what does R_96 mean", None),
        ("which codes?", "what is WorkPlaceMode?", "what is WorkPlaceMode - which codes?"),
        ("how do I fix it?", "what is R_96", "what is R_96 - how do I fix it?"),
    ],
)
def test_another_name_of_the_same_kind_replaces_the_first(
    question: str, previous: str, meant: str | None
) -> None:
    combined = carry_over(question, [previous])
    assert combined == (meant or "what does R_97 mean?")


def test_another_year_asks_the_same_question() -> None:
    thread = ["do planned hours include work experience?", "and for T Levels?"]
    combined = carry_over("what about 2024-25?", thread)
    assert combined == (
        "do planned hours include work experience - for T Levels - what about 2024-25?"
    )


def test_a_name_of_another_kind_stands_alone() -> None:
    assert carry_over("R06?", [NEVER]) is None


def test_a_follow_up_of_a_follow_up_reaches_back() -> None:
    combined = carry_over("and last year?", [HOURS, "and for T Levels?"])
    assert combined is not None
    assert "hours must a placement be" in combined
    assert "T Levels" in combined
    assert "2025-26" not in combined


@pytest.mark.parametrize(
    "question",
    [
        "When does R06 close?",
        "And when does R06 close this year?",
        "Which employer number do I use when the employer is not on the register?",
        "The learner has two placements, is it one aim or two?",
        "mock interviews - do they count as work experience?",
        "",
    ],
)
def test_a_new_subject_inherits_nothing(question: str) -> None:
    assert carry_over(question, [NEVER]) is None


def test_nothing_to_follow() -> None:
    assert carry_over("and for T Levels?", []) is None
