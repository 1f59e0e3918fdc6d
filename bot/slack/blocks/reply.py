"""What the helpdesk said to a message, whole: every answer in it, and the buttons below."""

from __future__ import annotations

from bot.answers import Answer
from bot.slack.blocks.answer import Context, answer_blocks, answer_text, feedback_row, several
from bot.slack.blocks.choices import choices_blocks, choices_text
from bot.slack.blocks.none import none_blocks, none_text
from bot.slack.blocks.parts import section
from bot.slack.blocks.post import Post
from bot.slack.blocks.text import escape

__all__ = ["reply"]


def reply(answer: Answer, context: Context) -> Post:
    """The message for an answer, choices or none, and for further questions behind it."""
    every = (answer, *answer.more)
    posts = [_one(one, context) for one in every]
    if len(every) > 1:
        for one, post in zip(every, posts, strict=True):
            post.blocks.insert(0, section(f"_You asked:_ {escape(one.question)}"))
        blocks = _renumbered([post.blocks for post in posts])
        posts = [Post(post.text, part) for post, part in zip(posts, blocks, strict=True)]
    # Feedback is on the first that was answered: one row, however many questions.
    main = next((one for one in every if one.outcome == "answer"), answer)
    return Post(
        "\n\n".join(post.text for post in posts), [*several(posts), *feedback_row(main, context)]
    )


def _one(answer: Answer, context: Context) -> Post:
    if answer.outcome == "answer":
        return Post(answer_text(answer), answer_blocks(answer, context))
    if answer.outcome == "choices":
        return Post(choices_text(answer), choices_blocks(answer, context))
    return Post(none_text(answer, context), none_blocks(answer, context))


def _renumbered(parts: list[list[dict[str, object]]]) -> list[list[dict[str, object]]]:
    """Action ids must be unique in a message: each further answer's get its number."""
    for number, blocks in enumerate(parts[1:], 1):
        for block in blocks:
            elements = block.get("elements", [])
            for element in [
                *(elements if isinstance(elements, list) else []),
                block.get("accessory") or {},
            ]:
                if isinstance(element, dict) and "action_id" in element:
                    element["action_id"] = f"{element['action_id']}_{number}"
    return parts
