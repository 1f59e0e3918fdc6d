"""The matcher as a peer of a FAQ-matching bench that loads adapters from a file.

The bench calls ``PEERS[name](entries)`` and then, for each question, ``query``, ``confidence``
and ``decide``. Entries are dictionaries with id, question, phrasings and answer.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bot.matching import Candidate, Encoder, Match, Matcher, Vocabulary, find_encoder

_DECISIONS = {"answer": "answer", "choices": "offer", "none": "decline"}
_shared_encoder: list[Encoder] = []


class Product:
    """The core alone."""

    def __init__(self, entries: Sequence[dict[str, Any]], encoder: Encoder | None = None) -> None:
        candidates = [
            Candidate(entry["id"], (entry["question"], *entry["phrasings"]), text=entry["answer"])
            for entry in entries
        ]
        self._matcher = Matcher.build(candidates, Vocabulary(), encoder=encoder, ready="now")
        if encoder is not None and not self._matcher.semantic:
            raise ImportError(self._matcher.problem)
        self._last: tuple[str, Match] | None = None

    def _match(self, text: str) -> Match:
        if self._last is None or self._last[0] != text:
            self._last = (text, self._matcher.match(text))
        return self._last[1]

    def query(self, text: str) -> list[tuple[str, float]]:
        """Entries with scores, best first."""
        return [(ranked.id, ranked.score) for ranked in self._match(text).ranked]

    def confidence(self, text: str, ranked: object) -> float:
        """How likely the first one is right."""
        return self._match(text).confidence

    def decide(self, text: str, ranked: object) -> str:
        """The matcher's own outcome, in the bench's words."""
        return _DECISIONS[self._match(text).outcome]


def with_layer(entries: Sequence[dict[str, Any]]) -> Product:
    """The core and the semantic layer."""
    if not _shared_encoder:
        found = find_encoder()
        if found is None:
            raise ImportError("the semantic extra is not installed")
        _shared_encoder.append(found)
    return Product(entries, _shared_encoder[0])


PEERS = {"product": Product, "product+semantic": with_layer}
