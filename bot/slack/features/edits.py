"""What happens to a question after it was asked: edited, deleted, or read again after a restart.

Which reply belongs to which message is written in the reply's own metadata, so that Slack is
asked and nothing need be kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bot.slack.blocks import notices
from bot.slack.blocks.text import unslack
from bot.slack.context import AppContext
from bot.slack.features.asking import answer_again
from bot.slack.messages import IncomingMessage, mentions
from bot.slack.runtime.client import METADATA

__all__ = ["deleted", "edited", "read_again"]


def edited(app: AppContext, event: dict[str, Any]) -> None:
    """The question was edited: so is its answer."""
    now, before = event.get("message"), event.get("previous_message")
    if not isinstance(now, dict) or not isinstance(before, dict):
        return
    if now.get("bot_id") or now.get("text") == before.get("text"):
        return  # unfurls and reactions of Slack's own arrive as edits too
    asked = _asked(event, now)
    for reply_ts in _replies(app, asked, event, before):
        if app.helpdesk.is_record(asked.text) and not asked.in_dm:
            app.slack.remove(asked.channel, reply_ts)
            app.slack.whisper(asked.channel, asked.user, notices.record_in_channel())
        else:
            answer_again(app, asked, reply_ts)
        return


def deleted(app: AppContext, event: dict[str, Any]) -> None:
    """The question was deleted: so is its answer."""
    before = event.get("previous_message")
    if not isinstance(before, dict) or before.get("bot_id"):
        return
    asked = _asked(event, before)
    for reply_ts in _replies(app, asked, event, before):
        app.slack.remove(asked.channel, reply_ts)


def _asked(event: dict[str, Any], message: dict[str, Any]) -> IncomingMessage:
    channel = str(event.get("channel") or "")
    return IncomingMessage(
        source="dm" if channel.startswith("D") else "mention",
        user=str(message.get("user") or ""),
        channel=channel,
        text=unslack(str(message.get("text") or "")),
        ts=str(message.get("ts") or ""),
        thread_ts=message.get("thread_ts") if isinstance(message.get("thread_ts"), str) else None,
    )


def _replies(
    app: AppContext, asked: IncomingMessage, event: dict[str, Any], before: dict[str, Any]
) -> Iterator[str]:
    """Our replies to a message; Slack is only asked about messages that may have one."""
    if not (asked.channel and asked.ts):
        return
    ours = asked.in_dm or mentions(before, app.me)
    if not ours:
        root = asked.root
        ours = bool(app.keeping.attempt(lambda ledger: ledger.thread(asked.channel, root)))
    if not ours:
        return
    app.wait_for(asked)
    yield from _answers(app, app.slack.thread(asked.channel, asked.root), asked)


def _answers(app: AppContext, thread: list[dict[str, Any]], asked: IncomingMessage) -> list[str]:
    """The timestamps of our replies to a message.

    Where a workspace does not hand our metadata back, what we said right after the message.
    """
    named = [message for message in thread if _about(message).get("asked") == asked.ts]
    if named or any(_about(message) for message in thread):
        return [str(message.get("ts")) for message in named]
    found: list[str] = []
    for message in thread:
        if str(message.get("ts")) <= asked.ts:
            continue
        if not app.my_bot or message.get("bot_id") != app.my_bot:
            break
        found.append(str(message.get("ts")))
    return found


def _about(message: dict[str, Any]) -> dict[str, Any]:
    metadata = message.get("metadata")
    if not isinstance(metadata, dict) or metadata.get("event_type") != METADATA:
        return {}
    payload = metadata.get("event_payload")
    return payload if isinstance(payload, dict) else {}


def read_again(app: AppContext, asked: IncomingMessage) -> IncomingMessage | None:
    """The message of an event that another process left unanswered, as Slack holds it.

    What the ledger kept is masked, and nothing at all for a record. None when it was answered
    already, or was deleted. Where Slack does not let us read, what was kept must do.
    """
    thread = app.slack.thread(asked.channel, asked.root)
    if _answers(app, thread, asked):
        return None
    for message in thread:
        if message.get("ts") == asked.ts:
            files = message.get("files")
            return replace(
                asked,
                text=unslack(str(message.get("text") or "")),
                files=tuple(files) if isinstance(files, list) else (),
            )
    if thread:
        return None
    if not asked.text:
        post = notices.text_post("I was restarted before I could answer you. Please send it again.")
        app.slack.whisper(asked.channel, asked.user, post, thread_ts=asked.thread_ts)
        return None
    return asked
