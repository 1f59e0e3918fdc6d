"""How soon Slack has its answer: 500 mentions at 20 a second, to the real process.

    python -m tests.benchmarks.slack_burst [questions] [a second]

Both ways of serving, against the stand-in on loopback, with a ledger on disk. Measured from the
moment an event is sent to the moment its reply arrives at the stand-in, and from the event to
its acknowledgement, which Slack wants within three seconds. Each mention is delivered as Slack
does it, as app_mention and again as message, and every tenth is delivered once more as a retry;
a question is answered once, twice or not at all (lost). The stand-in shares this machine's
processors with the process, and Slack's own network is not in the figures.
"""

from __future__ import annotations

import os
import platform
import statistics
import sys
import tempfile
import time
from functools import lru_cache
from pathlib import Path

import yaml

from tests.support.app_process import AppProcess, Mode
from tests.support.slack_standin import SlackStandIn
from tests.support.slack_world import Delivery, Message

QUESTIONS, A_SECOND = 500, 20
MAX_WAIT = 120.0
"""Seconds that the last answer is waited for."""
ENTRIES = Path(__file__).parents[2] / "knowledge" / "entries"


@lru_cache(maxsize=1)
def phrasings() -> list[str]:
    """The ways of asking that the knowledge base knows. It takes seconds to read them."""
    return [
        phrasing
        for path in sorted(ENTRIES.glob("*.yaml"))
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))
        for phrasing in (entry["question"], *entry["also_asked"])
    ]


def questions(count: int) -> list[str]:
    """So many of them, over and over."""
    known = phrasings()
    return [known[(place * 7) % len(known)] for place in range(count)]


def ask(slack: SlackStandIn, count: int, a_second: float) -> list[Message]:
    """Mention the app so often, in time; a slow sender does not slow the clock."""
    people = [slack.person() for _ in range(20)]
    channel = slack.channel("mis-team")
    asked: list[Message] = []
    texts = questions(count)
    began = time.monotonic()
    for place, text in enumerate(texts):
        time.sleep(max(0.0, began + place / a_second - time.monotonic()))
        message = people[place % len(people)].mentions(text, channel)
        if place % 10 == 0:
            slack.deliver_again(message.deliveries[0])
        asked.append(message)
    return asked


def measure(mode: Mode, count: int, a_second: float) -> None:
    """Print the figures of one way of serving."""
    with SlackStandIn() as slack, tempfile.TemporaryDirectory() as folder:
        with AppProcess.started(slack, Path(folder), mode, ILR_SEMANTIC="auto"):
            first = slack.person().writes("what is R_96?")
            slack.reply_to(first, timeout=60)
            warm = slack.person().writes("one aim or several for three placements?")
            slack.reply_to(warm, timeout=60)
            slack.settle()
            slack.forget()
            asked = ask(slack, count, a_second)
            wait(slack, asked)
        report(mode, slack, asked)


def wait(slack: SlackStandIn, asked: list[Message]) -> None:
    """Until every question has a reply and the app is quiet, or time is up."""
    until = time.monotonic() + MAX_WAIT
    while time.monotonic() < until and len(replied(slack)) < len(asked):
        time.sleep(0.2)
    slack.settle(quiet=1.0, timeout=MAX_WAIT)


def replied(slack: SlackStandIn) -> dict[str, list[float]]:
    """Thread → when replies to it arrived."""
    found: dict[str, list[float]] = {}
    for call in slack.calls("chat.postMessage"):
        if call.ok:
            found.setdefault(str(call.args.get("thread_ts")), []).append(call.at)
    return found


def report(mode: Mode, slack: SlackStandIn, asked: list[Message]) -> None:
    """Print medians, 99th percentiles, and how often each question was answered."""
    arrived = replied(slack)
    times = [len(arrived.get(message.ts, ())) for message in asked]
    waits = [
        min(arrived[message.ts]) - message.deliveries[0].sent_at
        for message in asked
        if message.ts in arrived
    ]
    acks = [acknowledged(d) for message in asked for d in message.deliveries]
    print(f"{mode}: {len(asked)} questions")  # noqa: T201
    print(f"  event to posted reply    {figures(waits)}")  # noqa: T201
    print(f"  event to acknowledgement {figures(acks)}")  # noqa: T201
    print(  # noqa: T201
        f"  answered once {times.count(1)}, twice or more {sum(n > 1 for n in times)}, "
        f"lost {times.count(0)}"
    )


def acknowledged(delivery: Delivery) -> float:
    """Seconds until an event was acknowledged; ten when it never was."""
    return delivery.acknowledged(0).seconds if delivery.was_acknowledged else 10.0


def figures(seconds: list[float]) -> str:
    """Median, 99th percentile and worst, in milliseconds."""
    if not seconds:
        return "nothing to measure"
    ordered = sorted(seconds)
    worst = ordered[-1]
    ninety_ninth = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    return (
        f"median {statistics.median(ordered) * 1000:7.0f} ms   "
        f"99th percentile {ninety_ninth * 1000:7.0f} ms   worst {worst * 1000:7.0f} ms"
    )


def main() -> None:
    """Measure both ways of serving."""
    given = [argument for argument in sys.argv[1:] if argument.isdigit()]
    count = int(given[0]) if given else QUESTIONS
    a_second = float(given[1]) if len(given) > 1 else float(A_SECOND)
    print(  # noqa: T201
        f"{count} questions at {a_second:g} a second; Python {platform.python_version()}, "
        f"{os.cpu_count()} processors"
    )
    for mode in ("socket", "http"):
        measure(mode, count, a_second)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
