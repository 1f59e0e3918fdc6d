"""What somebody shows to a channel: a private answer, or the rules that a check found broken."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.slack.blocks import modals, notices
from bot.slack.blocks.reply import reply
from bot.slack.blocks.report import summary_post
from bot.slack.blocks.text import plain
from bot.slack.context import AppContext
from bot.slack.interactions import Click
from bot.slack.payloads import AnswerPayload, SharedRules, form_value
from bot.slack.runtime.slack_errors import remedy

__all__ = ["ask_where_to_share", "share_answer", "share_submitted"]


def share_answer(app: AppContext, click: Click[AnswerPayload]) -> None:
    """Post the answer for everybody, say who shares it, and take the private one away."""
    with app.clicks.first(click.identity(click.payload.entry, "shared")) as is_first:
        if is_first:
            _share(app, click)


def _share(app: AppContext, click: Click[AnswerPayload]) -> None:
    answer = app.open_entry(click.payload.entry, click.payload.year)
    if answer is None:
        click.whisper(app, notices.entry_gone())
        return
    context = replace(app.answer_context(click.payload.questions, asker=click.user), shared=True)
    shown = reply(answer, context, shared_by=click.user)
    try:
        ts = app.slack.say(
            click.channel, notices.shared_answer(click.user, shown), thread_ts=click.thread_ts
        )
    except SlackApiError as error:
        if not remedy(error):
            raise
        click.whisper(app, notices.text_post(remedy(error)))
        return
    root = click.thread_ts or ts
    app.ledger.follow_thread(click.channel, root, click.payload.question)
    app.slack.respond_removing(click.response_url)


def ask_where_to_share(app: AppContext, click: Click[SharedRules]) -> None:
    """Ask where to share a check's rules, without learners or values."""
    rules = app.helpdesk.knowledge.catalogue.rows
    shown = summary_post(click.user, click.payload, rules)
    view = modals.share_modal(click.payload, shown.blocks)
    if click.in_view:
        app.slack.push(click.trigger, view)
    else:
        app.slack.open(click.trigger, view)


def share_submitted(app: AppContext, body: dict[str, Any]) -> dict[str, Any]:
    """Share a check's rules where the form says; returns what Slack is to do with the form."""
    view = body["view"]
    channel = form_value(view, "share", "channel", "selected_conversation")
    if not channel:
        return _error("Choose where to share it.")
    shared = SharedRules.read(view.get("private_metadata"))
    rules = app.helpdesk.knowledge.catalogue.rows
    try:
        app.slack.say(channel, summary_post(body["user"]["id"], shared, rules))
    except SlackApiError as error:
        what = plain(remedy(error)) or "I could not post there. Try again, or choose another."
        return _error(what)
    return {}


def _error(text: str) -> dict[str, Any]:
    return {"response_action": "errors", "errors": {"share": text}}
