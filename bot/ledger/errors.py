"""What can go wrong with the ledger, each with a message for a person."""

from __future__ import annotations

from bot.errors import HelpdeskError

__all__ = [
    "EphemeralStorage",
    "LedgerError",
    "LedgerUnavailable",
    "MigrationFailed",
    "SchemaBehind",
]


class LedgerError(HelpdeskError):
    """The ledger cannot do what was asked."""


class LedgerUnavailable(LedgerError):  # noqa: N818 - says what is so
    """The database did not answer in time, or refused: what was to be kept was not kept.

    Callers go on answering, and say what they could not keep.
    """


class EphemeralStorage(LedgerError):  # noqa: N818 - says what is so
    """SQLite was chosen on a host that throws its disk away."""


class SchemaBehind(LedgerUnavailable):
    """The database's tables are not those this version needs; nothing was read or written."""


class MigrationFailed(LedgerUnavailable):
    """A migration stopped; the database is as it was before, and cannot be used by this version."""
