"""Rules across records: doubles, overlaps, and what must stand beside what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import pairwise
from typing import Any, TypeVar

from bot.ilr.absent import ABSENT, is_present
from bot.ilr.record import (
    Aim,
    AimFAM,
    AimMonitoring,
    ContactPreference,
    Destination,
    DPOutcome,
    EmploymentMonitoring,
    EmploymentStatus,
    Entity,
    FinanceRecord,
    Learner,
    LearnerFAM,
    LearnerMonitoring,
    LLDDCategory,
    Message,
    Placement,
)
from bot.rules.derived import is_unemployed_on_benefits, programme_effective_end
from bot.rules.engine import Check, rule
from bot.rules.vocabulary import (
    ADULT_SKILLS,
    ADULT_SKILLS_FUND,
    AGE_16_TO_19,
    APPRENTICESHIP_STANDARD,
    APPRENTICESHIP_UNIT,
    APPRENTICESHIPS,
    COMPONENT_AIM,
    CORE_AIM,
    EUROPEAN_SOCIAL_FUND,
    NOT_FUNDED,
    OTHER_ADULT,
    PROGRAMME_AIM,
    SKILLS_BOOTCAMP,
    T_LEVEL,
    T_LEVEL_FOUNDATION_YEAR,
    TRAINEESHIP,
    age_on,
    august_31,
    employment_on,
    is_apprenticeship,
    is_at_least,
    is_closed,
    is_restart,
    is_t_level,
    months_after,
    repeated,
)
from bot.years import AcademicYear

TEMPORARY_ULN = 9999999999
T_LEVEL_PROGRAMMES = frozenset({T_LEVEL_FOUNDATION_YEAR, T_LEVEL})
PARTS_OF_A_PROGRAMME = frozenset({COMPONENT_AIM, CORE_AIM})
OCCUPATIONAL_SPECIALISM = "ZTLOS"
# References that can be neither English nor maths, whatever LARS says.
NEVER_ENGLISH_OR_MATHS = (OCCUPATIONAL_SPECIALISM, "ZWRKX")
ESF_START_AIM = "ZESF0001"
BOOTCAMP_EVENT_AIMS = frozenset(
    {
        "Z0059747", "Z0059748", "Z0059749", "Z0060439", "Z0009541", "Z0060440", "Z0060441",
        "Z0060442", "Z0060443",
    }
)  # fmt: skip
# The three that are nothing but events. A haulage bootcamp of the published sample file has
# Z0009541, of the longer list, as its only component.
PURE_EVENT_AIMS = frozenset({"Z0059747", "Z0059748", "Z0059749"})
TEAM_PROGRAMME_AIMS = frozenset({"60023995", "60027307", "60027629", "60032121", "60033344"})
TEAM_PROGRAMME = "331"
FREE_COURSES_FOR_JOBS, LOW_WAGE_OFFER, BELOW_THE_EARNINGS_THRESHOLD = "378", "382", "391"
FULL_LEVEL_3_OR_ABOVE = frozenset({6, 7, 8, 9, 10, 97, 98})
BELOW_FULL_LEVEL_3 = frozenset({1, 2, 3, 4, 5, 99})
BELOW_GRADE_4 = frozenset({"3", "2", "1", "U", "D", "E", "F", "G", "X", "NONE"})
BELOW_GRADE_3 = BELOW_GRADE_4 - {"3", "D"}
DATED_FAM_TYPES = frozenset({"LSF", "ACT", "ALB"})
"""Types that may stand several times on an aim, because they carry dates."""

CONTINUING, COMPLETED, WITHDREW, ON_A_BREAK = 1, 2, 3, 6
EMPLOYED = 10
AUGUST_2016 = date(2016, 8, 1)
FEBRUARY_2019 = date(2019, 2, 1)
APRIL_2022 = date(2022, 4, 1)
AUGUST_2022 = date(2022, 8, 1)
AUGUST_2023 = date(2023, 8, 1)
AUGUST_2024 = date(2024, 8, 1)
AUGUST_2025 = date(2025, 8, 1)
AUGUST_2026 = date(2026, 8, 1)
MATCHED_ON_STANDARD = AcademicYear(2025)
"""From 2025-26 a programme is known by its type and standard, no longer by its framework."""

E_ = TypeVar("E_", bound=Entity)


def shared(entities: Iterable[E_], key: Callable[[E_], Any]) -> Iterator[E_]:
    """Every entity whose key another one has too."""
    by_key: dict[Any, list[E_]] = {}
    for entity in entities:
        if is_present(value := key(entity)):
            by_key.setdefault(value, []).append(entity)
    for sharers in by_key.values():
        if len(sharers) > 1:
            yield from sharers


def overlapping(entities: Iterable[E_], period: Callable[[E_], tuple[Any, Any]]) -> Iterator[E_]:
    """Each entity that begins before, or on the day, an earlier one ends. Open ones never end."""
    spans = [(*period(entity), entity) for entity in entities]
    dated = [
        (s, e if is_present(e) else date.max, entity) for s, e, entity in spans if is_present(s)
    ]
    covered = None
    for start, end, entity in sorted(dated, key=lambda span: span[:2]):
        if covered is not None and start <= covered:
            yield entity
        covered = end if covered is None else max(covered, end)


def fam_period(fam: AimFAM) -> tuple[Any, Any]:
    return fam.LearnDelFAMDateFrom, fam.LearnDelFAMDateTo


def aim_period(aim: Aim) -> tuple[Any, Any]:
    return aim.LearnStartDate, aim.LearnActEndDate


def of_type(learner: Learner, aim_type: int) -> list[Aim]:
    return [aim for aim in learner.aims if aim.AimType == aim_type]


def latest(aims: Iterable[Aim]) -> Aim | None:
    """The aim that started last; of several, the one that ended last or is open."""
    started = [aim for aim in aims if is_present(aim.LearnStartDate)]

    def when(aim: Aim) -> tuple[date, date, int]:
        end = aim.LearnActEndDate if is_closed(aim) else date.max
        return aim.LearnStartDate, end, aim.AimSeqNumber or 0

    return max(started, key=when, default=None)


# In a tuple a blank is the same as a blank, so these keys match aims that both lack a code.


def programme(aim: Aim, year: AcademicYear) -> tuple[Any, ...]:
    """What says which programme an aim belongs to."""
    if year >= MATCHED_ON_STANDARD:
        return aim.ProgType, aim.StdCode
    return aim.ProgType, aim.FworkCode, aim.PwayCode


def programme_and_standard(aim: Aim, year: AcademicYear) -> tuple[Any, ...]:
    """The same, by the standard as well in the years of frameworks."""
    if year >= MATCHED_ON_STANDARD:
        return aim.ProgType, aim.StdCode
    return aim.ProgType, aim.FworkCode, aim.PwayCode, aim.StdCode


# One learner, one aim, one record of a kind.


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
def destination_record_stands_twice(message: Message) -> Iterator[Destination]:
    return shared(message.destinations, lambda destination: destination.LearnRefNumber.upper())


@rule("R_07", on_part=True)
def aim_sequence_number_stands_twice(learner: Learner) -> Iterator[Aim]:
    return repeated(learner.aims, lambda aim: aim.AimSeqNumber)


@rule("R_43", on_part=True)
def employment_date_stands_twice(learner: Learner) -> Iterator[EmploymentStatus]:
    return repeated(learner.employment_statuses, lambda status: status.DateEmpStatApp)


@rule("R_45", on_part=True)
def difficulty_stands_twice(learner: Learner) -> Iterator[LLDDCategory]:
    return repeated(learner.llddcats, lambda category: category.LLDDCat)


@rule("R_47", on_part=True)
def contact_preference_stands_twice(learner: Learner) -> Iterator[ContactPreference]:
    return repeated(learner.contact_preferences, lambda p: (p.ContPrefType, p.ContPrefCode))


@rule("R_49", on_part=True)
def learner_monitoring_stands_twice(learner: Learner) -> Iterator[LearnerMonitoring]:
    return repeated(learner.monitorings, lambda m: m.ProvSpecLearnMonOccur)


@rule("R_50", on_part=True)
def aim_monitoring_stands_twice(aim: Aim) -> Iterator[AimMonitoring]:
    return repeated(aim.monitorings, lambda m: m.ProvSpecDelMonOccur)


@rule("R_51", on_part=True)
def learner_fam_stands_twice(learner: Learner) -> Iterator[LearnerFAM]:
    return repeated(learner.fams, lambda fam: (fam.LearnFAMType, fam.LearnFAMCode))


@rule("R_52", on_part=True)
def aim_fam_stands_twice(aim: Aim) -> Iterator[AimFAM]:
    undated = (f for f in aim.fams if f.LearnDelFAMType not in DATED_FAM_TYPES)
    return repeated(undated, lambda fam: (fam.LearnDelFAMType, fam.LearnDelFAMCode))


@rule("R_67", on_part=True)
def placement_stands_twice(aim: Aim) -> Iterator[Placement]:
    dated = (p for p in aim.placements if is_present(p.WorkPlaceStartDate))
    return repeated(dated, lambda p: (p.WorkPlaceStartDate, p.WorkPlaceEmpId))


@rule("R_68", on_part=True)
def financial_record_stands_twice(learner: Learner, check: Check) -> Iterator[FinanceRecord]:
    by_apprenticeship: dict[tuple[str, Any], list[FinanceRecord]] = {}
    for aim in of_type(learner, PROGRAMME_AIM):
        if aim.FundModel == APPRENTICESHIPS and is_apprenticeship(aim, check.year):
            for name, code in (("standard", aim.StdCode), ("framework", aim.FworkCode)):
                if is_present(code):
                    by_apprenticeship.setdefault((name, code), []).extend(aim.finance_records)
    for records in by_apprenticeship.values():
        dated = (f for f in records if is_present(f.AFinDate))
        yield from repeated(dated, lambda f: (f.AFinType, f.AFinCode, f.AFinDate))


@rule("R_69", on_part=True)
def outcome_stands_twice(destination: Destination) -> Iterator[DPOutcome]:
    dated = (o for o in destination.outcomes if is_present(o.OutStartDate))
    return repeated(dated, lambda o: (o.OutType, o.OutCode, o.OutStartDate))


@rule("R_92", on_part=True)
def esf_start_aim_stands_twice(learner: Learner) -> Iterator[Aim]:
    starts = (aim for aim in learner.aims if aim.LearnAimRef == ESF_START_AIM)
    return repeated(starts, lambda aim: aim.ConRefNumber)


@rule("R_157", on_part=True)
def bursary_records_begin_on_one_day(aim: Aim) -> Iterator[AimFAM]:
    bursaries = aim.fams_of("ALB") if aim.LearnStartDate >= AUGUST_2026 else ()
    return repeated(bursaries, lambda fam: fam.LearnDelFAMDateFrom)


@rule("R_97")
def employment_status_says_nothing_new(learner: Learner) -> Iterator[EmploymentStatus]:
    def says(status: EmploymentStatus) -> tuple[Any, ...]:
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


# Programme aims, their components and core aims.


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
    def funding(aim: Aim) -> tuple[Any, ...]:
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
    return any(
        aim.FundModel == AGE_16_TO_19
        and not any(f.LearnDelFAMType == "SOF" and f.LearnDelFAMCode in adult for f in aim.fams)
        for aim in learner.aims
    ) and not of_type(learner, CORE_AIM)


@rule("R_89")
def programme_ends_before_a_component(learner: Learner, check: Check) -> Iterator[Aim]:
    last = latest(of_type(learner, PROGRAMME_AIM))
    if last is not None and any(
        part.LearnActEndDate > last.LearnActEndDate for part in certain_parts(last, check.year)
    ):
        yield last


@rule("R_90")
def component_open_in_a_closed_programme(learner: Learner, check: Check) -> Iterator[Aim]:
    last = latest(of_type(learner, PROGRAMME_AIM))
    if last is not None and is_closed(last):
        yield from (part for part in certain_parts(last, check.year) if not is_closed(part))


def certain_parts(aim: Aim, year: AcademicYear) -> list[Aim]:
    """Components of a programme that are certainly neither English nor maths."""
    key = programme_and_standard(aim, year)
    return [
        part
        for part in of_type(aim.learner, COMPONENT_AIM)
        if part.LearnAimRef.startswith(NEVER_ENGLISH_OR_MATHS)
        and programme_and_standard(part, year) == key
    ]


@rule("R_91")
def no_completed_esf_start_aim(learner: Learner) -> bool:
    return any(aim.FundModel == EUROPEAN_SOCIAL_FUND for aim in learner.aims) and not any(
        aim.LearnAimRef == ESF_START_AIM and aim.CompStatus == COMPLETED for aim in learner.aims
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

    def unit(aim: Aim) -> tuple[Any, ...]:
        dates = (aim.LearnStartDate, aim.LearnPlanEndDate, aim.LearnActEndDate)
        return aim.FundModel, aim.ProgType, *dates

    units = [aim for aim in learner.aims if aim.ProgType == APPRENTICESHIP_UNIT]
    other_side = {unit(aim) for aim in units if aim.AimType == there}
    return (aim for aim in units if aim.AimType == here and unit(aim) not in other_side)


# Apprenticeships: contract types, learning support, prices.


@rule("R_61", until="2024-25")
def learning_support_overlaps(aim: Aim) -> Iterator[AimFAM]:
    return overlapping(aim.fams_of("LSF"), fam_period)


@rule("R_61", since="2025-26")
def learning_support_or_bursary_overlaps(aim: Aim) -> Iterator[AimFAM]:
    yield from overlapping(aim.fams_of("LSF"), fam_period)
    yield from overlapping(aim.fams_of("ALB"), fam_period)


@rule("R_106", on_part=True)
def learning_support_overlaps_across_aims(learner: Learner) -> Iterator[AimFAM]:
    support = [fam for aim in learner.aims for fam in aim.fams_of("LSF")]
    return overlapping((f for f in support if f.LearnDelFAMDateFrom >= AUGUST_2016), fam_period)


@rule("R_101")
def contract_types_overlap(aim: Aim) -> Iterator[AimFAM]:
    return overlapping(aim.fams_of("ACT"), fam_period)


@rule("R_102")
def no_contract_type_on_the_first_day(aim: Aim) -> bool:
    contracts = aim.fams_of("ACT")
    return bool(contracts) and not any(
        fam.LearnDelFAMDateFrom == aim.LearnStartDate for fam in contracts
    )


@rule("R_104")
def contract_types_do_not_follow_on(aim: Aim) -> Iterator[AimFAM]:
    contracts = sorted(dated_contracts(aim), key=contract_order)
    for before, fam in pairwise(contracts):
        if (fam.LearnDelFAMDateFrom - before.LearnDelFAMDateTo).days != 1:
            yield fam


@rule("R_105", on_part=True)
def different_contract_types_at_one_time(learner: Learner) -> Iterator[AimFAM]:
    contracts = [fam for aim in learner.aims for fam in dated_contracts(aim)]
    if len({fam.LearnDelFAMCode for fam in contracts}) < 2:
        return
    contracts.sort(key=contract_order)
    for place, fam in enumerate(contracts):
        if any(
            other.LearnDelFAMCode != fam.LearnDelFAMCode
            and not other.LearnDelFAMDateTo < fam.LearnDelFAMDateFrom
            for other in contracts[:place]
        ):
            yield fam


def dated_contracts(aim: Aim) -> list[AimFAM]:
    """Contract types (ACT) of an aim that say from when."""
    return [fam for fam in aim.fams_of("ACT") if is_present(fam.LearnDelFAMDateFrom)]


def contract_order(fam: AimFAM) -> tuple[date, date, str]:
    """By first day, then last day, open ones last, then code."""
    end = fam.LearnDelFAMDateTo
    last_day = end if is_present(end) else date.max
    return fam.LearnDelFAMDateFrom, last_day, str(fam.LearnDelFAMCode)


def latest_contract(aim: Aim) -> AimFAM | None:
    """The contract type (ACT) that applies from the latest day."""
    return max(dated_contracts(aim), key=contract_order, default=None)


def is_funded_standard(aim: Aim) -> bool:
    return bool(aim.FundModel == APPRENTICESHIPS and aim.ProgType == APPRENTICESHIP_STANDARD)


def is_funded_framework(aim: Aim) -> bool:
    return bool(aim.FundModel == APPRENTICESHIPS and aim.ProgType != APPRENTICESHIP_STANDARD)


@rule("R_110", until="2024-25")
def employer_contract_while_not_employed(aim: Aim) -> Iterator[AimFAM]:
    return contracts_while_not_employed(aim)


@rule("R_110", since="2025-26")
def employer_contract_while_neither_employed_nor_redundant(aim: Aim) -> Iterator[AimFAM]:
    found = list(contracts_while_not_employed(aim))
    if not found or is_restart(aim):
        return iter(())
    last = employment_on(aim.learner, date.max)
    return iter(() if last is not None and last.has("OET", 1) else found)


def contracts_while_not_employed(aim: Aim) -> Iterator[AimFAM]:
    """Contract types with the employer (ACT 1) that begin while the learner is not employed."""
    if aim.FundModel == APPRENTICESHIPS:
        for fam in dated_contracts(aim):
            if fam.LearnDelFAMCode == "1":
                status = employment_on(aim.learner, fam.LearnDelFAMDateFrom)
                if status is None or status.EmpStat != EMPLOYED:
                    yield fam


@rule("R_112")
def contract_type_does_not_end_with_the_framework(aim: Aim) -> bool:
    if not (is_funded_framework(aim) and is_closed(aim)):
        return False
    contract = latest_contract(aim)
    return contract is not None and contract.LearnDelFAMDateTo != aim.LearnActEndDate


@rule("R_113")
def contract_type_ended_and_framework_not(aim: Aim) -> bool:
    if not is_funded_framework(aim) or is_closed(aim):
        return False
    contract = latest_contract(aim)
    return contract is not None and is_present(contract.LearnDelFAMDateTo)


@rule("R_121")
def contract_type_does_not_end_on_achievement(aim: Aim) -> bool:
    if not (is_funded_standard(aim) and is_present(aim.AchDate)):
        return False
    contract = latest_contract(aim)
    return (
        contract is not None
        and is_present(contract.LearnDelFAMDateTo)
        and contract.LearnDelFAMDateTo != aim.AchDate
    )


@rule("R_122")
def contract_type_does_not_end_with_the_standard(aim: Aim) -> bool:
    if not is_funded_standard(aim) or aim.CompStatus == CONTINUING or is_present(aim.AchDate):
        return False
    contract = latest_contract(aim)
    # In tuples, so that two blanks are the same.
    return contract is not None and (contract.LearnDelFAMDateTo,) != (aim.LearnActEndDate,)


@rule("R_123")
def contract_type_ended_and_standard_continues(aim: Aim) -> bool:
    if not (is_funded_standard(aim) and aim.CompStatus == CONTINUING):
        return False
    contract = latest_contract(aim)
    return contract is not None and is_present(contract.LearnDelFAMDateTo)


@rule("R_100")
def completed_standard_without_assessment_price(aim: Aim) -> bool:
    return (
        aim.CompStatus == COMPLETED
        and aim.ProgType == APPRENTICESHIP_STANDARD
        and aim.AimType == PROGRAMME_AIM
        and aim.FundModel != NOT_FUNDED
        and not any(f.AFinType == "TNP" and f.AFinCode in (2, 4) for f in aim.finance_records)
    )


@rule("R_119")
def price_dated_before_the_start(record: FinanceRecord) -> bool:
    start = record.aim.LearnStartDate
    return record.AFinType == "TNP" and start >= FEBRUARY_2019 and record.AFinDate < start


@rule("R_142")
def price_of_a_left_programme_after_a_new_start(learner: Learner) -> Iterator[FinanceRecord]:
    standards = [
        aim for aim in of_type(learner, PROGRAMME_AIM) if aim.ProgType == APPRENTICESHIP_STANDARD
    ]
    new_starts = [
        aim.LearnStartDate
        for aim in standards
        if not is_closed(aim) and aim.LearnStartDate >= AUGUST_2022
    ]
    if not new_starts:
        return
    for aim in standards:
        if is_closed(aim) and aim.CompStatus in (WITHDREW, ON_A_BREAK):
            for record in aim.finance_records:
                if record.AFinType == "TNP" and record.AFinDate >= min(new_starts):
                    yield record


@rule("R_161")
def hours_off_without_a_price_reduction(aim: Aim) -> bool:
    return has_hours_off(aim) and not has_price_reduction(aim)


@rule("R_162")
def price_reduction_without_hours_off(aim: Aim) -> bool:
    return has_price_reduction(aim) and not has_hours_off(aim)


def has_hours_off(aim: Aim) -> bool:
    """Hours taken off for prior learning (HRS 4)."""
    return any(h.HRSType == "HRS" and h.HRSCode == 4 for h in aim.hours_records)


def has_price_reduction(aim: Aim) -> bool:
    """A price reduction for prior learning (RIP 1)."""
    return any(f.AFinType == "RIP" and f.AFinCode == 1 for f in aim.finance_records)


# Skills Bootcamps: programme aims and what belongs to them by contract.


def bootcamps(learner: Learner, aim_type: int) -> list[Aim]:
    """The learner's bootcamp aims of a type."""
    return [
        aim for aim in learner.aims if aim.ProgType == SKILLS_BOOTCAMP and aim.AimType == aim_type
    ]


def contract(aim: Aim) -> tuple[Any, ...]:
    return aim.FundModel, aim.ProgType, aim.ConRefNumber


def bootcamp_starts(learner: Learner) -> dict[Any, date]:
    """Contract reference → the earliest start of a bootcamp programme aim on it."""
    starts: dict[Any, date] = {}
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
        and not any(aim.LearnAimRef in PURE_EVENT_AIMS for aim in learner.aims)
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
    return aim.LearnAimRef in BOOTCAMP_EVENT_AIMS


def may_be_a_subject(aim: Aim) -> bool:
    """Whether a component may be a bootcamp's subject aim; LARS would tell."""
    return aim.LearnAimRef not in PURE_EVENT_AIMS


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
            yield aim


@rule("R_143")
def bootcamp_ends_before_a_component(learner: Learner) -> Iterator[Aim]:
    programmes = bootcamps(learner, PROGRAMME_AIM)
    components = bootcamps(learner, COMPONENT_AIM)
    for key in dict.fromkeys(contract(aim) for aim in programmes):
        last = latest(aim for aim in programmes if contract(aim) == key)
        if last is not None and any(
            contract(aim) == key and aim.LearnActEndDate > last.LearnActEndDate
            for aim in components
        ):
            yield last


@rule("R_144")
def bootcamp_achieved_before_it_began(learner: Learner) -> Iterator[Aim]:
    starts = bootcamp_starts(learner)
    for aim in bootcamps(learner, PROGRAMME_AIM):
        if aim.LearnStartDate >= AUGUST_2023 and aim.AchDate < starts[aim.ConRefNumber]:
            yield aim


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


# Prior attainment, free courses for jobs, minimum hours.


@rule("R_131")
def prior_attainment_only_after_the_first_aim(learner: Learner, check: Check) -> bool:
    models = check.parameter("funding_models")
    starts = [
        aim.LearnStartDate
        for aim in learner.aims
        if aim.FundModel in models and is_present(aim.LearnStartDate)
    ]
    dates = [p.DateLevelApp for p in learner.prior_attainments if is_present(p.DateLevelApp)]
    return bool(starts) and bool(dates) and min(dates) > min(starts)


@rule("R_132")
def free_course_at_level_3_while_not_unemployed(aim: Aim) -> bool:
    start = aim.LearnStartDate
    return (
        start >= APRIL_2022
        and start < AUGUST_2024
        and aim.has_fam("LDM", FREE_COURSES_FOR_JOBS)
        and not aim.has_fam("LDM", LOW_WAGE_OFFER)
        and not aim.has_fam("DAM", "023")
        and any(
            held.PriorLevel in FULL_LEVEL_3_OR_ABOVE and held.DateLevelApp <= start
            for held in aim.learner.prior_attainments
        )
        and not is_unemployed_on_benefits(aim)
    )


@rule("R_148")
def free_course_at_19_to_23_with_level_3_and_earnings(aim: Aim) -> bool:
    if not is_free_course_above_the_threshold(aim):
        return False
    age = age_on(aim.learner, aim.LearnStartDate)
    return (
        age is not None
        and 19 <= age <= 23
        and not any(h.PriorLevel in BELOW_FULL_LEVEL_3 for h in aim.learner.prior_attainments)
    )


@rule("R_151")
def free_course_at_24_above_the_earnings_threshold(aim: Aim) -> bool:
    return (
        aim.FundModel == ADULT_SKILLS_FUND
        and is_free_course_above_the_threshold(aim)
        and not aim.has_fam("DAM", "023")
        and is_at_least(aim.learner, 24, aim.LearnStartDate)
    )


def is_free_course_above_the_threshold(aim: Aim) -> bool:
    """A free course for jobs since August 2024 without the low earnings marker (LDM 391)."""
    return (
        aim.LearnStartDate >= AUGUST_2024
        and aim.has_fam("LDM", FREE_COURSES_FOR_JOBS)
        and not aim.has_fam("LDM", BELOW_THE_EARNINGS_THRESHOLD)
    )


@rule("R_155")
def no_english_minimum_hours(learner: Learner, check: Check) -> bool:
    return (
        needs_more_teaching(learner, learner.EngGrade, "ECF")
        and is_under_the_condition_of_funding(learner, check)
        and not learner.has_fam("EMH")
    )


@rule("R_156")
def no_maths_minimum_hours(learner: Learner, check: Check) -> bool:
    return (
        needs_more_teaching(learner, learner.MathGrade, "MCF")
        and is_under_the_condition_of_funding(learner, check)
        and not learner.has_fam("MMH")
    )


def needs_more_teaching(learner: Learner, grade: Any, exemption: str) -> bool:
    """Without a grade 4, exempt neither by code nor by a level 2 functional skill."""
    grade = grade.upper()
    return (
        grade in BELOW_GRADE_4
        and not learner.has_fam(exemption, 1, 2, 3, 4)
        and not (grade in BELOW_GRADE_3 and learner.has_fam(exemption, 5))
    )


def is_under_the_condition_of_funding(learner: Learner, check: Check) -> bool:
    """As far as a record says: 16 or over, 150 hours, on the King's Trust TEAM programme.

    The other aims that count are known from LARS only.
    """
    return (
        any(
            aim.FundModel == AGE_16_TO_19
            and aim.LearnAimRef in TEAM_PROGRAMME_AIMS
            and aim.has_fam("SOF", "107")
            and aim.has_fam("LDM", TEAM_PROGRAMME)
            and not (aim.ProgType == T_LEVEL and aim.LearnStartDate < AUGUST_2022)
            for aim in learner.aims
        )
        and is_at_least(learner, 16, august_31(check.year))
        and has_150_planned_hours(learner)
    )


def has_150_planned_hours(learner: Learner) -> bool:
    """On the learner, or on the latest T Level programme aim (PHours, then HRS 2)."""
    if (learner.PlanLearnHours or 0) + (learner.PlanEEPHours or 0) >= 150:
        return True
    t_levels = (a for a in of_type(learner, PROGRAMME_AIM) if a.ProgType == T_LEVEL)
    last = latest(t_levels)
    return last is not None and (
        last.PHours >= 150 or any(h.HRSCode == 2 and h.HRSAmount >= 150 for h in last.hours_records)
    )


# Destination records, to 2023-24.


@rule("R_85")
def destination_has_another_uln(message: Message) -> Iterator[Destination]:
    ulns: dict[Any, set[Any]] = {}
    for learner in message.learners:
        if is_present(learner.LearnRefNumber) and is_present(learner.ULN):
            ulns.setdefault(learner.LearnRefNumber, set()).add(learner.ULN)
    for destination in message.destinations:
        theirs = ulns.get(destination.LearnRefNumber)
        if theirs and is_present(destination.ULN) and destination.ULN not in theirs:
            yield destination


@rule("R_107")
def ended_without_a_destination(message: Message) -> Iterator[Learner]:
    destined = outcome_dates(message)
    for learner in message.learners:
        if not any(a.ProgType in (TRAINEESHIP, APPRENTICESHIP_STANDARD) for a in learner.aims):
            end = end_of_all_learning(learner)
            if end is not None and not is_followed(learner, end, destined):
                yield learner


@rule("R_108")
def ended_two_months_ago_without_a_destination(message: Message, check: Check) -> Iterator[Learner]:
    destined = outcome_dates(message)
    for learner in message.learners:
        if all(a.ProgType in (TRAINEESHIP, APPRENTICESHIP_STANDARD) for a in learner.aims):
            continue
        end = end_of_all_learning(learner)
        due = months_after(end, 2)
        if end is None or due is None or check.on < due:
            continue
        if not is_followed(learner, end, destined):
            yield learner


def outcome_dates(message: Message) -> dict[Any, list[date]]:
    """Learner reference in capitals → start dates of the outcomes recorded."""
    found: dict[Any, list[date]] = {}
    for destination in message.destinations:
        dates = [o.OutStartDate for o in destination.outcomes if is_present(o.OutStartDate)]
        found.setdefault(destination.LearnRefNumber.upper(), []).extend(dates)
    return found


def is_followed(learner: Learner, end: date, destined: dict[Any, list[date]]) -> bool:
    """Whether an outcome begins on or after the end of learning."""
    return any(day >= end for day in destined.get(learner.LearnRefNumber.upper(), ()))


def end_of_all_learning(learner: Learner) -> date | None:
    """The last actual end, when everything has ended, none of it in a break, some funded."""
    aims = learner.aims
    models = (AGE_16_TO_19, ADULT_SKILLS, EUROPEAN_SOCIAL_FUND, OTHER_ADULT)
    if not any(aim.FundModel in models for aim in aims) or not all(map(is_closed, aims)):
        return None
    end: date = max(aim.LearnActEndDate for aim in aims)
    on_a_break = any(a.LearnActEndDate == end and a.CompStatus == ON_A_BREAK for a in aims)
    return None if on_a_break else end
