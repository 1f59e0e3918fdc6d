"""The word lists of word_lists.yaml, and what a question holds besides them."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.yaml_files import quick_load

__all__ = ["word_list", "words_besides"]

_RETURN = re.compile(r"\bR\s?(?:0?[1-9]|1[0-4])\b", re.IGNORECASE)


@lru_cache(maxsize=1)
def _lists() -> dict[str, frozenset[str]]:
    held = quick_load("bot.explain", "word_lists.yaml")
    return {name: frozenset(map(str, words)) for name, words in held.items()}


def word_list(*names: str) -> frozenset[str]:
    """The words of one or several lists together. Raises KeyError for an unknown list."""
    return frozenset().union(*(_lists()[name] for name in names))


def words_besides(text: str, allowed: frozenset[str]) -> set[str]:
    """The words of a question that are neither among these, nor a year, nor a return."""
    words = re.findall(r"[a-z][a-z’']*", _RETURN.sub(" ", text).casefold())
    told = {word.strip("’'") for word in words}
    # "what's" may stand in a list as itself or as "whats".
    return {word for word in told if not {word, re.sub("[’']", "", word)} & allowed} - {"s", "ay"}
