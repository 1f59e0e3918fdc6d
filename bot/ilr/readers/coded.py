"""Types with their codes, amounts and dates, as one thing: "TNP 1 £9,000 from 01/09/2026",
"TNP 1  01/09/2026  9000", "HRS type HRS, code 5, amount 24", "FAM type SOF, code 107",
"ALB 1  01/10/2026 to 31/12/2026"."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.ilr.readers.names import Label, names
from bot.ilr.readers.phrases import DATE

__all__ = ["coded", "dated_types"]

_DAY = f"(?i:{DATE})"
_SHORT = re.compile(
    r"(?:[A-Za-z][\w /-]{2,60}[(\[])?(?<![A-Za-z])(TNP|PMR|HRS)\s?[-_]?\s?(\d{1,2})[)\]]?"
    r"(?:\s{0,9}[:=]\s{0,9}|\s{1,20})£?\s?(\d[\d,]{0,7}\d)(?:\.\d\d?)?(?![\d/.-])"
    r"(?:,?\s{1,20}\(?(?:on |from |(?:eff(?:ective)?|wef|dated?)(?: from)?:? ?)?"
    rf"({_DAY})(?!\w)\)?)?",
)
_DATE_FIRST = re.compile(
    r"(?<![A-Za-z])(TNP|PMR)\s?[-_]?\s?(\d{1,2})(?:\s{0,9}[:=]\s{0,9}| {1,20})"
    rf"({_DAY})(?:\s{{0,3}}[,:|]\s{{0,3}}| {{1,20}})£?\s?(\d[\d,]{{0,7}}\d)(?:\.\d\d?)?(?![\d/.-])"
)
_DATED = re.compile(
    r"(?<![A-Za-z])(LSF|ALB|ACT|EVI)(?:\s?[-_:=]?\s?(\d{1,3})(?=[\s:=,(]))?"
    r"(?:\s{0,9}[:=,]\s{0,9}|\s{1,20})\(?(?:(?i:from|starting|dates?)[\s:])?\s?"
    rf"({_DAY})(?:\s{{0,3}}(?:(?i:to|until|till):?|[-–—])\s{{0,3}}({_DAY}))?(?!\w)\)?"
)
"""The types of an aim that have dates."""
_MARK = r"\s{0,3}[:=]?\s{0,3}"
_SPELT = re.compile(
    rf"\b(HRS|AFin|FAM|ESM|fin(?:ancial)?|hours)\s?type{_MARK}([A-Z]{{3}})"
    rf"[,;]?\s{{1,9}}(?:\1\s?)?code{_MARK}(\d{{1,4}})\b"
    rf"(?:[,;]?\s{{1,9}}(?:\1\s?)?amount{_MARK}£?(\d(?:[\d,]{{0,7}}\d)?))?"
    rf"(?:[,;]?\s{{1,9}}(?:\1\s?)?date{_MARK}({DATE})(?!\w))?",
    re.IGNORECASE,
)
_SMALL = re.compile(r"\b(?:tnp|pmr|Tnp|Pmr)(?=[ _-]?\d)")
_BETWEEN = " \t,;|"
_OF_EACH = re.compile(
    r"(?<!\w)(?:both|all|each)\s{1,3}(?:are |were )?"
    r"(?:on |from |(?:eff(?:ective)?|wef|dated?)(?: from)?:? ?)?"
    rf"({_DAY})(?!\w)",
    re.IGNORECASE,
)
"""One day of all the prices in front of it: "TNP1 = 9000 and TNP2 = 1500, both 16/09/2024"."""

_ONLY_AND = re.compile(r"[\s,;|&.]*(?:and[\s,;|&.]*)?", re.IGNORECASE)


def coded(line: str) -> tuple[list[tuple[Label, str]], str]:
    """Names and values of such things on a line, and the line without them."""
    if len(line) > 2_000:
        return [], line
    found, rest = _of_one_day(_SMALL.sub(lambda small: small[0].upper(), line))
    for pattern, fields in _FORMS:
        for match in pattern.finditer(rest):
            found += fields(match)
        rest = pattern.sub("  ", rest)
    return (found, rest.strip(_BETWEEN)) if found else ([], line)


def dated_types(text: str) -> tuple[list[list[tuple[str, str]]], str]:
    """Types that have their dates beside them in one cell, each with its fields, and the rest."""
    found = [
        [(label.places[0][1], said) for label, said in _dated(*match.groups())]
        for match in _DATED.finditer(text)
        if match[2]
    ]
    return found, _DATED.sub(lambda match: "  " if match[2] else match[0], text)


def _of_one_day(line: str) -> tuple[list[tuple[Label, str]], str]:
    """Prices that one day behind them is of, and the line without them; else nothing."""
    each = _OF_EACH.search(line)
    prices = [one for one in _SHORT.finditer(line) if one[1] != "HRS"] if each else []
    if each is None or len(prices) < 2 or any(one[4] for one in prices):
        return [], line
    if prices[-1].end() > each.start():
        return [], line
    found: list[tuple[Label, str]] = []
    rest, begun = "", 0
    for one in prices:
        found += _fields(one[1], one[2], one[3], each[1])
        rest, begun = f"{rest}  {line[begun : one.start()]}", one.end()
    rest = f"{rest}  {line[begun : each.start()]}  {line[each.end() :]}"
    return found, "" if _ONLY_AND.fullmatch(rest) else rest


def _fields(kind: str, code: str, amount: str | None, day: str | None) -> list[tuple[Label, str]]:
    book = names()
    if kind not in {"TNP", "PMR", "HRS"}:
        label = book.look_up(kind)
        return [(label, code)] if label.fam_type else []
    start = "HRS" if kind == "HRS" else "AFin"
    values = [("Type", kind), ("Code", code), ("Amount", amount)]
    values += [("Date", day)] if start == "AFin" else []
    return [(book.look_up(start + name), text) for name, text in values if text]


def _dated(kind: str, code: str | None, first: str, last: str | None) -> list[tuple[Label, str]]:
    values = [("Type", kind), ("Code", code), ("DateFrom", first), ("DateTo", last)]
    return [(names().look_up(f"LearnDelFAM{name}"), text) for name, text in values if text]


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], list[tuple[Label, str]]]], ...] = (
    (_SHORT, lambda match: _fields(match[1], match[2], match[3], match[4])),
    (_DATE_FIRST, lambda match: _fields(match[1], match[2], match[4], match[3])),
    (_DATED, lambda match: _dated(match[1], match[2], match[3], match[4])),
    (_SPELT, lambda match: _fields(match[2].upper(), match[3], match[4], match[5])),
)
"""The forms, in the order in which they are looked for, and what each gives."""
