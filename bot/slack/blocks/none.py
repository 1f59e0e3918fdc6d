"""No answer: say so, and what is covered."""

from __future__ import annotations

from bot.answers import Answer
from bot.slack.blocks.answer import AnswerContext
from bot.slack.blocks.parts import action_id, actions, button, section, small
from bot.slack.blocks.post import Block
from bot.slack.blocks.text import escape
from bot.slack.payloads import TopicPayload

__all__ = ["none_blocks", "none_text"]

_ALSO = (
    "You can also name a rule, field, code or return (`R_96`, `WorkPlaceMode`, `SOF 107`, "
    "`R04`), or check a learner record with `/ilr check`."
)


def none_blocks(answer: Answer, context: AnswerContext) -> list[Block]:
    """What came nearest, to look through, and what it covers besides."""
    topics = "\n".join(f"• {escape(topic)}" for topic in context.topics)
    person = " Try different wording, or ask a person." if context.people else ""
    blocks = [section(f"*I have no answer to that.*{person}")]
    if answer.near:
        blocks.append(section("The nearest topics are:"))
        blocks += actions(
            button(
                title,
                action_id("ilr_topic", place),
                TopicPayload(topic=topic),
                label=f"Browse {title}",
            )
            for place, (topic, title) in enumerate(answer.near)
        )
    return [
        *blocks,
        section(f"I cover these, from a reviewed knowledge base:\n{topics}"),
        small(_ALSO),
    ]


def none_text(answer: Answer, context: AnswerContext) -> str:
    """The same for notifications and screen readers."""
    near = ", ".join(title for _, title in answer.near)
    nearest = f"Nearest topics: {near}. " if near else ""
    return escape(f"I have no answer to that. {nearest}I cover: {'; '.join(context.topics)}.")
