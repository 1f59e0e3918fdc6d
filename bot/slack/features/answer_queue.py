"""Messages that the middleware let in: each is answered when its turn comes, or changed."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import nullcontext
from functools import partial
from typing import Any

from bot.slack.context import AppContext, takes_long
from bot.slack.features import edits, relaying
from bot.slack.features.asking import answer_message
from bot.slack.features.unprompted import answer_if_sure
from bot.slack.messages import IncomingMessage, from_event
from bot.slack.runtime.failures import handle_failure

__all__ = ["receive"]

SLOW = 1.0
"""Seconds a direct message waits before its writer is told that it is being looked at. An answer
is usually there sooner, and Slack clears what was said when it comes."""


def receive(app: AppContext, body: dict[str, Any], context: Mapping[str, Any]) -> None:
    """A message was written, edited or deleted."""
    event = body["event"]
    if event.get("subtype") == "message_changed":
        edits.edited(app, event)
    elif event.get("subtype") == "message_deleted":
        edits.deleted(app, event)
    elif event.get("type") == "app_mention" and event.get("edited"):
        edits.mention_edited(app, body)
    elif context.get("source"):
        message = from_event(
            body,
            str(context["source"]),
            stored=bool(context.get("stored", True)),
            reference=str(context.get("reference") or ""),
        )
        work = partial(_work, app, message, body, context, since=time.monotonic())
        app.start_answer(message, work)


def _work(
    app: AppContext,
    message: IncomingMessage,
    body: dict[str, Any],
    context: Mapping[str, Any],
    *,
    since: float,
) -> None:
    """Wait for a slot, then answer. ``since``: when it was received (monotonic)."""
    # Files have a pool of their own and other processes do the work: they take nobody's turn.
    with nullcontext() if takes_long(message) else app.backpressure.slot(since):
        if message.in_dm and time.monotonic() - since > SLOW:
            app.slack.status(message.channel, message.root, "is looking that up…")
        try:
            now = app.begin_answer(message)
            if now is not None and context.get("replayed"):
                now = edits.read_again(app, now)
            if now is not None:
                _answer(app, now)
            app.ledger.finish(message.event_id, stored=message.stored)
        except Exception as error:  # noqa: BLE001 - every failure is told, none is silent
            handle_failure(app, error, body, context)


def _answer(app: AppContext, message: IncomingMessage) -> None:
    if message.source == "triage":
        relaying.forward_reply(app, message)
        return
    carried = message.source != "mention" and relaying.carry_to_person(app, message)
    if message.source in ("thread", "watched") or carried:
        if message.source != "asker":
            answer_if_sure(app, message)
    elif message.source != "asker":
        answer_message(app, message)
