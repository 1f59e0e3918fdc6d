"""The Workflow Builder step "Answer an ILR question"."""

from __future__ import annotations

from typing import Any

from bot.answers import Answer
from bot.slack.blocks.answer import answer_text
from bot.slack.blocks.text import plain
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
        "answer": _said(answer),
        "outcome": str(answer.to_json()["outcome"]),
        "source": next((one.url for one in answer.sources if one.url), ""),
    }


def _said(answer: Answer) -> str:
    if answer.reply == "safeguarding":
        return plain(answer.lead)
    return answer_text(answer, full=True) if answer.outcome == "answer" else ""
