"""Mentions, messages, links, and the opening of App Home."""

from __future__ import annotations

import time
from typing import Any

from slack_bolt import App, BoltContext

from bot.slack.context import Desk
from bot.slack.features import edits as following
from bot.slack.features import handover, home
from bot.slack.features import link_previews as unfurling
from bot.slack.features.asking import answer_message
from bot.slack.features.unprompted import answer_if_sure
from bot.slack.messages import Asked, from_event
from bot.slack.runtime.failures import make_good

__all__ = ["EVENTS", "register"]

SLOW = 1.0
"""Seconds a direct message waits before its writer is told that it is being looked at. An answer
is usually there sooner, and Slack clears what was said when it comes."""
EVENTS = ("app_mention", "message", "app_home_opened", "link_shared")


def register(app: App, desk: Desk) -> None:
    """Register the listeners for events."""

    @app.event("app_mention")
    def mentioned(body: dict[str, Any], context: BoltContext) -> None:
        _answered(desk, context, body)

    @app.event("message")
    def written(body: dict[str, Any], event: dict[str, Any], context: BoltContext) -> None:
        subtype = event.get("subtype")
        if subtype == "message_changed":
            following.edited(desk, event)
        elif subtype == "message_deleted":
            following.deleted(desk, event)
        elif context.get("door"):
            _answered(desk, context, body)

    @app.event("app_home_opened")
    def home_opened(event: dict[str, Any]) -> None:
        home.opened(desk, event)

    @app.event("link_shared")
    def link_shared(event: dict[str, Any]) -> None:
        unfurling.unfurl(desk, event)


def _answered(desk: Desk, context: BoltContext, body: dict[str, Any]) -> None:
    """Answer a message that the middleware let in, in its turn."""
    asked = from_event(
        body,
        str(context["door"]),
        kept=bool(context.get("kept", True)),
        reference=str(context.get("reference") or ""),
    )
    replayed = bool(context.get("replayed"))
    since = time.monotonic()

    def work() -> None:
        with desk.arrivals.turn(since):
            if asked.in_dm and time.monotonic() - since > SLOW:
                desk.slack.status(asked.channel, asked.root, "is looking that up…")
            try:
                _answer(desk, asked, replayed=replayed)
            except Exception as error:  # noqa: BLE001 - every failure is told, none is silent
                make_good(desk, error, body, context)

    desk.begin(asked, work)


def _answer(desk: Desk, asked: Asked, *, replayed: bool) -> None:
    found = following.read_again(desk, asked) if replayed else asked
    if found is not None:
        _by_door(desk, found)
    desk.keeping.finish(asked.event_id, kept=asked.kept)


def _by_door(desk: Desk, asked: Asked) -> None:
    if asked.door == "triage":
        handover.relay(desk, asked)
    elif asked.door in ("thread", "watched"):
        answer_if_sure(desk, asked)
    else:
        answer_message(desk, asked)
