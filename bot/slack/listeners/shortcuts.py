"""Shortcuts: from the composer, and from a message's menu."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App

from bot.slack.context import AppContext
from bot.slack.features import asking, checking, suggesting
from bot.slack.messages import from_shortcut

__all__ = ["GLOBAL_SHORTCUTS", "MESSAGE_SHORTCUTS", "register"]

GLOBAL_SHORTCUTS = {"ilr_check": ("Check an ILR record", "Only you see the result")}
MESSAGE_SHORTCUTS = {
    "ilr_answer_message": ("Answer with ILR Helpdesk", "Look this message up; only you see it"),
    "ilr_check_message": ("Check this record", "Check the record in this message, privately"),
    "ilr_suggest": ("Suggest as knowledge", "Propose this as an answer for a curator to review"),
}


def register(bolt: App, app: AppContext) -> None:
    """Register the listeners for shortcuts."""

    @bolt.shortcut("ilr_check")
    def check(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        checking.open_form(app, body["trigger_id"])

    @bolt.shortcut("ilr_answer_message")
    def answer(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        asking.answer_privately(app, from_shortcut(body), body["response_url"])

    @bolt.shortcut("ilr_check_message")
    def check_message(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        checking.check_privately(app, from_shortcut(body), body["response_url"])

    @bolt.shortcut("ilr_suggest")
    def suggest(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        suggesting.from_message(app, body)
