"""Post the weekly digest: once a week, however often a scheduler calls."""

from __future__ import annotations

import re
import time
from datetime import date, timedelta

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.errors import InputError, SettingsError
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.turn_of_year import TurnOfYear, turn_of_year
from bot.ledger import Ledger, WeekSummary
from bot.settings import Settings
from bot.slack.blocks.digest import HomeLink, digest_post, is_idle
from bot.slack.blocks.digest_chart import alt_text, draw
from bot.slack.blocks.text import clip
from bot.slack.runtime.client import SlackClient
from bot.slack.runtime.logs import log
from bot.slack.runtime.slack_errors import BLOCKS_REFUSED, code_of
from bot.slack.runtime.web_client import web_client

__all__ = ["post_digest"]

_APP_ID = re.compile(r"xapp-\d+-(A[A-Z0-9]+)-")
_TRIES = 4
"""Slack looks a picture over before it lets a message show it, for a second or two."""


def post_digest(settings: Settings, ledger: Ledger, *, today: date) -> bool:
    """Post last week's digest to the curators' channel; False when it was posted before.

    Raises SettingsError naming what is not set, LedgerUnavailable, or SlackApiError; the next
    run then tries again.
    """
    if not (settings.slack_bot_token and settings.curators_channel):
        raise SettingsError("Set SLACK_BOT_TOKEN and ILR_CURATORS_CHANNEL to post the digest.")
    year, number, _ = (today - timedelta(days=7)).isocalendar()
    week = f"{year}-W{number:02d}"
    summary = ledger.weekly_summary(week)
    if not ledger.digest_once(week):
        return False
    slack = SlackClient(web_client(settings.slack_bot_token, settings.slack_api_url))
    try:
        left = turn_of_year(KnowledgeBase.load(own=settings.knowledge_dir), today)
        _post(slack, settings.curators_channel, summary, _way(slack.client, settings), left)
    except Exception:
        ledger.digest_failed(week)
        raise
    return True


def _post(
    slack: SlackClient,
    channel: str,
    summary: WeekSummary,
    way: HomeLink,
    new_year: TurnOfYear | None,
) -> None:
    drawn = _drawn(slack, summary) if not is_idle(summary) else ""
    for attempt in range(_TRIES if drawn else 0):
        try:
            post = digest_post(summary, drawn=drawn, way=way, new_year=new_year)
            slack.say(channel, post, or_plainer=False)
        except SlackApiError as error:
            if code_of(error) not in BLOCKS_REFUSED:
                raise
            time.sleep(0.5 * 2**attempt)
        else:
            return
    slack.say(channel, digest_post(summary, way=way, new_year=new_year))


def _drawn(slack: SlackClient, summary: WeekSummary) -> str:
    """The id of the picture at Slack; "" when it cannot be drawn or kept."""
    alt = clip(alt_text(summary), 1_000)
    try:
        content = draw(summary)
        return slack.store_file(f"{summary.week}.png", content, title="The week", alt=alt)
    except (InputError, SlackApiError, OSError) as error:
        log.warning("the digest goes without its picture", extra={"error": type(error).__name__})
        return ""


def _way(client: WebClient, settings: Settings) -> HomeLink:
    """A link to the Home tab where the app's id is known; else the bot's name."""
    us = client.auth_test()
    app, bot, team = _app_id(client, settings, us.get("bot_id")), us.get("user_id"), us["team_id"]
    url = f"slack://app?team={team}&id={app}&tab=home" if app else ""
    return HomeLink(url, str(bot or ""))


def _app_id(client: WebClient, settings: Settings, bot: object) -> str:
    found = _APP_ID.match(settings.slack_app_token)
    if found:
        return found[1]
    try:  # only where the app was given users:read
        known = client.bots_info(bot=str(bot)).get("bot")
    except SlackApiError:
        return ""
    return str(known.get("app_id") or "") if isinstance(known, dict) else ""
