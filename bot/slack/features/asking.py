"""What is said to a message: an answer, the report of a record, or what a keyword asks for."""

from __future__ import annotations

import time
from dataclasses import replace

from bot.answers import Answer
from bot.privacy import mask, says_too_much
from bot.slack.addressing import points_at_thread
from bot.slack.blocks import notices
from bot.slack.blocks.post import Post
from bot.slack.blocks.reply import reply
from bot.slack.blocks.text import unslack
from bot.slack.context import AppContext
from bot.slack.features import checking, keywords, replies
from bot.slack.messages import IncomingMessage, about
from bot.slack.runtime.logs import log

__all__ = [
    "answer_again",
    "answer_message",
    "answer_privately",
    "explain_privately",
    "post_for",
    "warn_of_personal_details",
]


def answer_message(app: AppContext, message: IncomingMessage) -> None:
    """Answer what somebody wrote in a channel, thread or direct message, where they wrote it."""
    started = time.monotonic()
    in_thread = message.source == "mention" and message.thread_ts and not message.files
    if in_thread and points_at_thread(message.text):
        message = _above(app, message)
    is_record = app.helpdesk.is_record(message.text)
    # What is asked says itself whom to tell of a learner at risk; the rest is read for that first.
    is_asked = bool(message.text) and not (is_record or message.documents)
    at_risk = not is_asked and replies.warn_of_risk(app, message)
    if message.documents and message.in_dm:
        outcome = checking.check_message(app, message)
    elif message.has_picture and not (message.text or message.documents):
        outcome = _cannot_see(app, message)
    elif is_record:
        outcome = (
            checking.check_message(app, message)
            if message.in_dm
            else _warn(app, message, file=False)
        )
    elif message.documents and _is_about_the_file(app, message):
        outcome = _warn(app, message, file=True)
    else:
        outcome = "reply" if at_risk else _answer(app, message)
    log.info(
        "answered",
        extra={
            "reference": message.reference,
            "source": message.source,
            "outcome": outcome,
            "ms": round((time.monotonic() - started) * 1000),
        },
    )


def _is_about_the_file(app: AppContext, message: IncomingMessage) -> bool:
    """Whether a file in a channel is what a message is about: its text asks nothing itself."""
    return not message.text or app.helpdesk.ask(message.text).outcome in ("none", "reply")


def _above(app: AppContext, message: IncomingMessage) -> IncomingMessage:
    """A mention in a thread that asks nothing itself: it is the thread that asks, by the last
    question in it, or else by its first message."""
    thread = app.slack.thread(message.channel, message.root)
    written = [
        unslack(str(posted.get("text") or ""))
        for posted in thread
        if not posted.get("bot_id") and str(posted.get("ts")) < message.ts
    ]
    is_question = app.helpdesk.messages.is_question
    asked = [text for text in written if not points_at_thread(text) and is_question(text)]
    found = asked[-1:] or [text for text in written[:1] if not thread[0].get("bot_id")]
    return replace(message, text=found[0]) if found else message


def _answer(app: AppContext, message: IncomingMessage) -> str:
    to_keyword = keywords.post_for(app, message.text)
    if to_keyword is not None and not app.helpdesk.is_at_risk(message.text):
        app.say_below(message, to_keyword)
        return "word"
    answer = app.helpdesk.ask(message.text, before=app.earlier_questions(message))
    if answer.outcome == "reply":
        replies.reply_to(app, message, answer)
        return answer.outcome
    app.say_below(message, post_for(app, message, answer))
    warn_of_personal_details(app, message)
    if message.source == "dm" and message.thread_ts is None:
        app.slack.title(message.channel, message.root, answer.title or mask(answer.question))
    return answer.outcome


def answer_again(app: AppContext, message: IncomingMessage, reply_ts: str) -> None:
    """The message was edited: what was said to it becomes what is said to it now."""
    if app.helpdesk.is_record(message.text):
        checking.check_again(app, message, reply_ts)
        return
    post = keywords.post_for(app, message.text)
    if post is None:
        answer = app.helpdesk.ask(message.text, before=app.earlier_questions(message))
        if answer.outcome == "reply":
            replies.change_to_reply(app, message, answer, reply_ts)
            return
        post = post_for(app, message, answer)
    app.slack.change(message.channel, reply_ts, post, about=about(message))
    warn_of_personal_details(app, message)


def post_for(
    app: AppContext, message: IncomingMessage, answer: Answer, *, private: bool = False
) -> Post:
    """Keep the question, and build what is said to it.

    What says too much of somebody is neither kept in words nor carried by buttons.
    """
    questions = app.record(message, answer)
    withheld = says_too_much(message.text)
    shown = _without_question(answer) if withheld else answer
    post = reply(shown, app.answer_context(questions, private=private, asker=message.user))
    if message.has_picture:
        post = post.with_note(notices.picture_note(in_channel=not message.in_dm))
    if app.ledger.exists and not questions and answer.is_kept and not withheld:
        return post.with_note(notices.NOT_STORED)
    return post


def _without_question(answer: Answer) -> Answer:
    more = tuple(replace(one, question="") for one in answer.more)
    return replace(answer, question="", more=more)


def warn_of_personal_details(app: AppContext, message: IncomingMessage) -> None:
    """Say to its author alone that a message in a channel says too much of somebody."""
    if not message.in_dm and says_too_much(message.text):
        post = notices.personal_details_in_channel()
        app.slack.whisper(message.channel, message.user, post, thread_ts=message.thread_ts)


def answer_privately(app: AppContext, message: IncomingMessage, url: str) -> None:
    """Answer a question to its asker only, through a response address."""
    if not message.text:
        post = notices.text_post("There is no text in that message to look up.")
    else:
        answer = app.helpdesk.ask(message.text)
        post = (
            replies.private_reply(answer)
            if answer.outcome == "reply"
            else post_for(app, message, answer, private=not message.in_dm)
        )
    app.slack.respond(url, post, user=message.user)


def explain_privately(app: AppContext, message: IncomingMessage, url: str) -> None:
    """Explain a rule, field, code, return or abbreviation to its asker only."""
    answer = app.helpdesk.explain(message.text)
    if answer.outcome == "none":
        app.slack.respond(url, notices.explanation_unknown(), user=message.user)
        return
    questions = app.record(message, answer)
    context = app.answer_context(questions, private=not message.in_dm, asker=message.user)
    app.slack.respond(url, reply(answer, context), user=message.user)


def _cannot_see(app: AppContext, message: IncomingMessage) -> str:
    """A picture and nothing else: said to its sender alone."""
    app.whisper_below(message, notices.only_a_picture(in_channel=not message.in_dm))
    return "picture"


def _warn(app: AppContext, message: IncomingMessage, *, file: bool) -> str:
    """A record where others can see it: said to its author alone, quoting nothing."""
    app.whisper_below(message, notices.record_in_channel(file=file))
    return "record in a channel"
