"""What explaining a term comes to."""

from __future__ import annotations

from dataclasses import dataclass

from bot.answers import SourceLine
from bot.years import YearRange

__all__ = ["Explanation"]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a term is. ``id`` says which kind: rule:, field:, code:, term: or date:."""

    id: str
    title: str
    text: str
    sources: tuple[SourceLine, ...] = ()
    years: YearRange | None = None
    related: tuple[str, ...] = ()
