"""Several names with their values on one line, as screens put them in columns.

"Aim Ref: ZWRKX001   Seq: 3   FM: 25", "Learner Ref = YT7702 | ULN = 4471203385", and cells in
turn a name and a value.
"""

from __future__ import annotations

import re

from bot.ilr.readers.cells import without_stars
from bot.ilr.readers.collector import is_confident
from bot.ilr.readers.forms import has_usual_form
from bot.ilr.readers.names import Label, names
from bot.ilr.readers.people import split_name
from bot.ilr.readers.phrases import AIM_REFERENCE, lone_aim
from bot.ilr.readers.values import read_value

__all__ = ["NUMBERED_AIM", "is_of_person", "named_value", "pairs"]

_MARK = re.compile(r"[ \t.]{0,60}(?<!\d)[:=](?![:/])|[ \t.]{0,60}[:=](?=\s)|\s[:=]\s")
_GAP_BEFORE = re.compile(r"(?:\t+|\s{2,}|[|;]\s*|,\s+|\s/\s+)(?=\S)")
_WORD_START = re.compile(r"(?<![^\s|;,>*_])[A-Za-z@]")
_GAP = re.compile(r"\t+|\s{2,}|\s*\|\s*")
_MAX_WORDS = 6
_MAX_LENGTH = 2_000
_BETWEEN = " \t,;|"


def pairs(line: str) -> list[tuple[Label, str]]:
    """Names and values of a line that holds two or more; empty for any other line."""
    if len(line) > _MAX_LENGTH:
        return []
    return _marked(line) or _in_cells(line)


def _marked(line: str) -> list[tuple[Label, str]]:
    """Pairs with a colon or an equals sign in each."""
    found: list[tuple[Label, int, int]] = []
    begin = known = 0
    for mark in _MARK.finditer(line):
        name = _name_before(line, begin, mark.start())
        known += name is not None
        if name is None and (name := _strange_before(line, begin, mark.start())) is None:
            continue
        found.append((name[0], name[1], mark.end()))
        begin = mark.end()
    parted = known == 1 and len(found) > 1 and _is_parted(line, found)
    if not (known > 1 or parted) or line[: found[0][1]].strip(_BETWEEN + "*-•"):
        return []
    ends = [start for _, start, _ in found[1:]] + [len(line)]
    return [
        (label, without_stars(line[after:end].strip(_BETWEEN).removesuffix(" /")).strip())
        for (label, _, after), end in zip(found, ends, strict=True)
    ]


def _is_parted(line: str, found: list[tuple[Label, int, int]]) -> bool:
    """Whether a wide gap parts one name with its value from others that are not known."""
    gaps = [re.search(r"(?:\t|\s{3,})$", line[:start]) for _, start, _ in found[1:]]
    marked = [re.search(r":\s*$", line[:after]) for _, _, after in found]
    return all(gaps) and all(marked)


def _name_before(line: str, begin: int, end: int) -> tuple[Label, int] | None:
    """The longest known name that ends at a mark, and where it begins."""
    book = names()
    said = line[begin:end]
    gaps = [match.end() for match in _GAP_BEFORE.finditer(said)]
    starts = [
        match.start()
        for match in _WORD_START.finditer(said)
        if match.start() >= max(gaps, default=0)
    ]
    for start in starts[-_MAX_WORDS:]:
        label = book.look_up(said[start:])
        if label.person and start > starts[0] and book.heading(said[starts[0] : start]) is None:
            continue  # "Tutor group name", "Assessor name"
        if (label.places and label.similar is None) or label.ignored or label.person:
            # A word in front of it, behind the gap, is the name's ("First Forename"), and not
            # the value's before.
            return label, begin + (gaps[-1] if gaps and start > gaps[-1] else start)
    return None


_STRANGE = re.compile(r"[A-Za-z][\w &/().'’-]{0,38}[\w).]")


def _strange_before(line: str, begin: int, end: int) -> tuple[Label, int] | None:
    """A name that is not known, where a gap parts it from the value before it: that value
    ends there, and its own is nobody's."""
    gaps = list(_GAP_BEFORE.finditer(line, begin, end))
    start = gaps[-1].end() if gaps else begin
    if not (gaps or begin == 0) or not _STRANGE.fullmatch(line[start:end].strip()):
        return None
    return Label(line[start:end].strip()), start


def _in_cells(line: str) -> list[tuple[Label, str]]:
    """Cells that are in turn a name and its value, or hold both: "ST DATE 07-SEP-2026"."""
    cells = [without_stars(cell, " ") for cell in _GAP.split(line.strip()) if cell.strip(" *")]
    if len(cells) < 2:
        return []
    found: list[tuple[Label, str]] = []
    place = 0
    while place < len(cells):
        if place == 0 and (reference := lone_aim(cells[0])) is not None:
            found.append((names().look_up("LearnAimRef"), reference))
            place += 1
            continue
        if numbered := NUMBERED_AIM.fullmatch(cells[place]):
            # "aim 3 (ZWRKX001)"
            found.append((names().look_up("AimSeqNumber"), numbered[1]))
            found.append((names().look_up("LearnAimRef"), numbered[2]))
            place += 1
            continue
        both = named_value(cells[place])
        if both is not None:
            found.append(both)
            place += 1
            continue
        if (passed := _passed_over(cells[place])) is not None:
            found.append(passed)
            place += 1
            continue
        label = names().look_up(cells[place])
        if not _is_a_name(label):
            named = found and found[-1][0].said == _LEARNER and bool(split_name(cells[place]))
            # What is no name and no value is left, and said to be.
            found.append((names().look_up("learner name") if named else Label(""), cells[place]))
            place += 1
            continue
        following = cells[place + 1] if place + 1 < len(cells) else ""
        # "25 Apprenticeship standard" is a code with its words, and no name with a number.
        code = following[:1].isdigit() and bool(label.places) and _fits(label, following)
        code = code or _is_type(label, following)
        if following and names().look_up(following).known and not code:
            following = ""
        if following and named_value(following) is not None and not _fits(label, following):
            following = ""
        if following and label.known and not _fits(label, following):
            return []
        found.append((label, following))
        place += 2 if following else 1
    told = sum(label.known or label.person for label, _ in found)
    if told == 1 and len(found) > 1 and found[0][1]:
        # "Status   In learning   Assessor   G Wain": no cell but has its name.
        if all(_is_a_name(label) for label, _ in found):
            return found
        return [found[0], (Label(""), cells[2])] if _is_beside_another(cells) else []
    return found if told > 1 and told * 2 > len(found) else []


def _passed_over(cell: str) -> tuple[Label, str] | None:
    """A name that is no field's, with its number behind: "Age at 31/08/2026 17"."""
    said, _, number = cell.rpartition(" ")
    label = names().look_up(said) if said and re.fullmatch(r"\d{1,3}%?", number) else None
    return (label, number) if label and label.ignored else None


_LIKE_A_NAME = re.compile(r"[A-Z][A-Za-z /&'’()-]{2,40}")


def _is_beside_another(cells: list[str]) -> bool:
    """Whether the first two of four cells are a name with a value that is sure to be its own, and
    the others another name, which is not known, with its value."""
    first = names().look_up(cells[0]) if len(cells) == 4 else Label("")
    sure = is_confident(first, cells[1]) if first.known else False
    if not sure and not (first.known and is_of_person(first.places[0][1], cells[1])):
        return False
    other = names().look_up(cells[2])
    return not other.places and _LIKE_A_NAME.fullmatch(cells[2]) is not None


def _is_type(label: Label, said: str) -> bool:
    """Whether a cell is the value of a field of types: "LearnDelFAMType | SOF"."""
    of_types = bool(label.places) and label.places[0][1].endswith("Type")
    return of_types and bool(said) and names().look_up(said).fam_type == said


def _is_a_name(label: Label) -> bool:
    return label.known or label.person or label.ignored


_LEARNER = "Learner reference"
NUMBERED_AIM = re.compile(
    r"(?i:aim)\s?(?i:no\.?|seq|#)?\s?(\d{1,2})\s?[ (:–—-]\s?"
    rf"({AIM_REFERENCE})(?!\w)\)?"
)


def _fits(label: Label, text: str) -> bool:
    if not label.places:
        return True
    read = read_value(label.places[0][1], text)
    return read.fits or read.day is not None or not read.text


_GLUED = re.compile(r"([A-Za-z]{2})(\d{1,2})")


def named_value(cell: str) -> tuple[Label, str] | None:
    """A name and a value in one cell, with no mark between them."""
    if (glued := _GLUED.fullmatch(cell)) is not None:
        # "FM99" is a field and its value, and no ninety-ninth of anything.
        label = names().look_up(glued[1])
        if label.known and has_usual_form(label.places[0][1], glued[2]):
            return label, glued[2]
    words = cell.split()
    if (
        len(words) == 2
        and names().heading(words[0]) == "Learner"
        and (has_usual_form("LearnRefNumber", words[1]) and len(words[1]) > 3)
    ):
        return names().look_up(_LEARNER), words[1]
    for count in range(min(_MAX_WORDS, len(words) - 1), 0, -1):
        label = names().look_up(" ".join(words[:count]))
        if not label.known or (label.number is not None and words[count - 1].isdigit()):
            continue
        text = " ".join(words[count:])
        if is_confident(label, text) or is_of_person(label.places[0][1], text):
            return label, text
        if label.fam_type and not read_value(label.places[0][1], text).text:
            return label, ""
    return None


_NAME = re.compile(r"[A-Z][\w'’-]{0,30}(?: [A-Z][\w'’-]{0,30})?")


def is_of_person(name: str, text: str) -> bool:
    """Whether a value has the form of a name, a postcode or the like, as its field asks."""
    if name in {"FamilyName", "GivenNames"}:
        return bool(_NAME.fullmatch(text)) and not any(map(str.isdigit, text))
    return (
        name in {"LearnRefNumber", "NINumber", "TelNo", "Email"} or "postcode" in name.casefold()
    ) and (has_usual_form(name, text))
