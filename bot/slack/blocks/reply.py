"""What the helpdesk said to a message, whole: every answer in it, and the buttons below."""

from __future__ import annotations

from bot.answers import Answer
from bot.slack.blocks.answer import AnswerContext, answer_blocks, answer_text, feedback_row, several
from bot.slack.blocks.choices import choices_blocks, choices_text
from bot.slack.blocks.none import none_blocks, none_text
from bot.slack.blocks.parts import in_part, section
from bot.slack.blocks.post import Post
from bot.slack.blocks.text import escape

__all__ = ["reply"]


def reply(answer: Answer, context: AnswerContext) -> Post:
    """The message for an answer, choices or none, and for further questions behind it."""
    every = (answer, *answer.more)
    if answer.more:
        posts = [_one_of_several(one, place, context) for place, one in enumerate(every)]
    else:
        posts = [_one(answer, context)]
    # Feedback is on the first that was answered: one row, however many questions.
    main = next((one for one in every if one.outcome == "answer"), answer)
    return Post(
        "\n\n".join(post.text for post in posts), [*several(posts), *feedback_row(main, context)]
    )


def _one(answer: Answer, context: AnswerContext) -> Post:
    if answer.outcome == "answer":
        return Post(answer_text(answer), answer_blocks(answer, context))
    if answer.outcome == "choices":
        return Post(choices_text(answer), choices_blocks(answer, context))
    return Post(none_text(answer, context), none_blocks(answer, context))


def _one_of_several(answer: Answer, place: int, context: AnswerContext) -> Post:
    """With the question it is for."""
    post = _one(answer, context)
    asked = section(f"_You asked:_ {escape(answer.question)}")
    return Post(post.text, [asked, *in_part(post.blocks, place)])
