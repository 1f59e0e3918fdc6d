"""Which aim it is, by LARS: its reference, level and categories, and what it is part of."""

from __future__ import annotations

from datetime import date

from bot.ilr.absent import is_present
from bot.ilr.record import Aim, HoursRecord
from bot.rules.derived import is_unemployed_on_benefits
from bot.rules.doubt import Doubt, unlisted
from bot.rules.engine import Check, rule
from bot.rules.families.aim_reference import is_of_more_than_one_day
from bot.rules.lars_vocabulary import (
    BOOTCAMP_SUBJECT,
    CSCS_CARD,
    FULL_LEVEL_3_OR_ABOVE,
    LEVEL_3,
    LEVEL_3_ENTITLEMENT,
    LEVEL_4,
    LICENCE_TO_PRACTISE,
    OLD_LEVEL_3_OR_ABOVE,
    SECURITY_LICENCE,
    has_attained,
    has_category,
    has_level,
    in_category_at_start,
    is_basic_skill,
    is_fully_funded_by_authority,
    is_in_custody_or_released,
    is_technical_qualification,
    lacks_category,
    lars_aim,
    own_provider,
)
from bot.rules.reference.lars import ESOL
from bot.rules.vocabulary import (
    ACHIEVED,
    ADULT_SKILLS,
    ADULT_SKILLS_FUND,
    ADULT_SKILLS_FUND_BEGAN,
    ADULT_T_LEVEL_PILOT,
    AUGUST_2014,
    AUGUST_2016,
    BELOW_EARNINGS_THRESHOLD,
    CORE_AIM,
    FREE_COURSES_FOR_JOBS,
    FREE_COURSES_LOW_WAGE,
    NOT_FUNDED,
    OTHER_ADULT,
    SKILLS_BOOTCAMP,
    T_LEVEL,
    TRAINEESHIP,
    UNIT_BEGUN,
    employment_on,
    is_apprenticeship,
    is_closed,
    is_in_custody,
    is_restart,
)

PROJECT_S_FUND, PROJECT_S_BOOTCAMPS = "395", "396"
"""Monitoring codes (LDM) of the Project S pilot, on the Adult Skills Fund and in bootcamps."""
STEEL_REDUNDANCY = "347"
EXCEPTIONAL_BOOTCAMP, APPRENTICESHIP_UNIT_AIMS = 67, 91
"""LARS categories."""
AUGUST_2015, AUGUST_2017 = date(2015, 8, 1), date(2017, 8, 1)
ADULT_SKILLS_ENDED = date(2024, 7, 31)
ADDITIONAL_HOURS = 6
"""Code of the additional hours among HRS records."""


@rule("LearnAimRef_01")
def aim_is_not_in_lars(aim: Aim, check: Check) -> bool:
    return is_present(aim.LearnAimRef) and lars_aim(aim, check) is None


@rule("LearnAimRef_56")
def security_licence_in_custody(aim: Aim, check: Check) -> bool:
    return (
        aim.FundModel in (ADULT_SKILLS, OTHER_ADULT)
        and aim.LearnStartDate >= AUGUST_2015
        and is_in_custody_or_released(aim)
        and has_category(aim, check, SECURITY_LICENCE)
    )


@rule("LearnAimRef_81")
def licence_to_practise_on_other_benefits(aim: Aim, check: Check) -> bool:
    status = employment_on(aim.learner, aim.LearnStartDate)
    categories = check.reference.lars.category_and_children(LICENCE_TO_PRACTISE)
    return (
        aim.FundModel in (ADULT_SKILLS, OTHER_ADULT)
        and aim.LearnStartDate >= AUGUST_2016
        and status is not None
        and status.has("BSI", 3)
        and has_category(aim, check, *categories)
    )


@rule("LearnAimRef_78")
def level_3_outside_the_entitlement_2016(aim: Aim, check: Check) -> bool:
    return (
        AUGUST_2016 <= aim.LearnStartDate < AUGUST_2017
        and aim.FundModel == ADULT_SKILLS
        and not is_apprenticeship(aim, check.year)
        and not is_in_custody(aim)
        and not is_restart(aim)
        and not aim.has_fam("LDM", STEEL_REDUNDANCY)
        and own_provider(aim, check).type != "USDC"
        and has_level(aim, check, LEVEL_3)
        and lacks_category(aim, check, LEVEL_3_ENTITLEMENT)
    )


@rule("LearnAimRef_79")
def level_4_on_adult_skills(aim: Aim, check: Check) -> bool:
    return (
        AUGUST_2016 <= aim.LearnStartDate <= ADULT_SKILLS_ENDED
        and aim.FundModel == ADULT_SKILLS
        and not is_apprenticeship(aim, check.year)
        and not is_in_custody(aim)
        and not is_restart(aim)
        and not is_fully_funded_by_authority(aim)
        and has_level(aim, check, LEVEL_4)
    )


@rule("LearnAimRef_84")
def level_3_outside_the_entitlement_2017(aim: Aim, check: Check) -> bool:
    return (
        AUGUST_2017 <= aim.LearnStartDate <= ADULT_SKILLS_ENDED
        and aim.FundModel == ADULT_SKILLS
        and aim.ProgType != TRAINEESHIP
        and not is_apprenticeship(aim, check.year)
        and not is_in_custody(aim)
        and not is_restart(aim)
        and not is_fully_funded_by_authority(aim)
        and not aim.has_fam("LDM", FREE_COURSES_FOR_JOBS)
        and has_level(aim, check, LEVEL_3)
        and not in_category_at_start(aim, check, LEVEL_3_ENTITLEMENT)
    )


@rule("LearnAimRef_85")
def level_3_again_2017(aim: Aim, check: Check) -> bool:
    return (
        AUGUST_2017 <= aim.LearnStartDate <= ADULT_SKILLS_ENDED
        and aim.FundModel == ADULT_SKILLS
        and aim.ProgType != TRAINEESHIP
        and not is_apprenticeship(aim, check.year)
        and not is_restart(aim)
        and not is_fully_funded_by_authority(aim)
        and not aim.has_fam("LDM", FREE_COURSES_FOR_JOBS, FREE_COURSES_LOW_WAGE)
        and not is_unemployed_on_benefits(aim)
        and has_attained(aim, FULL_LEVEL_3_OR_ABOVE, OLD_LEVEL_3_OR_ABOVE)
        and has_level(aim, check, LEVEL_3)
    )


@rule("LearnAimRef_135")
def level_4_on_the_adult_skills_fund(aim: Aim, check: Check) -> bool:
    return (
        aim.FundModel == ADULT_SKILLS_FUND
        and aim.LearnStartDate >= ADULT_SKILLS_FUND_BEGAN
        and not is_fully_funded_by_authority(aim)
        and has_level(aim, check, LEVEL_4)
    )


@rule("LearnAimRef_136")
def level_3_outside_the_entitlement_now(aim: Aim, check: Check) -> bool:
    return (
        aim.FundModel == ADULT_SKILLS_FUND
        and aim.LearnStartDate >= ADULT_SKILLS_FUND_BEGAN
        and not is_restart(aim)
        and not is_fully_funded_by_authority(aim)
        and not aim.has_fam("LDM", FREE_COURSES_FOR_JOBS, PROJECT_S_FUND)
        and has_level(aim, check, LEVEL_3)
        and not in_category_at_start(aim, check, LEVEL_3_ENTITLEMENT)
    )


@rule("LearnAimRef_137")
def level_3_again_now(aim: Aim, check: Check) -> bool:
    return (
        aim.FundModel == ADULT_SKILLS_FUND
        and aim.LearnStartDate >= ADULT_SKILLS_FUND_BEGAN
        and not is_restart(aim)
        and not is_fully_funded_by_authority(aim)
        and not aim.has_fam("LDM", BELOW_EARNINGS_THRESHOLD)
        and has_attained(aim, FULL_LEVEL_3_OR_ABOVE, OLD_LEVEL_3_OR_ABOVE)
        and has_level(aim, check, LEVEL_3)
    )


@rule("LearnAimRef_153")
def exceptional_bootcamp_on_adult_skills(aim: Aim, check: Check) -> bool:
    return aim.FundModel == ADULT_SKILLS and has_category(aim, check, EXCEPTIONAL_BOOTCAMP)


@rule("LearnAimRef_155")
def cscs_card_of_more_than_one_day(aim: Aim, check: Check) -> bool:
    return is_of_more_than_one_day(aim) and is_cscs_card(aim, check)


def is_cscs_card(aim: Aim, check: Check) -> bool:
    """Whether it is a construction skills card: its LARS category, or one below it."""
    return has_category(aim, check, *check.reference.lars.category_and_children(CSCS_CARD))


@rule("LearnDelFAMType_140")
def unit_code_on_another_aim(aim: Aim, check: Check) -> bool:
    return aim.has_fam("LDM", UNIT_BEGUN) and lacks_category(aim, check, APPRENTICESHIP_UNIT_AIMS)


# T Levels and bootcamps


@rule("AimType_08", until="2025-26")
def technical_qualification_is_not_core(aim: Aim, check: Check) -> bool:
    return (
        aim.ProgType == T_LEVEL
        and is_present(aim.AimType)
        and aim.AimType != CORE_AIM
        and is_technical_qualification(aim, check)
    )


@rule("AimType_08", since="2026-27")
def open_technical_qualification_is_not_core(aim: Aim, check: Check) -> bool:
    return not is_closed(aim) and bool(technical_qualification_is_not_core(aim, check))


@rule("ProgType_16")
def technical_qualification_outside_a_t_level(aim: Aim, check: Check) -> bool:
    return (
        aim.ProgType != T_LEVEL
        and aim.FundModel != NOT_FUNDED
        and not aim.has_fam("LDM", ADULT_T_LEVEL_PILOT)
        and is_technical_qualification(aim, check)
    )


@rule("ProgType_23", "ProgType_24")
def bootcamp_subject_outside_a_bootcamp(aim: Aim, check: Check) -> bool:
    return (
        aim.ProgType != SKILLS_BOOTCAMP
        and not aim.has_fam("LDM", PROJECT_S_BOOTCAMPS)
        and has_category(aim, check, BOOTCAMP_SUBJECT)
    )


# Grades


@rule("OutGrade_07")
def grade_of_another_qualification(aim: Aim, check: Check) -> bool | Doubt:
    if aim.Outcome != ACHIEVED or not aim.LearnActEndDate >= AUGUST_2014:
        return False
    grade, held = aim.OutGrade, lars_aim(aim, check)
    listed = check.specification.lists["grades-by-aim-type"]
    row = listed.by_code.get(held.type) if held else None
    if row is None or not is_present(grade) or grade.upper() in row.members:
        return False
    return True if listed.is_complete(check.year) else unlisted(listed.read_for)


# Additional hours


@rule("AddHours_03")
def additional_hours_off_esol(aim: Aim, check: Check) -> bool:
    return is_present(aim.AddHours) and is_not_esol(aim, check)


@rule("HRSType_11")
def additional_hours_record_off_esol(hours: HoursRecord, check: Check) -> bool:
    return (
        hours.HRSType == "HRS"
        and hours.HRSCode == ADDITIONAL_HOURS
        and is_not_esol(hours.aim, check)
    )


def is_not_esol(aim: Aim, check: Check) -> bool:
    """Whether LARS has the aim, and not as ESOL on its start."""
    return lars_aim(aim, check) is not None and not is_basic_skill(aim, check, ESOL)
