"""The Web API methods of the Slack stand-in: what each needs, does and answers.

A method takes the world and the decoded arguments, and returns what Slack would answer, or
raises SlackError. Errors carry Slack's own names.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from typing import Any

from tests.support.slack_limits import MAX_TEXT_LENGTH, Violation, check_message, check_view
from tests.support.slack_world import (
    APP_ID,
    APP_TOKEN,
    BOT_ID,
    BOT_USER,
    CLIENT_ID,
    CLIENT_SECRET,
    TEAM,
    Channel,
    Message,
    StoredFile,
    View,
    World,
)

__all__ = ["SlackError", "answer", "apply_view_response", "post_by_response_url"]

Args = dict[str, Any]
TRIGGER_SECONDS = 60.0
"""Three at Slack; more here, so that a busy machine makes no test fail."""
RESPONSE_URL_SECONDS = 30 * 60
RESPONSE_URL_USES = 5


class SlackError(Exception):
    """Slack's refusal: ``{"ok": false, "error": …}`` and what goes with it."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.response: dict[str, Any] = {"ok": False, "error": error, **more}


def answer(world: World, method: str, args: Args, token: str, base: str) -> dict[str, Any]:
    """What Slack answers to a call. ``base``: the stand-in's own address."""
    try:
        if method not in METHODS:
            raise SlackError("unknown_method", req_method=method)
        needed, run = METHODS[method]
        _check_token(world, method, token)
        missing = [name for name in needed.split() if args.get(name) in (None, "")]
        if missing:
            raise _invalid_arguments(*(f"missing required field: {name}" for name in missing))
        return {"ok": True, **run(world, {**args, "_base": base, "_token": token})}
    except SlackError as error:
        return error.response


def _check_token(world: World, method: str, token: str) -> None:
    if not token:
        raise SlackError("not_authed")
    if method == "apps.connections.open":
        if token != APP_TOKEN:
            raise SlackError("not_allowed_token_type")
    elif token == APP_TOKEN and method != "auth.test":
        raise SlackError("not_allowed_token_type")
    elif method == "oauth.v2.access":
        if token != _CLIENT:
            raise SlackError("bad_client_secret")
    elif token not in {*world.tokens, APP_TOKEN} and token not in world.function_tokens:
        raise SlackError("invalid_auth")


def _invalid_arguments(*messages: str) -> SlackError:
    return SlackError(
        "invalid_arguments", response_metadata={"messages": [f"[ERROR] {m}" for m in messages]}
    )


def _refuse(world: World, where: str, violations: list[Violation], error: str) -> dict[str, Any]:
    """Keep the violations; raise when Slack would refuse. Returns the warnings otherwise."""
    world.violations += [(where, violation) for violation in violations]
    refused = [str(violation) for violation in violations if violation.refused]
    if refused:
        messages = [f"[ERROR] {text}" for text in refused]
        raise SlackError(error, errors=refused, response_metadata={"messages": messages})
    warnings = [violation.message for violation in violations]
    return {"response_metadata": {"warnings": warnings}} if warnings else {}


def _checked_message(world: World, where: str, args: Args) -> dict[str, Any]:
    if not any(args.get(key) for key in ("text", "blocks", "attachments", "markdown_text")):
        raise SlackError("no_text")
    if len(str(args.get("text") or "")) > MAX_TEXT_LENGTH:
        raise SlackError("msg_too_long")
    violations = check_message(args) if world.checks else []
    too_much = any("is the budget" in violation.message for violation in violations)
    error = "msg_blocks_too_long" if too_much else "invalid_blocks"
    return _refuse(world, where, violations, error)


def _channel(world: World, given: Any, *, joined: bool = True) -> Channel:
    """The channel of an id; a person's id means their direct messages."""
    if given in world.people and given != BOT_USER:
        return world.direct_channel(str(given))
    channel = world.channels.get(str(given))
    if channel is None:
        raise SlackError("channel_not_found")
    if joined and BOT_USER not in channel.members:
        raise SlackError("not_in_channel" if channel.kind == "channel" else "channel_not_found")
    return channel


def _message(world: World, channel: Channel, ts: Any) -> Message:
    found = world.message(channel.id, str(ts))
    if found is None:
        raise SlackError("message_not_found")
    return found


def _person(world: World, user: Any) -> dict[str, Any]:
    if user not in world.people:
        raise SlackError("user_not_found")
    return world.people[str(user)]


# -- chat


def _new_message(world: World, channel: Channel, args: Args, **more: Any) -> Message:
    thread_ts = args.get("thread_ts")
    if thread_ts is not None:
        parent = world.message(channel.id, str(thread_ts))
        if parent is None:
            raise SlackError("thread_not_found")
        if parent.root != parent.ts:
            where = f"a reply in {channel.id}"
            world.violations.append((where, Violation("/thread_ts", "is a reply, not a root")))
    message = Message(
        channel.id,
        world.new_ts(),
        BOT_USER,
        str(args.get("text") or args.get("markdown_text") or ""),
        _numbered(world, args.get("blocks")),
        thread_ts=str(thread_ts) if thread_ts else None,
        attachments=list(args.get("attachments") or []),
        metadata=args.get("metadata"),
        **more,
    )
    world.messages.append(message)
    return message


def _numbered(world: World, blocks: Any) -> list[dict[str, Any]]:
    """Blocks with a block_id each, as Slack gives them back."""
    return [{"block_id": world.new_id("b"), **block} for block in blocks or []]


def _post_message(world: World, args: Args) -> dict[str, Any]:
    channel = _channel(world, args["channel"])
    warnings = _checked_message(world, "chat.postMessage", args)
    message = _new_message(world, channel, args)
    return {"channel": channel.id, "ts": message.ts, "message": message.to_json(), **warnings}


def _post_ephemeral(world: World, args: Args) -> dict[str, Any]:
    channel = _channel(world, args["channel"])
    if args["user"] not in channel.members:
        raise SlackError("user_not_in_channel")
    warnings = _checked_message(world, "chat.postEphemeral", args)
    message = _new_message(world, channel, args, private_to=str(args["user"]))
    return {"message_ts": message.ts, **warnings}


def _own_message(world: World, args: Args, error: str) -> Message:
    message = _message(world, _channel(world, args["channel"], joined=False), args["ts"])
    if not message.by_the_app:
        raise SlackError(error)
    return message


def _update(world: World, args: Args) -> dict[str, Any]:
    message = _own_message(world, args, "cant_update_message")
    if len(str(args.get("text") or "")) > 4_000:
        raise SlackError("msg_too_long")
    warnings = _checked_message(world, "chat.update", args)
    if "text" in args:
        message.text = str(args["text"] or "")
    # Without blocks the text takes their place.
    message.blocks = _numbered(world, args.get("blocks"))
    message.attachments = list(args.get("attachments") or [])
    message.metadata = args.get("metadata", message.metadata)
    message.edited = True
    return {
        "channel": message.channel,
        "ts": message.ts,
        "text": message.text,
        "message": message.to_json(),
        **warnings,
    }


def _delete(world: World, args: Args) -> dict[str, Any]:
    message = _own_message(world, args, "cant_delete_message")
    message.deleted = True
    return {"channel": message.channel, "ts": message.ts}


def _unfurl(world: World, args: Args) -> dict[str, Any]:
    channel = _channel(world, args["channel"], joined=False)
    message = _message(world, channel, args["ts"])
    if not args.get("unfurls") and not args.get("metadata"):
        raise SlackError("missing_unfurls")
    for link, unfurl in (args.get("unfurls") or {}).items():
        if link not in message.text:
            raise SlackError("cannot_unfurl_url")
        violations = [v for v in check_message(unfurl) if v.pointer != "/text"]
        _refuse(world, "chat.unfurl", violations, "invalid_unfurls_format")
        message.unfurls[link] = unfurl
    return {}


def _permalink(world: World, args: Args) -> dict[str, Any]:
    channel = _channel(world, args["channel"], joined=False)
    message = _message(world, channel, args["message_ts"])
    link = f"https://stand-in.example/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.thread_ts:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


# -- conversations, people, groups


def _open_conversation(world: World, args: Args) -> dict[str, Any]:
    if args.get("channel"):
        channel = _channel(world, args["channel"])
    else:
        users = [user for user in str(args.get("users") or "").split(",") if user]
        if not users:
            raise SlackError("users_list_not_supplied")
        _person(world, users[0])
        channel = world.direct_channel(users[0])
    return {"channel": {"id": channel.id, **(channel.to_json() if args.get("return_im") else {})}}


def _conversation(world: World, args: Args) -> dict[str, Any]:
    return {"channel": _channel(world, args["channel"], joined=False).to_json()}


def _members(world: World, args: Args) -> dict[str, Any]:
    return {"members": sorted(_channel(world, args["channel"], joined=False).members)}


def _replies(world: World, args: Args) -> dict[str, Any]:
    channel = _channel(world, args["channel"])
    root = str(args["ts"])
    thread = [m for m in _public(world, channel) if m.root == root]
    if not thread:
        raise SlackError("thread_not_found")
    return {"messages": [_read(message, args) for message in thread], "has_more": False}


def _read(message: Message, args: Args) -> dict[str, Any]:
    """A message as conversations.* give it: metadata only when it was asked for."""
    data = message.to_json()
    if str(args.get("include_all_metadata", "")).lower() not in {"1", "true"}:
        data.pop("metadata", None)
    return data


def _history(world: World, args: Args) -> dict[str, Any]:
    channel = _channel(world, args["channel"])
    messages = [m for m in reversed(_public(world, channel)) if m.root == m.ts]
    if args.get("latest"):
        messages = [m for m in messages if float(m.ts) <= float(args["latest"])]
    if args.get("oldest"):
        messages = [m for m in messages if float(m.ts) >= float(args["oldest"])]
    limit = int(args.get("limit") or 100)
    return {
        "messages": [_read(message, args) for message in messages[:limit]],
        "has_more": len(messages) > limit,
    }


def _public(world: World, channel: Channel) -> list[Message]:
    return [
        message
        for message in world.messages
        if message.channel == channel.id and not message.deleted and not message.private_to
    ]


def _user_info(world: World, args: Args) -> dict[str, Any]:
    return {"user": _person(world, args["user"])}


def _group_members(world: World, args: Args) -> dict[str, Any]:
    if args["usergroup"] not in world.groups:
        raise SlackError("no_such_subteam")
    return {"users": list(world.groups[args["usergroup"]])}


def _groups(world: World, args: Args) -> dict[str, Any]:
    return {"usergroups": [{"id": group, "team_id": TEAM} for group in world.groups]}


# -- reactions


def _add_reaction(world: World, args: Args) -> dict[str, Any]:
    message = _message(world, _channel(world, args["channel"]), args["timestamp"])
    if (str(args["name"]), BOT_USER) in message.reactions:
        raise SlackError("already_reacted")
    message.reactions.add((str(args["name"]), BOT_USER))
    return {}


def _remove_reaction(world: World, args: Args) -> dict[str, Any]:
    message = _message(world, _channel(world, args["channel"]), args["timestamp"])
    if (str(args["name"]), BOT_USER) not in message.reactions:
        raise SlackError("no_reaction")
    message.reactions.discard((str(args["name"]), BOT_USER))
    return {}


# -- views


def _use_trigger(world: World, trigger_id: str) -> tuple[str, View | None]:
    """The person of a trigger, and the view it was pulled in. A trigger opens one view."""
    trigger = world.triggers.get(trigger_id)
    if trigger is None:
        raise SlackError("invalid_trigger_id")
    if time.monotonic() - trigger.issued_at > TRIGGER_SECONDS:
        raise SlackError("expired_trigger_id")
    if trigger.used:
        raise SlackError("exchanged_trigger_id")
    trigger.used = True
    return trigger.user, world.views.get(trigger.view or "")


def _checked_view(world: World, where: str, view: Any, kind: str = "modal") -> dict[str, Any]:
    if not isinstance(view, dict):
        raise _invalid_arguments("failed to match all allowed schemas [json-pointer:/view]")
    violations = check_view(view)
    if view.get("type") != kind:
        violations.append(Violation("/type", f"this takes a {kind}"))
    _refuse(world, where, violations, "invalid_arguments")
    return {**view, "blocks": _numbered(world, view.get("blocks"))}


def _open_view(world: World, args: Args) -> dict[str, Any]:
    user, _ = _use_trigger(world, str(args["trigger_id"]))
    view = world.new_view(user, _checked_view(world, "views.open", args["view"]))
    world.views[view.id] = view
    return {"view": view.to_json()}


def _push_view(world: World, args: Args) -> dict[str, Any]:
    user, current = _use_trigger(world, str(args["trigger_id"]))
    if current is None:
        raise SlackError("not_found")
    if _depth(world, current) >= 3:
        raise SlackError("push_limit_reached")
    view = world.new_view(user, _checked_view(world, "views.push", args["view"]), current)
    world.views[view.id] = view
    return {"view": view.to_json()}


def _depth(world: World, view: View) -> int:
    return 1 + (_depth(world, world.views[view.previous]) if view.previous else 0)


def _update_view(world: World, args: Args) -> dict[str, Any]:
    found = [
        view
        for view in world.views.values()
        if view.open
        and (
            view.id == args.get("view_id")
            or (args.get("external_id") and view.content.get("external_id") == args["external_id"])
        )
    ]
    if not found:
        raise SlackError("not_found")
    view = found[-1]
    if args.get("hash") and args["hash"] != view.hash:
        raise SlackError("hash_conflict")
    view.content = _checked_view(world, "views.update", args["view"])
    view.hash = world.new_ts()
    return {"view": view.to_json()}


def _publish_home(world: World, args: Args) -> dict[str, Any]:
    _person(world, args["user_id"])
    content = _checked_view(world, "views.publish", args["view"], "home")
    view = world.homes.get(str(args["user_id"]))
    if view is None:
        view = world.homes[str(args["user_id"])] = world.new_view(str(args["user_id"]), content)
    elif args.get("hash") and args["hash"] != view.hash:
        raise SlackError("hash_conflict")
    view.content, view.hash = content, world.new_ts()
    return {"view": view.to_json()}


def apply_view_response(world: World, view: View, body: Any) -> None:
    """What an acknowledged submission does to the modal: close, errors, update, push, clear."""
    action = body.get("response_action") if isinstance(body, dict) else None
    view.errors = {}
    if action is None:
        view.open = False
    elif action == "errors":
        view.errors = dict(body.get("errors") or {})
        known = {block.get("block_id") for block in view.blocks if block.get("type") == "input"}
        for block_id in view.errors.keys() - known:
            world.violations.append(
                ("view submission", Violation("/errors", f"no input block has the id {block_id}"))
            )
    elif action == "clear":
        for other in world.views.values():
            if other.root == view.root:
                other.open = False
    elif action in {"update", "push"}:
        try:
            content = _checked_view(world, "view submission", body.get("view"))
        except SlackError:
            return
        if action == "update":
            view.content, view.hash = content, world.new_ts()
        else:
            pushed = world.new_view(view.user, content, view)
            world.views[pushed.id] = pushed
    else:
        world.violations.append(
            ("view submission", Violation("/response_action", f"unknown: {action}"))
        )


# -- response_url


def post_by_response_url(world: World, key: str, args: Args) -> dict[str, Any]:
    """A message through the ``response_url`` of an interaction, or in answer to a command."""
    use = world.response_urls.get(key)
    if use is None:
        raise SlackError("invalid_url")
    use["uses"] += 1
    if use["uses"] > RESPONSE_URL_USES or time.monotonic() - use["at"] > RESPONSE_URL_SECONDS:
        raise SlackError("expired_url")
    original: Message | None = use["message"]
    if args.get("delete_original"):
        if original is not None:
            original.deleted = True
        return {"ok": True}
    _checked_message(world, "response_url", args)
    if args.get("replace_original") and original is not None:
        original.text = str(args.get("text") or "")
        original.blocks = _numbered(world, args.get("blocks"))
        original.edited = True
        return {"ok": True}
    public = args.get("response_type") == "in_channel"
    message = Message(
        use["channel"],
        world.new_ts(),
        BOT_USER,
        str(args.get("text") or ""),
        _numbered(world, args.get("blocks")),
        thread_ts=args.get("thread_ts"),
        private_to=None if public else use["user"],
    )
    world.messages.append(message)
    return {"ok": True}


# -- agents and assistants


def _thread_status(world: World, args: Args) -> dict[str, Any]:
    _channel(world, args["channel_id"])
    world.statuses[str(args["channel_id"]), str(args["thread_ts"])] = str(args.get("status") or "")
    return {}


def _suggested_prompts(world: World, args: Args) -> dict[str, Any]:
    _channel(world, args["channel_id"])
    prompts = args["prompts"]
    good = isinstance(prompts, list) and 1 <= len(prompts) <= 4
    if not good or not all(
        isinstance(prompt, dict) and prompt.get("title") and prompt.get("message")
        for prompt in prompts
    ):
        raise _invalid_arguments("prompts: 1 to 4, each with a title and a message")
    return {}


def _session(world: World, args: Args) -> dict[str, Any]:
    _channel(world, args["channel_id"])
    states = {None, "processing", "active", "suspended", "closed"}
    if args.get("status") not in states:
        raise _invalid_arguments("status: must be processing, active, suspended or closed")
    if not 1 <= len(str(args.get("title") or "-")) <= 200:
        raise _invalid_arguments("title: 1 to 200 characters")
    return {}


def _in_channel(world: World, args: Args) -> dict[str, Any]:
    _channel(world, args["channel_id"])
    return {}


# -- files


def _upload_url(world: World, args: Args) -> dict[str, Any]:
    stored = world.file_of(str(args["filename"]), b"", BOT_USER, "hosted")
    stored.declared = int(args["length"])
    return {"upload_url": f"{args['_base']}/upload/{stored.id}", "file_id": stored.id}


def _complete_upload(world: World, args: Args) -> dict[str, Any]:
    files: list[StoredFile] = []
    for given in args["files"]:
        stored = world.files.get(given.get("id"))
        if stored is None:
            raise SlackError("file_not_found")
        if stored.declared != len(stored.content):
            raise SlackError("file_update_failed")
        files.append(stored)
    described = [stored.to_json(args["_base"]) for stored in files]
    for destination in _destinations(args):
        channel = _channel(world, destination)
        said = {"text": args.get("initial_comment") or "", "thread_ts": args.get("thread_ts")}
        _new_message(world, channel, {**said, "blocks": args.get("blocks")}, files=described)
        for stored in files:
            stored.shared_in.append(channel.id)
    return {"files": described}


def _destinations(args: Args) -> list[str]:
    given = [args.get("channel_id"), *str(args.get("channels") or "").split(",")]
    return [str(channel) for channel in given if channel]


def _delete_file(world: World, args: Args) -> dict[str, Any]:
    if world.files.pop(str(args["file"]), None) is None:
        raise SlackError("file_not_found")
    return {}


def _file_info(world: World, args: Args) -> dict[str, Any]:
    stored = world.files.get(str(args["file"]))
    if stored is None:
        raise SlackError("file_not_found")
    return {"file": stored.to_json(args["_base"])}


# -- the rest


_CLIENT = "Basic " + base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()


def _oauth_access(world: World, args: Args) -> dict[str, Any]:
    """A code, or a token to refresh, for a token that holds for twelve hours."""
    refreshed = args.get("grant_type") == "refresh_token"
    held, key = (world.refreshing, "refresh_token") if refreshed else (world.codes, "code")
    whose = held.pop(str(args.get(key)), None)
    if whose is None:
        raise SlackError("invalid_refresh_token" if refreshed else "invalid_code")
    token, renew = world.new_id("xoxe.xoxb-1-"), world.new_id("xoxe-1-")
    world.tokens[token], world.refreshing[renew] = whose, whose
    return {
        "access_token": token,
        "token_type": "bot",
        "scope": "chat:write,commands",
        "bot_user_id": BOT_USER,
        "app_id": APP_ID,
        "expires_in": 43_200,
        "refresh_token": renew,
        "team": None if whose.whole else {"id": whose.id, "name": f"College {whose.id}"},
        "enterprise": {"id": whose.enterprise, "name": "A group"} if whose.enterprise else None,
        "is_enterprise_install": whose.whole,
        "authed_user": {"id": "U0INSTALLER"},
    }


def _revoke(world: World, args: Args) -> dict[str, Any]:
    return {"revoked": world.tokens.pop(args["_token"], None) is not None}


def _auth_test(world: World, args: Args) -> dict[str, Any]:
    whose = world.tokens.get(args["_token"], world.workspaces[TEAM])
    return {
        "url": "https://stand-in.example/",
        "team": "Stand-in College",
        "user": "ilr.helpdesk",
        "team_id": whose.id,
        "enterprise_id": whose.enterprise,
        "user_id": BOT_USER,
        "bot_id": BOT_ID,
        "is_enterprise_install": whose.whole,
    }


def _bot_info(world: World, args: Args) -> dict[str, Any]:
    return {"bot": {"id": BOT_ID, "app_id": APP_ID, "name": "ILR Helpdesk", "user_id": BOT_USER}}


def _connection(world: World, args: Args) -> dict[str, Any]:
    host = str(args["_base"]).removeprefix("http://")
    return {"url": f"ws://{host}/link/?ticket={world.new_id('t')}&app_id={APP_ID}"}


def _validate_blocks(world: World, args: Args) -> dict[str, Any]:
    violations = (
        check_view(args["view"])
        if args.get("view")
        else check_message(args.get("message") or {"blocks": args.get("blocks"), "text": "-"})
    )
    refused = [str(violation) for violation in violations if violation.refused]
    if refused:
        raise SlackError("invalid_blocks", errors=refused)
    return {}


def _nothing(world: World, args: Args) -> dict[str, Any]:
    return {}


METHODS: dict[str, tuple[str, Callable[[World, Args], dict[str, Any]]]] = {
    "agents.sessions.rename": ("channel_id title", _session),
    "agents.sessions.setStatus": ("channel_id status", _session),
    "api.test": ("", _nothing),
    "apps.connections.open": ("", _connection),
    "assistant.threads.setStatus": ("channel_id thread_ts", _thread_status),
    "assistant.threads.setSuggestedPrompts": ("channel_id prompts", _suggested_prompts),
    "assistant.threads.setTitle": ("channel_id thread_ts title", _in_channel),
    "auth.revoke": ("", _revoke),
    "auth.test": ("", _auth_test),
    "blocks.validate": ("", _validate_blocks),
    "bots.info": ("", _bot_info),
    "chat.delete": ("channel ts", _delete),
    "chat.getPermalink": ("channel message_ts", _permalink),
    "chat.postEphemeral": ("channel user", _post_ephemeral),
    "chat.postMessage": ("channel", _post_message),
    "chat.unfurl": ("channel ts", _unfurl),
    "chat.update": ("channel ts", _update),
    "conversations.history": ("channel", _history),
    "conversations.info": ("channel", _conversation),
    "conversations.members": ("channel", _members),
    "conversations.open": ("", _open_conversation),
    "conversations.replies": ("channel ts", _replies),
    "files.completeUploadExternal": ("files", _complete_upload),
    "files.delete": ("file", _delete_file),
    "files.getUploadURLExternal": ("filename length", _upload_url),
    "files.info": ("file", _file_info),
    "functions.completeError": ("function_execution_id error", _nothing),
    "functions.completeSuccess": ("function_execution_id outputs", _nothing),
    "oauth.v2.access": ("", _oauth_access),
    "reactions.add": ("channel name timestamp", _add_reaction),
    "reactions.remove": ("channel name timestamp", _remove_reaction),
    "usergroups.list": ("", _groups),
    "usergroups.users.list": ("usergroup", _group_members),
    "users.info": ("user", _user_info),
    "views.open": ("trigger_id view", _open_view),
    "views.publish": ("user_id view", _publish_home),
    "views.push": ("trigger_id view", _push_view),
    "views.update": ("view", _update_view),
}
