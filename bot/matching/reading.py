"""A question or phrasing as the index and the encoder see it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.matching.index import QuestionFeatures
from bot.matching.text import Token, fold, stem, tokenise
from bot.matching.words import Expansion, Repair, Words
from bot.years import find_years

__all__ = ["Read", "Tokens", "read"]

_YEAR = re.compile(
    r"\b(?:ay\s*)?(?:20\d\d\s*(?:-|/|to)\s*(?:20)?\d\d|\d\d\s*[-/]\s*\d\d)\b(?![/-]\d)", re.I
)
_EMPTY = re.compile(r"[(\[]\s*[)\]]")
"""What is left of brackets around a year."""
_PARTS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+")


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words of a text, its academic years taken out and written one way (2026-27)."""

    tokens: tuple[Token, ...]
    years: tuple[str, ...]
    text: str
    """What the tokens were cut from."""

    @classmethod
    def of(cls, text: str) -> Tokens:
        """Cut a cleaned text up."""
        years: list[str] = []

        def note(match: re.Match[str]) -> str:
            found = find_years(match[0], today=None)
            years.extend(str(year) for year in found)
            return " " if found else match[0]

        without = _YEAR.sub(note, text)
        return cls(tuple(tokenise(without)), tuple(years), without)

    def words(self) -> Iterator[str]:
        """What the knowledge base learns from it: words, figures and years, not codes."""
        yield from self.years
        for token in self.tokens:
            if not token.exact or token.word.isdigit():
                yield token.word


@dataclass(frozen=True, slots=True)
class Read:
    """A text read with the knowledge base's words in mind."""

    reading: QuestionFeatures
    repairs: tuple[Repair, ...]
    expansions: tuple[Expansion, ...]
    text: str
    """The words as read, repaired, for ``why``."""
    encoded: str
    """The sentence for the encoder, as written but for what was repaired; abbreviations give way
    to what they stand for."""


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
    instead = [(repair.word, repair.replacement) for repair in repairs]
    instead += [(found.found, fold(found.meaning)) for found in expansions]
    return Read(
        QuestionFeatures(
            stems=(*(token.stem for token in tokens), *years),
            words=tuple(token.word for token in tokens if not token.exact),
            codes=tuple(token.word for token in codes),
            concepts=tuple(expansion.concept for expansion in expansions),
            meanings=tuple(meanings),
        ),
        tuple(repairs),
        tuple(expansions),
        " ".join([shown, *years]).strip(),
        _sentence(text.text, instead),
    )


def _sentence(text: str, instead: Iterable[tuple[str, str]]) -> str:
    """The text in small letters with some of its words, each once, given other ones.

    An encoder was trained on sentences: their stops, figures and apostrophes help it.
    """
    sentence = text
    for words, others in instead:
        pattern = r"\W+".join(map(re.escape, words.split()))
        found = re.search(rf"(?<![^\W_]){pattern}(?![^\W_])", sentence, re.I)
        if found:
            sentence = sentence[: found.start()] + others + sentence[found.end() :]
    return " ".join(_EMPTY.sub(" ", sentence).lower().split())
