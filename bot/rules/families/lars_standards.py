"""Apprenticeship standards by LARS: whether they exist, and were open on the start date."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.ilr.absent import is_present
from bot.ilr.record import Aim, Learner
from bot.rules.engine import Check, rule
from bot.rules.lars_vocabulary import is_aged, lars_standard, standard_programme_start
from bot.rules.vocabulary import (
    APPRENTICESHIP_STANDARD,
    AUGUST_2025,
    COMPONENT_AIM,
    OTHER_ADULT,
    PROGRAMME_AIM,
    is_funded_apprenticeship_programme,
    is_restart,
    of_type,
)

AUGUST_2020 = date(2020, 8, 1)
LEVEL_7_RESTRICTED = date(2026, 1, 1)
FOUNDATION = "A0001"
"""LARS type of foundation apprenticeships."""
CARE_LEAVER = "362"
EDUCATION_PLAN = "EHC"


@rule("StdCode_02")
def standard_does_not_exist(aim: Aim, check: Check) -> bool:
    code = aim.StdCode
    return is_present(code) and not check.reference.lars.standard_exists(code)


def is_standard_programme(aim: Aim) -> bool:
    """Whether it is the programme aim of a standard, and no restart."""
    return (
        aim.ProgType == APPRENTICESHIP_STANDARD
        and aim.AimType == PROGRAMME_AIM
        and not is_restart(aim)
    )


@rule("LearnStartDate_13")
def standard_was_closed(aim: Aim, check: Check) -> bool:
    standard = lars_standard(aim, check) if is_standard_programme(aim) else None
    end = standard.period.end if standard else None
    return end is not None and aim.LearnStartDate > end


@rule("LearnStartDate_14")
def standard_was_closed_to_a_component(aim: Aim, check: Check) -> bool:
    if aim.ProgType != APPRENTICESHIP_STANDARD or aim.AimType != COMPONENT_AIM or is_restart(aim):
        return False
    standard = lars_standard(aim, check)
    end = standard.period.end if standard else None
    return end is not None and standard_programme_start(aim) > end


@rule("LearnStartDate_17")
def standard_was_not_open_yet(aim: Aim, check: Check) -> bool:
    standard = lars_standard(aim, check) if is_standard_programme(aim) else None
    start = standard.period.start if standard else None
    return start is not None and aim.LearnStartDate < start


@rule("LearnStartDate_18")
def standard_took_no_new_starts(aim: Aim, check: Check) -> bool:
    if not aim.LearnStartDate >= AUGUST_2020 or not is_standard_programme(aim):
        return False
    standard = lars_standard(aim, check)
    last = standard.last_start if standard else None
    return last is not None and aim.LearnStartDate > last


@rule("LearnStartDate_19")
def standard_took_no_new_starts_of_a_component(aim: Aim, check: Check) -> bool:
    if aim.ProgType != APPRENTICESHIP_STANDARD or aim.AimType != COMPONENT_AIM or is_restart(aim):
        return False
    standard = lars_standard(aim, check)
    last = standard.last_start if standard else None
    start = standard_programme_start(aim)
    return last is not None and start >= AUGUST_2020 and start > last


# Ages


@rule("DateOfBirth_59")
def foundation_apprentice_is_too_old(aim: Aim, check: Check) -> bool:
    if not is_new_standard(aim, AUGUST_2025) or not is_aged(aim, 25):
        return False
    standard = lars_standard(aim, check)
    return standard is not None and standard.type == FOUNDATION


def is_new_standard(aim: Aim, since: date) -> bool:
    """Whether it is the funded programme aim of a standard begun since a day, and no restart."""
    return (
        aim.LearnStartDate >= since
        and is_funded_apprenticeship_programme(aim)
        and is_standard_programme(aim)
    )


@rule("DateOfBirth_60")
def level_7_apprentice_is_too_old(aim: Aim, check: Check) -> bool:
    if not is_new_standard(aim, LEVEL_7_RESTRICTED) or not is_aged(aim, 0):
        return False
    standard = lars_standard(aim, check)
    if standard is None or standard.level != 7 or is_aged(aim, 16, 21):
        return False
    supported = aim.has_fam("LDM", CARE_LEAVER) or aim.learner.has_fam(EDUCATION_PLAN)
    return not (supported and is_aged(aim, 0, 24))


# What the employer paid for an old standard (model 81), while two thirds of the price are within
# the government's cap (DD17 = N), and while they are above it (DD17 = Y)


@rule("R_72")
def employer_paid_over_a_third(learner: Learner, check: Check) -> Iterator[Aim]:
    for aims in old_standards(learner):
        price, cap = latest_price(aims), cap_of(aims, check)
        if cap is not None and price * 2 / 3 <= cap and employer_paid(aims) * 3 > price:
            yield aims[0]


@rule("R_73")
def employer_paid_over_price_less_cap(learner: Learner, check: Check) -> Iterator[Aim]:
    for aims in old_standards(learner):
        price, cap = latest_price(aims), cap_of(aims, check)
        if cap is not None and price * 2 / 3 > cap and employer_paid(aims) > price - cap:
            yield aims[0]


def old_standards(learner: Learner) -> list[list[Aim]]:
    """The programme aims on model 81 of each of the learner's standards."""
    by_code: dict[int, list[Aim]] = {}
    for aim in of_type(learner, PROGRAMME_AIM):
        code = aim.StdCode
        if (
            aim.FundModel == OTHER_ADULT
            and aim.ProgType == APPRENTICESHIP_STANDARD
            and is_present(code)
        ):
            by_code.setdefault(code, []).append(aim)
    return list(by_code.values())


def employer_paid(aims: list[Aim]) -> int:
    """What the employer paid (PMR 1 and 2), less what was paid back (PMR 3)."""
    total = 0
    for record in [record for aim in aims for record in aim.finance_records]:
        if record.AFinType == "PMR" and is_present(record.AFinAmount):
            if record.AFinCode in (1, 2):
                total += record.AFinAmount
            elif record.AFinCode == 3:
                total -= record.AFinAmount
    return total


def latest_price(aims: list[Aim]) -> int:
    """The latest price of training (TNP 1) and that of assessment (TNP 2) together."""
    total = 0
    for code in (1, 2):
        prices = [
            (record.AFinDate, record.AFinAmount)
            for aim in aims
            for record in aim.finance_records
            if record.AFinType == "TNP"
            and record.AFinCode == code
            and is_present(record.AFinDate)
            and is_present(record.AFinAmount)
        ]
        total += max(prices, key=lambda price: price[0])[1] if prices else 0
    return total


def cap_of(aims: list[Aim], check: Check) -> float | None:
    """The cap in force when the programme first began; None when LARS has none."""
    standard = lars_standard(aims[0], check)
    starts = [
        day
        for aim in aims
        for day in (aim.LearnStartDate, aim.OrigLearnStartDate)
        if is_present(day)
    ]
    return standard.cap_on(min(starts)) if standard and starts else None
