"""Words the rules share: funding models, programme types, ages and plain tests on an aim."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.ilr.record import Aim, Learner, known

__all__ = ["AGE_16_TO_19", "APPRENTICESHIPS", "age_on", "is_closed", "years_between"]

AGE_16_TO_19 = 25
"""Funding model of 16 to 19 study programmes and T Levels."""
APPRENTICESHIPS = 36
"""Funding model of apprenticeships begun on or after 1 May 2017."""


def is_closed(aim: Aim) -> bool:
    """Whether the aim has an actual end date."""
    return known(aim.LearnActEndDate)


def years_between(earlier: Any, later: Any) -> int | None:
    """Whole years from one date to another; None when either is absent.

    A 29 February anniversary falls on 28 February in other years, as in the department's
    2020-21 service.
    """
    if not (isinstance(earlier, date) and isinstance(later, date)):
        return None
    month, day = earlier.month, earlier.day
    leap = later.year % 4 == 0 and (later.year % 100 != 0 or later.year % 400 == 0)
    if (month, day) == (2, 29) and not leap:
        day = 28
    return later.year - earlier.year - ((later.month, later.day) < (month, day))


def age_on(learner: Learner, day: Any) -> int | None:
    """The learner's age in whole years on a day; None without a date of birth."""
    return years_between(learner.DateOfBirth, day)
