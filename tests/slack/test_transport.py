"""Socket Mode's client: one new connection for each that Slack ends, however its news comes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.runtime.transport import OneConnection

ENDS = '{"type": "disconnect", "reason": "refresh_requested"}'


class Counting(OneConnection):
    """Connects in name only, and counts."""

    made = 0

    async def issue_new_wss_url(self) -> str:
        return "wss://invented.example"

    async def connect(self) -> None:
        await asyncio.sleep(0)  # others come to their turn meanwhile, as over a network
        self.made += 1
        self.current_session = session()


class Session:
    closed = False


def session() -> Any:
    return Session()


def made_by(story: Callable[[Counting], Awaitable[None]]) -> int:
    """How many connections a client with one makes by what happens to it."""

    async def happens() -> int:
        client = Counting("xapp-invented", web_client=AsyncWebClient())
        client.current_session = session()
        await story(client)
        for _ in range(20):
            await asyncio.sleep(0)
        made = client.made
        client.message_processor.cancel()
        await client.aiohttp_client_session.close()
        return made

    return asyncio.run(happens())


async def closes(client: Counting) -> None:
    assert client.current_session is not None
    client.current_session.closed = True  # type: ignore[misc]
    await client.connect_to_new_endpoint()


async def announced(client: Counting) -> None:
    await client.enqueue_message(ENDS)


async def announced_and_closed_at_once(client: Counting) -> None:
    await client.enqueue_message(ENDS)
    await closes(client)


async def announced_then_closed(client: Counting) -> None:
    await client.enqueue_message(ENDS)
    for _ in range(10):
        await asyncio.sleep(0)
    await client.connect_to_new_endpoint()


async def closed_without_a_word(client: Counting) -> None:
    await closes(client)


async def nothing(client: Counting) -> None:
    await client.enqueue_message('{"type": "hello"}')
    await client.connect_to_new_endpoint()


async def twice(client: Counting) -> None:
    await announced_and_closed_at_once(client)
    await announced_and_closed_at_once(client)


@pytest.mark.parametrize(
    ("story", "made"),
    [
        (announced, 1),
        (announced_and_closed_at_once, 1),
        (announced_then_closed, 1),
        (closed_without_a_word, 1),
        (nothing, 0),
        (twice, 2),
    ],
)
def test_each_connection_that_ends_is_replaced_once(
    story: Callable[[Counting], Awaitable[None]], made: int
) -> None:
    assert made_by(story) == made
