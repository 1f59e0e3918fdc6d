"""What Slack delivers, as plain values: who wrote what, where, and by which source it came."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from bot.slack.blocks.text import unslack

__all__ = ["IncomingMessage", "from_event", "is_written_by_a_person", "mentions"]

_WRITTEN = (None, "file_share", "thread_broadcast")
"""Message subtypes that a person wrote; everything else is news about a message."""


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """Something somebody wrote to us."""

    source: str
    """mention, dm, thread, watched, triage, command, shortcut …"""
    user: str
    channel: str
    text: str = ""
    """In plain words: mentions dropped, entities undone."""
    ts: str = ""
    thread_ts: str | None = None
    team: str | None = None
    files: tuple[dict[str, Any], ...] = field(default=(), repr=False)
    event_id: str = ""
    kept: bool = True
    """Whether the ledger holds the event."""
    reference: str = ""
    """What the log calls this request."""

    @property
    def root(self) -> str:
        """The timestamp of the thread that the answer goes to."""
        return self.thread_ts or self.ts

    @property
    def in_dm(self) -> bool:
        """Whether only this person and the bot are there."""
        return self.channel.startswith("D")

    def through(self, source: str) -> IncomingMessage:
        """The same by another source."""
        return replace(self, source=source)


def from_event(
    body: dict[str, Any], source: str, *, kept: bool = True, reference: str = ""
) -> IncomingMessage:
    """The message of an app_mention or message event."""
    event = _mapping(body.get("event"))
    files = event.get("files")
    return IncomingMessage(
        source=source,
        user=_text(event.get("user")),
        channel=_text(event.get("channel")),
        text=unslack(_text(event.get("text"))),
        ts=_text(event.get("ts")),
        thread_ts=_text(event.get("thread_ts")) or None,
        team=_text(event.get("team") or body.get("team_id")) or None,
        files=tuple(item for item in files if isinstance(item, dict))
        if isinstance(files, list)
        else (),
        event_id=_text(body.get("event_id")),
        kept=kept,
        reference=reference,
    )


def is_written_by_a_person(event: dict[str, Any]) -> bool:
    """Whether an event is a message or mention somebody typed: no bot, no edit, no notice."""
    return (
        event.get("subtype") in _WRITTEN
        and not event.get("bot_id")
        and not event.get("hidden")
        and bool(
            _text(event.get("user")) and _text(event.get("channel")) and _text(event.get("ts"))
        )
    )


def mentions(event: dict[str, Any], user: str) -> bool:
    """Whether the message names a user."""
    return f"<@{user}" in _text(event.get("text"))


def _text(given: Any) -> str:
    return given if isinstance(given, str) else ""


def _mapping(given: Any) -> dict[str, Any]:
    return given if isinstance(given, dict) else {}
