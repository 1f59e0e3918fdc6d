"""Listeners by kind: each acknowledges, calls, replies, and no more."""

from __future__ import annotations

from slack_bolt import App

from bot.slack.context import Desk
from bot.slack.listeners import actions, commands, events, functions, shortcuts, views

__all__ = ["register"]


def register(app: App, desk: Desk) -> None:
    """Register every listener."""
    for kind in (events, commands, actions, views, shortcuts, functions):
        kind.register(app, desk)
