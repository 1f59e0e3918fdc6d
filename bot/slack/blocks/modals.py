"""The forms."""

from __future__ import annotations

from bot.answers import Answer
from bot.slack.blocks.answer import AnswerContext, answer_blocks, whole
from bot.slack.blocks.parts import (
    actions,
    button,
    labelled,
    modal,
    option,
    plain,
    section,
    small,
)
from bot.slack.blocks.post import Block
from bot.slack.blocks.text import bold
from bot.slack.payloads import ImagesPayload, SharedRules, WrongAnswerPayload
from bot.years import AcademicYear

__all__ = [
    "ANY_YEAR",
    "CHECK_FORM",
    "FEEDBACK_FORM",
    "NEXT_CHECK_FORM",
    "SHARE_FORM",
    "busy_modal",
    "check_modal",
    "explain_modal",
    "not_quite_modal",
    "notice_modal",
    "report_modal",
    "share_modal",
]

MAX_PASTE_LENGTH = 3_000
"""Slack's limit for a text box."""
ANY_YEAR = "as-given"
CHECK_FORM = "ilr_check_submitted"
NEXT_CHECK_FORM = "ilr_next_check_submitted"
SHARE_FORM = "ilr_share_submitted"
FEEDBACK_FORM = "ilr_not_quite_submitted"


def check_modal(years: list[AcademicYear]) -> Block:
    """Paste a record or add files, and choose the year."""
    box: Block = {
        "type": "plain_text_input",
        "action_id": "record",
        "multiline": True,
        "max_length": MAX_PASTE_LENGTH,
        "placeholder": plain("A learner or an aim, or rows of a rule violation report"),
    }
    options = [option("As the record says", ANY_YEAR)]
    options += [option(str(year), str(year)) for year in years]
    return modal(
        "Check an ILR record",
        [
            section(
                "Only you see the result, and nothing you enter here is stored. "
                "You can use made-up names and addresses."
            ),
            labelled(
                "paste",
                "Paste a record",
                box,
                optional=True,
                hint=(
                    f"Slack takes up to {MAX_PASTE_LENGTH:,} characters here. "
                    "For more, add a file below, or send it to me in a direct message."
                ),
            ),
            labelled(
                "file",
                "Or add a file",
                {
                    "type": "file_input",
                    "action_id": "files",
                    "filetypes": ["xml", "xlsx", "csv", "txt", "zip"],
                    "max_files": 3,
                },
                optional=True,
                hint=".xml, .xlsx, .csv, .txt or .zip, up to 10 MB each.",
            ),
            labelled(
                "year",
                "Academic year",
                {
                    "type": "static_select",
                    "action_id": "year",
                    "options": options,
                    "initial_option": options[0],
                },
                hint="A record without a year is checked against this year's rules.",
            ),
            labelled(
                "copy",
                "To show it to a colleague",
                {
                    "type": "checkboxes",
                    "action_id": "copy",
                    "options": [option("Send me a copy with invented people, too", "copy")],
                },
                optional=True,
            ),
        ],
        callback=CHECK_FORM,
        submit="Check",
        close="Cancel",
    )


def busy_modal() -> Block:
    """Shown while a record is checked."""
    return modal("Check an ILR record", [section("Checking… this takes a moment.")])


def notice_modal(title: str, text: str) -> Block:
    """One thing to say. ``text`` is mrkdwn."""
    return modal(title, [section(text)])


def report_modal(blocks: list[Block], shared: SharedRules) -> Block:
    """A report, shown to one person until they close it. The next step is another check; the
    rules that it found broken can be shared, without values."""
    images = ImagesPayload(images=shared.images)
    share = button(
        "Share without values",
        "ilr_share",
        shared.model_copy(update={"images": ()}),
        label="Share the rules of this check, without learners or values",
    )
    return modal(
        "What the check found",
        [*blocks, *actions([share] if shared.rules else [])],
        callback=NEXT_CHECK_FORM,
        submit="Check another",
        payload=images,
        tell_closed=True,
    )


def _where_to_share(label: str) -> Block:
    choose: Block = {
        "type": "conversations_select",
        "action_id": "channel",
        "placeholder": plain("Choose a channel"),
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    return labelled("share", label, choose, hint="I need to be in the channel.")


def share_modal(shared: SharedRules, shown: list[Block]) -> Block:
    """What would be shared of a check, and where to."""
    return modal(
        "Share without values",
        [
            _where_to_share("Share it in"),
            small("This is all that is shared:"),
            *shown,
        ],
        callback=SHARE_FORM,
        submit="Share",
        close="Cancel",
        payload=shared,
    )


def explain_modal(
    answer: Answer, entries: list[tuple[str, Answer]], context: AnswerContext
) -> Block:
    """Why a rule fired: the rule explained, then the entries that help with it."""
    blocks = [*answer_blocks(answer, context, whole(answer))]
    for title, entry in entries:
        blocks += [section(bold(title)), *answer_blocks(entry, context, whole(entry))]
    return modal("Why?", blocks)


def not_quite_modal(about: WrongAnswerPayload) -> Block:
    """What was wrong with an answer."""
    options = [
        option("It is wrong", "wrong"),
        option("It is out of date", "out-of-date"),
        option("It answers another question", "not-my-question"),
    ]
    return modal(
        "Not quite",
        [
            labelled(
                "why",
                "What was wrong with this answer?",
                {"type": "radio_buttons", "action_id": "why", "options": options},
            ),
            labelled(
                "note",
                "Anything to add?",
                {
                    "type": "plain_text_input",
                    "action_id": "note",
                    "multiline": True,
                    "max_length": 500,
                },
                optional=True,
                hint="Please leave out learners’ names and numbers.",
            ),
            small("A curator reads these. Personal details are masked before anything is stored."),
        ],
        callback=FEEDBACK_FORM,
        submit="Send",
        close="Cancel",
        payload=about,
    )
