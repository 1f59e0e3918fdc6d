"""The learner whom a mail's subject names: "FW: leaver form - Jada Winstone-Oke".

It is theirs where the mail tells of one learner and gives no name, and nobody who wrote it or was
written to is called so.
"""

from __future__ import annotations

import re

from bot.ilr.raw import RawEntity, RawField
from bot.ilr.readers.learner_lines import is_persons_name
from bot.ilr.readers.people import split_name
from bot.privacy.vocabulary import is_given_name

__all__ = ["name_from_subject"]

_HEAD = r"[ \t>*_]{0,8}"
_SUBJECT = re.compile(
    rf"^{_HEAD}(?:subject|re|fwd?)[*_]{{0,2}}\s?:\s?(?P<said>\S[^\n]{{3,160}})$",
    re.IGNORECASE | re.MULTILINE,
)
_ANSWERS = re.compile(r"(?:(?:re|fwd?)\s?:\s?)+", re.IGNORECASE)
_BETWEEN = re.compile(r"\s?[-–—:|,]\s|\s(?:for|about|re|regarding)\s")
_CORRESPONDENT = re.compile(
    rf"^{_HEAD}(?:from|to|cc|sent by)[*_]{{0,2}}\s?:[^\n]*|^{_HEAD}on [^\n]{{6,80}} wrote:",
    re.IGNORECASE | re.MULTILINE,
)
_NAMES = frozenset({"FamilyName", "GivenNames"})
_GUESS = "it is in the mail's subject"


def name_from_subject(message: RawEntity, text: str) -> None:
    """Give the one learner of a mail the name that its subject has."""
    learners = [one for one in message.children if one.name == "Learner"]
    if len(learners) != 1 or _NAMES & {item.name for item in learners[0].fields}:
        return
    named = _named(text)
    if named is None:
        return
    name, line = named
    learners[0].fields += [RawField(kind, part, line, _GUESS) for kind, part in split_name(name)]


def _named(text: str) -> tuple[str, int] | None:
    """The one person of the first subject, and its line; None where there are none or several."""
    match = _SUBJECT.search(text)
    if match is None:
        return None
    said = _ANSWERS.sub("", match["said"].strip())
    found = [part for one in _BETWEEN.split(said) if is_persons_name(part := one.strip(" ."))]
    if len(found) != 1 or _writes(found[0], text) or not _is_surely_one(found[0], text):
        return None
    return found[0], text.count("\n", 0, match.start()) + 1


def _is_surely_one(name: str, text: str) -> bool:
    """Whether it is nobody's firm or town: it begins with a name that people are given, or the
    mail goes on about "Farrukh" alone."""
    first, _, rest = name.partition(" ")
    alone = rf"(?<!\w){re.escape(first)}(?!\s{re.escape(rest)}|[\w-])"
    return is_given_name(first) or re.search(alone, text) is not None


def _writes(name: str, text: str) -> bool:
    """Whether somebody of that name wrote or was written to, or signed."""
    heads = " ".join(match[0] for match in _CORRESPONDENT.finditer(text)).casefold()
    lines = {line.strip(" \t>*_,").casefold() for line in text.split("\n")}
    return name.casefold() in lines or all(word in heads for word in name.casefold().split())
