"""numpy is there before two threads want it: imported by both at once it may fail in each."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = """
import sys, threading
seen = []
def start(thread):
    if thread.name == "semantic":
        seen.append("numpy" in sys.modules)
    begin(thread)
begin, threading.Thread.start = threading.Thread.start, start
from bot.helpdesk import Helpdesk
Helpdesk.open().matcher
print(seen)
"""


def test_numpy_is_imported_before_the_layers_thread_begins() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert done.stdout.strip() == "[True]"
