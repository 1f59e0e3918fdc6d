"""Learning difficulties, disabilities and health problems."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.ilr.absent import is_present
from bot.ilr.record import Learner, LLDDCategory
from bot.rules.derived import earliest_start
from bot.rules.engine import Check, rule
from bot.rules.vocabulary import (
    COMMUNITY_LEARNING,
    NOT_FUNDED,
    is_at_least,
    is_community_learning,
    is_local_authority_community_learning,
)

HAS_DIFFICULTY, HAS_NONE = 1, 2
PRIMARY = 1
# Prefer not to say, and not provided: nothing there to call the main difficulty.
NO_CATEGORY_GIVEN = frozenset({98, 99})
PRIMARY_BEGAN = date(2015, 8, 1)


def is_25_or_over_at_start(learner: Learner) -> bool:
    return is_at_least(learner, 25, earliest_start(learner))


@rule("LLDDHealthProb_04", on_part=True)
def category_of_a_learner_without_difficulty(learner: Learner) -> bool:
    return learner.LLDDHealthProb == HAS_NONE and bool(learner.llddcats)


@rule("LLDDHealthProb_06")
def difficulty_without_a_category(learner: Learner, check: Check) -> bool:
    if learner.LLDDHealthProb != HAS_DIFFICULTY or learner.llddcats:
        return False
    excluded = check.parameter("excluded_funding_models")
    return not any(
        aim.FundModel in excluded or is_local_authority_community_learning(aim)
        for aim in learner.aims
    ) and not is_25_or_over_at_start(learner)


def has_uncategorised_difficulty_and_more_than_ten_hours(learner: Learner) -> bool:
    return (
        learner.LLDDHealthProb == HAS_DIFFICULTY
        and learner.PlanLearnHours > 10
        and not learner.llddcats
        and bool(learner.aims)
        and not is_25_or_over_at_start(learner)
    )


@rule("LLDDHealthProb_07", until="2020-21")
def community_learner_without_a_category_as_first_coded(learner: Learner) -> bool:
    return has_uncategorised_difficulty_and_more_than_ten_hours(learner) and all(
        aim.FundModel == COMMUNITY_LEARNING
        or (
            aim.FundModel == NOT_FUNDED
            and all(f.LearnDelFAMType == "SOF" and f.LearnDelFAMCode == "108" for f in aim.fams)
        )
        for aim in learner.aims
    )


@rule("LLDDHealthProb_07", since="2021-22")
def community_learner_without_a_category(learner: Learner) -> bool:
    return has_uncategorised_difficulty_and_more_than_ten_hours(learner) and all(
        is_community_learning(aim) for aim in learner.aims
    )


@rule("LLDDCat_02")
def category_closed_before_the_learner_started(
    learner: Learner, check: Check
) -> Iterator[LLDDCategory]:
    if not learner.llddcats:
        return
    start = earliest_start(learner)
    codes = check.specification.field(LLDDCategory.name, "LLDDCat").codes
    for category in learner.llddcats:
        listed = codes.get(str(category.LLDDCat))
        if listed is not None and listed.last is not None and start > listed.last:
            yield category


@rule("PrimaryLLDD_01")
def no_category_is_marked_primary(learner: Learner) -> bool:
    categories = learner.llddcats
    return (
        bool(categories)
        and learner.LLDDHealthProb == HAS_DIFFICULTY
        and not any(category.PrimaryLLDD == PRIMARY for category in categories)
        and not all(category.LLDDCat in NO_CATEGORY_GIVEN for category in categories)
        and earliest_start(learner) >= PRIMARY_BEGAN
    )


@rule("PrimaryLLDD_03", on_part=True)
def second_category_marked_primary(learner: Learner) -> Iterator[LLDDCategory]:
    primary = [category for category in learner.llddcats if category.PrimaryLLDD == PRIMARY]
    yield from primary[1:]


@rule("PrimaryLLDD_04")
def only_category_is_not_marked_primary(learner: Learner) -> Iterator[LLDDCategory]:
    categories = learner.llddcats
    if (
        len(categories) == 1
        and learner.LLDDHealthProb == HAS_DIFFICULTY
        and categories[0].LLDDCat not in NO_CATEGORY_GIVEN
        and not is_present(categories[0].PrimaryLLDD)
    ):
        yield categories[0]
