"""What a question or phrasing says, as features: words, pairs, concepts, codes, letter groups."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

__all__ = ["Block", "Features", "QuestionFeatures", "features"]

_PAIR_WEIGHT = 0.5
_CONCEPT_WEIGHT = 1.5
_MEANING_WEIGHT = 0.3
_CODE_WEIGHT = 2.0
_NEGATION_REACH = 3
"""Words after "not" that it is taken to govern."""

Block = dict[str, float]


@dataclass(frozen=True, slots=True)
class QuestionFeatures:
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


def features(reading: QuestionFeatures) -> Features:
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
