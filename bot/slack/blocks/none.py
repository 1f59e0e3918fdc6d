"""No answer: say so in a line or two."""

from __future__ import annotations

from bot.answers import Answer
from bot.slack.blocks.answer import AnswerContext
from bot.slack.blocks.parts import section, small
from bot.slack.blocks.post import Block
from bot.slack.blocks.text import escape

__all__ = ["none_blocks", "none_text"]

_NONE = "I have no answer to that."
_TRY = "Try different wording, or name the rule, field or code"


def none_blocks(answer: Answer, context: AnswerContext) -> list[Block]:
    """That there is none, what to try, and what is known of why."""
    person = ", or ask a person" if context.people else ". `/ilr topics` shows what I cover"
    blocks = [section(f"*{_NONE}*\n{_TRY}{person}.")]
    return [*blocks, small(*map(escape, answer.notes))] if answer.notes else blocks


def none_text(answer: Answer) -> str:
    """The same for notifications and screen readers."""
    return escape(" ".join([_NONE, *answer.notes, f"{_TRY}."]))
