"""Names with a slip of the keyboard in them: a letter left out, doubled or swapped."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

__all__ = ["Resembling"]

_SHORTEST, _ONE_SLIP = 6, 10
"""Letters of a name that may have a slip at all, and of one that may have two."""


class Resembling:
    """Finds the known name that somebody slipped in, among names and where they lead."""

    def __init__(self, fields: Mapping[str, Sequence[tuple[str, str]]]) -> None:
        """``fields``: each name's places. A name that is added later is not found."""
        self._fields = fields
        self._near: dict[tuple[int, int], list[str]] = {}

    def __call__(self, bare: str) -> str | None:
        """The one known name that is a slip or two away, with the same digits; None where several
        are as near."""
        if len(bare) < _SHORTEST:
            return None
        allowed = 1 if len(bare) < _ONE_SLIP else 2
        found = process.extract(
            bare,
            self._about_as_long(len(bare), allowed + 1),
            scorer=OSA.distance,
            score_cutoff=allowed + 1,
            limit=4,
        )
        digits = re.sub(r"\D", "", bare)
        near = [(word, away) for word, away, _ in found if re.sub(r"\D", "", word) == digits]
        if not near or near[0][1] > allowed or near[0][0].endswith("dates"):
            return None
        best, least = near[0][0], near[0][1]
        if len(bare) == _SHORTEST and bare == f"{best}s":
            return None  # "Grades" heads several
        rivals = near[1:]
        if _left_out(bare, best):
            # A letter left out is one slip; what would take two others is no rival to it.
            rivals = [(word, away) for word, away in rivals if _left_out(bare, word)]
        fields = self._fields
        if any(fields[word] != fields[best] and away <= least + 1 for word, away in rivals):
            return None
        return best

    def _about_as_long(self, length: int, slips: int) -> list[str]:
        """The names that so many slips could make of one so long."""
        kept = self._near.get((length, slips))
        if kept is None:
            kept = [word for word in self._fields if abs(len(word) - length) <= slips]
            self._near[length, slips] = kept
        return kept


def _left_out(bare: str, word: str) -> bool:
    """Whether a name is another without one or two of its letters."""
    letters = iter(word)
    return len(bare) < len(word) and all(one in letters for one in bare)
