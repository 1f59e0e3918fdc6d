"""A line that says whose the lines below it are: "*OB1190 - Marcus Webb*", "Learner: QT8813
OYELARAN, Tobi DOB 01/02/2008 ULN 5512098837", "## Remy Baptiste (DT81122)"."""

from __future__ import annotations

import re

from bot.ilr.readers.cells import clean
from bot.ilr.readers.dates import read_date
from bot.ilr.readers.names import names
from bot.ilr.readers.people import split_name
from bot.ilr.readers.phrases import AIM_REFERENCE, DATE, Part, Phrase
from bot.privacy.headings import LEARNERS, PLAIN_REFERENCE
from bot.privacy.vocabulary import is_given_name, is_ordinary, is_surname

__all__ = ["is_persons_name", "learner_heading", "learner_told"]

_REFERENCE = r"(?=[A-Za-z/-]{0,6}\d)[A-Za-z0-9][A-Za-z0-9/-]{2,11}"
_PLAIN_REFERENCE = re.compile(PLAIN_REFERENCE)
_AIM = re.compile(AIM_REFERENCE)
_SAID = re.compile(
    rf"(?:{LEARNERS})s?(?: (?:details?|record|name|ref|reference|id|no))?"
    r"\s{0,3}(?:[:=#]|\s[-–—]\s|\s)\s{0,9}(?=\S)",
    re.IGNORECASE,
)
_WITHIN = re.compile(
    r"[A-Za-z][^:|\d]{1,40}?(?:\s[–—-]\s|\s?[|>]\s?)"
    rf"(?:{LEARNERS})(?:\s{{0,3}}[:|]\s{{0,3}}(?=\S)|\s(?=[A-Z]{{0,4}}\d))",
    re.IGNORECASE,
)
"""A screen's name in front: "EBS | Learner | 4410982 | BELL, Amara", "EBS - Learner 44109 - …"."""
_ULN = re.compile(r"(?:\bULN\b\.?\s?(?:no\.?|number)?\s?[:=#]?\s?)?(?<!\d)([1-9]\d{9})(?!\d)", re.I)
_BORN = re.compile(
    rf"\b(?:d\.?o\.?b\.?|date of birth|born)(?: on)?\s?[:=]?\s?({DATE})(?!\w)", re.IGNORECASE
)
_NAME = r"[^\W\d_][^\d:;=?|()\[\]]{1,60}?"
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"[(\[]?(?P<ref>{_REFERENCE})[)\]]?(?:\s{{0,3}}[-–—:,|]\s{{0,3}}|\s{{1,9}})(?P<name>{_NAME})",
        rf"(?P<name>{_NAME})\s{{0,3}}[(\[]\s?(?P<ref>{_REFERENCE})\s?[)\]]",
        rf"(?P<name>{_NAME})(?:\s{{0,3}}[-–—|]\s{{0,3}}|\s{{2,9}}|,\s)(?P<ref>{_REFERENCE})",
        rf"(?P<ref>{_REFERENCE})",
        rf"(?P<name>{_NAME})",
    )
)
_CAPITAL = r"(?:[^\W\d_a-z][\w'’-]{0,30}\.?|(?:de|van|von|der|al|el|bin|da|du|la)(?![\w'’-]))"
_CAPITALS = re.compile(rf"{_CAPITAL}(?:,? {{1,3}}{_CAPITAL}){{0,5}}")
_LONGEST = 160
_NAMED = "the name was parted into its two fields"
_HEADS = "it stands with a name above the lines it is of"


def learner_heading(line: str) -> Phrase | None:
    """What a line on its own says of the learner it heads; None for one that heads none.

    Without the word "learner" it has to be a reference and a name, and nothing else.
    """
    bare = clean(line).strip("*_#:=- \t~|")
    if not 5 < len(bare) <= _LONGEST or "?" in bare:
        return None
    if match := _WITHIN.match(bare):
        found = learner_told(bare[match.end() :])
        name = " ".join(part.text for part in found.parts if "Name" in part.name) if found else ""
        return found if name and is_persons_name(name) else None
    if match := _SAID.match(bare):
        found = learner_told(bare[match.end() :])
        said = {part.name for part in found.parts} if found else set()
        return found if "LearnRefNumber" in said and len(said) > 1 else None
    return _told(bare, said=False)


def learner_told(text: str) -> Phrase | None:
    """What stands behind "Learner:": reference, name, ULN and day of birth, in any order."""
    return _told(text.strip(), said=True) if len(text) <= _LONGEST else None


def _told(text: str, *, said: bool) -> Phrase | None:
    facts: list[Part] = []
    for name, pattern in (("ULN", _ULN), ("DateOfBirth", _BORN)):
        found = list(pattern.finditer(text))
        if len(found) > 1:
            return None
        for match in found:
            facts.append(Part(name, match[1]))
            text = f"{text[: match.start()]}  {text[match.end() :]}"
    rest = re.sub(r"\(\s*\)|\[\s*\]", " ", text).strip(" \t,;|:-–—")
    for form in _FORMS:
        whole = form.fullmatch(rest)
        if whole is None:
            continue
        held = whole.groupdict()
        parts = _of(held.get("ref"), (held.get("name") or "").strip(" ,-"), said=said)
        if parts is not None and (said or len(parts) > 1):
            return Phrase([*parts, *facts])
    return None


def _of(reference: str | None, name: str, *, said: bool) -> list[Part] | None:
    """The fields of a reference and a name; None when they are hardly a learner's."""
    parts: list[Part] = []
    if reference is not None:
        plain = _PLAIN_REFERENCE.fullmatch(reference)
        # Behind "Learner" a number is no spreadsheet's day.
        dated = read_date(reference).iso and not (said and reference.isdigit())
        # Behind "Student" eight figures with a person's name are no aim's.
        called = said and reference.isdigit() and is_persons_name(name)
        an_aims = _AIM.fullmatch(reference) and not (called or _is_filed(name))
        if an_aims or dated or not (said or plain):
            return None
        parts.append(Part("LearnRefNumber", reference, None if said else _HEADS))
    elif not said:
        return None
    if not name:
        return parts if said else None
    named = split_name(name)
    if not named or not (said or is_persons_name(name)):
        return None
    return [*parts, *(Part(field, text, _NAMED) for field, text in named)]


def _is_filed(name: str) -> bool:
    """Whether it is a person's name as lists file it, "SMITH-JONES, Mary Anne": a number of eight
    figures behind it is no aim's reference."""
    family, comma, given = name.partition(",")
    known = family.isupper() or is_given_name(given.strip().partition(" ")[0])
    return bool(comma) and known and is_persons_name(name)


def is_persons_name(name: str) -> bool:
    """Whether words beside a number are a person's name, and no course's or room's."""
    words = re.findall(r"[^\W\d_][\w'’-]+", name)
    if not 2 <= len(words) <= 5 or not _CAPITALS.fullmatch(name):
        return False
    if names().heading(name) or any(names().look_up(word).official for word in words):
        return False
    return not any(
        is_ordinary(word) and not (is_given_name(word) or is_surname(word)) for word in words
    )
