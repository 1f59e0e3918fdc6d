"""Shortcuts: from the composer, and from a message's menu."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App

from bot.errors import InputError
from bot.slack.blocks import modals, notices
from bot.slack.blocks.text import escape, unslack
from bot.slack.context import Desk
from bot.slack.features import suggesting
from bot.slack.features.asking import answer_privately, check_given, respond_with_report
from bot.slack.messages import Asked

__all__ = ["GLOBAL_SHORTCUTS", "MESSAGE_SHORTCUTS", "register"]

GLOBAL_SHORTCUTS = {"ilr_check": ("Check an ILR record", "Only you see the result")}
MESSAGE_SHORTCUTS = {
    "ilr_answer_message": ("Answer with ILR Helpdesk", "Look this message up; only you see it"),
    "ilr_check_message": ("Check this record", "Check the record in this message, privately"),
    "ilr_suggest": ("Suggest as knowledge", "Propose this as an answer for a curator to review"),
}


def register(app: App, desk: Desk) -> None:
    """Register the listeners for shortcuts."""

    @app.shortcut("ilr_check")
    def check(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        desk.slack.open(body["trigger_id"], modals.check_modal(desk.years_offered()))

    @app.shortcut("ilr_answer_message")
    def answer(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        asked = _asked(body)
        if not asked.text:
            post = notices.said("There is no text in that message to look up.")
            desk.slack.respond(body["response_url"], post)
        else:
            answer_privately(desk, asked, body["response_url"])

    @app.shortcut("ilr_check_message")
    def check_message(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        _check(desk, _asked(body), body["response_url"])

    @app.shortcut("ilr_suggest")
    def suggest(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        ts = str((body.get("message") or {}).get("ts") or "")
        suggesting.from_message(desk, body["trigger_id"], _asked(body), ts)


def _asked(body: dict[str, Any]) -> Asked:
    message = body.get("message") or {}
    return Asked(
        door="shortcut",
        user=str(body["user"]["id"]),
        channel=str((body.get("channel") or {}).get("id") or ""),
        text=unslack(str(message.get("text") or "")),
        thread_ts=message.get("thread_ts"),
        files=tuple(file for file in message.get("files") or () if isinstance(file, dict)),
    )


def _check(desk: Desk, asked: Asked, url: str) -> None:
    given: dict[str, Any] | str = asked.files[0] if asked.files else asked.text
    try:
        report = check_given(desk, given, None, door="shortcut")
    except InputError as error:
        desk.slack.respond(url, notices.said(escape(str(error))))
    else:
        respond_with_report(desk, report, asked.user, url)
