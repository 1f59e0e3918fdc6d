"""Which source an event comes by, if any: what is answered, and what is left alone."""

from __future__ import annotations

from typing import Any

from bot.slack.context import AppContext
from bot.slack.messages import is_written_by_a_person, mentions

__all__ = ["classify_event"]


def classify_event(app: AppContext, event: dict[str, Any]) -> str | None:
    """mention, dm, triage, thread, watched; None for what is not for us.

    Bots, edits, notices and chatter are left alone. A channel message with our mention is
    left to its own app_mention event, so that it is answered once.
    """
    if not is_written_by_a_person(event) or event.get("user") == app.me:
        return None
    channel, thread = str(event["channel"]), event.get("thread_ts")
    in_dm = event.get("channel_type") == "im" or channel.startswith("D")
    if event.get("type") == "app_mention":
        return None if in_dm else "mention"
    if event.get("type") != "message":
        return None
    if in_dm:
        return "dm"
    if app.me and mentions(event, app.me):
        return None
    if isinstance(thread, str) and thread != event.get("ts"):
        if channel == app.settings.triage_channel:
            return "triage"
        found = app.keeping.attempt(lambda ledger: ledger.thread(channel, thread))
        if found is None or found.silent:
            return None
        return "thread"
    if channel in app.settings.watched_channels and app.settings.watch_mode != "silent":
        return "watched"
    return None
