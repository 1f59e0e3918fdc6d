"""Freed memory given back to the system, so that what is made once does not count for ever."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress

__all__ = ["give_back"]


def give_back() -> None:
    """Have the C library return what it holds and nobody uses; where it cannot, nothing happens.

    Reading the model leaves some 60 MB so, and learning the kinds of line some 25.
    """
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # musl's library has no such call, and needs none
            ctypes.CDLL(None).malloc_trim(0)
