"""What no field can hold, whichever reader put it there: the last look at what was read.

A reader goes by names and places, and both can mislead: a log of changes has who changed it where
another has the value. What cannot be a field's value is left over and said to be, or doubted; and
where much of a table is so, all of it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from bot.ilr.raw import RawEntity, RawField, Remark
from bot.ilr.readers.doubts import ODD, PLAIN_NUMBER
from bot.ilr.readers.forms import is_of_its_form
from bot.ilr.readers.parsed import ParsedRecord
from bot.ilr.readers.values import Value, kind_of

__all__ = ["ASTRAY", "LOGIN", "catch"]

LOGIN = "is somebody's login or address here, so it was not read."
ASTRAY = "many values of this paste cannot be their fields', so its columns may be others"
LONG = "is more than a date here, so it was not read."
_LOGIN = re.compile(
    r"[A-Za-z]{1,20}[._][A-Za-z][A-Za-z'’-]{1,30}\d{0,3}"
    r"|[^\s@]{1,60}@[^\s@]{1,60}"
    r"|[A-Za-z][\w-]{1,20}\\[\w.-]{2,40}"
)
"""Who did something, as systems write it: "k.fenby", "COLLEGE\\kfenby", an address of mail."""
_AS_IT_STANDS = re.compile("XML|as written|violation")
_DAY = re.compile(r"\d{4}-\d\d-\d\d(?:T.*)?")
_DAYLIKE = re.compile(r"\d.*\D")
_CODES = frozenset({"LearnDelFAMCode", "LearnFAMCode", "ESMCode", "OutCode", "AFinCode", "ULN",
                    "LearnAimRef", "PostcodePrior", "Postcode", "DelLocPostCode", "Sex",
                    "EPAOrgID", "NINumber"})  # fmt: skip
"""Text fields that hold codes and no words."""
_LEAST_ASTRAY = 4
_LONGEST_DAY = 40
"""Characters of the longest text that is meant as one date."""


def catch(reading: ParsedRecord) -> None:
    """Take out of a reading what cannot be its field's, with a remark on its line, or doubt it.

    XML, and what was read once already, is checked as it stands.
    """
    if _AS_IT_STANDS.search(reading.kind):
        return
    told = {remark.line for remark in reading.remarks}
    known: dict[tuple[str, str], bool] = {}
    for entity in _within(reading.message):
        strange = [item for item in entity.fields if _once(known, item, _is_strange)]
        if not strange:
            continue
        lost = [item for item in strange if _is_anothers(item)]
        for item in lost:
            reading.remarks = [one for one in reading.remarks if not _is_of(one, item)]
            why = LOGIN if _LOGIN.fullmatch(item.text) else LONG
            reading.remarks.append(Remark(item.line, f"{item.name} {why}"))
        if lost:
            gone = {id(item) for item in lost}
            entity.fields = [item for item in entity.fields if id(item) not in gone]
        for item in strange:
            if item.line not in told and item.guess is None:
                item.guess = ODD
    _doubt_all(reading)


def _is_anothers(item: RawField) -> bool:
    """Whether what cannot be the field's is somebody's login, or more than one value."""
    is_day = kind_of(item.name) == "Date"
    return _LOGIN.fullmatch(item.text) is not None or (is_day and len(item.text) > _LONGEST_DAY)


def _within(entity: RawEntity) -> Iterator[RawEntity]:
    waiting = [entity]
    while waiting:
        one = waiting.pop()
        waiting += one.children
        yield one


def _is_of(remark: Remark, item: RawField) -> bool:
    return remark.line == item.line and remark.message.startswith(f"{item.name} is ")


def _is_strange(item: RawField) -> bool:
    """Whether a text cannot be a value of its field: words for a number, a login for a date."""
    text = item.text.strip()
    if not text:
        return False
    kind = kind_of(item.name)
    if kind == "Number":
        return PLAIN_NUMBER.fullmatch(text) is None
    if kind == "Date":
        like = _DAYLIKE.match(text) is not None and len(text) <= _LONGEST_DAY
        return _DAY.fullmatch(text) is None and not like
    if item.name not in _CODES or len(text) == 1:
        return False
    return not any(map(str.isdigit, text)) or _LOGIN.fullmatch(text) is not None


def _is_misshapen(item: RawField) -> bool:
    return _is_strange(item) or not is_of_its_form(item.name, Value(item.text))


def _once(
    known: dict[tuple[str, str], bool], item: RawField, test: Callable[[RawField], bool]
) -> bool:
    """What a test says of a field and its text, looked at once for all that are alike."""
    key = item.name, item.text
    if key not in known:
        known[key] = test(item)
    return known[key]


def _doubt_all(reading: ParsedRecord) -> None:
    """Doubt every value of a table in which columns fail their fields' forms so often that they
    may be others: a third of all, in two fields or more."""
    if not reading.kind.startswith("table"):
        return
    held = [item for item in reading.fields() if item.text.strip() and item.line is not None]
    known: dict[tuple[str, str], bool] = {}
    bad = [item for item in held if _once(known, item, _is_misshapen)]
    if len(bad) < _LEAST_ASTRAY or len(bad) * 3 < len(held) or len({i.name for i in bad}) < 2:
        return
    reading.remarks.insert(0, Remark(None, f"Check all of it: {ASTRAY}."))
    for item in held:
        if item.guess is None:
            item.guess = ASTRAY
