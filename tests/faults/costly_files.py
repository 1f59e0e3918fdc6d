"""Faults of files: each is sent while questions are asked, and whoever sent it is told."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

from tests.faults.scenarios import SCENARIOS, ask, running, scenario
from tests.faults.tally import Tally, count
from tests.slack.running_bot import LEARNER
from tests.support.slack_standin import SlackStandIn
from tests.support.slack_world import Message

__all__ = ["SCENARIOS"]

AIM = "<LearningDelivery><LearnAimRef>50086832</LearnAimRef></LearningDelivery>"
FILES: dict[str, Callable[[], bytes]] = {
    "half a million aims": lambda: b"<Learner>" + b"<LearningDelivery/>" * 500_000 + b"</Learner>",
    "150,000 attributes": lambda: (
        "<Learner " + " ".join(f'a{n}="1"' for n in range(150_000)) + "/>"
    ).encode(),
    "40,000 aims of one learner": lambda: (
        f"<Learner><LearnRefNumber>1</LearnRefNumber>{AIM * 40_000}</Learner>".encode()
    ),
    "140,000 rows of JSON": lambda: json.dumps(
        [{"LearnRefNumber": "1", "FundModel": 25}] * 140_000
    ).encode(),
    "9,990 lines of placements": lambda: (
        b"LearnAimRef: 50086832\n" + b"Placement 1: 01/09/2026\n" * 9_990
    ),
    "a hundred thousand open tags": lambda: b"<Learner>" * 100_000,
    "a megabyte of nothing": lambda: b"\0" * 1_000_000,
}


def share(slack: SlackStandIn, content: bytes) -> Message:
    """Somebody sends a file in direct messages."""
    person = slack.person()
    message = person._say("", person.direct, None)
    message.files = [person.has_file("return.xml", content).to_json(slack.url)]
    event = {**person._message_event(message), "files": message.files, "subtype": "file_share"}
    message.deliveries.append(slack.event(event))
    return message


def told(slack: SlackStandIn, files: list[Message], timeout: float = 60.0) -> int:
    """How many of those who sent files have heard of theirs."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline and not all(map(slack.replies_to, files)):
        time.sleep(0.2)
    return sum(bool(slack.replies_to(one)) for one in files)


def _beside_files(
    folder: Path, number: int, content: Callable[[], bytes], times: int, timeout: float = 60.0
) -> Tally:
    """Questions while so many people send a file of this content."""
    with running(folder) as (slack, app):
        began = time.monotonic()
        files = [share(slack, content()) for _ in range(times)]
        asked = ask(slack, number)
        heard = told(slack, files, timeout)
        up = app.get("/healthz")[0]
        return count(slack, asked, began, healthz=up, files=times, senders_told=heard)


def _register(name: str, content: Callable[[], bytes]) -> None:
    @scenario(f"file: {name}")
    def sent(folder: Path, number: int) -> Tally:
        return _beside_files(folder, number, content, 2)


for _name, _content in FILES.items():
    _register(_name, _content)


@scenario("file: eight returns at once")
def eight_returns(folder: Path, number: int) -> Tally:
    """Ordinary ones, of half a megabyte."""

    def one() -> bytes:
        return f"<Message>{LEARNER * 500}</Message>".encode()

    return _beside_files(folder, number, one, 8, timeout=120)
