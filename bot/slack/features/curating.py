"""The curator queue: who is a curator, what waits for them, and their decisions."""

from __future__ import annotations

import time

from slack_sdk.errors import SlackApiError

from bot.ledger import Phrasing, Suggestion, UpdateResult
from bot.ledger.values import Change
from bot.slack.blocks import notices
from bot.slack.blocks.curation import busy_week_view, queue_blocks, unused_view
from bot.slack.blocks.post import Block
from bot.slack.blocks.text import clip, escape
from bot.slack.context import AppContext
from bot.slack.features.approved_entries import sync_approved_entries
from bot.slack.interactions import Click
from bot.slack.payloads import (
    GapPayload,
    Payload,
    PhrasingPayload,
    SuggestionPayload,
    WeekPayload,
)
from bot.slack.runtime.logs import log

__all__ = [
    "AWAY",
    "ONLY_CURATORS",
    "accept_phrasing",
    "approve",
    "blocks_for",
    "close_resolved_items",
    "dismiss_gap",
    "is_curator",
    "reject",
    "reject_phrasing",
    "show_busy_week",
    "show_unused",
]

ONLY_CURATORS = "Only curators can decide on suggestions."
AWAY = "The database is unavailable. Nothing was changed; please try again."
_SECONDS_CACHED = 300.0
_DAYS_SHOWN = 7
_members: dict[tuple[str, str], tuple[float, frozenset[str]]] = {}


def is_curator(app: AppContext, user: str) -> bool:
    """Whether somebody is in the curators' user group; nobody is when none is set."""
    group = app.settings.curator_group
    if not group:
        return False
    key = (app.settings.slack_api_url, group)
    at, members = _members.get(key, (-_SECONDS_CACHED, frozenset()))
    if time.monotonic() - at >= _SECONDS_CACHED:
        try:
            found = app.slack.client.usergroups_users_list(usergroup=group)
        except SlackApiError as error:
            log.warning("the curators cannot be listed", extra={"code": _code(error)})
            return False
        users = found.get("users")
        members = frozenset(str(one) for one in users) if isinstance(users, list) else frozenset()
        _members[key] = (time.monotonic(), members)
    return user in members


def blocks_for(app: AppContext, user: str) -> list[Block]:
    """The queue on a curator's Home tab, or why it is not there; [] for everybody else."""
    if not is_curator(app, user):
        return []
    return queue_blocks(app.ledger.queue(app.helpdesk, days=_DAYS_SHOWN), app.title_of)


# -- decisions


def approve(app: AppContext, click: Click[SuggestionPayload]) -> None:
    """A suggestion becomes an answer.

    That takes seconds, so the queue is shown before it is done.
    """
    about = click.payload
    if about.suggestion is None or not _may_decide(app, click):
        return
    change = app.ledger.approve(about.suggestion, about.revision, click.user)
    if _is_done(app, click, change, "approved"):
        _tell_suggester(app, change, "was approved: I answer with it from now on.")
        app.answering.submit(close_resolved_items, app)


def reject(app: AppContext, click: Click[SuggestionPayload]) -> None:
    """A suggestion is rejected, or an approved one withdrawn."""
    about = click.payload
    if about.suggestion is None or not _may_decide(app, click):
        return
    change = app.ledger.reject(about.suggestion, about.revision, click.user)
    if _is_done(app, click, change, "rejected"):
        _tell_suggester(app, change, "was not taken up. Thank you all the same.")
        app.answering.submit(sync_approved_entries, app)


def _tell_suggester(app: AppContext, change: Change[Suggestion] | None, became: str) -> None:
    """Whoever suggested it hears what became of it."""
    found = change.now if change else None
    channel = app.ledger.release_suggester(found.id) if found else None
    if found is None or not channel:
        return
    text = f"Your suggestion “{escape(clip(found.question, 200))}” {became}"
    try:
        app.slack.say(channel, notices.text_post(text))
    except SlackApiError as error:
        log.warning("the suggester cannot be told", extra={"code": _code(error)})


def accept_phrasing(app: AppContext, click: Click[PhrasingPayload]) -> None:
    """A new wording finds its entry from now on."""
    if _decide_phrasing(app, click, approve=True):
        app.answering.submit(close_resolved_items, app)


def reject_phrasing(app: AppContext, click: Click[PhrasingPayload]) -> None:
    """A new wording is of no use."""
    _decide_phrasing(app, click, approve=False)


def _decide_phrasing(app: AppContext, click: Click[PhrasingPayload], *, approve: bool) -> bool:
    phrasing = click.payload.phrasing
    if phrasing is None or not _may_decide(app, click):
        return False
    change = app.ledger.decide_phrasing(phrasing, approve=approve, curator=click.user)
    return _is_done(app, click, change, "confirmed" if approve else "rejected")


def _may_decide(app: AppContext, click: Click[Payload]) -> bool:
    """Whether whoever clicked is a curator; they are told when not."""
    if is_curator(app, click.user):
        return True
    click.whisper(app, notices.text_post(ONLY_CURATORS))
    return False


def _is_done(
    app: AppContext,
    click: Click[Payload],
    change: Change[Suggestion] | Change[Phrasing] | None,
    done: str,
) -> bool:
    """Whether this click decided it; whoever clicked is told when it did not."""
    if change is None:
        click.whisper(app, notices.text_post(AWAY))
        return False
    if change.result is UpdateResult.MISSING:
        click.whisper(app, notices.text_post(f"It was not {done}: it has been deleted."))
    elif change.result is UpdateResult.STALE:
        by = f"<@{change.now.curator}>" if change.now and change.now.curator else "someone else"
        text = f"It was not {done}: {by} has decided on it or edited it."
        click.whisper(app, notices.text_post(text))
    return change.done


def dismiss_gap(app: AppContext, click: Click[GapPayload]) -> None:
    """A gap that needs no answer is closed."""
    if not is_curator(app, click.user):
        click.whisper(app, notices.text_post("Only curators can dismiss questions."))
    elif app.ledger.dismiss_gap(click.payload.questions) is None:
        click.whisper(app, notices.text_post(AWAY))


# -- what the queue leads to


def show_busy_week(app: AppContext, click: Click[WeekPayload]) -> None:
    """What was asked in the week of a return, so that it is answered before the next."""
    weeks = app.ledger.busy_weeks(app.helpdesk)
    found = next((one for one in weeks if one.start.isoformat() == click.payload.week), None)
    if found is None or not is_curator(app, click.user):
        click.whisper(app, notices.text_post("I cannot show that week now. Please try again."))
        return
    asked = app.ledger.most_asked(found.start, found.end)
    today = app.helpdesk.today()
    facts = app.helpdesk.knowledge.specification.for_year(app.helpdesk.year).facts
    next_return = next((one for one in facts.returns if one.closes >= today), None)
    app.slack.open(click.trigger, busy_week_view(found, asked, app.title_of, next_return))


def show_unused(app: AppContext, click: Click[Payload]) -> None:
    """Every entry that answered nothing."""
    entries, since = app.ledger.unused_entries(app.helpdesk)
    if since is None or not is_curator(app, click.user):
        click.whisper(app, notices.text_post("I cannot list them now. Please try again."))
        return
    app.slack.open(click.trigger, unused_view(entries, since, app.title_of))


# -- what closes by itself


def close_resolved_items(app: AppContext) -> int:
    """Close gaps that the knowledge now answers, and what it now holds; how many gaps.

    A suggestion is held when git has an entry of its id, or one that is asked its question; a
    wording, when its entry has it.
    """
    entries = app.helpdesk.published.knowledge.entries
    wordings = {
        _plain(wording): entry.id
        for entry in entries.values()
        for wording in (entry.question, *entry.also_asked)
    }

    def is_held(one: Suggestion) -> bool:
        return one.entry_id in entries or _plain(one.question) in wordings

    def is_worded(one: Phrasing) -> bool:
        return wordings.get(_plain(one.text)) == one.entry_id

    def answered_by(question: str) -> str | None:
        found = app.helpdesk.ask(question)
        return found.entry if found.outcome == "answer" else None

    app.ledger.close_published(is_held, is_worded)
    sync_approved_entries(app)
    return app.ledger.close_gaps(answered_by)


def _plain(question: str) -> str:
    return " ".join(question.casefold().strip(" ?.!").split())


def _code(error: SlackApiError) -> str:
    return str(error.response.get("error") or "unknown")
