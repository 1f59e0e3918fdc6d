"""A line that is one part of an aim or a learner, as screens list them.

"TNP1 Training price 07/09/2026 £11,000", "SOF 105 - Adult skills fund", "EMP 1 start 01/09/2026",
"12 Dyslexia (primary)".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.ilr.readers.dates import read_date
from bot.ilr.readers.forms import has_usual_form
from bot.ilr.readers.names import Label, names
from bot.ilr.readers.pairs import named_value
from bot.ilr.readers.phrases import DATE
from bot.ilr.readers.typed_names import CODE_FIELDS

__all__ = ["part_line", "type_described", "type_of_name"]

_TYPED = re.compile(
    rf"(?:(?P<first>(?i:{DATE}))[\s,|:–-]{{1,9}})?(?P<type>[A-Z]{{3}})\s?[-–:_]?\s{{0,9}}(?P<code>\d{{1,3}})(?![\w/])"
    r"(?P<rest>.*)"
)
_DAY = re.compile(
    r"(?:\b(?P<word>from|start(?:s|ed|ing)?|on|to|until|end(?:s|ed)?|collected(?: on)?"
    rf"|collection(?: date)?)\s{{0,3}}[:=]?\s{{0,3}})?(?<![\w/.])(?P<day>{DATE})(?!\w)",
    re.IGNORECASE,
)
_DASHED = re.compile(rf"^[^\d]*{DATE}\s{{0,3}}[-–—]\s{{0,3}}{DATE}(?!\w)", re.IGNORECASE)
"""A range: "21/09/2026 - 18/06/2027"."""
_AMOUNT = re.compile(
    r"£\s?(\d[\d,]{0,8})(?:\.\d\d?)?(?![\d/.-])|(?<![\w/.-])(\d[\d,]{1,8})(?:\.\d\d?)?(?![\w/.-])"
)
_SENTENCE = re.compile(
    r"\?|\b(?:is|are|was|were|should|has|have|does|do|needs?|can|will|must|not|if|but|because|we|i"
    r"|you|they|please|why|what|when|which|how)\b",
    re.IGNORECASE,
)
_ANOTHER = re.compile(r"\b[A-Z]{3}\s?[-:_]?\s?\d{1,3}\b|^\s?(?:,|&|/|,? ?and)\s?\d{1,3}(?![\w/.-])")
"""Another type, or another code of the same: "LDM 034 and 328"."""
_PAIRS = re.compile(r"[A-Za-z)]\s?[:=]\s?\S")
_WORDS = re.compile(r"[\s,;:|()\[\].£–—-]+|\b(?:from|to|until|on|open|ongoing)\b", re.IGNORECASE)
_LLDD = re.compile(
    r"[-*•·\s]{0,6}(?P<code>\d{1,2})\s{0,9}(?:[-–—:.|=]\s{0,9})?(?P<words>[A-Za-z(][^:=?\d]{2,80})"
)
_PRIMARY = re.compile(
    r"(?:\s{0,3}[(\[,;–-]|\s{2,}|\t)\s{0,3}(?:is )?primary\s{0,3}[)\]]?\s*$", re.IGNORECASE
)
_PARTED = re.compile(r"\s?[-–—:(|,]|\s{2,}|\s?[A-Z][a-z]")
"""What parts a code from its words; "EEF 2 restart" is asked about."""
_LONGEST = 200
_FIELDS = {
    "AppFinRecord": ("AFinType", "AFinCode"),
    "LearningDeliveryFAM": ("LearnDelFAMType", "LearnDelFAMCode"),
    "LearnerFAM": ("LearnFAMType", "LearnFAMCode"),
    "EmploymentStatusMonitoring": ("ESMType", "ESMCode"),
    "DPOutcome": ("OutType", "OutCode"),
}
_SIDES = {
    "AppFinRecord": ("AFinDate", None, None),
    "LearningDeliveryFAM": ("LearnDelFAMDateFrom", "LearnDelFAMDateTo", None),
    "DPOutcome": ("OutStartDate", "OutEndDate", "OutCollDate"),
}
"""The dates of a part: its first, its last, and when it was collected."""


_CELLS = re.compile(r"\t+|\s{2,}|\s*\|\s*")
_TYPE_NAMED = re.compile(r"([A-Z]{3})\s?[-–—:(]\s?[A-Za-z][^:=?]{2,100}")
_CODE_CELL = r"(?:{kind}\s?[-:]?\s?)?(\d{{1,3}})(?:\s?[-–—:(]\s?\S.{{0,200}})?"


def type_of_name(said: str) -> str | None:
    """The type that begins a screen's name for it: "EHC - Education health care plan"."""
    match = _TYPE_NAMED.fullmatch(said.strip())
    known = match is not None and names().owner_of_type(match[1]) in CODE_FIELDS
    return match[1] if match and known else None


def type_described(cells: Sequence[str]) -> list[tuple[Label, str]]:
    """A type with its words in one cell or two and the code in the next, with the words that this
    stands for, and the dates behind: "LSR - Learner support reason", "LSR55 - 16-19 Bursary"."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if len(filled) > 2 and (both := f"{filled[0]} - {filled[1]}") and type_of_name(both):
        filled = [both, *filled[2:]] if re.fullmatch("[A-Z]{3}", filled[0]) else filled
    kind = type_of_name(filled[0]) if len(filled) > 1 else None
    code = re.fullmatch(_CODE_CELL.format(kind=kind), filled[1]) if kind else None
    entity = names().owner_of_type(kind) if kind else None
    if kind is None or code is None or entity is None:
        return []
    days = [cell for cell in filled[2:] if read_date(cell).iso]
    dated = _dated(entity, [("", day) for day in days])
    words = [cell for cell in filled[2:] if cell not in days]
    if dated is None or not all(re.search("[A-Za-z]{3}", cell) for cell in words):
        return []
    values = list(zip(_FIELDS[entity], (kind, code[1]), strict=True))
    return [(names().look_up(name), text) for name, text in [*values, *dated]]


def part_line(line: str, headed: str | None = None) -> list[tuple[Label, str]]:
    """Names and values of such a line; none for any other.

    ``headed``: the entity of the heading above. A type that is a word as well (EMP, OTH) is
    one only under its heading, or with a date.
    """
    if len(line) > _LONGEST:
        return []
    if headed == "LLDDandHealthProblem":
        return _category(line)
    if described := type_described(_CELLS.split(line.strip())):
        return described
    match = _TYPED.fullmatch(line.strip())
    entity = names().owner_of_type(match["type"]) if match else None
    if match is None or entity is None or _ANOTHER.search(match["rest"]):
        return []
    if any(_is_field(piece.strip()) for piece in re.split(r"[,;]", match["rest"])[1:]):
        return []  # "RES 1, comp status 1": what stands behind it is no words of its own
    rest, days = _days(match["rest"])
    if match["first"]:
        days.insert(0, ("", match["first"]))
    amount = None
    if entity == "AppFinRecord":
        rest, amount = _amount(rest)
        if amount is None:
            return []
    words = _WORDS.sub("", rest)
    if (not words and not days and not amount) or words[:1].isdigit():
        return []
    if words and not days and headed not in _FIELDS and not _PARTED.match(rest):
        return []
    if _PAIRS.search(rest) or (headed not in _FIELDS and _SENTENCE.search(rest)):
        return []
    dated = _dated(entity, days)
    if dated is None or (entity == "DPOutcome" and headed != entity and not dated):
        return []
    kind, code = _FIELDS[entity]
    values = [(kind, match["type"]), (code, match["code"])]
    values += [("AFinAmount", amount)] if amount else []
    return [(names().look_up(name), text) for name, text in [*values, *dated]]


def _is_field(said: str) -> bool:
    """Whether words are a field's name with its value, and no date of the part's: "from 1 May"."""
    found = named_value(said) if re.search(r"\d", said) and not _DAY.search(said) else None
    return found is not None and found[0].known and not found[0].if_fits


def _days(rest: str) -> tuple[str, list[tuple[str, str]]]:
    """A text without its dates, and these with the word before each."""
    found = [
        ((match["word"] or "").casefold(), match["day"])
        for match in _DAY.finditer(rest)
        if read_date(match["day"]).iso or read_date(match["day"]).without_year
    ]
    if len(found) > 1 and not found[1][0] and _DASHED.search(rest):
        found[1] = ("to", found[1][1])
    return (_DAY.sub("  ", rest) if found else rest), found


def _amount(rest: str) -> tuple[str, str | None]:
    found = list(_AMOUNT.finditer(rest))
    if len(found) != 1:
        return rest, None
    return _AMOUNT.sub("  ", rest), found[0][1] or found[0][2]


def _dated(entity: str, days: list[tuple[str, str]]) -> list[tuple[str, str]] | None:
    """The field of each date; None when one of them is nobody's."""
    first, last, collected = _SIDES.get(entity, (None, None, None))
    made: dict[str, str] = {}
    for at, (word, day) in enumerate(days):
        name = first if not at else last
        if word.startswith("collect"):
            name = collected
        elif word.startswith(("to", "until", "end")):
            name = last
        elif word.startswith(("from", "start")):
            name = first
        elif at and entity == "DPOutcome":
            return None
        if name is None or name in made:
            return None
        made[name] = day
    return list(made.items())


def _category(line: str) -> list[tuple[Label, str]]:
    """ "12 Dyslexia (primary)", below the heading of such categories."""
    primary = bool(_PRIMARY.search(line))
    match = _LLDD.fullmatch(_PRIMARY.sub("", line).strip())
    if match is None or not has_usual_form("LLDDCat", match["code"]):
        return []
    found = [(names().look_up("LLDDCat"), f"{match['code']} {match['words'].strip()}")]
    return [*found, (names().look_up("PrimaryLLDD"), "primary")] if primary else found
