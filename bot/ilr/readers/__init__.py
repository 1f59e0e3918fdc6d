"""Readers turn text into a record. ``read`` finds out what was given and picks one."""

from __future__ import annotations

from bot.ilr.readers.reading import (
    Reading,
    Violation,
    kind_of_text,
    looks_like_record,
    may_begin_record,
    read,
)

__all__ = [
    "Reading",
    "Violation",
    "kind_of_text",
    "looks_like_record",
    "may_begin_record",
    "read",
]
