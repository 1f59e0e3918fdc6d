"""How the curators' queue looks: what `report` shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.terminal.render.console import table_for

if TYPE_CHECKING:
    from bot.curation_queue import CurationQueue
    from bot.ledger import Flag, Gap

__all__ = ["show_queue"]

MAX_UNUSED = 15
"""Unused entries listed; `report --json` has them all."""
MAX_WORDINGS = 3
"""Other wordings of a gap that are listed."""


def show_queue(out: Console, queue: CurationQueue, title_of: Callable[[str], str]) -> None:
    """What was asked, what became of it, and what waits for a curator."""
    outcomes = queue.outcomes
    out.print(f"{outcomes.asked:,} questions in the last {queue.days} days", style="bold")
    for words, count in (
        ("solved (the asker said so)", outcomes.solved),
        ("assumed solved (not asked again within seven days)", outcomes.assumed),
        ("passed to a person", outcomes.handed_over),
        ("unanswered", outcomes.unanswered),
        ("marked wrong, out of date or not the question", outcomes.wrong),
        ("asked again", outcomes.returned),
        ("too early to say", outcomes.too_early),
        ("asker not known", outcomes.untraced),
    ):
        if count:
            out.print(f"  {count:>6,}  {words}")
    for table in _tables(out, queue, title_of):
        if table.row_count:
            out.print()
            out.print(table)


def _tables(out: Console, queue: CurationQueue, title_of: Callable[[str], str]) -> Iterator[Table]:
    yield _table(
        out,
        "Waiting for a person",
        ("Asked", "Since", "State"),
        ((one.text, f"{one.opened_at:%d/%m/%Y}", one.state.value) for one in queue.handovers),
    )
    yield _table(
        out,
        "What to write next",
        ("Asked", "Times", "Other wordings"),
        ((gap.question, str(gap.count), _other_wordings(gap)) for gap in queue.gaps),
    )
    yield _table(
        out,
        "Suggestions",
        ("No.", "Question", "State"),
        (
            (str(one.id), one.question, words)
            for found, words in (
                (queue.drafts, "to decide, in Slack"),
                (queue.unpublished, "approved: suggestions export"),
            )
            for one in found
        ),
    )
    yield _table(
        out,
        "Answers people marked",
        ("Entry", "Wrong", "Out of date", "Not my question"),
        ((flag.entry_id, *(str(count or "") for count in _marks(flag))) for flag in queue.flags),
    )
    yield _table(
        out,
        "Due for review",
        ("Entry", "By"),
        ((entry, f"{day:%d/%m/%Y}") for entry, day in queue.to_review),
    )
    if queue.new_year:
        yield _table(
            out,
            f"For {queue.new_year.year}, from 1 August",
            ("Left to do",),
            ((line,) for line in (*queue.new_year.lines, *queue.new_year.codes_ending)),
        )
    yield _table(
        out,
        "Busy returns",
        ("Return", "Week of", "Asked", "Ordinary week"),
        (
            (peak.code, f"{peak.start:%d/%m/%Y}", str(peak.asked), f"{peak.ordinary:.0f}")
            for peak in queue.busy_returns
        ),
    )
    if queue.unused_since:
        yield _table(
            out,
            f"Unused entries since {queue.unused_since:%d/%m/%Y}",
            ("Entry", "Question"),
            ((entry, title_of(entry)) for entry in queue.unused[:MAX_UNUSED]),
            more=len(queue.unused) - MAX_UNUSED,
        )


def _other_wordings(gap: Gap) -> str:
    return "\n".join([way for way in gap.ways if way != gap.question][:MAX_WORDINGS])


def _table(
    out: Console,
    title: str,
    heads: tuple[str, ...],
    rows: Iterable[tuple[str, ...]],
    *,
    more: int = 0,
) -> Table:
    said = f"and {more:,} more: report --json lists them" if more > 0 else ""
    table = table_for(out, *heads, title=title, caption=said)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table


def _marks(flag: Flag) -> tuple[int, int, int]:
    return flag.wrong, flag.out_of_date, flag.not_my_question
