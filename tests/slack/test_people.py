"""People and the bot together: asking a person, follow-ups, silence, edits, and restarts."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.ledger import EventPayload, Ledger, NullLedger, database
from bot.slack.features.handover import remind
from bot.slack.messages import IncomingMessage
from bot.slack.runtime.app import REPLAYED, replay
from tests.slack.running_bot import LEARNER, SECRET, Bot, Start, bot, makes_unsure, start, warm
from tests.support.slack_standin import RateLimited, Refuses, ServerError, SlackStandIn
from tests.support.slack_world import Channel, Message

__all__ = ["bot", "start", "warm"]

ASKED = "several placements, one aim or many?"
TUESDAY_MORNING = datetime(2026, 11, 24, 10, tzinfo=UTC)
TUESDAY_NIGHT = TUESDAY_MORNING.replace(hour=3)


def follow_ups(slack: SlackStandIn, asked: Message) -> int:
    """How many replies there are once nothing more happens."""
    slack.settle()
    return len(slack.replies_to(asked))


# -- asking a person


def test_a_question_reaches_a_person_and_their_reply_comes_back(
    slack: SlackStandIn, start: Start
) -> None:
    triage = slack.channel("ilr-triage")
    bot = start(triage_channel=triage.id)
    amina, ben, channel = slack.person(), slack.person(), slack.channel()
    asked = amina.mentions("who signs the placement risk assessment?", channel)
    amina.clicks("Ask a person", on=slack.reply_to(asked))
    assert "passed this on to a person" in slack.reply_to(asked, number=2).words
    slack.settle()
    (passed,) = slack.posted_in(triage)
    assert "> who signs the placement risk assessment?" in passed.words
    assert "I had no answer." in passed.words
    assert "Go to the question" in passed.words

    ben.clicks("I'll take it", on=passed)
    assert f"<@{ben.id}> has taken" in slack.reply_to(asked, saying="has taken").words
    ben.says(f"<@{amina.id}> The placement team does.", triage, thread=passed)
    told = slack.reply_to(asked, number=3)
    assert f"<@{ben.id}> answers:" in told.words
    assert "placement team does" in told.words

    slack.settle()
    (now,) = slack.posted_in(triage)
    ben.clicks("Answered", on=now)
    slack.reply_to(asked, saying="marked your question as answered")
    assert follow_ups(slack, asked) == 3, "the answer of ours, how it stands, theirs"
    assert bot.ledger.list_open() == []
    assert slack.violations == []


def test_only_the_first_takes_a_question(slack: SlackStandIn, start: Start) -> None:
    triage = slack.channel("ilr-triage")
    start(triage_channel=triage.id)
    amina, ben, cara = slack.person(), slack.person(), slack.person()
    asked = amina.mentions("who signs the placement risk assessment?", slack.channel())
    amina.clicks("Ask a person", on=slack.reply_to(asked))
    passed = slack.wait_until(lambda: slack.posted_in(triage))[0]
    slack.settle()
    ben.clicks("I'll take it", on=passed)
    slack.reply_to(asked, saying="has taken your question")
    cara.clicks("ilr_answered", on=passed)  # a colleague may close it
    ben.clicks("ilr_answered", on=passed)
    slack.reply_to(asked, saying="marked your question as answered")
    assert follow_ups(slack, asked) == 2  # the answer, and how it stands


def test_a_double_click_asks_one_person(slack: SlackStandIn, start: Start) -> None:
    triage = slack.channel("ilr-triage")
    start(triage_channel=triage.id)
    amina = slack.person()
    answer = slack.reply_to(
        amina.mentions("who signs the placement risk assessment?", slack.channel())
    )
    amina.clicks("Ask a person", on=answer)
    slack.wait_until(lambda: slack.posted_in(triage))
    amina.clicks("Ask a person", on=answer)
    assert "already" in slack.only_for(amina).words
    assert len(slack.posted_in(triage)) == 1


def test_a_private_question_is_answered_in_direct_messages(
    slack: SlackStandIn, start: Start
) -> None:
    triage = slack.channel("ilr-triage")
    start(triage_channel=triage.id)
    amina, ben = slack.person(), slack.person()
    amina.types("/ilr who signs the placement risk assessment?", slack.channel())
    amina.clicks("Ask a person", on=slack.only_for(amina))
    passed = slack.wait_until(lambda: slack.posted_in(triage))[0]
    slack.settle()
    ben.says(f"<@{amina.id}> The placement team, I think.", triage, thread=passed)
    assert "The placement team, I think." in slack.direct_to(amina, saying="answers:").words


def test_a_triage_channel_it_cannot_post_to_is_said(slack: SlackStandIn, start: Start) -> None:
    start(triage_channel="C0GONE")
    amina = slack.person()
    answer = slack.reply_to(
        amina.mentions("who signs the placement risk assessment?", slack.channel())
    )
    amina.clicks("Ask a person", on=answer)
    assert "couldn't pass your question on" in slack.only_for(amina).words


def passed_on(slack: SlackStandIn, triage: Channel) -> Message:
    """The post in the triage channel, once the app has said all it has to say."""
    slack.wait_until(lambda: slack.posted_in(triage) or None)
    slack.settle()
    return slack.posted_in(triage)[-1]


def test_what_was_offered_is_told_to_the_person(
    slack: SlackStandIn, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    triage = slack.channel("ilr-triage")
    makes_unsure(monkeypatch, start(triage_channel=triage.id))
    amina = slack.person()
    reply = slack.reply_to(amina.mentions("placement hours", slack.channel()))
    assert "which of these" in reply.words
    amina.clicks("Ask a person", on=reply)
    assert "I offered: Does a learner with several placements" in passed_on(slack, triage).words


def test_what_was_answered_in_the_thread_becomes_a_suggestion(
    slack: SlackStandIn, start: Start
) -> None:
    triage = slack.channel("ilr-triage")
    bot = start(triage_channel=triage.id)
    amina, ben, cara = slack.person(), slack.person(), slack.person()
    asked = amina.mentions("who signs the garage's risk assessment?", slack.channel())
    amina.clicks("Ask a person", on=slack.reply_to(asked))
    post = passed_on(slack, triage)
    cara.says("no idea, wasn't that Health & Safety?", triage, thread=post)
    ben.says(
        f"<@{amina.id}> The employer does, and ring Jo of the H&amp;S team on 07700 900123.",
        triage,
        thread=post,
    )
    slack.reply_to(asked, saying="The employer does")
    ben.clicks("Suggest as knowledge", on=post)
    form = slack.modal_for(ben, saying="Suggest as knowledge")
    assert "who signs the garage's risk assessment?" in str(form.content)
    assert "The employer does, and ring [name] of the H&S team on [phone]." in str(form.content)
    assert "no idea" not in str(form.content), "the answer, not the chatter"
    ben.submits(form, question="Who signs the garage's risk assessment?", owner="mis-team")
    (kept,) = slack.wait_until(lambda: bot.ledger.suggestions() or None)
    assert kept.handover_id is not None


def test_a_reply_in_a_triage_thread_is_suggested_with_its_question(
    slack: SlackStandIn, start: Start
) -> None:
    triage = slack.channel("ilr-triage")
    start(triage_channel=triage.id)
    amina, ben = slack.person(), slack.person()
    asked = amina.mentions("who signs the garage's risk assessment?", slack.channel())
    amina.clicks("Ask a person", on=slack.reply_to(asked))
    said = ben.says("The employer does.", triage, thread=passed_on(slack, triage))
    ben.runs_shortcut("ilr_suggest", on=said)
    form = slack.modal_for(ben, saying="Suggest as knowledge")
    assert "who signs the garage's risk assessment?" in str(form.content)
    assert "The employer does." in str(form.content)


@pytest.mark.parametrize("trouble", ["deleted", "archived"])
def test_an_asker_whose_thread_is_gone_is_told_in_their_messages(
    slack: SlackStandIn, start: Start, trouble: str
) -> None:
    triage = slack.channel("ilr-triage")
    start(triage_channel=triage.id)
    amina, ben = slack.person(), slack.person()
    asked = amina.mentions("who signs the placement risk assessment?", slack.channel())
    amina.clicks("Ask a person", on=slack.reply_to(asked))
    post = passed_on(slack, triage)
    slack.reply_to(asked, saying="passed this on")  # so that the fault meets the next post
    code = "thread_not_found" if trouble == "deleted" else "is_archived"
    slack.reply_to(asked, saying="passed this on").deleted = True  # gone with its thread
    # Taking it changes the post (chat.update), so the first message posted is the asker's.
    slack.next_calls("chat.postMessage", Refuses(code))
    ben.clicks("I'll take it", on=post)
    told = slack.direct_to(amina, saying="has taken your question")
    assert "> who signs the placement risk assessment?" in told.words
    slack.settle()
    slack.next_calls("chat.postMessage", Refuses(code))
    ben.says(f"<@{amina.id}> The placement team does.", triage, thread=post)
    assert "placement team does" in slack.direct_to(amina, saying="answers:").words


def test_a_triage_channel_that_was_archived_loses_nothing(
    slack: SlackStandIn, start: Start
) -> None:
    triage = slack.channel("ilr-triage")
    bot = start(triage_channel=triage.id)
    amina = slack.person()
    answer = slack.reply_to(
        amina.mentions("who signs the placement risk assessment?", slack.channel())
    )
    slack.next_calls("chat.postMessage", Refuses("is_archived"))
    amina.clicks("Ask a person", on=answer)
    assert "it is stored and I will try again" in slack.only_for(amina).words
    (kept,) = bot.ledger.list_open()
    assert kept.triage_message is None
    assert remind(bot.app, TUESDAY_NIGHT) == 0, "nobody works then"
    assert remind(bot.app, TUESDAY_MORNING) == 0, "nothing is due on the day itself"
    with bot.ledger._db.write() as connection:
        connection.exec_driver_sql("update handovers set opened_at='2026-11-23 10:00:00'")
    assert remind(bot.app, TUESDAY_MORNING) == 1
    assert "> who signs the placement risk assessment?" in passed_on(slack, triage).words
    (kept,) = bot.ledger.list_open()
    assert kept.triage_message


def test_people_are_reminded_once_a_day(slack: SlackStandIn, start: Start) -> None:
    triage = slack.channel("ilr-triage")
    bot = start(triage_channel=triage.id)
    amina, ben = slack.person(), slack.person()
    asked = amina.mentions("who signs the placement risk assessment?", slack.channel())
    amina.clicks("Ask a person", on=slack.reply_to(asked))
    post = passed_on(slack, triage)
    ben.clicks("I'll take it", on=post)
    slack.reply_to(asked, saying="has taken")
    with bot.ledger._db.write() as connection:
        connection.exec_driver_sql("update handovers set opened_at='2026-11-23 10:00:00'")
    assert remind(bot.app, TUESDAY_MORNING) == 1
    assert remind(bot.app, TUESDAY_MORNING) == 0
    reminded = slack.reply_to(post, saying="still open")
    assert f"<@{ben.id}>, this question is still open, since 23 November" in reminded.words


def test_an_asker_reached_while_the_records_are_away(slack: SlackStandIn, start: Start) -> None:
    triage = slack.channel("ilr-triage")
    start(ledger=NullLedger("away for this test"), triage_channel=triage.id)
    amina, ben = slack.person(), slack.person()
    asked = amina.mentions("who signs the placement risk assessment?", slack.channel())
    reply = slack.reply_to(asked)
    assert "this question was not recorded" in reply.words
    amina.clicks("Ask a person", on=reply)
    post = passed_on(slack, triage)
    ben.clicks("I'll take it", on=post)
    slack.reply_to(asked, saying="has taken your question")
    ben.says(f"<@{amina.id}> The placement team does.", triage, thread=post)
    assert "placement team does" in slack.reply_to(asked, saying="answers:").words


def test_a_failed_migration_stops_no_answer(
    slack: SlackStandIn, start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(connection: object) -> None:
        raise ValueError("no such column")

    monkeypatch.setattr(database, "_upgrade", fails)
    start(Ledger.open(f"sqlite:///{tmp_path}/new.db", secret=SECRET, retention_days=30))
    reply = slack.reply_to(slack.person().mentions(ASKED, slack.channel()))
    assert "Record a single" in reply.words
    assert "this question was not recorded" in reply.words


def test_what_cannot_be_kept_is_said(slack: SlackStandIn, start: Start) -> None:
    start(ledger=NullLedger("away for this test"))
    amina = slack.person()
    reply = slack.reply_to(amina.mentions(ASKED, slack.channel()))
    amina.clicks("Not quite", on=reply)
    amina.submits(slack.modal_for(amina), why="wrong")
    assert "was not recorded" in slack.only_for(amina).words
    amina.clicks("That solved it", on=reply)
    slack.wait_until(lambda: "✓" in reply.words or None, what="a tick")
    assert "was not recorded" in reply.words
    amina.types("/ilr forget me", slack.channel())
    assert "nothing was deleted" in slack.only_for(amina, number=2).words


def test_the_queue_takes_and_closes_questions(slack: SlackStandIn, start: Start) -> None:
    triage = slack.channel("ilr-triage")
    amina, ben, cara = slack.person(), slack.person(), slack.person()
    bot = start(triage_channel=triage.id, curator_group=slack.group(ben))
    asked = amina.mentions("who signs the placement risk assessment?", slack.channel())
    amina.clicks("Ask a person", on=slack.reply_to(asked))
    post = passed_on(slack, triage)
    ben.opens_home()
    home = slack.home_of(ben, saying="Waiting for a person")
    cara.clicks("I'll take it", on=home)
    assert "Only curators" in slack.direct_to(cara).words
    ben.clicks("I'll take it", on=home)
    assert f"<@{ben.id}> has taken" in slack.reply_to(asked, saying="has taken").words
    slack.home_of(ben, saying=f"taken by <@{ben.id}>")
    assert f"Taken by <@{ben.id}>" in post.words
    ben.clicks("Answered", on=slack.home_of(ben))
    slack.reply_to(asked, saying="marked your question as answered")
    slack.wait_until(lambda: not bot.ledger.list_open() or None)
    assert slack.violations == []


def test_a_second_person_hears_who_has_it(slack: SlackStandIn, start: Start) -> None:
    triage = slack.channel("ilr-triage")
    start(triage_channel=triage.id)
    amina, ben, cara = slack.person(), slack.person(), slack.person()
    asked = amina.mentions("who signs the placement risk assessment?", slack.channel())
    amina.clicks("Ask a person", on=slack.reply_to(asked))
    post = passed_on(slack, triage)
    as_cara_sees_it = replace(post)
    ben.clicks("I'll take it", on=post)
    slack.reply_to(asked, saying="has taken")
    cara.clicks("I'll take it", on=as_cara_sees_it)
    assert f"<@{ben.id}> has it" in slack.only_for(cara).words


def test_no_value_of_a_record_goes_through_a_hand_over_or_suggestion(
    slack: SlackStandIn, start: Start, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    record = LEARNER.replace("9999999999", "1024681350").replace("ZZ99 9ZZ", "BD17 7QX")
    triage = slack.channel("ilr-triage")
    start(triage_channel=triage.id)
    amina, ben = slack.person(), slack.person()
    asked = amina.writes("who countersigns it for learner Imogen Invented, ULN 1024681350?")
    amina.clicks("Ask a person", on=slack.reply_to(asked))
    post = passed_on(slack, triage)
    ben.says(
        f"<@{amina.id}> ULN 1024681350 of BD17 7QX is done by the employer.", triage, thread=post
    )
    assert "[ULN]" in slack.reply_to(asked, saying="answers:").words
    pasted = ben.says(record.replace("<", "&lt;"), triage, thread=post)
    slack.only_for(ben, saying="everyone in this channel can see it")
    ben.runs_shortcut("ilr_suggest", on=pasted)
    slack.modal_for(ben, saying="so it is not copied")
    ben.clicks("Suggest as knowledge", on=post)
    form = slack.modal_for(ben, saying="Other ways people ask it")
    # The question named somebody twice over: it was passed on without its words.
    said = {"question": "Who countersigns it?", "answer": f"It is so: {record}"[:2_800]}
    ben.submits(form, said, owner="mis-team").acknowledged()
    assert "personal details" in str(slack.modal_for(ben, saying="Other ways").errors)
    ben.submits(form, question="Who signs the garage's risk assessment?", owner="mis-team")
    slack.settle()
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("ledger.db*"))
    assert b"Who signs the garage's risk assessment?" in kept
    said = "".join(message.words for message in slack.messages if message.by_the_app)
    for value in ("1024681350", "Imogen", "Invented", "BD17 7QX", "0fm90rk3", "1 Made-up Road"):
        assert value.encode() not in kept, value
        assert value not in said, value
        assert value not in str(form.content), value
        assert value not in caplog.text, value


# -- threads and channels


def test_a_follow_up_in_its_thread_needs_no_mention(slack: SlackStandIn, bot: Bot) -> None:
    amina, channel = slack.person(), slack.channel()
    asked = amina.mentions(ASKED, channel)
    slack.reply_to(asked)
    slack.settle()
    amina.says("and what does WorkPlaceStartDate_02 mean?", channel, thread=asked)
    assert "WorkPlaceStartDate_02" in slack.reply_to(asked, number=2).words


def test_a_mention_alone_in_a_thread_answers_the_question_above(
    slack: SlackStandIn, bot: Bot
) -> None:
    amina, ben, channel = slack.person(), slack.person(), slack.channel()
    asked = amina.says(ASKED, channel)
    ben.mentions("", channel, thread=asked)
    assert "Record a single" in slack.reply_to(asked).words


def test_it_is_silent_once_a_person_has_answered(slack: SlackStandIn, bot: Bot) -> None:
    amina, ben, channel = slack.person(), slack.person(), slack.channel()
    asked = amina.mentions(ASKED, channel)
    slack.reply_to(asked)
    slack.settle()
    ben.says("We always keep one aim open here.", channel, thread=asked)
    slack.settle()
    amina.says("and what does R_96 mean?", channel, thread=asked)
    assert follow_ups(slack, asked) == 1
    amina.mentions("what does R_96 mean?", channel, thread=asked)
    assert "R_96" in slack.reply_to(asked, number=2).words


def test_chatter_in_its_thread_is_left_alone(slack: SlackStandIn, bot: Bot) -> None:
    amina, channel = slack.person(), slack.channel()
    asked = amina.mentions(ASKED, channel)
    slack.reply_to(asked)
    slack.settle()
    for said in ("thanks!", "brilliant", "who is in tomorrow?"):
        amina.says(said, channel, thread=asked)
    assert follow_ups(slack, asked) == 1


@pytest.mark.parametrize(("mode", "replies", "offers"), [("answer", 1, 0), ("offer", 0, 1)])
def test_a_watched_channel_hears_only_what_it_is_sure_of(
    slack: SlackStandIn, start: Start, mode: str, replies: int, offers: int
) -> None:
    channel = slack.channel()
    start(watched_channels=frozenset({channel.id}), watch_mode=mode)
    amina = slack.person()
    sure = amina.says("several placements, do I need one aim or many?", channel)
    amina.says("anyone for lunch?", channel)
    amina.says("I have three placements to record today.", channel)
    slack.wait_for("chat.postEphemeral" if offers else "chat.postMessage")
    slack.settle()
    assert len(slack.replies_to(sure)) == replies
    assert len(slack.posted_in(channel)) == replies
    assert len(slack.calls("chat.postEphemeral")) == offers
    if offers:
        amina.clicks("Show me", on=slack.only_for(amina))
        assert "Record a single" in slack.only_for(amina, saying="Record a single").words


# -- edits and deletions


def test_the_answer_follows_an_edit(slack: SlackStandIn, bot: Bot) -> None:
    amina = slack.person()
    asked = amina.writes("what is R_96?")
    slack.reply_to(asked)
    slack.settle()
    amina.edits(asked, "what is WorkPlaceStartDate_02?")
    slack.wait_for("chat.update")
    (now,) = slack.replies_to(asked)
    assert "WorkPlaceStartDate_02" in now.words


def test_an_edited_record_is_checked_again_in_place(slack: SlackStandIn, bot: Bot) -> None:
    amina = slack.person()
    asked = amina.writes(LEARNER.replace("<", "&lt;"))
    report = slack.reply_to(asked)
    assert "WorkPlaceStartDate_02" in report.words
    slack.wait_for("files.completeUploadExternal")
    slack.settle()
    amina.edits(asked, LEARNER.replace("2026-09-01", "2026-09-11").replace("<", "&lt;"))
    slack.wait_for("chat.update")
    assert "WorkPlaceStartDate_02" not in report.words
    assert "rules were run" in report.words


def test_a_question_edited_into_a_word_gets_what_the_word_asks_for(
    slack: SlackStandIn, bot: Bot
) -> None:
    amina = slack.person()
    asked = amina.writes("what is R_96?")
    reply = slack.reply_to(asked)
    slack.settle()
    amina.edits(asked, "help")
    slack.wait_for("chat.update")
    assert "/ilr forget me" in reply.words


def test_a_follow_up_that_is_edited_is_still_a_follow_up(slack: SlackStandIn, bot: Bot) -> None:
    amina = slack.person()
    asked = amina.writes("which planned hours band is 540?")
    slack.reply_to(asked)
    more = amina.writes("and in 2020/21 ?", thread=asked)
    slack.reply_to(asked, number=2)
    slack.settle()
    before = bot.app.earlier_questions(asked_again(more))
    assert before == ["which planned hours band is 540?"]
    amina.edits(more, "and in 2021/22?")
    slack.wait_for("chat.update")
    assert bot.app.earlier_questions(asked_again(more)) == before


def asked_again(message: Message) -> IncomingMessage:
    """The same message as the edit brings it."""
    return IncomingMessage(
        "dm", message.user, message.channel, ts=message.ts, thread_ts=message.thread_ts
    )


@pytest.mark.parametrize("deleted", [False, True], ids=["edited", "deleted"])
def test_a_change_while_the_answer_is_under_way_waits_for_it(
    slack: SlackStandIn,
    bot: Bot,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    deleted: bool,
) -> None:
    asking, go_on = threading.Event(), threading.Event()
    helpdesk, ask = bot.app.helpdesk, bot.app.helpdesk.ask

    def slow(text: str, **more: object) -> object:
        asking.set()
        assert go_on.wait(10)
        return ask(text, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(helpdesk, "ask", slow)
    amina = slack.person()
    asked = amina.writes("what is R_96?")
    assert asking.wait(10)
    if deleted:
        amina.deletes(asked).acknowledged()
    else:
        amina.edits(asked, "what is WorkPlaceStartDate_02?").acknowledged()
    go_on.set()
    if deleted:
        slack.wait_for("chat.postMessage")
        assert follow_ups(slack, asked) == 0
        assert "a listener failed" not in [record.getMessage() for record in caplog.records]
    else:
        slack.wait_for("chat.update")
        assert follow_ups(slack, asked) == 1
        assert "WorkPlaceStartDate_02" in slack.replies_to(asked)[0].words


def test_a_record_edited_into_a_question_takes_the_answer_away(
    slack: SlackStandIn, bot: Bot
) -> None:
    amina = slack.person()
    asked = amina.mentions("what is R_96?", slack.channel())
    slack.reply_to(asked)
    slack.settle()
    amina.edits(asked, f"<@{slack.bot_user}> {LEARNER.replace('<', '&lt;')}")
    assert "everyone in this channel" in slack.only_for(amina).words
    assert follow_ups(slack, asked) == 0


def test_the_answer_is_found_where_slack_keeps_the_metadata_to_itself(
    slack: SlackStandIn, bot: Bot
) -> None:
    amina = slack.person()
    asked = amina.writes("what is R_96?")
    reply = slack.reply_to(asked)
    slack.settle()
    reply.metadata = None
    amina.deletes(asked)
    slack.wait_for("chat.delete")
    assert follow_ups(slack, asked) == 0


def test_the_answer_goes_with_its_question(slack: SlackStandIn, bot: Bot) -> None:
    amina = slack.person()
    asked = amina.writes("what is R_96?")
    slack.reply_to(asked)
    slack.settle()
    amina.deletes(asked)
    slack.wait_for("chat.delete")
    assert follow_ups(slack, asked) == 0


# -- when things break


def test_a_rate_limit_is_waited_for(slack: SlackStandIn, bot: Bot) -> None:
    slack.next_calls("chat.postMessage", RateLimited(after=1))
    asked = slack.person().mentions(ASKED, slack.channel())
    assert "Record a single" in slack.reply_to(asked).words
    assert follow_ups(slack, asked) == 1


def test_a_refused_message_is_told_not_swallowed(slack: SlackStandIn, bot: Bot) -> None:
    slack.next_calls("chat.postMessage", Refuses("some_error"))
    amina = slack.person()
    amina.mentions(ASKED, slack.channel())
    assert "Something went wrong" in slack.only_for(amina).words


@pytest.mark.long
def test_what_slack_could_not_take_is_answered_later_once(
    slack: SlackStandIn, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    slack.next_calls("chat.postMessage", ServerError(), times=3)
    asked = slack.person().mentions(ASKED, slack.channel())
    slack.wait_for("chat.postMessage", count=3)
    slack.wait_until(lambda: replay(bot.bolt, bot.app), what="the event to be given back")
    assert "Record a single" in slack.reply_to(asked).words
    assert follow_ups(slack, asked) == 1


def test_what_a_dead_process_left_is_answered_by_the_next(
    slack: SlackStandIn, start: Start, tmp_path_factory: pytest.TempPathFactory
) -> None:
    amina, channel = slack.person(), slack.channel()
    slack.hears_channels = False
    asked = amina._say(f"<@{slack.bot_user}> {ASKED}", channel, None)
    url = f"sqlite:///{tmp_path_factory.mktemp('ledger') / 'l.db'}"
    dead = Ledger.open(url, secret=SECRET, retention_days=30)
    payload = EventPayload(
        kind="mention", channel=channel.id, ts=asked.ts, user=amina.id, text=ASKED
    )
    assert dead.claim_event("Ev0LEFT", payload, lease_seconds=0)
    dead.close()
    bot = start(ledger=Ledger.open(url, secret=SECRET, retention_days=30))
    assert replay(bot.bolt, bot.app) == 1
    assert "Record a single" in slack.reply_to(asked).words
    assert replay(bot.bolt, bot.app) == 0
    assert follow_ups(slack, asked) == 1


def test_what_a_burst_left_is_taken_up_in_parts(slack: SlackStandIn, bot: Bot) -> None:
    amina = slack.person()
    for number in range(REPLAYED + 5):
        asked = amina._say("what is R_96?", amina.direct, None)
        kept = EventPayload("dm", asked.channel, asked.ts, amina.id, "what is R_96?")
        assert bot.ledger.claim_event(f"Ev0LEFT{number}", kept, lease_seconds=0)
    assert [replay(bot.bolt, bot.app) for _ in range(3)] == [REPLAYED, 5, 0]
    slack.wait_until(lambda: len(slack.posted_in(amina.direct)) >= REPLAYED + 5, timeout=30)
    slack.settle()
    assert len(slack.posted_in(amina.direct)) == REPLAYED + 5


def test_a_record_left_by_a_dead_process_is_read_from_slack_again(
    slack: SlackStandIn, bot: Bot
) -> None:
    amina = slack.person()
    asked = amina._say(LEARNER.replace("<", "&lt;"), amina.direct, None)
    kept = EventPayload(kind="dm", channel=asked.channel, ts=asked.ts, user=amina.id, text="")
    assert bot.ledger.claim_event("Ev0LEFT", kept, lease_seconds=0)
    replay(bot.bolt, bot.app)
    assert "WorkPlaceStartDate_02" in slack.reply_to(asked).words


def test_who_sent_a_record_that_processes_die_of_is_told(slack: SlackStandIn, bot: Bot) -> None:
    amina = slack.person()
    asked = amina._say(LEARNER.replace("<", "&lt;"), amina.direct, None)
    kept = EventPayload(kind="dm", channel=asked.channel, ts=asked.ts, user=amina.id, text="")
    assert bot.ledger.claim_event("Ev0LEFT", kept, lease_seconds=0)
    with bot.ledger._db.write() as connection:  # as if two processes had ended in its check
        connection.exec_driver_sql("update events set state='posting', attempts=2")
    assert replay(bot.bolt, bot.app) == 0
    assert "I have given it up" in slack.reply_to(asked).words
    assert replay(bot.bolt, bot.app) == 0
    slack.settle()
    assert len(slack.replies_to(asked)) == 1


def test_what_was_posted_just_before_the_end_is_not_posted_again(
    slack: SlackStandIn, bot: Bot
) -> None:
    asked = slack.person().writes("what is R_96?")
    reply = slack.reply_to(asked)
    slack.settle()
    assert reply.metadata
    with bot.ledger._db.write() as connection:  # as if it had died before it could say so
        connection.exec_driver_sql(
            "update events set state='posting', lease_until='2000-01-01', payload=:kept",
            {
                "kept": f'{{"kind":"dm","channel":"{asked.channel}","ts":"{asked.ts}",'
                f'"user":"{asked.user}","text":"what is R_96?","thread_ts":null,"team":null}}'
            },
        )
    assert replay(bot.bolt, bot.app) == 1
    assert follow_ups(slack, asked) == 1


def test_twenty_people_at_once_are_each_answered_once(slack: SlackStandIn, bot: Bot) -> None:
    channel = slack.channel()
    asked: list[Message] = []
    people = [slack.person() for _ in range(20)]
    threads = [
        threading.Thread(target=lambda p=p: asked.append(p.mentions(ASKED, channel)))
        for p in people
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one in asked:
        slack.reply_to(one, timeout=20)
    slack.settle()
    assert [len(slack.replies_to(one)) for one in asked] == [1] * 20
