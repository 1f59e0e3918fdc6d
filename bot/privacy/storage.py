"""What may be stored of a text: stricter than what is shown, since it stays."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.doubt import is_record_in_doubt
from bot.privacy.findings import PersonalData, merged, words
from bot.privacy.masking import DETECTORS, WITHHELD, detected, masked
from bot.privacy.numbers import birthdays, numbers_of_somebody
from bot.privacy.people import unknown_names
from bot.privacy.vocabulary import is_code, is_given_name, learned
from bot.recent import Recent

__all__ = [
    "identifies_somebody",
    "loose_numbers",
    "part_to_keep",
    "references",
    "says_too_much",
    "seems_personal",
    "to_keep",
    "to_publish",
]

_NOT_IDENTIFYING = frozenset({"person", "health"})
_HEALTH = re.compile(
    r"(?<![A-Za-z])(?:adhd|asthma|allerg|anaphyla|anorexi|anxiety|appendicitis|arthriti|asperger"
    r"|autis|bipolar|cancer|cerebral palsy|chemo|chronic|coeliac|counsell(?:ing|or) for"
    r"|crohn|cystic|depress(?:ed|ion)|diabet|disabled|dyslexi|dysprax|eating disorder|epilep"
    r"|fibromyalgia|hearing aid|heart condition|hiv|hospital|in care|care leaver|insulin"
    r"|irlen|leuk(?:a)?emia|medicat|mental health|migraine|miscarr|operation|op in|overdose"
    r"|passed away|pregnan|ptsd|refugee|schizo|seizure|self.harm|sertraline|sickle cell|stroke"
    r"|suicid|surgery|tourette|tumou?r|wheelchair|wheel chair|ward \d"
    r"|a ?& ?e\b|abus(?:ed|ive)|addict|alcoholi|amputat|an(?:a)?emi|angina|antidepress|bereave"
    r"|blood (?:clot|pressure)|bulimi|chicken ?pox|colitis|concuss|covid|dementia|dialysis"
    r"|deaf|dermatitis|dyscalcul|eczema|endometrio|expecting\b|(?:glandular|scarlet|hay) fever"
    r"|flu\b|gastro|glaucoma|h(?:a)?emophil|hearing (?:loss|impair)|hepatitis|hernia|hypermobil"
    r"|ibs\b|illness|infection|injur|kidney|long covid|lupus|lyme disease"
    r"|maternity|measles|meningitis|miscarriage|multiple sclerosis|mumps|nervous breakdown"
    r"|norovirus|nut allergy|ocd\b|overdosed|panic attack|paralys|parkinson|pcos\b"
    r"|perthes|phobia|pneumonia|POTS\b|psoria|psychiatr|psychosis|psychotic|quarantin|rehab\b"
    r"|relapse|sciatic|scolios|sectioned|selective mut|shingles|(?:off|been|is|was) (?:sick|ill)\b"
    r"|signed off|slipped disc|spina bifida|sprain|stammer|stitches|swollen|terminal(?:ly)? ill"
    r"|(?:hyper|hypo)?thyroid|[a-z]{3,14}(?:itis|aemia|algia|plegia)\b"
    r"|tonsil|tubercul|ulcer|unconscious|vertigo|visual(?:ly)? impair|whiplash"
    r"|(?:broke|broken|fractur\w{1,3}|burn(?:t|ed)|cut|hurt|dislocat\w{1,3}|twist\w{1,3}|tore"
    r"|crush\w{1,3}|trapped|injured|damaged|lost) (?:his|her|their|a|an|my|both) (?:left |right )?"
    r"(?:ankle|arm|back|collar ?bone|elbow|eye|face|finger|foot|hand|head|hip|jaw|knee|leg|neck"
    r"|nose|pelvis|rib|shoulder|skull|sight|spine|thumb|toe|tooth|wrist)"
    r"|[a-z]{3,12} (?:disease|syndrome|disorder))",
    re.IGNORECASE,
)
"""Words for somebody's health or plight. Alone they may be a question about a code; beside a person
they are theirs."""
_REFERENCE = re.compile(
    r"(?<![\w£.,/-])(?:"
    r"[A-Za-z]{1,4}[-/]?\d{5,8}[A-Za-z]?"  # P334512, STU004512, UE-10244519
    r"|\d{2}[A-Za-z]\d{4,8}|\d{2}[-/]\d{4,8}"  # 16B20417, 26-004417, 24/001234
    r"|[A-Za-z]{1,2}/\d{2}/\d{3,6}"  # S/26/1187
    r"|[A-Z]{2,4}\d{4}"  # DUNM0042
    r"|(?:[A-Z]{1,3}-)?\d{2}(?:-\d{2}){2,3}(?:-[A-Z])?"  # PW-88-20-14-D
    r"|[A-Z]-\d{5,8}"  # Y-70031
    r"|\d{3,}[A-Z]\d{4,}[A-Z]?"  # 64321A264471K
    r"|#\d{4,10}"
    r"|[A-Za-z]{2,12}[-_/]\d{5,8}(?:[-_/][A-Za-z\d]{1,3})?"  # CULL-110508-N
    r")(?![\w/-]|\.\d)"
)
_LOOSE_NUMBER = re.compile(r"(?<![\w£.,/-])(?:0\d{4,9}|\d{5,7}|\d{9})(?![\w/-]|\.\d)")
"""What a system knows somebody by; eight figures are an aim or a provider."""
_FIVE_FIGURES = re.compile(r"[1-9]\d{4}")
_OF_MONEY = re.compile(
    r"\b(?:prices?|agreed|wages?|salary|earn\w*|costs?|fees?|cap|band|threshold|tnp ?\d?"
    r"|amounts?|values?)\b(?:[ ,:(]+(?:of|is|was|as|under|over|a|around|about|below|above|than|less"
    r"|more|the)){0,3}[ ,:(]+$",
    re.IGNORECASE,
)
_IS_MONEY = re.compile(r" (?:was|is) (?:the |a )?(?:[a-z]+ )?price\b", re.IGNORECASE)
"""Five figures beside a word for money are an amount."""
_NO_REFERENCE = re.compile(
    r"z[a-z]{2,5}\d{3}|z\d{7}|(?:st|epa)\d{4}|ukprn\d*|[1-9]\d{7}|(?:19|20)\d{4}|20\d\d[-/]\d\d|r\d\d"
    r"|(?:0[1-9]|[12]\d|3[01])-(?:0[1-9]|1[0-2])-2[0-9]|\d+00",
    re.IGNORECASE,
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_LONG_AGO = r"(?:19\d\d|200\d|201[0-2])"
_SHORT_AGO = r"(?:0\d|1[0-2]|9\d)"
_OLD_DATE = re.compile(
    rf"(?<![\w/.-])(?:\d{{1,2}} ?[-/. ] ?\d{{1,2}} ?[-/. ] ?{_LONG_AGO}"
    rf"|{_LONG_AGO}[-/. ]\d{{1,2}}[-/. ]\d{{1,2}}|{_LONG_AGO}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])"
    rf"|\d{{1,2}} ?[-/.] ?\d{{1,2}} ?[-/.] ?{_SHORT_AGO}"
    rf"|(?:[0-2]\d|3[01])(?:0[1-9]|1[0-2]){_SHORT_AGO}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?[ -]?(?:of )?{_MONTH}[ ,'’-]{{1,2}}(?:{_LONG_AGO}|{_SHORT_AGO})"
    rf"|\d{{1,2}}[./]{_MONTH}[./](?:{_LONG_AGO}|{_SHORT_AGO})"
    rf"|(?:[0-2]\d|3[01])(?:0[1-9]|1[0-2]){_LONG_AGO}"
    rf"|{_MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?[ ,]{{1,2}}{_LONG_AGO})(?![\w/-]|\.\d)",
    re.IGNORECASE,
)
"""A day before 2013: of learning it would be too long ago to be asked about."""
_HOUSE = re.compile(
    r"(?<!\w)(?:(?:Unit|Room|Flat|Plot|Ward) \w{1,4},? )?"
    r"(?!(?:Supreme|High|Crown|County) Court)(?:[A-Z][a-z'’]{2,20} ){1,3}"
    r"(?:House|Farm|Cottage|Court|Lodge|Maltings|Barn)\b"
)
_ABOUT = re.compile(
    r"(?<![A-Za-z])(?:he|she|him|her|his|hers|lad|lass|mum|mam|dad|nan|gran|grandad|son|daughter"
    r"|wife|husband|girl|boy|my (?:learner|student|apprentice|trainee))(?![A-Za-z])",
    re.IGNORECASE,
)
_BIG_NUMBERS_OF_ILR = words("10000 15000 20000 25000 30000 40000 50000 100000")


def to_keep(text: str) -> str:
    """The text as the ledger may hold it: names, numbers and dates masked; or ``[withheld]``.

    Never raises: what cannot be examined is withheld.
    """
    try:
        found = _found(text)
        is_withheld = _is_about_somebody(text, found) or says_too_much(text)
        return WITHHELD if is_withheld else masked(text, found)
    except Exception:  # noqa: BLE001 - fail closed
        return WITHHELD


def part_to_keep(part: str, whole: str) -> str:
    """Part of a message as the ledger may hold it: masked by what the whole tells as well.

    Cut out of its message, a part may no longer show that a word of it is a name.
    """
    try:
        if to_keep(whole) == WITHHELD:
            return WITHHELD
        for one in sorted(_found(whole), key=lambda one: one.start - one.end):
            shown = re.escape(whole[one.start : one.end])
            part = re.sub(rf"(?<!\w){shown}(?!\w)", one.mark, part)
        return to_keep(part)
    except Exception:  # noqa: BLE001 - fail closed
        return WITHHELD


def to_publish(text: str) -> str:
    """The text as everybody may read it: what gives itself away, and common names, masked.

    What is written to be read by all has words that we do not know; a person reviews it.
    """
    try:
        found = _found(text)
        if {one.kind for one in found} - _NOT_IDENTIFYING:
            found = merged(text, [*found, *_health(text)])
        return masked(text, found)
    except Exception:  # noqa: BLE001 - fail closed
        return WITHHELD


def seems_personal(text: str) -> list[PersonalData]:
    """Like ``looks_personal``, with names that no cue tells and dates long ago: for a copy to show.

    References without a cue are left: a record is full of numbers. Never raises.
    """
    try:
        detectors = (*DETECTORS, birthdays, _old_dates, _houses, _health, unknown_names)
        return merged(text, [one for detector in detectors for one in detector(text)])
    except Exception:  # noqa: BLE001 - fail closed
        return [PersonalData("personal details", 0, len(text))]


def says_too_much(text: str) -> bool:
    """Whether nothing may be kept of a text, not even masked."""
    return is_record_in_doubt(text) or identifies_somebody(text)


def identifies_somebody(text: str) -> bool:
    """Whether a text holds two kinds of identifier, or speaks of the health of somebody named."""
    found = _found(text)
    kinds = {one.kind for one in found} - _NOT_IDENTIFYING
    if kinds and _HEALTH.search(text):
        return True
    if "name" in kinds and not any(
        one.kind == "name" and _is_surely_a_name(text[one.start : one.end]) for one in found
    ):
        kinds.discard("name")  # a product, a town, a word of a trade
    return len(kinds) >= 2


def _is_about_somebody(text: str, found: list[PersonalData]) -> bool:
    """Whether it speaks of one person, and of what may tell who that is: more may be left of it."""
    return bool({one.kind for one in found} - _NOT_IDENTIFYING) and bool(_ABOUT.search(text))


def _found(text: str) -> list[PersonalData]:
    return list(_FOUND.of(text, beside=learned()))


def _find(text: str) -> tuple[PersonalData, ...]:
    detectors = (
        birthdays,
        _old_dates,
        loose_numbers,
        _unknown_numbers,
        references,
        _houses,
        unknown_names,
    )
    more = [one for detector in detectors for one in detector(text)]
    return tuple(merged(text, [*detected(text), *more]))


_FOUND = Recent(_find)


def _is_surely_a_name(text: str) -> bool:
    parts = re.findall(r"[^\W\d_]+", text)
    return len(parts) > 1 or any(map(is_given_name, parts))


def _old_dates(text: str) -> Iterator[PersonalData]:
    for match in _OLD_DATE.finditer(text):
        if not is_code(match[0]):
            yield PersonalData("date of birth", match.start(), match.end())


def references(text: str) -> Iterator[PersonalData]:
    """What a system knows somebody by, told by its letters and figures."""
    yield from _numbers_in(_REFERENCE, text)


def _unknown_numbers(text: str) -> Iterator[PersonalData]:
    """Numbers of somebody that are no aim of ours."""
    for one in numbers_of_somebody(text):
        if not is_code(text[one.start : one.end]):
            yield one


def loose_numbers(text: str) -> Iterator[PersonalData]:
    """Bare numbers of a length that aims, providers, hours and years do not have."""
    for one in _numbers_in(_LOOSE_NUMBER, text):
        is_amount = _FIVE_FIGURES.fullmatch(text[one.start : one.end]) and (
            _OF_MONEY.search(text, max(0, one.start - 60), one.start)
            or _IS_MONEY.match(text, one.end)
        )
        if not is_amount:
            yield one


def _numbers_in(pattern: re.Pattern[str], text: str) -> Iterator[PersonalData]:
    for match in pattern.finditer(text):
        shown = match[0]
        if _NO_REFERENCE.fullmatch(shown) or is_code(shown) or shown in _BIG_NUMBERS_OF_ILR:
            continue
        yield PersonalData("learner reference", match.start(), match.end())


def _health(text: str) -> Iterator[PersonalData]:
    for match in _HEALTH.finditer(text):
        end = match.end()
        while end < len(text) and text[end].isalpha():
            end += 1
        yield PersonalData("health", match.start(), end)


def _houses(text: str) -> Iterator[PersonalData]:
    for match in _HOUSE.finditer(text):
        yield PersonalData("address", match.start(), match.end())
