"""The Workflow Builder step."""

from __future__ import annotations

from typing import Any

from slack_bolt import App, Complete, Fail

from bot.slack.context import AppContext
from bot.slack.features.workflow_step import answer_step

__all__ = ["STEP", "register"]

STEP = "ilr_answer"


def register(bolt: App, app: AppContext) -> None:
    """Register the workflow step."""

    @bolt.function(STEP)
    def answer(inputs: dict[str, Any], complete: Complete, fail: Fail) -> None:
        outputs = answer_step(app, inputs)
        if outputs is None:
            fail(error="The step was given no question.")
        else:
            complete(outputs=outputs)
