"""Threads we answered in and channels we watch: nobody called us, so only what is sure."""

from __future__ import annotations

import re

from bot.slack.blocks import notices
from bot.slack.context import Desk
from bot.slack.features.asking import about, answer_message, post_for
from bot.slack.messages import Asked
from bot.slack.runtime.logs import log

__all__ = ["answer_if_sure"]

_QUESTION = re.compile(
    r"\?|^(?:(?:and|so|but|hi|hello|hey|morning|afternoon|all|anyone|please)[,\s]+){0,4}"
    r"(?:how|what|when|where|which|who|why|can|could|do|does|did|is|are|should|would|will|has|"
    r"have|any(?:one|body)\s+know)\b",
    re.IGNORECASE,
)
_WORDS_OF_AN_ANSWER = 4


def answer_if_sure(desk: Desk, asked: Asked) -> None:
    """Answer a question that we are sure of; be silent otherwise.

    Somebody who says something in the thread that is no question has answered there: from
    then on the thread is theirs, until we are mentioned again.
    """
    if desk.helpdesk.is_record(asked.text):
        answer_message(desk, asked)
        return
    if not _QUESTION.search(asked.text.strip()):
        if asked.door == "thread" and _is_an_answer(desk, asked):
            desk.keeping.attempt(lambda ledger: ledger.silence_thread(asked.channel, asked.root))
        return
    answer = desk.helpdesk.ask(asked.text, before=desk.earlier(asked))
    if answer.outcome == "choices" and asked.door == "thread":
        pass  # in a thread of ours a choice is worth offering
    elif answer.outcome != "answer":
        return
    if not desk.keeping.may_post(asked.event_id, kept=asked.kept):
        return
    if asked.door == "watched" and desk.settings.watch_mode == "offer":
        desk.slack.whisper(
            asked.channel, asked.user, notices.offer(answer.entry or "", answer.title)
        )
    else:
        desk.slack.say(
            asked.channel, post_for(desk, asked, answer), thread_ts=asked.root, about=about(asked)
        )
    log.info(
        "answered",
        extra={"reference": asked.reference, "door": asked.door, "outcome": answer.outcome},
    )


def _is_an_answer(desk: Desk, asked: Asked) -> bool:
    return len(asked.text.split()) >= _WORDS_OF_AN_ANSWER and not desk.is_asker(asked)
