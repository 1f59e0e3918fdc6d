"""Whether a text is a list of fields with their values, and no sentences."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.ilr.readers.aim_lines import aim_line
from bot.ilr.readers.chains import chain
from bot.ilr.readers.collector import is_confident
from bot.ilr.readers.employment_lines import employment_line
from bot.ilr.readers.learner_lines import learner_heading
from bot.ilr.readers.list_headings import HEADED, heading_of, heads_a_learner, is_headed_well
from bot.ilr.readers.list_lines import LED, WHEN, bare_line, items_of, items_under
from bot.ilr.readers.listing import Item
from bot.ilr.readers.names import is_everybodys
from bot.ilr.readers.pairs import pairs
from bot.ilr.readers.phrases import PLACEMENT, in_row, lone_aim, phrase
from bot.ilr.readers.prose import is_prose
from bot.ilr.readers.signatures import is_senders, signs_off
from bot.ilr.readers.stacked import lines_of

__all__ = ["is_list", "starts_list"]

_SURELY = 5
"""Values behind their names that make one line a record's."""


def is_list(text: str) -> bool:
    """Whether lines of a (tidied) text are fields with values, and not sentences."""
    good = neutral = bad = 0
    single = telling = named = False
    under: str | None = None
    signed = False
    aims = 0
    if _is_told_at_length(text) or _is_mostly_told(text):
        return False
    for _, line in lines_of(text.split("\n")[:400]):
        bare = bare_line(line)
        if not bare:
            continue
        signed = signed or signs_off(line)
        led = LED.match(bare)
        named = named or led is not None
        if aim_line(bare[led.end() :] if led else bare) is not None:
            aims, telling = aims + 1, True
            continue
        if employment_line(line, under) is not None:
            good, telling = good + 1, True
            continue
        items = items_of(line, under) or (items_under(PLACEMENT, bare) if under else [])
        items = items or items_under(under, bare)
        if signed and all(is_senders(item.label) for item in items):
            continue
        telling = telling or _tells(line, items)
        named = named or any(item.label.known and item.text for item in items)
        confident = sum(
            is_confident(item.label, item.text) and not item.label.if_fits for item in items
        )
        confident += sum(map(_is_misspelt, items)) if re.match(r"[^:=]{4,40}[:=]", bare) else 0
        if confident and _only_described(items):
            good += 1  # "SOF 105 - Adult skills fund" alone may be asked about
        elif confident > _SURELY and _is_chain(bare, items) and not is_prose(bare):
            good += 2
        elif confident and _is_chain(bare, items):
            good, neutral = (good + 1, neutral) if len(items) > 2 else (good, neutral + 1)
        elif confident:
            good += confident
            single = items[0].label.official and bool(re.search(r"[:=\t]", bare))
        elif is_headed_well(line):
            good += 1 if HEADED.fullmatch(bare) else 0
            neutral += 1
            under = (heading_of(line) or (None, ""))[0]
        elif under and _says_when(bare):
            good += 1
        elif (
            lone_aim(bare)
            or heads_a_learner(line)
            or learner_heading(bare) is not None
            or (items and "?" not in bare and len(bare) < 120)
        ):
            neutral += 1
        else:
            bad += 1
    # Rows of aims alone are read without headings; below a learner's line they are a list.
    good, neutral = (good + aims, neutral) if named or good else (good, neutral + aims)
    if bad and not telling:
        return False
    if bad == 0 and good == 1 and (single or neutral > 0):
        return True
    return good >= 2 and good + neutral >= bad


_SENTENCE_ENDS = re.compile(r"[\w)][.!?]\s+[A-Z]")


_VERB = re.compile(
    r"\b(?:is|are|was|has|have|had|started|began|withdrew|left|does|did|needs?)\b", re.I
)


def _is_told_at_length(text: str) -> bool:
    """Whether a text is one line that tells a record in several sentences."""
    line = text.strip()
    if "\n" in line:
        return False
    several = len(_SENTENCE_ENDS.findall(line)) > 1
    # "Learner A12 has ALB 1 from 01/10/2026 on aim …": the type alone would be read.
    partly = not several and any(not item.label.said for item in items_of(line))
    return (several or (partly and _VERB.search(line) is not None)) and is_prose(line)


_MOSTLY = 0.7


def _is_mostly_told(text: str) -> bool:
    """Whether nearly all of a text is a line that tells a record in several sentences, below a
    line or two of its own."""
    lines = [line.strip() for line in text.strip().split("\n") if line.strip()]
    longest = max(lines, key=len, default="")
    if not 1 < len(lines) <= 4 or len(longest) < len(text) * _MOSTLY:
        return False
    return len(_SENTENCE_ENDS.findall(longest)) > 1 and is_prose(longest)


def _is_chain(bare: str, items: list[Item]) -> bool:
    """Whether a line is names and values with nothing but their forms to part them."""
    return len(items) > 1 and not (pairs(bare) or in_row(bare)) and bool(chain(bare)[0])


_TYPES = frozenset({"LearnDelFAMType", "LearnFAMType", "ESMType"})
_CODES = frozenset({"LearnDelFAMCode", "LearnFAMCode", "ESMCode"})


def _only_described(items: list[Item]) -> bool:
    """Whether a line is no more than a type and its code, with their words."""
    said = [item.label.places[0][1] for item in items if item.label.places]
    return len(said) == 2 and said[0] in _TYPES and said[1] in _CODES


def _is_misspelt(item: Item) -> bool:
    """Whether a name is nearly a field's and its value has that field's form."""
    label = replace(item.label, similar=None)
    return item.label.similar is not None and is_confident(label, item.text)


def _tells(line: str, items: list[Item]) -> bool:
    """Whether a line is hardly of anything but a record: "Start date" is of a trip as well."""
    return (
        any(one.label.places and not is_everybodys(one.label) for one in items)
        or lone_aim(bare_line(line)) is not None
        or is_headed_well(line)
        or heads_a_learner(line)
    )


def _says_when(bare: str) -> bool:
    """Whether a line under a heading gives its dates, and nothing else."""
    found = phrase(PLACEMENT, WHEN.sub("", bare, count=1))
    return not found.left and any(part.name.endswith("Date") for part in found.parts)


def starts_list(line: str) -> bool:
    """Whether a line could be the first of a list."""
    return bool(items_of(line)) or is_headed_well(line)
