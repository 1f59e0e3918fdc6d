"""Addresses that last, and what Slack links to."""

from __future__ import annotations

import pytest

from bot.site.addresses import address, address_of

SITE = "https://ilr.example.ac.uk/help/"


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("why-r04-matters", "entry/why-r04-matters/"),
        ("rule:R_96", "rule/R_96/"),
        ("field:LearnStartDate", "field/LearnStartDate/"),
        ("code:LDM-034", "codes/LDM/"),
        ("date:R04-2026-27", "returns/2026-27/"),
        ("date:qualifying-period", None),
        ("datalock:DLOCK_01", None),
    ],
)
def test_each_answer_leads_to_its_page(shown: str, expected: str | None) -> None:
    found = address_of(SITE, shown)
    assert found == (f"https://ilr.example.ac.uk/help/{expected}" if expected else None)


def test_without_a_site_there_is_no_link() -> None:
    assert address_of("", "why-r04-matters") is None


def test_signs_that_an_address_cannot_hold_are_left_out() -> None:
    assert address("term", "W/Ex & more") == "term/W-Ex-more/"
