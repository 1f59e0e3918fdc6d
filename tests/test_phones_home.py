"""Nothing phones home: no library looks up a host or leaves a file about this machine.

Libraries do so quietly, some only after a while, and not where CI is set: so each process here has
an environment without it, a home of its own, and a library before all others that writes down what
is looked up.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import CACHE

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[1]
SECONDS_WATCHED = 13
"""onnxruntime made its first call ten seconds after it was loaded."""
ANSWERS = """
import time
from bot.helpdesk import Helpdesk
helpdesk = Helpdesk.open(ready="kept")
assert helpdesk.ask("How do I record several placements?").outcome != "none"
import onnxruntime, sklearn.linear_model
time.sleep({seconds})
"""
LOOKS_UP = "import socket; socket.getaddrinfo('localhost', 80)"
READS_ENVIRONMENT = """
import os, sys
{imported}
assert "numpy" not in sys.modules and "onnxruntime" not in sys.modules
print(os.environ["ORT_DISABLE_TELEMETRY"], os.environ["OPENBLAS_NUM_THREADS"])
"""


class Watched:
    """A process whose files and look-ups are watched."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.home.mkdir()
        self._log = folder / "lookups"
        self._preload = folder / "lookups.so"
        compiler = shutil.which("cc")
        if compiler is None or sys.platform != "linux":
            pytest.skip("watching what is looked up needs Linux and a C compiler")
        source = ROOT / "tests/support/lookups.c"
        subprocess.run(
            [compiler, "-shared", "-fPIC", "-o", self._preload, source, "-ldl"], check=True
        )

    def run(self, *arguments: str) -> str:
        """Run Python with these arguments; what it wrote."""
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "XDG_CACHE_HOME": str(self.home / "cache"),
            "ILR_CACHE_DIR": str(CACHE),
            "LD_PRELOAD": str(self._preload),
            "LOOKUPS": str(self._log),
        }
        done = subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    @property
    def looked_up(self) -> list[str]:
        return self._log.read_text().splitlines() if self._log.exists() else []

    @property
    def files(self) -> list[str]:
        return [str(one.relative_to(self.home)) for one in self.home.rglob("*") if one.is_file()]


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    return Watched(tmp_path)


def test_a_look_up_would_be_seen(watched: Watched) -> None:
    watched.run("-c", LOOKS_UP)
    assert watched.looked_up == ["look-up localhost"]


def test_a_process_that_answers_looks_up_nothing_and_leaves_nothing(watched: Watched) -> None:
    watched.run("-c", ANSWERS.format(seconds=SECONDS_WATCHED))
    assert watched.looked_up == []
    assert watched.files == []


@pytest.mark.parametrize(
    "command", [("prepare",), ("ask", "When is R04?"), ("explain", "ULN_04"), ("version",)]
)
def test_a_command_looks_up_nothing_and_leaves_nothing(
    watched: Watched, command: tuple[str, ...]
) -> None:
    watched.run("-m", "bot", *command)
    assert watched.looked_up == []
    assert watched.files == []


@pytest.mark.parametrize(
    "imported",
    ["import bot.slack.runtime.server", "import bot.helpdesk", "import bot.matching.encoder"],
)
def test_libraries_are_told_before_they_are_imported(imported: str) -> None:
    environment = {"PATH": os.environ["PATH"], "ORT_DISABLE_TELEMETRY": "0"}
    done = subprocess.run(
        [sys.executable, "-c", READS_ENVIRONMENT.format(imported=imported)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["1", "1"]
