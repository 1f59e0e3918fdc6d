"""Programme aims, their components and core aims."""

from __future__ import annotations

from collections.abc import Iterator

from bot.ilr.absent import Date, is_present
from bot.ilr.record import Aim, Learner
from bot.rules.derived import programme_effective_end
from bot.rules.engine import Check, rule
from bot.rules.lars_vocabulary import is_english_or_maths, is_technical_qualification, lars_aim
from bot.rules.tracing import note
from bot.rules.vocabulary import (
    AGE_16_TO_19,
    APPRENTICESHIP_STANDARD,
    APPRENTICESHIP_UNIT,
    COMPLETED,
    COMPONENT_AIM,
    CORE_AIM,
    ESF_ASSESSMENT,
    EUROPEAN_SOCIAL_FUND,
    NOT_FUNDED,
    OCCUPATIONAL_SPECIALISM,
    PROGRAMME_AIM,
    T_LEVEL,
    T_LEVEL_FOUNDATION_YEAR,
    TRAINEESHIP,
    is_closed,
    is_t_level,
    latest,
    of_type,
    overlapping,
)
from bot.years import AcademicYear

T_LEVEL_PROGRAMMES = frozenset({T_LEVEL_FOUNDATION_YEAR, T_LEVEL})
PARTS_OF_A_PROGRAMME = frozenset({COMPONENT_AIM, CORE_AIM})
# References that can be neither English nor maths, whatever LARS says.
NEVER_ENGLISH_OR_MATHS = (OCCUPATIONAL_SPECIALISM, "ZWRKX")
MATCHED_ON_STANDARD = AcademicYear(2025)
"""From 2025-26 a programme is known by its type and standard, no longer by its framework."""


# In a tuple a blank is the same as a blank, so these keys match aims that both lack a code.


def programme(aim: Aim, year: AcademicYear) -> tuple[object, ...]:
    """What says which programme an aim belongs to."""
    if year >= MATCHED_ON_STANDARD:
        return aim.ProgType, aim.StdCode
    return aim.ProgType, aim.FworkCode, aim.PwayCode


def programme_and_standard(aim: Aim, year: AcademicYear) -> tuple[object, ...]:
    """The same, by the standard as well in the years of frameworks."""
    if year >= MATCHED_ON_STANDARD:
        return aim.ProgType, aim.StdCode
    return aim.ProgType, aim.FworkCode, aim.PwayCode, aim.StdCode


def aim_period(aim: Aim) -> tuple[Date, Date]:
    return aim.LearnStartDate, aim.LearnActEndDate


@rule("R_30")
def component_without_a_programme_aim(learner: Learner, check: Check) -> Iterator[Aim]:
    standards_too = check.year >= MATCHED_ON_STANDARD
    programmes = {programme(aim, check.year) for aim in of_type(learner, PROGRAMME_AIM)}
    for aim in of_type(learner, COMPONENT_AIM):
        tested = standards_too or aim.ProgType != APPRENTICESHIP_STANDARD
        if tested and programme(aim, check.year) not in programmes:
            yield aim


@rule("R_31")
def open_programme_without_parts(learner: Learner, check: Check) -> Iterator[Aim]:
    parts = {programme(a, check.year) for a in learner.aims if a.AimType in PARTS_OF_A_PROGRAMME}
    for aim in of_type(learner, PROGRAMME_AIM):
        if not is_closed(aim) and programme(aim, check.year) not in parts:
            yield aim


@rule("R_56")
def funded_component_of_an_unfunded_programme(learner: Learner, check: Check) -> Iterator[Aim]:
    unfunded = [
        aim
        for aim in of_type(learner, PROGRAMME_AIM)
        if aim.FundModel == NOT_FUNDED and not is_closed(aim)
    ]
    if not unfunded:
        return
    earlier_ones_exempt = check.year >= AcademicYear(2026)
    for aim in of_type(learner, COMPONENT_AIM):
        key = programme_and_standard(aim, check.year)
        if aim.FundModel != NOT_FUNDED and any(
            programme_and_standard(other, check.year) == key
            and not (earlier_ones_exempt and aim.LearnActEndDate < other.LearnStartDate)
            for other in unfunded
        ):
            yield aim


@rule("R_66")
def component_funded_otherwise_than_its_programme(learner: Learner, check: Check) -> Iterator[Aim]:
    def funding(aim: Aim) -> tuple[object, ...]:
        return aim.FundModel, *programme_and_standard(aim, check.year)

    programmes = {funding(aim) for aim in of_type(learner, PROGRAMME_AIM)}
    for aim in of_type(learner, COMPONENT_AIM):
        if aim.FundModel != NOT_FUNDED and funding(aim) not in programmes:
            yield aim


@rule("R_58", on_part=True)
def core_aims_overlap(learner: Learner) -> Iterator[Aim]:
    return overlapping(of_type(learner, CORE_AIM), aim_period)


@rule("R_63")
def no_core_aim(learner: Learner, check: Check) -> bool:
    adult = check.parameter("excluded_sof_codes")
    funded = [aim for aim in learner.aims if aim.FundModel == AGE_16_TO_19]
    return not any(aim.AimType == CORE_AIM for aim in funded) and any(
        not any(fam.LearnDelFAMCode in adult for fam in aim.fams_of("SOF")) for aim in funded
    )


@rule("R_89")
def programme_ends_before_a_component(learner: Learner, check: Check) -> Iterator[Aim]:
    last = latest(of_type(learner, PROGRAMME_AIM))
    ends = [part.LearnActEndDate for part in certain_parts(last, check)] if last else []
    later = [end for end in ends if last and end > last.LearnActEndDate]
    if last and later:
        note("component ended", max(later))
        yield last


@rule("R_90")
def component_open_in_a_closed_programme(learner: Learner, check: Check) -> Iterator[Aim]:
    last = latest(of_type(learner, PROGRAMME_AIM))
    if last is not None and is_closed(last):
        note("programme ended", last.LearnActEndDate)
        yield from (part for part in certain_parts(last, check) if not is_closed(part))


def certain_parts(aim: Aim, check: Check) -> list[Aim]:
    """Components of a programme that are certainly neither English nor maths: by LARS, where it
    is held and has them, else by the references that never are."""
    key = programme_and_standard(aim, check.year)
    return [
        part
        for part in of_type(aim.learner, COMPONENT_AIM)
        if programme_and_standard(part, check.year) == key and is_certainly_neither(part, check)
    ]


def is_certainly_neither(aim: Aim, check: Check) -> bool:
    """Whether an aim is certainly neither English nor maths."""
    if aim.LearnAimRef.startswith(NEVER_ENGLISH_OR_MATHS):
        return True
    if not check.reference.has_lars_with("AnnualValue"):
        return False
    return lars_aim(aim, check) is not None and not is_english_or_maths(aim, check)


@rule("R_91")
def no_completed_esf_start_aim(learner: Learner) -> bool:
    return any(aim.FundModel == EUROPEAN_SOCIAL_FUND for aim in learner.aims) and not any(
        aim.LearnAimRef == ESF_ASSESSMENT and aim.CompStatus == COMPLETED for aim in learner.aims
    )


@rule("R_99")
def two_open_programmes(learner: Learner) -> Iterator[Aim]:
    unended = [aim for aim in of_type(learner, PROGRAMME_AIM) if not is_closed(aim)]
    return iter(unended if len(unended) > 1 else ())


@rule("R_117")
def component_marked_and_programme_not(learner: Learner) -> Iterator[Aim]:
    return _marked_on_one_side(learner, COMPONENT_AIM, PROGRAMME_AIM)


@rule("R_118")
def programme_marked_and_component_not(learner: Learner) -> Iterator[Aim]:
    return _marked_on_one_side(learner, PROGRAMME_AIM, COMPONENT_AIM)


def _marked_on_one_side(learner: Learner, here: int, there: int) -> Iterator[Aim]:
    """Traineeship aims with LDM 357 that no aim of the other type has."""
    marked = [
        aim for aim in learner.aims if aim.ProgType == TRAINEESHIP and aim.has_fam("LDM", "357")
    ]
    other_side = {aim.FundModel for aim in marked if aim.AimType == there}
    return (aim for aim in marked if aim.AimType == here and aim.FundModel not in other_side)


@rule("R_124", on_part=True)
def programmes_overlap(learner: Learner) -> Iterator[Aim]:
    programmes = of_type(learner, PROGRAMME_AIM)
    if len(programmes) < 2:
        return
    for aim in programmes:
        if any(
            other is not aim
            and other.LearnStartDate <= aim.LearnStartDate
            and aim.LearnStartDate <= programme_effective_end(other)
            for other in programmes
        ):
            yield aim


@rule("R_129")
def technical_qualification_without_a_programme_aim(
    learner: Learner, check: Check
) -> Iterator[Aim]:
    if of_type(learner, PROGRAMME_AIM):
        return
    for aim in of_type(learner, CORE_AIM):
        is_one = is_technical_qualification(aim, check)
        if not is_one and not check.reference.has_lars:
            is_one = aim.ProgType == T_LEVEL and is_a_qualification(aim)
        if is_one:
            yield aim


def is_a_qualification(aim: Aim) -> bool:
    """Whether its reference is one of a qualification, and not of a class of learning (Z…)."""
    return is_present(aim.LearnAimRef) and not aim.LearnAimRef.startswith("Z")


@rule("R_125")
def t_level_part_without_a_programme_aim(learner: Learner) -> Iterator[Aim]:
    programmes = {(a.FundModel, a.ProgType) for a in of_type(learner, PROGRAMME_AIM)}
    for aim in learner.aims:
        is_part = aim.AimType in PARTS_OF_A_PROGRAMME and aim.ProgType in T_LEVEL_PROGRAMMES
        if is_part and (aim.FundModel, aim.ProgType) not in programmes:
            yield aim


@rule("R_126")
def t_level_programme_without_parts(learner: Learner) -> Iterator[Aim]:
    parts = {(a.FundModel, a.ProgType) for a in learner.aims if a.AimType in PARTS_OF_A_PROGRAMME}
    for aim in of_type(learner, PROGRAMME_AIM):
        if aim.ProgType in T_LEVEL_PROGRAMMES and (aim.FundModel, aim.ProgType) not in parts:
            yield aim


@rule("R_130")
def planned_hours_of_a_t_level_learner(learner: Learner) -> bool:
    return (
        (is_present(learner.PlanLearnHours) or is_present(learner.PlanEEPHours))
        and bool(learner.aims)
        and all(is_t_level(aim) for aim in learner.aims)
    )


@rule("R_137")
def t_level_without_a_specialism(learner: Learner) -> bool:
    return any(aim.ProgType == T_LEVEL for aim in learner.aims) and not any(
        aim.LearnAimRef.startswith(OCCUPATIONAL_SPECIALISM) for aim in learner.aims
    )


@rule("R_159")
def unit_component_without_a_programme_aim(learner: Learner) -> Iterator[Aim]:
    return _without_its_counterpart(learner, COMPONENT_AIM, PROGRAMME_AIM)


@rule("R_160")
def unit_programme_without_a_component(learner: Learner) -> Iterator[Aim]:
    return _without_its_counterpart(learner, PROGRAMME_AIM, COMPONENT_AIM)


def _without_its_counterpart(learner: Learner, here: int, there: int) -> Iterator[Aim]:
    """Apprenticeship unit aims that no aim of the other type matches in funding and dates."""

    def unit(aim: Aim) -> tuple[object, ...]:
        dates = (aim.LearnStartDate, aim.LearnPlanEndDate, aim.LearnActEndDate)
        return aim.FundModel, aim.ProgType, *dates

    units = [aim for aim in learner.aims if aim.ProgType == APPRENTICESHIP_UNIT]
    other_side = {unit(aim) for aim in units if aim.AimType == there}
    return (aim for aim in units if aim.AimType == here and unit(aim) not in other_side)
