"""Connections to Slack that stay open between calls.

A call of its own connection costs two journeys to Slack and back and a handshake before anything is
said. What a call may meet is as with urllib, so that whoever tries again knows what may have been
done: until a request is sent it fails with URLError, and afterwards with what the socket says.
"""

from __future__ import annotations

import http
import http.client
import io
import select
import ssl
import threading
import time
from collections import deque
from contextlib import suppress
from email.message import Message
from functools import cached_property
from urllib.error import HTTPError, URLError
from urllib.request import Request

__all__ = ["CONNECTIONS", "Connections"]

SECONDS_IDLE = 15.0
"""After so long a connection is not used again: Slack may be about to close it, and what is sent at
that moment may or may not have been done."""
MOST_IDLE = 16


class Connections:
    """Open connections by where they go. Safe to share between threads."""

    def __init__(self) -> None:
        self._idle: dict[tuple[str, str], deque[tuple[float, http.client.HTTPConnection]]] = {}
        self._lock = threading.Lock()

    def send(
        self, request: Request, seconds: float, context: ssl.SSLContext | None = None
    ) -> tuple[int, Message, bytes]:
        """Send a request and read the answer: status, headers and body.

        Raises URLError where it was not sent, HTTPError for a status that is no success, and else
        what the connection meets.
        """
        where = (request.type, request.host)
        connection = self._taken(where) or self._made(where, context)
        connection.timeout = seconds
        try:
            if connection.sock is not None:
                connection.sock.settimeout(seconds)
            try:
                connection.request(
                    request.get_method(),
                    request.selector,
                    request.data,
                    dict(request.header_items()),
                )
            except OSError as error:
                raise URLError(error) from error
            answer = connection.getresponse()
            body = answer.read()
        except BaseException:
            connection.close()
            raise
        if answer.will_close:
            connection.close()
        else:
            self._give_back(where, connection)
        if not http.HTTPStatus.OK <= answer.status < http.HTTPStatus.MULTIPLE_CHOICES:
            raise HTTPError(
                request.full_url, answer.status, answer.reason, answer.headers, io.BytesIO(body)
            )
        return answer.status, answer.headers, body

    def close(self) -> None:
        """Close those that are idle."""
        with self._lock:
            idle = [one for each in self._idle.values() for _, one in each]
            self._idle.clear()
        for one in idle:
            one.close()

    def _made(
        self, where: tuple[str, str], context: ssl.SSLContext | None
    ) -> http.client.HTTPConnection:
        scheme, host = where
        if scheme == "https":
            trusted = context or self._trusted
            return http.client.HTTPSConnection(host, context=trusted)
        return http.client.HTTPConnection(host)

    @cached_property
    def _trusted(self) -> ssl.SSLContext:
        """Made once: to read the certificates takes longer than to answer a question."""
        return ssl.create_default_context()

    def _taken(self, where: tuple[str, str]) -> http.client.HTTPConnection | None:
        """The connection used last, if it is still open; those that are not are closed."""
        while True:
            with self._lock:
                idle = self._idle.get(where)
                if not idle:
                    return None
                since, connection = idle.pop()
            if time.monotonic() - since < SECONDS_IDLE and _is_quiet(connection):
                return connection
            connection.close()

    def _give_back(self, where: tuple[str, str], connection: http.client.HTTPConnection) -> None:
        now = time.monotonic()
        old: list[http.client.HTTPConnection] = []
        with self._lock:
            self._idle.setdefault(where, deque()).append((now, connection))
            for idle in self._idle.values():
                while idle and (now - idle[0][0] >= SECONDS_IDLE or len(idle) > MOST_IDLE):
                    old.append(idle.popleft()[1])
            for gone in [one for one, idle in self._idle.items() if not idle]:
                del self._idle[gone]
        for one in old:
            one.close()


def _is_quiet(connection: http.client.HTTPConnection) -> bool:
    """Whether nothing came while it was idle: what comes then is its end."""
    with suppress(OSError, ValueError):
        if connection.sock is not None:
            return not select.select([connection.sock], [], [], 0)[0]
    return False


CONNECTIONS = Connections()
"""Those of this process."""
