"""A trained head: what tells neighbouring entries apart, by meaning and by words together.

Softmax regression on each phrasing's vector and its words at once, in the dual: the phrasings'
likenesses to one another are one square matrix, and each phrasing gets a weight for each entry.
Every step divides by a fixed bound on the curvature (Boehning 1992), so that some twenty steps do
whatever the vectors look like. numpy is imported when first used: the core does without.
"""

from __future__ import annotations

import io
import math
import zipfile
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]
    Numbers = NDArray[np.int64]

__all__ = ["Head", "Trainer", "WordRows"]

WORDS_SHARE = 0.6
"""Of the words' likeness beside the meaning's."""
_PENALTY = 0.02
_STEPS = 25
_MAX_WORK = 15_000_000_000
"""Phrasings squared times entries: half a minute of training on two cores."""
_MIN_PHRASINGS = 3


class WordRows:
    """Phrasings as vectors of words and letter groups, kept by feature."""

    def __init__(
        self, names: Sequence[str], ends: Numbers, rows: Numbers, weights: Vectors
    ) -> None:
        """``names[i]`` stands in ``rows[ends[i-1]:ends[i]]``, with those ``weights``."""
        starts = [0, *ends.tolist()]
        self._spans = dict(zip(names, pairwise(starts), strict=True))
        self.rows = rows
        self.weights = weights

    @classmethod
    def of(cls, vectors: Sequence[Mapping[str, float]]) -> WordRows:
        """From each phrasing's features."""
        import numpy as np

        found: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
        for row, vector in enumerate(vectors):
            for name, weight in vector.items():
                found[name].append((row, weight))
        pairs = [pair for own in found.values() for pair in own]
        return cls(
            list(found),
            np.cumsum([len(own) for own in found.values()], dtype=np.int64),
            np.array([row for row, _ in pairs], dtype=np.int64),
            np.array([weight for _, weight in pairs], dtype=np.float32),
        )

    @property
    def names(self) -> list[str]:
        """Of the features, in order."""
        return list(self._spans)

    @property
    def ends(self) -> Numbers:
        """Where each feature's rows end."""
        import numpy as np

        return np.array([end for _, end in self._spans.values()], dtype=np.int64)

    def like(self, vector: Mapping[str, float], size: int) -> Vectors:
        """How like a text is to each of ``size`` phrasings by its words."""
        import numpy as np

        spans = [
            (self._spans[name], weight) for name, weight in vector.items() if name in self._spans
        ]
        if not spans:
            return np.zeros(size, dtype=np.float32)
        rows = np.concatenate([self.rows[start:end] for (start, end), _ in spans])
        weights = np.concatenate([self.weights[start:end] * w for (start, end), w in spans])
        return np.bincount(rows, weights=weights, minlength=size).astype(np.float32)


@dataclass(frozen=True)
class Head:
    """Trained weights."""

    meaning: Vectors
    """Entries by the vectors' width."""
    words: WordRows
    phrasings: Vectors
    """Phrasings by entries: what being like a phrasing in words says for each entry."""

    def logits(self, vector: Vectors, words: Mapping[str, float]) -> Vectors:
        """One figure an entry, the higher the likelier."""
        like = self.words.like(words, len(self.phrasings))
        logits: Vectors = self.meaning @ vector + WORDS_SHARE * (like @ self.phrasings)
        return logits

    def to_bytes(self) -> bytes:
        """For a file."""
        import numpy as np

        file = io.BytesIO()
        np.savez(
            file,
            meaning=self.meaning,
            phrasings=self.phrasings,
            names=np.frombuffer("\n".join(self.words.names).encode(), dtype=np.uint8),
            ends=self.words.ends,
            rows=self.words.rows,
            weights=self.words.weights,
        )
        return file.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Head | None:
        """Back from ``to_bytes``; None when it is something else."""
        import numpy as np

        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as kept:
                names = kept["names"].tobytes().decode().split("\n")
                words = WordRows(names, kept["ends"], kept["rows"], kept["weights"])
                return cls(kept["meaning"], words, kept["phrasings"])
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
        self._answers = answers
        self._written = np.flatnonzero(np.abs(answers).max(axis=1) > 0)
        self._entries = len(answers)
        self._kept = _first_of_each(owner, self._entries)
        self._vectors = np.concatenate([vectors[self._kept], answers[self._written]])
        self._owner = np.concatenate([owner[self._kept], self._written])
        self.words = WordRows.of([words[row] for row in self._kept])
        size = len(self._kept)
        likeness = np.zeros((len(self._owner), len(self._owner)), dtype=np.float32)
        for number, row in enumerate(self._kept):
            go_on()
            likeness[number, :size] = self.words.like(words[row], size)
        likeness *= np.float32(WORDS_SHARE)
        likeness += self._vectors @ self._vectors.T
        self._likeness = likeness
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

        weights = self._train(np.arange(len(self._owner)))
        size = len(self._kept)
        return Head(np.ascontiguousarray(weights.T @ self._vectors), self.words, weights[:size])

    def train_without(self, left_out: NDArray[np.bool_]) -> Callable[[int], Vectors | None]:
        """On the phrasings that are not ``left_out``: gives the logits of any phrasing by its
        number, None for one that is never trained on."""
        import numpy as np

        rows = np.concatenate(
            [
                np.flatnonzero(~left_out[self._kept]),
                len(self._kept) + np.arange(len(self._written)),
            ]
        )
        weights = self._train(rows)

        def logits(phrasing: int) -> Vectors | None:
            place = self._place.get(phrasing)
            return None if place is None else self._likeness[place, rows] @ weights

        return logits

    def _train(self, rows: Numbers) -> Vectors:
        import numpy as np
        from scipy.linalg import cho_factor, cho_solve

        likeness, owner = self._likeness[np.ix_(rows, rows)], self._owner[rows]
        penalty = np.float32(_PENALTY)
        wanted = np.zeros((len(rows), self._entries), dtype=np.float32)
        wanted[np.arange(len(rows)), owner] = 1.0
        bound = likeness / 2
        bound.flat[:: len(rows) + 1] += penalty
        factor = cho_factor(bound, overwrite_a=True, check_finite=False)
        weights = np.zeros_like(wanted)
        ahead, momentum = weights, 1.0
        for _ in range(_STEPS):
            self._go_on()
            scores = likeness @ ahead
            chance = np.exp(scores - scores.max(axis=1, keepdims=True))
            chance /= chance.sum(axis=1, keepdims=True)
            towards = chance - wanted + penalty * ahead
            after = ahead - cho_solve(factor, towards, overwrite_b=True, check_finite=False)
            next_momentum = (1 + math.sqrt(1 + 4 * momentum * momentum)) / 2
            ahead = after + np.float32((momentum - 1) / next_momentum) * (after - weights)
            weights, momentum = after, next_momentum
        return weights


def _trainable(entries: int) -> int:
    """How many phrasings in all can be trained on in bounded time."""
    return int(math.sqrt(_MAX_WORK / max(entries, 1)))


def _first_of_each(owner: Numbers, entries: int) -> Numbers:
    """The numbers of each entry's first phrasings, as many as can be trained on."""
    import numpy as np

    allowed = _trainable(entries)
    if len(owner) <= allowed:
        return np.arange(len(owner))
    counts = np.bincount(owner, minlength=entries)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    most = int(counts.max())
    while most > 1 and np.minimum(counts, most).sum() > allowed:
        most -= 1
    return np.flatnonzero(place < most)
