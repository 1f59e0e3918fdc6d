"""The ledger as the doors use it: when it cannot be reached, they go on without it."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from enum import Enum
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from bot.ledger.errors import LedgerUnavailable
from bot.slack.runtime.logs import log

if TYPE_CHECKING:
    from bot.ledger import Ledger
    from bot.ledger.values import EventPayload

__all__ = ["Claim", "Keeping"]

T = TypeVar("T")

SECONDS_LEFT_ALONE = 5.0
"""After a failure the database is left alone this long, so that answers stay quick."""
MAX_SEEN = 20_000


class Claim(Enum):
    """What became of an event that arrived."""

    OURS = "ours"
    SEEN = "seen"
    UNKEPT = "unkept"
    """Ours, but the ledger could not be reached: it will not survive a restart."""


class Keeping:
    """A ledger that may be away."""

    def __init__(self, ledger: Ledger | None) -> None:
        self.ledger = ledger
        self._down_until = 0.0
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    def attempt(self, what: Callable[[Ledger], T]) -> T | None:
        """The result of a call on the ledger, or None when it cannot be reached."""
        if self.ledger is None or time.monotonic() < self._down_until:
            return None
        try:
            return what(self.ledger)
        except (LedgerUnavailable, SQLAlchemyError, OSError) as error:
            self._down_until = time.monotonic() + SECONDS_LEFT_ALONE
            log.warning("the ledger cannot be reached", extra={"error": type(error).__name__})
            return None

    @property
    def reachable(self) -> bool:
        """Whether the last call went through."""
        return self.ledger is not None and time.monotonic() >= self._down_until

    def claim(self, event_id: str, payload: EventPayload) -> Claim:
        """Keep an event before it is acknowledged; each is ours once, whatever Slack repeats."""
        with self._lock:
            if event_id in self._seen:
                return Claim.SEEN
            self._seen[event_id] = None
            if len(self._seen) > MAX_SEEN:
                self._seen.popitem(last=False)
        claimed = self.attempt(lambda ledger: ledger.claim_event(event_id, payload))
        if claimed is None:
            return Claim.UNKEPT
        return Claim.OURS if claimed else Claim.SEEN

    def may_post(self, event_id: str, *, kept: bool) -> bool:
        """Mark that the answer is about to be posted; False when another process took it over."""
        if not (event_id and kept):
            return True
        return self.attempt(lambda ledger: ledger.begin_posting(event_id)) is not False

    def finish(self, event_id: str, *, kept: bool) -> None:
        """Mark an event as answered."""
        if event_id and kept:
            self.attempt(lambda ledger: ledger.finish_event(event_id))

    def release(self, event_id: str) -> None:
        """Slack could not be reached: let it be tried again soon."""
        if event_id:
            self.attempt(lambda ledger: ledger.release_event(event_id))
