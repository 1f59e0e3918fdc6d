"""What a follow-up asks of the answer before it: its source, whether it still holds, a person."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answering.asked import Asked
from bot.answering.turns import Turn, asks_again, ends_with_thanks, turn_of
from bot.helpdesk import Helpdesk
from bot.matching import Match

ASKED = "three employers this year, one aim or three?"
ANSWERED = "One aim for the year"
LINES: dict[Turn, list[str]] = {
    "source": [
        "where does it say that",
        "thanks, where does it say that?",
        "got a link for that?",
        "what's the source",
        "which page of the manual is that",
        "says who?",
        "need something in writing for the auditor",
        "is that written anywhere",
        "source? my manager won't have it",
        "can u point me at the document",
        "where's that from, our software adds it on",
        "does it actually say that anywhere",
        "which guide is that in",
    ],
    "still": [
        "is that still right this year?",
        "still the rule?",
        "still 6 weeks?",
        "and this year, has it changed",
        "is that the rule now? heard it had moved",
        "ok but is this for 26/27",
        "has that changed",
        "same for this year?",
        "does it still apply now",
        "has that changed again for this year's starters",
        "when was that last reviewed",
        "is that the up to date version",
    ],
    "person": [
        "who can I ask",
        "who do I ask then",
        "can I speak to a person",
        "who do i message if it won't let me save",
        "I'd rather talk to somebody",
        "pass it on to someone",
        "who would sign that off here",
        "hm. is there someone at the department who would put it in writing for us",
        "would finance know or should I ask the department",
    ],
}
EACH = [(turn, line) for turn, lines in LINES.items() for line in lines]


@pytest.mark.parametrize(("turn", "line"), EACH)
def test_a_turn_is_known_by_its_words(turn: Turn, line: str) -> None:
    assert turn_of(line) == turn


@pytest.mark.parametrize(
    "line",
    [
        "",
        "and for T Levels?",
        "what if they only went for one day?",
        "which field do placement hours go in",
        "when is R04?",
        "she left in week 4, do we cut the hours",
        "how do I fix it?",
        "what is the source of funding for a 17 year old on a study programme at our place",
        "does it change if he gets a level 3 with us in the spring",
        "so where do I show that an adult has found work",
        "no not the minimum, his own figure, where do I find it",
    ],
)
def test_a_question_of_its_own_is_no_turn(line: str) -> None:
    assert turn_of(line) is None


@pytest.mark.parametrize(("turn", "line"), EACH)
def test_a_turn_gets_its_reply_and_not_the_answer_again(
    desk: Helpdesk, turn: Turn, line: str
) -> None:
    answer = desk.ask(line, before=[ASKED])
    assert (answer.outcome, answer.reply) == ("reply", turn)
    assert answer.entry == "aims-for-several-placements"
    assert ANSWERED not in str(answer.to_json())
    assert not answer.is_kept


def test_the_source_is_told_with_its_year_and_link(desk: Helpdesk) -> None:
    answer = desk.ask("where does it say that", before=[ASKED])
    assert answer.lead == "From:"
    assert answer.lines == ("Placements handbook (2026-27): https://example.org/handbook",)
    assert [source.title for source in answer.sources] == ["Placements handbook"]


def test_whether_it_still_holds_is_one_sentence(desk: Helpdesk) -> None:
    answer = desk.ask("is that still right this year?", before=[ASKED])
    assert answer.text == (
        "Yes, for 2026-27: it holds for 2017-18 onwards, last reviewed on 02/11/2026."
    )
    ended = desk.ask("is that still right?", before=["did mock interviews count in 2020/21?"])
    assert ended.text == (
        "No: it held for 2020-21 only, not for 2026-27, last reviewed on 02/11/2026."
    )


def test_what_has_no_year_holds_as_before(desk: Helpdesk) -> None:
    answer = desk.ask("is that still right?", before=["what does MIS stand for"])
    assert answer.text == "It has no year: it holds for 2026-27 as before."


def test_who_can_be_asked_is_said(desk: Helpdesk) -> None:
    answer = desk.ask("who can I ask", before=[ASKED])
    assert answer.text == "I can pass your question to a person here: use *Ask a person*."


def test_there_is_no_source_for_what_was_not_answered(desk: Helpdesk) -> None:
    answer = desk.ask("where does it say that", before=["who won the match?"])
    assert answer.text == "I had no answer there, so there is nothing to show for it."


def test_a_turn_after_a_turn_is_about_the_same_answer(desk: Helpdesk) -> None:
    answer = desk.ask("who can I ask", before=[ASKED, "where does it say that", "thanks"])
    assert answer.entry == "aims-for-several-placements"


def test_after_choices_it_is_asked_of_what_was_told_before_them(
    desk: Helpdesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered, nearest = "and the hours then", desk.messages._candidates.nearest

    def unsure(asked: Asked) -> Match:
        found = nearest(asked)
        others = tuple(one for one in found.ranked if one.id != told.entry)
        several = replace(found, outcome="choices", ranked=others)
        return several if asked.text == offered else found

    told = desk.ask(ASKED)
    monkeypatch.setattr(desk.messages._candidates, "nearest", unsure)
    answer = desk.ask("where does it say that", before=[ASKED, offered])
    assert (answer.reply, answer.entry) == ("source", told.entry)
    assert answer.lead == f"Of “{told.title}” from:"


def test_asked_of_another_provision_it_is_a_question(desk: Helpdesk) -> None:
    answer = desk.ask("is that the same for T Levels?", before=[ASKED])
    assert answer.reply is None


def test_with_nothing_before_it_is_no_turn(desk: Helpdesk) -> None:
    assert desk.ask("where does it say that").reply not in {"source", "still", "person"}


@pytest.mark.parametrize(
    ("line", "again"),
    [
        ("no, I mean how many placement records, not aims", True),
        ("sorry didn't follow that. which one do I move", True),
        ("it's the dates I can't get", True),
        ("too long lol, just the hours please", True),
        ("and for T Levels?", False),
        ("no employer yet, what then?", False),
    ],
)
def test_who_asks_again_is_known_by_the_words(line: str, again: bool) -> None:
    assert asks_again(line) is again


def test_asked_again_the_answer_is_told_in_short(desk: Helpdesk) -> None:
    first = desk.ask(ASKED)
    again = desk.ask("no, I mean aims, one or three?", before=[ASKED])
    assert (again.outcome, again.entry) == ("likely", first.entry)
    assert again.lead == f"As above: {first.lead}"
    assert (again.lines, again.detail) == ((), "")


@pytest.mark.parametrize(
    ("line", "thanks"),
    [
        ("that's what I feared, thanks", True),
        ("two digits swapped, ta", True),
        ("thanks, and what about T Levels", False),
        ("cheers. is it the same for adults?", False),
        ("she left in week 4", False),
    ],
)
def test_thanks_at_the_end_of_a_thread_ask_nothing(desk: Helpdesk, line: str, thanks: bool) -> None:
    assert ends_with_thanks(line) is thanks
    assert (desk.ask(line, before=[ASKED]).reply == "thanks") is thanks
