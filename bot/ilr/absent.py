"""What a field holds: a value of its kind, or ABSENT when it was not returned.

ABSENT compares false with everything, as blanks do in the published rules, so that no rule
needs to test for it. A field that could not be read, or a part that was not pasted, raises
``CannotTell`` when a rule asks for it, so that the rule is reported as not run rather than
passed.

``Date``, ``Number`` and ``Text`` are what the entities annotate their fields with. To mypy they
compare with their own kind only, so ``aim.LearnStartDate < 25`` is an error.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, TypeGuard, TypeVar, overload

if TYPE_CHECKING:
    from typing_extensions import TypeIs

__all__ = [
    "ABSENT",
    "NOT_PASTED",
    "NOT_READ",
    "Absent",
    "CannotTell",
    "Date",
    "Day",
    "DecimalNumber",
    "Number",
    "Text",
    "hiding",
    "is_present",
]

T = TypeVar("T")


class Absent:
    """A field that was not returned. Every comparison with it is false; ``!=`` is true."""

    __slots__ = ()

    # Not shown to mypy: beside an __eq__ of one's own it lets ``aim.ProgType == "25"`` pass.
    if not TYPE_CHECKING:

        def __eq__(self, other: object) -> bool:
            return False

        def __ne__(self, other: object) -> bool:
            return True

        def __hash__(self) -> int:
            return 0

    def __lt__(self, other: object) -> bool:
        return False

    __le__ = __gt__ = __ge__ = __lt__

    def __bool__(self) -> Literal[False]:
        return False

    def __add__(self, other: object) -> Absent:
        return self

    __radd__ = __sub__ = __rsub__ = __add__

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *args: object) -> Absent:
        return self

    def __str__(self) -> str:
        return ""

    __repr__ = __str__


ABSENT = Absent()
"""The value of a field that was not returned."""

Number = int | Absent
"""A whole number field."""
DecimalNumber = Decimal | Absent
"""A field with decimal places."""
Text = str | Absent
"""A text field: a ``str`` without surrounding spaces."""

if TYPE_CHECKING:

    class Date:
        """A date field. Not ``date | Absent``, whose equality mypy would not check."""

        def __lt__(self, other: Day) -> bool: ...
        def __le__(self, other: Day) -> bool: ...
        def __gt__(self, other: Day) -> bool: ...
        def __ge__(self, other: Day) -> bool: ...
        def __sub__(self, other: Day) -> timedelta: ...
        def __rsub__(self, other: date) -> timedelta: ...

    Day = date | Date | Absent
else:
    Date = Any
    Day = Any


@overload
def is_present(value: Day) -> TypeGuard[date]: ...
@overload
def is_present(value: Number) -> TypeIs[int]: ...
@overload
def is_present(value: Text) -> TypeIs[str]: ...
@overload
def is_present(value: Text | Number) -> TypeIs[str | int]: ...
@overload
def is_present(value: object) -> bool: ...
def is_present(value: object) -> bool:
    """Whether a field was returned (0 counts as returned)."""
    return value is not ABSENT


class CannotTell(Exception):  # noqa: N818 - it is an outcome, not an error
    """A rule asked for something that was not pasted or could not be read."""

    @property
    def reason(self) -> str:
        """Why not, for the list of rules that were not run."""
        return str(self.args[0])


NOT_PASTED = "the part of the record it needs was not pasted"
NOT_READ = "a value it needs could not be read"


class _Hidden:
    """An attribute that raises ``CannotTell`` when asked for."""

    def __init__(self, reason: str) -> None:
        self.reason = reason

    def __get__(self, instance: object, owner: type) -> Any:
        raise CannotTell(self.reason)

    def __set__(self, instance: object, value: object) -> None:
        raise AttributeError("hidden")


def hiding(kind: type[T], names: Iterable[str], reason: str) -> type[T]:
    """A subclass of ``kind`` whose attributes of these names raise ``CannotTell``.

    The rows of a table lack the same fields, so that they share one class: to make one for each
    takes longer than most of the rules, and Python looks up attributes of few classes fast.
    """
    return _hiding(kind, tuple(names), reason)  # type: ignore[arg-type]  # a class is hashable


@lru_cache(maxsize=1024)
def _hiding(kind: type[Any], names: tuple[str, ...], reason: str) -> type[Any]:
    return type(kind.__name__, (kind,), {name: _Hidden(reason) for name in names})
