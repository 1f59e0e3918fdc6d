"""Several questions in one message, each with the circumstances it needs."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.matching.followup import carry_over, names_something
from bot.matching.text import clean

__all__ = ["Part", "split_questions"]

_ASKS = re.compile(
    r"^(?:(?:and|also|or|but|so|secondly|plus|then|if\s+so)\b[\s,]*)*(?:what|when|where|which|who|whose"
    r"|why|how|do|does|did|is|are|was|were|can|could|should|shall|will|would|has|have|had|must|may"
    r"|am|anyone|anybody)\b",
    re.IGNORECASE,
)
_ASKS_NOBODY = re.compile(
    r"^(?:(?:and|also|so|but)\s+)*(?:"
    r"(?:has|have|did|does|do|can|could|is|would)\s+(?:any(?:one|body)|some(?:one|body))(?:\s+else)?\s+"
    r"(?:here\s+)?(?:come\s+across|seen|had|got|know|help|advise|shed|ever|experienced|dealt\s+with|give|"
    r"point|out\s+there|in\s+the\s+same)\b(?:\W+\w+){0,8}"
    r"|any\s+(?:ideas?|thoughts?|advice|suggestions?|help|pointers|clues?)(?:\W+\w+){0,6}"
    r"|(?:am|was)\s+i\s+(?:making\s+sense|being\s+(?:thick|dim|daft)|missing\s+something)"
    r"|(?:does|do)\s+(?:that|this)\s+make\s+(?:any\s+)?sense"
    r"|(?:how|what)\s+do\s+(?:other|others|other\s+people|people|you\s+all)\s+(?:colleges\s+)?do)"
    r"\W*$",
    re.IGNORECASE,
)
"""Asks for help, and of nothing: "has anyone come across this?"."""
_BREAK = re.compile(r"(?<=[?])\s+|(?<=[.!])\s+(?=[A-Z])")
_JOIN = re.compile(
    r"\s*(?:,\s*|;\s*|\s)(?:and(?:\s+also)?|also|plus)\s*,?\s+(?=(?:what|when|where|which|who|why|how|do"
    r"|does|is|are|can|should)\s+\w+\s+\w+)",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^\s*(?:\(?\d{1,2}[.)]|[-*•]|\(?[a-e]\))\s+")
_MIN_WORDS = 4
_MAX_QUESTIONS = 5
_MAX_BACKGROUND_LENGTH = 40
"""Words of what was told before that are repeated with a later question."""


@dataclass(frozen=True, slots=True)
class Part:
    """One question of a message."""

    asked: str
    """As it was written, to be shown."""
    whole: str
    """With the circumstances it needs, to be matched."""


def split_questions(text: str) -> list[Part]:
    """The separate questions of one message, in order, each so that it can be asked alone.

    What is told before and after the questions goes with each of them; a later question that
    leans on the one before ("and what outcome do I use for it?") is given that one too. One
    question (or none) comes back as the one cleaned text. At most five are returned; further
    ones are left in the last.
    """
    cleaned = clean(text)
    if not cleaned:
        return []
    told: list[str] = []
    asked: list[str] = []
    for line in cleaned.split("\n"):
        bullet = bool(_BULLET.match(line))
        for sentence in _BREAK.split(_BULLET.sub("", line)):
            for piece in _split_at_and(sentence.strip()):
                if not piece or _ASKS_NOBODY.match(piece):
                    continue
                if not (piece.rstrip(" )\"'").endswith("?") or _ASKS.match(piece)):
                    told.append(piece)
                elif asked and (
                    len(asked) >= _MAX_QUESTIONS or not (bullet or _stands_alone(piece))
                ):
                    asked[-1] += " " + piece
                else:
                    asked.append(piece)
    if len(asked) < 2:
        whole = " ".join(_BULLET.sub("", line) for line in cleaned.split("\n"))
        return [Part(whole, whole)]
    background = " ".join(" ".join(told).split()[:_MAX_BACKGROUND_LENGTH])
    return [
        Part(
            question,
            f"{background} {carry_over(question, asked[:number]) or question}".strip()
            if number
            else f"{background} {question}".strip(),
        )
        for number, question in enumerate(asked)
    ]


def _stands_alone(piece: str) -> bool:
    """Whether a piece is a question by itself: "when is R04?", and not "is that right?"."""
    return len(piece.split()) >= _MIN_WORDS or names_something(piece)


def _split_at_and(sentence: str) -> list[str]:
    """Cut "do I close the aim and what outcome do I use?" at its "and", when both halves ask."""
    if not _ASKS.match(sentence):
        return [sentence]
    halves = [half.strip() for half in _JOIN.split(sentence)]
    if len(halves) < 2 or min(len(half.split()) for half in halves) < _MIN_WORDS:
        return [sentence]
    return halves
