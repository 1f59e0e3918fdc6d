"""Codes found by what they stand for: "LLDD code for autism", "withdrawal reason for illness"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.explain.word_lists import word_list
from bot.ilr.specification import Code, YearSpecification

__all__ = ["FoundCode", "codes_titled", "has_words", "question_of_a_code"]

MAX_FOUND = 8
"""More than this and the words say too little."""

_ASKS = re.compile(
    r"^(?:(?:please|pls|hi|so|and|but)[\s,]+)*"
    r"(?:what(?:['’]?s|\s+is|\s+are)?\s+|whats\s+|which\s+(?:is\s+)?)?(?:the\s+|an?\s+)?"
    r"(?P<kind>[a-z][a-z &/]*?)?\s*\bcodes?\s+(?:is\s+|do\s+i\s+use\s+)?(?:for|if|when|meaning)\s+"
    r"(?P<title>.+?)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class FoundCode:
    """A code, and the field or type it belongs to."""

    kind: str
    """``LLDDCat`` or ``SOF``."""
    code: Code


def question_of_a_code(text: str) -> tuple[str, str] | None:
    """The list that is asked about (empty when it is not said) and the words of the title."""
    match = _ASKS.match(text)
    return ((match["kind"] or "").strip(), match["title"].strip()) if match else None


def codes_titled(
    specification: YearSpecification, title: str, kinds: frozenset[str] | None
) -> list[FoundCode]:
    """Codes whose titles hold all of these words.

    ``kinds``: the names of the fields and types to look in; None for all of them, and then the
    words have to be at least half of the title, because they alone say which list is meant.
    """
    wanted = _stems(title)
    if not wanted:
        return []
    found = []
    for kind, code in _every(specification):
        if kinds is not None and kind not in kinds:
            continue
        has = _stems(code.title)
        if wanted <= has and (kinds is not None or 2 * len(wanted) >= len(has)):
            found.append(FoundCode(kind, code))
    return found if len(found) <= MAX_FOUND else []


def has_words(title: str, words: str) -> bool:
    """Whether a title has all of these words, and at least one was given."""
    wanted = _stems(words)
    return bool(wanted) and wanted <= _stems(title)


def _every(specification: YearSpecification) -> Iterator[tuple[str, Code]]:
    for entity in specification.entities.values():
        for field in entity.fields.values():
            for code in field.codes.values():
                yield field.name, code
            for kind in field.types.values():
                for code in kind.codes:
                    yield kind.code, code


def _stems(text: str) -> frozenset[str]:
    """The beginnings of words, so that "transferred" finds "transfer"."""
    small = word_list("in_a_title")
    words = re.findall(r"[a-z0-9]+", re.sub("[’']", "", text.casefold()))
    bare = (re.sub(r"(?:ial(?:ly)?|ly)$", "", word) for word in words if word not in small)
    return frozenset(word[:5] if len(word) > 5 else word.rstrip("s") for word in bare)
