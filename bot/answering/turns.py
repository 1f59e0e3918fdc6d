"""Turns of a conversation that ask about the answer just given: its source, its year, a person.

The ways of asking are data: turns.yaml.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from bot.answering.ways import compile_ways, line_of
from bot.answers import Answer
from bot.yaml_files import quick_load
from bot.years import AcademicYear

__all__ = ["Turn", "asks_again", "ends_with_thanks", "reply_to_turn", "turn_of"]

Turn = Literal["source", "still", "person"]
_TURNS: tuple[Turn, ...] = ("source", "still", "person")

MAX_WORDS = 16
_LEAD_IN = (
    r"(?:(?:and|but|ok|okay|right|thanks|ta|great|cheers|h+m+|oh|ah|so|sorry|er|um|yes|no)\s)*"
)
_CLAUSE = re.compile(r"(?:[^.?!,;\s]|[.,](?=\S)|\s(?![-–—]\s))+\s*[?]?")
_ASKS = re.compile(
    r"^(?:and|but|so|or)?\s*(?:what|when|where|which|who|why|how|do|does|did|is|are|can|could|should|"
    r"will|would|has|have)\b|\?",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"\b(?:thanks|thank\s?you|thankyou|ta|cheers|thx|tx|ty|tyvm|thnx|thanx|appreciated)\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"\s(?:if|when|once|unless)\s")
_GOES_ON = re.compile(r"^(?:and|but|if|for|same)\b", re.IGNORECASE)


def turn_of(text: str) -> Turn | None:
    """What a follow-up asks of the answer before it; None when it asks something of its own.

    By the whole line, else by one clause of it where no other asks: "source? she won't believe me".
    Who says that the answer missed asks for what was meant, wherever that is to be found.
    """
    line = line_of(text)
    if not line or len(line.split()) > MAX_WORDS:
        return None
    found = _one_turn(line)
    if found is not None or asks_again(text):
        return found
    clauses = _clauses(text)
    for number, clause in enumerate(clauses):
        others = clauses[:number] + clauses[number + 1 :]
        found = _one_turn(line_of(clause)) if others else None
        if found is not None and not any(_ASKS.search(other) for other in others):
            return found
    return None


def asks_again(text: str) -> bool:
    """Whether a follow-up says that the answer missed what was meant: "no, I mean the dates"."""
    first = line_of(next(iter(_clauses(text)), ""))
    return any(_ways()["again"].fullmatch(line) for line in (line_of(text), first) if line)


def ends_with_thanks(text: str) -> bool:
    """Whether a line in a thread thanks and asks nothing: "that's what I feared, thanks"."""
    clauses = _clauses(text)
    return (
        len(text.split()) <= MAX_WORDS
        and any(_THANKS.search(clause) for clause in clauses)
        and not any(_ASKS.search(clause) or _GOES_ON.match(clause) for clause in clauses)
    )


def reply_to_turn(turn: Turn, last: Answer, now: AcademicYear) -> tuple[str, tuple[str, ...]]:
    """What is said of the answer before it: a sentence, and its sources where those are asked."""
    if turn == "person":
        return "I can pass your question to a person here: use *Ask a person*.", ()
    if last.outcome not in {"answer", "likely"}:
        return "I had no answer there, so there is nothing to show for it.", ()
    if turn == "source":
        lines = tuple(
            f"{source.title} ({source.year})" + (f": {source.url}" if source.url else "")
            for source in last.sources
        )
        return ("From:" if lines else "No source is held for that."), lines
    return _still(last, now), ()


def _still(last: Answer, now: AcademicYear) -> str:
    if last.years is None:
        return f"It has no year: it holds for {now} as before."
    reviewed = f", last reviewed on {last.reviewed:%d/%m/%Y}" if last.reviewed else ""
    if now in last.years:
        return f"Yes, for {now}: it holds for {last.years}{reviewed}."
    return f"No: it held for {last.years}, not for {now}{reviewed}."


def _clauses(text: str) -> list[str]:
    return [clause.strip() for clause in _CLAUSE.findall(text)]


def _one_turn(line: str) -> Turn | None:
    found = next((turn for turn in _TURNS if _ways()[turn].fullmatch(line)), None)
    # "does it change if he gets a level 3" asks of another case, not of the year.
    return None if found == "still" and _CONDITION.search(line) else found


@lru_cache(maxsize=1)
def _ways() -> dict[str, re.Pattern[str]]:
    told: dict[str, list[str]] = quick_load("bot.answering", "turns.yaml")
    return {turn: compile_ways(ways, lead_in=_LEAD_IN) for turn, ways in told.items()}
