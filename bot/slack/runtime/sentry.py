"""Failures for Sentry, when ILR_SENTRY_DSN names one: what the log says of them and no more.

Sentry's own collecting is off. Each event is built from a line of the log, which holds kinds and
places of errors and never a word of what was written; the rest of what the library adds is cut
to a list of what may go.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bot import __version__
from bot.errors import SettingsError
from bot.slack.runtime.logs import JsonLines

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint

__all__ = ["Sentry", "report_to"]

_KEPT = ("event_id", "timestamp", "level", "logger", "release", "platform", "message", "tags")
_TAGS = ("reference", "source", "code")
_FRAMES = ("filename", "function", "lineno", "in_app")


def report_to(dsn: str, *, transport: Callable[..., Any] | None = None) -> Sentry:
    """Send what is logged as an error from now on. Raises SettingsError when that cannot be.

    ``transport``: in place of the network, for tests.
    """
    try:
        import sentry_sdk
        from sentry_sdk.utils import BadDsn
    except ImportError:
        raise SettingsError(
            'ILR_SENTRY_DSN is set: pip install "ilr-helpdesk[sentry]", or take it away.'
        ) from None
    try:
        client = sentry_sdk.Client(
            dsn=dsn,
            transport=transport,
            release=f"ilr-helpdesk@{__version__}",
            before_send=_scrubbed,
            default_integrations=False,
            auto_enabling_integrations=False,
            auto_session_tracking=False,
            include_local_variables=False,
            include_source_context=False,
            attach_stacktrace=False,
            max_breadcrumbs=0,
            server_name="",
        )
    except BadDsn:
        raise SettingsError(
            "ILR_SENTRY_DSN is no Sentry address: copy it from the project's page."
        ) from None
    handler = Sentry(client.capture_event, client.close)
    logging.getLogger().addHandler(handler)
    return handler


class Sentry(logging.Handler):
    """Turns lines of the log at level error into events."""

    def __init__(self, capture: Callable[..., Any], end: Callable[..., Any]) -> None:
        super().__init__(logging.ERROR)
        self.setFormatter(JsonLines())
        self._capture, self._end = capture, end

    def emit(self, record: logging.LogRecord) -> None:
        """Send it; what cannot be sent is dropped.

        A library's own complaint, such as Slack being away, is no failure of ours.
        """
        if not record.exc_info and record.name.partition(".")[0] not in {"ilr", "bot"}:
            return
        try:
            self._capture(_event(json.loads(self.format(record))))
        except Exception:  # noqa: BLE001 - reporting a failure must not be another
            return

    def stop(self) -> None:
        """Send what waits, and no more after it."""
        logging.getLogger().removeHandler(self)
        self._end(timeout=2)


def _event(line: dict[str, Any]) -> dict[str, Any]:
    """An event from a line of the log."""
    event: dict[str, Any] = {
        "level": line["level"],
        "logger": line["logger"],
        "message": line["message"],
        "tags": {name: str(line[name]) for name in _TAGS if name in line},
    }
    if "error" in line:
        frames = [_frame(place) for place in line.get("where") or []]
        event["exception"] = {
            "values": [{"type": line["error"], "value": line["message"],
                        "stacktrace": {"frames": frames}}]
        }  # fmt: skip
    return event


def _frame(place: str) -> dict[str, Any]:
    """``file.py:12 function`` as Sentry wants it."""
    file, _, rest = place.partition(":")
    number, _, function = rest.partition(" ")
    line = int(number) if number.isdigit() else None
    return {"filename": file, "lineno": line, "function": function}


def _scrubbed(event: Event, _hint: Hint) -> Event:
    """Only what may go, whatever the library or a later version of it added."""
    given: dict[str, Any] = dict(event)
    kept: dict[str, Any] = {name: given[name] for name in _KEPT if name in given}
    kept["tags"] = {k: v for k, v in (given.get("tags") or {}).items() if k in _TAGS}
    values = (given.get("exception") or {}).get("values") or []
    kept["exception"] = {"values": [_error(value) for value in values]}
    return kept  # type: ignore[return-value]


def _error(value: dict[str, Any]) -> dict[str, Any]:
    frames = (value.get("stacktrace") or {}).get("frames") or []
    return {
        "type": value.get("type"),
        "value": value.get("value"),
        "stacktrace": {
            "frames": [{k: v for k, v in one.items() if k in _FRAMES} for one in frames]
        },
    }
