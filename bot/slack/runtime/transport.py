"""The two ways requests arrive, each surviving what Bolt itself cannot read."""

from __future__ import annotations

import asyncio
import io
import re
import threading
import time
from collections.abc import Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING, Any, TypeVar

from aiohttp import ClientWebSocketResponse
from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.adapter.socket_mode.async_internals import send_async_response
from slack_bolt.adapter.socket_mode.internals import build_headers
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_bolt.adapter.wsgi.http_request import WsgiHttpRequest
from slack_sdk.signature import SignatureVerifier
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import places
from bot.slack.runtime.logs import log

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

__all__ = ["SHAPELESS", "OneConnection", "OverHttp", "OverSocket"]

T = TypeVar("T")
SHAPELESS = (AttributeError, KeyError, TypeError, ValueError, IndexError)
"""What Bolt raises on a payload whose parts have other types than Slack's."""
SECONDS_BETWEEN_PINGS = 3
"""The client takes a connection that was cut for dead after four pings that fail: within 15
seconds."""
SECONDS_OF_AN_ADDRESS = 20.0
"""The address of a socket is good for one connection, soon: after this long without one, another
is asked for."""
ANNOUNCES_THE_END = re.compile(r'"type"\s*:\s*"disconnect"')
SECONDS_TO_CLOSE = 5.0
ACKNOWLEDGING = 10
"""Threads that acknowledge what arrives on the socket."""


class OneConnection(SocketModeClient):
    """The SDK's client, which connects anew once for each connection that Slack ends.

    Slack announces the end in a message and then closes. The SDK's connects at both, and by the
    second throws away what has arrived on the connection that it made by the first.
    """

    _ending: ClientWebSocketResponse | None = None

    async def enqueue_message(self, message: str) -> None:
        """Take in what arrived; the announcement of an end is about the connection it came on."""
        if ANNOUNCES_THE_END.search(message):
            self._ending = self.current_session
        await super().enqueue_message(message)

    async def connect_to_new_endpoint(self, force: bool = False) -> None:
        """Connect if there is no connection; with ``force`` if there is but its end is announced.

        Raises what the network throws, and SlackApiError; the client tries again.
        """
        async with self.connect_operation_lock:
            is_to_end = force and self._ending is self.current_session
            if is_to_end or not await self.is_connected():
                self.wss_uri = await self.issue_new_wss_url()
                await self.connect()  # type: ignore[no-untyped-call]


class OverSocket:
    """Socket Mode: the SDK's aiohttp client in a thread of its own, before a Bolt app.

    What the app cannot read is acknowledged: sent again it would be no better.
    """

    def __init__(self, bolt: App, app_token: str) -> None:
        self._bolt = bolt
        # Several workspaces count their own, once it is known whose a request is.
        self._coming = getattr(bolt, "backpressure", nullcontext())
        self._token = app_token
        self._client: SocketModeClient | None = None
        self._acknowledging = ThreadPoolExecutor(ACKNOWLEDGING, thread_name_prefix="socket")
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="socket", daemon=True)

    def connect(self) -> None:
        """Open the connection; it is kept open from then on.

        Raises SlackApiError when Slack refuses the token, and what the network throws.
        """
        self._thread.start()
        self._wait(self._connect())

    def is_connected(self) -> bool:
        """Whether there is a connection now."""
        client = self._client
        if client is None or client.closed or client.stale:
            return False
        return client.current_session is not None and not client.current_session.closed

    def close(self) -> None:
        """Close the connection. What is being taken is finished; what waits to be is sent again."""
        if self._thread.is_alive():
            if self._client is not None:
                with suppress(Exception):
                    self._wait(self._close(self._client), SECONDS_TO_CLOSE)
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(SECONDS_TO_CLOSE)
        # Taken after the app has ended, an event would be held and answered by nobody.
        self._acknowledging.shutdown(wait=True, cancel_futures=True)

    def _wait(self, work: Coroutine[Any, Any, T], seconds: float | None = None) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(seconds)

    async def _connect(self) -> None:
        web = AsyncWebClient(base_url=self._bolt.client.base_url, proxy=self._bolt.client.proxy)
        client = OneConnection(self._token, web_client=web, ping_interval=SECONDS_BETWEEN_PINGS)
        client.socket_mode_request_listeners.append(self._received)
        try:
            # The client itself would try for ever, whatever Slack says.
            client.wss_uri = await client.issue_new_wss_url()
        except BaseException:
            await client.aiohttp_client_session.close()
            client.message_processor.cancel()
            raise
        self._client = client
        self._renewing = asyncio.ensure_future(self._renew_address(client))
        await client.connect()  # type: ignore[no-untyped-call]

    async def _close(self, client: SocketModeClient) -> None:
        self._renewing.cancel()
        await client.close()  # type: ignore[no-untyped-call]

    async def _renew_address(self, client: SocketModeClient) -> None:
        """The client tries the same address again and again; let it ask for another."""
        while not client.closed:
            await asyncio.sleep(SECONDS_OF_AN_ADDRESS)
            if not await client.is_connected():
                client.wss_uri = None

    async def _received(self, client: AsyncBaseSocketModeClient, req: SocketModeRequest) -> None:
        began = time.monotonic()
        with self._coming:  # what waits for a thread is not acknowledged either
            response = await self._loop.run_in_executor(self._acknowledging, self._handled, req)
            await send_async_response(client, req, response, began)

    def _handled(self, req: SocketModeRequest) -> BoltResponse:
        """What the app answers to a request."""
        try:
            return self._bolt.dispatch(
                BoltRequest(mode="socket_mode", body=req.payload, headers=build_headers(req))
            )
        except SHAPELESS as error:
            _log(error)
            return BoltResponse(status=200, body="")


class OverHttp(SlackRequestHandler):
    """Signed HTTP on /slack/events. What is not signed is refused before it is read as anything."""

    def __init__(
        self, bolt: App, signing_secret: str, *, pages: frozenset[str] = frozenset()
    ) -> None:
        """``pages``: where people come with a browser, to install it; nobody signs that."""
        super().__init__(bolt)
        self._verifier = SignatureVerifier(signing_secret)
        self.pages = pages

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request of a web server that limits how long its body may be."""
        if environ.get("PATH_INFO") in self.pages:
            return super().__call__(environ, start_response)
        raw = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        if not self._is_signed(raw, environ):
            return _refuse(start_response, "401 Unauthorized")
        return super().__call__(environ | {"wsgi.input": io.BytesIO(raw)}, start_response)

    def _is_signed(self, raw: bytes, environ: WSGIEnvironment) -> bool:
        headers = {
            "x-slack-request-timestamp": environ.get("HTTP_X_SLACK_REQUEST_TIMESTAMP", ""),
            "x-slack-signature": environ.get("HTTP_X_SLACK_SIGNATURE", ""),
        }
        try:
            return self._verifier.is_valid_request(raw, headers)
        except ValueError:  # a time that is no number, or bytes that are no text
            return False

    def dispatch(self, request: WsgiHttpRequest) -> BoltResponse:
        """Hand a request to the app."""
        try:
            return super().dispatch(request)
        except SHAPELESS as error:
            _log(error)
            return BoltResponse(status=400, body="")


def _refuse(start: StartResponse, status: str) -> Iterable[bytes]:
    start(status, [("Content-Type", "application/json"), ("Content-Length", "2")])
    return [b"{}"]


def _log(error: Exception) -> None:
    log.warning(
        "a request could not be read",
        extra={"error": type(error).__name__, "where": places(error)},
    )
