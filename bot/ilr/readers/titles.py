"""The learner that a screen's or a list's title names: "Emp history for 5541209 (UNIT-e)",
"HE Learner - HE230114", "LEARNER - DIVERSITY & SUPPORT      ref 118820"."""

from __future__ import annotations

import re

from bot.ilr.readers.cells import clean
from bot.ilr.readers.dates import read_date
from bot.ilr.readers.forms import has_usual_form
from bot.ilr.readers.phrases import AIM_REFERENCE, Part, Phrase
from bot.privacy.headings import LEARNERS

__all__ = ["titled_learner"]

_REFERENCE = r"((?=[A-Za-z/-]{0,6}\d)[A-Za-z0-9][A-Za-z0-9/-]{3,11})"
_TITLE = re.compile(
    rf"[A-Za-z][A-Za-z &/,'’()-]{{2,60}}?(?:\s{{0,9}}[-–—:|]\s{{0,9}}|\s{{1,40}})"
    rf"(?:(?:for|of|re|{LEARNERS}|ref|reference|lrn|id)\b\.?:?\s{{0,9}}){{0,3}}"
    rf"{_REFERENCE}(?:\s{{1,9}}[(\[][A-Za-z][\w .-]{{1,30}}[)\]])?"
    rf"(?:\s{{0,9}}[-–—/,|]\s{{0,9}}(?:aim )?(?P<aim>{AIM_REFERENCE}))?",
    re.IGNORECASE,
)
_SAYS_SO = re.compile(rf"\b(?:for|of|re|{LEARNERS}|ref|reference|lrn|history)\b", re.IGNORECASE)
_GUESS = "it is in the title of what stands below it"


def titled_learner(line: str) -> Phrase | None:
    """The reference in a title, and the aim's behind it; None where a line is no title, or does
    not say that it is a learner's."""
    bare = clean(line).strip("*_#=- \t~|[]")
    match = _TITLE.fullmatch(bare)
    if match is None or not _SAYS_SO.search(bare[: match.start(1)]):
        return None
    said = match[1]
    dated = read_date(said).iso and (not said.isdigit() or len(said) == 8)
    if (
        dated
        or re.fullmatch(AIM_REFERENCE, said)
        or re.fullmatch(r"(?:20)?\d\d[/-]\d\d|20\d\d", said)
    ):
        return None
    if not has_usual_form("LearnRefNumber", said):
        return None
    found = Phrase([Part("LearnRefNumber", said, _GUESS)])
    if match["aim"]:
        found.parts.append(Part("LearnAimRef", match["aim"], _GUESS))
    return found
