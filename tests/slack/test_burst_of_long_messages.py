"""A burst that has piled up on the socket is received whole, long messages among it."""

from __future__ import annotations

import logging
import socket
import struct
import threading

from slack_sdk.socket_mode.builtin.internals import _receive_messages

from bot.slack.serving import RECEIVED_AT_ONCE


def frame(payload: bytes) -> bytes:
    """A text frame of a websocket, as a server sends it."""
    return b"\x81\x7e" + struct.pack("!H", len(payload)) + payload


def received(sent: list[bytes], at_once: int) -> list[bytes]:
    """What the client's own reader makes of these messages, all there before it looks."""
    here, there = socket.socketpair()
    with here, there:
        wire = b"".join(map(frame, sent))
        sender = threading.Thread(
            target=lambda: (here.sendall(wire), here.shutdown(socket.SHUT_WR)), daemon=True
        )
        sender.start()
        found: list[bytes] = []
        while len(found) < len(sent):
            got = _receive_messages(there, threading.Lock(), logging.getLogger("test"), at_once)
            found += [data for _, data in got]
        sender.join()
    return found


def test_questions_and_pasted_records_in_one_burst_all_arrive() -> None:
    sent = [b"q" * (700 + n % 500) for n in range(400)] + [b"r" * (9_000 + n) for n in range(100)]
    assert received(sent, RECEIVED_AT_ONCE) == sent
