"""Work placement records: their dates, their aim, their mode and employer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.ilr.absent import NOT_PASTED, CannotTell, is_present
from bot.ilr.record import Aim, Learner, Placement
from bot.rules.derived import employer_check_character
from bot.rules.engine import Check, rule
from bot.rules.unknown import References
from bot.rules.vocabulary import (
    EMPLOYER_NOT_ON_REGISTER,
    INDUSTRY_PLACEMENTS,
    SIXTY_DAYS,
    T_LEVEL_PLACEMENT,
    TRAINEESHIP,
)

# Work experience (ZWRKX001 and the five older banded aims), supported internship, and the
# capacity and delivery fund's industry placement.
NEEDS_A_PLACEMENT = References(
    {
        "Z0007834", "Z0007835", "Z0007836", "Z0007837", "Z0007838",
        "Z0002347", "ZWRKX001", "ZWRKX002",
    }
)  # fmt: skip
MAY_HAVE_A_PLACEMENT = References(NEEDS_A_PLACEMENT | {T_LEVEL_PLACEMENT})
PLACEMENT_RECORDS_BEGAN = date(2014, 8, 1)


@rule("WorkPlaceStartDate_01")
def work_experience_aim_has_no_placement(aim: Aim) -> bool:
    return (
        aim.LearnStartDate >= PLACEMENT_RECORDS_BEGAN
        and aim.LearnAimRef in NEEDS_A_PLACEMENT
        and not aim.placements
    )


@rule("WorkPlaceStartDate_02")
def placement_starts_before_its_aim(placement: Placement) -> bool:
    return placement.WorkPlaceStartDate < placement.aim.LearnStartDate


@rule("WorkPlaceStartDate_03", on_part=True)
def placement_on_an_aim_that_may_not_have_one(aim: Aim) -> bool:
    if not aim.placements:
        return False
    if aim.partial and not is_present(aim.LearnAimRef):
        raise CannotTell(NOT_PASTED)
    return aim.LearnAimRef not in MAY_HAVE_A_PLACEMENT


@rule("WorkPlaceStartDate_04")
def industry_placement_on_another_funding_model(aim: Aim, check: Check) -> bool:
    allowed = check.parameter("funding_models")
    return aim.LearnAimRef in INDUSTRY_PLACEMENTS and aim.FundModel not in allowed


@rule("WorkPlaceEndDate_01")
def placement_ends_before_it_starts(placement: Placement) -> bool:
    return placement.WorkPlaceEndDate < placement.WorkPlaceStartDate


@rule("WorkPlaceEndDate_02")
def placement_ends_after_its_aim(placement: Placement) -> bool:
    return placement.WorkPlaceEndDate > placement.aim.LearnActEndDate


@rule("WorkPlaceEmpId_02")
def employer_identifier_fails_its_checksum(placement: Placement) -> bool:
    identifier = placement.WorkPlaceEmpId
    if not identifier or identifier == EMPLOYER_NOT_ON_REGISTER:
        return False
    return employer_check_character(identifier) != str(identifier)[8:9]


def has_a_temporary_employer(placement: Placement) -> bool:
    """Whether it is a traineeship's placement with an employer who is not on the register yet."""
    return (
        placement.aim.ProgType == TRAINEESHIP
        and placement.WorkPlaceEmpId == EMPLOYER_NOT_ON_REGISTER
    )


@rule("WorkPlaceEmpId_03", until="2020-21")
def traineeship_employer_is_temporary(placement: Placement, check: Check) -> bool:
    return (
        has_a_temporary_employer(placement)
        and check.on - placement.WorkPlaceStartDate <= SIXTY_DAYS
    )


@rule("WorkPlaceEmpId_04", until="2020-21")
def traineeship_employer_is_temporary_for_too_long(placement: Placement, check: Check) -> bool:
    return (
        has_a_temporary_employer(placement) and check.on - placement.WorkPlaceStartDate > SIXTY_DAYS
    )


@rule("WorkPlaceEmpId_05", until="2020-21")
def traineeship_placement_without_an_employer(placement: Placement) -> bool:
    return (
        placement.aim.ProgType == TRAINEESHIP
        and is_present(placement.WorkPlaceStartDate)
        and not is_present(placement.WorkPlaceEmpId)
    )


@rule("WorkPlacement_01")
def t_level_placement_aim_has_no_placement(aim: Aim) -> bool:
    return aim.LearnAimRef == T_LEVEL_PLACEMENT and not aim.placements


@rule("R_96", on_part=True)
def two_placements_start_on_one_day(learner: Learner) -> Iterator[Placement]:
    first_on: dict[date, Placement] = {}
    for placement in learner.placements:
        start = placement.WorkPlaceStartDate
        if is_present(start) and first_on.setdefault(start, placement) is not placement:
            yield placement
