"""What the learner had achieved before: prior attainment, and GCSE maths and English grades."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.ilr.absent import is_present
from bot.ilr.record import Aim, Learner, PriorAttainment
from bot.rules.engine import Check, rule
from bot.rules.vocabulary import (
    ADULT_SKILLS,
    AGE_16_TO_19,
    ENGLISH_CONDITION,
    MATHS_CONDITION,
    TRAINEESHIP,
    is_local_authority_community_learning,
)

NO_GCSE = "NONE"
GRADES_BELOW_4 = frozenset(
    {"D", "DD", "DE", "E", "EE", "EF", "F", "FF", "FG", "G", "GG", "N", "U", "3", "2", "1"}
)
EXEMPT_OR_MET = (2, 3, 4)
DISADVANTAGE, DISADVANTAGED_IN_MATHS, DISADVANTAGED_IN_ENGLISH = "EDF", 1, 2

# Levels of the list used until 2020-21, when prior attainment was a field of the learner.
LEVEL_3_AND_ABOVE = frozenset({3, 4, 5, 10, 11, 12, 13})
LEVEL_4_AND_ABOVE = LEVEL_3_AND_ABOVE - {3}
OTHER_OR_NOT_KNOWN = frozenset({97, 98})


# Prior attainment: a field of the learner to 2020-21, records of its own from 2021-22


def has_prior_attainment(learner: Learner) -> bool:
    return is_present(learner.PriorAttain) or any(
        is_present(record.PriorLevel) for record in learner.prior_attainments
    )


@rule("PriorAttain_01")
def no_prior_attainment(learner: Learner, check: Check) -> bool:
    if has_prior_attainment(learner):
        return False
    excluded = check.parameter("excluded_funding_models")
    return any(
        aim.FundModel not in excluded and not is_local_authority_community_learning(aim)
        for aim in learner.aims
    )


@rule("PriorAttain_04")
def apprentice_already_qualified_at_level_4(aim: Aim, check: Check) -> bool:
    if aim.FundModel != ADULT_SKILLS or aim.ProgType not in check.parameter("programme_types"):
        return False
    levels = check.parameter("levels")
    return aim.learner.PriorAttain in levels or any(
        record.PriorLevel in levels for record in aim.learner.prior_attainments
    )


def is_funded_traineeship(aim: Aim) -> bool:
    return aim.ProgType == TRAINEESHIP and aim.FundModel == ADULT_SKILLS


@rule("PriorAttain_07")
def trainee_already_qualified_at_level_3(aim: Aim) -> bool:
    return (
        is_funded_traineeship(aim)
        and date(2016, 8, 1) <= aim.LearnStartDate <= date(2020, 7, 31)
        and aim.learner.PriorAttain in LEVEL_3_AND_ABOVE | OTHER_OR_NOT_KNOWN
    )


@rule("PriorAttain_08")
def trainee_already_qualified_at_level_4(aim: Aim) -> bool:
    return (
        is_funded_traineeship(aim)
        and aim.LearnStartDate >= date(2020, 8, 1)
        and aim.learner.PriorAttain in LEVEL_4_AND_ABOVE | OTHER_OR_NOT_KNOWN
    )


@rule("PriorAttain_09")
def level_applies_after_the_file_was_prepared(record: PriorAttainment, check: Check) -> bool:
    return record.DateLevelApp > check.on


@rule("PriorAttain_10", on_part=True)
def second_level_from_one_date(learner: Learner) -> Iterator[PriorAttainment]:
    first_on: dict[date, PriorAttainment] = {}
    for record in learner.prior_attainments:
        day = record.DateLevelApp
        if is_present(day) and first_on.setdefault(day, record) is not record:
            yield record


# GCSE maths and English


def is_16_to_19_funded(learner: Learner) -> bool:
    return any(aim.FundModel == AGE_16_TO_19 for aim in learner.aims)


@rule("MathGrade_01")
def no_maths_grade(learner: Learner) -> bool:
    return not is_present(learner.MathGrade) and is_16_to_19_funded(learner)


@rule("EngGrade_01")
def no_english_grade(learner: Learner) -> bool:
    return not is_present(learner.EngGrade) and is_16_to_19_funded(learner)


@rule("MathGrade_03")
def low_maths_grade_without_the_disadvantage_marker(learner: Learner) -> bool:
    return learner.MathGrade.upper() in GRADES_BELOW_4 and not learner.has_fam(
        DISADVANTAGE, DISADVANTAGED_IN_MATHS
    )


@rule("EngGrade_03")
def low_english_grade_without_the_disadvantage_marker(learner: Learner) -> bool:
    return learner.EngGrade.upper() in GRADES_BELOW_4 and not learner.has_fam(
        DISADVANTAGE, DISADVANTAGED_IN_ENGLISH
    )


@rule("MathGrade_04")
def maths_grade_of_a_learner_exempt_from_maths(learner: Learner) -> bool:
    # A blank grade passes here and fails in English: so it is in the 2020-21 service.
    return (
        is_present(learner.MathGrade)
        and learner.MathGrade.upper() != NO_GCSE
        and learner.has_fam(MATHS_CONDITION, *EXEMPT_OR_MET)
    )


@rule("EngGrade_04")
def english_grade_of_a_learner_exempt_from_english(learner: Learner) -> bool:
    return learner.EngGrade.upper() != NO_GCSE and learner.has_fam(
        ENGLISH_CONDITION, *EXEMPT_OR_MET
    )
