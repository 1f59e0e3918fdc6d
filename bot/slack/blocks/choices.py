"""Two or three entries that may be meant, each with what tells it apart."""

from __future__ import annotations

from bot.answers import Answer
from bot.slack.blocks.answer import Context
from bot.slack.blocks.parts import button, section, small
from bot.slack.blocks.post import Block
from bot.slack.blocks.text import bold, escape

__all__ = ["choices_blocks", "choices_text"]


def choices_blocks(answer: Answer, context: Context) -> list[Block]:
    """A line a choice, with the button that answers it."""
    blocks = [section("I am not sure which of these you mean:")]
    for place, choice in enumerate(answer.choices):
        blocks.append(
            section(
                f"{bold(choice.question)}\n{escape(choice.hint)}",
                button(
                    "This one",
                    f"ilr_choice_{place}",
                    {"e": choice.entry, "y": str(answer.year), "q": list(context.questions)},
                    label=f"This one: {choice.question}",
                ),
            )
        )
    lines = [escape(note) for note in answer.notes]
    person = ", or ask a person" if context.people else ""
    lines.append(f"None of these? Ask again in other words{person}.")
    return [*blocks, small(*lines)]


def choices_text(answer: Answer) -> str:
    """The choices for notifications and screen readers."""
    listed = " ".join(f"{n}. {choice.question}" for n, choice in enumerate(answer.choices, 1))
    return escape(f"I am not sure which of these you mean: {listed}")
