"""The fuzz target for a bounded time: ten seconds, or as many as ILR_FUZZ_SECONDS says.

Each run begins elsewhere, by the day, so that in time much is seen; a failure names its seed,
and stays below as a case of its own once it is mended.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest

from tests.ilr.readers.fuzz import case, fuzz, look_at

SECONDS = float(os.environ.get("ILR_FUZZ_SECONDS", "10"))


@pytest.mark.long
def test_mangled_pastes_keep_what_is_promised() -> None:
    first = datetime.now(UTC).date().toordinal() * 100_000
    tally = fuzz(SECONDS, first)
    assert tally.cases > 0
    assert len(tally.kinds) > 1


@pytest.mark.parametrize("seed", range(40))
def test_the_first_cases(seed: int) -> None:
    look_at(case(seed), redacted=True)
