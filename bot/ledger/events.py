"""Events and threads: each event answered once, whatever dies, and threads remembered.

An event's way: ``claim_event`` before it is acknowledged to Slack; ``begin_posting`` just
before the answer is posted; ``finish_event`` after. A process that dies leaves its lease to
run out, and ``unanswered_events`` hands the event to the next one that asks.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import Executable, Row, and_, bindparam, or_, select, update

from bot.ledger.base import (
    FOLLOWED,
    LedgerBase,
    insert,
    inserting,
    kept_text,
    set_thread,
    still_kept,
)
from bot.ledger.tables import events, marks, questions, threads
from bot.ledger.teams import standing
from bot.ledger.values import EventPayload, PendingEvent, Thread
from bot.privacy import WITHHELD

__all__ = ["Events"]

LEASE_SECONDS = 60
AHEAD = timedelta(days=1)
"""More than clocks of two processes are apart."""
MAX_PAUSE = timedelta(minutes=5)
MAX_ATTEMPTS = 5
"""An event that five processes died with is given up: it may be what they died of."""
MAX_ATTEMPTS_OF_A_RECORD = 2
"""A record costs most, so it is what they most likely died of."""
RECEIVED, POSTING, ANSWERED, ABANDONED = "received", "posting", "answered", "abandoned"

_OPEN = or_(events.c.state == RECEIVED, events.c.state == POSTING)
_POST = standing(
    update(events)
    .where(events.c.event_id == bindparam("this"), events.c.worker == bindparam("ours"), _OPEN)
    .values(state=POSTING)
)
_FINISH = standing(
    update(events)
    .where(events.c.event_id == bindparam("this"), _OPEN)
    .values(state=ANSWERED, payload=None, user_hash=None, finished_at=bindparam("at"))
)


@cache
def _claim(dialect: str) -> Executable:
    added = inserting(dialect, events).on_conflict_do_nothing().returning(events.c.event_id)
    return standing(added)


class Events(LedgerBase):
    """The part of the ledger that makes answering happen once."""

    def claim_event(
        self, event_id: str, payload: EventPayload, *, lease_seconds: float = LEASE_SECONDS
    ) -> bool:
        """Keep an event, with what is needed to answer it; True for exactly one caller.

        False means that it was seen before. Raises LedgerUnavailable when it was not kept:
        do not acknowledge it then, so that Slack sends it again.
        """
        now, text = self._now(), kept_text(payload.text)
        kept = EventPayload(
            kind=payload.kind,
            channel=payload.channel,
            ts=payload.ts,
            user=payload.user,
            text="" if text == WITHHELD else text,
            thread_ts=payload.thread_ts,
            team=payload.team,
        )
        with self._db.write() as connection:
            added = connection.execute(
                _claim(connection.dialect.name),
                {
                    "event_id": event_id,
                    "state": RECEIVED,
                    "received_at": now,
                    "lease_until": now + timedelta(seconds=lease_seconds),
                    "worker": self._worker,
                    "attempts": 1,
                    "user_hash": self._user_hash(payload.user),
                    "payload": kept.to_json(),
                },
            )
            return added.first() is not None

    def see_once(self, event_id: str) -> bool:
        """True for exactly one caller: for what is done at once and never taken up again.

        An edit, or a command; remembered as long as an event that was answered.
        """
        now = self._now()
        seen = {
            "event_id": event_id[:255],
            "state": ANSWERED,
            "received_at": now,
            "lease_until": now,
            "worker": self._worker,
            "attempts": 1,
            "finished_at": now,
        }
        with self._db.write() as connection:
            added = insert(connection, events, seen).on_conflict_do_nothing()
            return connection.execute(added.returning(events.c.event_id)).first() is not None

    def begin_posting(self, event_id: str) -> bool:
        """Mark that the answer is about to be posted; False when another process has it now."""
        with self._db.write() as connection:
            marked = connection.execute(_POST, {"this": event_id, "ours": self._worker})
            return bool(marked.rowcount == 1)

    def finish_event(self, event_id: str) -> bool:
        """Mark an event answered and drop its payload; True for exactly one caller."""
        with self._db.write() as connection:
            finished = connection.execute(_FINISH, {"this": event_id, "at": self._now()})
            return bool(finished.rowcount == 1)

    def release_event(self, event_id: str) -> None:
        """Give back an event that Slack would not take an answer to: it is tried again.

        At once, then after as long as it has waited already, at most every five minutes. That
        is no attempt that counts: Slack may be away for hours, and the event may not be lost.
        """
        now = self._now()
        ours = and_(events.c.event_id == event_id, events.c.worker == self._worker)
        with self._db.write() as connection:
            received = connection.execute(select(events.c.received_at).where(ours)).scalar()
            if received is None:
                return
            connection.execute(
                update(events)
                .where(ours)
                .values(
                    lease_until=now + min(now - received, MAX_PAUSE),
                    attempts=events.c.attempts - 1,
                )
            )

    def unanswered_events(
        self,
        limit: int = 20,
        *,
        lease_seconds: float = LEASE_SECONDS,
        given_up: Callable[[PendingEvent], None] | None = None,
    ) -> list[PendingEvent]:
        """Take over events whose process is gone, oldest first; call it at start and regularly.

        Each is handed to one caller. One that was tried five times is given up, or twice where
        its process died over a record; it is counted as abandoned in the metrics, and
        ``given_up`` is called with it.
        """
        now = self._now()
        waiting = and_(events.c.state.in_((RECEIVED, POSTING)), events.c.lease_until <= now)
        with self._db.write() as connection:
            rows = connection.execute(
                select(events)
                .where(waiting)
                .order_by(events.c.received_at)
                .limit(limit)
                .with_for_update(skip_locked=True)
            ).all()
            hopeless = [row for row in rows if _is_hopeless(row)]
            rest = [row for row in rows if not _is_hopeless(row)]
            for some, values in (
                (
                    hopeless,
                    {"state": ABANDONED, "payload": None, "user_hash": None, "finished_at": now},
                ),
                (
                    rest,
                    {
                        "worker": self._worker,
                        "lease_until": now + timedelta(seconds=lease_seconds),
                        "attempts": events.c.attempts + 1,
                    },
                ),
            ):
                if some:
                    ids = [row.event_id for row in some]
                    connection.execute(
                        update(events).where(events.c.event_id.in_(ids)).values(values)
                    )
        if given_up is not None:
            for row in hopeless:
                given_up(_pending(row))
        return [_pending(row) for row in rest]

    def follow_thread(self, channel: str, thread_ts: str, question_id: int | None = None) -> None:
        """Remember that the bot answered in a thread, so that follow-ups need no mention."""
        self._set_thread(channel, thread_ts, FOLLOWED, question_id)

    def silence_thread(self, channel: str, thread_ts: str) -> bool:
        """A person has answered: stay quiet from now on. False when the thread is not ours."""
        with self._db.write() as connection:
            silenced = connection.execute(
                update(threads)
                .where(threads.c.thread_hash == self._thread_hash(channel, thread_ts))
                .values(state="silent", last_at=self._now())
            )
            return bool(silenced.rowcount)

    def thread(self, channel: str, thread_ts: str) -> Thread | None:
        """The thread, with the year and entry of its last question; None when not ours."""
        with self._db.read() as connection:
            row = connection.execute(
                select(threads, questions.c.year, questions.c.entry_id)
                .outerjoin(questions, questions.c.id == threads.c.question_id)
                .where(threads.c.thread_hash == self._thread_hash(channel, thread_ts))
            ).one_or_none()
        if row is None:
            return None
        return Thread(
            silent=row.state == "silent",
            question_id=row.question_id,
            year=row.year,
            entry_id=row.entry_id,
            last_at=row.last_at,
        )

    def _set_thread(
        self, channel: str, thread_ts: str, state: str, question_id: int | None
    ) -> None:
        thread = self._thread_hash(channel, thread_ts)
        with self._db.write() as connection:
            asked = still_kept(connection, questions, question_id)
            set_thread(connection, thread, state, asked, self._now())

    def once_per(self, key: str, seconds: float) -> bool:
        """True when this has not been True for the key within the last so many seconds.

        For a cooldown, such as tagging the triage group; atomic across processes. What was noted
        by a clock that was far ahead does not count.
        """
        now = self._now()
        with self._db.write() as connection:
            added = insert(connection, marks, {"key": self._mark(key), "at": now})
            done = connection.execute(
                added.on_conflict_do_update(
                    index_elements=["key"],
                    set_={"at": now},
                    where=or_(
                        marks.c.at <= now - timedelta(seconds=seconds), marks.c.at > now + AHEAD
                    ),
                ).returning(marks.c.key)
            )
            return done.first() is not None

    def undo_once(self, key: str) -> None:
        """What ``once_per`` let happen did not happen: let it happen again."""
        with self._db.write() as connection:
            connection.execute(marks.delete().where(marks.c.key == self._mark(key)))


def _pending(row: Row[Any]) -> PendingEvent:
    return PendingEvent(
        event_id=row.event_id,
        payload=EventPayload(**row.payload),
        received_at=row.received_at,
        attempts=row.attempts + 1,
        maybe_posted=row.state == POSTING,
    )


def _is_hopeless(row: Row[Any]) -> bool:
    """Whether processes may be dying of an event. A record is checked while it is being posted."""
    is_record = row.state == POSTING and not row.payload["text"]
    return bool(row.attempts >= (MAX_ATTEMPTS_OF_A_RECORD if is_record else MAX_ATTEMPTS))
