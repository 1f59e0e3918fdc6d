"""``/ilr`` and what follows it."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App

from bot.errors import InputError
from bot.slack.blocks import modals, notices
from bot.slack.blocks.reply import reply
from bot.slack.blocks.text import escape, unslack
from bot.slack.context import AppContext
from bot.slack.features import keywords as words
from bot.slack.features.asking import answer_privately, check_given, respond_with_report
from bot.slack.features.forget_me import forget
from bot.slack.messages import IncomingMessage

__all__ = ["COMMANDS", "register"]

COMMANDS = ("/ilr",)


def register(bolt: App, app: AppContext) -> None:
    """Register the slash command."""

    @bolt.command(COMMANDS[0])
    def ilr(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        command = words.parse(unslack(str(body.get("text") or "")))
        if command.verb == "check" and not command.rest:
            app.slack.open(body["trigger_id"], modals.check_modal(app.years_offered()))
        else:
            _run(app, command, body)


def _run(app: AppContext, command: words.Command, body: dict[str, Any]) -> None:
    url, message = str(body["response_url"]), _asked(body, command.rest)
    if app.helpdesk.is_record(command.rest) or command.verb == "check":
        try:
            report = check_given(app, command.rest, None, source="command")
        except InputError as error:
            app.slack.respond(url, notices.text_post(escape(str(error))))
        else:
            respond_with_report(app, report, message.user, url)
    elif command.verb == "help":
        app.slack.respond(url, notices.help_post())
    elif command.verb == "dates":
        app.slack.respond(url, words.dates(app))
    elif command.verb == "topics":
        app.slack.respond(url, words.topics(app))
    elif command.verb == "forget":
        app.slack.respond(url, forget(app, message.user))
    elif command.verb == "explain":
        answer = app.helpdesk.explain(command.rest)
        if answer.outcome == "none":
            app.slack.respond(url, notices.explanation_unknown())
            return
        kept = app.keep(message, answer)
        app.slack.respond(url, reply(answer, app.context(kept, private=not message.in_dm)))
    else:
        answer_privately(app, message, url)


def _asked(body: dict[str, Any], text: str) -> IncomingMessage:
    return IncomingMessage(
        source="command",
        user=str(body.get("user_id") or ""),
        channel=str(body.get("channel_id") or ""),
        text=text,
        team=str(body.get("team_id") or "") or None,
    )
