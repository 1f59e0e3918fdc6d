"""Date of birth: when it is needed, and the ages and durations that depend on it."""

from __future__ import annotations

from datetime import date, timedelta

from bot.ilr.absent import Day, is_present
from bot.ilr.record import Aim, Learner
from bot.rules.derived import esf_contract_start, programme_start
from bot.rules.engine import Check, rule
from bot.rules.vocabulary import (
    ADULT_SKILLS,
    AGE_16_TO_19,
    APPRENTICESHIP_FRAMEWORKS,
    APPRENTICESHIP_STANDARD,
    APPRENTICESHIP_UNIT,
    APPRENTICESHIPS,
    COMMUNITY_LEARNING,
    EUROPEAN_SOCIAL_FUND,
    NOT_FUNDED,
    OTHER_16_TO_19,
    OTHER_ADULT,
    PROGRAMME_AIM,
    SKILLS_BOOTCAMPS,
    TEMPORARY_ULN,
    TRAINEESHIP,
    august_31,
    is_apprenticeship,
    is_at_least,
    is_funded_by_ofs,
    is_in_custody,
    is_restart,
    is_under,
    years_after,
)

YOUNG_PEOPLES_FUNDING = frozenset({AGE_16_TO_19, OTHER_16_TO_19})
APPRENTICESHIPS_TO_2017 = frozenset({ADULT_SKILLS, OTHER_ADULT})
STANDARDS_FROM_2016 = frozenset({OTHER_ADULT, APPRENTICESHIPS})
A_YEAR = 365
EIGHT_MONTHS = 242
SHORTER_MINIMUM_BEGAN = date(2025, 8, 1)
SPLIT_BY_START = date(2026, 8, 1)
"""From here on adult ages are tested by DateOfBirth_62 and _63 instead of _25."""


# Missing date of birth


@rule("DateOfBirth_01")
def no_date_of_birth_on_funded_learning(learner: Learner, check: Check) -> bool:
    return not is_present(learner.DateOfBirth) and any(
        aim.FundModel in check.parameter("funding_models") and not is_in_custody(aim)
        for aim in learner.aims
    )


@rule("DateOfBirth_02")
def no_date_of_birth_on_other_learning(learner: Learner, check: Check) -> bool:
    return not is_present(learner.DateOfBirth) and any(
        aim.FundModel in check.parameter("funding_models") and not aim.has_fam("ADL")
        for aim in learner.aims
    )


def has_loan(aim: Aim) -> bool:
    return aim.FundModel == NOT_FUNDED and aim.has_fam("ADL")


@rule("DateOfBirth_23")
def no_date_of_birth_on_a_loan(learner: Learner) -> bool:
    return not is_present(learner.DateOfBirth) and any(
        has_loan(aim) and not is_in_custody(aim) for aim in learner.aims
    )


@rule("DateOfBirth_24")
def no_date_of_birth_though_a_uln_is_given(learner: Learner) -> bool:
    return (
        not is_present(learner.DateOfBirth)
        and is_present(learner.ULN)
        and learner.ULN != TEMPORARY_ULN
    )


# Dates that cannot be right


@rule("DateOfBirth_04")
def learner_is_115_or_over(learner: Learner, check: Check) -> bool:
    return is_at_least(learner, 115, check.year.start)


@rule("DateOfBirth_27")
def born_in_or_after_the_teaching_year(learner: Learner, check: Check) -> bool:
    return learner.DateOfBirth >= check.year.start


# Too young or too old for the funding


@rule("DateOfBirth_05")
def learner_is_under_4(aim: Aim) -> bool:
    return aim.FundModel in (COMMUNITY_LEARNING, NOT_FUNDED) and is_under(
        aim.learner, 4, aim.LearnStartDate
    )


@rule("DateOfBirth_06")
def learner_is_under_13(learner: Learner, check: Check) -> bool:
    return is_under(learner, 13, august_31(check.year)) and any(
        aim.FundModel in YOUNG_PEOPLES_FUNDING for aim in learner.aims
    )


@rule("DateOfBirth_07")
def source_of_funding_is_16_to_19_at_25(aim: Aim, check: Check) -> bool:
    return (
        aim.FundModel in YOUNG_PEOPLES_FUNDING
        and aim.has_fam("SOF", "107")
        and is_at_least(aim.learner, 25, august_31(check.year))
    )


@rule("DateOfBirth_12")
def under_19_on_adult_community_learning(aim: Aim) -> bool:
    return (
        aim.FundModel == COMMUNITY_LEARNING
        and aim.has_fam("ASL", "1", "2")
        and is_under(aim.learner, 19, aim.LearnStartDate)
    )


@rule("DateOfBirth_13")
def under_16_on_ofs_funding(aim: Aim, check: Check) -> bool:
    return is_funded_by_ofs(aim) and is_under(aim.learner, 16, check.year.end)


@rule("DateOfBirth_14")
def under_18_in_custody(aim: Aim) -> bool:
    return (
        aim.FundModel in APPRENTICESHIPS_TO_2017
        and is_in_custody(aim)
        and is_under(aim.learner, 18, aim.LearnStartDate)
    )


def has_other_source_of_funding(aim: Aim) -> bool:
    """Whether a source of funding is returned, and it is not 16 to 19 funding."""
    return aim.has_fam("SOF") and not aim.has_fam("SOF", "107")


@rule("DateOfBirth_20")
def source_of_funding_is_not_16_to_19_under_19(aim: Aim, check: Check) -> bool:
    return (
        aim.FundModel in YOUNG_PEOPLES_FUNDING
        and has_other_source_of_funding(aim)
        and aim.ProgType not in check.parameter("excluded_programme_types")
        and is_under(aim.learner, 19, august_31(check.year))
    )


@rule("DateOfBirth_25", until="2025-26")
def under_19_on_adult_funding(aim: Aim, check: Check) -> bool:
    return is_adult_funded_under_19(aim, check)


@rule("DateOfBirth_25", since="2026-27")
def under_19_on_adult_funding_begun_by_july_2026(aim: Aim, check: Check) -> bool:
    return aim.LearnStartDate < SPLIT_BY_START and is_adult_funded_under_19(aim, check)


@rule("DateOfBirth_62")
def under_19_on_adult_funding_begun_since_august_2026(aim: Aim, check: Check) -> bool:
    return aim.LearnStartDate >= SPLIT_BY_START and is_adult_funded_under_19(aim, check)


def is_adult_funded_under_19(aim: Aim, check: Check) -> bool:
    return (
        aim.FundModel in check.parameter("funding_models")
        and not (aim.FundModel == ADULT_SKILLS and is_apprenticeship(aim, check.year))
        and not aim.has_fam("LDM", *check.parameter("excluded_ldm_codes"))
        and is_under(aim.learner, 19, august_31(check.year))
    )


@rule("DateOfBirth_26")
def under_19_with_a_loan(aim: Aim) -> bool:
    return has_loan(aim) and is_under(aim.learner, 19, aim.LearnStartDate)


def is_19_to_24(learner: Learner, check: Check) -> bool:
    day = august_31(check.year)
    return is_at_least(learner, 19, day) and is_under(learner, 25, day)


@rule("DateOfBirth_30")
def source_of_funding_is_not_16_to_19_with_a_plan(aim: Aim, check: Check) -> bool:
    return (
        aim.FundModel in check.parameter("funding_models")
        and has_other_source_of_funding(aim)
        and not is_in_custody(aim)
        and not is_apprenticeship(aim, check.year)
        and aim.learner.has_fam("EHC")
        and is_19_to_24(aim.learner, check)
    )


@rule("DateOfBirth_34")
def high_needs_at_19_without_a_plan(learner: Learner, check: Check) -> bool:
    return (
        learner.has_fam("HNS")
        and not learner.has_fam("EHC")
        and is_19_to_24(learner, check)
        and any(aim.FundModel == AGE_16_TO_19 for aim in learner.aims)
    )


@rule("DateOfBirth_41")
def under_19_on_other_adult_funding(aim: Aim, check: Check) -> bool:
    return (
        aim.FundModel == OTHER_ADULT
        and not is_apprenticeship(aim, check.year)
        and not aim.has_fam("LDM", "034", "353", "354", "355")
        and is_under(aim.learner, 19, august_31(check.year))
    )


@rule("DateOfBirth_43")
def under_15_on_the_social_fund(aim: Aim) -> bool:
    return aim.FundModel == EUROPEAN_SOCIAL_FUND and is_under(
        aim.learner, 15, esf_contract_start(aim)
    )


@rule("DateOfBirth_61")
def under_19_on_an_apprenticeship_unit(aim: Aim) -> bool:
    return aim.ProgType == APPRENTICESHIP_UNIT and is_under(aim.learner, 19, aim.LearnStartDate)


@rule("DateOfBirth_63")
def under_19_at_the_start_of_a_bootcamp(aim: Aim) -> bool:
    return (
        aim.FundModel == SKILLS_BOOTCAMPS
        and aim.AimType == PROGRAMME_AIM
        and aim.LearnStartDate >= SPLIT_BY_START
        and is_under(aim.learner, 19, aim.LearnStartDate)
    )


# Traineeships (to 2020-21)


def is_recent_traineeship(aim: Aim) -> bool:
    return (
        aim.ProgType == TRAINEESHIP
        and aim.AimType == PROGRAMME_AIM
        and aim.LearnStartDate > date(2016, 7, 31)
    )


@rule("DateOfBirth_50")
def trainee_below_school_leaving_age(aim: Aim) -> bool:
    if not is_recent_traineeship(aim):
        return False
    sixteenth = years_after(aim.learner.DateOfBirth, 16)
    if sixteenth is None or sixteenth.year == date.max.year:
        return False
    first_august = date(sixteenth.year + (sixteenth.month >= 9), 8, 1)
    return aim.LearnStartDate < first_august


@rule("DateOfBirth_51")
def trainee_is_25_or_over(aim: Aim) -> bool:
    return (
        is_recent_traineeship(aim)
        and not is_restart(aim)
        and is_at_least(aim.learner, 25, aim.LearnStartDate)
    )


# Apprenticeships: school leaving age, and how long the programme lasts


@rule("DateOfBirth_48")
def apprentice_below_school_leaving_age(aim: Aim, check: Check) -> bool:
    if aim.AimType != PROGRAMME_AIM or not is_apprenticeship(aim, check.year):
        return False
    leaving = school_leaving_day(aim.learner)
    start = programme_start(aim, check.year)
    return leaving is not None and date(2016, 8, 1) <= start <= leaving


def school_leaving_day(learner: Learner) -> date | None:
    """The last Friday in June of the school year in which the learner turns 16."""
    sixteenth = years_after(learner.DateOfBirth, 16)
    if sixteenth is None or sixteenth.year == date.max.year:
        return None
    end_of_june = date(sixteenth.year + (sixteenth.month > 8), 6, 30)
    return end_of_june - timedelta(days=(end_of_june.weekday() - 4) % 7)


def is_shorter_than(days: int, start: Day, end: Day, *, both_ends: bool = False) -> bool:
    """Whether two dates lie fewer days apart; counting both days when ``both_ends``."""
    if not (is_present(start) and is_present(end)):
        return False
    length: int = (end - start).days
    return (abs(length) + 1 if both_ends else length) < days


def is_framework_programme(aim: Aim, models: frozenset[int]) -> bool:
    return (
        aim.AimType == PROGRAMME_AIM
        and aim.ProgType in APPRENTICESHIP_FRAMEWORKS
        and aim.FundModel in models
        and not is_restart(aim)
    )


def is_standard_programme(aim: Aim, models: frozenset[int]) -> bool:
    return (
        aim.AimType == PROGRAMME_AIM
        and aim.ProgType == APPRENTICESHIP_STANDARD
        and aim.FundModel in models
        and not is_restart(aim)
    )


@rule("DateOfBirth_35")
def framework_planned_too_short_under_19(aim: Aim) -> bool:
    return (
        is_framework_programme(aim, APPRENTICESHIPS_TO_2017)
        and aim.LearnStartDate >= date(2014, 8, 1)
        and is_under(aim.learner, 19, aim.LearnStartDate)
        and is_shorter_than(A_YEAR, aim.LearnStartDate, aim.LearnPlanEndDate, both_ends=True)
    )


@rule("DateOfBirth_36")
def framework_planned_too_short_from_19(aim: Aim) -> bool:
    return (
        is_framework_programme(aim, APPRENTICESHIPS_TO_2017)
        and aim.LearnStartDate >= date(2014, 8, 1)
        and is_at_least(aim.learner, 19, aim.LearnStartDate)
        and is_shorter_than_months(6, aim.LearnStartDate, aim.LearnPlanEndDate)
    )


def is_shorter_than_months(months: int, start: Day, end: Day) -> bool:
    """Whether two dates lie fewer months apart; not when either is absent.

    The days of the month do not count: so the 2020-21 service counted.
    """
    if not (is_present(start) and is_present(end)):
        return False
    return abs((end.year - start.year) * 12 + end.month - start.month) < months


@rule("DateOfBirth_37")
def standard_planned_too_short_from_19(aim: Aim) -> bool:
    return (
        is_standard_programme(aim, APPRENTICESHIPS_TO_2017)
        and date(2014, 8, 1) <= aim.LearnStartDate <= date(2016, 7, 31)
        and is_at_least(aim.learner, 19, aim.LearnStartDate)
        and is_shorter_than(A_YEAR, aim.LearnStartDate, aim.LearnPlanEndDate)
    )


@rule("DateOfBirth_38")
def framework_achieved_too_soon_under_19(aim: Aim) -> bool:
    return (
        aim.Outcome == 1
        and is_framework_programme(aim, APPRENTICESHIPS_TO_2017)
        and is_under(aim.learner, 19, aim.LearnStartDate)
        and is_shorter_than(A_YEAR, aim.LearnStartDate, aim.LearnActEndDate)
    )


@rule("DateOfBirth_40")
def standard_achieved_too_soon_from_19(aim: Aim) -> bool:
    return (
        aim.Outcome == 1
        and is_standard_programme(aim, APPRENTICESHIPS_TO_2017)
        and aim.LearnStartDate <= date(2016, 7, 31)
        and is_at_least(aim.learner, 19, aim.LearnStartDate)
        and is_shorter_than(A_YEAR, aim.LearnStartDate, aim.LearnActEndDate, both_ends=True)
    )


def is_standard_with_a_year_minimum(aim: Aim) -> bool:
    return (
        is_standard_programme(aim, STANDARDS_FROM_2016)
        and date(2016, 8, 1) <= aim.LearnStartDate < SHORTER_MINIMUM_BEGAN
    )


@rule("DateOfBirth_46")
def standard_planned_under_a_year(aim: Aim) -> bool:
    return (
        is_standard_with_a_year_minimum(aim)
        and is_at_least(aim.learner, 16, aim.LearnStartDate)
        and is_shorter_than(A_YEAR, aim.LearnStartDate, aim.LearnPlanEndDate, both_ends=True)
    )


@rule("DateOfBirth_47", until="2020-21")
def standard_completed_under_a_year_from_16(aim: Aim) -> bool:
    return is_standard_completed_under_a_year(aim) and is_at_least(
        aim.learner, 16, aim.LearnStartDate
    )


@rule("DateOfBirth_47", since="2021-22")
def standard_completed_under_a_year(aim: Aim) -> bool:
    return is_standard_completed_under_a_year(aim)


def is_standard_completed_under_a_year(aim: Aim) -> bool:
    return (
        aim.CompStatus == 2
        and is_standard_with_a_year_minimum(aim)
        and is_shorter_than(A_YEAR, aim.LearnStartDate, aim.LearnActEndDate)
    )


@rule("DateOfBirth_52")
def framework_planned_under_a_year(aim: Aim) -> bool:
    return is_framework_since_2017(aim) and is_shorter_than(
        A_YEAR, aim.LearnStartDate, aim.LearnPlanEndDate, both_ends=True
    )


@rule("DateOfBirth_53")
def framework_completed_under_a_year(aim: Aim) -> bool:
    return (
        aim.CompStatus == 2
        and is_framework_since_2017(aim)
        and is_shorter_than(A_YEAR, aim.LearnStartDate, aim.LearnActEndDate, both_ends=True)
    )


def is_framework_since_2017(aim: Aim) -> bool:
    return is_framework_programme(aim, frozenset({APPRENTICESHIPS})) and aim.LearnStartDate >= date(
        2017, 5, 1
    )


def is_standard_with_eight_months_minimum(aim: Aim) -> bool:
    return aim.LearnStartDate >= SHORTER_MINIMUM_BEGAN and is_standard_programme(
        aim, frozenset({APPRENTICESHIPS})
    )


@rule("DateOfBirth_57")
def standard_planned_under_eight_months(aim: Aim) -> bool:
    return (
        is_standard_with_eight_months_minimum(aim)
        and is_at_least(aim.learner, 16, aim.LearnStartDate)
        and is_shorter_than(EIGHT_MONTHS, aim.LearnStartDate, aim.LearnPlanEndDate, both_ends=True)
    )


@rule("DateOfBirth_58")
def standard_completed_under_eight_months(aim: Aim) -> bool:
    return (
        aim.CompStatus == 2
        and is_standard_with_eight_months_minimum(aim)
        and is_shorter_than(EIGHT_MONTHS, aim.LearnStartDate, aim.LearnActEndDate, both_ends=True)
    )
