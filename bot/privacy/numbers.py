"""Numbers, addresses and dates that give themselves away, or that a word before them does."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.findings import PersonalData, words

__all__ = [
    "TEMPORARY_ULN",
    "addresses_online",
    "after_a_label",
    "birthdays",
    "long_numbers",
    "ni_numbers",
    "numbers_of_somebody",
    "phones",
    "postcodes",
    "spaced_ulns",
    "streets",
]

_GAP = r"[ \u00a0\u2007\u2009\u200b\u202f\u2060\u2010-\u2013-]"
_PARTED_ULN = re.compile(r"(?<![\w./])\d{2,8}(?:(?!\. )[./_ -]{1,2}\d{1,8}){1,8}(?!\w|[./]\d)")
_NO_PARTED_ULN = re.compile(
    r"\d{8,9}\.\d{1,2}|.*(?<!\d)20\d\d[-/._ ]{1,2}(?:20)?\d\d(?!\d)"
    r"|.*(?<!\d)\d{1,2}[./]\d{1,2}[./](?:20)?\d\d(?!\d)[ -]"
    r"|.*(?<!\d)(?:\d{1,2}[./-]\d{1,2}[./-]20\d\d|20\d\d[./-]\d{1,2}[./-]\d{1,2})(?!\d)"
)
"""Amounts, academic years and dates with a number beside them."""
_LONG_NUMBER = re.compile(r"\d{10,}")
_ARTICLE_NUMBER = re.compile(r"(?:articles|comments|posts)/$")
_UPN = re.compile(
    r"[A-Za-z]\d{12}(?!\d)|[A-Za-z]\d{11}[A-Za-z]"
    r"|(?<![A-Za-z])(?!Z\d{7}(?!\d))[A-Z](?:[ ./-]?\d){11,13}(?:[ ./-]?[A-Z])?(?!\w)"
)
_DIGIT_GROUPS = re.compile(rf"(?<!\w)\d+(?:{_GAP}{{1,2}}\d+)+(?!\w)")
_DATE_OR_YEAR = re.compile(
    rf"(?:19|20)\d\d{_GAP}(?:0?[1-9]|1[0-2]){_GAP}(?:[0-2]?\d|3[01])(?!\d)"
    rf"|(?<!\d)(?:[0-2]?\d|3[01]){_GAP}(?:0?[1-9]|1[0-2]){_GAP}(?:19|20)\d\d"
    r"|20\d\d[-\u2010-\u2013]\d\d(?!\d)"
)
_ULN_SHAPES = {
    (3, 3, 4), (3, 4, 3), (4, 3, 3), (4, 6), (6, 4), (5, 5), (3, 7), (7, 3), (2, 4, 4), (4, 4, 2),
    (3, 3, 2, 2), (2, 2, 2, 2, 2), (1,) * 10,
}  # fmt: skip
TEMPORARY_ULN = "9999999999"
"""Stands for "no ULN yet" and names nobody."""


def long_numbers(text: str) -> Iterator[PersonalData]:
    for match in _UPN.finditer(text):
        yield PersonalData("UPN", match.start(), match.end())
    for match in _LONG_NUMBER.finditer(text):
        is_uln = len(match[0]) == 10
        in_link = _ARTICLE_NUMBER.search(text, max(0, match.start() - 10), match.start())
        if match[0] != TEMPORARY_ULN and (is_uln or not in_link):
            yield PersonalData("ULN" if is_uln else "number", match.start(), match.end())


def spaced_ulns(text: str) -> Iterator[PersonalData]:
    """Ten digits in groups, unless they read as a date, a year, or an 8-digit code and a number."""
    for run in _DIGIT_GROUPS.finditer(text):
        groups = [(m.start(), m.end()) for m in _DIGITS.finditer(text, run.start(), run.end())]
        sizes = [end - start for start, end in groups]
        labelled = text[max(0, run.start() - 12) : run.start()].casefold().rstrip(" :=#.-")
        if sum(sizes) == 10 and (
            labelled.endswith("uln") or (8 not in sizes and not _DATE_OR_YEAR.search(run[0]))
        ):
            yield PersonalData("ULN", run.start(), run.end())
            continue
        first = 0
        while first < len(groups):
            last = first
            while last < len(groups) and sum(sizes[first:last]) < 10 and last - first < 10:
                last += 1
            if tuple(sizes[first:last]) in _ULN_SHAPES:
                yield PersonalData("ULN", groups[first][0], groups[last - 1][1])
                first = last
            else:
                first += 1

    for match in _PARTED_ULN.finditer(text):
        shown = match[0]
        has_mark = re.search(r"[./_]", shown) is not None
        if has_mark and sum(map(str.isdigit, shown)) == 10 and not _NO_PARTED_ULN.match(shown):
            yield PersonalData("ULN", match.start(), match.end())
    for match in _BRACKETED.finditer(text):
        yield PersonalData("ULN", match.start(), match.end())
    for match in _SPELT_DIGITS.finditer(text):
        yield PersonalData("ULN", match.start(), match.end())


_BRACKETED = re.compile(r"(?<!\w)\(\d{3}\) ?\d{3}[ -]?\d{4}(?!\w)")
_SPELT_DIGITS = re.compile(
    r"(?<![A-Za-z])(?:(?:zero|oh|nought|one|two|three|four|five|six|seven|eight|nine)"
    r"(?:[ ,.-]{1,3}|(?![A-Za-z]))){7,12}",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")

_NI_NUMBER = re.compile(r"[A-Za-z]{2}\d{6}[A-Da-d](?![A-Za-z]{2})|[A-Z]{2}\d{6}[A-D]")
_NI_SPACED = re.compile(
    r"(?<![A-Za-z])([A-Za-z]{2})([ ./-]?)(?:\d\d[ ./-]?){2}\d\d"
    r"(?:[ ./-]?[A-Fa-f](?![A-Za-z]))?(?!\w)"
)
_NI_SPREAD = re.compile(r"(?<!\w)[A-Z] [A-Z](?:[ -]?\d){6}(?:[ -]?[A-D])?(?!\w)")
_SHORT_WORDS = words(
    """
    am an as at ay by do go he hi if in is it me my no of on or pm so st to up us vs we yr
    """
)


def ni_numbers(text: str) -> Iterator[PersonalData]:
    for pattern in (_NI_NUMBER, _NI_SPREAD):
        for match in pattern.finditer(text):
            yield PersonalData("NI number", match.start(), match.end())
    for match in _NI_SPACED.finditer(text):
        # Eight characters run together may be an aim code; "on 01-08-25" and "AY 2025-26 a"
        # are dates and years.
        letters, has_suffix = match[1], match[0][-1].isalpha()
        before = text[max(0, match.start() - 24) : match.start()]
        is_word = (
            letters.casefold() in _SHORT_WORDS
            and letters != letters.upper()
            and not _NI_LABEL.search(before)
        )
        in_pairs = letters == letters.upper() and _PAIRS.search(match[0])
        is_dated = re.search(r"[./]\d\d [A-Fa-f]$", match[0])
        is_other = is_word or is_dated or _DATE_OR_YEAR.search(match[0])
        if (has_suffix or in_pairs) and not is_other:
            yield PersonalData("NI number", match.start(), match.end())


_NI_LABEL = re.compile(r"\b(?:ni|nino|insurance)[ ]?(?:number|no)?\W{1,3}$", re.IGNORECASE)
_PAIRS = re.compile(r"[ -]?\d\d[ -]\d\d[ -]\d\d")

_INWARD = "[ABD-HJLNP-UW-Z]{2}"
_POSTCODE = re.compile(rf"(?:[A-Z]{{1,2}}\d[A-Z\d]?|GIR)[ \u00a0]?\d{_INWARD}")
_POSTCODE_ANY_CASE = re.compile(
    rf"(?<![A-Za-z0-9_])(?:[A-Z]{{1,2}}\d[A-Z\d]?|GIR)[ \u00a0]{{0,3}}\d{_INWARD}(?![A-Za-z0-9_])",
    re.IGNORECASE,
)
_POSTCODE_PARTED = re.compile(
    rf"(?<![A-Za-z0-9_])[A-Z]{{1,2}}\d[A-Z\d]?(?:[ ]{{0,2}}[-.][ ]{{0,2}}|[ ]{{2,3}})\d{_INWARD}"
    r"(?![A-Za-z0-9_])"
)
_POSTCODE_MISTYPED = re.compile(
    r"(?i:post[ ]?code|postal code)(?:[ ](?i:is|was|of|typed|as|prior)){0,2}[^\w\n]{1,4}"
    r"([A-Za-z]{1,2}[\dILlOoS][A-Za-z\d]?[ -]?[\dILlOoS][A-Z]{2})(?!\w)"
)
"""Letters typed for figures: after its label alone."""
_NOT_INWARD = re.compile(r" +(?:\d(?:th|yr|hr|hrs|ft|pt|by)|1st|2nd|3rd)$")
_UNKNOWN_POSTCODE = "ZZ999ZZ"


def postcodes(text: str) -> Iterator[PersonalData]:
    for pattern in (_POSTCODE, _POSTCODE_ANY_CASE, _POSTCODE_PARTED):
        for match in pattern.finditer(text):
            # "L3 2nd year" is no address; ZZ99 9ZZ is the ILR's own "not known".
            bare = re.sub(r"\s", "", match[0]).upper()
            if bare != _UNKNOWN_POSTCODE and not _NOT_INWARD.search(match[0]):
                yield PersonalData("postcode", match.start(), match.end())
    for match in _POSTCODE_MISTYPED.finditer(text):
        if re.sub(r"\s", "", match[1]).upper() != _UNKNOWN_POSTCODE:
            yield PersonalData("postcode", match.start(1), match.end(1))


_SLACK_LINK = re.compile(r"<(mailto|tel):[^<>]{0,400}>", re.IGNORECASE)
_SLACK_MENTION = re.compile(r"<@[A-Z0-9]{1,40}(?:\|[^<>]{0,200})?>")
_EMAIL = re.compile(r"(?<![\w.+%'~&=/-])[\w.+%'~&=/-]+@[\w-]+(?:\.[\w-]+)+")


_EMAIL_SPELT = re.compile(
    r"(?<![\w.])\w[\w.+-]{0,40}"
    r"(?:\W{0,2}\b(?:dot|dash|hyphen|underscore)\b\W{0,2}[\w-]{1,40}){0,4}"
    r"(?: at |[ ]?[\[(]at[\])][ ]?|@)[\w-]{1,40}"
    r"(?:(?: dot |[ ]?[\[(]dot[\])][ ]?|\.)[\w-]{2,40}){1,4}",
    re.IGNORECASE,
)
"""An address written so that machines do not see it."""


def addresses_online(text: str) -> Iterator[PersonalData]:
    for match in _SLACK_LINK.finditer(text):
        yield PersonalData("email" if match[1][0] in "mM" else "phone", match.start(), match.end())
    for match in _SLACK_MENTION.finditer(text):
        yield PersonalData("person", match.start(), match.end())
    for match in _EMAIL.finditer(text):
        yield PersonalData("email", match.start(), match.end())
    for match in _EMAIL_SPELT.finditer(text):
        if re.search(r"\bdot\b", match[0], re.IGNORECASE):
            yield PersonalData("email", match.start(), match.end())


_PHONE = re.compile(
    r"(?<![\w.-])(?:\(?(?:\+|00)44[ .()-]{0,3}(?:0\)?)?|\(?[0oO])"
    r"(?:[ .()/-]{0,2}\d){9,10}(?![ .-]?\d)"
)
_STREET = re.compile(
    r"(?<![\w.])\d{1,4}[A-Za-z]?(?:-\d{1,4})?,?[ ](?:[A-Z][a-z'’]{1,20}[ ]){1,3}"
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Close|Drive|Crescent|Terrace|Gardens|Grove|Mews|Parade"
    r"|Rise|Row|Court|Bank|Way|Square|Place|Hill|Walk|View|Green|Park|Works|Yard)\b"
)
_STREET_SMALL = re.compile(
    r"(?<![\w.])\d{1,4}[a-z]?,? (?:[a-z'’]{3,20} ){1,2}"
    r"(?:street|road|rd|avenue|ave|lane|crescent|terrace|gardens|grove|mews)\b"
)
_FLAT = re.compile(
    r"(?<!\w)(?:flat|apartment|apt) \d{1,4}[a-z]?\b(?:,? (?:The )?(?:[A-Z][\w'’]{2,20} ?){1,3})?",
    re.IGNORECASE,
)


def phones(text: str) -> Iterator[PersonalData]:
    for match in _PHONE.finditer(text):
        sizes = [len(group) for group in _DIGITS.findall(match[0])]
        dated = _DOTTED_DATE.match(match[0])
        if not dated and (8 not in sizes or match[0].startswith("+")):
            yield PersonalData("phone", match.start(), match.end())


_DOTTED_DATE = re.compile(r"0?[1-9][ ./-](?:0?[1-9]|1[0-2])[ ./-](?:(?:19|20)\d\d|\d\d)(?!\d)")


def streets(text: str) -> Iterator[PersonalData]:
    for pattern in (_STREET, _STREET_SMALL, _FLAT):
        for match in pattern.finditer(text):
            yield PersonalData("address", match.start(), match.end())


_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_DATE = (
    r"(?:\d{1,4}[ ]?[-/.][ ]?\d{1,2}[ ]?[-/.][ ]?\d{1,4}|\d{1,2} \d{1,2} \d{2,4}|\d{8}|\d{5,6}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?[ -]?(?:of )?{_MONTH}[ ,'’-]{{0,2}}\d{{2,4}}"
    rf"|\d{{1,2}}[./]{_MONTH}[./]\d{{2,4}}"
    rf"|{_MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?[ ,]{{1,2}}\d{{4}})"
)
_NUMBER_WORDS = (
    "zero|oh|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen"
    "|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty"
)
_ORDINALS = (
    "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth"
    "|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth"
    "|thirtieth"
)
_SPELT_DATE = (
    rf"(?:(?:twenty|thirty)[ -])?(?:{_ORDINALS})(?: day)?(?: of)? {_MONTH}"
    rf"(?:,? (?:\d{{4}}|(?:(?:{_NUMBER_WORDS}|hundred|thousand|and)(?![a-z])[ -]?){{1,8}}))?"
)
_SPELT_YEAR = re.compile(
    rf"(?<![A-Za-z])(?:(?:twenty|thirty)[ -])?(?:{_ORDINALS}|\d{{1,2}}(?:st|nd|rd|th)?)"
    rf"(?: day)?(?: of)? {_MONTH},? (?:(?:nineteen|two thousand)(?: (?:and|hundred)){{0,2}}"
    rf"(?:[ -](?:{_NUMBER_WORDS}|forty|fifty|sixty|seventy|eighty|ninety)(?![a-z])){{0,2}}"
    r"|(?:19|200)\d\d?|201[0-2])(?!\d)",
    re.IGNORECASE,
)
"""A day whose month and year are in words."""
_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day,? "
_ANY_DATE = rf"(?:{_DATE}|(?:{_DAY})?\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH}(?: \d{{4}})?)"
_BIRTH = re.compile(
    r"(?<![A-Za-z])(?:d[. ]{0,2}o[. ]{0,2}b[. ]{0,2}|date[ _]?of[ _]?birth"
    r"|birth[ _]?(?:date|day)|b-?day|born|birth|b\.)"
    r"(?:[ ]?\([^()\n]{1,20}\))?[^\w\n]{0,6}"
    r"(?:(?:is|was|of|on|as|to)[^\w\n]{1,4}(?:(?:the|a)[ ])?)?"
    rf"({_DAY}{_DATE}|{_DATE}|{_SPELT_DATE})(?!\d)",
    re.IGNORECASE,
)
_AGED = re.compile(
    rf"(?<![A-Za-z])(?:turn(?:s|ed|ing)? (?:\d\d|(?:{_NUMBER_WORDS})(?:[ -](?:{_NUMBER_WORDS}))?)"
    rf"|(?:his|her|their) \d\d(?:st|nd|rd|th)(?= (?:is|was|falls))"
    rf"|(?:is|was|be|be only|still) (?:only )?\d\d(?: tomorrow| today)?"
    rf"|(?:\d\d(?:st|nd|rd|th) )?birthday)(?: (?:is|was|falls))? (?:on )?(?:the )?"
    rf"\(?({_ANY_DATE})",
    re.IGNORECASE,
)
"""A day somebody turned an age tells when they were born."""
_REFERENCE = re.compile(
    r"(?<![A-Za-z])(?:(?:prev)?learn(?:er)?|student)[ _]?(?:ref(?:erence)?|id)"
    r"[ _]?(?:number|no\.?)?"
    r"[ #:.\[]{1,4}((?=[A-Za-z/-]{0,12}\d)[A-Za-z0-9][A-Za-z0-9/-]{2,10}[A-Za-z0-9])(?![\w])",
    re.IGNORECASE,
)
_PERSON_REFERENCE = re.compile(
    r"(?<![A-Za-z])(?:student|learner|apprentice|trainee|cand(?:idate)?|person|ident|pupil|stu|stud"
    r"|adm(?:ission)?|enrol(?:ment)?|reg(?:istration)?|exam|lrn|ucas(?: personal)?|refno)"
    r"(?:\.?[ _]?(?:code|id|no|number|ref(?:erence)?)\.{0,9})?(?: is)?[ #:=.\[(]{1,4}"
    r"((?:[A-Z]{1,4}[-/]?)?\d{4,10}[A-Z]?)(?!\w)(?![/.-]\d)",
    re.IGNORECASE,
)


_NUMBER_OF_SOMEBODY = re.compile(
    r"(?<![A-Za-z])(?:learner|student|apprentice|trainee)\b(?!s)"
    r"(?:(?!aim|qual|course|provider)[^.!\n\d]){0,24}"
    r"(?:\d[\d ]{0,8}\W{1,3}(?:sorry|no|i mean|correction)?\W{0,3})?"
    r"(?<![\w/-])([1-9]\d{7})(?![\w/-])"
    r"|(?<![\w/-])([1-9]\d{7})(?= (?:withdrew|has left|left|transferred|enrolled|dropped out)\b)",
    re.IGNORECASE,
)
"""Eight figures may be an aim; these are what somebody is known by."""


def after_a_label(text: str) -> Iterator[PersonalData]:
    for match in _BIRTH.finditer(text):
        yield PersonalData("date of birth", match.start(1), match.end(1))
    for pattern in (_REFERENCE, _PERSON_REFERENCE):
        for match in pattern.finditer(text):
            yield PersonalData("learner reference", match.start(1), match.end(1))


def numbers_of_somebody(text: str) -> Iterator[PersonalData]:
    """Eight figures that a learner stands before. For storage: what is asked may be of an aim."""
    for match in _NUMBER_OF_SOMEBODY.finditer(text):
        at = 1 if match[1] else 2
        yield PersonalData("learner reference", match.start(at), match.end(at))


def birthdays(text: str) -> Iterator[PersonalData]:
    """Days somebody turned an age. For storage only: what is asked may turn on them."""
    for match in _AGED.finditer(text):
        yield PersonalData("date of birth", match.start(1), match.end(1))
    for match in _SPELT_YEAR.finditer(text):
        yield PersonalData("date of birth", match.start(), match.end())
