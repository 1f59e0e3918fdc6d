"""Higher education: the HE records of learner and aim, their codes, fees and study."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bot.ilr.absent import Number, Text, is_present
from bot.ilr.record import Aim, AimHE, HEFinancialSupport, Learner, LearnerHE
from bot.ilr.specification import Code
from bot.rules.code_lists import is_off_the_list
from bot.rules.derived import earliest_start, student_support_check_letter
from bot.rules.doubt import Doubt
from bot.rules.engine import Check, rule
from bot.rules.vocabulary import (
    AUGUST_2012,
    AUGUST_2013,
    AUGUST_2014,
    AUGUST_2025,
    PROGRAMME_AIM,
    is_funded_by_ofs,
    is_misformed_postcode,
    is_restart,
    repeated,
)
from bot.years import AcademicYear

FULL_TIME, SANDWICH_YEAR_OUT, PART_TIME = 1, 2, 3
SANDWICH_PLACEMENT_FEE = 1
SHORT_FINAL_YEAR_FEES = frozenset({4, 5})
COMPLETED_THIS_YEAR = 1
YEAR_WITHIN_ACADEMIC_YEAR = 1
UCAS_SCHEME_CODE = re.compile(r"[A-Za-z]{2}[0-9]{2}")

LOCAL_AUTHORITY_AWARD, SCOTTISH_AWARD, NORTHERN_IRISH_AWARD = 2, 3, 4
STUDENT_LOANS_COMPANY = 10
AWARDS_AND_MIXES = frozenset({2, 3, 4, 52, 53, 54})
SCOTLAND, NORTHERN_IRELAND = "XH", "XG"
ENGLAND_AND_WALES = frozenset({"XF", "XI"})
BRITISH_ISLES = frozenset({"XF", "XG", "XH", "XI", "XK"})

AUGUST_2009 = date(2009, 8, 1)
AUGUST_2010 = date(2010, 8, 1)
AUGUST_2011 = date(2011, 8, 1)
AUGUST_2021 = date(2021, 8, 1)


def starts_from(he: AimHE, day: date) -> bool:
    """Whether the aim starts on a day or later."""
    return he.aim.LearnStartDate >= day


def country(he: AimHE) -> Text:
    """The country of the permanent address, a field called DOMICILE until 2024-25."""
    return he.PERMADDCOUNTRY if is_present(he.PERMADDCOUNTRY) else he.DOMICILE


def ucas_code(he: AimHE) -> Text:
    """The UCAS code of the application, a field called UCASAPPID until 2024-25."""
    return he.UCASSCHEMECODE if is_present(he.UCASSCHEMECODE) else he.UCASAPPID


# Which records stand together


@rule("LearnerHE_02")
def learner_has_an_he_record_and_no_aim_does(learner: Learner) -> bool:
    return learner.he is not None and not any(aim.he for aim in learner.aims)


@rule("LearningDeliveryHE_02", since="2024-25")
def aim_funded_by_ofs_has_no_he_record(aim: Aim) -> bool:
    return aim.he is None and is_funded_by_ofs(aim)


@rule("LearningDeliveryHE_10")
def programme_aim_has_an_he_record(he: AimHE) -> bool:
    return he.aim.AimType == PROGRAMME_AIM and starts_from(he, AUGUST_2025)


# Code lists


@rule("SOC2000_03")
def occupation_is_not_of_the_2000_list(he: AimHE, check: Check) -> bool | Doubt:
    return he.aim.LearnStartDate < AUGUST_2014 and is_off_the_list(
        he.SOC2000, check.specification.field(he.name, "SOC2000")
    )


@rule("SOC2000_04")
def occupation_is_not_of_the_2010_list(he: AimHE, check: Check) -> bool:
    return (
        is_present(he.SOC2000)
        and starts_from(he, AUGUST_2014)
        and he.SOC2000 not in check.parameter("soc_2010")
    )


@rule("FINTYPE_02", on_part=True)
def financial_support_type_twice(he: LearnerHE) -> Iterator[HEFinancialSupport]:
    return repeated(he.financial_support, key=lambda support: support.FINTYPE)


# Codes that had closed when the aim started


def listed(he: AimHE, name: str, code: Text | Number, check: Check) -> Code | None:
    """A code's row in the year's list of a field, if it is there."""
    return check.specification.field(he.name, name).codes.get(str(code).upper())


def starts_after_its_code_closed(he: AimHE, code: Code | None) -> bool:
    return code is not None and code.last is not None and he.aim.LearnStartDate > code.last


@rule("MSTUFEE_02")
def source_of_fees_had_closed(he: AimHE, check: Check) -> bool:
    return starts_after_its_code_closed(he, listed(he, "MSTUFEE", he.MSTUFEE, check))


@rule("QUALENT3_03")
def qualification_on_entry_had_closed(he: AimHE, check: Check) -> bool:
    code = listed(he, "QUALENT3", he.QUALENT3, check)
    return starts_after_its_code_closed(he, code) and not is_restart(he.aim)


# What must be returned


@rule("DOMICILE_01", "PERMADDCOUNTRY_01")
def no_country_of_permanent_address(he: AimHE) -> bool:
    return starts_from(he, AUGUST_2013) and not is_present(country(he))


@rule("ELQ_01")
def no_equivalent_or_lower_on_an_aim_funded_by_ofs(he: AimHE) -> bool:
    return not is_present(he.ELQ) and is_funded_by_ofs(he.aim)


@rule("NUMHUS_01")
def no_student_instance_identifier(he: AimHE) -> bool:
    return starts_from(he, AUGUST_2011) and not is_present(he.NUMHUS)


@rule("PCOLAB_01")
def no_percentage_taught_by_the_partner(he: AimHE) -> bool:
    return (
        starts_from(he, AUGUST_2013)
        and is_present(he.aim.PartnerUKPRN)
        and not is_present(he.PCOLAB)
    )


@rule("QUALENT3_01")
def no_qualification_on_entry(he: AimHE) -> bool:
    return starts_from(he, AUGUST_2010) and not is_present(he.QUALENT3)


@rule("STULOAD_04")
def no_full_time_equivalent(he: AimHE) -> bool:
    return starts_from(he, AUGUST_2013) and not is_present(he.STULOAD)


@rule("TTACCOM_04")
def full_time_learner_without_term_time_accommodation(he: AimHE) -> bool:
    if he.MODESTUD != FULL_TIME:
        return False
    learner = he.aim.learner
    has_none = learner.he is None or not is_present(learner.he.TTACCOM)
    return has_none and earliest_start(learner) >= AUGUST_2013


# UCAS


@rule("UCASAPPID_01", "UCASSCHEMECODE_01")
def ucas_applicant_without_a_ucas_code(he: AimHE) -> bool:
    learner_he = he.aim.learner.he
    return (
        learner_he is not None
        and is_present(learner_he.UCASPERID)
        and starts_from(he, AUGUST_2013)
        and not is_present(ucas_code(he))
    )


@rule("UCASSCHEMECODE_02")
def ucas_scheme_code_is_not_of_the_right_form(he: AimHE) -> bool:
    code = he.UCASSCHEMECODE
    return (
        is_present(code) and starts_from(he, AUGUST_2025) and not UCAS_SCHEME_CODE.fullmatch(code)
    )


def applied_through_ucas_from_the_british_isles(he: AimHE) -> bool:
    return (
        is_present(ucas_code(he)) and country(he) in BRITISH_ISLES and starts_from(he, AUGUST_2013)
    )


@rule("SEC_02")
def ucas_applicant_without_a_socio_economic_class(he: AimHE) -> bool:
    return not is_present(he.SEC) and applied_through_ucas_from_the_british_isles(he)


@rule("SOC2000_02")
def ucas_applicant_without_an_occupation_until_2024(he: AimHE) -> bool:
    return not is_present(he.SOC2000) and applied_through_ucas_from_the_british_isles(he)


@rule("SOC_02")
def ucas_applicant_without_an_occupation(he: AimHE) -> bool:
    return not is_present(he.SOC) and applied_through_ucas_from_the_british_isles(he)


# Fees


@rule("GROSSFEE_01")
def net_fee_without_gross_fee(he: AimHE) -> bool:
    return is_present(he.NETFEE) and not is_present(he.GROSSFEE)


@rule("GROSSFEE_02")
def gross_fee_is_below_net_fee(he: AimHE) -> bool:
    return he.GROSSFEE < he.NETFEE


@rule("GROSSFEE_03")
def gross_fee_is_over_the_limit(he: AimHE, check: Check) -> bool:
    return bool(check.parameter("limit") < he.GROSSFEE)


@rule("NETFEE_01", until="2025-26")
def no_net_fee_and_no_student_support_number(he: AimHE) -> bool:
    return starts_from(he, AUGUST_2012) and not is_present(he.SSN) and not is_present(he.NETFEE)


@rule("NETFEE_02")
def net_fee_is_over_the_limit(he: AimHE, check: Check) -> bool:
    return bool(check.parameter("limit") < he.NETFEE)


@rule("MSTUFEE_03")
def other_award_for_a_learner_of_scotland(he: AimHE) -> bool:
    return country(he) == SCOTLAND and he.MSTUFEE in (LOCAL_AUTHORITY_AWARD, NORTHERN_IRISH_AWARD)


@rule("MSTUFEE_04")
def other_award_for_a_learner_of_northern_ireland(he: AimHE) -> bool:
    return country(he) == NORTHERN_IRELAND and he.MSTUFEE in (
        LOCAL_AUTHORITY_AWARD,
        SCOTTISH_AWARD,
    )


@rule("MSTUFEE_05")
def other_award_for_a_learner_of_england_or_wales(he: AimHE) -> bool:
    return country(he) in ENGLAND_AND_WALES and he.MSTUFEE in (
        SCOTTISH_AWARD,
        NORTHERN_IRISH_AWARD,
    )


@rule("MSTUFEE_06")
def award_without_student_support_number_until_2025(he: AimHE) -> bool:
    return (
        he.MSTUFEE in AWARDS_AND_MIXES
        and not is_present(he.SSN)
        and AUGUST_2021 <= he.aim.LearnStartDate < AUGUST_2025
    )


@rule("MSTUFEE_07")
def award_without_student_support_number(he: AimHE) -> bool:
    return (
        he.MSTUFEE in (SCOTTISH_AWARD, STUDENT_LOANS_COMPANY)
        and not is_present(he.SSN)
        and starts_from(he, AUGUST_2025)
    )


@rule("SPECFEE_02")
def sandwich_year_without_its_fee(he: AimHE) -> bool:
    return (
        he.MODESTUD == SANDWICH_YEAR_OUT
        and he.SPECFEE != SANDWICH_PLACEMENT_FEE
        and starts_from(he, AUGUST_2009)
    )


@rule("MODESTUD_03")
def short_final_year_is_not_part_time(he: AimHE) -> bool:
    return (
        he.SPECFEE in SHORT_FINAL_YEAR_FEES
        and he.MODESTUD != PART_TIME
        and starts_from(he, AUGUST_2009)
    )


@rule("SSN_02")
def student_support_number_fails_its_checksum(he: AimHE) -> bool:
    number = he.SSN
    if not is_present(number):
        return False
    return len(number) != 13 or student_support_check_letter(number) != number[12]


@rule("SSN_03")
def neither_student_support_number_nor_both_fees(he: AimHE) -> bool:
    return (
        not is_present(he.SSN)
        and not (is_present(he.NETFEE) and is_present(he.GROSSFEE))
        and starts_from(he, AUGUST_2021)
    )


# Study and place


@rule("HEPostCode_02")
def postcode_of_the_centre_is_not_of_the_right_form(he: AimHE) -> bool:
    return is_misformed_postcode(he, "HEPostCode")


@rule("PCFLDCS_01")
def subject_percentages_do_not_make_100(he: AimHE) -> bool:
    parts = [part for part in (he.PCFLDCS, he.PCSLDCS, he.PCTLDCS) if is_present(part)]
    return bool(parts) and sum(parts) != 100 and starts_from(he, AUGUST_2009)


@rule("TYPEYR_02")
def year_completed_within_one_academic_year(he: AimHE) -> bool:
    aim = he.aim
    return (
        he.FUNDCOMP == COMPLETED_THIS_YEAR
        and he.TYPEYR != YEAR_WITHIN_ACADEMIC_YEAR
        and starts_from(he, AUGUST_2009)
        and is_present(aim.LearnStartDate)
        and is_present(aim.LearnActEndDate)
        and AcademicYear.containing(aim.LearnStartDate)
        == AcademicYear.containing(aim.LearnActEndDate)
    )
