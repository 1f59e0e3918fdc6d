"""Threads we answered in and channels we watch: nobody called us, so only what is sure."""

from __future__ import annotations

import re

from bot.answers import Answer
from bot.slack.blocks import notices
from bot.slack.context import AppContext
from bot.slack.features.asking import answer_message, post_for
from bot.slack.messages import IncomingMessage, about
from bot.slack.runtime.logs import log

__all__ = ["answer_if_sure"]

_QUESTION = re.compile(
    r"\?|^(?:(?:and|so|but|hi|hello|hey|morning|afternoon|all|anyone|please)[,\s]+){0,4}"
    r"(?:how|what|when|where|which|who|why|can|could|do|does|did|is|are|should|would|will|has|"
    r"have|any(?:one|body)\s+know)\b",
    re.IGNORECASE,
)
_MIN_WORDS_OF_ANSWER = 4


def answer_if_sure(app: AppContext, message: IncomingMessage) -> None:
    """Answer a question that we are sure of; be silent otherwise.

    Somebody who says something in the thread that is no question has answered there: from
    then on the thread is theirs, until we are mentioned again.
    """
    if app.helpdesk.is_record(message.text):
        answer_message(app, message)
        return
    if not _QUESTION.search(message.text.strip()):
        if message.source == "thread" and _is_an_answer(app, message):
            app.ledger.silence_thread(message.channel, message.root)
        return
    answer = app.helpdesk.ask(message.text, before=app.earlier_questions(message))
    # In a thread of ours a choice is worth offering.
    worth = ("answer", "choices") if message.source == "thread" else ("answer",)
    if answer.outcome in worth and app.ledger.may_post(message):
        _say(app, message, answer)


def _say(app: AppContext, message: IncomingMessage, answer: Answer) -> None:
    if message.source == "watched" and app.settings.watch_mode == "offer":
        offer = notices.offer(answer.entry or "", answer.title)
        app.slack.whisper(message.channel, message.user, offer)
    else:
        post = post_for(app, message, answer)
        app.slack.say(message.channel, post, thread_ts=message.root, about=about(message))
    log.info(
        "answered",
        extra={
            "reference": message.reference,
            "source": message.source,
            "outcome": answer.outcome,
        },
    )


def _is_an_answer(app: AppContext, message: IncomingMessage) -> bool:
    return len(message.text.split()) >= _MIN_WORDS_OF_ANSWER and not app.is_asker(message)
