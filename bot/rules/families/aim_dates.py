"""When an aim starts, is planned to end, ended and was achieved.

A mandatory date that is missing is reported by its field definition rule, and compares false
here.
"""

from __future__ import annotations

from datetime import date, timedelta

from bot.ilr.absent import Day, is_present
from bot.ilr.record import Aim
from bot.rules.derived import esf_contract_start
from bot.rules.engine import Check, rule
from bot.rules.vocabulary import (
    ACHIEVED,
    APPRENTICESHIP_REFORM,
    APPRENTICESHIP_STANDARD,
    APPRENTICESHIP_UNIT,
    APPRENTICESHIPS,
    COMPLETED,
    OTHER_ADULT,
    PROGRAMME_AIM,
    SKILLS_BOOTCAMP,
    SKILLS_BOOTCAMPS,
    T_LEVEL,
    TRAINEESHIP,
    is_apprenticeship,
    is_closed,
    is_funded_bootcamp,
    is_funded_standard,
    is_restart,
    months_after,
    years_between,
)

BOOTCAMPS_BEGAN = date(2022, 8, 1)
ACHIEVEMENT_DATES_LIMITED = date(2015, 7, 31)
ACHIEVEMENT_DATE_REQUIRED = date(2021, 8, 1)
TEN_YEARS = 10
UNIT_AT_MOST = timedelta(weeks=16)
END_POINT_AT_LEAST = timedelta(days=7)


def is_more_than_ten_years_before(earlier: Day, later: Day) -> bool:
    """Whether a date lies more than ten years before another; not when either is absent."""
    limit = months_after(later, -12 * TEN_YEARS)
    return limit is not None and earlier < limit


def is_more_than_six_months_after(later: Day, earlier: Day) -> bool:
    """Whether a date lies more than six months after another; not when either is absent."""
    limit = months_after(earlier, 6)
    return limit is not None and later > limit


# Start


@rule("LearnStartDate_02")
def start_is_more_than_ten_years_ago(aim: Aim, check: Check) -> bool:
    return is_more_than_ten_years_before(aim.LearnStartDate, check.year.start)


@rule("LearnStartDate_03", until="2023-24")
def start_is_after_the_year_outside_longer_programmes(aim: Aim, check: Check) -> bool:
    return (
        aim.LearnStartDate > check.year.end
        and aim.ProgType != TRAINEESHIP
        and not is_apprenticeship(aim, check.year)
    )


@rule("LearnStartDate_03", since="2024-25")
def start_is_after_the_year(aim: Aim, check: Check) -> bool:
    return (
        aim.LearnStartDate > check.year.end
        and aim.FundModel not in (APPRENTICESHIPS, SKILLS_BOOTCAMPS)
        and aim.ProgType != T_LEVEL
    )


@rule("LearnStartDate_05")
def start_is_not_after_birth(aim: Aim) -> bool:
    return aim.LearnStartDate <= aim.learner.DateOfBirth


@rule("LearnStartDate_12", until="2023-24")
def apprenticeship_starts_a_year_or_more_after_the_year(aim: Aim, check: Check) -> bool:
    return aim.LearnStartDate >= (check.year + 1).end and is_apprenticeship(aim, check.year)


@rule("LearnStartDate_12", since="2024-25")
def apprenticeship_starts_more_than_a_year_after_the_year(aim: Aim, check: Check) -> bool:
    return aim.LearnStartDate > (check.year + 1).end and is_apprenticeship(aim, check.year)


@rule("LearnStartDate_15")
def start_is_before_the_esf_assessment(aim: Aim) -> bool:
    return aim.LearnStartDate < esf_contract_start(aim)


@rule("LearnStartDate_21")
def bootcamp_starts_before_there_were_any(aim: Aim) -> bool:
    return aim.FundModel == SKILLS_BOOTCAMPS and aim.LearnStartDate < BOOTCAMPS_BEGAN


# Original start


def is_of_a_tested_model(aim: Aim, check: Check) -> bool:
    """Whether the rule looks at the aim's funding model; no list means every model."""
    models = check.parameter("funding_models")
    return not models or aim.FundModel in models


@rule("OrigLearnStartDate_01")
def original_start_is_more_than_ten_years_earlier(aim: Aim, check: Check) -> bool:
    return is_more_than_ten_years_before(
        aim.OrigLearnStartDate, aim.LearnStartDate
    ) and is_of_a_tested_model(aim, check)


@rule("OrigLearnStartDate_02")
def original_start_is_not_before_the_start(aim: Aim, check: Check) -> bool:
    return aim.OrigLearnStartDate >= aim.LearnStartDate and is_of_a_tested_model(aim, check)


@rule("OrigLearnStartDate_03")
def original_start_where_there_is_none(aim: Aim, check: Check) -> bool:
    return is_present(aim.OrigLearnStartDate) and is_of_a_tested_model(aim, check)


@rule("OrigLearnStartDate_04")
def original_start_without_a_restart(aim: Aim, check: Check) -> bool:
    return (
        is_present(aim.OrigLearnStartDate)
        and is_of_a_tested_model(aim, check)
        and not is_restart(aim)
    )


@rule("OrigLearnStartDate_09")
def original_start_of_model_36_before_it_began(aim: Aim) -> bool:
    return aim.FundModel == APPRENTICESHIPS and aim.OrigLearnStartDate < APPRENTICESHIP_REFORM


# Planned and actual end


@rule("LearnPlanEndDate_02")
def planned_end_is_before_the_start(aim: Aim) -> bool:
    return aim.LearnPlanEndDate < aim.LearnStartDate


@rule("LearnPlanEndDate_03")
def planned_end_is_ten_years_after_the_start(aim: Aim) -> bool:
    years = years_between(aim.LearnStartDate, aim.LearnPlanEndDate)
    return years is not None and years >= TEN_YEARS


@rule("LearnPlanEndDate_04")
def apprenticeship_unit_is_too_long(aim: Aim) -> bool:
    return (
        aim.ProgType == APPRENTICESHIP_UNIT
        and aim.AimType == PROGRAMME_AIM
        and aim.LearnPlanEndDate - aim.LearnStartDate > UNIT_AT_MOST
    )


@rule("LearnActEndDate_01")
def actual_end_is_before_the_start(aim: Aim) -> bool:
    return aim.LearnActEndDate < aim.LearnStartDate


@rule("LearnActEndDate_04")
def actual_end_is_in_the_future(aim: Aim, check: Check) -> bool:
    return aim.LearnActEndDate > check.on


# Achievement


@rule("AchDate_02")
def achieved_after_the_year(aim: Aim, check: Check) -> bool:
    return aim.AchDate > check.year.end


@rule("AchDate_03")
def achieved_before_the_start(aim: Aim) -> bool:
    return aim.AchDate < aim.LearnStartDate and not is_funded_bootcamp(aim)


@rule("AchDate_04")
def achieved_without_an_end(aim: Aim) -> bool:
    return is_present(aim.AchDate) and not is_closed(aim) and not is_funded_bootcamp(aim)


@rule("AchDate_05")
def achieved_before_the_end(aim: Aim) -> bool:
    return aim.AchDate < aim.LearnActEndDate and not is_funded_bootcamp(aim)


@rule("AchDate_07")
def achieved_in_the_future(aim: Aim, check: Check) -> bool:
    return aim.AchDate > check.on


def is_achieved_programme_without_a_date(aim: Aim) -> bool:
    """Whether a programme aim is achieved and has no achievement date."""
    return aim.Outcome == ACHIEVED and aim.AimType == PROGRAMME_AIM and not is_present(aim.AchDate)


def is_trailblazer(aim: Aim) -> bool:
    """Whether the aim is part of a standard on the model of those begun before May 2017."""
    return aim.FundModel == OTHER_ADULT and aim.ProgType == APPRENTICESHIP_STANDARD


@rule("AchDate_08", until="2023-24")
def achieved_trailblazer_or_traineeship_without_a_date(aim: Aim) -> bool:
    return is_achieved_programme_without_a_date(aim) and (
        aim.ProgType == TRAINEESHIP or is_trailblazer(aim)
    )


@rule("AchDate_08", since="2024-25")
def achieved_trailblazer_without_a_date(aim: Aim) -> bool:
    return is_achieved_programme_without_a_date(aim) and is_trailblazer(aim)


@rule("AchDate_09", until="2023-24")
def achievement_date_off_a_programme_that_has_one(aim: Aim) -> bool:
    return (
        is_present(aim.AchDate)
        and aim.LearnStartDate > ACHIEVEMENT_DATES_LIMITED
        and not (
            aim.AimType == PROGRAMME_AIM
            and (aim.ProgType == TRAINEESHIP or is_trailblazer(aim) or is_funded_standard(aim))
        )
    )


@rule("AchDate_09", since="2024-25")
def achievement_date_outside_a_standard_or_bootcamp(aim: Aim) -> bool:
    return (
        is_present(aim.AchDate)
        and aim.LearnStartDate > ACHIEVEMENT_DATES_LIMITED
        and not is_trailblazer(aim)
        and not is_funded_standard(aim)
        and not is_funded_bootcamp(aim)
    )


@rule("AchDate_10")
def traineeship_achieved_too_late(aim: Aim) -> bool:
    return (
        aim.ProgType == TRAINEESHIP
        and aim.AimType == PROGRAMME_AIM
        and is_more_than_six_months_after(aim.AchDate, aim.LearnActEndDate)
    )


@rule("AchDate_11")
def standard_achieved_within_a_week_of_its_end(aim: Aim, check: Check) -> bool:
    return (
        aim.AchDate - aim.LearnActEndDate < END_POINT_AT_LEAST
        and aim.AimType == PROGRAMME_AIM
        and is_funded_standard(aim)
        and aim.LearnActEndDate >= check.parameter("ended_from")
    )


@rule("AchDate_12")
def completed_standard_without_an_achievement_date(aim: Aim) -> bool:
    return (
        aim.CompStatus == COMPLETED
        and aim.LearnActEndDate >= ACHIEVEMENT_DATE_REQUIRED
        and not is_present(aim.AchDate)
        and aim.AimType == PROGRAMME_AIM
        and is_funded_standard(aim)
    )


@rule("AchDate_13")
def bootcamp_achieved_too_late(aim: Aim) -> bool:
    return (
        aim.ProgType == SKILLS_BOOTCAMP
        and aim.AimType == PROGRAMME_AIM
        and is_more_than_six_months_after(aim.AchDate, aim.LearnActEndDate)
    )


@rule("AchDate_14")
def achievement_date_off_the_programme_aim(aim: Aim) -> bool:
    return is_present(aim.AchDate) and is_present(aim.AimType) and aim.AimType != PROGRAMME_AIM


@rule("AchDate_15")
def bootcamp_achieved_before_its_start(aim: Aim) -> bool:
    return aim.ProgType == SKILLS_BOOTCAMP and aim.AchDate < aim.LearnStartDate
