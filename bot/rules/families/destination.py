"""Destination and progression records (to 2023-24): what learners went on to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from bot.ilr.absent import is_present
from bot.ilr.record import Destination, DPOutcome
from bot.rules.derived import uln_check_digit
from bot.rules.engine import Check, rule

EDUCATION = "EDU"
EMPLOYMENT = "EMP"
NOT_IN_EMPLOYMENT = "NPE"
ONCE_A_DAY = frozenset({EMPLOYMENT, "GAP", NOT_IN_EMPLOYMENT, "OTH", "SDE", "VOL"})
TYPES = ONCE_A_DAY | {EDUCATION}
MAX_YEARS_AGO = 10


@rule("OutULN_01")
def uln_fails_its_check_digit(destination: Destination) -> bool:
    if not is_present(destination.ULN):
        return False
    # DD15, which is DD01 for a destination record.
    expected = uln_check_digit(destination.ULN)
    return expected not in ("Y", str(destination.ULN)[-1:])


@rule("OutCollDate_01")
def collected_after_the_file_was_prepared(outcome: DPOutcome, check: Check) -> bool:
    return outcome.OutCollDate > check.on


@rule("OutCollDate_02")
def collected_over_ten_years_before_the_year(outcome: DPOutcome, check: Check) -> bool:
    return outcome.OutCollDate < _ten_years_before(check.year.start)


@rule("OutStartDate_01")
def starts_over_ten_years_before_the_year(outcome: DPOutcome, check: Check) -> bool:
    return outcome.OutStartDate < _ten_years_before(check.year.start)


@rule("OutStartDate_02")
def starts_over_a_year_after_the_year(outcome: DPOutcome, check: Check) -> bool:
    last = check.year.end
    return outcome.OutStartDate > last.replace(year=last.year + 1)


@rule("OutEndDate_01")
def ends_before_it_starts(outcome: DPOutcome) -> bool:
    return outcome.OutStartDate > outcome.OutEndDate


@rule("OutType_02", on_part=True)
def same_type_twice_on_one_day(destination: Destination) -> Iterator[DPOutcome]:
    yield from _beyond(destination, ONCE_A_DAY, 1)


@rule("OutType_03", on_part=True)
def over_two_kinds_of_education_on_one_day(destination: Destination) -> Iterator[DPOutcome]:
    yield from _beyond(destination, frozenset({EDUCATION}), 2)


@rule("OutType_04", on_part=True)
def employed_and_not_employed_on_one_day(destination: Destination) -> Iterator[DPOutcome]:
    employed_from = {o.OutStartDate for o in destination.outcomes if o.OutType == EMPLOYMENT}
    for outcome in destination.outcomes:
        start = outcome.OutStartDate
        if outcome.OutType == NOT_IN_EMPLOYMENT and is_present(start) and start in employed_from:
            yield outcome


@rule("OutType_05")
def code_was_not_open_on_that_day(outcome: DPOutcome, check: Check) -> bool:
    kind, start = outcome.OutType, outcome.OutStartDate
    if kind not in TYPES or not is_present(start) or not is_present(outcome.OutCode):
        return False
    return str(outcome.OutCode) not in check.specification.type_codes("DPOutcome", kind, start)


def _ten_years_before(day: date) -> date:
    return day.replace(year=day.year - MAX_YEARS_AGO)


def _beyond(destination: Destination, kinds: frozenset[str], most: int) -> Iterator[DPOutcome]:
    """Outcomes of these types past the ``most`` that may start on one day."""
    seen: Counter[tuple[str, date]] = Counter()
    for outcome in destination.outcomes:
        if outcome.OutType in kinds and is_present(outcome.OutStartDate):
            seen[outcome.OutType, outcome.OutStartDate] += 1
            if seen[outcome.OutType, outcome.OutStartDate] > most:
                yield outcome
