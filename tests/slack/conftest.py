"""The Slack stand-in, new for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.slack_standin import SlackStandIn


@pytest.fixture
def slack() -> Iterator[SlackStandIn]:
    """A small Slack on loopback."""
    with SlackStandIn() as standin:
        yield standin
