"""Two or three entries that may be meant, each with what tells it apart."""

from __future__ import annotations

from bot.answers import Answer
from bot.slack.blocks.answer import AnswerContext
from bot.slack.blocks.parts import action_id, button, section, small
from bot.slack.blocks.post import Block
from bot.slack.blocks.text import bold, escape
from bot.slack.payloads import AnswerPayload

__all__ = ["choices_blocks", "choices_text"]

_UNSURE = "I am not sure which of these you mean:"


def choices_blocks(answer: Answer, context: AnswerContext) -> list[Block]:
    """A line a choice, with the button that answers it; one question when that decides."""
    blocks = [section(bold(answer.ask) if answer.ask else _UNSURE)]
    for place, choice in enumerate(answer.choices):
        said = choice.label or "This one"
        year = choice.year or answer.year
        blocks.append(
            section(
                f"{bold(choice.question)}\n{escape(choice.hint)}",
                button(
                    said,
                    action_id("ilr_choice", place),
                    AnswerPayload(
                        entry=choice.entry,
                        year=year,
                        questions=context.questions,
                        asker=context.asker,
                    ),
                    label=f"{said}: {choice.question}",
                ),
            )
        )
    lines = [escape(note) for note in answer.notes]
    person = ", or ask a person" if context.people else ""
    lines.append(f"None of these? Try different wording{person}.")
    return [*blocks, small(*lines)]


def choices_text(answer: Answer) -> str:
    """The choices for notifications and screen readers."""
    listed = " ".join(
        f"{n}. {choice.label or choice.question}" for n, choice in enumerate(answer.choices, 1)
    )
    return escape(f"{answer.ask or _UNSURE} {listed}")
