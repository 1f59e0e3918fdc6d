"""What the operating system refuses, in one sentence that names the setting or the remedy."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

from bot.settings import Settings

__all__ = ["in_words"]

_FULL = (errno.ENOSPC, errno.EDQUOT)
_NO_PERMISSION = (errno.EACCES, errno.EPERM, errno.EROFS)
_NO_ADDRESS = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)


def in_words(error: OSError) -> str:
    """The sentence for it. A path is shown, never what was to be written there."""
    name = error.filename if isinstance(error.filename, str) else ""
    where = repr(name) if name else "what it was to write to"
    change = _change(name)
    if error.errno == errno.EADDRINUSE:
        return (
            "Another program listens on PORT already; it may be this one. Stop that program, or "
            "set PORT to another number."
        )
    if error.errno in _NO_ADDRESS:
        return "This machine has no such address as is set. Correct ILR_HOST."
    if error.errno in _FULL:
        return f"The disk of {where} is full. Make room{change}."
    if error.errno in _NO_PERMISSION and not name:
        return "This user may not listen on PORT. Set PORT to a number above 1023."
    if error.errno in _NO_PERMISSION:
        return f"This user may not use {where}. Give it permission{change}."
    if error.errno == errno.ENOENT:
        return f"There is no {where}. Make it{change}."
    if error.errno == errno.EMFILE:
        return "This user may not open as many files as are needed. Raise the limit (ulimit -n)."
    return f"The operating system refused {where} ({error.strerror or type(error).__name__})."


def _change(name: str) -> str:
    """``, or set …``: the setting that says where this is; "" when none does."""
    if not name:
        return ""
    if Path(name).is_relative_to(tempfile.gettempdir()):
        return ", or set TMPDIR to a folder elsewhere"
    try:
        own = Settings.load().knowledge_dir
    except Exception:  # noqa: BLE001 - there is an error to tell already
        own = None
    for setting, folder in (
        ("ILR_CACHE_DIR", os.environ.get("ILR_CACHE_DIR")),
        ("ILR_KNOWLEDGE_DIR", own),
    ):
        if folder and Path(name).is_relative_to(folder):
            return f", or set {setting} to another folder"
    return ""
