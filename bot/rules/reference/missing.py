"""References of aims that LARS does not have, asked for many at once.

A question to the database for each takes longer than most of the rules on the aim, and those that
LARS has are kept anyway.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

__all__ = ["MissingAims"]

AT_ONCE = 500
"""References in one question; an older SQLite takes no more than 999."""
WORTH_ASKING = 20
"""From so many on it is worth a question of its own."""


class MissingAims:
    """Those of the references last asked for that LARS does not have."""

    def __init__(self, rows: Callable[..., list[tuple[str]]]) -> None:
        """``rows``: puts a question, with its values, to the database."""
        self._rows = rows
        self._missing: frozenset[str] = frozenset()

    def __contains__(self, ref: str) -> bool:
        """``ref``: in capitals, as it stands in LARS."""
        return ref in self._missing

    def look_up(self, references: Iterable[str]) -> None:
        """Ask for these, unless they are few."""
        wanted = {reference.strip().upper() for reference in references}
        if len(wanted) < WORTH_ASKING:
            return
        held: set[str] = set()
        refs = list(wanted)
        for at in range(0, len(refs), AT_ONCE):
            some = refs[at : at + AT_ONCE]
            question = f"SELECT ref FROM aim WHERE ref IN ({', '.join('?' * len(some))})"  # noqa: S608
            held.update(ref for (ref,) in self._rows(question, *some))
        self._missing = frozenset(wanted - held)
