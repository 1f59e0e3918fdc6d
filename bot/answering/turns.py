"""Turns of a conversation that ask about the answer just given: its source, its year, a person.

The ways of asking are data: turns.yaml.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files
from typing import Literal

import yaml

__all__ = ["Turn", "turn_of"]

Turn = Literal["source", "still", "person"]

MAX_WORDS = 16
_LEAD_IN = (
    r"(?:(?:and|but|ok|okay|right|thanks|ta|great|cheers|hm+|oh|ah|so|sorry|er|um|yes|no)\s)*"
)
_ANYTHING = r"(?:\S+\s){0,5}"


def turn_of(text: str) -> Turn | None:
    """What a follow-up asks of the answer before it; None when it asks something of its own."""
    words = re.findall(r"[\w'’/-]+", text.casefold().replace("’", "'"))
    if not words or len(words) > MAX_WORDS:
        return None
    line = " ".join(words) + " "
    return next((turn for turn, ways in _ways().items() if ways.fullmatch(line)), None)


@lru_cache(maxsize=1)
def _ways() -> dict[Turn, re.Pattern[str]]:
    text = files("bot.answering").joinpath("turns.yaml").read_text(encoding="utf-8")
    told: dict[Turn, list[str]] = yaml.safe_load(text)
    return {
        turn: re.compile(rf"{_LEAD_IN}(?:{'|'.join(map(_pattern, ways))})")
        for turn, ways in told.items()
    }


def _pattern(way: str) -> str:
    parts = re.findall(r"\([^)]*\)|\*|\S+", way)
    return "".join(_ANYTHING if part == "*" else _one_of(part) for part in parts)


def _one_of(part: str) -> str:
    choices = part.strip("()").split("|")
    told = "|".join(re.escape(choice).replace(r"\ ", r"\s") + r"\s" for choice in choices if choice)
    return f"(?:{told})" + ("?" if "" in choices else "")
