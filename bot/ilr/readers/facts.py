"""What sentences say of fields: "planned end is 28 May, placement 5 to 16 Oct, 60 hours"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import accumulate

from bot.ilr.readers.assembly import ancestors
from bot.ilr.readers.corrections import without_what_was
from bot.ilr.readers.dates import read_date
from bot.ilr.readers.employment_lines import EMPLOYMENT
from bot.ilr.readers.forms import has_usual_form
from bot.ilr.readers.learner_lines import is_persons_name
from bot.ilr.readers.names import Label, is_weak, names
from bot.ilr.readers.people import split_name
from bot.ilr.readers.phrases import (
    AIM,
    AIM_REFERENCE,
    DATE,
    MONTH,
    PLACEMENT,
    STARTS_AND_ENDS,
)  # fmt: skip
from bot.ilr.readers.taken_back import SORRY
from bot.ilr.readers.told_learners import told_learners
from bot.ilr.readers.told_parts import (
    BACK,
    CORRECTS,
    ENDS,
    LEARNER,
    LEFT,
    PARTED,
    Fact,
    is_of_a_visit,
    lone_aim_behind,
    told_parts,
)  # fmt: skip
from bot.ilr.readers.told_prices import told_prices
from bot.ilr.readers.told_whole import dated_by_start, is_of_an_apprentice, shared, told_whole
from bot.ilr.readers.typed_names import CODE_FIELDS
from bot.ilr.readers.values import kind_of
from bot.privacy.headings import LEARNERS

__all__ = ["LEARNER", "SAME", "Fact", "facts"]

_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_TO = r"\s{0,3}(?:\bto\b|\buntil\b|\btill?\b|\bthrough to\b|->|→|-|–|—)\s{0,3}(?:the )?"
_SCAN = re.compile(
    r"(?P<aim>(?<![\w-])(?=[0-9A-Z]{0,7}\d)(?:Z[0-9A-Z]{7}|\d{7}[0-9A-Z])(?![\w-]))"
    rf"|\b(?:{LEARNERS}|ref|lrn|id(?= n(?:o|umber)\b))\b(?:'s)?"
    r"(?: (?:ref|reference|no|number|id)){0,2}"
    r"\.?\s?[:#]?\s?(?P<learner>(?!Z[A-Z]{3}\w\d{3}\b)(?=[A-Za-z/-]{0,8}\d)[A-Za-z0-9/-]{3,12})(?![\w/]|-\d)"
    r"|(?<![\w/-])(?P<who2>[A-Z]{1,4}\d{4,7}"
    r"(?=,? (?:is|was|has|had|on|aim|star|beg|left|withd|did|enrol)))"
    r"|\b(?:for|check|re|about|on) (?P<who>(?=[A-Z])[A-Z]{1,4}\d{4,8}(?![\w/]))"
    r"|\b(?:the )?(?:first|second|third|fourth|other|next|one)(?: (?:one|learner|student))?"
    r"(?: is|,|:)? \(?(?P<who3>(?!Z[A-Z]{3}\w\d{3}\b)(?=[A-Z]{0,4}[/-]?\d{4})[A-Z0-9/-]{4,7})"
    r"(?=[,)]| (?:is|was|has|had|on|started|left|withdrew)\b)"
    r"|\b(?:on|for|doing|did|has|have) (?P<sameaim>(?:the |that )?same (?:aim|course|qual\w*))\b"
    r"|\bULN\b(?: (?:is|no|number))?\.?\s?[:#=]?(?:\s?|\??\s{1,60})"
    r"(?P<uln>\d{4} ?\d{3} ?\d{3})(?!\d)"
    r"|(?<![\w/.+-])(?P<uln2>[1-9]\d{9})(?![\w/-])"
    rf"|(?<![\w/.-])(?P<empcode>10|11|12|98) (?:from|since|as at|on) (?P<empday>{DATE})(?!\w)"
    r"|(?P<same>\b(?:the )?same (?:(?:(?:start|end|planned end) )?dates?|planned end|fm|fund\w*"
    r"(?: model)?)\b|\b(?:starts?|started|began|begins?)(?: on)? the same (?:day|date)\b)"
    r"|\b(?:employer|edrs|ern)\b(?: (?:id|no|number|ref))?(?: is| was)?(?: (?:the )?same)?"
    r"(?P<ofboth> for (?:both|all))?"
    r"(?:\.?\s?[:#]?\s?|\?\s{1,80})(?P<employer>\d{9})(?!\d)"
    r"|(?<![\w/])(?P<typed>(?-i:[A-Z]{3}) ?(?:[=:] ?)?\d{1,3}"
    r"(?:(?:,? and |, ?| & )\d{1,3}(?=[,.;)\n]|  |$))*)(?![\w/-]|\.\d)"
    r"|(?<![\w/])(?P<typedsmall>(?-i:[a-z]{3}) \d{1,3})(?=\s{0,3}(?:[,;)\n]|\.\s|\.?$))"
    r"|(?<=[,(] )(?P<status>continuing)(?=\s*(?:[.,;)]|$)|\s{2})"
    r"|(?<=[.!] )(?P<status2>completed)(?=,)"
    r"|\bstill (?P<status3>on programme|in learning|continuing|on course)\b"
    r"|\b(?P<status4>still here)\b(?![^.,;]{0,20}\?)"
    rf"|(?<![\w/.])(?P<days>{_DAY}){_TO}"
    rf"(?P<end_of_days>{_DAY} ?(?:of )?{MONTH}(?:,? \d{{4}})?)(?!\w)"
    rf"|(?<![\w/.])(?P<start>{DATE}){_TO}(?P<end>{DATE})(?!\w)"
    rf"|(?<![\w/.])(?P<date>{DATE})(?!\w)"
    r"|(?<![\w.])(?P<hours>\d{1,4})\s?(?:placement )?(?:hours?|hrs?|h)\b"
    r"(?!\s{0,3}(?:per|a|each|every|/|pw|p/w|weekly)\b)"
    r"|\b(?P<placement>(?:work |industry )?placements?|work experience|wexp?|wpl?)\b"
    r"|\bgrade(?: is| of)? (?P<grade>[A-Z*]{1,3}\d?(?![\w*]))"
    r"|(?P<fund>\bfm ?\d\d\b)|\b(?:pt|prog(?:ramme)? type) ?(?P<prog>\d\d)\b"
    r"|(?P<coded>,\s(?:core|programme|component) aim(?=\s*(?:[-–—,.;)*]|$)))"
    r"|\b(?P<course>aim itself|t[ -]?level(?= (?:start|beg|end|runs?|finish|is due))"
    r"|the aim (?=start|beg|end|runs?|finish)"
    r"|programme|course|qualification|diploma|btec|main aim|core aim)\b"
    r"|\b(?P<mode>external|internal|outside employer|(?<=mode )(?:ext|int))(?:ly)?\b"
    r"|(?<![\w./-])(?P<number>\d{1,3})(?![\w/]|[.-]\d)",
    re.IGNORECASE,
)
_ANOTHER = re.compile(
    r"\b(?:placements?|work experience|second|another|then|next|also|again)\b", re.I
)
"""What begins the next placement; a date alone may be told again."""
_PLANNED = re.compile(r"\b(?:planned|plan|due|expected|will|should|intends?)\b", re.I)
_ALL = re.compile(r"\b(?:both|each|all)\b[^,.;]{0,20}$", re.I)
_OF_ALL = re.compile(r"\)?,? (?:for|on|at|in) (?:both|all|each)\b", re.I)
_FILLER = re.compile(
    r"[\s:=,(]*\b(?:for the year )?"
    r"(?:(?:(?:is|was|were|are) )?on the|(?:is|was|are) (?:on|the)|is|was|were|of|on|are|at|as|code"
    r"|the)?[\s:=(]*$",
    re.I,
)
_ORDER = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_NTH = re.compile(r"\b(first|second|third|fourth) (?:one|aim|course|qual\w*)\b", re.IGNORECASE)
_ON_AIM = re.compile(rf"[^.!?]{{0,40}}\b{AIM_REFERENCE}(?!\w)")
_NAMED = re.compile(
    r"(?P<name>[^\W\d_a-z][\w'’-]+(?: [^\W\d_a-z][\w'’-]+){1,3})[?,.]?\s{0,3}[(,–-]?\s{0,3}"
    r"(?=(?i:(?:learner |student )?(?:ref|lrn|uln|dob|born|id n(?:o|umber))\b)|[1-9]\d{9}(?!\d))"
)
"""A name right before what identifies its learner: "Leo Marsden-Quill, ref 26-00731"."""
SAME = "it is said to be the same as the aim's before"
_MAX_WORDS = 5


_KEPT = frozenset({*STARTS_AND_ENDS[AIM], "FundModel", "StdCode"})
"""What the next aim may be said to have as well."""


@dataclass
class _Sentence:
    """Where a sentence is: what it speaks of, and what it has said of it."""

    about: str = AIM
    begins: set[str] = field(default_factory=set)
    """Entities whose next one was named by its number: "Placement 2"."""
    corrected: bool = False
    """It puts right what was told: "placement end should be 06/11/2026 and hours 30"."""
    left: bool = False
    """It says that somebody left, and not yet when: "withdrew from 60149735 on 06/11/2026"."""
    back: bool = False
    """The aim that goes on after a break began, and is not named yet."""
    before: str = ""
    ahead: str = ""
    """What stands before and behind the value that is looked at."""
    aims: int = 0
    """Aims that were named."""
    nth: int = 0
    """Which of them is spoken of, where the sentence says so."""
    employed: bool = False
    """An employment status was told."""
    of_work: bool = False
    """The aim that was named last is work experience."""
    hours: str = ""
    """Hours of a placement whose aim is named behind them."""
    lone: bool = False
    """The text has one aim's reference, which stands behind all its dates."""
    said: dict[str, set[str]] = field(default_factory=dict)
    aim: str = ""
    """The last aim's reference."""
    kept: dict[str, str] = field(default_factory=dict)
    """The last aim's dates, its funding model and its standard."""

    def fact(
        self, entity: str, name: str, text: str, *, fresh: bool = False, guess: str | None = None
    ) -> Fact:
        fresh = fresh or (entity in self.begins and entity in self.said)
        self.begins.discard(entity)
        if fresh:
            self.said = {
                kind: held for kind, held in self.said.items() if entity not in ancestors(kind)
            }
            self.said[entity] = set()
        self.said.setdefault(entity, set()).add(name)
        if entity == AIM and name in _KEPT:
            self.kept[name] = text
        return Fact(entity, name, text, fresh, guess)

    def has(self, entity: str, name: str) -> bool:
        return name in self.said.get(entity, ())


def facts(text: str) -> list[Fact]:
    """What the sentences of a text say, in order."""
    parts, rest = told_parts(without_what_was(text))
    for told_more in (told_prices, told_learners, told_whole):
        more, rest = told_more(rest)
        parts += more
    employed = any(one.entity == EMPLOYMENT for one in parts) or is_of_an_apprentice(text)
    told = list(_scanned(rest, employed))
    said = [fact.name for fact in told]
    if "FamilyName" in said or said.count("LearnRefNumber") > 1:
        parts = [one for one in parts if one.name not in {"FamilyName", "GivenNames"}]
    # A learner's name comes behind what begins that learner, though it stands before it.
    furthest = accumulate((fact.at for fact in told), max)
    order = [*((one.at, one) for one in parts), *zip(furthest, told, strict=True)]
    found = [fact for _, fact in sorted(order, key=lambda one: one[0])]
    return [*dated_by_start(found, text), *shared(found, text)]


def _scanned(text: str, employed: bool) -> Iterator[Fact]:
    state, place = _Sentence(employed=employed), 0
    state.lone = lone_aim_behind(text)
    persons = [one for match in _NAMED.finditer(text) if (one := _person(match)) is not None]
    for match in _SCAN.finditer(text):
        between, place_before = text[place : match.start()], place
        place = match.end()
        kind = match.lastgroup or ""
        if re.search(r"[.!?]\s", between):
            state.corrected = False
        if SORRY.search(re.split(r"[.!?]\s", between)[-1]):
            state.corrected = True
        if LEFT.search(between) or re.search(r"[.!?]\s", between):
            state.left = bool(LEFT.search(re.split(r"[.!?]\s", between)[-1]))
        if kind == "placement" and re.match(
            r"\s?(?:no\.?\s?)?[2-9]\b(?!/|-\d)", text[match.end() :]
        ):
            state.begins.add(PLACEMENT)
        if kind == "hours" and re.match(r"\s(?:at|with|on placement|in)\s", text[match.end() :]):
            state.about = PLACEMENT
        if kind in {"placement", "course"}:
            state.about = PLACEMENT if kind == "placement" else AIM
            # The word may be the first of a field's name: "placement starts 18 January".
            place = match.start()
            if text[place_before : match.start()].strip() == "" and place == place_before:
                place = match.end()
            continue
        state.before = text[max(0, match.start() - 120) : match.start()]
        state.ahead = text[place : place + 100]
        _turn_to(between, state)
        for fact in _fact(kind, match, between, state):
            state.aims += fact.name == "LearnAimRef"
            state.nth = 0 if fact.name == "LearnAimRef" else state.nth
            yield replace(fact, at=match.start(), nth=state.nth if fact.entity == AIM else 0)
        while persons and persons[0][0] < match.start():
            at, person = persons.pop(0)
            if state.said.get(LEARNER) and not state.has(LEARNER, "FamilyName"):
                for name, part in split_name(person):
                    fact = state.fact(LEARNER, name, part, guess=PARTED)
                    yield replace(fact, at=at)


def _person(match: re.Match[str]) -> tuple[int, str] | None:
    """Where a person's name begins, and the name: the word before it may have a capital as well,
    as "Its" has at the beginning of a sentence."""
    whole = match["name"]
    for name in (whole, whole.partition(" ")[2]):
        if is_persons_name(name):
            return match.end("name") - len(name), name
    return None


def _turn_to(between: str, state: _Sentence) -> None:
    """Go on with the aim that a sentence counts: "the second one started 14 September"."""
    found = list(_NTH.finditer(between))
    nth = _ORDER[found[-1][1].casefold()] if found else 0
    if nth and state.of_work and state.has(AIM, STARTS_AND_ENDS[AIM][1]):
        state.about = PLACEMENT  # the aim is told in full: it is a placement of work experience
    elif nth and nth <= state.aims and state.aims > 1:
        state.nth, state.about = nth, AIM
        state.said[AIM] = {"LearnAimRef"}


def _fact(kind: str, match: re.Match[str], between: str, state: _Sentence) -> Iterator[Fact]:
    if kind == "aim" and _OF_PROVIDER.search(between):
        return
    if kind == "aim":
        if _ONTO.search(between):
            state.left = False
        # "His placement (ZWRKX001) starts": the dates are still the placement's.
        in_brackets = state.about == PLACEMENT and _ON_ITS_AIM.search(between) is not None
        # "(ZWRKX001, start 2 November)": what goes on in the brackets is the aim's.
        in_brackets = in_brackets and not _GOES_ON.match(state.ahead)
        # "TL placement for Ellis: ZWRKX003, starts 25 January, 315 hours" tells of it alone.
        of_work = match["aim"].upper().startswith("ZWRK")
        placed = state.about == PLACEMENT and of_work and not state.said.get(PLACEMENT)
        in_brackets = in_brackets or (placed and _WITH_HOURS.match(state.ahead) is not None)
        state.about = PLACEMENT if in_brackets else AIM
        fresh = bool(state.said.get(AIM)) and (
            state.has(AIM, "LearnAimRef")
            or ("LearnStartDate" in state.said[AIM] and not _NAMES_IT.search(between))
        )
        fresh, state.back = fresh and not (state.back or state.lone), False
        state.aim = match["aim"].upper()
        yield state.fact(AIM, "LearnAimRef", state.aim, fresh=fresh)
        state.of_work = match["aim"].upper().startswith("ZWRK")
        if (kind_of_aim := _CALLED.search(between)) is not None:
            yield state.fact(AIM, "AimType", f"{kind_of_aim[1]} aim")
        if state.hours and match["aim"].upper().startswith("ZWRK"):
            yield state.fact(PLACEMENT, "WorkPlaceHours", state.hours)
            state.hours, state.about = "", PLACEMENT if in_brackets else AIM
    elif kind in {"who", "who2"}:
        if not re.fullmatch(r"[A-Z]\d{7}|(?:ST|EPA)\d{4}", match[kind]) and not state.said.get(
            LEARNER
        ):
            yield state.fact(LEARNER, "LearnRefNumber", match[kind])
    elif kind in {"uln", "uln2"}:
        if not state.has(LEARNER, "ULN"):
            yield state.fact(LEARNER, "ULN", match[kind].replace(" ", ""))
    elif kind == "same":
        yield from _same_dates(match["same"], state)
    elif kind == "who3":
        fresh = state.has(LEARNER, "LearnRefNumber")
        yield state.fact(LEARNER, "LearnRefNumber", match["who3"], fresh=fresh)
    elif kind == "sameaim":
        if state.aim and not state.has(AIM, "LearnAimRef"):
            yield state.fact(AIM, "LearnAimRef", state.aim, guess=SAME)
    elif kind == "learner":
        fresh = state.has(LEARNER, "LearnRefNumber")
        yield state.fact(LEARNER, "LearnRefNumber", match["learner"], fresh=fresh)
    elif kind == "empday":
        if re.search(r"\bemp(?:loyment)?\s?stat|\bemployment\b", state.before, re.IGNORECASE):
            state.employed = True
            yield replace(
                state.fact(EMPLOYMENT, "EmpStat", match["empcode"], fresh=True), named=True
            )
            yield replace(state.fact(EMPLOYMENT, "DateEmpStatApp", match["empday"]), named=True)
    elif kind == "employer" and state.employed and not state.has(EMPLOYMENT, "EmpId"):
        yield replace(state.fact(EMPLOYMENT, "EmpId", match["employer"]), named=True)
    elif kind == "employer":
        state.about = PLACEMENT
        everyone = bool(match["ofboth"]) or _OF_ALL.match(state.ahead) is not None
        fresh = state.has(PLACEMENT, "WorkPlaceEmpId") and not everyone
        told = state.fact(PLACEMENT, "WorkPlaceEmpId", match["employer"], fresh=fresh)
        yield replace(told, of_all=everyone)
    elif kind in {"end_of_days", "end"}:
        yield from _range(match, state)
    elif kind == "date":
        yield from _date(match["date"], between, state)
    elif kind == "hours" and _OR_SO.search(f"{state.before}{match[0]}|{state.ahead}"):
        return  # "30 hrs or maybe 35": nobody knows yet
    elif kind == "hours":
        placed = "placement" in match[0]
        behind = _OF_PLACEMENT.match(state.ahead)
        if behind and behind["ahead"] and not state.said.get(PLACEMENT):
            state.hours, state.about = match["hours"], PLACEMENT
            return
        placed = placed or behind is not None
        if state.said.get(PLACEMENT) or state.about == PLACEMENT or placed or state.of_work:
            fresh = state.has(PLACEMENT, "WorkPlaceHours")
            yield state.fact(PLACEMENT, "WorkPlaceHours", match["hours"], fresh=fresh)
    elif kind == "mode":
        held = state.has(PLACEMENT, "WorkPlaceMode")
        if held and state.corrected:
            yield replace(state.fact(PLACEMENT, "WorkPlaceMode", match["mode"]), corrects=True)
        elif state.said.get(PLACEMENT) and not held:
            fact = state.fact(PLACEMENT, "WorkPlaceMode", match["mode"])
            yield replace(fact, of_all=bool(_ALL.search(between.rsplit(",", 1)[-1])))
    elif kind == "fund":
        if not state.has(AIM, "FundModel"):
            fact = state.fact(AIM, "FundModel", match["fund"][-2:])
            yield replace(fact, named=True, of_all=bool(_ALL.search(between)))
    elif kind == "prog":
        if not state.has(AIM, "ProgType") and has_usual_form("ProgType", match["prog"]):
            fact = state.fact(AIM, "ProgType", match["prog"])
            yield replace(fact, named=True, of_all=bool(_ALL.search(between)))
    elif kind == "grade":
        if state.said.get(AIM) and not state.has(AIM, "OutGrade"):
            yield state.fact(AIM, "OutGrade", match["grade"])
    elif kind == "coded":
        if state.said.get(AIM) and not state.has(AIM, "AimType"):
            yield state.fact(AIM, "AimType", match["coded"].strip(" ,"))
    elif kind == "number":
        yield from _number(match["number"], between, state)
    elif kind == "typed":
        kind, code = match["typed"][:3], match["typed"][3:].strip()
        if names().owner_of_type(kind) is None and code.isdigit():
            yield from _number(code, f"{between}{kind} ", state)
        yield from _typed(match["typed"], state)
    elif kind == "typedsmall":
        small, code = match["typedsmall"].split()
        if names().owner_of_type(small.upper()) is None:
            yield from _number(code, f"{between}{small} ", state)
        yield from _typed(f"{small.upper()} {code}", state)
    elif kind.startswith("status") and state.said.get(AIM) and not state.has(AIM, "CompStatus"):
        yield state.fact(AIM, "CompStatus", match[kind])


_ON_ITS_AIM = re.compile(
    r"\($|\bplacements?\s(?:are |is )?(?:on|for|under|against)\s"
    r"(?:the |his |her |their )?(?:aim )?$",
    re.I,
)
"""What stands between "placement" and the aim that it is of: "two placements on aim ZWRKX001"."""
_OF_PROVIDER = re.compile(r"\b(?:UK)?PRN(?: is| no| number)?\s?[:#=]?\s?$", re.IGNORECASE)
"""What stands before a provider's number, which looks like an aim's reference."""
_GOES_ON = re.compile(r",? (?:start|began|begin|running|runs)[^()]{0,80}\)", re.IGNORECASE)
_WITH_HOURS = re.compile(
    rf"[\s,.:–-]{{1,60}}(?:(?:start(?:s|ing|ed)?|from)(?: on)? )?{DATE}(?:{_TO}{DATE})?"
    r",? \d{1,4} ?(?:hours|hrs)\b",
    re.IGNORECASE,
)
"""A day with the hours behind it, which are a placement's and no aim's."""
_CALLED = re.compile(r"\b(core|programme|component) aim(?: is|:)? ?[(]?$", re.IGNORECASE)
_OF_PLACEMENT = re.compile(
    r"\s(?:of |on )?(?:work experience|(?:work |industry )?placement|wex)\b"
    r"(?P<ahead>[^.!?]{0,60}\bZWRK)?",
    re.I,
)
"""What hours are of: "36 hours of work experience (ZWRKX001, from …)"."""
_ONTO = re.compile(r"\b(?:transferred|moved|switched|changed)(?: over)? (?:on)?to\b.{0,30}$", re.I)
_NAMES_IT = re.compile(r"\b(?:core|main|programme|the|whose|her|his|their) aim(?: is|:)? ?$", re.I)
"""What names the aim whose start was told before: "since 7 Sept - core aim is 60311225"."""


def _same_dates(said: str, state: _Sentence) -> Iterator[Fact]:
    """ "ZWRKX001 has the same start date": as the aim before it has."""
    which = [name for name in STARTS_AND_ENDS[AIM] if name in state.kept]
    if re.search(r"\bf(?:m|und)", said, re.IGNORECASE):
        which = ["FundModel"] if "FundModel" in state.kept else []
    elif re.search(r"\b(?:start|beg[ai]n)", said, re.IGNORECASE):
        which = which[:1]
    elif "end" in said.casefold():
        which = which[1:]
    for name in which if state.about == AIM else ():
        if not state.has(AIM, name):
            yield state.fact(AIM, name, state.kept[name], guess=SAME)


def _range(match: re.Match[str], state: _Sentence) -> Iterator[Fact]:
    first, last, entity = match["start"], match["end"], state.about
    guess = None
    if match["end_of_days"]:
        last = match["end_of_days"]
        month = re.search(rf"{MONTH}.*", last, re.IGNORECASE)
        first = f"{match['days']} {month[0] if month else ''}"
        guess = "its month was taken from the end beside it"
    starts, ends = STARTS_AND_ENDS[entity]
    if entity == AIM and state.has(AIM, starts) and state.of_work and not state.back:
        # The aim has its dates, and is work experience: these are a placement's.
        entity = state.about = PLACEMENT
        starts, ends = STARTS_AND_ENDS[entity]
    fresh = state.has(entity, starts)
    yield state.fact(entity, starts, first, fresh=fresh, guess=guess)
    yield state.fact(entity, ends, last)


_MAYBE = r",? or (?:maybe |perhaps |possibly |even )?\d{1,4}"
_OR_SO = re.compile(
    rf"\d\s?(?:hours?|hrs?|h)?{_MAYBE}\s?(?:hours?|hrs?|h)?\||\|{_MAYBE}\b",
    re.IGNORECASE,
)
"""Hours of which one of two numbers will hold; what stands before the bar was matched."""
_UNIT = re.compile(
    r"\s?(?:h|hrs?|hours?|days?|weeks?|years?|year olds?|%|glh|provision|study)\b", re.I
)
_AGED = re.compile(r"\b(?:1[4-9]|2\d)\s(?:at|on|as at|as of)\s(?:the )?$", re.IGNORECASE)
"""How old somebody is on a day: "17 at 31 August"."""
_BORN_BEFORE = "2013"
"""A day of learning would be too long ago."""


def _date(text: str, between: str, state: _Sentence) -> Iterator[Fact]:
    label, named = _label(between), False
    mine = [p for p in label.places if kind_of(p[1]) == "Date"] if label is not None else []
    # "to finish" may be said of anything; "placement finish" only of a placement.
    if label is not None and len(label.places) == 1 and mine and mine[0][0] not in STARTS_AND_ENDS:
        # "DoB 03/03/2009" and "status from" are of nothing that the sentence speaks of.
        yield replace(state.fact(*mine[0], text), named=True)
        return
    read = read_date(text)
    if (read.iso or "9") < _BORN_BEFORE or is_of_a_visit(between) or _AGED.search(state.before):
        return
    if not (read.iso or read.without_year) or (read.without_year and _UNIT.match(state.ahead)):
        return  # "16-19 study programme", "7.5 hours"
    told = state.said.get(AIM, set()) & {"LearnStartDate", "LearnActEndDate"}
    if BACK.search(between) and told and _ON_AIM.match(state.ahead):
        state.back = True
        named_before = state.has(AIM, "LearnAimRef")
        yield state.fact(AIM, "LearnStartDate", text, fresh=True)
        if "StdCode" in state.kept and not named_before:
            # "a break from his standard 154 programme": it is the only word of the standard
            yield state.fact(AIM, "StdCode", state.kept["StdCode"], guess=SAME)
        return
    near = [place for place in mine if place[0] == state.about]
    if near or (label is not None and mine and " " in label.said):
        mine = near or mine
        (entity, name), named = mine[0], True
    elif (state.left or LEFT.search(between)) and state.about == AIM:
        state.left = False
        entity, name, named = AIM, "LearnActEndDate", True
    else:
        entity = state.about
        ends = bool(ENDS.search(between) or _PLANNED.search(between))
        ends = ends or (state.has(entity, STARTS_AND_ENDS[entity][0]) and not between.strip(" ,"))
        name = STARTS_AND_ENDS[entity][1 if ends else 0]
    if not state.has(entity, name) or (named and (state.corrected or CORRECTS.search(between))):
        state.corrected = state.has(entity, name)
        everyone = entity == AIM and state.aims > 1 and bool(_ALL.search(between))
        fact = state.fact(entity, name, text)
        yield replace(fact, named=named, corrects=state.corrected, of_all=everyone)
    elif entity == PLACEMENT and name == STARTS_AND_ENDS[entity][0] and _ANOTHER.search(between):
        yield state.fact(entity, name, text, fresh=True)
    elif named:
        yield Fact(entity, name, text, again=True)


_FAMS = frozenset({"LearningDeliveryFAM", "LearnerFAM"})
_STOPS = re.compile(r"\s?(?:[,;)\n]|\.(?:\s|$)|$)")
"""What stands behind a code, and not behind how many of something there are."""


def _number(text: str, between: str, state: _Sentence) -> Iterator[Fact]:
    label = _label(between)
    if label is None:
        return
    if label.fam_type is not None:
        if label.places[0][0] in _FAMS and _STOPS.match(state.ahead):
            yield from _typed(f"{label.fam_type} {text}", state)
        return
    entity, name = next((p for p in label.places if p[0] == state.about), label.places[0])
    if name.endswith("Date") or entity not in {AIM, PLACEMENT, LEARNER}:
        return
    if not has_usual_form(name, text):
        return
    placed = state.said.get(PLACEMENT) or state.about == PLACEMENT or state.of_work
    if entity == PLACEMENT and is_weak(label) and not placed:
        return  # "hrs 545 planned"
    corrects = state.has(entity, name) and (state.corrected or bool(CORRECTS.search(between)))
    if state.has(entity, name) and not corrects:
        return
    fact = replace(state.fact(entity, name, text), corrects=corrects)
    everyone = bool(_ALL.search(between.rsplit(",", 1)[-1]))
    yield replace(fact, of_all=everyone, named=True)


def _typed(text: str, state: _Sentence) -> Iterator[Fact]:
    """A type with its code: "RES 1", of the aim or the learner that is spoken of."""
    kind, codes = text[:3], re.findall(r"\d+", text)
    entity = names().owner_of_type(kind)
    if entity not in CODE_FIELDS or (entity == "LearningDeliveryFAM" and not state.said.get(AIM)):
        return
    field_name = CODE_FIELDS[entity]
    for code in codes:
        of_type = state.fact(entity, field_name.replace("Code", "Type"), kind, fresh=True)
        yield replace(of_type, named=True)
        yield replace(state.fact(entity, field_name, code), named=True)


def _label(between: str) -> Label | None:
    """The field's name right before a value."""
    words = _FILLER.sub("", CORRECTS.sub("", between.rstrip(" ?"))).split()
    for count in range(min(_MAX_WORDS, len(words)), 0, -1):
        said = " ".join(words[-count:])
        label = names().look_up(said)
        if label.known and label.number is None:
            return label
    return None
