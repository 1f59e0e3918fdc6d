"""What the parts of the ledger share: the database, the clock, hashing and masking."""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Executable, Table, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.ledger.database import Database
from bot.ledger.errors import LedgerError
from bot.ledger.tables import threads
from bot.ledger.teams import Team, standing
from bot.privacy import WITHHELD, identifies_somebody, mask, to_keep, to_publish

__all__ = [
    "FOLLOWED",
    "TEAM_OF_MARK",
    "LedgerBase",
    "insert",
    "inserting",
    "iso_week",
    "kept_text",
    "owner_text",
    "published_text",
    "set_thread",
    "still_kept",
]

FOLLOWED = "followed"
"""The state of a thread whose follow-ups need no mention."""
MAX_TEXT_LENGTH = 3_000
"""Characters of a text that are kept."""
TEAM_OF_MARK = 24
"""Characters of a workspace's hash that its marks begin with."""
MAX_LOOKED_AT = 20_000
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class LedgerBase:
    """A part of the ledger. ``Ledger`` puts them together."""

    def __init__(
        self,
        database: Database,
        *,
        secret: str,
        retention_days: int,
        clock: Callable[[], datetime],
        worker: str,
    ) -> None:
        self._db = database
        self._secret = secret.encode()
        self._retention_days = retention_days
        self._clock = clock
        self._worker = worker
        self._team: Team | None = None

    def _mark(self, key: str) -> str:
        """The key of a mark; each workspace that is kept apart has its own."""
        own = f"{self._team.hashed[:TEAM_OF_MARK]}/" if self._team and self._team.apart else ""
        return f"{own}{key}"[:120]

    def _team_hash(self, team: str) -> str:
        return self._keyed("team", team)

    def _now(self) -> datetime:
        return self._clock().astimezone(UTC)

    def _user_hash(self, user: str | None) -> str | None:
        """None for nobody, and when there is no secret to hash with."""
        return self._keyed("user", user) if user and self._secret else None

    def _thread_hash(self, channel: str | None, thread_ts: str | None) -> str | None:
        return self._keyed("thread", f"{channel}/{thread_ts}") if channel and thread_ts else None

    def _message_hash(self, channel: str | None, ts: str | None) -> str | None:
        return self._keyed("message", f"{channel}/{ts}") if channel and ts else None

    def _keyed(self, purpose: str, value: str) -> str:
        return hmac.new(self._secret, f"{purpose}:{value}".encode(), sha256).hexdigest()

    def _needs_secret(self) -> None:
        if not self._secret:
            raise LedgerError("Set ILR_SECRET first: without it nobody's questions can be found.")


def set_thread(
    connection: Connection,
    thread_hash: str | None,
    state: str,
    question_id: int | None,
    at: datetime,
) -> None:
    """Whether the bot follows a thread, and the last question there."""
    values = {"state": state, "last_at": at, "question_id": question_id}
    connection.execute(_set_thread(connection.dialect.name), {"thread_hash": thread_hash} | values)


@cache
def _set_thread(dialect: str) -> Executable:
    added = inserting(dialect, threads)
    anew = {name: added.excluded[name] for name in ("state", "last_at", "question_id")}
    return standing(added.on_conflict_do_update(index_elements=["thread_hash"], set_=anew))


def kept_text(text: str) -> str:
    """What may be kept of a message: masked, or ``[withheld]``."""
    return _storable(to_keep(text[:MAX_LOOKED_AT]))


def published_text(text: str) -> str:
    """What may be kept of something written for everybody to read: masked, or ``[withheld]``."""
    seen = text[:MAX_LOOKED_AT]
    return WITHHELD if identifies_somebody(seen) else _storable(to_publish(seen))


def owner_text(text: str) -> str:
    """Who answers for something: a name is meant, numbers and addresses are masked."""
    return _storable(mask(text[:MAX_LOOKED_AT]))


def _storable(masked: str) -> str:
    """Shortened, and free of what a database refuses."""
    clean = _CONTROL.sub("", masked.encode("utf-8", "replace").decode())
    return clean.strip()[:MAX_TEXT_LENGTH]


def iso_week(moment: datetime) -> str:
    """``2026-W47``, by UTC."""
    year, week, _ = moment.astimezone(UTC).isocalendar()
    return f"{year}-W{week:02d}"


def still_kept(connection: Connection, table: Table, row_id: int | None) -> int | None:
    """The id, unless what it names was forgotten or purged meanwhile."""
    return connection.execute(select(table.c.id).filter_by(id=row_id)).scalar_one_or_none()


def insert(connection: Connection, table: Table, values: Mapping[str, Any]) -> Any:
    """An INSERT that knows ON CONFLICT, in the dialect of the connection."""
    return inserting(connection.dialect.name, table).values(**values)


def inserting(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    """The same, without its values yet."""
    return (postgresql.insert if dialect == "postgresql" else sqlite.insert)(table)
