"""Whether the provider has a contract for an aim, by provider.yaml.

A contract is known by its funding stream code; which codes a rule accepts is in its row. In
years before 2025-26 the codes were not read, so the rules are not run.
"""

from __future__ import annotations

from datetime import date

from bot.ilr.absent import CannotTell, is_present
from bot.ilr.record import Aim
from bot.rules.derived import is_devolved
from bot.rules.engine import Check, rule
from bot.rules.lars_vocabulary import own_provider
from bot.rules.reference.provider import Contract
from bot.rules.vocabulary import (
    ADULT_SKILLS,
    ADULT_SKILLS_FUND,
    APPRENTICESHIP_REFORM,
    APPRENTICESHIPS,
    AUGUST_2023,
    NOT_FUNDED,
    PROGRAMME_AIM,
    SKILLS_BOOTCAMP,
    is_apprenticeship,
    is_funded_apprenticeship_programme,
    is_in_custody,
    is_monitored,
    is_restart,
)

SINCE = "2025-26"
THROUGH_THE_SERVICE, BY_CONTRACT = "1", "2"
"""Apprenticeship contract types (ACT)."""
PROCURED_2017, PROCURED_2021, PROCURED_2023 = "357", "379", "388"
NOT_PROCURED = "358"
"""Monitoring codes (LDM) of procurements."""


def ended_before_this_year(aim: Aim, check: Check) -> bool:
    """Whether the aim ended before the teaching year."""
    return aim.LearnActEndDate < date(check.year.first, 8, 1)


def contracts(aim: Aim, check: Check) -> list[Contract]:
    """The provider's contracts of the streams that the running rule names."""
    return own_provider(aim, check).holds(check.parameter("stream_codes"))


def lacks_contract(aim: Aim, check: Check) -> bool:
    """Whether the provider has no contract for an aim that was under way this year."""
    return not ended_before_this_year(aim, check) and not contracts(aim, check)


def starts_after_stop(aim: Aim, check: Check) -> bool:
    """Whether it starts when the contract that began last takes no new starts. No restart."""
    if is_restart(aim) or not is_present(aim.LearnStartDate):
        return False
    newest = max(contracts(aim, check), key=lambda one: one.start or date.min, default=None)
    stop = newest.stop_new_starts if newest else None
    return stop is not None and aim.LearnStartDate >= stop


def is_paid_by_department(aim: Aim, *models: int) -> bool:
    """Whether the aim is on one of these models with SOF 105."""
    return aim.FundModel in models and aim.has_fam("SOF", "105")


@rule("UKPRN_06", since=SINCE)
def adult_skills_without_a_contract(aim: Aim, check: Check) -> bool:
    return (
        aim.FundModel == ADULT_SKILLS
        and not is_apprenticeship(aim, check.year)
        and not is_monitored(aim, (PROCURED_2017, "377", PROCURED_2021, PROCURED_2023))
        and not is_in_custody(aim)
        and not is_devolved(aim, check.year)
        and lacks_contract(aim, check)
    )


@rule("UKPRN_08", since=SINCE)
def loans_bursary_without_a_contract(aim: Aim, check: Check) -> bool:
    return aim.has_fam("ALB") and lacks_contract(aim, check)


@rule("LearnDelFAMType_53", since=SINCE)
def bursary_rate_without_a_contract(aim: Aim, check: Check) -> bool:
    return aim.has_fam("ALB", "1", "3") and not contracts(aim, check)


@rule("UKPRN_09", since=SINCE)
def older_apprenticeship_without_a_contract(aim: Aim, check: Check) -> bool:
    return (
        is_apprenticeship(aim, check.year)
        and aim.FundModel not in (APPRENTICESHIPS, NOT_FUNDED)
        and not is_in_custody(aim)
        and not is_monitored(aim, ("353", "355"))
        and lacks_contract(aim, check)
    )


@rule("UKPRN_10", since=SINCE)
def service_apprenticeship_without_an_agreement(aim: Aim, check: Check) -> bool:
    return (
        aim.FundModel == APPRENTICESHIPS
        and aim.LearnStartDate >= APPRENTICESHIP_REFORM
        and aim.has_fam("ACT", THROUGH_THE_SERVICE)
        and lacks_contract(aim, check)
    )


@rule("UKPRN_11", since=SINCE)
def apprenticeship_without_a_contract(aim: Aim, check: Check) -> bool:
    return (
        aim.FundModel == APPRENTICESHIPS
        and aim.LearnStartDate >= APPRENTICESHIP_REFORM
        and aim.has_fam("ACT", BY_CONTRACT)
        and lacks_contract(aim, check)
    )


@rule("UKPRN_12", since=SINCE)
def procured_2017_without_a_contract(aim: Aim, check: Check) -> bool:
    return (
        aim.LearnStartDate >= date(2017, 11, 1)
        and aim.has_fam("LDM", PROCURED_2017)
        and lacks_contract(aim, check)
    )


@rule("UKPRN_13", since=SINCE)
def procured_apprenticeship_without_a_contract(aim: Aim, check: Check) -> bool:
    return (
        aim.AimType == PROGRAMME_AIM
        and aim.LearnStartDate >= date(2018, 1, 1)
        and aim.has_fam("ACT", BY_CONTRACT)
        and not aim.has_fam("LDM", NOT_PROCURED)
        and not aim.has_fam("RES", "1")
        and lacks_contract(aim, check)
    )


@rule("UKPRN_14", since=SINCE)
def unprocured_apprenticeship_without_a_contract(aim: Aim, check: Check) -> bool:
    return (
        aim.has_fam("LDM", NOT_PROCURED)
        and aim.has_fam("ACT", BY_CONTRACT)
        and lacks_contract(aim, check)
    )


@rule("UKPRN_15", since=SINCE)
def unprocured_apprenticeship_with_a_procured_contract(aim: Aim, check: Check) -> bool:
    return (
        aim.has_fam("LDM", NOT_PROCURED)
        and aim.has_fam("ACT", BY_CONTRACT)
        and not ended_before_this_year(aim, check)
        and bool(contracts(aim, check))
    )


@rule("UKPRN_23", since=SINCE)
def procured_2021_without_a_contract(aim: Aim, check: Check) -> bool:
    return (
        aim.LearnStartDate >= date(2021, 8, 1)
        and is_paid_by_department(aim, ADULT_SKILLS)
        and aim.has_fam("LDM", PROCURED_2021)
        and lacks_contract(aim, check)
    )


@rule("UKPRN_27", since=SINCE)
def procured_2023_without_a_contract(aim: Aim, check: Check) -> bool:
    return (
        aim.LearnStartDate >= AUGUST_2023
        and is_paid_by_department(aim, ADULT_SKILLS, ADULT_SKILLS_FUND)
        and aim.has_fam("LDM", PROCURED_2023)
        and lacks_contract(aim, check)
    )


@rule("UKPRN_29", since=SINCE)
def adult_skills_fund_without_a_contract(aim: Aim, check: Check) -> bool:
    return (
        aim.FundModel == ADULT_SKILLS_FUND
        and not aim.has_fam("LDM", PROCURED_2023)
        and not is_devolved(aim, check.year)
        and lacks_contract(aim, check)
    )


# New starts that were stopped


@rule("UKPRN_16", since=SINCE)
def apprenticeship_after_stop(aim: Aim, check: Check) -> bool:
    return (
        is_funded_apprenticeship_programme(aim)
        and aim.has_fam("ACT", BY_CONTRACT)
        and starts_after_stop(aim, check)
    )


@rule("UKPRN_18", since=SINCE)
def adult_skills_after_stop(aim: Aim, check: Check) -> bool:
    return (
        is_paid_by_department(aim, ADULT_SKILLS)
        and not aim.has_fam("LDM", PROCURED_2017)
        and starts_after_stop(aim, check)
    )


@rule("UKPRN_19", since=SINCE)
def procured_2017_after_stop(aim: Aim, check: Check) -> bool:
    return (
        is_paid_by_department(aim, ADULT_SKILLS)
        and aim.has_fam("LDM", PROCURED_2017)
        and starts_after_stop(aim, check)
    )


@rule("UKPRN_21", since=SINCE)
def service_apprenticeship_after_stop(aim: Aim, check: Check) -> bool:
    return (
        is_funded_apprenticeship_programme(aim)
        and aim.has_fam("ACT", THROUGH_THE_SERVICE)
        and starts_after_stop(aim, check)
    )


@rule("UKPRN_24", since=SINCE)
def procured_2021_after_stop(aim: Aim, check: Check) -> bool:
    return (
        is_paid_by_department(aim, ADULT_SKILLS)
        and aim.has_fam("LDM", PROCURED_2021)
        and starts_after_stop(aim, check)
    )


@rule("UKPRN_28", since=SINCE)
def procured_2023_after_stop(aim: Aim, check: Check) -> bool:
    return (
        is_paid_by_department(aim, ADULT_SKILLS, ADULT_SKILLS_FUND)
        and aim.has_fam("LDM", PROCURED_2023)
        and starts_after_stop(aim, check)
    )


@rule("UKPRN_30", since=SINCE)
def adult_skills_fund_after_stop(aim: Aim, check: Check) -> bool:
    return (
        is_paid_by_department(aim, ADULT_SKILLS_FUND)
        and not aim.has_fam("LDM", PROCURED_2023)
        and starts_after_stop(aim, check)
    )


# Skills Bootcamps


@rule("UKPRN_26", since=SINCE)
def bootcamp_contract_is_not_held(aim: Aim, check: Check) -> bool:
    number = aim.ConRefNumber
    if aim.ProgType != SKILLS_BOOTCAMP or not is_present(number):
        return False
    provider = own_provider(aim, check)
    listed = {one.upper() for one in provider.bootcamp_contracts}
    allocations = {one.number.upper() for one in provider.contracts or () if one.number}
    return number.upper() not in listed and _before_second_hyphen(number) not in allocations


def _before_second_hyphen(number: str) -> str:
    return "-".join(number.upper().split("-")[:2])


@rule("LearnStartDate_20", since=SINCE)
def bootcamp_starts_before_its_contract(aim: Aim, check: Check) -> bool:
    number = aim.ConRefNumber
    if aim.ProgType != SKILLS_BOOTCAMP or aim.AimType != PROGRAMME_AIM or not is_present(number):
        return False
    held = [
        one
        for one in own_provider(aim, check).contracts or ()
        if one.number and number.upper().startswith(one.number.upper())
    ]
    if held and all(one.start is None for one in held):
        raise CannotTell("provider.yaml does not say when the contract starts")
    return any(one.start is not None and aim.LearnStartDate < one.start for one in held)
