"""Apprenticeship financial records: prices agreed (TNP), payments (PMR) and reductions (RIP)."""

from __future__ import annotations

from collections.abc import Iterator

from bot.ilr.absent import ABSENT, is_present
from bot.ilr.record import Aim, FinanceRecord
from bot.rules.code_lists import is_unlisted_type
from bot.rules.doubt import Doubt
from bot.rules.engine import Check, rule
from bot.rules.vocabulary import (
    APPRENTICESHIP_FRAMEWORKS,
    APPRENTICESHIP_STANDARD,
    APPRENTICESHIPS,
    NOT_FUNDED,
    OTHER_ADULT,
    PROGRAMME_AIM,
    is_apprenticeship,
    is_funded_apprenticeship_programme,
    months_after,
)

PRICE, PAYMENT, REDUCTION = "TNP", "PMR", "RIP"
TRAINING, ASSESSMENT, RESIDUAL_TRAINING, RESIDUAL_ASSESSMENT = 1, 2, 3, 4
PRIOR_LEARNING = 1


def records(aim: Aim, kind: str, *codes: int) -> list[FinanceRecord]:
    """The aim's financial records of one type, and of these codes if any."""
    return [
        f for f in aim.finance_records if f.AFinType == kind and (not codes or f.AFinCode in codes)
    ]


def is_standard_programme(aim: Aim) -> bool:
    return aim.ProgType == APPRENTICESHIP_STANDARD and aim.AimType == PROGRAMME_AIM


def is_trailblazer_programme(aim: Aim) -> bool:
    return is_standard_programme(aim) and aim.FundModel == OTHER_ADULT


@rule("AFinDate_03")
def record_dated_after_the_file(record: FinanceRecord, check: Check) -> bool:
    return record.AFinDate > check.on


@rule("AFinDate_14")
def payment_dated_after_the_file(record: FinanceRecord, check: Check) -> bool:
    return record.AFinType == PAYMENT and record.AFinDate > check.on


@rule("AFinDate_04")
def price_after_a_framework_ended(record: FinanceRecord) -> bool:
    aim = record.aim
    return (
        record.AFinType == PRICE
        and aim.AimType == PROGRAMME_AIM
        and aim.ProgType in APPRENTICESHIP_FRAMEWORKS
        and record.AFinDate > aim.LearnActEndDate
    )


@rule("AFinDate_05")
def training_price_after_a_residual_one(aim: Aim) -> Iterator[FinanceRecord]:
    return _after_the_latest(aim, TRAINING, RESIDUAL_TRAINING)


@rule("AFinDate_06")
def assessment_price_after_a_residual_one(aim: Aim) -> Iterator[FinanceRecord]:
    return _after_the_latest(aim, ASSESSMENT, RESIDUAL_ASSESSMENT)


def _after_the_latest(aim: Aim, total: int, residual: int) -> Iterator[FinanceRecord]:
    dates = [f.AFinDate for f in records(aim, PRICE, residual) if is_present(f.AFinDate)]
    latest = max(dates, default=ABSENT)
    return (f for f in records(aim, PRICE, total) if f.AFinDate > latest)


@rule("AFinDate_07", on_part=True)
def training_price_on_the_day_of_a_residual_one(aim: Aim) -> Iterator[FinanceRecord]:
    return _on_the_same_day(aim, TRAINING, RESIDUAL_TRAINING)


@rule("AFinDate_08", on_part=True)
def assessment_price_on_the_day_of_a_residual_one(aim: Aim) -> Iterator[FinanceRecord]:
    return _on_the_same_day(aim, ASSESSMENT, RESIDUAL_ASSESSMENT)


def _on_the_same_day(aim: Aim, total: int, residual: int) -> Iterator[FinanceRecord]:
    dates = {f.AFinDate for f in records(aim, PRICE, residual) if is_present(f.AFinDate)}
    return (f for f in records(aim, PRICE, total) if is_present(f.AFinDate) and f.AFinDate in dates)


@rule("AFinDate_09")
def record_more_than_a_year_before_the_start(record: FinanceRecord, check: Check) -> bool:
    aim = record.aim
    if aim.AimType != PROGRAMME_AIM or not is_apprenticeship(aim, check.year):
        return False
    earliest = months_after(aim.LearnStartDate, -12)
    return earliest is not None and record.AFinDate < earliest


@rule("AFinDate_12")
def record_more_than_two_years_after_the_end(record: FinanceRecord, check: Check) -> bool:
    aim = record.aim
    if aim.AimType != PROGRAMME_AIM or not is_apprenticeship(aim, check.year):
        return False
    latest = months_after(aim.LearnActEndDate, 24)
    return latest is not None and record.AFinDate > latest


@rule("AFinDate_13")
def price_after_achievement_or_withdrawal(record: FinanceRecord) -> bool:
    aim = record.aim
    if record.AFinType != PRICE or aim.ProgType != APPRENTICESHIP_STANDARD:
        return False
    if is_present(aim.AchDate):
        return record.AFinDate > aim.AchDate
    return is_present(aim.WithdrawReason) and record.AFinDate > aim.LearnActEndDate


@rule("AFinType_01")
def trailblazer_has_no_training_price(aim: Aim) -> bool:
    return is_trailblazer_programme(aim) and not records(aim, PRICE, TRAINING)


@rule("AFinType_02")
def type_and_code_do_not_go_together(record: FinanceRecord, check: Check) -> bool | Doubt:
    return is_present(record.AFinCode) and is_unlisted_type(
        record.AFinType, record.AFinCode, check.specification.field("AppFinRecord", "AFinType")
    )


@rule("AFinType_04")
def record_on_an_aim_that_may_not_have_one(aim: Aim) -> bool:
    return bool(aim.finance_records) and not (
        is_funded_apprenticeship_programme(aim) or is_trailblazer_programme(aim)
    )


@rule("AFinType_07")
def assessment_payment_without_a_price(aim: Aim) -> bool:
    return (
        is_standard_programme(aim)
        and bool(records(aim, PAYMENT, ASSESSMENT))
        and not records(aim, PRICE, ASSESSMENT, RESIDUAL_ASSESSMENT)
    )


@rule("AFinType_08")
def residual_price_on_another_funding_model(record: FinanceRecord) -> bool:
    return (
        record.AFinType == PRICE
        and record.AFinCode in (RESIDUAL_TRAINING, RESIDUAL_ASSESSMENT)
        and record.aim.FundModel != APPRENTICESHIPS
    )


@rule("AFinType_10")
def standard_has_no_assessment_price(aim: Aim) -> bool:
    return (
        is_standard_programme(aim)
        and aim.FundModel != NOT_FUNDED
        and not records(aim, PRICE, ASSESSMENT, RESIDUAL_ASSESSMENT)
    )


@rule("AFinType_11")
def assessment_record_on_a_framework(record: FinanceRecord) -> bool:
    return (
        record.AFinCode in (ASSESSMENT, RESIDUAL_ASSESSMENT)
        and record.aim.FundModel == APPRENTICESHIPS
        and record.aim.ProgType != APPRENTICESHIP_STANDARD
    )


@rule("AFinType_12")
def apprenticeship_has_no_price(aim: Aim) -> bool:
    return is_funded_apprenticeship_programme(aim) and not records(aim, PRICE)


@rule("AFinType_13")
def no_price_from_the_first_day(aim: Aim) -> bool:
    return is_funded_apprenticeship_programme(aim) and not any(
        f.AFinDate == aim.LearnStartDate for f in records(aim, PRICE)
    )


@rule("AFinType_14")
def training_payment_without_a_price(aim: Aim) -> bool:
    return (
        aim.AimType == PROGRAMME_AIM
        and bool(records(aim, PAYMENT, TRAINING))
        and not records(aim, PRICE, TRAINING, RESIDUAL_TRAINING)
    )


@rule("AFinType_15")
def reduction_is_too_large(record: FinanceRecord, check: Check) -> bool:
    return is_reduction(record) and record.AFinAmount > check.parameter("most")


@rule("AFinType_16")
def reduction_is_too_small(record: FinanceRecord, check: Check) -> bool:
    return is_reduction(record) and record.AFinAmount < check.parameter("least")


def is_reduction(record: FinanceRecord) -> bool:
    return record.AFinType == REDUCTION and record.AFinCode == PRIOR_LEARNING
