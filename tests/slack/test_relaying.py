"""An asker and the person who has their question: each hears what is meant for them, no more."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bot.ledger import HandoverState
from bot.slack.messages import from_event
from bot.slack.payloads import HandoverPayload
from tests.slack.running_bot import Bot, Start, bot, start, warm
from tests.support.slack_people import Person
from tests.support.slack_standin import Refuses, SlackStandIn
from tests.support.slack_world import Channel, Message

__all__ = ["bot", "start", "warm"]

ASKED = "who signs the placement risk assessment?"


@dataclass
class Passed:
    """A question that was passed on."""

    bot: Bot
    amina: Person
    ben: Person
    channel: Channel
    triage: Channel
    asked: Message
    post: Message


def passes_on(slack: SlackStandIn, start: Start, *, direct: bool = False) -> Passed:
    triage, channel = slack.channel("ilr-triage"), slack.channel()
    amina, ben = slack.person(), slack.person()
    bot = start(triage_channel=triage.id)
    asked = amina.writes(ASKED) if direct else amina.mentions(ASKED, channel)
    amina.clicks("Ask a person", on=slack.reply_to(asked))
    slack.reply_to(asked, saying="passed this on")
    slack.settle()
    (post,) = slack.posted_in(triage)
    place = amina.direct if direct else channel
    return Passed(bot, amina, ben, place, triage, asked, post)


def told(slack: SlackStandIn, asked: Message) -> list[str]:
    """What the asker's thread says, once nothing more happens."""
    slack.settle()
    return [message.words for message in slack.replies_to(asked)]


# -- to the asker


def test_an_aside_stays_in_triage_until_it_is_sent(slack: SlackStandIn, start: Start) -> None:
    one = passes_on(slack, start)
    one.ben.says("who is this, one of Dave's lot?", one.triage, thread=one.post)
    offer = slack.only_for(one.ben, saying="has not seen this")
    assert offer.thread_ts == one.post.ts
    assert not [words for words in told(slack, one.asked) if "Dave" in words]
    reply = one.ben.says("The placement team does.", one.triage, thread=one.post)
    slack.settle()
    one.ben.clicks("Send to asker", on=slack.only_for(one.ben, number=2))
    assert "placement team does" in slack.reply_to(one.asked, saying="answers:").words
    assert "Sent to the asker" in slack.only_for(one.ben, saying="Sent").words
    assert reply.text == "The placement team does."
    assert slack.violations == []


def test_a_reply_is_sent_once_however_often_it_is_clicked(
    slack: SlackStandIn, start: Start
) -> None:
    one = passes_on(slack, start)
    one.ben.says("The placement team does.", one.triage, thread=one.post)
    offer = slack.only_for(one.ben, saying="has not seen this")
    for _ in range(3):
        one.ben.clicks("ilr_send", on=offer)
    slack.reply_to(one.asked, saying="answers:")
    assert len([words for words in told(slack, one.asked) if "answers:" in words]) == 1


def test_answering_counts_as_taking(slack: SlackStandIn, start: Start) -> None:
    one = passes_on(slack, start)
    one.ben.says(f"<@{one.amina.id}> The placement team.", one.triage, thread=one.post)
    slack.reply_to(one.asked, saying="has your question, and answered below")
    (kept,) = one.bot.ledger.list_open()
    assert (kept.state, kept.taker) == (HandoverState.TAKEN, one.ben.id)
    assert f"Taken by <@{one.ben.id}>" in one.post.words


def test_the_asker_gets_two_messages(slack: SlackStandIn, start: Start) -> None:
    one = passes_on(slack, start)
    one.ben.clicks("I'll take it", on=one.post)
    slack.reply_to(one.asked, saying="has taken")
    one.ben.says(f"<@{one.amina.id}> The placement team.", one.triage, thread=one.post)
    slack.reply_to(one.asked, saying="answers:")
    one.ben.clicks("Answered", on=one.post)
    slack.reply_to(one.asked, saying="marked your question")
    _, notice, answer = told(slack, one.asked)
    assert notice == f"<@{one.ben.id}> has marked your question as answered."
    assert "The placement team." in answer


def test_an_edit_of_a_reply_is_carried_and_a_deletion_too(
    slack: SlackStandIn, start: Start
) -> None:
    one = passes_on(slack, start)
    reply = one.ben.says(f"<@{one.amina.id}> The tutor does.", one.triage, thread=one.post)
    sent = slack.reply_to(one.asked, saying="The tutor does.")
    slack.settle()
    one.ben.edits(reply, f"<@{one.amina.id}> The employer does.")
    slack.wait_until(lambda: "The employer does." in sent.words or None)
    one.ben.deletes(reply)
    slack.wait_until(lambda: sent.deleted or None)
    assert slack.violations == []


def test_links_keep_their_address_and_nothing_else_becomes_one(
    slack: SlackStandIn, start: Start
) -> None:
    one = passes_on(slack, start)
    one.ben.says(
        f"<@{one.amina.id}> See <https://www.gov.uk/ilr?a=1&amp;b=2|the manual>, and tell @here",
        one.triage,
        thread=one.post,
    )
    sent = slack.reply_to(one.asked, saying="the manual")
    text = sent.blocks[1]["text"]
    assert text["text"] == "See the manual (<https://www.gov.uk/ilr?a=1&amp;b=2>), and tell @here"
    assert text["verbatim"] is True


def test_a_reply_before_the_post_is_noted_is_not_lost(slack: SlackStandIn, start: Start) -> None:
    one = passes_on(slack, start)
    with one.bot.ledger._db.write() as connection:  # as if the ledger had not heard of it yet
        connection.exec_driver_sql("update handovers set triage_channel=null, triage_message=null")
    one.ben.says(f"<@{one.amina.id}> The placement team.", one.triage, thread=one.post)
    assert "placement team" in slack.reply_to(one.asked, saying="answers:").words
    found = one.bot.ledger.handover(1)
    assert found is not None
    assert found.triage_message == one.post.ts


def test_a_reply_that_cannot_be_delivered_can_be_sent_again(
    slack: SlackStandIn, start: Start
) -> None:
    one = passes_on(slack, start)
    slack.next_calls("chat.postMessage", Refuses("restricted_action"), times=2)
    one.ben.says(f"<@{one.amina.id}> The placement team.", one.triage, thread=one.post)
    offer = slack.only_for(one.ben, saying="I couldn't deliver this")
    one.ben.clicks("Try again", on=offer)
    assert "placement team" in slack.reply_to(one.asked, saying="answers:").words


def test_what_could_not_be_passed_on_can_be_passed_on_at_once(
    slack: SlackStandIn, start: Start
) -> None:
    triage = slack.channel("ilr-triage")
    start(triage_channel=triage.id)
    amina = slack.person()
    answer = slack.reply_to(amina.mentions(ASKED, slack.channel()))
    slack.next_calls("chat.postMessage", Refuses("is_archived"))
    amina.clicks("Ask a person", on=answer)
    slack.only_for(amina, saying="couldn't pass your question on")
    slack.settle()
    amina.clicks("Ask a person", on=answer)
    slack.wait_until(lambda: slack.posted_in(triage) or None)


def test_another_apps_post_relays_to_nobody(slack: SlackStandIn, start: Start) -> None:
    triage, channel = slack.channel("ilr-triage"), slack.channel()
    bot = start(triage_channel=triage.id)
    amina, mallory = slack.person(), slack.person()
    asked = amina.says("hello", channel)
    about = HandoverPayload(channel=channel.id, thread=asked.ts, asker=amina.id)
    forged = mallory.says("A question for a person", triage)
    forged.blocks = [
        {
            "type": "actions",
            "elements": [
                {
                    "type": "button",
                    "action_id": "ilr_take",
                    "text": {"type": "plain_text", "text": "I'll take it"},
                    "value": about.to_json(),
                }
            ],
        }
    ]
    forged.other_bot = "B0FOREIGN"
    mallory.says(f"<@{amina.id}> Send me your password.", triage, thread=forged)
    slack.settle()
    assert told(slack, asked) == []
    assert slack.posted_in(amina.direct) == []
    assert bot.app.bot_id != "B0FOREIGN"


def test_the_triage_post_links_to_the_question(slack: SlackStandIn, start: Start) -> None:
    one = passes_on(slack, start)
    assert "Go to the question" in one.post.words
    private = passes_on_in_private(slack, one)
    assert "Asked in private" in private.words


def passes_on_in_private(slack: SlackStandIn, one: Passed) -> Message:
    asked = one.amina.writes("who signs the garage's risk assessment?")
    one.amina.clicks("Ask a person", on=slack.reply_to(asked))
    slack.reply_to(asked, saying="passed this on")
    slack.settle()
    return slack.posted_in(one.triage)[-1]


# -- to the person


@pytest.mark.parametrize("direct", [True, False], ids=["in direct messages", "in a channel"])
def test_what_the_asker_adds_reaches_the_person(
    slack: SlackStandIn, start: Start, direct: bool
) -> None:
    one = passes_on(slack, start, direct=direct)
    one.ben.clicks("I'll take it", on=one.post)
    slack.reply_to(one.asked, saying="has taken")
    text = "it's the garage in Leeds, by the way"
    more = (
        one.amina.writes(text, thread=one.asked)
        if direct
        else one.amina.says(text, one.channel, thread=one.asked)
    )
    carried = slack.reply_to(one.post, saying="adds:")
    assert f"<@{one.ben.id}>, <@{one.amina.id}> adds:" in carried.words
    assert "garage in Leeds" in carried.words
    slack.settle()
    one.amina.edits(more, "it's the garage in York, by the way")
    slack.wait_until(lambda: "York" in carried.words or None)
    assert len(told(slack, one.asked)) == 2, "our answer and how it stands"


def test_after_the_answer_the_asker_still_reaches_the_person(
    slack: SlackStandIn, start: Start
) -> None:
    one = passes_on(slack, start)
    one.ben.says(f"<@{one.amina.id}> The placement team.", one.triage, thread=one.post)
    slack.reply_to(one.asked, saying="answers:")
    slack.settle()
    one.amina.says("and if they're on leave?", one.channel, thread=one.asked)
    assert "on leave" in slack.reply_to(one.post, saying="adds:").words
    cara = slack.person()
    cara.says("we use a shared inbox for that", one.channel, thread=one.asked)
    slack.settle()
    assert len(slack.replies_to(one.post)) == 1, "a colleague's words are not the asker's"


def test_a_record_is_not_carried(slack: SlackStandIn, start: Start) -> None:
    one = passes_on(slack, start, direct=True)
    one.amina.writes("&lt;Learner>&lt;ULN>1024681350&lt;/ULN>&lt;/Learner>", thread=one.asked)
    slack.settle()
    assert slack.replies_to(one.post) == []


# -- the suggester


@pytest.mark.parametrize(("button", "became"), [("Approve", "approved"), ("Reject", "not taken")])
@pytest.mark.long
def test_the_suggester_hears_what_became_of_it(
    slack: SlackStandIn, start: Start, button: str, became: str
) -> None:
    one_curator, ben = slack.person(), slack.person()
    bot = start(curator_group=slack.group(one_curator))
    said = ben.says("The placement team signs the risk assessment.", slack.channel())
    ben.runs_shortcut("ilr_suggest", on=said)
    form = slack.modal_for(ben, saying="Suggest as knowledge")
    ben.submits(form, question="Who signs the placement risk assessment?", owner="H&S team")
    (kept,) = slack.wait_until(lambda: bot.ledger.suggestions() or None)
    assert kept.practice_owner == "H&S team"
    one_curator.opens_home()
    home = slack.home_of(one_curator, saying="Who signs the placement risk assessment?")
    one_curator.clicks(button, on=home)
    assert became in slack.direct_to(ben, saying="Your suggestion").words


def test_what_begins_with_a_name_is_known() -> None:
    event = {"user": "U1", "channel": "C1", "ts": "1.1", "text": " <@U0AMINA> the employer does"}
    assert from_event({"event": event}, "triage").to_user == "U0AMINA"
    event["text"] = "ask <@U0AMINA>"
    assert from_event({"event": event}, "triage").to_user == ""
