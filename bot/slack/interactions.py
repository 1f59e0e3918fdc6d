"""Where a click came from, what its button carried, and how to answer there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from bot.slack.blocks.post import Post
from bot.slack.context import AppContext
from bot.slack.messages import IncomingMessage
from bot.slack.payloads import Payload

__all__ = ["Click", "from_body"]

P = TypeVar("P", bound=Payload)
P_co = TypeVar("P_co", bound=Payload, covariant=True)


@dataclass(frozen=True)
class Click(Generic[P_co]):
    """A button pressed: by whom, in which message, and what the button carried."""

    user: str
    channel: str
    message_ts: str
    thread_ts: str | None
    response_url: str
    """The address to answer at; "" for a click in a modal or App Home."""
    trigger: str
    in_view: bool
    only_theirs: bool
    """The message is shown to this person alone."""
    payload: P_co
    typed: str = ""
    """What was typed, for a text box in App Home."""
    team: str | None = None

    @property
    def root(self) -> str:
        """The thread the message is in, or starts."""
        return self.thread_ts or self.message_ts

    @property
    def private(self) -> bool:
        """Whether it was in a channel, in a message that nobody else sees."""
        return self.only_theirs and not self.channel.startswith("D")

    @property
    def is_theirs(self) -> bool:
        """Whether whoever clicked is who asked, as far as the button says."""
        asker = getattr(self.payload, "asker", "")
        return not asker or asker == self.user

    def identity(self, *what: object) -> str:
        """What tells this click from others: two of the same are one. In a message that others
        see, whoever clicks; ``what`` was asked for."""
        who = self.user if self.only_theirs or self.in_view else ""
        return "/".join(map(str, (self.channel, self.message_ts, who, *what)))

    def as_message(self) -> IncomingMessage:
        """The click as something that was said."""
        return IncomingMessage(
            source="button",
            user=self.user,
            channel=self.channel,
            ts="" if self.only_theirs else self.message_ts,
            thread_ts=self.thread_ts,
            team=self.team,
        )

    def answer(self, app: AppContext, post: Post) -> None:
        """Answer where the click was: in the thread, to them alone, or in their messages."""
        if self.in_view:
            app.slack.direct(self.user, post)
        elif self.only_theirs:
            app.slack.respond(self.response_url, post, user=self.user)
        else:
            app.slack.say(self.channel, post, thread_ts=self.root)

    def whisper(self, app: AppContext, post: Post) -> None:
        """Answer to them alone."""
        if self.response_url:
            thread = self.thread_ts or ""
            app.slack.respond(self.response_url, post, user=self.user, thread=thread)
        else:
            app.slack.direct(self.user, post)

    def replace(self, app: AppContext, post: Post) -> None:
        """Change the message that was clicked."""
        if self.only_theirs:
            app.slack.respond(self.response_url, post, user=self.user, replace=True)
        else:
            app.slack.change(self.channel, self.message_ts, post)


def from_body(body: dict[str, Any], payload: type[P]) -> Click[P]:
    """A block_actions payload, of whatever it lacks; ``payload`` is what the button carries."""
    container = _mapping(body.get("container"))
    message = _mapping(body.get("message"))
    actions = body.get("actions")
    action = _mapping(actions[0] if isinstance(actions, list) and actions else None)
    return Click(
        user=str(_mapping(body.get("user")).get("id") or ""),
        channel=str(_mapping(body.get("channel")).get("id") or container.get("channel_id") or ""),
        message_ts=str(message.get("ts") or container.get("message_ts") or ""),
        thread_ts=_text(message.get("thread_ts")) or _text(container.get("thread_ts")) or None,
        response_url=_text(body.get("response_url")),
        trigger=_text(body.get("trigger_id")),
        in_view=bool(body.get("view")),
        only_theirs=bool(container.get("is_ephemeral")),
        payload=payload.read(_value_of(action)),
        typed=_text(action.get("value")),
        team=_text(_mapping(body.get("team")).get("id")) or None,
    )


def _value_of(action: dict[str, Any]) -> Any:
    """What a button, or the option that was chosen in a menu, carries."""
    return _mapping(action.get("selected_option")).get("value") or action.get("value")


def _mapping(given: Any) -> dict[str, Any]:
    return given if isinstance(given, dict) else {}


def _text(given: Any) -> str:
    return given if isinstance(given, str) else ""
