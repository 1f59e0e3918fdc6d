"""What is too much to read at once, told by counting before anything is parsed.

The limits lie well above an ordinary return of ten megabytes. What stays below them and is slow
for another reason is ended by the limits of the process that checks files.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.errors import InputError

__all__ = ["refuse_too_much"]

MAX_ELEMENTS = 400_000
MAX_AIMS = 50_000
MAX_AIMS_OF_A_LEARNER = 1_000
MAX_OPEN = 1_000
"""Tags that are open at once: many pastes leave theirs open, each field's among them."""
MAX_TAG = 20_000
"""Characters of one tag; the longest of a return is its first, with under one thousand."""
MAX_ATTRIBUTES = 100
MAX_OBJECTS = 80_000
"""Objects of JSON: learners, aims, rows."""
MAX_LIST_LINES = 5_000
"""Lines of a list of fields: one learner, or a few, written out by hand."""

_AIM = re.compile(r"<(?:[\w.-]{1,60}:)?LearningDelivery(?=[\s/>])")
_LEARNER = re.compile(r"<(?:[\w.-]{1,60}:)?Learner(?=[\s/>])")
_TAG = re.compile(r"<(/?)[^<>]*?(/?)>")
_LONG_TAG = re.compile(rf"<[^<>]{{{MAX_TAG},}}")
_JSON_AIM = re.compile(r'"LearnAimRef"\s*:')
_JSON_LEARNER = re.compile(r'"LearnRefNumber"\s*:')


def refuse_too_much(text: str, kind: str) -> None:
    """Raise InputError, saying what there is too much of, for text of a kind of record."""
    look = _LOOKS.get(kind)
    if look is not None:
        look(text)


def _xml(text: str) -> None:
    if (elements := text.count("<") - text.count("</")) > MAX_ELEMENTS:
        raise _too_many(elements, "elements", MAX_ELEMENTS)
    for tag in _LONG_TAG.finditer(text) if len(text) > MAX_TAG else ():
        if tag[0].count("=") > MAX_ATTRIBUTES:
            line = text.count("\n", 0, tag.start()) + 1
            raise InputError(
                f"An element at line {line:,} has more than {MAX_ATTRIBUTES} attributes, which "
                "nothing in the ILR has, so this was not read. Export the record again."
            )
    if text.count("LearningDelivery") > MAX_AIMS_OF_A_LEARNER:
        _aims(text, _AIM, _LEARNER)
    _depth(text)


def _depth(text: str) -> None:
    if text.count("<") - text.count("</") <= MAX_OPEN:
        return  # not even if none of them were closed
    depth = 0
    for tag in _TAG.finditer(text):
        if tag[1]:
            depth = max(0, depth - 1)
        elif not tag[2] and text[tag.start() + 1] not in "!?":
            depth += 1
            if depth > MAX_OPEN:
                raise _too_deep(text, tag.start())


def _json(text: str) -> None:
    if (objects := text.count("{")) > MAX_OBJECTS:
        raise _too_many(objects, "objects", MAX_OBJECTS)
    _aims(text, _JSON_AIM, _JSON_LEARNER)


def _list(text: str) -> None:
    if (lines := text.count("\n") + 1) > MAX_LIST_LINES:
        raise _too_many(lines, "lines", MAX_LIST_LINES)


def _aims(text: str, aim: re.Pattern[str], learner: re.Pattern[str]) -> None:
    """How many aims there are, in all and since the last learner began."""
    starts = [found.start() for found in learner.finditer(text)]
    total = mine = at = 0
    for found in aim.finditer(text):
        total += 1
        mine += 1
        while at < len(starts) and starts[at] < found.start():
            at, mine = at + 1, 1
        if mine > MAX_AIMS_OF_A_LEARNER:
            line = text.count("\n", 0, found.start()) + 1
            raise InputError(
                f"One learner has more than {MAX_AIMS_OF_A_LEARNER:,} aims, up to line {line:,}. "
                "Nothing was read. Look whether learners were run together, and export again."
            )
    if total > MAX_AIMS:
        raise _too_many(total, "aims", MAX_AIMS)


def _too_many(found: int, what: str, most: int) -> InputError:
    return InputError(
        f"This has {found:,} {what}; at most {most:,} are read at once. "
        "Send fewer learners at a time."
    )


def _too_deep(text: str, at: int) -> InputError:
    line = text.count("\n", 0, at) + 1
    return InputError(
        f"At line {line:,} more than {MAX_OPEN:,} parts are open within each other, which no ILR "
        "record has, so this was not read. Look for parts that are not closed."
    )


_LOOKS: dict[str, Callable[[str], None]] = {"xml": _xml, "json": _json, "list": _list}
