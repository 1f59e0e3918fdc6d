"""The curators' app: who is one, what waits for them, and their decisions."""

from __future__ import annotations

import time
from collections.abc import Callable

from slack_sdk.errors import SlackApiError

from bot.curation_queue import busy_return_weeks, load_queue, unused_entries
from bot.ledger import Changed, Ledger, Phrasing, Suggestion
from bot.ledger.values import Change
from bot.slack.blocks import notices
from bot.slack.blocks.curation import busy_week_view, queue_blocks, unused_view
from bot.slack.blocks.post import Block
from bot.slack.context import AppContext
from bot.slack.features.approved_entries import sync_approved_entries
from bot.slack.interactions import Click
from bot.slack.runtime.logs import log

__all__ = [
    "AWAY",
    "ONLY_CURATORS",
    "approve",
    "blocks_for",
    "close_gap",
    "close_resolved_items",
    "drop_phrasing",
    "is_curator",
    "keep_phrasing",
    "reject",
    "show_busy_week",
    "show_unused",
]

ONLY_CURATORS = "Only curators can decide on suggestions."
AWAY = "My records cannot be reached just now. Nothing was changed; please try again."
_SECONDS_KNOWN = 300.0
_DAYS_SHOWN = 7
_known: dict[tuple[str, str], tuple[float, frozenset[str]]] = {}

Decided = Change[Suggestion] | Change[Phrasing]


def is_curator(app: AppContext, user: str) -> bool:
    """Whether somebody is in the curators' user group; nobody is when none is set."""
    group = app.settings.curator_group
    if not group:
        return False
    key = (app.settings.slack_api_url, group)
    at, members = _known.get(key, (-_SECONDS_KNOWN, frozenset()))
    if time.monotonic() - at >= _SECONDS_KNOWN:
        try:
            found = app.slack.client.usergroups_users_list(usergroup=group)
        except SlackApiError as error:
            log.warning("the curators cannot be listed", extra={"code": _code(error)})
            return False
        users = found.get("users")
        members = frozenset(str(one) for one in users) if isinstance(users, list) else frozenset()
        _known[key] = (time.monotonic(), members)
    return user in members


def blocks_for(app: AppContext, user: str) -> list[Block]:
    """The queue on a curator's Home tab, or why it is not there; [] for everybody else."""
    if not is_curator(app, user):
        return []
    waiting = app.keeping.attempt(lambda ledger: load_queue(ledger, app.helpdesk, days=_DAYS_SHOWN))
    return queue_blocks(waiting, app.title_of, str(app.helpdesk.year))


def approve(app: AppContext, click: Click) -> None:
    """A suggestion becomes an answer.

    That takes seconds, so the queue is shown before it is done.
    """
    if _decide(
        app,
        click,
        "s",
        lambda ledger, number: ledger.approve(number, _version(click), click.user),
        "approved",
    ):
        app.answering.submit(close_resolved_items, app)


def reject(app: AppContext, click: Click) -> None:
    """A suggestion is turned down, or an approved one taken back."""
    if _decide(
        app,
        click,
        "s",
        lambda ledger, number: ledger.reject(number, _version(click), click.user),
        "turned down",
    ):
        app.answering.submit(sync_approved_entries, app)


def keep_phrasing(app: AppContext, click: Click) -> None:
    """A way of asking finds its entry from now on."""
    if _decide(
        app,
        click,
        "p",
        lambda ledger, number: ledger.decide_phrasing(number, approve=True, curator=click.user),
        "kept",
    ):
        app.answering.submit(close_resolved_items, app)


def drop_phrasing(app: AppContext, click: Click) -> None:
    """A way of asking is of no use."""
    _decide(
        app,
        click,
        "p",
        lambda ledger, number: ledger.decide_phrasing(number, approve=False, curator=click.user),
        "dropped",
    )


def _decide(
    app: AppContext,
    click: Click,
    key: str,
    decide: Callable[[Ledger, int], Decided],
    done: str,
) -> bool:
    """Whether this click decided it; whoever clicked is told when it did not."""
    number = click.value.get(key)
    if not isinstance(number, int):
        return False
    if not is_curator(app, click.user):
        click.whisper(app, notices.text_post(ONLY_CURATORS))
        return False
    change = app.keeping.attempt(lambda ledger: decide(ledger, number))
    if change is None:
        click.whisper(app, notices.text_post(AWAY))
    elif change.result is Changed.MISSING:
        click.whisper(app, notices.text_post(f"It was not {done}: it is no longer kept."))
    elif change.result is Changed.STALE:
        who = getattr(change.now, "curator", None)
        by = f"<@{who}>" if who else "somebody else"
        click.whisper(
            app, notices.text_post(f"It was not {done}: {by} has decided on it or changed it.")
        )
    return change is not None and change.done


def _version(click: Click) -> int:
    found = click.value.get("v")
    return found if isinstance(found, int) else 0


def close_gap(app: AppContext, click: Click) -> None:
    """A gap that needs no answer is closed."""
    ids = click.questions
    if not is_curator(app, click.user):
        click.whisper(app, notices.text_post("Only curators can close what was asked."))
    elif app.keeping.attempt(lambda ledger: ledger.close_gap(ids)) is None:
        click.whisper(app, notices.text_post(AWAY))


def show_busy_week(app: AppContext, click: Click) -> None:
    """What was asked in the week of a return, so that it is answered before the next."""
    week = str(click.value.get("w") or "")
    busy = app.keeping.attempt(lambda ledger: busy_return_weeks(ledger, app.helpdesk)) or []
    peak = next((one for one in busy if one.start.isoformat() == week), None)
    if peak is None or not is_curator(app, click.user):
        click.whisper(app, notices.text_post("I cannot show that week just now."))
        return
    asked = app.keeping.attempt(lambda ledger: ledger.most_asked(peak.start, peak.end)) or []
    today = app.helpdesk.today()
    facts = app.helpdesk.knowledge.specification.for_year(app.helpdesk.year).facts
    following = next((one for one in facts.returns if one.closes >= today), None)
    app.slack.open(click.trigger, busy_week_view(peak, asked, app.title_of, following))


def show_unused(app: AppContext, click: Click) -> None:
    """Every entry that nobody needs."""
    found = app.keeping.attempt(lambda ledger: unused_entries(ledger, app.helpdesk))
    if found is None or found[1] is None or not is_curator(app, click.user):
        click.whisper(app, notices.text_post("I cannot list them just now."))
        return
    view = unused_view(found[0], found[1], app.title_of)
    app.slack.open(click.trigger, view)


def close_resolved_items(app: AppContext) -> int:
    """Close gaps that the knowledge now answers, and what it now holds; how many gaps.

    A suggestion is held when git has an entry of its id, or one that is asked its question; a
    phrasing, when its entry has it.
    """
    entries = app.helpdesk.published.knowledge.entries
    asked = {
        _plain(way): entry.id
        for entry in entries.values()
        for way in (entry.question, *entry.also_asked)
    }
    app.keeping.attempt(
        lambda ledger: ledger.close_published(
            lambda one: one.entry_id in entries or _plain(one.question) in asked
        )
    )
    app.keeping.attempt(
        lambda ledger: ledger.close_published_phrasings(
            lambda one: asked.get(_plain(one.text)) == one.entry_id
        )
    )
    sync_approved_entries(app)
    return _close_gaps(app)


def _close_gaps(app: AppContext) -> int:
    def answered_by(question: str) -> str | None:
        found = app.helpdesk.ask(question)
        return found.entry if found.outcome == "answer" else None

    return app.keeping.attempt(lambda ledger: ledger.close_gaps(answered_by)) or 0


def _plain(question: str) -> str:
    return " ".join(question.casefold().strip(" ?.!").split())


def _code(error: SlackApiError) -> str:
    return str(error.response.get("error") or "unknown")
