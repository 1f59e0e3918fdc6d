"""What a thread says of a follow-up: the question it leans on, and what was just told.

A follow-up read alone misses its subject, and read with its question drowns in it: both readings
count, by halves. What it asks is usually told by an entry near the one just told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["JUST_TOLD", "LINKED", "OF_ITS_TOPIC", "InThread"]

# In scores; chosen in coarse steps on the open conversations: half or twice is nearly as good.
LINKED = 0.15
"""For an entry that is linked with the one just told."""
OF_ITS_TOPIC = 0.1
"""For an entry of the same topic."""
JUST_TOLD = -0.1
"""For what was just told, unless its question is asked again."""


@dataclass(frozen=True, slots=True)
class InThread:
    """A follow-up's thread, as the matcher needs it."""

    alone: str
    """The follow-up as it was written."""
    together: str
    """The question it leans on and the follow-up, as one text."""
    lean: Mapping[str, float] = field(default_factory=dict[str, float])
    """What the thread says for an entry, in scores, by id."""
