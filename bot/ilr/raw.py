"""A record as a reader leaves it: names, text and lines, nothing interpreted yet."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

__all__ = ["ATTRIBUTE", "WORDS", "RawEntity", "RawField", "Remark", "ZipFacts", "is_whole"]

ATTRIBUTE, WORDS = "@", "#"
"""Begin the name of what stands in an XML element beside others: an attribute, or text."""


@dataclass(slots=True)
class RawField:
    """A value as typed, and the line of the paste it is on."""

    name: str
    text: str
    line: int | None = None
    guess: str | None = None
    """Why this is not certain, when the reader had to guess."""


@dataclass(slots=True)
class RawEntity:
    """What a reader makes: names and text, nothing interpreted yet."""

    name: str
    fields: list[RawField] = field(default_factory=list)
    children: list[RawEntity] = field(default_factory=list)
    line: int | None = None
    partial: bool = False
    """True when only some of its parts were pasted (a lone aim's learner, a cut fragment)."""
    blank: tuple[str, ...] = ()
    """Kinds of parts that were pasted as blank: what it has none of, partial or not."""
    sequence: list[tuple[str, int | None]] = field(default_factory=list)
    """Names and lines of its parts in the order written; only of XML that is well formed. What no
    ILR element has is there as well, after ``ATTRIBUTE`` or as ``WORDS``."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something the person should know about how their paste was read."""

    line: int | None
    message: str
    breaks_schema: bool = False
    """Whether an XML file with this would be rejected before any rule is run."""


@dataclass(frozen=True, slots=True)
class ZipFacts:
    """What is told of the ZIP that a file came in."""

    name: str | None = None
    """The ZIP's own, when it has one."""
    files: tuple[str, ...] = ()
    """The names of the files in it, without their folders."""
    damaged: bool = False
    protected: bool = False

    @property
    def xml(self) -> str | None:
        """The name of its only XML file; None when it has none or several."""
        found = [name for name in self.files if name.casefold().endswith(".xml")]
        return found[0] if len(found) == 1 else None

    @property
    def can_be_read(self) -> bool:
        """Whether there is one XML file in it, which can be unpacked."""
        return self.xml is not None and not self.damaged and not self.protected


# Where pieces were pasted after each other, the halves of two values may meet in one tag: with
# a blank line between them, or with a piece of a tag.
_TWO_HALVES = re.compile(r"\n[ \t]*\n|(?:^|\w)>|</?\w")


def is_whole(text: str) -> bool:
    """Whether a value is one, and not the halves of two; nothing is concluded from halves."""
    # Nearly all values are told by these, at a tenth of the price.
    if "\n" not in text and ">" not in text and "<" not in text:
        return True
    return not _TWO_HALVES.search(text)
