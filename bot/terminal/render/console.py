"""The terminal itself: where to print, and what shows that something takes its time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console

__all__ = ["console", "error_console", "progress", "waiting"]


def console() -> Console:
    """Standard output; colour only on a terminal and never with NO_COLOR."""
    return Console(highlight=False, soft_wrap=False)


def error_console() -> Console:
    """Standard error."""
    return Console(stderr=True, highlight=False)


@contextmanager
def waiting(err: Console, what: str) -> Iterator[None]:
    """Says what takes its time, while it does; nothing when standard error is no terminal."""
    if not err.is_terminal:
        yield
        return
    with err.status(what):
        yield


@contextmanager
def progress(err: Console, size: int) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on a terminal; nothing when standard error is not one.

    ``size``: bytes in all. Yields what to call with the bytes read and the learners checked.
    """
    if not err.is_terminal:
        yield lambda _done, _learners: None
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task("Checking", total=size)

        def advance(done: int, learners: int) -> None:
            bar.update(task, completed=done, description=f"{learners:,} learners checked")

        yield advance
