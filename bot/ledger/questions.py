"""Questions, what people said of the answers, and checks counted by rule."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import Connection, Executable, select, update

from bot.ledger.base import FOLLOWED, LedgerBase, insert, inserting, iso_week, kept_text, set_thread
from bot.ledger.tables import (
    check_rules,
    checks,
    entry_usage,
    feedback,
    handovers,
    phrasings,
    questions,
    threads,
)
from bot.ledger.teams import standing
from bot.ledger.values import Feedback, FeedbackResult, HandoverState, Recent, Result, Review

__all__ = ["Questions"]

SHOWN = (Result.ANSWERED, Result.EXPLAINED, Result.LIKELY)
"""Results by which somebody was given something to read."""
MIN_PHRASING_LENGTH = 10
"""Characters; a shorter text is no way of asking anything."""
_RULE_ID = re.compile(r"(?=.{3,40}$)[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+|DD\d\d")
_KEEP = standing(questions.insert().returning(questions.c.id))


class Questions(LedgerBase):
    """The part of the ledger that remembers what was asked."""

    def record_question(
        self,
        text: str,
        *,
        door: str,
        outcome: Result,
        year: str | None = None,
        entry_id: str | None = None,
        confidence: float | None = None,
        choices: Sequence[str] = (),
        user: str | None = None,
        channel: str | None = None,
        thread_ts: str | None = None,
        author: str | None = None,
        message_ts: str | None = None,
        follow: bool = False,
    ) -> int:
        """Keep a question, masked, and return its id. ``follow``: see ``follow_thread``.

        ``user``, ``channel``, ``thread_ts`` and ``message_ts`` are kept as keyed hashes only; so
        is ``author``, whose message it is where somebody else looked it up.
        ``year`` is written 2026-27; ``choices`` are the entries that were offered or came near.
        """
        now, thread = self._now(), self._thread_hash(channel, thread_ts)
        kept = {
            "asked_at": now,
            "text": kept_text(text),
            "year": year,
            "door": door,
            "outcome": Result(outcome).value,
            "entry_id": entry_id,
            "confidence": confidence,
            "choices": list(choices)[:10],
            "user_hash": self._user_hash(user),
            "thread_hash": thread,
            "author_hash": self._user_hash(author),
            "message_hash": self._message_hash(channel, message_ts),
        }
        with self._db.write() as connection:
            question_id = connection.execute(_KEEP, kept).scalar_one()
            if entry_id and outcome in SHOWN:
                self._count_use(connection, entry_id)
            if follow:
                set_thread(connection, thread, FOLLOWED, question_id, now)
        return int(question_id)

    def forget_message(self, channel: str, ts: str) -> list[int]:
        """Delete the questions that a message asked: it was edited or deleted. Their ids.

        What people said of them goes too, and so does the wording that one of them proposed.
        A thread stays followed; a hand-over stays, without its question.
        """
        with self._db.write() as connection:
            rows = connection.execute(
                select(questions.c.id, questions.c.text, questions.c.user_hash).filter_by(
                    message_hash=self._message_hash(channel, ts)
                )
            ).all()
            ids = [int(row.id) for row in rows]
            if not ids:
                return []
            connection.execute(
                update(threads).where(threads.c.question_id.in_(ids)).values(question_id=None)
            )
            for row in rows:
                connection.execute(
                    phrasings.delete().where(
                        phrasings.c.state == Review.DRAFT.value,
                        phrasings.c.text == row.text,
                        phrasings.c.proposer_hash == row.user_hash,
                    )
                )
            connection.execute(questions.delete().where(questions.c.id.in_(ids)))
        self._db.forget_deleted()
        return ids

    def is_asker(self, user: str, channel: str, thread_ts: str) -> bool:
        """Whether somebody asked something in a thread. False where people are not told apart."""
        by = self._user_hash(user)
        if by is None:
            return False
        found = select(questions.c.id).filter_by(
            user_hash=by, thread_hash=self._thread_hash(channel, thread_ts)
        )
        with self._db.read() as connection:
            return connection.execute(found.limit(1)).first() is not None

    def last_asked(
        self, user: str, *, since: datetime, channel: str = "", thread_ts: str = "", door: str = ""
    ) -> int | None:
        """Somebody's last question since a moment: of a thread, or by a door. Its id, or None.

        In a thread it must be the thread's last question, whoever asked; None otherwise.
        """
        by = self._user_hash(user)
        if by is None:
            return None
        where = (
            questions.c.thread_hash == self._thread_hash(channel, thread_ts)
            if thread_ts
            else (questions.c.door == door) & (questions.c.user_hash == by)
        )
        with self._db.read() as connection:
            row = connection.execute(
                select(questions.c.id, questions.c.user_hash)
                .where(where, questions.c.asked_at >= since)
                .order_by(questions.c.asked_at.desc(), questions.c.id)
                .limit(1)
            ).one_or_none()
        return int(row.id) if row is not None and row.user_hash == by else None

    def choose(self, question_id: int, entry_id: str) -> bool:
        """An offered entry was picked: the question counts as answered. False when not kept."""
        with self._db.write() as connection:
            chosen = connection.execute(
                update(questions)
                .where(questions.c.id == question_id)
                .values(outcome=Result.ANSWERED.value, entry_id=entry_id)
            )
            if chosen.rowcount:
                self._count_use(connection, entry_id)
            return bool(chosen.rowcount)

    def offered(self, question_id: int) -> tuple[str, ...]:
        """The entries a question was answered with or offered; () when it is not kept."""
        with self._db.read() as connection:
            row = connection.execute(
                select(questions.c.entry_id, questions.c.choices).filter_by(id=question_id)
            ).one_or_none()
        if row is None:
            return ()
        return (row.entry_id,) if row.entry_id else tuple(row.choices)

    def recent(self, user: str, most: int = 5, *, but_by: Sequence[str] = ()) -> list[Recent]:
        """Somebody's own last questions and how each stands, the newest first.

        ``but_by``: doors whose questions are left out. [] where people are not told apart
        (there is no secret).
        """
        by = self._user_hash(user)
        if by is None:
            return []
        found = (
            select(
                questions.c.text,
                questions.c.asked_at,
                questions.c.outcome,
                questions.c.entry_id,
                questions.c.year,
                feedback.c.kind,
                handovers.c.state,
            )
            .outerjoin(
                feedback,
                (feedback.c.question_id == questions.c.id) & (feedback.c.user_hash == by),
            )
            .outerjoin(handovers, handovers.c.question_id == questions.c.id)
            .where(questions.c.user_hash == by, questions.c.door.not_in(but_by))
            .order_by(questions.c.asked_at.desc(), questions.c.id.desc())
            .limit(most)
        )
        with self._db.read() as connection:
            rows = connection.execute(found).all()
        return [
            Recent(
                text=row.text,
                asked_at=row.asked_at,
                result=Result(row.outcome),
                entry_id=row.entry_id,
                year=row.year,
                said=Feedback(row.kind) if row.kind else None,
                handover=HandoverState(row.state) if row.state else None,
            )
            for row in rows
        ]

    def record_feedback(
        self, question_id: int, kind: Feedback, *, user: str | None = None, note: str = ""
    ) -> FeedbackResult:
        """Keep what somebody said of an answer; a second opinion replaces their first.

        A question that was solved by one of the choices offered is proposed as a way of asking
        for that entry, so that the next one who asks so gets it at once.
        """
        kind = Feedback(kind)
        values = {
            "kind": kind.value,
            "note": kept_text(note) or None,
            "given_at": self._now(),
        }
        by = self._user_hash(user) or ""
        key = {"question_id": question_id, "user_hash": by}
        with self._db.write() as connection:
            if not connection.execute(
                select(questions.c.id).where(questions.c.id == question_id)
            ).first():
                return FeedbackResult.MISSING
            before = connection.execute(
                select(feedback.c.kind, feedback.c.note).filter_by(**key)
            ).one_or_none()
            if before and before.kind == kind and values["note"] in (None, before.note):
                return FeedbackResult.SAME
            connection.execute(
                insert(connection, feedback, key | values).on_conflict_do_update(
                    index_elements=["question_id", "user_hash"], set_=values
                )
            )
            if kind is Feedback.SOLVED:
                self._propose_settled(connection, question_id, by)
        return FeedbackResult.CHANGED if before else FeedbackResult.FIRST

    def record_thanks(self, question_id: int, *, user: str | None = None) -> bool:
        """Somebody thanked for an answer: it solved their question, and True.

        Not where nothing was answered, or where they have said something else of the answer.
        """
        by = self._user_hash(user) or ""
        with self._db.read() as connection:
            result = connection.execute(
                select(questions.c.outcome).filter_by(id=question_id)
            ).scalar_one_or_none()
            said = connection.execute(
                select(feedback.c.kind).filter_by(question_id=question_id, user_hash=by)
            ).first()
        if said is not None or result is None or Result(result) not in SHOWN:
            return False
        found = self.record_feedback(question_id, Feedback.SOLVED, user=user)
        return found is FeedbackResult.FIRST

    def record_check(
        self, *, learners: int, rules: Mapping[str, int], door: str, year: str | None = None
    ) -> None:
        """Count a record check: how many learners, and how often each rule was broken.

        Anything that is not shaped like a rule id is left out, so that a value can never
        get in under the name of a rule.
        """
        with self._db.write() as connection:
            check_id = connection.execute(
                checks.insert()
                .values(checked_at=self._now(), year=year, door=door, learners=learners)
                .returning(checks.c.id)
            ).scalar_one()
            rows = [
                {"check_id": check_id, "rule": rule, "times": int(times)}
                for rule, times in rules.items()
                if _RULE_ID.fullmatch(rule) and times > 0
            ]
            if rows:
                connection.execute(check_rules.insert(), rows)

    def _propose_settled(self, connection: Connection, question_id: int, by: str) -> None:
        row = connection.execute(select(questions).filter_by(id=question_id)).one()
        masked = "[" in row.text  # what stood there is gone, so nobody will ask it so again
        if row.entry_id not in row.choices or masked or len(row.text) < MIN_PHRASING_LENGTH:
            return
        known = {"entry_id": row.entry_id, "text": row.text}
        if connection.execute(select(phrasings.c.id).filter_by(**known)).first():
            return
        connection.execute(
            phrasings.insert().values(
                **known,
                proposed_at=self._now(),
                state=Review.DRAFT.value,
                proposer_hash=by or None,
            )
        )

    def _count_use(self, connection: Connection, entry_id: str) -> None:
        key = {"entry_id": entry_id[:80], "week": iso_week(self._now())}
        connection.execute(_count_use(connection.dialect.name), key | {"shown": 1})


@cache
def _count_use(dialect: str) -> Executable:
    return standing(
        inserting(dialect, entry_usage).on_conflict_do_update(
            index_elements=["entry_id", "week", "team_hash"],
            set_={"shown": entry_usage.c.shown + 1},
        )
    )
