"""Where things stand on the site: addresses that last, for pages and for links from Slack."""

from __future__ import annotations

import re

__all__ = ["address", "address_of"]

_FOLDERS = {
    "entry": "entry",
    "topic": "topic",
    "for": "for",
    "rule": "rule",
    "field": "field",
    "codes": "codes",
    "returns": "returns",
    "term": "term",
}


def address(kind: str, name: str) -> str:
    """The path of a page from the site's root, as ``rule/R_96/``."""
    return f"{_FOLDERS[kind]}/{re.sub(r'[^A-Za-z0-9_.-]+', '-', name).strip('-')}/"


def address_of(site: str, shown: str) -> str | None:
    """The whole address of an answer's page, or None where the site has none for it.

    ``site``: the setting ILR_SITE_URL, "" where there is no site. ``shown``: an entry's id, or
    what an explanation is called: ``rule:R_96``, ``field:LearnStartDate``, ``date:R04-2026-27``.
    """
    if not site:
        return None
    kind, colon, name = shown.partition(":")
    if not colon:
        path = address("entry", shown)
    elif kind in {"rule", "field", "term"}:
        path = address(kind, name)
    elif kind == "code":
        path = address("codes", name.partition("-")[0])
    elif kind == "date" and (found := re.search(r"20\d\d-\d\d$", name)):
        path = address("returns", found[0])
    else:
        return None
    return f"{site.rstrip('/')}/{path}"
