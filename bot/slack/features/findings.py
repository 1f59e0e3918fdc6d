"""What is behind a report: why a rule fired, and why others were not run."""

from __future__ import annotations

from bot.slack.blocks import modals
from bot.slack.blocks.post import Block
from bot.slack.context import AppContext
from bot.slack.interactions import Click
from bot.slack.payloads import ReasonsPayload, RulePayload

__all__ = ["explain_rule", "show_reasons"]

MAX_ENTRIES = 2


def explain_rule(app: AppContext, click: Click[RulePayload]) -> None:
    """The rule behind a finding, and the entries that help with it."""
    view = _explanation(app, click.payload)
    if click.in_view:
        app.slack.push(click.trigger, view)
    else:
        app.slack.open(click.trigger, view)


def _explanation(app: AppContext, about: RulePayload) -> Block:
    answer = app.helpdesk.explain(about.rule, about.year)
    if answer.outcome == "none":
        return modals.notice_modal("Why?", "I have no explanation of that rule.")
    row = app.helpdesk.knowledge.catalogue.rows.get(about.rule)
    listed = (row.entries if row else ())[:MAX_ENTRIES]
    entries = [app.open_entry(entry, about.year) for entry in listed]
    held = [(entry.title, entry) for entry in entries if entry is not None]
    return modals.explain_modal(answer, held, app.answer_context())


def show_reasons(app: AppContext, click: Click[ReasonsPayload]) -> None:
    """Why rules were not run, as the button has it: nothing of the record."""
    reasons = "\n".join(click.payload.reasons)
    app.slack.push(click.trigger, modals.notice_modal("Not checked here", reasons or "…"))
