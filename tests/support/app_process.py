"""The real process, ``python -m bot serve``, pointed at the Slack stand-in.

with AppProcess.started(slack, tmp_path, mode="socket") as app:
    …
assert app.stopped.status == 0
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from tests.support.slack_standin import SlackStandIn

__all__ = ["AppProcess", "Mode", "Stopped"]

REPOSITORY = Path(__file__).resolve().parents[2]
Mode = Literal["socket", "http"]


@dataclass(frozen=True)
class Stopped:
    """How a process ended: its exit status (negative: the signal), and the seconds it took."""

    status: int
    seconds: float


@dataclass
class AppProcess:
    """One running helpdesk. ``url`` is where it answers /slack/events, /healthz and /readyz."""

    slack: SlackStandIn
    mode: Mode
    folder: Path
    settings: dict[str, str]
    port: int
    process: subprocess.Popen[bytes] = field(init=False, repr=False)
    stopped: Stopped | None = None

    @classmethod
    def start(
        cls, slack: SlackStandIn, folder: Path, mode: Mode = "socket", **settings: str
    ) -> AppProcess:
        """Start it and return at once. ``settings`` are environment variables; those of this
        process are not passed on. ``folder`` keeps its database, cache and log."""
        folder.mkdir(parents=True, exist_ok=True)
        port = _free_port()
        tokens = (
            {"SLACK_APP_TOKEN": slack.app_token}
            if mode == "socket"
            else {"SLACK_SIGNING_SECRET": slack.signing_secret}
        )
        environment = {
            "PATH": os.environ.get("PATH", ""),
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(REPOSITORY),
            "PYTHONUNBUFFERED": "1",
            "SLACK_API_URL": slack.api_url,
            "SLACK_BOT_TOKEN": slack.bot_token,
            "PORT": str(port),
            "DATABASE_URL": f"sqlite:///{folder / 'ledger.db'}",
            "ILR_CACHE_DIR": os.environ.get("ILR_CACHE_DIR", str(folder / "cache")),
            # What the layer ranks is tested elsewhere; here a quick start matters.
            "ILR_SEMANTIC": "off",
            "ILR_SECRET": "a secret of the tests",
            "ILR_TODAY": "2026-11-24",
            **tokens,
            **settings,
        }
        app = cls(slack, mode, folder, environment, port)
        app._launch()
        return app

    @classmethod
    @contextlib.contextmanager
    def started(
        cls, slack: SlackStandIn, folder: Path, mode: Mode = "socket", **settings: str
    ) -> Iterator[AppProcess]:
        """Start it, wait until it is ready, and stop it afterwards."""
        app = cls.start(slack, folder, mode, **settings)
        try:
            app.wait_until_ready()
            yield app
        finally:
            if app.running:
                app.stop()

    def _launch(self) -> None:
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", "serve"],
                env=self.settings,
                cwd=self.folder,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.stopped = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def events_url(self) -> str:
        return f"{self.url}/slack/events"

    @property
    def log_file(self) -> Path:
        return self.folder / f"app-{self.port}.log"

    @property
    def log(self) -> str:
        """All that it wrote to standard output and standard error."""
        return self.log_file.read_text(encoding="utf-8", errors="replace")

    @property
    def log_lines(self) -> list[dict[str, Any]]:
        """The lines of its log that are JSON."""
        lines = []
        for line in self.log.splitlines():
            with contextlib.suppress(ValueError):
                found = json.loads(line)
                if isinstance(found, dict):
                    lines.append(found)
        return lines

    @property
    def running(self) -> bool:
        return self.process.poll() is None

    def get(self, path: str, timeout: float = 5.0) -> tuple[int, str]:
        """GET a path of the process: status and body. Raises OSError when nothing listens."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=timeout) as answer:  # noqa: S310
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def wait_until_ready(self, timeout: float = 60.0) -> None:
        """Wait for /readyz to say 200 (and, in Socket Mode, for the socket).

        In HTTP mode the stand-in is told to deliver here from now on.
        """
        deadline = time.monotonic() + timeout
        while not self._ready():
            if not self.running:
                raise AssertionError(f"it ended with {self.process.returncode}:\n{self.log}")
            if time.monotonic() > deadline:
                raise AssertionError(f"not ready after {timeout:g} s:\n{self.log}")
            time.sleep(0.05)
        if self.mode == "socket":
            self.slack.wait_for_socket()
        else:
            self.slack.delivers_to(self.events_url)

    def _ready(self) -> bool:
        try:
            return self.get("/readyz", timeout=2)[0] == 200
        except OSError:
            return False

    def stop(self, how: signal.Signals = signal.SIGTERM, timeout: float = 30.0) -> Stopped:
        """Ask it to stop and wait. It is killed, and this raises, when it does not in time."""
        began = time.monotonic()
        self.process.send_signal(how)
        try:
            status = self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)
            raise AssertionError(f"still running {timeout:g} s after {how.name}") from None
        self.stopped = Stopped(status, time.monotonic() - began)
        return self.stopped

    def kill(self) -> Stopped:
        """kill -9."""
        return self.stop(signal.SIGKILL, timeout=5)

    def start_again(self) -> None:
        """Start it anew with the same settings, port, database and log; wait until ready."""
        if self.running:
            raise RuntimeError("it is still running")
        self._launch()
        self.wait_until_ready()


def _free_port() -> int:
    """A port that nothing listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
