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
from bot.slack.context import Desk
from bot.slack.features import keywords as words
from bot.slack.features import timeline_image as pictures
from bot.slack.messages import Asked
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


def answer_message(desk: Desk, asked: Asked) -> None:
    """Answer what somebody wrote in a channel, thread or direct message, where they wrote it."""
    started = time.monotonic()
    if asked.door == "mention" and asked.thread_ts and not (asked.text or asked.files):
        asked = _above(desk, asked)
    if asked.files and asked.in_dm:
        outcome = _check_in_dm(desk, asked)
    elif desk.helpdesk.is_record(asked.text):
        outcome = _check_in_dm(desk, asked) if asked.in_dm else _warn(desk, asked, file=False)
    elif asked.files and _is_about_the_file(desk, asked):
        outcome = _warn(desk, asked, file=True)
    else:
        outcome = _answer(desk, asked)
    log.info(
        "answered",
        extra={
            "reference": asked.reference,
            "door": asked.door,
            "outcome": outcome,
            "ms": round((time.monotonic() - started) * 1000),
        },
    )


def _is_about_the_file(desk: Desk, asked: Asked) -> bool:
    """Whether a file in a channel is what a message is about: its text asks nothing itself."""
    return not asked.text or desk.helpdesk.ask(asked.text).outcome == "none"


def _above(desk: Desk, asked: Asked) -> Asked:
    """A mention and nothing else, in a thread: it is the thread's first message that asks."""
    first = next(iter(desk.slack.thread(asked.channel, asked.root)), {})
    if first.get("bot_id"):
        return asked
    return replace(asked, text=unslack(str(first.get("text") or "")))


def _answer(desk: Desk, asked: Asked) -> str:
    said = words.post_for(desk, asked.text)
    if said is not None:
        _say(desk, asked, said)
        return "word"
    answer = desk.helpdesk.ask(asked.text, before=desk.earlier(asked))
    _say(desk, asked, post_for(desk, asked, answer))
    if asked.door == "dm" and asked.thread_ts is None:
        desk.slack.title(asked.channel, asked.root, answer.title or mask(answer.question))
    return answer.outcome


def answer_again(desk: Desk, asked: Asked, reply_ts: str) -> None:
    """The message was edited: what was said to it becomes what is said to it now."""
    report: Report | None = None
    if desk.helpdesk.is_record(asked.text):
        try:
            report = check_given(desk, asked.text, None, door=asked.door)
            post = report_post(report, copy_of=copy_of(asked, asked.text))
        except InputError as error:
            post = notices.said(escape(str(error)))
    else:
        post = words.post_for(desk, asked.text) or post_for(
            desk, asked, desk.helpdesk.ask(asked.text, before=desk.earlier(asked))
        )
    desk.slack.change(asked.channel, reply_ts, post, about=about(asked))
    if report is not None:
        _add_files(desk, report, asked)


def post_for(desk: Desk, asked: Asked, answer: Answer, *, private: bool = False) -> Post:
    """Keep the question, and build what is said to it."""
    kept = desk.keep(asked, answer)
    post = reply(answer, desk.context(kept, private=private))
    if desk.keeping.ledger is not None and not kept:
        return post.with_note(notices.NOT_KEPT)
    return post


def answer_privately(desk: Desk, asked: Asked, url: str) -> str:
    """Answer a question to its asker only, through a response address."""
    answer = desk.helpdesk.ask(asked.text)
    desk.slack.respond(url, post_for(desk, asked, answer, private=not asked.in_dm))
    return answer.outcome


def _say(desk: Desk, asked: Asked, post: Post) -> None:
    if not desk.keeping.may_post(asked.event_id, kept=asked.kept):
        return
    desk.slack.say(asked.channel, post, thread_ts=asked.root, about=about(asked))


def about(asked: Asked) -> dict[str, str]:
    """What a reply carries unseen: which message it answers, and the event that brought it."""
    return {"asked": asked.ts, "event": asked.event_id}


def _warn(desk: Desk, asked: Asked, *, file: bool) -> str:
    """A record where others can see it: said to its author alone, quoting nothing."""
    if desk.keeping.may_post(asked.event_id, kept=asked.kept):
        post = notices.record_in_channel(file=file)
        desk.slack.whisper(asked.channel, asked.user, post, thread_ts=asked.thread_ts)
    return "record in a channel"


def _check_in_dm(desk: Desk, asked: Asked) -> str:
    desk.slack.status(asked.channel, asked.root, "is checking the record…")
    given: list[dict[str, Any] | str] = list(asked.files[:MAX_FILES]) or [asked.text]
    if not desk.keeping.may_post(asked.event_id, kept=asked.kept):
        return "taken over"
    for one in given:
        try:
            report = check_given(desk, one, None, door=asked.door)
        except InputError as error:
            text = escape(str(error))
            desk.slack.say(
                asked.channel, notices.said(text), thread_ts=asked.root, about=about(asked)
            )
            continue
        send_report(desk, report, asked, copy_of=copy_of(asked, one))
    return "checked"


def copy_of(asked: Asked, given: dict[str, Any] | str) -> dict[str, str]:
    """Which message (and file) a copy with invented people can be made of."""
    file = {} if isinstance(given, str) else {"f": str(given.get("id") or "")}
    return {"ts": asked.ts, **file}


def fetched(desk: Desk, given: dict[str, Any] | str) -> str | bytes:
    """What was pasted, or what is in a Slack file. Raises InputError, in one sentence."""
    if isinstance(given, str):
        return given
    return fetch(given, desk.slack.client.token or "", desk.settings.slack_api_url)


def check_given(
    desk: Desk, given: dict[str, Any] | str | bytes, year: AcademicYear | None, *, door: str
) -> Report:
    """Check pasted text, a Slack file or its content; only counts by rule are kept.

    Raises InputError, in one sentence, when it cannot be fetched or read.
    """
    record = given if isinstance(given, bytes) else fetched(desk, given)
    name = given.get("name") if isinstance(given, dict) else None
    report = desk.helpdesk.check(record, year, file_name=name if isinstance(name, str) else None)
    rules = Counter(finding.rule for finding in report.findings)
    desk.keeping.attempt(
        lambda ledger: ledger.record_check(
            learners=len(report.learners), rules=rules, door=door, year=str(report.year)
        )
    )
    return report


def send_report(desk: Desk, report: Report, asked: Asked, *, copy_of: dict[str, str]) -> None:
    """Post a report in somebody's direct messages: the findings, every one of them as a file
    when they are many, and the picture of the dates."""
    post = report_post(report, elsewhere="the CSV file below", copy_of=copy_of)
    desk.slack.say(asked.channel, post, thread_ts=asked.root, about=about(asked))
    _add_files(desk, report, asked)


def _add_files(desk: Desk, report: Report, asked: Asked) -> None:
    if is_long(report):
        desk.slack.upload(
            asked.channel,
            f"ilr-check-{report.year}.csv",
            report_csv(report),
            thread_ts=asked.root,
            title="Every finding of the check",
        )
    pictures.add_to_thread(desk, report, asked.channel, asked.root)


def respond_with_report(desk: Desk, report: Report, user: str, url: str) -> None:
    """Show a report to one person in a channel; what is long, and the picture, go with it."""
    where = "the CSV file in our direct messages"
    desk.slack.respond(url, report_post(report, elsewhere=where))
    if is_long(report):
        send_csv(desk, user, report)
    pictures.add_where_shown(
        desk, report, user, lambda block: desk.slack.respond(url, notices.pictured(block))
    )


def send_csv(desk: Desk, user: str, report: Report) -> None:
    """Every finding of a check as a file, in somebody's direct messages."""
    channel, ts = desk.slack.direct(user, notices.said("Every finding of your check, as a file:"))
    desk.slack.upload(
        channel,
        f"ilr-check-{report.year}.csv",
        report_csv(report),
        thread_ts=ts,
        title="Every finding of the check",
    )
