"""Threads we answered in and channels we watch: nobody called us, so only what is sure."""

from __future__ import annotations

from bot.answers import Answer
from bot.slack.addressing import is_for_somebody, wonders_too
from bot.slack.blocks import notices
from bot.slack.context import AppContext
from bot.slack.features.asking import answer_message, post_for, warn_of_personal_details
from bot.slack.features.replies import reply_to, warn_of_risk
from bot.slack.messages import IncomingMessage, about
from bot.slack.runtime.logs import log

__all__ = ["answer_again_if_sure", "answer_if_sure"]

_MIN_WORDS_OF_ANSWER = 4
_NO_ANSWER = {"thanks", "ok", "nevermind", "greeting", "emoji", "bot"}
"""Kinds of line by which nobody answers a question."""


def answer_if_sure(app: AppContext, message: IncomingMessage) -> None:
    """Answer a question to nobody in particular that we are sure of; be silent otherwise.

    Somebody who says something in the thread that is no question has answered there: from
    then on the thread is theirs, until we are mentioned again.
    """
    if app.helpdesk.is_record(message.text):
        answer_message(app, message)
        return
    if warn_of_risk(app, message):
        return
    before = app.earlier_questions(message)
    if not app.helpdesk.messages.is_question(message.text, before=before) and _is_an_answer(
        app, message
    ):
        app.ledger.silence_thread(message.channel, message.root)
        return
    answer = app.helpdesk.ask(message.text, before=before)
    if answer.reply == "thanks" or (answer.outcome == "reply" and not is_for_somebody(message)):
        reply_to(app, message, answer)
    elif _is_worth_saying(app, message, answer, before):
        _say(app, message, answer)


def answer_again_if_sure(app: AppContext, message: IncomingMessage, reply_ts: str) -> None:
    """The message was edited: its answer becomes the new one, or goes when none is sure."""
    before = app.earlier_questions(message)
    answer = app.helpdesk.ask(message.text, before=before)
    if _is_worth_saying(app, message, answer, before):
        post = post_for(app, message, _sure_parts(answer))
        app.slack.change(message.channel, reply_ts, post, about=about(message))
        return
    app.slack.remove(message.channel, reply_ts)
    warn_of_risk(app, message)


def _is_worth_saying(
    app: AppContext, message: IncomingMessage, answer: Answer, before: list[str]
) -> bool:
    """Whether it is a sure answer to a question that was asked of whoever knows."""
    return (
        answer.outcome == "answer"
        and app.helpdesk.messages.is_question(message.text, before=before)
        and not is_for_somebody(message)
    )


def _say(app: AppContext, message: IncomingMessage, answer: Answer) -> None:
    sure = _sure_parts(answer)
    if message.source == "watched" and app.settings.watch_mode == "offer":
        app.whisper_below(message, notices.offer(sure.entry or "", sure.title))
    else:
        app.say_below(message, post_for(app, message, sure))
        warn_of_personal_details(app, message)
    log.info(
        "answered",
        extra={
            "reference": message.reference,
            "source": message.source,
            "outcome": answer.outcome,
        },
    )


def _sure_parts(answer: Answer) -> Answer:
    return answer.with_more(tuple(one for one in answer.more if one.outcome == "answer"))


def _is_an_answer(app: AppContext, message: IncomingMessage) -> bool:
    """Whether a colleague answered in a thread of ours."""
    return (
        message.source == "thread"
        and len(message.text.split()) >= _MIN_WORDS_OF_ANSWER
        and not wonders_too(message.text)
        and app.helpdesk.messages.kind_of(message.text) not in _NO_ANSWER
        and not app.is_asker(message)
    )
