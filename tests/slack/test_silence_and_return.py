"""Who asked, who answered, and what counts as what: after a restart, and in the data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.answers import Answer
from bot.helpdesk import Helpdesk
from bot.slack.addressing import is_for_somebody, points_at_thread, wonders_too
from bot.slack.conversations import Conversations
from bot.slack.features.unprompted import _is_worth_saying
from bot.slack.messages import IncomingMessage, from_event
from tests.slack.running_bot import Bot, bot, start, warm
from tests.support.records import as_typed
from tests.support.slack_standin import SlackStandIn
from tests.support.slack_world import Channel, Message

__all__ = ["bot", "start", "warm"]

ASKED = "several placements, one aim or many?"
LINES = as_typed(Path(__file__).parent / "colleagues.yaml")
"""Lines of a team's channel, written by somebody who had not seen the code."""


def answered(slack: SlackStandIn, channel: Channel, text: str = ASKED) -> Message:
    asked = slack.person().mentions(text, channel)
    slack.reply_to(asked)
    slack.settle()
    return asked


def restarts(bot: Bot) -> None:
    """What a new process, or another one, remembers."""
    bot.app.conversations = Conversations()


def is_silent(bot: Bot, asked: Message) -> bool:
    found = bot.ledger.thread(asked.channel, asked.root)
    assert found is not None
    return found.silent


def rows(bot: Bot, query: str) -> list[Any]:
    with bot.ledger._db.read() as connection:
        return list(connection.exec_driver_sql(query).all())


def is_done(slack: SlackStandIn, bot: Bot) -> None:
    """Wait until everything that was said has been dealt with, also where nothing is said to it.

    An event is in the ledger before it is acknowledged.
    """
    for delivery in slack.deliveries:
        delivery.acknowledged()
    open_events = "select 1 from events where state in ('received', 'posting')"
    slack.wait_until(lambda: not rows(bot, open_events) or None, what="every event")


# -- silence


@pytest.mark.parametrize("root_by", ["asker", "somebody else"])
def test_after_a_restart_the_asker_silences_nothing(
    slack: SlackStandIn, bot: Bot, root_by: str
) -> None:
    channel, amina = slack.channel(), slack.person()
    if root_by == "asker":
        asked = amina.mentions(ASKED, channel)
    else:
        root = slack.person().says("Placements again!", channel)
        asked = amina.mentions(ASKED, channel, thread=root)
    slack.reply_to(asked)
    slack.settle()
    restarts(bot)
    amina.says("right, so I will put them all on the one.", channel, thread=asked)
    is_done(slack, bot)
    assert not is_silent(bot, asked)


@pytest.mark.parametrize(
    ("text", "silent"),
    [
        ("I was wondering that too", False),
        ("same question here, following this with interest", False),
        ("thanks, that helps us as well over here", False),
        ("good question, let me check with the office", False),
        ("We always keep one aim open here.", True),
        ("put them on one aim, Priya says", True),
    ],
)
def test_an_answer_silences_a_thread_and_a_shared_question_does_not(
    slack: SlackStandIn, bot: Bot, text: str, silent: bool
) -> None:
    channel = slack.channel()
    asked = answered(slack, channel)
    slack.person().says(text, channel, thread=asked)
    is_done(slack, bot)
    assert is_silent(bot, asked) is silent


@pytest.mark.parametrize("text", ["any ideas?", "can you help with this please?", "thoughts?"])
def test_a_mention_that_asks_nothing_reads_the_thread(
    slack: SlackStandIn, bot: Bot, text: str
) -> None:
    amina, ben, channel = slack.person(), slack.person(), slack.channel()
    root = amina.says("Morning all, hope everyone had a good break.", channel)
    amina.says(ASKED, channel, thread=root)
    ben.says("no idea sorry", channel, thread=root)
    ben.mentions(text, channel, thread=root)
    assert "Record a single" in slack.reply_to(root).words


def test_what_points_at_a_thread() -> None:
    assert points_at_thread("")
    assert points_at_thread("Anyone got any ideas about this one?")
    assert not points_at_thread("any ideas about R_96?")
    assert not points_at_thread("can you still add a placement?")
    assert wonders_too("+1")
    assert not wonders_too("It goes on one aim.")


# -- interrupting


@pytest.fixture(scope="module")
def judged(warm: Helpdesk) -> Any:
    """Whether a line would be answered where nobody called us."""

    class App:
        helpdesk = warm

    def judge(text: str, source: str, before: list[str]) -> bool:
        event = {"user": "U1", "channel": "C1", "ts": "1.1", "text": text}
        message = from_event({"event": event}, source)
        answer: Answer = warm.ask(message.text, before=before)
        return _is_worth_saying(App, message, answer, before)  # type: ignore[arg-type]

    return judge


@pytest.mark.parametrize(
    ("source", "before"),
    [("watched", []), ("thread", ["how many planned hours for a work placement?"])],
)
@pytest.mark.parametrize(("kind", "most"), [("everyday", 0), ("near", 1)])
@pytest.mark.long
def test_colleagues_are_not_interrupted(
    judged: Any, source: str, before: list[str], kind: str, most: int
) -> None:
    said = [line for line in LINES[kind] if judged(line, source, before)]
    assert len(said) <= most, said


@pytest.mark.parametrize("source", ["watched", "thread"])
def test_a_question_among_them_is_still_answered(judged: Any, source: str) -> None:
    found = [line for line in LINES["questions"] if judged(line, source, [])]
    assert len(found) >= 20


@pytest.mark.parametrize(
    ("text", "somebody"),
    [
        ("do you want me to fix the ULNs or are you?", True),
        ("who wants to do it?", True),
        ("when do you need the placement dates by?", True),
        ("did we ever get the planned hours back from Construction?", True),
        ("what's the point of PlanEEPHours if nobody ever fills it in right", True),
        ("are the T Level lot starting placement on monday or tuesday", True),
        ("do the ones that are green before lunch", True),
        ("leave those in grey, check the others", True),
        ("do those in a gap year count", False),
        ("do you put the restart indicator on the work experience aim as well?", False),
        ("when do you need to close the aim?", False),
        ("who do you put as the employer for a social action project?", False),
        ("what do we enter when a placement has ended early?", False),
    ],
)
def test_a_line_is_between_colleagues_by_its_kind(text: str, somebody: bool) -> None:
    message = IncomingMessage("watched", "U1", "C1", text=text, ts="1.1")
    assert is_for_somebody(message) is somebody


# -- data


@pytest.mark.parametrize("where", ["thread", "foot"])
def test_thanks_are_counted_after_a_restart(slack: SlackStandIn, bot: Bot, where: str) -> None:
    amina = slack.person()
    asked = amina.writes(ASKED)
    slack.reply_to(asked)
    slack.settle()
    restarts(bot)
    amina.writes("thanks!", thread=asked if where == "thread" else None)
    is_done(slack, bot)
    assert rows(bot, "select kind from feedback") == [("solved",)]


@pytest.mark.parametrize(
    "text",
    [
        "thanks, that's exactly what I needed for the T Levels",
        "Great, so no end date then. Thanks!",
        "cheers, that fixed the R_96 errors on all 12",
        "Thank you so much, I will update the placement dates now",
    ],
)
def test_thanks_in_more_words_are_thanks(slack: SlackStandIn, bot: Bot, text: str) -> None:
    amina = slack.person()
    asked = amina.writes(ASKED)
    slack.reply_to(asked)
    slack.settle()
    amina.writes(text, thread=asked)
    is_done(slack, bot)
    assert rows(bot, "select kind from feedback") == [("solved",)]
    assert rows(bot, "select text from questions") == [(ASKED,)]


@pytest.mark.parametrize("text", ["that worked!", "ah perfect, the hours were on the wrong aim"])
def test_a_remark_is_no_gap(slack: SlackStandIn, bot: Bot, text: str) -> None:
    amina = slack.person()
    asked = amina.writes(ASKED)
    slack.reply_to(asked)
    slack.settle()
    amina.writes(text, thread=asked)
    amina.writes(text)
    is_done(slack, bot)
    assert bot.ledger.gaps() == []
    assert rows(bot, "select text from questions") == [(ASKED,)]
