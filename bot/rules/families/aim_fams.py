"""Funding and monitoring records of an aim: types, codes, dates and what they go with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache

from bot.ilr.absent import Text, is_present
from bot.ilr.record import Aim, AimFAM
from bot.ilr.specification import Code, YearSpecification
from bot.rules.code_lists import is_unlisted_type
from bot.rules.derived import is_devolved
from bot.rules.doubt import Doubt
from bot.rules.engine import Check, rule
from bot.rules.lars_vocabulary import is_english_or_maths, lars_aim
from bot.rules.vocabulary import (
    ACHIEVED,
    ADULT_SKILLS,
    ADULT_SKILLS_FUND,
    ADULT_T_LEVEL_PILOT,
    AGE_16_TO_19,
    APPRENTICESHIP_STANDARD,
    APPRENTICESHIP_UNIT,
    APPRENTICESHIPS,
    AUGUST_2013,
    AUGUST_2023,
    AUGUST_2024,
    AUGUST_2025,
    BELOW_EARNINGS_THRESHOLD,
    COMMUNITY_LEARNING,
    COMPONENT_AIM,
    CORE_AIM,
    COVID_SKILLS_OFFER,
    EUROPEAN_SOCIAL_FUND,
    FREE_COURSES_FOR_JOBS,
    FREE_COURSES_LOW_WAGE,
    GROWTH_AND_SKILLS_SHORT_COURSES,
    NOT_FUNDED,
    OTHER_16_TO_19,
    OTHER_ADULT,
    PROGRAMME_AIM,
    SKILLS_BOOTCAMP,
    T_LEVEL,
    TAILORED_LEARNING,
    TRAINEESHIP,
    UNIT_BEGUN,
    UNIT_MILESTONE,
    august_31,
    is_apprenticeship,
    is_closed,
    is_in_custody,
    is_monitored,
    is_restart,
    is_under,
)

ADULT_BUDGET = "105"
"""Source of funding: the department's adult budget."""
BUDGET_16_TO_19 = "107"
"""Source of funding: the department's 16 to 19 budget."""
DEPARTMENT_BUDGETS = (ADULT_BUDGET, BUDGET_16_TO_19)
DEPARTMENT_CONTRACT = "2"
"""Contract type: with the department, not with the employer."""
LEARNING_SUPPORT, LOANS_BURSARY = "LSF", "ALB"
CONTRACT_TYPE, EVENT = "ACT", "EVI"
TYPES_WITH_BOTH_DATES = frozenset({LEARNING_SUPPORT, LOANS_BURSARY})
TYPES_WITH_AN_END = TYPES_WITH_BOTH_DATES | {CONTRACT_TYPE}
HOUSEHOLD_PAIR = frozenset({"1", "3"})
MAX_OF_A_TYPE = 6
MAX_HOUSEHOLD_RECORDS = 2

PROXY_AIM = "118"
DIRECT_FUNDED_14_TO_16 = ("320", "321")
AGED_14_TO_16 = (*DIRECT_FUNDED_14_TO_16, "381")
WITHOUT_PROVISION_TYPE = "340"
OWN_EMPLOYEES = "356"
PROCURED_BUDGET_2017 = "357"
NON_LEVY_EXTENSION = "358"
LOAN_EXCEPTION = "359"
PROCURED_BUDGET_2021 = "379"
PROCURED_BUDGET_2023 = "388"
PROJECT_S_ADULT_SKILLS = "395"
PROJECT_S_BOOTCAMPS = "396"
TAILORED_LEARNING_ROUTES = ("399", "400", "401")
PROCURED_DEVOLVED = "002"
FREE_OF_A_FIRST_DATE = frozenset({"368", "369"})
DEVOLVED_FROM_2025 = frozenset({"121", "122", "123"})

ADULTHOOD = 19
AUGUST_2015 = date(2015, 8, 1)
PROCURED_BUDGET_BEGAN = date(2017, 11, 1)
NON_LEVY_EXTENSION_BEGAN = date(2018, 1, 1)
DEPARTMENT_CONTRACTS_ENDED = date(2021, 4, 1)
FREE_COURSES_BEGAN = date(2021, 4, 1)
COVID_OFFER_PLANNED_TO = date(2022, 3, 31)
COVID_OFFER_ENDED = date(2022, 7, 31)
APPRENTICESHIP_UNITS_BEGAN = date(2026, 4, 1)


@lru_cache(maxsize=8)
def fam_codes(specification: YearSpecification) -> Mapping[tuple[str, str], Code]:
    """The year's FAM codes by type and code."""
    types = specification.field("LearningDeliveryFAM", "LearnDelFAMType").types
    return {(kind, code.code): code for kind, held in types.items() for code in held.codes}


def listed(fam: AimFAM, specification: YearSpecification) -> Code | None:
    """The year's entry for a FAM's type and code; None when there is none, which is for
    LearnDelFAMType_04 to report."""
    return fam_codes(specification).get((str(fam.LearnDelFAMType), str(fam.LearnDelFAMCode)))


def is_coded(fam: AimFAM) -> bool:
    return is_present(fam.LearnDelFAMType) and is_present(fam.LearnDelFAMCode)


def is_paid_by_another(aim: Aim, *budgets: str) -> bool:
    """Whether a source of funding is returned that is none of these."""
    return any(
        f.LearnDelFAMType == "SOF"
        and is_present(f.LearnDelFAMCode)
        and f.LearnDelFAMCode not in budgets
        for f in aim.fams
    )


def is_apprenticeship_unit(aim: Aim) -> bool:
    return aim.ProgType == APPRENTICESHIP_UNIT and aim.FundModel == GROWTH_AND_SKILLS_SHORT_COURSES


# Dates


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


# Code lists and how often


@rule("LearnDelFAMType_04")
def fam_code_is_not_listed(fam: AimFAM, check: Check) -> bool | Doubt:
    types = check.specification.field("LearningDeliveryFAM", "LearnDelFAMType")
    return is_coded(fam) and is_unlisted_type(fam.LearnDelFAMType, fam.LearnDelFAMCode, types)


@rule("LearnDelFAMType_06")
def aim_starts_after_its_fam_code_ended(fam: AimFAM, check: Check) -> bool:
    if not is_coded(fam):
        return False
    code = listed(fam, check.specification)
    return (
        code is not None
        and code.last is not None
        and fam.aim.LearnStartDate > code.last
        and not is_restart(fam.aim)
    )


@rule("LearnDelFAMType_104")
def aim_starts_before_its_monitoring_code_began(fam: AimFAM, check: Check) -> bool:
    if fam.LearnDelFAMType != "LDM" or not is_coded(fam):
        return False
    if fam.LearnDelFAMCode in FREE_OF_A_FIRST_DATE:
        return False
    code = listed(fam, check.specification)
    return code is not None and code.first is not None and fam.aim.LearnStartDate < code.first


@rule("LearnDelFAMType_18", on_part=True)
def second_record_of_a_type_allowed_once(aim: Aim, check: Check) -> Iterator[AimFAM]:
    if len(aim.fams) < 2:
        return
    once = check.parameter("types_allowed_once")
    seen: set[Text] = set()
    for fam in aim.fams:
        if fam.LearnDelFAMType in seen:
            yield fam
        elif fam.LearnDelFAMType in once:
            seen.add(fam.LearnDelFAMType)


@rule("LearnDelFAMType_31", on_part=True)
def too_many_monitoring_codes(aim: Aim) -> bool:
    return len(aim.fams) > MAX_OF_A_TYPE and len(aim.fams_of("LDM")) > MAX_OF_A_TYPE


@rule("LearnDelFAMType_77", on_part=True)
def too_many_devolved_area_codes(aim: Aim) -> bool:
    return len(aim.fams) > MAX_OF_A_TYPE and len(aim.fams_of("DAM")) > MAX_OF_A_TYPE


@rule("LearnDelFAMType_45", on_part=True)
def too_many_household_records(aim: Aim) -> bool:
    return len(aim.fams_of("HHS")) > MAX_HOUSEHOLD_RECORDS


@rule("LearnDelFAMType_48")
def household_records_do_not_go_together(aim: Aim) -> bool:
    records = aim.fams_of("HHS")
    return len(records) == MAX_HOUSEHOLD_RECORDS and any(
        f.LearnDelFAMCode not in HOUSEHOLD_PAIR for f in records
    )


@rule("LearnDelFAMType_44")
def household_situation_is_missing(aim: Aim) -> bool:
    return (
        aim.FundModel in (ADULT_SKILLS, EUROPEAN_SOCIAL_FUND, OTHER_ADULT)
        and aim.LearnStartDate >= AUGUST_2015
        and aim.AimType not in (COMPONENT_AIM, CORE_AIM)
        and aim.ProgType != APPRENTICESHIP_STANDARD
        and not aim.has_fam("HHS")
        and not is_in_custody(aim)
    )


# Source of funding (SOF)


@rule("LearnDelFAMType_01")
def source_of_funding_is_missing(aim: Aim, check: Check) -> bool:
    return aim.FundModel in check.parameter("funding_models") and not aim.has_fam("SOF")


@rule("LearnDelFAMType_07")
def age_16_to_19_model_paid_by_another(aim: Aim) -> bool:
    return (
        aim.FundModel in (AGE_16_TO_19, OTHER_16_TO_19)
        and aim.has_fam("SOF")
        and not aim.has_fam("SOF", *DEPARTMENT_BUDGETS)
    )


@rule("LearnDelFAMType_08")
def unfunded_aim_paid_by_the_department(aim: Aim) -> bool:
    return aim.FundModel == NOT_FUNDED and aim.has_fam("SOF", *DEPARTMENT_BUDGETS)


@rule("LearnDelFAMType_09")
def adult_model_paid_by_another(aim: Aim, check: Check) -> bool:
    return (
        aim.FundModel in check.parameter("funding_models")
        and aim.has_fam("SOF")
        and not aim.has_fam("SOF", ADULT_BUDGET)
        and not is_devolved(aim, check.year)
    )


@rule("LearnDelFAMType_75")
def devolved_funding_with_a_national_code(aim: Aim, check: Check) -> bool:
    return is_monitored(aim, check.parameter("ldm_codes")) and is_devolved(aim, check.year)


@rule("LearnDelFAMType_76")
def custody_learning_paid_by_another(aim: Aim) -> bool:
    return is_in_custody(aim) and is_paid_by_another(aim, ADULT_BUDGET)


@rule("LearnDelFAMType_90")
def traineeship_paid_by_another(aim: Aim) -> bool:
    return aim.ProgType == TRAINEESHIP and is_paid_by_another(aim, *DEPARTMENT_BUDGETS)


@rule("LearnDelFAMType_91")
def loan_aim_with_a_source_of_funding(aim: Aim) -> bool:
    return aim.FundModel == NOT_FUNDED and aim.has_fam("ADL") and aim.has_fam("SOF")


@rule("LearnDelFAMType_109")
def devolved_funding_of_a_national_programme(aim: Aim, check: Check) -> bool:
    return aim.ProgType in check.parameter("programme_types") and is_devolved(aim, check.year)


@rule("LearnDelFAMType_112")
def bootcamp_paid_by_another(aim: Aim) -> bool:
    return aim.ProgType == SKILLS_BOOTCAMP and is_paid_by_another(aim, ADULT_BUDGET)


@rule("LearnDelFAMType_118")
def t_level_paid_by_another(aim: Aim) -> bool:
    return aim.ProgType == T_LEVEL and is_paid_by_another(aim, BUDGET_16_TO_19)


@rule("LearnDelFamType_134")
def newly_devolved_funding_of_an_old_model(aim: Aim) -> bool:
    return aim.FundModel in (ADULT_SKILLS, COMMUNITY_LEARNING) and aim.has_fam(
        "SOF", *DEVOLVED_FROM_2025
    )


# Full or co-funding (FFI), enhanced apprenticeship funding (EEF), learning support (LSF)


@rule("LearnDelFAMType_02")
def full_or_co_funding_is_missing(aim: Aim, check: Check) -> bool:
    return aim.FundModel in check.parameter("funding_models") and not aim.has_fam("FFI")


@rule("LearnDelFAMType_22")
def full_or_co_funding_on_another_model(aim: Aim, check: Check) -> bool:
    return aim.FundModel not in check.parameter("funding_models") and aim.has_fam("FFI")


@rule("LearnDelFAMType_111")
def bootcamp_without_full_or_co_funding(aim: Aim) -> bool:
    return aim.ProgType == SKILLS_BOOTCAMP and not aim.has_fam("FFI")


@rule("LearnDelFAMType_14")
def enhanced_funding_outside_a_funded_apprenticeship(aim: Aim, check: Check) -> bool:
    return aim.has_fam("EEF") and not (
        aim.FundModel in (ADULT_SKILLS, APPRENTICESHIPS, OTHER_ADULT)
        and is_apprenticeship(aim, check.year)
    )


@rule("LearnDelFAMType_54")
def apprentice_of_16_to_18_rate_is_co_funded(aim: Aim) -> bool:
    return (
        aim.FundModel != APPRENTICESHIPS
        and aim.ProgType != APPRENTICESHIP_STANDARD
        and aim.has_fam("EEF", "2")
        and aim.has_fam("FFI", "2")
    )


@rule("LearnDelFAMType_50")
def learning_support_on_a_model_without_it(aim: Aim, check: Check) -> bool:
    return aim.FundModel in check.parameter("funding_models") and aim.has_fam(LEARNING_SUPPORT)


# Loans (ADL) and their bursary (ALB)


@rule("LearnDelFAMType_35")
def loan_on_another_model(aim: Aim) -> bool:
    return aim.FundModel != NOT_FUNDED and aim.has_fam("ADL")


@rule("LearnDelFAMType_36")
def bursary_without_its_loan(aim: Aim, check: Check) -> bool:
    return (
        aim.has_fam(LOANS_BURSARY)
        and not aim.has_fam("ADL")
        and not is_monitored(aim, check.parameter("excluded_ldm_codes"))
    )


@rule("LearnDelFAMType_38")
def bursary_on_another_model(aim: Aim, check: Check) -> bool:
    return (
        aim.FundModel != NOT_FUNDED
        and aim.has_fam(LOANS_BURSARY)
        and not is_monitored(aim, check.parameter("excluded_ldm_codes"))
    )


@rule("LearnDelFAMType_40")
def loan_on_an_apprenticeship(aim: Aim, check: Check) -> bool:
    return aim.FundModel == NOT_FUNDED and is_apprenticeship(aim, check.year) and aim.has_fam("ADL")


@rule("LearnDelFAMType_72")
def loan_exception_without_its_loan(aim: Aim) -> bool:
    return (
        aim.FundModel == NOT_FUNDED
        and aim.has_fam("LDM", LOAN_EXCEPTION)
        and not aim.has_fam("ADL", "1")
    )


@rule("LearnDelFAMType_73")
def loan_exception_on_another_model(aim: Aim) -> bool:
    return aim.FundModel not in (OTHER_ADULT, NOT_FUNDED) and aim.has_fam("LDM", LOAN_EXCEPTION)


# Community and Tailored Learning (ASL, ACL, FLN) and devolved areas (DAM)


@rule("LearnDelFAMType_03")
def community_learning_without_its_provision_type(aim: Aim) -> bool:
    return (
        aim.FundModel == COMMUNITY_LEARNING
        and bool(aim.fams)
        and not aim.has_fam("ASL")
        and not aim.has_fam("LDM", WITHOUT_PROVISION_TYPE)
    )


@rule("LearnDelFAMType_27")
def provision_type_on_another_model(aim: Aim, check: Check) -> bool:
    return aim.FundModel in check.parameter("funding_models") and aim.has_fam("ASL")


@rule("LearnDelFAMType_46")
def family_learning_on_another_model(aim: Aim, check: Check) -> bool:
    return aim.FundModel not in check.parameter("funding_models") and aim.has_fam("FLN")


@rule("LearnDelFAMType_119")
def community_learning_without_its_purpose(aim: Aim) -> bool:
    return (
        aim.FundModel == COMMUNITY_LEARNING
        and aim.LearnStartDate >= AUGUST_2023
        and not aim.has_fam("ACL")
    )


@rule("LearnDelFAMType_126")
def tailored_learning_without_its_purpose(aim: Aim) -> bool:
    return (
        aim.FundModel == TAILORED_LEARNING
        and aim.LearnStartDate >= AUGUST_2024
        and not aim.has_fam("ACL")
    )


@rule("LearnDelFAMType_131")
def tailored_learning_without_how_it_is_funded(aim: Aim) -> bool:
    return (
        aim.FundModel == TAILORED_LEARNING
        and aim.LearnStartDate >= AUGUST_2025
        and not aim.has_fam("LDM", *TAILORED_LEARNING_ROUTES)
    )


@rule("LearnDelFAMType_78")
def devolved_area_on_another_model(aim: Aim, check: Check) -> bool:
    return aim.FundModel not in check.parameter("funding_models") and aim.has_fam("DAM")


@rule("LearnDelFAMType_97")
def procured_devolved_learning_paid_nationally(aim: Aim) -> bool:
    return (
        aim.FundModel == ADULT_SKILLS
        and aim.has_fam("DAM", PROCURED_DEVOLVED)
        and aim.has_fam("SOF", ADULT_BUDGET)
    )


# Apprenticeship contract type (ACT) and bootcamp events (EVI)


@rule("LearnDelFAMType_63")
def contract_type_outside_a_funded_apprenticeship(aim: Aim, check: Check) -> bool:
    if not aim.has_fam(CONTRACT_TYPE):
        return False
    if aim.FundModel != APPRENTICESHIPS or aim.AimType not in (PROGRAMME_AIM, COMPONENT_AIM):
        return True
    if aim.AimType == PROGRAMME_AIM or not check.reference.has_lars:
        return False
    return lars_aim(aim, check) is not None and not is_english_or_maths(aim, check)


@rule("LearnDelFAMType_64")
def apprenticeship_aim_without_a_contract_type(aim: Aim, check: Check) -> bool:
    if aim.FundModel != APPRENTICESHIPS or aim.has_fam(CONTRACT_TYPE):
        return False
    if aim.AimType == PROGRAMME_AIM:
        return True
    return (
        aim.AimType == COMPONENT_AIM
        and check.reference.has_lars
        and is_english_or_maths(aim, check)
    )


@rule("LearnDelFAMType_92")
def contract_type_2_after_it_ended(aim: Aim) -> bool:
    return (
        aim.AimType == PROGRAMME_AIM
        and aim.LearnStartDate >= DEPARTMENT_CONTRACTS_ENDED
        and aim.has_fam(CONTRACT_TYPE, DEPARTMENT_CONTRACT)
        and not is_restart(aim)
    )


@rule("LearnDelFAMType_132")
def event_outside_a_bootcamp(aim: Aim) -> bool:
    return aim.ProgType != SKILLS_BOOTCAMP and aim.has_fam(EVENT)


@rule("LearnDelFAMType_133")
def event_on_no_programme_aim(aim: Aim) -> bool:
    return aim.AimType != PROGRAMME_AIM and aim.has_fam(EVENT)


# Learning delivery monitoring (LDM)


@rule("LearnDelFAMType_15")
def proxy_aim_has_ended(aim: Aim) -> bool:
    return is_closed(aim) and aim.has_fam("LDM", PROXY_AIM)


@rule("LearnDelFAMType_39")
def other_funding_without_a_monitoring_code(aim: Aim) -> bool:
    return (
        aim.FundModel in (OTHER_ADULT, OTHER_16_TO_19)
        and aim.ProgType != APPRENTICESHIP_STANDARD
        and aim.LearnStartDate >= AUGUST_2013
        and not aim.has_fam("LDM")
    )


@rule("LearnDelFAMType_68")
def own_employees_code_off_an_apprenticeship_programme(aim: Aim) -> bool:
    return not (aim.FundModel == APPRENTICESHIPS and aim.AimType == PROGRAMME_AIM) and aim.has_fam(
        "LDM", OWN_EMPLOYEES
    )


@rule("LearnDelFAMType_69")
def procured_budget_of_2017_on_another_aim(aim: Aim, check: Check) -> bool:
    return aim.has_fam("LDM", PROCURED_BUDGET_2017) and (
        aim.FundModel not in check.parameter("funding_models")
        or aim.LearnStartDate < PROCURED_BUDGET_BEGAN
    )


@rule("LearnDelFAMType_70")
def non_levy_extension_before_it_began(aim: Aim) -> bool:
    return aim.LearnStartDate < NON_LEVY_EXTENSION_BEGAN and aim.has_fam("LDM", NON_LEVY_EXTENSION)


@rule("LearnDelFAMType_71")
def non_levy_extension_without_contract_type_2(aim: Aim) -> bool:
    return aim.has_fam("LDM", NON_LEVY_EXTENSION) and not aim.has_fam(
        CONTRACT_TYPE, DEPARTMENT_CONTRACT
    )


@rule("LearnDelFAMType_84")
def covid_skills_offer_under_19(aim: Aim, check: Check) -> bool:
    return (
        aim.FundModel == ADULT_SKILLS
        and aim.has_fam("LDM", COVID_SKILLS_OFFER)
        and is_under(aim.learner, ADULTHOOD, august_31(check.year))
    )


@rule("LearnDelFAMType_86")
def covid_skills_offer_planned_too_late(aim: Aim) -> bool:
    return (
        aim.LearnPlanEndDate > COVID_OFFER_PLANNED_TO
        and aim.FundModel == ADULT_SKILLS
        and aim.has_fam("LDM", COVID_SKILLS_OFFER)
    )


@rule("LearnDelFAMType_87")
def covid_skills_offer_ended_too_late(aim: Aim) -> bool:
    return (
        aim.LearnActEndDate > COVID_OFFER_ENDED
        and aim.FundModel == ADULT_SKILLS
        and aim.has_fam("LDM", COVID_SKILLS_OFFER)
    )


@rule("LearnDelFAMType_100")
def free_courses_for_jobs_before_they_began(aim: Aim) -> bool:
    return aim.LearnStartDate < FREE_COURSES_BEGAN and aim.has_fam("LDM", FREE_COURSES_FOR_JOBS)


@rule("LearnDelFAMType_105")
def procured_budget_of_2021_on_another_aim(aim: Aim) -> bool:
    return aim.has_fam("LDM", PROCURED_BUDGET_2021) and (
        aim.FundModel not in (COMMUNITY_LEARNING, ADULT_SKILLS)
        or is_present(aim.ProgType)
        or is_paid_by_another(aim, ADULT_BUDGET)
    )


@rule("LearnDelFAMType_106")
def direct_funded_learner_under_14(aim: Aim, check: Check) -> bool:
    return aim.has_fam("LDM", *DIRECT_FUNDED_14_TO_16) and is_under(
        aim.learner, 14, august_31(check.year)
    )


@rule("LearnDelFAMType_107")
def code_of_14_to_16_learners_on_another_model(aim: Aim) -> bool:
    return aim.FundModel not in (AGE_16_TO_19, OTHER_16_TO_19) and aim.has_fam(
        "LDM", *AGED_14_TO_16
    )


@rule("LearnDelFAMType_108")
def low_wage_code_without_free_courses_for_jobs(aim: Aim) -> bool:
    return (
        aim.LearnStartDate < AUGUST_2024
        and aim.has_fam("LDM", FREE_COURSES_LOW_WAGE)
        and not aim.has_fam("LDM", FREE_COURSES_FOR_JOBS)
    )


@rule("LearnDelFAMType_113")
def adult_t_level_pilot_on_another_model(aim: Aim) -> bool:
    return aim.FundModel != OTHER_ADULT and aim.has_fam("LDM", ADULT_T_LEVEL_PILOT)


@rule("LearnDelFAMType_115")
def procured_budgets_of_both_years(aim: Aim) -> bool:
    return aim.has_fam("LDM", PROCURED_BUDGET_2021) and aim.has_fam("LDM", PROCURED_BUDGET_2023)


@rule("LearnDelFAMType_116")
def procured_budget_of_2023_on_another_aim(aim: Aim) -> bool:
    return aim.has_fam("LDM", PROCURED_BUDGET_2023) and (
        aim.FundModel
        not in (COMMUNITY_LEARNING, TAILORED_LEARNING, ADULT_SKILLS, ADULT_SKILLS_FUND)
        or is_present(aim.ProgType)
        or is_paid_by_another(aim, ADULT_BUDGET)
    )


@rule("LearnDelFAMType_120")
def free_courses_for_jobs_without_the_earnings_code(aim: Aim) -> bool:
    return (
        aim.LearnStartDate >= AUGUST_2024
        and aim.has_fam("LDM", FREE_COURSES_FOR_JOBS)
        and not aim.has_fam("LDM", BELOW_EARNINGS_THRESHOLD)
    )


@rule("LearnDelFAMType_127")
def project_s_of_adult_skills_on_another_model(aim: Aim) -> bool:
    return aim.FundModel != ADULT_SKILLS_FUND and aim.has_fam("LDM", PROJECT_S_ADULT_SKILLS)


@rule("LearnDelFAMType_128")
def project_s_of_bootcamps_on_another_model(aim: Aim) -> bool:
    return aim.FundModel != OTHER_ADULT and aim.has_fam("LDM", PROJECT_S_BOOTCAMPS)


# Apprenticeship units


@rule("LearnDelFAMType_135")
def unit_code_on_a_funded_model(aim: Aim) -> bool:
    return (
        aim.FundModel != NOT_FUNDED
        and not is_apprenticeship_unit(aim)
        and aim.has_fam("LDM", UNIT_BEGUN)
    )


@rule("LearnDelFAMType_136")
def unit_begun_under_19(aim: Aim) -> bool:
    return aim.has_fam("LDM", UNIT_BEGUN) and is_under(aim.learner, ADULTHOOD, aim.LearnStartDate)


@rule("LearnDelFAMType_137")
def unit_begun_before_units(aim: Aim) -> bool:
    return aim.LearnStartDate < APPRENTICESHIP_UNITS_BEGAN and aim.has_fam("LDM", UNIT_BEGUN)


@rule("LearnDelFAMType_138")
def unit_milestone_without_the_unit_code(aim: Aim) -> bool:
    return (
        aim.has_fam("LDM", UNIT_MILESTONE)
        and not aim.has_fam("LDM", UNIT_BEGUN)
        and not is_apprenticeship_unit(aim)
    )


@rule("LearnDelFAMType_139")
def achieved_unit_without_the_milestone(aim: Aim) -> bool:
    return (
        aim.Outcome == ACHIEVED
        and aim.has_fam("LDM", UNIT_BEGUN)
        and not aim.has_fam("LDM", UNIT_MILESTONE)
    )


@rule("LearnDelFamType_141")
def unit_milestone_on_another_programme(aim: Aim) -> bool:
    return (
        aim.ProgType != APPRENTICESHIP_UNIT
        and aim.has_fam("LDM", UNIT_MILESTONE)
        and not aim.has_fam("LDM", UNIT_BEGUN)
    )


@rule("LearnDelFamType_142")
def unit_milestone_on_no_programme_aim(aim: Aim) -> bool:
    return (
        aim.AimType != PROGRAMME_AIM
        and aim.has_fam("LDM", UNIT_MILESTONE)
        and not aim.has_fam("LDM", UNIT_BEGUN)
    )
