"""Working days of England."""

from __future__ import annotations

from datetime import date

import pytest

from bot.working_days import (
    is_working_day,
    next_working_day,
    working_days_before,
    working_days_between,
)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 12, 4), True),
        (date(2026, 12, 5), False),
        (date(2026, 12, 25), False),
        (date(2026, 12, 28), False),  # in place of Boxing Day, a Saturday
        (date(2027, 3, 26), False),
        (date(2027, 3, 29), False),
        (date(2027, 5, 31), False),
        (date(2027, 8, 30), False),
        (date(2026, 11, 30), True),  # a holiday in Scotland alone
        (date(2027, 3, 17), True),  # in Northern Ireland alone
    ],
)
def test_bank_holidays_of_england_are_known(day: date, works: bool) -> None:
    assert is_working_day(day) is works


def test_days_are_counted_over_weekends_and_holidays() -> None:
    r04, r05 = date(2026, 12, 4), date(2027, 1, 7)
    assert working_days_before(r04, 5) == date(2026, 11, 27)
    assert working_days_before(r04, 1) == date(2026, 12, 3)
    assert working_days_before(r05, 5) == date(2026, 12, 30)
    assert working_days_before(date(2026, 12, 7), 1) == r04
    assert working_days_between(date(2026, 12, 30), r05) == 5
    assert working_days_between(r04, r04) == 0
    assert next_working_day(date(2026, 12, 24)) == date(2026, 12, 29)
