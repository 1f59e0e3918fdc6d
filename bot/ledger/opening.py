"""The ledger that the settings name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.settings import Settings

if TYPE_CHECKING:
    from bot.ledger import Ledger

__all__ = ["open_ledger"]


def open_ledger(settings: Settings) -> Ledger:
    """The ledger that the settings name."""
    from bot.ledger import Ledger

    return Ledger.open(
        settings.database_url,
        secret=settings.secret,
        retention_days=settings.retention_days,
        allow_ephemeral_sqlite=settings.allow_sqlite,
    )
