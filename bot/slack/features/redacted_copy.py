"""A copy of a checked record with invented people in it, to show to colleagues.

Nothing of a record is kept, so that the copy is made of the message it came in, read again.
"""

from __future__ import annotations

from typing import Any

from bot.checking.apart import is_small
from bot.errors import InputError
from bot.ilr.redaction import redact
from bot.slack.blocks import notices
from bot.slack.blocks.text import escape, unslack
from bot.slack.context import AppContext
from bot.slack.interactions import Click
from bot.slack.payloads import CopyPayload, files_in

__all__ = ["give", "send_copy"]

_LOOK = "Names, numbers, addresses and birthdays are invented. Look it over before you share it."
_GONE = "I can no longer see the message with that record. Send it again, and I will make a copy."


def give(app: AppContext, click: Click[CopyPayload]) -> None:
    """Make the copy of the record that a report in direct messages was about."""
    thread = app.slack.thread(click.channel, click.root)
    message = next((one for one in thread if one.get("ts") == click.payload.message_ts), None)
    if message is None:
        click.whisper(app, notices.text_post(_GONE))
        return
    try:
        record = _record(app, message, click.payload.file_id)
        send_copy(app, record, click.channel, click.root)
    except InputError as error:
        click.whisper(app, notices.text_post(escape(str(error))))


def _record(app: AppContext, message: dict[str, Any], file_id: str) -> str | bytes:
    files = files_in(message.get("files"))
    file = next((one for one in files if one.id == file_id), None)
    if file is not None:
        return app.content_of(file)
    text = unslack(str(message.get("text") or ""))
    if file_id or not text:
        raise InputError(_GONE)
    return text


def send_copy(app: AppContext, record: str | bytes, channel: str, thread_ts: str) -> None:
    """Add the copy to a thread, as a file. Raises InputError when none can be made."""
    if is_small(record):
        copy = redact(record)
    else:
        copy = app.apart.redact(app.helpdesk.published.knowledge, record)
    name = "invented.xml" if copy.lstrip("\ufeff \n").startswith("<") else "invented.txt"
    app.slack.upload(
        channel, name, copy, thread_ts=thread_ts, title="The record, with invented people",
        comment=_LOOK,
    )  # fmt: skip
