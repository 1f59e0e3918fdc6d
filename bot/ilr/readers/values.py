"""A value as a screen or a spreadsheet shows it, as the ILR would hold it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.ilr.readers.assembly import FIELDS
from bot.ilr.readers.cells import clean
from bot.ilr.readers.code_lists import code_titled
from bot.ilr.readers.dates import DateRead, read_date
from bot.ilr.readers.names import names
from bot.ilr.record import ENTITIES

__all__ = ["Value", "kind_of", "read_value"]


@dataclass(frozen=True, slots=True)
class Value:
    """A value as read. ``fits``: it has the form its field asks for."""

    text: str
    guess: str | None = None
    fits: bool = True
    day: DateRead | None = None
    """A date without a year, which others in the paste may supply."""
    trouble: str | None = None
    """What finishes "<field> …" in a remark, when it could not be read."""


_KINDS = {
    name: ENTITIES[entity].__annotations__[name]
    for entity, fields in FIELDS.items()
    for name in fields
}
_BLANK = frozenset({"", "-", "–", "—", "--", "n/a", "na", "null", "none", "blank", "(blank)", "nil",
                    "(none)", "(null)", "nan", "nat", "#n/a", "not set", "empty",
                    "not recorded", "not provided", "not supplied", "deleted", "removed",
                    "cleared"})  # fmt: skip
_NOT_YET = frozenset({"tbc", "tba", "ongoing", "on going", "present", "open", "continuing",
                      "still there", "to date", "current", "not yet", "in progress"})  # fmt: skip
_GRADE_WORDS = frozenset({"pass", "passed", "fail", "failed", "merit", "distinction", "credit",
                          "achieved", "not achieved", "partial", "complete", "completed",
                          "withdrawn", "tbc", "pending", "awaiting", "refer"})  # fmt: skip
_CODE_FIRST = re.compile(
    r"(-?\d{1,10})(?:\s{0,3}(?:[-–—:=]\s{0,3}|\s)\s{0,3}[A-Za-z]|\s{0,3}\(\s{0,3}\w"
    r"|\s{0,3}[-–—:]\s{1,3}\S|:\d\d-\d\d\b"
    r"|\s{1,3}\d{1,2}(?:\s?[-–]\s?|\sto\s)\d{1,2}(?=\s[A-Za-z(]|$)).{0,200}"
)
_CODE_LAST = re.compile(
    r"(?:[A-Za-z]|\d{1,2}-\d{1,2}\b)[^()]{0,80}\((\d{1,4})\)"
    r"|[A-Za-z][A-Za-z /]{0,60}\s?[-–—:=]\s?(\d{1,2})"
)
_NUMBER = re.compile(
    r"£?\s?(-?\d{1,3}(?:,\d{3}){1,4}|-?\d{1,18})(?:[.,]0{1,2}|\.0{1,6})?\s?(?:hours?|hrs?|h)?\.?",
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"Hours|Amount|Cost|Adj|UKPRN|EmpId|SeqNumber|ULN|HRS")
"""Numbers that are no codes: words behind them ("30 per week") change what they say."""
_AIM = re.compile(r"[0-9A-Za-z]{8}(?![0-9A-Za-z])")
_AIM_WITH_TITLE = re.compile(r"([0-9A-Z]{8})(?:\s{0,3}[-–—:(/|]\s{0,3}|\s{1,3})\S.{0,300}")
_AIM_BEHIND_TITLE = re.compile(r"[A-Za-z].{0,300}?\s{0,3}[(\[]\s?([0-9A-Z]{8})\s?[)\]]")
_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9/_.-]{0,19}")


_TYPES = frozenset({"AFinType", "OutType", "LearnDelFAMType", "LearnFAMType", "ESMType", "HRSType"})
_TYPE_FIRST = re.compile(r"([A-Z]{3})(?:\s?[-–—:(]\s?|\s)[A-Za-z].{1,200}")
_TYPE_LAST = re.compile(r"[A-Za-z].{1,100}[(\[]\s?([A-Z]{3})\s?[)\]]")
"""A type with what it stands for: "TNP - Total negotiated price", "Paid employment (EMP)"."""
_SHOWN_INSTEAD = re.compile(
    r"#{2,40}|#(?:REF!|VALUE!|NAME[?]|DIV/0!|NUM!|NULL!|SPILL!|CALC!|ERROR!)", re.I
)
"""What a spreadsheet shows where a column is too narrow or a formula fails; #N/A is a blank."""
_FORMULA = re.compile(
    r"=\s?[-+]?(?:\d[\d.]*\s?[-+*/]|[A-Z][A-Z.]{1,20}\(|\$?[A-Z]{1,3}\$?\d|\()", re.I
)
"""How a formula begins: "=60+12", "=SUM(", "=B4*2"."""
_CHANGE = re.compile(r"([^<>→=]{1,60}?)\s{0,3}(?:-+>|→|=>|»)\s{0,3}([^<>→=]{1,60})")
"""A value that was changed: "1 -> 2"."""
_NOTED = re.compile(
    r"(\S[^()]{4,30}?)\s?\((?!was\b|not\b|should\b|or\b)[^()?]{2,40}\)", re.IGNORECASE
)
"""A value with a note behind: "5580713347 (verified)", "14/03/2007 (19)"."""
_FREE_TEXT = frozenset({"DateTime", "ProvSpecDelMon", "ProvSpecLearnMon", "SWSupAimId", "AddLine1",
                        "AddLine2", "AddLine3", "AddLine4"})  # fmt: skip
"""Text that may be a date."""


def kind_of(name: str) -> str:
    """Date, Number or Text."""
    return str(_KINDS.get(name, "Text"))


def read_value(name: str, text: str) -> Value:
    """What ``text`` means in the field ``name``. Never raises; quotes nothing in trouble."""
    text = clean(text)
    lower = text.casefold()
    if name not in {"MathGrade", "EngGrade"} and (
        lower in _BLANK or lower.strip("<>[](){}*-–— ./\\_|") in _BLANK
    ):
        return Value("")
    if text[:1] in {"#", "="} and (why := _no_value(text)):
        return Value("", fits=False, trouble=why)
    kind = kind_of(name)
    if (change := _CHANGE.fullmatch(text)) and name not in _FREE_TEXT:
        before, after = read_value(name, change[1]), read_value(name, change[2])
        if before.fits and after.fits and after.text:
            guess = "the value behind the arrow was read"
            return Value(after.text, f"{guess}; {after.guess}" if after.guess else guess)
    if name in {"ULN", "UKPRN", "WorkPlaceEmpId", "EmpId"}:
        text = _unspaced(name, text)
        if _SCIENTIFIC.fullmatch(text):
            return Value("", fits=False, trouble="has lost digits (a spreadsheet shows it as a "
                         "rounded number), so it was not read.")  # fmt: skip
    if name == "PrimaryLLDD" and lower in {"no", "n", "false"}:
        return Value("")
    if (noted := _NOTED.fullmatch(text)) and (name == "ULN" or kind == "Date"):
        read = read_value(name, noted[1])
        if read.fits and read.text and read.day is None:
            why = "what stands in brackets behind it was left out"
            return Value(read.text, f"{read.guess}; {why}" if read.guess else why)
    if name != "DateTime" and kind == "Date":
        return _date(name, text, lower)
    word = names().code_shown_as(name, lower) or code_titled(name, lower)
    if word is not None:
        return Value(word, f"{word} for the word it shows")
    if name == "FundModel" and (match := _FM.fullmatch(text)):
        return Value(match[1] or match["only"], "only the code beside the words was taken")
    if kind == "Number":
        if lower.strip("<>[](){}*.") in _NOT_YET:
            return Value("", f"“{lower}” was read as blank")
        return _number(name, text)
    if name in {"OutGrade", "MathGrade", "EngGrade"} and lower in _GRADE_WORDS:
        return Value("", fits=False, trouble="is a word here and no code of a grade, so it was not "
                     "read.")  # fmt: skip
    if name in {"LearnDelFAMCode", "LearnFAMCode", "ESMCode"} and (
        match := _CODE_FIRST.fullmatch(text)
    ):
        return Value(match[1], "only the code in front of the words was taken")
    if name in {"LearnDelFAMCode", "LearnFAMCode", "ESMCode"} and (
        match := _IN_BRACKETS.fullmatch(text)
    ):
        return Value(match[1], "only the code beside the words was taken")
    if name in _TYPES and (match := _TYPE_FIRST.fullmatch(text)):
        return Value(match[1], "only the code in front of the words was taken")
    if name in _TYPES and (match := _TYPE_LAST.fullmatch(text)):
        return Value(match[1], "only the code beside the words was taken")
    if name == "LearnAimRef":
        return _aim_reference(text)
    if (lettered := _lettered(name, text)) is not None:
        return lettered
    if name == "NINumber" and _NI_NUMBER.fullmatch(text):
        return Value(text.replace(" ", ""))
    if name == "Year":
        return Value(text, fits=bool(re.search(r"\d\d", text)))
    if name not in _FREE_TEXT and len(text) > 5 and read_date(text).iso and not text.isdigit():
        return Value("", fits=False, trouble="is a date here, which it never is; it was not read.")
    if name in {"LearnRefNumber", "PrevLearnRefNumber"}:
        fits = bool(_REFERENCE.fullmatch(text)) and any(c.isdigit() for c in text)
        return Value(text, fits=fits)
    return Value(text, fits=bool(text) and "?" not in text)


def _no_value(text: str) -> str | None:
    """Why a cell holds none, when it is what a spreadsheet shows or works it out from."""
    if _SHOWN_INSTEAD.fullmatch(text):
        return "is hidden behind what a spreadsheet shows in its place, so it was not read."
    if _FORMULA.match(text):
        return "is a formula here, not what it comes to, so it was not read."
    return None


_FM = re.compile(r"[A-Za-z][^\d]{0,60}[( ]FM ?(\d\d)\)?|FM ?(?P<only>\d\d)\b.{0,60}", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"[A-Za-z][^()\d]{0,80}\((\d{1,3})\)")
_LETTERED = {
    name: (
        re.compile(rf"({code})(?:\s?[-–—:=(]\s?|{gap})[A-Za-z(].{{0,200}}"),
        re.compile(rf"[A-Za-z].{{0,200}}[(\[]\s?({code})\s?[)\]]"),
    )
    for name, code, gap in (
        ("Sex", "[FM]", r"\s"), ("QUALENT3", r"[A-Z]\d{2}", r"\s"), ("DOMICILE", "[A-Z]{2}", r"\s"),
        ("EPAOrgID", r"EPA\d{4}", r"\s"), ("OutGrade", r"[A-EDMPU*]{1,4}\d?|[1-9]", r"\s?[(]"),
        ("MathGrade", r"[A-GU]\*?|[1-9]", r"\s?[(]"), ("EngGrade", r"[A-GU]\*?|[1-9]", r"\s?[(]"),
    )
}  # fmt: skip
"""Codes with letters, in front of their words or in brackets behind them: "F - Female"."""
_NI_NUMBER = re.compile(r"[A-Za-z]{2} \d\d ?\d\d ?\d\d ?[A-Da-d]?|[A-Za-z]{2}\d{6} [A-Da-d]")


def _lettered(name: str, text: str) -> Value | None:
    """The code of such a field beside its words."""
    first, last = _LETTERED.get(name, (None, None))
    if first and last and (match := first.fullmatch(text) or last.fullmatch(text)):
        return Value(match[1], "only the code beside the words was taken")
    return None


_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?E\+?\d{1,2}", re.IGNORECASE)


def _unspaced(name: str, text: str) -> str:
    """A long number without the spaces and hyphens that part its figures."""
    bare = re.sub(r"(?<=\d)[ .-](?=\d)", "", text)
    return bare if bare.isdigit() and len(bare) == (10 if name == "ULN" else len(bare)) else text


_RUN_OF_DAY = re.compile(r"(\d\d)(\d\d)((?:19|20)\d\d|\d\d)")
"""A day in eight figures, as reports of fixed width have it, or in six: 01092026, 010926."""


def _date(name: str, text: str, lower: str) -> Value:
    if lower in _NOT_YET:
        return Value("", f"“{lower}” was read as blank")
    found = read_date(text, birth=name == "DateOfBirth")
    if not found.iso and (run := _RUN_OF_DAY.fullmatch(text)):
        found = read_date(f"{run[1]}-{run[2]}-{run[3]}", birth=name == "DateOfBirth")
        if found.iso:
            return Value(found.iso, "read as day, month and year without marks between")
    if found.iso:
        return Value(found.iso, found.guess)
    if found.without_year:
        return Value(text, found.guess, day=found)
    return Value(
        text,
        fits=False,
        trouble="is not a date that could be read; write it as day/month/year.",
    )


def _number(name: str, text: str) -> Value:
    if re.fullmatch(r"-?\d{1,18}(?:\.\d{1,6})?", text):
        whole = text.partition(".")
        if set(whole[2]) <= {"0"}:
            return Value(re.sub(r"^(-?)0+(?=\d)", r"\1", whole[0]))
        return Value(text)
    if match := _NUMBER.fullmatch(text):
        return Value(re.sub(r"^0+(?=\d)", "", match[1].replace(",", "")))
    described = _CODE_FIRST.fullmatch(text) or _CODE_LAST.fullmatch(text)
    if (match := described) and not _AMOUNT.search(name):
        return Value(match[match.lastindex or 1], "only the code beside the words was taken")
    return Value(text, fits=False)


def _aim_reference(text: str) -> Value:
    if _AIM.fullmatch(text):
        return Value(text.upper(), fits=any(c.isdigit() for c in text))
    bare = re.sub(r"(?<=\d)[/ ](?=[0-9A-Za-z/ ])", "", text)
    if len(bare) == 8 and bare.isalnum() and bare[:3].isdigit() and not read_date(text).iso:
        return Value(bare.upper(), "slashes and spaces were left out")
    if (match := _AIM_WITH_TITLE.fullmatch(text)) and any(c.isdigit() for c in match[1]):
        return Value(match[1].upper(), "only the code in front of the words was taken")
    if (match := _AIM_BEHIND_TITLE.fullmatch(text)) and any(c.isdigit() for c in match[1]):
        return Value(match[1].upper(), "only the code behind the words was taken")
    return Value(text, fits=False, trouble="is not in the form of an aim reference.")
