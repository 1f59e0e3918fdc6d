"""What waits for curators: worked out once, and shown in Slack and by ``report``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from bot.helpdesk import Helpdesk
from bot.knowledge.models import Entry
from bot.knowledge.turn_of_year import TurnOfYear, turn_of_year
from bot.ledger import Flag, Gap, Handover, Ledger, Outcomes, Phrasing, Review, Suggestion

__all__ = [
    "BusyWeek",
    "CurationQueue",
    "busy_return_weeks",
    "find_busy_weeks",
    "load_queue",
    "return_weeks",
    "unused_entries",
]

DAYS_TO_REVIEW = 30
MAX_GAPS = 20
WEEKS_LOOKED_BACK = 52
MIN_WEEKS_OF_USE = 8
"""Weeks of use that must be known before an entry counts as unused."""
BUSY_FACTOR = 1.5
"""Times an ordinary week's questions from which a return's week is busy."""
MIN_QUESTIONS_IN_BUSY_WEEK = 5


@dataclass(frozen=True, slots=True)
class BusyWeek:
    """A week in which a return closed that brought many more questions than others."""

    code: str
    start: date
    asked: int
    ordinary: float
    """Questions in an ordinary week: the median of those without a return."""

    @property
    def end(self) -> date:
        """The day after its last."""
        return self.start + timedelta(days=7)


@dataclass(frozen=True, slots=True)
class CurationQueue:
    """What waits for curators, the most pressing first in each list."""

    days: int
    """How many days back ``outcomes`` goes."""
    outcomes: Outcomes
    handovers: Sequence[Handover] = ()
    drafts: Sequence[Suggestion] = ()
    phrasings: Sequence[Phrasing] = ()
    """Ways of asking that were proposed."""
    gaps: Sequence[Gap] = ()
    flags: Sequence[Flag] = ()
    unpublished: Sequence[Suggestion] = ()
    """Approved: already used in answers, but not in git yet."""
    to_review: Sequence[tuple[str, date]] = ()
    """Entries whose review date is near or past, the earliest first."""
    busy_returns: Sequence[BusyWeek] = ()
    unused: Sequence[str] = ()
    """Entries that were the answer to nothing since ``unused_since``."""
    unused_since: date | None = None
    """None while too little is known."""
    new_year: TurnOfYear | None = None
    """What is left to do before, or after, 1 August."""


def load_queue(
    ledger: Ledger, helpdesk: Helpdesk, *, days: int, gaps_since: date | None = None
) -> CurationQueue:
    """What waits. ``gaps_since`` None: every open gap. Raises LedgerUnavailable."""
    today = helpdesk.today()
    since, tomorrow = today - timedelta(days=days), today + timedelta(days=1)
    entries = helpdesk.published.knowledge.entries
    reviewed = {entry.id: entry.reviewed for entry in entries.values()}
    unused, unused_since = unused_entries(ledger, helpdesk)
    return CurationQueue(
        days=days,
        outcomes=ledger.outcomes(since, tomorrow),
        handovers=ledger.list_open(),
        drafts=ledger.suggestions(Review.DRAFT),
        phrasings=ledger.phrasings(Review.DRAFT),
        gaps=ledger.gaps(limit=MAX_GAPS, since=gaps_since),
        flags=ledger.flagged_entries(reviewed=reviewed),
        unpublished=ledger.suggestions(Review.APPROVED),
        to_review=_to_review(entries, today),
        busy_returns=busy_return_weeks(ledger, helpdesk),
        unused=unused,
        unused_since=unused_since,
        new_year=turn_of_year(helpdesk.published.knowledge, today),
    )


def busy_return_weeks(ledger: Ledger, helpdesk: Helpdesk) -> list[BusyWeek]:
    """The returns of the last twelve months whose weeks were busy; see ``find_busy_weeks``."""
    today = helpdesk.today()
    asked = ledger.asked_by_week(today - timedelta(weeks=WEEKS_LOOKED_BACK))
    return find_busy_weeks(asked, return_weeks(helpdesk), today)


def unused_entries(ledger: Ledger, helpdesk: Helpdesk) -> tuple[list[str], date | None]:
    """Entries that were no answer in the last twelve months, and from when on that is known.

    Nothing, and None, while less than eight weeks are known.
    """
    since = _known_since(ledger, helpdesk.today())
    if since is None:
        return [], None
    used = ledger.usage(_week(since))
    return [entry for entry in helpdesk.published.knowledge.entries if entry not in used], since


def return_weeks(helpdesk: Helpdesk) -> dict[str, str]:
    """The return that closes in each ISO week, for this academic year and the one before."""
    specification = helpdesk.knowledge.specification
    return {
        _week(one.closes): one.code
        for year in (helpdesk.year - 1, helpdesk.year)
        if year in specification.years
        for one in specification.for_year(year).facts.returns
    }


def find_busy_weeks(
    asked: Mapping[str, int], returns: Mapping[str, str], today: date
) -> list[BusyWeek]:
    """The weeks of returns that were much busier than an ordinary one, the latest first.

    ``asked``: questions by ISO week. Weeks before the first question are not counted; this
    one, which is not over, is.
    """
    if not asked:
        return []
    weeks: dict[str, date] = {}
    monday = date.fromisocalendar(int(min(asked)[:4]), int(min(asked)[-2:]), 1)
    while monday <= today:
        weeks[_week(monday)] = monday
        monday += timedelta(weeks=1)
    others = [asked.get(week, 0) for week in weeks if week not in returns]
    ordinary = float(median(others)) if others else 0.0
    least = max(MIN_QUESTIONS_IN_BUSY_WEEK, BUSY_FACTOR * ordinary)
    return [
        BusyWeek(returns[week], start, asked[week], ordinary)
        for week, start in reversed(weeks.items())
        if week in returns and others and asked.get(week, 0) >= least
    ]


def _to_review(entries: Mapping[str, Entry], today: date) -> list[tuple[str, date]]:
    due = today + timedelta(days=DAYS_TO_REVIEW)
    found = [(entry.id, entry.review_by) for entry in entries.values() if entry.review_by <= due]
    return sorted(found, key=lambda one: (one[1], one[0]))


def _known_since(ledger: Ledger, today: date) -> date | None:
    first = ledger.used_since()
    if first is None:
        return None
    began = date.fromisocalendar(int(first[:4]), int(first[-2:]), 1)
    if today - began < timedelta(weeks=MIN_WEEKS_OF_USE):
        return None
    return max(began, today - timedelta(weeks=WEEKS_LOOKED_BACK))


def _week(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"
