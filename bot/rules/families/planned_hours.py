"""Planned learning hours, and planned employability, enrichment and pastoral hours."""

from __future__ import annotations

from bot.ilr.absent import is_present
from bot.ilr.record import Learner
from bot.rules.engine import Check, rule
from bot.rules.vocabulary import (
    EUROPEAN_SOCIAL_FUND,
    OTHER_16_TO_19,
    is_apprenticeship,
    is_closed,
    is_study_programme,
    is_t_level,
    planned_hours,
)

MORE_THAN_A_YEAR = 1000
IMPOSSIBLE_IN_A_YEAR = 4000


def has_open_aim(learner: Learner) -> bool:
    return any(not is_closed(aim) for aim in learner.aims)


@rule("PlanLearnHours_01", until="2020-21")
def no_planned_hours_on_any_funding(learner: Learner, check: Check) -> bool:
    return (
        not is_present(learner.PlanLearnHours)
        and has_open_aim(learner)
        and any(
            aim.FundModel not in (OTHER_16_TO_19, EUROPEAN_SOCIAL_FUND)
            and not is_t_level(aim)
            and not is_apprenticeship(aim, check.year)
            for aim in learner.aims
        )
    )


@rule("PlanLearnHours_01", since="2021-22")
def no_planned_hours_on_a_study_programme(learner: Learner, check: Check) -> bool:
    return (
        not is_present(learner.PlanLearnHours)
        and has_open_aim(learner)
        and any(
            is_study_programme(aim) and not is_apprenticeship(aim, check.year)
            for aim in learner.aims
        )
    )


@rule("PlanLearnHours_02")
def planned_hours_are_zero(learner: Learner, check: Check) -> bool:
    return learner.PlanLearnHours == 0 and any(
        aim.FundModel in check.parameter("funding_models") and not is_t_level(aim)
        for aim in learner.aims
    )


@rule("PlanLearnHours_03")
def all_planned_hours_are_zero(learner: Learner) -> bool:
    return (
        learner.PlanLearnHours == 0
        and planned_hours(learner) == 0
        and any(is_study_programme(aim) for aim in learner.aims)
    )


@rule("PlanLearnHours_04", until="2020-21")
def more_than_1000_hours_on_any_funding(learner: Learner) -> bool:
    return planned_hours(learner) > MORE_THAN_A_YEAR and any(
        aim.FundModel != OTHER_16_TO_19 and not is_t_level(aim) for aim in learner.aims
    )


@rule("PlanLearnHours_04", since="2021-22")
def more_than_1000_hours_on_a_study_programme(learner: Learner) -> bool:
    return planned_hours(learner) > MORE_THAN_A_YEAR and any(
        is_study_programme(aim) for aim in learner.aims
    )


@rule("PlanLearnHours_05")
def more_than_4000_hours(learner: Learner) -> bool:
    return planned_hours(learner) > IMPOSSIBLE_IN_A_YEAR and any(
        aim.FundModel != OTHER_16_TO_19 and not is_t_level(aim) for aim in learner.aims
    )


@rule("PlanEEPHours_01", until="2025-26")
def no_enrichment_hours_outside_apprenticeships(learner: Learner, check: Check) -> bool:
    return (
        not is_present(learner.PlanEEPHours)
        and has_open_aim(learner)
        and any(
            is_study_programme(aim) and not is_apprenticeship(aim, check.year)
            for aim in learner.aims
        )
    )


@rule("PlanEEPHours_01", since="2026-27")
def no_enrichment_hours(learner: Learner) -> bool:
    return (
        not is_present(learner.PlanEEPHours)
        and has_open_aim(learner)
        and any(is_study_programme(aim) for aim in learner.aims)
    )
