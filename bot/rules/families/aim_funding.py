"""An aim's funding model, programme type, partner and contract, and what may go with them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bot.ilr.absent import ABSENT, Day, Number, is_present
from bot.ilr.record import Aim, AimMonitoring, Learner, LearningProvider
from bot.rules.derived import is_devolved
from bot.rules.engine import Check, rule
from bot.rules.lars_vocabulary import is_technical_qualification, lars_aim
from bot.rules.vocabulary import (
    ADULT_SKILLS,
    ADULT_SKILLS_FUND,
    ADULT_SKILLS_FUND_BEGAN,
    ADULT_T_LEVEL_PILOT,
    AGE_16_TO_19,
    APPRENTICESHIP_REFORM,
    APPRENTICESHIP_STANDARD,
    APPRENTICESHIP_UNIT,
    APPRENTICESHIPS,
    COMBINED_AUTHORITY_PROGRAMME,
    COMPONENT_AIM,
    CORE_AIM,
    COVID_SKILLS_OFFER,
    FOUNDATION_YEAR,
    FREE_COURSES_FOR_JOBS,
    GROWTH_AND_SKILLS_SHORT_COURSES,
    INDUSTRY_PLACEMENTS,
    NOT_FUNDED,
    OCCUPATIONAL_SPECIALISM,
    OTHER_16_TO_19,
    OTHER_ADULT,
    PROGRAMME_AIM,
    SKILLS_BOOTCAMP,
    SKILLS_BOOTCAMPS,
    STANDALONE_AIM,
    T_LEVEL,
    T_LEVEL_FOUNDATION_YEAR,
    T_LEVEL_PLACEMENT,
    TAILORED_LEARNING,
    TRAINEESHIP,
    is_apprenticeship,
    is_closed,
    is_monitored,
    is_restart,
    is_traineeship_programme,
    months_after,
)

TRAINEESHIP_LIMIT_BEGAN = date(2015, 8, 1)
MONITORING_OCCURRENCES = frozenset("ABCD")
UUID = re.compile(
    r"[({]?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}[)}]?|[0-9a-f]{32}",
    re.IGNORECASE,
)


@rule("FundModel_03")
def loan_aim_on_a_funded_model(aim: Aim) -> bool:
    return aim.FundModel != NOT_FUNDED and aim.has_fam("ADL")


@rule("FundModel_04")
def apprenticeship_on_a_16_to_19_model(aim: Aim, check: Check) -> bool:
    return aim.FundModel in (AGE_16_TO_19, OTHER_16_TO_19) and is_apprenticeship(aim, check.year)


@rule("FundModel_05")
def model_36_before_it_began(aim: Aim) -> bool:
    return aim.FundModel == APPRENTICESHIPS and aim.LearnStartDate < APPRENTICESHIP_REFORM


@rule("FundModel_06")
def model_36_outside_an_apprenticeship(aim: Aim, check: Check) -> bool:
    return aim.FundModel == APPRENTICESHIPS and not is_apprenticeship(aim, check.year)


@rule("FundModel_07")
def apprenticeship_begun_since_the_reform_on_another_model(aim: Aim, check: Check) -> bool:
    return (
        aim.AimType == PROGRAMME_AIM
        and aim.FundModel not in (APPRENTICESHIPS, NOT_FUNDED)
        and aim.LearnStartDate >= APPRENTICESHIP_REFORM
        and is_apprenticeship(aim, check.year)
        and not is_restart(aim)
        and not is_monitored(aim, check.parameter("excluded_ldm_codes"))
    )


@rule("FundModel_08")
def framework_begun_before_the_reform_on_another_model(aim: Aim, check: Check) -> bool:
    return (
        aim.AimType == PROGRAMME_AIM
        and aim.LearnStartDate < APPRENTICESHIP_REFORM
        and aim.ProgType != APPRENTICESHIP_STANDARD
        and is_apprenticeship(aim, check.year)
        and aim.FundModel not in (ADULT_SKILLS, OTHER_ADULT, NOT_FUNDED)
    )


@rule("FundModel_09")
def standard_begun_before_the_reform_on_another_model(aim: Aim) -> bool:
    return (
        aim.AimType == PROGRAMME_AIM
        and aim.LearnStartDate < APPRENTICESHIP_REFORM
        and aim.ProgType == APPRENTICESHIP_STANDARD
        and aim.FundModel not in (OTHER_ADULT, NOT_FUNDED)
    )


@rule("FundModel_10")
def devolved_funding_on_another_model(aim: Aim, check: Check) -> bool:
    return (
        aim.FundModel not in check.parameter("funding_models")
        and aim.LearnStartDate < ADULT_SKILLS_FUND_BEGAN
        and is_devolved(aim, check.year)
    )


@rule("FundModel_11")
def t_level_on_another_model(aim: Aim) -> bool:
    return aim.ProgType == T_LEVEL and aim.FundModel != AGE_16_TO_19


@rule("FundModel_12")
def covid_skills_offer_on_another_model(aim: Aim) -> bool:
    return aim.FundModel != ADULT_SKILLS and aim.has_fam("LDM", COVID_SKILLS_OFFER)


@rule("FundModel_13")
def traineeship_on_another_model(aim: Aim) -> bool:
    return aim.ProgType == TRAINEESHIP and aim.FundModel not in (AGE_16_TO_19, ADULT_SKILLS)


@rule("FundModel_14")
def off_the_job_hours_on_another_model(aim: Aim) -> bool:
    return aim.FundModel != APPRENTICESHIPS and is_present(aim.OTJActHours)


@rule("FundModel_15")
def free_courses_for_jobs_on_another_model(aim: Aim) -> bool:
    return aim.FundModel not in (ADULT_SKILLS, ADULT_SKILLS_FUND) and aim.has_fam(
        "LDM", FREE_COURSES_FOR_JOBS
    )


@rule("FundModel_16")
def bootcamp_model_on_another_programme(aim: Aim) -> bool:
    return aim.FundModel == SKILLS_BOOTCAMPS and aim.ProgType != SKILLS_BOOTCAMP


@rule("FundModel_17")
def model_35_after_it_closed(aim: Aim) -> bool:
    return (
        aim.FundModel == ADULT_SKILLS
        and aim.LearnStartDate >= ADULT_SKILLS_FUND_BEGAN
        and not is_restart(aim)
    )


@rule("FundModel_18")
def devolved_funding_of_a_new_start_on_another_model(aim: Aim, check: Check) -> bool:
    return (
        aim.FundModel not in (ADULT_SKILLS_FUND, TAILORED_LEARNING)
        and aim.LearnStartDate >= ADULT_SKILLS_FUND_BEGAN
        and is_devolved(aim, check.year)
        and not is_restart(aim)
    )


@rule("FundModel_19")
def model_38_before_it_began(aim: Aim) -> bool:
    return aim.FundModel == ADULT_SKILLS_FUND and aim.LearnStartDate < ADULT_SKILLS_FUND_BEGAN


@rule("FundModel_20")
def model_11_before_it_began(aim: Aim) -> bool:
    return aim.FundModel == TAILORED_LEARNING and aim.LearnStartDate < ADULT_SKILLS_FUND_BEGAN


@rule("FundModel_21")
def model_38_resumes_learning_begun_before_it(aim: Aim) -> bool:
    return (
        aim.FundModel == ADULT_SKILLS_FUND
        and aim.LearnStartDate >= ADULT_SKILLS_FUND_BEGAN
        and aim.OrigLearnStartDate < ADULT_SKILLS_FUND_BEGAN
    )


@rule("FundModel_22")
def model_39_on_another_programme(aim: Aim) -> bool:
    return aim.FundModel == GROWTH_AND_SKILLS_SHORT_COURSES and aim.ProgType != APPRENTICESHIP_UNIT


@rule("ProgType_01")
def aim_in_a_programme_without_its_type(aim: Aim) -> bool:
    return not is_present(aim.ProgType) and aim.AimType in (PROGRAMME_AIM, COMPONENT_AIM)


@rule("ProgType_02")
def aim_outside_programmes_with_a_type(aim: Aim) -> bool:
    return aim.AimType == STANDALONE_AIM and is_present(aim.ProgType)


@rule("ProgType_06")
def standard_on_another_model(aim: Aim) -> bool:
    return aim.ProgType == APPRENTICESHIP_STANDARD and aim.FundModel not in (
        APPRENTICESHIPS,
        OTHER_ADULT,
        NOT_FUNDED,
    )


def is_more_than_months_before(aim: Aim, months: int, day: Day) -> bool:
    earliest = months_after(day, -months)
    return earliest is not None and aim.LearnStartDate < earliest


@rule("ProgType_07")
def traineeship_planned_for_over_a_year(aim: Aim) -> bool:
    return (
        is_traineeship_programme(aim)
        and aim.LearnStartDate >= TRAINEESHIP_LIMIT_BEGAN
        and is_more_than_months_before(aim, 12, aim.LearnPlanEndDate)
    )


@rule("ProgType_08")
def traineeship_lasted_over_a_year(aim: Aim) -> bool:
    return is_traineeship_programme(aim) and is_more_than_months_before(
        aim, 12, aim.LearnActEndDate
    )


@rule("ProgType_13")
def traineeship_open_for_over_fourteen_months(aim: Aim, check: Check) -> bool:
    return (
        is_traineeship_programme(aim)
        and not is_closed(aim)
        and is_more_than_months_before(aim, 14, check.on)
    )


@rule("ProgType_14")
def industry_placement_in_a_traineeship(aim: Aim) -> bool:
    return aim.ProgType == TRAINEESHIP and aim.LearnAimRef in INDUSTRY_PLACEMENTS


def is_unfunded_or_pilot_t_level(aim: Aim) -> bool:
    return aim.FundModel == NOT_FUNDED or aim.has_fam("LDM", ADULT_T_LEVEL_PILOT)


@rule("ProgType_15", until="2023-24")
def t_level_placement_in_another_programme(aim: Aim) -> bool:
    return (
        aim.LearnAimRef == T_LEVEL_PLACEMENT
        and is_present(aim.ProgType)
        and aim.ProgType != T_LEVEL
    )


@rule("ProgType_15", since="2024-25")
def t_level_placement_outside_a_t_level(aim: Aim) -> bool:
    return (
        aim.LearnAimRef == T_LEVEL_PLACEMENT
        and aim.ProgType != T_LEVEL
        and not is_unfunded_or_pilot_t_level(aim)
    )


@rule("ProgType_17", until="2023-24")
def occupational_specialism_in_another_programme(aim: Aim) -> bool:
    return (
        aim.LearnAimRef.startswith(OCCUPATIONAL_SPECIALISM)
        and is_present(aim.ProgType)
        and aim.ProgType != T_LEVEL
    )


@rule("ProgType_17", since="2024-25")
def occupational_specialism_outside_a_t_level(aim: Aim) -> bool:
    return (
        aim.ProgType != T_LEVEL
        and aim.LearnAimRef.startswith(OCCUPATIONAL_SPECIALISM)
        and not is_unfunded_or_pilot_t_level(aim)
    )


def first_of_programme(learner: Learner, programme_type: int) -> Aim | None:
    return next((aim for aim in learner.aims if aim.ProgType == programme_type), None)


@rule("ProgType_18")
def foundation_year_without_its_core_aim(learner: Learner) -> Iterator[Aim]:
    first = first_of_programme(learner, T_LEVEL_FOUNDATION_YEAR)
    if first and not any(
        aim.AimType == CORE_AIM and aim.LearnAimRef.startswith(FOUNDATION_YEAR)
        for aim in learner.aims
    ):
        yield first


@rule("ProgType_19")
def t_level_without_any_core_aim(learner: Learner, check: Check) -> Iterator[Aim]:
    first = first_of_programme(learner, T_LEVEL)
    core = [aim for aim in learner.aims if aim.AimType == CORE_AIM]
    if first and not any(may_be_technical_qualification(aim, check) for aim in core):
        yield first


def may_be_technical_qualification(aim: Aim, check: Check) -> bool:
    """Whether a core aim is a T Level's technical qualification. What LARS does not know, or
    without LARS our list, may be one unless it is a class of learning (Z…)."""
    if check.reference.has_lars and lars_aim(aim, check) is not None:
        return is_technical_qualification(aim, check)
    return not aim.LearnAimRef.startswith("Z")


@rule("ProgType_20")
def foundation_year_aim_in_another_programme(aim: Aim) -> bool:
    return bool(
        aim.ProgType != T_LEVEL_FOUNDATION_YEAR and aim.LearnAimRef.startswith(FOUNDATION_YEAR)
    )


@rule("ProgType_21")
def bootcamp_on_another_model(aim: Aim) -> bool:
    return aim.ProgType == SKILLS_BOOTCAMP and aim.FundModel != SKILLS_BOOTCAMPS


@rule("ProgType_22")
def combined_authority_programme_paid_by_another(aim: Aim, check: Check) -> bool:
    return aim.ProgType == COMBINED_AUTHORITY_PROGRAMME and not is_devolved(aim, check.year)


@rule("ProgType_25")
def apprenticeship_unit_on_another_model(aim: Aim) -> bool:
    return aim.ProgType == APPRENTICESHIP_UNIT and aim.FundModel != GROWTH_AND_SKILLS_SHORT_COURSES


@rule("ConRefNumber_03")
def contract_reference_on_a_model_without_one(aim: Aim, check: Check) -> bool:
    return is_present(aim.ConRefNumber) and aim.FundModel in check.parameter("funding_models")


@rule("PriorLearnFundAdj_01")
def prior_learning_adjustment_on_a_model_without_one(aim: Aim, check: Check) -> bool:
    return (
        is_present(aim.PriorLearnFundAdj)
        and aim.FundModel in check.parameter("funding_models")
        and not aim.has_fam("ADL")
    )


@rule("OtherFundAdj_01")
def other_adjustment_on_a_model_without_one(aim: Aim, check: Check) -> bool:
    return is_present(aim.OtherFundAdj) and aim.FundModel in check.parameter("funding_models")


@rule("PartnerUKPRN_02")
def partner_on_a_programme_aim(aim: Aim) -> bool:
    return aim.AimType == PROGRAMME_AIM and is_present(aim.PartnerUKPRN)


def provider_ukprn(aim: Aim) -> Number:
    message = aim.learner.parent
    providers = message.of(LearningProvider) if message else []
    return providers[0].UKPRN if providers else ABSENT


@rule("PartnerUKPRN_03")
def partner_is_the_provider_itself(aim: Aim) -> bool:
    return is_present(aim.PartnerUKPRN) and aim.PartnerUKPRN == provider_ukprn(aim)


@rule("SWSupAimId_01")
def aim_identifier_is_no_uuid(aim: Aim) -> bool:
    identifier = aim.SWSupAimId
    return is_present(identifier) and (
        not UUID.fullmatch(identifier) or not identifier.strip("(){}-0")
    )


@rule("ProvSpecDelMonOccur_01")
def monitoring_occurrence_is_not_a_to_d(monitoring: AimMonitoring) -> bool:
    occurrence = monitoring.ProvSpecDelMonOccur
    return is_present(occurrence) and occurrence not in MONITORING_OCCURRENCES
