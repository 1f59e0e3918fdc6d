"""Which rules, codes, aims and data locks an entry is about.

An entry about rule or code Y never answers a question that names X.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from bot.explain.names import Name, NameIndex
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.models import Entry

__all__ = ["AboutIndex"]

_TOLD_APART = ("rule", "code", "aim", "datalock")
"""Kinds of names by which entries are told apart; a field stands in many."""
_OFTEN = 3
"""Phrasings in which a name must stand for the entry to be about it."""


class AboutIndex:
    """Names by entry, read from questions, phrasings and answers when first asked for."""

    def __init__(self, knowledge: KnowledgeBase, names: NameIndex) -> None:
        self._names = names
        self._entries = knowledge.entries
        self._about: dict[str, frozenset[tuple[str, str]]] = {}
        self._told: dict[str, frozenset[str]] = {}

    def learn(self) -> None:
        """Read all entries now: the first question that names a code would wait for it."""
        for entry_id in list(self._entries):
            self._about_of(entry_id)

    def _about_of(self, entry_id: str) -> frozenset[tuple[str, str]]:
        """What an entry is about; nothing for one that is not of this knowledge."""
        found = self._about.get(entry_id)
        if found is None:
            entry = self._entries.get(entry_id)
            found = self._about[entry_id] = frozenset() if entry is None else self._names_of(entry)
        return found

    def _names_of(self, entry: Entry) -> frozenset[tuple[str, str]]:
        counts: Counter[tuple[str, str]] = Counter()
        for phrasing in entry.also_asked:
            counts.update(self._named(phrasing))
        asked = self._named(entry.question)
        often = {name for name, count in counts.items() if count >= _OFTEN}
        return frozenset(asked | often)

    def _named(self, text: str) -> set[tuple[str, str]]:
        """By kind and id. A message of several rules is nobody's name here."""
        return {(name.kind, name.id) for name in self._names.find(text, messages=False)}

    def is_about(self, entry_id: str, name: Name) -> bool:
        """Whether the entry's own question, or several of its phrasings, name it."""
        return (name.kind, name.id) in self._about_of(entry_id)

    def mentions(self, entry_id: str, name: Name) -> bool:
        """Whether the entry names it at all, its answers and its list of rules included."""
        if entry_id not in self._told:
            entry = self._entries[entry_id]
            texts = [entry.question, *entry.also_asked, *(a.text for a in entry.answers)]
            named = {name for text in texts for _, name in self._named(text)}
            self._told[entry_id] = frozenset({*named, *entry.rules, *entry.fields})
        return name.id in self._told[entry_id]

    def told_apart(self, names: Sequence[Name]) -> Mapping[str, set[str]]:
        """Of what is named, the ids by which entries are told apart, by kind."""
        named: defaultdict[str, set[str]] = defaultdict(set)
        for name in names:
            if name.kind in _TOLD_APART:
                named[name.kind].add(name.id)
        return named

    def another(self, entry_id: str, named: Mapping[str, set[str]]) -> bool:
        """Whether the entry is about others of the kind of thing that is ``named`` (see
        ``told_apart``), and not these."""
        about = self._about_of(entry_id) if named else frozenset()
        for kind, ids in named.items():
            own = {one for of_kind, one in about if of_kind == kind}
            if kind == "code":
                families = {one.rpartition(" ")[0] for one in ids}
                own = {one for one in own if one.rpartition(" ")[0] in families}
            if own and not own & ids:
                return True
        return False
