"""What has just come in goes first: few answers at a time while something is to be acknowledged,
and none while much is."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

__all__ = ["Backpressure"]

MAX_WAIT = 10.0
"""Seconds after which an answer is begun, however much still arrives."""
OVERDUE = 1
"""Answers that are made then while a burst arrives."""
AT_ONCE = 4
"""Answers that are made while something arrives: in a steady stream there is no pause to wait
for, and with none at all everybody would wait until the longest wait is over."""
MANY = 12
"""Requests that wait to be acknowledged, beyond which no answer is begun at all."""
QUIET = 0.02
"""Seconds without an arrival after which a burst is taken to be over."""


class Backpressure:
    """Counts the requests that are not acknowledged yet. Use it around each as a context.

    Slack wants its acknowledgement within three seconds and a person waits longer than that
    gladly in a burst; without this, answers would take the processor and the database's turns
    from what is still to be acknowledged.
    """

    def __init__(self, at_once: int = AT_ONCE) -> None:
        """``at_once``: answers that are made while something arrives; more where other processes
        make them."""
        self._at_once = at_once
        self._count = 0
        self._last = 0.0
        self._answers = 0
        self._idle = threading.Condition()

    def __enter__(self) -> None:
        with self._idle:
            self._count += 1

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._idle:
            self._count -= 1
            self._last = time.monotonic()
            if not self._count or self._count == MANY:
                self._idle.notify_all()

    @property
    def is_burst(self) -> bool:
        """Whether so much waits that only what must be done is done before acknowledging it."""
        return self._count > MANY

    @contextmanager
    def slot(self, since: float) -> Iterator[None]:
        """Wait for an answer's turn, and make it."""
        self._wait_for_slot(since)
        try:
            yield
        finally:
            with self._idle:
                self._answers -= 1
                self._idle.notify_all()

    def _wait_for_slot(self, since: float) -> None:
        """Wait while something is being acknowledged and enough others are answering.

        Beyond ``MAX_WAIT`` after ``since`` (monotonic) it waits in a burst alone, for one other.
        """
        until = since + MAX_WAIT
        with self._idle:
            while self._answers >= self._allowed(overdue=time.monotonic() >= until):
                now = time.monotonic()
                quiet_at = self._last + QUIET
                if self._count:
                    self._idle.wait(until - now if now < until else None)
                elif now < quiet_at:
                    self._idle.wait(quiet_at - now)
                else:
                    break
            self._answers += 1

    def _allowed(self, *, overdue: bool) -> float:
        """Answers that are made now, while something arrives."""
        if self.is_burst:
            return OVERDUE if overdue else 0
        return math.inf if overdue else self._at_once
