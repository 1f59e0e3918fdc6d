"""Values that a message takes back without naming their field: "sorry 14th not 15th"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.ilr.raw import RawEntity, RawField
from bot.ilr.readers.collector import FieldCollector
from bot.ilr.readers.dates import read_date
from bot.ilr.readers.phrases import DATE
from bot.ilr.readers.values import kind_of

__all__ = ["SORRY", "TakenBack", "fields_of", "take_back", "taken_back", "without"]

SORRY = re.compile(
    r"\b(?:sorry|apologies|correction|corrected|actually|oops|whoops|my mistake|typo|i meant|i mean"
    r"|make that|scrap that|no wait|edit)\b",
    re.IGNORECASE,
)
"""What announces that something told before does not hold."""
_DAY = r"\d{1,2}(?:st|nd|rd|th)"
_VALUE = rf"(?:{DATE}|{_DAY}|(?=[0-9A-Z]{{0,7}}\d)[0-9A-Z]{{8}}|\d{{1,5}})"
_UNIT = r"\s?(?:hours?|hrs?)"
_NOT = re.compile(
    rf"(?<![\w/.-])(?:the )?(?P<now>{_VALUE})(?P<unit>{_UNIT})?(?![\w/]),?\s{{1,3}}(?:and )?"
    rf"(?:not|rather than|instead of)\s{{1,3}}(?:the |on )?(?P<was>{_VALUE})(?P<unit2>{_UNIT})?"
    r"(?![\w/])",
    re.IGNORECASE,
)
_SO = frozenset(
    "sorry apologies correction corrected actually oops whoops my mistake typo i meant mean make "
    "that scrap no wait edit it it's is was be should say read the that's and but on to guys all "
    "team ah its at looking looked just checked again form sheet paperwork date day".split()
)
"""What may stand before it on its line; a field's name before it is left to who reads names."""
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A value, the one it takes the place of, and where that is said."""

    now: str
    was: str
    hours: bool
    line: int
    start: int
    end: int


def taken_back(text: str) -> list[TakenBack]:
    """What the lines of a text take back so; a question takes nothing back."""
    found, place = [], 0
    for number, line in enumerate(text.split("\n"), 1):
        match = _NOT.search(line) if len(line) <= _LONGEST and "?" not in line else None
        words = (
            re.findall(r"[^\W_][\w'/-]*", re.split(r"[.;!] ", line[: match.start()])[-1].casefold())
            if match
            else []
        )
        if match is not None and _SO.issuperset(words):
            hours = bool(match["unit"] or match["unit2"])
            start, end = place + match.start(), place + match.end()
            found.append(TakenBack(match["now"], match["was"], hours, number, start, end))
        place += len(line) + 1
    return found


def without(text: str, found: list[TakenBack]) -> str:
    """The text, of the same length, without what takes something back."""
    for one in found:
        text = text[: one.start] + " " * (one.end - one.start) + text[one.end :]
    return text


def fields_of(entity: RawEntity) -> Iterator[RawField]:
    """Every field of an entity and of those below it."""
    yield from entity.fields
    for child in entity.children:
        yield from fields_of(child)


def take_back(message: RawEntity, found: list[TakenBack], collector: FieldCollector) -> None:
    """Put right the one value that each is about; where it may be several, say so."""
    for one in found:
        mine = [
            (item, now) for item in fields_of(message) if (now := _corrected(item, one)) is not None
        ]
        if len(mine) != 1:
            collector.add_remark(
                one.line, "It is not clear which value this corrects, so none was."
            )
            continue
        [(item, now)] = mine
        collector.add_remark(
            item.line or one.line,
            f"{item.name} is corrected on line {one.line}; that value was read.",
        )
        item.text, item.line, item.guess = now, one.line, "it was corrected further down"
        collector.understood(one.line)


def _corrected(item: RawField, one: TakenBack) -> str | None:
    """The field's value with the correction, if it holds what is taken back."""
    kind = kind_of(item.name)
    if kind == "Date":
        return None if one.hours else _day(item.text, one)
    if kind == "Number":
        plain = one.now.isdigit() and one.was.isdigit() and item.text == one.was
        return one.now if plain and (not one.hours or item.name.endswith("Hours")) else None
    same = item.text.casefold() == one.was.casefold() and not one.was.isdigit()
    return one.now.upper() if same and len(one.now) == len(one.was) else None


def _day(held: str, one: TakenBack) -> str | None:
    """The day that is meant; what was left out of it is as in the day held."""
    try:
        day = date.fromisoformat(held)
    except ValueError:
        return None
    was, now = _parts(one.was), _parts(one.now)
    if was is None or now is None:
        return None
    if any(
        said not in (None, is_)
        for said, is_ in zip(was, (day.year, day.month, day.day), strict=True)
    ):
        return None
    year, month, number = now
    try:
        return date(year or day.year, month or day.month, number or 1).isoformat()
    except ValueError:
        return None


def _parts(text: str) -> tuple[int | None, int | None, int | None] | None:
    """Year, month and day of a date, as far as it says them."""
    if re.fullmatch(_DAY, text, re.IGNORECASE):
        return None, None, int(re.sub(r"\D", "", text))
    read = read_date(text)
    if read.iso:
        day = date.fromisoformat(read.iso)
        return day.year, day.month, day.day
    return (None, read.month, read.day) if read.without_year else None
