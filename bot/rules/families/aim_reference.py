"""Which aim it is: reference, type, sequence, standard, grade, assessor and postcodes.

Whether an aim may be funded on a day is for LARS to say; only what the record itself decides
stands here. An aim type, reference or funding model that is missing is reported by its field
definition rule; the rules here that compare it stay quiet.
"""

from __future__ import annotations

from datetime import date

from bot.ilr.absent import Date, is_present
from bot.ilr.record import Aim
from bot.rules.catalogue import Need
from bot.rules.engine import Check, rule
from bot.rules.unknown import References
from bot.rules.vocabulary import (
    ACHIEVED,
    ADULT_SKILLS,
    ADULT_SKILLS_FUND,
    ADULT_SKILLS_FUND_BEGAN,
    AGE_16_TO_19,
    APPRENTICESHIP_FRAMEWORKS,
    APPRENTICESHIP_STANDARD,
    APPRENTICESHIP_UNIT,
    BOOTCAMP_EVENTS,
    COMMUNITY_LEARNING,
    COMPONENT_AIM,
    CORE_AIM,
    ESF_ASSESSMENT,
    EUROPEAN_SOCIAL_FUND,
    FOUNDATION_YEAR,
    HGV_EVENTS,
    INDUSTRY_PLACEMENT,
    NOT_ACHIEVED,
    NOT_YET_KNOWN,
    OTHER_16_TO_19,
    PROGRAMME_AIM,
    SKILLS_BOOTCAMP,
    T_LEVEL,
    T_LEVEL_PLACEMENT,
    TAILORED_LEARNING,
    TRAINEESHIP,
    is_in_custody,
    is_misformed_postcode,
    is_monitored,
)

PROGRAMME = "ZPROG001"
RETIRED_CLASS_CODES = ("ZVOC", "Z9OPE", "ZUXA")
WORK_EXPERIENCE = "ZWRKX001"
TRAINEESHIP_WORK_EXPERIENCE = References(
    {"Z0007834", "Z0007835", "Z0007836", "Z0007837", "Z0007838", WORK_EXPERIENCE}
)
SUPPORTED_INTERNSHIP = "Z0002347"
NOT_IN_A_T_LEVEL = References(
    TRAINEESHIP_WORK_EXPERIENCE | {SUPPORTED_INTERNSHIP, INDUSTRY_PLACEMENT}
)
WORK_EXPERIENCE_AND_PLACEMENTS = References(
    {WORK_EXPERIENCE, INDUSTRY_PLACEMENT, T_LEVEL_PLACEMENT}
)
STEEL_REDUNDANCY = "347"
GRADES_OF_FAILURE = frozenset({"FL", "U", "N", "X", "Y"})
ASSESSMENT_PRICES = (2, 4)
PROGRAMMES_WITHOUT_A_FRAMEWORK = (TRAINEESHIP, APPRENTICESHIP_STANDARD)
CORE_AIM_FUNDING_BEGAN = date(2017, 8, 1)
CLASS_CODES_RETIRED = date(2017, 8, 1)
START_POSTCODES_BEGAN = date(2019, 8, 1)


# Aim type and sequence


@rule("AimType_05")
def core_aim_on_another_model(aim: Aim) -> bool:
    return (
        aim.AimType == CORE_AIM
        and is_present(aim.FundModel)
        and aim.FundModel not in (AGE_16_TO_19, OTHER_16_TO_19)
    )


@rule("AimType_07")
def core_aim_paid_from_the_adult_budget(aim: Aim, check: Check) -> bool:
    return (
        aim.AimType == CORE_AIM
        and aim.LearnStartDate >= CORE_AIM_FUNDING_BEGAN
        and aim.ProgType not in check.parameter("exempt_programme_types")
        and aim.has_fam("SOF", "105")
    )


@rule("AimType_09")
def foundation_year_aim_is_not_the_core_aim(aim: Aim) -> bool:
    return (
        is_present(aim.AimType)
        and aim.AimType != CORE_AIM
        and bool(aim.LearnAimRef.startswith(FOUNDATION_YEAR))
    )


@rule("AimType_10", on_part=True)
def apprenticeship_unit_with_several_components(aim: Aim) -> bool:
    if aim.ProgType != APPRENTICESHIP_UNIT or aim.AimType != PROGRAMME_AIM:
        return False
    components = [
        other
        for other in aim.learner.aims
        if other.AimType == COMPONENT_AIM
        and other.ProgType == APPRENTICESHIP_UNIT
        and dates_of(other) == dates_of(aim)
    ]
    return len(components) > 1


def dates_of(aim: Aim) -> tuple[Date, Date, Date]:
    """Start, planned end and actual end; in a comparison of two a blank equals a blank."""
    return aim.LearnStartDate, aim.LearnPlanEndDate, aim.LearnActEndDate


@rule("AimSeqNumber_02")
def sequence_number_is_beyond_the_count(aim: Aim) -> bool:
    return aim.AimSeqNumber > len(aim.learner.aims)


# Aim reference


@rule("LearnAimRef_29")
def esf_assessment_on_another_model(aim: Aim) -> bool:
    return (
        aim.LearnAimRef == ESF_ASSESSMENT
        and is_present(aim.FundModel)
        and aim.FundModel != EUROPEAN_SOCIAL_FUND
    )


@rule("LearnAimRef_30")
def programme_reference_and_aim_type_disagree(aim: Aim) -> bool:
    return (
        is_present(aim.AimType)
        and is_present(aim.LearnAimRef)
        and (aim.AimType == PROGRAMME_AIM) != (aim.LearnAimRef == PROGRAMME)
    )


@rule("LearnAimRef_55")
def traineeship_work_experience_is_not_the_core_aim(aim: Aim) -> bool:
    return (
        aim.LearnAimRef in TRAINEESHIP_WORK_EXPERIENCE
        and aim.FundModel == AGE_16_TO_19
        and aim.ProgType == TRAINEESHIP
        and is_present(aim.AimType)
        and aim.AimType != CORE_AIM
    )


@rule("LearnAimRef_86")
def adult_work_experience_outside_a_traineeship(aim: Aim) -> bool:
    return (
        aim.LearnAimRef in WORK_EXPERIENCE_AND_PLACEMENTS
        and aim.FundModel == ADULT_SKILLS
        and aim.ProgType != TRAINEESHIP
        and not aim.has_fam("LDM", STEEL_REDUNDANCY)
    )


@rule("LearnAimRef_87")
def class_code_that_was_retired(aim: Aim) -> bool:
    return aim.LearnStartDate >= CLASS_CODES_RETIRED and bool(
        aim.LearnAimRef.startswith(RETIRED_CLASS_CODES)
    )


@rule("LearnAimRef_90")
def other_work_experience_in_a_t_level(aim: Aim) -> bool:
    return aim.ProgType == T_LEVEL and aim.LearnAimRef in NOT_IN_A_T_LEVEL


def is_of_more_than_one_day(aim: Aim) -> bool:
    """Whether an end differs from the start; an end that is not returned does not."""
    return any(
        is_present(end) and end != aim.LearnStartDate
        for end in (aim.LearnPlanEndDate, aim.LearnActEndDate)
    ) and is_present(aim.LearnStartDate)


@rule("LearnAimRef_126")
def bootcamp_event_of_more_than_one_day(aim: Aim) -> bool:
    return aim.LearnAimRef in BOOTCAMP_EVENTS and is_of_more_than_one_day(aim)


@rule("LearnAimRef_154")
def hgv_event_of_more_than_one_day(aim: Aim) -> bool:
    return (
        aim.ProgType == SKILLS_BOOTCAMP
        and aim.LearnAimRef in HGV_EVENTS
        and aim.LearnStartDate >= ADULT_SKILLS_FUND_BEGAN
        and is_of_more_than_one_day(aim)
    )


# Standard, framework and pathway


@rule("StdCode_01")
def standard_without_its_code(aim: Aim) -> bool:
    return aim.ProgType == APPRENTICESHIP_STANDARD and not is_present(aim.StdCode)


@rule("StdCode_03")
def standard_code_outside_a_standard(aim: Aim) -> bool:
    return is_present(aim.StdCode) and aim.ProgType != APPRENTICESHIP_STANDARD


@rule("FworkCode_01")
def framework_without_its_code(aim: Aim) -> bool:
    return aim.ProgType in APPRENTICESHIP_FRAMEWORKS and not is_present(aim.FworkCode)


@rule("FworkCode_02")
def framework_code_outside_a_framework(aim: Aim) -> bool:
    return is_present(aim.FworkCode) and (
        not is_present(aim.ProgType) or aim.ProgType in PROGRAMMES_WITHOUT_A_FRAMEWORK
    )


@rule("PwayCode_02")
def pathway_outside_a_framework(aim: Aim) -> bool:
    return is_present(aim.PwayCode) and aim.ProgType not in APPRENTICESHIP_FRAMEWORKS


@rule("PwayCode_03")
def framework_without_its_pathway(aim: Aim) -> bool:
    return aim.ProgType in APPRENTICESHIP_FRAMEWORKS and not is_present(aim.PwayCode)


# Assessor and grade


def has_an_assessment_price(aim: Aim) -> bool:
    """Whether a price of the end-point assessment (TNP 2 or 4) is recorded."""
    return any(
        record.AFinType == "TNP" and record.AFinCode in ASSESSMENT_PRICES
        for record in aim.finance_records
    )


@rule("EPAOrgID_02")
def assessment_price_without_an_assessor(aim: Aim) -> bool:
    return not is_present(aim.EPAOrgID) and has_an_assessment_price(aim)


@rule("EPAOrgID_03")
def assessor_without_an_assessment_price(aim: Aim) -> bool:
    return is_present(aim.EPAOrgID) and not has_an_assessment_price(aim)


@rule("OutGrade_04")
def grade_without_an_outcome(aim: Aim) -> bool:
    return is_present(aim.OutGrade) and (
        aim.Outcome == NOT_YET_KNOWN or not is_present(aim.Outcome)
    )


@rule("OutGrade_05")
def achieved_with_a_grade_of_failure(aim: Aim) -> bool:
    return aim.Outcome == ACHIEVED and aim.OutGrade.upper() in GRADES_OF_FAILURE


@rule("OutGrade_06")
def not_achieved_with_a_passing_grade(aim: Aim) -> bool:
    return (
        aim.Outcome == NOT_ACHIEVED
        and is_present(aim.OutGrade)
        and aim.OutGrade.upper() not in GRADES_OF_FAILURE
    )


# Postcodes


@rule("DelLocPostCode_11")
def delivery_postcode_is_not_of_the_right_form(aim: Aim, check: Check) -> bool:
    return is_misformed_postcode(aim, "DelLocPostCode") and not is_monitored(
        aim, check.parameter("exempt_ldm_codes")
    )


@rule("LSDPostcode_03")
def start_postcode_is_not_of_the_right_form(aim: Aim) -> bool:
    return is_misformed_postcode(aim, "LSDPostcode")


def lacks_start_postcode(aim: Aim, check: Check) -> bool:
    """Whether the postcode at the start is missing or, where the directory is held, is none."""
    postcode = aim.LSDPostcode
    if not is_present(postcode):
        return True
    return (
        Need.POSTCODES in check.reference.available
        and postcode.upper() != "ZZ99 9ZZ"
        and postcode not in check.reference.postcodes
    )


@rule("LSDPostcode_01", until="2023-24")
def adult_aim_without_a_start_postcode(aim: Aim, check: Check) -> bool:
    return (
        lacks_start_postcode(aim, check)
        and aim.FundModel in (ADULT_SKILLS, COMMUNITY_LEARNING)
        and aim.LearnStartDate >= START_POSTCODES_BEGAN
        and not is_present(aim.ProgType)
        and not is_in_custody(aim)
    )


@rule("LSDPostcode_01", since="2024-25")
def adult_aim_of_earlier_years_without_a_start_postcode(aim: Aim, check: Check) -> bool:
    return (
        lacks_start_postcode(aim, check)
        and aim.FundModel in check.parameter("funding_models")
        and START_POSTCODES_BEGAN <= aim.LearnStartDate < ADULT_SKILLS_FUND_BEGAN
        and is_present(aim.AimType)
        and aim.AimType != COMPONENT_AIM
        and aim.ProgType not in check.parameter("exempt_programme_types")
    )


@rule("LSDPostcode_05")
def adult_aim_without_a_start_postcode_now(aim: Aim, check: Check) -> bool:
    return (
        lacks_start_postcode(aim, check)
        and aim.FundModel in (ADULT_SKILLS_FUND, TAILORED_LEARNING)
        and aim.LearnStartDate >= ADULT_SKILLS_FUND_BEGAN
        and is_present(aim.AimType)
        and aim.AimType != COMPONENT_AIM
    )
