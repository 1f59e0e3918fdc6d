"""Types and codes that the year lists, and how often a type may be returned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache

from bot.ilr.absent import Text, is_present
from bot.ilr.record import Aim, AimFAM
from bot.ilr.specification import Code, YearSpecification
from bot.rules.code_lists import is_unlisted_type
from bot.rules.doubt import Doubt
from bot.rules.engine import Check, rule
from bot.rules.vocabulary import (
    ADULT_SKILLS,
    APPRENTICESHIP_STANDARD,
    COMPONENT_AIM,
    CORE_AIM,
    EUROPEAN_SOCIAL_FUND,
    OTHER_ADULT,
    is_in_custody,
    is_restart,
)

HOUSEHOLD_PAIR = frozenset({"1", "3"})
MAX_OF_A_TYPE = 6
MAX_HOUSEHOLD_RECORDS = 2
FREE_OF_A_FIRST_DATE = frozenset({"368", "369"})
AUGUST_2015 = date(2015, 8, 1)


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
