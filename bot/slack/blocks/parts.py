"""The small parts that every message is made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from bot.slack.blocks.post import BUTTON, SECTION, Block
from bot.slack.blocks.text import clip, paragraphs
from bot.slack.payloads import Payload

__all__ = [
    "BUTTON_VALUE",
    "MAX_OPTIONS",
    "OPTION",
    "OPTION_VALUE",
    "action_id",
    "action_pattern",
    "actions",
    "button",
    "divider",
    "fold",
    "in_part",
    "labelled",
    "menu",
    "modal",
    "option",
    "picture",
    "plain",
    "section",
    "sections",
    "small",
]

BUTTON_VALUE = 2_000
"""Characters that a button can carry."""
OPTION, OPTION_VALUE, MAX_OPTIONS = 75, 150, 100
"""Characters that Slack takes of a menu's choice, and of what it carries; choices of a menu."""


def section(text: str, accessory: Block | None = None) -> Block:
    """A paragraph of mrkdwn, with a button beside it or not."""
    block: Block = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
    return block | {"accessory": accessory} if accessory else block


def sections(text: str) -> list[Block]:
    """Mrkdwn of any length as as many sections as it takes. Text is shown unfolded."""
    return [section(piece) | {"expand": True} for piece in paragraphs(text, SECTION)]


def small(*lines: str) -> Block:
    """Small print: lines below each other. Slack sets elements beside each other, as columns, so
    it is one element, unless there is more than one holds."""
    pieces = paragraphs("\n".join(lines), SECTION)
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": one} for one in pieces]}


def divider() -> Block:
    """A line across."""
    return {"type": "divider"}


def fold(title: str, blocks: list[Block]) -> Block:
    """Up to ten blocks behind a title that opens them. For messages: a modal takes none."""
    return {
        "type": "container",
        "title": {"type": "plain_text", "text": title, "emoji": False},
        "is_collapsible": True,
        "default_collapsed": True,
        "width": "full",
        "child_blocks": blocks[:10],
    }


def picture(file: str, alt: str) -> Block:
    """A picture that was given to Slack before, by the id of its file."""
    return {"type": "image", "slack_file": {"id": file}, "alt_text": alt}


def button(
    text: str,
    action: str,
    payload: Payload | None = None,
    *,
    style: Literal["primary", "danger"] | None = None,
    label: str | None = None,
) -> Block:
    """A button; ``payload`` comes back with the click, ``label`` is for screen readers."""
    block: Block = {
        "type": "button",
        "text": {"type": "plain_text", "text": clip(text, BUTTON), "emoji": False},
        "action_id": action,
    }
    if payload is not None:
        block["value"] = payload.to_json()
    if style:
        block["style"] = style
    if label:
        block["accessibility_label"] = clip(label, BUTTON)
    return block


def action_id(action: str, place: int, group: str = "") -> str:
    """The id of one of several buttons of a kind; ``group`` tells lists in a message apart.

    Every number stands alone between underscores, so that no place runs into another's.
    """
    return f"{action}_{group}_{place}" if group else f"{action}_{place}"


def in_part(blocks: list[Block], part: int) -> list[Block]:
    """Blocks of a message's second or further part, with ids that the first does not have."""
    return [_in_part(block, part) for block in blocks] if part else blocks


def _in_part(block: Block, part: int) -> Block:
    if "accessory" in block:
        return block | {"accessory": _renamed(block["accessory"], part)}
    if block["type"] == "actions":
        return block | {"elements": [_renamed(one, part) for one in block["elements"]]}
    return block


def _renamed(element: Block, part: int) -> Block:
    return element | {"action_id": f"{element['action_id']}_part_{part}"}


def action_pattern(action: str) -> re.Pattern[str]:
    """Every id that a button of a kind has, or had in messages that are still there."""
    return re.compile(rf"^{action}(_([a-z]+_|[tdh])?\d+)*$")


def actions(buttons: Iterable[Block]) -> list[Block]:
    """A row of buttons, or no row at all."""
    elements = list(buttons)
    return [{"type": "actions", "elements": elements}] if elements else []


def plain(text: str) -> Block:
    """Words as they are, without mrkdwn or emoji."""
    return {"type": "plain_text", "text": text, "emoji": False}


def option(text: str, value: str) -> Block:
    """One of a menu's choices; longer words than Slack shows are cut."""
    return {"text": plain(clip(text, OPTION)), "value": value}


def _long_option(text: str, value: str) -> Block:
    """The same with what does not fit in a second line."""
    if len(text) <= OPTION:
        return option(text, value)
    cut = text.rfind(" ", 0, OPTION + 1)
    head, rest = (text[:cut], text[cut + 1 :]) if cut > 0 else (text[:OPTION], text[OPTION:])
    return option(head, value) | {"description": plain(clip(rest, OPTION))}


def menu(
    placeholder: str, action: str, groups: Mapping[str, Sequence[tuple[str, Payload]]]
) -> Block:
    """A menu whose choices carry what a button would. ``groups``: a heading to its choices; a
    single group has no heading."""
    shown = {
        heading: [_long_option(text, payload.to_json()) for text, payload in choices]
        for heading, choices in groups.items()
        if choices
    }
    block: Block = {"type": "static_select", "action_id": action, "placeholder": plain(placeholder)}
    if len(shown) == 1:
        return block | {"options": next(iter(shown.values()))}
    listed = [{"label": plain(heading), "options": found} for heading, found in shown.items()]
    return block | {"option_groups": listed}


def labelled(
    block_id: str, label: str, element: Block, *, optional: bool = False, hint: str | None = None
) -> Block:
    """An element of a form with its label, and a hint beneath."""
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": element,
        "optional": optional,
    }
    return block | {"hint": plain(hint)} if hint else block


def modal(
    title: str,
    blocks: list[Block],
    *,
    callback: str | None = None,
    submit: str | None = None,
    close: str = "Close",
    payload: Payload | None = None,
    tell_closed: bool = False,
) -> Block:
    """A modal view. ``payload`` comes back when it is sent.

    ``tell_closed``: and when it is closed.
    """
    view: Block = {
        "type": "modal",
        "title": {"type": "plain_text", "text": clip(title, 24), "emoji": False},
        "close": {"type": "plain_text", "text": close, "emoji": False},
        "blocks": blocks,
    }
    if callback:
        view["callback_id"] = callback
    if submit:
        view["submit"] = {"type": "plain_text", "text": submit, "emoji": False}
    if tell_closed:
        view["notify_on_close"] = True
    if payload is not None:
        view["private_metadata"] = payload.to_json()
    return view
