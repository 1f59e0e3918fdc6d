"""People of the stand-in's workspace, and what Slack tells the app when they do something.

Every method of Person sends the app what Slack would send, and returns what came of it: the
message said, or the delivery. Shapes follow Slack's event and interaction references.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.support.slack_limits import elements, visible_text
from tests.support.slack_world import (
    APP_ID,
    BOT_USER,
    Channel,
    Delivery,
    Message,
    StoredFile,
    View,
    Workspace,
    World,
)

if TYPE_CHECKING:
    from tests.support.slack_standin import SlackStandIn

__all__ = ["Person", "event_callback"]

CHANNEL_TYPES = {"channel": "channel", "group": "group", "im": "im", "mpim": "mpim"}


def event_callback(world: World, event: dict[str, Any]) -> dict[str, Any]:
    """The envelope that every event comes in."""
    whose, place = world.team_of(event.get("user")), world.place_of(event.get("user"))
    return {
        "token": "unused",
        "team_id": place.id,
        "enterprise_id": place.enterprise,
        "api_app_id": APP_ID,
        "event": event,
        "type": "event_callback",
        "event_id": world.new_id("Ev"),
        "event_time": int(time.time()),
        "authorizations": [place.installed],
        "is_ext_shared_channel": whose != place,
    }


@dataclass(frozen=True)
class Person:
    """Somebody in the workspace."""

    slack: SlackStandIn
    id: str
    name: str

    @property
    def team(self) -> Workspace:
        """The workspace they are of."""
        return self.slack.world.team_of(self.id)

    @property
    def place(self) -> Workspace:
        """The workspace they write in."""
        return self.slack.world.place_of(self.id)

    @property
    def direct(self) -> Channel:
        """Their direct messages with the app."""
        return self.slack.world.direct_channel(self.id)

    # -- messages

    def mentions(self, text: str, channel: Channel, thread: Message | None = None) -> Message:
        """Mention the app in a channel. The app hears of it as app_mention and, when it listens
        to channels, a second time as message."""
        message = self._say(f"<@{BOT_USER}> {text}", channel, thread)
        event = self._message_event(message)
        message.deliveries.append(self.slack.event({**event, "type": "app_mention"}))
        if self.slack.hears_channels:
            message.deliveries.append(self.slack.event(event))
        return message

    def says(self, text: str, channel: Channel, thread: Message | None = None) -> Message:
        """Say something in a channel without a mention."""
        message = self._say(text, channel, thread)
        if self.slack.hears_channels:
            message.deliveries.append(self.slack.event(self._message_event(message)))
        return message

    def writes(self, text: str, thread: Message | None = None) -> Message:
        """Write to the app in direct messages."""
        message = self._say(text, self.direct, thread)
        message.deliveries.append(self.slack.event(self._message_event(message)))
        return message

    def shares_file(
        self,
        name: str,
        content: str | bytes,
        *,
        text: str = "",
        channel: Channel | None = None,
        mode: str = "snippet",
    ) -> Message:
        """Share a file or a snippet, in direct messages unless a channel is given.

        Text that is too long for a message becomes a snippet with an empty text.
        """
        stored = self.has_file(name, content, mode=mode)
        message = self._say(text, channel or self.direct, None)
        message.files = [stored.to_json(self.slack.url)]
        stored.shared_in.append(message.channel)
        event = {**self._message_event(message), "subtype": "file_share", "files": message.files}
        if BOT_USER in text:
            mention = {**self._message_event(message), "type": "app_mention"}
            message.deliveries.append(self.slack.event({**mention, "files": message.files}))
        if channel is None or self.slack.hears_channels:
            message.deliveries.append(self.slack.event(event))
        return message

    def has_file(self, name: str, content: str | bytes, *, mode: str = "hosted") -> StoredFile:
        """A file of theirs in Slack, shared nowhere yet (to give to a file input)."""
        data = content.encode() if isinstance(content, str) else content
        return self.slack.world.file_of(name, data, self.id, mode)

    def edits(self, message: Message, text: str) -> Delivery:
        """Change what they said."""
        before = message.to_json()
        message.text, message.edited = text, True
        message.edited_ts = self.slack.world.new_ts()
        message.blocks = _rich_text(text)
        return self._changed(
            message,
            {
                "subtype": "message_changed",
                "message": message.to_json(),
                "previous_message": before,
            },
        )

    def deletes(self, message: Message) -> Delivery:
        """Delete what they said. Of a message with replies a tombstone stays in its place."""
        before = message.to_json()
        if self._has_replies(message):
            message.text, message.blocks = "This message was deleted.", []
            message.tombstone = True
            return self._changed(
                message,
                {
                    "subtype": "message_changed",
                    "message": message.to_json(),
                    "previous_message": before,
                },
            )
        message.deleted = True
        return self._changed(
            message,
            {
                "subtype": "message_deleted",
                "deleted_ts": message.ts,
                "previous_message": before,
            },
        )

    def _has_replies(self, message: Message) -> bool:
        return any(
            one.thread_ts == message.ts and not one.deleted and not one.private_to
            for one in self.slack.messages
            if one.channel == message.channel
        )

    def _changed(self, message: Message, change: dict[str, Any]) -> Delivery:
        channel = self.slack.world.channels[message.channel]
        return self.slack.event(
            {
                "type": "message",
                "hidden": True,
                "channel": channel.id,
                "channel_type": CHANNEL_TYPES[channel.kind],
                "ts": (stamp := self.slack.world.new_ts()),
                "event_ts": stamp,
                **change,
            }
        )

    def _say(self, text: str, channel: Channel, thread: Message | None) -> Message:
        channel.members.add(self.id)
        message = Message(
            channel.id,
            self.slack.world.new_ts(),
            self.id,
            text,
            _rich_text(text),
            thread_ts=thread.root if thread else None,
            client_msg_id=self.slack.world.new_id("client-"),
        )
        self.slack.world.messages.append(message)
        return message

    def mentions_by_edit(self, message: Message, text: str) -> list[Delivery]:
        """Edit a message so that it names the app: Slack sends the edit, and the mention."""
        changed = self.edits(message, f"<@{BOT_USER}> {text}")
        event = {**self._message_event(message), "type": "app_mention"}
        return [changed, self.slack.event(event)]

    def _message_event(self, message: Message) -> dict[str, Any]:
        channel = self.slack.world.channels[message.channel]
        event = {
            **message.to_json(),
            "channel": channel.id,
            "channel_type": CHANNEL_TYPES[channel.kind],
            "event_ts": message.ts,
        }
        if self.team != self.place:
            event |= {"team": self.team.id, "user_team": self.team.id, "source_team": self.team.id}
        if message.thread_ts:
            root = self.slack.world.message(message.channel, message.thread_ts)
            event["parent_user_id"] = root.user if root else self.id
        return event

    # -- other events

    def opens_home(self) -> Delivery:
        """Open the app's Home tab."""
        return self._opens("home")

    def opens_messages(self) -> Delivery:
        """Open the app's Messages tab."""
        return self._opens("messages")

    def _opens(self, tab: str) -> Delivery:
        event: dict[str, Any] = {
            "type": "app_home_opened",
            "user": self.id,
            "channel": self.direct.id,
            "tab": tab,
            "event_ts": self.slack.world.new_ts(),
        }
        home = self.slack.world.homes.get(self.id)
        if tab == "home" and home is not None:
            event["view"] = home.to_json()
        return self.slack.event(event)

    def reacts(self, emoji: str, message: Message) -> Delivery:
        """Put an emoji on a message."""
        message.reactions.add((emoji, self.id))
        return self.slack.event(
            {
                "type": "reaction_added",
                "user": self.id,
                "reaction": emoji,
                "item_user": message.user,
                "item": {"type": "message", "channel": message.channel, "ts": message.ts},
                "event_ts": self.slack.world.new_ts(),
            }
        )

    def shares_link(self, url: str, channel: Channel) -> Message:
        """Say something with a link that the app unfurls."""
        message = self._say(f"See <{url}>", channel, None)
        message.text = f"See <{url}>"
        message.deliveries.append(
            self.slack.event(
                {
                    "type": "link_shared",
                    "channel": channel.id,
                    "user": self.id,
                    "is_bot_user_member": BOT_USER in channel.members,
                    "message_ts": message.ts,
                    "unfurl_id": f"{channel.id}.{message.ts}",
                    "source": "conversations_history",
                    "links": [{"domain": url.split("/")[2], "url": url}],
                    "event_ts": message.ts,
                }
            )
        )
        return message

    # -- commands and shortcuts

    def types(self, command: str, channel: Channel | None = None) -> Delivery:
        """Type a slash command, in direct messages unless a channel is given."""
        name, _, text = command.partition(" ")
        place = channel or self.direct
        place.members.add(self.id)
        return self.slack.deliver(
            "slash_commands",
            {
                "token": "unused",
                "team_id": self.team.id,
                **({"enterprise_id": self.team.enterprise} if self.team.enterprise else {}),
                "team_domain": "stand-in",
                "channel_id": place.id,
                "channel_name": place.name or "directmessage",
                "user_id": self.id,
                "user_name": self.slack.world.people[self.id]["name"],
                "command": name,
                "text": text,
                "api_app_id": APP_ID,
                "is_enterprise_install": str(self.place.whole).lower(),
                "response_url": self.slack.response_url_for(self, place.id),
                "trigger_id": self.slack.trigger_for(self),
            },
        )

    def runs_shortcut(self, callback_id: str, on: Message | None = None) -> Delivery:
        """Run a global shortcut, or a message shortcut on a message."""
        payload = {
            **self._interaction("shortcut" if on is None else "message_action"),
            "callback_id": callback_id,
            "action_ts": self.slack.world.new_ts(),
        }
        if on is not None:
            payload |= {
                "message_ts": on.ts,
                "message": on.to_json(),
                "channel": self._channel(on.channel),
                "response_url": self.slack.response_url_for(self, on.channel),
            }
        return self.slack.deliver("interactive", payload)

    def _interaction(self, kind: str, view: View | None = None) -> dict[str, Any]:
        return {
            "type": kind,
            "token": "unused",
            "api_app_id": APP_ID,
            "team": None if self.place.whole else {"id": self.place.id, "domain": "stand-in"},
            "enterprise": {"id": self.place.enterprise} if self.place.enterprise else None,
            "is_enterprise_install": self.place.whole,
            "user": {
                "id": self.id,
                "username": self.slack.world.people[self.id]["name"],
                "name": self.slack.world.people[self.id]["name"],
                "team_id": self.team.id,
            },
            "trigger_id": self.slack.trigger_for(self, view),
        }

    def _channel(self, channel_id: str) -> dict[str, str]:
        channel = self.slack.world.channels[channel_id]
        return {"id": channel.id, "name": channel.name or "directmessage"}

    # -- clicking

    def clicks(self, what: str, *, on: Message | View) -> Delivery:
        """Click a button (by its text or action_id), or take an option of a menu (by its text).

        AssertionError, naming what there is, when there is no such thing to click.
        """
        element, block, action = _find(on, what)
        return self.acts(on, {"block_id": block.get("block_id", ""), **action}, element)

    def gives(self, value: Any, *, to: str, on: Message | View) -> Delivery:
        """Fill an input that tells the app at once (dispatch_action), by action_id or label."""
        for element, block in elements(on.blocks):
            label = visible_text(block.get("label") or "")
            if block["type"] == "input" and to in (element.get("action_id"), label):
                state = _state_of(element, value, self.slack)
                action = {"action_id": element.get("action_id", ""), **state}
                return self.acts(on, {"block_id": block.get("block_id", ""), **action}, element)
        raise AssertionError(f"there is no input {to!r}")

    def acts(
        self, on: Message | View, action: dict[str, Any], element: Mapping[str, Any] | None = None
    ) -> Delivery:
        """Send a block_actions interaction as given, well-formed or not."""
        stamp = self.slack.world.new_ts()
        payload = {
            **self._interaction("block_actions", on if isinstance(on, View) else None),
            "actions": [{"action_ts": stamp, **action}],
            "state": {"values": _values(on.blocks, {}, self.slack)},
        }
        if element and element.get("type") == "feedback_buttons":
            payload["actions"][0]["type"] = "feedback_buttons"
        if isinstance(on, View):
            payload |= {
                "container": {"type": "view", "view_id": on.id},
                "view": {**on.to_json(), "state": {"values": _values(on.blocks, {}, self.slack)}},
            }
            return self.slack.deliver("interactive", payload)
        container = {
            "type": "message",
            "message_ts": on.ts,
            "channel_id": on.channel,
            "is_ephemeral": on.private_to is not None,
        }
        if on.thread_ts:
            container["thread_ts"] = on.thread_ts
        payload |= {
            "container": container,
            "channel": self._channel(on.channel),
            "response_url": self.slack.response_url_for(self, on.channel, on),
        }
        if not on.private_to:
            payload["message"] = on.to_json()
        return self.slack.deliver("interactive", payload)

    # -- modals

    def submits(self, view: View, fields: Mapping[str, Any] | None = None, **more: Any) -> Delivery:
        """Submit a modal. A field is named by its action_id, block_id or label.

        Values: text; an option's text or value (or a list of them); stored files for a file
        input. AssertionError for what Slack's own form would not let a person do.
        """
        given = {**(fields or {}), **more}
        values = _values(view.blocks, given, self.slack, submitting=True)
        payload = {
            **self._interaction("view_submission", view),
            "view": {**view.to_json(), "state": {"values": values}},
            "response_urls": [],
        }
        return self.slack.deliver("interactive", payload)

    def closes(self, view: View, *, all_of_them: bool = False) -> Delivery | None:
        """Close a modal. The app is told only when it asked for that (notify_on_close)."""
        view.open = False
        if not view.content.get("notify_on_close"):
            return None
        payload = {
            **self._interaction("view_closed", view),
            "view": view.to_json(),
            "is_cleared": all_of_them,
        }
        payload.pop("trigger_id")
        return self.slack.deliver("interactive", payload)


def _rich_text(text: str) -> list[dict[str, Any]]:
    """The rich text block that Slack's own composer makes of what a person types."""
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return [{"type": "rich_text", "block_id": "typed", "elements": [section]}] if text else []


def _find(on: Message | View, what: str) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """The element, its block and the action that clicking it makes."""
    there: list[str] = []
    for element, block in elements(on.blocks):
        for label, action in _clickable(element):
            there.append(label)
            if what in (label, element.get("action_id")):
                return element, block, action
    raise AssertionError(
        f"there is no {what!r} to click; there is: {', '.join(there) or 'nothing'}"
    )


def _clickable(element: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    common = {"type": element["type"], "action_id": element.get("action_id", "")}
    if element["type"] in {"button", "icon_button", "workflow_button"}:
        action = {**common, "text": element["text"]}
        if "value" in element:
            action["value"] = element["value"]
        yield element["text"]["text"], action
    elif element["type"] == "feedback_buttons":
        for side in ("positive_button", "negative_button"):
            button = element[side]
            action = {**common, "text": button["text"], "value": button["value"]}
            yield button["text"]["text"], action
    else:
        for option in _all_options(element):
            key = "selected_options" if _takes_many(element) else "selected_option"
            chosen = [option] if _takes_many(element) else option
            yield option["text"]["text"], {**common, key: chosen}


def _all_options(element: Mapping[str, Any]) -> list[dict[str, Any]]:
    groups = element.get("option_groups") or []
    return [
        *(element.get("options") or []),
        *(option for group in groups for option in group["options"]),
    ]


def _takes_many(element: Mapping[str, Any]) -> bool:
    return element["type"] in {"checkboxes", "multi_static_select"}


def _values(
    blocks: list[dict[str, Any]],
    given: Mapping[str, Any],
    slack: SlackStandIn,
    *,
    submitting: bool = False,
) -> dict[str, dict[str, Any]]:
    """``state.values`` of a form. ``submitting``: refuse what Slack's form would refuse."""
    values: dict[str, dict[str, Any]] = {}
    unused = set(given)
    for element, block in elements(blocks):
        if element["type"] in {"button", "overflow", "feedback_buttons", "icon_button"}:
            continue
        label = visible_text(block.get("label") or "")
        names = [element.get("action_id"), block.get("block_id"), label]
        name = next((name for name in names if name in given), None)
        unused.discard(str(name))
        state = _state_of(element, given[name] if name else None, slack)
        if submitting and block["type"] == "input" and not block.get("optional"):
            filled = [v for k, v in state.items() if k != "type" and v not in (None, "", [])]
            assert filled, f"Slack asks for {label!r} before it lets a person submit"
        values.setdefault(block.get("block_id", ""), {})[element.get("action_id", "")] = state
    assert not unused, f"the form has no {', '.join(sorted(unused))}"
    return values


def _state_of(element: Mapping[str, Any], value: Any, slack: SlackStandIn) -> dict[str, Any]:
    kind = element["type"]
    if kind.endswith("_input") and kind != "file_input":
        text = element.get("initial_value") if value is None else value
        most = element.get("max_length", 3000)
        assert text is None or len(text) <= most, f"the box takes {most} characters"
        return {"type": kind, "value": text or None}
    if kind == "file_input":
        files = [value] if isinstance(value, StoredFile) else value or []
        return {"type": kind, "files": [stored.to_json(slack.url) for stored in files]}
    if kind in {"static_select", "radio_buttons"}:
        chosen = element.get("initial_option") if value is None else _option(element, value)
        return {"type": kind, "selected_option": chosen}
    if _takes_many(element):
        if value is None:
            return {"type": kind, "selected_options": element.get("initial_options") or []}
        wanted = [value] if isinstance(value, str) else value
        return {"type": kind, "selected_options": [_option(element, name) for name in wanted]}
    keys = {
        "users_select": ("selected_user", "initial_user"),
        "channels_select": ("selected_channel", "initial_channel"),
        "conversations_select": ("selected_conversation", "initial_conversation"),
        "datepicker": ("selected_date", "initial_date"),
        "timepicker": ("selected_time", "initial_time"),
    }
    if kind in keys:
        key, initial = keys[kind]
        return {"type": kind, key: element.get(initial) if value is None else value}
    raise AssertionError(f"the stand-in cannot fill a {kind}")


def _option(element: Mapping[str, Any], wanted: str) -> dict[str, Any]:
    for option in _all_options(element):
        if wanted in (option["text"]["text"], option["value"]):
            return option
    raise AssertionError(f"there is no option {wanted!r}")
