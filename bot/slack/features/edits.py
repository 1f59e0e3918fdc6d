"""What happens to a question after it was asked: edited, deleted, or read again after a restart.

Which reply belongs to which message is written in the reply's own metadata, so that Slack is
asked and nothing need be kept.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.slack.blocks import notices
from bot.slack.context import AppContext
from bot.slack.features import handover, relaying
from bot.slack.features.asking import answer_again, answer_message
from bot.slack.features.unprompted import answer_again_if_sure
from bot.slack.messages import (
    IncomingMessage,
    about_of,
    carried_by,
    from_event,
    mentions,
    words_of,
)
from bot.slack.payloads import files_in

__all__ = ["deleted", "edited", "mention_edited", "read_again"]

TOMBSTONE = "tombstone"
"""What is left of a deleted message that has replies."""


def edited(app: AppContext, event: dict[str, Any]) -> None:
    """A message was edited: so is what we said to it, by the manners of where it stands."""
    now, before = event.get("message"), event.get("previous_message")
    if not isinstance(now, dict) or not isinstance(before, dict):
        return
    if now.get("subtype") == TOMBSTONE:
        deleted(app, event)
        return
    if now.get("bot_id") or now.get("text") == before.get("text"):
        return  # unfurls and reactions of Slack's own arrive as edits too
    message = _message(app, event, now, before)
    _follow(app, message, _edited_at(now) or str(event.get("event_ts") or ""))


def mention_edited(app: AppContext, body: dict[str, Any]) -> None:
    """Slack repeats app_mention when a message with our name in it is edited."""
    message = from_event(body, "dm" if str(body["event"]["channel"])[0] == "D" else "mention")
    # The ledger holds no edit as an event, and lets nothing be posted to one it does not hold.
    _follow(app, replace(message, event_id=""), _edited_at(body["event"]))


def _follow(app: AppContext, message: IncomingMessage, edited_at: str) -> None:
    app.wait_until_expected(message)
    if app.change_waiting(message) or not _may_be_ours(app, message):
        return
    if not app.ledger.see_once(f"edit {message.channel}/{message.ts}/{edited_at}"):
        return
    app.wait_for_answer(message)
    if relaying.carry_change(app, message):
        return
    thread = app.slack.thread(message.channel, message.root)
    replies = _replies_in(app, thread, message)
    asked = app.ledger.handovers_of(message)
    app.forget_message(message)
    if replies:
        _answer_anew(app, message, replies[0])
    elif thread and _asks_us(app, message):
        answer_message(app, message)
    for found in asked:
        handover.reword(app, message, found)


def _answer_anew(app: AppContext, message: IncomingMessage, reply_ts: str) -> None:
    if app.helpdesk.is_record(message.text) and not message.in_dm:
        app.slack.remove(message.channel, reply_ts)
        app.slack.whisper(message.channel, message.user, notices.record_in_channel())
    elif message.source in ("thread", "watched"):
        answer_again_if_sure(app, message, reply_ts)
    else:
        answer_again(app, message, reply_ts)


def _asks_us(app: AppContext, message: IncomingMessage) -> bool:
    """Whether what had no answer is now a question to us."""
    if message.source not in ("dm", "mention"):
        return False
    return app.helpdesk.is_record(message.text) or app.helpdesk.messages.is_question(message.text)


def deleted(app: AppContext, event: dict[str, Any]) -> None:
    """A message was deleted: so is what we said to it, and nothing is kept of it.

    Where others have replied, our answer says instead that the question is gone.
    """
    before = event.get("previous_message")
    if not isinstance(before, dict) or before.get("bot_id"):
        return
    message = _message(app, event, before, before)
    app.wait_until_expected(message)
    if app.change_waiting(message, deleted=True) or not _may_be_ours(app, message):
        return
    app.wait_for_answer(message)
    if relaying.carry_change(app, message, deleted=True):
        return
    thread = app.slack.thread(message.channel, message.root)
    others = _others_replied(app, thread, message)
    handover.withdraw(app, message)
    for reply_ts in _replies_in(app, thread, message):
        if others:
            app.slack.change(message.channel, reply_ts, notices.question_deleted())
        else:
            app.slack.remove(message.channel, reply_ts)
    app.forget_message(message)


def _message(
    app: AppContext, event: dict[str, Any], posted: dict[str, Any], before: dict[str, Any]
) -> IncomingMessage:
    """The message as ``posted`` holds it; it was said to us when either text named us."""
    channel, thread_ts = str(event.get("channel") or ""), posted.get("thread_ts")
    if channel.startswith("D"):
        source = "dm"
    elif app.bot_user and any(mentions(one, app.bot_user) for one in (posted, before)):
        source = "mention"
    else:
        in_thread = isinstance(thread_ts, str) and thread_ts != posted.get("ts")
        source = "thread" if in_thread else "watched"
    return IncomingMessage(
        source=source,
        user=str(before.get("user") or posted.get("user") or ""),
        channel=channel,
        ts=str(posted.get("ts") or ""),
        thread_ts=thread_ts if isinstance(thread_ts, str) else None,
        files=files_in(posted.get("files")),
        parent_user=str(posted.get("parent_user_id") or ""),
        **words_of(str(posted.get("text") or "")),
    )


def _edited_at(posted: dict[str, Any]) -> str:
    found = posted.get("edited")
    return str(found.get("ts") or "") if isinstance(found, dict) else ""


def _may_be_ours(app: AppContext, message: IncomingMessage) -> bool:
    """Whether we may have said something to it: Slack is only asked about such messages."""
    if not (message.channel and message.ts):
        return False
    if message.source in ("dm", "mention"):
        return True
    if message.channel == app.settings.triage_channel and message.thread_ts:
        return True
    return app.ledger.thread(message.channel, message.root) is not None


def _others_replied(
    app: AppContext, thread: list[dict[str, Any]], message: IncomingMessage
) -> bool:
    """Whether somebody but the writer spoke after a message in its thread, themselves or by us."""
    for posted in thread:
        if str(posted.get("ts")) <= message.ts:
            continue
        ours = bool(app.bot_id) and posted.get("bot_id") == app.bot_id
        if carried_by(posted) if ours else posted.get("user") != message.user:
            return True
    return False


def _replies_in(
    app: AppContext, thread: list[dict[str, Any]], message: IncomingMessage
) -> list[str]:
    """The timestamps of our replies to a message.

    Where a workspace does not hand our metadata back, what we said right after the message.
    """
    named = [posted for posted in thread if about_of(posted).get("asked") == message.ts]
    if named or any(about_of(posted) for posted in thread):
        return [str(posted.get("ts")) for posted in named]
    found: list[str] = []
    for posted in thread:
        if str(posted.get("ts")) <= message.ts:
            continue
        if not app.bot_id or posted.get("bot_id") != app.bot_id:
            break
        found.append(str(posted.get("ts")))
    return found


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
            if posted.get("subtype") == TOMBSTONE:
                return None
            words = words_of(str(posted.get("text") or ""))
            return replace(message, files=files_in(posted.get("files")), **words)
    if thread:
        return None
    if not message.text:
        post = notices.text_post("I was restarted before I could answer you. Please send it again.")
        app.slack.whisper(message.channel, message.user, post, thread_ts=message.thread_ts)
        return None
    return message
