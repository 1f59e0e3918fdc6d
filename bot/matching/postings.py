"""Which entries have a feature and how much it weighs there: the arrays behind the index."""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from bot.matching.features import QuestionFeatures

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "Gathered",
    "Lengths",
    "Postings",
    "rarity_of",
    "text_postings",
    "text_terms",
    "weigh_features",
]

SHARES = (0.45, 0.55)
"""Of the words' and the letter groups' likeness in an entry's score."""
ODDS_SHARES = (0.04, 0.02)
"""Of the log odds of words and of letter groups beside their likeness."""
ODDS_START = 0.1
"""What every entry is taken to say of every word before it says anything."""
_TEXT_SATURATION = 1.2
_TEXT_LENGTH = 0.5
"""BM25's k1 and b."""

Block = dict[str, float]


class Gathered:
    """Counts of features by entry while an index is built: an array a feature, entry and count in
    turn. Large knowledge would need many times the memory in dictionaries."""

    def __init__(self) -> None:
        self.pairs: dict[str, array[float]] = {}

    def add(self, entry: int, counts: Mapping[str, float]) -> None:
        """One entry's counts; entries come in ascending order."""
        for name, count in counts.items():
            pairs = self.pairs.get(name)
            if pairs is None:
                pairs = self.pairs[name] = array("d")
            pairs.append(entry)
            pairs.append(count)


class Postings:
    """Which entries have a feature, and its weights there: one span of long arrays each."""

    def __init__(
        self,
        spans: dict[str, tuple[int, int]],
        entries: array[int],
        weights: array[float],
        odds: array[float] | None = None,
        counts: array[float] | None = None,
    ) -> None:
        """``odds``: the part of the weights that is log odds; ``counts``: how often each entry
        has the feature, while parts can be held out."""
        self.spans = spans
        self.entries = entries
        self.weights = weights
        self.odds = odds if odds is not None else array("f")
        self.counts = counts

    @classmethod
    def of(
        cls, gathered: Gathered, weigh: Callable[[list[int], array[float]], list[float]]
    ) -> Postings:
        """From what was gathered, which is used up; ``weigh``: the entries that have a feature,
        and its counts there, to the weights kept."""
        spans: dict[str, tuple[int, int]] = {}
        entries, weights, counts = array("I"), array("f"), array("f")
        for name in list(gathered.pairs):
            pairs = gathered.pairs.pop(name)
            own = list(map(int, pairs[::2]))
            spans[name] = (len(entries), len(entries) + len(own))
            entries.extend(own)
            weights.extend(weigh(own, pairs[1::2]))
            counts.extend(array("f", pairs[1::2]))
        return cls(spans, entries, weights, None, counts)

    def frequency(self, name: str) -> int:
        """How many entries have it."""
        start, end = self.spans.get(name, (0, 0))
        return end - start

    def sums(
        self, factors: Mapping[str, float], *, odds_only: bool = False
    ) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """Entries, each as often as it has one of the features, and factor times weight of each;
        every feature must be held."""
        import numpy as np

        entries, weights = self._entries, self._odds if odds_only else self._weights
        spans = [self.spans[name] for name in factors]
        if not spans:
            return np.zeros(0, np.intp), np.zeros(0)
        of_each = [end - start for start, end in spans]
        held = np.concatenate([entries[start:end] for start, end in spans]).astype(np.intp)
        found = np.concatenate([weights[start:end] for start, end in spans]).astype(np.float64)
        return held, found * np.repeat(list(factors.values()), of_each)

    @cached_property
    def _entries(self) -> NDArray[Any]:
        return _as_numbers(self.entries)

    @cached_property
    def _weights(self) -> NDArray[Any]:
        return _as_numbers(self.weights)

    @cached_property
    def _odds(self) -> NDArray[Any]:
        return _as_numbers(self.odds)

    def having(self, name: str) -> array[int]:
        """The entries that have it."""
        start, end = self.spans.get(name, (0, 0))
        return self.entries[start:end]

    def weight(self, name: str, entry: int) -> float:
        """The weight in one entry, 0 when it has none."""
        at = self._place(name, entry)
        return 0.0 if at is None else self.weights[at]

    def count(self, name: str, entry: int) -> float:
        """How often one entry has it. Raises ValueError when counts were not kept."""
        if self.counts is None:
            raise ValueError("an index from disk cannot hold parts out")
        at = self._place(name, entry)
        return 0.0 if at is None else self.counts[at]

    def _place(self, name: str, entry: int) -> int | None:
        start, end = self.spans.get(name, (0, 0))
        at = bisect_left(self.entries, entry, start, end)
        return at if at < end and self.entries[at] == entry else None

    def head(self) -> dict[str, Any]:
        """Names and lengths, for JSON; the arrays go beside it as bytes."""
        return {
            "names": list(self.spans),
            "lengths": [end - start for start, end in self.spans.values()],
            "odds": bool(self.odds),
        }

    def body(self) -> list[bytes]:
        """The arrays."""
        return [part.tobytes() for part in (self.entries, self.weights, self.odds)]

    @classmethod
    def from_head(cls, head: dict[str, Any], body: memoryview) -> tuple[Postings, memoryview]:
        """Back from ``head`` and the bytes; returns what is left of the bytes too."""
        ends = list(accumulate(head["lengths"]))
        total = ends[-1] if ends else 0
        arrays: list[array[Any]] = [array("I"), array("f"), array("f")]
        for part in arrays if head["odds"] else arrays[:2]:
            size = total * part.itemsize
            if len(body) < size:
                raise ValueError("the index is cut short")
            part.frombytes(body[:size])
            body = body[size:]
        spans = dict(zip(head["names"], zip([0, *ends], ends, strict=False), strict=True))
        return cls(spans, *arrays), body


def _as_numbers(values: array[Any]) -> NDArray[Any]:
    """The same numbers for numpy, not copied."""
    import numpy as np

    return np.frombuffer(values, dtype=values.typecode) if values else np.zeros(0, values.typecode)


@dataclass(frozen=True, slots=True)
class Lengths:
    """What is known of each entry's words, or letter groups, as a whole."""

    vectors: list[float]
    """Lengths of the vectors of counts by rarity."""
    sums: list[float]
    """Sums of the counts."""
    start: float
    """What every entry is taken to say of all words together before it says anything."""
    usual: float
    """The mean of the logs of all that."""

    def burden(self, total: float) -> float:
        """How much the odds of an entry are lessened by all that it says."""
        return math.log(max(total, 0.0) + self.start) - self.usual if self.start else 0.0


def rarity_of(size: int, frequency: int) -> float:
    return math.log((1 + size) / frequency) + 0.1 if frequency else 0.0


def weigh_features(gathered: Gathered, block: int, size: int) -> tuple[Postings, Lengths]:
    """Each entry's features weighed by rarity, its vector of length 1, and their log odds; and
    the lengths before."""
    squares, sums = [0.0] * size, [0.0] * size
    for pairs in gathered.pairs.values():
        rarity = rarity_of(size, len(pairs) // 2)
        for entry, count in zip(pairs[::2], pairs[1::2], strict=True):
            squares[int(entry)] += (count * rarity) ** 2
            sums[int(entry)] += count
    start = ODDS_START * len(gathered.pairs)
    logs = [math.log(total + start) for total in sums] if start else []
    usual = sum(logs) / len(logs) if logs else 0.0
    lengths = Lengths([math.sqrt(square) or 1.0 for square in squares], sums, start, usual)
    share, odds_share = SHARES[block], ODDS_SHARES[block]

    def weigh(entries: list[int], counts: array[float]) -> list[float]:
        rarity = share * rarity_of(size, len(entries))
        return [
            count * rarity / lengths.vectors[entry] + odds_share * math.log1p(count / ODDS_START)
            for entry, count in zip(entries, counts, strict=True)
        ]

    postings = Postings.of(gathered, weigh)
    counts = postings.counts or ()
    postings.odds = array("f", (odds_share * math.log1p(c / ODDS_START) for c in counts))
    return postings, lengths


def text_terms(reading: QuestionFeatures) -> dict[str, int]:
    terms = Counter(reading.stems)
    terms.update(reading.concepts)
    terms.update(f"={code}" for code in reading.codes)
    return dict(terms)


def text_postings(texts: Sequence[Mapping[str, int]]) -> Postings:
    """BM25 weights of each term in each answer, without the rarity, which the question brings."""
    lengths = [sum(terms.values()) for terms in texts]
    usual = sum(lengths) / len(lengths) if lengths else 0.0
    gathered = Gathered()
    for entry, terms in enumerate(texts):
        gathered.add(entry, terms)

    dampings = [
        _TEXT_SATURATION * (1 - _TEXT_LENGTH + _TEXT_LENGTH * length / (usual or 1.0))
        for length in lengths
    ]

    def weigh(entries: list[int], counts: array[float]) -> list[float]:
        return [count / (count + dampings[e]) for e, count in zip(entries, counts, strict=True)]

    return Postings.of(gathered, weigh)
