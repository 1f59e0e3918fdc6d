"""A message or view, and the one place that keeps it within Slack's limits.

Figures are Slack's published ones, except the total of a message's text, which Slack refuses
somewhere above 13,000 characters without saying where: 12,000 is kept to.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from bot.slack.blocks.text import clip

__all__ = ["Block", "Post", "fit", "fit_view"]

Block = dict[str, Any]

MAX_BLOCKS, MAX_VIEW_BLOCKS = 50, 100
MAX_TEXT_LENGTH, MAX_BLOCK_TEXT = 3_000, 11_500
"""Characters of the plain text, and of all blocks together."""
SECTION, FIELD, HEADER, BUTTON, CONTEXT_ELEMENTS, ACTION_ELEMENTS = 3_000, 2_000, 150, 75, 10, 25
FOLDED = 10
"""Blocks in a container."""
_LAST_KEPT = 3
"""Blocks at the end (small print, buttons) that stay when a message is shortened."""
_CUT = "Shortened: the rest does not fit in one message."


@dataclass(frozen=True, slots=True)
class Post:
    """A message: blocks, and the same in plain text for notifications and screen readers."""

    text: str
    blocks: list[Block] = field(default_factory=list)

    def fitted(self) -> Post:
        """Within every limit."""
        return Post(clip(self.text.strip() or "…", MAX_TEXT_LENGTH), fit(self.blocks))

    def with_note(self, note: str) -> Post:
        """The same with a line more of small print before its buttons."""
        last = self.blocks[-1:] if self.blocks and self.blocks[-1]["type"] == "actions" else []
        first = self.blocks[: len(self.blocks) - len(last)]
        lines = [note]
        if first and first[-1]["type"] == "context" and len(first[-1]["elements"]) == 1:
            before = first[-1]["elements"][0].get("text", "")
            if len(before) + len(note) < SECTION:
                first, lines = first[:-1], [before, note]
        text = {"type": "mrkdwn", "text": "\n".join(lines)}
        return replace(self, blocks=[*first, {"type": "context", "elements": [text]}, *last])


def fit(blocks: list[Block], most: int = MAX_BLOCKS, longest: int = MAX_BLOCK_TEXT) -> list[Block]:
    """The blocks, cut to every limit; what had to go is said."""
    fitted = [_verbatim(_element_limits(block)) for block in blocks]
    if len(fitted) <= most and sum(map(_length, fitted)) <= longest:
        return fitted
    tail = fitted[-_LAST_KEPT:]
    room = longest - sum(map(_length, tail)) - len(_CUT)
    kept: list[Block] = []
    for block in fitted[:-_LAST_KEPT]:
        room -= _length(block)
        if room < 0 or len(kept) + len(tail) + 1 >= most:
            break
        kept.append(block)
    said: Block = {"type": "context", "elements": [{"type": "mrkdwn", "text": _CUT}]}
    return [*kept, said, *tail]


def fit_view(view: Block) -> Block:
    """A modal or Home view, cut to every limit."""
    return view | {"blocks": fit(view["blocks"], MAX_VIEW_BLOCKS)}


def _length(given: Any) -> int:
    """Characters a reader sees: every ``text`` below a block."""
    if isinstance(given, dict):
        return sum(
            len(value) if key == "text" and isinstance(value, str) else _length(value)
            for key, value in given.items()
        )
    return sum(_length(item) for item in given) if isinstance(given, list) else 0


def _verbatim(given: Any) -> Any:
    """The same, linking and tagging only what is marked up: no bare address and no @here."""
    if isinstance(given, dict):
        found = {key: _verbatim(value) for key, value in given.items()}
        return found | {"verbatim": True} if given.get("type") == "mrkdwn" else found
    return [_verbatim(item) for item in given] if isinstance(given, list) else given


def _element_limits(block: Block) -> Block:
    kind = block["type"]
    fitted = dict(block)
    if kind == "section":
        if "text" in block:
            fitted["text"] = _clipped(block["text"], SECTION)
        if "fields" in block:
            fitted["fields"] = [_clipped(item, FIELD) for item in block["fields"][:10]]
        if "accessory" in block:
            fitted["accessory"] = _button(block["accessory"])
    elif kind == "header":
        fitted["text"] = _clipped(block["text"], HEADER)
    elif kind == "context":
        fitted["elements"] = [
            _clipped(item, SECTION) if "text" in item else item
            for item in block["elements"][:CONTEXT_ELEMENTS]
        ]
    elif kind == "container":
        fitted["title"] = _clipped(block["title"], HEADER)
        fitted["child_blocks"] = [_element_limits(one) for one in block["child_blocks"][:FOLDED]]
    elif kind == "actions":
        fitted["elements"] = [_button(item) for item in block["elements"][:ACTION_ELEMENTS]]
    return fitted


def _clipped(text: Block, longest: int) -> Block:
    return text | {"text": clip(text["text"], longest)}


def _button(element: Block) -> Block:
    if element.get("type") != "button":
        return element
    return element | {"text": _clipped(element["text"], BUTTON)}
