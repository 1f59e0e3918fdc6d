"""Fixtures that many tests use: the shipped knowledge, and a fixed day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import settings

from bot.helpdesk import Helpdesk
from bot.knowledge.base import KnowledgeBase
from bot.matching import find_encoder

TODAY = date(2026, 11, 24)

settings.register_profile("suite", derandomize=True, deadline=None)
"""The same examples in every run, and none that fails by the clock; ``make fuzz`` takes others."""
settings.load_profile("suite")


CACHE = Path(__file__).parents[1] / ".cache"
"""Vectors and calibrations by content, made once by ``make test`` and kept between runs."""


@pytest.fixture(scope="session", autouse=True)
def _own_cache() -> Iterator[None]:
    """Derived data of tests stays in the checkout, shared by their workers."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ILR_CACHE_DIR", str(CACHE))
        yield


@pytest.fixture(scope="session")
def helpdesk(_own_cache: None) -> Helpdesk:
    """The helpdesk as it is installed, over the shipped knowledge, on 24 November 2026."""
    return Helpdesk(
        KnowledgeBase.load(),
        today=lambda: TODAY,
        cache=CACHE,
        encoder=find_encoder(),
        ready="now",
    )
