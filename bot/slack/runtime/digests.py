"""The weekly digest of each workspace that wants one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from slack_sdk.errors import SlackApiError

from bot.ledger import Ledger
from bot.settings import Settings
from bot.slack.features.digest import post_digest
from bot.slack.runtime.installations import Installations
from bot.slack.runtime.logs import log
from bot.slack.runtime.slack_errors import code_of
from bot.slack.runtime.workspace_settings import settings_of

__all__ = ["post_digests"]


def post_digests(settings: Settings, ledger: Ledger, *, today: date) -> int:
    """Post each workspace's digest to its curators' channel; how many.

    One that Slack refuses does not keep the others from theirs; the next run tries it again.
    """
    posted = 0
    for whose, token in Installations(settings, ledger).in_use():
        own = replace(settings_of(whose.team, settings), slack_bot_token=token)
        if not own.curators_channel:
            continue
        try:
            posted += post_digest(own, ledger.for_team(whose.team), today=today)
        except SlackApiError as error:
            log.error("a digest was not posted", extra={"code": code_of(error)})
    return posted
