"""Screens with two columns of names and values, and nothing but spaces between: "Trainee ID  14402"
beside "Prog Type  25". Each half is a line of its own, where the whole is no pairs."""

from __future__ import annotations

import re
from collections import Counter

from bot.ilr.readers.names import names
from bot.ilr.readers.pairs import named_value, pairs
from bot.ilr.readers.table_lines import CELL

__all__ = ["halves", "where_halves_part"]

_MARKED = re.compile(r"[:=|\t]")
_WIDE = re.compile(r" {3,}")
_LEAST, _LOOKED_AT, _LONGEST = 4, 400, 400


def where_halves_part(lines: list[str]) -> int | None:
    """The place where the right half begins in such lines; None where there is none."""
    if sum("   " in line.strip() for line in lines[:_LOOKED_AT]) < _LEAST:
        return None
    begun: Counter[int] = Counter()
    named: Counter[int] = Counter()
    both: Counter[int] = Counter()
    for line in lines[:_LOOKED_AT]:
        if len(line) > _LONGEST or _MARKED.search(line):
            continue
        segments = list(CELL.finditer(line))
        left = bool(segments) and _is_name(segments[0][0])
        for at, segment in enumerate(segments):
            if segment.start() < 2 or line[segment.start() - 2 : segment.start()] != "  ":
                continue
            begun[segment.start()] += 1
            # A name with something behind it: a value is not what stands last.
            if _is_name(segment[0]) and (at + 1 < len(segments) or named_value(segment[0])):
                named[segment.start()] += 1
                both[segment.start()] += left and at > 1
    place, count = max(named.items(), key=lambda one: (one[1], -one[0]), default=(0, 0))
    sure = count >= _LEAST and both[place] >= _LEAST - 1 and count * 3 >= begun[place] * 2
    return place if sure else None


def halves(line: str, place: int) -> list[str]:
    """A line in its two halves, where its right one begins at the place; else the line."""
    if len(line) <= place or _MARKED.search(line) or line[place] == " ":
        return [line]
    if line[place - 2 : place] != "  " or pairs(line.strip()):
        return [line]
    return [_WIDE.sub("  ", half) for half in (line[:place].rstrip(), line[place:]) if half.strip()]


def _is_name(said: str) -> bool:
    label = names().look_up(said)
    if label.known or label.ignored or label.person:
        return True
    return label.fam_type is not None or named_value(said) is not None
