"""No answer: say so, and what is covered."""

from __future__ import annotations

from bot.slack.blocks.answer import Context
from bot.slack.blocks.parts import section, small
from bot.slack.blocks.post import Block
from bot.slack.blocks.text import escape

__all__ = ["none_blocks", "none_text"]

_ALSO = (
    "You can also name a rule, field, code or return (`R_96`, `WorkPlaceMode`, `SOF 107`, "
    "`R04`), or check a learner record with `/ilr check`."
)


def none_blocks(context: Context) -> list[Block]:
    """What it covers instead."""
    topics = "\n".join(f"• {escape(topic)}" for topic in context.topics)
    person = " You can ask again in other words, or ask a person." if context.people else ""
    return [
        section(f"*I have no answer to that.*{person}"),
        section(f"I cover these, from a reviewed knowledge base:\n{topics}"),
        small(_ALSO),
    ]


def none_text(context: Context) -> str:
    """The same for notifications and screen readers."""
    return escape("I have no answer to that. I cover: " + "; ".join(context.topics) + ".")
