"""The first inputs of each target, as many as a change has time for."""

from __future__ import annotations

import time

import pytest

from bot.helpdesk import Helpdesk
from tests.fuzz.targets import TARGETS

pytestmark = pytest.mark.long

INPUTS = {"readers": 1500, "checks": 400, "matcher": 400, "commands": 5000, "blocks": 400,
          "knowledge": 400}  # fmt: skip
SECONDS = 45.0
LONGEST = 10.0
"""Seconds for one input on a busy machine: nothing hangs."""


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_falls_over(name: str, helpdesk: Helpdesk) -> None:
    until = time.monotonic() + SECONDS
    for number in range(INPUTS[name]):
        began = time.monotonic()
        try:
            TARGETS[name](helpdesk, number)
        except Exception as error:
            raise AssertionError(
                f"input {number}: see python -m tests.fuzz {name} --only {number}"
            ) from error
        assert time.monotonic() - began < LONGEST, f"input {number} took too long"
        if time.monotonic() > until:
            assert number > 50
            return
