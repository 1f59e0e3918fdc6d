"""The Workflow Builder step "Answer an ILR question"."""

from __future__ import annotations

from typing import Any

from bot.slack.blocks.answer import answer_text
from bot.slack.context import AppContext
from bot.slack.messages import IncomingMessage

__all__ = ["answer_step"]


def answer_step(app: AppContext, inputs: dict[str, Any]) -> dict[str, str] | None:
    """The step's outputs: answer, outcome and source; None when it was given no question."""
    question = str(inputs.get("question") or "").strip()
    if not question:
        return None
    answer = app.helpdesk.ask(question)
    app.record(IncomingMessage(source="workflow", user="", channel="", text=question), answer)
    return {
        "answer": answer_text(answer) if answer.outcome == "answer" else "",
        "outcome": answer.outcome,
        "source": next((one.url for one in answer.sources if one.url), ""),
    }
