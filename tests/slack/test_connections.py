"""Connections to Slack stay open between calls, and say what became of a request as urllib does."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from urllib.error import HTTPError, URLError
from urllib.request import Request

import pytest

from bot.slack.runtime import connections
from bot.slack.runtime.connections import Connections

ASKED = b"text=hello"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
LAST = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
BUSY = b"HTTP/1.1 429 Too Many\r\nRetry-After: 7\r\nContent-Length: 4\r\n\r\nbusy"


class Server:
    """Answers each request with the next of ``answers``; None: cuts the connection instead."""

    def __init__(self) -> None:
        self.answers: list[bytes | None] = []
        self.accepted = 0
        self.open: list[socket.socket] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/api/chat.postMessage"
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.accepted += 1
            self.open.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            while self._reads_one(connection):
                answer = self.answers.pop(0)
                if answer is None:
                    return
                connection.sendall(answer)

    def _reads_one(self, connection: socket.socket) -> bool:
        """Whether another request came, whole."""
        told = b""
        while not told.endswith(ASKED):
            more = connection.recv(65_536)
            if not more:
                return False
            told += more
        return True

    def close(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._accepting.join(5)


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.close()


@pytest.fixture
def kept() -> Iterator[Connections]:
    made = Connections()
    yield made
    made.close()


def ask(kept: Connections, server: Server) -> tuple[int, bytes]:
    request = Request(server.url, data=ASKED, method="POST")  # noqa: S310
    status, _, body = kept.send(request, 5.0)
    return status, body


def test_a_connection_serves_the_next_call_too(kept: Connections, server: Server) -> None:
    server.answers = [ANSWER] * 3
    assert [ask(kept, server) for _ in range(3)] == [(200, b"{}")] * 3
    assert server.accepted == 1


def test_what_slack_closes_is_not_used_again(kept: Connections, server: Server) -> None:
    server.answers = [LAST, ANSWER]
    ask(kept, server)
    ask(kept, server)
    assert server.accepted == 2


def test_one_that_was_cut_while_idle_is_not_used_again(kept: Connections, server: Server) -> None:
    server.answers = [ANSWER, ANSWER]
    ask(kept, server)
    server.open[0].shutdown(socket.SHUT_RDWR)
    assert ask(kept, server) == (200, b"{}")
    assert server.accepted == 2


def test_one_that_was_idle_for_long_is_not_used_again(
    kept: Connections, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.answers = [ANSWER, ANSWER]
    ask(kept, server)
    monkeypatch.setattr(connections, "SECONDS_IDLE", 0.0)
    ask(kept, server)
    assert server.accepted == 2


def test_a_request_that_was_cut_off_is_sent_no_second_time(
    kept: Connections, server: Server
) -> None:
    """It may have been done: whoever asked knows whether to look first."""
    server.answers = [ANSWER, None, ANSWER]
    ask(kept, server)
    with pytest.raises(ConnectionError):
        ask(kept, server)
    assert server.answers == [ANSWER]
    assert ask(kept, server) == (200, b"{}")


def test_a_status_that_is_no_success_is_an_error_with_its_headers(
    kept: Connections, server: Server
) -> None:
    server.answers = [BUSY, ANSWER]
    with pytest.raises(HTTPError) as caught:
        ask(kept, server)
    assert (caught.value.code, caught.value.headers["Retry-After"]) == (429, "7")
    assert caught.value.read() == b"busy"
    ask(kept, server)
    assert server.accepted == 1


def test_where_nobody_listens_nothing_was_sent(kept: Connections) -> None:
    gone = Server()
    gone.close()
    with pytest.raises(URLError):
        ask(kept, gone)


def test_threads_have_connections_of_their_own(kept: Connections, server: Server) -> None:
    server.answers = [ANSWER] * 40
    workers = [
        threading.Thread(target=lambda: [ask(kept, server) for _ in range(10)]) for _ in range(4)
    ]
    for one in workers:
        one.start()
    for one in workers:
        one.join(20)
    assert not server.answers
    assert server.accepted <= 4
