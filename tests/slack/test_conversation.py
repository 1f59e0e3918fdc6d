"""What happens when somebody asks, as they see it in Slack."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from bot.ledger import NullLedger
from bot.slack.features import answer_queue
from tests.slack.running_bot import LEARNER, Bot, Start, bot, makes_unsure, start, warm
from tests.support.slack_standin import SlackStandIn
from tests.support.slack_world import PATIENCE

__all__ = ["bot", "start", "warm"]

ASKED = "several placements, one aim or many?"


def test_a_mention_is_answered_in_its_thread(slack: SlackStandIn, bot: Bot) -> None:
    asked = slack.person().mentions(ASKED, slack.channel("mis-team"))
    reply = slack.reply_to(asked)
    assert reply.words.startswith("*One.* Record a single")
    assert "Holds for 2017-18 onwards · official guidance · reviewed" in reply.words
    assert "ILR spec: Learning Delivery Work Placement entity" in reply.words
    assert "• A new academic year needs a new aim; a learner who never goes out" in reply.words
    assert slack.violations == []


def test_a_mention_that_is_heard_twice_is_answered_once(slack: SlackStandIn, bot: Bot) -> None:
    asked = slack.person().mentions(ASKED, slack.channel())
    slack.reply_to(asked)
    slack.deliver_again(asked.deliveries[0])
    slack.deliver_again(asked.deliveries[0], retry=2)
    slack.settle()
    assert len(asked.deliveries) == 2  # app_mention, and message.channels
    assert len(slack.replies_to(asked)) == 1


def test_an_event_is_acknowledged_before_its_answer_is_looked_for(
    slack: SlackStandIn, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack waits three seconds; an answer may take longer."""
    acknowledged, ask = threading.Event(), bot.app.helpdesk.ask

    def once_acknowledged(*given: Any, **more: Any) -> Any:
        assert acknowledged.wait(PATIENCE)
        return ask(*given, **more)

    monkeypatch.setattr(bot.app.helpdesk, "ask", once_acknowledged)
    asked = slack.person().mentions(ASKED, slack.channel())
    for delivery in asked.deliveries:
        delivery.acknowledged()
    acknowledged.set()
    assert slack.reply_to(asked)


def test_a_direct_message_is_answered_below_it(slack: SlackStandIn, bot: Bot) -> None:
    amina = slack.person()
    asked = amina.writes("what evidence should we keep in the ILP for work experience?")
    reply = slack.reply_to(asked)
    assert "That solved it" in reply.words
    again = amina.writes("what is R_96?", thread=asked)
    assert "R_96" in slack.reply_to(again, number=2).words


def test_whoever_waits_is_told_that_it_is_being_looked_at(
    slack: SlackStandIn, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    amina = slack.person()
    slack.reply_to(amina.writes("what is R_96?"))
    assert slack.calls("assistant.threads.setStatus") == []
    monkeypatch.setattr(answer_queue, "SLOW", 0.0)
    asked = amina.writes("what is R_96?")
    slack.reply_to(asked)
    (told,) = slack.calls("assistant.threads.setStatus")
    assert (told.args["status"], told.args["thread_ts"]) == ("is looking that up…", asked.ts)


def test_choices_are_buttons_that_answer(
    slack: SlackStandIn, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    makes_unsure(monkeypatch, bot)
    amina = slack.person()
    asked = amina.mentions("placement hours", slack.channel())
    choices = slack.reply_to(asked, saying="I am not sure which of these you mean")
    amina.clicks("ilr_choice_0", on=choices)
    answer = slack.reply_to(asked, number=2)
    assert "That solved it" in answer.words
    assert "reviewed" in answer.words
    assert slack.violations == []


def test_without_an_answer_it_says_so_in_two_lines(slack: SlackStandIn, bot: Bot) -> None:
    reply = slack.reply_to(
        slack.person().mentions("who signs the placement risk assessment?", slack.channel())
    )
    assert reply.words.startswith("*I have no answer to that.*")
    assert reply.words.count("\n") == 1
    assert "`/ilr topics` shows what I cover" in reply.words
    assert "That solved it" not in reply.words


def test_an_answer_is_readable_without_its_blocks(slack: SlackStandIn, bot: Bot) -> None:
    reply = slack.reply_to(slack.person().mentions(ASKED, slack.channel()))
    assert reply.text.startswith("One. Record a single ZWRKX001 aim")
    assert "`" not in reply.text


def test_what_somebody_types_tags_nobody(slack: SlackStandIn, bot: Bot) -> None:
    amina = slack.person()
    amina.types("/ilr <!channel> & <@U0AMINA>: what is R_96, and is <b>SOF 107</b> right?")
    slack.only_for(amina)
    slack.settle()
    sent = str([call.args for call in slack.calls()])
    assert "<!channel>" not in sent
    assert "<@U0AMINA>" not in sent


@pytest.mark.parametrize(
    "event",
    [
        {"subtype": "bot_message", "bot_id": "B0OTHER", "text": ASKED},
        {"subtype": "channel_join", "user": "U0NEW", "text": "has joined"},
        {"user": "U0NEW", "bot_id": "B0OTHER", "text": ASKED},
        {"user": "U0NEW", "text": ASKED},  # nobody called it
        {"user": 7, "text": None},
        {},
    ],
)
def test_it_is_quiet_when_nobody_called(
    slack: SlackStandIn, bot: Bot, event: dict[str, object]
) -> None:
    channel = slack.channel()
    sent = slack.event(
        {"type": "message", "channel": channel.id, "channel_type": "channel", "ts": "1.1", **event}
    )
    assert sent.acknowledged().status in (200, 400)
    slack.settle()
    assert slack.calls("chat.postMessage") == []
    assert slack.calls("chat.postEphemeral") == []


def test_several_questions_in_one_message_are_each_answered(slack: SlackStandIn, bot: Bot) -> None:
    asked = slack.person().writes(f"{ASKED} And what does WorkPlaceStartDate_02 mean?")
    words = slack.reply_to(asked).words
    assert "Record a single" in words
    assert "WorkPlaceStartDate_02" in words
    assert slack.violations == []


def test_without_its_database_it_answers_and_says_what_it_could_not_keep(
    slack: SlackStandIn, start: Start
) -> None:
    start(ledger=NullLedger("The database is being moved."))
    asked = slack.person().mentions(ASKED, slack.channel())
    reply = slack.reply_to(asked)
    assert "Record a single" in reply.words
    assert "this question was not recorded" in reply.words
    slack.deliver_again(asked.deliveries[0])
    slack.settle()
    assert len(slack.replies_to(asked)) == 1


def test_the_ledger_holds_the_question_masked(slack: SlackStandIn, bot: Bot) -> None:
    asked = slack.person().writes("for ULN 1000000027, one aim or several for three placements?")
    slack.reply_to(asked)
    slack.settle()
    with bot.ledger._db.read() as connection:
        kept = connection.exec_driver_sql("select text, door, user_hash from questions").one()
    assert kept.text == "for ULN [ULN], one aim or several for three placements?"
    assert kept.door == "dm"
    assert kept.user_hash not in (None, asked.user)


def test_a_workspace_that_is_not_on_the_list_is_not_answered(
    slack: SlackStandIn, start: Start
) -> None:
    start(allowed_teams=frozenset({"T0ELSEWHERE"}))
    amina, channel = slack.person(), slack.channel()
    amina.mentions(ASKED, channel)
    amina.types(f"/ilr {ASKED}", channel)
    assert "not set up to answer in this workspace" in slack.only_for(amina).words
    slack.settle()
    assert slack.posted_in(channel) == []


def test_a_failure_is_told_to_the_asker_alone_with_a_reference(
    slack: SlackStandIn, bot: Bot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret words of somebody")

    monkeypatch.setattr(bot.app.helpdesk, "ask", broken)
    amina, channel = slack.person(), slack.channel()
    amina.mentions(ASKED, channel)
    told = slack.only_for(amina, saying="Something went wrong")
    assert "secret words" not in told.words
    slack.settle()
    assert slack.posted_in(channel) == []
    record = next(r for r in caplog.records if r.getMessage() == "a listener failed")
    assert record.__dict__["reference"] in told.words


def test_a_record_in_a_channel_is_told_privately_and_never_quoted(
    slack: SlackStandIn, bot: Bot
) -> None:
    amina, channel = slack.person(), slack.channel()
    amina.mentions(f"can you check this? {escaped(LEARNER)}", channel)
    told = slack.only_for(amina)
    assert "everyone in this channel can see it" in told.words
    assert "Please delete your message" in told.words
    slack.settle()
    assert slack.posted_in(channel) == []
    assert slack.ever_sent("0fm90rk3") == []
    amina.clicks("Check it privately", on=told)
    assert slack.modal_for(amina).title == "Check an ILR record"


def escaped(text: str) -> str:
    """As Slack hands it to the app."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def test_a_record_in_a_direct_message_is_checked_there(slack: SlackStandIn, bot: Bot) -> None:
    asked = slack.person().writes(escaped(LEARNER))
    report = slack.reply_to(asked)
    assert "Error: WorkPlaceStartDate_02" in report.words
    assert "WorkPlaceStartDate = 2026-09-01" in report.words
    assert "*Learner 0fm90rk3* · aim 2, ZWRKX001" in report.words
    assert "What to do:" in report.words
    assert slack.violations == []


def test_nothing_of_a_record_is_kept(slack: SlackStandIn, bot: Bot) -> None:
    asked = slack.person().writes(escaped(LEARNER))
    slack.reply_to(asked)
    slack.settle()
    with bot.ledger._db.read() as connection:
        dump = "\n".join(connection.connection.driver_connection.iterdump())  # type: ignore[union-attr]
    assert "WorkPlaceStartDate_02" in dump  # counted by rule
    for value in ("0fm90rk3", "9999999999", "2026-09-10"):
        assert value not in dump
