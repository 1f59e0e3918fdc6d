"""What is said to a message: the flows that several doors share."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace
from typing import Any

from bot.answers import Answer
from bot.checking.report import Report
from bot.errors import InputError
from bot.privacy import mask
from bot.slack.blocks import notices
from bot.slack.blocks.post import Post
from bot.slack.blocks.reply import reply
from bot.slack.blocks.report import is_long, report_csv, report_post
from bot.slack.blocks.text import escape, unslack
from bot.slack.context import AppContext
from bot.slack.features import keywords as words
from bot.slack.features import timeline_image as pictures
from bot.slack.messages import IncomingMessage
from bot.slack.runtime.downloads import fetch
from bot.slack.runtime.logs import log
from bot.years import AcademicYear

__all__ = [
    "about",
    "answer_again",
    "answer_message",
    "answer_privately",
    "check_given",
    "fetched",
    "post_for",
    "respond_with_report",
    "send_csv",
]

MAX_FILES = 3


def answer_message(app: AppContext, message: IncomingMessage) -> None:
    """Answer what somebody wrote in a channel, thread or direct message, where they wrote it."""
    started = time.monotonic()
    if message.source == "mention" and message.thread_ts and not (message.text or message.files):
        message = _above(app, message)
    if message.files and message.in_dm:
        outcome = _check_in_dm(app, message)
    elif app.helpdesk.is_record(message.text):
        outcome = _check_in_dm(app, message) if message.in_dm else _warn(app, message, file=False)
    elif message.files and _is_about_the_file(app, message):
        outcome = _warn(app, message, file=True)
    else:
        outcome = _answer(app, message)
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
    return not message.text or app.helpdesk.ask(message.text).outcome == "none"


def _above(app: AppContext, message: IncomingMessage) -> IncomingMessage:
    """A mention and nothing else, in a thread: it is the thread's first message that asks."""
    first = next(iter(app.slack.thread(message.channel, message.root)), {})
    if first.get("bot_id"):
        return message
    return replace(message, text=unslack(str(first.get("text") or "")))


def _answer(app: AppContext, message: IncomingMessage) -> str:
    said = words.post_for(app, message.text)
    if said is not None:
        _say(app, message, said)
        return "word"
    answer = app.helpdesk.ask(message.text, before=app.earlier(message))
    _say(app, message, post_for(app, message, answer))
    if message.source == "dm" and message.thread_ts is None:
        app.slack.title(message.channel, message.root, answer.title or mask(answer.question))
    return answer.outcome


def answer_again(app: AppContext, message: IncomingMessage, reply_ts: str) -> None:
    """The message was edited: what was said to it becomes what is said to it now."""
    report: Report | None = None
    if app.helpdesk.is_record(message.text):
        try:
            report = check_given(app, message.text, None, source=message.source)
            post = report_post(report, copy_of=copy_of(message, message.text))
        except InputError as error:
            post = notices.text_post(escape(str(error)))
    else:
        post = words.post_for(app, message.text) or post_for(
            app, message, app.helpdesk.ask(message.text, before=app.earlier(message))
        )
    app.slack.change(message.channel, reply_ts, post, about=about(message))
    if report is not None:
        _add_files(app, report, message)


def post_for(
    app: AppContext, message: IncomingMessage, answer: Answer, *, private: bool = False
) -> Post:
    """Keep the question, and build what is said to it."""
    kept = app.keep(message, answer)
    post = reply(answer, app.context(kept, private=private))
    if app.keeping.ledger is not None and not kept:
        return post.with_note(notices.NOT_KEPT)
    return post


def answer_privately(app: AppContext, message: IncomingMessage, url: str) -> str:
    """Answer a question to its asker only, through a response address."""
    answer = app.helpdesk.ask(message.text)
    app.slack.respond(url, post_for(app, message, answer, private=not message.in_dm))
    return answer.outcome


def _say(app: AppContext, message: IncomingMessage, post: Post) -> None:
    if not app.keeping.may_post(message.event_id, kept=message.kept):
        return
    app.slack.say(message.channel, post, thread_ts=message.root, about=about(message))


def about(message: IncomingMessage) -> dict[str, str]:
    """What a reply carries unseen: which message it answers, and the event that brought it."""
    return {"asked": message.ts, "event": message.event_id}


def _warn(app: AppContext, message: IncomingMessage, *, file: bool) -> str:
    """A record where others can see it: said to its author alone, quoting nothing."""
    if app.keeping.may_post(message.event_id, kept=message.kept):
        post = notices.record_in_channel(file=file)
        app.slack.whisper(message.channel, message.user, post, thread_ts=message.thread_ts)
    return "record in a channel"


def _check_in_dm(app: AppContext, message: IncomingMessage) -> str:
    app.slack.status(message.channel, message.root, "is checking the record…")
    given: list[dict[str, Any] | str] = list(message.files[:MAX_FILES]) or [message.text]
    if not app.keeping.may_post(message.event_id, kept=message.kept):
        return "taken over"
    for one in given:
        try:
            report = check_given(app, one, None, source=message.source)
        except InputError as error:
            text = escape(str(error))
            app.slack.say(
                message.channel,
                notices.text_post(text),
                thread_ts=message.root,
                about=about(message),
            )
            continue
        send_report(app, report, message, copy_of=copy_of(message, one))
    return "checked"


def copy_of(message: IncomingMessage, given: dict[str, Any] | str) -> dict[str, str]:
    """Which message (and file) a copy with invented people can be made of."""
    file = {} if isinstance(given, str) else {"f": str(given.get("id") or "")}
    return {"ts": message.ts, **file}


def fetched(app: AppContext, given: dict[str, Any] | str) -> str | bytes:
    """What was pasted, or what is in a Slack file. Raises InputError, in one sentence."""
    if isinstance(given, str):
        return given
    return fetch(given, app.slack.client.token or "", app.settings.slack_api_url)


def check_given(
    app: AppContext, given: dict[str, Any] | str | bytes, year: AcademicYear | None, *, source: str
) -> Report:
    """Check pasted text, a Slack file or its content; only counts by rule are kept.

    Raises InputError, in one sentence, when it cannot be fetched or read.
    """
    record = given if isinstance(given, bytes) else fetched(app, given)
    name = given.get("name") if isinstance(given, dict) else None
    report = app.helpdesk.check(record, year, file_name=name if isinstance(name, str) else None)
    rules = Counter(finding.rule for finding in report.findings)
    app.keeping.attempt(
        lambda ledger: ledger.record_check(
            learners=len(report.learners), rules=rules, door=source, year=str(report.year)
        )
    )
    return report


def send_report(
    app: AppContext, report: Report, message: IncomingMessage, *, copy_of: dict[str, str]
) -> None:
    """Post a report in somebody's direct messages: the findings, every one of them as a file
    when they are many, and the picture of the dates."""
    post = report_post(report, elsewhere="the CSV file below", copy_of=copy_of)
    app.slack.say(message.channel, post, thread_ts=message.root, about=about(message))
    _add_files(app, report, message)


def _add_files(app: AppContext, report: Report, message: IncomingMessage) -> None:
    if is_long(report):
        app.slack.upload(
            message.channel,
            f"ilr-check-{report.year}.csv",
            report_csv(report),
            thread_ts=message.root,
            title="Every finding of the check",
        )
    pictures.add_to_thread(app, report, message.channel, message.root)


def respond_with_report(app: AppContext, report: Report, user: str, url: str) -> None:
    """Show a report to one person in a channel; what is long, and the picture, go with it."""
    where = "the CSV file in our direct messages"
    app.slack.respond(url, report_post(report, elsewhere=where))
    if is_long(report):
        send_csv(app, user, report)
    pictures.add_where_shown(
        app, report, user, lambda block: app.slack.respond(url, notices.image_post(block))
    )


def send_csv(app: AppContext, user: str, report: Report) -> None:
    """Every finding of a check as a file, in somebody's direct messages."""
    channel, ts = app.slack.direct(
        user, notices.text_post("Every finding of your check, as a file:")
    )
    app.slack.upload(
        channel,
        f"ilr-check-{report.year}.csv",
        report_csv(report),
        thread_ts=ts,
        title="Every finding of the check",
    )
