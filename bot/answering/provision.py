"""Whose record a question speaks of: an apprentice's, a T Level student's, an adult's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.knowledge.models import Entry, Provision, ProvisionWords

__all__ = ["ProvisionFinder", "suits"]

_UNDER_19 = re.compile(r"\b1[4-8]\s*-?\s*(?:yr|year|y/?o)", re.IGNORECASE)
"""An age that no adult has, whoever else is named beside."""
_FROM_BEFORE = (
    r"\b(?:with|has|had|having|holds?|holding|got|gained|already|passed|achieved|completed|finished"
    r"|did|done)\s+(?:(?!(?:on|for|to|as|who|that)\b)[\w']+\s+){0,3}?"
)
_STILL_ON_IT = r"(?!\s+(?:students?|learners?|groups?|courses?|programmes?|lot|aims?)\b)"


class ProvisionFinder:
    """Finds the kinds of provision a question names, by a knowledge base's words."""

    def __init__(self, words: Sequence[ProvisionWords]) -> None:
        self._titles = {one.id: one.title for one in words}
        self._strong = {one.id: _any_of(one.words) for one in words}
        self._things = {one.id: _any_of(one.things) for one in words if one.things}
        self._weak = {one.id: _any_of(one.weaker) for one in words if one.weaker}
        held = [word for one in words for word in one.held]
        self._held = (
            re.compile(f"{_FROM_BEFORE}{_any_of(held).pattern}{_STILL_ON_IT}", re.IGNORECASE)
            if held
            else None
        )
        self._unless = {one.id: _any_of(one.unless) for one in words if one.unless}

    def find(self, text: str) -> frozenset[Provision]:
        """The kinds named; none when the question does not say.

        "Does a T Level employer pay the levy" is about T Levels: what belongs to another kind is
        only what is asked after. "Has an A level, wants free courses for jobs" is about the latter.
        """
        wanted = self._held.sub(" ", text) if self._held else text
        return self._named(wanted) or self._named(text)

    def _named(self, text: str) -> frozenset[Provision]:
        named = self._saying(self._strong, text) or self._saying(self._things, text)
        young = Provision.ADULT_SKILLS in named and _UNDER_19.search(text)
        return frozenset(named | ({Provision.STUDY_PROGRAMME} if young else set()))

    def hinted(self, text: str) -> frozenset[Provision]:
        """Kinds that an age or a like sign speaks of, where none is named."""
        return frozenset(kind for kind, words in self._weak.items() if words.search(text))

    def _saying(self, words: dict[Provision, re.Pattern[str]], text: str) -> set[Provision]:
        found = set()
        for kind, any_of in words.items():
            unless = self._unless.get(kind)
            if any_of.search(unless.sub(" ", text) if unless else text):
                found.add(kind)
        return found

    def titles(self, kinds: Iterable[Provision]) -> str:
        """The kinds in words: "apprenticeships and T Levels"."""
        named = sorted(self._titles[kind] for kind in kinds)
        return " and ".join(filter(None, [", ".join(named[:-1]), *named[-1:]]))


def suits(entry: Entry, kinds: frozenset[Provision]) -> bool:
    """Whether an entry may answer a question about these kinds of provision."""
    return not kinds or Provision.ALL in entry.provision or bool(kinds & set(entry.provision))


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Any of the words as whole words; capitals matter for those written in capitals."""
    told = []
    for word in sorted(words, key=len, reverse=True):
        pattern = re.escape(word).replace(r"\ ", r"[\s-]+")
        told.append(pattern if any(char.isupper() for char in word) else f"(?i:{pattern})")
    return re.compile(rf"(?<![\w])(?:{'|'.join(told)})(?![\w])")
