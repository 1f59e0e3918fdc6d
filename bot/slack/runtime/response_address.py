"""The address that an interaction is answered at: good for half an hour and five answers."""

from __future__ import annotations

import http.client
import json
import time
from contextlib import suppress
from typing import Any

from slack_sdk.webhook import WebhookClient, WebhookResponse

from bot.slack.runtime.slack_errors import BLOCKS_REFUSED, BUSY
from bot.slack.runtime.web_client import SECONDS_TO_ANSWER, retry_handlers

__all__ = ["send_to_address"]

SECONDS_BETWEEN_TRIES = (0.5, 2.0)


def send_to_address(url: str, body: dict[str, Any]) -> str:
    """Send an answer; "" when Slack took it, else its word for why not, or the error's name."""
    hook = WebhookClient(url, timeout=SECONDS_TO_ANSWER, retry_handlers=retry_handlers())
    refused = ""
    for pause in (*SECONDS_BETWEEN_TRIES, 0.0):
        try:
            refused = _refusal(hook.send_dict(body))
        except (OSError, http.client.HTTPException, ValueError) as error:
            return type(error).__name__  # it was tried again already
        if refused not in BUSY:
            break
        time.sleep(pause)
    return refused


def _refusal(sent: WebhookResponse) -> str:
    found: object = None
    with suppress(ValueError):
        found = json.loads(sent.body)
    if isinstance(found, dict):
        said = "" if found.get("ok") else str(found.get("error") or "refused")
    else:
        said = "" if sent.status_code == 200 else sent.body.strip()
    if sent.status_code == 200 or said in BLOCKS_REFUSED | BUSY:
        return said
    return f"status {sent.status_code}"
