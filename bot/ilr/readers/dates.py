"""Dates as people write them in the United Kingdom, as YYYY-MM-DD."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

__all__ = ["DAY_FIRST", "MONTH_FIRST", "DateRead", "in_figures", "month_first", "read_date"]

DAY_FIRST = "read day first"
"""What is said of 03/04/2026, which elsewhere is the 4th of March."""

MONTH_FIRST = "read month first, as another date beside it can only be"


@dataclass(frozen=True, slots=True)
class DateRead:
    """A date as understood. ``day`` and ``month`` alone when no year was written."""

    iso: str | None = None
    guess: str | None = None
    day: int = 0
    month: int = 0

    @property
    def without_year(self) -> bool:
        """Whether only a day and a month were written."""
        return self.iso is None and self.day > 0


_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july",
         "aug august", "sep sept september", "oct october", "nov november", "dec december"), 1,
    )
    for name in names.split()
}  # fmt: skip
_TIME = r"(?:[T ,]{1,2}\d{1,2}:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?(?: ?[ap]m)?)?"
_WEEKDAY = r"(?:(?:mon|tue|tues|wed|weds|thu|thur|thurs|fri|sat|sun)[a-z]{0,6}[,.]? )?"
_ISO = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){_TIME}", re.IGNORECASE)
_RUN = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_UK = re.compile(
    rf"{_WEEKDAY}(\d{{1,2}})( ?[-/.\\] ?| )(\d{{1,2}})(?:\2(\d{{4}}|\d\d))?{_TIME}", re.IGNORECASE
)
_WORDS = re.compile(
    rf"{_WEEKDAY}(?:the )?(\d{{1,2}})(?:st|nd|rd|th)?[ .-]?(?:of )?([a-z]{{3,9}})\.?"
    rf"(?:[ ,.'’-]{{0,2}}(\d{{4}}|\d\d))?{_TIME}",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"{_WEEKDAY}([a-z]{{3,9}})\.? (\d{{1,2}})(?:st|nd|rd|th)?(?:,? (\d{{4}}))?{_TIME}",
    re.IGNORECASE,
)
_SERIAL = re.compile(r"[2-5]\d{4}(?:[.,]\d{1,12})?")
_MILLISECONDS = re.compile(r"\\?/Date\((-?\d{9,14})(?:[+-]\d{4})?\)\\?/")
"""How .NET writes a day in JSON; in summer its midnight is an hour before Greenwich's."""
_DASHES = re.compile("[–‐‑‒−]")
_EXCEL_FIRST = date(1899, 12, 30)


def month_first(text: str, *, birth: bool = False) -> str | None:
    """A date in figures read month first, as YYYY-MM-DD; None when it is none or not in figures."""
    match = _UK.fullmatch(_plain(text))
    return _made(match[4], int(match[1]), int(match[3]), birth).iso if match else None


def in_figures(text: str) -> bool:
    """Whether a date is day and month in figures, so that their order could be either."""
    return bool(_UK.fullmatch(_plain(text)))


def _plain(text: str) -> str:
    return " ".join(_DASHES.sub("-", text[:80]).split()).rstrip(".,;")


def read_date(text: str, *, birth: bool = False) -> DateRead:
    """Read one date. No ``iso`` when it is none, or none that exists.

    ``birth``: two-digit years after 20 are of the last century.
    """
    if len(text) > 60:
        return DateRead()
    text = _plain(text)
    if match := _MILLISECONDS.fullmatch(text):
        moment = datetime(1970, 1, 1) + timedelta(hours=1, milliseconds=int(match[1]))
        return DateRead(moment.date().isoformat(), "read from a number of milliseconds")
    if match := _ISO.fullmatch(text):
        return _made(match[1], int(match[3]), int(match[4]), birth)
    if match := _RUN.fullmatch(text):
        return _made(match[1], int(match[2]), int(match[3]), birth)
    if match := _UK.fullmatch(text):
        day, month = int(match[1]), int(match[3])
        found = _made(match[4], month, day, birth)
        if (found.iso or found.without_year) and month <= 12 and day <= 12 and day != month:
            guess = DAY_FIRST if found.guess is None else f"{DAY_FIRST}; {found.guess}"
            return DateRead(found.iso, guess, found.day, found.month)
        return found
    if (match := _WORDS.fullmatch(text)) and match[2].casefold() in _MONTHS:
        return _made(match[3], _MONTHS[match[2].casefold()], int(match[1]), birth)
    if (match := _MONTH_FIRST.fullmatch(text)) and match[1].casefold() in _MONTHS:
        return _made(match[3], _MONTHS[match[1].casefold()], int(match[2]), birth)
    if _SERIAL.fullmatch(text):
        found_day = _EXCEL_FIRST + timedelta(days=int(text[:5]))
        return DateRead(found_day.isoformat(), "read as a spreadsheet's day number")
    return DateRead()


def _made(year: str | None, month: int, day: int, birth: bool) -> DateRead:
    guess = None
    if year is None:
        try:
            date(2024, month, day)
        except ValueError:
            return DateRead()
        return DateRead(day=day, month=month)
    number = int(year)
    if len(year) == 2:
        number += 1900 if birth and number > 20 else 2000
        if birth:
            guess = f"the year was read as {number}"
    try:
        return DateRead(date(number, month, day).isoformat(), guess)
    except ValueError:
        return DateRead()
