"""Higher education records, by the aim's LARS entry and the provider's own details."""

from __future__ import annotations

from datetime import date

from bot.ilr.absent import is_present
from bot.ilr.record import Aim, AimHE
from bot.rules.engine import Check, rule
from bot.rules.lars_vocabulary import LEVEL_4_AND_ABOVE, has_level, has_type, lars_aim, own_provider
from bot.rules.vocabulary import (
    ADULT_SKILLS,
    ADULT_SKILLS_FUND,
    AGE_16_TO_19,
    APPRENTICESHIP_STANDARD,
    COMMUNITY_LEARNING,
    NOT_FUNDED,
    TAILORED_LEARNING,
    is_apprenticeship,
)
from bot.years import AcademicYear

UNDERGRADUATE = "0394 1406 1407 1408 9000 9002 9107 E007 9112 9111 9110 9113".split()
POSTGRADUATE = "0393 1410 2001 9100 9101 9109 E008 1411 1412 9103".split()
"""LARS types of aims. Source: validation rules 2025-26 version 3, FUNDLEV_02 and FUNDLEV_03."""
HE_TYPES_BEGAN = date(2009, 8, 1)
MADE_BY_HESA = "352"
UNIVERSITY = "UHEO"
GRANT_FUNDED = frozenset("USFC USDC USAH USAD UGFE UHEO ULEA ULAD USCL LAFB UFES SSPS".split())
"""DD27: types of colleges and grant funded providers."""
HIGHER_FRAMEWORKS = frozenset({20, 21, 22, 23})
PRESCRIBED = (1, 2)
REGISTER_COUNTS = AcademicYear(2025)


@rule("FUNDLEV_02")
def undergraduate_aim_at_another_level(he: AimHE, check: Check) -> bool:
    return (
        is_present(he.FUNDLEV)
        and he.FUNDLEV not in (10, 11, 99)
        and he.aim.LearnStartDate >= HE_TYPES_BEGAN
        and has_type(he.aim, check, *UNDERGRADUATE)
    )


@rule("FUNDLEV_03")
def postgraduate_aim_at_another_level(he: AimHE, check: Check) -> bool:
    return (
        is_present(he.FUNDLEV)
        and he.FUNDLEV not in (20, 21, 30, 31, 99)
        and he.aim.LearnStartDate >= HE_TYPES_BEGAN
        and has_type(he.aim, check, *POSTGRADUATE)
    )


def lacks_he_record(aim: Aim, check: Check) -> bool:
    """Whether an aim has no HE record, at a provider of which one is asked.

    Universities and records made by HESA are exempt; from 2025-26 only providers on the Office
    for Students register are asked.
    """
    provider = own_provider(aim, check)
    return (
        aim.he is None
        and provider.type != UNIVERSITY
        and (provider.office_for_students or check.year < REGISTER_COUNTS)
        and not aim.has_fam("LDM", MADE_BY_HESA)
    )


def is_prescribed(aim: Aim, check: Check) -> bool:
    """Whether LARS has the aim as prescribed higher education."""
    held = lars_aim(aim, check)
    return held is not None and held.prescribed_he in PRESCRIBED


@rule("LearningDeliveryHE_03")
def higher_level_without_an_he_record(aim: Aim, check: Check) -> bool:
    models = [AGE_16_TO_19, ADULT_SKILLS, NOT_FUNDED]
    if check.year >= REGISTER_COUNTS:
        models.append(ADULT_SKILLS_FUND)
    return (
        aim.FundModel in models
        and own_provider(aim, check).type in GRANT_FUNDED
        and lacks_he_record(aim, check)
        and not is_apprenticeship(aim, check.year)
        and has_level(aim, check, LEVEL_4_AND_ABOVE)
    )


@rule("LearningDeliveryHE_07")
def higher_apprenticeship_without_an_he_record(aim: Aim, check: Check) -> bool:
    higher = aim.ProgType == APPRENTICESHIP_STANDARD or (
        check.year < REGISTER_COUNTS and aim.ProgType in HIGHER_FRAMEWORKS
    )
    return (
        higher
        and own_provider(aim, check).type in GRANT_FUNDED
        and lacks_he_record(aim, check)
        and is_prescribed(aim, check)
    )


@rule("LearningDeliveryHE_08")
def prescribed_he_without_an_he_record(aim: Aim, check: Check) -> bool:
    return (
        own_provider(aim, check).type not in GRANT_FUNDED
        and lacks_he_record(aim, check)
        and is_prescribed(aim, check)
    )


@rule("LearningDeliveryHE_06")
def community_learning_with_an_he_record(aim: Aim, check: Check) -> bool:
    return aim.FundModel == COMMUNITY_LEARNING and is_below_level_4_with_he(aim, check)


@rule("LearningDeliveryHE_09")
def tailored_learning_with_an_he_record(aim: Aim, check: Check) -> bool:
    return aim.FundModel == TAILORED_LEARNING and is_below_level_4_with_he(aim, check)


def is_below_level_4_with_he(aim: Aim, check: Check) -> bool:
    """Whether an aim that LARS has below level 4 has a higher education record."""
    return (
        aim.he is not None
        and lars_aim(aim, check) is not None
        and not has_level(aim, check, LEVEL_4_AND_ABOVE)
    )
