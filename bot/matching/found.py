"""What the matcher is given and what it finds."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from bot.matching.words import Expansion, Repair

__all__ = ["Candidate", "Match", "MatchKind", "Ranked", "Why"]

MatchKind = Literal["answer", "likely", "choices", "none"]


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
    repaired: tuple[Repair, ...] = ()
    """Words that were read as others."""
    reason: str = ""
    semantic: bool = False

    def to_json(self) -> dict[str, Any]:
        """Plain data for ``--json``."""
        return asdict(self)


@dataclass(frozen=True)
class Match:
    """The outcome for one question."""

    outcome: MatchKind
    ranked: tuple[Ranked, ...]
    confidence: float
    repaired: tuple[Repair, ...]
    why: Why
    scope: float = 0.0
    """How much likelier a covered question is than a near miss, as log odds."""
    unsuitable: str | None = None
    """The entry that was left out as unsuitable and is nearer than any other."""
