"""Hours of an aim as its year has them: three fields until 2025-26, an hours record from 2026-27.

Screens call them alike in every year ("OTJ planned"). What is typed under an official name stays:
whoever writes "PHours" means that field, and the check says of what year it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.ilr.raw import RawEntity, RawField
from bot.ilr.readers.collector import FieldCollector, and_also
from bot.ilr.readers.phrases import AIM
from bot.years import AcademicYear

__all__ = ["OFF_THE_JOB", "settle_hours"]

RECORD = "HRSRecord"
FIRST = AcademicYear(2026)
_OTHER = {"OTJActHours": "3", "AddHours": "6"}
_HOURS = frozenset({"PHours", *_OTHER})
OFF_THE_JOB = re.compile(r"\boff|\bOTJ|\bpractical", re.IGNORECASE)
"""What a name says of hours that are an apprentice's training."""
_MADE = "from 2026-27 these hours are an hours record"
_NO_YEAR = "from 2026-27 it is an hours record; nothing says of which year this is"
_NO_KIND = "from 2026-27 it is an hours record; nothing says which hours these are"


def settle_hours(message: RawEntity, collector: FieldCollector) -> None:
    """Give the hours of each aim the form of its year, as a guess; doubt those of no year."""
    said = {id(item): label for item, label in collector.hours}
    if not said:
        return
    stated = _stated(message)
    for aim in _aims(message):
        mine = [item for item in aim.fields if id(item) in said and item.text.strip()]
        year = (stated or _started(aim)) if mine else None
        for item in mine:
            code = _OTHER.get(item.name) or _planned(aim, said[id(item)])
            if year is None:
                item.guess = and_also(item.guess, _NO_YEAR)
            elif year >= FIRST and code is None:
                item.guess = and_also(item.guess, _NO_KIND)
            elif year >= FIRST and code is not None:
                _make_record(aim, item, code, collector)


def _aims(message: RawEntity) -> Iterator[RawEntity]:
    for learner in message.children:
        yield from (child for child in learner.children if child.name == AIM)


def _stated(message: RawEntity) -> AcademicYear | None:
    """The year that the record's header says."""
    details = [one for head in message.children if head.name == "Header" for one in head.children]
    for item in (item for one in details for item in one.fields if item.name == "Year"):
        try:
            return AcademicYear.parse(item.text)
        except ValueError:
            return None
    return None


def _started(aim: RawEntity) -> AcademicYear | None:
    """The first year that a started aim is in; an earlier one says nothing of the record's."""
    days = [item.text for item in aim.fields if item.name == "LearnStartDate"]
    return FIRST if days and days[0] >= FIRST.start.isoformat() and days[0][:2] == "20" else None


def _planned(aim: RawEntity, said: str) -> str | None:
    """The code of planned hours, by their name or by what kind of provision the aim is of."""
    held = {item.name: item.text for item in aim.fields}
    if OFF_THE_JOB.search(said):
        return "1"
    if held.get("ProgType") == "31":
        return "2"
    if held.get("FundModel") == "11":
        return "5"
    priced = any(child.name == "AppFinRecord" for child in aim.children)
    trained = held.get("FundModel") == "36" or held.get("ProgType") == "25" or "StdCode" in held
    return "1" if priced or trained else None


def _make_record(aim: RawEntity, item: RawField, code: str, collector: FieldCollector) -> None:
    """Turn a field into the record that holds it now; one that is there already stays."""
    records = [
        {one.name: one.text for one in child.fields}
        for child in aim.children
        if child.name == RECORD
    ]
    held = [one.get("HRSAmount") for one in records if one.get("HRSCode") == code]
    if held and held[0] != item.text:
        collector.add_remark(
            item.line or 0, f"HRS {code} is given otherwise here; the hours record was read."
        )
    aim.fields = [one for one in aim.fields if one is not item]
    if held:
        return
    values = [("HRSType", "HRS"), ("HRSCode", code), ("HRSAmount", item.text)]
    why = and_also(item.guess, _MADE)
    fields = [RawField(name, text, item.line, why) for name, text in values]
    aim.children.append(RawEntity(RECORD, fields, line=item.line, partial=True))
