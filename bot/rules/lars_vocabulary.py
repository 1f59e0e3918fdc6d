"""Words the rules on LARS share: an aim's entry in LARS, its level, validity and categories.

An aim that LARS does not have is for LearnAimRef_01 to report; the other rules stay quiet.
Where LARS has several rows of a validity category for one aim, a day is valid when any row
covers it.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from bot.ilr.absent import ABSENT, CannotTell, Day, is_present
from bot.ilr.record import Aim, Learner, LearningProvider
from bot.rules.derived import is_unemployed_on_benefits
from bot.rules.reference.lars import ENGLISH_OR_MATHS, LarsAim, Standard
from bot.rules.unknown import Unlisted
from bot.rules.vocabulary import (
    ADULT_SKILLS,
    APPRENTICESHIP_STANDARD,
    NOT_EMPLOYED,
    PROGRAMME_AIM,
    TRAINEESHIP,
    age_on,
    employment_on,
    is_in_custody,
    is_restart,
)

if TYPE_CHECKING:
    from bot.ilr.published_lists import PublishedList
    from bot.rules.engine import Check
    from bot.rules.reference.provider import Provider
    from bot.years import AcademicYear

ENTRY_TO_LEVEL_2 = frozenset({"E", "1", "2"})
LEVEL_2, LEVEL_3, LEVEL_4 = frozenset({"2"}), frozenset({"3"}), frozenset({"4"})
LEVEL_3_AND_ABOVE = frozenset({"3", "4", "5", "6", "7", "8", "H"})
LEVEL_4_AND_ABOVE = LEVEL_3_AND_ABOVE - {"3"}
A_LEVELS = frozenset({"0002", "1413", "1430", "1431", "1453"})
"""Aim types of A levels, as DateOfBirth_55 lists them."""
TECHNICAL_QUALIFICATION = "1468"
"""Aim type of a T Level's technical qualification."""
TRADE_UNION, LICENCE_TO_PRACTISE, SECURITY_LICENCE = 19, 20, 22
LEVEL_2_ENTITLEMENT, LEVEL_3_ENTITLEMENT = 37, 38
LEVEL_3_OFFER = (45, 46)
"""LARS categories of free courses for jobs, at the two rates."""
LEVEL_3_OFFER_SHORT, LEVEL_3_OFFER_AUTHORITIES, LEVEL_3_OFFER_ONLY = 49, 56, 48
BOOTCAMP_SUBJECT = 62
CSCS_CARD = 76
DIGITAL_SKILLS = frozenset({43, 44})
"""Basic skills types of essential digital skills and digital functional skills."""
FULL_LEVEL_2_OR_ABOVE = frozenset({4, 6, 7, 8, 9, 10, 97, 98})
FULL_LEVEL_3_OR_ABOVE = frozenset({6, 7, 8, 9, 10, 97, 98})
"""Prior attainment levels of the list in use since 2021-22."""
OLD_LEVEL_2_OR_ABOVE = frozenset({2, 3, 4, 5, 10, 11, 12, 13, 97, 98})
OLD_LEVEL_3_OR_ABOVE = frozenset({3, 4, 5, 10, 11, 12, 13, 97, 98})
"""Prior attainment levels of the list in use until 2020-21."""


def lars_aim(aim: Aim, check: Check) -> LarsAim | None:
    """What LARS holds of an aim; None without a reference, or when LARS has no such aim."""
    ref = aim.LearnAimRef
    if not is_present(ref):
        return None
    lars = check.reference.lars
    return None if type(ref) is Unlisted else lars.aim(ref)


def lars_standard(aim: Aim, check: Check) -> Standard | None:
    """What LARS holds of an aim's standard; None without a code, or when LARS has none."""
    code = aim.StdCode
    return check.reference.lars.standard(code) if is_present(code) else None


def has_level(aim: Aim, check: Check, levels: frozenset[str]) -> bool:
    """Whether the aim's notional level is among these."""
    held = lars_aim(aim, check)
    return held is not None and held.level in levels


def has_type(aim: Aim, check: Check, *types: str) -> bool:
    """Whether the aim's LARS type is one of these."""
    held = lars_aim(aim, check)
    return held is not None and held.type in types


def has_category(aim: Aim, check: Check, *categories: int) -> bool:
    """Whether the aim is in one of these LARS categories, whenever."""
    held = lars_aim(aim, check)
    return held is not None and held.has_category(*categories)


def lacks_category(aim: Aim, check: Check, *categories: int) -> bool:
    """Whether LARS has the aim, and in none of these categories."""
    held = lars_aim(aim, check)
    return held is not None and not held.has_category(*categories)


def in_category_at_start(aim: Aim, check: Check, *categories: int) -> bool:
    """Whether the aim is in one of these LARS categories on its start."""
    held = lars_aim(aim, check)
    return held is not None and held.in_category_on(aim.LearnStartDate, *categories)


def is_basic_skill(aim: Aim, check: Check, types: frozenset[int]) -> bool:
    """Whether the aim's basic skills type on its start is among these."""
    held = lars_aim(aim, check)
    return held is not None and held.is_basic_skill_on(aim.LearnStartDate, types)


def is_english_or_maths(aim: Aim, check: Check) -> bool:
    """Whether it is an English or maths basic skills aim on its start."""
    return is_basic_skill(aim, check, ENGLISH_OR_MATHS)


def is_technical_qualification(aim: Aim, check: Check) -> bool:
    """Whether it is a T Level's technical qualification: by LARS, or by the published list where
    LARS is not held."""
    if check.reference.has_lars:
        return has_type(aim, check, TECHNICAL_QUALIFICATION)
    ref = aim.LearnAimRef
    return type(ref) is not Unlisted and ref in t_levels(check).by_code


def t_levels(check: Check) -> PublishedList:
    """The published list of technical qualifications, each with its specialisms."""
    return check.specification.lists["t-levels"]


# validity ---------------------------------------------------------------------------------


def starts_outside(aim: Aim, check: Check, *categories: str) -> bool:
    """Whether it starts on a day that no validity of these categories covers.

    Not when LARS has none of them for it: that is another rule's finding.
    """
    return outside(aim, check, aim.LearnStartDate, *categories)


def outside(aim: Aim, check: Check, day: Day, *categories: str) -> bool:
    """Whether a day that was returned lies in no validity of these categories, of which LARS
    has at least one."""
    held = lars_aim(aim, check)
    if held is None or not is_present(day):
        return False
    rows = held.valid_for(*categories)
    return bool(rows) and not any(row.covers(day) for row in rows)


def ends_after(aim: Aim, check: Check, category: str) -> bool:
    """Whether it ended after the last day of its validity."""
    held = lars_aim(aim, check)
    if held is None or not is_present(aim.LearnActEndDate):
        return False
    rows = held.valid_for(category)
    return bool(rows) and all(row.end is not None and aim.LearnActEndDate > row.end for row in rows)


def not_open_to_starts(
    aim: Aim, check: Check, category: str, *, restarts_exempt: bool = True
) -> bool:
    """Whether it starts before its validity, or after the last date for new starts.

    A restart may start after that date, unless ``restarts_exempt`` is false.
    """
    held = lars_aim(aim, check)
    start = aim.LearnStartDate
    if held is None or not is_present(start):
        return False
    rows = held.valid_for(category)
    late_allowed = restarts_exempt and is_restart(aim)
    return bool(rows) and not any(
        (row.start is None or row.start <= start)
        and (late_allowed or row.last_new_start is None or start <= row.last_new_start)
        for row in rows
    )


def no_longer_valid(aim: Aim, check: Check, category: str) -> bool:
    """Whether the validity that began last was over before this teaching year."""
    held = lars_aim(aim, check)
    rows = held.valid_for(category) if held else []
    if not rows:
        return False
    newest = max(rows, key=lambda row: row.start or date.min)
    return newest.end is not None and newest.end <= end_of_year_before(check.year)


def not_listed(aim: Aim, check: Check, *categories: str) -> bool:
    """Whether LARS has the aim, and no validity of any of these categories for it."""
    held = lars_aim(aim, check)
    return held is not None and not held.valid_for(*categories)


def end_of_year_before(year: AcademicYear) -> date:
    """31 July before the teaching year."""
    return date(year.first, 7, 31)


# the provider -------------------------------------------------------------------------------

OTHER_PROVIDER = "provider.yaml is of another provider than the record"


def own_provider(aim: Aim, check: Check) -> Provider:
    """The provider's own details. Raises CannotTell when the record is another provider's."""
    provider = check.reference.provider
    message = aim.learner.parent
    for named in message.children.get(LearningProvider.name, []) if message else []:
        ukprn = named.shown("UKPRN")
        if ukprn and ukprn != str(provider.ukprn):
            raise CannotTell(OTHER_PROVIDER)
    return provider


# the learner --------------------------------------------------------------------------------


def is_aged(aim: Aim, youngest: int, oldest: int | None = None) -> bool:
    """Whether the learner's age on the aim's start is from one to another; not when unknown."""
    age = age_on(aim.learner, aim.LearnStartDate)
    return age is not None and age >= youngest and (oldest is None or age <= oldest)


def has_attained(aim: Aim, levels: frozenset[int], old_levels: frozenset[int]) -> bool:
    """Whether the learner's prior attainment on the aim's start is among these.

    The latest record from then or before; until 2020-21 the learner's one field.
    """
    learner: Learner = aim.learner
    if is_present(learner.PriorAttain):
        return learner.PriorAttain in old_levels
    dated = [
        record for record in learner.prior_attainments if record.DateLevelApp <= aim.LearnStartDate
    ]
    # Of several of one day, each counts.
    last = max((record.DateLevelApp for record in dated), default=ABSENT)
    return any(record.DateLevelApp == last and record.PriorLevel in levels for record in dated)


def is_fully_funded(aim: Aim) -> bool:
    """Whether full funding is claimed (FFI 1)."""
    return aim.has_fam("FFI", "1")


def is_fully_funded_by_authority(aim: Aim) -> bool:
    """Whether an authority funds its own residents in full (DAM 023)."""
    return aim.has_fam("DAM", "023")


def is_on_active_benefits(aim: Aim) -> bool:
    """DD12 or DD28: whether an adult skills learner was on benefits at the aim's start.

    The published exemptions name DD12 in 2025-26 and DD28 in the list of who uses what; either
    exempts here. Source: validation rules 2025-26 version 3 and 2026-27 version 4.
    """
    status = employment_on(aim.learner, aim.LearnStartDate)
    if aim.FundModel != ADULT_SKILLS or status is None:
        return False
    if status.has("BSI", 1, 2) or (status.has("BSI", 4) and aim.has_fam("LDM", "318")):
        return True
    return status.has("BSI", 3, 4) and (
        status.EmpStat in NOT_EMPLOYED or (status.EmpStat == 10 and status.has("EII", 2, 5, 6))
    )


def is_unemployed_on_other_benefits(aim: Aim) -> bool:
    """DD21: whether an adult skills learner out of work had other benefits at the aim's start.

    Source: validation rules 2025-26 version 3 and 2026-27 version 4, DD21.
    """
    status = employment_on(aim.learner, aim.LearnStartDate)
    if aim.FundModel != ADULT_SKILLS or status is None or status.EmpStat not in NOT_EMPLOYED:
        return False
    other_monitoring = any(fam.LearnDelFAMCode != "318" for fam in aim.fams_of("LDM"))
    return status.has("BSI", 3) or (status.has("BSI", 4) and other_monitoring)


def is_on_any_benefits(aim: Aim) -> bool:
    """Whether one of the definitions on benefits holds that exempt from these rules."""
    return (
        is_on_active_benefits(aim)
        or is_unemployed_on_other_benefits(aim)
        or is_unemployed_on_benefits(aim)
    )


def is_traineeship_preparation(aim: Aim, check: Check) -> bool:
    """DD29: whether it is work preparation or experience of a traineeship (categories 2 and 4).

    Source: validation rules 2025-26 version 3 and 2026-27 version 4, DD29.
    """
    return aim.ProgType == TRAINEESHIP and has_category(aim, check, 2, 4)


def is_in_custody_or_released(aim: Aim) -> bool:
    """Whether the learner is in custody (LDM 034) or on temporary release (LDM 328)."""
    return is_in_custody(aim) or aim.has_fam("LDM", "328")


def standard_programme_start(aim: Aim) -> Day:
    """DD18: the earliest start of the learner's programme aims of this aim's standard.

    ABSENT when there is none. Source: validation rules 2025-26 version 3 and 2026-27 version 4.
    """
    starts = [
        other.LearnStartDate
        for other in aim.learner.aims
        if other.AimType == PROGRAMME_AIM
        and other.ProgType == APPRENTICESHIP_STANDARD
        and other.StdCode == aim.StdCode
        and is_present(other.LearnStartDate)
    ]
    return min(starts, default=ABSENT)
