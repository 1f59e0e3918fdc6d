"""Ways of asking as data: "(a|b|) * c", where (…|…) is one of these, # a number, and * up to five
words, or at the end up to twelve."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["compile_ways", "line_of"]

_ANYTHING = r"(?:\S+\s){0,5}"
_REST = r"(?:\S+\s){0,12}"
_NUMBER = r"\d+\s"


def line_of(text: str) -> str:
    """A text as ways are matched against it: small letters, words only, a space after each."""
    words = re.findall(r"[\w'/-]+", text.casefold().replace("’", "'"))
    return " ".join(words) + " " if words else ""


def compile_ways(ways: Iterable[str], *, lead_in: str = "") -> re.Pattern[str]:
    """One pattern for several ways, to be matched against ``line_of`` a text."""
    return re.compile(rf"{lead_in}(?:{'|'.join(map(_pattern, ways))})")


def _pattern(way: str) -> str:
    parts = re.findall(r"\([^)]*\)|\*|\S+", way)
    told = "".join(_ANYTHING if part == "*" else _one_of(part) for part in parts[:-1])
    return told + (_REST if parts[-1] == "*" else _one_of(parts[-1]))


def _one_of(part: str) -> str:
    choices = part.strip("()").split("|")
    told = "|".join(map(_words, filter(None, choices)))
    return f"(?:{told})" + ("?" if "" in choices else "")


def _words(choice: str) -> str:
    return _NUMBER if choice == "#" else re.escape(choice).replace(r"\ ", r"\s") + r"\s"
