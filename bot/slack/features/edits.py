"""What happens to a question after it was asked: edited, deleted, or read again after a restart.

Which reply belongs to which message is written in the reply's own metadata, so that Slack is
asked and nothing need be kept.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.slack.blocks import notices
from bot.slack.blocks.text import unslack
from bot.slack.context import AppContext
from bot.slack.features.asking import answer_again
from bot.slack.messages import IncomingMessage, mentions, names_somebody
from bot.slack.payloads import files_in
from bot.slack.runtime.client import METADATA

__all__ = ["deleted", "edited", "read_again"]


def edited(app: AppContext, event: dict[str, Any]) -> None:
    """The question was edited: so is its answer."""
    now, before = event.get("message"), event.get("previous_message")
    if not isinstance(now, dict) or not isinstance(before, dict):
        return
    if now.get("bot_id") or now.get("text") == before.get("text"):
        return  # unfurls and reactions of Slack's own arrive as edits too
    message = _message(event, now)
    reply_ts = next(iter(_replies(app, message, before)), None)
    if reply_ts is None:
        return
    if app.helpdesk.is_record(message.text) and not message.in_dm:
        app.slack.remove(message.channel, reply_ts)
        app.slack.whisper(message.channel, message.user, notices.record_in_channel())
    else:
        answer_again(app, message, reply_ts)


def deleted(app: AppContext, event: dict[str, Any]) -> None:
    """The question was deleted: so is its answer."""
    before = event.get("previous_message")
    if not isinstance(before, dict) or before.get("bot_id"):
        return
    message = _message(event, before)
    for reply_ts in _replies(app, message, before):
        app.slack.remove(message.channel, reply_ts)


def _message(event: dict[str, Any], posted: dict[str, Any]) -> IncomingMessage:
    channel = str(event.get("channel") or "")
    thread_ts = posted.get("thread_ts")
    return IncomingMessage(
        source="dm" if channel.startswith("D") else "mention",
        user=str(posted.get("user") or ""),
        channel=channel,
        text=unslack(str(posted.get("text") or "")),
        ts=str(posted.get("ts") or ""),
        thread_ts=thread_ts if isinstance(thread_ts, str) else None,
    )


def _replies(app: AppContext, message: IncomingMessage, before: dict[str, Any]) -> list[str]:
    """Our replies to a message; Slack is only asked about messages that may have one."""
    if not (message.channel and message.ts):
        return []
    ours = message.in_dm or mentions(before, app.bot_user)
    if not ours and app.ledger.thread(message.channel, message.root) is None:
        return []
    app.wait_for_answer(message)
    return _replies_in(app, app.slack.thread(message.channel, message.root), message)


def _replies_in(
    app: AppContext, thread: list[dict[str, Any]], message: IncomingMessage
) -> list[str]:
    """The timestamps of our replies to a message.

    Where a workspace does not hand our metadata back, what we said right after the message.
    """
    named = [posted for posted in thread if _about(posted).get("asked") == message.ts]
    if named or any(_about(posted) for posted in thread):
        return [str(posted.get("ts")) for posted in named]
    found: list[str] = []
    for posted in thread:
        if str(posted.get("ts")) <= message.ts:
            continue
        if not app.bot_id or posted.get("bot_id") != app.bot_id:
            break
        found.append(str(posted.get("ts")))
    return found


def _about(posted: dict[str, Any]) -> dict[str, Any]:
    metadata = posted.get("metadata")
    if not isinstance(metadata, dict) or metadata.get("event_type") != METADATA:
        return {}
    payload = metadata.get("event_payload")
    return payload if isinstance(payload, dict) else {}


def read_again(app: AppContext, message: IncomingMessage) -> IncomingMessage | None:
    """The message of an event that another process left unanswered, as Slack holds it.

    What the ledger kept is masked, and nothing at all for a record. None when it was answered
    already, or was deleted. Where Slack does not let us read, what was kept must do.
    """
    thread = app.slack.thread(message.channel, message.root)
    if _replies_in(app, thread, message):
        return None
    for posted in thread:
        if posted.get("ts") == message.ts:
            text = str(posted.get("text") or "")
            return replace(
                message,
                text=unslack(text),
                files=files_in(posted.get("files")),
                names_somebody=names_somebody(text),
            )
    if thread:
        return None
    if not message.text:
        post = notices.text_post("I was restarted before I could answer you. Please send it again.")
        app.slack.whisper(message.channel, message.user, post, thread_ts=message.thread_ts)
        return None
    return message
