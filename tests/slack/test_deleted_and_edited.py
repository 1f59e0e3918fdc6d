"""A question that is edited or deleted: its answer follows, and nothing of it is kept."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from bot.slack.features import edits
from bot.slack.messages import IncomingMessage
from tests.slack.running_bot import Bot, Start, bot, start, warm
from tests.support.slack_people import Person
from tests.support.slack_standin import SlackStandIn
from tests.support.slack_world import PATIENCE, Message

__all__ = ["bot", "start", "warm"]

ASKED = "several placements, one aim or many?"
UNANSWERED = "who signs the placement risk assessment?"


def kept(bot: Bot) -> list[Any]:
    """The questions in the ledger, oldest first."""
    with bot.ledger._db.read() as connection:
        return list(connection.exec_driver_sql("select text from questions order by id").scalars())


def answered(slack: SlackStandIn, asked: Message) -> Message:
    """The answer, once nothing more happens."""
    reply = slack.reply_to(asked)
    slack.settle()
    return reply


@pytest.mark.parametrize("where", ["direct", "channel"])
@pytest.mark.parametrize("text", [ASKED, UNANSWERED])
def test_a_deleted_question_takes_its_answer_and_its_record_along(
    slack: SlackStandIn, bot: Bot, where: str, text: str
) -> None:
    amina = slack.person()
    asked = amina.writes(text) if where == "direct" else amina.mentions(text, slack.channel())
    answered(slack, asked)
    assert kept(bot) == [text]
    changed = amina.deletes(asked)
    assert changed.payload["event"]["message"]["subtype"] == "tombstone"
    slack.wait_for("chat.delete")
    slack.settle()
    assert slack.replies_to(asked) == []
    assert kept(bot) == []


@pytest.mark.parametrize("change", ["edits", "deletes"])
def test_a_question_that_is_changed_while_it_is_let_in_is_answered_as_it_is_then(
    slack: SlackStandIn, bot: Bot, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    changed = threading.Event()
    claim, wait = bot.app.ledger.claim, bot.app.wait_until_expected

    def claim_late(*given: Any, **more: Any) -> Any:
        changed.wait(20)
        return claim(*given, **more)

    def note(message: IncomingMessage) -> None:
        changed.set()
        wait(message)

    monkeypatch.setattr(bot.app.ledger, "claim", claim_late)
    monkeypatch.setattr(bot.app, "wait_until_expected", note)
    amina = slack.person()
    asked = amina.mentions(ASKED, slack.channel())
    slack.wait_until(lambda: bot.app._expected or None, what="the question to be let in")
    if change == "edits":
        amina.edits(asked, f"<@{slack.bot_user}> what is R_96?")
        assert "R_96" in slack.reply_to(asked).words
    else:
        amina.deletes(asked)
    slack.wait_until(lambda: not bot.app._expected or None, what="the question to be taken")
    slack.settle()
    assert len(slack.replies_to(asked)) == (change == "edits")


def test_where_others_replied_the_answer_says_that_the_question_is_gone(
    slack: SlackStandIn, bot: Bot
) -> None:
    amina, ben, channel = slack.person(), slack.person(), slack.channel()
    asked = amina.mentions(ASKED, channel)
    reply = answered(slack, asked)
    ben.says("ah good, we do it the same way here", channel, thread=asked)
    slack.settle()
    amina.deletes(asked)
    slack.wait_for("chat.update")
    slack.settle()
    assert reply.words == "The question was deleted, so I took my answer away."
    assert kept(bot) == []


def test_a_deleted_question_is_withdrawn_from_the_people_who_were_asked(
    slack: SlackStandIn, start: Start
) -> None:
    triage = slack.channel("ilr-triage")
    bot = start(triage_channel=triage.id)
    amina = slack.person()
    asked = amina.mentions(UNANSWERED, slack.channel())
    amina.clicks("Ask a person", on=answered(slack, asked))
    slack.reply_to(asked, saying="passed this on")
    slack.settle()
    (post,) = slack.posted_in(triage)
    amina.deletes(asked)
    slack.wait_until(lambda: "deleted by its asker" in post.words or None)
    slack.settle()
    assert "risk assessment" not in post.words
    assert slack.replies_to(asked) == []
    assert bot.ledger.list_open() == []
    assert kept(bot) == []


def test_an_edited_question_is_kept_once_as_it_is_now(slack: SlackStandIn, bot: Bot) -> None:
    amina = slack.person()
    asked = amina.writes(UNANSWERED)
    answered(slack, asked)
    amina.edits(asked, ASKED)
    slack.wait_for("chat.update")
    slack.settle()
    assert kept(bot) == [ASKED]


def test_an_edit_that_slack_repeats_is_followed_once(slack: SlackStandIn, bot: Bot) -> None:
    amina = slack.person()
    asked = amina.writes("what is R_96?")
    answered(slack, asked)
    delivery = amina.edits(asked, "what is WorkPlaceStartDate_02?")
    slack.wait_for("chat.update")
    slack.settle()
    for retry in (1, 2):
        slack.deliver(delivery.kind, delivery.payload, retry=retry).acknowledged()
    slack.settle()
    assert len(slack.calls("chat.update")) == 1


def test_a_mention_that_is_edited_is_answered_in_place(slack: SlackStandIn, bot: Bot) -> None:
    """Slack sends app_mention again for it."""
    amina = slack.person()
    asked = amina.mentions("what is R_96?", slack.channel())
    answered(slack, asked)
    amina.mentions_by_edit(asked, "what is WorkPlaceStartDate_02?")
    slack.wait_for("chat.update")
    slack.settle()
    (now,) = slack.replies_to(asked)
    assert "WorkPlaceStartDate_02" in now.words
    assert len(slack.calls("chat.update")) == 1


def test_a_mention_added_by_an_edit_is_answered_once(slack: SlackStandIn, bot: Bot) -> None:
    amina = slack.person()
    said = amina.says(ASKED, slack.channel())
    slack.settle()
    assert slack.replies_to(said) == []
    amina.mentions_by_edit(said, ASKED)
    assert "Record a single" in slack.reply_to(said).words
    slack.settle()
    assert len(slack.replies_to(said)) == 1


def test_a_mention_added_by_an_edit_is_answered_when_it_comes_before_the_edit(
    slack: SlackStandIn, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack sends both, in any order; whichever is first is answered."""
    monkeypatch.setattr(edits, "edited", lambda *_: None)
    amina = slack.person()
    said = amina.says(ASKED, slack.channel())
    slack.settle()
    amina.mentions_by_edit(said, ASKED)
    assert "Record a single" in slack.reply_to(said).words


@pytest.mark.parametrize(
    ("now", "replies"),
    [
        ("thanks all, sorted", 0),
        ("Priya, several placements, one aim or many?", 0),
        ("never mind, I have the three placements on one aim now", 0),
        ("what does R_96 mean?", 1),
    ],
)
def test_in_a_watched_channel_an_edit_follows_the_manners_of_the_channel(
    slack: SlackStandIn, start: Start, now: str, replies: int
) -> None:
    channel = slack.channel()
    bot = start(watched_channels=frozenset({channel.id}))
    amina = slack.person()
    said = amina.says(ASKED, channel)
    answered(slack, said)
    amina.edits(said, now).acknowledged()
    slack.wait_for("chat.update" if replies else "chat.delete")
    slack.settle()
    assert len(slack.replies_to(said)) == replies
    assert kept(bot) == ([now] if replies else [])


NOW = "what is WorkPlaceStartDate_02?"


def waits(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Every answer waits for its turn until the event is set."""
    go_on = threading.Event()
    wait = bot.app.backpressure._wait_for_slot

    def slow(since: float) -> None:
        assert go_on.wait(PATIENCE)
        wait(since)

    monkeypatch.setattr(bot.app.backpressure, "_wait_for_slot", slow)
    return go_on


def asks_and_changes_their_mind(amina: Person, *, deleted: bool) -> Message:
    asked = amina.writes("what is R_96?")
    for delivery in asked.deliveries:
        delivery.acknowledged()
    if deleted:
        amina.deletes(asked).acknowledged()
    else:
        amina.edits(asked, NOW).acknowledged()
    return asked


def texts_waiting(bot: Bot) -> list[str | None]:
    """The messages whose answer has not begun, as they read now; None: deleted."""
    return [one and one.text for one in bot.app._waiting.values()]


@pytest.mark.parametrize("deleted", [False, True], ids=["edited", "deleted"])
def test_a_change_before_the_answer_began_is_what_is_answered(
    slack: SlackStandIn, bot: Bot, monkeypatch: pytest.MonkeyPatch, deleted: bool
) -> None:
    go_on = waits(bot, monkeypatch)
    asked = asks_and_changes_their_mind(slack.person(), deleted=deleted)
    slack.wait_until(lambda: (None if deleted else NOW) in texts_waiting(bot))
    go_on.set()
    if deleted:
        slack.settle()
        assert slack.replies_to(asked) == []
        assert kept(bot) == []
        return
    assert "WorkPlaceStartDate_02" in slack.reply_to(asked).words
    slack.settle()
    assert kept(bot) == [NOW]
    assert slack.calls("chat.update") == []
