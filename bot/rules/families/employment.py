"""Employment status records: when one is needed, what it must say, and the employer."""

from __future__ import annotations

from datetime import date, timedelta

from bot.ilr.absent import Day, is_present
from bot.ilr.record import Aim, EmploymentStatus, Learner
from bot.rules.derived import employer_check_character, esf_contract_start
from bot.rules.doubt import Doubt
from bot.rules.engine import Check, rule
from bot.rules.tracing import note
from bot.rules.vocabulary import (
    ADULT_SKILLS_FUND,
    AGE_16_TO_19,
    APPRENTICESHIP_STANDARD,
    APPRENTICESHIP_UNIT,
    APPRENTICESHIPS_BEFORE_2025,
    AUGUST_2013,
    AUGUST_2014,
    AUGUST_2016,
    EMPLOYED,
    EMPLOYER_NOT_ON_REGISTER,
    EUROPEAN_SOCIAL_FUND,
    GROWTH_AND_SKILLS_SHORT_COURSES,
    NOT_EMPLOYED,
    OTHER_16_TO_19,
    PROGRAMME_AIM,
    SIXTY_DAYS,
    STANDALONE_AIM,
    T_LEVEL,
    TAILORED_LEARNING,
    TRAINEESHIP,
    UNIT_BEGUN,
    age_on,
    august_31,
    employment_on,
    is_apprenticeship,
    is_apprenticeship_programme,
    is_in_custody,
    is_local_authority_community_learning,
    is_monitored,
    is_restart,
    is_traineeship_programme,
    planned_hours,
)
from bot.years import AcademicYear

STATUS_NOT_KNOWN = 98
LOW_WAGE = "363"
UNDER_16_HOURS, UP_TO_20_HOURS = 2, frozenset({5, 6})
NINETEEN_YEARS = timedelta(days=6939)
FIRST_AUGUST = date(1, 8, 1)
"""Of all dates there are: 0001-01-01 is what some exports write for a blank."""
FULL_TIME_HOURS = 540

STATUSES_BEGAN = date(1990, 8, 1)
ADULT_STATUSES_BEGAN = date(2012, 8, 1)
AUGUST_2018 = date(2018, 8, 1)


# The status and its dates


@rule("DateEmpStatApp_01")
def status_begins_after_this_year(status: EmploymentStatus, check: Check) -> bool:
    return status.DateEmpStatApp > check.year.end


@rule("DateEmpStatApp_02")
def status_begins_before_august_1990(status: EmploymentStatus) -> bool:
    return status.DateEmpStatApp < STATUSES_BEGAN


# A status before the aim, or on its first day


def has_status_before(aim: Aim) -> bool:
    """Whether an employment status begins before the aim does, the same day not counted."""
    if any(s.DateEmpStatApp < aim.LearnStartDate for s in aim.learner.employment_statuses):
        return True
    note_first_status(aim)
    return False


def note_first_status(aim: Aim) -> None:
    """Note the day of the learner's first employment status, for the reader."""
    days = [s.DateEmpStatApp for s in aim.learner.employment_statuses]
    note("first employment status", min((day for day in days if is_present(day)), default="none"))


def has_status_by_the_start(aim: Aim) -> bool:
    """Whether an employment status begins before the aim or on its first day."""
    if any(s.DateEmpStatApp <= aim.LearnStartDate for s in aim.learner.employment_statuses):
        return True
    note_first_status(aim)
    return False


def is_19_in_its_starting_year(aim: Aim) -> bool:
    """Whether the learner is 19 or over on 31 August of the year in which the aim starts."""
    if not is_present(aim.LearnStartDate) or aim.LearnStartDate < FIRST_AUGUST:
        return False
    age = age_on(aim.learner, august_31(AcademicYear.containing(aim.LearnStartDate)))
    return age is not None and age >= 19


def is_19_by_days(aim: Aim) -> bool:
    """The same as the 2020-21 service counted it: in days to 31 July before that year."""
    if not is_present(aim.LearnStartDate) or aim.LearnStartDate < FIRST_AUGUST:
        return False
    day_before = AcademicYear.containing(aim.LearnStartDate).start - timedelta(days=1)
    return day_before - aim.learner.DateOfBirth > NINETEEN_YEARS


def is_programme_of_these_types(aim: Aim, check: Check) -> bool:
    """A programme aim of an apprenticeship, or in 2020-21 of a traineeship."""
    return aim.AimType == PROGRAMME_AIM and aim.ProgType in check.parameter("programme_types")


def started_between_2012_and_2014(aim: Aim) -> bool:
    return ADULT_STATUSES_BEGAN <= aim.LearnStartDate < AUGUST_2014


@rule("EmpStat_01", until="2020-21")
def adult_of_2012_to_2014_without_a_status_in_2020(aim: Aim, check: Check) -> bool:
    return (
        started_between_2012_and_2014(aim)
        and aim.FundModel in check.parameter("funding_models")
        and aim.ProgType != TRAINEESHIP
        and not is_apprenticeship(aim, check.year)
        and not is_in_custody(aim)
        and not is_local_authority_community_learning(aim)
        and is_19_by_days(aim)
        and not has_status_by_the_start(aim)
    )


@rule("EmpStat_01", since="2021-22")
def adult_of_2012_to_2014_without_a_status(aim: Aim, check: Check) -> bool:
    return (
        started_between_2012_and_2014(aim)
        and aim.FundModel in check.parameter("funding_models")
        and not is_apprenticeship(aim, check.year)
        and not is_local_authority_community_learning(aim)
        and is_19_in_its_starting_year(aim)
        and not has_status_by_the_start(aim)
    )


@rule("EmpStat_02")
def old_apprenticeship_without_a_status(aim: Aim, check: Check) -> bool:
    return (
        aim.LearnStartDate < AUGUST_2014
        and is_programme_of_these_types(aim, check)
        and not has_status_by_the_start(aim)
    )


@rule("EmpStat_04")
def social_fund_learner_of_unknown_status(aim: Aim) -> bool:
    return aim.FundModel == EUROPEAN_SOCIAL_FUND and has_status_on(
        aim, esf_contract_start(aim), STATUS_NOT_KNOWN
    )


def is_part_time_16_to_19(aim: Aim) -> bool:
    return (
        aim.FundModel in (AGE_16_TO_19, OTHER_16_TO_19)
        and planned_hours(aim.learner) < FULL_TIME_HOURS
    )


@rule("EmpStat_06")
def part_time_start_of_2013_without_a_status(aim: Aim) -> bool:
    return (
        AUGUST_2013 <= aim.LearnStartDate < AUGUST_2014
        and is_part_time_16_to_19(aim)
        and aim.ProgType != TRAINEESHIP
        and not has_status_by_the_start(aim)
    )


@rule("EmpStat_07")
def part_time_start_before_2013_without_a_status(aim: Aim) -> bool:
    return (
        aim.LearnStartDate < AUGUST_2013
        and is_part_time_16_to_19(aim)
        and not has_status_by_the_start(aim)
    )


def is_adult_aim_needing_a_status(aim: Aim, check: Check) -> bool:
    return (
        aim.FundModel in check.parameter("funding_models")
        and aim.LearnStartDate >= AUGUST_2014
        and not is_apprenticeship(aim, check.year)
        and not has_status_before(aim)
        and is_19_in_its_starting_year(aim)
    )


@rule("EmpStat_08", until="2020-21")
def adult_without_a_status_in_2020(aim: Aim, check: Check) -> bool:
    return (
        is_adult_aim_needing_a_status(aim, check)
        and aim.ProgType != TRAINEESHIP
        and not is_in_custody(aim)
        and not is_local_authority_community_learning(aim)
    )


@rule("EmpStat_08", since="2021-22", until="2025-26")
def adult_without_a_status(aim: Aim, check: Check) -> bool:
    return is_adult_aim_needing_a_status(aim, check) and not is_local_authority_community_learning(
        aim
    )


@rule("EmpStat_08", since="2026-27")
def adult_without_a_status_of_any_funding_source(aim: Aim, check: Check) -> bool:
    return is_adult_aim_needing_a_status(aim, check)


@rule("EmpStat_09")
def apprenticeship_without_a_status(aim: Aim, check: Check) -> bool:
    return (
        aim.LearnStartDate >= AUGUST_2014
        and is_programme_of_these_types(aim, check)
        and not has_status_before(aim)
    )


@rule("EmpStat_10")
def social_fund_learner_without_a_status(learner: Learner) -> bool:
    starts = [start for aim in learner.aims if is_present(start := esf_contract_start(aim))]
    return bool(starts) and not any(
        status.DateEmpStatApp < max(starts) for status in learner.employment_statuses
    )


def is_part_time_16_to_19_without_a_status(aim: Aim) -> bool:
    return (
        is_part_time_16_to_19(aim)
        and aim.LearnStartDate >= AUGUST_2014
        and not has_status_before(aim)
    )


@rule("EmpStat_11", until="2020-21")
def part_time_16_to_19_without_a_status_in_2020(aim: Aim) -> bool:
    return aim.ProgType != TRAINEESHIP and is_part_time_16_to_19_without_a_status(aim)


@rule("EmpStat_11", since="2021-22")
def part_time_16_to_19_without_a_status(aim: Aim) -> bool | Doubt:
    if not is_part_time_16_to_19_without_a_status(aim):
        return False
    return HOURS_OF_A_T_LEVEL if aim.ProgType == T_LEVEL else True


HOURS_OF_A_T_LEVEL = Doubt(
    "T Level learner without an employment status",
    "No employment status is dated before this aim's start. The rule asks for one of learners "
    "under 540 planned hours, and a T Level learner may have none of these hours; the published "
    "text makes no exception.",
    "Look whether the submission service reports EmpStat_11 on your T Level learners. A true "
    "status, dated before the start, settles it.",
)


@rule("EmpStat_21")
def adult_skills_fund_learner_without_a_status(aim: Aim) -> bool:
    return (
        aim.FundModel == ADULT_SKILLS_FUND
        and is_present(aim.LearnStartDate)
        and not has_status_before(aim)
        and is_19_in_its_starting_year(aim)
    )


@rule("EmpStat_22")
def tailored_learning_without_a_status(aim: Aim) -> bool:
    return (
        aim.FundModel == TAILORED_LEARNING
        and is_present(aim.LearnStartDate)
        and not has_status_by_the_start(aim)
    )


# What the status on the first day must be


def has_status_on(aim: Aim, day: Day, *wanted: int) -> bool:
    """Whether the learner's employment status in force on a day is one of these."""
    status = employment_on(aim.learner, day)
    return status is not None and status.EmpStat in wanted


def is_employed_at_the_start(aim: Aim) -> bool:
    """Without a status in force on the first day the learner is not taken as employed."""
    return has_status_on(aim, aim.LearnStartDate, EMPLOYED)


@rule("EmpStat_12")
def apprentice_is_not_employed_at_the_start(aim: Aim, check: Check) -> bool:
    return (
        is_apprenticeship_programme(aim, check.year)
        and is_present(aim.LearnStartDate)
        and not is_monitored(aim, check.parameter("ldm_codes"))
        and not is_employed_at_the_start(aim)
    )


@rule("EmpStat_15")
def apprentice_of_unknown_status(aim: Aim, check: Check) -> bool:
    return (
        aim.LearnStartDate >= AUGUST_2016
        and is_apprenticeship_programme(aim, check.year)
        and not is_monitored(aim, check.parameter("ldm_codes"))
        and has_status_on(aim, aim.LearnStartDate, STATUS_NOT_KNOWN)
    )


def works_other_hours_than(aim: Aim, hours: frozenset[int]) -> bool:
    """Whether the learner is employed at the start with an intensity outside these."""
    status = employment_on(aim.learner, aim.LearnStartDate)
    return (
        status is not None
        and status.EmpStat == EMPLOYED
        and any(m.ESMType == "EII" and m.ESMCode not in hours for m in status.monitorings)
    )


@rule("EmpStat_17")
def trainee_of_unknown_status(aim: Aim) -> bool:
    return (
        is_traineeship_programme(aim)
        and aim.LearnStartDate >= AUGUST_2016
        and has_status_on(aim, aim.LearnStartDate, STATUS_NOT_KNOWN)
    )


@rule("EmpStat_18")
def trainee_of_before_2018_works_16_hours(aim: Aim) -> bool:
    return (
        is_traineeship_programme(aim)
        and aim.LearnStartDate < AUGUST_2018
        and works_other_hours_than(aim, frozenset({UNDER_16_HOURS}))
    )


@rule("EmpStat_19")
def trainee_works_over_20_hours(aim: Aim) -> bool:
    return (
        is_traineeship_programme(aim)
        and aim.LearnStartDate >= AUGUST_2018
        and works_other_hours_than(aim, UP_TO_20_HOURS)
    )


@rule("EmpStat_20")
def low_wage_learner_is_not_employed(aim: Aim) -> bool:
    return (
        aim.has_fam("LDM", LOW_WAGE)
        and is_present(aim.LearnStartDate)
        and not is_employed_at_the_start(aim)
    )


@rule("EmpStat_23")
def apprenticeship_unit_learner_is_not_employed(aim: Aim) -> bool:
    return (
        aim.AimType == STANDALONE_AIM
        and aim.has_fam("LDM", UNIT_BEGUN)
        and is_present(aim.LearnStartDate)
        and not is_employed_at_the_start(aim)
    )


@rule("EmpStat_24")
def apprenticeship_unit_programme_learner_is_not_employed(aim: Aim) -> bool:
    return (
        aim.ProgType == APPRENTICESHIP_UNIT
        and aim.AimType == PROGRAMME_AIM
        and is_present(aim.LearnStartDate)
        and not is_employed_at_the_start(aim)
    )


# The employer


@rule("EmpId_02")
def employer_number_fails_its_checksum(status: EmploymentStatus) -> bool:
    identifier = status.EmpId
    if not is_present(identifier) or identifier == EMPLOYER_NOT_ON_REGISTER:
        return False
    return employer_check_character(identifier) != str(identifier)[8:9]


@rule("EmpId_10")
def apprentice_has_no_employer_at_the_start(aim: Aim, check: Check) -> bool:
    if not is_apprenticeship_programme(aim, check.year):
        return False
    status = employment_on(aim.learner, aim.LearnStartDate)
    return status is not None and status.EmpStat == EMPLOYED and not is_present(status.EmpId)


@rule("EmpId_13")
def temporary_employer_number_after_sixty_days(aim: Aim, check: Check) -> bool:
    return (
        is_apprenticeship_programme(aim, check.year)
        and check.on - aim.LearnStartDate > SIXTY_DAYS
        and any(s.EmpId == EMPLOYER_NOT_ON_REGISTER for s in aim.learner.employment_statuses)
    )


def has_employer_without_employment(status: EmploymentStatus) -> bool:
    return is_present(status.EmpId) and status.EmpStat in NOT_EMPLOYED


@rule("EmpId_14", until="2025-26")
def apprentice_out_of_work_has_an_employer_until_2025(status: EmploymentStatus) -> bool:
    return has_employer_without_employment(status) and any(
        aim.ProgType in APPRENTICESHIPS_BEFORE_2025 for aim in status.learner.aims
    )


@rule("EmpId_14", since="2026-27")
def apprentice_out_of_work_has_an_employer(status: EmploymentStatus) -> bool:
    return has_employer_without_employment(status) and any(
        aim.ProgType == APPRENTICESHIP_STANDARD for aim in status.learner.aims
    )


@rule("AgreemId_01")
def short_course_has_no_agreement_at_the_start(aim: Aim) -> bool:
    if (
        aim.FundModel != GROWTH_AND_SKILLS_SHORT_COURSES
        or aim.AimType != PROGRAMME_AIM
        or not is_present(aim.LearnStartDate)
        or is_restart(aim)
    ):
        return False
    status = employment_on(aim.learner, aim.LearnStartDate)
    return status is None or not is_present(status.AgreemId)
