"""Who the learner is: ULN, names, address, codes, contact preferences and learner FAMs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from bot.ilr.absent import is_present
from bot.ilr.record import Aim, ContactPreference, Learner, LearnerFAM, LearnerMonitoring
from bot.rules.derived import earliest_start, uln_check_digit
from bot.rules.engine import Check, rule
from bot.rules.vocabulary import (
    APPRENTICESHIP_UNIT,
    ENGLISH_CONDITION,
    MATHS_CONDITION,
    NOT_FUNDED,
    SIXTY_DAYS,
    TEMPORARY_ULN,
    is_community_learning,
    is_funded_by_ofs,
    is_in_custody,
    is_misformed_postcode,
)

FIVE_DAYS = timedelta(days=5)
SHORT_COURSE_HOURS = 10
# Letters that HMRC does not issue are left out: D, F, I, Q, U, V, and O in second place.
NATIONAL_INSURANCE_NUMBER = re.compile(r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][0-9]{6}[A-D]?")
RESTRICTED_USE, PREFERRED_METHOD = "RUI", "PMC"
NOT_TO_BE_CONTACTED = frozenset({3, 4, 5})
EXEMPT_FOR_LEARNING_DIFFICULTY = 1


# Unique learner number


def has_temporary_uln(learner: Learner) -> bool:
    return learner.ULN == TEMPORARY_ULN


def is_after_new_year(check: Check) -> bool:
    """Whether the file is prepared on or after 1 January of the teaching year."""
    return check.on >= date(check.year.first + 1, 1, 1)


def is_levy_funded(aim: Aim) -> bool:
    return aim.has_fam("ACT", "1")


def is_agency_funded(aim: Aim, check: Check) -> bool:
    return aim.FundModel in check.parameter("funding_models") or (
        aim.FundModel == NOT_FUNDED and aim.has_fam("ADL", "1")
    )


def lasts_five_days(aim: Aim) -> bool:
    """Whether it is planned to last, or lasted, five days or more."""
    return (
        aim.LearnPlanEndDate - aim.LearnStartDate >= FIVE_DAYS
        or aim.LearnActEndDate - aim.LearnStartDate >= FIVE_DAYS
    )


def started_within_sixty_days(aim: Aim, check: Check) -> bool:
    return check.on - aim.LearnStartDate <= SIXTY_DAYS


def started_over_sixty_days_ago(aim: Aim, check: Check) -> bool:
    return check.on - aim.LearnStartDate > SIXTY_DAYS


@rule("ULN_02")
def temporary_uln_on_learning_of_other_funding(learner: Learner, check: Check) -> bool:
    return has_temporary_uln(learner) and any(
        aim.FundModel in check.parameter("funding_models") and not aim.has_fam("SOF", "1")
        for aim in learner.aims
    )


@rule("ULN_03", until="2020-21")
def temporary_uln_on_funded_learning_before_new_year(learner: Learner, check: Check) -> bool:
    return has_temporary_uln_before_new_year(learner, check) and any(
        aim.FundModel in check.parameter("funding_models") for aim in learner.aims
    )


@rule("ULN_03", since="2021-22")
def temporary_uln_before_new_year(learner: Learner, check: Check) -> bool:
    return has_temporary_uln_before_new_year(learner, check)


def has_temporary_uln_before_new_year(learner: Learner, check: Check) -> bool:
    return (
        has_temporary_uln(learner)
        and not is_after_new_year(check)
        and not any(is_levy_funded(aim) for aim in learner.aims)
    )


@rule("ULN_04")
def uln_fails_its_checksum(learner: Learner) -> bool:
    if not is_present(learner.ULN):
        return False
    expected = uln_check_digit(learner.ULN)
    return expected != "Y" and expected != str(learner.ULN)[9:]


@rule("ULN_06")
def temporary_uln_soon_after_the_start(learner: Learner, check: Check) -> bool:
    return (
        has_temporary_uln(learner)
        and is_after_new_year(check)
        and any(
            started_within_sixty_days(aim, check) and needs_a_real_uln(aim, check)
            for aim in learner.aims
        )
    )


@rule("ULN_07")
def temporary_uln_long_after_the_start(learner: Learner, check: Check) -> bool:
    return (
        has_temporary_uln(learner)
        and is_after_new_year(check)
        and any(
            started_over_sixty_days_ago(aim, check) and needs_a_real_uln(aim, check)
            for aim in learner.aims
        )
    )


def needs_a_real_uln(aim: Aim, check: Check) -> bool:
    return (
        lasts_five_days(aim)
        and is_agency_funded(aim, check)
        and not is_in_custody(aim)
        and not is_levy_funded(aim)
    )


@rule("ULN_09")
def temporary_uln_in_custody(learner: Learner, check: Check) -> bool:
    return (
        has_temporary_uln(learner)
        and is_after_new_year(check)
        and any(is_in_custody(aim) for aim in learner.aims)
    )


@rule("ULN_10", until="2020-21")
def temporary_uln_ofs_funded_as_first_coded(learner: Learner, check: Check) -> bool:
    return (
        has_temporary_uln(learner)
        and is_after_new_year(check)
        and any(
            is_long_ofs_aim(aim) and started_over_sixty_days_ago(aim, check) for aim in learner.aims
        )
    )


@rule("ULN_10", since="2021-22")
def temporary_uln_ofs_funded_soon_after_the_start(learner: Learner, check: Check) -> bool:
    return (
        has_temporary_uln(learner)
        and is_after_new_year(check)
        and any(
            is_long_ofs_aim(aim) and started_within_sixty_days(aim, check) for aim in learner.aims
        )
    )


def is_long_ofs_aim(aim: Aim) -> bool:
    return is_funded_by_ofs(aim) and lasts_five_days(aim) and not is_in_custody(aim)


@rule("ULN_11", until="2020-21")
def temporary_uln_ofs_funded_and_nobody_in_custody(learner: Learner, check: Check) -> bool:
    return (
        has_temporary_uln(learner)
        and is_after_new_year(check)
        and not any(is_in_custody(aim) for aim in learner.aims)
        and any(
            is_funded_by_ofs(aim)
            and aim.LearnPlanEndDate - aim.LearnStartDate >= FIVE_DAYS
            and not aim.LearnActEndDate - aim.LearnStartDate < FIVE_DAYS
            and started_over_sixty_days_ago(aim, check)
            for aim in learner.aims
        )
    )


@rule("ULN_11", since="2021-22")
def temporary_uln_ofs_funded_long_after_the_start(learner: Learner, check: Check) -> bool:
    return (
        has_temporary_uln(learner)
        and is_after_new_year(check)
        and any(
            is_long_ofs_aim(aim) and started_over_sixty_days_ago(aim, check) for aim in learner.aims
        )
    )


@rule("ULN_12")
def temporary_uln_on_a_levy_apprenticeship(learner: Learner) -> bool:
    return has_temporary_uln(learner) and any(is_levy_funded(aim) for aim in learner.aims)


@rule("ULN_13")
def temporary_uln_on_an_apprenticeship_unit(learner: Learner) -> bool:
    return has_temporary_uln(learner) and any(
        aim.ProgType == APPRENTICESHIP_UNIT for aim in learner.aims
    )


# Names and address


def is_wholly_community_learning(learner: Learner, check: Check) -> bool:
    """Whether every aim is community learning.

    The 2020-21 service did not count a learner with some aims on model 10 and some on
    model 99; the later text does.
    """
    aims = learner.aims
    if not aims or not all(is_community_learning(aim) for aim in aims):
        return False
    return check.year.first > 2020 or len({aim.FundModel for aim in aims}) == 1


def is_on_a_short_course(learner: Learner) -> bool:
    return learner.PlanLearnHours <= SHORT_COURSE_HOURS


@rule("FamilyName_01", until="2025-26")
def no_family_name_outside_community_learning(learner: Learner, check: Check) -> bool:
    return not learner.FamilyName and not is_wholly_community_learning(learner, check)


@rule("FamilyName_01", since="2026-27")
def no_family_name(learner: Learner) -> bool:
    return not learner.FamilyName


@rule("FamilyName_02")
def no_family_name_on_long_community_learning(learner: Learner, check: Check) -> bool:
    return not learner.FamilyName and is_long_community_learning(learner, check)


@rule("FamilyName_04")
def no_family_name_though_a_uln_is_given(learner: Learner, check: Check) -> bool:
    return not learner.FamilyName and is_short_community_learning_with_uln(learner, check)


@rule("GivenNames_01", until="2025-26")
def no_given_names_outside_community_learning(learner: Learner, check: Check) -> bool:
    return not learner.GivenNames and not is_wholly_community_learning(learner, check)


@rule("GivenNames_01", since="2026-27")
def no_given_names(learner: Learner) -> bool:
    return not learner.GivenNames


@rule("GivenNames_02")
def no_given_names_on_long_community_learning(learner: Learner, check: Check) -> bool:
    return not learner.GivenNames and is_long_community_learning(learner, check)


@rule("GivenNames_04")
def no_given_names_though_a_uln_is_given(learner: Learner, check: Check) -> bool:
    return not learner.GivenNames and is_short_community_learning_with_uln(learner, check)


def is_long_community_learning(learner: Learner, check: Check) -> bool:
    return learner.PlanLearnHours > SHORT_COURSE_HOURS and is_wholly_community_learning(
        learner, check
    )


def is_short_community_learning_with_uln(learner: Learner, check: Check) -> bool:
    return (
        is_on_a_short_course(learner)
        and is_present(learner.ULN)
        and learner.ULN != TEMPORARY_ULN
        and is_wholly_community_learning(learner, check)
    )


@rule("AddLine1_03", until="2025-26")
def no_address_outside_short_community_learning(learner: Learner, check: Check) -> bool:
    return not learner.AddLine1 and not (
        is_on_a_short_course(learner) and is_wholly_community_learning(learner, check)
    )


@rule("AddLine1_03", since="2026-27")
def no_address(learner: Learner) -> bool:
    return not learner.AddLine1


@rule("Postcode_15")
def postcode_is_not_of_the_right_form(learner: Learner) -> bool:
    return is_misformed_postcode(learner, "Postcode")


@rule("PostcodePrior_02")
def postcode_before_enrolment_is_not_of_the_right_form(learner: Learner) -> bool:
    return is_misformed_postcode(learner, "PostcodePrior")


# National Insurance number and coded fields


@rule("NINumber_01")
def national_insurance_number_is_not_of_the_right_form(learner: Learner) -> bool:
    number = learner.NINumber
    return is_present(number) and not NATIONAL_INSURANCE_NUMBER.fullmatch(number)


@rule("NINumber_02")
def no_national_insurance_number_on_a_levy_apprenticeship(learner: Learner) -> bool:
    return not is_present(learner.NINumber) and any(is_levy_funded(aim) for aim in learner.aims)


@rule("ALSCost_02")
def support_cost_without_the_high_needs_marker(learner: Learner) -> bool:
    return is_present(learner.ALSCost) and not learner.has_fam("HNS")


@rule("ProvSpecLearnMonOccur_01")
def monitoring_occurrence_is_neither_a_nor_b(monitoring: LearnerMonitoring) -> bool:
    occurrence = monitoring.ProvSpecLearnMonOccur
    return is_present(occurrence) and occurrence not in ("A", "B")


# Contact preferences (to 2024-25)


def has_preference(learner: Learner, kind: str, *codes: int) -> bool:
    return any(
        p.ContPrefType == kind and p.ContPrefCode in codes for p in learner.contact_preferences
    )


@rule("ContPrefType_02", on_part=True)
def preference_of_a_learner_not_to_be_contacted(learner: Learner) -> Iterator[ContactPreference]:
    if not has_preference(learner, RESTRICTED_USE, *NOT_TO_BE_CONTACTED):
        return
    for preference in learner.contact_preferences:
        kind, code = preference.ContPrefType, preference.ContPrefCode
        if (kind == RESTRICTED_USE and code in (1, 2, 6, 7)) or (
            kind == PREFERRED_METHOD and code in (1, 2, 3, 4, 5, 6)
        ):
            yield preference


@rule("ContPrefType_03")
def contact_preference_closed_before_the_learner_started(
    learner: Learner, check: Check
) -> Iterator[ContactPreference]:
    if not learner.contact_preferences:
        return
    start = earliest_start(learner)
    if not is_present(start):
        return
    for preference in learner.contact_preferences:
        kind = preference.ContPrefType
        valid = check.specification.type_codes("ContactPreference", str(kind), on=start)
        if is_present(kind) and str(preference.ContPrefCode) not in valid:
            yield preference


@rule("ContPrefType_04", on_part=True)
def restrictions_from_before_and_after_data_protection_change(learner: Learner) -> bool:
    return has_preference(learner, RESTRICTED_USE, 1, 2) and has_preference(
        learner, RESTRICTED_USE, 6, 7
    )


@rule("ContPrefType_05", on_part=True)
def methods_from_before_and_after_data_protection_change(learner: Learner) -> bool:
    return has_preference(learner, PREFERRED_METHOD, 1, 2, 3) and has_preference(
        learner, PREFERRED_METHOD, 4, 5, 6
    )


@rule("ContPrefType_06", on_part=True)
def more_than_two_restrictions(learner: Learner) -> bool:
    return _count(RESTRICTED_USE, learner) > 2


@rule("ContPrefType_07", on_part=True)
def more_than_three_preferred_methods(learner: Learner) -> bool:
    return _count(PREFERRED_METHOD, learner) > 3


def _count(kind: str, learner: Learner) -> int:
    return sum(p.ContPrefType == kind for p in learner.contact_preferences)


# Learner funding and monitoring


def beyond(most: int, kinds: Iterable[str], learner: Learner) -> Iterator[LearnerFAM]:
    """FAM records past the most that a learner may have of their type."""
    seen: Counter[str] = Counter()
    for fam in learner.fams:
        kind = fam.LearnFAMType
        if is_present(kind) and kind in kinds:
            seen[kind] += 1
            if seen[kind] > most:
                yield fam


@rule("LearnFAMType_09", on_part=True)
def second_record_of_a_type_allowed_once(learner: Learner, check: Check) -> Iterator[LearnerFAM]:
    yield from beyond(1, check.parameter("types"), learner)


@rule("LearnFAMType_10", on_part=True)
def fifth_learner_support_reason(learner: Learner) -> Iterator[LearnerFAM]:
    yield from beyond(4, ("LSR",), learner)


@rule("LearnFAMType_11", on_part=True)
def third_record_of_a_type_allowed_twice(learner: Learner) -> Iterator[LearnerFAM]:
    yield from beyond(2, ("EDF", "NLM"), learner)


@rule("LearnFAMType_14", on_part=True)
def special_needs_and_a_plan_together(learner: Learner) -> bool:
    return learner.has_fam("SEN", 1) and learner.has_fam("EHC", 1)


@rule("LearnFAMType_15")
def maths_exemption_without_a_plan(learner: Learner, check: Check) -> bool:
    return is_exempt_without_support(learner, MATHS_CONDITION, check)


@rule("LearnFAMType_16")
def english_exemption_without_a_plan(learner: Learner, check: Check) -> bool:
    return is_exempt_without_support(learner, ENGLISH_CONDITION, check)


def is_exempt_without_support(learner: Learner, condition: str, check: Check) -> bool:
    return learner.has_fam(condition, EXEMPT_FOR_LEARNING_DIFFICULTY) and not any(
        learner.has_fam(kind) for kind in check.parameter("needs_one_of")
    )


@rule("LearnFAMType_17", on_part=True)
def tuition_fund_and_repeated_year_together(learner: Learner) -> bool:
    return learner.has_fam("NLM", 21) and learner.has_fam("NLM", 22)
