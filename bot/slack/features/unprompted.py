"""Threads we answered in and channels we watch: nobody called us, so only what is sure."""

from __future__ import annotations

import re

from bot.slack.blocks import notices
from bot.slack.context import AppContext
from bot.slack.features.asking import about, answer_message, post_for
from bot.slack.messages import IncomingMessage
from bot.slack.runtime.logs import log

__all__ = ["answer_if_sure"]

_QUESTION = re.compile(
    r"\?|^(?:(?:and|so|but|hi|hello|hey|morning|afternoon|all|anyone|please)[,\s]+){0,4}"
    r"(?:how|what|when|where|which|who|why|can|could|do|does|did|is|are|should|would|will|has|"
    r"have|any(?:one|body)\s+know)\b",
    re.IGNORECASE,
)
_WORDS_OF_AN_ANSWER = 4


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
            app.keeping.attempt(lambda ledger: ledger.silence_thread(message.channel, message.root))
        return
    answer = app.helpdesk.ask(message.text, before=app.earlier(message))
    if answer.outcome == "choices" and message.source == "thread":
        pass  # in a thread of ours a choice is worth offering
    elif answer.outcome != "answer":
        return
    if not app.keeping.may_post(message.event_id, kept=message.kept):
        return
    if message.source == "watched" and app.settings.watch_mode == "offer":
        app.slack.whisper(
            message.channel, message.user, notices.offer(answer.entry or "", answer.title)
        )
    else:
        app.slack.say(
            message.channel,
            post_for(app, message, answer),
            thread_ts=message.root,
            about=about(message),
        )
    log.info(
        "answered",
        extra={"reference": message.reference, "source": message.source, "outcome": answer.outcome},
    )


def _is_an_answer(app: AppContext, message: IncomingMessage) -> bool:
    return len(message.text.split()) >= _WORDS_OF_AN_ANSWER and not app.is_asker(message)
