"""App Home, and the suggested prompts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.ilr.specification import ReturnDate
from bot.ledger.values import Feedback, HandoverState, Recent, Result
from bot.slack.blocks.notices import topics_menu
from bot.slack.blocks.parts import action_id, actions, button, divider, section, small
from bot.slack.blocks.post import Block
from bot.slack.blocks.text import clip, escape
from bot.slack.payloads import EntryPayload

__all__ = ["home_view", "prompts"]

_AUTUMN = [
    ("One aim or several?", "Does a learner with several placements need one aim or one for each?"),
    ("Planned hours", "When do planned hours lock, and what counts towards EEP?"),
]
_RETURNS = [
    ("Placement date errors", "What does WorkPlaceStartDate_02 mean?"),
    ("Next return", "When does the next return close?"),
]
_YEAR_END = [
    ("Placement never happened", "The placement never happened: do we still return the aim?"),
    ("Evidence to keep", "What evidence should we keep for a placement?"),
]
_CHECK = ("Check a record", "check")


def prompts(today: date) -> list[dict[str, str]]:
    """Up to four things to ask: starts in autumn, errors in the return months, then year end."""
    if today.month in (8, 9, 10):
        season = [*_AUTUMN, _RETURNS[1]]
    elif today.month in (6, 7):
        season = [*_YEAR_END, _RETURNS[1]]
    else:
        season = [_AUTUMN[0], *_RETURNS]
    return [{"title": title, "message": message} for title, message in (*season, _CHECK)][:4]


def home_view(
    topics: list[tuple[str, str]],
    following: ReturnDate | None,
    today: date,
    recent: Sequence[Recent] = (),
) -> Block:
    """The Home tab. ``recent``: its owner's own last questions."""
    blocks: list[Block] = [
        {
            "type": "header",
            "text": {"type": "plain_text", "text": "ILR Helpdesk", "emoji": False},
        },
        section(
            "I answer from a reviewed knowledge base, with the source and the years it holds "
            "for. I would rather say that I do not know than guess."
        ),
        {
            "type": "input",
            "block_id": "ask",
            "dispatch_action": True,
            "label": {"type": "plain_text", "text": "Ask a question", "emoji": False},
            "hint": {
                "type": "plain_text",
                "text": "Press Enter: the answer comes to the Messages tab.",
                "emoji": False,
            },
            "element": {
                "type": "plain_text_input",
                "action_id": "ilr_home_ask",
                "max_length": 1_000,
                "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
            },
        },
        {
            "type": "actions",
            "elements": [
                button("Check a record", "ilr_check_open", style="primary"),
            ],
        },
    ]
    if following is not None:
        days = (following.closes - today).days
        left = "today" if days == 0 else f"in {days} day{'s' * (days != 1)}"
        takes = f" It takes data up to {following.data_to:%-d %B}." if following.data_to else ""
        blocks += [
            divider(),
            section(
                f"*{following.code} closes {left}*, on {following.closes:%A %-d %B %Y}.{takes}"
            ),
        ]
    blocks += _recent(recent)
    if topics:
        blocks += [divider(), section("*What I cover*"), *actions([topics_menu(topics)])]
    blocks.append(
        small("Please never paste learners’ details into a channel. `/ilr check` is private.")
    )
    return {"type": "home", "blocks": blocks}


_HANDED_OVER = {
    HandoverState.OPEN: "passed on, not taken yet",
    HandoverState.TAKEN: "passed on, someone is looking at it",
    HandoverState.ANSWERED: "answered by a person",
}
_SAID = {
    Feedback.SOLVED: "you said it was solved",
    Feedback.WRONG: "you said the answer was wrong",
    Feedback.OUT_OF_DATE: "you said the answer was out of date",
    Feedback.NOT_MY_QUESTION: "you said the answer was to another question",
}
_RESULT = {
    Result.ANSWERED: "answered",
    Result.EXPLAINED: "explained",
    Result.LIKELY: "I showed the likeliest answer",
    Result.CHOICES: "I offered choices, none was picked",
    Result.UNANSWERED: "I had no answer",
}


def _recent(recent: Sequence[Recent]) -> list[Block]:
    if not recent:
        return []
    blocks = [divider(), section("*Your recent questions*")]
    for place, one in enumerate(recent):
        asked = escape(clip(" ".join(one.text.split()), 200))
        show = one.entry_id and button(
            "Show",
            action_id("ilr_related", place, "recent"),
            EntryPayload.of({"entry": one.entry_id, "year": one.year}),
            label=f"Show the answer to: {asked}",
        )
        text = f"{asked}\n_{one.asked_at:%-d %B}: {_state(one)}_"
        blocks.append(section(text, show or None))
    return [*blocks, small("Only you see these. `/ilr forget me` deletes them.")]


def _state(one: Recent) -> str:
    """What became of a question; a person who has it matters most, then what was said."""
    if one.handover is not None:
        return _HANDED_OVER[one.handover]
    return _SAID[one.said] if one.said is not None else _RESULT[one.result]
