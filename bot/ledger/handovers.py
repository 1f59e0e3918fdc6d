"""Hand-overs: a question passed to a person, taken, answered, and never forgotten in between."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Row, or_, select, update

from bot.ledger.base import LedgerBase, insert, kept_text, still_kept
from bot.ledger.tables import handovers, questions
from bot.ledger.values import Change, Handover, HandoverState, UpdateResult

__all__ = ["Handovers"]

_OPEN, _TAKEN, _ANSWERED = (state.value for state in HandoverState)
_SATURDAY = 5


class Handovers(LedgerBase):
    """The part of the ledger that looks after hand-overs."""

    def open_handover(
        self,
        text: str,
        *,
        asker: str | None,
        asker_channel: str,
        asker_thread: str,
        year: str | None = None,
        question_id: int | None = None,
    ) -> Change[Handover]:
        """Pass a question on. ALREADY, with the first one, when this question was before."""
        now = self._now()
        values = {
            "opened_at": now,
            "text": kept_text(text),
            "year": year,
            "state": _OPEN,
            "asker_hash": self._user_hash(asker),
            "asker_channel": asker_channel,
            "asker_thread": asker_thread,
        }
        with self._db.write() as connection:
            values["question_id"] = still_kept(connection, questions, question_id)
            added = connection.execute(
                insert(connection, handovers, values)
                .on_conflict_do_nothing(index_elements=["question_id"])
                .returning(handovers.c.id)
            ).scalar_one_or_none()
            where = handovers.c.id == added if added else handovers.c.question_id == question_id
            row = connection.execute(select(handovers).where(where)).one()
        return Change(UpdateResult.DONE if added else UpdateResult.ALREADY, _handover(row))

    def set_triage_message(self, handover_id: int, channel: str, message: str) -> None:
        """Remember where in Slack the hand-over was posted (again, when it was deleted)."""
        with self._db.write() as connection:
            connection.execute(
                update(handovers)
                .where(handovers.c.id == handover_id)
                .values(triage_channel=channel, triage_message=message)
            )

    def set_asker_notice(self, handover_id: int, message: str) -> None:
        """Remember the message in the asker's thread that says how it stands."""
        with self._db.write() as connection:
            connection.execute(
                update(handovers).where(handovers.c.id == handover_id).values(asker_notice=message)
            )

    def reword_handover(self, handover_id: int, text: str, question_id: int | None) -> None:
        """The question was edited while a person has it."""
        with self._db.write() as connection:
            asked = still_kept(connection, questions, question_id)
            connection.execute(
                update(handovers)
                .where(handovers.c.id == handover_id)
                .values(text=kept_text(text), question_id=asked)
            )

    def withdraw_handover(self, handover_id: int) -> bool:
        """The question was deleted: nothing is kept of its hand-over. False when it was gone."""
        with self._db.write() as connection:
            gone = connection.execute(handovers.delete().where(handovers.c.id == handover_id))
        self._db.forget_deleted()
        return bool(gone.rowcount)

    def handovers_of(self, channel: str, ts: str) -> list[Handover]:
        """The hand-overs of the questions that a message asked."""
        asked = select(questions.c.id).filter_by(message_hash=self._message_hash(channel, ts))
        with self._db.read() as connection:
            rows = connection.execute(
                select(handovers).where(handovers.c.question_id.in_(asked))
            ).all()
        return [_handover(row) for row in rows]

    def handover(self, handover_id: int) -> Handover | None:
        """One hand-over, or None when it is no longer kept."""
        return self._one(handovers.c.id == handover_id)

    def handover_in_triage(self, channel: str, thread_ts: str) -> Handover | None:
        """The hand-over whose triage thread this is: replies there go to its asker's thread."""
        return self._one(
            (handovers.c.triage_channel == channel) & (handovers.c.triage_message == thread_ts)
        )

    def handover_of_asker(self, channel: str, thread_ts: str) -> Handover | None:
        """The last hand-over whose asker is told in this thread; None when it closed long ago."""
        return self._one(
            (handovers.c.asker_channel == channel) & (handovers.c.asker_thread == thread_ts)
        )

    def take(self, handover_id: int, taker: str) -> Change[Handover]:
        """Somebody says "I'll take it". STALE when somebody else has, or it is answered."""
        return self._move(
            handover_id,
            (handovers.c.state == _OPEN),
            {"state": _TAKEN, "taker": taker, "taken_at": self._now()},
            already=lambda row: row.state == _TAKEN and row.taker == taker,
        )

    def give_back(self, handover_id: int, taker: str) -> Change[Handover]:
        """Whoever took it lets somebody else take it."""
        return self._move(
            handover_id,
            (handovers.c.state == _TAKEN) & (handovers.c.taker == taker),
            {"state": _OPEN, "taker": None, "taken_at": None},
            already=lambda row: row.state == _OPEN,
        )

    def answer(self, handover_id: int) -> Change[Handover]:
        """It is answered; who took it is forgotten. ALREADY when it was."""
        return self._move(
            handover_id,
            handovers.c.state.in_((_OPEN, _TAKEN)),
            {"state": _ANSWERED, "taker": None, "answered_at": self._now()},
            already=lambda row: row.state == _ANSWERED,
        )

    def list_open(self) -> list[Handover]:
        """Hand-overs nobody has answered, oldest first."""
        with self._db.read() as connection:
            rows = connection.execute(
                select(handovers)
                .where(handovers.c.state != _ANSWERED)
                .order_by(handovers.c.opened_at, handovers.c.id)
            ).all()
        return [_handover(row) for row in rows]

    def reminders_due(self, today: date) -> list[Handover]:
        """Claim the hand-overs to remind people of today: once a working day, from the day after.

        Each is handed to one caller a day. Nothing is due on Saturdays and Sundays; bank
        holidays are not known.
        """
        if today.weekday() >= _SATURDAY:
            return []
        with self._db.write() as connection:
            rows = connection.execute(
                update(handovers)
                .where(
                    handovers.c.state != _ANSWERED,
                    or_(handovers.c.reminded_on.is_(None), handovers.c.reminded_on < today),
                )
                .where(handovers.c.opened_at < _start_of(today))
                .values(reminded_on=today)
                .returning(handovers)
            ).all()
        return sorted(map(_handover, rows), key=lambda handover: (handover.opened_at, handover.id))

    def _one(self, where: ColumnElement[bool]) -> Handover | None:
        with self._db.read() as connection:
            row = connection.execute(
                select(handovers).where(where).order_by(handovers.c.id.desc()).limit(1)
            ).one_or_none()
        return _handover(row) if row else None

    def _move(
        self,
        handover_id: int,
        allowed: ColumnElement[bool],
        values: dict[str, Any],
        *,
        already: Callable[[Row[Any]], bool],
    ) -> Change[Handover]:
        """Change a hand-over when it stands as expected; the database decides between two."""
        with self._db.write() as connection:
            before = connection.execute(
                select(handovers).where(handovers.c.id == handover_id)
            ).one_or_none()
            if before is None:
                return Change(UpdateResult.MISSING, None)
            moved = connection.execute(
                update(handovers).where(handovers.c.id == handover_id, allowed).values(**values)
            )
            after = connection.execute(select(handovers).where(handovers.c.id == handover_id)).one()
        if moved.rowcount:
            return Change(UpdateResult.DONE, _handover(after))
        return Change(
            UpdateResult.ALREADY if already(after) else UpdateResult.STALE, _handover(after)
        )


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=UTC)


def _handover(row: Row[Any]) -> Handover:
    return Handover(
        id=row.id,
        question_id=row.question_id,
        text=row.text,
        year=row.year,
        state=HandoverState(row.state),
        opened_at=row.opened_at,
        asker_channel=row.asker_channel,
        asker_thread=row.asker_thread,
        asker_notice=row.asker_notice,
        triage_channel=row.triage_channel,
        triage_message=row.triage_message,
        taker=row.taker,
        taken_at=row.taken_at,
        answered_at=row.answered_at,
        reminded_on=row.reminded_on,
    )
