"""Faults of an installation: its disk, its clock, its names, its token, and how people use it."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from tests.faults.costly_files import share, told
from tests.faults.scenarios import (
    QUESTION,
    MissingError,
    all_acknowledged,
    ask,
    deliveries,
    running,
    scenario,
    starting,
    until,
)
from tests.faults.tally import (
    Tally,
    count,
    count_commands,
    send_again_what_was_not_acknowledged,
)
from tests.slack.running_bot import LEARNER
from tests.support.app_process import AppProcess
from tests.support.slack_standin import RateLimited, Refuses, ServerError, SlackStandIn
from tests.support.slack_world import Delivery, Message

TROUBLE = Path(__file__).with_name("trouble.c")
A_YEAR_AND_MORE = 400 * 24 * 3600
"""Seconds: longer than questions are kept."""


# --- The disk and the database ------------------------------------------------------------


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another program holds a SQLite file, as a backup or a viewer does."""
    with contextlib.closing(sqlite3.connect(path, timeout=20, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


@scenario("database locked by another process")
def database_locked(folder: Path, number: int) -> Tally:
    """Asked before, meanwhile and after."""
    with running(folder) as (slack, app):
        began = time.monotonic()
        asked = ask(slack, number // 3)
        slack.settle()
        with locked(folder / "ledger.db"):
            asked += ask(slack, number // 3)
            all_acknowledged(asked)
            up = app.get("/healthz")[0]
        asked += ask(slack, number - len(asked))
        return count(slack, asked, began, healthz=up)


@scenario("ledger's file deleted")
def ledger_deleted(folder: Path, number: int) -> Tally:
    """Somebody tidies up while it runs."""
    with running(folder) as (slack, app):
        began = time.monotonic()
        asked = ask(slack, number // 2)
        slack.settle()
        for file in folder.glob("ledger.db*"):
            file.unlink()
        asked += ask(slack, number - len(asked))
        up = app.get("/healthz")[0]
        return count(slack, asked, began, healthz=up)


@scenario("ledger that may not be written", in_suite=True)
def ledger_read_only(folder: Path, number: int) -> Tally:
    """The file is there, and the disk takes nothing; who runs it sees that on /readyz."""
    from bot.ledger import migrate

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "ledger.db"
    migrate(f"sqlite:///{path}")
    with contextlib.closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA journal_mode=DELETE")
    url = f"sqlite:///file:{path}?mode=ro&uri=true"
    with SlackStandIn() as slack, starting(slack, folder, DATABASE_URL=url) as app:
        slack.wait_for_socket(timeout=60)
        began = time.monotonic()
        asked = ask(slack, number)
        all_acknowledged(asked)
        away = app.get("/readyz")[0]
        return count(slack, asked, began, readyz_meanwhile=away)


@scenario("no room for the spool either")
def spool_full(folder: Path, number: int) -> Tally:
    """The database is locked, and what is kept beside it cannot be."""
    with SlackStandIn() as slack:
        whose = hashlib.sha256(f"{slack.api_url}\n{slack.bot_token}".encode()).hexdigest()[:16]
        in_the_way = Path(os.environ["ILR_CACHE_DIR"]).absolute() / "unanswered" / whose
        in_the_way.parent.mkdir(parents=True, exist_ok=True)
        in_the_way.write_text("no folder can be here")
        try:
            with AppProcess.started(slack, folder) as app:
                began = time.monotonic()
                with locked(folder / "ledger.db"):
                    asked = ask(slack, number)
                    all_acknowledged(asked)
                    up = app.get("/healthz")[0]
                again = send_again_what_was_not_acknowledged(slack, deliveries(asked))
                return count(slack, asked, began,
                    healthz=up, redelivered=again,
                )  # fmt: skip
        finally:
            in_the_way.unlink(missing_ok=True)


@scenario("two processes make the tables at once")
def two_make_tables(folder: Path, number: int) -> Tally:
    """Started in one moment on a database that is not there yet."""
    url = f"sqlite:///{folder / 'shared.db'}"
    folder.mkdir(parents=True, exist_ok=True)
    with (
        SlackStandIn() as slack,
        starting(slack, folder / "one", DATABASE_URL=url),
        starting(slack, folder / "two", DATABASE_URL=url),
    ):
        slack.wait_for_socket(2, timeout=60)
        began = time.monotonic()
        return count(slack, ask(slack, number), began)


# --- The clock and the names of hosts -----------------------------------------------------


@contextlib.contextmanager
def in_trouble(folder: Path) -> Iterator[tuple[Path, dict[str, str]]]:
    """A folder whose files make trouble (see trouble.c), and the settings for that."""
    compiler = shutil.which("cc")
    if compiler is None:
        raise MissingError("a C compiler")
    folder.mkdir(parents=True, exist_ok=True)
    library, trouble = folder / "trouble.so", folder / "trouble"
    trouble.mkdir()
    command = [compiler, "-shared", "-fPIC", "-o", str(library), str(TROUBLE), "-ldl"]
    subprocess.run(command, check=True)
    yield trouble, {"LD_PRELOAD": str(library), "TROUBLE": str(trouble)}


@scenario("clock jumps a year ahead and back")
def clock_jumps(folder: Path, number: int) -> Tally:
    """A machine that wakes with a wrong clock. What was asked before is still known."""
    with in_trouble(folder) as (trouble, settings), running(folder, **settings) as (slack, _):
        began = time.monotonic()
        asked = ask(slack, number // 3)
        slack.settle()
        (trouble / "clock").write_text(str(A_YEAR_AND_MORE))
        asked += ask(slack, number // 3)
        slack.settle()
        time.sleep(12)  # it looks after what is old every five seconds
        (trouble / "clock").unlink()
        asked += ask(slack, number - len(asked))
        found = count(slack, asked, began)
        with contextlib.closing(sqlite3.connect(folder / "ledger.db")) as ledger:
            (kept,) = ledger.execute("select count(*) from questions").fetchone()
        found.notes.update(kept=kept)
        return found


@scenario("clock ten minutes behind")
def clock_behind(folder: Path, number: int) -> Tally:
    """Set back while questions are under way: no lease runs for ever."""
    with in_trouble(folder) as (trouble, settings), running(folder, **settings) as (slack, _):
        began = time.monotonic()
        asked = ask(slack, number // 2)
        (trouble / "clock").write_text("-600")
        asked += ask(slack, number - len(asked))
        return count(slack, asked, began)


@scenario("no host has an address")
def no_names(folder: Path, number: int) -> Tally:
    """The college's name server is away for some seconds; the socket stands."""
    with (
        in_trouble(folder) as (trouble, settings),
        SlackStandIn() as slack,
        AppProcess.started(
            slack, folder, SLACK_API_URL=f"http://localhost:{slack.port}/api/", **settings
        ) as app,
    ):
        began = time.monotonic()
        (trouble / "no-names").touch()
        asked = ask(slack, number)
        all_acknowledged(asked)
        time.sleep(5)
        up = app.get("/healthz")[0]
        (trouble / "no-names").unlink()
        return count(slack, asked, began, healthz=up)


# --- Slack, its socket and its token ------------------------------------------------------


@scenario("Slack away at the start")
def slack_away_at_start(folder: Path, number: int) -> Tally:
    """Every call fails for some seconds; then it connects by itself."""
    with SlackStandIn() as slack:
        slack.next_calls("*", ServerError(503), times=100_000)
        with starting(slack, folder):
            until(lambda: len(slack.calls()) >= 5, 60)
            time.sleep(3)
            slack.no_more_faults()
            slack.wait_for_socket(timeout=60)
            began = time.monotonic()
            return count(slack, ask(slack, number), began)


@scenario("token refused for a while")
def token_refused(folder: Path, number: int) -> Tally:
    """An administrator takes the app's token away and gives it back."""
    with running(folder) as (slack, app):
        began = time.monotonic()
        slack.next_calls("*", Refuses("token_revoked"), times=100_000)
        asked = ask(slack, number)
        all_acknowledged(asked)
        time.sleep(3)
        up = app.get("/healthz")[0]
        slack.no_more_faults()
        return count(slack, asked, began, timeout=90, healthz=up)


@scenario("Slack warns that it will disconnect", in_suite=True)
def socket_warned(folder: Path, number: int) -> Tally:
    """Warned in a stream of questions, then asked to connect anew."""
    with running(folder) as (slack, _):
        began = time.monotonic()
        asked: list[Message] = []
        for turn in range(3):
            asked += ask(slack, number // 3 if turn < 2 else number - len(asked))
            slack.refresh_sockets("warning")
        all_acknowledged(asked)
        opened = slack.sockets_opened
        slack.refresh_sockets()
        slack.wait_until(lambda: slack.sockets_opened > opened or None, 30, "another connection")
        again = send_again_what_was_not_acknowledged(slack, deliveries(asked))
        return count(slack, asked, began, redelivered=again)


@scenario("a day's connections in a minute")
def many_sockets(folder: Path, number: int) -> Tally:
    """Slack has it connect anew over and over: nothing of the old ones is left behind."""
    with running(folder) as (slack, app):
        began = time.monotonic()
        asked = ask(slack, number // 2)
        slack.settle()
        before: tuple[int, int] | None = None
        for turn in range(12):
            opened = slack.sockets_opened
            slack.refresh_sockets()
            slack.wait_until(lambda n=opened: slack.sockets_opened > n or None, 30, "a new one")
            until(lambda: slack.sockets == 1, 10)
            if turn == 1:
                before = _held(app)
        asked += ask(slack, number - len(asked))
        all_acknowledged(asked)
        send_again_what_was_not_acknowledged(slack, deliveries(asked))
        found = count(slack, asked, began)
        assert before is not None
        more = [now - then for now, then in zip(_held(app), before, strict=True)]
        found.notes.update(more_descriptors=more[0], more_threads=more[1])
        return found


def _held(app: AppProcess) -> tuple[int, int]:
    """How many descriptors and threads a process has."""
    of = Path("/proc") / str(app.process.pid)
    return len(list((of / "fd").iterdir())), len(list((of / "task").iterdir()))


@scenario("acknowledgements lost on the way", in_suite=True)
def delivered_thrice(folder: Path, number: int) -> Tally:
    """By HTTP: answered, and yet Slack sends each event twice more."""
    with running(folder, "http") as (slack, _):
        began = time.monotonic()
        asked = ask(slack, number)
        for delivery in deliveries(asked):
            for retry in (1, 2):
                slack.deliver_again(delivery, retry)
        return count(slack, asked, began)


# --- People and their channels ------------------------------------------------------------


def type_commands(slack: SlackStandIn, number: int) -> list[Delivery]:
    """So many people, each with a command in a channel."""
    channel = slack.channel()
    return [slack.person().types(f"/ilr {QUESTION}", channel) for _ in range(number)]


@scenario("addresses for replies that are used up", in_suite=True)
def response_address_dead(folder: Path, number: int) -> Tally:
    """What a command is to be answered at takes nothing: it is answered in direct messages."""
    with running(folder) as (slack, _):
        began = time.monotonic()
        slack.next_calls("response_url", Refuses("used_url"), times=100_000)
        typed = type_commands(slack, number)
        return count_commands(slack, typed, began)


@scenario("a command sent three times", in_suite=True)
def commands_sent_thrice(folder: Path, number: int) -> Tally:
    """By HTTP, as a proxy that repeats what it got no answer to."""
    with running(folder, "http") as (slack, _):
        began = time.monotonic()
        typed = type_commands(slack, number)
        for delivery in typed:
            for _ in range(2):
                slack.deliver_again(delivery)
        return count_commands(slack, typed, began)


@scenario("put out of the channel", in_suite=True)
def put_out(folder: Path, number: int) -> Tally:
    """Between question and answer. Nothing may be posted there: each is told what to do."""
    with running(folder) as (slack, _):
        began = time.monotonic()
        channel = slack.channel(joined=False)
        asked = [slack.person().mentions(QUESTION, channel) for _ in range(number)]
        return count(slack, asked, began, answerable=False)


@scenario("edited while it is answered")
def edited(folder: Path, number: int) -> Tally:
    """The answer is on its way when its question is put better."""
    with running(folder) as (slack, _):
        began = time.monotonic()
        channel = slack.channel()
        asked = []
        slack.next_calls("chat.postMessage", RateLimited(after=1), times=number)
        for _ in range(number):
            person = slack.person()
            message = person.mentions(QUESTION, channel)
            asked.append(message)
            person.edits(message, f"{message.text} Please.")
        return count(slack, asked, began)


@scenario("deleted while it is answered")
def deleted(folder: Path, number: int) -> Tally:
    """Every other question is taken back; none of those is left with an answer."""
    with running(folder) as (slack, _):
        began = time.monotonic()
        channel = slack.channel()
        kept, gone = [], []
        slack.next_calls("chat.postMessage", RateLimited(after=1), times=number)
        for turn in range(2 * number):
            person = slack.person()
            message = person.mentions(QUESTION, channel)
            (gone if turn % 2 else kept).append(message)
            if turn % 2:
                person.deletes(message)
        found = count(slack, kept, began)
        found.notes.update(answers_to_deleted=sum(len(slack.replies_to(one)) for one in gone))
        return found


# --- The process, its children and its knowledge ------------------------------------------


@scenario("checking process killed for its memory")
def child_killed(folder: Path, number: int) -> Tally:
    """The system ends what checks a file, as it does when memory is short."""
    with running(folder) as (slack, app):
        began = time.monotonic()
        large = f"<Message>{LEARNER * 3000}</Message>".encode()
        files = [share(slack, large) for _ in range(2)]
        asked = ask(slack, number)
        killed = 0
        for _ in files:
            seen: list[int] = []
            until(lambda s=seen: bool(s or s.extend(_children(app)) or s), 20)
            for pid in seen[:1]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    killed += 1
                until(lambda p=pid: p not in _children(app), 10)
        heard = told(slack, files)
        up = app.get("/healthz")[0]
        return count(slack, asked, began,
            healthz=up, killed=killed, files=len(files), senders_told=heard,
        )  # fmt: skip


def _children(app: AppProcess) -> list[int]:
    """The processes that a process started."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[1]) == app.process.pid and fields[0] != "Z":
                found.append(int(stat.parent.name))
    return found


@scenario("SIGTERM twice", in_suite=True)
def terminated_twice(folder: Path, number: int) -> Tally:
    """A host that is impatient: told to stop, and told again while it finishes."""
    with running(folder) as (slack, app):
        began = time.monotonic()
        asked = ask(slack, number)
        until(lambda: bool(slack.calls("chat.postMessage")), 10)
        app.process.send_signal(signal.SIGTERM)
        stopped = app.stop()
        app.start_again()
        send_again_what_was_not_acknowledged(slack, deliveries(asked))
        notes = {"seconds_to_stop": [round(stopped.seconds, 1)], "status": [stopped.status]}
        return count(slack, asked, began, **notes)


BROKEN = ("- id: ours\n  question: [", "\0\0\0", "&a [*a]", "- id: !!python/name:os.system\n")
"""What a curator's editor may leave behind."""


@scenario("own knowledge broken when it is read again")
def own_knowledge_broken(folder: Path, number: int) -> Tally:
    """Saved half-way, and told to read it: the knowledge before it goes on answering."""
    own = folder / "own"
    (own / "entries").mkdir(parents=True)
    with running(folder, ILR_KNOWLEDGE_DIR=str(own)) as (slack, app):
        began = time.monotonic()
        asked: list[Message] = []
        for turn, text in enumerate(BROKEN):
            (own / "entries" / "ours.yaml").write_text(text)
            app.process.send_signal(signal.SIGHUP)
            refused = turn + 1
            until(lambda n=refused: app.log.count("the last good one stays") >= n, 10)
            asked += ask(slack, number // len(BROKEN))
        (own / "entries" / "ours.yaml").unlink()
        app.process.send_signal(signal.SIGHUP)
        asked += ask(slack, number - len(asked))
        up = app.get("/healthz")[0]
        return count(slack, asked, began, healthz=up)
