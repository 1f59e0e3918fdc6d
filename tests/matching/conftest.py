"""The model of the kinds of line, trained once: these tests build many matchers, and it takes
seconds each time. test_kinds.py is about the model itself."""

from __future__ import annotations

import hashlib
import inspect
import pickle
from collections.abc import Iterator, Sequence

import pytest

from bot.matching import kinds, text
from bot.matching.kinds import KINDS, KindModel, bank, scope_of, train_with_held_out
from tests.conftest import CACHE
from tests.matching.knowledge import KNOWLEDGE
from tests.support.once import one_at_a_time

Trained = tuple[KindModel, list[float], list[float]]
PHRASINGS = [phrasing for each in KNOWLEDGE for phrasing in each.phrasings]


@pytest.fixture(scope="session")
def trained() -> Trained:
    """On the invented knowledge; by the first worker that wants it, for all, until what it is made
    of changes."""
    code = map(inspect.getsource, (kinds, text))
    made_of = "\0".join((*code, *PHRASINGS, *(line for kind in KINDS for line in bank(kind))))
    kept = CACHE / f"of-tests-{hashlib.sha256(made_of.encode()).hexdigest()[:16]}"
    with one_at_a_time(kept):
        if not kept.exists():
            model, *judged = train_with_held_out(PHRASINGS)
            kept.write_bytes(pickle.dumps((model.to_bytes(), *judged)))
    data, scopes, near = pickle.loads(kept.read_bytes())  # noqa: S301 - written above
    made = KindModel.from_bytes(data)
    assert made is not None
    return made, scopes, near


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
