"""Bands that forms have in place of a code: "Hours a week: 11-20", "Employed for: 4 to 6 months".

Only a whole band is one: "37.5" hours is a number, from which no code is worked out here.
"""

from __future__ import annotations

import re

from bot.ilr.readers.names import Label

__all__ = ["band_of", "is_of_bands"]

_BANDS: dict[str, dict[tuple[int, int | None], str]] = {
    "EII": {(0, 10): "5", (11, 20): "6", (21, 30): "7", (31, None): "8"},
    "LOE": {(0, 3): "1", (4, 6): "2", (7, 12): "3", (13, None): "4"},
    "LOU": {(0, 5): "1", (6, 11): "2", (12, 23): "3", (24, 35): "4", (36, None): "5"},
}
_UNIT = r"\s{0,3}(?:hours?|hrs?|months?|mths?)?(?: (?:a|per) week)?"
_RANGE = re.compile(rf"(\d{{1,2}})\s?(?:-|–|to)\s?(\d{{1,2}}){_UNIT}", re.IGNORECASE)
_UP_TO = re.compile(rf"(up to|under|less than|fewer than|<)\s?(\d{{1,2}}){_UNIT}", re.IGNORECASE)
_FROM = re.compile(
    rf"(\d{{1,2}})\s?(?:\+|plus|{_UNIT} ?(?:or|and) (?:more|over|above)){_UNIT}", re.IGNORECASE
)
_OVER = re.compile(rf"(?:over|more than|>)\s?(\d{{1,2}}){_UNIT}", re.IGNORECASE)
_OF_HOURS = re.compile(r"\b(?:hours?|hrs?)\b", re.IGNORECASE)


def is_of_bands(label: Label) -> bool:
    """Whether a name is of a number that has a band and no code: "Hours a week"."""
    return label.fam_type in _BANDS and _OF_HOURS.search(label.said) is not None


def band_of(kind: str, text: str) -> str | None:
    """The code of a band of this type; None for what is no band of it."""
    bands = _BANDS.get(kind)
    said = _said(text.strip().rstrip(".")) if bands and len(text) <= 40 else None
    return bands.get(said) if bands and said else None


def _said(text: str) -> tuple[int, int | None] | None:
    if found := _RANGE.fullmatch(text):
        return int(found[1]), int(found[2])
    if found := _UP_TO.fullmatch(text):
        return 0, int(found[2]) - (found[1].casefold() != "up to")
    if found := _FROM.fullmatch(text):
        return int(found[1]), None
    if found := _OVER.fullmatch(text):
        return int(found[1]) + 1, None
    return None
