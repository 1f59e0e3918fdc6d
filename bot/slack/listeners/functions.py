"""The Workflow Builder step "Answer an ILR question"."""

from __future__ import annotations

from typing import Any

from slack_bolt import App, Complete, Fail

from bot.slack.blocks.answer import answer_text
from bot.slack.context import AppContext
from bot.slack.messages import IncomingMessage

__all__ = ["STEP", "register"]

STEP = "ilr_answer"


def register(bolt: App, app: AppContext) -> None:
    """Register the workflow step."""

    @bolt.function(STEP)
    def answer(inputs: dict[str, Any], complete: Complete, fail: Fail) -> None:
        question = str(inputs.get("question") or "").strip()
        if not question:
            fail(error="The step was given no question.")
            return
        found = app.helpdesk.ask(question)
        app.keep(IncomingMessage(source="workflow", user="", channel="", text=question), found)
        source = next((source for source in found.sources if source.url), None)
        complete(
            outputs={
                "answer": answer_text(found) if found.outcome == "answer" else "",
                "outcome": found.outcome,
                "source": (source.url if source else "") or "",
            }
        )
