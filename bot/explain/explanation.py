"""What explaining a term comes to."""

from __future__ import annotations

from dataclasses import dataclass

from bot.answers import SourceLine
from bot.years import YearRange

__all__ = ["OWN_FOLDER", "Explanation"]

OWN_FOLDER = (SourceLine("Your college's own folder", None, "any"),)
"""The source of what a college added itself."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a term is. ``id`` says which kind: rule:, field:, code:, term:, date: or datalock:."""

    id: str
    title: str
    lead: str
    """What it is, in a sentence or two."""
    lines: tuple[str, ...] = ()
    """What is needed to act; shown at first."""
    detail: str = ""
    """The rest, on request."""
    sources: tuple[SourceLine, ...] = ()
    years: YearRange | None = None
    related: tuple[str, ...] = ()
    status: str | None = None
    """How far it can be trusted; None where nothing was read for it."""

    @property
    def text(self) -> str:
        """The whole of it."""
        listed = "\n".join(line if line.startswith("- ") else f"- {line}" for line in self.lines)
        return "\n\n".join(filter(None, [self.lead, listed, self.detail]))
