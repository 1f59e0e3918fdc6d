"""What the ledger can tell: outcomes, gaps, flagged entries, weeks, exports and metrics."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TextIO

from sqlalchemy import Connection, Row, func, or_, select, update

from bot.ledger.base import LedgerBase, insert, iso_week
from bot.ledger.errors import LedgerUnavailable
from bot.ledger.gaps import LoggedQuestion, cluster, keywords
from bot.ledger.outcomes import RETURN_WITHIN, AskedRow, counted, outcomes_of
from bot.ledger.tables import (
    check_rules,
    checks,
    entry_usage,
    events,
    feedback,
    handovers,
    marks,
    phrasings,
    questions,
    suggestions,
)
from bot.ledger.values import (
    Feedback,
    Flag,
    Gap,
    Outcomes,
    QuestionOutcome,
    Result,
    Review,
    WeekSummary,
)

__all__ = ["Reports"]

_BAD = (Feedback.WRONG.value, Feedback.NOT_MY_QUESTION.value)
MAX_GAP_QUESTIONS = 20_000
WEEKS_SHOWN = 8
CSV_COLUMNS = (
    "asked_at",
    "year",
    "door",
    "result",
    "outcome",
    "entry",
    "confidence",
    "question",
)


class Reports(LedgerBase):
    """The part of the ledger that counts and lists."""

    def outcomes(self, start: date, end: date) -> Outcomes:
        """What became of the questions asked from ``start`` up to and not including ``end``."""
        return counted(outcome for _, outcome in self._with_outcomes(start, end))

    def outcomes_by_week(self, last_week: str, weeks: int = WEEKS_SHOWN) -> dict[str, Outcomes]:
        """Outcomes of each ISO week up to and including ``last_week``, oldest first."""
        monday = _monday(last_week)
        first = monday - timedelta(weeks=weeks - 1)
        by_week: dict[str, list[QuestionOutcome]] = {
            iso_week(_midnight(first + timedelta(weeks=n))): [] for n in range(weeks)
        }
        for row, outcome in self._with_outcomes(first, monday + timedelta(weeks=1)):
            by_week[iso_week(row.asked_at)].append(outcome)
        return {week: counted(found) for week, found in by_week.items()}

    def gaps(
        self,
        *,
        limit: int | None = None,
        since: date | None = None,
        words: Callable[[str], Iterable[str]] = keywords,
    ) -> list[Gap]:
        """Questions unanswered or badly answered, grouped by what they ask, largest first.

        A question is in a gap when nothing matched, no offered entry was picked, or somebody
        said the answer was wrong or not theirs, and the gap was not closed since. Questions of
        fewer than two keywords are left out. ``words`` may read questions with synonyms.
        """
        rows = [row for row in self._gap_rows(since) if len(set(words(row.text))) > 1]
        asked = [
            LoggedQuestion(row.text, tuple(filter(None, (row.entry_id, *row.choices))))
            for row in rows
        ]
        groups = cluster(asked, words=words)
        return [_gap([rows[index] for index in group]) for group in groups[:limit]]

    def close_gaps(self, answered_by: Callable[[str], str | None]) -> int:
        """Close what the knowledge now answers; returns how many questions.

        ``answered_by`` gives the id of the entry that surely answers a question, or None. A
        question whose answer was said to be wrong stays open while the same entry would
        answer it; ``close_gap`` closes it by hand.
        """
        now_answered: dict[str, str | None] = {}
        closed = []
        for row in self._gap_rows(None):
            if row.text not in now_answered:
                now_answered[row.text] = answered_by(row.text)
            entry = now_answered[row.text]
            if entry and not (row.bad and entry == row.entry_id):
                closed.append(row.id)
        return self.close_gap(closed)

    def close_gap(self, question_ids: Iterable[int]) -> int:
        """Close these questions' gaps by hand; returns how many were open."""
        ids, total = list(question_ids), 0
        with self._db.write() as connection:
            for start in range(0, len(ids), 500):
                total += connection.execute(
                    update(questions)
                    .where(
                        questions.c.id.in_(ids[start : start + 500]),
                        questions.c.gap_closed_at.is_(None),
                    )
                    .values(gap_closed_at=self._now())
                ).rowcount
        return total

    def flagged_entries(
        self, since: date | None = None, *, reviewed: Mapping[str, date] | None = None
    ) -> list[Flag]:
        """Entries people marked wrong, out of date or not theirs; the most marked first.

        ``reviewed``: when each entry was last reviewed. What was said before that day is
        taken to have been dealt with.
        """
        query = (
            select(questions.c.entry_id, feedback.c.kind, feedback.c.note, feedback.c.given_at)
            .join(questions, questions.c.id == feedback.c.question_id)
            .where(feedback.c.kind != Feedback.SOLVED.value, questions.c.entry_id.is_not(None))
            .order_by(feedback.c.given_at.desc(), feedback.c.id.desc())
        )
        if since:
            query = query.where(feedback.c.given_at >= _midnight(since))
        kinds: dict[str, Counter[str]] = defaultdict(Counter)
        notes: dict[str, list[str]] = defaultdict(list)
        with self._db.read() as connection:
            for row in connection.execute(query):
                if row.given_at.date() < (reviewed or {}).get(row.entry_id, date.min):
                    continue
                kinds[row.entry_id][row.kind] += 1
                if row.note:
                    notes[row.entry_id].append(row.note)
        flags = [
            Flag(
                entry_id=entry_id,
                wrong=kinds[entry_id][Feedback.WRONG],
                out_of_date=kinds[entry_id][Feedback.OUT_OF_DATE],
                not_my_question=kinds[entry_id][Feedback.NOT_MY_QUESTION],
                notes=tuple(notes[entry_id][:5]),
            )
            for entry_id in kinds
        ]
        return sorted(flags, key=lambda flag: (-kinds[flag.entry_id].total(), flag.entry_id))

    def usage(self, since_week: str | None = None) -> dict[str, int]:
        """How often each entry was the answer, from an ISO week on; entries never used are absent.

        Kept beyond the retention of questions: it says nothing about anybody.
        """
        query = select(entry_usage.c.entry_id, func.sum(entry_usage.c.shown)).group_by(
            entry_usage.c.entry_id
        )
        if since_week:
            query = query.where(entry_usage.c.week >= since_week)
        with self._db.read() as connection:
            return {entry_id: int(shown) for entry_id, shown in connection.execute(query)}

    def asked_by_week(self, first: date) -> dict[str, int]:
        """How many questions each ISO week had, from ``first`` on; weeks without any are absent."""
        with self._db.read() as connection:
            moments = connection.execute(
                select(questions.c.asked_at).where(questions.c.asked_at >= _midnight(first))
            ).scalars()
            return dict(Counter(iso_week(moment) for moment in moments))

    def most_asked(self, start: date, end: date, limit: int = 10) -> list[tuple[str, int]]:
        """The entries that most questions in [start, end) were answered with, and how many."""
        times = func.count().label("times")
        with self._db.read() as connection:
            rows = connection.execute(
                select(questions.c.entry_id, times)
                .where(
                    questions.c.entry_id.is_not(None),
                    questions.c.asked_at >= _midnight(start),
                    questions.c.asked_at < _midnight(end),
                )
                .group_by(questions.c.entry_id)
                .order_by(times.desc(), questions.c.entry_id)
                .limit(limit)
            ).all()
        return [(row.entry_id, row.times) for row in rows]

    def used_since(self) -> str | None:
        """The first ISO week whose use of entries is known; None when none is."""
        with self._db.read() as connection:
            week = connection.execute(select(func.min(entry_usage.c.week))).scalar_one()
        return str(week) if week else None

    def weekly_summary(
        self, week: str, *, words: Callable[[str], Iterable[str]] = keywords
    ) -> WeekSummary:
        """Everything the digest of an ISO week (``2026-W47``) says."""
        monday = _monday(week)
        start, end = _midnight(monday), _midnight(monday + timedelta(weeks=1))
        by_week = self.outcomes_by_week(week)
        in_week = (checks.c.checked_at >= start) & (checks.c.checked_at < end)
        with self._db.read() as connection:
            checked = connection.execute(
                select(func.count(), func.coalesce(func.sum(checks.c.learners), 0)).where(in_week)
            ).one()
            rules = connection.execute(
                select(check_rules.c.rule, func.sum(check_rules.c.times).label("times"))
                .join(checks, checks.c.id == check_rules.c.check_id)
                .where(in_week)
                .group_by(check_rules.c.rule)
                .order_by(func.sum(check_rules.c.times).desc(), check_rules.c.rule)
                .limit(10)
            ).all()
            waiting = _waiting(connection)
        return WeekSummary(
            week=week,
            start=monday,
            end=monday + timedelta(days=6),
            outcomes=by_week[week],
            by_week=by_week,
            gaps=tuple(self.gaps(limit=5, words=words)),
            flags=tuple(self.flagged_entries(monday)),
            open_handovers=waiting["open_handovers"],
            drafts=waiting["drafts"],
            unpublished=waiting["unpublished"],
            checks=int(checked[0]),
            learners_checked=int(checked[1]),
            rules={rule: int(times) for rule, times in rules},
        )

    def digest_once(self, week: str) -> bool:
        """True for exactly one caller an ISO week: that one posts the digest.

        If posting fails, ``digest_failed`` lets the next run try again.
        """
        with self._db.write() as connection:
            added = insert(
                connection, marks, {"key": self._mark(f"digest:{week}"), "at": self._now()}
            )
            claimed = added.on_conflict_do_nothing().returning(marks.c.key)
            return connection.execute(claimed).first() is not None

    def digest_failed(self, week: str) -> None:
        """The digest of this week was not posted after all."""
        with self._db.write() as connection:
            connection.execute(marks.delete().where(marks.c.key == self._mark(f"digest:{week}")))

    def export_csv(self, start: date, end: date, to: TextIO) -> int:
        """Write the masked questions asked in [start, end) and their outcomes; returns how many.

        Cells that a spreadsheet would run as a formula are prefixed with an apostrophe.
        """
        found = self._with_outcomes(start, end)
        writer = csv.writer(to)
        writer.writerow(CSV_COLUMNS)
        written = 0
        for row, outcome in found:
            cells = (
                row.asked_at.isoformat(timespec="seconds"),
                row.year or "",
                row.door,
                row.outcome,
                outcome.value,
                row.entry_id or "",
                "" if row.confidence is None else f"{row.confidence:.3f}",
                row.text,
            )
            writer.writerow([f"'{cell}" if cell[:1] in _FORMULA else cell for cell in cells])
            written += 1
        return written

    def metrics(self) -> dict[str, float]:
        """Figures for Prometheus: a sample's name, with its labels, to its value."""
        with self._db.read() as connection:
            found: dict[str, float] = {
                f'ilr_helpdesk_questions{{result="{result}",door="{door}"}}': count
                for result, door, count in connection.execute(
                    select(questions.c.outcome, questions.c.door, func.count())
                    .group_by(questions.c.outcome, questions.c.door)
                    .order_by(questions.c.outcome, questions.c.door)
                )
            }
            for name, column in (
                ("feedback", feedback.c.kind),
                ("handovers", handovers.c.state),
                ("suggestions", suggestions.c.state),
                ("events", events.c.state),
            ):
                label = "kind" if name == "feedback" else "state"
                for value, count in connection.execute(
                    select(column, func.count()).group_by(column).order_by(column)
                ):
                    found[f'ilr_helpdesk_{name}{{{label}="{value}"}}'] = count
            count = connection.execute(select(func.count()).select_from(checks)).scalar_one()
            found["ilr_helpdesk_checks"] = count
        return found

    def is_reachable(self) -> bool:
        """Whether the database takes what is to be kept, and its file is there (for /readyz).

        Reading is no proof: a full disk, and a file that was deleted, still answer.
        """
        try:
            with self._db.write() as connection:
                added = insert(connection, marks, {"key": "reachable", "at": self._now()})
                connection.execute(
                    added.on_conflict_do_update(index_elements=["key"], set_={"at": self._now()})
                )
        except LedgerUnavailable:
            return False
        return self._db.is_in_place()

    def _with_outcomes(self, start: date, end: date) -> Iterator[tuple[Row[Any], QuestionOutcome]]:
        """Questions asked in [start, end) with their outcomes, oldest first.

        Seven more days are read, to notice who returned.
        """
        since, until = _midnight(start), _midnight(end)
        with self._db.read() as connection:
            rows = connection.execute(
                select(questions)
                .where(
                    questions.c.asked_at >= since,
                    questions.c.asked_at < until + RETURN_WITHIN,
                )
                .order_by(questions.c.asked_at, questions.c.id)
            ).all()
            said: dict[int, list[Feedback]] = defaultdict(list)
            for question_id, kind in connection.execute(
                select(feedback.c.question_id, feedback.c.kind)
                .join(questions, questions.c.id == feedback.c.question_id)
                .where(
                    questions.c.asked_at >= since,
                    questions.c.asked_at < until,
                    # Anybody may find an answer wrong; that it solved it, only its asker can say.
                    or_(
                        feedback.c.kind != Feedback.SOLVED.value,
                        questions.c.user_hash.is_(None),
                        feedback.c.user_hash == questions.c.user_hash,
                    ),
                )
            ):
                said[question_id].append(Feedback(kind))
            handed = set(
                connection.execute(
                    select(handovers.c.question_id).where(handovers.c.question_id.is_not(None))
                ).scalars()
            )
        asked = [
            AskedRow(
                id=row.id,
                asked_at=row.asked_at,
                text=row.text,
                result=Result(row.outcome),
                entry_id=row.entry_id,
                user_hash=row.user_hash,
                thread_hash=row.thread_hash,
                said=tuple(said[row.id]),
                handed_over=row.id in handed,
            )
            for row in rows
        ]
        became = outcomes_of(asked, self._now())
        return ((row, became[row.id]) for row in rows if row.asked_at < until)

    def _gap_rows(self, since: date | None) -> list[Row[Any]]:
        bad = (
            select(feedback.c.question_id)
            .where(feedback.c.question_id == questions.c.id, feedback.c.kind.in_(_BAD))
            .exists()
        )
        missed = questions.c.outcome.in_((Result.UNANSWERED.value, Result.CHOICES.value))
        query = (
            select(questions, bad.label("bad"))
            .where(or_(missed, bad), questions.c.gap_closed_at.is_(None))
            .order_by(questions.c.asked_at.desc(), questions.c.id.desc())
            .limit(MAX_GAP_QUESTIONS)
        )
        if since:
            query = query.where(questions.c.asked_at >= _midnight(since))
        with self._db.read() as connection:
            return list(connection.execute(query).all())


_FORMULA = frozenset("=+-@\t\r")


def _gap(rows: list[Row[Any]]) -> Gap:
    ways = Counter(row.text for row in rows)
    words = Counter(word for row in rows for word in set(keywords(row.text)))

    def typical(text: str) -> tuple[float, int, str]:
        own = set(keywords(text))
        return (-ways[text] - sum(words[word] for word in own) / (len(own) or 1), len(text), text)

    near = Counter(
        entry
        for row in rows
        for entry in dict.fromkeys((row.entry_id, *row.choices[:3]))  # the nearest first
        if entry
    )
    return Gap(
        question=min(ways, key=typical),
        count=len(rows),
        people=len({row.user_hash for row in rows if row.user_hash}),
        question_ids=tuple(sorted(row.id for row in rows)),
        ways=tuple(text for text, _ in ways.most_common(10)),
        first=min(row.asked_at for row in rows),
        last=max(row.asked_at for row in rows),
        years=tuple(sorted({row.year for row in rows if row.year})),
        near=tuple(entry for entry, _ in near.most_common(3)),
        unanswered=sum(not row.bad for row in rows),
        wrong=sum(bool(row.bad) for row in rows),
    )


def _waiting(connection: Connection) -> dict[str, int]:
    def count(query: Any) -> int:
        return int(connection.execute(query).scalar_one())

    approved = [
        count(select(func.count()).where(table.c.state == Review.APPROVED.value))
        for table in (suggestions, phrasings)
    ]
    return {
        "open_handovers": count(select(func.count()).where(handovers.c.state != "answered")),
        "drafts": count(select(func.count()).where(suggestions.c.state == Review.DRAFT.value))
        + count(select(func.count()).where(phrasings.c.state == Review.DRAFT.value)),
        "unpublished": sum(approved),
    }


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=UTC)


def _monday(week: str) -> date:
    """The first day of an ISO week. Raises ValueError when it is not written 2026-W47."""
    try:
        year, number = week.split("-W")
        return date.fromisocalendar(int(year), int(number), 1)
    except ValueError:
        raise ValueError(f"{week[:20]!r} is not an ISO week. Write it like 2026-W47.") from None
