"""What exists in the invented workspace of the Slack stand-in, as plain values.

Every id here is made up. Nothing in this module knows sockets or HTTP.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from tests.support.slack_limits import Violation, visible_text

__all__ = [
    "APP_ID",
    "APP_TOKEN",
    "BOT_ID",
    "BOT_TOKEN",
    "BOT_USER",
    "CLIENT_ID",
    "CLIENT_SECRET",
    "SIGNING_SECRET",
    "TEAM",
    "Ack",
    "Call",
    "Channel",
    "Cut",
    "Delivery",
    "Garbage",
    "Message",
    "RateLimited",
    "Refuses",
    "ServerError",
    "StoredFile",
    "TakesEffect",
    "TimesOut",
    "Trigger",
    "View",
    "Workspace",
    "World",
]

TEAM = "T0COLLEGE"
APP_ID = "A0HELPDESK"
BOT_USER = "U0HELPDESK"
BOT_ID = "B0HELPDESK"
BOT_TOKEN = "xoxb-stand-in-bot"
APP_TOKEN = "xapp-1-stand-in-app"
CLIENT_ID, CLIENT_SECRET = "0123.4567", "stand-in client secret"
SIGNING_SECRET = "stand-in signing secret"

FORENAMES = (
    "Amina", "Bryn", "Chidi", "Dilys", "Ewan", "Farah", "Gwen", "Hamish", "Ifeoma", "Jia",
    "Kofi", "Leila", "Morag", "Nia", "Owain", "Priya", "Rhys", "Sorcha", "Tariq", "Una",
)  # fmt: skip


@dataclass(frozen=True)
class Workspace:
    """A workspace, and the organisation it is in. ``whole``: that installed the app."""

    id: str
    enterprise: str | None = None
    whole: bool = False

    @property
    def installed(self) -> dict[str, Any]:
        """Where the app is installed, as an event's ``authorizations`` has it."""
        return {
            "enterprise_id": self.enterprise,
            "team_id": self.id,
            "user_id": BOT_USER,
            "is_bot": True,
            "is_enterprise_install": self.whole,
        }


@dataclass
class Channel:
    """A channel or a direct message."""

    id: str
    name: str
    kind: str = "channel"
    """channel, group (a private channel), im or mpim."""
    members: set[str] = field(default_factory=set)

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "is_channel": self.kind == "channel",
            "is_group": self.kind == "group",
            "is_im": self.kind == "im",
            "is_mpim": self.kind == "mpim",
            "is_private": self.kind != "channel",
            "is_member": BOT_USER in self.members,
            "num_members": len(self.members),
        }


@dataclass
class Message:
    """A message as the workspace has it now: posted, updated or deleted."""

    channel: str
    ts: str
    user: str
    text: str = ""
    blocks: list[dict[str, Any]] = field(default_factory=list)
    thread_ts: str | None = None
    private_to: str | None = None
    """The one person who sees it (an ephemeral message)."""
    files: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[dict[str, Any]] = field(default_factory=list)
    reactions: set[tuple[str, str]] = field(default_factory=set)
    unfurls: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] | None = None
    client_msg_id: str = ""
    edited: bool = False
    edited_ts: str = ""
    other_bot: str = ""
    """The id of another app that posted it."""
    tombstone: bool = False
    """Deleted, with replies below it."""
    deleted: bool = False
    deliveries: list[Delivery] = field(default_factory=list, repr=False)
    """The events that told the app of it."""

    @property
    def root(self) -> str:
        """The timestamp of the thread it is in, or would start."""
        return self.thread_ts or self.ts

    @property
    def by_the_app(self) -> bool:
        return self.user == BOT_USER

    @property
    def words(self) -> str:
        """All that a person can read in it: the blocks, or the text when there are none."""
        parts = [visible_text(self.blocks) or self.text, visible_text(self.attachments)]
        return "\n".join(part for part in parts if part)

    def to_json(self) -> dict[str, Any]:
        """The message as the Web API and interactions give it."""
        data: dict[str, Any] = {
            "type": "message",
            "user": self.user,
            "team": TEAM,
            "ts": self.ts,
            "text": self.text,
        }
        if self.client_msg_id:
            data["client_msg_id"] = self.client_msg_id
        if self.by_the_app:
            data.update(bot_id=BOT_ID, app_id=APP_ID)
        if self.other_bot:
            data["bot_id"] = self.other_bot
        if self.thread_ts:
            data["thread_ts"] = self.thread_ts
        for key in ("blocks", "files", "attachments", "metadata"):
            if getattr(self, key):
                data[key] = getattr(self, key)
        if self.edited:
            data["edited"] = {"user": self.user, "ts": self.edited_ts or self.ts}
        if self.tombstone:
            data |= {"subtype": "tombstone", "user": "USLACKBOT", "hidden": True}
        return data


@dataclass
class View:
    """A modal or Home tab that is open for one person."""

    id: str
    user: str
    content: dict[str, Any]
    hash: str
    root: str = ""
    previous: str | None = None
    open: bool = True
    errors: dict[str, str] = field(default_factory=dict)
    """The errors shown beside its inputs after the last submission."""

    @property
    def title(self) -> str:
        return str((self.content.get("title") or {}).get("text", ""))

    @property
    def blocks(self) -> list[dict[str, Any]]:
        return list(self.content.get("blocks") or [])

    @property
    def words(self) -> str:
        """All that a person can read in it."""
        return visible_text(self.content)

    def to_json(self) -> dict[str, Any]:
        return {
            "private_metadata": "",
            "callback_id": "",
            "external_id": "",
            "clear_on_close": False,
            "notify_on_close": False,
            "close": None,
            "submit": None,
            **self.content,
            "id": self.id,
            "team_id": TEAM,
            "app_id": APP_ID,
            "bot_id": BOT_ID,
            "hash": self.hash,
            "root_view_id": self.root or self.id,
            "previous_view_id": self.previous,
            "state": {"values": {}},
        }


@dataclass
class StoredFile:
    """A file in the workspace, uploaded by a person or by the app."""

    id: str
    name: str
    content: bytes = b""
    user: str = BOT_USER
    mode: str = "hosted"
    """hosted, or snippet for text that was too long for a message."""
    declared: int | None = None
    """The length given when the upload URL was asked for."""
    shared_in: list[str] = field(default_factory=list)

    def to_json(self, base: str) -> dict[str, Any]:
        ending = self.name.rpartition(".")[2] if "." in self.name else "text"
        return {
            "id": self.id,
            "name": self.name,
            "title": self.name,
            "mimetype": "text/plain" if self.mode == "snippet" else "application/octet-stream",
            "filetype": ending,
            "user": self.user,
            "mode": self.mode,
            "size": len(self.content),
            "is_external": False,
            "url_private": f"{base}/files-pri/{TEAM}-{self.id}/{self.name}",
            "url_private_download": f"{base}/files-pri/{TEAM}-{self.id}/download/{self.name}",
            "permalink": f"{base}/files/{self.user}/{self.id}",
            # Slack shows only the first characters of a snippet here.
            **(
                {"preview": self.content[:100].decode("utf-8", "replace")}
                if self.mode == "snippet"
                else {}
            ),
        }


@dataclass(frozen=True)
class Call:
    """One call that the app made: a Web API method, or ``response_url``."""

    method: str
    args: dict[str, Any]
    token: str
    at: float
    response: dict[str, Any] = field(default_factory=dict)
    status: int = 200

    @property
    def ok(self) -> bool:
        """Whether Slack took it."""
        return self.status == 200 and bool(self.response.get("ok"))

    @property
    def blocks(self) -> list[dict[str, Any]]:
        return list(self.args.get("blocks") or [])

    @property
    def view(self) -> dict[str, Any]:
        return dict(self.args.get("view") or {})

    @property
    def text(self) -> str:
        return str(self.args.get("text") or "")


PATIENCE = 60.0
"""Seconds until something that should come is given up: long, for a busy machine."""


@dataclass(frozen=True)
class Ack:
    """How the app acknowledged something that it was sent."""

    seconds: float
    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Delivery:
    """One thing sent to the app: an event, a command or an interaction."""

    kind: str
    """events_api, slash_commands or interactive: Socket Mode's words."""
    payload: dict[str, Any]
    envelope_id: str = ""
    sent_at: float = field(default_factory=time.monotonic)
    retry: int = 0
    future: Future[Ack] = field(default_factory=Future, repr=False)

    def acknowledged(self, timeout: float = PATIENCE) -> Ack:
        """Wait for the acknowledgement. Raises TimeoutError when none comes."""
        return self.future.result(timeout)

    @property
    def was_acknowledged(self) -> bool:
        return self.future.done()


@dataclass
class Trigger:
    """A trigger_id: what lets the app open a modal, once, for a short while."""

    user: str
    issued_at: float
    view: str | None = None
    used: bool = False


# Faults: what the next calls of a method meet.


@dataclass(frozen=True)
class RateLimited:
    """429 with Retry-After, in seconds."""

    after: int = 1


@dataclass(frozen=True)
class ServerError:
    """An HTTP error with an HTML body."""

    status: int = 500


@dataclass(frozen=True)
class TimesOut:
    """No answer for this long; then the connection is closed."""

    seconds: float = 60.0


@dataclass(frozen=True)
class Garbage:
    """200 with something that is not JSON."""

    body: bytes = b"<html>\x00\xff not json"


@dataclass(frozen=True)
class Refuses:
    """Slack's own error."""

    error: str


@dataclass(frozen=True)
class Cut:
    """The connection is cut before anything is answered."""


@dataclass(frozen=True)
class TakesEffect:
    """Slack does what it was asked, and the answer then meets a fault."""

    then: RateLimited | ServerError | TimesOut | Garbage | Cut


class World:
    """The workspace: people, channels, messages, views and files."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._last_ts = 0
        self.people: dict[str, dict[str, Any]] = {}
        self.channels: dict[str, Channel] = {}
        self.groups: dict[str, list[str]] = {}
        self.messages: list[Message] = []
        self._by_place: dict[tuple[str, str], Message] = {}
        """What everybody in a channel can see, of so many messages:"""
        self._placed = 0
        self.views: dict[str, View] = {}
        self.homes: dict[str, View] = {}
        self.files: dict[str, StoredFile] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, dict[str, Any]] = {}
        self.function_tokens: set[str] = set()
        self.workspaces: dict[str, Workspace] = {TEAM: Workspace(TEAM)}
        self.tokens: dict[str, Workspace] = {BOT_TOKEN: self.workspaces[TEAM]}
        self.codes: dict[str, Workspace] = {}
        """What a browser brings back from Slack's page, once."""
        self.refreshing: dict[str, Workspace] = {}
        self.statuses: dict[tuple[str, str], str] = {}
        self.violations: list[tuple[str, Violation]] = []
        self.checks = True
        """Whether what is posted is checked against Slack's limits at once."""
        self.add_person(BOT_USER, "ILR Helpdesk", bot=True)

    def new_id(self, letter: str) -> str:
        """An id never used before: U0000001, C0000002 and so on."""
        return f"{letter}{next(self._numbers):07d}"

    def new_ts(self) -> str:
        """A message timestamp: now, and later than any before."""
        self._last_ts = max(self._last_ts + 100, int(time.time() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def team_of(self, user: object) -> Workspace:
        """The workspace that somebody is of."""
        found = self.people.get(str(user), {}).get("team_id", TEAM)
        return self.workspaces.get(found, Workspace(found))

    def place_of(self, user: object) -> Workspace:
        """The workspace whose channels they write in: another's, for a Slack Connect guest."""
        return self.workspaces[
            self.people.get(str(user), {}).get("guest_of") or self.team_of(user).id
        ]

    def add_person(
        self, user: str, name: str, *, bot: bool = False, team: str = TEAM, guest_of: str = ""
    ) -> None:
        self.people[user] = {
            "id": user,
            "team_id": team,
            "guest_of": guest_of,
            "name": name.casefold().replace(" ", "."),
            "real_name": name,
            "deleted": False,
            "is_bot": bot,
            "is_admin": False,
            "tz": "Europe/London",
            "tz_offset": 0,
            "locale": "en-GB",
            "profile": {"real_name": name, "display_name": name.partition(" ")[0]},
        }

    def direct_channel(self, user: str) -> Channel:
        """The direct message channel of a person with the app."""
        channel_id = f"D{user[1:]}"
        if channel_id not in self.channels:
            self.channels[channel_id] = Channel(channel_id, "", "im", {user, BOT_USER})
        return self.channels[channel_id]

    def message(self, channel: str, ts: str) -> Message | None:
        """A message that everybody in the channel can see, or None."""
        for message in self.messages[self._placed :]:
            if not message.private_to:
                self._by_place[message.channel, message.ts] = message
        self._placed = len(self.messages)
        found = self._by_place.get((channel, ts))
        return None if found is None or found.deleted else found

    def new_view(self, user: str, content: dict[str, Any], previous: View | None = None) -> View:
        view = View(self.new_id("V"), user, content, self.new_ts())
        view.root = previous.root if previous else view.id
        view.previous = previous.id if previous else None
        return view

    def file_of(self, name: str, content: bytes, user: str, mode: str) -> StoredFile:
        stored = StoredFile(self.new_id("F"), name, content, user, mode)
        self.files[stored.id] = stored
        return stored
