"""What registers and the provider's own details say: postcodes, UKPRNs, assessors, courses."""

from __future__ import annotations

from collections.abc import Container
from datetime import date

from bot.ilr.absent import CannotTell, Text, is_present
from bot.ilr.record import Aim, AimHE, Learner, LearningProvider, Message
from bot.rules.derived import is_devolved
from bot.rules.engine import Check, rule
from bot.rules.families.file import ukprn_in_name
from bot.rules.lars_vocabulary import OTHER_PROVIDER, own_provider
from bot.rules.reference.lars import Period
from bot.rules.reference.provider import Course
from bot.rules.vocabulary import (
    ADULT_SKILLS,
    ADULT_SKILLS_FUND,
    ADULT_SKILLS_FUND_BEGAN,
    APPRENTICESHIP_UNIT,
    COMMUNITY_LEARNING,
    TAILORED_LEARNING,
    UNIT_BEGUN,
    is_funded_apprenticeship_programme,
    is_in_custody,
    is_restart,
)
from bot.years import AcademicYear

UNKNOWN = "ZZ99 9ZZ"
"""The postcode of those whose own is not known."""
AUGUST_2019, AUGUST_2021 = date(2019, 8, 1), date(2021, 8, 1)
POSTCODE_EXEMPT = "001"
NO_SUCH_SOURCE = "the postcodes that are held list none of this source of funding"


# Higher education


@rule("FUNDLEV_04")
def funding_level_is_missing(he: AimHE, check: Check) -> bool:
    return (
        not is_present(he.FUNDLEV)
        and he.aim.LearnStartDate >= ADULT_SKILLS_FUND_BEGAN
        and bool(own_provider(he.aim, check).he_funding_fields)
    )


# Postcodes


def is_unknown_postcode(postcode: Text, check: Check) -> bool:
    """Whether a postcode that was returned is neither in the directory nor ZZ99 9ZZ."""
    return (
        is_present(postcode)
        and postcode.upper() != UNKNOWN
        and postcode not in check.reference.postcodes
    )


@rule("Postcode_14")
def postcode_does_not_exist(learner: Learner, check: Check) -> bool:
    return is_unknown_postcode(learner.Postcode, check)


@rule("PostcodePrior_01")
def postcode_before_enrolment_does_not_exist(learner: Learner, check: Check) -> bool:
    return is_unknown_postcode(learner.PostcodePrior, check)


@rule("DelLocPostCode_03")
def delivery_postcode_does_not_exist(aim: Aim, check: Check) -> bool:
    return not is_in_custody(aim) and is_unknown_postcode(aim.DelLocPostCode, check)


@rule("HEPostCode_01")
def he_centre_postcode_does_not_exist(he: AimHE, check: Check) -> bool:
    return is_unknown_postcode(he.HEPostCode, check)


# Who pays for the learner's area


def is_outside_the_area_that_pays(aim: Aim, check: Check) -> bool:
    """Whether no source of funding of the aim pays for the postcode at its start.

    Restarts, DAM 001 and ZZ99 9ZZ are exempt. Raises CannotTell for a source of which the file
    that is held lists no postcode.
    """
    postcode, sources = aim.LSDPostcode, [fam.LearnDelFAMCode for fam in aim.fams_of("SOF")]
    if not is_present(postcode) or postcode.upper() == UNKNOWN or not sources:
        return False
    if is_restart(aim) or aim.has_fam("DAM", POSTCODE_EXEMPT):
        return False
    held, start = check.reference.devolved, aim.LearnStartDate
    named = [source for source in sources if is_present(source)]
    if any(held.pays(postcode, source, start) for source in named):
        return False
    if not all(held.lists(source) for source in named):
        raise CannotTell(NO_SUCH_SOURCE)
    return True


def older_models(check: Check) -> tuple[int, ...]:
    """Models 35 and, while it was collected, 10."""
    if check.year >= AcademicYear(2026):
        return (ADULT_SKILLS,)
    return (ADULT_SKILLS, COMMUNITY_LEARNING)


@rule("LSDPostcode_02")
def start_outside_the_area_2019(aim: Aim, check: Check) -> bool:
    if not AUGUST_2019 <= aim.LearnStartDate < AUGUST_2021:
        return False
    residential = is_present(aim.ProgType) and own_provider(aim, check).long_term_residential
    return (
        aim.FundModel in older_models(check)
        and is_devolved(aim, check.year)
        and not is_in_custody(aim)
        and not residential
        and is_outside_the_area_that_pays(aim, check)
    )


@rule("LSDPostcode_04")
def start_outside_the_area_2021(aim: Aim, check: Check) -> bool:
    return (
        AUGUST_2021 <= aim.LearnStartDate < ADULT_SKILLS_FUND_BEGAN
        and aim.FundModel in older_models(check)
        and is_outside_the_area_that_pays(aim, check)
    )


@rule("LSDPostcode_06")
def start_outside_the_area_now(aim: Aim, check: Check) -> bool:
    return (
        aim.LearnStartDate >= ADULT_SKILLS_FUND_BEGAN
        and aim.FundModel in (ADULT_SKILLS_FUND, TAILORED_LEARNING)
        and is_outside_the_area_that_pays(aim, check)
    )


# Providers, assessors and campuses


def is_unknown_provider(ukprn: object, check: Check) -> bool:
    """Whether a UKPRN that was returned is not on the list."""
    known: Container[object] = check.reference.providers
    return is_present(ukprn) and ukprn not in known


@rule("PrevUKPRN_01")
def previous_provider_does_not_exist(learner: Learner, check: Check) -> bool:
    return is_unknown_provider(learner.PrevUKPRN, check)


@rule("PMUKPRN_01")
def provider_before_a_merger_does_not_exist(learner: Learner, check: Check) -> bool:
    return is_unknown_provider(learner.PMUKPRN, check)


@rule("PartnerUKPRN_01")
def partner_does_not_exist(aim: Aim, check: Check) -> bool:
    return is_unknown_provider(aim.PartnerUKPRN, check)


@rule("Filename_3")
def file_is_named_for_no_provider(message: Message, check: Check) -> bool:
    ukprn = ukprn_in_name(message)
    return ukprn is not None and is_unknown_provider(ukprn, check)


@rule("EPAOrgID_01")
def assessor_is_not_listed_for_the_standard(aim: Aim, check: Check) -> bool:
    assessor, standard, end = aim.EPAOrgID, aim.StdCode, aim.LearnPlanEndDate
    if not is_present(assessor) or not is_present(standard) or not is_present(end):
        return False
    return not check.reference.assessors.may_assess(assessor, standard, end)


@rule("CampID_02")
def campus_is_another_provider_s(learner: Learner, check: Check) -> bool:
    campus, provider = learner.CampId, check.reference.provider
    message = learner.parent
    for named in message.children.get(LearningProvider.name, []) if message else []:
        if named.shown("UKPRN") not in ("", str(provider.ukprn)):
            raise CannotTell(OTHER_PROVIDER)
    return is_present(campus) and campus.upper() not in {
        one.upper() for one in provider.campuses or ()
    }


@rule("LearnDelFAMType_83")
def initiative_is_not_the_provider_s(aim: Aim, check: Check) -> bool:
    provider = own_provider(aim, check)
    mine = provider.initiatives or ()
    codes = {*provider.initiative_codes, *(one.ldm for one in mine)}
    return any(
        fam.LearnDelFAMCode in codes
        and not any(
            one.ldm == fam.LearnDelFAMCode and Period(one.start, one.end).covers(aim.LearnStartDate)
            for one in mine
        )
        for fam in aim.fams_of("LDM")
    )


# Courses of the apprenticeship service


def courses_of_unit(aim: Aim, check: Check) -> list[Course]:
    """The provider's courses of an apprenticeship unit."""
    return [
        one
        for one in own_provider(aim, check).courses or ()
        if one.aim is not None and one.aim.upper() == aim.LearnAimRef.upper()
    ]


def courses_of_standard(aim: Aim, check: Check) -> list[Course]:
    """The provider's courses of a standard."""
    return [
        one
        for one in own_provider(aim, check).courses or ()
        if one.standard is not None and one.standard == aim.StdCode
    ]


@rule("UKPRN_31")
def short_course_was_not_open(aim: Aim, check: Check) -> bool:
    if not aim.has_fam("LDM", UNIT_BEGUN) or not is_present(aim.LearnStartDate):
        return False
    held = courses_of_unit(aim, check)
    return bool(held) and not any(Period(c.start, c.end).covers(aim.LearnStartDate) for c in held)


@rule("UKPRN_32")
def unit_was_not_open(aim: Aim, check: Check) -> bool:
    if aim.ProgType != APPRENTICESHIP_UNIT or not is_present(aim.LearnStartDate):
        return False
    held = courses_of_unit(aim, check)
    return bool(held) and not any(
        Period(c.start, c.last_new_start).covers(aim.LearnStartDate) for c in held
    )


@rule("UKPRN_33")
def standard_closed_to_new_starts(aim: Aim, check: Check) -> bool:
    if not is_funded_apprenticeship_programme(aim) or is_restart(aim):
        return False
    held = courses_of_standard(aim, check)
    return bool(held) and all(
        c.last_new_start is not None and aim.LearnStartDate > c.last_new_start for c in held
    )


@rule("UKPRN_34")
def unit_ended_after_its_course(aim: Aim, check: Check) -> bool:
    if aim.ProgType != APPRENTICESHIP_UNIT:
        return False
    held = courses_of_unit(aim, check)
    return bool(held) and all(c.end is not None and aim.LearnActEndDate > c.end for c in held)


@rule("UKPRN_35")
def apprenticeship_ended_after_its_course(aim: Aim, check: Check) -> bool:
    if not is_funded_apprenticeship_programme(aim):
        return False
    held = courses_of_standard(aim, check)
    return bool(held) and all(c.end is not None and aim.LearnActEndDate > c.end for c in held)
