"""A small Slack on loopback, for tests that want real sockets.

    with SlackStandIn() as slack:
        app = start_the_app(SLACK_API_URL=slack.api_url, SLACK_BOT_TOKEN=slack.bot_token, …)
        slack.wait_for_socket()
        amina = slack.person()
        asked = amina.mentions("One aim or three?", slack.channel("mis-team"))
        reply = slack.reply_to(asked)
        assert "One aim" in reply.words
        amina.clicks("That solved it", on=reply)

It has the Web API over HTTP, Socket Mode over a websocket, and sends signed HTTP events when
told where (``delivers_to``). It checks every message and view as Slack would (and keeps what it
found in ``violations``), and can be made to fail (``next_calls``). It runs in a thread of its
own; everything is bound to 127.0.0.1.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import html
import json
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Coroutine, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Self, TypeVar
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import uuid4

import aiohttp
from aiohttp import web

from tests.support import slack_methods
from tests.support.at_work import AtWork
from tests.support.slack_limits import visible_text
from tests.support.slack_people import Person, event_callback
from tests.support.slack_world import (
    APP_ID,
    APP_TOKEN,
    BOT_TOKEN,
    BOT_USER,
    CLIENT_ID,
    CLIENT_SECRET,
    FORENAMES,
    PATIENCE,
    SIGNING_SECRET,
    TEAM,
    Ack,
    Call,
    Channel,
    Cut,
    Delivery,
    Garbage,
    Message,
    RateLimited,
    Refuses,
    ServerError,
    TakesEffect,
    TimesOut,
    Trigger,
    View,
    Workspace,
    World,
)

__all__ = [
    "Cut",
    "Garbage",
    "RateLimited",
    "Refuses",
    "ServerError",
    "SlackStandIn",
    "TakesEffect",
    "TimesOut",
    "posted_text",
]

Fault = RateLimited | ServerError | TimesOut | Garbage | Refuses | Cut | TakesEffect
T = TypeVar("T")

JSON_ARGS = {
    "attachments", "blocks", "chunks", "files", "loading_messages", "message", "metadata",
    "outputs", "prompts", "unfurls", "view",
}  # fmt: skip
LOGIN_PAGE = "<!DOCTYPE html><html><head><title>Sign in | Slack</title></head></html>"
MAX_BODY = 64 * 1024 * 1024


def posted_text(call: Call) -> str:
    """All that a person could read in what a call sent: text, blocks, view or unfurls."""
    parts = [
        call.text,
        visible_text(call.blocks),
        visible_text(call.args.get("attachments") or []),
        visible_text(call.view),
        *(visible_text(unfurl) for unfurl in (call.args.get("unfurls") or {}).values()),
    ]
    return "\n".join(part for part in parts if part)


class SlackStandIn:
    """The workspace and its server. Use it as a context manager."""

    bot_token = BOT_TOKEN
    app_token = APP_TOKEN
    signing_secret = SIGNING_SECRET
    client_id, client_secret = CLIENT_ID, CLIENT_SECRET
    bot_user = BOT_USER

    def __init__(
        self, scopes: Iterable[str] = ("chat:write", "commands"), *, checks: bool = True
    ) -> None:
        """``checks``: whether every message is checked when it is posted, which takes as long as
        answering it; a benchmark of the app's speed checks them afterwards."""
        self.world = World()
        self.world.checks = checks
        self.scopes = ",".join(scopes)
        self.hears_channels = True
        """Whether the app subscribed to message.channels, so that it also hears what it was
        not mentioned in."""
        self.deliveries: list[Delivery] = []
        self._calls: list[Call] = []
        self._faults: dict[str, deque[Fault]] = defaultdict(deque)
        self._changed = threading.Condition()
        self._sockets: list[web.WebSocketResponse] = []
        self._sockets_opened = 0
        self._waiting: dict[str, Delivery] = {}
        self._address: tuple[str, str] | None = None
        self._turn = 0
        self._at_work = AtWork(self._work_ended)
        self._sees_work = False

    # -- starting and stopping

    def __enter__(self) -> Self:
        self._ready: Future[int] = Future()
        self._thread = threading.Thread(target=self._run, name="slack-stand-in", daemon=True)
        self._thread.start()
        self.port = self._ready.result(10)
        return self

    def __exit__(self, *exception: object) -> None:
        self._loop.call_soon_threadsafe(self._closing.set)
        self._thread.join(10)
        if self._thread.is_alive():
            raise RuntimeError("the Slack stand-in did not stop")

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._closing = asyncio.Event()
        application = web.Application(client_max_size=MAX_BODY)
        application.add_routes(
            [
                web.route("*", "/api/{method}", self._web_api),
                web.get("/link/", self._link),
                web.post("/upload/{file}", self._upload),
                web.post("/response/{key}", self._response_url),
                web.get("/files-pri/{file}/{tail:.*}", self._download),
            ]
        )
        runner = web.AppRunner(application, shutdown_timeout=0.2, access_log=None)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30))
            self._ready.set_result(runner.addresses[0][1])
            await self._closing.wait()
            for socket in list(self._sockets):
                with contextlib.suppress(ConnectionError, asyncio.TimeoutError):
                    await asyncio.wait_for(socket.close(), 0.5)
            await self._http.close()
        except Exception as error:
            if not self._ready.done():
                self._ready.set_exception(error)
            raise
        finally:
            await runner.cleanup()

    def _soon(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def api_url(self) -> str:
        """What SLACK_API_URL should be."""
        return f"{self.url}/api/"

    # -- the workspace

    def workspace(
        self, team: str, *, enterprise: str | None = None, whole: bool = False
    ) -> Workspace:
        """Another workspace. ``whole``: its organisation installs the app for all of its own."""
        return self.world.workspaces.setdefault(team, Workspace(team, enterprise, whole))

    def installs(self, app_url: str, whose: Workspace, **changed: str) -> Ack:
        """Somebody installs the app with a browser; what its last page says.

        ``changed``: of what the browser brings back from Slack: code, state or cookie.
        """
        return self._soon(self._install(app_url, whose, changed)).result(30)

    async def _install(self, app_url: str, whose: Workspace, changed: dict[str, str]) -> Ack:
        async with self._http.get(f"{app_url}/slack/install") as first:
            page = html.unescape(await first.text())
            cookie = first.headers["Set-Cookie"].partition(";")[0]
        links = [part.partition('"')[0] for part in page.split('href="')]
        asked = parse_qs(urlsplit(next(one for one in links if "/authorize?" in one)).query)
        assert asked["client_id"] == [CLIENT_ID]
        code = self.world.new_id("code")
        self.world.codes[code] = whose
        brought = {"code": code, "state": asked["state"][0], "cookie": cookie} | changed
        headers = {"Cookie": brought.pop("cookie")}
        back = f"{app_url}/slack/oauth_redirect?{urlencode(brought)}"
        began = time.monotonic()
        async with self._http.get(back, headers=headers) as last:
            said = await last.text()
            return Ack(time.monotonic() - began, said, last.status, last.headers)

    def person(self, name: str = "", *, team: str = TEAM, guest_of: str = "") -> Person:
        """Somebody new, with a direct message channel of their own.

        ``guest_of``: the workspace they write in, by Slack Connect, when it is not their own.
        """
        user = self.world.new_id("U")
        named = name or f"{FORENAMES[len(self.world.people) % len(FORENAMES)]} Invented"
        self.world.add_person(user, named, team=team, guest_of=guest_of)
        self.world.direct_channel(user)
        return Person(self, user, named)

    def channel(self, name: str = "", *, private: bool = False, joined: bool = True) -> Channel:
        """A new channel; ``joined``: the app is in it."""
        channel_id = self.world.new_id("C")
        channel = Channel(
            channel_id,
            name or f"channel-{channel_id.casefold()}",
            "group" if private else "channel",
            {BOT_USER} if joined else set(),
        )
        self.world.channels[channel_id] = channel
        return channel

    def group(self, *members: Person) -> str:
        """A user group; its id."""
        group = self.world.new_id("S")
        self.world.groups[group] = [member.id for member in members]
        return group

    @property
    def violations(self) -> list[str]:
        """What broke Slack's limits or our own so far, one line each."""
        with self._changed:
            return [f"{where}: {violation}" for where, violation in self.world.violations]

    @property
    def messages(self) -> list[Message]:
        """Every message there is, oldest first, without the deleted."""
        with self._changed:
            return [message for message in self.world.messages if not message.deleted]

    # -- faults

    def next_calls(self, method: str, fault: Fault, times: int = 1) -> None:
        """The next calls of a method fail so. ``method``: a Web API method, or response_url,
        upload or download."""
        with self._changed:
            self._faults[method].extend([fault] * times)

    def no_more_faults(self) -> None:
        """Everything works again."""
        with self._changed:
            self._faults.clear()

    # -- what the app did

    def calls(self, method: str = "", **args: Any) -> list[Call]:
        """The calls so far, of one method, with these arguments."""
        with self._changed:
            return [call for call in self._calls if _fits(call, method, args)]

    def wait_for(
        self, method: str, count: int = 1, timeout: float = PATIENCE, **args: Any
    ) -> list[Call]:
        """Wait for ``count`` calls of a method with these arguments; returns all of them."""

        def enough() -> list[Call] | None:
            found = self.calls(method, **args)
            return found if len(found) >= count else None

        return self.wait_until(enough, timeout, f"{count} × {method} {args or ''}")

    def wait_until(
        self, look: Callable[[], T | None], timeout: float = PATIENCE, what: str = "it"
    ) -> T:
        """Wait until ``look`` finds something. AssertionError with what was called otherwise."""
        deadline = time.monotonic() + timeout
        with self._changed:
            while True:
                found = look()
                if found:
                    return found
                left = deadline - time.monotonic()
                if left <= 0:
                    break
                self._changed.wait(min(left, 0.5))
        raise AssertionError(f"waited {timeout:g} s for {what}.\n{self._story()}")

    def _story(self) -> str:
        lines = [
            f"  {call.method} {json.dumps(call.args, ensure_ascii=False)[:200]}"
            f" → {'ok' if call.ok else call.response.get('error', call.status)}"
            for call in self._calls[-15:]
        ]
        return "Called last:\n" + ("\n".join(lines) or "  (nothing)")

    def replies_to(self, message: Message) -> list[Message]:
        """What the app posted for all to see in the message's thread."""
        return [
            other
            for other in self.messages
            if other.by_the_app
            and other.channel == message.channel
            and other.thread_ts == message.root
            and not other.private_to
        ]

    def reply_to(
        self, message: Message, *, saying: str = "", number: int = 1, timeout: float = PATIENCE
    ) -> Message:
        """Wait for the app's reply (the ``number``-th, counted from 1) in the thread."""
        return self._nth(lambda: self.replies_to(message), saying, number, timeout, "a reply")

    def only_for(
        self, person: Person, *, saying: str = "", number: int = 1, timeout: float = PATIENCE
    ) -> Message:
        """Wait for a message that only this person sees in a channel."""

        def private() -> list[Message]:
            return [m for m in self.messages if m.private_to == person.id]

        return self._nth(private, saying, number, timeout, "a private message")

    def direct_to(
        self, person: Person, *, saying: str = "", number: int = 1, timeout: float = PATIENCE
    ) -> Message:
        """Wait for a message from the app in the person's direct messages."""

        def direct() -> list[Message]:
            return self.posted_in(person.direct)

        return self._nth(direct, saying, number, timeout, "a direct message")

    def posted_in(self, channel: Channel) -> list[Message]:
        """What the app posted for all to see in a channel."""
        return [
            message
            for message in self.messages
            if message.by_the_app and message.channel == channel.id and not message.private_to
        ]

    def _nth(
        self,
        look: Callable[[], list[Message]],
        saying: str,
        number: int,
        timeout: float,
        what: str,
    ) -> Message:
        def nth() -> Message | None:
            found = [message for message in look() if saying in message.words]
            return found[number - 1] if len(found) >= number else None

        wanted = f"{what} saying {saying!r}" if saying else what
        return self.wait_until(nth, timeout, wanted)

    def modal_for(self, person: Person, *, saying: str = "", timeout: float = PATIENCE) -> View:
        """Wait for the modal that a person has in front of them."""

        def top() -> View | None:
            views = [v for v in self.world.views.values() if v.user == person.id and v.open]
            return views[-1] if views and saying in views[-1].words else None

        return self.wait_until(top, timeout, f"a modal saying {saying!r}" if saying else "a modal")

    def has_modal(self, person: Person) -> bool:
        """Whether a person has a modal open."""
        with self._changed:
            return any(v.open for v in self.world.views.values() if v.user == person.id)

    def home_of(self, person: Person, *, saying: str = "", timeout: float = PATIENCE) -> View:
        """Wait for a person's Home tab."""

        def home() -> View | None:
            view = self.world.homes.get(person.id)
            return view if view and saying in view.words else None

        return self.wait_until(home, timeout, "a Home tab")

    def status_in(self, message: Message) -> str:
        """What the app says it is doing in a thread ("" when nothing)."""
        with self._changed:
            return self.world.statuses.get((message.channel, message.root), "")

    def ever_sent(self, words: str) -> list[Call]:
        """The calls in which these words went to Slack, wherever in them."""
        with self._changed:
            return [
                call
                for call in self._calls
                if words in json.dumps(call.args, ensure_ascii=False).replace("\\n", "\n")
                or words in posted_text(call)
            ]

    def watches(self, *pools: ThreadPoolExecutor) -> None:
        """The app runs in this process and works in these pools: ``settle`` looks at them."""
        for pool in pools:
            self._at_work.watch(pool)
        self._sees_work = True

    def _work_ended(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def settle(self, quiet: float | None = None, timeout: float = PATIENCE) -> None:
        """Wait until the app has acknowledged everything and has nothing left to do.

        Of an app in a process of its own that is not known: then until it did nothing for
        ``quiet`` seconds, as it is where ``quiet`` is given for what only a timer begins.
        """
        if quiet is None and self._sees_work:
            self.wait_until(self._is_done, timeout, "the app to have nothing left to do")
            return
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            with self._changed:
                before = len(self._calls)
                self._changed.wait(quiet or 0.3)
                if len(self._calls) == before and self._is_done():
                    return
        raise AssertionError(f"the app was still busy after {timeout:g} s.\n{self._story()}")

    def _is_done(self) -> bool:
        return not self._at_work and all(one.was_acknowledged for one in self.deliveries)

    def forget(self) -> None:
        """Forget the calls, deliveries and violations so far. Messages and people stay."""
        with self._changed:
            self._calls.clear()
            self.deliveries.clear()
            self.world.violations.clear()

    # -- telling the app

    def delivers_to(self, url: str | None, secret: str = SIGNING_SECRET) -> None:
        """Send events, commands and interactions to this address, signed. None: Socket Mode."""
        self._address = (url, secret) if url else None

    def deliver(
        self, kind: str, payload: dict[str, Any], *, retry: int = 0, connection: int | None = None
    ) -> Delivery:
        """Send something to the app; returns at once (see ``Delivery.acknowledged``).

        ``connection``: which of several sockets, counted from 0; in turn when None.
        """
        delivery = Delivery(kind, payload, str(uuid4()), retry=retry)
        with self._changed:
            self.deliveries.append(delivery)
            self._waiting[delivery.envelope_id] = delivery
        if self._address:
            self._soon(self._by_http(delivery, *self._address))
        else:
            self.wait_for_socket()
            self._soon(self._by_socket(delivery, connection))
        return delivery

    def event(self, event: dict[str, Any], **more: Any) -> Delivery:
        """Send an event with an event_id of its own. ``more`` goes beside the event."""
        return self.deliver("events_api", {**event_callback(self.world, event), **more})

    def deliver_again(self, delivery: Delivery, retry: int = 1) -> Delivery:
        """Redeliver the same event, as Slack does when it saw no acknowledgement in time."""
        return self.deliver(delivery.kind, delivery.payload, retry=retry)

    def trigger_for(self, person: Person, view: View | None = None) -> str:
        """A new trigger_id."""
        key = f"{self.world.new_id('')}.{self.world.new_id('')}.trigger"
        with self._changed:
            self.world.triggers[key] = Trigger(
                person.id, time.monotonic(), view.id if view else None
            )
        return key

    def response_url_for(self, person: Person, channel: str, message: Message | None = None) -> str:
        """A new response_url."""
        key = self.world.new_id("R")
        with self._changed:
            self.world.response_urls[key] = {
                "user": person.id,
                "channel": channel,
                "message": message,
                "uses": 0,
                "at": time.monotonic(),
            }
        return f"{self.url}/response/{key}"

    def another_bot_says(self, text: str, channel: Channel) -> Message:
        """A message of some other app, which the app hears as everybody's."""
        message = Message(channel.id, self.world.new_ts(), self.world.new_id("U"), text)
        self.world.messages.append(message)
        event = {
            **message.to_json(),
            "subtype": "bot_message",
            "bot_id": self.world.new_id("B"),
            "channel": channel.id,
            "channel_type": channel.kind,
            "event_ts": message.ts,
        }
        message.deliveries.append(self.event(event))
        return message

    def run_step(self, callback_id: str, **inputs: Any) -> Delivery:
        """A Workflow Builder step of the app begins."""
        token = f"xwfp-{self.world.new_id('')}"
        with self._changed:
            self.world.function_tokens.add(token)
        execution = self.world.new_id("Fx")
        return self.event(
            {
                "type": "function_executed",
                "function": {
                    "id": self.world.new_id("Fn"),
                    "callback_id": callback_id,
                    "title": callback_id,
                    "type": "app",
                    "app_id": APP_ID,
                    "input_parameters": [],
                    "output_parameters": [],
                },
                "inputs": inputs,
                "function_execution_id": execution,
                "workflow_execution_id": self.world.new_id("Wx"),
                "event_ts": self.world.new_ts(),
                "bot_access_token": token,
            }
        )

    # -- signed HTTP

    def post_event(
        self,
        url: str,
        payload: dict[str, Any],
        *,
        secret: str = SIGNING_SECRET,
        timestamp: float | None = None,
        tamper: bool = False,
        signed: bool = True,
        retry: int = 0,
        kind: str = "events_api",
    ) -> Ack:
        """Post one signed request and wait for what the app answers.

        ``timestamp``: seconds since 1970, now when None; ``tamper`` changes the body after
        it was signed.
        """
        body, headers = signed_request(kind, payload, secret, timestamp=timestamp, retry=retry)
        if tamper:
            body = body + b" "
        if not signed:
            headers = {k: v for k, v in headers.items() if "Signature" not in k}
        return self._soon(self._post(url, body, headers)).result(30)

    async def _post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Ack:
        began = time.monotonic()
        async with self._http.post(url, data=body, headers=dict(headers)) as response:
            raw = await response.read()
            answered: Any = raw.decode("utf-8", "replace")
            with contextlib.suppress(ValueError):
                answered = json.loads(answered) if answered else None
            return Ack(time.monotonic() - began, answered, response.status, response.headers)

    async def _by_http(self, delivery: Delivery, url: str, secret: str) -> None:
        body, headers = signed_request(
            delivery.kind, delivery.payload, secret, retry=delivery.retry
        )
        try:
            ack = await self._post(url, body, headers)
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            self._finish(delivery, error)
        else:
            self._acknowledge(delivery, ack)

    # -- Socket Mode

    @property
    def sockets(self) -> int:
        """How many connections the app has now."""
        return len(self._sockets)

    @property
    def sockets_opened(self) -> int:
        """How many connections the app has ever made."""
        return self._sockets_opened

    def wait_for_socket(self, count: int = 1, timeout: float = 15.0) -> None:
        """Wait until the app has this many connections."""
        self.wait_until(
            lambda: len(self._sockets) >= count or None, timeout, f"{count} socket connection(s)"
        )

    def drop_sockets(self) -> None:
        """Cut every connection without a goodbye."""

        async def cut() -> None:
            for socket in list(self._sockets):
                transport = socket._req.transport if socket._req else None
                if transport is not None:
                    transport.abort()

        self._soon(cut()).result(5)
        self.wait_until(lambda: not self._sockets or None, 5, "the sockets to be gone")

    def refresh_sockets(self, reason: str = "refresh_requested") -> None:
        """Ask the app to connect anew, as Slack does every few hours.

        ``reason``: warning, refresh_requested, too_many_websockets or link_disabled.
        """

        async def ask() -> None:
            for socket in list(self._sockets):
                await socket.send_json(
                    {"type": "disconnect", "reason": reason, "debug_info": {"host": "stand-in"}}
                )
                if reason != "warning":
                    await socket.close()

        self._soon(ask()).result(5)

    async def _link(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(max_msg_size=MAX_BODY)
        await socket.prepare(request)
        await socket.send_json(
            {
                "type": "hello",
                "num_connections": len(self._sockets) + 1,
                "debug_info": {"host": "stand-in", "approximate_connection_time": 18_060},
                "connection_info": {"app_id": APP_ID},
            }
        )
        with self._changed:
            self._sockets.append(socket)
            self._sockets_opened += 1
            self._changed.notify_all()
        try:
            async for message in socket:
                if message.type is aiohttp.WSMsgType.TEXT:
                    self._hear(message.data)
        finally:
            with self._changed:
                self._sockets.remove(socket)
                self._changed.notify_all()
        return socket

    def _hear(self, data: str) -> None:
        """An acknowledgement; anything else on the socket is ignored, as Slack does."""
        with contextlib.suppress(ValueError, AttributeError):
            said = json.loads(data)
            delivery = self._waiting.get(said.get("envelope_id", ""))
            if delivery is not None:
                seconds = time.monotonic() - delivery.sent_at
                self._acknowledge(delivery, Ack(seconds, said.get("payload")))

    async def _by_socket(self, delivery: Delivery, connection: int | None) -> None:
        envelope = {
            "envelope_id": delivery.envelope_id,
            "type": delivery.kind,
            "accepts_response_payload": delivery.kind != "events_api",
            "payload": delivery.payload,
        }
        if delivery.kind == "events_api":
            envelope["retry_attempt"] = delivery.retry
            envelope["retry_reason"] = "timeout" if delivery.retry else ""
        sockets = [socket for socket in self._sockets if not socket.closed]
        if not sockets:
            self._finish(delivery, ConnectionError("no socket is connected"))
            return
        self._turn += 1
        socket = sockets[(self._turn if connection is None else connection) % len(sockets)]
        delivery.sent_at = time.monotonic()
        try:
            await socket.send_json(envelope)
        except ConnectionError as error:
            self._finish(delivery, error)

    def _acknowledge(self, delivery: Delivery, ack: Ack) -> None:
        """Do what Slack does with the body of an acknowledgement."""
        with self._changed:
            self._waiting.pop(delivery.envelope_id, None)
            if ack.status == 200 and delivery.kind == "slash_commands" and ack.body:
                self._command_answered(delivery, ack.body)
            elif ack.status == 200 and delivery.payload.get("type") == "view_submission":
                view = self.world.views.get(delivery.payload["view"]["id"])
                if view is not None:
                    slack_methods.apply_view_response(self.world, view, ack.body)
            if not delivery.future.done():
                delivery.future.set_result(ack)
            self._changed.notify_all()

    def _command_answered(self, delivery: Delivery, body: Any) -> None:
        args = body if isinstance(body, dict) else {"text": str(body)}
        key = delivery.payload["response_url"].rpartition("/")[2]
        self.world.response_urls[key]["uses"] -= 1
        try:
            response = slack_methods.post_by_response_url(self.world, key, args)
        except slack_methods.SlackError as error:
            response = error.response
        self._calls.append(Call("ack", args, "", time.monotonic(), response))

    def _finish(self, delivery: Delivery, error: Exception) -> None:
        with self._changed:
            self._waiting.pop(delivery.envelope_id, None)
            if not delivery.future.done():
                delivery.future.set_exception(error)
            self._changed.notify_all()

    # -- HTTP handlers

    async def _web_api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        args = await _arguments(request)
        header = request.headers.get("Authorization", "")
        token = header.removeprefix("Bearer ") or str(args.get("token") or "")
        args.pop("token", None)
        faulty = await self._meet_fault(method, args, token, request)
        if faulty is not None:
            return faulty
        response = self._do(method, args, token)
        headers = {"x-oauth-scopes": self.scopes} if method == "auth.test" else {}
        return web.json_response(response, headers=headers)

    def _do(self, method: str, args: dict[str, Any], token: str) -> dict[str, Any]:
        with self._changed:
            response = slack_methods.answer(self.world, method, args, token, self.url)
        self._record(Call(method, args, token, time.monotonic(), response))
        return response

    async def _response_url(self, request: web.Request) -> web.StreamResponse:
        args = await _arguments(request)
        faulty = await self._meet_fault("response_url", args, "")
        if faulty is not None:
            return faulty
        status = 200
        try:
            with self._changed:
                key = request.match_info["key"]
                response = slack_methods.post_by_response_url(self.world, key, args)
        except slack_methods.SlackError as error:
            response, status = error.response, 404
        self._record(Call("response_url", args, "", time.monotonic(), response, status))
        if status == 200:
            return web.Response(text="ok")
        return web.json_response(response, status=status)

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        stored = self.world.files.get(request.match_info["file"])
        if stored is None:
            return web.Response(status=404)
        faulty = await self._meet_fault("upload", {"file": stored.id}, "")
        if faulty is not None:
            return faulty
        if request.content_type.startswith("multipart/"):
            part = (await request.post()).get("file")
            stored.content = part.file.read() if isinstance(part, web.FileField) else b""
        else:
            stored.content = await request.read()
        args = {"file": stored.id, "name": stored.name, "length": len(stored.content)}
        self._record(Call("upload", args, "", time.monotonic(), {"ok": True}))
        return web.Response(text=f"OK - {len(stored.content)}")

    async def _download(self, request: web.Request) -> web.StreamResponse:
        """A file's bytes with the bot's token; Slack's login page, with status 200, without."""
        file_id = request.match_info["file"].rpartition("-")[2]
        stored = self.world.files.get(file_id)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        args = {"file": file_id}
        faulty = await self._meet_fault("download", args, token)
        if faulty is not None:
            return faulty
        allowed = stored is not None and token == BOT_TOKEN
        self._record(Call("download", args, token, time.monotonic(), {"ok": allowed}))
        if stored is None or not allowed:
            return web.Response(text=LOGIN_PAGE, content_type="text/html")
        return web.Response(body=stored.content, content_type="application/octet-stream")

    async def _meet_fault(
        self, method: str, args: dict[str, Any], token: str, request: web.Request | None = None
    ) -> web.StreamResponse | None:
        with self._changed:
            waiting = self._faults.get(method) or self._faults.get("*")
            fault = waiting.popleft() if waiting else None
        if fault is None:
            return None
        if isinstance(fault, TakesEffect):
            self._do(method, args, token)
            fault = fault.then
        status, response = 200, {"ok": False, "error": "fault"}
        answer: web.StreamResponse
        match fault:
            case RateLimited(after):
                status, response = 429, {"ok": False, "error": "ratelimited"}
                headers = {"Retry-After": str(after)}
                answer = web.json_response(response, status=429, headers=headers)
            case ServerError(status):
                answer = web.Response(text="<html>Server Error</html>", status=status)
            case Garbage(body):
                answer = web.Response(body=body, content_type="text/html")
            case Refuses(error):
                response = {"ok": False, "error": error}
                answer = web.json_response(response)
            case TimesOut(seconds):
                status = 0
                with contextlib.suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(self._closing.wait(), seconds)
                answer = web.Response(status=504)
            case Cut():
                status = 0
                if request is not None and request.transport is not None:
                    request.transport.abort()
                answer = web.Response()
        self._record(Call(method, args, token, time.monotonic(), response, status))
        return answer

    def _record(self, call: Call) -> None:
        with self._changed:
            self._calls.append(call)
            self._changed.notify_all()


def signed_request(
    kind: str,
    payload: dict[str, Any],
    secret: str,
    *,
    timestamp: float | None = None,
    retry: int = 0,
) -> tuple[bytes, dict[str, str]]:
    """Body and headers as Slack sends them: JSON for events, a form for the rest."""
    if kind == "events_api":
        body, content_type = json.dumps(payload).encode(), "application/json"
    else:
        form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
        body, content_type = urlencode(form).encode(), "application/x-www-form-urlencoded"
    stamp = str(int(time.time() if timestamp is None else timestamp))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256)
    headers = {
        "Content-Type": content_type,
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={digest.hexdigest()}",
    }
    if retry:
        headers |= {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_timeout"}
    return body, headers


async def _arguments(request: web.Request) -> dict[str, Any]:
    """A call's arguments, from the query, a form or JSON; JSON within a form is parsed."""
    args: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        with contextlib.suppress(ValueError):
            given = await request.json()
            args.update(given if isinstance(given, dict) else {})
    else:
        args.update(await request.post())
    for name in JSON_ARGS & args.keys():
        if isinstance(args[name], str):
            with contextlib.suppress(ValueError):
                args[name] = json.loads(args[name])
    return {name: value for name, value in args.items() if value is not None}


def _fits(call: Call, method: str, args: Mapping[str, Any]) -> bool:
    if method and call.method != method:
        return False
    return all(call.args.get(name) == value for name, value in args.items())
