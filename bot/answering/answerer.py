"""A message to answers, top to bottom: purify, kind of line, turn, names, match, year, choices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.answering.about import AboutIndex
from bot.answering.entries import EntryAnswers
from bot.answering.form import has_form_of_question
from bot.answering.message import Message, purify, without_marks
from bot.answering.provision import ProvisionFinder, suits
from bot.answering.small_talk import (
    Asks,
    is_guess,
    is_told_by_words,
    kind_of_line,
    may_be_chatter,
    reply_to,
    small_talk,
)
from bot.answering.turns import Turn, asks_again, ends_with_thanks, reply_to_turn, turn_of
from bot.answering.years_asked import YearAsked, year_asked
from bot.answers import Answer, Choice, ReplyKind
from bot.explain.explainer import Explainer, Explanation
from bot.explain.names import Name
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.clarifying import ClarifyingQuestion, one_question
from bot.knowledge.models import Provision, Status
from bot.matching import Match, Part, carry_over, split_questions
from bot.matching.kinds import Kind
from bot.years import AcademicYear

__all__ = ["Answerer", "FindMatch"]

GIVING_WAY = {"chatter", "own-data", "elsewhere"}
"""Kinds of line that give way to an entry that answers, where they are only the model's guess."""
MAX_PARTS = 3
"""Parts of a message that are answered apart."""
MAX_NAMES = 4
"""Names of one message that are explained."""
MAX_BEFORE = 6
"""Earlier questions of a thread that are looked at."""
MIN_NEAR, MAX_NEAR = 0.15, 3
"""How likely an entry must be for its topic to be named when nothing is answered; how many."""
WRITTEN_FOR, CLOSE = 2, 0.7
"""An answer for so few years was written for just that time; and how near its entry's score must
be to the first one's to be put before it when that time is asked about."""
SURE_BESIDE_OTHERS = 0.55
"""How sure an entry must be to answer where one for another provision is nearer."""
HINT, RIVAL = 0.15, 0.12
"""How much nearer an entry must be to be kept before one for the provision hinted at, and for an
answer outright where the next is for another provision."""
FAR_BEHIND = 0.1
"""A choice whose score is so far behind the first's is left out."""
NAMED_AMONG = 5
"""Entries among which one about a named rule or code is looked for."""
MAX_FOLLOW_UP_WORDS = 16
"""A longer message brings its own subject."""
FEW_WORDS = 16
"""In a message of no more, a return is told beside the choices."""
MAX_WORDS_TO_EXPLAIN = 40
"""In a longer message a field or return named in passing is not what is asked."""

MAY_ASK = {"answer": 0.15, "likely": 0.3}
"""How likely a line must be a question for an entry that answers to outrank its kind."""
SURELY_MEANT = 0.8
"""How sure an entry must be to outrank a kind of which the model is sure."""
LEANS_ON = 0.3
"""Below this sureness of a follow-up read alone, the answer just given may be what it is about."""

FindMatch = Callable[[str, Callable[[str], bool] | None], Match]


@dataclass(frozen=True, slots=True)
class _Line:
    """A message as it is read, once."""

    raw: str
    message: Message
    names: tuple[Name, ...]
    chances: dict[Kind, float]
    """What the model of the kinds makes of it."""
    earlier: tuple[str, ...] = ()
    """The questions before it in its thread."""

    @property
    def text(self) -> str:
        """What is matched; with quotes where there is nothing else."""
        return self.message.text or self.message.written


@dataclass(frozen=True, slots=True)
class _Asked:
    """One question, with what the whole message says of it."""

    text: str
    """As shown back."""
    plain: str
    """As matched: without what masking left."""
    year: YearAsked
    names: tuple[Name, ...]
    provisions: frozenset[Provision]
    why: bool
    hinted: frozenset[Provision] = frozenset()
    """Kinds of provision that an age or a like sign speaks of, without naming them."""
    said: frozenset[str] = frozenset()
    """What the thread was told just before, which is not told again."""

    @property
    def theirs(self) -> frozenset[Provision]:
        """Whose record it is, as far as is said."""
        return self.provisions or self.hinted


class Answerer:
    """Answers messages from one knowledge base. Never raises for what a message holds."""

    def __init__(
        self,
        knowledge: KnowledgeBase,
        explainer: Explainer,
        entries: EntryAnswers,
        match: FindMatch,
        kinds: Callable[[str], dict[Kind, float]],
        clarifying: Sequence[ClarifyingQuestion],
        today: Callable[[], date],
    ) -> None:
        """``match``: finds entries; ``kinds``: the model of the kinds of line."""
        self._knowledge = knowledge
        self._explainer = explainer
        self._entries = entries
        self._match = match
        self._kinds = kinds
        self._clarifying = clarifying
        self._today = today
        self._provisions = ProvisionFinder(knowledge.provisions)
        self._about = AboutIndex(knowledge, explainer.names)

    # the message ------------------------------------------------------------------------

    def _read(self, raw: str, before: Sequence[str] = ()) -> _Line:
        message = purify(raw)
        names = self._explainer.names.find(message.written)
        chances = self._kinds(message.text)
        return _Line(raw, message, names, chances, tuple(self._questions(before)))

    def kind_of(self, raw: str, *, before: Sequence[str] = ()) -> ReplyKind | None:
        """What kind of line a message is, when it asks nothing to look up."""
        return self._kind(self._read(raw, before))

    def is_at_risk(self, raw: str, *, before: Sequence[str] = ()) -> bool:
        """Whether a message speaks of a learner at risk: nothing of it may be kept."""
        return self.kind_of(raw, before=before) == "safeguarding"

    def is_question(self, raw: str, *, before: Sequence[str] = ()) -> bool:
        """Whether a message asks something to look up, looks like a question, and is likeliest one
        by its words; what names a rule needs no more."""
        if not has_form_of_question(raw):
            return False
        line = self._read(raw, before)
        if self._kind(line) is not None:
            return False
        return _likely_asks(line.chances) or any(name.kind == "rule" for name in line.names)

    def may_ask(self, raw: str) -> bool:
        """Whether a message nothing was found for may be a question all the same: by its form, or
        by its words. A remark is none."""
        return has_form_of_question(raw) or _likely_asks(self._kinds(purify(raw).text))

    def follows_up(self, raw: str, before: Sequence[str]) -> bool:
        """Whether a message leans on the questions before it, or asks about their answer."""
        text = purify(raw).text
        earlier = [purify(one).text for one in before[-MAX_BEFORE:]]
        return bool(earlier) and (
            turn_of(text) is not None or asks_again(text) or carry_over(text, earlier) is not None
        )

    def answer(
        self,
        raw: str,
        year: AcademicYear | None = None,
        *,
        before: Sequence[str] = (),
        why: bool = False,
    ) -> Answer:
        """One answer, with those of further questions behind it."""
        return self._answer(self._read(raw, before), year, why)

    def _answer(self, line: _Line, year: AcademicYear | None, why: bool) -> Answer:
        message, names = line.message, line.names
        kind = self._kind(line)
        if kind is not None:
            return self._reply(kind, message, year)
        turn = turn_of(message.text) if line.earlier else None
        # "is it the same for T Levels?" asks of another provision, not of the answer's year.
        if turn is not None and not (turn == "still" and self._provisions.find(message.text)):
            return self._turn(turn, message, line.earlier, year)
        if not message.text and not names:
            return Answer(message.text, year or self._entries.year, "none")
        unknown = None if names else self._explainer.names.not_held(message.written)
        if unknown is not None:
            return self._not_recognised(unknown, message, year)
        if line.earlier:
            found = self._follow_up(line, year, why)
            if found.outcome in {"choices", "likely"} and may_be_chatter(line.raw, line.chances):
                return self._reply("chatter", message, year)
            return found
        provisions = self._provisions.find(line.text)
        first = self._one(self._asked(line.text, names, provisions, year, why))
        parts = split_questions(line.text)
        if len(parts) < 2:
            if first[0].outcome == "choices" and may_be_chatter(line.raw, line.chances):
                # A statement that no entry answers is talk: choices would interrupt it.
                return self._reply("chatter", message, year)
            return first[0].with_more(tuple(first[1:]))
        return self._with_parts(first, parts, provisions, year, why)

    def _questions(self, before: Sequence[str]) -> list[str]:
        """The thread's earlier questions: not its thanks, nor what asked about an answer."""
        found: list[str] = []
        for raw in before[-MAX_BEFORE:]:
            text = purify(raw).text
            asks = not found or turn_of(text) is None
            if text and asks and small_talk(raw) is None and not ends_with_thanks(raw):
                found.append(text)
        return found

    def _follow_up(self, line: _Line, year: AcademicYear | None, why: bool) -> Answer:
        """What follows up an earlier question, read alone and with that question.

        What was just said is not said again in full. Who asks again ("no, I meant the dates")
        gets the nearest answer, in short where it is the same; any other follow-up gets what is
        nearest besides.
        """
        text, earlier = line.text, line.earlier
        carried = carry_over(text, earlier)
        together = carried or f"{earlier[-1].rstrip(' ?.!')} - {text}"
        last = self._last_answer(earlier, year)
        said = frozenset(filter(None, [last.entry, *(one.entry for one in last.more)]))
        about = self._provisions.find(text) or self._provisions.find(" ".join(earlier))
        joined = replace(self._asked(together, line.names, about, year, why), text=text, said=said)
        alone = replace(self._asked(text, line.names, about, year, why), said=said)
        alone = replace(
            alone,
            year=alone.year if alone.year.said else joined.year,
            hinted=alone.hinted or joined.hinted,
        )
        if asks_again(text):
            match = self._match_for(replace(joined, said=frozenset()))
            if match.ranked and match.ranked[0].id in said and match.outcome != "none":
                return self._in_short(match.ranked[0].id, joined, match)
            found = self._one(joined, match)
        elif carried is None and len(text.split()) > MAX_FOLLOW_UP_WORDS:
            found = self._one(alone)
        else:
            by_itself, with_it = self._match_for(alone), self._match_for(joined)
            told = with_it.unsuitable
            if told in said and by_itself.confidence < LEANS_ON and not self._is_turned(alone):
                return self._in_short(str(told), joined, with_it)
            found = (
                self._one(joined, with_it)
                if carried
                else self._one(alone, _both(by_itself, with_it))
            )
        return found[0].with_more(tuple(found[1:]))

    def _is_turned(self, alone: _Asked) -> bool:
        """Whether a follow-up names what its thread did not: a rule, another provision."""
        text = alone.text
        return bool(alone.names or self._provisions.find(text) or self._provisions.hinted(text))

    def _in_short(self, entry_id: str, asked: _Asked, match: Match) -> Answer:
        """That the answer just given is the nearest, by its first sentence, with what else there
        is."""
        if entry_id not in self._knowledge.entries:
            return self._from_match(asked, replace(match, outcome="none"))
        found = self._entry(entry_id, asked, match)
        others = [one.id for one in match.ranked if one.id != entry_id][:2]
        likely = {one.id: one.confidence for one in match.ranked}
        lead = f"As above: {found.lead}"
        return replace(
            found, outcome="likely", text=lead, lead=lead, lines=(), detail="",
            choices=tuple(self._choice(one, likely, asked.year.year) for one in others),
        )  # fmt: skip

    def _kind(self, line: _Line) -> ReplyKind | None:
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
            or self._explainer.match_intent(text, self._entries.year, self._today())
            or (earlier and (turn_of(text) or asks_again(text) or carry_over(text, earlier)))
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

    def _reply(self, kind: ReplyKind, message: Message, year: AcademicYear | None) -> Answer:
        text = reply_to(kind)
        return Answer(
            question="" if kind == "safeguarding" else message.text[:200],
            year=year or self._entries.year,
            outcome="reply",
            reply=kind,
            text=text,
            lead=text,
        )

    def _not_recognised(self, written: str, message: Message, year: AcademicYear | None) -> Answer:
        """That an id is no rule held here, and which it resembles: better than a guess."""
        like = self._explainer.names.like(written)
        hint = f" Did you mean {' or '.join(like)}?" if like else ""
        return Answer(
            message.text,
            year or self._entries.year,
            "none",
            notes=(f"I don't recognise {written}: it is not among the rules held here.{hint}",),
        )

    def _asked(
        self,
        text: str,
        names: tuple[Name, ...],
        provisions: frozenset[Provision],
        year: AcademicYear | None,
        why: bool,
    ) -> _Asked:
        plain, of_year = without_marks(text), year_asked(text, year, self._today())
        hinted = frozenset() if provisions else self._provisions.hinted(text)
        return _Asked(text, plain, of_year, names, provisions, why, hinted)

    def _with_parts(
        self,
        first: list[Answer],
        parts: Sequence[Part],
        provisions: frozenset[Provision],
        year: AcademicYear | None,
        why: bool,
    ) -> Answer:
        """The whole message's answer beside those of its parts that say something else, the
        surest first."""
        last = len(parts) + len(first) + 1  # of two as sure, the part is quoted as it was asked
        found = [(_sureness(one), -last - n, one) for n, one in enumerate(first)]
        for number, part in enumerate(parts, start=1):
            names = self._explainer.names.find(part.asked)
            asked = replace(self._asked(part.whole, names, provisions, year, why), text=part.asked)
            for one in self._one(asked):
                if one.outcome in {"answer", "likely"}:
                    found.append((_sureness(one), -number - len(first), one))
        found.sort(key=lambda item: item[:2], reverse=True)
        told: list[Answer] = []
        for _, _, one in found:
            if all(one.entry != other.entry or one.entry is None for other in told):
                told.append(one)
        served = [one for one in told if one.outcome in {"answer", "likely"}]
        told = served[:MAX_PARTS] or told[:1]
        return told[0].with_more(tuple(told[1:]))

    # turns of a conversation ------------------------------------------------------------

    def _turn(
        self, turn: Turn, message: Message, earlier: Sequence[str], year: AcademicYear | None
    ) -> Answer:
        """What a follow-up asks of the answer before it, without telling that answer again."""
        last = self._last_answer(earlier, year)
        common = Answer(
            question=message.text,
            year=last.year,
            outcome="reply",
            reply=turn,
            entry=last.entry,
            title=last.title,
        )
        text, lines = reply_to_turn(turn, last, self._entries.year)
        sources = last.sources if lines else ()
        return replace(
            common, text="\n".join([text, *lines]), lead=text, lines=lines, sources=sources
        )

    def _last_answer(self, earlier: Sequence[str], year: AcademicYear | None) -> Answer:
        """What was said to the last earlier question, itself read with the one before it."""
        return self.answer(earlier[-1], year, before=earlier[-2:-1])

    # one question -----------------------------------------------------------------------

    def _one(self, asked: _Asked, match: Match | None = None) -> list[Answer]:
        """One answer; two or three where several names are explained. ``match``: what the entries
        say, where that is known."""
        year, today = asked.year.year, self._today()
        explained = self._explainer.match_intent(asked.plain, year, today)
        # Of a data lock we hold no more than that it is one, unless an entry is about it.
        if explained is not None and not explained.id.startswith("datalock:"):
            return [
                self._explained(explained, asked, f"the question asks what {explained.title} is")
            ]
        match = match or self._match_for(asked)
        if match.outcome != "answer":
            apart = self._explainer.compare_terms(asked.text, year, today)
            if apart is not None:
                reason = " and ".join(one.title for one in apart)
                return [
                    self._explained(one, asked, f"the question names {reason}") for one in apart
                ]
        return self._from_names(asked, match) or [self._from_match(asked, match)]

    def _match_for(self, asked: _Asked) -> Match:
        """The entries for a question, of those that may answer it at all."""

        def suitable(entry_id: str) -> bool:
            entry = self._knowledge.entries[entry_id]
            if entry_id in asked.said:
                return False
            return suits(entry, asked.theirs) and not self._about.another(entry_id, asked.names)

        match = self._match(asked.plain, suitable)
        if match.unsuitable in asked.said:
            # The nearest is what was just told: its neighbours are offered at most.
            return replace(match, outcome="choices" if match.outcome != "none" else "none")
        if match.confidence < SURE_BESIDE_OTHERS and self._for_others(asked, match):
            # The subject is held for others only: what is left of the entries is no answer.
            return replace(match, outcome="none")
        match = self._prefer_suitable(match, asked)
        return self._prefer_entry_for_year(match, asked.year.year)

    def _prefer_suitable(self, match: Match, asked: _Asked) -> Match:
        """The same, with an entry for the kinds of provision that are hinted at first where it is
        nearly as near; and no surer than likely where a rival is for another kind."""
        entries = self._knowledge.entries
        if len(match.ranked) < 2:
            return match
        first, rest = match.ranked[0], match.ranked[1:3]
        if match.outcome == "answer" and not asked.theirs:
            ours = set(entries[first.id].provision)
            rival = entries[rest[0].id]
            apart = Provision.ALL not in ours and not suits(rival, frozenset(ours))
            if apart and first.score - rest[0].score < RIVAL:
                return replace(match, outcome="likely")
        return match

    def _from_names(self, asked: _Asked, match: Match) -> list[Answer]:
        """What a question names: the entry about it, else its explanation; none without names."""
        corrected = _with_codes_repaired(asked.plain, match)
        names = asked.names
        if corrected != asked.plain:
            explained = self._explainer.match_intent(corrected, asked.year.year, self._today())
            if explained is not None:
                return [replace(self._explained(explained, asked, ""), notes=_repairs(match))]
            names = names or self._explainer.names.find(corrected)
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
                return []
            return self._explanations(strong, asked, match)
        plainly = match.outcome == "likely" and self._explainer.asks_no_more(asked.plain, weak)
        if weak and (plainly or match.outcome not in {"answer", "likely"}):
            short = len(asked.plain.split()) <= MAX_WORDS_TO_EXPLAIN
            return self._explanations(weak, asked, match) if short else []
        returns = [name for name in names if name.kind == "return"]
        if returns and match.outcome == "choices" and len(asked.plain.split()) <= FEW_WORDS:
            return [self._from_match(asked, match), *self._explanations(returns, asked, match)]
        return []

    def _each_name_told(
        self, entry: str, names: Sequence[Name], asked: _Asked, match: Match
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
        told = [self._entry(one, asked, match) for one in entries]
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

    def _explanations(self, names: Sequence[Name], asked: _Asked, match: Match) -> list[Answer]:
        found: list[Answer] = []
        for name in names:
            one = self._explainer.named(name, asked.year.year, self._today())
            if one is not None and one.id not in asked.said | {other.entry for other in found}:
                reason = f"the question names {one.title}, and no entry fits better"
                found.append(self._explained(one, asked, reason))
        if found and match.outcome != "none":
            known = found[0].related
            more = [r.id for r in match.ranked[:2] if r.id not in known]
            found[0] = replace(found[0], related=(*known, *more))
        return found[:MAX_NAMES]

    def _from_match(self, asked: _Asked, match: Match) -> Answer:
        if match.outcome == "answer":
            return self._entry(match.ranked[0].id, asked, match)
        reasons = match.why.to_json() if asked.why else None
        year = asked.year.year
        if match.outcome == "none":
            common = Answer(asked.text, year, "none", confidence=match.confidence, why=reasons)
            return replace(common, near=self._near(match), notes=self._for_others(asked, match))
        ask, choices = self._choices(asked, match)
        if match.outcome == "likely" and not ask:
            found = self._entry(match.ranked[0].id, asked, match)
            return replace(found, outcome="likely", choices=choices)
        return Answer(
            asked.text, year, "choices", confidence=match.confidence, why=reasons,
            ask=ask, choices=choices, notes=_repairs(match),
        )  # fmt: skip

    def _entry(self, entry_id: str, asked: _Asked, match: Match) -> Answer:
        year = asked.year
        started = year.started if self._knowledge.entries[entry_id].by_first_start else None
        found = self._entries.answer(
            entry_id,
            started or year.year,
            question=asked.text,
            compare=year.compare and started is None,
            then=year.then,
        )
        return replace(
            found,
            confidence=match.confidence,
            notes=(*found.notes, *_repairs(match)),
            why=match.why.to_json() if asked.why else None,
        )

    def _explained(self, found: Explanation, asked: _Asked, reason: str) -> Answer:
        answer = self.from_explanation(found, asked.text, asked.year.year)
        return replace(answer, why={"reason": reason}) if asked.why else answer

    def from_explanation(self, found: Explanation, question: str, year: AcademicYear) -> Answer:
        """An explanation as an answer."""
        return Answer(
            question=question,
            year=year,
            outcome="answer",
            entry=found.id,
            title=found.title,
            confidence=1.0,
            text=found.text,
            lead=found.lead,
            lines=found.lines,
            detail=found.detail,
            years=found.years,
            sources=found.sources,
            status=found.status,
            status_in_words=Status(found.status).in_words if found.status else "",
            related=found.related,
            notes=self._year_out_of_range(found, year),
        )

    def _year_out_of_range(self, found: Explanation, year: AcademicYear) -> tuple[str, ...]:
        """What a specification of another year is worth; dates and words have no year."""
        held = self._knowledge.specification.years
        if found.id.startswith(("date:", "term:", "datalock:")) or held[0] <= year <= held[-1]:
            return ()
        nearest = held[-1] if year > held[-1] else held[0]
        return (f"We hold no specification for {year}; this is from {nearest}.",)

    # years, choices, silence ------------------------------------------------------------

    def _prefer_entry_for_year(self, match: Match, year: AcademicYear) -> Match:
        """The same, with an entry written for just that year first where it is nearly as likely.

        Asked of 2020-21, what held in that year alone goes before what has always held.
        """
        if match.outcome not in {"answer", "likely"} or year >= self._entries.year:
            return match
        if self._is_written_for(match.ranked[0].id, year):
            return match
        for other in match.ranked[1:3]:
            near = other.score >= CLOSE * match.ranked[0].score
            if near and self._is_written_for(other.id, year):
                rest = tuple(ranked for ranked in match.ranked if ranked is not other)
                why = replace(match.why, reason=f"it was written for {year}, and is nearly as near")
                return replace(match, ranked=(other, *rest), why=why)
        return match

    def _is_written_for(self, entry_id: str, year: AcademicYear) -> bool:
        answer = self._knowledge.answer_for(self._knowledge.entries[entry_id], year)
        if answer is None or answer.years.to is None:
            return False
        return answer.years.to.first - answer.years.start.first < WRITTEN_FOR

    def _choices(self, asked: _Asked, match: Match) -> tuple[str, tuple[Choice, ...]]:
        """Two good entries, or one question back that decides between them."""
        offered = match.ranked[:3]
        while len(offered) > 2 and offered[0].score - offered[-1].score > FAR_BEHIND:
            offered = offered[:-1]
        likely = {ranked.id: ranked.confidence for ranked in match.ranked}
        year = asked.year.year
        back = one_question(
            self._clarifying,
            [ranked.id for ranked in offered],
            asked.text,
            year_is_known=asked.year.said,
        )
        if back is None:
            return "", tuple(self._choice(ranked.id, likely, year) for ranked in offered)
        return back.question, tuple(
            replace(self._choice(entry, likely, of_year or year), label=say, year=of_year)
            for say, entry, of_year in back.ways
        )

    def _choice(self, entry_id: str, likely: dict[str, float], year: AcademicYear) -> Choice:
        question = self._knowledge.entries[entry_id].question
        hint = self._entries.hint(entry_id, year)
        return Choice(entry_id, question, likely.get(entry_id, 0.0), hint)

    def _near(self, match: Match) -> tuple[tuple[str, str], ...]:
        """The topics of the entries that came nearest, when none came near enough."""
        entries = [
            self._knowledge.entries[ranked.id]
            for ranked in match.ranked
            if ranked.confidence > MIN_NEAR
        ]
        near = dict.fromkeys(entry.topic for entry in entries)
        titles = self._knowledge.topics
        return tuple((topic, titles[topic].title) for topic in list(near)[:MAX_NEAR])

    def _for_others(self, asked: _Asked, match: Match) -> tuple[str, ...]:
        """That what would answer is written for another kind of provision, in one line."""
        entry = self._knowledge.entries.get(match.unsuitable or "")
        if entry is None or suits(entry, asked.theirs):
            return ()
        theirs = ", ".join(kind.in_words for kind in entry.provision)
        ours = self._provisions.titles(asked.theirs)
        return (f"We hold nothing on this for {ours}; what we hold is for {theirs}.",)


def _both(alone: Match, together: Match) -> Match:
    """A follow-up's two readings as one: the one that answers, else the entries near both."""
    sure, other = sorted([alone, together], key=lambda one: one.confidence, reverse=True)
    if not sure.ranked or not other.ranked or alone.outcome == "answer":
        return alone if alone.outcome == "answer" or not together.ranked else sure
    floors = [one.ranked[-1].score - FAR_BEHIND for one in (alone, together)]
    scores = [{r.id: r.score for r in one.ranked} for one in (alone, together)]
    known = {ranked.id: ranked for ranked in (*other.ranked, *sure.ranked)}
    totals = {
        one: sum(own.get(one, low) for own, low in zip(scores, floors, strict=True))
        for one in known
    }
    order = sorted(known, key=lambda one: -totals[one])
    ranked = tuple(replace(known[one], score=round(totals[one] / 2, 4)) for one in order)
    for one in (sure, other):
        if one.ranked[0].id == order[0]:
            return replace(one, ranked=ranked)
    return replace(sure, ranked=ranked, outcome="none" if sure.outcome == "none" else "choices")


def _likely_asks(chances: Mapping[Kind, float]) -> bool:
    """Whether a line is likeliest a question, of ours or near it."""
    return max(chances, key=lambda kind: chances[kind]) in {"question", "near"}


def _sureness(answer: Answer) -> float:
    order = {"answer": 3.0, "likely": 2.0, "choices": 1.0}
    return order.get(answer.outcome, 0.0) + answer.confidence


def _with_codes_repaired(text: str, match: Match) -> str:
    for repair in match.repaired:
        if repair.kind == "code":
            text = text.replace(repair.word, repair.replacement)
    return text


def _repairs(match: Match) -> tuple[str, ...]:
    """Codes that were read as another code are said; mended words are not worth a line."""
    return tuple(
        f"Read “{repair.word}” as {repair.replacement}."
        for repair in match.repaired
        if repair.kind == "code"
    )
