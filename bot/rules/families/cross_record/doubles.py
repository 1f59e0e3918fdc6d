"""One learner, one aim, one record of a kind: what may not be recorded twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import pairwise
from typing import Any

from bot.ilr.absent import ABSENT, is_present
from bot.ilr.record import (
    E_,
    Aim,
    AimFAM,
    AimMonitoring,
    ContactPreference,
    Destination,
    DPOutcome,
    EmploymentStatus,
    FinanceRecord,
    Learner,
    LearnerFAM,
    LearnerMonitoring,
    LLDDCategory,
    Message,
    Placement,
)
from bot.rules.engine import Check, rule
from bot.rules.vocabulary import (
    APPRENTICESHIPS,
    ESF_ASSESSMENT,
    PROGRAMME_AIM,
    TEMPORARY_ULN,
    is_apprenticeship,
    of_type,
    repeated,
)

DATED_FAM_TYPES = frozenset({"LSF", "ACT", "ALB"})
"""Types that may be on an aim several times, because they carry dates."""
AUGUST_2026 = date(2026, 8, 1)


def shared(entities: Iterable[E_], key: Callable[[E_], Any]) -> Iterator[E_]:
    """Every entity whose key another one has too."""
    by_key: dict[Any, list[E_]] = {}
    for entity in entities:
        if is_present(value := key(entity)):
            by_key.setdefault(value, []).append(entity)
    for sharers in by_key.values():
        if len(sharers) > 1:
            yield from sharers


@rule("R_06", on_part=True)
def reference_number_is_shared(message: Message) -> Iterator[Learner]:
    return shared(message.learners, lambda learner: learner.LearnRefNumber.upper())


@rule("R_59", on_part=True)
def uln_is_shared(message: Message) -> Iterator[Learner]:
    return shared(
        message.learners,
        lambda learner: ABSENT if learner.ULN == TEMPORARY_ULN else learner.ULN,
    )


@rule("R_71", on_part=True)
def destination_record_appears_twice(message: Message) -> Iterator[Destination]:
    return shared(message.destinations, lambda destination: destination.LearnRefNumber.upper())


@rule("R_07", on_part=True)
def aim_sequence_number_appears_twice(learner: Learner) -> Iterator[Aim]:
    return repeated(learner.aims, lambda aim: aim.AimSeqNumber)


@rule("R_43", on_part=True)
def employment_date_appears_twice(learner: Learner) -> Iterator[EmploymentStatus]:
    return repeated(learner.employment_statuses, lambda status: status.DateEmpStatApp)


@rule("R_45", on_part=True)
def difficulty_appears_twice(learner: Learner) -> Iterator[LLDDCategory]:
    return repeated(learner.llddcats, lambda category: category.LLDDCat)


@rule("R_47", on_part=True)
def contact_preference_appears_twice(learner: Learner) -> Iterator[ContactPreference]:
    return repeated(learner.contact_preferences, lambda p: (p.ContPrefType, p.ContPrefCode))


@rule("R_49", on_part=True)
def learner_monitoring_appears_twice(learner: Learner) -> Iterator[LearnerMonitoring]:
    return repeated(learner.monitorings, lambda m: m.ProvSpecLearnMonOccur)


@rule("R_50", on_part=True)
def aim_monitoring_appears_twice(aim: Aim) -> Iterator[AimMonitoring]:
    return repeated(aim.monitorings, lambda m: m.ProvSpecDelMonOccur)


@rule("R_51", on_part=True)
def learner_fam_appears_twice(learner: Learner) -> Iterator[LearnerFAM]:
    return repeated(learner.fams, lambda fam: (fam.LearnFAMType, fam.LearnFAMCode))


@rule("R_52", on_part=True)
def aim_fam_appears_twice(aim: Aim) -> Iterator[AimFAM]:
    undated = (f for f in aim.fams if f.LearnDelFAMType not in DATED_FAM_TYPES)
    return repeated(undated, lambda fam: (fam.LearnDelFAMType, fam.LearnDelFAMCode))


@rule("R_67", on_part=True)
def placement_appears_twice(aim: Aim) -> Iterator[Placement]:
    dated = (p for p in aim.placements if is_present(p.WorkPlaceStartDate))
    return repeated(dated, lambda p: (p.WorkPlaceStartDate, p.WorkPlaceEmpId))


@rule("R_68", on_part=True)
def financial_record_appears_twice(learner: Learner, check: Check) -> Iterator[FinanceRecord]:
    by_apprenticeship: dict[tuple[str, int], list[FinanceRecord]] = {}
    for aim in of_type(learner, PROGRAMME_AIM):
        if aim.FundModel == APPRENTICESHIPS and is_apprenticeship(aim, check.year):
            for name, code in (("standard", aim.StdCode), ("framework", aim.FworkCode)):
                if is_present(code):
                    by_apprenticeship.setdefault((name, code), []).extend(aim.finance_records)
    for records in by_apprenticeship.values():
        dated = (f for f in records if is_present(f.AFinDate))
        yield from repeated(dated, lambda f: (f.AFinType, f.AFinCode, f.AFinDate))


@rule("R_69", on_part=True)
def outcome_appears_twice(destination: Destination) -> Iterator[DPOutcome]:
    dated = (o for o in destination.outcomes if is_present(o.OutStartDate))
    return repeated(dated, lambda o: (o.OutType, o.OutCode, o.OutStartDate))


@rule("R_92", on_part=True)
def esf_start_aim_appears_twice(learner: Learner) -> Iterator[Aim]:
    starts = (aim for aim in learner.aims if aim.LearnAimRef == ESF_ASSESSMENT)
    return repeated(starts, lambda aim: aim.ConRefNumber)


@rule("R_157", on_part=True)
def bursary_records_begin_on_one_day(aim: Aim) -> Iterator[AimFAM]:
    bursaries = aim.fams_of("ALB") if aim.LearnStartDate >= AUGUST_2026 else ()
    return repeated(bursaries, lambda fam: fam.LearnDelFAMDateFrom)


@rule("R_97")
def employment_status_says_nothing_new(learner: Learner) -> Iterator[EmploymentStatus]:
    def says(status: EmploymentStatus) -> tuple[object, ...]:
        details = frozenset((m.ESMType, m.ESMCode) for m in status.monitorings)
        return status.EmpStat, status.EmpId, status.AgreemId, details

    by_date: dict[date, list[EmploymentStatus]] = {}
    for status in learner.employment_statuses:
        if is_present(status.DateEmpStatApp):
            by_date.setdefault(status.DateEmpStatApp, []).append(status)
    days = sorted(by_date)
    for before, day in pairwise(days):
        already_said = {says(status) for status in by_date[before]}
        yield from (status for status in by_date[day] if says(status) in already_said)
