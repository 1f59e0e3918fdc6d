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
_TELLS = re.compile(
    r"^(?:(?:and|also|or|but|so|plus|then)\b[\s,]*)*(?:"
    r"(?:what|when|where|which|who|how|why)\s+(?:i|we|they|you|he|she|it|this|that|the|our|those)\b"
    r"|(?:has|have|had|was|were)\s+(?!(?:i|we|they|you|he|she|it|this|that|there|the|an?|our|your|my"
    r"|any\w*|some\w*|those|these)\b))",
    re.IGNORECASE,
)
"""Begins as a question does, and tells where no mark follows: "where we can we plan it in", "has
GCSE grade 3"."""
_WONDERS = re.compile(
    r"\b(?:(?:don'?t|do\s+not|not|cannot|can'?t|unable\s+to)\s+(?:really\s+|quite\s+|fully\s+|entirely\s+)?"
    r"(?:know|sure|certain|clear|see|understand|find|work\s+out|tell|say)|unsure|unclear|wonder(?:ing)?"
    r"|(?:need|want|like|trying)\s+to\s+(?:know|find\s+out|understand|work\s+out)|confused\s+about)\s+"
    r"(?:about\s+|on\s+)?(?:whether|if|how|what|which|when|where|who|why)\b",
    re.IGNORECASE,
)
"""A statement that wants an answer: "I don't know whether those dates clash"."""
_ASKS_NOBODY = re.compile(
    r"^(?:(?:and|also|so|but|sorry\b[^,]{0,40}?\bbut)\s+)*(?:"
    r"(?:has|have|did|does|do|can|could|is|would)\s+(?:any(?:one|body)|some(?:one|body))(?:\s+else)?\s+"
    r"(?:here\s+)?(?:come\s+across|seen|had|got|know|help|advise|shed|ever|experienced|dealt\s+with|give|"
    r"point|out\s+there|in\s+the\s+same|clarify|confirm|explain|step\s+in|run|use)\b(?:\W+\w+){0,8}"
    r"|(?:can|could|would)\s+(?:a|an|some|another)\s+\w+\s+(?:user|person|expert)s?(?:\W+\w+){0,6}"
    r"|(?:has|have|did)\s+(?:you|they|you\s+guys)\s+(?:ever\s+)?(?:get|got|had|have|find|found|heard|hear)"
    r"\s+(?:an?|any|the)\s+(?:answer|reply|response|update|solution)(?:\W+\w+){0,5}"
    r"|any(?:one|body)\s+else(?:\W+\w+){0,4}"
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
    r"|does|is|are|can|should)\s+(?!(?:already|still|now|not|also|just|only|currently|both|past|due|over"
    r"|being|never)\b)\w+\s+\w+)",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^\s*(?:\(?\d{1,2}[.)]|[-*•]|\(?[a-e]\))\s+")
_SAYS_AGAIN = re.compile(
    r"^(?:i\.?e\b|e\.?g\b|in\s+other\s+words\b|that\s+is\s*,|that\s+is\s+to\s+say\b|meaning\b|as\s+in\b|or\b)",
    re.IGNORECASE,
)
"""Asks the same in other words, or names the other way: "i.e. does it begin again at nought?"."""
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
                if not _is_asked(piece):
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


def _is_asked(piece: str) -> bool:
    """Whether a piece wants an answer: by its mark, by how it begins, or by what it wonders."""
    if piece.rstrip(" )\"'").endswith("?") or _WONDERS.search(piece):
        return True
    return bool(_ASKS.match(piece)) and not _TELLS.match(piece)


def _stands_alone(piece: str) -> bool:
    """Whether a piece is a question by itself: "when is R04?", and not "is that right?"."""
    if _SAYS_AGAIN.match(piece):
        return False
    return len(piece.split()) >= _MIN_WORDS or names_something(piece)


def _split_at_and(sentence: str) -> list[str]:
    """Cut "do I close the aim and what outcome do I use?" at its "and", when both halves ask."""
    if not _ASKS.match(sentence):
        return [sentence]
    halves = [half.strip() for half in _JOIN.split(sentence)]
    if len(halves) < 2 or min(len(half.split()) for half in halves) < _MIN_WORDS:
        return [sentence]
    return halves
