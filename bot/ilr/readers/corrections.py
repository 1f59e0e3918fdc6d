"""What a message takes back: "planned end was 02/07/2027 and is now 18/12/2026"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.ilr.raw import RawEntity, RawField
from bot.ilr.readers.listing import Listing
from bot.ilr.readers.names import Label, names
from bot.ilr.readers.phrases import DATE
from bot.ilr.readers.taken_back import SORRY
from bot.ilr.readers.values import read_value

__all__ = ["correct", "without_what_was"]

_VALUE = rf"(?:{DATE}|\d{{1,4}}(?:\s?(?:hours?|hrs?))?)"
_NOW = r"(?:is now|now|has become|became|(?:was |been )?changed to|should (?:be|read)|but is|it is)"
_TAKEN_BACK = (
    # "was X and is now Y"
    re.compile(
        rf"\b(?:was|were|had been|used to be|previously|originally|formerly|old(?: value)?:?)"
        rf"\s+(?:originally |previously |on |at )?({_VALUE})"
        rf"(?=[\s,;.)(]{{1,3}}(?:and |but |it |then )?{_NOW}\b)",
        re.IGNORECASE,
    ),
    # "moved from X to Y"
    re.compile(
        r"\b(?:moved|changed|altered|amended|updated|extended|corrected|reduced|increased|gone|"
        r"went|put back|pushed back|brought forward|revised)\s+(?:back |out )?"
        rf"(from\s+{_VALUE})(?=\s+to\s)",
        re.IGNORECASE,
    ),
    # "was meant to start 12 Oct but …"
    re.compile(
        rf"\b(?:was|were) (?:meant|supposed|due|going|planned|scheduled) to "
        rf"(?:\w+ ){{1,2}}(?:on )?({_VALUE})(?=[\s,;]{{1,3}}(?:but|however|only)\b)",
        re.IGNORECASE,
    ),
    # "280 not 315", "rather than 02/07/2027", "(was 315)"
    re.compile(
        rf"(?:\b(?:not|instead of|rather than|no longer|in place of|replacing)\s+|\(was:?\s+)"
        rf"({_VALUE})(?![\w/])",
        re.IGNORECASE,
    ),
)


def without_what_was(text: str) -> str:
    """The text, of the same length, with values that it says no longer hold left blank."""
    for pattern in _TAKEN_BACK:
        text = pattern.sub(_blank, text)
    return text


def _blank(match: re.Match[str]) -> str:
    start, end = match.start(1) - match.start(), match.end(1) - match.start()
    return match[0][:start] + " " * (end - start) + match[0][end:]


_VERBS = (
    r"should (?:be|read|say|have been)|is (?:now|actually)|(?:was |been |has )?changed to"
    r"|now reads?|(?:is|are) meant to be|needs? to (?:be|read)|correct(?:ed)? to|make (?:that|it)"
)
_VALUES = (
    rf"\s+(?P<now>{DATE}|[0-9A-Z]{{8}}\b|\d{{1,6}})(?!\w)"
    rf"(?:,?\s+(?:and )?(?:not|instead of|rather than|in place of)\s+(?P<was>{DATE}|\d{{1,6}}))?"
)
_CORRECTS = re.compile(rf"\b(?:{_VERBS}){_VALUES}", re.IGNORECASE)
_SAYS = re.compile(rf"\b(?:{_VERBS}|is|was){_VALUES}", re.IGNORECASE)
"""What corrects behind "sorry": "sorry, planned end is 09/07/2027"."""
_MOST_WORDS = 5


@dataclass(frozen=True, slots=True)
class _Correction:
    """A field that a sentence gives another value. ``was``: the value it takes back, if said."""

    label: Label
    text: str
    was: str
    line: int


def _corrections(lines: list[str]) -> Iterator[_Correction]:
    """Sentences such as "Sorry, placement hours should be 280 not 315", by line."""
    for number, line in enumerate(lines, 1):
        if len(line) > 2_000:
            continue
        said = SORRY.search(line)
        pattern = _CORRECTS if said is None else _SAYS
        for match in pattern.finditer(line, said.end() if said else 0):
            # "Do you think the hours should be 280?" puts nothing right.
            if re.match(r"[^.!\n]{0,200}\?", line[match.end() :]):
                continue
            words = re.findall(r"[\w/-]+", line[: match.start()])
            for count in range(min(_MOST_WORDS, len(words)), 0, -1):
                label = names().look_up(" ".join(words[-count:]))
                if label.known:
                    yield _Correction(label, match["now"], match["was"] or "", number)
                    break


def correct(listing: Listing, text: str) -> None:
    """Values that a sentence below puts right: "correction, hours should be 280 not 315"."""
    lines = text.split("\n")
    held = _values_of(listing.message)
    for correction in _corrections(lines):
        places = [place[1] for place in correction.label.places]
        mine = [item for item in held if item.name in places and item.line != correction.line]
        if correction.was:
            same = [
                item for item in mine if read_value(item.name, correction.was).text == item.text
            ]
            mine = same or mine
        if len(mine) != 1:
            if mine:
                listing.collector.add_remark(
                    correction.line, "It is not clear which value this corrects, so none was."
                )
            continue
        read = read_value(mine[0].name, correction.text)
        if not read.fits or not read.text or read.text == mine[0].text:
            continue
        listing.collector.add_remark(
            mine[0].line or correction.line,
            f"{mine[0].name} is corrected on line {correction.line}; that value was read.",
        )
        mine[0].text, mine[0].line = read.text, correction.line
        mine[0].guess = "it was corrected further down"


def _values_of(entity: RawEntity) -> list[RawField]:
    """Every field of an entity and of those below it."""
    return [*entity.fields, *(item for child in entity.children for item in _values_of(child))]
