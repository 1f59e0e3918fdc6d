"""The tools that audit and list the dependencies, pinned by version and hash, in an environment of
their own."""

from __future__ import annotations

import subprocess
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / ".venv" / "audit"
LOCK = ROOT / ".ci" / "tools.lock"


def python() -> Path | None:
    """Its interpreter, with the tools; None where they cannot be installed."""
    found = HOME / "bin" / "python"
    if not found.exists():
        venv.create(HOME, with_pip=True)
    install = [found, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    install += ["--require-hashes", "--requirement", LOCK]
    done = subprocess.run(install, capture_output=True, check=False)  # noqa: S603 - our own words
    return None if done.returncode else found
