"""Values from lists and tables on their way into a record, and what is said of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from bot.ilr.raw import RawEntity, RawField, Remark
from bot.ilr.readers.bands import band_of, is_of_bands
from bot.ilr.readers.cells import clean
from bot.ilr.readers.coded import dated_types
from bot.ilr.readers.dates import (
    DAY_FIRST,
    MONTH_FIRST,
    DateRead,
    in_figures,
    month_first,
    read_date,
)  # fmt: skip
from bot.ilr.readers.doubts import ODD, is_academic_year, is_odd, kept_as_typed
from bot.ilr.readers.forms import has_usual_form
from bot.ilr.readers.names import ANY_TYPE, Label, Place, names
from bot.ilr.readers.phrases import RANGES, range_of
from bot.ilr.readers.typed_names import CODE_FIELDS
from bot.ilr.readers.values import Value, kind_of, read_value

__all__ = ["NOT_UNDERSTOOD", "TYPED_CODE", "FieldCollector", "is_confident"]


_OF_RANGE = re.compile(r"dates$|period$|start ?[/&-] ?end$", re.IGNORECASE)
"""A heading of a start with its end."""
_AMERICAN = re.compile(
    r"\b(?:(?-i:US|USA)|american|mm? ?[/-] ?dd?|month first|month[/-]day)\b", re.IGNORECASE
)
"""What a heading says of dates that are written month first."""
TYPED_CODE = re.compile(r"(?<![A-Za-z])([A-Z]{3})\s?[-:=]?\s?(\d{1,3}[A-Z]?)(?!\w)")
"""A FAM as people write it: SOF107, LDM 034."""
_DATED_CODE = re.compile(
    r"(\d{1,3}|yes|y)(?:[,;]|\s[-–])?\s(?:\(?from|since)\s(\S{6,12}?)(?:\s?(?:to|until|-)\s?(\S{6,12}?))?\)?",
    re.IGNORECASE,
)
"""A FAM's code with its dates: "1 from 14/09/2026"."""
_SEVERAL_CODES = re.compile(r"\d{1,3}(?:[,;/& ]+(?:and )?\d{1,3}){0,6}")
_CODES_ALONE = frozenset({*CODE_FIELDS.values(), "OutCode", "AFinCode"})
_TYPE_WITH_CODE = re.compile(
    r"([A-Z]{3})\s?[-:_/]?\s?(\d{1,3})(?:\s?[-–—:(]\s?|\s)?(?:[A-Za-z(].{0,200})?"
)
_TYPE_BEHIND = re.compile(r"[A-Za-z][^()]{1,80}[(\[]([A-Z]{3})[ -]?(\d{1,3})[)\]]")
_HOURS = frozenset({"PHours", "OTJActHours", "AddHours"})
"""Hours of an aim that are a record of their own from 2026-27."""
_AMOUNTS = frozenset({"HRSAmount", "AFinAmount"})
_YES, _NO = frozenset({"yes", "y", "true"}), frozenset({"no", "n", "false"})
_YES_OR_NO = frozenset({"SEI", "SEM", "PEI", "RES", "EHC", "HNS", "DLA", "LSF", "ADL"})
"""Types whose only code, 1, says that it is so."""
NOT_UNDERSTOOD = "This line was not understood."
MAX_REMARKS = 1_000
"""Remarks kept; a report shows fifty."""


@dataclass(frozen=True, slots=True)
class _Codes:
    """What the codes beneath a type are, with the dates that stand beside one."""

    kind: str
    why: str | None = None
    codes: tuple[str, ...] = ()
    dates: tuple[tuple[str, str], ...] = ()
    unread: bool = False


@dataclass
class FieldCollector:
    """Collects remarks, and dates that wait for a year from the others."""

    remarks: list[Remark] = field(default_factory=list)
    assumed: date | None = None
    """A day of the academic year to take when no date of the paste has a year; None: none."""
    hours: list[tuple[RawField, str]] = field(default_factory=list)
    """Hours of an aim under a name of no year, and that name."""
    _values: dict[tuple[str, str], tuple[Value, str]] = field(default_factory=dict)
    """What was read already, and the text of a date in figures; gone with the paste."""
    _plain: dict[tuple[str | int | None, ...], tuple[str, str | None, str]] = field(
        default_factory=dict
    )
    """Values with nothing more to be said of them, as they came under a name."""
    _told: dict[tuple[str, str, str], _Codes] = field(default_factory=dict)
    """Codes that were read already; gone with the paste."""
    _ways: dict[tuple[str, bool], tuple[str | None, DateRead]] = field(default_factory=dict)
    """Dates in figures read month first and day first; gone with the paste."""
    _no_year: list[tuple[RawField, Value]] = field(default_factory=list)
    _starts: set[int] = field(default_factory=set)
    _in_figures: dict[int, list[tuple[RawField, str]]] = field(default_factory=dict)
    """Dates in figures, as typed, by the column they stand in."""

    def add_remark(self, line: int, message: str) -> None:
        """A remark on a line of the paste."""
        if len(self.remarks) < MAX_REMARKS:
            self.remarks.append(Remark(line, message))

    def understood(self, line: int) -> None:
        """Take back that a line was not understood: what it says was found out since."""
        lost = Remark(line, NOT_UNDERSTOOD)
        self.remarks[:] = [remark for remark in self.remarks if remark != lost]

    def fields(
        self,
        label: Label,
        place: Place,
        text: str,
        line: int,
        doubt: str | None = None,
        *,
        group: int = 0,
    ) -> list[list[RawField]]:
        """What a value puts into its entity: one field, or type and code of FAM records.

        Each inner list belongs into one entity; none when the value is no value of the field,
        which is then remarked. ``doubt`` says how the name was understood. ``group``: the
        column, whose dates are all written the same way round.
        """
        name = place[1]
        key = (label.said, label.number, label.fam_type, name, text, doubt)
        if (before := self._plain.get(key)) is not None:
            made = RawField(name, before[0], line, before[1])
            if before[2]:
                self._in_figures.setdefault(group, []).append((made, before[2]))
            return [[made]]
        if label.if_fits and not (has_usual_form(name, text) or _is_range(place, text)):
            return []
        if name == "Year" and not is_academic_year(text):
            if not re.fullmatch(r"(?:year )?\d", text.strip(), re.IGNORECASE):  # of the course
                self.add_remark(line, "This is no academic year, so it was not read.")
            return []
        if label.fam_type is not None and name.startswith("ProvSpec"):
            noted = read_value(name, text).text
            occurs = RawField(f"{name}Occur", label.fam_type, line)
            return [[occurs, RawField(name, noted, line)]] if noted else []
        if name in {"LearnDelFAMType", "LearnFAMType"} and TYPED_CODE.fullmatch(text.strip()):
            return self._typed_codes((place[0], CODE_FIELDS[place[0]]), text, line)
        if label.fam_type is None and name in _CODES_ALONE:
            typed = self._type_with_code(place, text, line, doubt)
            if typed:
                return typed
        if label.fam_type == ANY_TYPE:
            return self._typed_codes(place, text, line)
        if label.fam_type is not None and name in _AMOUNTS:
            return self._typed_amount(label, name, text, line)
        if label.fam_type is not None and kind_of(name) == "Date":
            return self._typed_date(label, place, text, line, group)
        if is_of_bands(label) and text.strip() and not band_of(label.fam_type or "", text):
            self.add_remark(line, f"No code of {label.fam_type} was found here; it was not read.")
            return []
        if label.fam_type is not None:
            return self._codes(label.fam_type, name, text, line)
        known = self._values.get((name, text))
        if known is None and name in RANGES and (both := range_of(place[0], text)):
            ends: list[list[RawField]] = []
            for part in both:
                one = Label(part.name, ((place[0], part.name),))
                why = "; ".join(said for said in (doubt, part.guess) if said) or None
                ends += self.fields(one, one.places[0], part.text, line, why, group=group)
            return ends
        if name in RANGES and _OF_RANGE.search(label.said) and text.strip():
            self.add_remark(line, "It is not said which of its dates this is, so it was not read.")
            return []
        if known is None:
            plain = clean(text) if kind_of(name) == "Date" else ""
            known = read_value(name, text), plain if in_figures(plain) else ""
            self._values[name, text] = known
        value, figures = known
        loose = f"read as {name}, though its name alone does not say so" if label.if_fits else None
        odd = ODD if is_odd(label, name, value) else None
        doubts = [
            why for why in (doubt, label.doubt, loose, _likeness(label), value.guess, odd) if why
        ]
        made = RawField(name, value.text, line, "; ".join(doubts) or None)
        if name in _HOURS and not label.official:
            self.hours.append((made, label.said))
        if figures and _AMERICAN.search(label.said):
            group = ~group  # whatever the dates beside it are
        if figures and value.day is None:
            self._in_figures.setdefault(group, []).append((made, figures))
            if not value.fits:
                return [[made]]
        if value.trouble:
            self.add_remark(line, f"{name} {value.trouble}")
            if not value.text:
                return []
        elif kept := kept_as_typed(name, value):
            self.add_remark(line, f"{name} {kept}")
            return [[made]]
        if value.day is not None:
            self._no_year.append((made, value))
        elif _TELLS_YEAR.search(name) and value.fits and value.text:
            self._starts.add(_academic_year(date.fromisoformat(value.text)))
        if not (label.if_fits or value.trouble or value.day or group < 0 or name in _HOURS):
            self._plain[key] = value.text, made.guess, figures
        return [[made]]

    def _codes(self, kind: str, name: str, text: str, line: int) -> list[list[RawField]]:
        """The codes beneath a type or behind it: "107", "034, 328", "1 from 14/09/2026".

        What has no figure in it is no code, and is remarked: "n/a for loans".
        """
        told = self._told.get((kind, name, text))
        if told is None:
            told = self._told[kind, name, text] = self._read_codes(kind, name, clean(text))
        if told.unread:
            self.add_remark(line, f"No code of {kind} was found here, so it was not read.")
        return [
            [
                RawField(name.replace("Code", "Type"), told.kind, line, told.why),
                RawField(name, code, line, told.why),
                *(RawField(field, day, line) for field, day in told.dates),
            ]
            for code in told.codes
        ]

    def _read_codes(self, kind: str, name: str, text: str) -> _Codes:
        word, why = text.casefold(), None
        if (band := band_of(kind, text)) is not None:
            return _Codes(kind, f"{band} for the band it shows", (band,))
        if len(text) > 5 and read_date(text).iso is not None:
            return _Codes(kind, unread=True)  # the figures of a day are no codes
        if word in _NO or not read_value(name, text).text:
            return _Codes(kind)
        if word in _YES and kind in _YES_OR_NO:
            text = "1"
        elif own := re.search(rf"(?<![A-Za-z]){kind}\s?[-:=]?\s?(\d{{1,3}})(?!\w)", text):
            # The type stands before its code here as well: "High needs: HNS 1".
            text = own[1]
        dates: list[tuple[str, str]] = []
        if name == "LearnDelFAMCode" and (dated := _DATED_CODE.fullmatch(text)):
            text = "1" if dated[1].casefold() in _YES and kind in _YES_OR_NO else dated[1]
            dates = [
                (f"LearnDelFAMDate{side}", day)
                for side, said in (("From", dated[2]), ("To", dated[3]))
                if said and (day := read_date(said).iso)
            ]
        if not _SEVERAL_CODES.fullmatch(text) and (described := read_value(name, text)).guess:
            text = described.text
        if kind == "FFI" and re.fullmatch(r"1\d\d", text):
            kind, why = "SOF", "no code of FFI, and one of SOF"
        codes = [read_value(name, code).text for code in re.split(r"[,;/&\s]+(?:and\s+)?", text)]
        codes = [code for code in codes if code]
        if not all(re.fullmatch(r"\d[\dA-Z]{0,4}", code) for code in codes):
            return _Codes(kind, unread=True)
        return _Codes(kind, why, tuple(codes), tuple(dates))

    def _typed_codes(self, place: Place, text: str, line: int) -> list[list[RawField]]:
        """Types with their codes in one cell: "SOF107; LDM034"."""
        made: list[list[RawField]] = []
        if place == ("LearningDeliveryFAM", "LearnDelFAMCode"):
            dated, text = dated_types(text)
            for one in dated:
                reads = [(name, read_value(name, said)) for name, said in one]
                made.append([RawField(name, read.text, line, read.guess) for name, read in reads])
        kept = len(made)
        for match in TYPED_CODE.finditer(text):
            label = names().look_up(match[1])
            if label.fam_type and label.places[0] == place:
                made += self.fields(label, place, match[2], line)
        left = re.search(r"\w", TYPED_CODE.sub(" ", text)) is not None
        if left or len(made) - kept < len(TYPED_CODE.findall(text)):
            self.add_remark(line, "Some of the types in this cell were not understood.")
        return made

    def _type_with_code(
        self, place: Place, text: str, line: int, doubt: str | None
    ) -> list[list[RawField]]:
        """The type that stands with its code where the code alone belongs: "EMP 1" under
        "Outcome", "TNP2" under "Price code"."""
        match = _TYPE_WITH_CODE.fullmatch(clean(text)) or _TYPE_BEHIND.fullmatch(clean(text))
        if match is None or names().owner_of_type(match[1]) != place[0]:
            return []
        kind = place[1].replace("Code", "Type")
        if place[1] in CODE_FIELDS.values():
            return [
                [RawField(kind, match[1], line, doubt), RawField(place[1], match[2], line, doubt)]
            ]
        return [
            [RawField(kind, match[1], line, doubt)],
            [RawField(place[1], match[2], line, doubt)],
        ]

    def _typed_amount(self, label: Label, name: str, text: str, line: int) -> list[list[RawField]]:
        """The amount under "TNP 1", with the type and the code that its heading gives."""
        read = read_value(name, text)
        if not read.text or not read.fits:
            if read.text:
                self.add_remark(line, f"{name} is no amount here, so it was not read.")
            return []
        return [
            [
                RawField(name.replace("Amount", "Type"), label.fam_type or "", line),
                RawField(name.replace("Amount", "Code"), str(label.number), line),
                RawField(name, read.text, line),
            ]
        ]

    def _typed_date(
        self, label: Label, place: Place, text: str, line: int, group: int
    ) -> list[list[RawField]]:
        """The date under "LSF From", with the type that its heading gives."""
        plain = Label(label.said, (place,))
        made = self.fields(plain, place, text, line, group=group)
        kind = RawField("LearnDelFAMType", label.fam_type or "", line)
        return [[kind, *part] for part in made if any(item.text for item in part)]

    def resolve_dates(self) -> None:
        """Settle what only the other dates can tell: their order, and years left out."""
        told = [self._in_figures.pop(at) for at in list(self._in_figures) if at < 0]
        for found in told:
            self._resolve_told(found)
        every = [one for found in self._in_figures.values() for one in found]
        # Columns that could be either way go with those that can be one way only.
        american, british = self._one_way(every)
        for found in self._in_figures.values():
            own = self._one_way(found)
            if not any(own) and not british:
                own = american, []
            self._resolve_order(found, *own)
        self._resolve_years()

    def _resolve_told(self, found: list[tuple[RawField, str]]) -> None:
        """Dates whose heading says that they are month first: "Start (US)"."""
        for made, text in found:
            first, day_first = self._both_ways(made.name, text)
            if first is not None:
                doubts = (made.guess or "").replace(DAY_FIRST, "").strip("; ")
                made.text = first
                made.guess = and_also(doubts or None, "read month first, as its heading says")
            elif day_first.iso:
                self.add_remark(
                    made.line or 0,
                    f"{made.name} can only be day first, though its heading says otherwise.",
                )
            else:
                self.add_remark(made.line or 0, f"{made.name} is not a date that could be read.")

    def _both_ways(self, name: str, text: str) -> tuple[str | None, DateRead]:
        """A date in figures, read month first and day first."""
        birth = name == "DateOfBirth"
        known = self._ways.get((text, birth))
        if known is None:
            known = self._ways[text, birth] = (
                month_first(text, birth=birth), read_date(text, birth=birth)
            )  # fmt: skip
        return known

    def _one_way(
        self, found: list[tuple[RawField, str]]
    ) -> tuple[list[tuple[RawField, str]], list[RawField]]:
        """Dates that can only be month first, as read so, and those that can only be day first."""
        american, british = [], []
        for made, text in found:
            first, day_first = self._both_ways(made.name, text)
            if first and not day_first.iso and not day_first.without_year:
                american.append((made, first))
            elif day_first.iso and not first:
                british.append(made)
        return american, british

    def _resolve_order(
        self,
        found: list[tuple[RawField, str]],
        american: list[tuple[RawField, str]],
        british: list[RawField],
    ) -> None:
        """One date that can only be month first puts those beside it in doubt."""
        turned = {id(made): first for made, first in american}
        for made, text in found:
            line = made.line or 0
            if id(made) in turned and not british:
                self.add_remark(
                    line,
                    f"{made.name} can only be month first, so the dates beside it were read month "
                    "first too. Check them, or write day/month/year.",
                )
                made.text, made.guess = turned[id(made)], and_also(made.guess, MONTH_FIRST)
            elif not self._both_ways(made.name, text)[1].iso:
                self.add_remark(
                    line,
                    f"{made.name} is not a date that could be read; write it as day/month/year.",
                )
            elif american and british and self._both_ways(made.name, text)[0]:
                made.guess = and_also(made.guess, "other dates beside it are written month first")
            elif american and (first := self._both_ways(made.name, text)[0]):
                doubts = (made.guess or "").replace(DAY_FIRST, "").strip("; ")
                made.text, made.guess = first, and_also(doubts or None, MONTH_FIRST)

    def _resolve_years(self) -> None:
        """Give dates without a year the one academic year that the other dates lie in."""
        for made, value in self._no_year:
            found = value.day
            years = self._starts or ({_academic_year(self.assumed)} if self.assumed else set())
            if found is None or len(years) != 1:
                self.add_remark(made.line or 0, f"{made.name} has no year, so it was not read.")
                continue
            first = next(iter(years))
            year = first if found.month >= 8 else first + 1
            try:
                made.text = date(year, found.month, found.day).isoformat()
            except ValueError:
                self.add_remark(made.line or 0, f"{made.name} is not a date in {year}.")
                continue
            whence = "the other dates" if self._starts else "today's date"
            assumed = f"no year was given; {year} was assumed from {whence}"
            made.guess = and_also(made.guess, assumed)


_TELLS_YEAR = re.compile(r"^(?!Orig).*StartDate$|^FilePreparationDate$")


def _is_range(place: Place, text: str) -> bool:
    return place[1] in RANGES and bool(range_of(place[0], text))


def and_also(doubt: str | None, more: str) -> str:
    """A doubt, with one more."""
    return f"{doubt}; {more}" if doubt else more


def _academic_year(day: date) -> int:
    return day.year if day.month >= 8 else day.year - 1


def _likeness(label: Label) -> str | None:
    return f"its name is like {label.similar}" if label.similar else None


def is_confident(label: Label, text: str) -> bool:
    """Whether name and value together are a field of a record, and hardly a sentence."""
    if not label.known:
        return False
    name = label.places[0][1]
    if label.fam_type in _YES_OR_NO and text.strip().casefold() in _YES:
        return True
    value = read_value(name, text)
    if not value.text or not value.fits or value.day is not None:
        return False
    if label.fam_type and name in _AMOUNTS:
        return True
    if label.fam_type and name == "LearnDelFAMCode" and _DATED_CODE.fullmatch(text.strip()):
        return True
    if label.fam_type and (is_of_bands(label) or band_of(label.fam_type, text)):
        return band_of(label.fam_type, text) is not None
    if label.fam_type:
        return bool(_SEVERAL_CODES.fullmatch(text.strip()))
    if kind_of(name) in {"Date", "Number"} or name == "LearnAimRef":
        return True
    return label.official and len(value.text.split()) <= 4


def filled(entity: RawEntity) -> bool:
    """Whether anything stands in an entity or below it."""
    return bool(entity.fields) or any(filled(child) for child in entity.children)
