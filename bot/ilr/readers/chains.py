"""Names and values in a chain, as people type them: "FM36, PT 25, start 14/09/2026, CS1",
"a1 60176655 t4 fm38 st 12/10/26", "Learner ref T0091827 / Aim seq 1 ZPROG001 / std 57".

No mark parts a name from its value, so each has to have its field's form; and what is no such
pair may be no more than a few words.
"""

from __future__ import annotations

import re

from bot.ilr.readers.forms import has_usual_form
from bot.ilr.readers.names import Label, names
from bot.ilr.readers.phrases import AIM_REFERENCE, DATE, lone_aim
from bot.ilr.readers.typed_names import CODE_FIELDS
from bot.ilr.readers.values import kind_of, read_value

__all__ = ["chain"]

_BETWEEN = re.compile(r"(?:[\s,;|]+|/(?=\s)|\b(?:and|with|now|is)\b(?=\s))*")
_WORD = re.compile(r"[A-Za-z](?:[A-Za-z'’]|[/-](?=[A-Za-z]))*\.?")
_SPACE = re.compile(" ?")
_MARK = re.compile(r"\s*[:=]?\s*")
_VALUE = re.compile(
    rf"(?:(?P<day>{DATE})|(?P<postcode>[A-Z]{{1,2}}\d[0-9A-Z]? ?\d[A-Z]{{2}})"
    r"|(?P<plain>(?=[A-Za-z/-]*\d)[A-Za-z0-9][A-Za-z0-9/-]{0,11}))(?![\w/?]|[.-]\d)",
    re.IGNORECASE,
)
_AIM = re.compile(rf"{AIM_REFERENCE}(?![\w/-])")
_TYPED = re.compile(r"([A-Za-z]{3})[ :-]?(\d{1,3})(?![\w/]|[.-]\d)")
_COUNTED = re.compile(rf"(?:aim|a)\s?\d(?=[\s:.)]+{AIM_REFERENCE}(?!\w))[\s:.)]*", re.I)
"""Which aim of the list: "a1 60176655"."""
_RUN = re.compile(r"\d{6}")
"""A day without marks: "dob 030208"."""
_UNIT = re.compile(r"\s?(?:hours?|hrs?)\b", re.IGNORECASE)
_LEAD = re.compile(r"[A-Za-z][A-Za-z ]{1,20}\d?:\s+")
_SENTENCE = re.compile(
    r"\b(?:s?he|they|we|i|you|it|was|were|are|has|have|had|did|does|should|can|could|would|will|need"
    r"s?|why|because|but)\b",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"\([^()\d]{1,60}\)|[^\s,;|()]+|[()]")
_MAX_WORDS, _LONGEST = 4, 300
_FEW = 2
_PREPOSITIONS = frozenset({"from", "to", "until", "till", "by", "on"})
_TITLES = frozenset({"FamilyName", "GivenNames", "OutGrade"})


def chain(line: str) -> tuple[list[tuple[Label, str]], bool]:
    """Names and values of such a line, and whether more stands in it; nothing for any other."""
    if len(line) > _LONGEST or not re.search(r"\d", line) or _SENTENCE.search(line):
        return [], False
    found: list[tuple[Label, str]] = []
    place = strange = 0
    if (lead := _LEAD.match(line)) and not names().look_up(lead[0].strip(" :")).known:
        place = lead.end()
    while (place := _past(_BETWEEN, line, place)) < len(line):
        place = _past(_COUNTED, line, place)
        pair = _typed(line, place) or _pair(line, place) or _reference(line, place)
        if pair is not None:
            found.append(pair[0])
            place = pair[1]
            continue
        aside = _ASIDE.match(line, place)
        place = aside.end() if aside else place + 1
        strange += aside is not None and aside[0] not in {"(", ")", ".", "-", "–"}
    told = {(place[1], label.fam_type) for label, _ in found for place in label.places[:1]}
    if len(told) < 2 or strange > max(_FEW, len(found) // 2) or (len(found) < 3 and strange):
        return [], False
    return found, strange > 0


def _past(pattern: re.Pattern[str], line: str, place: int) -> int:
    match = pattern.match(line, place)
    return match.end() if match else place


def _pair(line: str, place: int) -> tuple[tuple[Label, str], int] | None:
    """The longest name that begins here and has a value of its form behind it."""
    ends: list[int] = []
    at = place
    while len(ends) < _MAX_WORDS and (word := _WORD.match(line, at)) is not None:
        ends.append(word.end())
        at = _past(_SPACE, line, word.end())
    for end in reversed(ends):
        label = names().look_up(line[place:end].rstrip("."))
        if names().heading(label.said) == "Learner":
            label = names().look_up("Learner reference")
        if not label.known:
            label = names().look_up(f"{label.said} date")  # "st 12/10/26"
        if not label.known or label.fam_type or label.number is not None:
            continue
        if label.said.casefold() in _PREPOSITIONS:
            continue
        value = _VALUE.match(line, _past(_MARK, line, end))
        if value is None:
            continue
        for entity, name in label.places:
            if name in _TITLES or not has_usual_form(name, value[0]):
                continue
            dated = value["day"] is not None or _RUN.fullmatch(value[0]) is not None
            if kind_of(name) == "Date" and (not dated or (label.if_fits and not value["day"])):
                continue
            if kind_of(name) != "Date" and value["day"] is not None:
                continue
            if not read_value(name, value[0]).text:
                continue
            chosen = label if (entity, name) == label.places[0] else _only(label, (entity, name))
            after = _UNIT.match(line, value.end())
            return (chosen, value[0]), after.end() if after else value.end()
    return None


def _only(label: Label, place: tuple[str, str]) -> Label:
    return Label(label.said, (place,), if_fits=label.if_fits)


def _reference(line: str, place: int) -> tuple[tuple[Label, str], int] | None:
    match = _AIM.match(line, place)
    if match is None or lone_aim(match[0]) is None:
        return None
    return (names().look_up("LearnAimRef"), match[0]), match.end()


def _typed(line: str, place: int) -> tuple[tuple[Label, str], int] | None:
    """A FAM's type with its code: "SOF 105", "ldm 363"."""
    match = _TYPED.match(line, place)
    entity = names().owner_of_type(match[1].upper()) if match else None
    if match is None or entity not in CODE_FIELDS:
        return None
    return (names().look_up(match[1].upper()), match[2]), match.end()
