"""The ledger: what was asked, did it help, who picks it up, what to write next.

    ledger = Ledger.open(url, secret=…, retention_days=365)
    if ledger.claim_event(event_id, EventPayload(…)):
        question = ledger.record_question(text, door="mention", outcome=Result.ANSWERED, …)
        if ledger.begin_posting(event_id):
            …post…
            ledger.finish_event(event_id)

Text is masked on its way in, people are keyed hashes, and a database that is down raises
LedgerUnavailable soon, so that the helpdesk answers all the same.
"""

from bot.ledger.database import migrate
from bot.ledger.errors import (
    EphemeralStorage,
    LedgerError,
    LedgerUnavailable,
    MigrationFailed,
    SchemaBehind,
)
from bot.ledger.ledger import Ledger, NullLedger
from bot.ledger.part import iso_week
from bot.ledger.suggestions import as_entry
from bot.ledger.values import (
    Change,
    Changed,
    EventPayload,
    Feedback,
    Flag,
    Forgotten,
    Gap,
    Given,
    Handover,
    HandoverState,
    Outcome,
    Outcomes,
    PendingEvent,
    Phrasing,
    Proposal,
    Purged,
    Recent,
    Result,
    Review,
    Suggestion,
    Thread,
    WeekSummary,
)

__all__ = [
    "Change",
    "Changed",
    "EphemeralStorage",
    "EventPayload",
    "Feedback",
    "Flag",
    "Forgotten",
    "Gap",
    "Given",
    "Handover",
    "HandoverState",
    "Ledger",
    "LedgerError",
    "LedgerUnavailable",
    "MigrationFailed",
    "NullLedger",
    "Outcome",
    "Outcomes",
    "PendingEvent",
    "Phrasing",
    "Proposal",
    "Purged",
    "Recent",
    "Result",
    "Review",
    "SchemaBehind",
    "Suggestion",
    "Thread",
    "WeekSummary",
    "as_entry",
    "iso_week",
    "migrate",
]
