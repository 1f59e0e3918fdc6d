"""Orders to the bot, which are no questions."""

from __future__ import annotations

import re

__all__ = ["is_order"]

_ORDERS = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,30}\b(?:instructions?|rules|prompts?|told|said)\b"
    r"|\b(?:system|hidden|initial)\s+(?:prompt|message|instructions?)\b"
    r"|\b(?:pretend|act)\s+(?:that\s+)?(?:to\s+be|you(?:'re|\s+are)|as\s+(?:if|a|an|my))\b"
    r"|\b(?:developer|debug|admin|god)\s+mode\b|\bjailbreak"
    r"|^(?:(?:please|pls|can|could|would|will|you|now|and)\s+){0,4}"
    r"(?:list|show|give|print|dump|export|delete|remove|wipe|erase|reveal|send|tell|output)\b.{0,60}?"
    r"\b(?:all|every|everyone(?:'s)?|each)\s+(?:(?:of|the|our|your|my|other)\s+){0,3}"
    r"(?:learners?|students?|pupils?|people|users?|staff|passwords?|tokens?|secrets?|data"
    r"|(?:ulns?|names|postcodes|addresses|emails))(?:'s?)?"
    r"(?:\s+(?:ulns?|names|postcodes|addresses|emails|details|data|records|dates\s+of\s+birth)){0,2}\W*$",
    re.IGNORECASE,
)
"""Attempts to instruct or extract. Nothing here obeys text: this only spares them choices."""


def is_order(text: str) -> bool:
    """Whether a text tries to instruct the bot, or to get other people's data out of it."""
    return _ORDERS.search(text) is not None
