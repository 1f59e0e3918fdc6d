"""What kind of line a message is, read once: whether it asks, and what it leans on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from bot.answering.asked import Asked, FindMatch, Line
from bot.answering.form import has_form_of_question
from bot.answering.message import purify, without_marks
from bot.answering.provision import ProvisionFinder
from bot.answering.small_talk import Asks, is_guess, is_told_by_words, kind_of_line, small_talk
from bot.answering.turns import asks_again, ends_with_thanks, turn_of
from bot.answering.years_asked import year_asked
from bot.answers import ReplyKind
from bot.explain.explainer import Explainer
from bot.explain.names import Name
from bot.knowledge.models import Provision
from bot.matching import carry_over, split_questions
from bot.matching.kinds import Kind
from bot.years import AcademicYear

__all__ = ["LineReader", "follows_up", "likely_asks"]

GIVING_WAY = {"chatter", "own-data", "elsewhere"}
"""Kinds of line that give way to an entry that answers, where they are only the model's guess."""
MAX_BEFORE = 6
"""Earlier questions of a thread that are looked at."""
MAY_ASK = {"answer": 0.15, "likely": 0.3}
"""How likely a line must be a question for an entry that answers to outrank its kind."""
SURELY_MEANT = 0.8
"""How sure an entry must be to outrank a kind of which the model is sure."""


class LineReader:
    """Reads messages and tells their kinds."""

    def __init__(
        self,
        explainer: Explainer,
        provisions: ProvisionFinder,
        match: FindMatch,
        kinds: Callable[[str], dict[Kind, float]],
        today: Callable[[], date],
    ) -> None:
        self._explainer = explainer
        self._provisions = provisions
        self._match = match
        self._kinds = kinds
        self._today = today

    def read(
        self,
        raw: str,
        before: Sequence[str] = (),
        year: AcademicYear | None = None,
        *,
        why: bool = False,
    ) -> Line:
        """A message, with the questions ``before`` it in its thread."""
        message = purify(raw)
        names = self._explainer.names.find(message.written)
        text = message.text or message.written
        asked = self.asked(text, names, self._provisions.find(text), year, why=why)
        return Line(raw, message, self._kinds(message.text), asked, tuple(earlier(before)))

    def asked(
        self,
        text: str,
        names: tuple[Name, ...],
        provisions: frozenset[Provision],
        year: AcademicYear | None,
        *,
        why: bool = False,
    ) -> Asked:
        """One question, with its year and what it plainly asks to have explained."""
        plain, of_year = without_marks(text), year_asked(text, year, self._today())
        explained = self._explainer.match_intent(plain, of_year.year, self._today())
        hinted = frozenset() if provisions else self._provisions.hinted(text)
        return Asked(text, plain, of_year, names, provisions, explained, hinted, why=why)

    def kind(self, line: Line) -> ReplyKind | None:
        """What kind of line it is, when it asks nothing to answer.

        A rule or data lock is always asked about, one that is not held too; so is what has an
        explanation ("what is CompStatus"), the answer just given ("who can I ask?"), and what it
        was about ("how do I fix it?"). A code or aim usually is, and what follows up.
        """
        text, names, earlier = line.message.text, line.names, line.earlier
        if any(name.kind in {"rule", "datalock"} for name in names):
            surely = Asks.BY_NAME
        elif (
            (not names and self._explainer.names.not_held(line.message.written))
            or line.asked.explained
            or (earlier and (turn_of(text) or asks_again(text) or carry_over(text, earlier)))
            or self._explains_a_part(line)
        ):
            surely = Asks.SURELY
        elif earlier or any(
            name.kind in {"code", "aim", "field"}
            or (name.kind == "return" and has_form_of_question(line.raw))
            for name in names
        ):
            surely = Asks.LIKELY
        else:
            surely = Asks.PERHAPS
        kind = kind_of_line(line.raw, text, line.chances, surely)
        if kind != "safeguarding" and earlier and not names and ends_with_thanks(line.raw):
            return "thanks"
        if kind in GIVING_WAY and not is_told_by_words(line.raw, text):
            # The model of the kinds is unsure of few words: an entry that answers outranks it.
            match = self._match(without_marks(text), None)
            may_ask = line.chances["question"] >= MAY_ASK.get(match.outcome, 1.0)
            if match.confidence >= SURELY_MEANT or (may_ask and is_guess(line.chances)):
                return None
        return kind

    def _explains_a_part(self, line: Line) -> bool:
        """Whether one of several questions is plainly what something is: "When is R04? And who won
        the match?"."""
        parts = split_questions(line.message.text)
        year, today = line.asked.year.year, self._today()
        return len(parts) > 1 and any(
            self._explainer.match_intent(without_marks(part.asked), year, today) for part in parts
        )

    def asks(self, line: Line) -> bool:
        """Whether a line that looks like a question asks something to look up: likeliest by its
        words, or by a rule that it names."""
        if self.kind(line) is not None:
            return False
        return likely_asks(line.chances) or any(name.kind == "rule" for name in line.names)


def follows_up(raw: str, before: Sequence[str]) -> bool:
    """Whether a message leans on the questions before it, or asks about their answer."""
    text = purify(raw).text
    last = [purify(one).text for one in before[-MAX_BEFORE:]]
    return bool(last) and (
        turn_of(text) is not None or asks_again(text) or carry_over(text, last) is not None
    )


def earlier(before: Sequence[str]) -> list[str]:
    """A thread's earlier questions: not its thanks, nor what asked about an answer."""
    found: list[str] = []
    for raw in before[-MAX_BEFORE:]:
        text = purify(raw).text
        asks = not found or turn_of(text) is None
        if text and asks and small_talk(raw) is None and not ends_with_thanks(raw):
            found.append(text)
    return found


def likely_asks(chances: Mapping[Kind, float]) -> bool:
    """Whether a line is likeliest a question, of ours or near it."""
    return max(chances, key=lambda kind: chances[kind]) in {"question", "near"}
