"""What Slack delivers, as plain values: who wrote what, where, and how it came."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, TypedDict

from bot.slack.blocks.text import unslack
from bot.slack.payloads import CopyPayload, SlackFile, files_in

__all__ = [
    "IncomingMessage",
    "about",
    "about_of",
    "carried_by",
    "copy_of",
    "from_command",
    "from_event",
    "from_shortcut",
    "is_written_by_a_person",
    "mentions",
    "names_somebody",
    "words_of",
]

METADATA = "ilr_answer"
"""The type of what our messages carry unseen."""
_WRITTEN = (None, "file_share", "thread_broadcast")
"""Message subtypes that a person wrote; everything else is news about a message."""


class WordsOf(TypedDict):
    """The fields of a message that its text decides."""

    text: str
    shown: str
    names_somebody: bool
    to_user: str


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
    files: tuple[SlackFile, ...] = field(default=(), repr=False)
    event_id: str = ""
    names_somebody: bool = False
    """Whether it mentions a person, or a group of people."""
    to_user: str = ""
    """Whom its first word mentions."""
    parent_user: str = ""
    """Who began the thread it is in."""
    shown: str = field(default="", repr=False)
    """The text with the addresses of its links, to be shown to somebody else."""
    stored: bool = True
    """Whether the ledger holds the event."""
    reference: str = ""
    """What the log calls this request."""
    author: str = ""
    """Whose message it is, where somebody else looks it up."""

    @property
    def root(self) -> str:
        """The timestamp of the thread that the answer goes to."""
        return self.thread_ts or self.ts

    @property
    def in_dm(self) -> bool:
        """Whether only this person and the bot are there."""
        return self.channel.startswith("D")

    @property
    def documents(self) -> tuple[SlackFile, ...]:
        """Its files that may hold a record: all but pictures."""
        return tuple(file for file in self.files if not file.is_picture)

    @property
    def has_picture(self) -> bool:
        """Whether there is a picture among its files."""
        return any(file.is_picture for file in self.files)

    @property
    def given(self) -> list[str | SlackFile]:
        """What there is to check in it: its files, or its text."""
        return [*self.documents] or [self.text]


def from_event(
    body: dict[str, Any], source: str, *, stored: bool = True, reference: str = ""
) -> IncomingMessage:
    """The message of an app_mention or message event."""
    event = _mapping(body.get("event"))
    return IncomingMessage(
        source=source,
        user=_text(event.get("user")),
        channel=_text(event.get("channel")),
        ts=_text(event.get("ts")),
        thread_ts=_text(event.get("thread_ts")) or None,
        team=_text(event.get("team") or body.get("team_id")) or None,
        files=files_in(event.get("files")),
        event_id=_text(body.get("event_id")),
        **words_of(_text(event.get("text"))),
        parent_user=_text(event.get("parent_user_id")),
        stored=stored,
        reference=reference,
    )


def from_command(body: dict[str, Any], text: str) -> IncomingMessage:
    """A slash command; ``text`` is what it says, in plain words."""
    return IncomingMessage(
        source="command",
        user=_text(body.get("user_id")),
        channel=_text(body.get("channel_id")),
        text=text,
        team=_text(body.get("team_id")) or None,
    )


def from_shortcut(body: dict[str, Any]) -> IncomingMessage:
    """The message whose shortcut somebody used, as something that they say themselves."""
    message = _mapping(body.get("message"))
    return IncomingMessage(
        source="shortcut",
        user=_text(_mapping(body.get("user")).get("id")),
        channel=_text(_mapping(body.get("channel")).get("id")),
        text=unslack(_text(message.get("text"))),
        thread_ts=_text(message.get("thread_ts")) or None,
        files=files_in(message.get("files")),
        author=_text(message.get("user")),
    )


def about(message: IncomingMessage) -> dict[str, str]:
    """What a reply carries unseen: which message it answers, and the event that brought it."""
    return {"asked": message.ts, "event": message.event_id}


def copy_of(message: IncomingMessage, given: str | SlackFile) -> CopyPayload:
    """Which message (and file) a copy with invented people can be made of."""
    file_id = given.id if isinstance(given, SlackFile) else ""
    return CopyPayload(message_ts=message.ts, file_id=file_id)


def about_of(posted: dict[str, Any]) -> dict[str, Any]:
    """What a message of ours carries unseen, as Slack gives it back; {} for any other."""
    metadata = _mapping(posted.get("metadata"))
    if metadata.get("event_type") != METADATA:
        return {}
    return _mapping(metadata.get("event_payload"))


def carried_by(posted: dict[str, Any]) -> str:
    """The timestamp of the message that one of ours passes on; "" when it passes none on."""
    return _text(about_of(posted).get("reply"))


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


def names_somebody(text: str) -> bool:
    """Whether text, as Slack gives it, mentions a person or a group of people."""
    return re.search(r"<(?:@[UW]|!subteam\^)", text) is not None


def words_of(text: str) -> WordsOf:
    """What text, as Slack gives it, makes of a message."""
    first = re.match(r"\s*<@([UW][A-Z0-9]+)", text)
    return {
        "text": unslack(text),
        "shown": unslack(text, addresses=True),
        "names_somebody": names_somebody(text),
        "to_user": first[1] if first else "",
    }


def mentions(event: dict[str, Any], user: str) -> bool:
    """Whether the message names a user."""
    return f"<@{user}" in _text(event.get("text"))


def _text(given: Any) -> str:
    return given if isinstance(given, str) else ""


def _mapping(given: Any) -> dict[str, Any]:
    return given if isinstance(given, dict) else {}
