"""Whether an adult's aim may be funded, or funded in full, at its LARS level: FFI, age, LDM 378.

Ages are whole years on the aim's start. An aim in force in LARS before, and not on the start, is
told apart only where the published rule does so.
"""

from __future__ import annotations

from datetime import date

from bot.ilr.record import Aim
from bot.rules.derived import is_devolved, is_unemployed_on_benefits
from bot.rules.engine import Check, rule
from bot.rules.lars_vocabulary import (
    A_LEVELS,
    DIGITAL_SKILLS,
    ENTRY_TO_LEVEL_2,
    FULL_LEVEL_2_OR_ABOVE,
    LEVEL_2,
    LEVEL_2_ENTITLEMENT,
    LEVEL_3,
    LEVEL_3_AND_ABOVE,
    LEVEL_3_ENTITLEMENT,
    LEVEL_3_OFFER,
    LEVEL_3_OFFER_AUTHORITIES,
    LEVEL_3_OFFER_ONLY,
    LEVEL_3_OFFER_SHORT,
    OLD_LEVEL_2_OR_ABOVE,
    TRADE_UNION,
    has_attained,
    has_category,
    has_level,
    has_type,
    in_category_at_start,
    is_aged,
    is_basic_skill,
    is_english_or_maths,
    is_fully_funded,
    is_fully_funded_by_authority,
    is_in_custody_or_released,
    is_on_active_benefits,
    is_on_any_benefits,
    is_traineeship_preparation,
    is_unemployed_on_other_benefits,
    lacks_category,
    lars_aim,
    own_provider,
)
from bot.rules.vocabulary import (
    ADULT_SKILLS,
    ADULT_SKILLS_FUND,
    ADULT_SKILLS_FUND_BEGAN,
    APPRENTICESHIPS,
    AUGUST_2016,
    BELOW_EARNINGS_THRESHOLD,
    COMPONENT_AIM,
    FREE_COURSES_FOR_JOBS,
    is_apprenticeship,
    is_in_custody,
    is_restart,
)

AUGUST_2015, AUGUST_2017, AUGUST_2020 = date(2015, 8, 1), date(2017, 8, 1), date(2020, 8, 1)
ADULT_SKILLS_ENDED = date(2024, 7, 31)
STEEL_REDUNDANCY, LOW_WAGES, PROJECT_S, PROCUREMENT_2023 = "347", "363", "395", "388"
"""Monitoring codes (LDM)."""
SPECIALIST_DESIGNATED_COLLEGE = "USDC"
PROCUREMENT_2023_AIMS = 65
REGULATED = ("EOQ", "EOU", "EQQ")
"""LARS genres of regulated qualifications."""
BRITISH_SIGN_LANGUAGE = 20
"""LARS common component."""


# Full funding (FFI 1) on model 35


def is_funded_for_all(aim: Aim, check: Check) -> bool:
    """What exempts from every rule on full funding of model 35: apprenticeships, custody,
    temporary release, restarts, steel redundancy training, and English and maths."""
    return (
        is_apprenticeship(aim, check.year)
        or is_in_custody_or_released(aim)
        or is_restart(aim)
        or aim.has_fam("LDM", STEEL_REDUNDANCY)
        or is_english_or_maths(aim, check)
    )


def is_exempt_since_2017(aim: Aim, check: Check) -> bool:
    """The same, and low wages, devolved areas' own full funding and traineeship preparation."""
    return (
        aim.has_fam("LDM", LOW_WAGES)
        or is_fully_funded_by_authority(aim)
        or is_traineeship_preparation(aim, check)
        or is_funded_for_all(aim, check)
    )


def is_full_adult_skills(aim: Aim, first: date, last: date) -> bool:
    """Model 35, fully funded, begun from one day to another."""
    return (
        aim.FundModel == ADULT_SKILLS
        and first <= aim.LearnStartDate <= last
        and is_fully_funded(aim)
    )


@rule("LearnDelFAMType_57")
def full_funding_at_24_before_2016(aim: Aim, check: Check) -> bool:
    return is_full_adult_skills(aim, date.min, date(2016, 7, 31)) and is_full_at_24(aim, check)


@rule("LearnDelFAMType_60")
def full_funding_at_24_in_2016(aim: Aim, check: Check) -> bool:
    return is_full_adult_skills(aim, AUGUST_2016, date(2017, 7, 31)) and is_full_at_24(aim, check)


def is_full_at_24(aim: Aim, check: Check) -> bool:
    """Whether the learner is 24 or over, the aim at level 2 or below, and nothing exempts."""
    return (
        is_aged(aim, 24)
        and own_provider(aim, check).type != SPECIALIST_DESIGNATED_COLLEGE
        and not is_on_active_benefits(aim)
        and not is_unemployed_on_other_benefits(aim)
        and has_level(aim, check, ENTRY_TO_LEVEL_2)
        and not has_category(aim, check, TRADE_UNION)
        and not is_funded_for_all(aim, check)
    )


@rule("LearnDelFAMType_61")
def full_level_2_outside_entitlement_2017(aim: Aim, check: Check) -> bool:
    return (
        is_full_adult_skills(aim, AUGUST_2017, date(2020, 7, 31))
        and is_aged(aim, 19, 23)
        and has_level(aim, check, LEVEL_2)
        and lacks_category(aim, check, LEVEL_2_ENTITLEMENT)
        and not is_on_any_benefits(aim)
        and not is_exempt_since_2017(aim, check)
    )


@rule("LearnDelFAMType_65")
def full_funding_at_level_2_again_2017(aim: Aim, check: Check) -> bool:
    return is_full_adult_skills(aim, AUGUST_2017, date(2020, 7, 31)) and is_full_at_level_2_again(
        aim, check
    )


def is_full_at_level_2_again(aim: Aim, check: Check) -> bool:
    """Whether the learner is 19 to 23 and at level 2 already, the aim no higher, and nothing
    exempts."""
    return (
        is_aged(aim, 19, 23)
        and has_attained(aim, FULL_LEVEL_2_OR_ABOVE, OLD_LEVEL_2_OR_ABOVE)
        and has_level(aim, check, ENTRY_TO_LEVEL_2)
        and not is_on_any_benefits(aim)
        and not is_exempt_since_2017(aim, check)
    )


@rule("LearnDelFAMType_66")
def full_funding_at_24_2017(aim: Aim, check: Check) -> bool:
    return is_full_adult_skills(aim, AUGUST_2017, date(2020, 7, 31)) and is_full_at_24_since_2017(
        aim, check
    )


def is_full_at_24_since_2017(aim: Aim, check: Check) -> bool:
    """Whether the learner is 24 or over, the aim at level 2 or below, and nothing exempts."""
    return (
        is_aged(aim, 24)
        and has_level(aim, check, ENTRY_TO_LEVEL_2)
        and not is_on_any_benefits(aim)
        and not is_exempt_since_2017(aim, check)
    )


@rule("LearnDelFAMType_79")
def full_level_2_outside_entitlement_2020(aim: Aim, check: Check) -> bool:
    return (
        is_full_adult_skills(aim, AUGUST_2020, ADULT_SKILLS_ENDED)
        and is_aged(aim, 19, 23)
        and has_level(aim, check, LEVEL_2)
        and lacks_category(aim, check, LEVEL_2_ENTITLEMENT)
        and not is_on_any_benefits(aim)
        and not is_exempt_since_2017(aim, check)
        and not is_basic_skill(aim, check, DIGITAL_SKILLS)
    )


@rule("LearnDelFAMType_80")
def full_funding_at_level_2_again_2020(aim: Aim, check: Check) -> bool:
    return (
        is_full_adult_skills(aim, AUGUST_2020, ADULT_SKILLS_ENDED)
        and is_full_at_level_2_again(aim, check)
        and not is_basic_skill(aim, check, DIGITAL_SKILLS)
    )


@rule("LearnDelFAMType_81")
def full_funding_at_24_2020(aim: Aim, check: Check) -> bool:
    return (
        is_full_adult_skills(aim, AUGUST_2020, ADULT_SKILLS_ENDED)
        and not is_unemployed_on_benefits(aim)
        and is_full_at_24_since_2017(aim, check)
        and not is_basic_skill(aim, check, DIGITAL_SKILLS)
    )


# Full funding (FFI 1) on model 38


def is_full_without_low_earnings(aim: Aim) -> bool:
    """Model 38 since August 2024, fully funded, not below the earnings threshold, no restart."""
    return (
        aim.FundModel == ADULT_SKILLS_FUND
        and aim.LearnStartDate >= ADULT_SKILLS_FUND_BEGAN
        and is_fully_funded(aim)
        and not aim.has_fam("LDM", BELOW_EARNINGS_THRESHOLD)
        and not is_restart(aim)
    )


def is_basic_or_digital(aim: Aim, check: Check) -> bool:
    """English, maths or digital skills, which are funded in full."""
    return is_english_or_maths(aim, check) or is_basic_skill(aim, check, DIGITAL_SKILLS)


@rule("LearnDelFAMType_122")
def full_level_2_outside_entitlement_now(aim: Aim, check: Check) -> bool:
    return (
        is_full_without_low_earnings(aim)
        and is_aged(aim, 19, 23)
        and not is_fully_funded_by_authority(aim)
        and has_level(aim, check, LEVEL_2)
        and lacks_category(aim, check, LEVEL_2_ENTITLEMENT)
        and not is_english_or_maths(aim, check)
    )


@rule("LearnDelFAMType_123")
def full_funding_at_19_to_23_now(aim: Aim, check: Check) -> bool:
    return (
        is_full_without_low_earnings(aim)
        and is_aged(aim, 19, 23)
        and not is_devolved(aim, check.year)
        and has_level(aim, check, ENTRY_TO_LEVEL_2)
        and lacks_category(aim, check, LEVEL_2_ENTITLEMENT)
        and not is_basic_or_digital(aim, check)
    )


@rule("LearnDelFAMType_124")
def full_funding_at_24_now(aim: Aim, check: Check) -> bool:
    return (
        is_full_without_low_earnings(aim)
        and is_aged(aim, 24)
        and not is_fully_funded_by_authority(aim)
        and has_level(aim, check, ENTRY_TO_LEVEL_2)
        and not is_basic_or_digital(aim, check)
    )


@rule("LearnDelFAMType_130")
def full_funding_at_level_2_again_now(aim: Aim, check: Check) -> bool:
    return (
        is_full_without_low_earnings(aim)
        and is_aged(aim, 19, 23)
        and not is_devolved(aim, check.year)
        and has_attained(aim, FULL_LEVEL_2_OR_ABOVE, OLD_LEVEL_2_OR_ABOVE)
        and has_category(aim, check, LEVEL_2_ENTITLEMENT)
        and not is_basic_or_digital(aim, check)
    )


@rule("LearnDelFAMType_125")
def entitlement_at_24_without_its_code(aim: Aim, check: Check) -> bool:
    return (
        aim.FundModel == ADULT_SKILLS_FUND
        and aim.LearnStartDate >= ADULT_SKILLS_FUND_BEGAN
        and is_aged(aim, 24)
        and not is_restart(aim)
        and not is_fully_funded_by_authority(aim)
        and not aim.has_fam("LDM", FREE_COURSES_FOR_JOBS, PROJECT_S)
        and has_level(aim, check, LEVEL_3)
        and has_category(aim, check, LEVEL_3_ENTITLEMENT)
    )


# Learning support, and the code of free courses for jobs


@rule("LearnDelFAMType_67")
def learning_support_on_another_component(aim: Aim, check: Check) -> bool:
    if aim.FundModel != APPRENTICESHIPS or aim.AimType != COMPONENT_AIM or not aim.has_fam("LSF"):
        return False
    held = lars_aim(aim, check)
    return (
        held is not None
        and held.common_component != BRITISH_SIGN_LANGUAGE
        and not is_english_or_maths(aim, check)
    )


OFFERED = (*LEVEL_3_OFFER, LEVEL_3_OFFER_SHORT, LEVEL_3_OFFER_AUTHORITIES)
"""LARS categories of free courses for jobs."""


@rule("LearnDelFAMType_98")
def free_course_code_on_another_aim(aim: Aim, check: Check) -> bool:
    return (
        aim.FundModel == ADULT_SKILLS
        and aim.LearnStartDate <= ADULT_SKILLS_ENDED
        and aim.has_fam("LDM", FREE_COURSES_FOR_JOBS)
        and lacks_category(aim, check, *OFFERED, LEVEL_3_OFFER_ONLY)
    )


@rule("LearnDelFAMType_99")
def offer_without_its_code(aim: Aim, check: Check) -> bool:
    return (
        aim.FundModel == ADULT_SKILLS
        and aim.LearnStartDate <= ADULT_SKILLS_ENDED
        and not aim.has_fam("LDM", FREE_COURSES_FOR_JOBS)
        and not is_devolved(aim, check.year)
        and has_category(aim, check, LEVEL_3_OFFER_ONLY)
    )


@rule("LearnDelFAMType_110")
def authority_course_paid_otherwise(aim: Aim, check: Check) -> bool:
    return (
        aim.has_fam("LDM", FREE_COURSES_FOR_JOBS)
        and not is_devolved(aim, check.year)
        and not is_restart(aim)
        and in_category_at_start(aim, check, LEVEL_3_OFFER_AUTHORITIES)
    )


@rule("LearnDelFAMType_114")
def free_course_outside_the_offer(aim: Aim, check: Check) -> bool:
    return (
        aim.LearnStartDate <= ADULT_SKILLS_ENDED
        and aim.has_fam("LDM", FREE_COURSES_FOR_JOBS)
        and not is_devolved(aim, check.year)
        and not is_restart(aim)
        and has_category(aim, check, *LEVEL_3_OFFER)
        and not in_category_at_start(aim, check, *LEVEL_3_OFFER)
    )


@rule("LearnDelFAMType_117")
def aim_outside_the_2023_procurement(aim: Aim, check: Check) -> bool:
    if not aim.has_fam("LDM", PROCUREMENT_2023):
        return False
    held = lars_aim(aim, check)
    return (
        held is not None
        and held.genre not in REGULATED
        and not held.has_category(PROCUREMENT_2023_AIMS)
    )


@rule("LearnDelFAMType_121")
def free_course_code_on_another_aim_now(aim: Aim, check: Check) -> bool:
    return (
        aim.FundModel == ADULT_SKILLS_FUND
        and aim.LearnStartDate >= ADULT_SKILLS_FUND_BEGAN
        and aim.has_fam("LDM", FREE_COURSES_FOR_JOBS)
        and not aim.has_fam("LDM", PROJECT_S)
        and lacks_category(aim, check, *OFFERED)
    )


@rule("LearnDelFAMType_129")
def authority_course_outside_the_offer(aim: Aim, check: Check) -> bool:
    return (
        aim.has_fam("LDM", FREE_COURSES_FOR_JOBS)
        and is_devolved(aim, check.year)
        and not is_restart(aim)
        and has_category(aim, check, LEVEL_3_OFFER_AUTHORITIES)
        and not has_category(aim, check, *LEVEL_3_OFFER)
        and not in_category_at_start(aim, check, LEVEL_3_OFFER_AUTHORITIES)
    )


# Level 3 and above from the age of 24


def is_level_3_at_24(aim: Aim, check: Check) -> bool:
    """Whether the learner is 24 or over and the aim at level 3 or above; restarts are exempt."""
    return not is_restart(aim) and is_aged(aim, 24) and has_level(aim, check, LEVEL_3_AND_ABOVE)


def is_at_24_on_model_35(aim: Aim, check: Check) -> bool:
    """The same on model 35, without custody and apprenticeships."""
    return (
        aim.FundModel == ADULT_SKILLS
        and not is_apprenticeship(aim, check.year)
        and not is_in_custody(aim)
        and is_level_3_at_24(aim, check)
    )


def is_early_level_3_at_24(aim: Aim, check: Check) -> bool:
    """The same, without trade union aims, steel redundancy and specialist designated colleges."""
    return (
        own_provider(aim, check).type != SPECIALIST_DESIGNATED_COLLEGE
        and not aim.has_fam("LDM", STEEL_REDUNDANCY)
        and is_at_24_on_model_35(aim, check)
        and not has_category(aim, check, TRADE_UNION)
    )


@rule("DateOfBirth_32")
def level_3_at_24_in_2015(aim: Aim, check: Check) -> bool:
    return AUGUST_2015 <= aim.LearnStartDate < AUGUST_2016 and is_early_level_3_at_24(aim, check)


@rule("DateOfBirth_49")
def level_3_at_24_in_2016(aim: Aim, check: Check) -> bool:
    return AUGUST_2016 <= aim.LearnStartDate < AUGUST_2017 and is_early_level_3_at_24(aim, check)


@rule("DateOfBirth_55")
def level_3_at_24_2017_to_2024(aim: Aim, check: Check) -> bool:
    return (
        AUGUST_2017 <= aim.LearnStartDate <= ADULT_SKILLS_ENDED
        and not aim.has_fam("LDM", FREE_COURSES_FOR_JOBS)
        and not is_fully_funded_by_authority(aim)
        and is_at_24_on_model_35(aim, check)
        and not has_type(aim, check, *A_LEVELS)
    )


@rule("DateOfBirth_56")
def level_3_at_24_on_the_adult_skills_fund(aim: Aim, check: Check) -> bool:
    return (
        aim.FundModel == ADULT_SKILLS_FUND
        and aim.LearnStartDate >= ADULT_SKILLS_FUND_BEGAN
        and not aim.has_fam("LDM", FREE_COURSES_FOR_JOBS, PROJECT_S)
        and not is_fully_funded_by_authority(aim)
        and is_level_3_at_24(aim, check)
        and not has_type(aim, check, *A_LEVELS)
    )
