"""Sentences about rules, fields and codes, part by part."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from bot.explain.wording import (
    MAX_CODES,
    MAX_SHOWN_CODES,
    _codes_in_parts,
    _figures,
    _form,
    _severities,
    _status_for,
    _years_phrase,
)
from bot.ilr.specification import Code
from bot.rules.catalogue import Severity
from bot.years import AcademicYear, YearRange

YEAR = AcademicYear(2026)


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ({"type": "date"}, "a date (YYYY-MM-DD in the file)"),
        ({"type": "datetime"}, "a date (YYYY-MM-DD in the file)"),
        ({"type": "int", "min_value": 0, "max_value": 9999}, "a whole number from 0 to 9,999"),
        ({"type": "int", "max_value": 9999, "max_digits": 4}, "a whole number of up to 4 digits"),
        ({"type": "int", "max_digits": 1}, "a whole number of one digit"),
        ({"type": "int", "max_digits": 2}, "a whole number of up to 2 digits"),
        ({"type": "int"}, "a whole number"),
        ({"type": "decimal", "max_value": Decimal(1)}, "a number with decimals"),
        ({"type": "str", "max_length": 8, "min_length": 8}, "text of exactly 8 characters"),
        ({"type": "str", "max_length": 8, "min_length": 1}, "text of up to 8 characters"),
        ({"type": "str"}, "text"),
    ],
)
def test_the_form_of_a_field_is_said(limits: dict[str, Any], said: str) -> None:
    blank = dict.fromkeys(("min_value", "max_value", "max_digits", "min_length", "max_length"))
    assert _form(SimpleNamespace(**blank | limits)) == said  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("number", "shown", "more"),
    [
        (0, 0, 0),
        (1, 2, 0),
        (MAX_SHOWN_CODES, MAX_SHOWN_CODES + 1, 0),
        (MAX_SHOWN_CODES + 1, MAX_SHOWN_CODES + 2, 1),
        (MAX_CODES, MAX_SHOWN_CODES + 2, MAX_CODES - MAX_SHOWN_CODES),
        (MAX_CODES + 1, MAX_SHOWN_CODES + 2, MAX_CODES - MAX_SHOWN_CODES + 1),
    ],
)
def test_a_long_list_of_codes_is_shown_in_parts(number: int, shown: int, more: int) -> None:
    codes = [Code(code=str(n), title=f"Title {n}") for n in range(number)]
    first, rest = _codes_in_parts("*Codes:*", codes, complete=True)
    assert (len(first), len(rest)) == (shown, more)
    if number > MAX_SHOWN_CODES:
        assert first[-1] == f"- and {number - MAX_SHOWN_CODES} more"
    if number > MAX_CODES:
        assert rest[-1] == f"- and {number - MAX_CODES} more"
    doubted = _codes_in_parts("*Codes:*", codes, complete=False)
    incomplete = ["This list is not known to be complete."]
    assert doubted == ((first, [*rest, *incomplete]) if codes else ([], []))


def test_a_code_says_until_when_and_how_sure() -> None:
    ended = Code(code="1", title="One", last=date(2022, 7, 31), verified=False)
    (_, told), _ = _codes_in_parts("*Codes:*", [ended], complete=True)
    assert told == "- `1` One (to 31/07/2022) (not verified)"


@pytest.mark.parametrize(
    ("submit", "fis", "said"),
    [
        (Severity.ERROR, Severity.ERROR, "error in Submit learner data and in FIS"),
        (Severity.ERROR, Severity.OFF, "error in Submit learner data, not run in FIS"),
        (Severity.OFF, Severity.ERROR, "not run in Submit learner data, error in FIS"),
        (Severity.CHECK, Severity.CHECK, "reported here as something to check"),
    ],
)
def test_how_severe_a_rule_is_where(submit: Severity, fis: Severity, said: str) -> None:
    assert _severities(submit, fis).startswith(said)


@pytest.mark.parametrize(
    ("keys", "verified", "status"),
    [
        ([], True, "unverified"),
        (["spec-2026-27"], False, "unverified"),
        (["spec-2026-27"], True, "official"),
        (["page", "ilr-schema-2026-27"], True, "official"),
        (["spec-2025-26"], True, "official-older"),
        (["page-2026-27"], True, "official-older"),
    ],
)
def test_a_row_is_worth_what_its_sources_are(keys: list[str], verified: bool, status: str) -> None:
    assert _status_for(keys, YEAR, verified) == status


def test_years_are_said_with_an_end_only_when_there_is_one() -> None:
    assert _years_phrase(YearRange(YEAR, None)) == "it is held from 2026-27"
    assert _years_phrase(YearRange(YEAR - 2, YEAR)) == "it is held for 2024-25 to 2026-27"
    assert _figures("2019 to 2024-25") == [2019, 2024]
