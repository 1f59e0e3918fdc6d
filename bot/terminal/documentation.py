"""Parts of the README that are made from the code, so that they cannot drift from it.

``python -m bot.terminal.documentation`` rewrites them; a test fails while they differ.
"""

from __future__ import annotations

from pathlib import Path

import typer

from bot.knowledge.base import KnowledgeBase
from bot.settings import SETTINGS

__all__ = ["commands_table", "renewed", "settings_table"]

README = Path(__file__).parents[2] / "README.md"
RULES = Path(__file__).parents[2] / "docs" / "rules.md"


def settings_table() -> str:
    """Every setting, its default and what it is."""
    lines = ["| Setting | Default | What it is |", "|---|---|---|"]
    for setting in SETTINGS:
        default = f"`{setting.default}`" if setting.default else ""
        lines.append(f"| `{setting.name}` | {default} | {setting.about} |")
    return "\n".join(lines)


def commands_table() -> str:
    """Every command and its first line of help."""
    from bot.terminal.cli import app

    lines = ["| Command | What it does |", "|---|---|"]
    group = typer.main.get_command(app)
    lines += _rows(group, "")
    return "\n".join(lines)


def _rows(group: object, prefix: str) -> list[str]:
    rows: list[str] = []
    for name, command in sorted(getattr(group, "commands", {}).items()):
        if getattr(command, "commands", None):
            rows += _rows(command, f"{prefix}{name} ")
        else:
            first = (command.help or "").strip().splitlines()[0]
            rows.append(f"| `{prefix}{name}` | {first} |")
    return rows


def renewed(text: str) -> str:
    """The README with its made parts as they should be."""
    for name, made in (("commands", commands_table()), ("settings", settings_table())):
        start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        before, _, rest = text.partition(start)
        text = f"{before}{start}\n\n{made}\n\n{end}{rest.partition(end)[2]}"
    return text


def main() -> None:
    """Rewrite the README's made parts and docs/rules.md."""
    from bot.knowledge.rule_listing import as_markdown

    README.write_text(renewed(README.read_text(encoding="utf-8")), encoding="utf-8")
    RULES.write_text(as_markdown(KnowledgeBase.load()), encoding="utf-8")


if __name__ == "__main__":
    main()
