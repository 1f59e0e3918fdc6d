"""Serve Slack: Socket Mode or signed HTTP, with health pages, a clean stop, and live reload."""

from __future__ import annotations

import contextlib
import gc
import hashlib
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from slack_bolt import App
from slack_sdk.errors import SlackApiError

from bot.answer_processes import AnswerProcesses
from bot.errors import KnowledgeError, SettingsError, places
from bot.helpdesk import Helpdesk
from bot.ledger import Ledger, LedgerError, SchemaBehind, migrate
from bot.ledger.errors import LedgerUnavailable
from bot.settings import Settings, doubts, environment
from bot.slack.context import AppContext
from bot.slack.features import curating, handover, returns
from bot.slack.features.approved_entries import sync_approved_entries
from bot.slack.runtime.app import REPLAYED, build, replay
from bot.slack.runtime.connections import CONNECTIONS
from bot.slack.runtime.logs import configure, log
from bot.slack.runtime.metrics import CONTENT_TYPE, Metrics
from bot.slack.runtime.sentry import report_to
from bot.slack.runtime.slack_errors import TOKEN_REFUSED
from bot.slack.runtime.spool import Spool
from bot.slack.runtime.transport import OverHttp, OverSocket
from bot.slack.runtime.web import MAX_BODY, Web
from bot.slack.runtime.workspaces import PAGES, Running, Workspaces, check_settings
from bot.yaml_files import cache_folder, shipped_knowledge

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

__all__ = ["serve"]

SECONDS_TO_STOP = 15.0
"""For answers under way; the whole stop takes less than 20 seconds."""
SECONDS_BETWEEN_LOOKS = 5.0
SECONDS_IN_A_BACKLOG = 1.0
"""After a crash in a burst, what was kept is answered at 20 a second, not 2."""
SECONDS_BETWEEN_TOKENS = 300.0
"""How often Slack is asked whether it still takes the token."""
SECONDS_WITHOUT_SOCKET = 600.0
"""After this long without a connection the process ends, so that its host starts a new one."""
EVERY_ADDRESS, LOOPBACK = "0.0.0.0", "127.0.0.1"  # noqa: S104
SECONDS_BETWEEN_MIGRATIONS = 15.0
"""How often it is tried to bring up a database that was away, or could not be brought up."""
COLLECTED = (5_000, 20, 20)
"""When Python looks for what can be freed, by new objects."""
_A_DAY, _AN_HOUR = 86_400.0, 3_600.0


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT. Raises SettingsError, saying what to set."""
    if not settings.serves_slack:
        raise SettingsError(
            "Set SLACK_BOT_TOKEN, and SLACK_APP_TOKEN for Socket Mode or SLACK_SIGNING_SECRET "
            "for HTTP. To serve every workspace that installs it: SLACK_CLIENT_ID, "
            "SLACK_CLIENT_SECRET and SLACK_SIGNING_SECRET."
        )
    configure(settings.log_level)
    sentry = report_to(settings.sentry_dsn) if settings.sentry_dsn else None
    try:
        for sentence in doubts(environment()):
            log.warning(sentence)
        status = Server(settings).run()
    finally:
        if sentry:
            sentry.stop()
    if status:
        raise SystemExit(status)


class Server:
    """One process serving one workspace, or every one that installed the app."""

    def __init__(self, settings: Settings) -> None:
        if settings.serves_many:
            check_settings(settings)
        self.settings = settings
        self.ledger = Ledger.open(
            settings.database_url,
            secret=settings.secret,
            retention_days=settings.retention_days,
            allow_ephemeral_sqlite=settings.allow_sqlite,
        )
        # Before the files are read: what changes meanwhile, or until we watch, is read again.
        self._stamps_read = _stamps(settings)
        self._answering: AnswerProcesses | None = None
        self.helpdesk = self._open_helpdesk()
        self.many: Workspaces | None = (
            Workspaces(settings, self.helpdesk, self.ledger, _opened)
            if settings.serves_many
            else None
        )
        self._spool = Spool(_spool_folder(settings))
        self.bolt: App | None = None
        self.app: AppContext | None = None
        self.http: OverHttp | None = None
        self.socket: OverSocket | None = None
        self._stop = threading.Event()
        self._reload = threading.Event()
        self.metrics = Metrics(self._state, self._counts)
        self._is_migrated = False
        self._migrated_at = -SECONDS_BETWEEN_MIGRATIONS
        self._backlog = False
        """Whether more was left unanswered than is taken up at once."""
        # In Socket Mode there is only what this machine's own monitoring asks for.
        self._web = Web(
            self._page,
            settings.host or (EVERY_ADDRESS if not settings.slack_app_token else LOOPBACK),
            settings.port,
            max_body=0 if settings.slack_app_token else MAX_BODY,
        )

    def run(self) -> int:
        """Serve, then stop cleanly; the exit status."""
        for name in ("SIGTERM", "SIGINT"):
            signal.signal(getattr(signal, name), self._told_to_stop)
        if hasattr(signal, "SIGHUP"):
            signal.signal(signal.SIGHUP, lambda *_: self._reload.set())
        self.metrics.start()
        self._look_at_the_ledger()
        self._web.start()
        self._migrate()
        status = 0
        try:
            if self._connect():
                mode = "Socket Mode" if self.socket else "HTTP"
                log.info("serving", extra={"mode": mode, "port": self._web.port})
                status = self._watch()
        finally:
            self._close()
        return status

    def _look_at_the_ledger(self) -> None:
        """Say at the start what keeps the ledger from being used; answers go on without it."""
        try:
            self.ledger.look()
        except LedgerUnavailable as error:
            log.error("the ledger cannot be used", extra={"fix": str(error)})

    def _told_to_stop(self, number: int, frame: FrameType | None) -> None:
        self._stop.set()

    def _migrate(self) -> None:
        """Bring the database up to date, now or when it comes: questions are answered meanwhile."""
        now = time.monotonic()
        if self._is_migrated or now - self._migrated_at < SECONDS_BETWEEN_MIGRATIONS:
            return
        self._migrated_at = now
        try:
            done = migrate(self.settings.database_url)
        except LedgerError as error:
            log.warning("the database is not ready yet", extra={"error": type(error).__name__})
        else:
            self._is_migrated = True
            log.info(done)

    def _connect(self) -> bool:
        """Reach Slack, trying again until it answers; False when told to stop before."""
        wait = 1.0
        while not self._stop.is_set():
            try:
                if self.many is not None:
                    self.many.sync()
                    self._backlog = self._replay_all() >= REPLAYED
                    self.http = OverHttp(
                        self.many.bolt, self.settings.slack_signing_secret, pages=PAGES
                    )
                    return True
                if self.bolt is None or self.app is None:
                    self.bolt, self.app = build(
                        self.settings, self.helpdesk, self.ledger, spool=self._spool
                    )
                    self.metrics.watch(self.app.slack.client, self.app.slack._unrepeated)
                    self._backlog = replay(self.bolt, self.app) >= REPLAYED
                if self.settings.slack_app_token:
                    self._open_socket(self.bolt)
                else:
                    self.http = OverHttp(self.bolt, self.settings.slack_signing_secret)
                return True
            except SlackApiError as error:
                code = str(error.response.get("error"))
                if code in TOKEN_REFUSED:
                    name = "SLACK_BOT_TOKEN" if self.bolt is None else "SLACK_APP_TOKEN"
                    raise SettingsError(
                        f"Slack refused {name} ({code}). Copy it again from the app's pages at "
                        "api.slack.com/apps."
                    ) from None
                log.warning("Slack cannot be reached yet", extra={"code": code, "seconds": wait})
            except SchemaBehind:
                raise
            except LedgerError:
                log.warning("the database cannot be reached yet", extra={"seconds": wait})
            except Exception as error:  # noqa: BLE001 - whatever the network throws, try again
                log.warning(
                    "Slack cannot be reached yet",
                    extra={"error": type(error).__name__, "seconds": wait},
                )
            self._stop.wait(wait)
            wait = min(wait * 2, 30.0)
        return False

    def _running(self) -> list[Running]:
        """The workspaces that are served now."""
        if self.many is not None:
            return self.many.running()
        return [(self.bolt, self.app)] if self.bolt and self.app else []

    def _replay_all(self) -> int:
        return max((replay(bolt, app) for bolt, app in self._running()), default=0)

    def _open_socket(self, bolt: App) -> None:
        handler = OverSocket(bolt, self.settings.slack_app_token)
        try:
            handler.connect()
        except Exception:
            handler.close()
            raise
        self.socket = handler

    def _watch(self) -> int:
        """Look after knowledge, unanswered events and the socket until told to stop."""
        seen = self._stamps_read
        _set_apart()
        connected_at = swept_at = tried_at = time.monotonic()
        for work in self._running():
            # What git holds since the last start closes what waited for it; it may take a while.
            close = curating.close_resolved_items
            threading.Thread(target=close, args=work[1:], daemon=True).start()
        while not self._stop.wait(self._until_next_look()):
            self._migrate()
            now = time.monotonic()
            stamps = _stamps(self.settings)
            if self._reload.is_set() or stamps != seen:
                self._reload.clear()
                seen = stamps
                self._reload_knowledge()
            due = self._backlog or now - swept_at >= 2 * SECONDS_BETWEEN_LOOKS
            if due:
                swept_at = now
                backlogs = [self._sweep_safely(bolt, app) for bolt, app in self._running()]
                self._backlog = any(backlogs)
            if self.app and now - tried_at >= SECONDS_BETWEEN_TOKENS:
                tried_at = now
                self.app.slack.try_token()
            if self.many and now - tried_at >= SECONDS_BETWEEN_TOKENS:
                tried_at = now
                self._sync_safely(self.many)
            if self.socket is None or self.socket.is_connected():
                connected_at = now
            elif now - connected_at > SECONDS_WITHOUT_SOCKET:
                log.error("no connection to Slack for too long; ending")
                return 1
        return 0

    def _until_next_look(self) -> float:
        if self._reload.is_set():
            return 0.0
        return SECONDS_IN_A_BACKLOG if self._backlog else SECONDS_BETWEEN_LOOKS

    def _sync_safely(self, many: Workspaces) -> None:
        """Who came and went, and what is nobody's is purged."""
        try:
            many.sync()
            due = self.ledger.once_per("purge", _A_DAY)
            if due and self.ledger.purge_if_plausible() is None:
                log.warning("the clock has jumped far ahead; nothing was purged")
        except Exception as error:  # noqa: BLE001 - the next one tries again
            log.warning("workspaces were not looked up", extra={"error": type(error).__name__})

    def _sweep_safely(self, bolt: App, app: AppContext) -> bool:
        """Whatever a sweep meets, Slack away or a mistake of ours, the process goes on.

        Whether more was left than is taken up at once.
        """
        try:
            with self._while_served(app) as is_served:
                return is_served and self._sweep(bolt, app)
        except Exception as error:  # noqa: BLE001 - the next sweep tries again
            log.error(
                "a sweep failed; the next tries again",
                extra={"error": type(error).__name__, "where": places(error)},
            )
            return self._backlog

    def _while_served(self, app: AppContext) -> contextlib.AbstractContextManager[bool]:
        return self.many.while_served(app.home.team) if self.many else contextlib.nullcontext(True)

    def _sweep(self, bolt: App, app: AppContext) -> bool:
        """Answer what was left, and from what was approved; once a day forget what is too old."""
        count = replay(bolt, app)
        if count:
            log.info("answering what was left unanswered", extra={"count": count})
        sync_approved_entries(app)
        if app.ledger.is_due("purge", _A_DAY):
            app.ledger.purge()
            curating.close_resolved_items(app)
        if app.ledger.is_due("remind", _AN_HOUR):
            handover.remind(app)
        if app.ledger.is_due("returns", _AN_HOUR / 4):
            returns.announce(app)
            returns.remind_people(app)
        return count >= REPLAYED

    def _open_helpdesk(self) -> Helpdesk:
        """One of the knowledge as it now is, with the processes that answer for it, if any."""
        helpdesk, before = _opened(self.settings), self._answering
        if self.settings.answer_processes:
            self._answering = AnswerProcesses(self.settings, self.settings.answer_processes)
            helpdesk.elsewhere = self._answering
        if before is not None:
            before.close()
        return helpdesk

    def _reload_knowledge(self) -> None:
        """Read the knowledge again; a bad file leaves the last good one in place."""
        try:
            self.helpdesk = self._open_helpdesk()
            if self.many:
                self.many.reload(self.helpdesk)
            elif self.app:
                self.app.helpdesk = self.helpdesk
        except KnowledgeError as error:
            log.error(
                "the knowledge could not be read again; the last good one stays",
                extra={"where": [f"{one.file}:{one.line}" for one in error.problems[:5]]},
            )
        except Exception as error:  # noqa: BLE001 - a half-written file must not end the process
            log.error(
                "the knowledge could not be read again; the last good one stays",
                extra={"error": type(error).__name__},
            )
        else:
            _set_apart()
            for _, app in self._running():
                curating.close_resolved_items(app)
            log.info(
                "the knowledge was read again",
                extra={"count": len(self.helpdesk.knowledge.entries)},
            )

    def _close(self) -> None:
        """Stop taking events, finish those under way, close."""
        log.info("stopping")
        self._web.refuse()
        if self.socket:
            with contextlib.suppress(Exception):
                self.socket.close()
        drained = _drained(self._running(), SECONDS_TO_STOP)
        self._web.stop()
        for _, app in self._running():
            app.apart.close()
        if self._answering is not None:
            self._answering.close()
        CONNECTIONS.close()
        self.ledger.close()
        self.metrics.stop()
        self._spool.close()
        log.info("stopped" if drained else "stopped with answers unfinished; they will be resumed")
        if not drained:
            # Their threads would keep the process alive; what they had is kept in the ledger.
            sys.stdout.flush()
            os._exit(0)

    def _page(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO")
        if path == "/healthz":
            return _answer(start, "200 OK", {"up": True})
        if path == "/readyz":
            parts = self._ready()
            return _answer(start, "200 OK" if parts["ready"] else "503 Service Unavailable", parts)
        if path == "/metrics" and self.settings.metrics:
            return self._metrics(start)
        if path == "/slack/events" and self.http is not None and not self._stop.is_set():
            return self.http(environ, start)
        if self.http is not None and path in self.http.pages:
            return self.http(environ, start)
        if path == "/slack/events" and not self.settings.slack_app_token:
            return _answer(start, "503 Service Unavailable", {"ready": False})
        return _answer(start, "404 Not Found", {"found": False})

    def _metrics(self, start: StartResponse) -> Iterable[bytes]:
        """How it is and what was done, for Prometheus; nothing of what was asked."""
        body = self.metrics.page()
        start("200 OK", [("Content-Type", CONTENT_TYPE), ("Content-Length", str(len(body)))])
        return [body]

    def _counts(self) -> Mapping[str, float]:
        """The ledger's figures; none while it cannot be reached."""
        if self.many:
            return _figures(self.ledger)
        return self.app.ledger.metrics() if self.app else {}

    def _state(self) -> dict[str, float]:
        """How this process is, in figures."""
        parts = self._ready()
        waiting = getattr(self.app.answering, "_work_queue", None) if self.app else None
        return {
            "slack_connected": parts["slack"],
            "database_up": parts["database"],
            "semantic_layer_on": self.helpdesk.matcher.semantic,
            "entries": len(self.helpdesk.knowledge.entries),
            "queue": waiting.qsize() if waiting else 0,
        }

    def _ready(self) -> dict[str, Any]:
        """Ready means that questions are answered; a database that is away is said, not fatal."""
        connected = self.http is not None or bool(self.socket and self.socket.is_connected())
        app = self.app
        refused = app.slack.token_refused if app else ""
        parts: dict[str, Any] = {
            "slack": connected and not refused,
            "database": _reachable(self.ledger) if self.many else bool(app and app.ledger.ping()),
            "knowledge": bool(self.helpdesk.knowledge.entries),
        }
        ready = all(parts.values()) and not self._stop.is_set()
        why = {"why": f"Slack refuses SLACK_BOT_TOKEN ({refused})"} if refused else {}
        if self.app and not parts["database"]:
            why["fix"] = self.app.ledger.trouble or self.ledger.trouble
        return {"ready": ready, **parts, "semantic": self._semantic(), **why}

    def _semantic(self) -> str:
        """How the semantic layer stands; without it the core answers by words, so it may be off."""
        matcher = self.helpdesk.matcher
        if matcher.semantic:
            return "on"
        if self.settings.semantic == "off":
            return "off, as ILR_SEMANTIC says"
        return "off, see the log" if matcher.problem else "being made, or not installed"


def _spool_folder(settings: Settings) -> Path:
    """One for each workspace that a machine serves; its name gives nothing away."""
    which = f"{settings.slack_api_url}\n{settings.slack_bot_token}".encode()
    return cache_folder() / "unanswered" / hashlib.sha256(which).hexdigest()[:16]


def _set_apart() -> None:
    """What stays, the knowledge above all, is not looked through for what can be freed: each time
    that would hold an answer up for a tenth of a second."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTED)


def _opened(settings: Settings) -> Helpdesk:
    """A helpdesk that has built what its first question would have to wait for; what only the first
    that names a code would is built beside."""
    helpdesk = Helpdesk.open(settings)
    helpdesk.warm_up()
    threading.Thread(target=helpdesk.messages.learn_names, name="names", daemon=True).start()
    return helpdesk


def _reachable(ledger: Ledger) -> bool:
    """Whether the database takes what is to be kept."""
    with contextlib.suppress(LedgerError):
        return ledger.is_reachable()
    return False


def _figures(ledger: Ledger) -> Mapping[str, float]:
    """The figures of all workspaces together; {} while the database is away."""
    with contextlib.suppress(LedgerError):
        return ledger.metrics()
    return {}


def _stamps(settings: Settings) -> dict[str, tuple[int, int]]:
    """When each knowledge file was last written, and its size."""
    found: dict[str, tuple[int, int]] = {}
    own = filter(None, (settings.knowledge_dir, settings.workspaces_dir))
    for folder in (shipped_knowledge(), *own):
        # The folder itself may be swapped for a new one while it is looked at.
        with contextlib.suppress(OSError):
            for path in Path(folder).rglob("*.yaml"):
                with contextlib.suppress(OSError):
                    about = path.stat()
                    found[str(path)] = (about.st_mtime_ns, about.st_size)
    return found


def _drained(running: Sequence[Running], seconds: float) -> bool:
    """Wait for the answers under way; whether all were finished in time."""

    def finish() -> None:
        for bolt, app in running:
            bolt.listener_runner.listener_executor.shutdown()
            app.answering.shutdown()
            app.checking.shutdown()

    waiting = threading.Thread(target=finish, daemon=True)
    waiting.start()
    waiting.join(seconds)
    return not waiting.is_alive()


def _answer(start: StartResponse, status: str, data: dict[str, Any]) -> Iterable[bytes]:
    body = json.dumps(data).encode()
    start(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
