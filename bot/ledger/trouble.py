"""Why the ledger's database failed: one sentence for who runs it, which names the setting.

Drivers repeat what they were given, so none of their words are passed on.
"""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import URL

from bot.privacy import mask

__all__ = ["NOT_KEPT", "in_words", "kind_of", "without_values"]

NOT_KEPT = (
    "The database did not answer in time, so nothing was read from it and this was not kept. "
    "Try again; if it keeps happening, look at DATABASE_URL and run: python -m bot doctor"
)
_FULL = "The disk of DATABASE_URL's database is full. Make room, or name another."
_NO_FOLDER = (
    "The folder of the file that DATABASE_URL names does not exist. Make it, or name another."
)
_A_FOLDER = "DATABASE_URL names a folder. Add the name of a file."
_NO_PERMISSION = (
    "This user may not write the file that DATABASE_URL names, or its folder. Give it permission, "
    "or name another."
)
_SAID = (
    (("disk is full", "no space left", "53100"), _FULL),
    (("readonly", "permission denied", "not authorized", "42501"), _NO_PERMISSION),
    (
        ("not a database", "malformed"),
        "The file that DATABASE_URL names is damaged, or is no ledger. Restore a backup, or name "
        "another.",
    ),
    (
        ("password", "no pg_hba.conf", "28p01", "28000"),
        "Postgres refuses the user or password of DATABASE_URL. Correct it there.",
    ),
    (
        ("does not exist", "3d000"),
        "Postgres has no such database, user or table as DATABASE_URL needs. Create the database, "
        "or run: python -m bot migrate",
    ),
    (
        ("connection refused", "could not translate", "name or service", "connection timeout",
         "connection is bad", "server closed", "resolve host", "terminating connection"),
        "The Postgres that DATABASE_URL names cannot be reached. Is it running, and are its host "
        "and port right?",
    ),
)  # fmt: skip


def in_words(error: BaseException, url: URL) -> str:
    """The sentence for what a driver raised."""
    given = getattr(error, "orig", None) or error
    said = f"{given} {getattr(given, 'sqlstate', '')}".casefold()
    if "unable to open database file" in said:
        path = Path(str(url.database))
        if path.is_dir():
            return _A_FOLDER
        return _NO_PERMISSION if path.parent.is_dir() else _NO_FOLDER
    for words, sentence in _SAID:
        if any(word in said for word in words):
            return sentence
    return NOT_KEPT


def kind_of(error: BaseException) -> str:
    """What kind of error it is, for the log: its name, and Postgres's code for it."""
    state = getattr(getattr(error, "orig", None), "sqlstate", None)
    return f"{type(error).__name__} {state}" if state else type(error).__name__


def without_values(error: BaseException) -> str:
    """The first line of what a driver said; of what it quotes, only names of tables and columns."""
    lines = str(getattr(error, "orig", None) or error).splitlines()
    first = re.sub(r"(['\"])(.*?)\1", _only_a_name, lines[0]) if lines else ""
    return f"{kind_of(error)}: {mask(first)}"


def _only_a_name(quoted: re.Match[str]) -> str:
    return quoted[0] if re.fullmatch(r"[a-z_.]+", quoted[2]) else "…"
