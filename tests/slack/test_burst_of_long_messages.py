"""A burst that has piled up on the socket is received whole, long messages among it."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from slack_bolt import BoltRequest, BoltResponse
from slack_sdk.errors import SlackApiError

from bot.slack.runtime.transport import OverSocket
from bot.slack.runtime.web_client import web_client
from tests.support.slack_standin import Refuses, SlackStandIn


class Listening:
    """What takes the place of the app: it counts what it is given."""

    def __init__(self, slack: SlackStandIn) -> None:
        self.client = web_client(slack.bot_token, slack.api_url)
        self.heard: list[str] = []
        self.free = threading.Event()

    def dispatch(self, request: BoltRequest) -> BoltResponse:
        self.free.wait(20)
        self.heard.append(request.body["event"]["text"])
        return BoltResponse(status=200, body="")


@pytest.fixture
def listening(slack: SlackStandIn) -> Listening:
    return Listening(slack)


@pytest.fixture
def socket(slack: SlackStandIn, listening: Listening) -> Iterator[OverSocket]:
    app: Any = listening
    made = OverSocket(app, slack.app_token)
    made.connect()
    slack.wait_for_socket()
    yield made
    made.close()


def test_questions_and_pasted_records_in_one_burst_are_all_acknowledged(
    slack: SlackStandIn, listening: Listening, socket: OverSocket
) -> None:
    """The SDK's own client goes a call deeper for each piece that waits on the socket."""
    before = sys.getrecursionlimit()
    sent = ["q" * (700 + n % 500) for n in range(700)] + ["r" * 40_000] * 200
    deliveries = [slack.event({"type": "message", "text": text}) for text in sent]
    listening.free.set()
    for delivery in deliveries:
        delivery.acknowledged(30)
    assert sorted(listening.heard) == sorted(sent)
    assert sys.getrecursionlimit() == before


def test_a_connection_that_is_cut_is_opened_again(
    slack: SlackStandIn, listening: Listening, socket: OverSocket
) -> None:
    listening.free.set()
    slack.drop_sockets()
    slack.wait_for_socket(timeout=20)
    slack.event({"type": "message", "text": "again"}).acknowledged(10)
    assert socket.is_connected()
    assert slack.sockets == 1


def test_slack_asks_for_a_new_connection(
    slack: SlackStandIn, listening: Listening, socket: OverSocket
) -> None:
    listening.free.set()
    slack.refresh_sockets()
    # While both are open, what is sent may take the first one, which is then closed.
    slack.wait_until(
        lambda: slack.sockets_opened >= 2 and slack.sockets == 1, what="the second connection alone"
    )
    slack.event({"type": "message", "text": "anew"}).acknowledged()


def test_a_refused_token_is_said_at_once(slack: SlackStandIn, listening: Listening) -> None:
    slack.next_calls("apps.connections.open", Refuses("invalid_auth"))
    app: Any = listening
    refused = OverSocket(app, slack.app_token)
    with pytest.raises(SlackApiError, match="invalid_auth"):
        refused.connect()
    assert not refused.is_connected()
    refused.close()
