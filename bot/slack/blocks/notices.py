"""The short things it says that are not answers."""

from __future__ import annotations

from datetime import date
from itertools import accumulate

from bot.answers import NO_QUESTION as NOT_ASKED
from bot.answers import Answer
from bot.ilr.specification import ReturnDate
from bot.slack.blocks.answer import small_print
from bot.slack.blocks.parts import (
    MAX_OPTIONS,
    OPTION,
    OPTION_VALUE,
    actions,
    button,
    menu,
    section,
    sections,
    small,
)
from bot.slack.blocks.post import Block, Post
from bot.slack.blocks.text import bold, escape, mrkdwn, plain
from bot.slack.payloads import EntryPayload, TopicPayload
from bot.years import AcademicYear

__all__ = [
    "NOT_RECORDED",
    "NOT_STORED",
    "NO_PEOPLE",
    "NO_QUESTION",
    "check_here",
    "dates_post",
    "entry_gone",
    "error_post",
    "feedback_ack",
    "files_left_out",
    "for_guests",
    "help_post",
    "image_post",
    "not_allowed",
    "not_theirs",
    "only_a_picture",
    "personal_details_in_channel",
    "picture_note",
    "question_deleted",
    "record_in_channel",
    "text_post",
    "thanks",
    "topic_post",
    "topics_menu",
    "topics_post",
]

ROOM_FOR_TOPICS, ROOM_FOR_QUESTIONS = 4_000, 6_500
"""Characters of menus: what they hold counts towards what a message may."""
NO_PEOPLE = "Passing questions to a person has not been set up."
NO_QUESTION = f"{NOT_ASKED}, or type `help`."
NOT_STORED = "The database is unavailable, so this question was not recorded."


def text_post(text: str) -> Post:
    """One or two plain sentences. ``text`` is mrkdwn."""
    return Post(plain(text), [section(text)])


def not_theirs() -> Post:
    """For somebody who says of another's question that it is solved."""
    return text_post("Only whoever asked can say that it is solved. Ask me, too, if you like.")


def thanks(*, recorded: bool) -> Post:
    """For somebody who said that an answer solved it."""
    lines = ["Good to hear. Thank you for saying so.", *([] if recorded else [NOT_RECORDED])]
    return text_post(" ".join(lines))


def feedback_ack(*, recorded: bool) -> Post:
    """For somebody who said what was wrong with an answer."""
    then = "A curator will look at it." if recorded else NOT_RECORDED
    return text_post(f"Thank you. {then}")


NOT_RECORDED = "But the database is unavailable, so your feedback was not recorded."


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


def topics_post(topics: list[tuple[str, str]], count: int) -> Post:
    """The topics (id and title) as a menu, and how many questions they answer."""
    lead = f"I cover {count:,} questions in {len(topics)} topics. Choose one, or just ask."
    return Post(lead, [section(lead), *actions([topics_menu(topics)])])


def topics_menu(topics: list[tuple[str, str]]) -> Block:
    """A menu that opens a topic."""
    held = _within(ROOM_FOR_TOPICS, topics)
    choices = [(title, TopicPayload(topic=topic)) for topic, title in held]
    return menu("Choose a topic", "ilr_topic", {"Topics": choices})


def _within(room: int, listed: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """As many (id, words) as a menu takes, and as there is room for in a message."""
    lengths = accumulate(min(len(words), 2 * OPTION) for _, words in listed)
    fitting = sum(length <= room for length in lengths)
    return listed[: min(fitting, MAX_OPTIONS)]


def topic_post(
    title: str,
    entries: list[tuple[str, str]],
    year: AcademicYear,
    topics: list[tuple[str, str]],
) -> Post:
    """One topic's entries (id, question) as a menu, and the menu of topics to go on with."""
    count = f"{len(entries)} question{'s' * (len(entries) != 1)}"
    held = _within(ROOM_FOR_QUESTIONS, entries)
    choices = [(question, _entry(entry, year)) for entry, question in held]
    row = [menu("Choose a question", "ilr_related", {"Questions": choices})] if choices else []
    return Post(
        escape(f"{title}: {count}"),
        [section(f"{bold(title)}\n{count}"), *actions([*row, topics_menu(topics)])],
    )


def _entry(entry: str, year: AcademicYear) -> EntryPayload:
    """As a menu can carry it; without the year it is opened for this one."""
    payload = EntryPayload(entry=entry, year=year)
    return payload if len(payload.to_json()) <= OPTION_VALUE else EntryPayload(entry=entry)


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


def personal_details_in_channel() -> Post:
    """A message that may tell who somebody is, where others can see it. Quotes nothing of it."""
    return text_post(
        "Your message may say who a learner or colleague is, and everyone in this channel can see "
        "it. I have not stored it. Please edit or delete it: I can answer without names, dates of "
        "birth or reference numbers."
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


_A_PICTURE_IN_CHANNEL = "If it shows a learner, please delete it: everyone here can see it."


def picture_note(*, in_channel: bool) -> str:
    """Below the answer to a question that came with a picture."""
    shown = f" {_A_PICTURE_IN_CHANNEL}" if in_channel else ""
    return f"I cannot read pictures; this answers your words.{shown}"


def only_a_picture(*, in_channel: bool) -> Post:
    """For a picture with no words."""
    shown = f" {_A_PICTURE_IN_CHANNEL}" if in_channel else ""
    return text_post(
        "I cannot read pictures. Write your question in words, or check a record as text or as a "
        f"file with `/ilr check`.{shown}"
    )


def files_left_out(most: int, names: list[str]) -> Post:
    """Which files of a message were not checked."""
    named = ", ".join(f"`{escape(name.replace('`', chr(39)))}`" for name in names)
    return text_post(f"I check {most} files of a message. Not checked: {named}. Send them again.")


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


def given_up() -> Post:
    """A message that could not be answered, however often it was tried."""
    return text_post(
        "I tried your last message more than once and could not finish it, so I have given it up. "
        "If it was a record, send fewer learners at a time; if a question, ask it again."
    )


def question_deleted() -> Post:
    """In place of an answer whose question is gone, where others have replied."""
    return text_post("The question was deleted, so I took my answer away.")


def not_allowed() -> Post:
    """Asked from a workspace that is not on the list."""
    return text_post("I am not set up to answer in this workspace.")


def for_guests() -> Post:
    """Asked by somebody of another organisation, in a channel that is shared with it."""
    return text_post(
        "Thank you for asking. I answer colleagues of this workspace only: please ask one of them."
    )


def shared_answer(asker: str, post: Post) -> Post:
    """A private answer that its asker shows in the channel."""
    return Post(post.text, [small(f"<@{asker}> asked me, and shares the answer:"), *post.blocks])


def unfurl_blocks(answer: Answer) -> list[Block]:
    """Our card for a link to a rule or field page."""
    return [
        *sections(f"{bold(answer.title)}\n{mrkdwn(answer.shown)}"),
        small("\n".join(small_print(answer))),
    ]
