"""Small pieces of wording that commands and renderers use."""

from __future__ import annotations

__all__ = ["counted"]


def counted(number: int, word: str) -> str:
    """``1 error``, ``2,000 errors``."""
    return f"{number:,} {word}{'s' * (number != 1)}"
