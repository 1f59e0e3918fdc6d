"""``/ilr`` and what follows it."""

from __future__ import annotations

from typing import Any

from bot.slack.blocks import notices
from bot.slack.blocks.text import unslack
from bot.slack.context import AppContext
from bot.slack.features import checking, keywords
from bot.slack.features.asking import answer_privately, explain_privately
from bot.slack.features.forget_me import forget
from bot.slack.messages import from_command

__all__ = ["run"]


def run(app: AppContext, body: dict[str, Any]) -> None:
    """Do what a command asks for, once; only whoever typed it sees the result."""
    trigger = str(body.get("trigger_id") or "")
    if trigger and not app.ledger.see_once(f"command {trigger}"):
        return
    command = keywords.parse(unslack(str(body.get("text") or "")))
    message = from_command(body, command.rest)
    if command.verb == "check" and not command.rest:
        checking.open_form(app, body["trigger_id"])
        return
    url = str(body["response_url"])
    if command.verb == "check" or app.helpdesk.is_record(command.rest):
        checking.check_privately(app, message, url)
    elif command.verb == "help":
        app.slack.respond(url, notices.help_post(), user=message.user)
    elif command.verb == "dates":
        app.slack.respond(url, keywords.dates(app), user=message.user)
    elif command.verb == "topics":
        app.slack.respond(url, keywords.topics(app), user=message.user)
    elif command.verb == "forget":
        app.slack.respond(url, forget(app, message.user), user=message.user)
    elif command.verb == "explain":
        explain_privately(app, message, url)
    else:
        answer_privately(app, message, url)
