"""An empty ledger whose tables are made: making them anew for each test takes long."""

from __future__ import annotations

import shutil
from pathlib import Path

from bot.ledger import migrate

__all__ = ["empty_ledger", "with_tables"]


def with_tables(folder: Path) -> Path:
    """An empty SQLite file with its tables, to be copied."""
    path = folder / "empty.db"
    migrate(f"sqlite:///{path}")
    assert [file.name for file in folder.iterdir()] == [path.name], "it is still open"
    return path


def empty_ledger(copied: Path, to: Path) -> str:
    """The address of a copy of it; of what is there already, if something is."""
    if not to.exists():
        shutil.copyfile(copied, to)
    return f"sqlite:///{to}"
