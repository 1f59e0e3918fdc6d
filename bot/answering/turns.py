"""Turns of a conversation that ask about the answer just given: its source, its year, a person.

The ways of asking are data: turns.yaml.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files
from typing import Literal

import yaml

from bot.answering.ways import compile_ways, line_of

__all__ = ["Turn", "turn_of"]

Turn = Literal["source", "still", "person"]

MAX_WORDS = 16
_LEAD_IN = (
    r"(?:(?:and|but|ok|okay|right|thanks|ta|great|cheers|hm+|oh|ah|so|sorry|er|um|yes|no)\s)*"
)


def turn_of(text: str) -> Turn | None:
    """What a follow-up asks of the answer before it; None when it asks something of its own."""
    line = line_of(text)
    if not line or len(line.split()) > MAX_WORDS:
        return None
    return next((turn for turn, ways in _ways().items() if ways.fullmatch(line)), None)


@lru_cache(maxsize=1)
def _ways() -> dict[Turn, re.Pattern[str]]:
    text = files("bot.answering").joinpath("turns.yaml").read_text(encoding="utf-8")
    told: dict[Turn, list[str]] = yaml.safe_load(text)
    return {turn: compile_ways(ways, lead_in=_LEAD_IN) for turn, ways in told.items()}
