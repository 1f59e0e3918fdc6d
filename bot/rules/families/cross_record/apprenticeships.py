"""Apprenticeships: contract types, learning support, prices."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from bot.ilr.absent import Date, Day, is_present
from bot.ilr.record import Aim, AimFAM, FinanceRecord, Learner
from bot.rules.engine import rule
from bot.rules.tracing import note
from bot.rules.vocabulary import (
    APPRENTICESHIP_STANDARD,
    APPRENTICESHIPS,
    AUGUST_2016,
    AUGUST_2022,
    COMPLETED,
    CONTINUING,
    EMPLOYED,
    NOT_FUNDED,
    ON_A_BREAK,
    PROGRAMME_AIM,
    WITHDRAWN,
    employment_on,
    is_closed,
    is_funded_standard,
    is_restart,
    of_type,
    overlapping,
)

FEBRUARY_2019 = date(2019, 2, 1)


def fam_period(fam: AimFAM) -> tuple[Date, Date]:
    return fam.LearnDelFAMDateFrom, fam.LearnDelFAMDateTo


@rule("R_61", until="2023-24")
def learning_support_overlaps(aim: Aim) -> Iterator[AimFAM]:
    return overlapping(aim.fams_of("LSF"), fam_period)


@rule("R_61", since="2024-25")
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


def contract_order(fam: AimFAM) -> tuple[Day, Day, str]:
    """By first day, then last day, open ones last, then code."""
    end = fam.LearnDelFAMDateTo
    last_day = end if is_present(end) else date.max
    return fam.LearnDelFAMDateFrom, last_day, str(fam.LearnDelFAMCode)


def latest_contract(aim: Aim) -> AimFAM | None:
    """The contract type (ACT) that applies from the latest day."""
    return max(dated_contracts(aim), key=contract_order, default=None)


def is_funded_framework(aim: Aim) -> bool:
    return aim.FundModel == APPRENTICESHIPS and aim.ProgType != APPRENTICESHIP_STANDARD


@rule("R_110", until="2023-24")
def employer_contract_while_not_employed(aim: Aim) -> Iterator[AimFAM]:
    return contracts_while_not_employed(aim)


@rule("R_110", since="2024-25")
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
    note("new start", min(new_starts))
    for aim in standards:
        if is_closed(aim) and aim.CompStatus in (WITHDRAWN, ON_A_BREAK):
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
