"""Mentions, messages, links, and the opening of App Home."""

from __future__ import annotations

import time
from typing import Any

from slack_bolt import App, BoltContext

from bot.slack.context import AppContext
from bot.slack.features import edits as following
from bot.slack.features import handover, home
from bot.slack.features import link_previews as unfurling
from bot.slack.features.asking import answer_message
from bot.slack.features.unprompted import answer_if_sure
from bot.slack.messages import IncomingMessage, from_event
from bot.slack.runtime.failures import handle_failure

__all__ = ["EVENTS", "register"]

SLOW = 1.0
"""Seconds a direct message waits before its writer is told that it is being looked at. An answer
is usually there sooner, and Slack clears what was said when it comes."""
EVENTS = ("app_mention", "message", "app_home_opened", "link_shared")


def register(bolt: App, app: AppContext) -> None:
    """Register the listeners for events."""

    @bolt.event("app_mention")
    def mentioned(body: dict[str, Any], context: BoltContext) -> None:
        _answered(app, context, body)

    @bolt.event("message")
    def written(body: dict[str, Any], event: dict[str, Any], context: BoltContext) -> None:
        subtype = event.get("subtype")
        if subtype == "message_changed":
            following.edited(app, event)
        elif subtype == "message_deleted":
            following.deleted(app, event)
        elif context.get("source"):
            _answered(app, context, body)

    @bolt.event("app_home_opened")
    def home_opened(event: dict[str, Any]) -> None:
        home.opened(app, event)

    @bolt.event("link_shared")
    def link_shared(event: dict[str, Any]) -> None:
        unfurling.unfurl(app, event)


def _answered(app: AppContext, context: BoltContext, body: dict[str, Any]) -> None:
    """Answer a message that the middleware let in, in its turn."""
    message = from_event(
        body,
        str(context["source"]),
        kept=bool(context.get("kept", True)),
        reference=str(context.get("reference") or ""),
    )
    replayed = bool(context.get("replayed"))
    since = time.monotonic()

    def work() -> None:
        with app.backpressure.slot(since):
            if message.in_dm and time.monotonic() - since > SLOW:
                app.slack.status(message.channel, message.root, "is looking that up…")
            try:
                _answer(app, message, replayed=replayed)
            except Exception as error:  # noqa: BLE001 - every failure is told, none is silent
                handle_failure(app, error, body, context)

    app.begin(message, work)


def _answer(app: AppContext, message: IncomingMessage, *, replayed: bool) -> None:
    found = following.read_again(app, message) if replayed else message
    if found is not None:
        _by_source(app, found)
    app.keeping.finish(message.event_id, kept=message.kept)


def _by_source(app: AppContext, message: IncomingMessage) -> None:
    if message.source == "triage":
        handover.forward_reply(app, message)
    elif message.source in ("thread", "watched"):
        answer_if_sure(app, message)
    else:
        answer_message(app, message)
