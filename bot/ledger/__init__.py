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

from bot.ledger.base import iso_week
from bot.ledger.database import migrate
from bot.ledger.errors import (
    EphemeralStorage,
    LedgerError,
    LedgerUnavailable,
    MigrationFailed,
    SchemaBehind,
)
from bot.ledger.ledger import Ledger, NullLedger
from bot.ledger.suggestions import as_entry
from bot.ledger.values import (
    Change,
    EventPayload,
    Feedback,
    FeedbackResult,
    Flag,
    Forgotten,
    FoundText,
    Gap,
    Handover,
    HandoverState,
    Outcomes,
    PendingEvent,
    Phrasing,
    Proposal,
    Purged,
    QuestionOutcome,
    Recent,
    Result,
    Review,
    Suggestion,
    Thread,
    UpdateResult,
    WeekSummary,
)

__all__ = [
    "Change",
    "EphemeralStorage",
    "EventPayload",
    "Feedback",
    "FeedbackResult",
    "Flag",
    "Forgotten",
    "FoundText",
    "Gap",
    "Handover",
    "HandoverState",
    "Ledger",
    "LedgerError",
    "LedgerUnavailable",
    "MigrationFailed",
    "NullLedger",
    "Outcomes",
    "PendingEvent",
    "Phrasing",
    "Proposal",
    "Purged",
    "QuestionOutcome",
    "Recent",
    "Result",
    "Review",
    "SchemaBehind",
    "Suggestion",
    "Thread",
    "UpdateResult",
    "WeekSummary",
    "as_entry",
    "iso_week",
    "migrate",
]
