"""A line that is one employment status: "1) 10 - in paid employment from 01/08/2025, EII 5",
"Emp: 12 @ 11/10/2026, BSI 4", "Brook Dental - EDRS 900778899 - employed from 08 Jan 2026"."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.ilr.readers.bands import band_of
from bot.ilr.readers.dates import read_date
from bot.ilr.readers.names import names
from bot.ilr.readers.phrases import DATE, EMPLOYER, MONTH, Part

__all__ = ["EMPLOYMENT", "EmploymentLine", "employment_line"]

EMPLOYMENT = "LearnerEmploymentStatus"
_COUNTED = re.compile(r"^\s*(?:\d{1,2}[.)]\s+|[-*•·–]\s+)")
_NAMED = re.compile(
    r"(?:learner )?emp(?:loyment)?(?:\.? ?stat(?:us)?)?(?: record| code)?\s{0,9}[:=–-]?\s{1,9}",
    re.IGNORECASE,
)
_CODE = re.compile(
    rf"\(?(10|11|12|98)\)?(?![\w/]|[.-]\d| ?(?:hours|hrs|h)\b|\s*{MONTH}\b)", re.IGNORECASE
)
_STATUS_INSIDE = re.compile(r"\bemp\.? ?stat(?:us)?:? (10|11|12|98)\b", re.IGNORECASE)
_BAND = re.compile(r"\b(\d{1,2}(?:\+|\s?(?:-|–|to)\s?\d{1,2}) ?(?:hours|hrs))\b", re.IGNORECASE)
"""Hours a week as a band: "31+ hrs"."""
_CODE_BEHIND = re.compile(r"[A-Za-z][^()\d]{0,50}\((10|11|12|98)\)", re.IGNORECASE)
"""A code behind what it stands for: "not employed, looking (11)"."""
_STATUS = re.compile(r"^[\s,;:–—-]*(?:emp(?:loyment)? )?stat(?:us)?(?: code)?\s+(?=\d)", re.I)
_DAY = re.compile(
    rf"(?:\b(?:from|since|as at|as of|starting|started|on|date(?: applies)?|wef|effective)\b:?|@)?"
    rf"\s{{0,3}}(?<![\w/.])(?P<day>{DATE})(?!\w)",
    re.IGNORECASE,
)
_MONITORED = re.compile(r"\b(?P<type>[A-Z]{3})\s?[-:=]?\s?(?P<code>\d{1,2})(?!\w)")
_TOLD = re.compile(r"\b(?:un)?employ(?:ed|ment)\b|\bpaid work\b", re.IGNORECASE)
_EMPLOYED = re.compile(r"(?<!not )(?<!un)\b(?:in paid employment|employed)\b", re.IGNORECASE)
_NINE = re.compile(r"(?<![\w/.-])(\d{9})(?![\w/.-])")
"""An employer's number, which under such a heading needs no name."""
_ASKED = re.compile(r"\?|\b(?:should|is it|do we|which|why|errors?)\b", re.IGNORECASE)
_LONGEST = 200


@dataclass(slots=True)
class EmploymentLine:
    """What such a line says: the status with its date and employer, and its monitoring."""

    parts: list[Part]
    monitored: list[tuple[str, str]] = field(default_factory=list)
    """Types with their codes."""


def employment_line(line: str, headed: str | None = None) -> EmploymentLine | None:
    """What a line says of one employment status; None for any other line.

    ``headed``: the entity of the heading above. All of its figures have to be understood. Its
    words are the code's own, or the employer's name.
    """
    rest = _COUNTED.sub("", line, count=1).strip()
    if len(rest) > _LONGEST or _ASKED.search(rest):
        return None
    named = _NAMED.match(rest)
    rest = rest[named.end() :] if named else rest
    days = [found for found in _DAY.finditer(rest) if read_date(found["day"]).iso]
    if len(days) > 1:
        return None
    day = days[0]["day"] if days else None
    rest = f"{rest[: days[0].start()]}  {rest[days[0].end() :]}" if days else rest
    employer = EMPLOYER.search(rest)
    rest = EMPLOYER.sub("  ", rest, count=1)
    if employer is None and headed == EMPLOYMENT and (employer := _NINE.search(rest)):
        rest = _NINE.sub("  ", rest, count=1)
    monitored = [
        (found["type"], found["code"])
        for found in _MONITORED.finditer(rest)
        if names().owner_of_type(found["type"]) == "EmploymentStatusMonitoring"
    ]
    rest = _MONITORED.sub("  ", rest) if monitored else rest
    for found in list(_BAND.finditer(rest)) if _TOLD.search(rest) else ():
        if band_of("EII", found[1]) is not None:
            monitored.append(("EII", found[1]))
            rest = f"{rest[: found.start()]}  {rest[found.end() :]}"
    if (inside := _STATUS_INSIDE.search(rest)) is not None:
        rest = f"{inside[1]} {rest[: inside.start()]} {rest[inside.end() :]}"
    rest = _STATUS.sub("", rest, count=1)
    code = _CODE.match(rest.lstrip(" ,;:–—-"))
    rest = _CODE.sub("  ", rest, count=1) if code else rest
    if code is None and (code := _CODE_BEHIND.match(rest.strip(" ,;:–—-"))) is not None:
        rest = rest.replace(f"({code[1]})", "  ", 1)
    if re.search(r"\d", rest) or not (day or monitored):
        return None
    tells = named is not None or headed == EMPLOYMENT or bool(monitored or _TOLD.search(rest))
    if code is not None and tells:
        parts = [Part("EmpStat", code[1])]
    elif code is None and day and employer and _EMPLOYED.search(rest):
        parts = [Part("EmpStat", "10", "it says “employed”, and gives no code")]
    else:
        return None
    parts += [Part("DateEmpStatApp", day)] if day else []
    parts += [Part("EmpId", employer[1])] if employer else []
    return EmploymentLine(parts, monitored)
