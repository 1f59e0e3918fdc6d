"""Values from lists and tables on their way into a record, and what is said of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from bot.ilr.raw import RawEntity, RawField, Remark
from bot.ilr.readers.names import Label, Place
from bot.ilr.readers.values import Value, kind_of, read_value

__all__ = ["FieldCollector", "is_confident"]


MAX_REMARKS = 1_000
"""Remarks kept; a report shows fifty."""


@dataclass
class FieldCollector:
    """Collects remarks, and dates that wait for a year from the others."""

    remarks: list[Remark] = field(default_factory=list)
    _values: dict[tuple[str, str], Value] = field(default_factory=dict)
    """What was read already; gone with the paste."""
    _no_year: list[tuple[RawField, Value]] = field(default_factory=list)
    _starts: set[int] = field(default_factory=set)

    def add_remark(self, line: int, message: str) -> None:
        """A remark on a line of the paste."""
        if len(self.remarks) < MAX_REMARKS:
            self.remarks.append(Remark(line, message))

    def fields(
        self, label: Label, place: Place, text: str, line: int, doubt: str | None = None
    ) -> list[list[RawField]]:
        """What a value puts into its entity: one field, or type and code of FAM records.

        Each inner list belongs into one entity. ``doubt`` says how the name was understood.
        """
        name = place[1]
        if label.fam_type is not None:
            codes = [code for code in re.split(r"[,;/&\s]+", text.strip()) if code]
            type_name = name.replace("Code", "Type")
            return [
                [
                    RawField(type_name, label.fam_type, line),
                    RawField(name, read_value(name, code).text, line),
                ]
                for code in codes
                if read_value(name, code).text
            ]
        value = self._values.get((name, text))
        if value is None:
            value = self._values[name, text] = read_value(name, text)
        doubts = [why for why in (doubt, _likeness(label), value.guess) if why]
        made = RawField(name, value.text, line, "; ".join(doubts) or None)
        if value.trouble:
            self.add_remark(line, f"{name} {value.trouble}")
        if value.day is not None:
            self._no_year.append((made, value))
        elif _TELLS_YEAR.search(name) and value.fits and value.text:
            self._starts.add(_academic_year(date.fromisoformat(value.text)))
        return [[made]]

    def resolve_years(self) -> None:
        """Give dates without a year the one academic year that the other dates lie in."""
        for made, value in self._no_year:
            found = value.day
            if found is None or len(self._starts) != 1:
                self.add_remark(made.line or 0, f"{made.name} has no year, so it was not read.")
                continue
            first = next(iter(self._starts))
            year = first if found.month >= 8 else first + 1
            try:
                made.text = date(year, found.month, found.day).isoformat()
            except ValueError:
                self.add_remark(made.line or 0, f"{made.name} is not a date in {year}.")
                continue
            assumed = f"no year was given; {year} was assumed from the other dates"
            made.guess = f"{made.guess}; {assumed}" if made.guess else assumed


_TELLS_YEAR = re.compile(r"^(?!Orig).*StartDate$|^FilePreparationDate$")


def _academic_year(day: date) -> int:
    return day.year if day.month >= 8 else day.year - 1


def _likeness(label: Label) -> str | None:
    return f"its name is like {label.similar}" if label.similar else None


def is_confident(label: Label, text: str) -> bool:
    """Whether name and value together are a field of a record, and hardly a sentence."""
    if not label.known:
        return False
    name = label.places[0][1]
    value = read_value(name, text)
    if not value.text or not value.fits or value.day is not None:
        return False
    if label.fam_type:
        return bool(re.fullmatch(r"\d{1,3}(?:[,;/& ]+\d{1,3}){0,6}", text.strip()))
    if kind_of(name) in {"Date", "Number"} or name == "LearnAimRef":
        return True
    return label.official and len(value.text.split()) <= 4


def filled(entity: RawEntity) -> bool:
    """Whether anything stands in an entity or below it."""
    return bool(entity.fields) or any(filled(child) for child in entity.children)
