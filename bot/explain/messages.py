"""A rule found by the text of its published message, pasted without its id.

The published wording is not kept: of each message only hashes of its pairs of words are, in
message_prints.json (made by ``python -m bot.explain.messages FILE.csv``), which are enough to
recognise it and not to tell it.
"""

from __future__ import annotations

import csv
import json
import math
import re
import sys
import zlib
from collections import defaultdict
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

__all__ = ["rules_by_message"]

MIN_PAIRS = 3
"""A message of fewer pairs of words is too common to be recognised."""
ENOUGH = 0.82
"""Share of a message's weight that a text must hold."""
MAX_RULES = 3
_WORD = re.compile(r"[a-z0-9]+")


def rules_by_message(text: str) -> list[str]:
    """The rules whose message stands in a text; several where they share it. None for no rule."""
    here: defaultdict[str, float] = defaultdict(float)
    for pair in _pairs(text):
        for rule in _rules_with().get(pair, ()):
            here[rule] += _weight(pair)
    found = [
        (held, held / whole, rule)
        for rule, held in here.items()
        if held >= ENOUGH * (whole := _whole(rule))
    ]
    if not found:
        return []
    found.sort(key=lambda one: (-one[0], -one[1], one[2]))
    best = found[0]
    return [rule for held, share, rule in found if (held, share) == best[:2]][:MAX_RULES]


def _pairs(text: str) -> frozenset[int]:
    words = [word.rstrip("s") for word in _WORD.findall(text.casefold().replace("'", ""))]
    return frozenset(zlib.crc32(f"{one} {two}".encode()) & 0xFFFFFF for one, two in pairwise(words))


@lru_cache(maxsize=1)
def _prints() -> dict[str, frozenset[int]]:
    text = files("bot.explain").joinpath("message_prints.json").read_text(encoding="utf-8")
    return {rule: frozenset(map(int, pairs)) for rule, pairs in json.loads(text).items()}


@lru_cache(maxsize=1)
def _rules_with() -> dict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    for rule, pairs in _prints().items():
        for pair in pairs:
            found[pair].append(rule)
    return dict(found)


def _weight(pair: int) -> float:
    """A pair of words that few messages share says more."""
    return 1 / math.sqrt(1 + len(_rules_with()[pair]))


@lru_cache(maxsize=2_000)
def _whole(rule: str) -> float:
    return sum(map(_weight, _prints()[rule]))


def write_prints(published: Path, to: Path) -> int:
    """Make the hashes from a published rules file (CSV). Returns how many rules have them."""
    with published.open(encoding="utf-8-sig", newline="") as file:
        messages = {row["Name"]: row["ErrorMessage"] for row in csv.DictReader(file)}
    prints = {
        rule: sorted(pairs)
        for rule, message in sorted(messages.items())
        if len(pairs := _pairs(message)) >= MIN_PAIRS
    }
    to.write_text(json.dumps(prints, separators=(",", ":")) + "\n", encoding="utf-8")
    return len(prints)


if __name__ == "__main__":
    write_prints(Path(sys.argv[1]), Path(__file__).with_name("message_prints.json"))
