"""Learning delivery monitoring (LDM), and apprenticeship units, which it marks."""

from __future__ import annotations

from datetime import date

from bot.ilr.absent import is_present
from bot.ilr.record import Aim
from bot.rules.engine import Check, rule
from bot.rules.families.aim_fams.vocabulary import (
    ADULT_BUDGET,
    CONTRACT_TYPE,
    DEPARTMENT_CONTRACT,
    is_paid_by_another,
)
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
    AUGUST_2024,
    COMMUNITY_LEARNING,
    COVID_SKILLS_OFFER,
    FREE_COURSES_FOR_JOBS,
    FREE_COURSES_LOW_WAGE,
    GROWTH_AND_SKILLS_SHORT_COURSES,
    NOT_FUNDED,
    OTHER_16_TO_19,
    OTHER_ADULT,
    PROGRAMME_AIM,
    TAILORED_LEARNING,
    UNIT_BEGUN,
    UNIT_MILESTONE,
    august_31,
    is_closed,
    is_free_course_above_the_threshold,
    is_under,
)

PROXY_AIM = "118"
DIRECT_FUNDED_14_TO_16 = ("320", "321")
AGED_14_TO_16 = (*DIRECT_FUNDED_14_TO_16, "381")
OWN_EMPLOYEES = "356"
PROCURED_BUDGET_2017 = "357"
NON_LEVY_EXTENSION = "358"
PROCURED_BUDGET_2021 = "379"
PROCURED_BUDGET_2023 = "388"
PROJECT_S_ADULT_SKILLS = "395"
PROJECT_S_BOOTCAMPS = "396"
ADULTHOOD = 19
PROCURED_BUDGET_BEGAN = date(2017, 11, 1)
NON_LEVY_EXTENSION_BEGAN = date(2018, 1, 1)
FREE_COURSES_BEGAN = date(2021, 4, 1)
COVID_OFFER_PLANNED_TO = date(2022, 3, 31)
COVID_OFFER_ENDED = date(2022, 7, 31)
APPRENTICESHIP_UNITS_BEGAN = date(2026, 4, 1)


def is_apprenticeship_unit(aim: Aim) -> bool:
    return aim.ProgType == APPRENTICESHIP_UNIT and aim.FundModel == GROWTH_AND_SKILLS_SHORT_COURSES


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
    return is_free_course_above_the_threshold(aim)


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
