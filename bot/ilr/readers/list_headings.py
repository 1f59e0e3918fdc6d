"""Lines of a list that head a part of it: "Placement 2", "LLDD category 1: 12", "Learner: …"."""

from __future__ import annotations

import re

from bot.ilr.readers.forms import has_usual_form
from bot.ilr.readers.learner_lines import learner_told
from bot.ilr.readers.list_lines import LLDD, MAX_LINE_LENGTH, bare_line
from bot.ilr.readers.names import names
from bot.ilr.readers.pairs import NUMBERED_AIM
from bot.ilr.readers.people import split_name
from bot.ilr.readers.phrases import AIM, DATE, Part, Phrase, phrase
from bot.ilr.readers.values import read_value

__all__ = [
    "DATED",
    "HEADED",
    "attained",
    "categories",
    "described_in",
    "heading_of",
    "heads_a_learner",
    "is_headed_well",
    "learner_of",
]

_HEADING = re.compile(r"([A-Za-z][A-Za-z &/-]{1,60}?)\s{0,4}(?:no\.?|number|#)?\s{0,4}(\d{1,2})?")
HEADED = re.compile(
    r"([A-Za-z][A-Za-z ]{1,40}?)\s{0,4}(?:no\.?|#)?\s{0,4}(\d{1,2})?"
    r"\s{0,4}(?:[:=]|\s[-–—]\s)\s{0,4}(\S.{0,400})"
)
_OF_SEVERAL = re.compile(r"(?<=\d) of \d{1,2}$", re.IGNORECASE)
"""How a screen counts: "Aim 1 of 3"."""
_POT = re.compile(r"\s?[(\[]pot\s?(\d{1,2})[)\]]$", re.IGNORECASE)
"""How a system that keeps aims in pots numbers one: "Learning aim (pot 1)"."""
_IN_BRACKETS = re.compile(r"\(\s{0,3}([A-Za-z0-9][\w/.-]{2,11})\s{0,3}\)\s{0,3}$")


def heading_of(line: str) -> tuple[str, str] | None:
    """The entity a line heads, and what else it says of it."""
    bare = bare_line(line).rstrip(":.-–— ")
    if bare[:1] == "[" and bare[-1:] == "]":
        bare = bare[1:-1].strip()
    bare = _POT.sub(r" \1", _OF_SEVERAL.sub("", bare))
    if DATED.fullmatch(bare):
        return None
    if len(bare) > MAX_LINE_LENGTH:
        return None
    if (numbered := NUMBERED_AIM.match(bare)) is not None:
        return AIM, bare[numbered.start(2) :]
    match = _HEADING.fullmatch(bare)
    if match:
        entity = names().heading(match[1])
        if entity is not None:
            is_value = _is_value_of_field(entity, match[1], bare[match.end(1) :])
            return None if is_value else (entity, "")
    match = HEADED.fullmatch(bare)
    entity = names().heading(match[1]) if match else None
    if match is None or entity is None:
        return None
    # "*Learner:* A100" in bold leaves a star.
    return entity, match[3].strip().strip("*_").strip()


def _is_value_of_field(entity: str, said: str, rest: str) -> bool:
    """Whether a number behind words that head a part is the value of a field so called, in a
    column of its own or of two figures: "Employment status   10"."""
    if re.fullmatch(r"(?:\s{2,}|\t)\s*\d+|\s*\d{2,}", rest) is None:
        return False
    places = names().look_up(said).places
    return any(kind == entity and has_usual_form(name, rest.strip()) for kind, name in places)


_PRIMARY = re.compile(r"\s{0,3}[(\[,;-]\s{0,3}primary\s{0,3}[)\]]?\s{0,3}$", re.IGNORECASE)
_DESCRIBED = {
    "LLDDandHealthProblem": "LLDDCat", "PriorAttain": "PriorLevel",
    "LearnerEmploymentStatus": "EmpStat",
}  # fmt: skip
"""Entities whose heading with a value behind it gives their first field."""


def categories(rest: str) -> list[Phrase]:
    """Several categories behind their heading: "12 (primary), 9, 95"."""
    said = [one.strip() for one in re.split(r"[,;]\s?", rest)]
    found = [described_in(LLDD, one) for one in said if re.match(r"\d{1,2}\b", one)]
    kept = [one for one in found if one is not None]
    return kept if 1 < len(said) == len(kept) else []


def described_in(entity: str, rest: str) -> Phrase | None:
    """ "LLDD category 1: 12 Dyslexia (primary)"."""
    if entity == "PriorAttain" and (dated := attained(rest)) is not None:
        return dated
    name = _DESCRIBED.get(entity)
    if name is None or not read_value(name, _PRIMARY.sub("", rest)).fits:
        return None
    parts = [Part(name, _PRIMARY.sub("", rest))]
    if name == "LLDDCat" and _PRIMARY.search(rest):
        parts.append(Part("PrimaryLLDD", "1", "the category is marked as the primary one"))
    return Phrase(parts)


_ATTAINED = re.compile(
    r"(?P<level>\S.{0,80}?)[,;]?\s{1,9}[(\[]?"
    r"(?:(?:date )?(?:level )?(?:applies|from|as at|since|on|dated|achieved|gained)\b(?: from| on)?"
    r"|@|-)?"
    rf"\s{{0,3}}:?\s{{0,3}}(?P<day>{DATE})[)\]]?",
    re.IGNORECASE,
)


def attained(rest: str) -> Phrase | None:
    """A level of prior attainment with its date: "Level 1 (2) applies 07/09/2025"."""
    match = _ATTAINED.fullmatch(rest.strip())
    if match is None or not (read_value("PriorLevel", match["level"]).fits):
        return None
    return Phrase([Part("PriorLevel", match["level"]), Part("DateLevelApp", match["day"])])


def learner_of(rest: str) -> Phrase:
    """A reference behind "Learner", or in brackets behind a name."""
    if read_value("LearnRefNumber", rest).fits:
        return Phrase([Part("LearnRefNumber", rest)])
    match = _IN_BRACKETS.search(rest)
    if match and any(c.isdigit() for c in match[1]):
        guess = "it is in brackets after the learner"
        named = _named(rest[: match.start()].strip())
        return Phrase([Part("LearnRefNumber", match[1], guess), *named])
    reference, _, name = rest.partition(" ")
    if read_value("LearnRefNumber", reference).fits and (named := _named(name.strip())):
        return Phrase([Part("LearnRefNumber", reference), *named])
    if named := _named(rest):
        return Phrase(named)
    return learner_told(rest) or Phrase(left=True)


def _named(text: str) -> list[Part]:
    guess = "the name was parted into its two fields"
    return [Part(name, part, guess) for name, part in split_name(text)]


DATED = re.compile(
    r"(?:(aim|learning|course|programme|practical|training|on[ -]programme)"
    r"|((?:work |industry )?placement|wp|wex|work experience))?\s?"
    r"(?:dates?|period|duration)\s?[:=–—-]\s?(\S.*)",
    re.IGNORECASE,
)


def is_headed_well(line: str) -> bool:
    headed = heading_of(line)
    if headed is None:
        return False
    if headed[0] == LLDD and categories(headed[1]):
        return True
    found = phrase(*headed)
    return not headed[1] or (bool(found.parts) and not found.left)


def heads_a_learner(line: str) -> bool:
    headed = heading_of(line)
    return headed is not None and headed[0] == "Learner" and bool(learner_of(headed[1]).parts)
