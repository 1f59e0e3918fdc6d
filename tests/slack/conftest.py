"""The Slack stand-in, new for each test; what is drawn for it is drawn once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.ilr import timeline_image
from bot.ilr.timeline import Timeline
from tests.support.slack_standin import SlackStandIn


@pytest.fixture
def slack() -> Iterator[SlackStandIn]:
    """A small Slack on loopback."""
    with SlackStandIn() as standin:
        yield standin


_drawn: dict[str, bytes] = {}


@pytest.fixture(scope="package", autouse=True)
def _drawn_once() -> Iterator[None]:
    """The same records are checked again and again, and a picture takes a tenth of a second."""
    draw = timeline_image.draw

    def from_memory(timeline: Timeline) -> bytes:
        shown = repr(timeline)
        if shown not in _drawn:
            _drawn[shown] = draw(timeline)
        return _drawn[shown]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timeline_image, "draw", from_memory)
        yield
