"""What is said to a follow-up about the answer before it: its source, its year, a person."""

from __future__ import annotations

from bot.answers import Answer
from bot.slack.blocks.notices import NO_PEOPLE, text_post
from bot.slack.blocks.parts import actions, button, section, sections
from bot.slack.blocks.post import Post
from bot.slack.blocks.text import escape, link, mrkdwn
from bot.slack.payloads import AnswerPayload

__all__ = ["person_post", "source_post", "still_post"]


def source_post(answer: Answer) -> Post:
    """Where the answer before was read, and nothing of that answer."""
    listed = [
        f"• {link(source.url, source.title)} ({escape(source.year)})" for source in answer.sources
    ]
    return Post(escape(answer.text or ""), sections("\n".join([mrkdwn(answer.lead), *listed])))


def still_post(answer: Answer) -> Post:
    """Whether it still holds, in a sentence."""
    return text_post(mrkdwn(answer.lead))


def person_post(answer: Answer, about: AnswerPayload, *, people: bool) -> Post:
    """A person to ask about the question before, which ``about`` carries."""
    if not people:
        return text_post(NO_PEOPLE)
    asked = button("Ask a person", "ilr_ask_person", about)
    text = mrkdwn(answer.lead)
    return Post(text, [section(text), *actions([asked])])
