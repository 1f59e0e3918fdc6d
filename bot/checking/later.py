"""A value that is made when somebody first asks for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

__all__ = ["Later"]

T = TypeVar("T")


class Later(Generic[T]):
    """Makes a value once, and lets go of what it was made from.

    What is sent to another process is the value: it may have been made from what is not sent.
    """

    __slots__ = ("_make", "_value")

    def __init__(self, make: Callable[[], T]) -> None:
        self._make: Callable[[], T] | None = make
        self._value: T

    @property
    def value(self) -> T:
        """The value, which is made now if it was not yet."""
        make = self._make
        if make is not None:
            self._value = make()
            self._make = None
        return self._value

    def __reduce__(self) -> tuple[Any, ...]:
        return _made, (self.value,)


def _made(value: T) -> Later[T]:
    return Later(lambda: value)
