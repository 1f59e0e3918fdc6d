"""What was made of the last few texts, so that several readers of one message work it out once.

The texts themselves are not held, only a digest with a key of this process: what a learner's record
says does not stay in memory for this.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

__all__ = ["WAITING", "Recent"]

T = TypeVar("T")
MOST = 128
WAITING = 8_192
"""As many as messages that wait for their answers after a burst: what was made of one when it came
is still there when its turn does."""
_KEY = os.urandom(16)


class Recent(Generic[T]):
    """Values by text, the last ``most`` of them. Safe to share between threads."""

    def __init__(
        self,
        make: Callable[[str], T],
        *,
        most: int = MOST,
        may_be_held: Callable[[T], bool] = lambda _: True,
    ) -> None:
        """``make``: the value of a text, which is never changed by whoever gets it.
        ``may_be_held``: whether it is kept for the next time; all are unless it says no."""
        self._make = make
        self._most = most
        self._may_be_held = may_be_held
        self._values: dict[bytes, T] = {}
        self._adding = threading.Lock()

    def of(self, text: str, beside: object = "") -> T:
        """The value of a text; what ``make`` raises is raised, and not held.

        ``beside``: what else the value depends on, told by its repr.
        """
        data = f"{beside!r} {text}".encode("utf-8", "surrogatepass")
        key = hashlib.blake2b(data, key=_KEY, digest_size=16).digest()
        found = self._values.get(key)
        if found is None:
            found = self._make(text)
            if not self._may_be_held(found):
                return found
            with self._adding:
                while len(self._values) >= self._most:
                    del self._values[next(iter(self._values))]
                self._values[key] = found
        return found
