"""How a parsed record looks: what `read` shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from bot.terminal.wording import counted

if TYPE_CHECKING:
    from bot.ilr.raw import RawEntity
    from bot.ilr.readers import ParsedRecord

__all__ = ["show_record"]


def show_record(out: Console, record: ParsedRecord) -> None:
    """A record as it was read: every value with its line, guesses marked."""
    out.print(Text(f"Read as: {record.kind}", style="bold"))
    if not record.violations:
        sure = record.confidence()
        parts = [f"{counted(sure.recognised, 'value')} recognised", f"{sure.guessed:,} guessed"]
        parts.append(f"something left over on {counted(sure.left_over, 'line')}")
        out.print(Text(", ".join(parts), style="yellow" if sure.should_ask else "dim"))
    for one in record.violations:
        counts = [counted(one.rows, "row")]
        if one.learners:
            counts.insert(0, counted(one.learners, "learner"))
        out.print(Text(f"  {one.rule}  {', '.join(counts)}"))
    _show_entity(out, record.message, 0)
    if record.remarks:
        out.print(Text("\nNot understood, or worth knowing", style="bold"))
        for remark in record.remarks:
            where = f"line {remark.line}: " if remark.line else ""
            out.print(Text(f"  • {where}{remark.message}"))


def _show_entity(out: Console, entity: RawEntity, depth: int) -> None:
    if depth or entity.fields:
        head = Text("  " * depth + entity.name, style="bold")
        head.append("  (in part)" if entity.partial else "", style="dim")
        out.print(head)
    for item in entity.fields:
        line = Text("  " * (depth + 1) + f"{item.name} = {item.text or '(blank)'}")
        line.append(f"  line {item.line}" if item.line else "", style="dim")
        line.append(f"  ? {item.guess}" if item.guess else "", style="yellow")
        out.print(line, soft_wrap=True)
    for child in entity.children:
        _show_entity(out, child, depth + 1)
