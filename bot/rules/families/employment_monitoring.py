"""Employment status monitoring: hours, length, benefits and what else describes a status."""

from __future__ import annotations

from collections.abc import Iterator

from bot.ilr.absent import Date, is_present
from bot.ilr.record import Aim, EmploymentMonitoring, EmploymentStatus, Learner
from bot.ilr.specification import Code
from bot.rules.engine import Check, rule
from bot.rules.vocabulary import (
    APPRENTICESHIP_STANDARD,
    APPRENTICESHIP_UNIT,
    AUGUST_2012,
    AUGUST_2013,
    EMPLOYED,
    NOT_EMPLOYED,
    PROGRAMME_AIM,
    employment_on,
    is_apprenticeship_programme,
    repeated,
)

LOOKING_FOR_WORK = 11
SELF_EMPLOYED, WEEKLY_HOURS, SMALL_EMPLOYER, BENEFITS, OTHER = "SEI", "EII", "SEM", "BSI", "OET"
LENGTH_OF_EMPLOYMENT, LENGTH_OF_UNEMPLOYMENT = "LOE", "LOU"
ALLOWED_ONCE = frozenset({"SEI", "EII", "LOU", "LOE", "BSI", "PEI", "SEM"})
REDUNDANT, SMALL_OR_MEDIUM_EMPLOYER = 1, 2
SECTOR_BASED_WORK_ACADEMY = "375"
OUT_OF_WORK_BENEFITS = frozenset({1, 4, 5})


# Code lists, dates and how often


def listed(monitoring: EmploymentMonitoring, check: Check) -> Code | None:
    """The monitoring's row in the year's code list, if it is there."""
    field = check.specification.field(monitoring.name, "ESMType")
    kind = field.types.get(str(monitoring.ESMType))
    code = str(monitoring.ESMCode)
    return next((c for c in kind.codes if c.code == code), None) if kind else None


def begins_after_its_code_ended(monitoring: EmploymentMonitoring, check: Check) -> bool:
    code = listed(monitoring, check)
    return code is not None and code.last is not None and begins(monitoring) > code.last


def begins(monitoring: EmploymentMonitoring) -> Date:
    """When the status that it describes begins."""
    return monitoring.status.DateEmpStatApp


@rule("ESMType_11", until="2020-21")
def monitoring_was_not_in_use_then(monitoring: EmploymentMonitoring, check: Check) -> bool:
    code = listed(monitoring, check)
    too_early = code is not None and code.first is not None and begins(monitoring) < code.first
    return too_early or begins_after_its_code_ended(monitoring, check)


@rule("ESMType_11", since="2021-22")
def monitoring_had_ended_by_then(monitoring: EmploymentMonitoring, check: Check) -> bool:
    return begins_after_its_code_ended(monitoring, check)


@rule("ESMType_15", on_part=True)
def monitoring_type_twice_on_a_status(status: EmploymentStatus) -> Iterator[EmploymentMonitoring]:
    once = (m for m in status.monitorings if m.ESMType in ALLOWED_ONCE)
    return repeated(once, key=lambda m: m.ESMType)


@rule("ESMType_20", on_part=True)
def other_type_twice_with_one_code(status: EmploymentStatus) -> Iterator[EmploymentMonitoring]:
    others = (m for m in status.monitorings if m.ESMType == OTHER)
    return repeated(others, key=lambda m: m.ESMCode)


# In work


@rule("ESMType_02")
def employed_without_hours_of_work(status: EmploymentStatus) -> bool:
    return (
        status.EmpStat == EMPLOYED
        and status.DateEmpStatApp >= AUGUST_2012
        and not status.has(WEEKLY_HOURS)
    )


@rule("ESMType_05")
def employed_with_a_length_of_unemployment(status: EmploymentStatus) -> bool:
    return status.EmpStat == EMPLOYED and status.has(LENGTH_OF_UNEMPLOYMENT)


@rule("ESMType_07")
def self_employed_but_not_in_employment(status: EmploymentStatus) -> bool:
    return is_present(status.EmpStat) and status.EmpStat != EMPLOYED and status.has(SELF_EMPLOYED)


def is_employed_without_its_length(status: EmploymentStatus) -> bool:
    return (
        status.EmpStat == EMPLOYED
        and status.DateEmpStatApp >= AUGUST_2013
        and not status.has(LENGTH_OF_EMPLOYMENT)
    )


@rule("ESMType_09", until="2020-21")
def apprentice_without_length_of_employment_in_2020(status: EmploymentStatus, check: Check) -> bool:
    return is_employed_without_its_length(status) and any(
        is_apprenticeship_programme(aim, check.year) and aim.LearnStartDate >= status.DateEmpStatApp
        for aim in status.learner.aims
    )


@rule("ESMType_09", since="2021-22")
def apprentice_without_length_of_employment(
    learner: Learner, check: Check
) -> Iterator[EmploymentStatus]:
    for aim in learner.aims:
        if is_apprenticeship_programme(aim, check.year):
            status = employment_on(learner, aim.LearnStartDate)
            if status is not None and is_employed_without_its_length(status):
                yield status


@rule("ESMType_21")
def apprenticeship_unit_without_length_of_employment(aim: Aim) -> bool:
    if aim.ProgType != APPRENTICESHIP_UNIT or aim.AimType != PROGRAMME_AIM:
        return False
    status = employment_on(aim.learner, aim.LearnStartDate)
    return status is not None and not status.has(LENGTH_OF_EMPLOYMENT)


@rule("ESMType_18")
def employed_but_made_redundant(status: EmploymentStatus) -> bool:
    return status.EmpStat == EMPLOYED and status.has(OTHER, REDUNDANT)


# Out of work


@rule("ESMType_08")
def looking_for_work_without_length_of_unemployment(status: EmploymentStatus, check: Check) -> bool:
    return (
        status.EmpStat == LOOKING_FOR_WORK
        and status.DateEmpStatApp >= AUGUST_2012
        and not status.has(LENGTH_OF_UNEMPLOYMENT)
        and not any(
            aim.FundModel in check.parameter("exempt_funding_models") for aim in status.learner.aims
        )
    )


@rule("ESMType_10")
def out_of_work_with_a_length_of_employment(status: EmploymentStatus) -> bool:
    return status.EmpStat in NOT_EMPLOYED and status.has(LENGTH_OF_EMPLOYMENT)


@rule("ESMType_12")
def out_of_work_with_hours_or_self_employment(status: EmploymentStatus) -> bool:
    return (
        status.EmpStat in NOT_EMPLOYED
        and status.DateEmpStatApp >= AUGUST_2013
        and (status.has(WEEKLY_HOURS) or status.has(SELF_EMPLOYED))
    )


@rule("ESMType_16")
def out_of_work_apprentice_of_a_small_employer(status: EmploymentStatus) -> bool:
    return (
        status.EmpStat in NOT_EMPLOYED
        and status.has(SMALL_EMPLOYER, 1)
        and any(aim.ProgType == APPRENTICESHIP_STANDARD for aim in status.learner.aims)
    )


@rule("ESMType_19")
def out_of_work_at_a_small_or_medium_employer(status: EmploymentStatus) -> bool:
    return status.EmpStat != EMPLOYED and status.has(OTHER, SMALL_OR_MEDIUM_EMPLOYER)


def is_in_a_work_academy(learner: Learner) -> bool:
    return any(aim.has_fam("LDM", SECTOR_BASED_WORK_ACADEMY) for aim in learner.aims)


@rule("ESMType_17", until="2020-21")
def other_benefits_in_a_work_academy(learner: Learner) -> bool:
    return is_in_a_work_academy(learner) and any(
        m.ESMType == BENEFITS and m.ESMCode not in OUT_OF_WORK_BENEFITS
        for status in learner.employment_statuses
        for m in status.monitorings
    )


@rule("ESMType_17", since="2021-22")
def no_out_of_work_benefits_in_a_work_academy(learner: Learner) -> bool:
    return is_in_a_work_academy(learner) and not any(
        status.has(BENEFITS, *OUT_OF_WORK_BENEFITS) for status in learner.employment_statuses
    )
