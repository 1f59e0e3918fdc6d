"""A message to answers, top to bottom: purify, kind of line, turn, names, match, year, choices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from bot.answering.about import AboutIndex
from bot.answering.asked import Asked, FindMatch, Line
from bot.answering.candidates import Candidates
from bot.answering.entries import EntryAnswers
from bot.answering.form import has_form_of_question
from bot.answering.lines import LineReader, follows_up, likely_asks
from bot.answering.message import Message, purify, without_marks
from bot.answering.naming import MAX_WORDS_TO_EXPLAIN, NamedAnswers
from bot.answering.provision import ProvisionFinder
from bot.answering.small_talk import is_pleased, likelier_nothing, may_be_chatter, reply_to
from bot.answering.telling import Teller
from bot.answering.turns import Turn, asks_again, reply_to_turn, turn_of
from bot.answering.years_asked import year_beside
from bot.answers import Answer, ReplyKind
from bot.explain.explainer import Explainer, Explanation
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.clarifying import ClarifyingQuestion
from bot.matching import InThread, Match, Part, Ranked, carry_over, split_questions
from bot.matching.followup import names_another_kind
from bot.matching.kinds import Kind
from bot.matching.thread import JUST_TOLD, LINKED, OF_ITS_TOPIC
from bot.years import AcademicYear

__all__ = ["Answerer", "FindMatch"]

MAX_PARTS = 3
"""Parts of a message that are answered apart."""
SURE_BESIDE = 0.4
"""How sure a part's answer must be to stand beside that of the whole: of those less sure, one in
seven was right."""
MAX_FOLLOW_UP_WORDS = 16
"""A longer message brings its own subject."""
OUTRIGHT = 3.0
"""How much the order of answers minds that one is told outright, and not only likely."""
IN_PASSING = ("code:", "field:", "aim:", "date:")
"""What is explained of a name that a long message need not be about; a rule's is mostly asked."""


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
        self._explainer = explainer
        self._entries = entries
        self._entries_by_id = knowledge.entries
        self._kinds = kinds
        self._today = today
        self._provisions = ProvisionFinder(knowledge.provisions)
        self._about = about = AboutIndex(knowledge, explainer.names)
        self._lines = LineReader(explainer, self._provisions, match, kinds, today)
        self._candidates = Candidates(knowledge, about, match, lambda: entries.year)
        self._teller = Teller(knowledge, entries, self._candidates, self._provisions, clarifying)
        self._named = NamedAnswers(explainer, about, self._teller, today)

    # what a message is ------------------------------------------------------------------

    def kind_of(self, raw: str, *, before: Sequence[str] = ()) -> ReplyKind | None:
        """What kind of line a message is, when it asks nothing to look up."""
        return self._lines.kind(self._lines.read(raw, before))

    def is_at_risk(self, raw: str, *, before: Sequence[str] = ()) -> bool:
        """Whether a message speaks of a learner at risk: nothing of it may be kept."""
        return self.kind_of(raw, before=before) == "safeguarding"

    def is_question(self, raw: str, *, before: Sequence[str] = ()) -> bool:
        """Whether a message asks something to look up, looks like a question, and is likeliest one
        by its words; what names a rule needs no more."""
        return has_form_of_question(raw) and self._lines.asks(self._lines.read(raw, before))

    def may_ask(self, raw: str) -> bool:
        """Whether a message nothing was found for may be a question all the same: by its form, or
        by its words. A remark is none."""
        if has_form_of_question(raw):
            return True
        return not is_pleased(raw) and likely_asks(self._kinds(purify(raw).text))

    def follows_up(self, raw: str, before: Sequence[str]) -> bool:
        """Whether a message leans on the questions before it, or asks about their answer."""
        return follows_up(raw, before)

    def learn_names(self) -> None:
        """Read what each entry is about now, in half a second, and not when it is first needed."""
        self._about.learn()

    # what is answered -------------------------------------------------------------------

    def answer(
        self,
        raw: str,
        year: AcademicYear | None = None,
        *,
        before: Sequence[str] = (),
        why: bool = False,
    ) -> Answer:
        """One answer, with those of further questions behind it."""
        line = self._lines.read(raw, before, year, why=why)
        message = line.message
        kind = self._lines.kind(line)
        if kind is not None:
            return self._reply(kind, message, year)
        # What names something of its own asks about that: "Z0007836 on a learner, still ok?"
        turn = turn_of(message.text) if line.earlier and not line.names else None
        # "is it the same for T Levels?" asks of another provision, not of the answer's year.
        if turn is not None and not (turn == "still" and line.asked.provisions):
            return self._turn(turn, message, line.earlier, year)
        if not message.text and not line.names:
            return Answer(message.text, year or self._entries.year, "none")
        unknown = None if line.names else self._explainer.names.not_held(message.written)
        if unknown is not None:
            return self._not_recognised(unknown, message, year)
        found = self._follow_up(line, year) if line.earlier else self._whole(line, year)
        talk = self._talk(line, found)
        return found if talk is None else self._reply(talk, message, year)

    def _talk(self, line: Line, found: Answer) -> ReplyKind | None:
        """What kind of talk a line is after all, where no entry surely answers it: choices would
        interrupt colleagues."""
        follows = bool(line.earlier)
        if found.outcome not in {"choices", "likely"}:
            return None
        if is_pleased(line.raw) and not has_form_of_question(line.raw):
            return "chatter"
        alone = found.outcome == "likely" and not follows
        if not alone and may_be_chatter(line.raw, line.chances, follows=follows):
            return "chatter"
        return None if follows or line.names else likelier_nothing(line.chances)

    def _whole(self, line: Line, year: AcademicYear | None) -> Answer:
        """The whole message as one question, beside its parts where it asks several."""
        first = self._one(line.asked)
        parts = split_questions(line.text)
        if len(parts) < 2:
            return first[0].with_more(tuple(first[1:]))
        return self._with_parts(first, parts, line.asked, year)

    def _one(self, asked: Asked, match: Match | None = None) -> list[Answer]:
        """One answer; two or three where several names are explained. ``match``: what the entries
        say, where that is known."""
        explained = asked.explained
        # Of a data lock we hold no more than that it is one, unless an entry is about it.
        if explained is not None and not explained.id.startswith("datalock:"):
            reason = f"the question asks what {explained.title} is"
            return [self._teller.explained(explained, asked, reason)]
        match = match or self._candidates.nearest(asked)
        if not self._named.is_about_all(match, asked.names):
            apart = self._explainer.compare_terms(asked.text, asked.year.year, self._today())
            if apart is not None:
                reason = f"the question names {' and '.join(one.title for one in apart)}"
                return [self._teller.explained(one, asked, reason) for one in apart]
        return self._named.answers(asked, match) or [self._teller.from_match(asked, match)]

    def _with_parts(
        self, first: list[Answer], parts: Sequence[Part], whole: Asked, year: AcademicYear | None
    ) -> Answer:
        """The whole message's answer beside those of its parts that say something else, the
        surest first."""
        nearest: list[Ranked | None] = []
        last = len(parts) + len(first) + 1  # of two as sure, the part is quoted as it was asked
        found = [(_sureness(one, whole.text), -last - n, one) for n, one in enumerate(first)]
        for number, part in enumerate(parts, start=1):
            names = self._explainer.names.find(part.asked)
            asked = self._lines.asked(part.whole, names, whole.provisions, year, why=whole.why)
            # Beside the whole a part drowns in its story, and alone it may lack its subject.
            both = InThread(without_marks(part.asked), asked.plain)
            asked = replace(asked, text=part.asked, thread=both)
            match = self._candidates.nearest(asked)
            nearest.append(match.ranked[0] if match.ranked else None)
            for one in self._one(asked, match):
                if one.outcome in {"answer", "likely"} and one.confidence >= SURE_BESIDE:
                    found.append((_sureness(one, part.asked), -number - len(first), one))
        found.sort(key=lambda item: item[:2], reverse=True)
        if len(whole.text.split()) > MAX_WORDS_TO_EXPLAIN and found[0][0] >= OUTRIGHT:
            found = [one for one in found if one[0] >= 0]
        told: list[Answer] = []
        for _, _, one in found:
            if all(one.entry != other.entry or one.entry is None for other in told):
                told.append(one)
        served = [one for one in told if one.outcome in {"answer", "likely"}]
        told = served[:MAX_PARTS] or told[:1]
        if len(told) > 1:  # each with two others would be a wall
            told = [replace(one, choices=()) if one.outcome == "answer" else one for one in told]
        answered = told[0].with_more(tuple(told[1:]))
        if not served:
            return answered
        said = {one.entry for one in told}
        open_ = tuple(
            part.asked
            for part, ranked in zip(parts, nearest, strict=True)
            if ranked is None or ranked.id not in said
        )
        if len(open_) == len(parts):
            return self._story_alone(answered, [one for one in nearest if one is not None], whole)
        return replace(answered, open=open_)

    def _story_alone(self, found: Answer, nearest: Sequence[Ranked], whole: Asked) -> Answer:
        """What is nearest to none of a message's questions was found by their story: it is offered
        behind what is nearest to them, and an explanation stands before that."""
        sure: dict[str, float] = {}
        for one in sorted(nearest, key=lambda one: -one.confidence):
            sure.setdefault(one.id, one.confidence)
        if not sure:
            return found
        offered = dict([*sure.items()][:MAX_PARTS])
        if found.entry is None or found.entry not in self._entries_by_id:
            return replace(found, choices=self._teller.offered(offered, whole).choices)
        return self._teller.offered(offered | {found.entry: found.confidence}, whole)

    # turns of a conversation ------------------------------------------------------------

    def _follow_up(self, line: Line, year: AcademicYear | None) -> Answer:
        """What follows up an earlier question, read alone and with that question.

        What was just said is not said again in full: where it is the nearest all the same, it is
        told in short.
        """
        text, earlier = line.text, line.earlier
        carried, again = carry_over(text, earlier), asks_again(text)
        together = carried or f"{earlier[-1].rstrip(' ?.!')} - {text}"
        last = self._last_answer(earlier, year)
        about = line.asked.provisions or self._provisions.find(" ".join(earlier))
        of_year = year_beside(text, last.year) or year
        joined = self._lines.asked(together, line.names, about, of_year, why=line.asked.why)
        known = [last, *last.more]
        # Of another year the same entry says something else.
        same_year = joined.year.year == last.year
        said = frozenset(one.entry for one in known if one.entry) if same_year else frozenset()
        joined = replace(joined, text=text, said=said)
        asked = joined if carried or again else self._beside(joined, line.asked)
        if carried or again or len(text.split()) <= MAX_FOLLOW_UP_WORDS:
            same = again or not same_year or line.asked.provisions
            lean = self._leanings(known, 0.0 if same else JUST_TOLD)
            alone = joined.plain if names_another_kind(text) else line.asked.plain
            asked = replace(asked, thread=InThread(alone, joined.plain, lean))
        match = self._candidates.nearest(asked)
        first = match.ranked[0].id if match.ranked and match.outcome != "none" else ""
        if first in said and not line.names:
            return self._teller.in_short(first, asked, match)
        found = self._one(asked, match)
        return found[0].with_more(tuple(found[1:]))

    def _leanings(self, told: Sequence[Answer], just_told: float) -> dict[str, float]:
        """What was just told says for each entry: a follow-up's answer usually stands near it."""
        held = self._entries_by_id
        known = {one.entry for one in told if one.entry in held} or {
            choice.entry for one in told for choice in one.choices[:1] if choice.entry in held
        }
        topics = {held[one].topic for one in known}
        linked = {other for one in known for other in held[one].related}
        found = {
            entry: LINKED * (entry in linked or bool(known & set(each.related)))
            + OF_ITS_TOPIC * (each.topic in topics)
            for entry, each in held.items()
        }
        for one in known:
            found[one] += just_told
        return found

    def _beside(self, joined: Asked, alone: Asked) -> Asked:
        """A follow-up read alone, with what its thread says of whose record it is and when."""
        hinted = frozenset() if joined.provisions else alone.hinted or joined.hinted
        return replace(
            alone,
            provisions=joined.provisions,
            hinted=hinted,
            said=joined.said,
            year=alone.year if alone.year.said else joined.year,
        )

    def _turn(
        self, turn: Turn, message: Message, earlier: Sequence[str], year: AcademicYear | None
    ) -> Answer:
        """What a follow-up asks of the answer before it, without telling that answer again."""
        last, of_what = self._last_answer(earlier, year), ""
        if turn != "person" and last.outcome == "choices" and len(earlier) > 1:
            # Choices have no source and no year: what was told before them has.
            before = self._last_answer(earlier[:-1], year)
            if before.outcome in {"answer", "likely"}:
                last, of_what = before, f"Of “{before.title}” "
        text, lines = reply_to_turn(turn, last, self._entries.year)
        if of_what:
            text = f"{of_what}{text[0].lower()}{text[1:]}"
        return Answer(
            question=message.text,
            year=last.year,
            outcome="reply",
            reply=turn,
            entry=last.entry,
            title=last.title,
            text="\n".join([text, *lines]),
            lead=text,
            lines=lines,
            sources=last.sources if lines else (),
        )

    def _last_answer(self, earlier: Sequence[str], year: AcademicYear | None) -> Answer:
        """What was said to the last earlier question, itself read with the one before it."""
        return self.answer(earlier[-1], year, before=earlier[-2:-1])

    # what is no question ----------------------------------------------------------------

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

    def from_explanation(self, found: Explanation, question: str, year: AcademicYear) -> Answer:
        """An explanation as an answer."""
        return self._teller.from_explanation(found, question, year)


def _sureness(answer: Answer, asked: str) -> float:
    """What is told first. A code that a story names in passing comes behind what answers it."""
    name = answer.entry or ""
    if len(asked.split()) > MAX_FOLLOW_UP_WORDS and name.startswith(IN_PASSING):
        return -1.0
    order = {"answer": OUTRIGHT, "likely": 2.0, "choices": 1.0}
    return order.get(answer.outcome, 0.0) + answer.confidence
