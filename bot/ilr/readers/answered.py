"""A field that somebody asks for in a chat, and the value that the next line gives: "what's the ach
date?" over "24/08/2026"."""

from __future__ import annotations

import re

from bot.ilr.readers.forms import has_usual_form
from bot.ilr.readers.messages import without_stamps
from bot.ilr.readers.names import Label, is_everybodys, names

__all__ = ["answered"]

_ASKED = re.compile(
    r"(?:(?:and|ok|so|right|hi|sorry|thanks)[,.]?\s)*"
    r"(?:what(?:['’]?s| is| was| are)?|which|whats|when(?:['’]s| is| was)?|do you have|have you got"
    r"|got|any|can i have|need)\s(?:(?:the|her|his|their|its|a|an|your)\s)?"
    r"(?P<name>[A-Za-z][\w /-]{1,40}?)"
    r"(?:\s(?:please|pls|again|then|is it|for (?:her|him|them|that)))?\s?\?+",
    re.IGNORECASE,
)
_IN_A_WORD = re.compile(
    r"(?P<before>.{0,200}[.,!]\s)?(?:(?:and|ok|the)\s){0,2}"
    r"(?P<name>[A-Za-z][A-Za-z /]{1,30}?)\s?\?",
)
_FIGURES = re.compile(r"\d\d")
_LONGEST_ANSWER = 40


def answered(text: str) -> str:
    """The text with the name before such an answer, and without the question; lines stay lines."""
    if "?" not in text:
        return text
    lines = text.split("\n")
    if not any(line.rstrip().endswith("?") for line in lines[:400]):
        return text
    bare = without_stamps(text).split("\n")
    stamps = sum(len(one.strip()) < len(two.strip()) for one, two in zip(bare, lines, strict=True))
    for at in range(len(lines) - 1):
        said, label = "", _asked(bare[at])
        in_full = label is not None
        if label is None:
            said, label = _asked_in_a_word(bare[at], chat=stamps > 1)
        below = next((n for n in range(at + 1, min(at + 4, len(lines))) if bare[n].strip()), None)
        if label is None or below is None:
            continue
        answer = bare[below].strip().rstrip(".")
        name = label.places[0][1]
        if not (in_full or _FIGURES.search(answer)):
            continue  # "and eep?" over "0": too little to be sure of without "what is"
        if answer and len(answer) <= _LONGEST_ANSWER and has_usual_form(name, answer):
            lines[at], lines[below] = said, f"{label.said.strip()}: {answer}"
    return "\n".join(lines)


def _asked_in_a_word(line: str, *, chat: bool) -> tuple[str, Label | None]:
    """What stands before the last words of a chat's line, and the field that these ask for by its
    name alone: "right so 01/02/2027. end date?"."""
    match = _IN_A_WORD.fullmatch(line.strip()) if chat else None
    label = names().look_up(match["name"]) if match else None
    if match is None or label is None or not label.known or label.fam_type or label.if_fits:
        return "", None
    return match["before"] or "", label


def _asked(line: str) -> Label | None:
    match = _ASKED.fullmatch(line.strip())
    label = names().look_up(match["name"]) if match else None
    if label is None or not label.known or label.fam_type or label.if_fits:
        return None
    return None if is_everybodys(label) else label
