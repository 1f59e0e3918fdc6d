"""What sentences say of a learner and no aim: what became of them, and facts with a letter or two.

"Learner 881203 went into paid work, EMP 1, from 04/09/2023, we found out 10/10/2023".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.ilr.readers.dates import read_date
from bot.ilr.readers.forms import has_usual_form
from bot.ilr.readers.phrases import DATE
from bot.ilr.readers.told_parts import LEARNER, Fact, blanked
from bot.ilr.readers.typed_names import OUTCOME_TYPES
from bot.privacy.headings import LEARNERS

__all__ = ["OUTCOME", "told_learners"]

OUTCOME = "DPOutcome"
_OUTCOME = re.compile(
    rf"(?<![A-Za-z])(?P<type>{'|'.join(sorted(OUTCOME_TYPES))})[ -]?(?P<code>\d)(?![\w/]|[.-]\d)"
)
_DAY = re.compile(rf"(?<![\w/.-])(?P<day>{DATE})(?!\w)", re.IGNORECASE)
_OTHERS = re.compile(rf"\b(?:{LEARNERS}|lrn)\b[^.;]{{0,12}}?\d", re.IGNORECASE)
"""Where another learner is spoken of."""
_COLLECTED = re.compile(
    r"\b(?:collected|collection|found out|heard|told|confirmed|learn[et]d|contacted|checked|asked"
    r"|recorded|survey(?:ed)?|rang|phoned|spoke|known|evidenced?)\b",
    re.IGNORECASE,
)
_ENDED = re.compile(r"\b(?:to|until|till|ended|ends?|finished|left|stopped)\b", re.IGNORECASE)
_FACTS = (
    ("Sex", re.compile(r"\b(?:sex|gender)(?: is|:)?\s(?P<value>[FM]|(?i:female|male))\b")),
    ("Sex", re.compile(
        r"\b(?i:date of birth|dob|d\.o\.b\.|born)\b[^.;?]{0,40},\s(?P<value>(?i:female|male))\b")),
    ("LLDDHealthProb", re.compile(
        r"\bLLDD\b(?: and health problems?)?,?(?: (?:she|he|they))?"
        r"(?: (?:is|was|says?|said|ticked|answered|put))?:? (?P<value>yes|no)\b"
        r"(?! (?:cat|rec|prim|type))", re.IGNORECASE)),
    ("PlanLearnHours", re.compile(
        r"(?<![\w.])(?P<value>\d{2,4})\s?(?i:hours|hrs)?(?: planned)?\s"
        r"(?=(?i:plus|and|\+|&)\s\d{1,3}\s(?:hours |hrs )?(?:of |for )?EEP\b)")),
    ("PostcodePrior", re.compile(
        r"\b(?i:prior postcode|postcode (?:prior(?: to enrolment)?|before(?: enrolment)?))"
        r"(?i: is| was|:)?\s(?P<value>[A-Z]{1,2}\d[\dA-Z]? ?\d[A-Z]{2})\b")),
    ("Postcode", re.compile(
        r"\b(?i:(?:home |current |new )?(?:postcode|p/?code))(?i: is| now|:)?\s"
        r"(?P<value>[A-Z]{1,2}\d[\dA-Z]? ?\d[A-Z]{2})\b")),
    ("NINumber", re.compile(
        r"\b(?i:NI(?:NO)?|national insurance)(?i: (?:no|number))?\.?:?\s"
        r"(?P<value>[A-Z]{2} ?\d\d ?\d\d ?\d\d ?[A-D])\b")),
    ("EngGrade", re.compile(
        r"\b(?i:GCSEs?)\b[^.;]{0,40}\b(?i:English)(?: (?i:grade|is|was|at))*\s"
        r"(?P<value>[1-9]|[A-GU]\*?)(?![\w*/-])")),
    ("EngGrade", re.compile(
        r"\b(?i:(?:her|his|their) (?:\w+ (?:is|was) an? \w (?:and|,) )?English)"
        r"(?: (?i:grade|is|was))* (?:an? )?(?P<value>[1-9])(?![\w*/.-])")),
    ("MathGrade", re.compile(
        r"\b(?i:GCSEs?)\b[^.;]{0,40}\b(?i:maths?)(?: (?i:grade|is|was|at))*\s"
        r"(?P<value>[1-9]|[A-GU]\*?)(?![\w*/-])")),
    ("MathGrade", re.compile(
        r"\b(?i:(?:her|his|their) (?:\w+ (?:is|was) an? \w (?:and|,) )?maths?)"
        r"(?: (?i:grade|is|was))* (?:an? )?(?P<value>[1-9])(?![\w*/.-])")),
)  # fmt: skip


_ATTAINED = re.compile(
    r"\bprior attain\w*(?: level)?(?: is| was| of| at|:)?(?: level| code)? "
    r"(?P<level>\d{1,2})(?![\w/.-])"
    rf"(?:[^.;\d]{{1,25}}?(?:date:?|from|on|as at|applies) (?P<day>{DATE})(?!\w))?",
    re.IGNORECASE,
)
_PRIOR = "PriorAttain"


def _attained(text: str) -> tuple[list[Fact], str]:
    found: list[Fact] = []
    for match in list(_ATTAINED.finditer(text)):
        for name, said in (("PriorLevel", match["level"]), ("DateLevelApp", match["day"])):
            if said:
                fresh = name == "PriorLevel"
                found.append(Fact(_PRIOR, name, said, fresh, named=True, at=match.start()))
        text = blanked(text, match.start(), match.end())
    return found, text


_CATEGORY = re.compile(
    r"\bcat(?:egory)?\.?:? (?P<code>\d{1,2})(?![\w/]|[.-]\d)(?P<primary>,? \(?primary\b)?",
    re.IGNORECASE,
)
_OF_LLDD = re.compile(r"\bLLDD\b|\blearning difficult|\bdisabilit", re.IGNORECASE)
_MAIN = re.compile(r"\b(?:main|primary)\b[^.,;]*$", re.IGNORECASE)
_LLDD = "LLDDandHealthProblem"
_PRIMARY = "it is said to be the main one"


def _categories(text: str) -> tuple[list[Fact], str]:
    """Categories of a learning difficulty: "autism is the main one (category 14)"."""
    found: list[Fact] = []
    for match in list(_CATEGORY.finditer(text)) if _OF_LLDD.search(text) else ():
        at = match.start()
        if not has_usual_form("LLDDCat", match["code"]):
            continue
        found.append(Fact(_LLDD, "LLDDCat", match["code"], fresh=True, named=True, at=at))
        if match["primary"] or _MAIN.search(text, max(0, at - 60), at):
            found.append(Fact(_LLDD, "PrimaryLLDD", "1", guess=_PRIMARY, named=True, at=at))
        text = blanked(text, at, match.end())
    return found, text


def told_learners(text: str) -> tuple[list[Fact], str]:
    """Such facts of a text, and the text, of the same length, without them."""
    found, text = _destinations(text)
    for told_more in (_attained, _categories):
        more, text = told_more(text)
        found += more
    for name, pattern in _FACTS:
        for match in list(pattern.finditer(text)):
            found.append(Fact(LEARNER, name, match["value"], named=True, at=match.start("value")))
            text = blanked(text, match.start("value"), match.end())
    return found, text


def _destinations(text: str) -> tuple[list[Fact], str]:
    found: list[Fact] = []
    matches = list(_OUTCOME.finditer(text))
    ends = [*(match.start() for match in matches[1:]), len(text)] if matches else []
    for match, end in zip(matches, ends, strict=True):
        another = _OTHERS.search(text, match.end(), end)
        end = another.start() if another else end
        found.append(Fact(OUTCOME, "OutType", match["type"], True, named=True, at=match.start()))
        found.append(Fact(OUTCOME, "OutCode", match["code"], named=True, at=match.start()))
        for name, day, start, stop in _dated(text, match.end(), end):
            found.append(Fact(OUTCOME, name, day, named=True, at=match.start()))
            text = blanked(text, start, stop)
        text = blanked(text, match.start(), match.end())
    return found, text


def _dated(text: str, begin: int, end: int) -> Iterator[tuple[str, str, int, int]]:
    """The days behind an outcome, by what stands before each: field, day and where it is."""
    taken: set[str] = set()
    for match in list(_DAY.finditer(text, begin, end)):
        read = read_date(match["day"])
        if not (read.iso or read.without_year):
            continue
        between = text[begin : match.start()]
        begin = match.end()
        name = "OutStartDate"
        if _COLLECTED.search(between):
            name = "OutCollDate"
        elif taken and _ENDED.search(between):
            name = "OutEndDate"
        if name not in taken:
            taken.add(name)
            yield name, match["day"], match.start(), match.end()
