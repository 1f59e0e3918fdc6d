"""Forms that were sent or closed."""

from __future__ import annotations

import re
from typing import Any

from slack_bolt import Ack, App

from bot.slack.blocks.modals import CHECK_FORM, FEEDBACK_FORM, NEXT_CHECK_FORM, SHARE_FORM
from bot.slack.blocks.suggestion import SUGGEST_FORM
from bot.slack.context import AppContext
from bot.slack.features import checking, feedback, home, sharing, suggesting

__all__ = ["VIEWS", "register"]

VIEWS = (CHECK_FORM, FEEDBACK_FORM, NEXT_CHECK_FORM, SHARE_FORM, SUGGEST_FORM)


def register(bolt: App, app: AppContext) -> None:
    """Register the listeners for forms."""

    @bolt.view(CHECK_FORM)
    def check(ack: Ack, body: dict[str, Any]) -> None:
        form = checking.form_submitted(app, body)
        ack(**form.acknowledgement())
        form.finish()

    @bolt.view(NEXT_CHECK_FORM)
    def next_check(ack: Ack, body: dict[str, Any]) -> None:
        ack(**checking.next_form(app))
        checking.form_closed(app, body)

    @bolt.view_closed(re.compile(".*"))
    def closed(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        checking.form_closed(app, body)

    @bolt.view(FEEDBACK_FORM)
    def not_quite(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        feedback.feedback_submitted(app, body)

    @bolt.view(SHARE_FORM)
    def share(ack: Ack, body: dict[str, Any]) -> None:
        refused = sharing.share_submitted(app, body)
        ack(**refused)
        if not refused:
            checking.form_closed(app, body)

    @bolt.view(SUGGEST_FORM)
    def suggest(ack: Ack, body: dict[str, Any]) -> None:
        ack(**suggesting.submitted(app, body))
        if suggesting.is_edit(body):
            home.publish(app, body["user"]["id"])
