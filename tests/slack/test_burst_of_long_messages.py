"""A burst that has piled up on the socket is received whole, long messages among it."""

from __future__ import annotations

import contextlib
import logging
import socket
import struct
import sys
import threading
from collections.abc import Iterator

import pytest
from slack_sdk.socket_mode.builtin.internals import _receive_messages

from bot.slack.runtime.server import CALLS_DEEP, RECEIVED_AT_ONCE


def frame(payload: bytes) -> bytes:
    """A text frame of a websocket, as a server sends it."""
    return b"\x81\x7e" + struct.pack("!H", len(payload)) + payload


def received(sent: list[bytes], at_once: int) -> list[bytes]:
    """What the client's own reader makes of these messages, all there before it looks."""
    here, there = socket.socketpair()
    with here, there:
        wire = b"".join(map(frame, sent))

        def send() -> None:
            with contextlib.suppress(OSError):  # the reader gave up
                here.sendall(wire)

        sender = threading.Thread(target=send)
        sender.start()
        found: list[bytes] = []
        try:
            while len(found) < len(sent):
                got = _receive_messages(there, threading.Lock(), logging.getLogger("test"), at_once)
                found += [data for _, data in got]
        finally:
            there.close()
            sender.join()
    return found


@pytest.fixture
def as_when_serving() -> Iterator[None]:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(CALLS_DEEP)
    yield
    sys.setrecursionlimit(before)


SENT = [b"q" * (700 + n % 500) for n in range(1_500)] + [b"r" * (9_000 + n) for n in range(200)]


@pytest.mark.usefixtures("as_when_serving")
def test_questions_and_pasted_records_in_one_burst_all_arrive() -> None:
    assert received(SENT, RECEIVED_AT_ONCE) == SENT


def test_the_clients_own_limits_are_too_low_for_that() -> None:
    """When this fails, the client has been mended and ours can go."""
    with pytest.raises(RecursionError):
        received(SENT, 1_024)
