"""Which lines are questions: for what is said to us, and for what nobody said to us."""

from __future__ import annotations

import pytest

from bot.answering.form import has_form_of_question
from bot.helpdesk import Helpdesk


@pytest.mark.parametrize(
    "line",
    [
        "is one aim enough?",
        "Morning all, what does R_96 mean",
        "whats the SOF for adults",
        "and for T Levels?",
        "R_96 on all of ours since Friday, any ideas",
        "not sure which aim goes on a placement",
        "please can someone explain R_96",
    ],
)
def test_a_question_has_a_form(line: str) -> None:
    assert has_form_of_question(line)


@pytest.mark.parametrize(
    "line",
    [
        "R_96 is back again",
        "it should be one aim with several placements",
        "I've put the WorkPlaceStartDate_02 ones in the tracker",
        "thanks all",
        "",
    ],
)
def test_a_statement_has_none(line: str) -> None:
    assert not has_form_of_question(line)


def test_what_asks_nothing_is_no_question_in_any_form(helpdesk: Helpdesk) -> None:
    assert helpdesk.messages.kind_of("hello") == "greeting"
    assert not helpdesk.messages.is_question("what is the capital of Peru?")
    assert helpdesk.messages.is_question("several placements, one aim or many?")
    assert helpdesk.messages.is_at_risk("A learner told me that her stepdad hits her")
    assert not helpdesk.messages.is_at_risk("what does R_96 mean?")
