"""The ledger that the settings name."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from bot.settings import Settings

if TYPE_CHECKING:
    from bot.ledger import Ledger

__all__ = ["NO_LEDGER_YET", "ledger_exists", "open_ledger"]

NO_LEDGER_YET = "There is no ledger yet: serve makes the file that DATABASE_URL names."


def ledger_exists(settings: Settings) -> bool:
    """Whether there is anything to open: a server's database, or the file of SQLite."""
    from bot.ledger.database import database_url

    url = database_url(settings.database_url)
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return True
    path = Path(url.database)
    # Without its folder it is a mistake, which opening it tells.
    return path.exists() or not path.parent.is_dir()


def open_ledger(settings: Settings) -> Ledger:
    """The ledger that the settings name, for a command: it makes no file and changes no table.

    Where there is none yet, an empty one in memory, and the log says so.
    """
    from bot.ledger import Ledger

    exists = ledger_exists(settings)
    if not exists:
        logging.getLogger("ilr").warning(NO_LEDGER_YET)
    return Ledger.open(
        settings.database_url if exists else "sqlite://",
        secret=settings.secret,
        retention_days=settings.retention_days,
        allow_ephemeral_sqlite=settings.allow_sqlite or not exists,
        sets_up=not exists,
    )
