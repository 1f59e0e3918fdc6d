"""What sentences say in a form of its own: an employment status with its date and employer, prices
with the date of several, who the learner is. And days that are of no field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.ilr.readers.employment_lines import EMPLOYMENT
from bot.ilr.readers.learner_lines import is_persons_name
from bot.ilr.readers.people import split_name
from bot.ilr.readers.phrases import AIM, AIM_REFERENCE, DATE
from bot.privacy.headings import LEARNERS

__all__ = [
    "BACK",
    "CORRECTS",
    "ENDS",
    "LEARNER",
    "LEFT",
    "ONE_DAY",
    "PARTED",
    "PRICE",
    "Fact",
    "days_of",
    "is_of_a_visit",
    "lone_aim_behind",
    "told_parts",
]

PRICE, LEARNER = "AppFinRecord", "Learner"


@dataclass(frozen=True, slots=True)
class Fact:
    """What a sentence says of a field. ``fresh``: it begins the next of its entity."""

    entity: str
    name: str
    text: str
    fresh: bool = False
    guess: str | None = None
    of_all: bool = False
    """It holds for every entity of the kind so far: "both mode 2"."""
    named: bool = False
    """The field's name, or a verb that means just it, stands before the value."""
    at: int = 0
    """Where in the text it stands."""
    corrects: bool = False
    """It takes the place of what was told before."""
    again: bool = False
    """It was told before, and nothing says which of the two holds."""
    nth: int = 0
    """Which of the aims named before it is of: "the second one started 14 September"."""


_EMPLOYER = (
    r"(?:[,;]?\s{1,3}(?:and |with |at |for )?\(?(?:the |an? |new |their |his |her )?"
    r"(?:employer|edrs|ern|emp)(?: (?:id|no|number|ref))?\.?:?(?: is| was)?\s?(?P<employer>\d{9})"
    r"(?!\d)\)?)?"
)
_EMPLOYED = re.compile(
    r"\b(?:emp(?:loyment)?[ _-]?stat(?:us)?|employment|(?<!completion )status)"
    r"(?: record| code| of| is| was|:)*\s?"
    r"(?P<code>10|11|12|98)(?![\w/]|[.-]\d)(?:,? \([^()]{1,40}\))?"
    r"(?:[,;]?\s{1,3}\(?(?:dated|from|since|as at|as of|on|wef|effective(?: from)?|starting"
    rf"|date(?: applies)?:?)\s(?P<day>{DATE})(?!\w)\)?)?{_EMPLOYER}",
    re.IGNORECASE,
)
_PRICE = re.compile(
    r"(?<![A-Za-z])(?P<type>TNP|PMR)\s?(?P<code>\d)(?:\s?[:=]|,?\s(?:is|was|of|at|for))?\s{1,3}"
    r"£?\s?(?P<amount>\d{1,3}(?:,\d{3}){1,2}|\d{2,7})(?:\.\d\d)?(?![\d/.-]|,\d)"
    rf"(?:,?\s{{1,3}}\(?(?:on|from|dated?|wef|effective(?: from)?)\s(?P<day>{DATE})(?!\w)\)?)?"
)
_OF_BOTH = re.compile(
    r"[,;]?\s{1,3}\(?(?:both|all|each)(?: of them)?(?: are)? (?:dated|from|on|wef"
    rf"|effective(?: from)?)\s(?:the )?(?P<day>{DATE})(?!\w)\)?",
    re.IGNORECASE,
)
_OTHERS_DAY = re.compile(
    r"\b(?:redundan\w+|agreed an? (?:planned )?break|taken on"
    r"|new (?:job|employer|firm|company|role)|chang(?:ed?|ing) (?:employer"
    r"|job|firm)s?|lost (?:his|her|their) job|moved (?:house|address)|invoiced?|meeting|reviewed"
    rf"|spoke|emailed|rang|phoned)\b[^.,;\d]{{0,40}}?(?P<day>{DATE})(?!\w)",
    re.IGNORECASE,
)
"""Days of what is no field: "was made redundant on 18 Sept 2026"."""
_WHOSE = re.compile(
    rf"\b(?i:{LEARNERS}),?\s(?:called |named )?"
    r"(?P<name>[^\W\d_a-z][\w'’-]+(?: [^\W\d_a-z][\w'’-]+){1,2})"
    r"(?=,? (?i:has|have|had|is|was|who|did|started|starts|began|left|withdrew|finished|completed"
    r"|on|and|\()\b| \()"
)
_REASON = re.compile(
    r"\b(?:withdr[ae]w\w*|left|leaving|dropped out)\b[^?]{0,80}?\breasons?\b[,:(\s-]{1,4}"
    r"(?P<reason>\d{1,2})(?![\w/]|[.-]\d)",
    re.IGNORECASE,
)
_ANSWERED = re.compile(
    rf"\b(?:which|what|whose|who) (?:{LEARNERS}|one|ref\w*|record)\b[^\w]{{1,160}}"
    r"(?P<ref>(?=[A-Za-z/-]{0,8}\d)[A-Za-z0-9/-]{4,12})(?![\w/-])",
    re.IGNORECASE,
)
"""What a chat asks and is told: "which learner?", "PT26-0098"."""
_ANY_AIM = re.compile(rf"(?<![\w-]){AIM_REFERENCE}(?![\w-])")
PARTED = "the name was parted into its two fields"
ONE_DAY = "one day was told of several"


def told_parts(text: str) -> tuple[list[Fact], str]:
    """Such parts of a text, and the text, of the same length, without them."""
    found: list[Fact] = []
    for pattern, make in (
        (_EMPLOYED, _employed), (_WHOSE, _named), (_REASON, _reason), (_ANSWERED, _answered),
    ):  # fmt: skip
        for match in list(pattern.finditer(text)):
            if facts := list(make(match)):
                found += facts
                first = match.start() if pattern is _EMPLOYED else match.start(match.lastindex or 0)
                text = blanked(text, first, match.end())
    prices, text = _prices(text)
    for match in list(_OTHERS_DAY.finditer(text)):
        text = blanked(text, match.start("day"), match.end("day"))
    return found + prices, text


def lone_aim_behind(text: str) -> bool:
    """Whether a text has one aim's reference and tells no day behind it: all is of that aim."""
    found = list(_ANY_AIM.finditer(text))
    return len(found) == 1 and re.search(rf"(?i:{DATE})", text[found[0].end() :]) is None


def blanked(text: str, start: int, end: int) -> str:
    """The text, of the same length, without what stands between two places."""
    return f"{text[:start]}{' ' * (end - start)}{text[end:]}"


def _employed(match: re.Match[str]) -> Iterator[Fact]:
    if not (match["day"] or match["employer"]):
        return
    parts = [("EmpStat", match["code"]), ("DateEmpStatApp", match["day"])]
    for name, text in [*parts, ("EmpId", match["employer"])]:
        if text:
            fresh = name == "EmpStat"
            yield Fact(EMPLOYMENT, name, text, fresh=fresh, named=True, at=match.start())


def _prices(text: str) -> tuple[list[Fact], str]:
    """Prices with their dates, which may be told of several at once: "both dated 12/10/2026"."""
    found: list[Fact] = []
    matches = list(_PRICE.finditer(text))
    days, cuts = days_of(matches, text)
    for match, day in zip(matches, days, strict=True):
        guess = ONE_DAY if day and not match["day"] else None
        values = [("AFinType", match["type"]), ("AFinCode", match["code"]), ("AFinDate", day)]
        for name, said in [*values, ("AFinAmount", match["amount"])]:
            if said:
                fresh, why = name == "AFinType", guess if name == "AFinDate" else None
                fact = Fact(PRICE, name, said, fresh=fresh, guess=why, named=True, at=match.start())
                found.append(fact)
    for start, stop in cuts:
        text = blanked(text, start, stop)
    return found, text


def days_of(
    matches: list[re.Match[str]], text: str
) -> tuple[list[str | None], list[tuple[int, int]]]:
    """The day of each price, its own or the one that is told behind several of a sentence, and
    the places of the text that told all this."""
    ends = [*(match.start() for match in matches[1:]), len(text)] if matches else []
    days: list[str | None] = [match["day"] for match in matches]
    cuts = [(match.start(), match.end()) for match in matches]
    for at, (match, end) in enumerate(zip(matches, ends, strict=True)):
        both = _OF_BOTH.match(text, match.end(), end)
        if both is None:
            continue
        cuts.append((both.start(), both.end()))
        for before in range(at, -1, -1):
            if days[before] is not None or (before < at and "." in _between(text, matches, before)):
                break
            days[before] = both["day"]
    return days, cuts


def _between(text: str, matches: list[re.Match[str]], at: int) -> str:
    return text[matches[at].end() : matches[at + 1].start()]


def _named(match: re.Match[str]) -> Iterator[Fact]:
    if is_persons_name(match["name"]):
        for name, part in split_name(match["name"]):
            yield Fact(LEARNER, name, part, guess=PARTED, at=match.start())


def _reason(match: re.Match[str]) -> Iterator[Fact]:
    place = match.start("reason")
    yield Fact(AIM, "WithdrawReason", match["reason"], named=True, at=place)


def _answered(match: re.Match[str]) -> Iterator[Fact]:
    yield Fact(LEARNER, "LearnRefNumber", match["ref"], at=match.start("ref"))


CORRECTS = re.compile(r"\b(?:should (?:be|say|read)|is now|now|changed to|make it)\s*$", re.I)
"""What puts right what was told before."""
BACK = re.compile(r"\b(?:came back|returned|restarted|resumed|rejoined|back on)\b", re.I)
"""What begins the aim that goes on after a break, named right behind its start."""
ENDS = re.compile(
    r"\b(?:end(?:s|ed|ing)?|finish(?:es|ed|ing)?|complete[sd]?|completing|until|till|to)\b", re.I
)
LEFT = re.compile(
    r"\b(?:left|withdr[ae]w\w*|ended|finished|completed|stopped|transferred|(?:on|took|taken) an? "
    r"(?:agreed |planned )?break)\b",
    re.I,
)
"""What says that somebody left, or ended an aim, when it stands before a day."""
_VISIT = re.compile(
    r"\b(?:visit|review|meeting|appointment|notes?|call|seen|spoke|contacted|emailed|observation"
    r"|observed|dated|report|signed|processed|received|keyed|logged|submitted|uploaded|actioned"
    r"|notified|informed|recorded|printed|sent|inputted|form)(?:ed|s)?\b"
    r"(?: (?:is|was|booked|due|on|for|of|from|at|by|in|(?-i:[A-Z])\w{1,20}))*[\s:,(-]*$",
    re.IGNORECASE,
)


def is_of_a_visit(between: str) -> bool:
    """Whether a day is of a visit, a review or the note itself, and of no aim or placement.

    ``between``: what stands in front of it.
    """
    return _VISIT.search(between) is not None
