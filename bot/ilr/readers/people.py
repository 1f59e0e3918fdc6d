"""A person's name as screens show it, parted into the two fields of the ILR."""

from __future__ import annotations

import re

from bot.privacy.vocabulary import is_given_name, is_ordinary, is_surname

__all__ = ["split_name"]

_TITLE = re.compile(r"^(?:mr|mrs|miss|ms|mx|dr)\.?\s+", re.IGNORECASE)
_OF_SURNAME = frozenset(
    "de da do dos del della di du la le van von der den ter el al bin ibn st".split()
)
"""Small words that begin a surname: "Mary-Ann De Souza"."""
_NAME = re.compile(r"[^\W\d_][^\d,;:?]{0,60}")


def split_name(text: str) -> list[tuple[str, str]]:
    """Field and value of a family and a given name; nothing when it is not plainly both."""
    family, comma, given = text.partition(",")
    given = _TITLE.sub("", given.strip())
    if not comma:
        words = _TITLE.sub("", text.strip()).split()
        loud = [word for word in words if len(word) > 2 and word.isupper()]
        if len(loud) == 1 and len(words) > 1 and words[0] == loud[0]:
            # "HARGREAVES Tilly": capitals tell the surname.
            words = [*words[1:], words[0]]
        first = len(words) - 1
        while first > 1 and words[first - 1].casefold() in _OF_SURNAME:
            first -= 1
        given, family = " ".join(words[:first]), " ".join(words[first:])
    if not comma and _is_of_words(words):
        return []
    family, given = family.strip(), given.strip()
    if not (_NAME.fullmatch(family) and _NAME.fullmatch(given)):
        return []
    pairs = [("FamilyName", family), ("GivenNames", given)]
    return pairs if comma else pairs[::-1]


def _is_of_words(words: list[str]) -> bool:
    """Whether words are ordinary ones and nobody's name: "Contact and Health"."""
    return all(map(is_ordinary, (word.casefold() for word in words))) and not any(
        is_given_name(word) or is_surname(word) for word in words
    )
