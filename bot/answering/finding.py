"""The entries that a question may mean: those published, and those approved since."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from bot.errors import SettingsError
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.models import Entry
from bot.matching import (
    Candidate,
    Encoder,
    InThread,
    Match,
    Matcher,
    Ready,
    Vocabulary,
    find_encoder,
)
from bot.settings import Settings

__all__ = ["EntryFinder", "chosen_encoder"]

MAX_WAIT = 3.0
"""Seconds to wait for a semantic layer that is on disk; usually half a second."""
_SHOWN = {"answer": 1, "likely": 1, "choices": 3}
"""How many of the entries ranked are shown, by outcome."""


def chosen_encoder(settings: Settings, *, once: bool = False) -> Encoder | None:
    """The encoder that the settings allow; ``once``: for a process that answers once. Raises
    SettingsError when one is asked for and what it needs is not installed."""
    off = settings.semantic == "off"
    encoder = None if off else find_encoder(settings.model_path, once=once)
    if encoder is None and settings.semantic == "on":
        raise SettingsError(
            "ILR_SEMANTIC is on, but what the semantic layer needs is not installed: "
            'pip install "ilr-helpdesk[semantic]".'
        )
    return encoder


class EntryFinder:
    """Matches questions against a knowledge base's entries."""

    def __init__(
        self,
        knowledge: KnowledgeBase,
        *,
        cache: Path | None = None,
        prepared: Path | None = None,
        encoder: Encoder | None = None,
        ready: Ready = "background",
    ) -> None:
        self._knowledge = knowledge
        self._cache = cache
        self._prepared = prepared
        self._encoder = encoder
        self._ready = ready

    @cached_property
    def matcher(self) -> Matcher:
        """Built when the first plain question comes."""
        matcher = self._matcher_of(self._knowledge.entries.values(), encoder=self._encoder)
        if matcher.on_disk:
            matcher.wait(MAX_WAIT)
        return matcher

    def _matcher_of(
        self, entries: Iterable[Entry], *, encoder: Encoder | None, like: Matcher | None = None
    ) -> Matcher:
        candidates = [
            Candidate(
                entry.id, (entry.question, *entry.also_asked), entry.topic, entry.answers[-1].text
            )
            for entry in entries
        ]
        groups = tuple(
            (term.term, *term.also, term.means) for term in self._knowledge.terms if term.expand
        )
        return Matcher.build(
            candidates,
            Vocabulary(groups, self.known_codes),
            cache_dir=self._cache,
            prepared=self._prepared,
            encoder=encoder,
            ready=self._ready,
            like=like,
        )

    @cached_property
    def known_codes(self) -> frozenset[str]:
        """Rules, fields, returns and aims, in their official spelling."""
        names = set(self._knowledge.catalogue.rows)
        for row in self._knowledge.specification.rows.values():
            names.add(row.name)
            names.update(item.name for item in row.fields)
        names.update(f"R{number:02d}" for number in range(1, 15))
        names.update(term.term for term in self._knowledge.terms if term.kind == "code")
        return frozenset(names)

    def match(
        self,
        question: str,
        suitable: Callable[[str], bool] | None = None,
        thread: InThread | None = None,
    ) -> Match:
        """What the entries say; ``suitable``: which may answer at all, by id."""
        return self.matcher.match(question, suitable, thread)

    def with_approved(
        self, added: Mapping[str, Entry], reworded: Mapping[str, Sequence[str]]
    ) -> _WithApproved:
        """The same with entries that were approved and further ways of asking for others.

        A matcher of their own finds them, so that the published answers, and the semantic
        layer that took a minute to make, stay as they are.
        """
        held = self._knowledge.entries
        anew = {
            entry: held[entry].model_copy(update={"also_asked": [*held[entry].also_asked, *ways]})
            for entry, ways in reworded.items()
        }
        entries = {**held, **anew, **added}.values()
        extra = self._matcher_of(entries, encoder=None, like=self.matcher)
        return _WithApproved(self, extra, frozenset(added), frozenset(reworded))


class _WithApproved:
    """Both matchers; what is approved is shown when it comes up first."""

    def __init__(
        self,
        published: EntryFinder,
        extra: Matcher,
        approved: frozenset[str],
        reworded: frozenset[str],
    ) -> None:
        self._published = published
        self._extra = extra
        self._approved = approved
        self._reworded = reworded

    def match(
        self,
        question: str,
        suitable: Callable[[str], bool] | None = None,
        thread: InThread | None = None,
    ) -> Match:
        published = self._published.match(question, suitable, thread)
        found = self._extra.match(question, suitable, thread)
        shown = [ranked.id for ranked in found.ranked[: _SHOWN.get(found.outcome, 0)]]
        if any(entry in self._approved for entry in shown):
            return found
        better = found.outcome == "answer" and published.outcome != "answer"
        return found if better and shown[0] in self._reworded else published
