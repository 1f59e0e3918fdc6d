"""What a rule answers when it can neither pass a record nor fail it, but somebody should look.

The finding is then a "check", with these words in place of the rule's own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from bot.rules.catalogue import Rule, Severity
from bot.years import YearRange

__all__ = ["UNLISTED", "Doubt", "in_doubt", "unlisted"]


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why it is not certain. True in a condition, so that ``starts_late and is_unlisted(…)`` is
    the doubt itself."""

    title: str
    message: str
    fix: str


UNLISTED = Doubt(
    "Not in the list we hold",
    "This is not in the list we hold for the year, and that list may not be complete.",
    "Look it up in the department's specification of the year. If it is not there, correct it; "
    "if it is, nothing is wrong, and our list needs it.",
)
"""A code or type outside a list that is not known to be complete."""


@lru_cache(maxsize=32)
def unlisted(read_for: YearRange | None) -> Doubt:
    """``UNLISTED``, with the years for which the list was read in full, if there are any."""
    if read_for is None:
        return UNLISTED
    last = f" to {read_for.to}" if read_for.to != read_for.start else ""
    return replace(
        UNLISTED,
        message=f"This is not in the list we hold. It was read in full for {read_for.start}{last}; "
        "of later years it may lack codes.",
    )


def in_doubt(rule: Rule, doubt: Doubt) -> Rule:
    """The rule as a finding in doubt shows it: a check, in the doubt's words."""
    return replace(
        rule,
        title=doubt.title,
        message=doubt.message,
        fix=doubt.fix,
        severity=Severity.CHECK,
        fis=Severity.CHECK,
    )
