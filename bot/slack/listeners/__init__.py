"""Listeners by kind: each acknowledges, calls one feature, and no more."""

from __future__ import annotations

from slack_bolt import App

from bot.slack.context import AppContext
from bot.slack.listeners import actions, commands, events, functions, shortcuts, views

__all__ = ["register"]


def register(bolt: App, app: AppContext) -> None:
    """Register every listener."""
    for kind in (events, commands, actions, views, shortcuts, functions):
        kind.register(bolt, app)
