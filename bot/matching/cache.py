"""Files that can be made again: written whole, read sceptically, never in the way."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

__all__ = ["Cache"]

_KEPT_OF_EACH_KIND = 6


class Cache:
    """A folder of files named kind-key, and one that came with the installation, which is only
    read; with no folder, nothing is kept or found."""

    def __init__(self, folder: Path | None, prepared: Path | None = None) -> None:
        self._folder = folder
        self._prepared = prepared

    def read(self, kind: str, key: str) -> bytes | None:
        """The file's bytes, None when it is not there or cannot be read."""
        return next(self.read_each(kind, key), None)

    def read_each(self, kind: str, key: str) -> Iterator[bytes]:
        """The bytes of that file of either folder."""
        for folder in (self._folder, self._prepared):
            file = folder / f"{kind}-{key}" if folder is not None else None
            if file is None:
                continue
            try:
                data = file.read_bytes()
            except OSError:
                continue
            if folder is self._folder:
                with contextlib.suppress(OSError):
                    os.utime(file)  # what is used is not what is pruned
            yield data

    def prepared(self, kind: str) -> list[str]:
        """The keys of the files of a kind that came with the installation."""
        if self._prepared is None:
            return []
        return sorted(file.name.partition("-")[2] for file in self._prepared.glob(f"{kind}-*"))

    def read_json(self, kind: str, key: str) -> Any:
        """The file's data, None when it is not there or not JSON."""
        data = self.read(kind, key)
        try:
            return None if data is None else json.loads(data)
        except ValueError:
            return None

    def write(self, kind: str, key: str, data: bytes | memoryview) -> None:
        """Keep ``data``, beside the few last used of its kind; a folder that cannot be written is
        no error.

        Written beside and renamed, so that two processes never read half a file.
        """
        if self._folder is None:
            return
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self._folder, suffix=".part")
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).replace(self._folder / f"{kind}-{key}")
            self._prune(self._folder, kind)

    def write_json(self, kind: str, key: str, data: Any) -> None:
        """The same for plain data."""
        self.write(kind, key, json.dumps(data).encode())

    @staticmethod
    def _prune(folder: Path, kind: str) -> None:
        found = sorted(folder.glob(f"{kind}-*"), key=lambda file: file.stat().st_mtime)
        for old in found[:-_KEPT_OF_EACH_KIND]:
            old.unlink(missing_ok=True)
