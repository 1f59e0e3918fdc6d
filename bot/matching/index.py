"""The inverted index: how near a question is to each whole entry, and to its best phrasing.

An entry is one document, the sum of its phrasings: scoring the whole entry ranks the right
one first more often than scoring single phrasings. Two blocks of features, words (with word
pairs) and letter groups, are weighed by how few entries use them and normalised apart, so
that a half-remembered spelling still counts. Beside that likeness stand the log odds of naive
Bayes: a word that many phrasings of an entry use says more, and an entry that says a little of
everything says less. The words of the answer are a third, weaker witness (BM25, as a share of
what a perfect answer would hold). What the knowledge base has never seen lengthens the
question's vector: a question full of foreign words is far from everything.
"""

from __future__ import annotations

import json
import math
import sys
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from rapidfuzz import fuzz, process

from bot.matching.features import Block, Features, QuestionFeatures, features
from bot.matching.postings import (
    ODDS_SHARES,
    ODDS_START,
    SHARES,
    Gathered,
    Lengths,
    Postings,
    rarity_of,
    text_postings,
    text_terms,
    weigh_features,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Totals = tuple[Numbers, float]

__all__ = ["Features", "Held", "Index", "Nearness", "QuestionFeatures", "Scored"]

# The figures below were chosen in coarse steps on public question sets and on tests/questions;
# none is sharp, a third more or less moves results little (docs/matching.md).
_TEXT_SHARE = 0.3
"""Of the answer's words, beside those two."""
_PHRASING_SHARE = 0.2
"""Of the likest single phrasing, for the entries of the shortlist."""
_SHORTLIST = 12
_LEXICAL_SHARE = 0.3
"""Of all that, beside the semantic layer's nearness."""
_ODDS_BESIDE_HEAD = 1.4
_TEXT_BESIDE_HEAD = 0.8
_PHRASING_BESIDE_HEAD = 0.3
"""The same of the odds, of the answer's words and the codes, and of the likest phrasing, when the
layer's head has weighed the phrasings' words already."""
_CODE_BONUS = 0.4
_CODE_IN_ANSWER = 0.3
_ROUNDING = 1e-3
"""Counts and weights are kept in single precision."""


@dataclass(frozen=True, slots=True)
class Held:
    """What is left out of the index while calibrating: a phrasing, or its whole entry."""

    entry: int
    phrasing: int
    whole: bool


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near a question is to each entry by the semantic layer, -1 to 1."""

    whitened: Sequence[float]
    """Cosine in the space where an entry's phrasings lie close together."""
    plain: Sequence[float]
    """Cosine of the encoder's own vectors."""
    closest: Sequence[float]
    """The same for the likest of its phrasings."""
    total: Sequence[float]
    """What entries are ranked by."""
    chance: Sequence[float]
    """What the trained head makes of it, 0 to 1 over all entries; all 0 without a head."""
    with_words: bool
    """Whether the total has weighed the phrasings' words too."""
    lean: float = 0.0
    """How much likelier the likest of all phrasings is than the likest near miss."""


@dataclass(frozen=True, slots=True)
class Scored:
    """The best entries for a question, and the measures that confidence is judged by."""

    entries: tuple[int, ...]
    scores: tuple[float, ...]
    phrasings: tuple[float, ...]
    cover: float
    """Share of the question's word weight that the knowledge base knows at all."""
    own_cover: float
    """Share of it that the first entry has."""
    evidence: float
    """How much the words that the first entry has say: an unheard-of word would count 1. Unlike a
    share, a long story told before the question does not thin it."""
    agreement: float
    """Whether the first entry names the question's codes: 1 all, -1 none; 0 without codes."""
    size: int
    """Words in the question."""
    nearness: tuple[float, ...] = ()
    """Of the first entry by the semantic layer: whitened, plain and closest."""
    chance: tuple[float, ...] = ()
    """Of the first entry by the semantic layer's head."""
    lean: float = 0.0
    """Towards the phrasings, and away from the near misses, by the semantic layer."""


def _closest(line: str, lines: Sequence[str]) -> float:
    """How like the likest of some lines is to one, up to 1."""
    found = process.extractOne(line, lines, scorer=fuzz.token_set_ratio)
    return 0.0 if found is None else found[1] / 100


class Index:
    """Entries by feature. Built once for a knowledge base; immutable afterwards."""

    def __init__(
        self,
        lines: list[list[str]],
        blocks: tuple[Postings, Postings],
        texts: Postings,
        burdens: Sequence[Sequence[float]],
        lengths: tuple[Lengths, Lengths] | None = None,
    ) -> None:
        """See ``build`` and ``from_bytes``."""
        self.size = len(lines)
        self.lines = lines
        self._blocks = blocks
        self._texts = texts
        self._burdens = burdens
        self._lengths = lengths
        self._unknown = math.log(1 + self.size) + 0.1

    @classmethod
    def build(
        cls, readings: Sequence[Sequence[QuestionFeatures]], texts: Sequence[QuestionFeatures]
    ) -> Index:
        """``readings``: each entry's phrasings; ``texts``: its answer."""
        gathered = (Gathered(), Gathered())
        for entry, own in enumerate(readings):
            words: defaultdict[str, float] = defaultdict(float)
            letters: defaultdict[str, float] = defaultdict(float)
            for reading in own:
                found = features(reading)
                for name, count in found.words.items():
                    words[name] += count
                for name, count in found.letters.items():
                    letters[name] += count
            gathered[0].add(entry, words)
            gathered[1].add(entry, letters)
        first, second = (weigh_features(own, n, len(readings)) for n, own in enumerate(gathered))
        return cls(
            [[reading.line for reading in own] for own in readings],
            (first[0], second[0]),
            text_postings([text_terms(text) for text in texts]),
            [[own.burden(total) for total in own.sums] for own in (first[1], second[1])],
            (first[1], second[1]),
        )

    @property
    def can_hold_out(self) -> bool:
        """Whether parts can be left out; an index from disk cannot, it keeps less."""
        return self._lengths is not None

    def to_bytes(self, beside: Mapping[str, Any]) -> bytes:
        """A line of JSON, then arrays; ``beside`` is kept with it."""
        postings = (*self._blocks, self._texts)
        head = {
            "order": sys.byteorder,
            "lines": self.lines,
            "postings": [part.head() for part in postings],
            "burdens": self._burdens,
            **beside,
        }
        arrays = [part for each in postings for part in each.body()]
        return b"\n".join([json.dumps(head).encode(), b"".join(arrays)])

    @classmethod
    def from_bytes(cls, data: bytes) -> tuple[Index, dict[str, Any]]:
        """Back from ``to_bytes``, with what was kept beside. Raises ValueError, KeyError or
        TypeError when it is something else."""
        end = data.index(b"\n")
        head: dict[str, Any] = json.loads(data[:end])
        if head["order"] != sys.byteorder:
            raise ValueError("made on another kind of machine")
        body = memoryview(data)[end + 1 :]
        words, body = Postings.from_head(head["postings"][0], body)
        letters, body = Postings.from_head(head["postings"][1], body)
        texts, body = Postings.from_head(head["postings"][2], body)
        return cls(head["lines"], (words, letters), texts, head["burdens"]), head

    def _rarity(self, frequency: int) -> float:
        return rarity_of(self.size, frequency)

    # asking ----------------------------------------------------------------------------

    def score(
        self,
        reading: QuestionFeatures,
        held: Held | None = None,
        *,
        nearness: Nearness | None = None,
        most: int = 10,
        left_out: Collection[int] = (),
        known: Totals | None = None,
        alike: dict[int, float] | None = None,
    ) -> Scored:
        """The nearest entries, best first.

        With ``held``, as if that part were not there; with ``nearness`` (of the semantic layer,
        a figure an entry), the sum of both signals; without the entries ``left_out``. ``known``:
        what ``totals`` made of the same; ``alike``: how like the likest phrasing of an entry is, of
        those that were asked of the same before, and filled here.
        """
        totals, phrasing_share = known or self.totals(reading, held, nearness=nearness)
        order = self._shortlist(totals, left_out)
        line = reading.line
        ranked = []
        for entry in order:
            if nearness is None and totals[entry] <= 0:
                break
            closest = None if alike is None else alike.get(entry)
            if closest is None:
                lines = self.lines[entry]
                if held is not None and held.entry == entry:
                    lines = lines[: held.phrasing] + lines[held.phrasing + 1 :]
                closest = _closest(line, lines)
            if alike is not None:
                alike[entry] = closest
            ranked.append((float(totals[entry]) + phrasing_share * closest, entry, closest))
        if held is not None and held.whole:
            ranked = [item for item in ranked if item[1] != held.entry]
        ranked.sort(key=lambda item: (-item[0], item[1]))
        ranked = ranked[:most]
        own_cover, evidence = self._own(reading, ranked[0][1], held) if ranked else (0.0, 0.0)
        return Scored(
            entries=tuple(entry for _, entry, _ in ranked),
            scores=tuple(score for score, _, _ in ranked),
            phrasings=tuple(closest for _, _, closest in ranked),
            cover=self._cover(reading, held),
            own_cover=own_cover,
            evidence=evidence,
            agreement=self._agreement(reading, ranked[0][1], held) if ranked else 0.0,
            size=len(reading.stems),
            nearness=(
                tuple(
                    each[ranked[0][1]]
                    for each in (nearness.whitened, nearness.plain, nearness.closest)
                )
                if nearness is not None and ranked
                else ()
            ),
            chance=(nearness.chance[ranked[0][1]],) if nearness is not None and ranked else (),
            lean=nearness.lean if nearness is not None else 0.0,
        )

    def totals(
        self,
        reading: QuestionFeatures,
        held: Held | None = None,
        *,
        nearness: Nearness | None = None,
    ) -> Totals:
        """What speaks for each entry, and what its likest phrasing adds; see ``score``."""
        import numpy as np

        beside = self._beside_words(reading, held)
        if nearness is None:
            return self._words(reading, held) + beside, _PHRASING_SHARE
        near = np.array(nearness.total)
        if nearness.with_words:
            words = self._words(reading, held, odds_only=True)
            return (
                near + _ODDS_BESIDE_HEAD * words + _TEXT_BESIDE_HEAD * beside,
                _PHRASING_BESIDE_HEAD,
            )
        words = self._words(reading, held)
        return near + _LEXICAL_SHARE * (words + beside), _LEXICAL_SHARE * _PHRASING_SHARE

    @staticmethod
    def _shortlist(totals: Numbers, left_out: Collection[int]) -> list[int]:
        """The entries with the highest totals, the highest first."""
        import numpy as np

        if left_out:
            totals = totals.copy()
            totals[list(left_out)] = -np.inf
        order = np.argsort(-totals, kind="stable")[:_SHORTLIST]
        return [int(entry) for entry in order if totals[entry] > -np.inf]

    def _words(
        self, reading: QuestionFeatures, held: Held | None, *, odds_only: bool = False
    ) -> Numbers:
        """What each entry's phrasings say by their words; 0 for an entry that shares none."""
        import numpy as np

        found = features(reading)
        blocks = (found.words, found.letters)
        vectors = [self._vector(number, block, held) for number, block in enumerate(blocks)]
        parts = [
            postings.sums(vector, odds_only=odds_only)
            for postings, vector in zip(self._blocks, vectors, strict=True)
        ]
        entries, weights = (np.concatenate(column) for column in zip(*parts, strict=True))
        totals: Numbers = np.bincount(entries, weights, self.size).astype(np.float64)
        asked = [
            share * sum(vector.values()) for share, vector in zip(ODDS_SHARES, vectors, strict=True)
        ]
        burdens = asked[0] * self._burden_of[0] + asked[1] * self._burden_of[1]
        totals = np.where(totals > 0, np.maximum(totals - burdens, _ROUNDING), totals)
        if held is not None:
            totals[held.entry] = (
                0.0 if held.whole else self._without(blocks, vectors, held, odds_only=odds_only)
            )
        return totals

    @cached_property
    def _burden_of(self) -> tuple[Numbers, Numbers]:
        import numpy as np

        return np.array(self._burdens[0]), np.array(self._burdens[1])

    def _beside_words(self, reading: QuestionFeatures, held: Held | None) -> Numbers:
        """What the answers' words and the codes say."""
        totals = self._text_totals(reading)
        self._add_codes(reading, totals, held)
        if held is not None and held.whole:
            totals[held.entry] = 0.0
        return totals

    def word_vector(self, reading: QuestionFeatures) -> Block:
        """The words and letter groups of a question or phrasing as one vector, weighed by rarity,
        of length 1 at most."""
        found = features(reading)
        words, letters = (
            self._vector(n, b, None) for n, b in enumerate((found.words, found.letters))
        )
        own, groups = map(math.sqrt, SHARES)
        return {
            **{name: own * weight for name, weight in words.items()},
            **{f"#{name}": groups * weight for name, weight in letters.items()},
        }

    def _text_totals(self, reading: QuestionFeatures) -> Numbers:
        import numpy as np

        terms = text_terms(reading)
        rarities = {
            term: self._rarity(frequency)
            for term in terms
            if (frequency := self._texts.frequency(term))
        }
        whole = sum(rarities.values()) + self._unknown * (len(terms) - len(rarities))
        entries, weights = self._texts.sums(
            {term: _TEXT_SHARE * rarity / whole for term, rarity in rarities.items()}
        )
        return np.bincount(entries, weights, self.size).astype(np.float64)

    def _add_codes(self, reading: QuestionFeatures, totals: Numbers, held: Held | None) -> None:
        """A code is no matter of degree: entries that name it stand out, the rarer the more."""
        codes = set(reading.codes)
        for code in codes:
            named = set(self._blocks[0].having(f"={code}"))
            if held is not None and self._left(0, f"={code}", held, reading) <= 0:
                named.discard(held.entry)
            told = set(self._texts.having(f"={code}")) - named
            frequency = len(named) + len(told)
            if not frequency:
                continue
            bonus = _CODE_BONUS * self._rarity(frequency) / self._unknown / len(codes)
            for entry in named:
                totals[entry] += bonus
            for entry in told:
                totals[entry] += bonus * _CODE_IN_ANSWER

    def _left(self, block: int, name: str, held: Held, reading: QuestionFeatures) -> float:
        """How much of a feature an entry has without the part held out."""
        if held.whole:
            return 0.0
        own = features(reading).words if block == 0 else features(reading).letters
        left = self._count(block, name, held.entry) - own.get(name, 0.0)
        return left if left > _ROUNDING else 0.0

    def _count(self, block: int, name: str, entry: int) -> float:
        """How often an entry's phrasings have a feature."""
        return self._blocks[block].count(name, entry)

    def _own(self, reading: QuestionFeatures, entry: int, held: Held | None) -> tuple[float, float]:
        """Of the question's word weight, the share found in one entry's phrasings or answer; and
        how much its phrasings have of the different words, in unheard-of words."""
        found = total = 0.0
        told: dict[str, float] = {}
        for stem in reading.stems:
            frequency = self._frequency(0, stem, held, 1.0)
            weight = self._rarity(frequency) if frequency else self._unknown
            total += weight
            here = frequency > 0 and self._blocks[0].weight(stem, entry) > 0
            if here and held is not None and held.entry == entry:
                here = self._left(0, stem, held, reading) > 0
            if here:
                told[stem] = weight
            if here or self._texts.weight(stem, entry) > 0:
                found += weight
        return (found / total if total else 0.0), sum(told.values()) / self._unknown

    def _agreement(self, reading: QuestionFeatures, entry: int, held: Held | None) -> float:
        """1 when the entry names all codes of the question, -1 when none, 0 without codes."""
        codes = set(reading.codes)
        named = 0
        for code in codes:
            here = self._blocks[0].weight(f"={code}", entry) > 0
            if here and held is not None and held.entry == entry:
                here = self._left(0, f"={code}", held, reading) > 0
            named += here or self._texts.weight(f"={code}", entry) > 0
        return 2 * named / len(codes) - 1 if codes else 0.0

    def sole_owners(self) -> dict[str, int]:
        """Phrasings, as rows of stems, that only one entry has."""
        owners: dict[str, int] = {}
        shared: set[str] = set()
        for entry, lines in enumerate(self.lines):
            for line in lines:
                if owners.setdefault(line, entry) != entry:
                    shared.add(line)
        return {line: entry for line, entry in owners.items() if line not in shared}

    def matched(
        self, reading: QuestionFeatures, entry: int, *, most: int = 8
    ) -> list[tuple[str, float]]:
        """The words, pairs and concepts that drew a question to an entry, heaviest first."""
        vector = self._vector(0, features(reading).words, None)
        parts = [
            (name, product)
            for name, weight in vector.items()
            if (product := weight * self._blocks[0].weight(name, entry))
        ]
        return sorted(parts, key=lambda part: -part[1])[:most]

    def _frequency(self, block: int, name: str, held: Held | None, own: float) -> int:
        frequency = self._blocks[block].frequency(name)
        if held is None or not frequency:
            return frequency
        count = self._count(block, name, held.entry)
        gone = count > 0 if held.whole else 0 < count <= own + _ROUNDING
        return frequency - gone

    def _vector(self, block: int, counts: Block, held: Held | None) -> Block:
        vector: Block = {}
        square = 0.0
        for name, count in counts.items():
            damped = 1 + math.log(count) if count >= 1 else count
            frequency = self._frequency(block, name, held, count)
            if frequency:
                weight = damped * self._rarity(frequency)
                vector[name] = weight
            else:
                weight = damped * self._unknown
            square += weight * weight
        length = math.sqrt(square) or 1.0
        return {name: weight / length for name, weight in vector.items()}

    def _without(
        self, blocks: Sequence[Block], vectors: Sequence[Block], held: Held, *, odds_only: bool
    ) -> float:
        """What an entry says to one of its own phrasings, were that phrasing not in it."""
        if self._lengths is None:
            raise ValueError("an index from disk cannot hold parts out")
        total = 0.0
        for number, (block, vector) in enumerate(zip(blocks, vectors, strict=True)):
            lengths = self._lengths[number]
            square = lengths.vectors[held.entry] ** 2
            product = odds = 0.0
            for name, count in block.items():
                whole = self._count(number, name, held.entry)
                if not whole:
                    continue
                rarity = self._rarity(self._blocks[number].frequency(name))
                left = whole - count if whole - count > _ROUNDING else 0.0
                weight = vector.get(name, 0.0)
                odds += weight * math.log1p(left / ODDS_START)
                left *= rarity
                square += left * left - (whole * rarity) ** 2
                product += weight * left
            if not odds_only:
                total += SHARES[number] * product / math.sqrt(max(square, 1e-6))
            burden = lengths.burden(lengths.sums[held.entry] - sum(block.values()))
            total += ODDS_SHARES[number] * (odds - burden * sum(vector.values()))
        return max(total, 0.0)

    def _cover(self, reading: QuestionFeatures, held: Held | None) -> float:
        known = total = 0.0
        for stem in reading.stems:
            frequency = self._frequency(0, stem, held, 1.0)
            weight = self._rarity(frequency) if frequency else self._unknown
            total += weight
            if frequency:
                known += weight
        return known / total if total else 0.0
