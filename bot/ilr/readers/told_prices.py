"""Prices of an apprenticeship that sentences give in words, "£11,500 training and £1,500 EPA", or
with the type behind the amount, "£575 on 20/11/2026 (PMR 1)"."""

from __future__ import annotations

import re

from bot.ilr.readers.phrases import DATE
from bot.ilr.readers.told_parts import PRICE, Fact, blanked

__all__ = ["told_prices"]

_POUNDS = r"£\s?(?P<amount>\d{1,3}(?:,\d{3}){1,2}|\d{2,7})(?:\.\d\d)?(?![\d/.-]|,\d)"
_FROM = rf"(?:,?\s\(?(?:on|from|dated?|wef|effective(?: from)?)\s(?P<day>{DATE})(?!\w)\)?)?"
_IN_WORDS = re.compile(
    rf"{_POUNDS}\s(?:(?:is |was )?for )?(?:the )?"
    r"(?:training(?: (?:price|cost))?|(?P<assessed>EPA|(?:end[- ]point )?assessment)"
    rf"(?: (?:price|cost))?)\b{_FROM}",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    rf"{_POUNDS}{_FROM},?\s\(?(?P<type>(?-i:TNP|PMR))\s?(?P<code>[1-4])\)?(?!\w)", re.IGNORECASE
)
_AGREED = re.compile(r"\b(?:prices?|agreed|negotiated|TNP\s?\d|apprentic\w*)\b", re.IGNORECASE)


def told_prices(text: str) -> tuple[list[Fact], str]:
    """Such prices of a text, and the text, of the same length, without them."""
    found: list[Fact] = []
    if "£" not in text:
        return found, text
    for pattern in (_BEHIND, _IN_WORDS):
        if pattern is _IN_WORDS and _AGREED.search(text) is None:
            continue
        for match in list(pattern.finditer(text)):
            held = match.groupdict()
            why = None if held.get("type") else "it is a price in words"
            kind = held.get("type") or "TNP"
            code = held.get("code") or ("2" if held.get("assessed") else "1")
            values = [("AFinType", kind), ("AFinCode", code), ("AFinDate", match["day"])]
            for name, said in [*values, ("AFinAmount", match["amount"])]:
                if said:
                    fresh = name == "AFinType"
                    one = Fact(PRICE, name, said, fresh, why, named=True, at=match.start())
                    found.append(one)
            text = blanked(text, match.start(), match.end())
    return found, text
