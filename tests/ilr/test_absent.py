"""A field compares with its own kind only, and an absent one compares false with everything.

mypy reads this file too: a line that it no longer objects to is an unused ignore, and fails.
"""

from __future__ import annotations

from datetime import date, timedelta

from bot.ilr.absent import ABSENT, is_present
from bot.ilr.record import Aim, AimHE, Learner

DAY = date(2026, 8, 1)


def aim(**fields: object) -> Aim:
    made = Aim(Learner(None))
    for name, value in fields.items():
        setattr(made, name, value)
    return made


def test_a_field_that_was_not_returned_compares_false_with_everything() -> None:
    blank = aim()
    assert not [
        blank.LearnStartDate < DAY,
        blank.LearnStartDate >= DAY,
        blank.LearnStartDate < blank.LearnActEndDate,
        DAY - blank.LearnStartDate > timedelta(days=1),
        blank.FundModel == 25,
        blank.FundModel in (25, 82),
        blank.FundModel > 0,
        blank.FundModel == ABSENT,
        blank.LearnAimRef == "ZPROG001",
        is_present(blank.FundModel),
    ].count(True)
    assert not blank.LearnAimRef.startswith("Z")
    assert blank.FundModel != 25


def test_a_field_that_was_returned_compares_as_its_value() -> None:
    whole = aim(LearnStartDate=DAY, FundModel=25, LearnAimRef="ZPROG001")
    assert whole.LearnStartDate <= DAY <= whole.LearnStartDate
    assert whole.FundModel == 25
    assert whole.LearnAimRef in {"ZPROG001"}
    assert is_present(whole.LearnStartDate)
    assert whole.LearnStartDate.year == 2026


def test_mypy_knows_which_kind_a_field_is() -> None:
    """Never true here, as nothing is returned; that it may not be written is what is tested."""
    blank, he = aim(), AimHE(None)
    assert not [
        blank.LearnStartDate < 25,  # type: ignore[operator]
        blank.LearnStartDate >= "2026-08-01",  # type: ignore[operator]
        blank.LearnStartDate < blank.FundModel,  # type: ignore[operator]
        blank.LearnStartDate == 25,  # type: ignore[comparison-overlap]
        blank.LearnStartDate == "2026-08-01",  # type: ignore[comparison-overlap]
        blank.LearnStartDate in (25, 26),  # type: ignore[comparison-overlap]
        blank.FundModel < "25",  # type: ignore[operator]
        blank.FundModel > DAY,  # type: ignore[operator]
        blank.FundModel == "25",  # type: ignore[comparison-overlap]
        blank.FundModel == blank.LearnStartDate,  # type: ignore[comparison-overlap]
        blank.FundModel in {"25", "82"},  # type: ignore[comparison-overlap]
        blank.LearnAimRef > 5,  # type: ignore[operator]
        blank.LearnAimRef == 5,  # type: ignore[comparison-overlap]
        blank.LearnAimRef in (5, 6),  # type: ignore[comparison-overlap]
        he.STULOAD > "1.5",  # type: ignore[operator]
    ].count(True)
