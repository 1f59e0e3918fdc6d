"""What became of each question, told apart: said to be solved is not the same as no complaint."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rapidfuzz import fuzz

from bot.ledger.gaps import keywords
from bot.ledger.values import Feedback, Outcomes, QuestionOutcome, Result

__all__ = ["AskedRow", "counted", "outcomes_of"]

RETURN_WITHIN = timedelta(days=7)
TRY_AGAIN_WITHIN = timedelta(minutes=30)
"""So soon after an answer, fewer words in common make it the same matter, asked again."""
SAME_MATTER_SCORE, TRIED_AGAIN_SCORE = 70.0, 55.0
MAX_LATER_QUESTIONS = 50


@dataclass(frozen=True, slots=True)
class AskedRow:
    """A question as it was kept, with what people said and whether it was handed over."""

    id: int
    asked_at: datetime
    text: str
    result: Result
    entry_id: str | None
    user_hash: str | None
    thread_hash: str | None
    said: tuple[Feedback, ...] = ()
    handed_over: bool = False


def outcomes_of(rows: Sequence[AskedRow], now: datetime) -> dict[int, QuestionOutcome]:
    """The outcome of every question, by id.

    In this order: wrong, handed over, solved, unanswered; the rest were answered without a
    word. Those count as returned when the same person came back to the same matter within
    seven days (the same thread or entry, or similar words; within half an hour, fewer of them),
    as too early before the seven days are over, and as assumed after them.
    """
    by_user: dict[str, list[AskedRow]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.asked_at, row.id)):
        if row.user_hash:
            by_user[row.user_hash].append(row)
    later = {
        row.id: asked[place + 1 : place + 1 + MAX_LATER_QUESTIONS]
        for asked in by_user.values()
        for place, row in enumerate(asked)
    }
    return {row.id: _outcome(row, later, now) for row in rows}


def counted(outcomes: Iterable[QuestionOutcome]) -> Outcomes:
    """How many of each."""
    counts = Counter(outcome.name.lower() for outcome in outcomes)
    return Outcomes(**counts)


def _outcome(
    row: AskedRow, later: Mapping[int, Sequence[AskedRow]], now: datetime
) -> QuestionOutcome:
    if any(said is not Feedback.SOLVED for said in row.said):
        return QuestionOutcome.WRONG
    if row.handed_over:
        return QuestionOutcome.HANDED_OVER
    if row.said:
        return QuestionOutcome.SOLVED
    if row.result in (Result.UNANSWERED, Result.CHOICES):
        return QuestionOutcome.UNANSWERED
    if any(_is_return(row, other) for other in later.get(row.id, ())):
        return QuestionOutcome.RETURNED
    if now < row.asked_at + RETURN_WITHIN:
        return QuestionOutcome.TOO_EARLY
    return QuestionOutcome.ASSUMED if row.user_hash else QuestionOutcome.UNTRACED


def _is_return(row: AskedRow, other: AskedRow) -> bool:
    after = other.asked_at - row.asked_at
    if after > RETURN_WITHIN:
        return False
    return (
        (row.thread_hash is not None and row.thread_hash == other.thread_hash)
        or (row.entry_id is not None and row.entry_id == other.entry_id)
        or _same_matter(row.text, other.text, soon=after <= TRY_AGAIN_WITHIN)
    )


def _same_matter(one: str, other: str, *, soon: bool) -> bool:
    first, second = keywords(one), keywords(other)
    if not first or not second:
        return False
    enough = TRIED_AGAIN_SCORE if soon and set(first) & set(second) else SAME_MATTER_SCORE
    return fuzz.token_set_ratio(" ".join(first), " ".join(second)) >= enough
