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
    """The figures of an evaluation, and a table by topic."""
    figures = result.to_json()
    counts = figures.pop("questions")
    out.print("Questions: " + ", ".join(f"{n} {kind}" for kind, n in counts.items()))
    for name, value in figures.items():
        out.print(f"  {name.replace('_', ' '):<26} {value:>6.2f} %")
    columns = ("right", "offered", "offered_wrong", "silent", "wrong")
    table = Table("Topic", *(column.replace("_", " ") for column in columns))
    for topic, verdicts in sorted(result.topics.items()):
        table.add_row(topic, *(str(verdicts[column] or "") for column in columns))
    out.print(table)
    if misses:
        for question, verdict, got in result.misses:
            wanted = ", ".join(sorted(question.wanted)) or "nothing"
            line = f"{verdict}: {question.question}\n    wanted {wanted}; got {got or 'nothing'}"
            out.print(line, markup=False)


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
