"""The ledger put together: how it is opened, what is forgotten on request and in time."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import NoReturn

from sqlalchemy import Connection, func, or_, select, update

from bot.errors import SettingsError
from bot.ledger.base import insert
from bot.ledger.database import Database, database_url, refuse_short_lived_disk
from bot.ledger.erasing import Erasing
from bot.ledger.errors import LedgerUnavailable
from bot.ledger.events import ABANDONED, ANSWERED, POSTING, RECEIVED, Events
from bot.ledger.handovers import Handovers
from bot.ledger.questions import Questions
from bot.ledger.reminders import Reminders
from bot.ledger.reports import Reports
from bot.ledger.suggestions import Suggestions
from bot.ledger.tables import (
    checks,
    events,
    handovers,
    marks,
    phrasings,
    questions,
    return_reminders,
    slack_oauth_states,
    suggestions,
    threads,
)
from bot.ledger.teams import Team
from bot.ledger.values import Purged, Review
from bot.ledger.workspaces import Workspaces

__all__ = ["Ledger", "NullLedger"]

MIN_SECRET_LENGTH = 16
_PURGED, _DOUBTED = "purged", "clock doubted"
EVENTS_KEPT = timedelta(days=7)
"""Slack repeats an event for some minutes; a week leaves room for a long outage."""
EVENTS_WAIT = timedelta(days=1)
"""An answer a day late helps nobody: such events are given up."""
REMINDERS_LATE = timedelta(days=7)
"""A reminder that could not be sent by then is of a return that has closed."""
IMPLAUSIBLE = timedelta(days=45)
"""So long after the last purge, or the first event, the clock is doubted: it may have jumped."""
TO_BE_SURE = timedelta(hours=12)
"""A clock that still says so after this long is believed."""
CLOSED_HANDOVERS_REACHABLE = timedelta(days=7)
"""How long a reply in the triage thread still finds its way to the asker."""


class Ledger(Questions, Events, Handovers, Suggestions, Reminders, Reports, Erasing, Workspaces):
    """What was asked, did it help, who picks it up, what to write next.

    Every method may raise LedgerUnavailable, within about three seconds: what was to be kept
    was not, and the caller goes on without. Safe to share between threads and processes.
    """

    @classmethod
    def open(
        cls,
        url: str,
        *,
        secret: str,
        retention_days: int,
        allow_ephemeral_sqlite: bool = False,
        sets_up: bool = True,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        environ: Mapping[str, str] | None = None,
    ) -> Ledger:
        """The ledger at ``url`` (sqlite:///file.db or postgresql://…).

        Nothing is connected to yet, so that the bot starts while its database is down. A new
        SQLite file is set up on first use; Postgres needs ``migrate`` first. ``secret`` keys
        the hashes of users and threads; empty, users are not told apart. Raises SettingsError
        for a wrong address or a short secret, EphemeralStorage for SQLite on a disk that does
        not last. Without ``sets_up`` no file is made, and no table is changed.
        """
        if secret and len(secret) < MIN_SECRET_LENGTH:
            raise SettingsError(
                f"ILR_SECRET should have at least {MIN_SECRET_LENGTH} characters. Make one with: "
                'python -c "import secrets; print(secrets.token_urlsafe(32))"'
            )
        address = database_url(url)
        if not allow_ephemeral_sqlite:
            refuse_short_lived_disk(address, environ)
        return cls(
            Database(address, sets_up=sets_up),
            secret=secret,
            retention_days=retention_days,
            clock=clock,
            worker=uuid.uuid4().hex,
        )

    @property
    def trouble(self) -> str:
        """Why the database could not be used last, as a sentence; "" when it could."""
        return self._db.trouble

    def look(self) -> None:
        """See that the tables are those of this version. Raises LedgerUnavailable, saying why."""
        with self._db.read() as connection:
            connection.execute(select(func.count()).select_from(marks))

    def for_team(self, team: str, *, apart: bool = True) -> Ledger:
        """This ledger, keeping what it is given as a workspace's own.

        ``apart``: it sees nothing of other workspaces. Without, where there is one workspace, it
        sees all, with what was kept before and by the terminal.
        """
        found = copy.copy(self)
        found._team = Team(self._team_hash(team), apart)
        found._db = self._db.for_team(found._team)
        return found

    def migrate(self) -> str:
        """Bring the tables up to date; returns a sentence saying what was done."""
        return self._db.migrate()

    def close(self) -> None:
        """Close the connections."""
        self._db.close()

    def purge_if_plausible(self) -> Purged | None:
        """``purge``, but for a clock that has jumped far ahead, which would delete everything.

        None then: nothing was deleted. After a day on which the clock says the same, it is done.
        """
        now = self._now()
        with self._db.write() as connection:
            if self._clock_is_doubtful(connection, now):
                return None
            self._set_mark(connection, _PURGED, now)
            connection.execute(marks.delete().where(marks.c.key == _DOUBTED))
        return self.purge(now)

    def _clock_is_doubtful(self, connection: Connection, now: datetime) -> bool:
        # Not the last event, which was noted by the same clock.
        before = (
            self._marked(connection, _PURGED)
            or connection.execute(select(func.min(events.c.received_at))).scalar()
        )
        if before is None or now - before < IMPLAUSIBLE:
            return False
        doubted = self._marked(connection, _DOUBTED)
        if doubted is not None and TO_BE_SURE <= now - doubted < IMPLAUSIBLE:
            return False
        if doubted is None or not timedelta() <= now - doubted < IMPLAUSIBLE:
            self._set_mark(connection, _DOUBTED, now)
        return True

    @staticmethod
    def _marked(connection: Connection, key: str) -> datetime | None:
        at = connection.execute(select(marks.c.at).where(marks.c.key == key)).scalar()
        return at if isinstance(at, datetime) else None

    @staticmethod
    def _set_mark(connection: Connection, key: str, at: datetime) -> None:
        added = insert(connection, marks, {"key": key, "at": at})
        connection.execute(added.on_conflict_do_update(index_elements=["key"], set_={"at": at}))

    def purge(self, now: datetime | None = None) -> Purged:
        """Delete what is older than the retention period; call it daily. Safe to repeat."""
        now = (now or self._now()).astimezone(UTC)
        limit = now - timedelta(days=self._retention_days)
        with self._db.write() as connection:
            abandoned = connection.execute(
                update(events)
                .where(
                    events.c.state.in_((RECEIVED, POSTING)),
                    events.c.received_at < now - EVENTS_WAIT,
                )
                .values(state=ABANDONED, payload=None, user_hash=None, finished_at=now)
            ).rowcount
            connection.execute(
                update(handovers)
                .where(handovers.c.answered_at < now - CLOSED_HANDOVERS_REACHABLE)
                .values(asker_channel=None, asker_thread=None, asker_notice=None)
            )
            closed = (Review.REJECTED.value, Review.PUBLISHED.value)
            deleted = {
                "handovers": handovers.delete().where(handovers.c.opened_at < limit),
                "questions": questions.delete().where(questions.c.asked_at < limit),
                "checks": checks.delete().where(checks.c.checked_at < limit),
                "threads": threads.delete().where(threads.c.last_at < limit),
                "suggestions": suggestions.delete().where(
                    suggestions.c.state.in_(closed), suggestions.c.decided_at < limit
                ),
                "phrasings": phrasings.delete().where(
                    or_(
                        phrasings.c.state.in_(closed) & (phrasings.c.decided_at < limit),
                        (phrasings.c.state == Review.DRAFT.value)
                        & (phrasings.c.proposed_at < limit),
                    )
                ),
                "events": events.delete().where(
                    events.c.state.in_((ANSWERED, ABANDONED)),
                    events.c.received_at < now - EVENTS_KEPT,
                ),
                "return_reminders": return_reminders.delete().where(
                    return_reminders.c.remind_on < (now - REMINDERS_LATE).date()
                ),
                "states": slack_oauth_states.delete().where(
                    slack_oauth_states.c.expire_at < now.replace(tzinfo=None)
                ),
                "marks": marks.delete().where(marks.c.at < limit),
            }
            counts = {name: connection.execute(how).rowcount for name, how in deleted.items()}
        self._db.forget_deleted()
        return Purged(
            questions=counts["questions"],
            handovers=counts["handovers"],
            checks=counts["checks"],
            events=counts["events"],
            abandoned=abandoned,
            suggestions=counts["suggestions"] + counts["phrasings"],
            threads=counts["threads"],
        )


class NullLedger(Ledger):
    """No ledger, honestly: every method raises LedgerUnavailable with the reason."""

    def __init__(self, reason: str) -> None:
        """``reason`` is a sentence for a person, e.g. why the database cannot be used."""
        self._db = _NoDatabase(reason)
        self._secret = b""
        self._retention_days = 0
        self._clock = lambda: datetime.now(UTC)
        self._worker = ""
        self._team = None

    def for_team(self, team: str, *, apart: bool = True) -> Ledger:
        """No ledger, whoever asks."""
        return self


class _NoDatabase(Database):
    def __init__(self, reason: str) -> None:
        self._reason = reason
        self.is_sqlite = False
        self._team = None

    @contextmanager
    def write(self) -> Iterator[Connection]:
        self._refuse()
        yield  # type: ignore[unreachable]

    @contextmanager
    def read(self) -> Iterator[Connection]:
        self._refuse()
        yield  # type: ignore[unreachable]

    def migrate(self) -> str:
        self._refuse()

    def close(self) -> None:
        """Nothing is open."""

    def _refuse(self) -> NoReturn:
        raise LedgerUnavailable(self._reason)
