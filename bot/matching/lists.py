"""The word lists that come with the matcher (data/, licences beside them), read when needed."""

from __future__ import annotations

import gzip
from functools import lru_cache
from importlib.resources import files

__all__ = ["common_words", "english_words", "word_pieces"]

_COMMON = 15_000


def _lines(name: str) -> list[str]:
    packed = files("bot.matching").joinpath("data", name).read_bytes()
    return gzip.decompress(packed).decode("utf-8").split("\n")[:-1]


@lru_cache(maxsize=1)
def english_words() -> frozenset[str]:
    """Good English, lower case."""
    return frozenset(_lines("english.txt.gz"))


@lru_cache(maxsize=1)
def word_pieces() -> tuple[str, ...]:
    """The encoder's pieces in the order of their numbers; whole words stand in it by frequency."""
    return tuple(_lines("wordpiece.txt.gz"))


@lru_cache(maxsize=1)
def common_words() -> dict[str, int]:
    """Common English words of three letters or more, each with its rank, the commonest first."""
    english = english_words()
    return {
        word: rank
        for rank, word in enumerate(word_pieces()[:_COMMON])
        if len(word) >= 3 and word in english
    }
