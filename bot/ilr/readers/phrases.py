"""What people write without naming fields: "5/10/26 to 16/10/26, 60 hours, external".

And several names with their values on one line: "start 7 Sept 26 end 30/6/27".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from bot.ilr.readers.dates import read_date
from bot.ilr.readers.names import Label, names
from bot.ilr.readers.values import read_value

__all__ = ["AIM", "AIM_REFERENCE", "DATE", "EMPLOYER", "MONTH", "PLACEMENT", "RANGES",
           "STARTS_AND_ENDS", "Part", "Phrase", "in_row", "lone_aim", "phrase",
           "range_of"]  # fmt: skip

AIM, PLACEMENT = "LearningDelivery", "LearningDeliveryWorkPlacement"
STARTS_AND_ENDS = {
    PLACEMENT: ("WorkPlaceStartDate", "WorkPlaceEndDate"),
    AIM: ("LearnStartDate", "LearnPlanEndDate"),
}
AIM_REFERENCE = r"(?:Z[0-9A-Z]{7}|\d{7}[0-9X])"
"""How an aim's reference looks; part of a pattern."""
MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
DATE = (
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}[,.]? )?"
    r"(?:\d{4}-\d\d-\d\d|\d{1,2}[-/.]\d{1,2}(?:[-/.](?:\d{4}|\d\d))?(?![\d/])"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?[ -]?(?:of )?{MONTH}\.?"
    r"(?:[ ,-]{1,2}(?:\d{4}|\d\d)(?!\d|\s?h(?:ou)?rs?\b))?"
    rf"|{MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?(?!\d|/)(?:,? \d{{4}})?)"
)
_DATES = re.compile(
    rf"(?:\bfrom )?(?<![\w/.])({DATE})\s{{0,3}}(?:\bto\b|\buntil\b|\btill\b|->|→|-|–|—)"
    rf"\s{{0,3}}({DATE})(?!\w)",
    re.IGNORECASE,
)
_DAYS = re.compile(
    r"(?<![\w/.-])(\d{1,2})(?:st|nd|rd|th)?\s{0,3}(?:\bto\b|-|–|—)\s{0,3}"
    rf"(\d{{1,2}}(?:st|nd|rd|th)?[ -]?(?:of )?({MONTH}\.?[ ,]{{1,2}}\d{{4}}))(?!\w)",
    re.IGNORECASE,
)
"""Two days of one month: "5th - 16th October 2026"."""
_START_END = re.compile(
    rf"\b(?:start(?:s|ed|ing)?(?: date)?|from)\s?[:=]?\s{{0,3}}({DATE}),?\s{{1,3}}(?:and )?"
    rf"(?:end(?:s|ed|ing)?(?: date)?|finish(?:es|ed)?|until)\s?[:=]?\s{{0,3}}({DATE})(?!\w)",
    re.IGNORECASE,
)
"""A range in words: "start 05/10/2026 end 16/10/2026"."""
_FROM = re.compile(rf"(?:\bfrom |\bstart(?:s|ed|ing)? )?(?<![\w/.])({DATE})(?!\w)", re.IGNORECASE)
# "30 hours per week" are not the hours of the placement.
_HOURS = re.compile(
    r"(?<![\w.])(\d{1,4})\s?(?:hours?|hrs?|h)\b(?!\s{0,3}(?:per|a|each|every|/|pw|p/w|weekly)\b)"
    r"(?!\s{0,3}/)",
    re.IGNORECASE,
)
EMPLOYER = re.compile(
    r"\(?\b(?:ERN|EDRS|emp(?:loyer)?(?: id)?)\b(?: (?:no|number))?\.?\s?[:#]?\s?(\d{9})(?!\d)\)?",
    re.IGNORECASE,
)
_MODE = re.compile(r"\bmode:? ?([12])(?!\w)", re.IGNORECASE)
_FM = re.compile(r"\bFM(?=\d\d\b)", re.IGNORECASE)
_AIM = re.compile(r"(?<![\w-])(?=[0-9A-Z]{0,7}\d)[0-9A-Z]{8}(?![\w-])")
_FILLER = re.compile(r"[\s,;:()\[\].–—-]+|\b(?:and|from|for|planned|total)\b", re.IGNORECASE)
_VALUE = re.compile(
    rf"(?<![\w/.-])(?:{DATE}|\d{{1,10}}(?:\.\d+)?|[0-9A-Z]{{8}}"
    r"|[A-Z]{1,4}[/-]?\d{3,9}[A-Z]?)(?![\w/])",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"[\s,;:=.–—-]*(?:\band\b[\s,]*)?")
_UNIT = re.compile(r"\s?(?:hours?|hrs?)\b", re.IGNORECASE)
_NAME = re.compile(r"(?=[A-Z])(?:[^\W\d_]|[ &'’/+]){2,60}")
_PREPOSITIONS = frozenset({"from", "to", "until", "till"})
_MAX_PAIRS = 12
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Part:
    """A field that a phrase gives a value."""

    name: str
    text: str
    guess: str | None = None


@dataclass(slots=True)
class Phrase:
    """The fields in a phrase, and whether there was more in it than these."""

    parts: list[Part] = field(default_factory=list)
    left: bool = False
    typed: list[tuple[str, str]] = field(default_factory=list)
    """Types of the aim's FAMs, with their codes."""


def phrase(entity: str, text: str) -> Phrase:
    """Dates, hours, mode or aim reference of an aim or a placement, as far as understood."""
    found = Phrase()
    if entity not in STARTS_AND_ENDS or len(text) > _LONGEST:
        found.left = True
        return found
    rest = _dates(entity, text, found.parts)
    if entity == PLACEMENT:
        rest = _hours_and_mode(rest, found.parts)
    elif match := _AIM.search(rest):
        found.parts.append(Part("LearnAimRef", match[0]))
        rest = _without(rest, match)
    rest = _FILLER.sub(" ", rest).strip()
    # What a placement's line begins with is its employer's name.
    names_employer = (
        entity == PLACEMENT
        and bool(found.parts)
        and bool(_NAME.fullmatch(rest))
        and text.lstrip().startswith(rest)
    )
    found.left = bool(rest) and not names_employer
    return found


RANGES = dict(STARTS_AND_ENDS.values())
"""A start → the end that may stand behind it in one cell."""


def range_of(entity: str, text: str) -> list[Part]:
    """Start and end of a text that is a range and nothing else: "07/09/2026 - 02/07/2027"."""
    parts: list[Part] = []
    if len(text) > _LONGEST:
        return []
    rest = _dates(entity, text, parts)
    return parts if len(parts) == 2 and not _FILLER.sub(" ", rest).strip() else []


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} , {text[match.end() :]}"


def _dates(entity: str, text: str, parts: list[Part]) -> str:
    start, end = STARTS_AND_ENDS[entity]
    text = _START_END.sub(r"\1 to \2", text)
    both = _DATES.search(text)
    if both and all(_is_date(both[at]) for at in (1, 2)):
        parts += [_start_before(start, both[1], both[2]), Part(end, both[2])]
        return _without(text, both)
    days = _DAYS.search(text)
    if days and (read := read_date(f"{days[1]} {days[3]}")).iso and read_date(days[2]).iso:
        guess = "its month was taken from the end beside it"
        parts += [Part(start, read.iso, guess), Part(end, days[2])]
        return _without(text, days)
    one = _FROM.search(text)
    if one and read_date(one[1]).iso:
        parts.append(Part(start, one[1]))
        return _without(text, one)
    return text


def _is_date(text: str) -> bool:
    found = read_date(text)
    return bool(found.iso) or found.without_year


def _start_before(name: str, start: str, end: str) -> Part:
    """A start without a year, as in "5 Oct to 16 Oct 2026": the last one before the end."""
    first, last = read_date(start), read_date(end)
    if first.without_year and last.iso:
        ends = date.fromisoformat(last.iso)
        for year in (ends.year, ends.year - 1):
            try:
                day = date(year, first.month, first.day)
            except ValueError:
                continue
            if day <= ends:
                doubts = [
                    first.guess,
                    f"no year was given; {year} was taken from the end beside it",
                ]
                return Part(name, day.isoformat(), "; ".join(doubt for doubt in doubts if doubt))
    return Part(name, start)


def _hours_and_mode(text: str, parts: list[Part]) -> str:
    if match := EMPLOYER.search(text):
        parts.append(Part("WorkPlaceEmpId", match[1]))
        text = _without(text, match)
    if match := _HOURS.search(text):
        parts.append(Part("WorkPlaceHours", match[1]))
        text = _without(text, match)
    if match := _MODE.search(text):
        parts.append(Part("WorkPlaceMode", match[1]))
        return _without(text, match)
    modes = names().values.get("WorkPlaceMode", {})
    for piece in re.split(r"[,;()]", text):
        if piece.strip().casefold() in modes:
            parts.append(Part("WorkPlaceMode", piece.strip()))
            return text.replace(piece, "", 1)
    return text


def lone_aim(line: str) -> str | None:
    """The aim reference of a line that is one, with or without the aim's title.

    Words that head an aim ("qual 60149735") may stand before it.
    """
    match = _AIM.search(line) if len(line) <= _LONGEST else None
    if match is None:
        return None
    before, after = line[: match.start()].strip(" :"), line[match.end() :].strip()
    looks = match[0][0] == "Z" or match[0][:7].isdigit()
    titled = not after or bool(re.match(r"[-–—:(|]", after) and not re.search(r"\d{2}|\?", after))
    titled = titled or bool(re.fullmatch(r"[A-Z][^?.!:=,\t\d]{3,80}", after))
    headed = not before or names().heading(before) == AIM
    return match[0] if looks and titled and headed else None


def in_row(line: str) -> list[tuple[Label, str]]:
    """Names and values that follow each other on a line; empty unless all of it is understood."""
    if len(line) > _LONGEST:
        return []
    line = _FM.sub("FM ", line)
    found: list[tuple[Label, str]] = []
    place = 0
    for label, text, end in _pairs(line):
        found.append((label, text))
        place = end
        if len(found) > _MAX_PAIRS:
            return []
    rest = _BETWEEN.sub("", line[place:], count=1)
    said = {name for label, _ in found for _, name in label.places[:1]}
    if "LearnAimRef" in said and "CompStatus" not in said:
        word = rest.strip(" .").casefold()
        if word in names().values.get("CompStatus", {}):
            return [*found, (names().look_up("CompStatus"), word)]
    return found if len(found) > 1 and not rest.strip() else []


def _pairs(line: str) -> Iterator[tuple[Label, str, int]]:
    place = 0
    before = ""
    while value := _next_value(line, place):
        said = line[place : value.start()].strip(" \t,;:=.–—-")
        said = re.sub(r"^and\s", "", said)
        label = names().look_up(said)
        if not label.known or label.fam_type:
            return
        # The "from" of "Prior attainment: 3 from 31/08/2026" is no placement's.
        if said.casefold() in _PREPOSITIONS and before not in {"", AIM, PLACEMENT}:
            return
        before, name = label.places[0]
        text = value[0].strip()
        read = read_value(name, text)
        if not (read.fits and read.text):
            return
        end = value.end()
        if text.isdigit() and (hours := _UNIT.match(line, end)):
            end = hours.end()
        yield label, text, end
        place = end


def _next_value(line: str, place: int) -> re.Match[str] | None:
    """The next value behind a name; the 2 of "placement 2 start" is part of the name."""
    for match in _VALUE.finditer(line, place):
        said = line[place : match.start()].strip(" \t,;:=.–—-")
        label = names().look_up(re.sub(r"^and\s", "", said))
        if label.known and read_value(label.places[0][1], match[0]).fits:
            return match
    return None
