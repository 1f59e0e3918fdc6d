"""Where events are kept while the database is away, so that a process that dies loses none.

One small file an event: which message it is, by channel and timestamp, and whose; never what it
says. It is on the disk before the event is acknowledged, and gone once it is answered. Each
process has a folder of its own and holds a lock on it; what a dead one left is taken over.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import threading
import uuid
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from bot.ledger import EventPayload
from bot.slack.runtime.logs import log

__all__ = ["Spool", "SpooledEvent"]

_LOCK = "lock"


@dataclass(frozen=True, slots=True)
class SpooledEvent:
    """An event without its words."""

    event_id: str
    payload: EventPayload
    attempts: int = 1

    def to_json(self) -> str:
        return json.dumps(
            {"event_id": self.event_id, "attempts": self.attempts, **self.payload.to_json()}
        )

    @classmethod
    def from_json(cls, text: str) -> SpooledEvent:
        """Raises ValueError, KeyError or TypeError for what no process wrote."""
        found = json.loads(text)
        return cls(
            found.pop("event_id"), attempts=found.pop("attempts"), payload=EventPayload(**found)
        )


class Spool:
    """The folder of this process among those of others. Safe to share between threads."""

    def __init__(self, root: Path) -> None:
        """Nothing is made until something is to be kept."""
        self._root = root
        self._own: Path | None = None
        self._lock: int | None = None
        self._kept: set[str] = set()
        self._making = threading.Lock()

    def keep(self, event_id: str, payload: EventPayload, *, attempts: int = 1) -> bool:
        """Have it on the disk; False when the disk does not take it."""
        event = SpooledEvent(event_id, replace(payload, text=""), attempts)
        try:
            folder = self._folder()
            path = folder / _name(event_id)
            _write(path, event.to_json())
            _sync(folder)
        except OSError as error:
            log.warning("an event could not be spooled", extra={"error": type(error).__name__})
            return False
        self._kept.add(event_id)
        return True

    def drop(self, event_id: str) -> None:
        """It is answered."""
        if event_id in self._kept and self._own is not None:
            self._kept.discard(event_id)
            with suppress(OSError):
                (self._own / _name(event_id)).unlink()

    def left_by_the_dead(self, limit: int) -> list[SpooledEvent]:
        """Events of processes that are gone, now in our folder, with one attempt more."""
        found: list[SpooledEvent] = []
        with suppress(OSError):
            for folder in sorted(self._root.iterdir()):
                if len(found) < limit and folder != self._own and not folder.name.startswith("."):
                    with suppress(OSError):
                        found += self._taken_over(folder, limit - len(found))
        return found

    def close(self) -> None:
        """Leave what is kept to the next process."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = self._own = None

    def _folder(self) -> Path:
        """Our folder, locked before anybody else can see it."""
        with self._making:
            if self._own is None:
                name = uuid.uuid4().hex
                hidden = self._root / f".{name}"
                hidden.mkdir(parents=True, mode=0o700)
                self._lock = _locked(hidden / _LOCK)
                self._own = hidden.rename(self._root / name)
                _sync(self._root)
            return self._own

    def _taken_over(self, folder: Path, limit: int) -> list[SpooledEvent]:
        lock = _locked(folder / _LOCK)
        if lock is None:
            return []
        found: list[SpooledEvent] = []
        try:
            for path in sorted(folder.glob("*.json"))[:limit]:
                try:
                    event = SpooledEvent.from_json(path.read_text(encoding="utf-8"))
                except (ValueError, KeyError, TypeError):
                    event = None
                if event is not None:
                    event = replace(event, attempts=event.attempts + 1)
                    if not self.keep(event.event_id, event.payload, attempts=event.attempts):
                        break  # no room: it stays where it is
                    found.append(event)
                path.unlink()
            if not any(folder.glob("*.json")):
                shutil.rmtree(folder)
        finally:
            os.close(lock)
        return found


def _name(event_id: str) -> str:
    return hashlib.sha256(event_id.encode()).hexdigest()[:32] + ".json"


def _locked(path: Path) -> int | None:
    """An open file that nobody else has locked; None when somebody has, or nobody can tell."""
    try:
        import fcntl
    except ImportError:  # not a Unix: what is left there is taken over by nobody
        return None
    file = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(file)
        return None
    return file


def _write(path: Path, text: str) -> None:
    """All of it on the disk, or nothing."""
    being_written = path.with_suffix(".new")
    file = os.open(being_written, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    try:
        os.write(file, text.encode())
        os.fsync(file)
    finally:
        os.close(file)
    being_written.replace(path)


def _sync(folder: Path) -> None:
    """Have a folder's list of files on the disk."""
    file = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
