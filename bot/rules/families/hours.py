"""Hours of an aim: the hours record (from 2026-27), and the three fields it replaced."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.ilr.absent import Number, is_present
from bot.ilr.record import Aim, HoursRecord
from bot.rules.engine import Check, rule
from bot.rules.vocabulary import (
    ADULT_SKILLS,
    ADULT_SKILLS_FUND,
    APPRENTICESHIPS,
    COMPLETED,
    OTHER_ADULT,
    PROGRAMME_AIM,
    T_LEVEL,
    TAILORED_LEARNING,
    WITHDRAWN,
    is_funded_apprenticeship_programme,
    is_restart,
    is_study_programme,
    is_t_level,
    repeated,
)

HOURS = "HRS"
PLANNED_OFF_THE_JOB = 1
PLANNED_T_LEVEL = 2
ACTUAL_OFF_THE_JOB = 3
OFF_FOR_PRIOR_LEARNING = 4
COURSE_SIZE = 5
ADDITIONAL = 6
APPRENTICESHIP_HOURS = (PLANNED_OFF_THE_JOB, ACTUAL_OFF_THE_JOB, OFF_FOR_PRIOR_LEARNING)
ADULT_MODELS = frozenset({ADULT_SKILLS, ADULT_SKILLS_FUND, OTHER_ADULT})

ADDITIONAL_HOURS_BEGAN = date(2015, 8, 1)
OFF_THE_JOB_HOURS_BEGAN = date(2019, 8, 1)
T_LEVELS_BEGAN = date(2020, 8, 1)
MIN_HOURS_BEGAN = date(2022, 8, 1)
MIN_HOURS_FELL = date(2025, 8, 1)


def hours(aim: Aim, *codes: int) -> list[HoursRecord]:
    """The aim's hours records with these codes."""
    return [h for h in aim.hours_records if h.HRSType == HOURS and h.HRSCode in codes]


def is_t_level_programme(aim: Aim) -> bool:
    return is_t_level(aim) and aim.AimType == PROGRAMME_AIM


def completed_needing_hours(aim: Aim) -> bool:
    return (
        aim.CompStatus == COMPLETED
        and is_funded_apprenticeship_programme(aim)
        and aim.LearnStartDate >= OFF_THE_JOB_HOURS_BEGAN
        and not is_restart(aim)
    )


def withdrawn_needing_hours(aim: Aim) -> bool:
    return (
        aim.CompStatus == WITHDRAWN
        and is_funded_apprenticeship_programme(aim)
        and aim.LearnStartDate >= MIN_HOURS_BEGAN
    )


def started_under_278_hours(aim: Aim) -> bool:
    """An apprenticeship begun from August 2022 to July 2025, no restart."""
    return (
        aim.FundModel == APPRENTICESHIPS
        and aim.LearnStartDate >= MIN_HOURS_BEGAN
        and aim.LearnStartDate < MIN_HOURS_FELL
        and not is_restart(aim)
    )


def started_under_187_hours(aim: Aim) -> bool:
    """An apprenticeship begun from August 2025, no restart."""
    return (
        aim.FundModel == APPRENTICESHIPS
        and aim.LearnStartDate >= MIN_HOURS_FELL
        and not is_restart(aim)
    )


def planned_days(aim: Aim) -> int:
    """Days from start to planned end, both counted; 0 when they cannot be counted."""
    if not (is_present(aim.LearnStartDate) and is_present(aim.LearnPlanEndDate)):
        return 0
    return max(0, (aim.LearnPlanEndDate - aim.LearnStartDate).days + 1)


def is_of(record: HoursRecord, code: int) -> bool:
    return record.HRSCode == code and record.HRSType == HOURS


def over_24_a_day(amount: Number, aim: Aim) -> bool:
    days = planned_days(aim)
    return days > 0 and amount > 60 and amount > 24 * days


def over_35_a_week(amount: Number, aim: Aim) -> bool:
    days = planned_days(aim)
    # 35 hours in 7 days are 5 a day.
    return days > 0 and amount > 60 and amount > 5 * days


def over_9_a_day(amount: Number, aim: Aim) -> bool:
    days = planned_days(aim)
    return days > 0 and amount > 9 * days and amount < 24 * days


# The hours record, from 2026-27.


@rule("HRSAmount_01")
def t_level_hours_are_zero(record: HoursRecord) -> bool:
    return (
        is_of(record, PLANNED_T_LEVEL)
        and record.HRSAmount <= 0
        and is_t_level_programme(record.aim)
    )


@rule("HRSAmount_02")
def fewer_than_278_planned_hours(record: HoursRecord, check: Check) -> bool:
    return (
        is_of(record, PLANNED_OFF_THE_JOB)
        and record.HRSAmount < check.parameter("least")
        and started_under_278_hours(record.aim)
    )


@rule("HRSAmount_03")
def fewer_than_187_planned_hours(record: HoursRecord, check: Check) -> bool:
    return (
        is_of(record, PLANNED_OFF_THE_JOB)
        and record.HRSAmount < check.parameter("least")
        and started_under_187_hours(record.aim)
    )


@rule("HRSAmount_04")
def additional_hours_over_24_a_day(record: HoursRecord) -> bool:
    return is_of(record, ADDITIONAL) and over_24_a_day(record.HRSAmount, record.aim)


@rule("HRSAmount_05")
def additional_hours_over_35_a_week(record: HoursRecord) -> bool:
    return is_of(record, ADDITIONAL) and over_35_a_week(record.HRSAmount, record.aim)


@rule("HRSAmount_06")
def additional_hours_over_9_a_day(record: HoursRecord) -> bool:
    return is_of(record, ADDITIONAL) and over_9_a_day(record.HRSAmount, record.aim)


@rule("HRSType_01")
def apprenticeship_without_planned_hours(aim: Aim) -> bool:
    return (
        is_funded_apprenticeship_programme(aim)
        and aim.LearnStartDate >= OFF_THE_JOB_HOURS_BEGAN
        and not hours(aim, PLANNED_OFF_THE_JOB)
    )


@rule("HRSType_02")
def t_level_without_planned_hours(aim: Aim) -> bool:
    return is_t_level_programme(aim) and not hours(aim, PLANNED_T_LEVEL)


@rule("HRSType_04")
def t_level_of_any_funding_without_planned_hours(aim: Aim) -> bool:
    return (
        aim.ProgType == T_LEVEL and aim.AimType == PROGRAMME_AIM and not hours(aim, PLANNED_T_LEVEL)
    )


@rule("HRSType_05")
def t_level_hours_on_a_study_programme(aim: Aim) -> Iterator[HoursRecord]:
    return iter(hours(aim, PLANNED_T_LEVEL) if is_study_programme(aim) else ())


@rule("HRSType_06")
def tailored_learning_without_its_size(aim: Aim) -> bool:
    return aim.FundModel == TAILORED_LEARNING and not hours(aim, COURSE_SIZE)


@rule("HRSType_07")
def actual_hours_outside_the_programme_aim(aim: Aim) -> Iterator[HoursRecord]:
    return iter(hours(aim, ACTUAL_OFF_THE_JOB) if aim.AimType != PROGRAMME_AIM else ())


@rule("HRSType_08")
def completed_without_actual_hours(aim: Aim) -> bool:
    return completed_needing_hours(aim) and not hours(aim, ACTUAL_OFF_THE_JOB)


@rule("HRSType_09")
def withdrawn_without_actual_hours(aim: Aim) -> bool:
    return withdrawn_needing_hours(aim) and not hours(aim, ACTUAL_OFF_THE_JOB)


@rule("HRSType_10")
def additional_hours_outside_adult_funding(aim: Aim) -> Iterator[HoursRecord]:
    return iter(hours(aim, ADDITIONAL) if aim.FundModel not in ADULT_MODELS else ())


@rule("HRSType_12")
def other_hours_on_a_t_level(aim: Aim) -> Iterator[HoursRecord]:
    others = (*APPRENTICESHIP_HOURS, COURSE_SIZE, ADDITIONAL)
    return iter(hours(aim, *others) if is_t_level(aim) else ())


@rule("HRSType_13")
def apprenticeship_hours_on_another_model(aim: Aim) -> Iterator[HoursRecord]:
    return iter(hours(aim, *APPRENTICESHIP_HOURS) if aim.FundModel != APPRENTICESHIPS else ())


@rule("HRSType_14")
def other_hours_on_an_apprenticeship(aim: Aim) -> Iterator[HoursRecord]:
    others = (PLANNED_T_LEVEL, COURSE_SIZE, ADDITIONAL)
    return iter(hours(aim, *others) if aim.FundModel == APPRENTICESHIPS else ())


@rule("HRSType_15")
def course_size_on_another_model(aim: Aim) -> Iterator[HoursRecord]:
    return iter(hours(aim, COURSE_SIZE) if aim.FundModel != TAILORED_LEARNING else ())


@rule("HRSType_16")
def other_hours_on_tailored_learning(aim: Aim) -> Iterator[HoursRecord]:
    others = (*APPRENTICESHIP_HOURS, PLANNED_T_LEVEL, ADDITIONAL)
    return iter(hours(aim, *others) if aim.FundModel == TAILORED_LEARNING else ())


@rule("HRSType_17")
def other_hours_on_an_adult_aim(aim: Aim) -> Iterator[HoursRecord]:
    others = (*APPRENTICESHIP_HOURS, PLANNED_T_LEVEL, COURSE_SIZE)
    return iter(hours(aim, *others) if aim.FundModel in ADULT_MODELS else ())


@rule("HRSType_18", on_part=True)
def hours_code_appears_twice(aim: Aim) -> Iterator[HoursRecord]:
    return repeated(aim.hours_records, lambda record: record.HRSCode)


# PHours, OTJActHours and AddHours, to 2025-26.


@rule("PHours_01")
def apprenticeship_without_phours(aim: Aim) -> bool:
    return (
        not is_present(aim.PHours)
        and is_funded_apprenticeship_programme(aim)
        and aim.LearnStartDate >= OFF_THE_JOB_HOURS_BEGAN
    )


@rule("PHours_03")
def t_level_without_phours(aim: Aim) -> bool:
    return (
        not is_present(aim.PHours)
        and is_t_level_programme(aim)
        and aim.LearnStartDate >= T_LEVELS_BEGAN
    )


@rule("PHours_04")
def t_level_phours_are_zero(aim: Aim) -> bool:
    return aim.PHours <= 0 and is_t_level_programme(aim)


@rule("PHours_05")
def phours_on_a_study_programme(aim: Aim) -> bool:
    return is_present(aim.PHours) and is_study_programme(aim)


@rule("PHours_06")
def fewer_than_278_phours(aim: Aim, check: Check) -> bool:
    return aim.PHours < check.parameter("least") and started_under_278_hours(aim)


@rule("PHours_07")
def tailored_learning_without_phours(aim: Aim) -> bool:
    return not is_present(aim.PHours) and aim.FundModel == TAILORED_LEARNING


@rule("PHours_08")
def fewer_than_187_phours(aim: Aim, check: Check) -> bool:
    return aim.PHours < check.parameter("least") and started_under_187_hours(aim)


@rule("OTJActHours_01")
def otj_hours_outside_the_programme_aim(aim: Aim) -> bool:
    return is_present(aim.OTJActHours) and aim.AimType != PROGRAMME_AIM


@rule("OTJActHours_02")
def completed_without_otj_hours(aim: Aim) -> bool:
    return not is_present(aim.OTJActHours) and completed_needing_hours(aim)


@rule("OTJActHours_03")
def withdrawn_without_otj_hours(aim: Aim) -> bool:
    return not is_present(aim.OTJActHours) and withdrawn_needing_hours(aim)


@rule("AddHours_01")
def additional_hours_before_they_began(aim: Aim, check: Check) -> bool:
    return (
        is_present(aim.AddHours)
        and aim.LearnStartDate < ADDITIONAL_HOURS_BEGAN
        and aim.FundModel in check.parameter("funding_models")
    )


@rule("AddHours_02")
def additional_hours_on_another_model(aim: Aim, check: Check) -> bool:
    return is_present(aim.AddHours) and aim.FundModel in check.parameter("funding_models")


@rule("AddHours_04")
def addhours_over_24_a_day(aim: Aim) -> bool:
    return is_present(aim.AddHours) and over_24_a_day(aim.AddHours, aim)


@rule("AddHours_05")
def addhours_over_35_a_week(aim: Aim) -> bool:
    return is_present(aim.AddHours) and over_35_a_week(aim.AddHours, aim)


@rule("AddHours_06")
def addhours_over_9_a_day(aim: Aim) -> bool:
    return is_present(aim.AddHours) and over_9_a_day(aim.AddHours, aim)
