"""What is made of the knowledge before anything is asked, just now or from disk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import overload

from bot.matching.cache import Cache
from bot.matching.calibration import Scopes, off_topic_sentences
from bot.matching.found import Candidate
from bot.matching.index import Held, Index, Nearness, QuestionFeatures, Scored
from bot.matching.kinds import KINDS, KindModel, bank, scope_of, train, train_with_held_out
from bot.matching.reading import Read, Tokens, read
from bot.matching.semantic import Layer
from bot.matching.words import Vocabulary, Words

__all__ = ["Core", "Kinds"]


@dataclass(frozen=True)
class Core:
    """What is made of the knowledge, whether just now or from disk."""

    words: Words
    index: Index
    encoded: list[list[str]]
    """Each entry's phrasings as the encoder gets them."""
    readings: list[list[QuestionFeatures]] = field(default_factory=list)
    """Empty when from disk."""

    @classmethod
    def make(cls, candidates: Sequence[Candidate], vocabulary: Vocabulary) -> Core:
        """From the entries."""
        cut = [[Tokens.of(phrasing) for phrasing in each.phrasings] for each in candidates]
        texts = [Tokens.of(each.text) for each in candidates]
        words = Words(vocabulary)
        for tokens in [*(one for own in cut for one in own), *texts]:
            words.learn(tokens.words())
        reads = [[read(words, tokens, asking=False) for tokens in own] for own in cut]
        readings = [[each.reading for each in own] for own in reads]
        index = Index.build(readings, [read(words, t, asking=False).reading for t in texts])
        return cls(words, index, [[each.encoded for each in own] for own in reads], readings)

    @classmethod
    def from_cache(cls, cache: Cache, key: str, vocabulary: Vocabulary) -> Core | None:
        """From disk; None when nothing usable is there."""
        data = cache.read("index", key)
        if data is None:
            return None
        try:
            index, beside = Index.from_bytes(data)
            words = Words(vocabulary, beside["counts"], beside["pairs"])
            return cls(words, index, beside["encoded"])
        except (ValueError, KeyError, TypeError):
            return None

    def keep(self, cache: Cache, key: str) -> None:
        """To disk."""
        cache.write(
            "index",
            key,
            self.index.to_bytes(
                {
                    "counts": dict(self.words.counts),
                    "pairs": sorted(self.words.pairs),
                    "encoded": self.encoded,
                }
            ),
        )

    @property
    def phrasings(self) -> list[int]:
        """How many each entry has."""
        return [len(own) for own in self.encoded]

    def word_vectors(self) -> Sequence[dict[str, float]]:
        """Of every phrasing, in order."""
        return _WordVectors(self.index, [reading for own in self.readings for reading in own])

    def read(self, text: str) -> Read:
        """A question."""
        return read(self.words, Tokens.of(text))

    def other_lines(self, cache: Cache, key: str) -> dict[str, list[str]]:
        """Lines of other kinds than questions, by kind, as the encoder gets them.

        From disk if they are there: to read some three thousand takes a third of a second.
        """
        banks = {kind: bank(kind) for kind in KINDS}
        kept = cache.read_json("lines", key)
        try:
            if all(len(kept[kind]) == len(banks[kind]) for kind in KINDS):
                return {kind: list(map(str, kept[kind])) for kind in KINDS}
        except (KeyError, TypeError):
            pass
        lines: dict[str, list[str]] = {
            kind: [self.read(line).encoded for line in own] for kind, own in banks.items()
        }
        cache.write_json("lines", key, lines)
        return lines

    def score_held(self, held: Held, nearness: Nearness | None = None) -> Scored:
        """Ask one of our own phrasings without itself or its entry."""
        return self.index.score(self.readings[held.entry][held.phrasing], held, nearness=nearness)

    def score_text(self, text: str, layer: Layer | None = None) -> Scored:
        """Ask a sentence, as if it stood in no list of ours."""
        asked = self.read(text)
        nearness = None
        if layer is not None:
            words = self.index.word_vector(asked.reading)
            vector = layer.vector(asked.encoded)
            nearness = layer.nearness(vector, words, unlike_itself=True)
        return self.index.score(asked.reading, nearness=nearness)


class _WordVectors(Sequence[dict[str, float]]):
    """Each made when it is read: all of them would take 100 MB."""

    def __init__(self, index: Index, readings: Sequence[QuestionFeatures]) -> None:
        self._index = index
        self._readings = readings

    def __len__(self) -> int:
        return len(self._readings)

    @overload
    def __getitem__(self, place: int) -> dict[str, float]: ...
    @overload
    def __getitem__(self, place: slice) -> list[dict[str, float]]: ...
    def __getitem__(self, place: int | slice) -> dict[str, float] | list[dict[str, float]]:
        if isinstance(place, slice):
            return [self._index.word_vector(one) for one in self._readings[place]]
        return self._index.word_vector(self._readings[place])


@dataclass(frozen=True)
class Kinds:
    """The model of the kinds of line, and what it makes of held-out phrasings."""

    model: KindModel
    of_phrasings: list[list[float]]
    of_near: list[float]

    @classmethod
    def make(cls, candidates: Sequence[Candidate]) -> Kinds:
        """From the entries and the banks of other lines."""
        flat = [phrasing for each in candidates for phrasing in each.phrasings]
        model, held_out, near = train_with_held_out(flat)
        told = iter(held_out)
        of_phrasings = [[next(told) for _ in each.phrasings] for each in candidates]
        return cls(model, of_phrasings, near)

    @classmethod
    def alone(cls, candidates: Sequence[Candidate]) -> Kinds:
        """The same without what is held out, which only calibrating needs: in a third of the
        time."""
        return cls(train([phrasing for each in candidates for phrasing in each.phrasings]), [], [])

    @classmethod
    def from_cache(cls, cache: Cache, key: str) -> Kinds | None:
        """From disk; None when nothing usable is there."""
        data, scopes = cache.read("kinds", key), cache.read_json("scopes", key)
        model = None if data is None else KindModel.from_bytes(data)
        try:
            return None if model is None or scopes is None else cls(model, *scopes)
        except TypeError:
            return None

    def keep(self, cache: Cache, key: str) -> None:
        """To disk."""
        cache.write("kinds", key, self.model.to_bytes())
        cache.write_json("scopes", key, [self.of_phrasings, self.of_near])

    def scopes(self) -> Scopes:
        """Of held-out lines, for calibrating."""
        off_topic = [scope_of(self.model.judge(line)) for line in off_topic_sentences()]
        return Scopes(self.of_phrasings, self.of_near, off_topic)
