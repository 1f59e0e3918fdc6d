"""The catalogue: a rule is found by its id as people write it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bot.rules.catalogue import load_catalogue

CATALOGUE = load_catalogue(Path(__file__).parents[2] / "knowledge" / "rules")


@pytest.mark.parametrize("name", ["R_104", "R104", "r104", "r_104", "R-104", "R 104"])
def test_a_cross_record_rule_is_found_with_and_without_its_underscore(name: str) -> None:
    found = CATALOGUE.find(name)
    assert found is not None
    assert found.id == "R_104"


def test_every_rule_is_found_by_its_id_without_underscores() -> None:
    for rule_id in CATALOGUE.rows:
        found = CATALOGUE.find(rule_id.replace("_", "").lower())
        assert found is not None
        assert found.id == rule_id


def test_no_two_rules_are_called_the_same() -> None:
    names = Counter(
        name
        for row in CATALOGUE.rows.values()
        for name in {n.replace("_", "").lower() for n in (row.id, *row.also_called)}
    )
    assert [name for name, count in names.items() if count > 1] == []
