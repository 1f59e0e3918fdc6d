"""A message as it is read, and one question of it: what each step of an answer is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bot.answering.message import Message
from bot.answering.years_asked import YearAsked
from bot.explain.explainer import Explanation
from bot.explain.names import Name
from bot.knowledge.models import Provision
from bot.matching import InThread, Match
from bot.matching.kinds import Kind

__all__ = ["Asked", "FindMatch", "Line"]


class FindMatch(Protocol):
    """Finds the entries for a question, as ``Matcher.match`` does."""

    def __call__(
        self,
        question: str,
        suitable: Callable[[str], bool] | None = None,
        thread: InThread | None = None,
    ) -> Match: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, with what the whole message says of it."""

    text: str
    """As shown back."""
    plain: str
    """As matched: without what masking left."""
    year: YearAsked
    names: tuple[Name, ...]
    provisions: frozenset[Provision]
    explained: Explanation | None = None
    """What it plainly asks to have explained."""
    hinted: frozenset[Provision] = frozenset()
    """Kinds of provision that an age or a like sign speaks of, without naming them."""
    said: frozenset[str] = frozenset()
    """What the thread was told just before, which is not told again."""
    thread: InThread | None = None
    """What a follow-up leans on."""
    why: bool = False
    """Whether the reasons are told too."""

    @property
    def theirs(self) -> frozenset[Provision]:
        """Whose record it is, as far as is said."""
        return self.provisions or self.hinted


@dataclass(frozen=True, slots=True)
class Line:
    """A message as it is read, once."""

    raw: str
    message: Message
    chances: dict[Kind, float]
    """What the model of the kinds makes of it."""
    asked: Asked
    """The whole of it as one question."""
    earlier: tuple[str, ...] = ()
    """The questions before it in its thread."""

    @property
    def names(self) -> tuple[Name, ...]:
        """What it names."""
        return self.asked.names

    @property
    def text(self) -> str:
        """What is matched; with quotes where there is nothing else."""
        return self.asked.text
