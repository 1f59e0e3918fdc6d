"""A line of a list as names and values: usually one, or several beside each other."""

from __future__ import annotations

import re

from bot.ilr.readers.cells import without_stars
from bot.ilr.readers.chains import chain
from bot.ilr.readers.coded import coded
from bot.ilr.readers.collector import is_confident
from bot.ilr.readers.forms import has_usual_form
from bot.ilr.readers.learner_lines import is_persons_name
from bot.ilr.readers.listing import Item
from bot.ilr.readers.names import Label, names
from bot.ilr.readers.pairs import is_of_person, pairs
from bot.ilr.readers.part_lines import part_line
from bot.ilr.readers.phrases import AIM_REFERENCE, PLACEMENT, in_row
from bot.ilr.readers.typed_names import CODE_FIELDS
from bot.ilr.readers.values import kind_of, read_value

__all__ = [
    "LED",
    "LLDD",
    "MAX_LINE_LENGTH",
    "WHEN",
    "bare_line",
    "items_of",
    "items_under",
    "parts_below",
    "split_line",
]

_BULLET = re.compile(
    r"^\s{0,40}(?:(?:[-+*•·▪◦–—o▾▸►▼▶⊟⊞├└│─ ]{1,6}|\[[-+]\]|\d{1,2}[.)])\s{1,8})?[*_#\s]{0,8}"
)
_SEPARATOR = re.compile(r"\s{0,40}(?::|=>?|->|→|\t|\|| {2,}| [-–—] )[\s|]{0,20}")
LED = re.compile(rf"((?=[A-Za-z/-]+\d)[A-Za-z0-9/-]{{4,12}})\s*[|;\t]\s*(?={AIM_REFERENCE}\b)")
"""A reference in front of its aim's line: "LT100 | 60312887 | start 07/09/26"."""
WHEN = re.compile(r"(?:dates?|when|period|duration|times?)\b\s{0,4}[:=–—-]?\s{0,4}", re.IGNORECASE)
_RULE = re.compile(
    r"^(?:\[?(?:E|W|error|warning)\]?[\s:|]{1,3})?[A-Za-z]\w{0,60}_\d{1,3}[A-Za-z]?"
    r"(?:\s{0,4}(?:[:|>-]|->)\s{0,4}|\s{1,4})(?=\w+\s?[=:])",
    re.IGNORECASE,
)
"""A rule's name in front of the field values it is about."""
_QUERY = re.compile(r"\??\w{2,40}=[^&\s]*(?:&\w{2,40}=[^&\s]*)+")
"""A page's address behind its question mark."""
MAX_LINE_LENGTH = 2_000
_MAX_WORDS = 6
_LONGEST_NAME = 100
"""The words that a form asks of a learning difficulty are nearly as long."""
_LEADER = re.compile(r"(?<=[\w)?])\s?(?:\.{3,}|(?:\. ){3,}|…+|_{3,})[ .]{0,3}(?=[\w£])")
"""Dots that lead from a form's name to its value."""
_TAB = re.compile(r"^\[[A-Za-z][\w &/-]{1,30}\]\s{1,20}(?=[A-Za-z])")
"""The name of a screen's tab in front of its fields."""


def bare_line(line: str) -> str:
    """A line without its bullet, its tab's name and the marks of bold type."""
    bare = _BULLET.sub("", line, count=1).strip()
    bare = without_stars(bare, "_").strip()
    return _LEADER.sub(": ", _TAB.sub("", bare), count=1)


_ASKED = re.compile(
    r"^(?:what(?:['’]s| is| was)|which|when (?:did|does|is|was|will)|how many)\s"
    r"(?:the |your |their |it )?(?=[^?]*\?\s*$)",
    re.IGNORECASE,
)
"""How a form asks for a value: "When did the placement start? - 05/10/2026"."""


def split_line(line: str) -> Item | None:
    """A line as name and value, when its name is known or resembles one."""
    if not line or len(line) > MAX_LINE_LENGTH:
        return None
    book = names()
    line = line.lstrip("| ")
    separator = _SEPARATOR.search(line)
    while separator is not None and separator.start() <= _LONGEST_NAME:
        label = book.look_up(_ASKED.sub("", line[: separator.start()]))
        if label.places or label.ignored or label.person:
            text = without_stars(line[separator.end() :].strip(), "|").strip()
            return _with_code(label, separator[0], text) or Item(label, text)
        if separator.start() > 0 and ":" in separator[0]:
            break
        separator = _SEPARATOR.search(line, separator.end())
    if line.rstrip(":").strip() != line:
        label = book.look_up(line)
        return Item(label, "") if label.known else None
    words = line.split()
    for count in range(min(_MAX_WORDS, len(words) - 1), 0, -1):
        label = book.look_up(" ".join(words[:count]))
        # The 1 of "Start Date 1 Sep 26" belongs to the date.
        if label.known and not (label.number is not None and words[count - 1].isdigit()):
            text = " ".join(words[count:])
            # Without a mark between them only a value of the right form parts the two.
            name = label.places[0][1]
            if is_confident(label, text) or read_value(name, text).day is not None:
                return Item(label, text)
            if name in _PERSONS and is_of_person(name, text):
                return Item(label, text)
    return None


_PERSONS = frozenset({"LearnRefNumber", "FamilyName", "GivenNames", "Postcode", "PostcodePrior",
                      "DelLocPostCode", "LSDPostcode", "NINumber"})  # fmt: skip
"""Fields whose names hardly begin a sentence: "Surname McAllister"."""


def _with_code(label: Label, separator: str, text: str) -> Item | None:
    """ "Mode 2 - External": the number is the value's code, not the placement's number."""
    words = label.said.strip().rpartition(" ")
    if label.number is None or not words[2].isdigit() or not set(separator) <= set(" -–—"):
        return None
    bare = names().look_up(words[0])
    described = f"{words[2]} - {text}"
    if bare.number is None and bare.known and is_confident(bare, described):
        return Item(bare, described)
    return None


def items_of(line: str, headed: str | None = None) -> list[Item]:
    """Every name and value on a line: usually one, or several with commas between.

    ``headed``: the entity of the heading above.
    """
    if part := part_line(line.strip() if headed == LLDD else bare_line(line), headed):
        return [Item(label, text) for label, text in part]
    bare = _RULE.sub("", bare_line(line), count=1)
    if (small := _SMALL_TYPE.match(bare)) and names().owner_of_type(
        small[1].upper()
    ) in CODE_FIELDS:
        return items_of(small[1].upper() + bare[3:], headed)
    if (led := _LED_BY_NAME.match(bare)) and is_persons_name(led[1]):
        behind = items_of(bare[led.end() :], headed)
        told = {item.label.places[0] for item in behind if item.label.places}
        if told & _WHO:  # behind its learner's reference, which begins the learner
            return [*behind, Item(names().look_up("Learner name"), led[1])]
    if _QUERY.fullmatch(bare):
        bare = bare.lstrip("?").replace("&", " | ")
    if slashed := _slashed(bare):
        return slashed
    if (changed := _changed(bare)) is not None:
        return [changed]
    typed, rest = coded(bare)
    if typed:
        more = items_of(rest) if rest else []
        if not more and re.search(r"\d{2}", rest):
            more = [Item(Label(""), "")]
        return more + [Item(label, text) for label, text in typed]
    if (barred := _barred(bare, headed)) is not None:
        return barred
    several = [Item(label, text) for label, text in pairs(bare)]
    if several:
        return several if all(map(_is_told, several)) else _chained(bare, several)
    found = split_line(bare) or _typed(bare)
    if found is None or _leaves_some(found):
        row = [Item(label, text) for label, text in in_row(bare)]
        return row or _chained(bare, [found] if found is not None else [])
    return [found]


def _barred(bare: str, headed: str | None) -> list[Item] | None:
    """Cells between bars that are read one by one, where they are no pairs together: "Student:
    77120 | Access to HE | LARS 40010203"."""
    cells = [cell.strip() for cell in bare.split(" | ")]
    whole = pairs(bare)
    if not 3 <= len(cells) <= 30 or "?" in bare:
        return None
    if whole and not any(" | " in text for _, text in whole):
        return None
    told = [items_of(cell, headed) if cell else [] for cell in cells]
    known = [all(one.label.known or one.label.person for one in items) for items in told if items]
    if len(known) < 2 or not all(known):
        return None
    # What is no name and no value is left, and said to be.
    return [one for items in told for one in items or [Item(Label(""), "")]]


_LED_BY_NAME = re.compile(r"([^\W\d_][\w'’-]{1,40}, [^\W\d_][\w'’ -]{0,40}?)(?:\t|\s{2,})(?=[A-Z])")
"""A person in front of their fields: "Petrakis, Sol    Ref: 2533901    ULN: …"."""
_WHO = frozenset({("Learner", "LearnRefNumber"), ("Learner", "ULN")})
_SMALL_TYPE = re.compile(
    r"([a-z]{3})(?:\s?[:=-]\s?|\s)\d{1,3}(?=\s{0,3}[,;.]?\s{0,3}$|\s+(?:from|since|to|until)\s\d)"
)
"""A type as it is typed on a phone: "sof 107"."""
_CHANGED = re.compile(
    r"([A-Za-z][\w /-]{0,40}?):?\s(?:was|were|used to be|changed from|from|old)[ :]\s?(\S.{0,40}?)"
    r"[,;.]?\s(?:and |but )?(?:is |are |it is |it['’]s )?(?:now|to|new)(?: is)?:?\s(\S.{0,40}?)\.?"
)


def _changed(bare: str) -> Item | None:
    """A name with its old value and its new one: "pcode was LU1 1AA now LU1 2BB"."""
    match = _CHANGED.fullmatch(bare)
    label = names().look_up(match[1]) if match else None
    if match is None or label is None or not label.known or label.fam_type:
        return None
    name = label.places[0][1]
    both = all(has_usual_form(name, match[at]) and _is_filled(name, match[at]) for at in (2, 3))
    # "Start from 1 Sept to 2 July" is a range, and no change.
    if not both or kind_of(name) == "Date":
        return None
    return Item(label, match[3])


def _is_filled(name: str, text: str) -> bool:
    return bool(read_value(name, text).text)


def _is_told(item: Item) -> bool:
    if not item.label.places:
        return item.label.ignored or item.label.person
    read = read_value(item.label.places[0][1], item.text)
    return read.fits or read.day is not None or not read.text


def _chained(bare: str, otherwise: list[Item]) -> list[Item]:
    """The line as a chain of names and values, where more of it is understood so."""
    found, left = chain(bare)
    if len(found) <= sum(map(_is_told, otherwise)):
        return otherwise
    items = [Item(label, text) for label, text in found]
    return [*items, Item(Label(""), "")] if left else items


_BEHIND = re.compile(
    r"[A-Za-z][\w &/-]{2,40}?[\s.]{0,40}[:=]\s{0,9}([A-Z]{3})[ -]?(\d{1,3})"
    r"(?:(?:\s[-–—(]?\s?)[a-z][A-Za-z /-]{2,40}\)?)?"
)


def _typed(bare: str) -> Item | None:
    """A type with its code behind words of any kind: "Learner support: LSR 55"."""
    match = _BEHIND.fullmatch(bare)
    label = names().look_up(match[1]) if match else None
    return Item(label, match[2]) if match and label and label.fam_type and label.places else None


def _slashed(bare: str) -> list[Item]:
    """Several names and as many values: "Aim ref / type / FM: 60312887 / 5 / 25"."""
    said, mark, rest = bare.partition(":")
    heads = [one.strip() for one in re.split(r"\s?[/|,]\s?|\s[-–—]\s", said)]
    dashed = r"|\s[-–—]\s" if re.search(r"\s[-–—]\s", said) else ""
    texts = [one.strip() for one in re.split(rf"\s[/|]\s|,\s{dashed}", rest.strip())]
    if not mark or not all(heads) or len(heads) < 2 or len(heads) != len(texts):
        return []
    labels = [names().look_up(one) for one in heads]
    word = heads[0].split()[0]
    for at, one in enumerate(heads):
        if at and (whole := names().look_up(f"{word} {one}")).known:
            labels[at] = whole if not labels[at].known or labels[at].if_fits else labels[at]
    found = [Item(label, text) for label, text in zip(labels, texts, strict=True)]
    fits = [one.label.known and has_usual_form(one.label.places[0][1], one.text) for one in found]
    return found if all(fits) else []


def _leaves_some(item: Item) -> bool:
    """Whether the value is more than its field holds: "Aim: ZWRKX001 start 12/10/26"."""
    if not item.label.places:
        return False
    read = read_value(item.label.places[0][1], item.text)
    return not read.fits or (read.guess or "").startswith("only the code")


LLDD = "LLDDandHealthProblem"


def items_under(headed: str | None, bare: str, last: str | None = None) -> list[Item]:
    """A name that only its heading makes one: "Total hours" under "Placement 2"; or the name
    before it, of a part that has short ones: "Code" under "Price type"."""
    parted = _SEPARATOR.search(bare)
    for entity in (headed, last):
        if parted is None:
            break
        field = names().under(entity, bare[: parted.start()])
        if entity and field is not None:
            text = bare[parted.end() :].strip()
            return [Item(Label(bare[: parted.start()], ((entity, field),)), text)]
    if headed != PLACEMENT:
        return []
    name, mark, text = bare.partition(":")
    label = names().look_up(f"placement {name}")
    return [Item(label, text.strip())] if mark and label.known else []


def parts_below(line: str) -> list[tuple[Label, str]]:
    """Names and values of a line below a table that is parts of an aim: "SOF 105"."""
    found = items_of(line)
    kinds = {place[0] for one in found for place in one.label.places}
    mine = {"LearningDeliveryFAM", "AppFinRecord", "HRSRecord"}
    typed = all(one.label.fam_type or one.label.official for one in found)
    return [(one.label, one.text) for one in found] if found and typed and kinds <= mine else []
