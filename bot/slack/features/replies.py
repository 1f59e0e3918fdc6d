"""What is said to a line that asks nothing to look up, and where nothing is said.

In direct messages there is a short reply. In a channel there is none, but for what is said to the
bot itself. What is said of a learner at risk is replied to everywhere, and kept nowhere.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.answering.form import has_form_of_question
from bot.answers import Answer
from bot.slack.blocks import notices
from bot.slack.blocks.post import Post
from bot.slack.blocks.text import clip, mrkdwn
from bot.slack.blocks.turn import person_post, source_post, still_post
from bot.slack.context import AppContext
from bot.slack.conversations import SECONDS_TO_THANK
from bot.slack.messages import IncomingMessage
from bot.slack.payloads import AnswerPayload

__all__ = ["change_to_reply", "private_reply", "reply_to", "warn_of_risk"]

MAX_QUESTION = 300
"""Characters of the earlier question that a button carries."""
TURNS = frozenset({"source", "still", "person"})
"""Replies about the answer before."""
TO_A_MENTION = frozenset({"greeting", "bot", "own-data", "elsewhere"})
"""What is replied to in a channel, when it was said to us."""
ONCE = frozenset({"thanks", "ok", "nevermind"})
"""What ends a conversation, and is not replied to again and again."""


def reply_to(app: AppContext, message: IncomingMessage, answer: Answer) -> None:
    """Say what is to be said to a line that asks nothing; often nothing."""
    if answer.reply == "safeguarding":
        app.whisper_below(message, notices.text_post(mrkdwn(answer.lead)))
        return
    if answer.reply == "thanks":
        _count_as_solved(app, message)
    post = _post(app, message, answer)
    if post is not None:
        app.say_below(message, post)


def warn_of_risk(app: AppContext, message: IncomingMessage) -> bool:
    """Where a message speaks of a learner at risk, say whom to tell before all else."""
    before = app.earlier_questions(message)
    if not app.helpdesk.is_at_risk(message.text, before):
        return False
    reply_to(app, message, app.helpdesk.ask(message.text, before=before))
    return True


def change_to_reply(
    app: AppContext, message: IncomingMessage, answer: Answer, reply_ts: str
) -> None:
    """A question was edited into such a line: its answer becomes the reply, or goes."""
    post = _post(app, message, answer)
    if post is not None:
        app.slack.change(message.channel, reply_ts, post)
        return
    app.slack.remove(message.channel, reply_ts)
    if answer.reply == "safeguarding":
        reply_to(app, message, answer)


def private_reply(answer: Answer) -> Post:
    """What is said to the one person who looked such a line up."""
    return notices.text_post(mrkdwn(answer.lead) or notices.NO_QUESTION)


def _post(app: AppContext, message: IncomingMessage, answer: Answer) -> Post | None:
    """The reply where the line was said; None for silence."""
    kind = answer.reply or ""
    if kind in TURNS:
        return _turn(app, message, answer) if _is_asked_of_us(app, message) else None
    if message.in_dm:
        if kind == "emoji" or (kind in ONCE and not app.conversations.may_reply(message, kind)):
            return None
        return private_reply(answer)
    if message.source == "mention" and kind in TO_A_MENTION:
        return notices.text_post(mrkdwn(answer.lead))
    # Whoever asks us by name is told that nothing was found to answer.
    asks_us = message.source == "mention" and has_form_of_question(message.text)
    return private_reply(answer) if asks_us and kind == "chatter" else None


def _is_asked_of_us(app: AppContext, message: IncomingMessage) -> bool:
    """In a thread we answered in, only whoever asked there asks us about the answer."""
    return message.source != "thread" or app.is_asker(message)


def _turn(app: AppContext, message: IncomingMessage, answer: Answer) -> Post:
    if answer.reply == "source":
        return source_post(answer)
    if answer.reply == "still":
        return still_post(answer)
    asked = next(reversed(app.conversations.before(message)), None)
    text = asked.text if asked else next(reversed(app.earlier_questions(message)), "")
    about = AnswerPayload(
        entry=answer.entry or "",
        year=answer.year,
        questions=asked.ids if asked else (),
        question_text=clip(text, MAX_QUESTION),
    )
    return person_post(answer, about, people=bool(app.settings.triage_channel))


def _count_as_solved(app: AppContext, message: IncomingMessage) -> None:
    """Whoever thanks for an answer says that it solved their question."""
    asked = app.conversations.thanked_for(message)
    if asked is not None and asked.ids:
        app.ledger.record_thanks(asked.ids[0], user=message.user)
    elif asked is None and not app.conversations.is_known(message):
        # This process was restarted since, or another one answered.
        since = datetime.now(UTC) - timedelta(seconds=SECONDS_TO_THANK)
        question = app.ledger.last_asked(message, since=since)
        if question is not None:
            app.ledger.record_thanks(question, user=message.user)
