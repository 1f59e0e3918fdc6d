"""What curators approved answers at once, in every process, until git holds it."""

from __future__ import annotations

import threading
from collections import defaultdict

from pydantic import ValidationError

from bot.helpdesk import Approved
from bot.knowledge.models import Entry
from bot.ledger import Phrasing, Suggestion, as_entry
from bot.slack.context import AppContext
from bot.slack.runtime.logs import log

__all__ = ["sync_approved_entries"]

TOPIC, OWNER = "ilr-general", "curators"
"""For a suggestion that names none."""
_lock = threading.Lock()


def sync_approved_entries(app: AppContext) -> bool:
    """Answer from what is approved as it now is; whether that has changed.

    Call it at start, regularly (another process may have approved something) and after the
    knowledge was read again. It takes seconds when something has changed.
    """
    approved = app.ledger.approved()
    if approved is None:
        return False
    suggestions, phrasings = approved
    with _lock:
        published = app.helpdesk.published
        state = (
            published,
            tuple((one.id, one.version) for one in suggestions),
            tuple(one.id for one in phrasings),
        )
        if state == app.approved_state:
            return False
        entries = [found for one in suggestions if (found := _entry(one)) is not None]
        app.helpdesk = published.with_approved(entries, _by_entry(phrasings))
        app.approved_state = state
    if suggestions or phrasings:
        log.info("answering from what is approved", extra={"count": len(entries)})
    return True


def _entry(found: Suggestion) -> Approved | None:
    day = (found.decided_at or found.suggested_at).date()
    owner = found.practice_owner or OWNER
    written = as_entry(found, today=day, owner=owner, topic=found.topic or TOPIC)
    try:
        entry = Entry.model_validate(written)
    except ValidationError:
        log.error("an approved suggestion is no entry", extra={"reference": str(found.id)})
        return None
    return Approved(entry, found.curator or "", day)


def _by_entry(phrasings: list[Phrasing]) -> dict[str, list[str]]:
    wordings: dict[str, list[str]] = defaultdict(list)
    for one in phrasings:
        wordings[one.entry_id].append(one.text)
    return wordings
