"""Academic years: 1 August to 31 July, written 2026-27.

The one place that knows how people write a year ("20/21", "2025-26", "last year")
and what day it starts and ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, total_ordering
from typing import Any

__all__ = ["AcademicYear", "YearRange", "find_years", "without_years"]

_FULL = re.compile(r"\b(?:ay\s*)?(20\d\d)\s*(?:-|/|–|—|\bto\b)\s*(20\d\d|\d\d)\b", re.IGNORECASE)
_SHORT = re.compile(
    r"(?<![\d/.-])(?:ay\s*)?(\d\d)\s*(?:-|/|–|—)\s*(\d\d)(?![\d/.-])", re.IGNORECASE
)
# "12-13 weeks", "25/26 hours", "16-17 year olds", "24/25 of mine", "14-15 October": no years.
_COUNTED = re.compile(
    r"\s*(?:%|-?\s*(?:weeks?|wks?|hours?|hrs?|days?|months?|mins?|minutes?|miles|years|yrs|y/?o)\b"
    r"|-?\s*(?:year|yr)[\s-]*olds?\b|s\b|at\s+(?:the\s+)?(?:start|time)\b"
    r"|of\s+(?:the(?:m|se)|those|ours?|us|mine|my|his|her|their)\b|(?:st|nd|rd|th)?\s*(?:of\s+)?"
    r"(?:(?-i:May)|jan|feb|mar|apr|june?|july?|aug|sept?|oct|nov|dec)(?:[a-z]{3,6})?\b)",
    re.IGNORECASE,
)
# "aged 23/24", "they are all 16-17", "weeks 12-13", "year 12/13" of a school, "£20-21".
_COUNTED_BEFORE = re.compile(
    r"(?:[£#]|\b(?:aged?|ages|turn(?:s|ed|ing)?|weeks?|wks?|days?|pages?|pp?|paras?|bands?"
    r"|units?|levels?|groups?|(?:he|she|they|who|learners?|students?)(?:['’]?(?:s|re)|\s+(?:is|are|was"
    r"|were))(?:\s+(?:all|both|only|just|now|mostly|mainly|about|around|either))*)\s)\s*$",
    re.IGNORECASE,
)
_SCHOOL_YEAR = re.compile(r"(?<!academic )\b(?:years?|yrs?|y)\s*$", re.IGNORECASE)
_LAST_SCHOOL_YEAR = 13
# What makes a year of figures that may as well be ages (16-17) or a day (11/12).
_SURELY_A_YEAR = re.compile(r"\b(?:in|during|ay|year|than)\s+$", re.IGNORECASE)
_AGES = range(14, 20)
_OF_AN_AGE = re.compile(
    r"\s*-?\s*(?:learner|student|pupil|year|aged|fund|provision|with\s+(?:an?\s+)?(?:EHC|SEN|LLDD))",
    re.IGNORECASE,
)
_MONTHS = range(1, 13)
_BESIDE = 40
"""Characters on either side that are looked at."""
_HEADER = re.compile(r"^\d{4}$")
# "the last year of a two year course", "her last year": a year of a course, not of the calendar.
_NOT_THEIRS = r"(?<!\bhis )(?<!\bher )(?<!\btheir )"
_NOT_OF = r"(?!\s+of\b)"
_RELATIVE = (
    (re.compile(r"\b(?:the\s+)?year\s+before\s+last\b", re.IGNORECASE), -2),
    (
        re.compile(
            rf"{_NOT_THEIRS}\b(?:last|previous|prior)\s+(?:academic\s+|teaching\s+)?(?:year|yr)\b"
            rf"{_NOT_OF}",
            re.IGNORECASE,
        ),
        -1,
    ),
    (
        re.compile(
            r"\b(?:this|current)\s+(?:academic\s+|teaching\s+)?(?:year|yr)\b|\bthis\s+(?:autumn|term)\b",
            re.IGNORECASE,
        ),
        0,
    ),
    (
        re.compile(
            rf"{_NOT_THEIRS}\bnext\s+(?:academic\s+|teaching\s+)?(?:year|yr)\b{_NOT_OF}",
            re.IGNORECASE,
        ),
        1,
    ),
)


@total_ordering
@dataclass(frozen=True, slots=True)
class AcademicYear:
    """A teaching and funding year. ``AcademicYear(2026)`` is 2026-27."""

    first: int
    """Calendar year in which it starts, e.g. 2026."""

    @classmethod
    def parse(cls, text: str) -> AcademicYear:
        """Read ``2026-27``, ``2026/27``, ``26/27``, ``2026 to 2027`` or the ILR header's ``2627``.

        Raises ValueError, saying what to write, when the text is not a year or its two
        halves do not follow each other.
        """
        return _parse(text.strip())

    @classmethod
    def containing(cls, day: date) -> AcademicYear:
        """The academic year that a day falls in."""
        return cls(day.year if day.month >= 8 else day.year - 1)

    @property
    def start(self) -> date:
        """1 August."""
        return date(self.first, 8, 1)

    @property
    def end(self) -> date:
        """31 July."""
        return date(self.first + 1, 7, 31)

    @property
    def header_code(self) -> str:
        """As written in Header.CollectionDetails.Year, e.g. ``2627``."""
        return f"{self.first % 100:02d}{(self.first + 1) % 100:02d}"

    def __add__(self, years: int) -> AcademicYear:
        return AcademicYear(self.first + years)

    def __sub__(self, years: int) -> AcademicYear:
        return AcademicYear(self.first - years)

    def __lt__(self, other: AcademicYear) -> bool:
        return self.first < other.first

    def __str__(self) -> str:
        return f"{self.first}-{(self.first + 1) % 100:02d}"

    def in_words(self) -> str:
        """``2026 to 2027``, as the department writes it in prose."""
        return f"{self.first} to {self.first + 1}"


@lru_cache(maxsize=256)
def _parse(text: str) -> AcademicYear:
    """See ``AcademicYear.parse``; the knowledge writes the same few years a thousand times."""
    if _HEADER.match(text) and int(text[2:]) == (int(text[:2]) + 1) % 100:
        return AcademicYear(2000 + int(text[:2]))
    found = find_years(text, today=None)
    if len(found) != 1:
        raise ValueError(f"{text[:30]!r} is not an academic year. Write it like 2026-27.")
    return found[0]


@dataclass(frozen=True, slots=True)
class YearRange:
    """The academic years a piece of advice or a rule holds for; ``to`` None means "still"."""

    start: AcademicYear
    to: AcademicYear | None = None

    @classmethod
    def from_data(cls, data: Any) -> YearRange:
        """From YAML: ``{from: 2017-18, to: 2020-21}`` or a single ``2020-21``.

        Raises ValueError when a year cannot be read or the range runs backwards.
        """
        if isinstance(data, YearRange):
            return data
        if isinstance(data, str):
            year = AcademicYear.parse(data)
            return cls(year, year)
        if not isinstance(data, dict) or "from" not in data or set(data) - {"from", "to"}:
            raise ValueError("years are written {from: 2017-18} or {from: 2017-18, to: 2020-21}")
        start = AcademicYear.parse(str(data["from"]))
        to = AcademicYear.parse(str(data["to"])) if data.get("to") is not None else None
        if to is not None and to < start:
            raise ValueError(f"years run backwards: from {start} to {to}")
        return cls(start, to)

    def __contains__(self, year: AcademicYear) -> bool:
        return self.start <= year and (self.to is None or year <= self.to)

    def overlaps(self, other: YearRange) -> bool:
        """Whether any year lies in both ranges."""
        return (other.to is None or self.start <= other.to) and (
            self.to is None or other.start <= self.to
        )

    def to_json(self) -> dict[str, str | None]:
        """``{"from": "2017-18", "to": null}``."""
        return {"from": str(self.start), "to": str(self.to) if self.to else None}

    def __str__(self) -> str:
        if self.to is None:
            return f"{self.start} onwards"
        if self.to == self.start:
            return f"{self.start} only"
        return f"{self.start} to {self.to}"


_BEFORE_A_YEAR = re.compile(
    r"(?:\b(?:in|for|of|on|during|from|ay|the|academic|year)\s+)+$", re.IGNORECASE
)


def without_years(text: str) -> str:
    """The text without the years it names and the words that lead to them.

    "what is PHours in 2025-26" becomes "what is PHours".
    """
    spans = [(start, end) for start, end, _ in _in_figures(text)]
    spans += [match.span() for pattern, _ in _RELATIVE for match in pattern.finditer(text)]
    for start, end in sorted(spans, reverse=True):
        before = _BEFORE_A_YEAR.sub("", text[:start])
        text = f"{before.rstrip()} {text[end:].lstrip()}".strip()
    return text


def find_years(text: str, *, today: date | None) -> list[AcademicYear]:
    """Every academic year a sentence names, in order, each once.

    ``today`` gives "last year", "this year" and "next year" their meaning; with None only
    years in figures are found. Two-digit pairs count when the second follows the first
    ("20/21") and do not read as ages, counts, a day or a school year.
    """
    hits = [(start, year) for start, _, year in _in_figures(text)]
    if today is not None:
        current = AcademicYear.containing(today)
        for pattern, offset in _RELATIVE:
            hits += [(m.start(), current + offset) for m in pattern.finditer(text)]
    years: list[AcademicYear] = []
    for _, year in sorted(hits, key=lambda hit: hit[0]):
        if year not in years:
            years.append(year)
    return years


def _in_figures(text: str) -> Iterator[tuple[int, int, AcademicYear]]:
    """Where years stand in figures, and which."""
    for match in _FULL.finditer(text):
        first, second = int(match[1]), int(match[2])
        if second % 100 == (first + 1) % 100:
            yield *match.span(), AcademicYear(first)
    for match in _SHORT.finditer(text):
        first, second = int(match[1]), int(match[2])
        if second == (first + 1) % 100 and 10 <= first <= 60 and _is_a_year(text, match):
            yield *match.span(), AcademicYear(2000 + first)


def _is_a_year(text: str, pair: re.Match[str]) -> bool:
    """Whether two figures that follow each other are a year, by what stands beside them."""
    start, end, first = *pair.span(), int(pair[1])
    before, after = text[max(0, start - _BESIDE) : start], text[end : end + _BESIDE]
    if pair[0].casefold().startswith("ay") or not f"{before}{after}".strip(" ?.!"):
        return True
    if _COUNTED.match(after) or _COUNTED_BEFORE.search(before):
        return False
    if first < _LAST_SCHOOL_YEAR and _SCHOOL_YEAR.search(before):
        return False
    if first in _AGES and _OF_AN_AGE.match(after):
        return False
    as_well = first + 1 in _MONTHS or (first in _AGES and "/" not in pair[0])
    return not as_well or _SURELY_A_YEAR.search(before) is not None
