"""The curators' desk: who is one, what waits for them, and their decisions."""

from __future__ import annotations

import time
from collections.abc import Callable

from slack_sdk.errors import SlackApiError

from bot.curation_queue import busy_returns, unneeded_by_anybody, waiting_for
from bot.ledger import Ledger, Phrasing, Suggestion, UpdateResult
from bot.ledger.values import Change
from bot.slack.blocks import notices
from bot.slack.blocks.curation import desk_blocks, peak_view, unneeded_view
from bot.slack.blocks.post import Block
from bot.slack.context import Desk
from bot.slack.features.approved_entries import serve_approved
from bot.slack.interactions import Click
from bot.slack.runtime.logs import log

__all__ = [
    "AWAY",
    "ONLY_CURATORS",
    "approve",
    "blocks_for",
    "close_gap",
    "drop_phrasing",
    "is_curator",
    "keep_in_order",
    "keep_phrasing",
    "reject",
    "show_peak",
    "show_unneeded",
]

ONLY_CURATORS = "Only curators can decide on suggestions."
AWAY = "My records cannot be reached just now. Nothing was changed; please try again."
_SECONDS_KNOWN = 300.0
_DAYS_SHOWN = 7
_known: dict[tuple[str, str], tuple[float, frozenset[str]]] = {}

Decided = Change[Suggestion] | Change[Phrasing]


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
    """The desk on a curator's Home tab, or why it is not there; [] for everybody else."""
    if not is_curator(desk, user):
        return []
    waiting = desk.keeping.attempt(
        lambda ledger: waiting_for(ledger, desk.helpdesk, days=_DAYS_SHOWN)
    )
    return desk_blocks(waiting, desk.title_of, str(desk.helpdesk.year))


def approve(desk: Desk, click: Click) -> None:
    """A suggestion becomes an answer.

    That takes seconds, so the desk is shown before it is done.
    """
    if _decide(
        desk,
        click,
        "s",
        lambda ledger, number: ledger.approve(number, _version(click), click.user),
        "approved",
    ):
        desk.answering.submit(keep_in_order, desk)


def reject(desk: Desk, click: Click) -> None:
    """A suggestion is turned down, or an approved one taken back."""
    if _decide(
        desk,
        click,
        "s",
        lambda ledger, number: ledger.reject(number, _version(click), click.user),
        "turned down",
    ):
        desk.answering.submit(serve_approved, desk)


def keep_phrasing(desk: Desk, click: Click) -> None:
    """A way of asking finds its entry from now on."""
    if _decide(
        desk,
        click,
        "p",
        lambda ledger, number: ledger.decide_phrasing(number, approve=True, curator=click.user),
        "kept",
    ):
        desk.answering.submit(keep_in_order, desk)


def drop_phrasing(desk: Desk, click: Click) -> None:
    """A way of asking is of no use."""
    _decide(
        desk,
        click,
        "p",
        lambda ledger, number: ledger.decide_phrasing(number, approve=False, curator=click.user),
        "dropped",
    )


def _decide(
    desk: Desk,
    click: Click,
    key: str,
    decide: Callable[[Ledger, int], Decided],
    done: str,
) -> bool:
    """Whether this click decided it; whoever clicked is told when it did not."""
    number = click.value.get(key)
    if not isinstance(number, int):
        return False
    if not is_curator(desk, click.user):
        click.whisper(desk, notices.said(ONLY_CURATORS))
        return False
    change = desk.keeping.attempt(lambda ledger: decide(ledger, number))
    if change is None:
        click.whisper(desk, notices.said(AWAY))
    elif change.result is UpdateResult.MISSING:
        click.whisper(desk, notices.said(f"It was not {done}: it is no longer kept."))
    elif change.result is UpdateResult.STALE:
        who = getattr(change.now, "curator", None)
        by = f"<@{who}>" if who else "somebody else"
        click.whisper(
            desk, notices.said(f"It was not {done}: {by} has decided on it or changed it.")
        )
    return change is not None and change.done


def _version(click: Click) -> int:
    found = click.value.get("v")
    return found if isinstance(found, int) else 0


def close_gap(desk: Desk, click: Click) -> None:
    """A gap that needs no answer is closed."""
    ids = click.questions
    if not is_curator(desk, click.user):
        click.whisper(desk, notices.said("Only curators can close what was asked."))
    elif desk.keeping.attempt(lambda ledger: ledger.close_gap(ids)) is None:
        click.whisper(desk, notices.said(AWAY))


def show_peak(desk: Desk, click: Click) -> None:
    """What was asked in the week of a return, so that it is answered before the next."""
    week = str(click.value.get("w") or "")
    busy = desk.keeping.attempt(lambda ledger: busy_returns(ledger, desk.helpdesk)) or []
    peak = next((one for one in busy if one.start.isoformat() == week), None)
    if peak is None or not is_curator(desk, click.user):
        click.whisper(desk, notices.said("I cannot show that week just now."))
        return
    asked = desk.keeping.attempt(lambda ledger: ledger.most_asked(peak.start, peak.end)) or []
    today = desk.helpdesk.today()
    facts = desk.helpdesk.knowledge.specification.for_year(desk.helpdesk.year).facts
    following = next((one for one in facts.returns if one.closes >= today), None)
    desk.slack.open(click.trigger, peak_view(peak, asked, desk.title_of, following))


def show_unneeded(desk: Desk, click: Click) -> None:
    """Every entry that nobody needs."""
    found = desk.keeping.attempt(lambda ledger: unneeded_by_anybody(ledger, desk.helpdesk))
    if found is None or found[1] is None or not is_curator(desk, click.user):
        click.whisper(desk, notices.said("I cannot list them just now."))
        return
    view = unneeded_view(found[0], found[1], desk.title_of)
    desk.slack.open(click.trigger, view)


def keep_in_order(desk: Desk) -> int:
    """Close gaps that the knowledge now answers, and what it now holds; how many gaps.

    A suggestion is held when git has an entry of its id, or one that is asked its question; a
    phrasing, when its entry has it.
    """
    entries = desk.helpdesk.published.knowledge.entries
    asked = {
        _plain(way): entry.id
        for entry in entries.values()
        for way in (entry.question, *entry.also_asked)
    }
    desk.keeping.attempt(
        lambda ledger: ledger.close_published(
            lambda one: one.entry_id in entries or _plain(one.question) in asked
        )
    )
    desk.keeping.attempt(
        lambda ledger: ledger.close_published_phrasings(
            lambda one: asked.get(_plain(one.text)) == one.entry_id
        )
    )
    serve_approved(desk)
    return _close_gaps(desk)


def _close_gaps(desk: Desk) -> int:
    def answered_by(question: str) -> str | None:
        found = desk.helpdesk.ask(question)
        return found.entry if found.outcome == "answer" else None

    return desk.keeping.attempt(lambda ledger: ledger.close_gaps(answered_by)) or 0


def _plain(question: str) -> str:
    return " ".join(question.casefold().strip(" ?.!").split())


def _code(error: SlackApiError) -> str:
    return str(error.response.get("error") or "unknown")
