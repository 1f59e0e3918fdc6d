"""A question passed to a person, as the people and the asker see it."""

from __future__ import annotations

from bot.slack.blocks.notices import text_post
from bot.slack.blocks.parts import actions, button, section, small
from bot.slack.blocks.post import Post
from bot.slack.blocks.text import bold, clip, escape
from bot.slack.payloads import HandoverPayload

__all__ = ["forwarded_reply", "passed_on", "triage_post"]


def triage_post(
    about: HandoverPayload,
    *,
    tried: str,
    tag: str = "",
    taken: str = "",
    closed: str = "",
) -> Post:
    """The post in the triage channel. ``about`` goes round with its buttons."""
    question = about.question_text or "(the question was not stored)"
    lines = [
        (f"Asked by <@{about.asker}>" if about.asker else "Asked")
        + (f" for {about.year}" if about.year else ""),
        f"I offered: {escape(tried)}" if tried else "I had no answer.",
    ]
    if about.link:
        lines.append(f"<{about.link}|Go to the question>")
    if taken:
        lines.append(f"Taken by <@{taken}>. Replies in this thread reach the asker.")
    elif closed:
        lines.append(f"Marked as answered by <@{closed}>.")
    else:
        lines.append("Replies in this thread reach the asker.")
    head = f"{tag} A question for a person".strip()
    buttons = [] if closed else [button("Answered", "ilr_answered", about)]
    if not (taken or closed):
        buttons.insert(0, button("I'll take it", "ilr_take", about, style="primary"))
    buttons.append(button("Suggest as knowledge", "ilr_suggest_this", about))
    return Post(
        f"A question for a person: {escape(clip(question, 200))}",
        [
            section(head if tag else bold(head)),
            section("\n".join(f"> {escape(line)}" for line in question.split("\n"))),
            small(*lines),
            *actions(buttons),
        ],
    )


def passed_on(question: str) -> Post:
    """For the asker."""
    about = f"\n> {escape(question)}" if question else ""
    return text_post(f"I have passed this on to a person. They will answer in this thread.{about}")


def forwarded_reply(user: str, text: str, *, files: int = 0) -> Post:
    """A person's reply, for the asker. Files stay where they are."""
    blocks = [small(f"<@{user}> answers:")]
    if text:
        blocks.append(section(escape(clip(text, 2_800))))
    if files:
        blocks.append(small(f"They added {files} file{'s' * (files > 1)}, which I do not pass on."))
    return Post(escape(text) or "A person answered with a file.", blocks)
