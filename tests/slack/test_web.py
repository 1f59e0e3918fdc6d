"""What reaches the port from anybody: small, signed, and here in time, or refused."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import slack_bolt.request.internals as bolt_reads

from bot.settings import Settings
from bot.slack.runtime import web
from bot.slack.runtime.server import Server
from bot.slack.runtime.web import MAX_BODY, Web
from tests.slack.running_bot import SECRET, Bot, bot, start, warm
from tests.support.slack_standin import SlackStandIn, signed_request

__all__ = ["bot", "start", "warm"]


EVERYWHERE = "0.0.0.0"  # noqa: S104


def said(environ: dict[str, Any], start: Any) -> list[bytes]:
    """Says how many bytes it was sent."""
    body = str(len(environ["wsgi.input"].read())).encode()
    start("200 OK", [("Content-Length", str(len(body)))])
    return [body]


@contextlib.contextmanager
def serving(**limits: int) -> Iterator[Web]:
    server = Web(said, "127.0.0.1", 0, **limits)
    server.start()
    try:
        yield server
    finally:
        server.refuse()
        server.stop()


def posted(port: int, body: bytes, **headers: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        with contextlib.suppress(ConnectionError):  # refused while it is sent
            connection.request("POST", "/slack/events", body, headers)
        return connection.getresponse().status
    finally:
        connection.close()


def test_a_body_beyond_the_limit_is_refused() -> None:
    with serving() as server:
        assert posted(server.port, b"x" * MAX_BODY) == 200
        assert posted(server.port, b"x" * (MAX_BODY + 1)) == 413


def test_in_socket_mode_no_body_is_taken() -> None:
    with serving(max_body=0) as server:
        assert posted(server.port, b"") == 200
        assert posted(server.port, b"x") == 413


@pytest.mark.parametrize("sent", [b"", b"GET /healthz HTTP/1.1\r\nX: "])
def test_a_request_that_trickles_is_given_up(monkeypatch: pytest.MonkeyPatch, sent: bytes) -> None:
    monkeypatch.setattr(web, "SECONDS_TO_SEND", 0.5)
    monkeypatch.setattr(web, "SECONDS_BETWEEN_SWEEPS", 0)
    with serving() as server, socket.create_connection(("127.0.0.1", server.port), 10) as slow:
        if sent:
            slow.sendall(sent)
        slow.settimeout(0.1)
        until, closed = time.monotonic() + 15, False
        while not closed and time.monotonic() < until:
            try:
                if sent:
                    slow.sendall(b"y")  # never idle, never done
                closed = slow.recv(1) == b""
            except TimeoutError:
                continue
            except ConnectionError:
                closed = True
        assert closed


def test_what_is_not_signed_is_refused_before_it_is_read_as_anything(
    slack: SlackStandIn, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert slack._address
    read: list[str] = []
    parse = bolt_reads.parse_body

    def counted(body: str, kind: str | None) -> dict[str, Any]:
        read.append(body)
        return parse(body, kind)

    monkeypatch.setattr("slack_bolt.request.request.parse_body", counted)
    port = int(slack._address[0].split(":")[2].split("/")[0])
    payload = {"type": "event_callback", "event": {"type": "x"}, "bulk": [{}, []] * 1_000}
    body, headers = signed_request("events_api", payload, slack.signing_secret)
    refused = {
        "unsigned": {k: v for k, v in headers.items() if "Signature" not in k},
        "of another": signed_request("events_api", payload, "not the secret")[1],
        "old": signed_request(
            "events_api", payload, slack.signing_secret, timestamp=time.time() - 3_600
        )[1],
        "no time": headers | {"X-Slack-Request-Timestamp": "soon"},
    }
    for name, given in refused.items():
        assert posted(port, body, **given) == 401, name
    assert posted(port, b"\xff" + body, **headers) == 401
    assert read == []
    assert posted(port, body, **headers) == 200
    assert read == [body.decode()]


@pytest.mark.parametrize(("mode", "host"), [("socket", "127.0.0.1"), ("http", EVERYWHERE)])
def test_only_http_listens_beyond_this_machine(
    slack: SlackStandIn, tmp_path: Path, mode: str, host: str
) -> None:
    settings = Settings(
        slack_bot_token=slack.bot_token,
        slack_app_token=slack.app_token if mode == "socket" else "",
        slack_signing_secret=slack.signing_secret,
        port=0,
        database_url=f"sqlite:///{tmp_path / 'l.db'}",
        secret=SECRET,
        semantic="off",
    )
    for chosen, expected in ((settings, host), (replace(settings, host="127.0.0.2"), "127.0.0.2")):
        server = Server(chosen)
        try:
            assert server._web._server.effective_host == expected
        finally:
            server._close()


def test_the_port_answers_health_checks_in_time(slack: SlackStandIn) -> None:
    with serving() as server:
        held = [socket.create_connection(("127.0.0.1", server.port), 10) for _ in range(100)]
        for one in held:
            one.sendall(b"POST / HTTP/1.1\r\nContent-Length: 100\r\n\r\n")
        assert posted(server.port, json.dumps({}).encode()) == 200
        for one in held:
            one.close()
