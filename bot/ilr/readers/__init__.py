"""Readers turn text into a record. ``read`` finds out what was given and picks one."""

from __future__ import annotations

from bot.ilr.readers.detect import kind_of_text, looks_like_record, may_begin_record, read
from bot.ilr.readers.parsed import ParsedRecord, Violation

__all__ = [
    "ParsedRecord",
    "Violation",
    "kind_of_text",
    "looks_like_record",
    "may_begin_record",
    "read",
]
