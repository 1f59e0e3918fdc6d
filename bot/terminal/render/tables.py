"""How the figures of an evaluation and a comparison of rules look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console

from bot.terminal.render.console import table_for

if TYPE_CHECKING:
    from bot.evaluation import Evaluation
    from bot.rules.compare import Comparison

__all__ = ["show_comparison", "show_evaluation"]


def show_evaluation(out: Console, result: Evaluation, *, misses: bool) -> None:
    """Each kind of line with what came of it, per cent; and the misses when asked for."""
    verdicts = ("right", "likely", "offered", "wrong", "noise", "silent")
    table = table_for(out, "Kind", "Lines", *verdicts)
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
    """A published rules file against the rules that are held."""
    out.print(
        f"Compared with {found.against}: {len(found.new)} new, {len(found.changed)} changed, "
        f"{len(found.ended)} ended, {found.unchanged:,} as they were."
    )
    table = table_for(out, "Rule", "What to look at")
    for row in found.new:
        table.add_row(row.id, "new")
    for one in found.changed:
        table.add_row(one.row.id, "; ".join(one.what))
    for rule_id in found.ended:
        table.add_row(rule_id, "not in force any more")
    for row in found.unsure:
        table.add_row(row.id, f"compare the wording yourself: that of {found.against} is not held")
    if table.row_count:
        out.print(table)
    if found.need_a_check:
        listed = ", ".join(found.need_a_check)
        out.print(f"{len(found.need_a_check)} need a check written, or written anew: {listed}.")
