"""A button that is clicked twice, or by several, does its work once."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

from bot.slack.runtime.tolerant_ledger import TolerantLedger

__all__ = ["Clicks"]

SECONDS_THE_SAME = 600.0
"""Within this long, the same click asks for nothing new: its answer is there to be read."""
MAX_HELD = 5_000


class Clicks:
    """The clicks of late, of this process and of others on the same ledger."""

    def __init__(self, ledger: TolerantLedger) -> None:
        self._ledger = ledger
        self._held: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    @contextmanager
    def first(self, identity: str) -> Iterator[bool]:
        """Whether a click is the first of its kind of late. If what follows fails, it was not."""
        key = hashlib.sha256(identity.encode()).hexdigest()[:32]  # no ids of Slack are kept
        is_first = self._is_new(key) and self._ledger.is_first_click(key, SECONDS_THE_SAME)
        try:
            yield is_first
        except BaseException:
            if is_first:
                self._forget(key)
            raise

    def _is_new(self, key: str) -> bool:
        now = time.monotonic()
        with self._lock:
            at = self._held.get(key)
            if at is not None and now - at < SECONDS_THE_SAME:
                return False
            self._held[key] = now
            self._held.move_to_end(key)
            if len(self._held) > MAX_HELD:
                self._held.popitem(last=False)
            return True

    def _forget(self, key: str) -> None:
        with self._lock:
            self._held.pop(key, None)
        self._ledger.forget_click(key)
