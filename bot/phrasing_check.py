"""Whether every phrasing finds its own entry first: what a curator cannot see by reading.

Asking all of them with the semantic layer takes minutes, so lint asks those of new and changed
entries by their words alone, and all of them when told to.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

from bot.cores import usable_cores
from bot.errors import LintFinding, Problem
from bot.helpdesk import Helpdesk
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.lint import entry_places
from bot.knowledge.models import Entry
from bot.matching import find_encoder
from bot.matching.cache import Cache
from bot.yaml_files import cache_folder, prepared_folder

__all__ = ["new_phrasings_lost", "phrasings_lost"]

_ASKED = "phrasings-asked"


def phrasings_lost(own: Path | None, today: date) -> Iterator[LintFinding]:
    """Phrasings that rank another entry above their own, as the installed matcher ranks.

    The knowledge must be in order otherwise (see ``bot.knowledge.lint``). Takes minutes.
    """
    knowledge = KnowledgeBase.load(own=own)
    helpdesk = Helpdesk(
        knowledge,
        today=lambda: today,
        cache=cache_folder(),
        prepared=prepared_folder(),
        encoder=find_encoder(),
        ready="now",
    )
    yield from _lost(helpdesk, own, knowledge.entries)
    asked = [_print(entry) for entry in knowledge.entries.values()]
    Cache(cache_folder()).write_json(_ASKED, "entries", asked)


def new_phrasings_lost(own: Path | None, today: date) -> Iterator[LintFinding]:
    """The same for entries that are a college's own or were changed since all were last asked.

    By their words alone, so that it takes seconds; a finding is a warning. Where nothing was
    asked here yet, the shipped entries count as asked: they were before they were released.
    """
    shipped = KnowledgeBase.load()
    knowledge = KnowledgeBase.load(own=own) if own else shipped
    kept = Cache(cache_folder()).read_json(_ASKED, "entries")
    asked = set(kept if isinstance(kept, list) else map(_print, shipped.entries.values()))
    new = [name for name, entry in knowledge.entries.items() if _print(entry) not in asked]
    if not new:
        return
    helpdesk = Helpdesk(
        knowledge, today=lambda: today, cache=cache_folder(), prepared=prepared_folder()
    )
    for finding in _lost(helpdesk, own, new):
        yield LintFinding(finding.problem, error=False)


def _lost(helpdesk: Helpdesk, own: Path | None, names: Collection[str]) -> Iterator[LintFinding]:
    places, entries = entry_places(own), helpdesk.knowledge.entries
    asked = [
        (name, phrasing)
        for name in names
        for phrasing in (entries[name].question, *entries[name].also_asked)
    ]
    match = helpdesk.matcher.match
    # Half of the time is the model's, which lets other threads on.
    with ThreadPoolExecutor(usable_cores()) as hands:
        found = hands.map(lambda one: match(one[1]).ranked, asked)
        for (name, phrasing), ranked in zip(asked, found, strict=True):
            if ranked and ranked[0].id != name:
                message = f"{name}: the phrasing {phrasing!r} finds {ranked[0].id} first."
                remedy = "Reword it, or move it to that entry."
                yield LintFinding(Problem(places[name].file, places[name].line, message, remedy))


def _print(entry: Entry) -> str:
    """Changes when the entry does in anything that the matcher reads."""
    return hashlib.sha256(repr(entry).encode()).hexdigest()[:16]
