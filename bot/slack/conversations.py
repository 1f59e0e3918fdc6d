"""What this process remembers of conversations, so that "and for T Levels?" is understood.

A conversation is a thread, or what somebody types at the foot of their direct messages. Kept in
memory only, with questions masked.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.privacy import mask
from bot.slack.messages import IncomingMessage

__all__ = ["SECONDS_TO_THANK", "AskedQuestion", "Conversations"]

MAX_CONVERSATIONS = 2_000
MAX_BEFORE = 4
SECONDS_TO_FOLLOW_UP = 30 * 60.0
"""At the foot of direct messages, what is typed later than this after a question begins anew."""
SECONDS_TO_THANK = 60 * 60.0
SECONDS_BETWEEN_REPLIES = 60 * 60.0
"""The same short reply (Glad to help.) is said no more often than this."""


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question that was answered, offered choices, or left without an answer."""

    ts: str
    """The timestamp of its message."""
    user: str
    text: str
    """Masked."""
    ids: tuple[int, ...] = ()
    """The ledger's ids of it; none when it could not be kept."""


@dataclass
class _Conversation:
    questions: list[AskedQuestion] = field(default_factory=list)
    askers: set[str] = field(default_factory=set)
    replies: dict[str, str] = field(default_factory=dict)
    """Short replies that were given: their kind, and the timestamp of the last."""


class Conversations:
    """The conversations under way; the one not touched for longest is forgotten first."""

    def __init__(self) -> None:
        self._held: OrderedDict[tuple[str, str], _Conversation] = OrderedDict()
        self._lock = threading.Lock()

    def remember(self, message: IncomingMessage, question: str, ids: Sequence[int] = ()) -> None:
        """That something was asked; asked again (edited), it takes its own place."""
        asked = AskedQuestion(message.ts, message.user, mask(question), tuple(ids))
        with self._lock:
            for key in _keys_of(message):
                held = self._touch(key)
                held.askers.add(message.user)
                others = [one for one in held.questions if one.ts != message.ts or not message.ts]
                held.questions[:] = [*others, asked][-MAX_BEFORE:]

    def before(self, message: IncomingMessage) -> list[AskedQuestion]:
        """What was asked before a message in its conversation, oldest first."""
        asked = self._asked_before(message)
        return asked if message.thread_ts is not None else _together(asked, message.ts)

    def is_repeated(self, message: IncomingMessage) -> bool:
        """Whether the same was asked before: that follows nothing up, and is answered again."""
        words = _words(mask(message.text))
        return any(_words(one.text) == words for one in self._asked_before(message))

    def thanked_for(self, message: IncomingMessage) -> AskedQuestion | None:
        """The question whose answer somebody thanks for: the last, if it is theirs and recent."""
        last = next(reversed(self._asked_before(message)), None)
        if last is None or last.user != message.user:
            return None
        return last if _seconds_between(last.ts, message.ts) <= SECONDS_TO_THANK else None

    def is_known(self, message: IncomingMessage) -> bool:
        """Whether this process remembers anything asked before a message in its conversation."""
        return bool(self._asked_before(message))

    def _asked_before(self, message: IncomingMessage) -> list[AskedQuestion]:
        with self._lock:
            held = self._held.get(_key_of(message))
            return [one for one in held.questions if one.ts < message.ts] if held else []

    def is_asker(self, message: IncomingMessage) -> bool:
        """Whether somebody asked something in this conversation."""
        with self._lock:
            held = self._held.get(_key_of(message))
            return held is not None and message.user in held.askers

    def may_reply(self, message: IncomingMessage, kind: str) -> bool:
        """Whether a short reply of a kind was not given just now; it counts as given then."""
        with self._lock:
            held = self._touch((message.channel, ""))
            last = held.replies.get(kind)
            if last and _seconds_between(last, message.ts) < SECONDS_BETWEEN_REPLIES:
                return False
            held.replies[kind] = message.ts
            return True

    def forget_message(self, message: IncomingMessage) -> None:
        """Let go of what one message asked."""
        with self._lock:
            for key in _keys_of(message):
                held = self._held.get(key)
                if held is not None:
                    held.questions[:] = [one for one in held.questions if one.ts != message.ts]

    def asked_ids(self, message: IncomingMessage) -> tuple[int, ...]:
        """The ledger's ids of what a message asked."""
        with self._lock:
            held = self._held.get((message.channel, message.root))
            asked = held.questions if held else []
            return next((one.ids for one in asked if one.ts == message.ts), ())

    def forget(self, user: str) -> None:
        """Let go of the conversations that somebody asked in."""
        with self._lock:
            for key in [key for key, one in self._held.items() if user in one.askers]:
                del self._held[key]

    def _touch(self, key: tuple[str, str]) -> _Conversation:
        held = self._held.pop(key, None) or _Conversation()
        self._held[key] = held
        if len(self._held) > MAX_CONVERSATIONS:
            self._held.popitem(last=False)
        return held


def _key_of(message: IncomingMessage) -> tuple[str, str]:
    """A thread by its root; the foot of direct messages by nothing."""
    at_foot = message.thread_ts is None and message.source == "dm"
    return message.channel, "" if at_foot else message.root


def _keys_of(message: IncomingMessage) -> set[tuple[str, str]]:
    """The thread that a message is in or starts, and in direct messages their foot as well."""
    foot = {(message.channel, "")} if message.in_dm and message.ts else set()
    return {(message.channel, message.root)} | foot


def _together(asked: list[AskedQuestion], ts: str) -> list[AskedQuestion]:
    """The last of the questions that follow each other closely, up to a moment."""
    found: list[AskedQuestion] = []
    for one in reversed(asked):
        if _seconds_between(one.ts, ts) > SECONDS_TO_FOLLOW_UP:
            break
        found.insert(0, one)
        ts = one.ts
    return found


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _seconds_between(earlier: str, later: str) -> float:
    """Between two of Slack's timestamps; for ever when one is none."""
    try:
        return float(later) - float(earlier)
    except ValueError:
        return float("inf")
