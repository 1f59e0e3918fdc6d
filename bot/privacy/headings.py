"""People whom a line on its own names: a learner above their record, a sender below a mail."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.findings import PersonalData
from bot.privacy.vocabulary import is_given_name, is_known, is_ordinary

__all__ = ["LEARNERS", "PLAIN_REFERENCE", "SIGN_OFFS", "learners_in_headings", "senders"]

LEARNERS = "learner|student|trainee|apprentice"
"""What a learner is called in front of a reference or a name; part of a pattern."""
PLAIN_REFERENCE = r"(?!(?:ST|EPA)\d{4}(?!\w))(?:[A-Z]{1,4}[/-]?\d{3,9}[A-Z]?|\d{5,9})"
"""A reference that nothing before it calls one; ST0119 is a standard's."""
SIGN_OFFS = (
    r"(?:kind|kindest|best|warm|warmest|many)? ?(?:regards|wishes)|(?:many |with )?thanks"
    r"(?: (?:again|all|so much|in advance|and (?:kind )?regards|a lot))?"
    r"|thank you(?: (?:again|all))?|cheers|yours (?:sincerely|faithfully|truly)|sincerely"
    r"|all the best|best|kr|br|ta"
)
"""The words that end a mail."""

_WORD = r"[^\W\d_a-z][\w'’-]{1,30}"
_NAME = rf"{_WORD}(?:,? {{1,3}}{_WORD}){{1,3}}"
_BEFORE = r"^[ \t>*_#=~•-]{0,12}"
_HEADINGS = (
    re.compile(
        rf"{_BEFORE}(?P<ref>{PLAIN_REFERENCE})(?:[ ]{{0,3}}[-–—:,|][ ]{{0,3}}|[ \t]{{1,9}})"
        rf"(?P<name>{_NAME})"
        r"(?=[*_#=~: \t]{0,12}$|[ \t,;|(]{1,9}(?i:d\.?o\.?b|uln|born|date of birth)\b)",
        re.MULTILINE,
    ),
    re.compile(
        rf"{_BEFORE}(?P<name>{_NAME})[ ]{{0,3}}[(\[][ ]?(?P<ref>{PLAIN_REFERENCE})[ ]?[)\]]"
        r"(?=[*_#=~: \t]{0,12}$)",
        re.MULTILINE,
    ),
    re.compile(
        rf"(?i:^[ \t>*_#•-]{{0,9}}(?:{LEARNERS})[ \t*_]{{0,3}}[:=#]?)"
        r"[ \t*_]{1,6}"
        r"[(\[]?(?P<ref>(?=[A-Za-z/-]{0,6}\d)[A-Za-z0-9/-]{3,12})[)\]]?[ \t,:|–—-]{1,9}"
        rf"(?P<name>{_NAME})",
        re.MULTILINE,
    ),
)
_SIGN_OFF = re.compile(
    rf"^[ \t>]{{0,6}}(?:{SIGN_OFFS})[,.! \t]{{0,4}}\n(?:[ \t>]{{0,6}}\n){{0,2}}[ \t>]{{0,6}}",
    re.IGNORECASE | re.MULTILINE,
)
_SIGNED = re.compile(rf"{_WORD}(?: {_WORD}){{0,2}}(?=[ \t]{{0,3}}(?:[|,(–-]|$))", re.MULTILINE)
_ADDRESS_LINE = re.compile(
    r"(?:^|, |\| ?)((?:[A-Z][a-z'’]{1,20} ){1,3}"
    r"(?:Street|Road|Avenue|Lane|Close|Drive|Crescent|Terrace|Gardens|Grove|Way|Hill))(?=,|\n|$)",
    re.MULTILINE,
)


def learners_in_headings(text: str) -> Iterator[PersonalData]:
    """A reference with a name that stand on a line of their own: "OB1190 - Marcus Webb"."""
    for pattern in _HEADINGS:
        for match in pattern.finditer(text):
            if _is_persons(match["name"]):
                yield PersonalData("learner reference", match.start("ref"), match.end("ref"))
                yield PersonalData("name", match.start("name"), match.end("name"))


def _is_persons(name: str) -> bool:
    words = re.findall(r"[^\W\d_][\w'’-]+", name)
    return not all(map(is_ordinary, words))


def senders(text: str) -> Iterator[PersonalData]:
    """Whoever signs a mail, on the line below "Kind regards", and the street below that."""
    for match in _SIGN_OFF.finditer(text):
        signed = _SIGNED.match(text, match.end())
        if signed is None:
            continue
        words = signed[0].split()
        if len(words) > 1 or not is_known(words[0]) or is_given_name(words[0]):
            yield PersonalData("name", signed.start(), signed.end())
            for street in _ADDRESS_LINE.finditer(text, match.end(), match.end() + 600):
                yield PersonalData("address", street.start(1), street.end(1))
