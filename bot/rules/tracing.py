"""What a rule worked out to reach its verdict: the age it took, the status, the day compared.

The functions that work such things out ``note`` them. Nothing is kept unless it is run inside
``traced``, as a rule is; most notes are never looked at, so that they are put into words later.
"""

from __future__ import annotations

import re
import threading
from datetime import date
from functools import lru_cache
from typing import TypeVar

from bot.ilr.absent import CannotTell
from bot.ilr.record import Entity
from bot.rules.catalogue import Rule

__all__ = ["MAX_VALUES", "days_apart", "decided_by", "note", "noted", "traced"]

T = TypeVar("T")

MAX_VALUES = 3
"""Different values of one thing that are shown; a rule that took more says too little with them."""

Seen = list[tuple[str, object, object]]
"""What was noted, with the day it was worked out for, if there is one."""


class _Here(threading.local):
    """What is collected in this thread; another one may be checking another learner."""

    seen: Seen | None = None


_here = _Here()


def note(name: str, value: object, on: object = None) -> None:
    """Note a value, and the day for which it was worked out; nothing outside ``traced``."""
    if (seen := _here.seen) is not None:
        seen.append((name, value, on))


def noted(name: str, value: T) -> T:
    """The value, which is noted when there is one."""
    note(name, value)
    return value


class traced:  # noqa: N801 - used as ``with traced() as seen``
    """Collect what is noted inside. A class, because a generator takes longer than most rules."""

    __slots__ = ("_before",)

    def __enter__(self) -> Seen:
        self._before = _here.seen
        seen: Seen = []
        _here.seen = seen
        return seen

    def __exit__(self, *_: object) -> None:
        _here.seen = self._before


def decided_by(seen: Seen) -> dict[str, str]:
    """What was noted, as name → value; without what came out differently too often to tell."""
    texts: dict[str, dict[str, None]] = {}
    for name, value, on in seen:
        if on is not None and isinstance(on, date):
            name = _named_on(name, on)
        text = f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)
        if len(seen) == 1:  # as most often
            return {name: text} if text else {}
        if text:
            texts.setdefault(name, {})[text] = None
    return {name: ", ".join(values) for name, values in texts.items() if len(values) <= MAX_VALUES}


@lru_cache(maxsize=512)
def _named_on(name: str, day: date) -> str:
    """Of many learners the same, and a day takes long to write."""
    return f"{name} on {day:%d/%m/%Y}"


_ABOUT_DAYS = re.compile(r"\b\d+ (?:days|weeks|months)\b|(?:under|than) a (?:day|year)\b")


@lru_cache(maxsize=2048)
def _days_of(title: str, message: str, fields: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """The fields that may be dates, each after its owner, of a rule on a number of days."""
    if not _ABOUT_DAYS.search(f"{title} {message}"):
        return ()
    parted = [name.rpartition(".") for name in fields]
    return tuple((owner, field) for owner, _, field in parted if field != "DateOfBirth")


def days_apart(rule: Rule, entity: Entity) -> dict[str, str]:
    """The days between the first two dates that a rule on a number of days or months names."""
    fields = _days_of(rule.title, rule.message, rule.fields)
    dates: dict[str, date] = {}
    for owner, field in fields:
        at: Entity | None = entity
        while at is not None and at.name != owner:
            at = at.parent
        try:
            value = getattr(at, field, None)
        except CannotTell:
            continue
        if isinstance(value, date):
            dates[field] = value
    if len(dates) <= 1:
        return _NO_DAYS
    (first, start), (second, end) = list(dates.items())[:2]
    return {f"days from {first} to {second}": f"{(end - start).days:,}"}


_NO_DAYS: dict[str, str] = {}
