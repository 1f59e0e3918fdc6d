"""The first inputs of each target, as many as a change has time for; ``make fuzz`` takes others."""

from __future__ import annotations

import time

import pytest

from bot.helpdesk import Helpdesk
from tests.fuzz.targets import TARGETS

INPUTS = {"readers": 200, "checks": 60, "matcher": 25, "commands": 1000, "blocks": 25,
          "knowledge": 40}  # fmt: skip
LONGEST = 10.0
"""Seconds of the processor for one input, however busy the machine: nothing hangs."""


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_falls_over(name: str, helpdesk: Helpdesk) -> None:
    for number in range(INPUTS[name]):
        began = time.process_time()
        try:
            TARGETS[name](helpdesk, number)
        except Exception as error:
            raise AssertionError(
                f"input {number}: see python -m tests.fuzz {name} --only {number}"
            ) from error
        assert time.process_time() - began < LONGEST, f"input {number} took too long"
