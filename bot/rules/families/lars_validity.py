"""Whether LARS lets an aim be funded on its dates: 16 to 19, loans, standards, devolved areas.

Each kind of funding has the same five rules: the start is within the aim's validity, the end is,
it was open to new starts, it is still valid this year, and LARS lists it for that funding at all.
Those of adult funding are in lars_validity_adults; of earlier years, in lars_validity_earlier.
"""

from __future__ import annotations

from datetime import date

from bot.ilr.record import Aim
from bot.rules.derived import is_devolved
from bot.rules.engine import Check, rule
from bot.rules.lars_vocabulary import (
    ends_after,
    no_longer_valid,
    not_listed,
    not_open_to_starts,
    starts_outside,
)
from bot.rules.vocabulary import (
    AGE_16_TO_19,
    APPRENTICESHIP_STANDARD,
    APPRENTICESHIPS,
    AUGUST_2023,
    FREE_COURSES_FOR_JOBS,
    NOT_FUNDED,
    OTHER_16_TO_19,
    OTHER_ADULT,
    SKILLS_BOOTCAMPS,
    is_monitored,
)

FUNDED_14_TO_16 = ("320", "321", "381")
"""Monitoring codes (LDM) of the direct funding of learners aged 14 to 16."""
AUGUST_2011, AUGUST_2020, AUGUST_2021 = date(2011, 8, 1), date(2020, 8, 1), date(2021, 8, 1)


# 16 to 19


def is_16_to_19(aim: Aim) -> bool:
    """Model 25 or 82, without the direct funding of learners aged 14 to 16."""
    return aim.FundModel in (AGE_16_TO_19, OTHER_16_TO_19) and not is_monitored(
        aim, FUNDED_14_TO_16
    )


@rule("LearnAimRef_102")
def started_outside_its_validity_16_to_19(aim: Aim, check: Check) -> bool:
    return (
        aim.LearnActEndDate >= AUGUST_2020
        and is_16_to_19(aim)
        and starts_outside(aim, check, "1619_EFA")
    )


@rule("LearnAimRef_103")
def ended_after_its_validity_16_to_19(aim: Aim, check: Check) -> bool:
    return (
        aim.LearnActEndDate >= AUGUST_2020
        and is_16_to_19(aim)
        and ends_after(aim, check, "1619_EFA")
    )


@rule("LearnAimRef_104")
def not_open_to_new_starts_16_to_19(aim: Aim, check: Check) -> bool:
    return (
        aim.LearnStartDate >= AUGUST_2021
        and is_16_to_19(aim)
        and not_open_to_starts(
            aim, check, "1619_EFA", restarts_exempt=check.parameter("restarts_exempt") == "yes"
        )
    )


@rule("LearnAimRef_105")
def no_longer_valid_16_to_19(aim: Aim, check: Check) -> bool:
    return (
        aim.LearnStartDate >= AUGUST_2021
        and is_16_to_19(aim)
        and no_longer_valid(aim, check, "1619_EFA")
    )


@rule("LearnAimRef_129")
def not_listed_16_to_19(aim: Aim, check: Check) -> bool:
    return (
        aim.LearnStartDate >= AUGUST_2021
        and is_16_to_19(aim)
        and not_listed(aim, check, "1619_EFA")
    )


# 14 to 16


def is_14_to_16(aim: Aim) -> bool:
    """Model 25 with a monitoring code of the direct funding of learners aged 14 to 16."""
    return aim.FundModel == AGE_16_TO_19 and is_monitored(aim, FUNDED_14_TO_16)


@rule("LearnAimRef_122")
def started_outside_its_validity_14_to_16(aim: Aim, check: Check) -> bool:
    return (
        aim.LearnActEndDate >= AUGUST_2020
        and is_14_to_16(aim)
        and starts_outside(aim, check, "1416_EFA")
    )


@rule("LearnAimRef_123")
def ended_after_its_validity_14_to_16(aim: Aim, check: Check) -> bool:
    return (
        aim.LearnActEndDate >= AUGUST_2020
        and is_14_to_16(aim)
        and ends_after(aim, check, "1416_EFA")
    )


@rule("LearnAimRef_124")
def not_open_to_new_starts_14_to_16(aim: Aim, check: Check) -> bool:
    return (
        aim.LearnActEndDate >= AUGUST_2021
        and is_14_to_16(aim)
        and not_open_to_starts(aim, check, "1416_EFA")
    )


@rule("LearnAimRef_125")
def no_longer_valid_14_to_16(aim: Aim, check: Check) -> bool:
    return (
        aim.LearnActEndDate >= AUGUST_2021
        and is_14_to_16(aim)
        and no_longer_valid(aim, check, "1416_EFA")
    )


@rule("LearnAimRef_134")
def not_listed_14_to_16(aim: Aim, check: Check) -> bool:
    return (
        aim.LearnStartDate >= AUGUST_2023
        and is_14_to_16(aim)
        and not_listed(aim, check, "1416_EFA")
    )


# Advanced learner loans


def is_paid_by_a_loan(aim: Aim) -> bool:
    """Model 99 with an advanced learner loan (ADL)."""
    return aim.FundModel == NOT_FUNDED and aim.has_fam("ADL")


@rule("LearnAimRef_110")
def started_outside_its_validity_loans(aim: Aim, check: Check) -> bool:
    return (
        aim.LearnActEndDate >= AUGUST_2020
        and is_paid_by_a_loan(aim)
        and starts_outside(aim, check, "ADV_LEARN_LOAN")
    )


@rule("LearnAimRef_111")
def ended_after_its_validity_loans(aim: Aim, check: Check) -> bool:
    return (
        aim.LearnActEndDate >= AUGUST_2020
        and is_paid_by_a_loan(aim)
        and ends_after(aim, check, "ADV_LEARN_LOAN")
    )


@rule("LearnAimRef_112")
def not_open_to_new_starts_loans(aim: Aim, check: Check) -> bool:
    return (
        aim.LearnStartDate >= AUGUST_2021
        and is_paid_by_a_loan(aim)
        and not_open_to_starts(aim, check, "ADV_LEARN_LOAN")
    )


@rule("LearnAimRef_113")
def no_longer_valid_loans(aim: Aim, check: Check) -> bool:
    return is_paid_by_a_loan(aim) and no_longer_valid(aim, check, "ADV_LEARN_LOAN")


@rule("LearnAimRef_131")
def not_listed_loans(aim: Aim, check: Check) -> bool:
    return (
        aim.LearnStartDate >= AUGUST_2021
        and is_paid_by_a_loan(aim)
        and not_listed(aim, check, "ADV_LEARN_LOAN")
    )


# Any validity: standards, bootcamps, models 81 and 99


def takes_any_validity(aim: Aim) -> bool:
    """A standard on model 36, model 37, 81, or 99 without a loan."""
    return (
        aim.FundModel in (SKILLS_BOOTCAMPS, OTHER_ADULT, NOT_FUNDED)
        or (aim.FundModel == APPRENTICESHIPS and aim.ProgType == APPRENTICESHIP_STANDARD)
    ) and not aim.has_fam("ADL")


@rule("LearnAimRef_114")
def started_outside_its_validity_any(aim: Aim, check: Check) -> bool:
    return (
        aim.LearnActEndDate >= AUGUST_2020
        and takes_any_validity(aim)
        and starts_outside(aim, check, "ANY")
    )


@rule("LearnAimRef_115")
def ended_after_its_validity_any(aim: Aim, check: Check) -> bool:
    return (
        aim.LearnActEndDate >= AUGUST_2020
        and takes_any_validity(aim)
        and ends_after(aim, check, "ANY")
    )


@rule("LearnAimRef_116")
def not_open_to_new_starts_any(aim: Aim, check: Check) -> bool:
    return (
        aim.LearnStartDate >= AUGUST_2021
        and takes_any_validity(aim)
        and not_open_to_starts(aim, check, "ANY")
    )


@rule("LearnAimRef_117")
def no_longer_valid_any(aim: Aim, check: Check) -> bool:
    return (
        aim.FundModel in (SKILLS_BOOTCAMPS, OTHER_ADULT, NOT_FUNDED)
        and takes_any_validity(aim)
        and no_longer_valid(aim, check, "ANY")
    )


@rule("LearnAimRef_132")
def not_listed_any(aim: Aim, check: Check) -> bool:
    return (
        aim.LearnStartDate >= AUGUST_2023
        and takes_any_validity(aim)
        and not_listed(aim, check, "ANY")
    )


# Devolved areas


def is_paid_by_an_authority(aim: Aim, check: Check) -> bool:
    """A devolved authority's (DD35), and no free course for jobs."""
    return is_devolved(aim, check.year) and not aim.has_fam("LDM", FREE_COURSES_FOR_JOBS)


@rule("LearnAimRef_118")
def started_outside_its_validity_devolved(aim: Aim, check: Check) -> bool:
    return (
        aim.LearnActEndDate >= AUGUST_2020
        and is_paid_by_an_authority(aim, check)
        and starts_outside(aim, check, "MCA_GLA")
    )


@rule("LearnAimRef_119")
def ended_after_its_validity_devolved(aim: Aim, check: Check) -> bool:
    return (
        aim.LearnActEndDate >= AUGUST_2020
        and is_paid_by_an_authority(aim, check)
        and ends_after(aim, check, "MCA_GLA")
    )


@rule("LearnAimRef_120")
def not_open_to_new_starts_devolved(aim: Aim, check: Check) -> bool:
    return (
        aim.LearnActEndDate >= AUGUST_2021
        and is_paid_by_an_authority(aim, check)
        and not_open_to_starts(aim, check, "MCA_GLA")
    )


@rule("LearnAimRef_121")
def no_longer_valid_devolved(aim: Aim, check: Check) -> bool:
    return is_paid_by_an_authority(aim, check) and no_longer_valid(aim, check, "MCA_GLA")


@rule("LearnAimRef_133")
def not_listed_devolved(aim: Aim, check: Check) -> bool:
    return (
        aim.LearnStartDate >= AUGUST_2023
        and is_paid_by_an_authority(aim, check)
        and not_listed(aim, check, "MCA_GLA", "COMM_LEARN", "TAILORED_LEARNING")
    )
