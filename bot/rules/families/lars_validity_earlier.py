"""Whether LARS lets an aim be funded on its dates: aims begun before August 2021, and 2020-21.

Until 2020-21 one rule did for every kind of funding what one for each kind does since. Also the
original start of an aim that was transferred or restarted.
"""

from __future__ import annotations

from datetime import date

from bot.ilr.absent import Day, is_present
from bot.ilr.record import Aim
from bot.rules.derived import is_devolved
from bot.rules.engine import Check, rule
from bot.rules.families.lars_validity import AUGUST_2021, is_paid_by_a_loan, takes_any_validity
from bot.rules.lars_vocabulary import lars_aim, no_longer_valid, not_listed, outside
from bot.rules.reference.lars import LarsAim
from bot.rules.vocabulary import (
    ADULT_SKILLS,
    ADULT_SKILLS_FUND,
    AGE_16_TO_19,
    APPRENTICESHIP_STANDARD,
    APPRENTICESHIPS,
    AUGUST_2016,
    COMMUNITY_LEARNING,
    COMPONENT_AIM,
    COVID_SKILLS_OFFER,
    EUROPEAN_SOCIAL_FUND,
    FREE_COURSES_FOR_JOBS,
    OTHER_16_TO_19,
    OTHER_ADULT,
    SKILLS_BOOTCAMPS,
    employment_on,
    is_apprenticeship,
    is_in_custody,
    is_restart,
)

AUGUST_2011 = date(2011, 8, 1)
FOR_AUTHORITIES = 41
"""LARS category of aims that a devolved authority may fund, until 2020-21."""


def validity_category(aim: Aim, check: Check) -> str | None:
    """The kind of funding whose validity an aim needs; None when none is tested.

    Source: the 2020-21 service, LearnAimRef_88Rule; the table that the later text refers to was
    not read.
    """
    model, devolved = aim.FundModel, is_devolved(aim, check.year)
    apprenticeship = is_apprenticeship(aim, check.year)
    if model == ADULT_SKILLS and devolved:
        return "ADULT_SKILLS"
    if model == COMMUNITY_LEARNING:
        return "COMM_LEARN"
    if model == EUROPEAN_SOCIAL_FUND:
        return "ESF"
    if model in (AGE_16_TO_19, OTHER_16_TO_19):
        return "1619_EFA"
    if is_paid_by_a_loan(aim):
        return "ADV_LEARN_LOAN"
    if model != SKILLS_BOOTCAMPS and takes_any_validity(aim):
        return "ANY"
    if model == ADULT_SKILLS and is_in_custody(aim):
        return "OLASS_ADULT"
    if (
        model in (ADULT_SKILLS, APPRENTICESHIPS)
        and apprenticeship
        and aim.ProgType != APPRENTICESHIP_STANDARD
        and aim.AimType == COMPONENT_AIM
        and aim.LearnStartDate >= AUGUST_2011
    ):
        return "APPRENTICESHIPS"
    if model != ADULT_SKILLS or apprenticeship or aim.has_fam("LDM", COVID_SKILLS_OFFER):
        return None
    status = employment_on(aim.learner, aim.LearnStartDate)
    on_benefits = status is not None and status.has("BSI", 1, 2, 3, 4)
    if aim.LearnStartDate < AUGUST_2016 and on_benefits:
        return "UNEMPLOYED"
    return "ADULT_SKILLS"


def is_for_authorities(aim: Aim, check: Check, held: LarsAim, day: Day) -> bool:
    """Whether it is devolved adult skills, and of the authorities' LARS category on a day."""
    return (
        aim.FundModel == ADULT_SKILLS
        and is_devolved(aim, check.year)
        and held.in_category_on(day, FOR_AUTHORITIES)
    )


@rule("LearnAimRef_88")
def was_not_valid_on_its_start(aim: Aim, check: Check) -> bool:
    start, held = aim.LearnStartDate, lars_aim(aim, check)
    category = validity_category(aim, check)
    if not start < AUGUST_2021 or category is None or held is None:
        return False
    if is_restart(aim) and not is_devolved(aim, check.year):
        return False
    return not is_for_authorities(aim, check, held, start) and not any(
        row.covers(start) and not (row.last_new_start and start > row.last_new_start)
        for row in held.valid_for(category)
    )


@rule("LearnAimRef_89")
def validity_was_over_before_this_year(aim: Aim, check: Check) -> bool:
    held, category = lars_aim(aim, check), validity_category(aim, check)
    if category is None or held is None:
        return False
    devolved = aim.FundModel == ADULT_SKILLS and is_devolved(aim, check.year)
    return not (devolved and held.has_category(FOR_AUTHORITIES)) and (
        not held.valid_for(category) or no_longer_valid(aim, check, category)
    )


@rule("LearnAimRef_91")
def ended_aim_was_not_valid_on_its_start(aim: Aim, check: Check) -> bool:
    if not aim.LearnActEndDate >= date(check.year.first, 8, 1):
        return False
    return is_not_valid_on(aim, check, aim.LearnStartDate)


@rule("LearnAimRef_92")
def validity_was_over_when_it_ended(aim: Aim, check: Check) -> bool:
    end = aim.LearnActEndDate if is_present(aim.LearnActEndDate) else check.on
    held, category = lars_aim(aim, check), validity_category(aim, check)
    if end < date(check.year.first, 8, 1) or category is None or held is None:
        return False
    return not is_for_authorities(aim, check, held, end) and all(
        row.end is not None and end > row.end for row in held.valid_for(category)
    )


def is_not_valid_on(aim: Aim, check: Check, day: Day) -> bool:
    """Whether no validity for the aim's funding covers a day."""
    held, category = lars_aim(aim, check), validity_category(aim, check)
    if category is None or held is None:
        return False
    return not is_for_authorities(aim, check, held, day) and not any(
        row.covers(day) for row in held.valid_for(category)
    )


# The original start of an aim


@rule("OrigLearnStartDate_06")
def original_start_outside_validity_model_35(aim: Aim, check: Check) -> bool:
    return (
        aim.FundModel == ADULT_SKILLS
        and is_present(aim.OrigLearnStartDate)
        and not is_apprenticeship(aim, check.year)
        and not aim.has_fam("LDM", FREE_COURSES_FOR_JOBS)
        and original_start_is_invalid(aim, check, *check.parameter("validity_codes"))
    )


def original_start_is_invalid(aim: Aim, check: Check, *categories: str) -> bool:
    """Whether no validity of these covers the original start, or LARS has none of them."""
    return not_listed(aim, check, *categories) or outside(
        aim, check, aim.OrigLearnStartDate, *categories
    )


@rule("OrigLearnStartDate_07")
def original_start_outside_validity_any(aim: Aim, check: Check) -> bool:
    return (
        is_present(aim.OrigLearnStartDate)
        and (
            aim.FundModel == OTHER_ADULT
            or (aim.FundModel == APPRENTICESHIPS and aim.ProgType == APPRENTICESHIP_STANDARD)
        )
        and original_start_is_invalid(aim, check, "ANY")
    )


@rule("OrigLearnStartDate_08")
def original_start_outside_validity_loans(aim: Aim, check: Check) -> bool:
    return (
        is_present(aim.OrigLearnStartDate)
        and is_paid_by_a_loan(aim)
        and original_start_is_invalid(aim, check, "ADV_LEARN_LOAN")
    )


@rule("OrigLearnStartDate_10")
def original_start_outside_validity_bootcamps(aim: Aim, check: Check) -> bool:
    return (
        is_present(aim.OrigLearnStartDate)
        and aim.FundModel == SKILLS_BOOTCAMPS
        and original_start_is_invalid(aim, check, "ANY")
    )


@rule("OrigLearnStartDate_11")
def original_start_outside_validity_model_38(aim: Aim, check: Check) -> bool:
    return (
        is_present(aim.OrigLearnStartDate)
        and aim.FundModel == ADULT_SKILLS_FUND
        and not aim.has_fam("LDM", FREE_COURSES_FOR_JOBS)
        and original_start_is_invalid(aim, check, *check.parameter("validity_codes"))
    )


@rule("OrigLearnStartDate_05")
def original_start_outside_validity_framework(aim: Aim, check: Check) -> bool:
    return (
        is_present(aim.OrigLearnStartDate)
        and aim.FundModel in (ADULT_SKILLS, APPRENTICESHIPS)
        and aim.AimType == COMPONENT_AIM
        and is_apprenticeship(aim, check.year)
        and aim.ProgType != APPRENTICESHIP_STANDARD
        and original_start_is_invalid(aim, check, "APPRENTICESHIPS")
    )
