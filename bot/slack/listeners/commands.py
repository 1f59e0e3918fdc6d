"""The slash command."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App

from bot.slack.context import AppContext
from bot.slack.features import slash_command

__all__ = ["COMMANDS", "register"]

COMMANDS = ("/ilr",)


def register(bolt: App, app: AppContext) -> None:
    """Register the slash command."""

    @bolt.command(COMMANDS[0])
    def ilr(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        slash_command.run(app, body)
