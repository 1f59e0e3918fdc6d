"""A rule found by the words of its published message, of which only hashes are kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.explain import messages
from bot.explain.messages import rules_by_message, write_prints

PUBLISHED = """\
Name,ErrorMessage
Wheel_01,The wheel must not be returned before the barrow has been painted
Wheel_02,The wheel must not be returned after the barrow has been sold
Spoke_01,Every spoke needs a hub that is recorded on the same barrow
Spoke_03,Every spoke needs a hub that is recorded on the same barrow
Hub_01,No hub
"""


@pytest.fixture(autouse=True)
def prints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Invented rules' messages instead of the published ones."""
    published, to = tmp_path / "rules.csv", tmp_path / "prints.json"
    published.write_text(PUBLISHED, encoding="utf-8")
    assert write_prints(published, to) == 4, "a message of two words is too common"
    kept = {rule: frozenset(pairs) for rule, pairs in json.loads(to.read_text()).items()}
    monkeypatch.setattr(messages, "_prints", lambda: kept)
    _forget()
    yield to
    _forget()


def _forget() -> None:
    messages._rules_with.cache_clear()
    messages._whole.cache_clear()


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("The wheel must not be returned before the barrow has been painted", ["Wheel_01"]),
        ("says THE WHEEL MUST NOT BE RETURNED AFTER THE BARROW HAS BEEN SOLD!!", ["Wheel_02"]),
        ("Every spoke needs a hub that is recorded on the same barrow", ["Spoke_01", "Spoke_03"]),
        ("The wheel must not be returned", []),
        ("the barrow has been sold and every spoke with it", []),
        ("No hub", []),
        ("", []),
    ],
)  # fmt: skip
def test_a_rule_is_known_by_its_message(text: str, rules: list[str]) -> None:
    assert rules_by_message(text) == rules


def test_of_a_message_only_hashes_are_kept(prints: Path) -> None:
    written = prints.read_text(encoding="utf-8")
    assert "barrow" not in written
    assert all(isinstance(pair, int) for pairs in json.loads(written).values() for pair in pairs)
