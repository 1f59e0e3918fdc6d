"""Links to the published rule and field pages, shown as our own card."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

from bot.slack.blocks.notices import unfurl_blocks
from bot.slack.context import AppContext
from bot.years import AcademicYear

__all__ = ["DOMAIN", "unfurl"]

DOMAIN = "guidance.submit-learner-data.service.gov.uk"
_PAGE = re.compile(
    rf"^https://{re.escape(DOMAIN)}/(?P<year>\d\d-\d\d)/[\w./-]*?"
    r"(?:rule|field|entity)s?/(?P<term>[\w%-]{2,80})/?(?:[?#].*)?$",
    re.IGNORECASE,
)
MAX_LINKS = 5


def unfurl(app: AppContext, event: dict[str, Any]) -> None:
    """Show what we hold on the rules and fields a message links to; nothing for other pages."""
    cards: dict[str, Any] = {}
    for given in (event.get("links") or [])[:MAX_LINKS]:
        url = str(given.get("url") or "")
        found = _PAGE.match(url)
        if not found:
            continue
        answer = app.helpdesk.explain(unquote(found["term"]), AcademicYear.parse(found["year"]))
        if answer.outcome == "answer":
            cards[url] = {"blocks": unfurl_blocks(answer)}
    if cards:
        app.slack.unfurl(str(event["channel"]), str(event["message_ts"]), cards)
