"""Python's garbage collector, which rests while a record is read and checked."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["collector_at_rest"]


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Without the collector, which would look through the rules and the record again and again.

    Next to nothing of a record is in circles until it is done with. Whoever goes through many asks
    for a collection between them (``gc.collect(0)``), which then looks at what came since alone.
    """
    was_on = gc.isenabled()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.unfreeze()
        if was_on:
            gc.enable()
