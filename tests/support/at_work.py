"""Whether an app in this process still has something to do: no test need wait for silence."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any


class AtWork:
    """Counts what thread pools have taken and not finished."""

    def __init__(self, finished: Callable[[], None]) -> None:
        """``finished`` is called whenever a piece of work ends."""
        self._lock = threading.Lock()
        self._finished = finished
        self._taken = 0

    def __bool__(self) -> bool:
        with self._lock:
            return self._taken > 0

    def watch(self, pool: ThreadPoolExecutor) -> None:
        """Count what this pool is given from now on."""
        submit = pool.submit

        def counted(*work: Any, **named: Any) -> Future[Any]:
            self._change(1)
            try:
                future = submit(*work, **named)
            except RuntimeError:  # it was shut down
                self._change(-1)
                raise
            future.add_done_callback(lambda _: self._change(-1))
            return future

        pool.submit = counted  # type: ignore[method-assign,assignment]

    def _change(self, by: int) -> None:
        with self._lock:
            self._taken += by
        if by < 0:
            self._finished()
