"""Fixtures that many tests use: the shipped knowledge, and a fixed day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bot.guidance.base import KnowledgeBase
from bot.helpdesk import Helpdesk

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Derived data of a test run stays with it, shared by its workers."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if base.name.startswith("popen-") else base
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ILR_CACHE_DIR", str(shared / "cache"))
        yield


@pytest.fixture(scope="session")
def helpdesk(_own_cache: None) -> Helpdesk:
    """The helpdesk over the shipped knowledge, on 24 November 2026."""
    import os

    cache = Path(os.environ["ILR_CACHE_DIR"])
    return Helpdesk(KnowledgeBase.load(), today=lambda: TODAY, cache=cache)
