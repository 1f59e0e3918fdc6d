"""What is posted before a return closes, and the reminder that somebody wants of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.ilr.specification import ReturnDate
from bot.slack.blocks.notices import text_post
from bot.slack.blocks.parts import actions, button, menu, section, small
from bot.slack.blocks.post import Block, Post
from bot.slack.blocks.text import escape, plain
from bot.slack.payloads import EntryPayload, ReturnPayload
from bot.years import AcademicYear

__all__ = ["ReturnAhead", "reminder_post", "reminder_set", "reminder_undone", "return_post"]

MAX_LISTED = 5


@dataclass(frozen=True, slots=True)
class ReturnAhead:
    """A return that is about to close, and what to say of it."""

    year: AcademicYear
    closing: ReturnDate
    today: date
    days: int
    """Working days until it closes."""
    to_check: Sequence[tuple[str, str]] = ()
    """Entries that say that they are for this return: id and question."""
    asked_last_time: Sequence[tuple[str, str, int]] = ()
    """What was asked most at this return a year ago: id, question and how often."""
    note: str = ""


def return_post(ahead: ReturnAhead) -> Post:
    """What closes when, what to look at, what was asked last time, and a reminder."""
    lead = _lead(ahead)
    blocks = [section(f"*{lead}*{_takes(ahead.closing)}")]
    if ahead.to_check:
        listed = [escape(question) for _, question in ahead.to_check[:MAX_LISTED]]
        blocks.append(section(_listed("Worth a look before this return", listed)))
    if ahead.asked_last_time:
        listed = [
            f"{escape(question)} ({times:,})"
            for _, question, times in ahead.asked_last_time[:MAX_LISTED]
        ]
        blocks.append(section(_listed("Asked most at this return last year", listed)))
    if ahead.note:
        blocks.append(small(escape(ahead.note)))
    return Post(lead, [*blocks, *actions(_row(ahead))])


def _row(ahead: ReturnAhead) -> list[Block]:
    row = [] if ahead.days <= 0 else [button("Remind me", "ilr_remind", _about(ahead))]
    questions = dict(ahead.to_check[:MAX_LISTED])
    questions |= {entry: question for entry, question, _ in ahead.asked_last_time[:MAX_LISTED]}
    choices = [(question, EntryPayload(entry=entry)) for entry, question in questions.items()]
    return [*row, *([menu("See an answer", "ilr_related", {"": choices})] if choices else [])]


def _about(ahead: ReturnAhead) -> ReturnPayload:
    return ReturnPayload(year=ahead.year, code=ahead.closing.code)


def _lead(ahead: ReturnAhead) -> str:
    closes = ahead.closing.closes
    if closes == ahead.today:
        left = "today"
    elif _is_tomorrow(ahead):
        left = "tomorrow"
    else:
        one = ahead.days == 1
        left = "on the next working day" if one else f"in {ahead.days} working days"
    return f"{ahead.closing.code} closes {left}, on {closes:%A %-d %B %Y}."


def _is_tomorrow(ahead: ReturnAhead) -> bool:
    return (ahead.closing.closes - ahead.today).days == 1


def _takes(one: ReturnDate) -> str:
    return f" It takes data up to {one.data_to:%-d %B}." if one.data_to else ""


def _listed(title: str, lines: list[str]) -> str:
    return "\n".join([f"*{title}*", *(f"• {line}" for line in lines)])


def reminder_set(about: ReturnPayload, closes: date, on: date | None) -> Post:
    """For somebody who wants to be reminded; ``on`` None: that could not be kept."""
    if on is None:
        return text_post("The database is unavailable, so I cannot remind you. Please try again.")
    text = f"I will message you on {on:%A %-d %B}: {about.code} closes on {closes:%A %-d %B}."
    return Post(text, [section(text), *actions([_undo(about)])])


def reminder_undone(about: ReturnPayload) -> Post:
    """For somebody who does not want it after all, and may want it again."""
    text = f"I will not remind you of {about.code}."
    return Post(text, [section(text), *actions([button("Remind me", "ilr_remind", about)])])


def _undo(about: ReturnPayload) -> Block:
    return button("Don't remind me", "ilr_unremind", about)


def reminder_post(ahead: ReturnAhead) -> Post:
    """The reminder itself, in direct messages."""
    post = return_post(ahead)
    last = [] if not post.blocks or post.blocks[-1]["type"] != "actions" else post.blocks[-1:]
    menus = [one for block in last for one in block["elements"] if one["type"] != "button"]
    shown = post.blocks[: len(post.blocks) - len(last)]
    asked_for = small("You asked me to remind you.")
    return Post(
        f"You asked me to remind you. {plain(post.text)}", [*shown, asked_for, *actions(menus)]
    )
