"""Where an event comes from, if it is for us: what is answered, and what is left alone."""

from __future__ import annotations

from typing import Any

from bot.slack.context import AppContext
from bot.slack.messages import is_written_by_a_person, mentions

__all__ = ["classify_event"]


def classify_event(app: AppContext, event: dict[str, Any]) -> str | None:
    """mention, dm, triage, thread, asker, watched; None for what is not for us.

    Bots, edits, notices and chatter are left alone. A channel message with our mention is
    left to its own app_mention event, so that it is answered once.
    """
    if not is_written_by_a_person(event) or event.get("user") == app.bot_user:
        return None
    channel, thread = str(event["channel"]), event.get("thread_ts")
    in_dm = event.get("channel_type") == "im" or channel.startswith("D")
    if event.get("type") == "app_mention":
        return None if in_dm else "mention"
    if event.get("type") != "message":
        return None
    if in_dm:
        return "dm"
    if app.bot_user and mentions(event, app.bot_user):
        return None
    if isinstance(thread, str) and thread != event.get("ts"):
        return _in_thread(app, channel, thread)
    if channel in app.settings.watched_channels and app.settings.watch_mode != "silent":
        return "watched"
    return None


def _in_thread(app: AppContext, channel: str, thread: str) -> str | None:
    if channel == app.settings.triage_channel:
        return "triage"
    found = app.ledger.thread(channel, thread)
    if found is None:
        return None
    if not found.silent:
        return "thread"
    # A person has it: we are silent, but what its asker adds reaches them.
    return "asker" if app.ledger.has_handover(channel, thread) else None
