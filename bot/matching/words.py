"""The words that a knowledge base knows: codes, abbreviations, and repair of misspelt words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.matching.lists import common_words, english_words
from bot.matching.text import LITTLE_WORDS, Token, fold, is_exact, stem, tokenise

__all__ = ["Expansion", "Repair", "Vocabulary", "Words"]


@dataclass(frozen=True)
class Vocabulary:
    """What the glossary tells the matcher."""

    groups: tuple[tuple[str, ...], ...] = ()
    """Each: a term, its spellings and its meaning, which stand for the same thing."""
    codes: frozenset[str] = frozenset()
    """Rule ids, field names, aim and return codes: matched exactly."""


@dataclass(frozen=True, slots=True)
class Repair:
    """A word that was read as another one."""

    word: str
    replacement: str
    kind: Literal["spelling", "split", "code"]


@dataclass(frozen=True, slots=True)
class Expansion:
    """A term of the glossary found in a question, and what it stands for."""

    found: str
    meaning: str
    concept: str


_OWN_WORD = 0.6
_FIRST_LETTER = 0.35
_RARE_WORD = 0.3 / 15_000
_MAX_REPAIRED = 0.6
_MIN_MENDED_LENGTH = 4
_LONG_WORD = 7
_PAIR = 0.4
"""What a neighbour that a word has in the knowledge base takes off its cost, in slips."""
_MAX_REMEMBERED = 10_000

_DROPPED = re.compile(r"(?<=.)[aeiou]+")
"""Vowels after the first letter, which hurried writers leave out: plcmnt, lrnr, emplyr."""
_MIN_SKELETON_LENGTH = 4
_PREFIX = re.compile(r"^(?:de|re|un|non|pre|mis|over|under|sub|co)(?=[a-z]{4})")
_DIGITS = re.compile(r"\d+")


class Words:
    """Reads a question with the knowledge base's own words in mind."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        counts: Mapping[str, int] | None = None,
        pairs: Iterable[str] = (),
    ) -> None:
        """``counts`` and ``pairs``: how often the knowledge base uses each word, and which words
        follow one another in it, when already known."""
        self._codes = {
            _squeeze(code): code for code in sorted(vocabulary.codes) if _looks_like_code(code)
        }
        self._long_codes = [code for code in self._codes if len(code) >= 7]
        self._concepts: dict[tuple[str, ...], tuple[str, str, bool]] = {}
        self._widths: dict[str, tuple[int, ...]] = {}
        self._likely: dict[str, tuple[tuple[float, str], ...]] = {}
        self._one_letter_away: dict[str, list[str]] = {}
        self.counts: Counter[str] = Counter()
        self.pairs: set[str] = set(pairs)
        for group in vocabulary.groups:
            self._add_group(group)
        if counts is not None:
            self.counts = Counter(counts)

    def learn(self, words: Iterable[str]) -> None:
        """Count the words of one text of the knowledge base, in their order. To be done before
        anything is read."""
        row = list(words)
        self.counts.update(row)
        self.pairs.update(f"{first} {second}" for first, second in pairwise(row))

    @cached_property
    def _targets(self) -> list[str]:
        return [word for word in self.counts if len(word) >= 3 and word.isalpha()]

    @cached_property
    def _skeletons(self) -> dict[str, str]:
        """The knowledge base's commonest word for each row of consonants."""
        ordered = sorted(self._targets, key=lambda word: (self.counts[word], word))
        return {_DROPPED.sub("", word): word for word in ordered}

    def _add_group(self, group: Sequence[str]) -> None:
        if len(group) < 2:
            return
        concept = "@" + fold(group[0])
        meaning = group[-1]
        for variant in group:
            tokens = tokenise(variant)
            if not tokens:
                continue
            for token in tokens:
                if not token.exact:
                    self.counts[token.word] += 1
            key = tuple(token.stem for token in tokens)
            in_capitals = variant.isupper() and _is_everyday(variant.lower())
            self._concepts.setdefault(key, (concept, meaning, in_capitals))
            widths = {len(key), *self._widths.get(key[0], ())}
            self._widths[key[0]] = tuple(sorted(widths, reverse=True))

    # reading ---------------------------------------------------------------------------

    def codes_in(self, tokens: Sequence[Token]) -> tuple[list[Token], list[Repair]]:
        """Join and settle codes: "R 04", "workplacestartdate 02" and near misses of long codes.

        A code is only ever read as another when its figures stay the same or a figure was
        dropped or doubled: WorkPlaceStartDate_04 is not WorkPlaceStartDate_02.
        """
        if not self._codes:
            return list(tokens), []
        settled: list[Token] = []
        repairs: list[Repair] = []
        squeezed = [_squeeze(token.raw) for token in tokens]
        position = 0
        while position < len(tokens):
            for width in (3, 2, 1):
                span = squeezed[position : position + width]
                if len(span) < width or (width > 1 and not span[-1][-1:].isdigit()):
                    continue
                code = self._codes.get("".join(span))
                if code is not None:
                    settled.append(Token(code, fold(code), fold(code), True))
                    position += width
                    break
            else:
                token = tokens[position]
                code = self._near_code(token, squeezed[position]) if token.exact else None
                if code is not None:
                    repairs.append(Repair(token.raw, code, "code"))
                    token = Token(code, fold(code), fold(code), True)
                settled.append(token)
                position += 1
        return settled, repairs

    def _near_code(self, token: Token, squeezed: str) -> str | None:
        if len(squeezed) < 6 or not self._long_codes or squeezed.isdigit():
            return None
        allowed = 1 if len(squeezed) < 10 else 2
        found = process.extract(
            squeezed, self._long_codes, scorer=OSA.distance, score_cutoff=allowed, limit=4
        )
        good = [(distance, code) for code, distance, _ in found if _same_figures(squeezed, code)]
        if not good:
            return None
        good.sort()
        if len(good) > 1 and good[0][0] == good[1][0]:
            return None
        return self._codes[good[0][1]]

    def repair(self, tokens: Sequence[Token]) -> tuple[list[Token], list[Repair]]:
        """Read words that neither the knowledge base nor English knows as the likeliest known one.

        A text of which most words are unknown is another language or noise: only single slips in
        long words are mended in it. An acronym is left alone: one that we do not know is not a
        slip of one that we do. Good English that the knowledge base never uses ("leaner record",
        "staring date") is mended only where one letter makes a pair of words that it does use.
        """
        tokens = [self._without_stray_capitals(token) for token in tokens]
        shouting = all(token.raw.isupper() for token in tokens)
        unknown = {
            position
            for position, token in enumerate(tokens)
            if not token.exact
            and self._is_unknown(token.word)
            and (shouting or not token.raw.isupper())
        }
        foreign = len(unknown) > max(1, _MAX_REPAIRED * len(tokens))
        read: list[Token] = []
        repairs: list[Repair] = []
        for position, token in enumerate(tokens):
            beside = (
                tokens[position - 1].word if position else "",
                tokens[position + 1].word if position + 1 < len(tokens) else "",
            )
            instead: tuple[str, ...] = (token.word,)
            if position in unknown:
                instead = self._nearest(token.word, beside)
                if foreign and not self._is_one_slip(token.word, instead):
                    instead = (token.word,)
            elif not token.exact and not foreign and not token.raw.isupper():
                instead = (self._paired(token.word, beside),)
            if instead == (token.word,):
                read.append(token)
                continue
            kind: Literal["split", "spelling"] = "split" if len(instead) > 1 else "spelling"
            repairs.append(Repair(token.raw, " ".join(instead), kind))
            read += [Token(token.raw, word, stem(word), False) for word in instead]
        return read, repairs

    def _without_stray_capitals(self, token: Token) -> Token:
        """Takes "xEtra" and "eMployer" for words with a slip of the shift key, not field names."""
        word = token.word
        if not token.exact or not word.isalpha() or word in self._codes:
            return token
        known = word in self.counts or word in english_words()
        if known or self._is_one_slip(word, self._nearest(word)):
            return Token(token.raw, word, stem(word), False)
        return token

    def _is_one_slip(self, word: str, instead: tuple[str, ...]) -> bool:
        """Whether a word of the knowledge base, or a long English one, has one letter wrong."""
        near = instead[0]
        return (
            len(instead) == 1
            and len(near) >= (_MIN_MENDED_LENGTH if near in self.counts else _LONG_WORD)
            and OSA.distance(word, near, score_cutoff=1) == 1
        )

    def knows(self, word: str) -> bool:
        """Whether the knowledge base uses this word at all."""
        return word in self.counts

    def _is_unknown(self, word: str) -> bool:
        return (
            len(word) >= 3
            and word.isalpha()
            and word not in self.counts
            and word not in english_words()
            and _PREFIX.sub("", word) not in english_words()
        )

    def _nearest(self, word: str, beside: tuple[str, str] = ("", "")) -> tuple[str, ...]:
        """The likeliest word: few slips, an unharmed first letter, one of the knowledge base's
        own words or at least a common one, and one that it uses ``beside`` the neighbours."""
        if len(word) >= _MIN_SKELETON_LENGTH and not _DROPPED.search(word):
            meant = self._skeletons.get(word)
            if meant is not None:
                return (meant,)
        likely = self._likely_words(word)
        if likely:
            return (min(likely, key=lambda each: (self._beside(each, beside), each))[1],)
        for cut in range(3, len(word) - 2):
            if word[:cut] in self.counts and word[cut:] in self.counts:
                return (word[:cut], word[cut:])
        return (word,)

    def _beside(self, likely: tuple[float, str], beside: tuple[str, str]) -> float:
        """The cost of a word, less what its neighbours make it likelier."""
        cost, near = likely
        pairs = (f"{beside[0]} {near}" in self.pairs) + (f"{near} {beside[1]}" in self.pairs)
        return cost - _PAIR * pairs

    def _likely_words(self, word: str) -> tuple[tuple[float, str], ...]:
        """Known words that this one may be a slip of, each with its cost."""
        likely = self._likely.get(word)
        if likely is None:
            if len(self._likely) > _MAX_REMEMBERED:
                self._likely.clear()
            likely = self._likely[word] = tuple(self._look_up(word))
        return likely

    def _look_up(self, word: str) -> Iterator[tuple[float, str]]:
        allowed = 1 if len(word) < 6 else 2
        common = common_words()
        for words in (self._targets, list(common)):
            for near, distance, _ in process.extract(
                word, words, scorer=OSA.distance, score_cutoff=allowed, limit=12
            ):
                own = self.counts[near]
                rank = common.get(near, 0)
                yield _cost(word, near, distance, bool(own), rank) - 1e-6 * own, near

    def _paired(self, word: str, beside: tuple[str, str]) -> str:
        """A word one letter away that the knowledge base uses beside the same word of substance,
        for one that it never uses; the word itself when there is none."""
        before, after = (
            each if each in self.counts and each not in LITTLE_WORDS else "" for each in beside
        )
        if not (before or after) or len(word) < _MIN_MENDED_LENGTH or word in self.counts:
            return word
        near = self._one_letter_away.get(word)
        if near is None:
            if len(self._one_letter_away) > _MAX_REMEMBERED:
                self._one_letter_away.clear()
            near = self._one_letter_away[word] = [
                other
                for other, _, _ in process.extract(
                    word, self._targets, scorer=OSA.distance, score_cutoff=1, limit=12
                )
                if len(other) > _MIN_MENDED_LENGTH
                and other not in LITTLE_WORDS
                and stem(other) != stem(word)
            ]
        found = [
            (word[0] != other[0], -self.counts[other], other)
            for other in near
            if f"{before} {other}" in self.pairs or f"{other} {after}" in self.pairs
        ]
        return min(found)[2] if found else word

    def concepts(self, tokens: Sequence[Token]) -> list[Expansion]:
        """Terms of the glossary in the order found, longest spelling first, none overlapping."""
        found: list[Expansion] = []
        position = 0
        while position < len(tokens):
            widths = self._widths.get(tokens[position].stem, ())
            for width in widths:
                span = tokens[position : position + width]
                hit = self._concepts.get(tuple(token.stem for token in span))
                if hit is None or (hit[2] and not span[0].raw.isupper()):
                    continue
                written = " ".join(token.raw for token in span)
                found.append(Expansion(written, hit[1], hit[0]))
                position += width
                break
            else:
                position += 1
        return found


_TWO_LETTERS = frozenset(
    "am an as at be by do go he hi if in is it me my no of oh ok on or so to up us we".split()
)


def _is_everyday(word: str) -> bool:
    """Whether an acronym must be told from a short word by its capitals: IT, HE, AIM."""
    return word in _TWO_LETTERS or (len(word) <= 4 and word in english_words())


def _looks_like_code(code: str) -> bool:
    """Field names that are plain words ("Outcome", "Sex") are read as words."""
    return is_exact(code) or (code.isupper() and code.lower() not in english_words())


def _cost(typed: str, near: str, distance: int, own: bool, rank: int) -> float:
    """How unlikely it is that ``near`` was meant."""
    swapped = typed[1::-1] == near[:2]
    harmed_start = typed[0] != near[0] and not swapped
    strangeness = -_OWN_WORD if own else _RARE_WORD * rank
    return distance + _FIRST_LETTER * harmed_start + strangeness


def _squeeze(text: str) -> str:
    folded = fold(text)
    return folded if folded.isalnum() else "".join(filter(str.isalnum, folded))


def _same_figures(one: str, other: str) -> bool:
    """Whether two codes agree in their figures, or one has only lost or doubled some."""
    first, second = "".join(_DIGITS.findall(one)), "".join(_DIGITS.findall(other))
    if first == second:
        return True
    if len(first) == len(second):
        return False
    short, long = sorted((first, second), key=len)
    figures = iter(long)
    return bool(short) and all(figure in figures for figure in short)
