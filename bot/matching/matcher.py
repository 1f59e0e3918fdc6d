"""From a question to an answer, a choice, or nothing, with the reasons."""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from bot.matching.calibration import Calibration, Limits, calibrate, measures
from bot.matching.index import Index, Reading, Scored
from bot.matching.text import Token, clean, fold, stem, tokenise
from bot.matching.words import Expansion, Repair, Vocabulary, Words
from bot.years import find_years

__all__ = ["Candidate", "Match", "Matcher", "Ranked", "Why"]

Outcome = Literal["answer", "choices", "none"]

_FORMAT = 1
"""Raise it when scoring changes, so that calibrations on disk are made anew."""

_YEAR = re.compile(
    r"\b(?:ay\s*)?(?:20\d\d\s*(?:-|/|to)\s*(?:20)?\d\d|\d\d\s*[-/]\s*\d\d)\b(?![/-]\d)", re.I
)
_PARTS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+")


@dataclass(frozen=True)
class Candidate:
    """One knowledge entry, as the matcher needs it."""

    id: str
    phrasings: tuple[str, ...]
    """The canonical question first, then the ways staff ask it."""
    topic: str = ""
    text: str = ""
    """The answer; its words are weak evidence."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """One entry that a question may mean."""

    id: str
    score: float
    confidence: float
    """Likelihood that this is the entry meant; comparable within one match only."""


@dataclass(frozen=True)
class Why:
    """What was read and what matched: for ``ask --why``."""

    read: str
    tokens: tuple[str, ...]
    codes: tuple[str, ...] = ()
    expansions: tuple[Expansion, ...] = ()
    matched: tuple[tuple[str, float], ...] = ()
    """Words, pairs and concepts that drew the first entry, heaviest first."""
    measures: dict[str, float] = field(default_factory=dict)
    thresholds: dict[str, float] = field(default_factory=dict)
    scores: tuple[tuple[str, float], ...] = ()
    reason: str = ""
    semantic: bool = False

    def to_json(self) -> dict[str, Any]:
        """Plain data for ``--json``."""
        return asdict(self)


@dataclass(frozen=True)
class Match:
    """The outcome for one question."""

    outcome: Outcome
    ranked: tuple[Ranked, ...]
    confidence: float
    repaired: tuple[Repair, ...]
    why: Why


@dataclass(frozen=True, slots=True)
class _Read:
    reading: Reading
    repairs: tuple[Repair, ...]
    expansions: tuple[Expansion, ...]
    text: str
    """The words as read, repaired, for the encoder and for ``why``."""


class Matcher:
    """Finds the entry a question means. Safe to share between threads."""

    def __init__(
        self,
        candidates: Sequence[Candidate],
        words: Words,
        index: Index,
        calibration: Calibration,
    ) -> None:
        self._ids = [candidate.id for candidate in candidates]
        self._words = words
        self._index = index
        self._calibration = calibration

    @classmethod
    def build(
        cls,
        candidates: Sequence[Candidate],
        vocabulary: Vocabulary,
        *,
        cache_dir: Path | None = None,
        limits: Limits | None = None,
    ) -> Matcher:
        """Index the entries and calibrate, or take the calibration of the same content from disk.

        ``cache_dir`` is made when missing; a cache that cannot be read or written is ignored.
        """
        limits = limits or Limits()
        words = Words(
            (text for candidate in candidates for text in candidate.phrasings), vocabulary
        )
        readings = [
            [_read(words, phrasing, repair=False).reading for phrasing in candidate.phrasings]
            for candidate in candidates
        ]
        index = Index(readings, [_stems(candidate.text) for candidate in candidates])
        key = _content_key(candidates, vocabulary, limits)
        calibration = _load(cache_dir, key)
        if calibration is None:
            calibration = calibrate(
                [len(own) for own in readings],
                lambda entry, phrasing, held: index.score(readings[entry][phrasing], held),
                lambda text: index.score(_read(words, text).reading),
                limits,
            )
            _save(cache_dir, key, calibration)
        return cls(candidates, words, index, calibration)

    @property
    def calibration(self) -> Calibration:
        """The confidence models, thresholds and their record on held-out questions."""
        return self._calibration

    def match(self, question: str) -> Match:
        """Match one question (see ``split_questions`` for a message with several).

        Any text will do, in bounded time; Slack markup is cleaned off first.
        """
        read = _read(self._words, clean(question))
        scored = self._index.score(read.reading)
        return self._decide(read, scored)

    def _decide(self, read: _Read, scored: Scored) -> Match:
        calibration = self._calibration
        found = measures(scored)
        confidence = calibration.first(found) if scored.entries else 0.0
        among_three = calibration.among_three(found) if scored.entries else 0.0
        limits = calibration.thresholds
        outcome: Outcome
        if not scored.entries:
            outcome, reason = "none", "no word of the question is in the knowledge base"
        elif among_three < limits.choices:
            outcome, reason = "none", "nothing is near enough"
        elif confidence >= limits.answer:
            outcome, reason = "answer", "the first entry is sure enough"
        else:
            outcome, reason = "choices", "something is near, none is sure enough"
        ranked = tuple(
            Ranked(self._ids[entry], round(score, 4), round(confidence * share, 4))
            for entry, score, share in zip(
                scored.entries, scored.scores, _shares(scored.scores), strict=True
            )
        )
        why = Why(
            read=read.text,
            tokens=read.reading.stems,
            codes=read.reading.codes,
            expansions=read.expansions,
            matched=tuple(
                (name, round(weight, 4))
                for name, weight in (
                    self._index.matched(read.reading, scored.entries[0]) if scored.entries else ()
                )
            ),
            measures={
                "first": round(confidence, 4),
                "among_three": round(among_three, 4),
                "cover": round(scored.cover, 4),
            },
            thresholds={"answer": limits.answer, "choices": limits.choices},
            scores=tuple((item.id, item.score) for item in ranked),
            reason=reason,
        )
        return Match(outcome, ranked, confidence, read.repairs, why)


def _shares(scores: Sequence[float]) -> list[float]:
    """How each score compares with the first: 1 for the first, falling with the distance."""
    return [(score / scores[0]) ** 4 for score in scores] if scores and scores[0] > 0 else []


def _read(words: Words, text: str, *, repair: bool = True) -> _Read:
    years: list[str] = []

    def note(match: re.Match[str]) -> str:
        found = find_years(match[0], today=None)
        years.extend(str(year) for year in found)
        return " " if found else match[0]

    tokens, repairs = words.codes_in(tokenise(_YEAR.sub(note, text)))
    if repair:
        tokens, spelling = words.repair(tokens)
        repairs += spelling
    tokens = [token for token in tokens if not _idle_number(token, words, repair)]
    known_years = [year for year in years if not repair or words.knows(year)]
    if not repair:
        for name in [*years, *(token.word for token in tokens if token.word.isdigit())]:
            words.counts[name] += 1
    expansions = words.concepts(tokens)
    codes = [token for token in tokens if token.exact and not token.word.isdigit()]
    meanings = [
        stem(word)
        for expansion in expansions
        for word in fold(expansion.meaning).split()
        if word.isalpha()
    ]
    for code in codes:
        parts = _PARTS.findall(code.raw)
        if len(parts) > 1:
            meanings += [stem(part.lower()) for part in parts]
    reading = Reading(
        stems=(*(token.stem for token in tokens), *known_years),
        words=tuple(token.word for token in tokens if not token.exact),
        codes=tuple(token.word for token in codes),
        concepts=tuple(expansion.concept for expansion in expansions),
        meanings=tuple(meanings),
    )
    shown = " ".join(token.raw if token.exact else token.word for token in tokens)
    return _Read(reading, tuple(repairs), tuple(expansions), shown)


def _idle_number(token: Token, words: Words, asking: bool) -> bool:
    """A figure that no entry mentions says nothing about which entry is meant."""
    return asking and token.word.isdigit() and not words.knows(token.word)


def _stems(text: str) -> list[str]:
    return [token.stem for token in tokenise(text)]


def _content_key(
    candidates: Sequence[Candidate], vocabulary: Vocabulary, limits: Limits, layer: str = ""
) -> str:
    content = [
        _FORMAT,
        layer,
        asdict(limits),
        [[c.id, list(c.phrasings), c.text] for c in candidates],
        [list(group) for group in vocabulary.groups],
        sorted(vocabulary.codes),
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:24]


def _load(cache_dir: Path | None, key: str) -> Calibration | None:
    if cache_dir is None:
        return None
    try:
        data = json.loads((cache_dir / f"calibration-{key}.json").read_text(encoding="utf-8"))
        return Calibration.from_json(data)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _save(cache_dir: Path | None, key: str, calibration: Calibration) -> None:
    """Write beside and rename, so that two processes never read half a file."""
    if cache_dir is None:
        return
    try:
        cache_dir.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=cache_dir, suffix=".part")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(calibration.to_json(), file)
        Path(name).replace(cache_dir / f"calibration-{key}.json")
    except OSError:
        return
