"""Post the weekly digest: once a week, however often a scheduler calls."""

from __future__ import annotations

from datetime import date, timedelta

from bot.errors import SettingsError
from bot.ledger import Ledger
from bot.settings import Settings
from bot.slack.blocks.digest import digest_post
from bot.slack.outgoing import Outgoing, web_client

__all__ = ["post_digest"]


def post_digest(settings: Settings, ledger: Ledger, *, today: date) -> bool:
    """Post last week's digest to the curators' channel; False when it was posted before.

    Raises SettingsError naming what is not set, LedgerUnavailable, or SlackApiError; the next
    run then tries again.
    """
    if not (settings.slack_bot_token and settings.curators_channel):
        raise SettingsError("Set SLACK_BOT_TOKEN and ILR_CURATORS_CHANNEL to post the digest.")
    year, number, _ = (today - timedelta(days=7)).isocalendar()
    week = f"{year}-W{number:02d}"
    post = digest_post(ledger.weekly_summary(week))
    if not ledger.digest_once(week):
        return False
    slack = Outgoing(web_client(settings.slack_bot_token, settings.slack_api_url))
    try:
        slack.say(settings.curators_channel, post)
    except Exception:
        ledger.digest_failed(week)
        raise
    return True
