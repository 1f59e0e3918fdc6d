"""The encoder with several texts at once: each has the vector that it has alone."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.matching import find_encoder
from bot.matching.encoder import SemanticUnavailableError, _Jointly


def test_what_several_threads_want_at_once_goes_through_the_model_together() -> None:
    first_is_in, go_on = threading.Event(), threading.Event()
    batches: list[list[int]] = []

    def run(batch: Sequence[Sequence[int]]) -> Sequence[NDArray[np.float32]]:
        batches.append([len(ids) for ids in batch])
        first_is_in.set()
        go_on.wait(30)
        return [np.array([float(sum(ids))], dtype=np.float32) for ids in batch]

    jointly = _Jointly(run)
    with ThreadPoolExecutor(5) as pool:
        first = pool.submit(jointly.vector, [1])
        first_is_in.wait(30)
        wanted = {length: pool.submit(jointly.vector, [2] * length) for length in (10, 12, 14, 90)}
        while len(jointly._waiting) < len(wanted):
            time.sleep(0.001)
        go_on.set()
        assert float(first.result(30)[0]) == 1.0
        assert {n: float(one.result(30)[0]) for n, one in wanted.items()} == {
            n: 2.0 * n for n in wanted
        }
    assert batches[0] == [1]
    assert sorted(len(one) for one in batches[1:]) == [1, 3]  # the long one goes by itself
    assert not jointly._busy


def test_what_the_model_cannot_do_is_told_to_all_who_wait() -> None:
    def run(batch: Sequence[Sequence[int]]) -> Sequence[NDArray[np.float32]]:
        raise SemanticUnavailableError("no model")

    jointly = _Jointly(run)
    for _ in range(2):  # and to whoever comes afterwards
        with pytest.raises(SemanticUnavailableError):
            jointly.vector([1, 2])


def test_a_vector_is_the_same_whatever_goes_with_it() -> None:
    encoder = find_encoder()
    if encoder is None:
        pytest.skip("the semantic model is not installed")
    texts = ["one aim or three?", "R_96", "we have a learner with three placements " * 4]
    assert np.array_equal(encoder.encode(texts), [encoder.encode([one])[0] for one in texts])
