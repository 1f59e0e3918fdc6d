"""One cleaner for values and headings, wherever they come from: what programs put around them.

Excel's ``'07/09/2026`` and ``="001"``, spaces and hyphens that only look like the plain ones,
ticks and other pictures, ``<br>`` in a cell, and what a form shows while nothing was chosen.
"""

from __future__ import annotations

import html
import re

__all__ = ["Cleaned", "clean", "is_page_furniture", "without_stars"]

_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/.:- ,_")
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\t\r\n\v\f ]+")
_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u00ad\ufe00-\ufe0f]")
_HYPHENS = re.compile("[\u2010-\u2012\u2212\ufe63\uff0d]")
"""Hyphens and minus signs; dashes (– —) part a code from its words and stay."""
_PICTURES = re.compile(
    "[\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]"
    r"|:(?=[a-z_]*[a-z])[a-z0-9_+-]{2,40}:(?!\d)"
)
"""Ticks, circles and faces, as characters or as Slack writes them (:white_check_mark:)."""
_FORMULA = re.compile(r'=\s?"([^"]*)"|=\s?\'([^\']*)\'')
_TEXT_MARK = re.compile(r"['’‘`](?=[\w£(+-])")
_QUOTES = {'"': '"', "'": "'", "“": "”", "‘": "’", "„": "“", "«": "»", "”": "”"}
"""What quotation marks close with."""
_UNCHOSEN = re.compile(
    r"[-–—\s<(\[*.]*(?:please |pls )?(?:select|choose|pick)(?: (?:one|an? \w+|from \w+|\w+))?"
    r"[-–—\s>)\].…*]*"
    r"|(?:dd|d)[/-](?:mm|m)[/-]y{2,4}|<?(?:not selected|not entered|no value|unselected)>?",
    re.IGNORECASE,
)
_MAYBE_UNCHOSEN = re.compile("select|choose|pick|dd|d[/-]m|not ent|no va", re.IGNORECASE)
_BREAK = re.compile(r"<\s?br\s?/?\s?>", re.IGNORECASE)
_LINK = re.compile(r"\[([^\[\]]{1,200})\]\((?:https?|mailto|#|/)[^()\s]{0,500}\)")
"""A link as Markdown writes it."""
_ENTITY = re.compile(r"&(?:nbsp|amp|lt|gt|quot|apos|#\d{1,6}|#x[0-9a-fA-F]{1,5});")


_STARRED = re.compile(r"(?:.*[\s:=,;|\t])?(?:[A-EDMP]{1,2}\*){1,4}[A-EDMP]{0,2}")
"""What ends in a grade: "D*D*", "Grade: A*"."""


def without_stars(text: str, more: str = "") -> str:
    """A text without the marks of bold type around it; the stars of a grade are its own.

    ``more``: other marks that are none of it.
    """
    begun = text.lstrip("*" + more)
    led = len(text) - len(begun)
    kept = begun.removesuffix("*" * led)
    if kept.endswith("*") and _STARRED.fullmatch(kept):
        return kept
    return begun.rstrip("*" + more)


def clean(text: str) -> str:
    """A cell, a heading or a value without what is no part of it. Idempotent, one line."""
    text = text.strip()
    if _PLAIN.issuperset(text):
        return text if not _could_be_unchosen(text) else _chosen(text)
    for _ in range(2):
        if _ENTITY.search(text):
            text = html.unescape(text)
    text = _LINK.sub(r"\1", _BREAK.sub(" ", text))
    text = _INVISIBLE.sub("", text)
    text = _HYPHENS.sub("-", text)
    text = _PICTURES.sub(" ", text)
    text = _SPACES.sub(" ", text).strip()
    text = without_stars(text, "`").strip()
    if len(text) > 2 and text[0] == text[-1] == "_":
        text = text[1:-1].strip()
    if match := _FORMULA.fullmatch(text):
        text = (match[1] or match[2] or "").strip()
    if len(text) > 1 and _QUOTES.get(text[0]) == text[-1]:
        text = text[1:-1].strip()
    text = _TEXT_MARK.sub("", text, count=1) if _TEXT_MARK.match(text) else text
    return _chosen(text)


class Cleaned(dict[str, str]):
    """Cells as ``clean`` makes them, by what was typed; gone with the paste. Most cells of a long
    table stand in many of its rows, and to look one up takes a tenth of the time."""

    def __missing__(self, text: str) -> str:
        made = clean(text)
        if len(self) < MAX_CELLS:
            self[text] = made
        return made


MAX_CELLS = 50_000
"""Different cells that are remembered."""


def _could_be_unchosen(text: str) -> bool:
    if len(text) < 2 or text[0].isdigit():
        return False
    return bool(_MAYBE_UNCHOSEN.search(text, 0, 24))


def _chosen(text: str) -> str:
    return "" if len(text) < 40 and _UNCHOSEN.fullmatch(text) else text


_FURNITURE = re.compile(
    r"page \d+(?: (?:of|/) \d+)?|\d+ (?:of|/) \d+(?: \w+)?"
    r"|(?:showing |displaying )?\d[\d,]*(?:\s?(?:-|–|to)\s?\d[\d,]*)? of \d[\d,]*(?: \w+){0,3}"
    r"|(?:total |number of |no\.? of |count of )?"
    r"(?:rows?|records?|learners|students|aims|count|entries|results|items)"
    r"(?: (?:found|returned|selected|count|total))?\s?[:=]?\s?(?:\d{1,3}(?:,\d{3})+|\d{1,5})"
    r"|\(?\d[\d,]* (?:rows?|records?|learners?|students?|aims?|entries|results|items)"
    r"(?: (?:\w+ )?(?:found|returned|selected|affected|listed|shown))?\)?\.?"
    r"|(?:from|to|cc|sent|subject|date)\s?:(?!\s*\d).*"
    r"|(?:first |previous |prev |next |last |\W)*(?:previous|next)(?: (?:first|last|\W))*"
    r"|(?:printed|generated|exported|run|produced|extracted|report date|last refreshed)"
    r"(?: (?:on|by|at|from))?\b.{0,80}"
    r"|end of (?:report|list|file|data)\W*|-+ ?original message ?-+|-+ ?forwarded message ?-+",
    re.IGNORECASE,
)


def is_page_furniture(line: str) -> bool:
    """Whether a line is a report's or a mail's own (page 1 of 1, 3 rows, Sent: …), no row."""
    bare = line.strip(" \t|,;*_>-–—=")
    return len(bare) < 200 and bool(_FURNITURE.fullmatch(bare))
