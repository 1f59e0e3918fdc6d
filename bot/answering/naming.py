"""What a question names, told: by the entry about it, else by its explanation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from bot.answering.about import AboutIndex
from bot.answering.asked import Asked
from bot.answering.telling import Teller, repairs
from bot.answers import Answer
from bot.explain.explainer import Explainer
from bot.explain.names import Name
from bot.explain.standards import speaks_of_hours
from bot.matching import Match

__all__ = ["MAX_WORDS_TO_EXPLAIN", "NamedAnswers"]

MAX_NAMES = 4
"""Names of one message that are explained."""
NAMED_AMONG = 5
"""Entries among which one about a named rule or code is looked for."""
FEW_WORDS = 16
"""In a message of no more, a return is told beside the choices."""
WORDS_OF_A_STORY = 12
"""From so many words on, what came near is offered beside an explanation."""
MAX_WORDS_TO_EXPLAIN = 40
"""In a longer message a field or return named in passing is not what is asked, nor is a code where
an entry answers."""


class NamedAnswers:
    """Answers about rules, fields, codes, aims and returns that stand in a question."""

    def __init__(
        self, explainer: Explainer, about: AboutIndex, teller: Teller, today: Callable[[], date]
    ) -> None:
        self._explainer = explainer
        self._about = about
        self._teller = teller
        self._today = today

    def answers(self, asked: Asked, match: Match) -> list[Answer]:
        """What a question names: the entry about it, else its explanation; none without names."""
        corrected = _with_codes_repaired(asked.plain, match)
        names = asked.names
        if corrected != asked.plain:
            explained = self._explainer.match_intent(corrected, asked.year.year, self._today())
            if explained is not None:
                return [replace(self._teller.explained(explained, asked, ""), notes=repairs(match))]
            names = names or self._explainer.names.find(corrected)
        hours = self._hours_of_standards(asked, match, names)
        if hours:
            return hours
        strong = [name for name in names if name.kind in {"rule", "datalock", "code", "aim"}]
        # Where entries are near, a return that is named says when, and is not what is asked.
        passing = {"field", "return"} if match.outcome == "none" else {"field"}
        weak = [name for name in names if name.kind in passing]
        if strong:
            entry = self._entry_about(strong, match)
            if entry is not None:
                return self._each_name_told(entry, strong, asked, match)
            only_codes = all(name.kind in {"code", "aim"} for name in strong)
            bare = self._explainer.asks_no_more(asked.plain, strong)
            if match.outcome in {"answer", "likely"} and only_codes and not bare:
                first = match.ranked[0].id
                rest = [name for name in strong if not self._about.mentions(first, name)]
                short = len(asked.plain.split()) <= MAX_WORDS_TO_EXPLAIN
                told = self._explanations(rest, asked, match) if short else []
                return [self._teller.from_match(asked, match), *told]
            return self._explanations(strong, asked, match)
        plainly = self._explainer.asks_no_more(asked.plain, weak) and (
            match.outcome == "likely" or not self.is_about_all(match, weak)
        )
        if weak and (plainly or match.outcome not in {"answer", "likely"}):
            short = len(asked.plain.split()) <= MAX_WORDS_TO_EXPLAIN
            return self._explanations(weak, asked, match) if short else []
        returns = [name for name in names if name.kind == "return"]
        if returns and match.outcome == "choices" and len(asked.plain.split()) <= FEW_WORDS:
            return [
                self._teller.from_match(asked, match),
                *self._explanations(returns, asked, match),
            ]
        return []

    def _hours_of_standards(
        self, asked: Asked, match: Match, names: Sequence[Name]
    ) -> list[Answer]:
        """The minimum hours of the standards that are named, where hours are asked about, and
        what the entries say; none otherwise."""
        standards = [name for name in names if name.kind == "standard"]
        if not standards or not speaks_of_hours(asked.plain):
            return []
        told = self._explanations(standards, asked, match)
        if match.outcome in {"answer", "likely"}:
            told = [self._teller.from_match(asked, match), *told]
        return told[:MAX_NAMES]

    def is_about_all(self, match: Match, names: Sequence[Name]) -> bool:
        """Whether the first entry answers outright and was written about all that is named."""
        return match.outcome == "answer" and all(
            self._about.is_about(match.ranked[0].id, name) for name in names
        )

    def _each_name_told(
        self, entry: str, names: Sequence[Name], asked: Asked, match: Match
    ) -> list[Answer]:
        """An entry, and what it does not mention: by the entry about it, else its explanation."""
        entries, rest = [entry], []
        for name in names:
            if any(self._about.mentions(one, name) for one in entries):
                continue
            other = self._entry_about([name], match)
            if other is None:
                rest.append(name)
            else:
                entries.append(other)
        told = [self._teller.entry(one, asked, match) for one in entries]
        return [*told, *self._explanations(rest, asked, match)][:MAX_NAMES]

    def _entry_about(self, names: Sequence[Name], match: Match) -> str | None:
        """The entry among the first that curators wrote about what is named."""
        for ranked in match.ranked[:NAMED_AMONG]:
            if any(self._about.is_about(ranked.id, name) for name in names):
                return ranked.id
        if match.outcome in {"answer", "likely"} and any(
            self._about.mentions(match.ranked[0].id, name) for name in names
        ):
            return match.ranked[0].id
        return None

    def _explanations(self, names: Sequence[Name], asked: Asked, match: Match) -> list[Answer]:
        found: list[Answer] = []
        for name in names:
            one = self._explainer.named(name, asked.year.year, self._today())
            if one is not None and one.id not in asked.said | {other.entry for other in found}:
                reason = f"the question names {one.title}, and no entry fits better"
                found.append(self._teller.explained(one, asked, reason))
        if found and match.outcome != "none":
            found[0] = self._with_what_is_near(found[0], asked, match)
        return found[:MAX_NAMES]

    def _with_what_is_near(self, told: Answer, asked: Asked, match: Match) -> Answer:
        """An explanation with the entries that came nearest: what a story names is often not what
        it asks."""
        if len(asked.text.split()) >= WORDS_OF_A_STORY and told.entry:
            return replace(told, choices=self._teller.others(asked, match, told.entry))
        more = [r.id for r in match.ranked[:2] if r.id not in told.related]
        return replace(told, related=(*told.related, *more))


def _with_codes_repaired(text: str, match: Match) -> str:
    for repair in match.repaired:
        if repair.kind == "code":
            text = text.replace(repair.word, repair.replacement)
    return text
