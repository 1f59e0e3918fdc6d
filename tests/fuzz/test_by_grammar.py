"""A few inputs of each grammar, the same in every run: ``make fuzz`` takes others."""

from __future__ import annotations

import pytest

from bot.helpdesk import Helpdesk
from tests.fuzz.by_grammar import GRAMMARS, examples
from tests.fuzz.targets import SEED

FEW = 25


@pytest.mark.parametrize("name", GRAMMARS)
def test_nothing_falls_over(name: str, helpdesk: Helpdesk) -> None:
    examples(name, helpdesk, SEED, FEW)
