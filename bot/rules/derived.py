"""Derived data: the department's DD definitions, and the checksums, as named functions.

Each docstring gives the definition's number and where it was read.
"""

from __future__ import annotations

import re
from datetime import date
from operator import mul

from bot.ilr.absent import ABSENT, Date, Day, is_present
from bot.ilr.record import Aim, Learner
from bot.rules.tracing import noted
from bot.rules.vocabulary import (
    ADULT_SKILLS,
    APPRENTICESHIP_STANDARD,
    SKILLS_BOOTCAMP,
    employment_on,
)
from bot.years import AcademicYear

__all__ = [
    "earliest_start",
    "employer_check_character",
    "esf_contract_start",
    "is_devolved",
    "is_unemployed_on_benefits",
    "programme_effective_end",
    "programme_start",
    "student_support_check_letter",
    "uln_check_digit",
]


def uln_check_digit(uln: int) -> str:
    """DD01: the tenth digit a ULN should have.

    "Y" for the temporary number 9999999999, "N" when no digit can be right (not ten digits,
    or remainder 0). Source: validation rules 2026-27 version 4, DD01.
    """
    text = str(uln)
    if text == "9999999999":
        return "Y"
    if len(text) != 10 or not text.isdigit():
        return "N"
    remainder = sum(map(mul, map(int, text[:9]), range(10, 1, -1))) % 11
    return "N" if remainder == 0 else str(10 - remainder)


def employer_check_character(identifier: int) -> str:
    """DD05 and DD14: the ninth character an employer identifier should have.

    "X" when no digit can be right: not nine digits (a leading zero is lost when the
    identifier is read as a number), or a result of 10. Source: validation rules 2026-27
    version 4, DD05 and DD14.
    """
    text = str(identifier)
    if len(text) != 9 or not text.isdigit():
        return "X"
    result = 11 - sum(int(d) * w for d, w in zip(text[:8], range(9, 1, -1), strict=True)) % 11
    return {11: "0", 10: "X"}.get(result, str(result))


def earliest_start(learner: Learner) -> Day:
    """DD06: the earliest start over all of a learner's aims; ABSENT when none is returned.

    Source: validation rules 2025-26 version 3 and 2026-27 version 4, DD06.
    """
    starts = [aim.LearnStartDate for aim in learner.aims if is_present(aim.LearnStartDate)]
    return noted("earliest start", min(starts, default=ABSENT))


def programme_start(aim: Aim, year: AcademicYear) -> Day:
    """DD04: the earliest start of the learner's programme aims of this aim's programme.

    ABSENT without a programme type or such an aim. The same programme means the same
    programme type; until 2024-25 the same framework and pathway as well (version 2 of the
    2025-26 rules dropped them). Source: validation rules 2025-26 version 3, DD04;
    DerivedData_04Rule of the 2020-21 service.
    """
    if not is_present(aim.ProgType):
        return ABSENT
    starts = [
        other.LearnStartDate
        for other in aim.learner.aims
        if other.AimType == 1
        and other.ProgType == aim.ProgType
        and is_present(other.LearnStartDate)
        and (year >= AcademicYear(2025) or _same_framework(aim, other))
    ]
    return noted("programme start", min(starts, default=ABSENT))


def _same_framework(aim: Aim, other: Aim) -> bool:
    return str(aim.FworkCode) == str(other.FworkCode) and str(aim.PwayCode) == str(other.PwayCode)


def esf_contract_start(aim: Aim) -> Day:
    """DD22: the latest start of a completed ESF start aim on this aim's contract.

    ABSENT when there is none. Source: DerivedData_22Rule of the 2020-21 service.
    """
    starts = [
        other.LearnStartDate
        for other in aim.learner.aims
        if other.LearnAimRef == "ZESF0001"
        and other.CompStatus == 2
        and other.ConRefNumber == aim.ConRefNumber
        and is_present(other.LearnStartDate)
    ]
    return max(starts, default=ABSENT)


def is_devolved(aim: Aim, year: AcademicYear) -> bool:
    """DD35: whether a combined or other devolved authority is the source of funding.

    SOF 110 to 117 in 2020-21, to 120 in 2025-26 (121 to 123 exist but are not in it) and to
    130 from 2026-27. Source: DerivedData_35Rule of the 2020-21 service; validation rules
    2025-26 version 3 and 2026-27 version 4, DD35.
    """
    last = 130 if year >= AcademicYear(2026) else 120 if year >= AcademicYear(2024) else 117
    codes = _DEVOLVED[last]
    return any(f.LearnDelFAMType == "SOF" and f.LearnDelFAMCode in codes for f in aim.fams)


_DEVOLVED = {
    last: frozenset(str(code) for code in range(110, last + 1)) for last in (117, 120, 130)
}


STILL_OPEN = date(2099, 12, 31)
"""What DD36 gives for a programme that has not ended."""


def programme_effective_end(aim: Aim) -> Day:
    """DD36: when a programme aim ended; 31 December 2099 when it has not.

    A standard ends on its achievement date, else its actual end date. Any other programme ends
    on its actual end date; a bootcamp without one, on its achievement date. Source: validation
    rules 2025-26 version 3 and 2026-27 version 4, DD36; DerivedData_36Rule of the 2020-21
    service, which had no bootcamps.
    """
    ends: tuple[Date, ...]
    if aim.ProgType == APPRENTICESHIP_STANDARD:
        ends = (aim.AchDate, aim.LearnActEndDate)
    elif aim.ProgType == SKILLS_BOOTCAMP:
        ends = (aim.LearnActEndDate, aim.AchDate)
    else:
        ends = (aim.LearnActEndDate,)
    return next((end for end in ends if is_present(end)), STILL_OPEN)


def is_unemployed_on_benefits(aim: Aim) -> bool:
    """DD38: whether an adult skills learner was out of work, on benefits, at the aim's start.

    By the employment status in force then: BSI 1 with status 10, 11, 12 or 98; BSI 4 to 6 when
    not employed; or BSI 4 to 6 when employed for few hours (EII 2, 5 or 6). Model 35 only, so
    never of a model 38 aim. Source: validation rules 2025-26 version 3 and 2026-27 version 4,
    DD38.
    """
    if aim.FundModel != ADULT_SKILLS:
        return False
    status = employment_on(aim.learner, aim.LearnStartDate)
    if status is None:
        return False
    if status.EmpStat in (10, 11, 12, 98) and status.has("BSI", 1):
        return True
    if not status.has("BSI", 4, 5, 6):
        return False
    return status.EmpStat in (11, 12) or (status.EmpStat == 10 and status.has("EII", 2, 5, 6))


_SSN_FIRST_TWELVE = re.compile(r"[A-HJ-NPR-Y]{4}[0-9]{8}")
_SSN_VALUES = {letter: value for value, letter in enumerate("ABCDEFGHJKLMNPRSTUVWXY")} | {
    str(digit): digit for digit in range(10)
}
_SSN_CHECK_LETTERS = "ZYXWVUTSRPNMLKJHGFEDCBA"


def student_support_check_letter(number: str) -> str:
    """The thirteenth character a student support number should have.

    "" when no letter can be right: the first twelve are not four letters (never I, O, Q or Z)
    and eight digits. Source: SSN_02Rule of the 2020-21 service.
    """
    first_twelve = number[:12]
    if not _SSN_FIRST_TWELVE.fullmatch(first_twelve):
        return ""
    weights = range(13, 1, -1)
    total = sum(_SSN_VALUES[c] * w for c, w in zip(first_twelve, weights, strict=True))
    return _SSN_CHECK_LETTERS[total % 23]
