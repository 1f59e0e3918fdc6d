"""How it behaves in a conversation: short replies, silence, follow-ups, and a learner at risk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.slack import conversations
from bot.slack.messages import IncomingMessage
from tests.slack.running_bot import Bot, Start, bot, makes_unsure, start, warm
from tests.support.records import as_typed
from tests.support.slack_people import Person
from tests.support.slack_standin import SlackStandIn
from tests.support.slack_world import Message

__all__ = ["bot", "start", "warm"]

ASKED = "several placements, one aim or many?"
ANSWER = "Record a single"
AT_RISK = "A learner, Imogen, told me today that her stepdad hits her"
TELL = "*Tell your designated safeguarding lead now,*"
QUESTIONS = Path(__file__).parents[1] / "questions" / "open"


def kept(bot: Bot) -> list[Any]:
    """The questions in the ledger, oldest first."""
    with bot.ledger._db.read() as connection:
        query = "select text, outcome, entry_id, choices from questions order by id"
        return list(connection.exec_driver_sql(query).all())


def feedback(bot: Bot) -> list[str]:
    with bot.ledger._db.read() as connection:
        return list(connection.exec_driver_sql("select kind from feedback").scalars())


def silent(slack: SlackStandIn, said: Message) -> bool:
    """Whether nothing at all comes of something that was said."""
    slack.settle()
    return slack.replies_to(said) == [] and slack.calls("chat.postEphemeral") == []


# -- short replies


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("hello", "Hello. Ask me about the ILR"),
        ("are you a bot?", "I'm a bot."),
        ("thanks!", "Glad to help."),
        ("never mind", "No problem."),
        ("how many of our learners are still continuing?", "I can't see your college's learners"),
        ("what is the capital of Peru?", "That isn't about the ILR"),
        ("nice weather today", "I found no question about the ILR in that."),
    ],
)
def test_a_line_in_direct_messages_gets_a_short_reply(
    slack: SlackStandIn, bot: Bot, text: str, says: str
) -> None:
    reply = slack.reply_to(slack.person().writes(text))
    assert reply.words.startswith(says)
    assert [block["type"] for block in reply.blocks] == ["section"]
    slack.settle()
    assert kept(bot) == []
    assert slack.violations == []


def test_an_emoji_gets_nothing(slack: SlackStandIn, bot: Bot) -> None:
    assert silent(slack, slack.person().writes(":+1:"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("hello", "Hello. Ask me about the ILR"),
        ("are you a bot?", "I'm a bot."),
        ("how many of our learners are still continuing?", "I can't see your college's learners"),
        ("what is the capital of Peru?", "That isn't about the ILR"),
        ("thanks", ""),
        ("never mind", ""),
        ("nice weather today", ""),
    ],
)
def test_a_mention_gets_little(slack: SlackStandIn, bot: Bot, text: str, says: str) -> None:
    said = slack.person().mentions(text, slack.channel())
    if says:
        assert slack.reply_to(said).words.startswith(says)
    else:
        assert silent(slack, said)
    assert kept(bot) == []


@pytest.mark.parametrize(
    "text",
    [
        "hello",
        "thanks!",
        "how many of our learners are still continuing?",
        "what is the capital of Peru?",
    ],
)
def test_where_nobody_called_us_nothing_is_replied(
    slack: SlackStandIn, start: Start, text: str
) -> None:
    channel = slack.channel()
    bot = start(watched_channels=frozenset({channel.id}))
    amina = slack.person()
    assert silent(slack, amina.says(text, channel))
    asked = amina.mentions(ASKED, channel)
    slack.reply_to(asked)
    slack.settle()
    amina.says(text, channel, thread=asked)
    slack.settle()
    assert len(slack.replies_to(asked)) == 1
    assert len(kept(bot)) == 1


def test_a_command_replies_to_whoever_typed_it(slack: SlackStandIn, bot: Bot) -> None:
    amina = slack.person()
    amina.types("/ilr hello", slack.channel())
    assert slack.only_for(amina).words.startswith("Hello.")
    assert kept(bot) == []


# -- thanks


@pytest.mark.parametrize("where", ["thread", "foot"])
def test_thanks_count_as_solved_and_are_taken_once(
    slack: SlackStandIn, bot: Bot, where: str
) -> None:
    amina = slack.person()
    asked = amina.writes(ASKED)
    slack.reply_to(asked)
    slack.settle()
    thread = asked if where == "thread" else None
    thanks = amina.writes("thanks!", thread=thread)
    slack.reply_to(thanks, saying="Glad to help.")
    slack.settle()
    assert feedback(bot) == ["solved"]
    again = amina.writes("brilliant, thanks", thread=thread)
    slack.settle()
    told = [m for m in slack.posted_in(amina.direct) if m.words == "Glad to help."]
    assert len(told) == 1, again
    assert len(kept(bot)) == 1


def test_thanks_in_a_channels_thread_are_counted_in_silence(slack: SlackStandIn, bot: Bot) -> None:
    amina, ben, channel = slack.person(), slack.person(), slack.channel()
    asked = amina.mentions(ASKED, channel)
    slack.reply_to(asked)
    slack.settle()
    ben.says("thanks!", channel, thread=asked)
    slack.settle()
    assert feedback(bot) == [], "it was not their question"
    amina.says("thanks!", channel, thread=asked)
    slack.wait_until(lambda: feedback(bot) or None, what="the thanks to be counted")
    assert feedback(bot) == ["solved"]
    assert len(slack.replies_to(asked)) == 1


def test_thanks_do_not_take_back_what_was_said(slack: SlackStandIn, bot: Bot) -> None:
    amina = slack.person()
    asked = amina.writes(ASKED)
    amina.clicks("Not quite", on=slack.reply_to(asked))
    amina.submits(slack.modal_for(amina), why="It is wrong")
    slack.wait_until(lambda: feedback(bot) or None, what="the feedback")
    slack.reply_to(amina.writes("thanks", thread=asked), saying="Glad to help.")
    slack.settle()
    assert feedback(bot) == ["wrong"]


def test_thanks_for_no_answer_solve_nothing(slack: SlackStandIn, bot: Bot) -> None:
    amina = slack.person()
    asked = amina.writes("who signs the placement risk assessment?")
    slack.reply_to(asked, saying="no answer")
    slack.reply_to(amina.writes("ok thanks", thread=asked), number=2)
    slack.settle()
    assert feedback(bot) == []


# -- a learner at risk


def said_in_direct_messages(slack: SlackStandIn, amina: Person) -> None:
    amina.writes(AT_RISK)


def said_to_the_bot(slack: SlackStandIn, amina: Person) -> None:
    amina.mentions(AT_RISK, slack.channel())


def said_in_a_watched_channel(slack: SlackStandIn, amina: Person) -> None:
    amina.says(AT_RISK, next(c for c in slack.world.channels.values() if c.name == "watched"))


def said_in_an_answered_thread(slack: SlackStandIn, amina: Person) -> None:
    channel = slack.channel()
    asked = amina.mentions("what is R_96?", channel)
    slack.reply_to(asked)
    slack.settle()
    amina.says(AT_RISK, channel, thread=asked)


def typed_as_a_command(slack: SlackStandIn, amina: Person) -> None:
    amina.types(f"/ilr {AT_RISK}", slack.channel())


def asked_on_the_home_tab(slack: SlackStandIn, amina: Person) -> None:
    amina.opens_home()
    amina.gives(AT_RISK, to="ilr_home_ask", on=slack.home_of(amina))


@pytest.mark.parametrize(
    ("say", "in_private"),
    [
        (said_in_direct_messages, False),
        (said_to_the_bot, True),
        (said_in_a_watched_channel, True),
        (said_in_an_answered_thread, True),
        (typed_as_a_command, True),
        (asked_on_the_home_tab, False),
    ],
)
def test_of_a_learner_at_risk_is_said_whom_to_tell_and_nothing_is_kept(
    slack: SlackStandIn,
    start: Start,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    say: Any,
    in_private: bool,
) -> None:
    caplog.set_level("INFO")
    watched, triage = slack.channel("watched"), slack.channel("triage")
    start(watched_channels=frozenset({watched.id}), triage_channel=triage.id)
    amina = slack.person()
    say(slack, amina)
    told = (slack.only_for if in_private else slack.direct_to)(amina, saying=TELL)
    assert "call 999" in told.words
    assert [block["type"] for block in told.blocks] == ["section"], "no buttons"
    slack.settle()
    shown = [m for m in slack.messages if m.by_the_app and TELL in m.words]
    assert len(shown) == 1
    assert slack.posted_in(triage) == []
    held = b"".join(path.read_bytes() for path in tmp_path.glob("ledger.db*"))
    for word in ("stepdad", "Imogen"):
        assert word.encode() not in held
        assert word not in caplog.text
        assert slack.ever_sent(word) == []


def test_a_question_edited_into_a_disclosure_loses_its_public_answer(
    slack: SlackStandIn, bot: Bot
) -> None:
    amina = slack.person()
    asked = amina.mentions("what is R_96?", slack.channel())
    slack.reply_to(asked)
    slack.settle()
    amina.edits(asked, f"<@{slack.bot_user}> {AT_RISK}")
    assert TELL in slack.only_for(amina).words
    slack.settle()
    assert slack.replies_to(asked) == []


# -- about the answer just given


@pytest.mark.parametrize("where", ["thread", "foot"])
@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("where does it say that?", "From:\n• <https://"),
        ("is that still right?", "Yes, for 2026-27"),
    ],
)
def test_a_turn_is_answered_without_the_answer_again(
    slack: SlackStandIn, bot: Bot, text: str, says: str, where: str
) -> None:
    amina = slack.person()
    asked = amina.writes(ASKED)
    slack.reply_to(asked)
    slack.settle()
    told = slack.reply_to(
        amina.writes(text, thread=asked if where == "thread" else None), saying=says
    )
    assert ANSWER not in told.words
    assert "That solved it" not in told.words
    slack.settle()
    assert len(kept(bot)) == 1
    assert slack.violations == []


def test_a_person_is_offered_for_the_question_before(slack: SlackStandIn, start: Start) -> None:
    triage = slack.channel("triage")
    start(triage_channel=triage.id)
    amina = slack.person()
    slack.reply_to(amina.writes(ASKED))
    slack.settle()
    offered = slack.reply_to(amina.writes("can i speak to a person?"))
    assert ANSWER not in offered.words
    amina.clicks("Ask a person", on=offered)
    passed = slack.wait_until(lambda: slack.posted_in(triage) or None)[-1]
    assert f"> {ASKED}" in passed.words
    assert "I offered: Does a learner with several placements" in passed.words


def test_without_people_to_ask_it_says_so(slack: SlackStandIn, bot: Bot) -> None:
    amina = slack.person()
    slack.reply_to(amina.writes(ASKED))
    slack.settle()
    told = slack.reply_to(amina.writes("can i speak to a person?"))
    assert told.words == "Passing questions to a person has not been set up."


def test_in_a_channels_thread_only_the_asker_asks_about_the_answer(
    slack: SlackStandIn, bot: Bot
) -> None:
    amina, ben, channel = slack.person(), slack.person(), slack.channel()
    asked = amina.mentions(ASKED, channel)
    slack.reply_to(asked)
    slack.settle()
    ben.says("still right?", channel, thread=asked)
    slack.settle()
    assert len(slack.replies_to(asked)) == 1
    amina.says("is that still right?", channel, thread=asked)
    assert "Yes, for 2026-27" in slack.reply_to(asked, number=2).words


# -- at the foot of direct messages


def test_a_follow_up_at_the_foot_is_understood_as_in_the_thread(
    slack: SlackStandIn, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    amina = slack.person()
    slack.reply_to(amina.writes("what does WorkPlaceStartDate_02 mean?"))
    slack.settle()
    more = slack.reply_to(amina.writes("and WorkPlaceStartDate_01?"))
    assert "WorkPlaceStartDate_01" in more.words
    slack.settle()
    asked = amina.writes("when does R04 close?")
    slack.reply_to(asked, saying="R04")
    slack.settle()
    slack.reply_to(amina.writes("and R06?"), saying="R06 of 2026-27 closes")
    slack.settle()
    monkeypatch.setattr(conversations, "SECONDS_TO_FOLLOW_UP", 0.0)
    amina.writes("is that still right?")
    slack.settle()
    assert "Yes, for 2026-27" not in str([m.words for m in slack.posted_in(amina.direct)])


@pytest.mark.long
def test_what_is_asked_of_an_answer_is_understood_at_the_foot(
    slack: SlackStandIn, bot: Bot
) -> None:
    """Of the open conversations, with all that was typed at the foot: as well as in a thread."""
    rows = as_typed(QUESTIONS / "conversations.yaml")
    turns, in_thread, at_foot, alone = 0, 0, 0, 0
    for row in rows:
        amina, before = slack.person(), list[str]()
        for turn in row["turns"]:
            typed = IncomingMessage(
                "dm", amina.id, amina.direct.id, text=turn["text"], ts=slack.world.new_ts()
            )
            if turn["turn"] in ("source", "still", "person"):
                turns += 1
                foot = bot.app.earlier_questions(typed)
                ask = bot.app.helpdesk.ask
                in_thread += ask(turn["text"], before=before).reply == turn["turn"]
                at_foot += ask(turn["text"], before=foot).reply == turn["turn"]
                alone += ask(turn["text"]).reply == turn["turn"]
            else:
                answer = bot.app.helpdesk.ask(turn["text"], before=before)
                bot.app.record(typed, answer)
            before.append(turn["text"])
    assert turns > 20
    assert alone == 0
    assert at_foot >= in_thread - 1
    assert at_foot >= 0.8 * turns


def test_what_is_asked_anew_at_the_foot_is_read_alone(slack: SlackStandIn, bot: Bot) -> None:
    rows = as_typed(QUESTIONS / "forum.yaml")
    amina = slack.person()
    read_alone = 0
    for row in rows:
        text = str(row["text"])
        message = IncomingMessage(
            "dm", amina.id, amina.direct.id, text=text, ts=slack.world.new_ts()
        )
        read_alone += bot.app.earlier_questions(message) == []
        bot.app.conversations.remember(message, text)
    assert read_alone >= 0.95 * len(rows)


# -- in watched channels


def everyday_lines() -> list[str]:
    """Small talk of a team's channel."""
    rows = as_typed(QUESTIONS / "small-talk.yaml")
    return [*(str(row["text"]) for row in rows), *_ABOUT_WORK]


_ABOUT_WORK = """\
I have three placements to record today.
I've put all the WorkPlaceStartDate_02 ones in the tracker
R04 is in, no errors
R_96 is back again
it should be one aim with several placements
you need to add a separate Work Placement record
three apprentices have gone on a break in learning this week
T Level placement hours need checking with Sam
don't forget the destination data
Priya, what does R_96 mean on the hair group?
did you close the aims for plumbing?
who signed off the funding claim?
can you send me the ILR for the level 3s?
where is the placement tracker saved?
does anyone have the login for Submit learner data?
did R04 go in?""".splitlines()


@pytest.mark.long
def test_everyday_lines_of_a_watched_channel_are_not_interrupted(
    slack: SlackStandIn, start: Start
) -> None:
    channel = slack.channel()
    bot = start(watched_channels=frozenset({channel.id}))
    amina = slack.person()
    lines = everyday_lines()
    assert len(lines) > 100
    for place, line in enumerate(lines):
        amina.says(line, channel)
        if place % 20 == 0:
            slack.settle(quiet=0.05)
    slack.settle()
    assert [message.words for message in slack.posted_in(channel)] == []
    assert slack.calls("chat.postEphemeral") == []
    assert kept(bot) == []


@pytest.mark.parametrize(
    "text", [ASKED, "Hi all, what does R_96 mean?", "R_96 firing on all of ours, any ideas"]
)
def test_a_question_to_nobody_in_particular_is_answered(
    slack: SlackStandIn, start: Start, text: str
) -> None:
    channel = slack.channel()
    start(watched_channels=frozenset({channel.id}))
    assert slack.reply_to(slack.person().says(text, channel))


@pytest.mark.parametrize("text", [f"<@U0PRIYA> {ASKED}", f"Priya, {ASKED}"])
def test_a_question_to_a_colleague_is_left_to_them(
    slack: SlackStandIn, start: Start, text: str
) -> None:
    channel = slack.channel()
    start(watched_channels=frozenset({channel.id}))
    assert silent(slack, slack.person().says(text, channel))


def test_choices_are_not_offered_where_nobody_called_us(
    slack: SlackStandIn, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = slack.channel()
    bot = start(watched_channels=frozenset({channel.id}))
    amina = slack.person()
    asked = amina.mentions("what is R_96?", channel)
    slack.reply_to(asked)
    slack.settle()
    makes_unsure(monkeypatch, bot)
    amina.says("which aim for a placement?", channel)
    amina.says("which aim for a placement?", channel, thread=asked)
    slack.settle()
    assert len(slack.replies_to(asked)) == 1
    assert len(slack.posted_in(channel)) == 1
