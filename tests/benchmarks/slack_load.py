"""Slack under load, beside Bolt with a listener that says one line: a minute, a backlog, an hour.

    python -m tests.benchmarks.slack_load                          all three, shortened
    python -m tests.benchmarks.slack_load minute --seconds 60      100 a second
    python -m tests.benchmarks.slack_load backlog --events 5000    all at once
    python -m tests.benchmarks.slack_load hour --seconds 3600      20 a second, memory as it goes
    … --processes 2                                                with ILR_ANSWER_PROCESSES

Against the stand-in on loopback, by Socket Mode, with a ledger on disk and the semantic layer.
Each mention is delivered as Slack does it, as app_mention and again as message, and every tenth
once more as a retry. ``processor`` is the serving process's own and that of those it started, for
each question: it is what to compare where others use the machine, for the waits then measure them
too. ``late`` counts acknowledgements after Slack's three seconds. The stand-in's own processor time
is told beside it: the two share the machine. What was posted is checked against Slack's limits
afterwards, since the check takes longer than the answer. What is shorter than asked for is said;
memory is then drawn out to the hour by the slope of its later half.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.slack_burst import acknowledged, ask, figures, questions, replied
from tests.support.app_process import AppProcess
from tests.support.slack_limits import check_message
from tests.support.slack_standin import SlackStandIn
from tests.support.slack_world import Message

SECONDS = {"minute": 20.0, "hour": 60.0}
A_SECOND = {"minute": 100.0, "hour": 20.0}
EVENTS = 1_000
MAX_WAIT = 20.0
"""Seconds without a reply after which no more is waited for."""
LATE = 3.0
"""Seconds after which Slack sends an event again."""
HOUR = 3_600.0
SAMPLES = 12
CHECKED = 100
"""Messages of each load that are checked against Slack's limits."""


@dataclass
class Serving:
    """A process that answers, by what the system says of it."""

    name: str
    pid: int

    def processor(self) -> float:
        """Seconds that it and those it started have used."""
        ticks = 0
        for pid in self._pids():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """MB resident, of it and of those it started."""
        return sum(_resident(pid) for pid in self._pids()) / 1024

    def _pids(self) -> list[int]:
        started = Path(f"/proc/{self.pid}/task").glob("*/children")
        return [self.pid, *(int(pid) for file in started for pid in file.read_text().split())]


def _resident(pid: int) -> int:
    """Kilobytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1])


@contextmanager
def helpdesk(slack: SlackStandIn, folder: Path, processes: int) -> Iterator[Serving]:
    """The real process, warm."""
    settings = {"ILR_SEMANTIC": "auto", "ILR_ANSWER_PROCESSES": str(processes)}
    with AppProcess.started(slack, folder, "socket", **settings) as app:
        yield Serving("helpdesk", app.process.pid)


@contextmanager
def bolt_alone(slack: SlackStandIn, folder: Path, processes: int) -> Iterator[Serving]:
    """Bolt, its own Socket Mode handler, and a listener that says one line; one process always."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.bolt_alone", slack.api_url],
        env={**os.environ, "SLACK_BOT_TOKEN": slack.bot_token, "SLACK_APP_TOKEN": slack.app_token},
        cwd=Path(__file__).parents[2],
    )
    try:
        slack.wait_for_socket(timeout=60)
        yield Serving("Bolt alone", process.pid)
    finally:
        process.terminate()
        process.wait(30)


def warm_up(slack: SlackStandIn) -> None:
    """Until the semantic layer answers too, and the processes beside it."""
    channel = slack.channel("warm")
    for number in range(8):
        text = f"one aim or several for {number + 2} placements?"
        message = slack.person().mentions(text, channel)
        slack.wait_for("chat.postMessage", timeout=60, thread_ts=message.ts)
        time.sleep(1)
    slack.settle(timeout=30)
    slack.forget()


def wait(slack: SlackStandIn, asked: list[Message]) -> None:
    """Until every question has a reply, or none has come for so long that none will."""
    last, since = -1, time.monotonic()
    while last < len(asked) and time.monotonic() - since < MAX_WAIT:
        time.sleep(2.0)
        count = len(replied(slack)) + len(slack.calls("chat.postEphemeral"))
        if count > last:
            last, since = count, time.monotonic()
    # What a connection that ended took with it Slack sends again.
    for delivery in [one for one in slack.deliveries if not one.was_acknowledged]:
        slack.deliver_again(delivery)
    slack.settle(quiet=1.0, timeout=MAX_WAIT)


@contextmanager
def used_by(serving: Serving) -> Iterator[list[float]]:
    """Processor time: at the end, that of who serves and the stand-in's, in seconds."""
    used: list[float] = []
    theirs, ours = serving.processor(), time.process_time()
    yield used
    used += [serving.processor() - theirs, time.process_time() - ours]


def refused(slack: SlackStandIn) -> int:
    """How many of the first messages posted Slack would not have taken."""
    posted = slack.calls("chat.postMessage")[:CHECKED]
    return sum(any(one.refused for one in check_message(call.args)) for call in posted)


def report(serving: Serving, slack: SlackStandIn, asked: list[Message], used: list[float]) -> None:
    """Print what became of the questions."""
    arrived = replied(slack)
    times = [len(arrived.get(message.ts, ())) for message in asked]
    aside = sum(call.ok for call in slack.calls("chat.postEphemeral"))
    waits = [
        min(arrived[message.ts]) - message.deliveries[0].sent_at
        for message in asked
        if message.ts in arrived
    ]
    acks = [acknowledged(delivery) for message in asked for delivery in message.deliveries]
    late = sum(seconds > LATE for seconds in acks)
    print(  # noqa: T201
        f"  {serving.name:10} processor {1000 * used[0] / len(asked):5.1f} ms a question, "
        f"the stand-in {1000 * used[1] / len(asked):.1f} ms"
        f"\n             answered once {times.count(1)}, twice {sum(n > 1 for n in times)}, "
        f"lost {times.count(0) - aside}, said aside {aside}, late {late}, "
        f"refused {refused(slack)}\n"
        f"             to reply            {figures(waits)}\n"
        f"             to acknowledgement  {figures(acks)}",
        flush=True,
    )


def minute(slack: SlackStandIn, serving: Serving, seconds: float, events: int) -> None:
    """So many seconds at 100 questions a second."""
    with used_by(serving) as used:
        asked = ask(slack, int(seconds * A_SECOND["minute"]), A_SECOND["minute"])
        wait(slack, asked)
    report(serving, slack, asked, used)


def backlog(slack: SlackStandIn, serving: Serving, seconds: float, events: int) -> None:
    """So many questions, as fast as they can be sent."""
    people, channel = [slack.person() for _ in range(20)], slack.channel("mis-team")
    texts, began = questions(events), time.monotonic()
    with used_by(serving) as used:
        asked = [people[n % len(people)].mentions(text, channel) for n, text in enumerate(texts)]
        sent = time.monotonic() - began
        wait(slack, asked)
    took = max(at for arrived in replied(slack).values() for at in arrived) - began
    report(serving, slack, asked, used)
    print(  # noqa: T201
        f"             sent within {sent:.1f} s; the last of {events:,} was answered after "
        f"{took:.1f} s",
        flush=True,
    )


def hour(slack: SlackStandIn, serving: Serving, seconds: float, events: int) -> None:
    """20 a second, with memory as it goes."""
    samples, count = [], 0
    with used_by(serving) as used:
        for _ in range(SAMPLES):
            asked = ask(slack, int(seconds / SAMPLES * A_SECOND["hour"]), A_SECOND["hour"])
            wait(slack, asked)
            count += len(asked)
            samples.append(serving.memory())
            slack.forget()
    half = len(samples) // 2
    slope = (samples[-1] - samples[half]) / (len(samples) - 1 - half) / (seconds / SAMPLES)
    print(  # noqa: T201
        f"  {serving.name:10} processor {1000 * used[0] / count:5.1f} ms a question, the stand-in "
        f"{1000 * used[1] / count:.1f} ms\n             MB after each {seconds / SAMPLES:.0f} s: "
        f"{' '.join(f'{one:.0f}' for one in samples)}\n"
        f"             later half {slope * 60:+.2f} MB a minute: in an hour {slope * HOUR:+.0f} MB",
        flush=True,
    )


LOADS: dict[str, Callable[[SlackStandIn, Serving, float, int], None]] = {
    "minute": minute,
    "backlog": backlog,
    "hour": hour,
}


def main() -> None:
    """Measure what was chosen, each beside its peer."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("loads", nargs="*", metavar="|".join(LOADS))
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--processes", type=int, default=0)
    parser.add_argument("--without-peer", action="store_true")
    chosen = parser.parse_args()
    for name in chosen.loads or LOADS:
        seconds = chosen.seconds or SECONDS.get(name, 0.0)
        size = f"{chosen.events:,} at once" if name == "backlog" else f"{seconds:.0f} s"
        rate = f" at {A_SECOND[name]:g} a second" if name in A_SECOND else ""
        print(f"{name}: {size}{rate}, load {os.getloadavg()[0]:.1f}", flush=True)  # noqa: T201
        for start in (helpdesk,) if chosen.without_peer else (helpdesk, bolt_alone):
            with (
                SlackStandIn(checks=False) as slack,
                tempfile.TemporaryDirectory() as folder,
                start(slack, Path(folder), chosen.processes) as serving,
            ):
                warm_up(slack)
                LOADS[name](slack, serving, seconds, chosen.events)


if __name__ == "__main__":
    main()
