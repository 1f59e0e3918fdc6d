"""Words the rules share: funding models, programme types, ages and plain tests on an aim."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Container, Hashable, Iterable, Iterator
from datetime import date
from typing import Any, TypeVar

from bot.ilr.absent import CannotTell, is_present
from bot.ilr.record import Aim, EmploymentStatus, Entity, Learner
from bot.ilr.specification import YearSpecification
from bot.years import AcademicYear

__all__ = [
    "ADULT_SKILLS",
    "ADULT_SKILLS_FUND",
    "AGE_16_TO_19",
    "APPRENTICESHIPS",
    "APPRENTICESHIPS_BEFORE_2025",
    "APPRENTICESHIP_FRAMEWORKS",
    "APPRENTICESHIP_STANDARD",
    "APPRENTICESHIP_UNIT",
    "COMBINED_AUTHORITY_PROGRAMME",
    "COMMUNITY_LEARNING",
    "COMPONENT_AIM",
    "CORE_AIM",
    "EUROPEAN_SOCIAL_FUND",
    "GROWTH_AND_SKILLS_SHORT_COURSES",
    "LIST_NOT_COMPLETE",
    "NOT_FUNDED",
    "OTHER_16_TO_19",
    "OTHER_ADULT",
    "POSTCODE",
    "PROGRAMME_AIM",
    "SKILLS_BOOTCAMP",
    "SKILLS_BOOTCAMPS",
    "STANDALONE_AIM",
    "TAILORED_LEARNING",
    "TRAINEESHIP",
    "T_LEVEL",
    "T_LEVEL_FOUNDATION_YEAR",
    "age_on",
    "august_31",
    "employment_on",
    "is_apprenticeship",
    "is_at_least",
    "is_closed",
    "is_community_learning",
    "is_funded_bootcamp",
    "is_funded_standard",
    "is_in_custody",
    "is_monitored",
    "is_off_the_list",
    "is_restart",
    "is_t_level",
    "is_under",
    "is_unlisted_type",
    "months_after",
    "repeated",
    "years_after",
    "years_between",
]

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

E_ = TypeVar("E_", bound=Entity)

LIST_NOT_COMPLETE = "the code list held for this year is not complete"
_STANDARDS_ONLY = AcademicYear(2025)


def is_closed(aim: Aim) -> bool:
    """Whether the aim has an actual end date."""
    return is_present(aim.LearnActEndDate)


def years_between(earlier: Any, later: Any) -> int | None:
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


def age_on(learner: Learner, day: Any) -> int | None:
    """The learner's age in whole years on a day; None without a date of birth."""
    return years_between(learner.DateOfBirth, day)


def is_apprenticeship(aim: Aim, year: AcademicYear) -> bool:
    """DD07: whether the aim is part of an apprenticeship.

    Standards only from 2025-26 (validation rules 2025-26 version 3 and 2026-27 version 4);
    frameworks as well in 2020-21 (DerivedData_07Rule of the 2020-21 service).
    """
    if year >= _STANDARDS_ONLY:
        return bool(aim.ProgType == APPRENTICESHIP_STANDARD)
    return aim.ProgType in APPRENTICESHIPS_BEFORE_2025


def is_t_level(aim: Aim) -> bool:
    """Whether the aim is 16 to 19 funded and part of a T Level programme."""
    return bool(aim.FundModel == AGE_16_TO_19 and aim.ProgType == T_LEVEL)


def is_community_learning(aim: Aim) -> bool:
    """Whether it is community learning: model 10, or model 99 with SOF 108."""
    return aim.FundModel == COMMUNITY_LEARNING or (
        aim.FundModel == NOT_FUNDED and aim.has_fam("SOF", "108")
    )


def is_in_custody(aim: Aim) -> bool:
    """Whether the learning is of an offender in custody (OLASS, LDM 034)."""
    return aim.has_fam("LDM", "034")


def is_restart(aim: Aim) -> bool:
    """Whether the aim is marked as a restart (RES)."""
    return aim.has_fam("RES")


def years_after(day: Any, years: int) -> date | None:
    """The same day some years later, 28 February for a missing 29th; None when absent."""
    if not isinstance(day, date) or day.year + years > date.max.year:
        return None
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def is_off_the_list(value: Any, entity: str, name: str, specification: YearSpecification) -> bool:
    """Whether a coded value, if returned, is outside the year's code list.

    Raises CannotTell when it is, but the list held for the year is not complete.
    """
    if not is_present(value):
        return False
    field = specification.entities[entity].fields[name]
    if str(value).upper() in field.codes:
        return False
    if not field.codes_complete:
        raise CannotTell(LIST_NOT_COMPLETE)
    return True


def is_unlisted_type(
    kind: Any, code: Any, entity: str, name: str, specification: YearSpecification
) -> bool:
    """Whether a FAM, monitoring or financial type and code is outside the year's list.

    ``name`` is the field that holds the type, e.g. ``LearnFAMType``. Raises CannotTell when
    it is, but the list held for the year is not complete.
    """
    if not is_present(kind):
        return False
    field = specification.entities[entity].fields[name]
    held = field.types.get(kind)
    if held is not None and any(listed.code == str(code) for listed in held.codes):
        return False
    if not (field.codes_complete if held is None else held.codes_complete):
        raise CannotTell(LIST_NOT_COMPLETE)
    return True


def is_under(learner: Learner, years: int, day: Any) -> bool:
    """Whether the learner is younger than this on a day; not without a date of birth."""
    age = age_on(learner, day)
    return age is not None and age < years


def is_at_least(learner: Learner, years: int, day: Any) -> bool:
    """Whether the learner is of this age or older on a day; not without a date of birth."""
    age = age_on(learner, day)
    return age is not None and age >= years


def august_31(year: AcademicYear) -> date:
    """31 August of the teaching year, on which 16 to 19 and most adult rules take the age."""
    return date(year.first, 8, 31)


def months_after(day: Any, months: int) -> date | None:
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


def employment_on(learner: Learner, day: Any) -> EmploymentStatus | None:
    """The employment status in force on a day: the latest that applies from then or before."""
    in_force = [e for e in learner.employment_statuses if e.DateEmpStatApp <= day]
    # Of two from one day (R_43 reports them) always the same one, whatever their order.
    return max(in_force, key=lambda e: (e.DateEmpStatApp, e.EmpStat or 0), default=None)


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


POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]?\s[0-9][ABD-HJLNP-UWXYZ]{2}")
"""The form of a postcode: capitals, one space, and no C, I, K, M, O or V at the end."""


def is_funded_bootcamp(aim: Aim) -> bool:
    """Whether the aim is part of a Skills Bootcamp funded as one."""
    return bool(aim.FundModel == SKILLS_BOOTCAMPS and aim.ProgType == SKILLS_BOOTCAMP)


def is_funded_standard(aim: Aim) -> bool:
    """Whether the aim is part of an apprenticeship standard on funding model 36."""
    return bool(aim.FundModel == APPRENTICESHIPS and aim.ProgType == APPRENTICESHIP_STANDARD)
