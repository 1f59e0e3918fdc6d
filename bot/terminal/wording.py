"""Small pieces of wording that commands and renderers use."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["counted", "not_known"]


def counted(number: int, word: str) -> str:
    """``1 error``, ``2,000 errors``."""
    return f"{number:,} {word}{'s' * (number != 1)}"


def not_known(near: Sequence[str]) -> str:
    """What to say of a name that is none, with the names that are nearly it."""
    if near:
        names = " or ".join([", ".join(near[:-1]), near[-1]]) if len(near) > 1 else near[0]
        return f"I don't know that name. Did you mean {names}?"
    return (
        "I don't recognise that rule, field, code, return or abbreviation. "
        "Try: explain R_96, explain WorkPlaceMode, explain SOF 107, explain EEP."
    )
