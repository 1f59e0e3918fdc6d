"""A question passed to a person, as the people and the asker see it."""

from __future__ import annotations

from bot.slack.blocks.notices import text_post
from bot.slack.blocks.parts import actions, button, section, small
from bot.slack.blocks.post import Block, Post
from bot.slack.blocks.text import bold, clip, escape, linked, plain
from bot.slack.payloads import HandoverPayload, ReplyPayload

__all__ = [
    "forwarded_reply",
    "forwarded_words",
    "passed_on",
    "send_offer",
    "send_result",
    "triage_post",
]


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
    lines.append(
        f"<{about.link}|Go to the question>" if about.link else "Asked in private: no link."
    )
    if taken:
        lines.append(f"Taken by <@{taken}>.")
    elif closed:
        lines.append(f"Marked as answered by <@{closed}>.")
    if not closed:
        lines.append(_how_to_reply(about.asker))
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


def _how_to_reply(asker: str) -> str:
    start = f"starts with <@{asker}>" if asker else "you mark with *Send to asker*"
    return f"Reply in this thread: only what {start} is sent" + (
        ", or what you mark with *Send to asker*." if asker else "."
    )


def passed_on(question: str) -> Post:
    """For the asker."""
    about = f"\n> {escape(question)}" if question else ""
    return text_post(
        "I have passed this on to a person. They will answer in this thread; what you add in it "
        f"reaches them.{about}"
    )


def forwarded_reply(user: str, text: str, *, files: int = 0) -> Post:
    """A person's reply, for the asker. Files stay where they are."""
    said = _forwarded(f"<@{user}> answers:", text, files)
    return Post(escape(text) or "A person answered with a file.", said)


def forwarded_words(user: str, text: str, *, taker: str = "", files: int = 0) -> Post:
    """What an asker adds, for the person who has their question."""
    to = f"<@{taker}>, " if taker else ""
    said = _forwarded(f"{to}<@{user}> adds:", text, files)
    return Post(escape(text) or "The asker added a file.", said)


def _forwarded(lead: str, text: str, files: int) -> list[Block]:
    blocks = [small(lead)]
    if text:
        blocks.append(section(linked(clip(text, 2_800))))
    if files:
        blocks.append(small(f"They added {files} file{'s' * (files > 1)}, which I do not pass on."))
    return blocks


def send_offer(about: ReplyPayload, asker: str, *, failed: bool = False) -> Post:
    """For whoever replied in the triage thread: a button that sends the reply."""
    who = f"<@{asker}>" if asker else "The asker"
    text = (
        f"I couldn't deliver this. {who} has not seen it: try again, or message them."
        if failed
        else f"{who} has not seen this. Send it?"
    )
    label = "Try again" if failed else "Send to asker"
    return Post(plain(text), [small(text), *actions([button(label, "ilr_send", about)])])


def send_result(text: str) -> Post:
    """What became of it, in place of the button."""
    return Post(text, [small(text)])
