"""Skills Bootcamps: programme aims and what belongs to them by contract."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.ilr.absent import ABSENT, Text, is_present
from bot.ilr.record import Aim, AimFAM, EmploymentMonitoring, Learner
from bot.rules.doubt import Doubt
from bot.rules.engine import Check, rule
from bot.rules.lars_vocabulary import BOOTCAMP_SUBJECT, has_category
from bot.rules.tracing import note
from bot.rules.unknown import References
from bot.rules.vocabulary import (
    AUGUST_2023,
    AUGUST_2024,
    AUGUST_2025,
    BOOTCAMP_EVENTS,
    COMPLETED,
    COMPONENT_AIM,
    HGV_EVENTS,
    PROGRAMME_AIM,
    SKILLS_BOOTCAMP,
    is_closed,
    latest,
    months_after,
    of_type,
)

# A haulage bootcamp of the published sample file has Z0009541, an HGV event, as its only component.
ALL_EVENTS = References(BOOTCAMP_EVENTS | HGV_EVENTS)


def bootcamps(learner: Learner, aim_type: int) -> list[Aim]:
    """The learner's bootcamp aims of a type."""
    return [
        aim for aim in learner.aims if aim.ProgType == SKILLS_BOOTCAMP and aim.AimType == aim_type
    ]


def contract(aim: Aim) -> tuple[object, ...]:
    return aim.FundModel, aim.ProgType, aim.ConRefNumber


def bootcamp_starts(learner: Learner) -> dict[Text, date]:
    """Contract reference → the earliest start of a bootcamp programme aim on it."""
    starts: dict[Text, date] = {}
    for aim in bootcamps(learner, PROGRAMME_AIM):
        if is_present(aim.LearnStartDate):
            held = starts.get(aim.ConRefNumber, aim.LearnStartDate)
            starts[aim.ConRefNumber] = min(held, aim.LearnStartDate)
    return starts


@rule("R_134")
def small_employer_without_a_bootcamp(
    learner: Learner, check: Check
) -> Iterator[EmploymentMonitoring]:
    excluded = check.parameter("excluded_dam_codes")
    if any(aim.ProgType == SKILLS_BOOTCAMP for aim in learner.aims) or any(
        fam.LearnDelFAMCode in excluded for aim in learner.aims for fam in aim.fams_of("DAM")
    ):
        return
    for status in learner.employment_statuses:
        for detail in status.monitorings:
            if detail.ESMType == "OET" and detail.ESMCode == 2:
                yield detail


@rule("R_135")
def bootcamp_component_without_a_programme_aim(learner: Learner) -> Iterator[Aim]:
    programmes = {contract(aim) for aim in bootcamps(learner, PROGRAMME_AIM)}
    components = bootcamps(learner, COMPONENT_AIM)
    return (aim for aim in components if contract(aim) not in programmes)


@rule("R_136")
def bootcamp_programme_without_a_component(learner: Learner) -> Iterator[Aim]:
    components = {contract(aim) for aim in bootcamps(learner, COMPONENT_AIM)}
    programmes = bootcamps(learner, PROGRAMME_AIM)
    return (aim for aim in programmes if contract(aim) not in components)


@rule("R_138")
def completed_bootcamp_without_achievement_or_event(
    learner: Learner, check: Check
) -> Iterator[Aim]:
    last = latest(bootcamps(learner, PROGRAMME_AIM))
    if last is None or last.CompStatus != COMPLETED or is_present(last.AchDate):
        return
    too_late = months_after(last.LearnActEndDate, 6)
    if (
        last.LearnStartDate < AUGUST_2025
        and not (too_late is not None and check.on > too_late)
        and not any(aim.LearnAimRef in BOOTCAMP_EVENTS for aim in learner.aims)
    ):
        yield last


@rule("R_139")
def completed_bootcamp_with_nothing_closed(learner: Learner) -> Iterator[Aim]:
    for aim in bootcamps(learner, PROGRAMME_AIM):
        if aim.CompStatus == COMPLETED:
            parts = bootcamp_parts(aim)
            if parts and not any(is_closed(p) and may_be_a_subject(p) for p in parts):
                yield aim


@rule("R_141")
def open_bootcamp_without_a_subject(learner: Learner) -> Iterator[Aim]:
    for aim in bootcamps(learner, PROGRAMME_AIM):
        if not is_closed(aim) and not any(map(may_be_a_subject, bootcamp_parts(aim))):
            yield aim


def is_bootcamp_event(aim: Aim) -> bool:
    return aim.LearnAimRef in ALL_EVENTS


def may_be_a_subject(aim: Aim) -> bool:
    """Whether a component may be a bootcamp's subject aim; LARS would tell."""
    return aim.LearnAimRef not in BOOTCAMP_EVENTS


def bootcamp_parts(programme_aim: Aim) -> list[Aim]:
    """Components on the same contract as a bootcamp's programme aim."""
    components = of_type(programme_aim.learner, COMPONENT_AIM)
    # In tuples, so that two blanks are the same.
    return [a for a in components if (a.ConRefNumber,) == (programme_aim.ConRefNumber,)]


@rule("R_140")
def component_open_in_a_closed_bootcamp(learner: Learner) -> Iterator[Aim]:
    unended = [aim for aim in bootcamps(learner, COMPONENT_AIM) if not is_closed(aim)]
    if not unended:
        return
    programmes = bootcamps(learner, PROGRAMME_AIM)
    for aim in unended:
        last = latest(p for p in programmes if contract(p) == contract(aim))
        if last is not None and is_closed(last):
            note("programme ended", last.LearnActEndDate)
            yield aim


@rule("R_143")
def bootcamp_ends_before_a_component(learner: Learner) -> Iterator[Aim]:
    programmes = bootcamps(learner, PROGRAMME_AIM)
    components = bootcamps(learner, COMPONENT_AIM)
    for key in dict.fromkeys(contract(aim) for aim in programmes):
        last = latest(aim for aim in programmes if contract(aim) == key)
        if last is None:
            continue
        later = [
            aim.LearnActEndDate
            for aim in components
            if contract(aim) == key and aim.LearnActEndDate > last.LearnActEndDate
        ]
        if later:
            note("component ended", max(later))
            yield last


@rule("R_144")
def bootcamp_achieved_before_it_began(learner: Learner) -> Iterator[Aim]:
    starts = bootcamp_starts(learner)
    for aim in bootcamps(learner, PROGRAMME_AIM):
        if aim.LearnStartDate >= AUGUST_2023 and aim.AchDate < starts[aim.ConRefNumber]:
            yield aim


MAY_BE_A_SUBJECT = Doubt(
    "Bootcamp component starts before its programme",
    "This component starts before the earliest Skills Bootcamp programme aim on its contract, "
    "which is an error if it is the bootcamp's subject aim.",
    "Look in LARS whether it is a subject aim (category 62). If so, correct the start dates.",
)


@rule("R_149")
def bootcamp_component_before_the_bootcamp(aim: Aim, check: Check) -> bool | Doubt:
    begun = check.of_learner(aim.learner, bootcamp_starts).get(aim.ConRefNumber, ABSENT)
    if not (begun >= AUGUST_2024 and aim.LearnStartDate < begun):
        return False
    if check.reference.has_lars_with("LearningDeliveryCategory"):
        return has_category(aim, check, BOOTCAMP_SUBJECT)
    if aim.AimType != COMPONENT_AIM or aim.ProgType != SKILLS_BOOTCAMP or is_bootcamp_event(aim):
        return False
    return MAY_BE_A_SUBJECT


@rule("R_150")
def bootcamp_event_before_the_bootcamp(learner: Learner) -> Iterator[Aim]:
    events = [aim for aim in learner.aims if is_bootcamp_event(aim)]
    if not events:
        return
    starts = bootcamp_starts(learner)
    tested = {
        aim.ConRefNumber
        for aim in bootcamps(learner, PROGRAMME_AIM)
        if aim.LearnStartDate >= AUGUST_2024 and aim.LearnStartDate < AUGUST_2025
    }
    for aim in events:
        if aim.ConRefNumber in tested and aim.LearnStartDate < starts[aim.ConRefNumber]:
            yield aim


@rule("R_152")
def event_indicator_on_an_older_bootcamp(learner: Learner) -> Iterator[AimFAM]:
    starts = bootcamp_starts(learner)
    for aim in bootcamps(learner, PROGRAMME_AIM):
        if starts.get(aim.ConRefNumber, ABSENT) < AUGUST_2025:
            yield from aim.fams_of("EVI")


@rule("R_153")
def event_indicator_dated_too_early(learner: Learner) -> Iterator[AimFAM]:
    starts = bootcamp_starts(learner)
    for aim in bootcamps(learner, PROGRAMME_AIM):
        if starts.get(aim.ConRefNumber, ABSENT) >= AUGUST_2025:
            yield from (f for f in aim.fams_of("EVI") if f.LearnDelFAMDateFrom < AUGUST_2025)


@rule("R_154")
def event_aim_on_a_newer_bootcamp(learner: Learner) -> Iterator[Aim]:
    events = [aim for aim in of_type(learner, COMPONENT_AIM) if is_bootcamp_event(aim)]
    starts = bootcamp_starts(learner) if events else {}
    return (aim for aim in events if starts.get(aim.ConRefNumber, ABSENT) >= AUGUST_2025)
