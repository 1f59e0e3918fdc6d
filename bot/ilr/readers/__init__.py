"""Readers turn text into a record. ``read`` finds out what was given and picks one.

They are imported when first needed: to answer a question takes none of them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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

_PARSED = ("ParsedRecord", "Violation")


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = import_module("bot.ilr.readers." + ("parsed" if name in _PARSED else "detect"))
    return getattr(home, name)
