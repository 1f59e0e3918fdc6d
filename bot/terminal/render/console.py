"""The terminal itself: where to print, and what shows that something takes its time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.box import HEAVY_HEAD, ROUNDED
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

__all__ = ["console", "error_console", "framed", "progress", "table_for", "waiting"]


def console() -> Console:
    """Standard output; colour only on a terminal and never with NO_COLOR."""
    return Console(highlight=False, soft_wrap=False)


def framed(
    out: Console, body: RenderableType, *, title: Text | None = None, style: str = "none"
) -> RenderableType:
    """A frame round it on a terminal; elsewhere the title above it, and no lines drawn."""
    if out.is_terminal:
        return Panel(body, box=ROUNDED, title=title, title_align="left", border_style=style)
    return Group(title, body) if title else body


def table_for(out: Console, *heads: str, title: str | None = None, caption: str = "") -> Table:
    """A table with lines on a terminal; elsewhere in columns alone, each cell whole."""
    drawn = out.is_terminal
    table = Table(
        *heads,
        title=title,
        caption=caption or None,
        title_justify="center" if drawn else "left",
        caption_justify="center" if drawn else "left",
        box=HEAVY_HEAD if drawn else None,
        pad_edge=drawn,
        show_header=bool(heads),
    )
    for column in () if drawn else table.columns:
        column.overflow = "fold"
    return table


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
