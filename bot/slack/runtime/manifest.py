"""Slack's app manifest, made from the code: what is listened to, and the scopes it takes.

``python -m bot manifest`` writes it; manifest.json at the top of the repository is its output.
Scopes and events of a feature are asked for only when the feature is turned on.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any, Literal
from urllib.parse import urljoin

from bot.slack.blocks.home import prompts
from bot.slack.features.link_previews import DOMAIN
from bot.slack.listeners.commands import COMMANDS
from bot.slack.listeners.functions import STEP
from bot.slack.listeners.shortcuts import GLOBAL_SHORTCUTS, MESSAGE_SHORTCUTS

__all__ = [
    "DEFAULT_FEATURES",
    "ENDS",
    "FEATURES",
    "INSTALL_PATH",
    "REDIRECT_PATH",
    "manifest",
]

FEATURES = {
    "follow": "Follow-ups in threads it answered, watched channels, replies from the triage "
    "thread, edits and deletions in channels.",
    "links": "Cards for links to the published rule and field pages.",
    "workflow": "The Workflow Builder step (needs a paid Slack plan).",
    "curators": "Who is a curator, by user group.",
}
DEFAULT_FEATURES = ("follow", "links", "curators")

_SCOPES = {
    "": (
        "app_mentions:read",
        "assistant:write",
        "chat:write",
        "commands",
        "files:read",
        "files:write",
        "im:history",
        "im:write",
    ),
    "follow": ("channels:history", "groups:history"),
    "links": ("links:read", "links:write"),
    "workflow": (),
    "curators": ("usergroups:read",),
}
_EVENTS = {
    "": ("app_home_opened", "app_mention", "message.im"),
    "follow": ("message.channels", "message.groups"),
    "links": ("link_shared",),
    "workflow": ("function_executed",),
    "curators": (),
}
_NAME = "ILR Helpdesk"
INSTALL_PATH, REDIRECT_PATH = "/slack/install", "/slack/oauth_redirect"
ENDS = ("app_uninstalled", "tokens_revoked")
"""How a workspace that installed it says that it has taken it off."""


def manifest(
    mode: Literal["socket", "http"] = "socket",
    features: Collection[str] = DEFAULT_FEATURES,
    *,
    url: str = "https://your-host.example/slack/events",
    many: bool = False,
) -> dict[str, Any]:
    """The manifest for a way of serving and the features turned on.

    ``many``: other workspaces, and whole organisations, may install it, over HTTP.

    ``url`` is where Slack sends requests in HTTP mode. Raises ValueError for an unknown
    feature.
    """
    unknown = sorted(set(features) - set(FEATURES))
    if unknown:
        raise ValueError(f"unknown: {', '.join(unknown)}. Features are {', '.join(FEATURES)}.")
    on = ["", *(name for name in FEATURES if name in features)]
    found: dict[str, Any] = {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": _NAME,
            "description": "Answers ILR questions from a reviewed knowledge base and checks a "
            "learner record",
            "background_color": "#12436D",
        },
        "features": _features(on, mode, url),
        "oauth_config": {"scopes": {"bot": sorted(s for name in on for s in _SCOPES[name])}},
        "settings": {
            "event_subscriptions": {"bot_events": sorted(e for n in on for e in _EVENTS[n])},
            "interactivity": {"is_enabled": True},
            "org_deploy_enabled": many or "workflow" in on,
            "socket_mode_enabled": mode == "socket",
            "token_rotation_enabled": many,
        },
    }
    if mode == "http":
        found["settings"]["event_subscriptions"]["request_url"] = url
        found["settings"]["interactivity"]["request_url"] = url
    if many:
        found["settings"]["event_subscriptions"]["bot_events"] += ENDS
        found["oauth_config"]["redirect_urls"] = [urljoin(url, REDIRECT_PATH)]
    if "workflow" in on:
        found["settings"]["function_runtime"] = "remote"
        found["functions"] = {STEP: _step()}
    return found


def _features(on: list[str], mode: str, url: str) -> dict[str, Any]:
    command = {
        "command": COMMANDS[0],
        "description": "Ask an ILR question, or check a record privately",
        "usage_hint": "[question | explain R_96 | check | dates | topics | help]",
        "should_escape": True,
    }
    shortcuts = [
        {"name": name, "type": kind, "callback_id": callback, "description": about}
        for kind, listed in (("global", GLOBAL_SHORTCUTS), ("message", MESSAGE_SHORTCUTS))
        for callback, (name, about) in listed.items()
    ]
    features: dict[str, Any] = {
        "agent_view": {
            "agent_description": "Ask about ILR fields, rules, returns and placements, or check "
            "a record. Every answer has its source and the years it holds for.",
            # The season's prompts are set when the conversation is opened; these are for before.
            "suggested_prompts": prompts(date(2026, 11, 1)),
        },
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": "ilr-helpdesk", "always_online": True},
        "shortcuts": shortcuts,
        "slash_commands": [command | ({"url": url} if mode == "http" else {})],
    }
    if "links" in on:
        features["unfurl_domains"] = [DOMAIN]
    return features


def _step() -> dict[str, Any]:
    def parameter(name: str, title: str, about: str) -> dict[str, Any]:
        return {
            "type": "string",
            "name": name,
            "title": title,
            "description": about,
            "is_required": True,
        }

    return {
        "title": "Answer an ILR question",
        "description": "Looks a question up in the reviewed knowledge base",
        "input_parameters": {"question": parameter("question", "Question", "What to look up")},
        "output_parameters": {
            "answer": parameter("answer", "Answer", "The answer; empty when there is none"),
            "outcome": parameter("outcome", "Outcome", "answer, choices or none"),
            "source": parameter("source", "Source", "Address of its source, when it has one"),
        },
    }
