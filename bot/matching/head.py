"""A trained head: what tells neighbouring entries apart, by meaning and by words together.

Softmax regression on each phrasing's vector and its words at once. The words' many features are
thrown together into a thousand columns, a few signed ones each by a hash of the name, which keeps
how alike two texts are within some hundredths and needs no list of names. Every step divides by
a fixed bound on the curvature (Boehning 1992), so that some twenty steps do whatever the vectors
look like. numpy is imported when first used: the core does without.
"""

from __future__ import annotations

import io
import math
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]
    Numbers = NDArray[np.int64]

__all__ = ["Head", "Trainer", "columns_of_words"]

WORDS_SHARE = 0.6
"""Of the words' likeness beside the meaning's."""
COLUMNS = 1_024
_COLUMNS_EACH = 8
_ODD = 0x9E3779B97F4A7C15
"""Multiplying by it spreads numbers over 64 bits."""
_PENALTY = 0.02
_STEPS = 25
_MAX_WORK = 16_000_000
"""Phrasings times entries: some thirty seconds of training on two cores."""
_MIN_PHRASINGS = 5
_CHUNK = 2_048
"""Phrasings that are worked on at a time while training."""


def columns_of_words(words: Mapping[str, float]) -> Vectors:
    """A text's words as one vector: the dot product of two says how alike their words are."""
    import numpy as np

    if not words:
        return np.zeros(COLUMNS, dtype=np.float32)
    names = [name.encode() for name in words]
    one = np.array([zlib.crc32(name) for name in names], dtype=np.uint64)
    other = np.array([zlib.crc32(name, 1) | 1 for name in names], dtype=np.uint64)
    turns = np.arange(1, _COLUMNS_EACH + 1, dtype=np.uint64)
    spread: NDArray[np.uint64] = (one[:, None] + other[:, None] * turns) * np.uint64(_ODD)
    mixed: NDArray[np.uint64] = spread >> np.uint64(40)
    weights = np.fromiter(words.values(), dtype=np.float64, count=len(names))
    signs = np.where(mixed & np.uint64(1), 1.0, -1.0) * weights[:, None]
    places = ((mixed >> np.uint64(1)) % np.uint64(COLUMNS)).astype(np.int64)
    found = np.bincount(places.ravel(), weights=signs.ravel(), minlength=COLUMNS)
    scale = math.sqrt(WORDS_SHARE / _COLUMNS_EACH)
    return (scale * found).astype(np.float32)


@dataclass(frozen=True)
class Head:
    """Trained weights."""

    meaning: Vectors
    """Entries by the vectors' width."""
    words: Vectors
    """Entries by the words' columns."""

    def logits(self, vector: Vectors, words: Mapping[str, float]) -> Vectors:
        """One figure an entry, the higher the likelier."""
        logits: Vectors = self.meaning @ vector + self.words @ columns_of_words(words)
        return logits

    def to_bytes(self) -> bytes:
        """For a file."""
        import numpy as np

        file = io.BytesIO()
        np.savez(file, meaning=self.meaning, words=self.words)
        return file.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Head | None:
        """Back from ``to_bytes``; None when it is something else."""
        import numpy as np

        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as kept:
                return cls(kept["meaning"], kept["words"])
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return None


class Trainer:
    """Trains heads on a knowledge base's phrasings, on all of them or on some."""

    def __init__(
        self,
        vectors: Vectors,
        owner: Numbers,
        answers: Vectors,
        words: Sequence[Mapping[str, float]],
        go_on: Callable[[], None] = lambda: None,
    ) -> None:
        """``vectors``, ``owner`` and ``words``: of each phrasing; ``answers``: of each entry, zeros
        without one. An answer's vector is one more phrasing of its entry, without words.
        """
        import numpy as np

        self._go_on = go_on
        self._entries, self._width = answers.shape
        written = np.flatnonzero(np.abs(answers).max(axis=1) > 0)
        self._kept = _first_of_each(owner, self._entries)
        size = len(self._kept)
        self._rows = np.zeros((size + len(written), self._width + COLUMNS), dtype=np.float32)
        self._rows[:size, : self._width] = vectors[self._kept]
        self._rows[size:, : self._width] = answers[written]
        for number, row in enumerate(self._kept):
            go_on()
            self._rows[number, self._width :] = columns_of_words(words[row])
        self._owner = np.concatenate([owner[self._kept], written])
        self._place = {int(row): number for number, row in enumerate(self._kept)}

    @staticmethod
    def can_train(entries: int) -> bool:
        """Whether so many entries can be told apart in bounded time."""
        return entries > 1 and _trainable(entries) >= _MIN_PHRASINGS * entries

    @property
    def trained_on(self) -> int:
        """How many phrasings, answers left out of account."""
        return len(self._kept)

    def train(self) -> Head:
        """On everything."""
        import numpy as np

        weights = self._train(np.ones(len(self._rows), dtype=bool)).T
        return Head(
            np.ascontiguousarray(weights[:, : self._width]),
            np.ascontiguousarray(weights[:, self._width :]),
        )

    def train_without(self, left_out: NDArray[np.bool_]) -> Callable[[int], Vectors | None]:
        """On the phrasings that are not ``left_out``: gives the logits of any phrasing by its
        number, None for one that is never trained on."""
        import numpy as np

        learned = np.ones(len(self._rows), dtype=bool)
        learned[: len(self._kept)] = ~left_out[self._kept]
        weights = self._train(learned)

        def logits(phrasing: int) -> Vectors | None:
            place = self._place.get(phrasing)
            return None if place is None else self._rows[place] @ weights

        return logits

    def _train(self, learned: NDArray[np.bool_]) -> Vectors:
        """Columns by entries."""
        import numpy as np
        from scipy.linalg import cho_factor, cho_solve

        penalty = np.float32(_PENALTY)
        width = self._rows.shape[1]
        bound = np.zeros((width, width), dtype=np.float32)
        for rows, _ in self._chunks(learned):
            bound += rows.T @ rows / 2
        bound.flat[:: width + 1] += penalty
        factor = cho_factor(bound, overwrite_a=True, check_finite=False)
        weights = np.zeros((width, self._entries), dtype=np.float32)
        ahead, momentum = weights, 1.0
        for _ in range(_STEPS):
            towards = penalty * ahead
            for rows, owner in self._chunks(learned):
                self._go_on()
                chance = rows @ ahead
                chance -= chance.max(axis=1, keepdims=True)
                np.exp(chance, out=chance)
                chance /= chance.sum(axis=1, keepdims=True)
                chance[np.arange(len(owner)), owner] -= 1
                towards += rows.T @ chance
            after = ahead - cho_solve(factor, towards, overwrite_b=True, check_finite=False)
            next_momentum = (1 + math.sqrt(1 + 4 * momentum * momentum)) / 2
            ahead = after + np.float32((momentum - 1) / next_momentum) * (after - weights)
            weights, momentum = after, next_momentum
        return weights

    def _chunks(self, learned: NDArray[np.bool_]) -> Iterator[tuple[Vectors, Numbers]]:
        """The rows that are learned from and whose they are, some at a time: all of them once more,
        and their chances, would take 100 MB."""
        for start in range(0, len(self._rows), _CHUNK):
            chosen = learned[start : start + _CHUNK]
            rows = self._rows[start : start + _CHUNK]
            yield (
                rows if chosen.all() else rows[chosen],
                self._owner[start : start + _CHUNK][chosen],
            )


def _trainable(entries: int) -> int:
    """How many phrasings in all can be trained on in bounded time."""
    return _MAX_WORK // max(entries, 1)


def _first_of_each(owner: Numbers, entries: int) -> Numbers:
    """The numbers of each entry's first phrasings, as many as can be trained on."""
    import numpy as np

    allowed = _trainable(entries)
    if len(owner) <= allowed:
        return np.arange(len(owner))
    counts = np.bincount(owner, minlength=entries)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    most = int(np.max(counts))
    while most > 1 and np.minimum(counts, most).sum() > allowed:
        most -= 1
    return np.flatnonzero(place < most)
