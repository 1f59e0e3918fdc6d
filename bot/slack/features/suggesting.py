"""Suggest as knowledge: a form filled in from where it was asked, for curators to review."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.errors import HelpdeskError
from bot.ledger.values import Change, Proposal, Suggestion
from bot.privacy import looks_personal, mask
from bot.slack.blocks import modals, notices
from bot.slack.blocks.parts import button_value, read_value
from bot.slack.blocks.post import Block, fit_view
from bot.slack.blocks.suggestion import (
    MAX_ANSWER_LENGTH,
    MAX_QUESTION_LENGTH,
    Draft,
    read_form,
    suggest_form,
)
from bot.slack.blocks.text import clip, unslack
from bot.slack.context import AppContext
from bot.slack.features.curating import ONLY_CURATORS, is_curator
from bot.slack.interactions import Click
from bot.slack.messages import IncomingMessage
from bot.years import AcademicYear

__all__ = ["edit", "from_button", "from_message", "is_edit", "submitted"]

THANKS = "A curator will look at it. Nothing is answered from it before they have."
_PERSONAL = "This looks like somebody's personal details. Please take them out."
_AWAY = "My records cannot be reached just now. Please send it again later."
_LABELS = ("question", "ways", "answer", "source", "owner")


def from_message(app: AppContext, trigger: str, message: IncomingMessage, ts: str) -> None:
    """The form for a message: a question to be answered, or the answer to its thread's.

    A record is never copied into it.
    """
    if app.helpdesk.is_record(message.text):
        view = modals.notice_modal(
            "Suggest as knowledge", "That message holds a learner record, so it is not copied."
        )
        app.slack.open(trigger, view)
        return
    text = mask(message.text)
    if message.thread_ts and message.thread_ts != ts:
        first = next(iter(app.slack.thread(message.channel, message.thread_ts)), {})
        draft = Draft(question=_asked_in(app, first), answer=text)
    elif text.rstrip().endswith("?"):
        draft = Draft(question=text)
    else:
        draft = Draft(answer=text)
    _open(app, trigger, draft)


def from_button(app: AppContext, click: Click) -> None:
    """The form for a question in the curator queue, or for a triage thread with what was said in it."""
    about = {"q": click.question, "h": click.value.get("h")}
    ways = click.value.get("w")
    draft = Draft(
        question=click.question_text,
        answer="" if click.in_view else _said_in(app, click),
        ways="\n".join(map(str, ways)) if isinstance(ways, list) else "",
        about={key: number for key, number in about.items() if isinstance(number, int)},
    )
    _open(app, click.trigger, draft)


def edit(app: AppContext, click: Click) -> None:
    """A draft, for a curator to change."""
    number = click.value.get("s")
    if not isinstance(number, int):
        return
    if not is_curator(app, click.user):
        click.whisper(app, notices.text_post(ONLY_CURATORS))
        return
    found = app.keeping.attempt(lambda ledger: ledger.suggestion(number))
    if found is None:
        click.whisper(
            app,
            notices.text_post(
                "That suggestion is no longer there, or my records are away just now."
            ),
        )
        return
    draft = Draft(
        question=found.question,
        answer=found.answer,
        ways="\n".join(found.also_asked),
        year=found.year_from,
        source=found.source_url or found.source_title or "",
        owner=found.practice_owner or "",
        topic=found.topic or "",
        about={"s": found.id, "v": found.version},
    )
    _open(app, click.trigger, draft)


def submitted(app: AppContext, body: dict[str, Any]) -> dict[str, Any]:
    """Keep what the form holds; returns what Slack is to do with the form."""
    draft, user = read_form(body["view"]), str(body["user"]["id"])
    errors = _errors(app, draft)
    if errors:
        return {"response_action": "errors", "errors": errors}
    found = _near(app, draft.question)
    if not {entry for entry, _ in found} <= set(draft.shown):
        return {"response_action": "update", "view": fit_view(_form(app, draft, found))}
    try:
        said = _kept(app, draft, user)
    except HelpdeskError as error:
        return {"response_action": "errors", "errors": {"answer": clip(str(error), 150)}}
    if said is None:
        return {"response_action": "errors", "errors": {"answer": _AWAY}}
    return {"response_action": "update", "view": modals.notice_modal("Thank you", said)}


def is_edit(body: dict[str, Any]) -> bool:
    """Whether a form that was sent edits a draft, so that the queue is shown anew."""
    return "s" in read_value(body["view"].get("private_metadata"))


def _near(app: AppContext, question: str) -> list[tuple[str, str]]:
    """Entries (id, question) that may say already what is asked."""
    if not question.strip():
        return []
    found = app.helpdesk.ask(question)
    if found.outcome == "answer" and found.entry:
        return [(found.entry, found.title)]
    return [(choice.entry, choice.question) for choice in found.choices]


def _asked_in(app: AppContext, message: dict[str, Any]) -> str:
    """What a thread's first message asks: what we passed on in it, or what was written."""
    if message.get("bot_id"):
        return str(button_value(message).get("t") or "")
    text = unslack(str(message.get("text") or ""))
    return "" if app.helpdesk.is_record(text) else mask(text)


def _said_in(app: AppContext, click: Click) -> str:
    """What people answered in a thread, without records and personal details."""
    said = [
        unslack(str(message.get("text") or ""))
        for message in app.slack.thread(click.channel, click.root)[1:]
        if not message.get("bot_id")
    ]
    return mask("\n".join(text for text in said if not app.helpdesk.is_record(text)))


def _open(app: AppContext, trigger: str, draft: Draft) -> None:
    year = draft.year or str(app.helpdesk.year)
    whole = replace(draft, year=year, question=clip(draft.question, MAX_QUESTION_LENGTH))
    whole = replace(whole, answer=clip(whole.answer, MAX_ANSWER_LENGTH))
    found = _near(app, draft.question or draft.answer)
    app.slack.open(trigger, _form(app, whole, found))


def _form(app: AppContext, draft: Draft, found: list[tuple[str, str]]) -> Block:
    topics = [(topic.id, topic.title) for topic in app.helpdesk.knowledge.topics.values()]
    return suggest_form(draft, found, topics)


def _errors(app: AppContext, draft: Draft) -> dict[str, str]:
    typed = {name: str(getattr(draft, name)) for name in _LABELS}
    errors = {
        name: _PERSONAL
        for name, text in typed.items()
        if looks_personal(text) or app.helpdesk.is_record(text)
    }
    if not draft.source and not draft.owner:
        errors["source"] = "Name a source, or below who answers for it as practice."
    try:
        AcademicYear.parse(draft.year)
    except ValueError:
        errors["year"] = "Write the first academic year it holds for, like 2026-27."
    return errors


def _kept(app: AppContext, draft: Draft, user: str) -> str | None:
    """What to say of it; None when it could not be kept."""
    year = str(AcademicYear.parse(draft.year))
    url = draft.source if draft.source.startswith(("https://", "http://")) else None
    proposal = Proposal(
        question=draft.question,
        answer=draft.answer,
        year_from=year,
        topic=draft.topic or None,
        source_title=draft.source or None,
        source_url=url,
        source_year=year if draft.source else None,
        practice_owner=draft.owner or None,
        also_asked=tuple(draft.ways.splitlines()),
    )
    if "s" in draft.about:
        return _edited(app, draft, user, proposal)
    kept = app.keeping.attempt(
        lambda ledger: ledger.suggest(
            proposal,
            user=user,
            handover_id=draft.about.get("h"),
            question_id=draft.about.get("q"),
            taken=app.helpdesk.knowledge.entries,
        )
    )
    return THANKS if kept else None


def _edited(app: AppContext, draft: Draft, user: str, proposal: Proposal) -> str | None:
    if not is_curator(app, user):
        return f"{ONLY_CURATORS} Nothing was changed."
    number, version = draft.about["s"], draft.about.get("v", 0)
    change: Change[Suggestion] | None = app.keeping.attempt(
        lambda ledger: ledger.edit(number, version, proposal)
    )
    if change is None:
        return None
    if not change.done:
        return "Nothing was changed: somebody else has decided on it or changed it meanwhile."
    return "Changed. Approve it at the desk when it is right."
