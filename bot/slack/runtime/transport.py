"""The two ways requests arrive, each surviving what Bolt itself cannot read."""

from __future__ import annotations

from slack_bolt import BoltResponse
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_bolt.adapter.wsgi.http_request import WsgiHttpRequest
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.errors import places
from bot.slack.runtime.logs import log

__all__ = ["SHAPELESS", "OverHttp", "OverSocket"]

SHAPELESS = (AttributeError, KeyError, TypeError, ValueError, IndexError)
"""What Bolt raises on a payload whose parts have other types than Slack's."""


class OverSocket(SocketModeHandler):
    """Socket Mode. What cannot be read is acknowledged: sent again it would be no better."""

    def handle(  # type: ignore[override]
        self, client: SocketModeClient, req: SocketModeRequest
    ) -> None:
        """Hand a request to the app."""
        try:
            super().handle(client, req)
        except SHAPELESS as error:
            _log(error)
            client.send_socket_mode_response(SocketModeResponse(envelope_id=req.envelope_id))


class OverHttp(SlackRequestHandler):
    """Signed HTTP on /slack/events. What cannot be read is refused."""

    def dispatch(self, request: WsgiHttpRequest) -> BoltResponse:
        """Hand a request to the app."""
        try:
            return super().dispatch(request)
        except SHAPELESS as error:
            _log(error)
            return BoltResponse(status=400, body="")


def _log(error: Exception) -> None:
    log.warning(
        "a request could not be read",
        extra={"error": type(error).__name__, "where": places(error)},
    )
