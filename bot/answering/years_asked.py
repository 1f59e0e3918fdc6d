"""The academic year a question is about, and whether it compares two."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from bot.years import AcademicYear, find_years

__all__ = ["YearAsked", "year_asked", "year_beside"]

_ABOUT_CHANGE = re.compile(
    r"\b(?:chang\w*|differ\w*|any\s?more|used\s+to|compared?|still|since|before\s+and\s+after|"
    r"then\s+and\s+now|what(?:['’]?s|\s+is)\s+new)\b",
    re.IGNORECASE,
)
_SINCE = re.compile(
    r"\b(?:since|from|than(?:\s+in)?|compared\s+(?:to|with)|different\s+(?:to|in))\s+"
    r"(?:the\s+)?(?:last\b|previous\b|20\d\d\b|\d\d[/-]\d\d\b)",
    re.IGNORECASE,
)
"""That the year named is the one to compare with, not the one asked about."""
_NOW = re.compile(
    r"\b(?:today|now|nowadays|currently|these\s+days|this\s+(?:academic\s+)?year|any\s?more|"
    r"still\s+(?:ok|okay|allowed|apply|applies|hold|holds|true|do|use|used|count|counts|exists?|there|"
    r"needed|required|valid|live|right|current|correct|in\s+force|in\s+use|a\s+thing|the\s+same)|"
    r"(?:is|are|do|does|can|may|must|should)\s+(?:\w+\s+){1,3}?still)\b",
    re.IGNORECASE,
)

_BESIDE = re.compile(
    r"\b(?:the\s+)?(?:year|yr)\s+(?P<way>before|after)\b(?!\s+last)", re.IGNORECASE
)
""" "and the year before that?": beside the year just spoken of."""

_AUGUST = 8
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*"
_START = re.compile(
    rf"\b(?:start(?:ed|s|ing)?|began|begun|begin|enrolled|joined|signed\s+up)\s+"
    rf"(?:with\s+us\s+)?(?:in\s+|on\s+|from\s+)?(?:\d{{1,2}}(?:st|nd|rd|th)?\s+)?"
    rf"(?P<month>{_MONTH})[\s']*(?P<year>(?:20)?\d\d)\b"
    rf"|\bstarters?\s+(?:from|in|of)\s+(?P<month_after>{_MONTH})[\s']*(?P<year_after>(?:20)?\d\d)\b"
    rf"|\b(?P<before>{_MONTH})[\s']*(?P<year_before>(?:20)?\d\d)\s+(?:start|starter|starters)\b",
    re.IGNORECASE,
)
_START_YEAR = re.compile(
    r"\b(?:started|began|begun|enrolled|joined|signed\s+up|been\s+(?:here|with\s+us)\s+since)\s+"
    r"(?:with\s+us\s+)?(?:in\s+|back\s+in\s+)?(?P<year>(?:20\d\d|\d\d)\s?[/-]\s?(?:20)?\d\d)\b",
    re.IGNORECASE,
)
"""Of "started in 25/26, ends in June" the year is somebody's first, not the one asked about."""
_THEN = re.compile(
    r"\b(?:back\s+then|then\s*[?.!]*$|at\s+(?:the|that)\s+time|(?:was|were|did)\s+(?:s?he|they|it)\b)",
    re.IGNORECASE,
)
"""Asks how it was when somebody started."""
_ELSEWHERE = re.compile(
    r"\b(?:pay|paid|earn(?:ed|s|ings)?|salary|income|wages?)\b(?:\s+\w+){0,2}\s+last\s+year\b"
    r"|\b(?:moved?|put\s+(?:off|back)|carried|carry|postponed|rolled?|deferred?|slipped)\b"
    r"(?:\s+\w+){0,2}\s+(?:to|into|till|until)\s+next\s+year\b",
    re.IGNORECASE,
)
"""Years of somebody's pay, or to which something moves: not the one asked about."""


@dataclass(frozen=True, slots=True)
class YearAsked:
    """For which year to answer."""

    year: AcademicYear
    said: bool = False
    """Whether the question, or who asked it, named the year."""
    then: AcademicYear | None = None
    """The earlier year to compare with or to tell as well."""
    compare: bool = False
    started: AcademicYear | None = None
    """The year in which somebody started, where the question tells the month: what funding rules
    of apprenticeships follow."""


def year_asked(text: str, asked: AcademicYear | None, today: date) -> YearAsked:
    """The year of a question: the one given, the one it names, else the current one.

    "In 2020/21 we kept them, can we today?" asks about today, and tells 2020-21 as well.
    """
    found, started = _of(text, asked, today), _started(text)
    if started is not None and not found.said and started < found.year and _THEN.search(text):
        return YearAsked(started, said=True, started=started)
    return replace(found, started=started)


def year_beside(text: str, spoken_of: AcademicYear) -> AcademicYear | None:
    """The year that a follow-up means beside the one spoken of: "the year before that"."""
    match = _BESIDE.search(text)
    if match is None:
        return None
    return AcademicYear(spoken_of.first + (1 if match["way"].casefold() == "after" else -1))


def _started(text: str) -> AcademicYear | None:
    """The teaching year of "started in July 2025" or "a March 25 starter"."""
    match = _START.search(text)
    if match is None:
        whole = _START_YEAR.search(text)
        years = find_years(whole["year"], today=None) if whole else []
        # By all that stands beside it: "began 11/12" is a day.
        return next((year for year in find_years(text, today=None) if year in years), None)
    told = match["month"] or match["month_after"] or match["before"]
    year = int(match["year"] or match["year_after"] or match["year_before"]) % 2000 + 2000
    month = "jan feb mar apr may jun jul aug sep oct nov dec".split().index(told[:3].casefold()) + 1
    return AcademicYear(year if month >= _AUGUST else year - 1)


def _of(text: str, asked: AcademicYear | None, today: date) -> YearAsked:
    current = AcademicYear.containing(today)
    named = find_years(_START_YEAR.sub(" ", _ELSEWHERE.sub(" ", text)), today=today)
    if asked is not None:
        return YearAsked(asked, said=True)
    if not named:
        return YearAsked(current, compare=bool(_ABOUT_CHANGE.search(text)))
    past = [year for year in named if year < current]
    if past and _NOW.search(text):
        return YearAsked(current, said=True, then=min(past), compare=True)
    compare = bool(_ABOUT_CHANGE.search(text)) and (
        len(named) != 1 or (named[0] < current and bool(_SINCE.search(text)))
    )
    if not compare:
        return YearAsked(named[0], said=True)
    return YearAsked(max(named) if len(named) > 1 else current, True, min(named), compare=True)
