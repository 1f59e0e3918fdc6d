"""The curators' desk: who is one, what waits for them, and their decisions."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

from slack_sdk.errors import SlackApiError

from bot.ledger import Ledger, Outcomes, Review, Suggestion
from bot.ledger.values import Change
from bot.slack.blocks import notices
from bot.slack.blocks.desk import Waiting, desk_blocks
from bot.slack.blocks.post import Block
from bot.slack.clicks import Click
from bot.slack.desk import Desk
from bot.slack.logs import log

__all__ = ["approve", "blocks_for", "close_gap", "is_curator", "keep_in_order", "reject"]

_SECONDS_KNOWN = 300.0
_DAYS_TO_REVIEW = 30
_MOST = 5
_known: dict[tuple[str, str], tuple[float, frozenset[str]]] = {}

Decision = Callable[[Ledger, int, int], Change[Suggestion]]


def is_curator(desk: Desk, user: str) -> bool:
    """Whether somebody is in the curators' user group; nobody is when none is set."""
    group = desk.settings.curator_group
    if not group:
        return False
    key = (desk.settings.slack_api_url, group)
    at, members = _known.get(key, (-_SECONDS_KNOWN, frozenset()))
    if time.monotonic() - at >= _SECONDS_KNOWN:
        try:
            found = desk.slack.client.usergroups_users_list(usergroup=group)
        except SlackApiError as error:
            log.warning("the curators cannot be listed", extra={"code": _code(error)})
            return False
        users = found.get("users")
        members = frozenset(str(one) for one in users) if isinstance(users, list) else frozenset()
        _known[key] = (time.monotonic(), members)
    return user in members


def blocks_for(desk: Desk, user: str) -> list[Block]:
    """The desk on a curator's Home tab; [] for everybody else, or while the ledger is away."""
    if not is_curator(desk, user):
        return []
    waiting = desk.keeping.attempt(lambda ledger: _waiting(desk, ledger))
    return [] if waiting is None else desk_blocks(waiting, desk.title_of, str(desk.helpdesk.year))


def _waiting(desk: Desk, ledger: Ledger) -> Waiting:
    today = desk.helpdesk.today()
    due = today + timedelta(days=_DAYS_TO_REVIEW)
    entries = desk.helpdesk.knowledge.entries.values()
    outcomes: Outcomes = ledger.outcomes(today - timedelta(days=7), today + timedelta(days=1))
    return Waiting(
        outcomes=outcomes,
        handovers=ledger.list_open(),
        gaps=ledger.gaps(limit=_MOST),
        flags=ledger.flagged_entries()[:_MOST],
        drafts=ledger.suggestions(Review.DRAFT),
        to_review=sorted(
            ((entry.id, entry.review_by) for entry in entries if entry.review_by <= due),
            key=lambda one: one[1],
        ),
    )


def approve(desk: Desk, click: Click) -> None:
    """A suggestion becomes an answer."""
    _decide(
        desk,
        click,
        "approved",
        lambda ledger, number, version: ledger.approve(number, version, click.user),
    )


def reject(desk: Desk, click: Click) -> None:
    """A suggestion is turned down."""
    _decide(
        desk,
        click,
        "turned down",
        lambda ledger, number, version: ledger.reject(number, version, click.user),
    )


def _decide(desk: Desk, click: Click, done: str, decide: Decision) -> None:
    number, version = click.value.get("s"), click.value.get("v")
    if not (isinstance(number, int) and isinstance(version, int)):
        return
    if not is_curator(desk, click.user):
        click.whisper(desk, notices.said("Only curators can decide on suggestions."))
        return
    change = desk.keeping.attempt(lambda ledger: decide(ledger, number, version))
    if change is None:
        click.whisper(desk, notices.said("My records cannot be reached just now. Nothing changed."))
        return
    if not change.done:
        click.whisper(
            desk, notices.said(f"It was not {done}: somebody else has decided or changed it.")
        )


def close_gap(desk: Desk, click: Click) -> None:
    """A gap that needs no answer is closed."""
    ids = click.questions
    if ids and is_curator(desk, click.user):
        desk.keeping.attempt(lambda ledger: ledger.close_gap(ids))


def keep_in_order(desk: Desk) -> int:
    """Close gaps that the knowledge now answers, and suggestions it now holds; how many gaps."""

    def answered_by(question: str) -> str | None:
        found = desk.helpdesk.ask(question)
        return found.entry if found.outcome == "answer" else None

    entries = desk.helpdesk.knowledge.entries
    desk.keeping.attempt(lambda ledger: ledger.close_published(lambda one: one.entry_id in entries))
    return desk.keeping.attempt(lambda ledger: ledger.close_gaps(answered_by)) or 0


def _code(error: SlackApiError) -> str:
    return str(error.response.get("error") or "unknown")
