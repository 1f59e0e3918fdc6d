"""A question or phrasing as the index and the encoder see it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.matching.index import Reading
from bot.matching.text import Token, fold, stem, tokenise
from bot.matching.words import Expansion, Repair, Words
from bot.years import find_years

__all__ = ["Read", "Tokens", "read"]

_YEAR = re.compile(
    r"\b(?:ay\s*)?(?:20\d\d\s*(?:-|/|to)\s*(?:20)?\d\d|\d\d\s*[-/]\s*\d\d)\b(?![/-]\d)", re.I
)
_PARTS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+")


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words of a text, its academic years taken out and written one way (2026-27)."""

    tokens: tuple[Token, ...]
    years: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Tokens:
        """Cut a cleaned text up."""
        years: list[str] = []

        def note(match: re.Match[str]) -> str:
            found = find_years(match[0], today=None)
            years.extend(str(year) for year in found)
            return " " if found else match[0]

        return cls(tuple(tokenise(_YEAR.sub(note, text))), tuple(years))

    def words(self) -> Iterator[str]:
        """What the knowledge base learns from it: words, figures and years, not codes."""
        yield from self.years
        for token in self.tokens:
            if not token.exact or token.word.isdigit():
                yield token.word


@dataclass(frozen=True, slots=True)
class Read:
    """A text read with the knowledge base's words in mind."""

    reading: Reading
    repairs: tuple[Repair, ...]
    expansions: tuple[Expansion, ...]
    text: str
    """The words as read, repaired, for ``why``."""
    encoded: str
    """The same for the encoder: abbreviations give way to what they stand for."""


def read(words: Words, text: Tokens, *, asking: bool = True) -> Read:
    """Settle codes, repair words, find glossary terms.

    ``asking`` False for the knowledge base's own text, which is taken as it stands. Figures
    and years that no entry mentions say nothing about which entry is meant: they are left out.
    """
    tokens, repairs = words.codes_in(text.tokens)
    if asking:
        tokens, spelling = words.repair(tokens)
        repairs += spelling
        tokens = [t for t in tokens if not t.word.isdigit() or words.knows(t.word)]
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
    years = [year for year in text.years if not asking or words.knows(year)]
    shown = " ".join(token.raw if token.exact else token.word for token in tokens)
    encoded = f" {shown.lower()} "
    for expansion in expansions:
        found, meaning = fold(expansion.found), fold(expansion.meaning)
        if found != meaning:
            encoded = encoded.replace(f" {found} ", f" {meaning} ", 1)
    return Read(
        Reading(
            stems=(*(token.stem for token in tokens), *years),
            words=tuple(token.word for token in tokens if not token.exact),
            codes=tuple(token.word for token in codes),
            concepts=tuple(expansion.concept for expansion in expansions),
            meanings=tuple(meanings),
        ),
        tuple(repairs),
        tuple(expansions),
        " ".join([shown, *years]).strip(),
        encoded.strip(),
    )
