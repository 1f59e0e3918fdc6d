"""Where a click or form came from, and how to answer there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.slack.blocks.parts import read_value
from bot.slack.blocks.post import Post
from bot.slack.context import AppContext
from bot.slack.messages import IncomingMessage
from bot.years import AcademicYear

__all__ = ["Click", "from_body"]


@dataclass(frozen=True, slots=True)
class Click:
    """A button pressed: by whom, in which message, and what the button carried."""

    user: str
    channel: str
    message_ts: str
    thread_ts: str | None
    url: str
    """The response address; "" for a click in a modal or App Home."""
    trigger: str
    in_view: bool
    only_theirs: bool
    """The message is shown to this person alone."""
    value: dict[str, Any]
    typed: str = ""
    """What was typed, for a text box in App Home."""
    team: str | None = None

    @property
    def entry(self) -> str:
        """The entry the button is about."""
        found = self.value.get("e")
        return found if isinstance(found, str) else ""

    @property
    def year(self) -> AcademicYear | None:
        """The year the button is about."""
        try:
            return AcademicYear.parse(str(self.value.get("y") or ""))
        except ValueError:
            return None

    @property
    def questions(self) -> tuple[int, ...]:
        """The ledger's ids of the questions the button is about."""
        found = self.value.get("q")
        return tuple(q for q in found if isinstance(q, int)) if isinstance(found, list) else ()

    @property
    def question(self) -> int | None:
        """The first of them."""
        return self.questions[0] if self.questions else None

    @property
    def question_text(self) -> str:
        """The question, masked, as the button carried it."""
        found = self.value.get("t")
        return found if isinstance(found, str) else ""

    @property
    def root(self) -> str:
        """The thread the message is in, or starts."""
        return self.thread_ts or self.message_ts

    def asked(self, source: str, text: str = "") -> IncomingMessage:
        """The click as a question."""
        return IncomingMessage(
            source=source,
            user=self.user,
            channel=self.channel,
            text=text,
            ts="" if self.only_theirs else self.message_ts,
            thread_ts=self.thread_ts,
            team=self.team,
        )

    def answer(self, app: AppContext, post: Post) -> None:
        """Answer where the click was: in the thread, to them alone, or in their messages."""
        if self.in_view:
            app.slack.direct(self.user, post)
        elif self.only_theirs:
            app.slack.respond(self.url, post)
        else:
            app.slack.say(self.channel, post, thread_ts=self.root)

    def whisper(self, app: AppContext, post: Post) -> None:
        """Answer to them alone."""
        if self.url:
            app.slack.respond(self.url, post, thread=self.thread_ts or "")
        else:
            app.slack.direct(self.user, post)

    def replace(self, app: AppContext, post: Post) -> None:
        """Change the message that was clicked."""
        if self.only_theirs:
            app.slack.respond(self.url, post, replace=True)
        else:
            app.slack.change(self.channel, self.message_ts, post)


def from_body(body: dict[str, Any]) -> Click:
    """A block_actions payload, of whatever it lacks."""
    container = _mapping(body.get("container"))
    message = _mapping(body.get("message"))
    actions = body.get("actions")
    action = actions[0] if isinstance(actions, list) and actions else {}
    return Click(
        user=str(_mapping(body.get("user")).get("id") or ""),
        channel=str(_mapping(body.get("channel")).get("id") or container.get("channel_id") or ""),
        message_ts=str(message.get("ts") or container.get("message_ts") or ""),
        thread_ts=_text(message.get("thread_ts")) or _text(container.get("thread_ts")) or None,
        url=_text(body.get("response_url")),
        trigger=_text(body.get("trigger_id")),
        in_view=bool(body.get("view")),
        only_theirs=bool(container.get("is_ephemeral")),
        value=read_value(_mapping(action).get("value")),
        typed=_text(_mapping(action).get("value")),
        team=_text(_mapping(body.get("team")).get("id")) or None,
    )


def _mapping(given: Any) -> dict[str, Any]:
    return given if isinstance(given, dict) else {}


def _text(given: Any) -> str:
    return given if isinstance(given, str) else ""
