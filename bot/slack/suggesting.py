"""Suggest as knowledge: a form filled in from a message, for curators to review."""

from __future__ import annotations

from typing import Any

from bot.errors import HelpdeskError
from bot.ledger.values import Proposal
from bot.privacy import looks_personal, mask
from bot.slack.blocks import modals
from bot.slack.blocks.text import escape
from bot.slack.desk import Desk
from bot.slack.incoming import Asked
from bot.years import AcademicYear

__all__ = ["THANKS", "open_form", "submitted"]

THANKS = "A curator will look at it. Nothing is answered from it before they have."


def open_form(desk: Desk, trigger: str, asked: Asked) -> None:
    """The form, with the message as the answer; a record is never copied into it."""
    if desk.helpdesk.is_record(asked.text):
        view = modals.notice_modal(
            "Suggest as knowledge", "That message holds a learner record, so it is not copied."
        )
        desk.slack.open(trigger, view)
        return
    near = desk.helpdesk.ask(asked.text)
    names = [near.title] if near.outcome == "answer" else [c.question for c in near.choices]
    view = modals.suggest_modal(mask(asked.text), str(desk.helpdesk.year), names)
    desk.slack.open(trigger, view)


def submitted(desk: Desk, body: dict[str, Any]) -> dict[str, str]:
    """Keep a suggestion; {} when that went well, else what to mend, by input."""
    values = body["view"].get("state", {}).get("values", {})

    def value(name: str) -> str:
        return str((values.get(name, {}).get(name, {}) or {}).get("value") or "").strip()

    errors = {
        name: "This looks like somebody's personal details. Please take them out."
        for name in ("question", "answer")
        if looks_personal(value(name))
    }
    source, owner = value("source"), value("owner")
    if not source and not owner:
        errors["source"] = "Name a source, or below the team that answers for it as practice."
    try:
        year = AcademicYear.parse(value("year"))
    except ValueError:
        errors["year"] = "Write the first academic year it holds for, like 2026-27."
    if errors:
        return errors
    url = source if source.startswith(("https://", "http://")) else None
    proposal = Proposal(
        question=value("question"),
        answer=value("answer"),
        year_from=str(year),
        source_title=source or None,
        source_url=url,
        source_year=str(year) if source else None,
        practice_owner=owner or None,
    )
    try:
        kept = desk.keeping.attempt(
            lambda ledger: ledger.suggest(proposal, user=body["user"]["id"])
        )
    except HelpdeskError as error:
        return {"answer": escape(str(error))[:150]}
    if kept is None:
        return {"answer": "My records cannot be reached just now. Please send it again later."}
    return {}
