"""Masks every log record."""

from __future__ import annotations

import logging

from bot.privacy.masking import WITHHELD, mask

__all__ = ["MaskingFilter"]


class MaskingFilter(logging.Filter):
    """Masks the message, arguments, traceback and extra text of every log record.

    Add it to each handler (a filter on a logger does not see records of its children). The
    traceback is moved, masked, to ``exc_text``, where the standard formatter finds it.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask the record in place; it is always let through."""
        try:
            record.msg = mask(record.getMessage())
        except Exception:  # noqa: BLE001 - a log call with wrong arguments must not stop the bot
            record.msg = WITHHELD
        record.args = ()
        try:
            if record.exc_info and not record.exc_text:
                record.exc_text = logging.Formatter().formatException(record.exc_info)
        except Exception:  # noqa: BLE001 - an exception that cannot be printed
            record.exc_text = WITHHELD
        record.exc_info = None
        if record.exc_text:
            record.exc_text = mask(record.exc_text)
        if record.stack_info:
            record.stack_info = mask(record.stack_info)
        for key, value in record.__dict__.items():
            if key in _RECORD_ATTRIBUTES or isinstance(value, bool | float | None):
                continue
            text = value if isinstance(value, str) else repr(value)
            masked = mask(text)
            if not isinstance(value, int) or masked != text:
                record.__dict__[key] = masked
        return True


_RECORD_ATTRIBUTES = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}
