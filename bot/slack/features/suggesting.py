"""Suggest as knowledge: a form filled in from where it was asked, for curators to review."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.errors import HelpdeskError
from bot.ledger.values import Proposal
from bot.privacy import looks_personal, to_keep, to_publish
from bot.slack.blocks import modals, notices
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
from bot.slack.features.relaying import sent_replies
from bot.slack.interactions import Click
from bot.slack.messages import from_shortcut
from bot.slack.payloads import (
    HandoverPayload,
    SuggestionOrigin,
    SuggestionPayload,
    SuggestPayload,
    first_payload,
)
from bot.years import AcademicYear

__all__ = ["edit", "from_button", "from_message", "is_edit", "submitted"]

THANKS = "A curator will look at it. It is not used in answers until they approve it."
_PERSONAL = "This looks like personal details. Please remove them."
_AWAY = "The database is unavailable. Please submit it again later."
_TYPED = ("question", "ways", "answer", "source", "owner")
_WHOSE = frozenset({"source", "owner"})
"""What may be somebody's name: who answers for it."""


def from_message(app: AppContext, body: dict[str, Any]) -> None:
    """The form for a message: a question to be answered, or the answer to its thread's.

    A record is never copied into it.
    """
    message, trigger = from_shortcut(body), str(body["trigger_id"])
    if app.helpdesk.is_record(message.text):
        view = modals.notice_modal(
            "Suggest as knowledge", "That message contains a learner record, so it is not copied."
        )
        app.slack.open(trigger, view)
        return
    text = to_keep(message.text)
    if message.thread_ts and message.thread_ts != body["message"].get("ts"):
        first = next(iter(app.slack.thread(message.channel, message.thread_ts)), {})
        draft = Draft(question=_asked_in(app, first), answer=text)
    elif text.rstrip().endswith("?"):
        draft = Draft(question=text)
    else:
        draft = Draft(answer=text)
    _open(app, trigger, draft)


def from_button(app: AppContext, click: Click[SuggestPayload]) -> None:
    """The form for a gap in the curator queue, or for a triage thread with what was said in it."""
    about = click.payload
    draft = Draft(
        question=about.question_text,
        answer="" if click.in_view else _said_in(app, click),
        ways="\n".join(about.wordings),
        origin=SuggestionOrigin(
            question=about.questions[0] if about.questions else None, handover=about.handover
        ),
    )
    _open(app, click.trigger, draft)


def edit(app: AppContext, click: Click[SuggestionPayload]) -> None:
    """A draft, for a curator to change."""
    number = click.payload.suggestion
    if number is None:
        return
    if not is_curator(app, click.user):
        click.whisper(app, notices.text_post(ONLY_CURATORS))
        return
    found = app.ledger.suggestion(number)
    if found is None:
        text = "That suggestion has been deleted, or the database is unavailable."
        click.whisper(app, notices.text_post(text))
        return
    draft = Draft(
        question=found.question,
        answer=found.answer,
        ways="\n".join(found.also_asked),
        year=found.year_from,
        source=found.source_url or found.source_title or "",
        owner=found.practice_owner or "",
        topic=found.topic or "",
        origin=SuggestionOrigin(suggestion=found.id, revision=found.version),
    )
    _open(app, click.trigger, draft)


def submitted(app: AppContext, body: dict[str, Any]) -> dict[str, Any]:
    """Keep what the form holds; returns what Slack is to do with the form."""
    draft, user = read_form(body["view"]), str(body["user"]["id"])
    errors = _errors(app, draft)
    if errors:
        return {"response_action": "errors", "errors": errors}
    found = _near(app, draft.question)
    if not {entry for entry, _ in found} <= set(draft.origin.shown):
        return {"response_action": "update", "view": fit_view(_form(app, draft, found))}
    try:
        outcome = _recorded(app, draft, user)
    except HelpdeskError as error:
        return {"response_action": "errors", "errors": {"answer": clip(str(error), 150)}}
    if outcome is None:
        return {"response_action": "errors", "errors": {"answer": _AWAY}}
    return {"response_action": "update", "view": modals.notice_modal("Thank you", outcome)}


def is_edit(body: dict[str, Any]) -> bool:
    """Whether a form that was sent edits a draft, so that the queue is shown anew."""
    return SuggestionOrigin.read(body["view"].get("private_metadata")).suggestion is not None


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
    if message.get("bot_id") and message.get("bot_id") == app.bot_id:
        return first_payload(message, HandoverPayload).question_text
    text = unslack(str(message.get("text") or ""))
    return "" if app.helpdesk.is_record(text) else to_keep(text)


def _said_in(app: AppContext, click: Click[SuggestPayload]) -> str:
    """What was sent to the asker from a triage thread, without records and personal details."""
    said = sent_replies(app, click.channel, click.root)
    return to_publish("\n".join(text for text in said if not app.helpdesk.is_record(text)))


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
    typed = {name: str(getattr(draft, name)) for name in _TYPED}
    errors = {
        name: _PERSONAL
        for name, text in typed.items()
        if looks_personal(text)
        or app.helpdesk.is_record(text)
        or (name not in _WHOSE and to_publish(text) != text)
    }
    if not draft.source and not draft.owner:
        errors["source"] = "Name a source, or below who is responsible for it."
    try:
        AcademicYear.parse(draft.year)
    except ValueError:
        errors["year"] = "Write the first academic year it holds for, like 2026-27."
    return errors


def _recorded(app: AppContext, draft: Draft, user: str) -> str | None:
    """What to say of it; None when it could not be kept."""
    if draft.origin.suggestion is not None:
        return _edited(app, draft, user, draft.origin.suggestion)
    recorded = app.ledger.suggest(
        _proposal(draft),
        user=user,
        handover_id=draft.origin.handover,
        question_id=draft.origin.question,
        taken=app.helpdesk.knowledge.entries,
        channel=_direct_channel(app, user),
    )
    return THANKS if recorded else None


def _direct_channel(app: AppContext, user: str) -> str | None:
    """Where the writer hears what became of it; None when Slack will not say."""
    try:
        return app.slack.direct_channel(user)
    except (SlackApiError, OSError):
        return None


def _proposal(draft: Draft) -> Proposal:
    year = str(AcademicYear.parse(draft.year))
    url = draft.source if draft.source.startswith(("https://", "http://")) else None
    return Proposal(
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


def _edited(app: AppContext, draft: Draft, user: str, suggestion: int) -> str | None:
    if not is_curator(app, user):
        return f"{ONLY_CURATORS} Nothing was changed."
    change = app.ledger.edit(suggestion, draft.origin.revision, _proposal(draft))
    if change is None:
        return None
    if not change.done:
        return "Nothing was changed: someone else has decided on it or edited it meanwhile."
    return "Saved. Approve it in the curator queue when it is ready."
