"""Lists that a mailer wrapped: a name at the end of one line, its value on the next.

"…, aim ZWRKX001, start" over "07/09/2026, planned end …" and "… planned" over "end 02/07/2027".
"""

from __future__ import annotations

import re

from bot.ilr.readers.names import names
from bot.ilr.readers.phrases import DATE
from bot.ilr.readers.values import read_value

__all__ = ["rejoined"]

_WORD = r"[A-Za-z][\w/-]{0,30}"
_TAIL = re.compile(
    r"(?<=[\w/)])(?:[,;]\s{0,3}|\s{1,9})(?!(?:hours?|hrs?)\b)"
    rf"({_WORD}(?: {_WORD}){{0,3}}[:=]?)\s*$"
)
_HEAD = re.compile(
    rf"\s*((?:{_WORD} ){{0,3}}?)[:=]?\s?"
    rf"(?P<value>{DATE}|[0-9A-Z]{{8}}|\d{{1,10}})(?![\w/]|[.)]\s)",
    re.IGNORECASE,
)
_LONGEST = 300


def rejoined(lines: list[str]) -> list[str]:
    """As many lines as before, each name on the line of its value."""
    made = list(lines)
    for at in range(len(made) - 1):
        tail = _torn(made[at], made[at + 1])
        if tail:
            made[at] = made[at].rstrip()[: -len(tail)].rstrip(" ,;")
            made[at + 1] = f"{tail} {made[at + 1].lstrip()}"
    return made


def _torn(line: str, below: str) -> str | None:
    """The words at a line's end that are the beginning of the name on the line below."""
    if not 0 < len(line) <= _LONGEST or len(below) > _LONGEST or not re.search(r"\d", line):
        return None
    tail, head = _TAIL.search(line.rstrip()), _HEAD.match(below)
    if tail is None or head is None:
        return None
    value = head["value"]
    words = tail[1].strip(" :=").split()
    rest = head[1].strip()
    for first in range(len(words)):
        said = " ".join(words[first:])
        label = names().look_up(f"{said} {rest}".strip())
        if not label.known or not label.places:
            continue
        alone = names().look_up(said)
        if rest and alone.known and not alone.if_fits:
            return None
        read = read_value(label.places[0][1], value)
        if (read.fits and read.text) or read.day is not None:
            # The whole of what stands there, with a colon that may end it.
            return line.rstrip()[line.rstrip().rfind(said) :]
    return None
