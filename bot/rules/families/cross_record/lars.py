"""Aims of one learner that LARS ties together: English and maths, T Levels, bootcamps, cards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.ilr.absent import is_present
from bot.ilr.record import Aim, Learner
from bot.rules.engine import Check, rule
from bot.rules.families.lars_aims import is_cscs_card
from bot.rules.lars_vocabulary import (
    is_english_or_maths,
    is_fully_funded_by_authority,
    is_technical_qualification,
    lars_aim,
    t_levels,
)
from bot.rules.vocabulary import (
    ADULT_SKILLS,
    ADULT_SKILLS_FUND,
    OCCUPATIONAL_SPECIALISM,
    is_closed,
    is_funded_apprenticeship_programme,
)

BUILDING = 5.2
"""Sector subject area of building and construction."""
ADULT_SKILLS_ENDED = date(2024, 7, 31)


def started_during_an_apprenticeship(learner: Learner, model: int, check: Check) -> Iterator[Aim]:
    """English and maths on a model that started on or after an open funded apprenticeship did."""
    programmes = [
        aim.LearnStartDate
        for aim in learner.aims
        if is_funded_apprenticeship_programme(aim) and not is_closed(aim)
    ]
    for aim in learner.aims:
        if (
            aim.FundModel == model
            and any(aim.LearnStartDate >= start for start in programmes)
            and is_english_or_maths(aim, check)
        ):
            yield aim


@rule("R_114")
def adult_english_or_maths_during_an_apprenticeship(
    learner: Learner, check: Check
) -> Iterator[Aim]:
    for aim in started_during_an_apprenticeship(learner, ADULT_SKILLS, check):
        if aim.LearnStartDate <= ADULT_SKILLS_ENDED:
            yield aim


@rule("R_146")
def fund_english_or_maths_during_an_apprenticeship(learner: Learner, check: Check) -> Iterator[Aim]:
    return started_during_an_apprenticeship(learner, ADULT_SKILLS_FUND, check)


@rule("R_147")
def parts_of_different_t_levels(learner: Learner, check: Check) -> Iterator[Aim]:
    unended = [aim for aim in learner.aims if not is_closed(aim)]
    specialisms = [a for a in unended if a.LearnAimRef.startswith(OCCUPATIONAL_SPECIALISM)]
    if not specialisms:
        return
    core = [aim for aim in unended if is_technical_qualification(aim, check)]
    if not core:
        return
    if not check.reference.has_lars_with("FrameworkAims"):
        yield from listed_for_another(specialisms, core, check)
        return
    places = [place for aim in core for place in places_of(aim, check)]
    for aim in specialisms:
        # A specialism that LARS does not have is for LearnAimRef_01.
        if lars_aim(aim, check) is not None and not set(places_of(aim, check)) & set(places):
            yield aim


def listed_for_another(specialisms: list[Aim], core: list[Aim], check: Check) -> Iterator[Aim]:
    """Specialisms that the published list has under other T Levels only.

    A T Level that was renewed has a new qualification, and its specialisms new references; LARS
    may still take the old ones, so qualifications of one title count as one.
    """
    rows = t_levels(check).rows
    studied = {row.title for row in rows if any(aim.LearnAimRef == row.code for aim in core)}
    for aim in specialisms:
        belongs = {row.title for row in rows if aim.LearnAimRef in row.members}
        if belongs and not belongs & studied:
            yield aim


def places_of(aim: Aim, check: Check) -> list[tuple[int, int]]:
    """Framework and pathway of each of an aim's places in LARS."""
    ref = aim.LearnAimRef
    found = check.reference.lars.frameworks_of(ref) if is_present(ref) else ()
    return [(place.framework, place.pathway) for place in found]


@rule("R_158")
def card_outside_a_construction_course(learner: Learner, check: Check) -> Iterator[Aim]:
    funded = [aim for aim in learner.aims if aim.FundModel == ADULT_SKILLS_FUND]
    for card in funded:
        if (
            is_cscs_card(card, check)
            and not is_fully_funded_by_authority(card)
            and not any(is_construction_course_of(card, other, check) for other in funded)
        ):
            yield card


def is_construction_course_of(card: Aim, other: Aim, check: Check) -> bool:
    """Whether another aim is building and construction, no card, and under way on its start."""
    held = lars_aim(other, check)
    return (
        other is not card
        and held is not None
        and held.subject_area == BUILDING
        and other.LearnStartDate <= card.LearnStartDate
        and not other.LearnActEndDate < card.LearnStartDate
        and not is_cscs_card(other, check)
    )
