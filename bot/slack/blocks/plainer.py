"""A message in plainer forms, for a Slack that refuses its blocks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.slack.blocks.post import Block
from bot.slack.blocks.text import bold, clip

__all__ = ["MAX_TEXT", "plainer"]

MAX_TEXT = 3_900
"""Characters of a message of text alone; Slack splits, or refuses, what has more than 4,000."""


def plainer(message: dict[str, Any]) -> list[dict[str, Any]]:
    """The message as it is, then with nothing but common blocks, then as text alone.

    The text says what the blocks say, with their links; a button or menu is lost.
    """
    blocks: list[Block] = message.get("blocks") or []
    if not blocks:
        return [message]
    common = [plain for block in blocks for plain in _common(block)]
    text = clip("\n".join(_words(common)) or message["text"], MAX_TEXT)
    bare = {key: value for key, value in message.items() if key != "blocks"} | {"text": text}
    return [message, *([message | {"blocks": common}] if common != blocks else []), bare]


def _common(block: Block) -> list[Block]:
    """A fold opened, a picture in Slack by its words; any other block as it is."""
    if block["type"] == "container":
        title = {"type": "mrkdwn", "text": bold(block["title"]["text"])}
        return [{"type": "section", "text": title}, *block["child_blocks"]]
    if block["type"] == "image" and "slack_file" in block:
        words = {"type": "plain_text", "text": block["alt_text"], "emoji": False}
        return [{"type": "section", "text": words}]
    return [block]


def _words(blocks: list[Block]) -> Iterator[str]:
    for block in blocks:
        if block["type"] == "context":
            yield from (one["text"] for one in block["elements"] if "text" in one)
        elif isinstance(block.get("text"), dict):
            yield block["text"]["text"]
