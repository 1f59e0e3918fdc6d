"""A person's name as screens show it, parted into the two fields of the ILR."""

from __future__ import annotations

import re

__all__ = ["split_name"]

_TITLE = re.compile(r"^(?:mr|mrs|miss|ms|mx|dr)\.?\s+", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d_][^\d,;:?]{0,60}")


def split_name(text: str) -> list[tuple[str, str]]:
    """Field and value of a family and a given name; nothing when it is not plainly both."""
    family, comma, given = text.partition(",")
    given = _TITLE.sub("", given.strip())
    if not comma:
        given, _, family = _TITLE.sub("", text.strip()).rpartition(" ")
    family, given = family.strip(), given.strip()
    if not (_NAME.fullmatch(family) and _NAME.fullmatch(given)):
        return []
    pairs = [("FamilyName", family), ("GivenNames", given)]
    return pairs if comma else pairs[::-1]
