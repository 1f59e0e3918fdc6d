"""What Slack's errors mean: try again, send it plainer, or say what somebody is to do.

Slack answers most errors with HTTP 200 and ``{"ok": false, "error": …}``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry import RetryHandler
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState

__all__ = [
    "BLOCKS_REFUSED",
    "BUSY",
    "NOTHING_DONE",
    "TOKEN_REFUSED",
    "BusyRetryHandler",
    "code_of",
    "is_busy",
    "remedy",
]

NOTHING_DONE = frozenset({"ratelimited", "rate_limited"})
"""Slack is busy, and did not do what it was asked."""
BUSY = NOTHING_DONE | {
    "fatal_error", "internal_error", "request_timeout", "service_unavailable",
}  # fmt: skip
"""Slack is in trouble or busy; of all but ``NOTHING_DONE`` it may have done a part."""
BLOCKS_REFUSED = frozenset({
    "invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "invalid_slack_file",
    "slack_file_not_found",
})  # fmt: skip
TOKEN_REFUSED = frozenset({
    "account_inactive", "invalid_auth", "not_allowed_token_type", "not_authed", "token_expired",
    "token_revoked",
})  # fmt: skip

_NOT_IN = (
    "I am not in that channel. Invite me there with `/invite`, then try again, or ask me in a "
    "direct message."
)
_REMEDIES = {
    "not_in_channel": _NOT_IN,
    "channel_not_found": _NOT_IN,
    "is_archived": "That channel is archived, so I cannot post there. Ask in another channel, or "
    "in a direct message to me.",
    "channel_is_archived": "That channel is archived, so I cannot post there.",
    "restricted_action": "That channel does not let apps post. Ask its owner to allow it, or ask "
    "me in a direct message.",
}


class BusyRetryHandler(RetryHandler):
    """Tries again what was answered with HTTP 200 and one of ``codes``, as a 500 is."""

    def __init__(self, codes: frozenset[str] = BUSY, max_retry_count: int = 2) -> None:
        super().__init__(max_retry_count)
        self._codes = codes

    def _can_retry(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        body = response.body if response is not None and response.status_code == 200 else None
        return isinstance(body, Mapping) and body.get("error") in self._codes


def code_of(error: BaseException) -> str:
    """Slack's name for an error; "" for what is none of Slack's."""
    if not isinstance(error, SlackApiError):
        return ""
    response: Any = error.response
    found = response.get("error") if hasattr(response, "get") else None
    return found if isinstance(found, str) else ""


def is_busy(error: SlackApiError) -> bool:
    """Whether Slack is in trouble, or busy: worth another try."""
    status = getattr(error.response, "status_code", 0)
    return status == 429 or status >= 500 or code_of(error) in BUSY


def remedy(error: BaseException) -> str:
    """What somebody can do about an error, in a sentence; "" when there is nothing.

    It is mrkdwn.
    """
    code = code_of(error)
    if code == "missing_scope" and isinstance(error, SlackApiError):
        needed = str(error.response.get("needed") or "").strip()
        named = f" (`{needed}`)" if needed.replace(":", "").replace(",", "").isalpha() else ""
        return (
            f"The app lacks a permission in Slack{named}. Ask your administrator to paste its "
            "manifest again and reinstall it."
        )
    return _REMEDIES.get(code, "")
