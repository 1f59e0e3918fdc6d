"""Grounds for a value that are too weak to say nothing of it: its form is another field's, its name
is everybody's, nothing but its place tells whose it is.

A value on such grounds is a guess, which a person is shown and asked about.
"""

from __future__ import annotations

import re

from bot.ilr.readers.forms import is_of_its_form, longer_than_field
from bot.ilr.readers.names import Label, is_weak
from bot.ilr.readers.values import Value, kind_of

__all__ = ["ODD", "PLAIN_NUMBER", "UNSAID", "is_academic_year", "is_odd", "kept_as_typed"]

ODD = "it does not look like a value of this field"
UNSAID = "nothing else here says that it is a placement's"
_AN_AIMS = re.compile(r"Z[A-Z]{3}[A-Z0-9]\d{3}")
_NO_LEARNERS = re.compile(r"Z[A-Z0-9]{7}|[56]\d{6}[0-9X]|\d{10}")
"""What is no learner's reference, and what hardly is under "ID" or "Ref"."""
_YEAR = re.compile(r"(?:20)?\d\d ?(?:[-/–]|to)? ?(?:20)?\d\d(?: ?\(?R\d\d\)?)?|")
PLAIN_NUMBER = re.compile(r"-?\d{1,18}(?:\.\d{1,6})?")


def is_odd(label: Label, name: str, value: Value) -> bool:
    """Whether a value is none that its field usually has, or looks more like another's. A date
    that could not be read, and what was kept as it stands, is remarked instead."""
    if value.text in {"", "0"} or kind_of(name) == "Date":
        return False
    if is_of_its_form(name, value):
        odd = _NO_LEARNERS if is_weak(label) else _AN_AIMS
        return name == "LearnRefNumber" and odd.fullmatch(value.text) is not None
    broken = kind_of(name) == "Number" and "." in value.text  # for the check to say
    return not broken and kept_as_typed(name, value) is None


def is_academic_year(text: str) -> bool:
    """Whether a text is an academic year as people write one, or nothing."""
    return _YEAR.fullmatch(text.strip()) is not None


def kept_as_typed(name: str, value: Value) -> str | None:
    """What finishes "<field> …" of a value that its field cannot hold; None for any other."""
    if not value.text or value.guess or value.day is not None:
        return None
    if kind_of(name) == "Number" and not PLAIN_NUMBER.fullmatch(value.text):
        return "is no number here. It was kept as it stands: check what it should be."
    if kind_of(name) == "Text" and longer_than_field(name, value.text):
        return "is longer than its field. It was kept as it stands: check what it should be."
    return None
