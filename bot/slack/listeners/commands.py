"""``/ilr`` and what follows it."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App

from bot.errors import InputError
from bot.slack.blocks import modals, notices
from bot.slack.blocks.reply import reply
from bot.slack.blocks.text import escape, unslack
from bot.slack.context import Desk
from bot.slack.features import keywords as words
from bot.slack.features.asking import answer_privately, check_given, respond_with_report
from bot.slack.features.forget_me import forget
from bot.slack.messages import Asked

__all__ = ["COMMANDS", "register"]

COMMANDS = ("/ilr",)


def register(app: App, desk: Desk) -> None:
    """Register the slash command."""

    @app.command(COMMANDS[0])
    def ilr(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        command = words.parse(unslack(str(body.get("text") or "")))
        if command.verb == "check" and not command.rest:
            desk.slack.open(body["trigger_id"], modals.check_modal(desk.years_offered()))
        else:
            _run(desk, command, body)


def _run(desk: Desk, command: words.Command, body: dict[str, Any]) -> None:
    url, asked = str(body["response_url"]), _asked(body, command.rest)
    if desk.helpdesk.is_record(command.rest) or command.verb == "check":
        try:
            report = check_given(desk, command.rest, None, door="command")
        except InputError as error:
            desk.slack.respond(url, notices.said(escape(str(error))))
        else:
            respond_with_report(desk, report, asked.user, url)
    elif command.verb == "help":
        desk.slack.respond(url, notices.help_post())
    elif command.verb == "dates":
        desk.slack.respond(url, words.dates(desk))
    elif command.verb == "topics":
        desk.slack.respond(url, words.topics(desk))
    elif command.verb == "forget":
        desk.slack.respond(url, forget(desk, asked.user))
    elif command.verb == "explain":
        answer = desk.helpdesk.explain(command.rest)
        if answer.outcome == "none":
            desk.slack.respond(url, notices.explanation_unknown())
            return
        kept = desk.keep(asked, answer)
        desk.slack.respond(url, reply(answer, desk.context(kept, private=not asked.in_dm)))
    else:
        answer_privately(desk, asked, url)


def _asked(body: dict[str, Any], text: str) -> Asked:
    return Asked(
        door="command",
        user=str(body.get("user_id") or ""),
        channel=str(body.get("channel_id") or ""),
        text=text,
        team=str(body.get("team_id") or "") or None,
    )
