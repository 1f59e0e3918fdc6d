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

__all__ = ["WAITING", "Latest", "Recent"]

T = TypeVar("T")
MOST = 128
WAITING = 8_192
"""As many as messages that wait for their answers after a burst: what was made of one when it came
is still there when its turn does."""
_KEY = os.urandom(16)


class Latest(Generic[T]):
    """Values by key, the last ``most`` of them. Safe to share between threads."""

    def __init__(
        self, *, most: int = MOST, may_be_held: Callable[[T], bool] = lambda _: True
    ) -> None:
        """``may_be_held``: whether a value is kept for the next time; all are unless it says no."""
        self._most = most
        self._may_be_held = may_be_held
        self._values: dict[bytes, T] = {}
        self._adding = threading.Lock()

    def by(self, key: bytes, make: Callable[[], T]) -> T:
        """The value of a key, made where it is not held; what ``make`` raises is raised, and not
        held. Whoever gets a value never changes it."""
        found = self._values.get(key)
        if found is None:
            found = make()
            if not self._may_be_held(found):
                return found
            with self._adding:
                while len(self._values) >= self._most:
                    del self._values[next(iter(self._values))]
                self._values[key] = found
        return found


class Recent(Latest[T]):
    """Values by text. The text itself is not held."""

    def __init__(
        self,
        make: Callable[[str], T],
        *,
        most: int = MOST,
        may_be_held: Callable[[T], bool] = lambda _: True,
    ) -> None:
        """``make``: the value of a text; the others as of ``Latest``."""
        super().__init__(most=most, may_be_held=may_be_held)
        self._make = make

    def of(self, text: str, beside: object = "") -> T:
        """The value of a text; what ``make`` raises is raised, and not held.

        ``beside``: what else the value depends on, told by its repr.
        """
        data = f"{beside!r} {text}".encode("utf-8", "surrogatepass")
        key = hashlib.blake2b(data, key=_KEY, digest_size=16).digest()
        return self.by(key, lambda: self._make(text))
