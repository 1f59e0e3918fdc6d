"""The web server: health pages in both modes, and Slack's requests over HTTP.

Anybody who reaches the port may send anything, so what is taken is small, and soon.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from waitress import wasyncore  # type: ignore[import-untyped]
from waitress.channel import HTTPChannel  # type: ignore[import-untyped]
from waitress.server import create_server  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

__all__ = ["MAX_BODY", "SECONDS_TO_SEND", "Web"]

MAX_BODY = 2_000_000
"""Bytes of a request; a form filled to its limits, twice escaped, is under one million."""
MAX_HEADERS = 32_768
SECONDS_TO_SEND = 10
"""A request must be here whole within this long, however it trickles."""
SECONDS_IDLE = 20
CONNECTIONS = 500
"""A balancer may keep many idle connections; at waitress's own limit of 100 the next one would
wait for one of them to end."""
SECONDS_BETWEEN_SWEEPS = 2


class _Channel(HTTPChannel):  # type: ignore[misc]
    """A connection that knows since when its sender owes it a request."""

    owed_since = 0.0

    def received(self, data: bytes) -> Any:
        """Take what was sent."""
        if self.request is None:
            self.owed_since = time.time()
        return super().received(data)

    def is_too_slow(self, now: float) -> bool:
        """Whether a request that was begun, or the first one, is still not here."""
        if self.request is not None:
            return now - self.owed_since > SECONDS_TO_SEND
        return not self.owed_since and now - float(self.creation_time) > SECONDS_TO_SEND


class Web:
    """Waitress in a thread of its own."""

    def __init__(
        self,
        page: Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]],
        host: str,
        port: int,
        *,
        max_body: int = MAX_BODY,
    ) -> None:
        """``page`` answers each request; a body of more than ``max_body`` bytes is refused."""
        self._open: dict[int, wasyncore.dispatcher] = {}
        self._server = create_server(
            page,
            map=self._open,
            host=host,
            port=port,
            threads=12,
            connection_limit=CONNECTIONS,
            asyncore_use_poll=True,
            max_request_body_size=max_body + 1,  # waitress refuses what is as long as this
            max_request_header_size=MAX_HEADERS,
            channel_timeout=SECONDS_IDLE,
            cleanup_interval=SECONDS_BETWEEN_SWEEPS,
        )
        self._server.channel_class = _Channel
        self._close_idle = self._server.maintenance
        self._server.maintenance = self._sweep
        self._thread = threading.Thread(target=self._server.run, name="web", daemon=True)

    def _sweep(self, now: float) -> None:
        self._close_idle(now)
        for channel in self._server.active_channels.values():
            if not channel.requests and channel.is_too_slow(now):
                channel.will_close = True

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._server.effective_port)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def refuse(self) -> None:
        """Take no more connections; those that are open are served."""
        # In its own thread: the loop may be waiting on the socket that is closed.
        self._server.trigger.pull_trigger(lambda: wasyncore.dispatcher.close(self._server))

    def stop(self) -> None:
        """Finish what is under way, then end, and leave no thread and no socket."""
        self._server.task_dispatcher.shutdown(cancel_pending=True, timeout=2)
        if self._thread.is_alive():
            self._server.trigger.pull_trigger(self._close)
            self._thread.join(2)
        else:
            self._close()

    def _close(self) -> None:
        wasyncore.close_all(self._open, ignore_all=True)
