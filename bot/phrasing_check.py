"""Whether every phrasing finds its own entry first: what a curator cannot see by reading."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from bot.errors import LintFinding, Problem
from bot.helpdesk import Helpdesk
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.lint import entry_places
from bot.matching import find_encoder
from bot.yaml_files import cache_folder

__all__ = ["phrasings_lost"]


def phrasings_lost(own: Path | None, today: date) -> Iterator[LintFinding]:
    """Phrasings that rank another entry above their own, as the installed matcher ranks.

    The knowledge must be in order otherwise (see ``bot.knowledge.lint``). Takes half a minute
    after a change.
    """
    knowledge, places = KnowledgeBase.load(own=own), entry_places(own)
    helpdesk = Helpdesk(
        knowledge, today=lambda: today, cache=cache_folder(), encoder=find_encoder(), ready="now"
    )
    for entry in knowledge.entries.values():
        for phrasing in (entry.question, *entry.also_asked):
            ranked = helpdesk.matcher.match(phrasing).ranked
            if ranked and ranked[0].id != entry.id:
                yield LintFinding(
                    Problem(
                        places[entry.id].file,
                        places[entry.id].line,
                        f"{entry.id}: the phrasing {phrasing!r} finds {ranked[0].id} first.",
                        "Reword it, or move it to that entry.",
                    )
                )
