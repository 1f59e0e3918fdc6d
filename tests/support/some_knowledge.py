"""Some of the shipped knowledge, so that a mistake in it is found in no time."""

from __future__ import annotations

import shutil
from collections.abc import Collection
from pathlib import Path

from bot.yaml_files import shipped_knowledge

__all__ = ["copy_some"]


def copy_some(folder: Path, files: Collection[str], *, without: Collection[str] = ()) -> Path:
    """Copy the shipped knowledge to ``folder``: of entries and rules only ``files``, like
    "entries/evidence.yaml", and nothing named in ``without``."""
    left_out = shutil.ignore_patterns("entries", "rules", *without)
    shutil.copytree(shipped_knowledge(), folder, ignore=left_out)
    for name in files:
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(shipped_knowledge() / name, folder / name)
    return folder
