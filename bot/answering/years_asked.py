"""The academic year a question is about, and whether it compares two."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from bot.years import AcademicYear, find_years

__all__ = ["YearAsked", "year_asked"]

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
    r"still\s+(?:ok|allowed|apply|applies|hold|holds|true|do|use|count))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class YearAsked:
    """For which year to answer."""

    year: AcademicYear
    said: bool = False
    """Whether the question, or who asked it, named the year."""
    then: AcademicYear | None = None
    """The earlier year to compare with or to tell as well."""
    compare: bool = False


def year_asked(text: str, asked: AcademicYear | None, today: date) -> YearAsked:
    """The year of a question: the one given, the one it names, else the current one.

    "In 2020/21 we kept them, can we today?" asks about today, and tells 2020-21 as well.
    """
    current = AcademicYear.containing(today)
    named = find_years(text, today=today)
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
