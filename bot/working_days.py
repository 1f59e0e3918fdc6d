"""Working days in England: Monday to Friday without bank holidays."""

from __future__ import annotations

from datetime import date, timedelta

__all__ = ["is_working_day", "next_working_day", "working_days_before", "working_days_between"]

SATURDAY = 5


def is_working_day(day: date) -> bool:
    """Whether it is one. Bank holidays are those that the holidays library knows."""
    if day.weekday() >= SATURDAY:
        return False
    # Slow to import, and needed on few days.
    from holidays import country_holidays

    return day not in country_holidays("GB", subdiv="ENG", years=day.year)


def working_days_before(day: date, count: int) -> date:
    """The working day that lies ``count`` working days before a day, which may be none itself."""
    while count:
        day -= timedelta(days=1)
        count -= is_working_day(day)
    return day


def next_working_day(day: date) -> date:
    """The first working day after a day."""
    day += timedelta(days=1)
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def working_days_between(start: date, end: date) -> int:
    """How many working days from ``start``, not counted, to ``end``, counted when it is one."""
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(map(is_working_day, days))
