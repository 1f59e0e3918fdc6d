"""A screen's line for an aim, in columns without headings: "1  60145623  L2 Diploma  FM 25
07-Sep-2026 to 25-Jun-2027  Continuing". Only what its own form tells is read, as a guess."""

from __future__ import annotations

import re

from bot.ilr.readers.dates import read_date
from bot.ilr.readers.names import Label, names
from bot.ilr.readers.pairs import pairs
from bot.ilr.readers.phrases import AIM, AIM_REFERENCE, DATE, Part, Phrase, in_row, phrase
from bot.ilr.readers.values import read_value

__all__ = ["CELLS", "aim_line", "told_between_dashes", "told_in_brackets"]

CELLS = re.compile(r"\t+|\s{2,}|\s*[|;]\s*|,\s+")
"""What parts the cells of a screen's line."""
_AIM = re.compile(rf"({AIM_REFERENCE})(?:\s+(?:[-–—:]\s*)?([A-Za-z(].*))?")
_NAMED = re.compile(
    r"([A-Za-z][A-Za-z ]{1,30}?)(?:\s?\.{2,})?\s{0,4}[:=]?\s{1,9}"
    rf"(?={AIM_REFERENCE}\b)"
)
_BEFORE = re.compile(r"\d{1,2}[.)]?|aim|[-–*•]")
_CODED = ("CompStatus", "AimType")
_OF_FORM = "there is no heading; it has the form of one"
_GLUED = re.compile(r"(?!FM\d\d$)([A-Za-z]{1,5})(\d{1,4})", re.IGNORECASE)
_MAX_LENGTH, _MIN_CELLS = 400, 3


def aim_line(line: str) -> Phrase | None:
    """What such a line says of its aim; None for a line that is none."""
    if (match := _NAMED.match(line)) and _heads_aim(match[1]):
        told = pairs(line) or in_row(line)
        # With a mark behind each name, one that is not known is no more than that.
        marked = len(re.findall(r"[A-Za-z] ?: ", line)) >= len(told) > 2
        if told and all(label.places or label.ignored or marked for label, _ in told):
            return None
        line = line[match.end() :]
    cells = [cell.strip(" *_") for cell in CELLS.split(line.strip())] if "?" not in line else []
    cells = [cell for cell in cells if cell]
    if not _MIN_CELLS <= len(cells) <= 30 or len(line) > _MAX_LENGTH:
        return None
    at = next((at for at, cell in enumerate(cells[:3]) if _AIM.fullmatch(cell)), None)
    if at is None or not all(_BEFORE.fullmatch(cell.casefold()) for cell in cells[:at]):
        return None
    if sum(_AIM.fullmatch(cell) is not None for cell in cells) > 1:
        return None
    match = _AIM.fullmatch(cells[at])
    found = Phrase([Part("LearnAimRef", match[1] if match else "")])
    if at and re.fullmatch(r"\d{1,2}[.)]?", cells[0]):
        found.parts.append(Part("AimSeqNumber", cells[0].rstrip(".)"), _OF_FORM))
    title = match[2] if match and match[2] else ""
    if title and re.search(r"\d", title):
        found.parts += _said(title)
    dates = []
    for cell in cells[at + 1 :]:
        if read_date(cell).iso and not cell.isdigit():
            dates.append(cell)
            continue
        if (typed := _TYPED.fullmatch(cell)) and _is_of_aim(typed[1]):
            found.typed.append((typed[1].upper(), typed[2]))
            continue
        parts = _said(cell)
        found.parts += parts
        found.left = found.left or not parts
    if len(dates) == 2 and not any(part.name.endswith("Date") for part in found.parts):
        names_of = ("LearnStartDate", "LearnPlanEndDate")
        found.parts += [
            Part(name, day, _OF_FORM) for name, day in zip(names_of, dates, strict=True)
        ]
    elif dates:
        found.left = True
    if all(part.guess or part.name == "LearnAimRef" for part in found.parts):
        found.parts[0] = Part("LearnAimRef", found.parts[0].text, _OF_FORM)
    said = [part.name for part in found.parts]
    if len(said) < 2 or len(said) != len(set(said)):
        return None
    return found


_TYPED = re.compile(r"([A-Za-z]{3})[ :-]?(\d{1,3})")


def _is_of_aim(kind: str) -> bool:
    return names().owner_of_type(kind.upper()) == "LearningDeliveryFAM"


def _heads_aim(said: str) -> bool:
    """Whether words in front of a reference say that it is an aim's: "Aim: 60189945   FM25"."""
    places = names().look_up(said).places[:1]
    return names().heading(said) == AIM or places == ((AIM, "LearnAimRef"),)


def _said(cell: str) -> list[Part]:
    """What a cell says for itself: a field and its value, a range of dates, a code's word."""
    # "CS1" and "PT25": a short name and its code in one.
    words = [*glued.groups()] if (glued := _GLUED.fullmatch(cell)) else cell.split()
    for count in range(min(4, len(words) - 1), 0, -1):
        label = names().look_up(" ".join(words[:count]).rstrip(":="))
        name = _of_aim(label)
        text = " ".join(words[count:]).lstrip(":= ")
        if name and (read := read_value(name, text)).fits and read.text:
            return [Part(name, text)]
    if match := re.fullmatch(r"(?i)(?:[^\d:]{0,30}[( ])?FM ?(\d\d)\)?", cell):
        return [Part("FundModel", match[1], _OF_FORM)]
    told = phrase(AIM, cell)
    if len(told.parts) == 2 and not told.left:
        return [Part(part.name, part.text, part.guess or _OF_FORM) for part in told.parts]
    for name in _CODED:
        if cell.casefold() in names().values.get(name, {}):
            return [Part(name, cell, _OF_FORM)]
    return []


_LEFT_ON = re.compile(
    rf"(?:withdr[ae]wn?|left|leaver|transferred)(?: on)?:? (?P<day>{DATE})"
    r"(?:,? (?:withdrawal )?reason (?P<reason>\d{1,2}))?",
    re.IGNORECASE,
)


def told_between_dashes(text: str) -> tuple[list[Part], bool]:
    """What the cells of "60149735 - BTEC Diploma - 07/09/2026 to 02/07/2027 - FM25 - Continuing"
    say beside the reference and the dates, and whether something else is left but a title."""
    parts: list[Part] = []
    left = False
    for cell in re.split(r"\s[-–—|]\s|[,;]\s", text)[1:]:
        cell = cell.strip()
        if gone := _LEFT_ON.fullmatch(cell):
            parts.append(Part("LearnActEndDate", gone["day"]))
            parts += [Part("WithdrawReason", gone["reason"])] if gone["reason"] else []
        elif said := _said(cell):
            parts += said
        else:
            left = left or re.search(r"\d{2}", cell) is not None
    return parts, left


def told_in_brackets(text: str) -> list[Part]:
    """What stands in brackets behind a reference, when all of it is an aim's: "(FM25, comp 1)"."""
    coded = re.fullmatch(r"\S{8}(?:\s?[-–,]\s?|\s{1,3})([A-Za-z][A-Za-z -]{2,40})", text.strip())
    if coded is not None:
        return _said(coded[1])  # "60149735 core"
    match = re.fullmatch(r"\S{8}\s{0,3}\(([^()]{3,120})\)", text.strip())
    cells = [_said(cell.strip()) for cell in match[1].split(",")] if match else []
    return [part for cell in cells for part in cell] if all(cells) else []


def _of_aim(label: Label) -> str | None:
    """The aim's field that a name stands for, when it is a plain one."""
    mine = [name for entity, name in label.places if entity == AIM]
    return mine[0] if label.known and len(mine) == 1 and label.fam_type is None else None
