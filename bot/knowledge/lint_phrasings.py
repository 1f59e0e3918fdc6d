"""How entries are asked: in enough ways, each its own, and none made from one mould."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.errors import LintFinding
from bot.knowledge.models import Entry
from bot.yaml_files import Document

__all__ = ["MAX_SAME_OPENING", "MIN_PHRASINGS", "Phrasings"]

MIN_PHRASINGS = 8
MAX_SAME_OPENING = 6
"""In how many entries a phrasing may begin with the same five words."""
_OPENING = re.compile(r"[\w']+(?:\W+[\w']+){4}")


@dataclass(frozen=True)
class _Place:
    """Where a phrasing stands; its line is looked up only when something is wrong with it."""

    document: Document
    path: tuple[str | int, ...]

    def finding(self, message: str, remedy: str, *, error: bool = True) -> LintFinding:
        return LintFinding(self.document.problem(self.path, message, remedy), error)


@dataclass
class Phrasings:
    """Those of the entries met so far."""

    _owners: dict[str, tuple[str, str]] = field(default_factory=dict)
    """A phrasing as it is compared → the entry that has it, and its file."""
    _openings: dict[str, dict[str, _Place]] = field(default_factory=lambda: defaultdict(dict))
    """Five words → the entries with a phrasing that begins so, and where."""

    def findings(
        self, document: Document, index: int, entry: Entry, *, shipped: bool
    ) -> Iterator[LintFinding]:
        """What is wrong with one entry's; too few are an error in a shipped entry only."""
        if len(entry.also_asked) < MIN_PHRASINGS:
            message = f"{entry.id}: has {len(entry.also_asked)} phrasings."
            remedy = f"Add the ways staff ask it, at least {MIN_PHRASINGS}."
            yield _Place(document, (index, "also_asked")).finding(message, remedy, error=shipped)
        own: set[str] = set()
        for number, phrasing in enumerate([entry.question, *entry.also_asked]):
            key = " ".join(phrasing.casefold().rstrip("?.! ").split())
            place = _Place(
                document, (index, "question") if number == 0 else (index, "also_asked", number - 1)
            )
            if key in own:
                yield place.finding(f"{entry.id}: {phrasing!r} stands twice.", "Keep one of them.")
            own.add(key)
            owner, where = self._owners.setdefault(key, (entry.id, document.file))
            if owner != entry.id:
                message = f"{entry.id}: this phrasing stands in {owner} ({where}) too."
                yield place.finding(message, "Keep it where it belongs.")
            opening = _OPENING.match(key)
            if opening and number:
                words = " ".join(re.findall(r"[\w']+", opening[0]))
                self._openings[words].setdefault(entry.id, place)

    def from_one_mould(self) -> Iterator[LintFinding]:
        """Phrasings that begin as those of many other entries do: they tell none apart."""
        for words, where in self._openings.items():
            for entry_id, place in list(where.items())[MAX_SAME_OPENING:]:
                others = ", ".join(other for other in where if other != entry_id)
                message = f"{entry_id}: {words!r} begins a phrasing of {others} too."
                remedy = "Write it as somebody would type it about this entry alone."
                yield place.finding(message, remedy)
