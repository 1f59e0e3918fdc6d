"""Clients of Slack's Web API that try again what may pass, and know when their token is refused.

Their connections stay open between calls.
"""

from __future__ import annotations

from typing import Any
from urllib.request import Request, getproxies

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry import RetryHandler
from slack_sdk.http_retry.builtin_handlers import (
    ConnectionErrorRetryHandler,
    RateLimitErrorRetryHandler,
    ServerErrorRetryHandler,
)

from bot.slack.runtime.connections import CONNECTIONS
from bot.slack.runtime.slack_errors import NOTHING_DONE, TOKEN_REFUSED, BusyRetryHandler, code_of

__all__ = ["SECONDS_TO_ANSWER", "WatchedClient", "retry_handlers", "unrepeated", "web_client"]

SECONDS_TO_ANSWER = 10


def retry_handlers() -> list[RetryHandler]:
    """Wait as long as Slack asks (Retry-After); try again when it fails."""
    return [
        ConnectionErrorRetryHandler(max_retry_count=2),
        RateLimitErrorRetryHandler(max_retry_count=3),
        ServerErrorRetryHandler(max_retry_count=2),
        BusyRetryHandler(),
    ]


class WatchedClient(WebClient):
    """Remembers whether Slack still takes the token; ``refused`` is its word for why not."""

    refused = ""

    def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:
        """One request, over a connection that stays open; through a proxy, as the SDK sends it."""
        if self.proxy is not None or req.type not in ("http", "https") or getproxies():
            return super()._perform_urllib_http_request_internal(url, req)
        status, headers, body = CONNECTIONS.send(req, self.timeout, self.ssl)
        charset = headers.get_content_charset() or "utf-8"
        return {"status": status, "headers": headers, "body": body.decode(charset)}

    def api_call(self, api_method: str, **given: Any) -> Any:
        """Call a method."""
        try:
            answer = super().api_call(api_method, **given)
        except SlackApiError as error:
            code = code_of(error)
            if code in TOKEN_REFUSED:
                self.refused = code
            raise
        self.refused = ""
        return answer


def web_client(token: str, base_url: str) -> WebClient:
    """A Web API client that honours rate limits."""
    return WatchedClient(
        token=token,
        base_url=base_url,
        timeout=SECONDS_TO_ANSWER,
        retry_handlers=retry_handlers(),
    )


def unrepeated(client: WebClient) -> WatchedClient:
    """A client of the same workspace that repeats only what Slack surely did not do."""
    return WatchedClient(
        token=client.token,
        base_url=client.base_url,
        timeout=client.timeout,
        retry_handlers=[
            RateLimitErrorRetryHandler(max_retry_count=3),
            BusyRetryHandler(NOTHING_DONE),
        ],
    )
