"""Everything that goes to Slack goes through here, within its limits and linking nothing."""

from __future__ import annotations

import http.client
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.slack.blocks.parts import section
from bot.slack.blocks.plainer import plainer
from bot.slack.blocks.post import Block, Post, fit, fit_view
from bot.slack.blocks.text import clip, escape
from bot.slack.messages import METADATA
from bot.slack.runtime.logs import log
from bot.slack.runtime.response_address import send_to_address
from bot.slack.runtime.slack_errors import (
    BLOCKS_REFUSED,
    BUSY,
    NOTHING_DONE,
    code_of,
    is_busy,
)
from bot.slack.runtime.web_client import unrepeated

__all__ = ["NotDeliveredError", "SlackClient", "UnsureError"]

SECONDS_BETWEEN_TRIES = (0.5, 2.0)
DELETED = {"thread_not_found", "message_not_found"}
"""What a message was to stand below, or to replace, is gone."""
_MAY_NOT_LOOK = {"missing_scope", "not_in_channel", "channel_not_found", "no_permission"}
_VIEW_GONE = ("not_found", "view_not_found", "expired_trigger_id")


class NotDeliveredError(ConnectionError):
    """An answer to an interaction that Slack took in no way. ``post`` is the answer."""

    def __init__(self, post: Post, why: str) -> None:
        super().__init__(why)
        self.post = post


class UnsureError(NotDeliveredError):
    """An answer that Slack may or may not have posted, where we may not read what is there.

    Posted again it could be there twice, so that only its asker is shown it.
    """


class SlackClient:
    """Messages and views to Slack."""

    def __init__(self, client: WebClient) -> None:
        self.client = client
        # An answer that Slack failed to confirm may be there all the same.
        self._unrepeated = unrepeated(client)

    @property
    def token_refused(self) -> str:
        """Slack's word for why it no longer takes the token; "" while it does."""
        clients = (self.client, self._unrepeated)
        return next(filter(None, (getattr(one, "refused", "") for one in clients)), "")

    def use_token(self, token: str) -> None:
        """Slack gave the workspace another token."""
        self.client.token = self._unrepeated.token = token

    def try_token(self) -> None:
        """See whether Slack still takes the token; nobody may have called it for hours."""
        for client in (self.client, self._unrepeated):
            with suppress(SlackApiError, OSError, http.client.HTTPException, ValueError):
                client.auth_test()

    def say(
        self,
        channel: str,
        post: Post,
        *,
        thread_ts: str | None = None,
        about: dict[str, str] | None = None,
        or_plainer: bool = True,
    ) -> str:
        """Post a message and return its timestamp.

        When Slack refuses its blocks it goes as text, unless ``or_plainer`` is False.

        ``about`` goes with it unseen. Such a message is posted once even when Slack fails after
        it took it: it is looked for in its thread before it is tried again. Raises
        ConnectionError when Slack does not say what became of it, and UnsureError when we may
        not look either.
        """
        fitted = post.fitted()
        message: dict[str, Any] = {
            "channel": channel,
            "text": fitted.text,
            "blocks": fitted.blocks,
            "thread_ts": thread_ts,
            "unfurl_links": False,
            "unfurl_media": False,
        }
        if about is None or thread_ts is None:
            sent = _plainer(self.client.chat_postMessage, message, or_plainer=or_plainer)
            return str(sent.get("ts") or "")
        mark = secrets.token_hex(4)
        message["metadata"] = {"event_type": METADATA, "event_payload": {**about, "post": mark}}
        for pause in SECONDS_BETWEEN_TRIES:
            try:
                return self._post_once(message)
            except TimeoutError:
                if (ts := self._posted(channel, thread_ts, mark, post)) is not None:
                    return ts
                raise  # it has taken long enough; whoever tries again looks first
            except ConnectionError:
                time.sleep(pause)
            if (ts := self._posted(channel, thread_ts, mark, post)) is not None:
                return ts
        return self._post_once(message)

    def _post_once(self, message: dict[str, Any]) -> str:
        """Post, or raise ConnectionError (or TimeoutError) when it may or may not be there."""
        try:
            return str(_plainer(self._unrepeated.chat_postMessage, message).get("ts") or "")
        except SlackApiError as error:
            if _is_an_answer(error):
                raise
            raise ConnectionError("Slack answered, but not whether it posted") from None
        except TimeoutError:
            raise
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise ConnectionError(f"no answer from Slack ({type(error).__name__})") from None

    def _posted(self, channel: str, thread_ts: str, mark: str, post: Post) -> str | None:
        """The timestamp of a message of ours in a thread; None when it is not there.

        Raises UnsureError where we may not look.
        """
        try:
            found = self.client.conversations_replies(
                channel=channel, ts=thread_ts, limit=100, include_all_metadata=True
            )
        except (SlackApiError, OSError, http.client.HTTPException, ValueError) as error:
            if isinstance(error, SlackApiError) and code_of(error) in _MAY_NOT_LOOK:
                raise UnsureError(post, "it may be posted, and we may not look") from None
            raise ConnectionError(f"Slack cannot be asked ({type(error).__name__})") from None
        for message in found.get("messages") or []:
            payload = (message.get("metadata") or {}).get("event_payload") or {}
            if payload.get("post") == mark:
                return str(message.get("ts"))
        return None

    def whisper(self, channel: str, user: str, post: Post, *, thread_ts: str | None = None) -> None:
        """Show a message to one person in a channel; in a direct message, just post it.

        What Slack will not show there goes to their direct messages.
        """
        if channel.startswith("D"):
            self.say(channel, post, thread_ts=thread_ts)
            return
        fitted = post.fitted()
        message = {
            "channel": channel,
            "user": user,
            "text": fitted.text,
            "blocks": fitted.blocks,
            "thread_ts": thread_ts,
        }
        try:
            _plainer(self.client.chat_postEphemeral, message)
        except SlackApiError as error:
            if is_busy(error) or code_of(error) in DELETED:
                raise
            self.direct(user, post)

    def direct(self, user: str, post: Post) -> tuple[str, str]:
        """Send a direct message; returns its channel and timestamp."""
        channel = self.direct_channel(user)
        return channel, self.say(channel, post)

    def direct_channel(self, user: str) -> str:
        """The direct-message channel with a user. Raises ValueError when there is nobody."""
        if not user:
            raise ValueError("there is nobody to message")
        opened = self.client.conversations_open(users=user)
        return str(opened["channel"]["id"])

    def change(
        self, channel: str, ts: str, post: Post, *, about: dict[str, str] | None = None
    ) -> None:
        """Replace a message we posted."""
        fitted = post.fitted()
        message = {
            "channel": channel,
            "ts": ts,
            "text": fitted.text,
            "blocks": fitted.blocks,
            "metadata": {"event_type": METADATA, "event_payload": about} if about else None,
        }
        _plainer(self.client.chat_update, message)

    def remove(self, channel: str, ts: str) -> None:
        """Delete a message we posted; one that is gone already is fine."""
        try:
            self.client.chat_delete(channel=channel, ts=ts)
        except SlackApiError as error:
            if error.response.get("error") != "message_not_found":
                raise

    def respond(
        self,
        url: str,
        post: Post,
        *,
        user: str = "",
        replace: bool = False,
        thread: str = "",
        or_plainer: bool = True,
    ) -> None:
        """Answer an interaction, to that person only, through its response address.

        An address is good for half an hour and five answers. When it takes no more, ``user``
        gets a direct message. Raises NotDeliveredError when that fails as well.
        """
        fitted = post.fitted()
        body: dict[str, Any] = {
            "response_type": "ephemeral",
            "replace_original": replace,
            "text": fitted.text,
            "blocks": fitted.blocks,
        }
        if thread:
            body["thread_ts"] = thread
        tries = plainer(body) if or_plainer else [body]
        for message in tries:
            refused = send_to_address(url, message)
            if refused not in BLOCKS_REFUSED:
                break
        if not refused:
            return
        if not user:
            raise NotDeliveredError(post, f"a response address answered {refused}")
        try:
            self.direct(user, post)
        except (SlackApiError, OSError, http.client.HTTPException, ValueError) as error:
            raise NotDeliveredError(post, f"no way to a person: {type(error).__name__}") from None

    def respond_removing(self, url: str) -> None:
        """Take away the message an interaction came from. Best effort."""
        send_to_address(url, {"delete_original": True})

    def status(self, channel: str, thread_ts: str, text: str) -> None:
        """Say what it is doing; "" clears it. Best effort."""
        try:
            self.client.assistant_threads_setStatus(
                channel_id=channel, thread_ts=thread_ts, status=text
            )
        except (SlackApiError, OSError):
            return

    def title(self, channel: str, thread_ts: str, text: str) -> None:
        """Name a conversation in the messages tab. Best effort.

        Setting its status creates it, with its title; renaming only knows those that are there.
        Where the app is an assistant of the older kind, its thread is given the title.
        """
        about = {"channel_id": channel, "thread_ts": thread_ts, "title": clip(text, 80)}
        for name in (self._name_session, self.client.assistant_threads_setTitle):
            try:
                name(**about)
            except SlackApiError:
                continue
            except OSError:
                return
            return

    def _name_session(self, **about: str) -> None:
        self.client.agents_sessions_setStatus(status="active", **about)

    def open(self, trigger: str, view: Block) -> str:
        """Open a modal; returns its id."""
        opened = self.client.views_open(trigger_id=trigger, view=fit_view(view))
        return str((opened.get("view") or {}).get("id") or "")

    def push(self, trigger: str, view: Block) -> None:
        """Put a modal on top of the one that is open."""
        self.client.views_push(trigger_id=trigger, view=fit_view(view))

    def update_view(self, view_id: str, view: Block) -> bool:
        """Change a modal; False when it was closed."""
        if not view_id:
            return False
        try:
            self.client.views_update(view_id=view_id, view=fit_view(view))
        except SlackApiError as error:
            if error.response.get("error") not in _VIEW_GONE:
                raise
            return False
        return True

    def home(self, user: str, view: Block) -> None:
        """Publish somebody's App Home."""
        self.client.views_publish(user_id=user, view=fit_view(view))

    def repeat_question(self, user: str, question: str) -> tuple[str, str]:
        """Repeat somebody's own question in their direct messages, to answer it below."""
        text = f"You asked: {escape(clip(question, 500))}"
        return self.direct(user, Post(text, [section(text)]))

    def unfurl(self, channel: str, ts: str, cards: dict[str, Any]) -> None:
        """Show cards for the links in a message."""
        fitted = {url: {"blocks": fit(card["blocks"])} for url, card in cards.items()}
        self.client.chat_unfurl(channel=channel, ts=ts, unfurls=fitted)

    def permalink(self, channel: str, ts: str) -> str | None:
        """A link to a message, or None when there is none to give."""
        try:
            found = self.client.chat_getPermalink(channel=channel, message_ts=ts)
        except SlackApiError:
            return None
        link = found.get("permalink")
        return link if isinstance(link, str) else None

    def upload(
        self,
        channel: str,
        name: str,
        content: str | bytes,
        *,
        thread_ts: str,
        title: str,
        alt: str | None = None,
        comment: str | None = None,
    ) -> None:
        """Add a file to a thread; ``alt`` says a picture in words."""
        self.client.files_upload_v2(
            channel=channel,
            thread_ts=thread_ts,
            filename=name,
            title=title,
            content=content,
            alt_txt=alt,
            initial_comment=comment,
            request_file_info=False,
        )

    def store_file(self, name: str, content: bytes, *, title: str, alt: str) -> str:
        """Give Slack a file that is shared nowhere, to show in a block; returns its id."""
        done = self.client.files_upload_v2(
            filename=name, title=title, content=content, alt_txt=alt, request_file_info=False
        )
        files = done.get("files")
        return str(files[0]["id"]) if isinstance(files, list) and files else ""

    def remove_file(self, file: str) -> None:
        """Delete a file we gave to Slack. Best effort."""
        try:
            self.client.files_delete(file=file)
        except (SlackApiError, OSError):
            return

    def thread(self, channel: str, root: str) -> list[dict[str, Any]]:
        """The messages of a thread, oldest first; [] when they may not be read."""
        try:
            found = self.client.conversations_replies(
                channel=channel, ts=root, limit=100, include_all_metadata=True
            )
        except SlackApiError:
            return []
        messages = found.get("messages")
        return [m for m in messages if isinstance(m, dict)] if isinstance(messages, list) else []


def _is_an_answer(error: SlackApiError) -> bool:
    """Whether Slack said no, rather than that it is in trouble or something unreadable."""
    response = error.response
    return isinstance(response, SlackResponse) and not (
        response.status_code >= 500 or code_of(error) in BUSY - NOTHING_DONE
    )


def _plainer(
    call: Callable[..., SlackResponse], message: dict[str, Any], *, or_plainer: bool = True
) -> SlackResponse:
    """Send a message; plainer, when Slack refuses its blocks."""
    tries = plainer(message) if or_plainer else [message]
    for number, one in enumerate(tries, 1):
        try:
            return call(**one)
        except SlackApiError as error:
            if number == len(tries) or code_of(error) not in BLOCKS_REFUSED:
                raise
            log.warning("Slack refused the blocks of a message", extra={"code": code_of(error)})
    raise AssertionError("there is always a last try")
