"""A command loads what it needs, so that every other starts at once."""

from __future__ import annotations

import subprocess
import sys

import pytest

SLOW = ("alembic", "lxml", "numpy", "onnxruntime", "rich", "slack_bolt", "sqlalchemy")
"""pydantic is not among them: typer may load it itself."""


@pytest.mark.parametrize("words", [["version"], ["--help"], ["check", "--help"]])
def test_nothing_slow_is_loaded_for_what_does_not_need_it(words: list[str]) -> None:
    start = (
        "import sys\n"
        "from bot.terminal.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print(sorted(set({SLOW!r}) & sys.modules.keys()), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", start, *words], capture_output=True, text=True, check=True
    )
    assert done.stderr.strip() == "[]"
