"""The model of the kinds of line, trained once: these tests build many matchers, and it takes
seconds each time. test_kinds.py is about the model itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from bot.matching.kinds import KindModel, scope_of, train_with_held_out
from tests.matching.knowledge import KNOWLEDGE

Trained = tuple[KindModel, list[float], list[float]]
PHRASINGS = [phrasing for each in KNOWLEDGE for phrasing in each.phrasings]


@pytest.fixture(scope="session")
def trained() -> Trained:
    """On the invented knowledge."""
    return train_with_held_out(PHRASINGS)


@pytest.fixture(scope="module", autouse=True)
def _trained_once(trained: Trained) -> Iterator[None]:
    """Other small knowledge is judged by the same model.

    Not so the shipped knowledge: its model would be kept in the cache that all tests share.
    """
    model, scopes, near = trained
    known = dict(zip(PHRASINGS, scopes, strict=True))

    def from_memory(others: Sequence[str]) -> Trained:
        if len(others) > 10 * len(PHRASINGS):
            return train_with_held_out(others)
        judged = [known.get(one) or scope_of(model.judge(one)) for one in others]
        return model, judged, near

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.matching.core.train_with_held_out", from_memory)
        yield
