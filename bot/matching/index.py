"""The inverted index: how near a question is to each whole entry, and to its best phrasing.

An entry is one document, the sum of its phrasings: scoring the whole entry ranks the right
one first more often than scoring single phrasings. Two blocks of features, words (with word
pairs) and letter groups, are weighed by how few entries use them and normalised apart, so
that a half-remembered spelling still counts. What the knowledge base has never seen lengthens
the question's vector: a question full of foreign words is far from everything.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import fuzz

__all__ = ["Features", "Held", "Index", "Reading", "Scored"]

_WORDS_SHARE = 0.45
_PAIR_WEIGHT = 0.5
_CONCEPT_WEIGHT = 1.5
_MEANING_WEIGHT = 0.3
_CODE_WEIGHT = 2.0
_NEGATION_REACH = 3
_TEXT_WEIGHT = 0.15
_PHRASING_SHARE = 0.2
_SHORTLIST = 12

Block = dict[str, float]


@dataclass(frozen=True, slots=True)
class Reading:
    """A question or phrasing as the index sees it."""

    stems: tuple[str, ...]
    words: tuple[str, ...]
    """Those that are cut into letter groups: not codes."""
    codes: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()
    meanings: tuple[str, ...] = ()
    """Stems of what the concepts stand for."""

    @property
    def line(self) -> str:
        """The stems in a row, for comparing with a phrasing's."""
        return " ".join(self.stems)


@dataclass(frozen=True, slots=True)
class Features:
    """The two blocks of a reading, with raw counts."""

    words: Block
    letters: Block


@lru_cache(maxsize=50_000)
def _letter_groups(word: str) -> tuple[str, ...]:
    padded = f" {word} "
    return tuple(
        padded[start : start + length]
        for length in (3, 4)
        for start in range(max(1, len(padded) - length + 1))
    )


def features(reading: Reading) -> Features:
    """Words, pairs, what a "not" governs, concepts and codes; and letter groups of the words."""
    stems = reading.stems
    words: defaultdict[str, float] = defaultdict(float)
    for stem in stems:
        words[stem] += 1
    for first, second in pairwise(stems):
        words[f"{first} {second}"] += _PAIR_WEIGHT
    for position, stem in enumerate(stems):
        if stem == "not":
            for governed in stems[position + 1 : position + 1 + _NEGATION_REACH]:
                words[f"not…{governed}"] += _PAIR_WEIGHT
        elif stem == "instead" and stems[position + 1 : position + 2] == ("of",):
            for governed in stems[position + 2 : position + 4]:
                words[f"instead…{governed}"] += _PAIR_WEIGHT
    for concept in reading.concepts:
        words[concept] += _CONCEPT_WEIGHT
    for stem in reading.meanings:
        words[stem] += _MEANING_WEIGHT
    for code in reading.codes:
        words[f"={code}"] += _CODE_WEIGHT
    letters: Counter[str] = Counter()
    for word in reading.words:
        letters.update(_letter_groups(word))
    return Features(dict(words), {group: float(count) for group, count in letters.items()})


@dataclass(frozen=True, slots=True)
class Held:
    """What is left out of the index while calibrating: a phrasing, or its whole entry."""

    entry: int
    phrasing: int
    whole: bool


@dataclass(frozen=True, slots=True)
class Scored:
    """The best entries for a question, and the measures that confidence is judged by."""

    entries: tuple[int, ...]
    scores: tuple[float, ...]
    wholes: tuple[float, ...]
    phrasings: tuple[float, ...]
    cover: float
    """Share of the question's word weight that the knowledge base knows at all."""
    size: int
    """Words in the question."""
    extra: tuple[float, ...] = ()
    """Further measures, of the semantic layer."""


@dataclass
class _Posting:
    entries: array[int]
    weights: array[float]


@dataclass
class _Half:
    """One block of features over all entries."""

    frequency: Counter[str] = field(default_factory=Counter)
    postings: dict[str, _Posting] = field(default_factory=dict)
    counts: list[Block] = field(default_factory=list)
    lengths: list[float] = field(default_factory=list)


class Index:
    """Entries by feature. Built once for a knowledge base; immutable afterwards."""

    def __init__(
        self,
        readings: Sequence[Sequence[Reading]],
        texts: Sequence[Iterable[str]] | None = None,
    ) -> None:
        """``readings``: each entry's phrasings; ``texts``: stems of its answer, weak evidence."""
        self.size = len(readings)
        self.lines = [[reading.line for reading in own] for own in readings]
        self._halves = (_Half(), _Half())
        self._unknown = math.log(1 + self.size) + 0.1
        for number, own in enumerate(readings):
            word_counts: defaultdict[str, float] = defaultdict(float)
            letter_counts: defaultdict[str, float] = defaultdict(float)
            for reading in own:
                found = features(reading)
                for name, count in found.words.items():
                    word_counts[name] += count
                for name, count in found.letters.items():
                    letter_counts[name] += count
            if texts is not None:
                for stem in set(texts[number]):
                    word_counts[stem] += _TEXT_WEIGHT
            for half, counts in zip(self._halves, (word_counts, letter_counts), strict=True):
                half.counts.append(dict(counts))
                half.frequency.update(counts.keys())
        for half in self._halves:
            self._fill(half)

    def _fill(self, half: _Half) -> None:
        entries: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        weights: defaultdict[str, array[float]] = defaultdict(lambda: array("f"))
        rarity = {name: self._rarity(count) for name, count in half.frequency.items()}
        for number, counts in enumerate(half.counts):
            weighed = {name: count * rarity[name] for name, count in counts.items()}
            length = math.sqrt(sum(weight * weight for weight in weighed.values())) or 1.0
            half.lengths.append(length)
            for name, weight in weighed.items():
                entries[name].append(number)
                weights[name].append(weight / length)
        half.postings = {name: _Posting(entries[name], weights[name]) for name in entries}

    def _rarity(self, frequency: int) -> float:
        return math.log((1 + self.size) / frequency) + 0.1 if frequency else 0.0

    # asking ----------------------------------------------------------------------------

    def score(self, reading: Reading, held: Held | None = None, *, most: int = 10) -> Scored:
        """The nearest entries, best first. With ``held``, as if that part were not there."""
        found = features(reading)
        vectors = [
            self._vector(half, block, held, removed)
            for half, block, removed in zip(
                self._halves,
                (found.words, found.letters),
                (found.words, found.letters),
                strict=True,
            )
        ]
        totals = [0.0] * self.size
        for half, vector, share in zip(
            self._halves, vectors, (_WORDS_SHARE, 1 - _WORDS_SHARE), strict=True
        ):
            for name, weight in vector.items():
                posting = half.postings[name]
                weight *= share
                for entry, own in zip(posting.entries, posting.weights, strict=True):
                    totals[entry] += weight * own
        if held is not None:
            totals[held.entry] = 0.0 if held.whole else self._without(found, vectors, held)
        order = sorted(range(self.size), key=totals.__getitem__, reverse=True)[:_SHORTLIST]
        ranked = []
        line = reading.line
        for entry in order:
            if totals[entry] <= 0:
                break
            lines = self.lines[entry]
            if held is not None and held.entry == entry:
                lines = lines[: held.phrasing] + lines[held.phrasing + 1 :]
            nearest = max((fuzz.token_set_ratio(line, other) for other in lines), default=0.0) / 100
            ranked.append((totals[entry] + _PHRASING_SHARE * nearest, entry, nearest))
        ranked.sort(key=lambda item: (-item[0], item[1]))
        ranked = ranked[:most]
        return Scored(
            entries=tuple(entry for _, entry, _ in ranked),
            scores=tuple(score for score, _, _ in ranked),
            wholes=tuple(totals[entry] for _, entry, _ in ranked),
            phrasings=tuple(nearest for _, _, nearest in ranked),
            cover=self._cover(reading, held),
            size=len(reading.stems),
        )

    def matched(self, reading: Reading, entry: int, *, most: int = 8) -> list[tuple[str, float]]:
        """The words, pairs and concepts that drew a question to an entry, heaviest first."""
        half = self._halves[0]
        vector = self._vector(half, features(reading).words, None, {})
        counts, length = half.counts[entry], half.lengths[entry]
        parts = [
            (name, weight * counts[name] * self._rarity(half.frequency[name]) / length)
            for name, weight in vector.items()
            if name in counts
        ]
        return sorted(parts, key=lambda part: -part[1])[:most]

    def _frequency(self, half: _Half, name: str, held: Held | None, own: float) -> int:
        frequency = half.frequency[name]
        if held is None or not frequency:
            return frequency
        count = half.counts[held.entry].get(name, 0.0)
        gone = count > 0 if held.whole else count > 0 and count <= own + 1e-9
        return frequency - gone

    def _vector(
        self, half: _Half, block: Block, held: Held | None, removed: Mapping[str, float]
    ) -> Block:
        vector: Block = {}
        square = 0.0
        for name, count in block.items():
            damped = 1 + math.log(count) if count >= 1 else count
            frequency = self._frequency(half, name, held, removed.get(name, 0.0))
            if frequency:
                weight = damped * self._rarity(frequency)
                vector[name] = weight
            else:
                weight = damped * self._unknown
            square += weight * weight
        length = math.sqrt(square) or 1.0
        return {name: weight / length for name, weight in vector.items()}

    def _without(self, found: Features, vectors: Sequence[Block], held: Held) -> float:
        """The score of an entry for one of its own phrasings, were that phrasing not in it."""
        total = 0.0
        for half, block, vector, share in zip(
            self._halves,
            (found.words, found.letters),
            vectors,
            (_WORDS_SHARE, 1 - _WORDS_SHARE),
            strict=True,
        ):
            counts = half.counts[held.entry]
            square = half.lengths[held.entry] ** 2
            product = 0.0
            for name, count in block.items():
                if name not in counts:
                    continue
                rarity = self._rarity(half.frequency[name])
                left = max(counts[name] - count, 0.0) * rarity
                square += left * left - (counts[name] * rarity) ** 2
                product += vector.get(name, 0.0) * left
            total += share * product / math.sqrt(max(square, 1e-6))
        return total

    def _cover(self, reading: Reading, held: Held | None) -> float:
        half = self._halves[0]
        known = total = 0.0
        for stem in reading.stems:
            frequency = self._frequency(half, stem, held, 1.0)
            weight = self._rarity(frequency) if frequency else self._unknown
            total += weight
            if frequency:
                known += weight
        return known / total if total else 0.0
