"""How an aim stands: completion, outcome, reason for withdrawal, employment after it.

A completion status that is missing is reported by its field definition rule; the rules here
that compare it stay quiet.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.ilr.absent import Number, is_present
from bot.ilr.record import Aim, DPOutcome, Message
from bot.rules.code_lists import is_off_the_list
from bot.rules.doubt import Doubt
from bot.rules.engine import Check, rule
from bot.rules.vocabulary import (
    ACHIEVED,
    AGE_16_TO_19,
    APPRENTICESHIP_STANDARD,
    APPRENTICESHIP_UNIT,
    APPRENTICESHIPS,
    BOOTCAMP_EVENTS,
    COMMUNITY_LEARNING,
    COMPLETED,
    CONTINUING,
    INDUSTRY_PLACEMENT,
    NOT_ACHIEVED,
    NOT_FUNDED,
    NOT_YET_KNOWN,
    ON_A_BREAK,
    OTHER_16_TO_19,
    PROGRAMME_AIM,
    TAILORED_LEARNING,
    TRAINEESHIP,
    UNIT_MILESTONE,
    WITHDRAWN,
    is_apprenticeship,
    is_closed,
    is_funded_bootcamp,
    is_funded_standard,
    is_in_custody,
    months_after,
)

PARTLY_ACHIEVED = 2
LEFT_CUSTODY_LEARNING = 28
LEFT_INDUSTRY_PLACEMENT = 48
WITHOUT_EMPLOYMENT_OUTCOME = (COMMUNITY_LEARNING, AGE_16_TO_19, OTHER_16_TO_19, NOT_FUNDED)
COMPLETION_OF_STANDARDS_FROM = date(2019, 8, 1)
TRAINEESHIP_DESTINATIONS_FROM = date(2015, 8, 1)


def is_other_than(status: Number, expected: int) -> bool:
    """Whether a completion status is returned and is another."""
    return is_present(status) and status != expected


def is_standard_programme_aim(aim: Aim) -> bool:
    """Whether it is the programme aim of a standard, funded (36) or not (99)."""
    return (
        aim.AimType == PROGRAMME_AIM
        and aim.ProgType == APPRENTICESHIP_STANDARD
        and aim.FundModel in (APPRENTICESHIPS, NOT_FUNDED)
    )


# Completion status


@rule("CompStatus_02", until="2023-24")
def ended_but_continuing_outside_apprenticeships(aim: Aim) -> bool:
    return (
        aim.CompStatus == CONTINUING
        and is_closed(aim)
        and aim.FundModel != APPRENTICESHIPS
        and aim.ProgType != APPRENTICESHIP_STANDARD
    )


@rule("CompStatus_02", since="2024-25")
def ended_but_continuing(aim: Aim) -> bool:
    return aim.CompStatus == CONTINUING and is_closed(aim) and not is_standard_programme_aim(aim)


@rule("CompStatus_03")
def not_continuing_but_without_an_end(aim: Aim) -> bool:
    return is_other_than(aim.CompStatus, CONTINUING) and not is_closed(aim)


@rule("CompStatus_04")
def not_continuing_but_without_an_outcome(aim: Aim) -> bool:
    return is_other_than(aim.CompStatus, CONTINUING) and not is_present(aim.Outcome)


@rule("CompStatus_05")
def continuing_with_an_outcome(aim: Aim, check: Check) -> bool:
    return (
        aim.CompStatus == CONTINUING
        and is_present(aim.Outcome)
        and not (
            aim.ProgType == APPRENTICESHIP_STANDARD
            and aim.FundModel in check.parameter("exempt_standard_models")
        )
        and not is_funded_bootcamp(aim)
    )


@rule("CompStatus_06")
def left_with_an_outcome_of_those_who_completed(aim: Aim) -> bool:
    return (
        aim.CompStatus in (WITHDRAWN, ON_A_BREAK)
        and aim.Outcome in (ACHIEVED, NOT_YET_KNOWN)
        and not is_funded_bootcamp(aim)
    )


@rule("CompStatus_07")
def achieved_standard_is_not_completed(aim: Aim) -> bool:
    return (
        is_present(aim.AchDate)
        and is_other_than(aim.CompStatus, COMPLETED)
        and aim.AimType == PROGRAMME_AIM
        and is_funded_standard(aim)
        and aim.LearnActEndDate >= COMPLETION_OF_STANDARDS_FROM
    )


@rule("CompStatus_08")
def achieved_bootcamp_is_not_completed(aim: Aim) -> bool:
    return (
        is_present(aim.AchDate)
        and is_other_than(aim.CompStatus, COMPLETED)
        and aim.AimType == PROGRAMME_AIM
        and is_funded_bootcamp(aim)
    )


@rule("CompStatus_09")
def bootcamp_event_is_not_completed(aim: Aim) -> bool:
    return aim.LearnAimRef in BOOTCAMP_EVENTS and is_other_than(aim.CompStatus, COMPLETED)


@rule("CompStatus_10")
def achieved_standard_is_continuing(aim: Aim) -> bool:
    return aim.CompStatus == CONTINUING and aim.Outcome == ACHIEVED and is_funded_standard(aim)


@rule("CompStatus_11")
def apprenticeship_unit_on_a_break(aim: Aim) -> bool:
    return aim.ProgType == APPRENTICESHIP_UNIT and aim.CompStatus == ON_A_BREAK


# Outcome


@rule("Outcome_04")
def achievement_date_of_what_is_not_achieved(aim: Aim) -> bool:
    return is_present(aim.AchDate) and aim.Outcome != ACHIEVED and not is_funded_standard(aim)


@rule("Outcome_05")
def achieved_without_an_end(aim: Aim) -> bool:
    return aim.Outcome == ACHIEVED and not is_closed(aim) and not is_funded_bootcamp(aim)


@rule("Outcome_07")
def traineeship_not_achieved_without_a_destination(message: Message) -> Iterator[Aim]:
    for aim, destinations in traineeships_with(message, PARTLY_ACHIEVED, NOT_ACHIEVED):
        if not destinations:
            yield aim


@rule("Outcome_08")
def traineeship_achieved_without_a_job_or_course(message: Message) -> Iterator[Aim]:
    for aim, destinations in traineeships_with(message, ACHIEVED):
        limit = months_after(aim.LearnActEndDate, 6)
        if aim.LearnStartDate >= TRAINEESHIP_DESTINATIONS_FROM and not any(
            is_job_or_course(outcome) and (limit is None or outcome.OutStartDate < limit)
            for outcome in destinations
        ):
            yield aim


def traineeships_with(message: Message, *outcomes: int) -> Iterator[tuple[Aim, list[DPOutcome]]]:
    """Traineeship programme aims of these outcomes, with the learner's destinations."""
    for learner in message.learners:
        for aim in learner.aims:
            if (
                aim.AimType == PROGRAMME_AIM
                and aim.ProgType == TRAINEESHIP
                and aim.Outcome in outcomes
            ):
                yield (
                    aim,
                    [
                        outcome
                        for destination in message.destinations
                        if destination.LearnRefNumber.upper() == learner.LearnRefNumber.upper()
                        for outcome in destination.outcomes
                    ],
                )


def is_job_or_course(outcome: DPOutcome) -> bool:
    """Whether a destination is paid work or learning of the kinds a traineeship leads to."""
    return (outcome.OutType == "EMP" and outcome.OutCode in (1, 4)) or (
        outcome.OutType == "EDU" and outcome.OutCode in (2, 4, 5)
    )


@rule("Outcome_09", until="2023-24")
def not_yet_known_but_not_completed_outside_apprenticeships(aim: Aim) -> bool:
    return (
        aim.Outcome == NOT_YET_KNOWN
        and is_other_than(aim.CompStatus, COMPLETED)
        and aim.FundModel != APPRENTICESHIPS
        and aim.ProgType != APPRENTICESHIP_STANDARD
    )


@rule("Outcome_09", since="2024-25")
def not_yet_known_but_not_completed(aim: Aim) -> bool:
    return (
        aim.Outcome == NOT_YET_KNOWN
        and is_other_than(aim.CompStatus, COMPLETED)
        and not is_standard_programme_aim(aim)
        and not is_funded_bootcamp(aim)
    )


@rule("Outcome_10")
def not_achieved_but_continuing(aim: Aim) -> bool:
    return aim.Outcome == NOT_ACHIEVED and aim.CompStatus == CONTINUING


@rule("Outcome_11")
def outcome_without_an_end(aim: Aim) -> bool:
    return is_present(aim.Outcome) and not is_closed(aim) and not is_funded_bootcamp(aim)


@rule("Outcome_12")
def end_without_an_outcome(aim: Aim) -> bool:
    return is_closed(aim) and not is_present(aim.Outcome)


@rule("Outcome_13")
def achieved_apprenticeship_unit_without_its_milestone(aim: Aim) -> bool:
    return (
        aim.ProgType == APPRENTICESHIP_UNIT
        and aim.AimType == PROGRAMME_AIM
        and aim.Outcome == ACHIEVED
        and not aim.has_fam("LDM", UNIT_MILESTONE)
    )


# Reason for withdrawal


@rule("WithdrawReason_02")
def withdrawal_reason_is_not_in_the_code_list(aim: Aim, check: Check) -> bool | Doubt:
    # Whether 28 left the list in 2026-27 is not certain: WithdrawReason_05 still names it.
    return aim.WithdrawReason != LEFT_CUSTODY_LEARNING and is_off_the_list(
        aim.WithdrawReason, check.specification.field("LearningDelivery", "WithdrawReason")
    )


@rule("WithdrawReason_03")
def withdrawn_without_a_reason(aim: Aim) -> bool:
    return aim.CompStatus == WITHDRAWN and not is_present(aim.WithdrawReason)


@rule("WithdrawReason_04")
def withdrawal_reason_without_a_withdrawal(aim: Aim) -> bool:
    return is_present(aim.WithdrawReason) and aim.CompStatus in (CONTINUING, COMPLETED, ON_A_BREAK)


@rule("WithdrawReason_05")
def custody_withdrawal_outside_custody(aim: Aim) -> bool:
    return aim.WithdrawReason == LEFT_CUSTODY_LEARNING and not is_in_custody(aim)


def is_placement_withdrawal_on_another_aim(aim: Aim) -> bool:
    """Whether reason 48 stands on an aim that is not the industry placement aim ZWRKX002."""
    return (
        aim.WithdrawReason == LEFT_INDUSTRY_PLACEMENT
        and is_present(aim.LearnAimRef)
        and aim.LearnAimRef != INDUSTRY_PLACEMENT
    )


@rule("WithdrawReason_06", until="2023-24")
def placement_withdrawal_of_a_withdrawn_learner_on_another_aim(aim: Aim) -> bool:
    return aim.CompStatus == WITHDRAWN and is_placement_withdrawal_on_another_aim(aim)


@rule("WithdrawReason_06", since="2024-25")
def placement_withdrawal_on_another_aim(aim: Aim) -> bool:
    return is_placement_withdrawal_on_another_aim(aim)


# Employment and Tailored Learning outcomes


@rule("EmpOutcome_01")
def employment_outcome_on_another_model(aim: Aim) -> bool:
    return is_present(aim.EmpOutcome) and aim.FundModel in WITHOUT_EMPLOYMENT_OUTCOME


@rule("EmpOutcome_03")
def employment_outcome_of_an_apprenticeship(aim: Aim, check: Check) -> bool:
    return is_present(aim.EmpOutcome) and is_apprenticeship(aim, check.year)


@rule("Tlout_01")
def tailored_learning_ended_without_its_outcome(aim: Aim) -> bool:
    return (
        aim.FundModel == TAILORED_LEARNING
        and aim.CompStatus in (COMPLETED, WITHDRAWN)
        and not is_present(aim.TLOut)
    )
