"""Shortcuts: from the composer, and from a message's menu."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App

from bot.errors import InputError
from bot.slack.blocks import modals, notices
from bot.slack.blocks.text import escape, unslack
from bot.slack.context import AppContext
from bot.slack.features import suggesting
from bot.slack.features.asking import answer_privately, check_given, respond_with_report
from bot.slack.messages import IncomingMessage

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
        app.slack.open(body["trigger_id"], modals.check_modal(app.years_offered()))

    @bolt.shortcut("ilr_answer_message")
    def answer(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        message = _asked(body)
        if not message.text:
            post = notices.text_post("There is no text in that message to look up.")
            app.slack.respond(body["response_url"], post)
        else:
            answer_privately(app, message, body["response_url"])

    @bolt.shortcut("ilr_check_message")
    def check_message(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        _check(app, _asked(body), body["response_url"])

    @bolt.shortcut("ilr_suggest")
    def suggest(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        ts = str((body.get("message") or {}).get("ts") or "")
        suggesting.from_message(app, body["trigger_id"], _asked(body), ts)


def _asked(body: dict[str, Any]) -> IncomingMessage:
    message = body.get("message") or {}
    return IncomingMessage(
        source="shortcut",
        user=str(body["user"]["id"]),
        channel=str((body.get("channel") or {}).get("id") or ""),
        text=unslack(str(message.get("text") or "")),
        thread_ts=message.get("thread_ts"),
        files=tuple(file for file in message.get("files") or () if isinstance(file, dict)),
    )


def _check(app: AppContext, message: IncomingMessage, url: str) -> None:
    given: dict[str, Any] | str = message.files[0] if message.files else message.text
    try:
        report = check_given(app, given, None, source="shortcut")
    except InputError as error:
        app.slack.respond(url, notices.text_post(escape(str(error))))
    else:
        respond_with_report(app, report, message.user, url)
