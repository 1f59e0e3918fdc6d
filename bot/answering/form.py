"""Whether a line looks like a question. The words are data: form.yaml."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.yaml_files import quick_load

__all__ = ["has_form_of_question"]

MAX_WORDS_BEFORE = 4
"""Greetings and the like before the first word of a question."""
_WORD = re.compile(r"[a-z']+")


def has_form_of_question(raw: str) -> bool:
    """Whether a line asks by its form: a question mark, how it begins, or a plea for help."""
    words = _WORD.findall(raw.casefold().replace("’", "'"))
    before, begin = _words("before"), _words("begin")
    first = next((place for place, word in enumerate(words) if word not in before), len(words))
    begins = first <= MAX_WORDS_BEFORE and bool(begin.intersection(words[first : first + 1]))
    return "?" in raw or begins or _pleas().search(" ".join(words)) is not None


@lru_cache(maxsize=1)
def _book() -> dict[str, list[str]]:
    book: dict[str, list[str]] = quick_load("bot.answering", "form.yaml")
    return book


@lru_cache(maxsize=2)
def _words(name: str) -> frozenset[str]:
    return frozenset(map(str, _book()[name]))


@lru_cache(maxsize=1)
def _pleas() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, _book()['pleas']))})\b")
