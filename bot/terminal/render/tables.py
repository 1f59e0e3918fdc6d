"""How the figures of an evaluation and a comparison of rules look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from bot.evaluation import Evaluation
    from bot.rules.compare import Comparison

__all__ = ["show_comparison", "show_evaluation"]


def show_evaluation(out: Console, result: Evaluation, *, misses: bool) -> None:
    """Each kind of line with what came of it, per cent; and the misses when asked for."""
    verdicts = ("right", "likely", "offered", "wrong", "noise", "silent")
    table = Table("Kind", "Lines", *verdicts)
    for kind, counts in sorted(result.verdicts.items()):
        shares = (f"{result.share(kind, v):.0f}" if counts[v] else "" for v in verdicts)
        table.add_row(kind, f"{sum(counts.values()):,}", *shares)
    out.print(table)
    asked, right = result.parts["asked"], result.parts["right"]
    if asked:
        out.print(f"Of {asked:,} questions asked together, {100 * right / asked:.0f} % answered.")
    if misses:
        for kind, question, verdict, got in result.misses:
            out.print(f"{kind}, {verdict}: {question}\n    {got}", markup=False)


def show_comparison(out: Console, found: Comparison) -> None:
    """A published rules file against the catalogue."""
    out.print(
        f"{len(found.new)} new, {len(found.changed)} changed, {len(found.gone)} gone, "
        f"{found.unchanged:,} as they were."
    )
    table = Table("Rule", "What to look at")
    for row in found.new:
        table.add_row(row.id, f"new: {row.change or 'no change note'}")
    for row, what in found.changed:
        table.add_row(row.id, what)
    for rule_id in found.gone:
        table.add_row(rule_id, "in our catalogue, not in the file")
    if table.row_count:
        out.print(table)
