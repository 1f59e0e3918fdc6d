"""The model of the kinds of line, trained once: these tests build many matchers, and it takes
seconds each time. test_kinds.py is about the model itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from bot.matching.kinds import KindModel, scope_of, train_with_held_out
from tests.matching.knowledge import KNOWLEDGE

Trained = tuple[KindModel, list[float], list[float]]


@pytest.fixture(scope="session", autouse=True)
def trained() -> Iterator[Trained]:
    """On the invented knowledge; other knowledge is judged by the same model."""
    phrasings = [phrasing for each in KNOWLEDGE for phrasing in each.phrasings]
    model, scopes, near = train_with_held_out(phrasings)
    known = dict(zip(phrasings, scopes, strict=True))

    def from_memory(others: Sequence[str]) -> Trained:
        judged = [known.get(one) or scope_of(model.judge(one)) for one in others]
        return model, judged, near

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.matching.core.train_with_held_out", from_memory)
        yield model, scopes, near
