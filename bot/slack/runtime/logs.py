"""Logs as JSON lines with allow-listed fields: what happened, never what was written.

A log line of ours is a fixed sentence and these fields. What libraries log is cut at the
first quotation or figure of data, and masked.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
import sys
import threading
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from bot.errors import places
from bot.privacy import mask

__all__ = ["FIELDS", "REPEATED", "JsonLines", "configure", "log", "new_reference"]

log = logging.getLogger("ilr")

REPEATED = "an event came again"
"""What the log says of an event that Slack repeats and that is taken already."""

FIELDS = (
    "reference",
    "source",
    "outcome",
    "entry",
    "ms",
    "error",
    "code",
    "where",
    "fix",
    "count",
    "mode",
    "port",
    "file",
    "seconds",
)
_DATA = re.compile(r"(?:[\[{\"<(:]|(?<!\w)'|'(?!\w)).*", re.DOTALL)
"""Where data may begin; the apostrophe of "the ledger's database" is none."""


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        ours = record.name.partition(".")[0] in {"ilr", "bot"}
        message = record.getMessage() if ours else _DATA.sub("", str(record.msg))[:120].strip()
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": mask(message),
        }
        for name in FIELDS:
            value = record.__dict__.get(name)
            if value is not None:
                line[name] = value
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = type(record.exc_info[1]).__name__
            line["where"] = places(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)


def configure(level: str) -> None:
    """Log JSON lines to standard output: ours at ``level``, libraries from warnings up."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines())
    # Bolt warns of what is meant: our own authorize, and requests that nobody listens to. Its
    # loggers have levels of their own, so they are filtered here.
    handler.addFilter(_is_relevant)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    log.setLevel(level)
    logging.getLogger("bot").setLevel(level)
    # Nothing else writes: a warning, and an error that nobody took, are lines like any other.
    logging.captureWarnings(True)
    logging.raiseExceptions = False
    sys.excepthook = _log_untaken
    threading.excepthook = _log_untaken_of_a_thread
    sys.unraisablehook = _log_unraisable


def _log_untaken(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    log.critical("an error ended the program", exc_info=(kind, error, trace))


def _log_untaken_of_a_thread(given: threading.ExceptHookArgs) -> None:
    error = given.exc_value or given.exc_type()
    if not isinstance(error, SystemExit):
        log.error("an error ended a thread", exc_info=(type(error), error, given.exc_traceback))


def _log_unraisable(given: sys.UnraisableHookArgs) -> None:
    error = given.exc_value or given.exc_type()
    log.error("an error was dropped", exc_info=(type(error), error, given.exc_traceback))


def _is_relevant(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.ERROR or not record.name.startswith("slack_bolt")


def new_reference() -> str:
    """Six characters that a person can read out; the log has the same."""
    return secrets.token_hex(3)
