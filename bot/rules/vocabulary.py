"""Words the rules share: codes, references, days on which rules changed, and plain tests.

A name that one family alone uses stands in that family's module.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Container, Hashable, Iterable, Iterator
from datetime import date, timedelta

from bot.ilr.absent import Date, Day, is_present
from bot.ilr.record import E_, Aim, EmploymentStatus, Entity, Learner
from bot.rules.tracing import note
from bot.rules.unknown import References
from bot.years import AcademicYear

AGE_16_TO_19 = 25
"""Funding model of 16 to 19 study programmes and T Levels."""
APPRENTICESHIPS = 36
"""Funding model of apprenticeships begun on or after 1 May 2017."""

COMMUNITY_LEARNING = 10
"""Funding model of community learning (to 2025-26)."""
TAILORED_LEARNING = 11
"""Funding model of Tailored Learning (from 2024-25)."""
ADULT_SKILLS = 35
"""Funding model of adult skills before the Adult Skills Fund."""
SKILLS_BOOTCAMPS = 37
"""Funding model of Skills Bootcamps."""
ADULT_SKILLS_FUND = 38
"""Funding model of the Adult Skills Fund (from 2024-25)."""
GROWTH_AND_SKILLS_SHORT_COURSES = 39
"""Funding model of growth and skills short courses (from 2026-27)."""
EUROPEAN_SOCIAL_FUND = 70
"""Funding model of the European Social Fund."""
OTHER_ADULT = 81
"""Funding model of other adult funding, old apprenticeship standards among it."""
OTHER_16_TO_19 = 82
"""Funding model of other 16 to 19 funding."""
NOT_FUNDED = 99
"""Funding model of aims without funding of their own, loans and OfS funding among them."""

TRAINEESHIP = 24
APPRENTICESHIP_STANDARD = 25
T_LEVEL_FOUNDATION_YEAR = 30
"""Programme type called the T Level transition programme before 2024-25."""
T_LEVEL = 31
SKILLS_BOOTCAMP = 32
COMBINED_AUTHORITY_PROGRAMME = 33
APPRENTICESHIP_UNIT = 34
APPRENTICESHIP_FRAMEWORKS = frozenset({2, 3, 20, 21, 22, 23})
"""Programme types of frameworks, dropped from DD07 in 2025-26."""
APPRENTICESHIPS_BEFORE_2025 = APPRENTICESHIP_FRAMEWORKS | {APPRENTICESHIP_STANDARD}

PROGRAMME_AIM = 1
"""Aim type of the aim that stands for a whole programme."""
COMPONENT_AIM = 3
"""Aim type of an aim inside a programme."""
STANDALONE_AIM = 4
"""Aim type of an aim outside any programme."""
CORE_AIM = 5
"""Aim type of the core aim of a 16 to 19 programme."""

CONTINUING, COMPLETED, WITHDRAWN, ON_A_BREAK = 1, 2, 3, 6
"""Completion statuses."""
ACHIEVED, NOT_ACHIEVED, NOT_YET_KNOWN = 1, 3, 8
"""Outcomes of an aim."""
EMPLOYED = 10
"""Employment status: in paid work."""
NOT_EMPLOYED = frozenset({11, 12})
"""Employment statuses of those out of work, looking for it or not."""

TEMPORARY_ULN = 9999999999
EMPLOYER_NOT_ON_REGISTER = 999999999
MATHS_CONDITION, ENGLISH_CONDITION = "MCF", "ECF"
"""LearnerFAM types: whether the condition of funding is met or waived."""

INDUSTRY_PLACEMENT = "ZWRKX002"
T_LEVEL_PLACEMENT = "ZWRKX003"
INDUSTRY_PLACEMENTS = References({INDUSTRY_PLACEMENT, T_LEVEL_PLACEMENT})
OCCUPATIONAL_SPECIALISM = "ZTLOS"
"""How the references of a T Level's occupational specialisms begin."""
FOUNDATION_YEAR = "ZTPR"
"""How the references of T Level foundation year aims begin."""
ESF_ASSESSMENT = "ZESF0001"
"""The aim that begins learning on the European Social Fund."""
BOOTCAMP_EVENTS = References({"Z0059747", "Z0059748", "Z0059749"})
"""Aims that are nothing but an event of a Skills Bootcamp."""
HGV_EVENTS = References({"Z0060439", "Z0009541", "Z0060440", "Z0060441", "Z0060442", "Z0060443"})
"""The haulage aims that count as an event of a Skills Bootcamp."""

COVID_SKILLS_OFFER = "376"
FREE_COURSES_FOR_JOBS = "378"
FREE_COURSES_LOW_WAGE = "382"
ADULT_T_LEVEL_PILOT = "384"
BELOW_EARNINGS_THRESHOLD = "391"
UNIT_BEGUN, UNIT_MILESTONE = "403", "404"
"""Monitoring codes (LDM); the last two are of apprenticeship units."""

SIXTY_DAYS = timedelta(days=60)
AUGUST_2012 = date(2012, 8, 1)
AUGUST_2013 = date(2013, 8, 1)
AUGUST_2014 = date(2014, 8, 1)
AUGUST_2016 = date(2016, 8, 1)
APPRENTICESHIP_REFORM = date(2017, 5, 1)
AUGUST_2022 = date(2022, 8, 1)
AUGUST_2023 = date(2023, 8, 1)
AUGUST_2024 = date(2024, 8, 1)
ADULT_SKILLS_FUND_BEGAN = AUGUST_2024
AUGUST_2025 = date(2025, 8, 1)

POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]?\s[0-9][ABD-HJLNP-UWXYZ]{2}")
"""The form of a postcode: capitals, one space, and no C, I, K, M, O or V at the end."""


def is_misformed_postcode(entity: Entity, name: str) -> bool:
    """Whether a postcode, if returned, is not of the right form.

    As typed: the service does not overlook a space before or after it. Only line ends, which come
    from how a paste was laid out, are.
    """
    if not is_present(getattr(entity, name)):
        return False
    text = entity.shown(name)
    return not POSTCODE.fullmatch(text.strip() if "\n" in text else text)


_STANDARDS_ONLY = AcademicYear(2025)


def is_closed(aim: Aim) -> bool:
    """Whether the aim has an actual end date."""
    return is_present(aim.LearnActEndDate)


def years_between(earlier: Day, later: Day) -> int | None:
    """Whole years from one date to another; None when either is absent.

    A 29 February anniversary falls on 28 February in other years, as in the department's
    2020-21 service.
    """
    if not (isinstance(earlier, date) and isinstance(later, date)):
        return None
    month, day = earlier.month, earlier.day
    leap = later.year % 4 == 0 and (later.year % 100 != 0 or later.year % 400 == 0)
    if (month, day) == (2, 29) and not leap:
        day = 28
    return later.year - earlier.year - ((later.month, later.day) < (month, day))


def age_on(learner: Learner, day: Day) -> int | None:
    """The learner's age in whole years on a day; None without a date of birth."""
    age = years_between(learner.DateOfBirth, day)
    if age is not None:
        note("age", age, on=day)
    return age


def is_apprenticeship(aim: Aim, year: AcademicYear) -> bool:
    """DD07: whether the aim is part of an apprenticeship.

    Standards only from 2025-26 (validation rules 2025-26 version 3 and 2026-27 version 4);
    frameworks as well in 2020-21 (DerivedData_07Rule of the 2020-21 service).
    """
    if year >= _STANDARDS_ONLY:
        return aim.ProgType == APPRENTICESHIP_STANDARD
    return aim.ProgType in APPRENTICESHIPS_BEFORE_2025


def is_apprenticeship_programme(aim: Aim, year: AcademicYear) -> bool:
    """Whether it is the programme aim of an apprenticeship (DD07)."""
    return aim.AimType == PROGRAMME_AIM and is_apprenticeship(aim, year)


def is_funded_apprenticeship_programme(aim: Aim) -> bool:
    """Whether it is the programme aim of an apprenticeship on funding model 36."""
    return aim.FundModel == APPRENTICESHIPS and aim.AimType == PROGRAMME_AIM


def is_traineeship_programme(aim: Aim) -> bool:
    """Whether it is the programme aim of a traineeship."""
    return aim.ProgType == TRAINEESHIP and aim.AimType == PROGRAMME_AIM


def is_t_level(aim: Aim) -> bool:
    """Whether the aim is 16 to 19 funded and part of a T Level programme."""
    return aim.FundModel == AGE_16_TO_19 and aim.ProgType == T_LEVEL


def is_study_programme(aim: Aim) -> bool:
    """Whether it is 16 to 19 funded and no T Level, whose hours are held elsewhere."""
    return aim.FundModel == AGE_16_TO_19 and not is_t_level(aim)


def is_local_authority_community_learning(aim: Aim) -> bool:
    """Whether a local authority pays for it: model 99 with SOF 108."""
    return aim.FundModel == NOT_FUNDED and aim.has_fam("SOF", "108")


def is_free_course_above_the_threshold(aim: Aim) -> bool:
    """A free course for jobs since August 2024 without the low earnings marker (LDM 391)."""
    return (
        aim.LearnStartDate >= AUGUST_2024
        and aim.has_fam("LDM", FREE_COURSES_FOR_JOBS)
        and not aim.has_fam("LDM", BELOW_EARNINGS_THRESHOLD)
    )


def is_community_learning(aim: Aim) -> bool:
    """Whether it is community learning: model 10, or model 99 with SOF 108."""
    return aim.FundModel == COMMUNITY_LEARNING or is_local_authority_community_learning(aim)


def is_in_custody(aim: Aim) -> bool:
    """Whether the learning is of an offender in custody (OLASS, LDM 034)."""
    return aim.has_fam("LDM", "034")


def is_restart(aim: Aim) -> bool:
    """Whether the aim is marked as a restart (RES)."""
    return aim.has_fam("RES")


def years_after(day: Day, years: int) -> date | None:
    """The same day some years later, 28 February for a missing 29th; None when absent."""
    if not isinstance(day, date) or day.year + years > date.max.year:
        return None
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def is_under(learner: Learner, years: int, day: Day) -> bool:
    """Whether the learner is younger than this on a day; not without a date of birth."""
    age = age_on(learner, day)
    return age is not None and age < years


def is_at_least(learner: Learner, years: int, day: Day) -> bool:
    """Whether the learner is of this age or older on a day; not without a date of birth."""
    age = age_on(learner, day)
    return age is not None and age >= years


def august_31(year: AcademicYear) -> date:
    """31 August of the teaching year, on which 16 to 19 and most adult rules take the age."""
    return date(year.first, 8, 31)


def months_after(day: Day, months: int) -> date | None:
    """The same day some months later (or, negative, earlier), the month's last at most.

    None when the day is absent or the result is no date.
    """
    if not isinstance(day, date):
        return None
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    if not date.min.year <= year <= date.max.year:
        return None
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def is_monitored(aim: Aim, codes: Container[str]) -> bool:
    """Whether the aim has an LDM code among these (a parameter's list, possibly empty)."""
    return any(f.LearnDelFAMType == "LDM" and f.LearnDelFAMCode in codes for f in aim.fams)


def _order_of_statuses(status: EmploymentStatus) -> tuple[Date, int]:
    return status.DateEmpStatApp, status.EmpStat or 0


def employment_on(learner: Learner, day: Day) -> EmploymentStatus | None:
    """The employment status in force on a day: the latest that applies from then or before."""
    in_force = [e for e in learner.employment_statuses if e.DateEmpStatApp <= day]
    found = in_force[0] if in_force else None
    if len(in_force) > 1:
        # Of two from one day (R_43 reports them) always the same one, whatever their order.
        found = max(in_force, key=_order_of_statuses)
    note("employment status", "none" if found is None else found.EmpStat, on=day)
    return found


def repeated(entities: Iterable[E_], key: Callable[[E_], Hashable]) -> Iterator[E_]:
    """Each entity whose key another one before it had. A key of ABSENT is never a repeat.

    In a key of several values a blank is the same as a blank, unless only some of the entity
    was pasted: what looks blank may then be what was left out.
    """
    seen: set[Hashable] = set()
    for entity in entities:
        value = key(entity)
        if entity.partial and isinstance(value, tuple) and not all(map(is_present, value)):
            continue
        if value in seen:
            yield entity
        elif is_present(value):
            seen.add(value)


def is_funded_bootcamp(aim: Aim) -> bool:
    """Whether the aim is part of a Skills Bootcamp funded as one."""
    return aim.FundModel == SKILLS_BOOTCAMPS and aim.ProgType == SKILLS_BOOTCAMP


def is_funded_standard(aim: Aim) -> bool:
    """Whether the aim is part of an apprenticeship standard on funding model 36."""
    return aim.FundModel == APPRENTICESHIPS and aim.ProgType == APPRENTICESHIP_STANDARD


def planned_hours(learner: Learner) -> int:
    """Planned learning and enrichment hours together, a blank counting as none."""
    return (learner.PlanLearnHours or 0) + (learner.PlanEEPHours or 0)


def is_funded_by_ofs(aim: Aim) -> bool:
    """Whether the Office for Students funds it: model 99 with SOF 1."""
    return aim.FundModel == NOT_FUNDED and aim.has_fam("SOF", "1")


def of_type(learner: Learner, aim_type: int) -> list[Aim]:
    """The learner's aims of one aim type."""
    return [aim for aim in learner.aims if aim.AimType == aim_type]


def latest(aims: Iterable[Aim]) -> Aim | None:
    """The aim that started last; of several, the one that ended last or is open."""

    def when(aim: Aim) -> tuple[Day, Day, int]:
        end = aim.LearnActEndDate
        return aim.LearnStartDate, end if is_present(end) else date.max, aim.AimSeqNumber or 0

    return max((aim for aim in aims if is_present(aim.LearnStartDate)), key=when, default=None)


def overlapping(entities: Iterable[E_], period: Callable[[E_], tuple[Date, Date]]) -> Iterator[E_]:
    """Each entity that begins before, or on the day, an earlier one ends. Open ones never end."""
    spans: list[tuple[date, date, E_]] = []
    for entity in entities:
        start, end = period(entity)
        if is_present(start):
            spans.append((start, end if is_present(end) else date.max, entity))
    covered: date | None = None
    for begins, ends, entity in sorted(spans, key=lambda span: span[:2]):
        if covered is not None and begins <= covered:
            yield entity
        covered = ends if covered is None else max(covered, ends)
