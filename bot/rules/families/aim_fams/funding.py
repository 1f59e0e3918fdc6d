"""Who pays and on what terms: sources of funding, loans, devolved areas, contracts, bootcamps."""

from __future__ import annotations

from datetime import date

from bot.ilr.record import Aim
from bot.rules.derived import is_devolved
from bot.rules.engine import Check, rule
from bot.rules.families.aim_fams.vocabulary import (
    ADULT_BUDGET,
    CONTRACT_TYPE,
    DEPARTMENT_CONTRACT,
    EVENT,
    LEARNING_SUPPORT,
    LOANS_BURSARY,
    is_paid_by_another,
)
from bot.rules.lars_vocabulary import is_english_or_maths, lars_aim
from bot.rules.vocabulary import (
    ADULT_SKILLS,
    AGE_16_TO_19,
    APPRENTICESHIP_STANDARD,
    APPRENTICESHIPS,
    AUGUST_2023,
    AUGUST_2024,
    AUGUST_2025,
    COMMUNITY_LEARNING,
    COMPONENT_AIM,
    NOT_FUNDED,
    OTHER_16_TO_19,
    OTHER_ADULT,
    PROGRAMME_AIM,
    SKILLS_BOOTCAMP,
    T_LEVEL,
    TAILORED_LEARNING,
    TRAINEESHIP,
    is_apprenticeship,
    is_in_custody,
    is_monitored,
    is_restart,
)

BUDGET_16_TO_19 = "107"
"""Source of funding: the department's 16 to 19 budget."""
DEPARTMENT_BUDGETS = (ADULT_BUDGET, BUDGET_16_TO_19)
WITHOUT_PROVISION_TYPE = "340"
LOAN_EXCEPTION = "359"
TAILORED_LEARNING_ROUTES = ("399", "400", "401")
PROCURED_DEVOLVED = "002"
DEVOLVED_FROM_2025 = frozenset({"121", "122", "123"})
DEPARTMENT_CONTRACTS_ENDED = date(2021, 4, 1)


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
    if aim.AimType == PROGRAMME_AIM or not check.reference.has_lars_with("AnnualValue"):
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
        and check.reference.has_lars_with("AnnualValue")
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
