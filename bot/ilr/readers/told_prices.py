"""Prices of an apprenticeship that sentences give in words, "£11,500 training and £1,500 EPA", or
with the type behind the amount, "£575 on 20/11/2026 (PMR 1)"."""

from __future__ import annotations

import re

from bot.ilr.readers.phrases import DATE
from bot.ilr.readers.told_parts import ONE_DAY, PRICE, Fact, blanked, days_of

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
    rf"{_POUNDS}{_FROM},?\s\(?(?P<type>(?-i:TNP|PMR))\s?(?:code )?(?P<code>[1-4])\)?(?!\w)",
    re.IGNORECASE,
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
        matches = list(pattern.finditer(text))
        days, cuts = days_of(matches, text)
        for match, day in zip(matches, days, strict=True):
            held = match.groupdict()
            why = None if held.get("type") else "it is a price in words"
            kind = held.get("type") or "TNP"
            code = held.get("code") or ("2" if held.get("assessed") else "1")
            values = [("AFinType", kind), ("AFinCode", code), ("AFinDate", day)]
            for name, said in [*values, ("AFinAmount", match["amount"])]:
                if said:
                    of_both = name == "AFinDate" and not match["day"]
                    doubt = ONE_DAY if of_both else why
                    one = Fact(
                        PRICE, name, said, name == "AFinType", doubt, named=True, at=match.start()
                    )
                    found.append(one)
        for start, end in cuts:
            text = blanked(text, start, end)
    return found, text
