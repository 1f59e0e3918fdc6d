"""Which door an event comes by, if any: what is answered, and what is left alone."""

from __future__ import annotations

from typing import Any

from bot.slack.context import Desk
from bot.slack.messages import is_written_by_a_person, mentions

__all__ = ["door_of"]


def door_of(desk: Desk, event: dict[str, Any]) -> str | None:
    """mention, dm, triage, thread, watched; None for what is not for us.

    Bots, edits, notices and chatter are left alone. A channel message with our mention is
    left to its own app_mention event, so that it is answered once.
    """
    if not is_written_by_a_person(event) or event.get("user") == desk.me:
        return None
    channel, thread = str(event["channel"]), event.get("thread_ts")
    in_dm = event.get("channel_type") == "im" or channel.startswith("D")
    if event.get("type") == "app_mention":
        return None if in_dm else "mention"
    if event.get("type") != "message":
        return None
    if in_dm:
        return "dm"
    if desk.me and mentions(event, desk.me):
        return None
    if isinstance(thread, str) and thread != event.get("ts"):
        if channel == desk.settings.triage_channel:
            return "triage"
        found = desk.keeping.attempt(lambda ledger: ledger.thread(channel, thread))
        if found is None or found.silent:
            return None
        return "thread"
    if channel in desk.settings.watched_channels and desk.settings.watch_mode != "silent":
        return "watched"
    return None
