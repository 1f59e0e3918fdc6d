"""Values of a screen that go on below each other, the name standing before the first alone:

LLDD categories    12 Dyslexia
                   9 Mental health difficulty  (primary)
Prior attainment   Level 1 (2) applies 07/09/2025
                   Full level 2 (4) applies 07/09/2026
"""

from __future__ import annotations

import re

from bot.ilr.readers.names import names

__all__ = ["continued"]

_NAMED = re.compile(r"(\s{0,20})([A-Za-z][\w &/().-]{2,40}?)(\s{0,9}:\s{1,30}|\s{2,40}|\t+)(?=\S)")
_BELOW = re.compile(r"\s{4,}(?=\S)|\t+\s*(?=\S)")
_SEVERAL = frozenset({"LLDDCat", "PriorLevel", "EmpStat", "LearnDelFAMType", "LearnFAMType"})
"""Fields of parts that a record has several of."""
_PARTS = frozenset({"LLDDandHealthProblem", "PriorAttain", "LearnerEmploymentStatus"})
_PARTED = re.compile(r"\S\s?[:=]\s|\S\t+\S|\S\s{3,}[A-Za-z]")
_LOOSE = 2
"""Characters that a value may stand beside the one above it."""


def continued(lines: list[str]) -> list[str]:
    """As many lines as before, the name written before each of such values."""
    made = list(lines)
    name, column = "", 0
    for at, line in enumerate(lines):
        match = _NAMED.match(line)
        if match and names().look_up(match[2]).known | (names().heading(match[2]) is not None):
            name, column = match[2] if _is_of_several(match[2]) else "", match.end()
            if name and at + 1 < len(lines) and _goes_on(lines[at + 1], column):
                made[at] = f"{name}: {line[match.end() :]}"
        elif name and _goes_on(line, column):
            made[at] = f"{name}: {line.strip()}"
        else:
            name = ""
    return made


def _is_of_several(said: str) -> bool:
    places = names().look_up(said).places[:1]
    return any(field in _SEVERAL for _, field in places) or names().heading(said) in _PARTS


def _goes_on(line: str, column: int) -> bool:
    """Whether a line begins where the value above it does, and names nothing itself."""
    match = _BELOW.match(line)
    if match is None or not re.match(r"\d|[A-Z]", line[match.end() :]):
        return False
    if "\t" not in match[0] and abs(match.end() - column) > _LOOSE:
        return False
    return _PARTED.search(line[match.end() :]) is None
