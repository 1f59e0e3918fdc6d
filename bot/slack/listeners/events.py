"""Mentions, messages, links, and the opening of App Home."""

from __future__ import annotations

from typing import Any

from slack_bolt import App, BoltContext

from bot.slack.context import AppContext
from bot.slack.features import answer_queue, home, link_previews

__all__ = ["EVENTS", "register"]

EVENTS = ("app_mention", "message", "app_home_opened", "link_shared")


def register(bolt: App, app: AppContext) -> None:
    """Register the listeners for events."""

    @bolt.event("app_mention")
    def mentioned(body: dict[str, Any], context: BoltContext) -> None:
        answer_queue.receive(app, body, context)

    @bolt.event("message")
    def written(body: dict[str, Any], context: BoltContext) -> None:
        answer_queue.receive(app, body, context)

    @bolt.event("app_home_opened")
    def home_opened(event: dict[str, Any]) -> None:
        home.opened(app, event)

    @bolt.event("link_shared")
    def link_shared(event: dict[str, Any]) -> None:
        link_previews.unfurl(app, event)
