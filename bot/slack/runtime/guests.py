"""People of other organisations, whom Slack Connect lets into a channel: what they are told."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.slack.blocks import notices
from bot.slack.context import AppContext
from bot.slack.messages import IncomingMessage, from_event
from bot.slack.routing import classify_event
from bot.slack.runtime.client import NotDeliveredError

__all__ = ["answer_guest", "is_guest", "part_of", "teams_of"]


def part_of(body: dict[str, Any], name: str) -> dict[str, Any]:
    """A part of a request; {} when it is something else."""
    found = body.get(name)
    return found if isinstance(found, dict) else {}


def teams_of(body: dict[str, Any]) -> set[str]:
    """The workspaces, or organisations, that whoever sent a request is of, as far as it says."""
    event, user = part_of(body, "event"), part_of(body, "user")
    given = [user.get("team_id"), event.get("user_team"), event.get("source_team")]
    if "command" in body:
        given.append(body.get("team_id"))
    return {one for one in given if isinstance(one, str) and one}


def is_guest(app: AppContext, body: dict[str, Any]) -> bool:
    """Whether somebody of another organisation sent it. A workspace on the list is none."""
    if body.get("is_ext_shared_channel") is False:
        return False
    home = {app.home.team, app.home.enterprise} | app.settings.allowed_teams
    if not app.home.team or teams_of(body) <= home:
        return False
    ours = app.home.enterprise
    return not (ours and ours in (part_of(body, "enterprise").get("id"), body.get("enterprise_id")))


def answer_guest(app: AppContext, body: dict[str, Any]) -> None:
    """Tell a guest who asked, and nobody else, that it does not answer them."""
    if app.settings.guests == "silent":
        return
    address = body.get("response_url")
    if isinstance(address, str):
        with suppress(NotDeliveredError):
            app.slack.respond(address, notices.for_guests())
        return
    event = part_of(body, "event")
    source = classify_event(app, event) if event else None
    if source in ("mention", "dm") and app.ledger.see_once(str(body.get("event_id"))):
        app.answering.submit(_tell, app, from_event(body, source))


def _tell(app: AppContext, message: IncomingMessage) -> None:
    with suppress(SlackApiError, OSError):
        app.slack.whisper(
            message.channel, message.user, notices.for_guests(), thread_ts=message.thread_ts
        )
