"""Each fault as a function: so many questions are asked while it lasts, and then counted.

The process is ``python -m bot serve``, Slack is the stand-in on loopback. Where Slack would
send again what was not acknowledged, the scenario does.
"""

from __future__ import annotations

import contextlib
import resource
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import create_engine, update

from bot.ledger import migrate
from bot.ledger.tables import events
from tests.faults.proxy import Proxy
from tests.faults.tally import Tally, count, send_again_what_was_not_acknowledged
from tests.ledger.conftest import PostgresServer, postgres_programs
from tests.support.app_process import AppProcess, Mode
from tests.support.slack_standin import (
    Cut,
    Fault,
    Garbage,
    RateLimited,
    ServerError,
    SlackStandIn,
    TakesEffect,
    TimesOut,
)
from tests.support.slack_world import Delivery, Message

__all__ = ["IN_SUITE", "SCENARIOS", "MissingError", "Scenario", "shared_processes"]

QUESTION = "What is R_96?"
Scenario = Callable[[Path, int], Tally]
SCENARIOS: dict[str, Scenario] = {}
IN_SUITE: list[str] = []
"""Those that the automatic tests run; ``make faults`` runs them all."""


class MissingError(Exception):
    """What this machine lacks for a fault: Postgres, or a C compiler."""


def scenario(name: str, *, in_suite: bool = False) -> Callable[[Scenario], Scenario]:
    """Register a scenario under the name that the table shows.

    ``in_suite``: it takes a few seconds, and the automatic tests run it.
    """

    def register(function: Scenario) -> Scenario:
        SCENARIOS[name] = function
        if in_suite:
            IN_SUITE.append(name)
        return function

    return register


@contextlib.contextmanager
def running(
    folder: Path, mode: Mode = "socket", **settings: str
) -> Iterator[tuple[SlackStandIn, AppProcess]]:
    """Slack, and the bot connected to it."""
    if _shared is not None and not settings:
        slack, app = _shared.of(mode)
        slack.no_more_faults()
        slack.forget()
        yield slack, app
        return
    with SlackStandIn() as slack, AppProcess.started(slack, folder, mode, **settings) as app:
        yield slack, app


class _Shared:
    """A process for each mode, started when it is first wanted."""

    def __init__(self, folder: Path, opened: contextlib.ExitStack) -> None:
        self._folder, self._opened = folder, opened
        self._found: dict[Mode, tuple[SlackStandIn, AppProcess]] = {}

    def of(self, mode: Mode) -> tuple[SlackStandIn, AppProcess]:
        if mode not in self._found:
            slack = self._opened.enter_context(SlackStandIn())
            started = AppProcess.started(slack, self._folder / mode, mode)
            self._found[mode] = (slack, self._opened.enter_context(started))
        return self._found[mode]


_shared: _Shared | None = None


@contextlib.contextmanager
def shared_processes(folder: Path) -> Iterator[None]:
    """Meanwhile faults that need no settings of their own take turns with the same process."""
    global _shared
    with contextlib.ExitStack() as opened:
        _shared = _Shared(folder, opened)
        try:
            yield
        finally:
            _shared = None


def ask(slack: SlackStandIn, number: int) -> list[Message]:
    """So many mentions at once. Each comes as two events, as in Slack."""
    channel = slack.channel()
    people = [slack.person() for _ in range(min(number, 20))]
    return [people[n % len(people)].mentions(QUESTION, channel) for n in range(number)]


def deliveries(asked: list[Message]) -> list[Delivery]:
    """The events that told of these messages."""
    return [delivery for message in asked for delivery in message.deliveries]


def all_acknowledged(asked: list[Message], seconds: float = 10) -> None:
    """Wait for it, or give up waiting."""
    given = deliveries(asked)
    until(lambda: all(one.was_acknowledged for one in given), seconds)


@contextlib.contextmanager
def starting(slack: SlackStandIn, folder: Path, **settings: str) -> Iterator[AppProcess]:
    """The bot from its first moment, which is not waited to be ready."""
    app = AppProcess.start(slack, folder, **settings)
    try:
        yield app
    finally:
        app.stop()


def an_hour_passes(app: AppProcess) -> None:
    """For the ledger: the hold of a process that is gone on its events has run out."""
    ledger = create_engine(app.settings["DATABASE_URL"])
    with ledger.begin() as connection:
        earlier = datetime.now(UTC) - timedelta(hours=1)
        connection.execute(update(events).values(lease_until=earlier))
    ledger.dispose()


# --- Many at once -------------------------------------------------------------------------


@scenario("burst, Socket Mode")
def burst_by_socket(folder: Path, number: int) -> Tally:
    """Everybody asks at once."""
    return _burst(folder, number, "socket")


@scenario("burst, HTTP", in_suite=True)
def burst_by_http(folder: Path, number: int) -> Tally:
    """The same over signed requests."""
    return _burst(folder, number, "http")


def _burst(folder: Path, number: int, mode: Mode) -> Tally:
    with running(folder, mode) as (slack, _):
        began = time.monotonic()
        return count(slack, ask(slack, number), began, timeout=120)


# --- Slack in trouble ---------------------------------------------------------------------


def _slack_fails(folder: Path, number: int, fault: Fault, share: float) -> Tally:
    """Some of the answers meet a fault on their way."""
    with running(folder) as (slack, _):
        slack.next_calls("chat.postMessage", fault, times=max(1, int(number * share)))
        began = time.monotonic()
        return count(slack, ask(slack, number), began, timeout=90)


@scenario("Slack answers 429")
def rate_limited(folder: Path, number: int) -> Tally:
    """Too many requests: wait as long as Slack says."""
    return _slack_fails(folder, number, RateLimited(after=1), 0.5)


@scenario("Slack answers 500")
def server_error(folder: Path, number: int) -> Tally:
    """It did not do what was asked."""
    return _slack_fails(folder, number, ServerError(500), 0.5)


@scenario("Slack posts, then answers 500", in_suite=True)
def server_error_after_posting(folder: Path, number: int) -> Tally:
    """It did what was asked and says that it did not."""
    fault = TakesEffect(ServerError(500))
    return _slack_fails(folder, number, fault, 0.5)


@scenario("Slack cuts the connection")
def connection_cut(folder: Path, number: int) -> Tally:
    """Before it did anything."""
    return _slack_fails(folder, number, Cut(), 0.5)


@scenario("Slack posts, then cuts the connection")
def connection_cut_after_posting(folder: Path, number: int) -> Tally:
    """The answer is there, and nobody said so."""
    fault = TakesEffect(Cut())
    return _slack_fails(folder, number, fault, 0.5)


@scenario("Slack does not answer")
def timeouts(folder: Path, number: int) -> Tally:
    """Longer than we wait."""
    return _slack_fails(folder, number, TimesOut(seconds=12), 0.2)


@scenario("Slack posts, then does not answer")
def timeouts_after_posting(folder: Path, number: int) -> Tally:
    """The answer is there, and nobody said so, for longer than we wait."""
    fault = TakesEffect(TimesOut(seconds=12))
    return _slack_fails(folder, number, fault, 0.2)


@scenario("Slack answers garbage")
def garbage(folder: Path, number: int) -> Tally:
    """200 with something that is not JSON, not even text."""
    return _slack_fails(folder, number, Garbage(), 0.5)


@scenario("Slack posts, then answers garbage")
def garbage_after_posting(folder: Path, number: int) -> Tally:
    """It did what was asked and says something unreadable."""
    fault = TakesEffect(Garbage(b"<html>Sorry!</html>"))
    return _slack_fails(folder, number, fault, 0.5)


@scenario("Slack is away for a while")
def away(folder: Path, number: int) -> Tally:
    """Events arrive, and no call of ours gets through for ten seconds."""
    with running(folder) as (slack, app):
        began = time.monotonic()
        slack.next_calls("*", ServerError(503), times=100_000)
        asked = ask(slack, number)
        time.sleep(10)
        up = app.get("/healthz")[0]
        slack.no_more_faults()
        return count(slack, asked, began, timeout=120, healthz=up)


@scenario("Slack closes the socket")
def sockets_closed(folder: Path, number: int) -> Tally:
    """Cut twice in a stream of questions, and refreshed once; what was lost is sent again."""
    with running(folder) as (slack, _):
        began = time.monotonic()
        asked: list[Message] = []
        for turn in range(4):
            asked += ask(slack, number // 4)
            if turn == 1:
                slack.refresh_sockets()
            elif turn < 3:
                slack.drop_sockets()
            slack.wait_for_socket(timeout=30)
        time.sleep(1)
        again = send_again_what_was_not_acknowledged(slack, deliveries(asked))
        return count(slack, asked, began, redelivered=again)


@scenario("nonsense on the wire", in_suite=True)
def nonsense(folder: Path, number: int) -> Tally:
    """Frames that are no JSON, envelopes without parts, unknown kinds, between the questions."""
    frames = ["{", "[]", "7", '"x"', "{}", '{"type":"events_api"}', '{"envelope_id":null}', "\0"]
    with running(folder) as (slack, app):
        began = time.monotonic()
        asked = ask(slack, number // 2)
        for socket in list(slack._sockets):
            for frame in frames:
                slack._soon(socket.send_str(frame)).result(5)
            slack._soon(socket.send_bytes(b"\xff\xfe")).result(5)
        slack.wait_for_socket(timeout=30)
        asked += ask(slack, number - len(asked))
        time.sleep(1)
        again = send_again_what_was_not_acknowledged(slack, deliveries(asked))
        up = app.get("/healthz")[0]
        return count(slack, asked, began, redelivered=again, healthz=up)


@scenario("clocks four minutes apart")
def clocks_apart(folder: Path, number: int) -> Tally:
    """Signed requests from the past and the future, within Slack's five minutes.

    Those of six minutes are refused and counted in the notes.
    """
    with running(folder, "http") as (slack, app):
        slack.delivers_to(None)
        slack._address = ("http://127.0.0.1:9/", slack.signing_secret)  # nothing gets through
        began = time.monotonic()
        asked = ask(slack, number)
        now, refused = time.time(), 0
        for turn, delivery in enumerate(deliveries(asked)):
            off = 240 if turn % 2 else -240
            early = slack.post_event(app.events_url, delivery.payload, timestamp=now + off * 1.5)
            refused += early.status == 401
            sent = slack.post_event(app.events_url, delivery.payload, timestamp=now + off, retry=1)
            assert sent.status == 200
        told = count(slack, asked, began, refused_at_six=refused)
        return replace(told, late=0)


# --- The database in trouble --------------------------------------------------------------


@contextlib.contextmanager
def empty_postgres() -> Iterator[tuple[PostgresServer, Proxy, str]]:
    """A server of our own behind a proxy, without tables; and the address of the proxy."""
    programs = postgres_programs()
    if programs is None:
        raise MissingError("Postgres")
    server = PostgresServer(programs)
    try:
        with Proxy(server.folder / ".s.PGSQL.5432") as proxy:
            yield server, proxy, f"postgresql://helpdesk@127.0.0.1:{proxy.port}/postgres"
    finally:
        server.remove()


@contextlib.contextmanager
def postgres() -> Iterator[tuple[PostgresServer, Proxy, str]]:
    """The same with its tables made."""
    with empty_postgres() as (server, proxy, url):
        migrate(server.url.render_as_string(hide_password=False))
        yield server, proxy, url


@scenario("slow database")
def slow_database(folder: Path, number: int) -> Tally:
    """Every answer of the database takes a tenth of a second, then two and a half."""
    with postgres() as (_, proxy, url), running(folder, DATABASE_URL=url) as (slack, _):
        began = time.monotonic()
        proxy.delay = 0.1
        asked = ask(slack, number // 2)
        time.sleep(3)
        proxy.delay = 2.5
        asked += ask(slack, number - len(asked))
        time.sleep(5)
        proxy.delay = 0.0
        return count(slack, asked, began)


@scenario("database gone and back")
def database_gone(folder: Path, number: int) -> Tally:
    """Connections cut, the server down for some seconds; asked before, meanwhile and after.

    Slack sends everything once more, before and after.
    """
    third = max(1, number // 3)
    with postgres() as (server, proxy, url):
        settings = {"DATABASE_URL": url}
        with running(folder, **settings) as (slack, app):
            began = time.monotonic()
            asked = ask(slack, third)
            proxy.cut()
            server.stop(signal.SIGQUIT)
            asked += ask(slack, third)
            time.sleep(1)
            away = app.get("/readyz")[0]
            for delivery in deliveries(asked):
                slack.deliver_again(delivery)
            time.sleep(2)
            server.start()
            slack.wait_until(lambda: app.get("/readyz")[0] == 200 or None, 20, "ready again")
            asked += ask(slack, number - len(asked))
            for delivery in deliveries(asked):
                slack.deliver_again(delivery, retry=2)
            notes = {"readyz_meanwhile": away}
            return count(slack, asked, began, **notes)


@scenario("database away and kill -9")
def killed_without_database(folder: Path, number: int) -> Tally:
    """Killed with everything under way while the database is away; then both come back."""
    with (
        postgres() as (server, proxy, url),
        running(folder, DATABASE_URL=url) as (slack, app),
    ):
        began = time.monotonic()
        proxy.cut()
        server.stop(signal.SIGQUIT)
        slack.next_calls("chat.postMessage", TimesOut(5), times=number)
        asked = ask(slack, number)
        all_acknowledged(asked)
        app.kill()
        slack.no_more_faults()
        server.start()
        app.start_again()
        again = send_again_what_was_not_acknowledged(slack, deliveries(asked))
        return count(slack, asked, began, timeout=120, redelivered=again)


@scenario("database away at the start")
def started_without_database(folder: Path, number: int) -> Tally:
    """No database, then an empty one: asked before it is there, and after."""
    with empty_postgres() as (server, _, url), SlackStandIn() as slack:
        server.stop(signal.SIGQUIT)
        with starting(slack, folder, DATABASE_URL=url) as app:
            slack.wait_for_socket(timeout=60)
            began = time.monotonic()
            asked = ask(slack, number // 2)
            slack.settle()
            away = app.get("/readyz")[0]
            server.start()
            slack.wait_until(lambda: app.get("/readyz")[0] == 200 or None, 60, "its tables")
            asked += ask(slack, number - len(asked))
            return count(slack, asked, began, readyz_meanwhile=away)


@scenario("disk full")
def disk_full(folder: Path, number: int) -> Tally:
    """Neither the ledger nor the log may grow; then there is room again."""
    with running(folder) as (slack, app):
        began = time.monotonic()
        asked = ask(slack, number // 2)
        slack.settle()
        sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
        unlimited = resource.RLIM_INFINITY
        pid = app.process.pid
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (min(sizes), unlimited))
        asked += ask(slack, number - len(asked))
        time.sleep(2)
        up = app.get("/healthz")[0]
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (unlimited, unlimited))
        time.sleep(6)  # the ledger is left alone for five seconds after a failure
        ready = app.get("/readyz")[0]
        return count(slack, asked, began, healthz=up, readyz_after=ready)


# --- The process in trouble ---------------------------------------------------------------


@scenario("kill -9 in mid-answer")
def killed(folder: Path, number: int) -> Tally:
    """Killed three times while it answers, once while Slack has the answer but not we."""
    with running(folder) as (slack, app):
        began = time.monotonic()
        asked: list[Message] = []
        for turn in range(3):
            asked += ask(slack, number // 3 if turn < 2 else number - len(asked))
            if turn == 1:
                slack.next_calls("chat.postMessage", TakesEffect(TimesOut(5)), times=3)
            target = len(slack.calls("chat.postMessage")) + max(1, number // 12)
            until(lambda t=target: len(slack.calls("chat.postMessage")) >= t, 10)
            app.kill()
            an_hour_passes(app)
            app.start_again()
            send_again_what_was_not_acknowledged(slack, deliveries(asked))
        until(lambda: bool(slack.sockets), 10)
        return count(slack, asked, began, kills=3)


@scenario("SIGTERM under load")
def terminated(folder: Path, number: int) -> Tally:
    """Told to stop with everything under way, twice; what it did not take is sent again."""
    with running(folder) as (slack, app):
        began = time.monotonic()
        asked: list[Message] = []
        seconds, statuses = [], []
        for how in (signal.SIGTERM, signal.SIGINT):
            asked += ask(slack, number // 2)
            time.sleep(0.3)
            stopped = app.stop(how)
            seconds.append(round(stopped.seconds, 1))
            statuses.append(stopped.status)
            app.start_again()
            send_again_what_was_not_acknowledged(slack, deliveries(asked))
        notes = {"seconds_to_stop": seconds, "status": statuses}
        return count(slack, asked, began, **notes)


@scenario("two processes, one event")
def two_processes(folder: Path, number: int) -> Tally:
    """Two on one Postgres, or one SQLite file; each event is given to both at once."""
    with contextlib.ExitStack() as opened:
        try:
            _, _, url = opened.enter_context(postgres())
        except MissingError:
            url = f"sqlite:///{folder / 'shared.db'}"
        slack = opened.enter_context(SlackStandIn())
        apps = [
            opened.enter_context(AppProcess.started(slack, folder / name, "http", DATABASE_URL=url))
            for name in ("one", "two")
        ]
        began = time.monotonic()
        asked = ask(slack, number)
        slack.delivers_to(apps[0].events_url)
        for delivery in deliveries(asked):
            slack.deliver_again(delivery)
        database = url.partition(":")[0]
        return count(slack, asked, began, database=database)


@scenario("one of two processes killed")
def one_of_two_killed(folder: Path, number: int) -> Tally:
    """Two sockets on one ledger, one dies with its hands full; the other takes over."""
    with contextlib.ExitStack() as opened:
        url = f"sqlite:///{folder / 'shared.db'}"
        folder.mkdir(parents=True, exist_ok=True)
        slack = opened.enter_context(SlackStandIn())
        first, _ = [
            opened.enter_context(
                AppProcess.started(slack, folder / name, "socket", DATABASE_URL=url)
            )
            for name in ("one", "two")
        ]
        slack.wait_for_socket(2)
        began = time.monotonic()
        slack.next_calls("chat.postMessage", RateLimited(after=1), times=number // 4)
        asked = ask(slack, number)
        until(lambda: len(slack.calls("chat.postMessage")) >= number // 4, 10)
        first.kill()
        an_hour_passes(first)
        until(lambda: slack.sockets == 1, 10)
        send_again_what_was_not_acknowledged(slack, deliveries(asked))
        return count(slack, asked, began, timeout=60)


def until(look: Callable[[], bool], seconds: float) -> None:
    """Wait until it is so, or the time is up."""
    deadline = time.monotonic() + seconds
    while not look() and time.monotonic() < deadline:
        time.sleep(0.01)
