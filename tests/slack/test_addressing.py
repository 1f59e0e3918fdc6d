"""Lines of a channel that are said to somebody, and those that anybody may answer."""

from __future__ import annotations

import pytest

from bot.slack.addressing import is_for_somebody
from bot.slack.messages import IncomingMessage, from_event

TO_SOMEBODY = [
    "Priya, which code did we put on the withdrawals?",
    "Priya Invented, is one aim enough?",
    "hi priya, is one aim enough?",
    "Morning Sam - does R_96 fire on these?",
    "which code is it, Priya?",
    "can you check the placement dates on the hair group?",
    "is that your R_96 or ours?",
    "did u do the planned hours?",
    "who's doing R04 this month?",
    "does anyone know who did the funding claim, was it you?",
    "so who signed off the funding claim",
]
TO_ANYBODY = [
    "several placements, do I need one aim or many?",
    "Hi all, what does R_96 mean?",
    "Morning team, which aim goes on a T Level placement?",
    "Quick question, when does R04 close?",
    "Sorry, what does WorkPlaceStartDate_02 mean?",
    "how do you record two placements at once?",
    "do you have to close the aim if the placement ends early?",
    "anyone know what SOF 107 is?",
    "Does R_96 fire when two placements start on a Monday?",
    "For T Levels, which aim is it?",
]


def said(text: str) -> IncomingMessage:
    return IncomingMessage("watched", "U1", "C1", text=text, ts="1.1")


@pytest.mark.parametrize("text", TO_SOMEBODY)
def test_a_line_to_a_colleague_is_theirs(text: str) -> None:
    assert is_for_somebody(said(text))


@pytest.mark.parametrize("text", TO_ANYBODY)
def test_a_line_to_nobody_in_particular_is_anybodys(text: str) -> None:
    assert not is_for_somebody(said(text))


@pytest.mark.parametrize(
    ("text", "somebody"),
    [
        ("<@U0PRIYA> what does R_96 mean?", True),
        ("<!subteam^S0MIS> what does R_96 mean?", True),
        ("<!here> what does R_96 mean?", False),
        ("what does R_96 mean? see <#C0MIS|mis>", False),
    ],
)
def test_a_mention_of_a_person_or_group_is_noticed(text: str, somebody: bool) -> None:
    event = {"user": "U1", "channel": "C1", "ts": "1.1", "text": text}
    assert is_for_somebody(from_event({"event": event}, "watched")) is somebody
