"""Fixtures that many tests use: the shipped knowledge, and a fixed day."""

from __future__ import annotations

import gc
import os
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import settings

from bot.helpdesk import Helpdesk
from bot.knowledge.base import KnowledgeBase
from bot.matching import find_encoder
from bot.matching.cache import Cache
from bot.yaml_files import prepared_folder
from tests.support.ledgers import with_tables

TODAY = date(2026, 11, 24)

settings.register_profile("suite", derandomize=True, deadline=None)
"""The same examples in every run, and none that fails by the clock; ``make fuzz`` takes others."""
settings.load_profile("suite")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: a sixth of the time goes to waiting for sockets and processes.

    ``-n`` and PYTEST_XDIST_AUTO_NUM_WORKERS say otherwise."""
    wanted = os.environ.get("PYTEST_XDIST_AUTO_NUM_WORKERS")
    return int(wanted) if wanted else (os.cpu_count() or 1) + 1


CACHE = Path(__file__).parents[1] / ".cache"
"""Vectors and calibrations by content, made once by ``make test`` and kept between runs."""


@pytest.fixture(scope="session", autouse=True)
def _own_cache() -> Iterator[None]:
    """Derived data of tests stays in the checkout, shared by their workers.

    It begins as what the set-up prepared: made again by each worker, it would take minutes.
    """
    CACHE.mkdir(exist_ok=True)
    cache = Cache(CACHE)
    for file in prepared_folder().glob("*-*"):
        if not (CACHE / file.name).exists():
            cache.write(*file.name.split("-", 1), file.read_bytes())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ILR_CACHE_DIR", str(CACHE))
        yield


OF_THE_PROCESS = ("check_", "semantic", "asyncio_", "tokio", "pydevd")
"""How threads are named that a module may leave: pools that a process has once."""
SECONDS_TO_END = 30.0
COLLECTED = (20_000, 20, 50)
"""The tests keep the knowledge in memory: looking through it for what can be freed takes long."""
gc.set_threshold(*COLLECTED)


@pytest.fixture(autouse=True)
def _memory_is_freed() -> Iterator[None]:
    """A command or a server that runs here tells the process to free little."""
    yield
    gc.unfreeze()
    gc.set_threshold(*COLLECTED)


@pytest.fixture(scope="module", autouse=True)
def _nothing_left_running() -> Iterator[None]:
    """What a test starts it stops: a thousand servers left running use up a process."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + SECONDS_TO_END
    for thread in set(threading.enumerate()) - before:
        if not thread.name.startswith(OF_THE_PROCESS):
            thread.join(max(0.0, deadline - time.monotonic()))
            assert not thread.is_alive(), f"{thread.name} was started by a test and left running"


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


@pytest.fixture(scope="session")
def ledger_with_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty ledger's file, to be copied."""
    return with_tables(tmp_path_factory.mktemp("ledger"))
