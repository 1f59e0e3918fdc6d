"""Prior attainment, free courses for jobs, minimum hours."""

from __future__ import annotations

from datetime import date

from bot.ilr.absent import Text, is_present
from bot.ilr.record import Aim, Learner
from bot.rules.derived import is_unemployed_on_benefits
from bot.rules.engine import Check, rule
from bot.rules.vocabulary import (
    ADULT_SKILLS_FUND,
    AGE_16_TO_19,
    AUGUST_2022,
    AUGUST_2024,
    FREE_COURSES_FOR_JOBS,
    FREE_COURSES_LOW_WAGE,
    PROGRAMME_AIM,
    T_LEVEL,
    age_on,
    august_31,
    is_at_least,
    is_free_course_above_the_threshold,
    latest,
    of_type,
    planned_hours,
)

TEAM_PROGRAMME_AIMS = frozenset({"60023995", "60027307", "60027629", "60032121", "60033344"})
TEAM_PROGRAMME = "331"
FULL_LEVEL_3_OR_ABOVE = frozenset({6, 7, 8, 9, 10, 97, 98})
BELOW_FULL_LEVEL_3 = frozenset({1, 2, 3, 4, 5, 99})
WITHOUT_GRADE_4 = frozenset({"3", "2", "1", "U", "D", "E", "F", "G", "X", "NONE"})
WITHOUT_GRADE_3 = WITHOUT_GRADE_4 - {"3", "D"}
APRIL_2022 = date(2022, 4, 1)


@rule("R_131")
def prior_attainment_only_after_the_first_aim(learner: Learner, check: Check) -> bool:
    models = check.parameter("funding_models")
    starts = [
        aim.LearnStartDate
        for aim in learner.aims
        if aim.FundModel in models and is_present(aim.LearnStartDate)
    ]
    dates = [p.DateLevelApp for p in learner.prior_attainments if is_present(p.DateLevelApp)]
    return bool(starts) and bool(dates) and min(dates) > min(starts)


@rule("R_132")
def free_course_at_level_3_while_not_unemployed(aim: Aim) -> bool:
    start = aim.LearnStartDate
    return (
        start >= APRIL_2022
        and start < AUGUST_2024
        and aim.has_fam("LDM", FREE_COURSES_FOR_JOBS)
        and not aim.has_fam("LDM", FREE_COURSES_LOW_WAGE)
        and not aim.has_fam("DAM", "023")
        and any(
            held.PriorLevel in FULL_LEVEL_3_OR_ABOVE and held.DateLevelApp <= start
            for held in aim.learner.prior_attainments
        )
        and not is_unemployed_on_benefits(aim)
    )


@rule("R_148")
def free_course_at_19_to_23_with_level_3_and_earnings(aim: Aim) -> bool:
    if not is_free_course_above_the_threshold(aim):
        return False
    age = age_on(aim.learner, aim.LearnStartDate)
    return (
        age is not None
        and 19 <= age <= 23
        and not any(h.PriorLevel in BELOW_FULL_LEVEL_3 for h in aim.learner.prior_attainments)
    )


@rule("R_151")
def free_course_at_24_above_the_earnings_threshold(aim: Aim) -> bool:
    return (
        aim.FundModel == ADULT_SKILLS_FUND
        and is_free_course_above_the_threshold(aim)
        and not aim.has_fam("DAM", "023")
        and is_at_least(aim.learner, 24, aim.LearnStartDate)
    )


@rule("R_155")
def no_english_minimum_hours(learner: Learner, check: Check) -> bool:
    return (
        needs_more_teaching(learner, learner.EngGrade, "ECF")
        and is_under_the_condition_of_funding(learner, check)
        and not learner.has_fam("EMH")
    )


@rule("R_156")
def no_maths_minimum_hours(learner: Learner, check: Check) -> bool:
    return (
        needs_more_teaching(learner, learner.MathGrade, "MCF")
        and is_under_the_condition_of_funding(learner, check)
        and not learner.has_fam("MMH")
    )


def needs_more_teaching(learner: Learner, grade: Text, exemption: str) -> bool:
    """Without a grade 4, exempt neither by code nor by a level 2 functional skill."""
    grade = grade.upper()
    return (
        grade in WITHOUT_GRADE_4
        and not learner.has_fam(exemption, 1, 2, 3, 4)
        and not (grade in WITHOUT_GRADE_3 and learner.has_fam(exemption, 5))
    )


def is_under_the_condition_of_funding(learner: Learner, check: Check) -> bool:
    """As far as a record says: 16 or over, 150 hours, on the King's Trust TEAM programme.

    The other aims that count are known from LARS only.
    """
    return (
        any(
            aim.FundModel == AGE_16_TO_19
            and aim.LearnAimRef in TEAM_PROGRAMME_AIMS
            and aim.has_fam("SOF", "107")
            and aim.has_fam("LDM", TEAM_PROGRAMME)
            and not (aim.ProgType == T_LEVEL and aim.LearnStartDate < AUGUST_2022)
            for aim in learner.aims
        )
        and is_at_least(learner, 16, august_31(check.year))
        and has_150_planned_hours(learner)
    )


def has_150_planned_hours(learner: Learner) -> bool:
    """On the learner, or on the latest T Level programme aim (PHours, then HRS 2)."""
    if planned_hours(learner) >= 150:
        return True
    t_levels = (a for a in of_type(learner, PROGRAMME_AIM) if a.ProgType == T_LEVEL)
    last = latest(t_levels)
    return last is not None and (
        last.PHours >= 150 or any(h.HRSCode == 2 and h.HRSAmount >= 150 for h in last.hours_records)
    )
