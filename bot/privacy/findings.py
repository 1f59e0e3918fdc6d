"""What is found: stretches of a text that should not be kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

__all__ = ["KINDS", "Detector", "PersonalData", "merged", "words"]


@dataclass(frozen=True, slots=True)
class PersonalData:
    """A stretch of text that should not be kept: ``text[start:end]``."""

    kind: str
    """ULN, UPN, NI number, postcode, email, phone, date of birth, name, address,
    learner reference, number, provider note, health or person (a Slack mention)."""
    start: int
    end: int

    @property
    def mark(self) -> str:
        """What is put in its place, e.g. ``[postcode]``."""
        return f"[{self.kind}]"


KINDS = (
    "ULN",
    "UPN",
    "NI number",
    "postcode",
    "email",
    "phone",
    "date of birth",
    "name",
    "address",
    "learner reference",
    "number",
    "provider note",
    "health",
    "person",
)

"""Kinds of personal data, as their marks name them."""

Detector = Callable[[str], Iterator[PersonalData]]
"""Finds one or more kinds in a text."""


def merged(text: str, found: list[PersonalData]) -> list[PersonalData]:
    """In order of place; overlapping ones become one, named after the earlier detector's."""
    rank = {id(finding): index for index, finding in enumerate(found)}
    merged: list[tuple[int, PersonalData]] = []
    for finding in sorted(found, key=lambda f: (f.start, rank[id(f)])):
        start, end = _trimmed(text, finding.start, finding.end)
        if start >= end or text[start:end] in MARKS:
            continue
        if merged and start < merged[-1][1].end:
            place, before = merged[-1]
            best = min(place, rank[id(finding)])
            kind = before.kind if best == place else finding.kind
            merged[-1] = (best, PersonalData(kind, before.start, max(end, before.end)))
        else:
            merged.append((rank[id(finding)], PersonalData(finding.kind, start, end)))
    return [finding for _, finding in merged]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end


MARKS = frozenset(f"[{kind}]" for kind in KINDS)


def words(text: str) -> frozenset[str]:
    """The words of a list written as a text."""
    return frozenset(text.split())
