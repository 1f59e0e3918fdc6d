"""More that sentences say in a form of its own: hours before their name, an apprentice's employer
and assessment organisation, prices from the start date, and what holds for every aim."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.ilr.readers.employment_lines import EMPLOYMENT
from bot.ilr.readers.forms import has_usual_form
from bot.ilr.readers.learner_lines import is_persons_name
from bot.ilr.readers.names import names
from bot.ilr.readers.people import split_name
from bot.ilr.readers.phrases import AIM, AIM_REFERENCE, DATE
from bot.ilr.readers.told_parts import LEARNER, PARTED, PRICE, Fact
from bot.ilr.readers.values import kind_of
from bot.privacy.headings import LEARNERS, PLAIN_REFERENCE

__all__ = ["SHARED", "dated_by_start", "is_of_an_apprentice", "shared", "told_whole"]

_APPRENTICE = re.compile(
    r"\bapprentic\w*|\bTNP ?[1-4]\b|\b(?:standard|std)\s?\d{1,3}\b|\bFM ?36\b|\bEPA(?:O|\d{4})\b",
    re.IGNORECASE,
)
_PLACED = re.compile(r"\bplacement|\bwork experience|\bZWRK|\bwex\b", re.IGNORECASE)
_HOURS = re.compile(
    r"(?<![\w.£/-])(?P<amount>\d{1,4})\s"
    r"(?P<name>planned learning hours|planned hours|learning hours|PLH|(?:planned )?EEP(?: hours)?"
    r"|enrichment hours)\b(?!\s?[:=]?\s?\d)",
    re.IGNORECASE,
)
_DATED_FAM = re.compile(
    r"(?<![\w-])(?P<type>[A-Z]{3}) ?(?P<code>\d{1,3}),? \(?(?:from|since|starting|wef) (?:the )?"
    rf"(?P<first>(?i:{DATE}))(?:,? (?:to|until|till|[-–]) (?:the )?(?P<last>(?i:{DATE})))?(?!\w)"
)
"""A FAM with its dates: "ALB 1 from 01/10/2026 to 31/12/2026"."""
_OFF_THE_JOB = re.compile(r"\boff[- ]the[- ]job\b|\bOTJT?\b", re.IGNORECASE)
_TRAINED = re.compile(
    r"\b(?P<which>planned|actual)\b(?! (?:end|start|finish))[^.;\d]{0,30}?(?<![\w.£/-])"
    r"(?P<amount>\d{2,4})(?=\s?(?:hrs?|hours|h)\b(?!\s?(?:/|per|a) )|[.,;)]\s)",
    re.IGNORECASE,
)
"""Hours of off-the-job training: "planned was 420 hrs, actual came to 436"."""
_CHANGE = re.compile(
    r"\b(?:change|changing|amend|update|updating|correct|alter)\w*\s(?:the |her |his |their )?"
    r"(?P<name>[A-Za-z][A-Za-z ]{2,40}?)"
    rf"(?:\s(?:on|for|of)\s(?:aim )?(?P<aim>{AIM_REFERENCE}))?(?:\sfrom\s\S{{1,12}})?\sto\s"
    rf"(?P<value>{DATE}|\d{{1,4}})(?![\w/])",
    re.IGNORECASE,
)
"""A change that is asked for: "change planned end date on 60149735 from 02/07/2027 to …"."""
_AND_CHANGE = re.compile(
    r"\b(?:and|,) (?:the |her |his |their )?(?P<name>[A-Za-z][A-Za-z ]{2,40}?)"
    r"\sfrom\s\S{1,12}\sto\s"
    rf"(?P<value>{DATE}|\d{{1,4}})(?![\w/])",
    re.IGNORECASE,
)
_ASSESSED = re.compile(r"(?<![\w-])(?P<org>EPA\d{4})(?!\w)")
_AGREED = re.compile(
    r"\bagreement(?: (?:id|identifier|ref|number|no))?\.?(?: is)?\s?:?\s?"
    r"(?P<id>(?-i:(?=[A-Z]*\d)[A-Z0-9]{6}))(?!\w)",
    re.IGNORECASE,
)
_EMPLOYER_SINCE = re.compile(
    r"\b(?:emp(?:loyer)?(?:[ _]?id)?|ERN|EDRS)(?: (?:id|no|number|ref))?\.?:?\s?(?P<id>\d{9})"
    rf",?\s(?:since|from|as (?:at|of))\s(?P<day>{DATE})(?!\w)",
    re.IGNORECASE,
)
_CAPITALS = r"[^\W\d_a-z][\w'’-]+(?: [^\W\d_a-z][\w'’-]+){1,3}"
_NAME_BEHIND = re.compile(
    rf"\b(?i:(?:{LEARNERS})(?: (?:ref|reference|no|number|id))?|ref|lrn)\.?:?\s?"
    r"(?=[A-Za-z/-]{0,6}\d)[A-Za-z0-9/-]{4,12}(?:(?:,|\s[-–—]|:)?\s|\s\()"
    rf"(?P<name>{_CAPITALS})(?=[.,;:)\n]|\s[a-z(]|$)"
)
_NAME_BEFORE = re.compile(
    rf"(?P<name>{_CAPITALS})\s\((?:[^()\d\n]{{1,30}},\s)?(?=(?i:(?:{LEARNERS} )?(?:ref|lrn|uln)\b))"
)
_NAME_WITH_REFERENCE = re.compile(
    rf"(?<!, )(?P<name>{_CAPITALS})(?: \((?!{AIM_REFERENCE}\))(?P<ref>{PLAIN_REFERENCE})\)"
    r"|(?: |, (?=\w+(?:[,.;:)\n]|\s(?:is|was|has|had|on|dob|born)\b)))"
    r"(?!ST\d|EPA)(?P<bare>[A-Z]{2,4}\d{4,9})(?!\w))"
)
"""A learner as chats name one: "placement for Ellis Brackenridge (TL25117)"."""
_NAME_SAID = re.compile(
    rf"\b(?i:(?:{LEARNERS}) is (?:called|named)|(?:her|his|their|the (?:{LEARNERS})['’]s) name is"
    rf"|(?:she|he|they) (?:is|are) called) (?P<name>{_CAPITALS})(?=[.,;:)\n]|\s[a-z(]|$)"
)
"""A learner as sentences name one: "The student is called Freya Hollingbourne"."""
_REFERENCE_SAID = re.compile(
    rf"\b(?i:(?:(?:her|his|their) (?:(?:{LEARNERS}) )?|(?:{LEARNERS})(?:['’]s)? )ref(?:erence)?"
    rf"(?: (?:number|no))? is:?) (?P<ref>{PLAIN_REFERENCE})(?![\w/-])"
)
_START_DATE = re.compile(
    r"[,;]?\s{1,3}\(?(?:(?:both|all|each)\s)?(?:from|on|dated|effective from|as of)\s"
    r"(?:the |his |her |their )?(?:learning |aim |apprenticeship )?start(?: date)?\b\)?",
    re.IGNORECASE,
)
_DAY_NAMED = re.compile(
    rf"(?<![\w/.-])(?P<day>{DATE}) as (?:the |its |her |his |their )?"
    r"(?P<name>[A-Za-z ]{5,40}?date)\b",
    re.IGNORECASE,
)
"""A day with its field behind: "8 September 2025 as the original start date"."""
_NONE = re.compile(
    r"\b(?P<name>planned learning hours|PLH|(?:planned )?EEP(?: hours)?)(?: is| are|:)?"
    r" (?:nil|none|zero)\b",
    re.IGNORECASE,
)
FAM = "LearningDeliveryFAM"
NONE_SAID = "0 for the word it shows"
CHANGED = "the value that it is to be changed to was read"
SHARED = "it is said of all the aims"
_OF_ALL = re.compile(
    r"\b(?:both|all|each) (?:of )?(?:the |his |her |their )?(?:\w+ )?aims?\b", re.IGNORECASE
)


def is_of_an_apprentice(text: str) -> bool:
    """Whether a text is of an apprentice and speaks of no placement: an employer is theirs."""
    return _APPRENTICE.search(text) is not None and _PLACED.search(text) is None


def told_whole(text: str) -> tuple[list[Fact], str]:
    """Such parts of a text, and the text, of the same length, without them."""
    found: list[Fact] = []
    for pattern in (
        _CHANGE,
        _AND_CHANGE,
        _DATED_FAM,
        _HOURS,
        _TRAINED,
        _ASSESSED,
        _AGREED,
        _EMPLOYER_SINCE,
        _NAME_BEHIND,
        _NAME_BEFORE,
        _NAME_WITH_REFERENCE,
        _NAME_SAID,
        _REFERENCE_SAID,
        _DAY_NAMED,
        _NONE,
    ):
        for match in list(pattern.finditer(text)):
            made = list(_facts(pattern, match, text))
            found += made
            if made and pattern not in {_NAME_BEHIND, _NAME_BEFORE, _NAME_SAID}:
                text = f"{text[: match.start()]}{' ' * len(match[0])}{text[match.end() :]}"
    return found, text


def _facts(pattern: re.Pattern[str], match: re.Match[str], text: str) -> Iterator[Fact]:
    at = match.start()
    if pattern in {_CHANGE, _AND_CHANGE}:
        yield from _changed(match)
    elif pattern is _DATED_FAM:
        if names().owner_of_type(match["type"]) == FAM:
            yield Fact(FAM, "LearnDelFAMType", match["type"], fresh=True, named=True, at=at)
            yield Fact(FAM, "LearnDelFAMCode", match["code"], named=True, at=at)
            yield Fact(FAM, "LearnDelFAMDateFrom", match["first"], named=True, at=at)
            if match["last"]:
                yield Fact(FAM, "LearnDelFAMDateTo", match["last"], named=True, at=at)
    elif pattern is _HOURS:
        label = names().look_up(match["name"])
        mine = [place for place in label.places if place[0] == LEARNER]
        if mine and label.known:
            yield Fact(*mine[0], match["amount"], named=True, at=at)
    elif pattern is _TRAINED:
        if _OFF_THE_JOB.search(text):
            name = "PHours" if match["which"].casefold() == "planned" else "OTJActHours"
            yield Fact(AIM, name, match["amount"], named=True, at=at)
    elif pattern is _REFERENCE_SAID:
        if not re.fullmatch(AIM_REFERENCE, match["ref"]):
            yield Fact(LEARNER, "LearnRefNumber", match["ref"], at=at)
    elif pattern is _DAY_NAMED:
        label = names().look_up(match["name"])
        if label.known and len(label.places) == 1 and kind_of(label.places[0][1]) == "Date":
            yield Fact(*label.places[0], match["day"], named=True, at=at)
    elif pattern is _NONE:
        label = names().look_up(match["name"])
        if label.known and label.places[0][1] in {"PlanLearnHours", "PlanEEPHours"}:
            yield Fact(*label.places[0], "0", guess=NONE_SAID, named=True, at=at)
    elif pattern is _ASSESSED:
        yield Fact(AIM, "EPAOrgID", match["org"], named=True, at=at)
    elif pattern is _AGREED:
        yield Fact(EMPLOYMENT, "AgreemId", match["id"], named=True, at=at)
    elif pattern is _EMPLOYER_SINCE:
        if is_of_an_apprentice(text):
            yield Fact(EMPLOYMENT, "DateEmpStatApp", match["day"], named=True, at=at)
            yield Fact(EMPLOYMENT, "EmpId", match["id"], named=True, at=at)
    elif person := _person(match["name"]):
        if pattern is _NAME_WITH_REFERENCE:
            reference = match["ref"] or match["bare"]
            fresh = reference not in _references(text[: match.start()])
            yield Fact(LEARNER, "LearnRefNumber", reference, fresh=fresh, at=at)
        for name, part in split_name(person):
            yield Fact(LEARNER, name, part, guess=PARTED, at=match.start("name"))


def _person(name: str) -> str | None:
    """A person's name, without a word before it that begins a sentence: "Is Ellis Brackenridge"."""
    return next((one for one in (name, name.partition(" ")[2]) if is_persons_name(one)), None)


def _references(text: str) -> set[str]:
    return {match["ref"] or match["bare"] for match in _NAME_WITH_REFERENCE.finditer(text)}


def _changed(match: re.Match[str]) -> Iterator[Fact]:
    """The field that is to be changed, with its new value and the aim that is named with it."""
    held, at = match.groupdict(), match.start()
    label = names().look_up(held["name"])
    place = label.places[0] if label.known and label.places else None
    if place is None or not has_usual_form(place[1], held["value"]):
        return
    if held.get("aim"):
        yield Fact(AIM, "LearnAimRef", held["aim"], at=at)
    yield Fact(*place, held["value"], named=True, guess=CHANGED, at=at)


def dated_by_start(found: list[Fact], text: str) -> list[Fact]:
    """The facts of a text, with the day of prices that are said to hold from the start date."""
    starts = {fact.text for fact in found if fact.name == "LearnStartDate"}
    prices = [fact for fact in found if fact.entity == PRICE]
    behind = [match for match in _START_DATE.finditer(text) if len(starts) == 1]
    if not prices or not behind:
        return found
    made: list[Fact] = []
    for at, fact in enumerate(found):
        made.append(fact)
        if fact.name != "AFinAmount":
            continue
        mine = [one for one in found[max(0, at - 3) : at] if one.name == "AFinDate"]
        mine = [one for one in mine if one.at == fact.at]
        said = any(fact.at < match.start() < fact.at + 160 for match in behind)
        if said and not mine:
            day = next(iter(starts))
            made.append(
                replace(fact, name="AFinDate", text=day, guess="it is said to be the start date")
            )
    return made


def shared(found: list[Fact], text: str) -> list[Fact]:
    """What is told of an aim before any is named, once more for all of them, where the text goes on
    with "Both aims"."""
    match = _OF_ALL.search(text)
    named = [fact.at for fact in found if fact.name == "LearnAimRef"]
    if match is None or len(named) < 2 or min(named) < match.start():
        return []
    mine = [fact for fact in found if fact.entity == AIM and fact.at < match.start()]
    return [replace(fact, of_all=True, fresh=False, guess=SHARED) for fact in mine]
