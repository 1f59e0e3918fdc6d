"""Answers that a curator approved and nobody published yet, and further ways of asking."""

from __future__ import annotations

from datetime import date

import pytest

from bot.helpdesk import Approved, Helpdesk

ENTRY = "aims-for-several-placements"


@pytest.fixture(scope="module")
def with_approved(desk: Helpdesk) -> Helpdesk:
    """The helpdesk with one answer that a curator approved, and one more way of asking."""
    like = desk.knowledge.entries[ENTRY]
    question = "Who signs off the taster day form at a garage?"
    ways = [question, "taster day form, who signs it off"]
    entry = like.model_copy(update={"id": "taster-form", "question": question, "also_asked": ways})
    return desk.with_approved(
        [Approved(entry, "U1", date(2026, 11, 20)), Approved(like, "U1", date(2026, 11, 20))],
        {ENTRY: ["wibble wobble, how often?"], "gone": ["what of it?"]},
    )


def test_what_is_approved_answers_and_says_that_it_is_not_published(
    with_approved: Helpdesk,
) -> None:
    answer = with_approved.ask("taster day form - who signs it off?")
    assert (answer.outcome, answer.entry) == ("answer", "taster-form")
    assert "Not yet published: a curator approved this on 20/11/2026" in answer.notes[-1]
    assert with_approved.approved["taster-form"].by == "U1"
    assert list(with_approved.approved) == ["taster-form"], "what is published is left alone"


def test_what_is_approved_changes_no_other_answer(desk: Helpdesk, with_approved: Helpdesk) -> None:
    for question in ("do mock interviews count?", "who won the match?", "what is R_96?"):
        before, now = desk.ask(question), with_approved.ask(question)
        assert (now.outcome, now.entry, now.confidence) == (
            before.outcome,
            before.entry,
            before.confidence,
        )


def test_an_approved_way_of_asking_finds_its_entry(desk: Helpdesk, with_approved: Helpdesk) -> None:
    question = "wibble wobble, how often?"
    assert desk.ask(question).outcome == "none"
    assert with_approved.ask(question).entry == ENTRY


def test_nothing_approved_is_the_published_helpdesk(
    desk: Helpdesk, with_approved: Helpdesk
) -> None:
    assert with_approved.published is desk
    assert with_approved.with_approved([]) is desk
