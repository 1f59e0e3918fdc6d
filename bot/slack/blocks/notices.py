"""The short things it says that are not answers."""

from __future__ import annotations

from datetime import date

from bot.answers import Answer
from bot.ilr.specification import ReturnDate
from bot.slack.blocks.answer import small_print
from bot.slack.blocks.parts import action_id, actions, button, section, sections, small
from bot.slack.blocks.post import Block, Post
from bot.slack.blocks.text import bold, escape, mrkdwn, plain
from bot.slack.payloads import EntryPayload, TopicPayload
from bot.years import AcademicYear

__all__ = [
    "NOT_STORED",
    "NO_PEOPLE",
    "NO_QUESTION",
    "check_here",
    "dates_post",
    "entry_gone",
    "error_post",
    "feedback_ack",
    "help_post",
    "image_post",
    "not_allowed",
    "record_in_channel",
    "text_post",
    "thanks",
    "topics_post",
]

NO_PEOPLE = "Passing questions to a person has not been set up."
NO_QUESTION = (
    "I found no question about the ILR in that. Ask as you would ask a colleague, or type `help`."
)
NOT_STORED = "The database is unavailable, so this question was not recorded."


def text_post(text: str) -> Post:
    """One or two plain sentences. ``text`` is mrkdwn."""
    return Post(plain(text), [section(text)])


def thanks(*, recorded: bool) -> Post:
    """For somebody who said that an answer solved it."""
    lines = ["Good to hear. Thank you for saying so.", *([] if recorded else [_NOT_RECORDED])]
    return text_post(" ".join(lines))


def feedback_ack(*, recorded: bool) -> Post:
    """For somebody who said what was wrong with an answer."""
    then = "A curator will look at it." if recorded else _NOT_RECORDED
    return text_post(f"Thank you. {then}")


_NOT_RECORDED = "But the database is unavailable, so your feedback was not recorded."


def entry_gone() -> Post:
    """For a button of an entry that a curator has since removed."""
    return text_post("That answer is no longer in the knowledge base. Please ask again.")


def help_post() -> Post:
    """What it can do, and how to ask for it."""
    lines = (
        "• Ask in your own words: `/ilr one aim or three for three placements?`",
        "• `/ilr explain WorkPlaceStartDate_02`: a rule, field, code, return or abbreviation",
        "• `/ilr check`: check a learner record; only you see the result",
        "• `/ilr dates`: when the returns close",
        "• `/ilr topics`: what I cover",
        "• `/ilr forget me`: delete what is stored about your questions",
    )
    text = (
        "I answer questions about the ILR from a reviewed knowledge base, with the source and "
        "the years it holds for, and check a record against the published rules."
    )
    return Post(
        f"{text} Type /ilr and your question.",
        [
            section(text),
            section("\n".join(lines)),
            small(
                "You can also mention me in a channel or message me directly. "
                "Please do not paste learners' details into a channel."
            ),
            *actions([button("Check a record", "ilr_check_open", style="primary")]),
        ],
    )


def topics_post(topics: dict[str, tuple[str, str]]) -> Post:
    """The topics (id: title, about), each with a button to browse it."""
    listed = "; ".join(title for title, _ in topics.values())
    return Post(
        escape(f"I cover: {listed}."),
        [
            section("*What I cover*"),
            *(
                section(
                    f"{bold(title)}\n{escape(about)}",
                    button(
                        "Browse",
                        action_id("ilr_topic", place),
                        TopicPayload(topic=topic),
                        label=f"Browse {title}",
                    ),
                )
                for place, (topic, (title, about)) in enumerate(topics.items())
            ),
        ],
    )


def topic_post(title: str, entries: list[tuple[str, str]], year: AcademicYear) -> Post:
    """One topic's entries (id, question), each with a button that answers it."""
    return Post(
        escape(f"{title}: " + "; ".join(question for _, question in entries)),
        [
            section(bold(title)),
            *(
                section(
                    escape(question),
                    button(
                        "Answer",
                        action_id("ilr_related", place, "topic"),
                        EntryPayload(entry=entry, year=year),
                        label=f"Answer: {question}",
                    ),
                )
                for place, (entry, question) in enumerate(entries[:45])
            ),
        ],
    )


def dates_post(year: AcademicYear, returns: tuple[ReturnDate, ...], today: date, note: str) -> Post:
    """The year's returns that are still to close, the next one first."""
    ahead = [one for one in returns if one.closes >= today]
    if not ahead:
        return text_post(f"I have no more return dates for {year}.")
    first = ahead[0]
    days = (first.closes - today).days
    left = "today" if days == 0 else "tomorrow" if days == 1 else f"in {days} days"
    lead = f"{first.code} closes {left}, on {first.closes:%A %-d %B %Y}."
    lines = "\n".join(
        f"• *{one.code}* closes {one.closes:%a %-d %B %Y}"
        + (f", data up to {one.data_to:%-d %B}" if one.data_to else "")
        for one in ahead
    )
    small_lines = [f"Academic year {year}", *([escape(note)] if note else [])]
    return Post(lead, [section(f"*{lead}*"), section(lines), small(*small_lines)])


def explanation_unknown() -> Post:
    """`/ilr explain` with something that is not held."""
    return text_post(
        "I don't recognise that rule, field, code, return or abbreviation. "
        "Try `/ilr explain R_96`, `/ilr explain WorkPlaceMode` or `/ilr explain SOF 107`."
    )


def record_in_channel(*, file: bool = False) -> Post:
    """A record where others can see it. Quotes nothing of it."""
    what = "The file you added may contain a learner record" if file else "That is a learner record"
    text = (
        f"{what}, and everyone in this channel can see it. I have not quoted or stored it. "
        "Please delete your message, then check the record where only you see the result."
    )
    return Post(
        text,
        [
            section(text),
            *actions([button("Check it privately", "ilr_check_open", style="primary")]),
            small("Or type `/ilr check`, or send it to me in a direct message."),
        ],
    )


def offer(entry: str, title: str) -> Post:
    """For somebody who asked a watched channel: an answer, if they want it."""
    text = f"I may have an answer: {escape(title)}"
    show = button("Show me", "ilr_offer", EntryPayload(entry=entry))
    return Post(text, [section(text), *actions([show])])


def check_here() -> Post:
    """Somebody wrote "check" in a direct message."""
    text = (
        "Send me the record here, as text or as a file (.xml, .xlsx, .csv, .txt, .zip), or use the "
        "form."
    )
    return Post(
        text,
        [
            section(text),
            *actions([button("Open the form", "ilr_check_open", style="primary")]),
            small("I store nothing you send. You can use made-up names and addresses."),
        ],
    )


def image_post(block: Block) -> Post:
    """The picture of a checked record's dates."""
    return Post(str(block["alt_text"]), [block])


def error_post(reference: str) -> Post:
    """Something broke. The reference finds it in the log."""
    return text_post(
        f"Something went wrong and I could not finish that (reference `{reference}`). "
        "Please try again. If it happens again, quote this reference to your administrator."
    )


def not_allowed() -> Post:
    """Asked from a workspace that is not on the list."""
    return text_post("I am not set up to answer in this workspace.")


def shared_answer(asker: str, post: Post) -> Post:
    """A private answer that its asker shows in the channel."""
    return Post(post.text, [small(f"<@{asker}> asked me, and shares the answer:"), *post.blocks])


def unfurl_blocks(answer: Answer) -> list[Block]:
    """Our card for a link to a rule or field page."""
    return [
        *sections(f"{bold(answer.title)}\n{mrkdwn(answer.shown)}"),
        small("\n".join(small_print(answer))),
    ]
