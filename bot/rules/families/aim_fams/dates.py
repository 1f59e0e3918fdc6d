"""Dates of an aim's records, against each other, the aim and its programme."""

from __future__ import annotations

from bot.ilr.absent import is_present
from bot.ilr.record import AimFAM
from bot.rules.engine import Check, rule
from bot.rules.families.aim_fams.vocabulary import (
    CONTRACT_TYPE,
    EVENT,
    LEARNING_SUPPORT,
    LOANS_BURSARY,
)
from bot.rules.vocabulary import (
    APPRENTICESHIPS,
    AUGUST_2025,
    PROGRAMME_AIM,
)

TYPES_WITH_BOTH_DATES = frozenset({LEARNING_SUPPORT, LOANS_BURSARY})
TYPES_WITH_AN_END = TYPES_WITH_BOTH_DATES | {CONTRACT_TYPE}


@rule("LearnDelFAMDateFrom_01")
def support_or_bursary_without_both_dates(fam: AimFAM) -> bool:
    return fam.LearnDelFAMType in TYPES_WITH_BOTH_DATES and not (
        is_present(fam.LearnDelFAMDateFrom) and is_present(fam.LearnDelFAMDateTo)
    )


@rule("LearnDelFAMDateFrom_02")
def fam_applies_before_its_aim_starts(fam: AimFAM, check: Check) -> bool:
    return (
        is_present(fam.LearnDelFAMDateFrom)
        and fam.LearnDelFAMDateFrom < fam.aim.LearnStartDate
        and fam.aim.FundModel in check.parameter("funding_models")
    )


@rule("LearnDelFAMDateFrom_03")
def fam_of_an_undated_type_has_a_start(fam: AimFAM, check: Check) -> bool:
    return is_present(fam.LearnDelFAMDateFrom) and fam.LearnDelFAMType not in check.parameter(
        "dated_types"
    )


@rule("LearnDelFAMDateFrom_04")
def contract_type_without_a_start(fam: AimFAM) -> bool:
    return fam.LearnDelFAMType == CONTRACT_TYPE and not is_present(fam.LearnDelFAMDateFrom)


@rule("LearnDelFAMDateFrom_05")
def event_without_a_date(fam: AimFAM) -> bool:
    return fam.LearnDelFAMType == EVENT and not is_present(fam.LearnDelFAMDateFrom)


@rule("LearnDelFAMDateFrom_06")
def event_before_events_were_collected(fam: AimFAM) -> bool:
    return fam.LearnDelFAMType == EVENT and fam.LearnDelFAMDateFrom < AUGUST_2025


@rule("LearnDelFAMDateFrom_07")
def event_outside_its_programme(fam: AimFAM) -> bool:
    return (
        fam.LearnDelFAMType == EVENT
        and fam.aim.AimType == PROGRAMME_AIM
        and (
            fam.LearnDelFAMDateFrom < fam.aim.LearnStartDate
            or fam.LearnDelFAMDateFrom > fam.aim.LearnActEndDate
        )
    )


@rule("LearnDelFAMDateTo_01")
def fam_ends_before_it_applies(fam: AimFAM) -> bool:
    return fam.LearnDelFAMDateTo < fam.LearnDelFAMDateFrom


def is_contract_of_an_achieved_programme(fam: AimFAM) -> bool:
    return (
        fam.LearnDelFAMType == CONTRACT_TYPE
        and fam.aim.AimType == PROGRAMME_AIM
        and is_present(fam.aim.AchDate)
    )


@rule("LearnDelFAMDateTo_02", until="2023-24")
def fam_ends_after_the_planned_end(fam: AimFAM) -> bool:
    return is_present(fam.LearnDelFAMDateTo) and fam.LearnDelFAMDateTo > fam.aim.LearnPlanEndDate


@rule("LearnDelFAMDateTo_02", since="2024-25")
def fam_ends_after_the_planned_end_of_an_unachieved_aim(fam: AimFAM) -> bool:
    return (
        is_present(fam.LearnDelFAMDateTo)
        and fam.LearnDelFAMDateTo > fam.aim.LearnPlanEndDate
        and not is_contract_of_an_achieved_programme(fam)
    )


@rule("LearnDelFAMDateTo_03")
def fam_ends_after_the_actual_end(fam: AimFAM, check: Check) -> bool:
    return (
        is_present(fam.LearnDelFAMDateTo)
        and fam.LearnDelFAMType != CONTRACT_TYPE
        and fam.LearnDelFAMDateTo > fam.aim.LearnActEndDate
        and fam.aim.FundModel in check.parameter("funding_models")
    )


@rule("LearnDelFAMDateTo_04")
def fam_of_a_type_without_an_end_has_one(fam: AimFAM) -> bool:
    return is_present(fam.LearnDelFAMDateTo) and fam.LearnDelFAMType not in TYPES_WITH_AN_END


@rule("LearnDelFAMDateTo_05")
def contract_type_ends_after_achievement(fam: AimFAM) -> bool:
    return (
        fam.LearnDelFAMType == CONTRACT_TYPE
        and fam.aim.FundModel == APPRENTICESHIPS
        and fam.LearnDelFAMDateTo > fam.aim.AchDate
    )
