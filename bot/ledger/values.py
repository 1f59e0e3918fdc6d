"""What goes into the ledger and what comes out: small typed values."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

__all__ = [
    "Change",
    "EventPayload",
    "Feedback",
    "FeedbackResult",
    "Flag",
    "Forgotten",
    "FoundText",
    "Gap",
    "Handover",
    "HandoverState",
    "Outcomes",
    "PendingEvent",
    "Phrasing",
    "Proposal",
    "Purged",
    "QuestionOutcome",
    "Recent",
    "Result",
    "Review",
    "Suggestion",
    "Thread",
    "UpdateResult",
    "WeekSummary",
]


class Result(StrEnum):
    """What the helpdesk did with a question when it was asked."""

    ANSWERED = "answered"
    EXPLAINED = "explained"
    """A rule, field or code was explained."""
    CHOICES = "choices"
    """Several entries were offered and none has been picked yet."""
    LIKELY = "likely"
    """The likeliest entry was shown as such, with others that may be meant."""
    UNANSWERED = "unanswered"


class QuestionOutcome(StrEnum):
    """What became of a question. Each question has exactly one."""

    SOLVED = "solved"
    """They said so."""
    ASSUMED = "assumed"
    """Answered, no word, and no return with the same matter within seven days."""
    HANDED_OVER = "handed over"
    UNANSWERED = "unanswered"
    """Nothing matched, or none of the choices offered was picked."""
    WRONG = "wrong"
    """They said it was wrong, out of date, or not their question."""
    RETURNED = "returned"
    """Answered, no word, but they asked about the same matter again."""
    TOO_EARLY = "too early"
    """Answered less than seven days ago, no word yet."""
    UNTRACED = "untraced"
    """Answered somebody whose return could not be noticed (the terminal)."""


class Feedback(StrEnum):
    """What somebody said of an answer."""

    SOLVED = "solved"
    WRONG = "wrong"
    OUT_OF_DATE = "out-of-date"
    NOT_MY_QUESTION = "not-my-question"


class FeedbackResult(StrEnum):
    """What became of feedback: one opinion a person and question, the last one counts."""

    FIRST = "first"
    CHANGED = "changed"
    SAME = "same"
    """A double click: nothing new."""
    MISSING = "missing"
    """The question is no longer kept."""


class HandoverState(StrEnum):
    """Where a hand-over stands."""

    OPEN = "open"
    TAKEN = "taken"
    ANSWERED = "answered"


class Review(StrEnum):
    """Where a suggestion or a proposed phrasing stands."""

    DRAFT = "draft"
    APPROVED = "approved"
    REJECTED = "rejected"
    PUBLISHED = "published"
    """The knowledge in git holds it."""


class UpdateResult(StrEnum):
    """What became of a click that changes something two people may change at once."""

    DONE = "done"
    ALREADY = "already"
    """It was so already, by the same person: a double click."""
    STALE = "stale"
    """Somebody else was faster; ``Change.now`` shows how it stands."""
    MISSING = "missing"
    """It is no longer kept."""


@dataclass(frozen=True, slots=True)
class Recent:
    """One of somebody's own questions, as it stands."""

    text: str
    """Masked."""
    asked_at: datetime
    result: Result
    entry_id: str | None
    year: str | None
    said: Feedback | None
    """What they said of the answer."""
    handover: HandoverState | None
    """Where its hand-over to a person stands, if there is one."""


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Change(Generic[T]):
    """The result of a click, and the thing as it stands after it (None when missing)."""

    result: UpdateResult
    now: T | None

    @property
    def done(self) -> bool:
        """Whether this call made the change."""
        return self.result is UpdateResult.DONE


@dataclass(frozen=True, slots=True)
class EventPayload:
    """What is needed to answer an event after a restart. Kept only until it is answered."""

    kind: str
    """mention, dm, thread … as the door calls it."""
    channel: str
    ts: str
    user: str
    text: str = ""
    """Masked when it is kept."""
    thread_ts: str | None = None
    team: str | None = None

    def to_json(self) -> dict[str, Any]:
        """For the database."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class PendingEvent:
    """An event that was kept but not answered, now claimed by the caller."""

    event_id: str
    payload: EventPayload
    received_at: datetime
    attempts: int
    maybe_posted: bool
    """The process died while posting: look in the thread before posting again."""


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread that the bot answered in."""

    silent: bool
    """A person has answered there: stay quiet unless mentioned."""
    question_id: int | None
    year: str | None
    entry_id: str | None
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Handover:
    """A question passed to a person."""

    id: int
    question_id: int | None
    text: str
    year: str | None
    state: HandoverState
    opened_at: datetime
    asker_channel: str | None
    asker_thread: str | None
    triage_channel: str | None
    triage_message: str | None
    taker: str | None
    """Slack id of who took it; cleared once it is answered."""
    taken_at: datetime | None
    answered_at: datetime | None
    reminded_on: date | None
    asker_notice: str | None = None
    """The message in the asker's thread that says how it stands."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A suggestion as somebody fills it in. Give a source, or a practice owner."""

    question: str
    answer: str
    year_from: str
    """The first academic year it holds for, e.g. 2026-27."""
    topic: str | None = None
    source_title: str | None = None
    source_url: str | None = None
    source_year: str | None = None
    practice_owner: str | None = None
    """The team or person who answers for it when there is no source."""
    also_asked: tuple[str, ...] = ()
    """Other ways the question is asked."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A proposed entry. ``version`` must be handed back when deciding on it."""

    id: int
    state: Review
    version: int
    entry_id: str
    question: str
    answer: str
    also_asked: tuple[str, ...]
    topic: str | None
    year_from: str
    source_title: str | None
    source_url: str | None
    source_year: str | None
    practice_owner: str | None
    curator: str | None
    reason: str | None
    suggested_at: datetime
    decided_at: datetime | None
    handover_id: int | None
    question_id: int | None


@dataclass(frozen=True, slots=True)
class Phrasing:
    """Another way of asking an existing entry's question, proposed or approved."""

    id: int
    entry_id: str
    text: str
    state: Review
    curator: str | None
    proposed_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Questions by what became of them; the fields add up to ``asked``."""

    solved: int = 0
    assumed: int = 0
    handed_over: int = 0
    unanswered: int = 0
    wrong: int = 0
    returned: int = 0
    too_early: int = 0
    untraced: int = 0

    @property
    def asked(self) -> int:
        """All of them."""
        return sum(asdict(self).values())


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing asked, perhaps in several ways, that is not or badly answered."""

    question: str
    """The way of asking that is most like the others."""
    count: int
    people: int
    """Different people, as far as they are known."""
    question_ids: tuple[int, ...]
    ways: tuple[str, ...]
    """Different ways it was asked, the most frequent first; at most ten."""
    first: datetime
    last: datetime
    years: tuple[str, ...]
    near: tuple[str, ...]
    """Entries that came near, the most frequent first; at most three."""
    unanswered: int
    wrong: int


@dataclass(frozen=True, slots=True)
class Flag:
    """An entry that people marked."""

    entry_id: str
    wrong: int
    out_of_date: int
    not_my_question: int
    notes: tuple[str, ...]
    """Masked notes, the newest first; at most five."""


@dataclass(frozen=True, slots=True)
class WeekSummary:
    """What the weekly digest says. Weeks run Monday to Sunday, UTC."""

    week: str
    start: date
    end: date
    """The Sunday."""
    outcomes: Outcomes
    by_week: dict[str, Outcomes]
    """The last eight weeks including this one, oldest first."""
    gaps: tuple[Gap, ...]
    """The five largest that are open."""
    flags: tuple[Flag, ...]
    open_handovers: int
    drafts: int
    unpublished: int
    """Approved suggestions and phrasings that git does not hold yet."""
    checks: int
    learners_checked: int
    rules: dict[str, int]
    """The ten rules broken most often in this week's checks."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was deleted or unlinked for one person."""

    questions: int = 0
    feedback: int = 0
    handovers: int = 0
    events: int = 0
    unlinked: int = 0
    """Suggestions, phrasings and hand-overs that stay, without the person."""
    triage_posts: tuple[tuple[str, str], ...] = ()
    """Channel and timestamp of each post in Slack that names them: ours to change or delete."""


@dataclass(frozen=True, slots=True)
class FoundText:
    """A place in the ledger where a term stands."""

    table: str
    row: str
    """The row's key."""
    column: str
    excerpt: str
    """The term with what stands around it; "" where only a hash tells."""
    goes: bool
    """Whether erasing deletes the row; otherwise the term alone is taken out of it."""


@dataclass(frozen=True, slots=True)
class Purged:
    """What was deleted because it was older than the retention period."""

    questions: int = 0
    handovers: int = 0
    checks: int = 0
    events: int = 0
    abandoned: int = 0
    """Events given up because they stayed unanswered for a day."""
    suggestions: int = 0
    threads: int = field(default=0)
