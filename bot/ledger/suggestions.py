"""Suggested entries and phrasings: proposed by anybody, decided by curators, held by git."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import Row, Table, select, update

from bot.errors import InputError
from bot.ledger.base import LedgerBase, kept_text, owner_text, published_text, still_kept
from bot.ledger.tables import handovers, phrasings, questions, suggestions
from bot.ledger.values import Change, Phrasing, Proposal, Review, Suggestion, UpdateResult
from bot.privacy import WITHHELD
from bot.years import AcademicYear

__all__ = ["Suggestions", "as_entry"]

_QUESTION_LENGTH = range(10, 151)
_ANSWER_LENGTH = range(20, 2801)
_MAX_WAYS = 10
_PERSONAL = "This looks like personal details. Please remove them."
_GOVERNMENT = re.compile(r"https://(?:[\w-]+\.)*gov\.uk(?:/|$)")


class Suggestions(LedgerBase):
    """The part of the ledger that looks after suggested knowledge."""

    def suggest(
        self,
        proposal: Proposal,
        *,
        user: str | None = None,
        handover_id: int | None = None,
        question_id: int | None = None,
        taken: Container[str] = (),
        channel: str | None = None,
    ) -> Suggestion:
        """Keep a suggestion, masked, as a draft. Raises InputError saying what to change.

        ``channel``: where its writer is told what became of it, until they were.
        ``taken``: ids of entries that the knowledge holds; its own will be another.
        """
        values = _checked(proposal)
        with self._db.write() as connection:
            used = set(connection.execute(select(suggestions.c.entry_id)).scalars())
            from_handover = still_kept(connection, handovers, handover_id)
            from_question = still_kept(connection, questions, question_id)
            row = connection.execute(
                suggestions.insert()
                .values(
                    **values,
                    entry_id=_free(_slug(values["question"]), used, taken),
                    suggested_at=self._now(),
                    state=Review.DRAFT.value,
                    version=1,
                    suggester_hash=self._user_hash(user),
                    suggester_channel=channel,
                    handover_id=from_handover,
                    question_id=from_question,
                )
                .returning(suggestions)
            ).one()
        return _suggestion(row)

    def suggestion(self, suggestion_id: int) -> Suggestion | None:
        """One suggestion, or None when it is no longer kept."""
        with self._db.read() as connection:
            row = connection.execute(
                select(suggestions).where(suggestions.c.id == suggestion_id)
            ).one_or_none()
        return _suggestion(row) if row else None

    def release_suggester(self, suggestion_id: int) -> str | None:
        """Where whoever made a suggestion hears of it: given once, then forgotten."""
        with self._db.write() as connection:
            found = connection.execute(
                select(suggestions.c.suggester_channel).where(suggestions.c.id == suggestion_id)
            ).scalar_one_or_none()
            connection.execute(
                update(suggestions)
                .where(suggestions.c.id == suggestion_id)
                .values(suggester_channel=None)
            )
        return str(found) if found else None

    def suggestions(self, *states: Review) -> list[Suggestion]:
        """Suggestions in these states (all, when none is named), oldest first."""
        return [_suggestion(row) for row in self._in_states(suggestions, states)]

    def edit(self, suggestion_id: int, version: int, proposal: Proposal) -> Change[Suggestion]:
        """A curator changes a draft. STALE when it was changed or decided since ``version``."""
        return self._decide(suggestion_id, version, _checked(proposal), Review.DRAFT)

    def approve(self, suggestion_id: int, version: int, curator: str) -> Change[Suggestion]:
        """A curator approves a draft: it answers from now on, with the curator as its source."""
        return self._decide(suggestion_id, version, {"curator": curator[:80]}, Review.APPROVED)

    def reject(
        self, suggestion_id: int, version: int, curator: str, reason: str = ""
    ) -> Change[Suggestion]:
        """A curator turns a draft down, or takes an approved one back."""
        values = {"curator": curator[:80], "reason": kept_text(reason) or None}
        return self._decide(suggestion_id, version, values, Review.REJECTED)

    def close_published(self, is_held: Callable[[Suggestion], bool]) -> list[Suggestion]:
        """Close the approved suggestions that the knowledge in git now holds; returns them."""
        held = [one for one in self.suggestions(Review.APPROVED) if is_held(one)]
        return [one for one in held if self._publish(suggestions, one.id)]

    def export(self, folder: Path, *, today: date, owner: str, topic: str) -> list[Path]:
        """Write approved suggestions as YAML files to review in git; returns those written.

        One file a suggestion, ``suggested-<entry id>.yaml``; a file that is there is left
        alone, so that an edit is not undone. ``owner`` is the team that will own them;
        ``topic`` is for those that name none.
        """
        folder.mkdir(parents=True, exist_ok=True)
        written = []
        for suggestion in self.suggestions(Review.APPROVED):
            path = folder / f"suggested-{suggestion.entry_id}.yaml"
            entry = as_entry(suggestion, today=today, owner=owner, topic=topic)
            try:
                with path.open("x", encoding="utf-8") as file:
                    file.write("# yaml-language-server: $schema=../schemas/entries.json\n")
                    file.write(f"# Suggestion {suggestion.id}. Review, then move to its topic.\n")
                    yaml.dump([entry], file, sort_keys=False, allow_unicode=True, width=100)
            except FileExistsError:
                continue
            written.append(path)
        return written

    def propose_phrasing(self, entry_id: str, text: str, *, user: str | None = None) -> Phrasing:
        """Propose another way of asking an entry's question. Raises InputError when too short."""
        kept = kept_text(text)
        if kept == WITHHELD:
            raise InputError(_PERSONAL)
        if len(kept) < _QUESTION_LENGTH.start:
            raise InputError("That is too short to recognise a question by.")
        with self._db.write() as connection:
            row = connection.execute(
                phrasings.insert()
                .values(
                    proposed_at=self._now(),
                    entry_id=entry_id,
                    text=kept,
                    state=Review.DRAFT.value,
                    proposer_hash=self._user_hash(user),
                )
                .returning(phrasings)
            ).one()
        return _phrasing(row)

    def phrasings(self, *states: Review) -> list[Phrasing]:
        """Proposed phrasings in these states (all, when none is named), oldest first."""
        return [_phrasing(row) for row in self._in_states(phrasings, states)]

    def decide_phrasing(self, phrasing_id: int, *, approve: bool, curator: str) -> Change[Phrasing]:
        """A curator approves or turns down a proposed phrasing."""
        wanted = Review.APPROVED if approve else Review.REJECTED
        with self._db.write() as connection:
            decided = connection.execute(
                update(phrasings)
                .where(phrasings.c.id == phrasing_id, phrasings.c.state == Review.DRAFT.value)
                .values(state=wanted.value, curator=curator[:80], decided_at=self._now())
            )
            row = connection.execute(
                select(phrasings).where(phrasings.c.id == phrasing_id)
            ).one_or_none()
        if row is None:
            return Change(UpdateResult.MISSING, None)
        if decided.rowcount:
            return Change(UpdateResult.DONE, _phrasing(row))
        return Change(_already_or_stale(row, wanted, curator), _phrasing(row))

    def close_published_phrasings(self, is_held: Callable[[Phrasing], bool]) -> list[Phrasing]:
        """Close the phrasings that the knowledge in git now holds; returns them."""
        waiting = self.phrasings(Review.DRAFT, Review.APPROVED)
        held = [one for one in waiting if is_held(one)]
        return [one for one in held if self._publish(phrasings, one.id)]

    def _in_states(self, table: Table, states: tuple[Review, ...]) -> list[Row[Any]]:
        query = select(table).order_by(table.c.id)
        if states:
            query = query.where(table.c.state.in_([state.value for state in states]))
        with self._db.read() as connection:
            return list(connection.execute(query).all())

    def _publish(self, table: Table, row_id: int) -> bool:
        with self._db.write() as connection:
            published = connection.execute(
                update(table)
                .where(
                    table.c.id == row_id,
                    table.c.state.in_((Review.DRAFT.value, Review.APPROVED.value)),
                )
                .values(state=Review.PUBLISHED.value, decided_at=self._now())
            )
            return bool(published.rowcount)

    def _decide(
        self, suggestion_id: int, version: int, values: Mapping[str, Any], wanted: Review
    ) -> Change[Suggestion]:
        """Change a suggestion only if nobody has since the caller saw ``version``."""
        from_states = [Review.DRAFT.value]
        if wanted is Review.REJECTED:
            from_states.append(Review.APPROVED.value)
        with self._db.write() as connection:
            decided = connection.execute(
                update(suggestions)
                .where(
                    suggestions.c.id == suggestion_id,
                    suggestions.c.version == version,
                    suggestions.c.state.in_(from_states),
                )
                .values(**values, state=wanted.value, version=version + 1, decided_at=self._now())
            )
            row = connection.execute(
                select(suggestions).where(suggestions.c.id == suggestion_id)
            ).one_or_none()
        if row is None:
            return Change(UpdateResult.MISSING, None)
        if decided.rowcount:
            return Change(UpdateResult.DONE, _suggestion(row))
        curator = values.get("curator")
        return Change(_already_or_stale(row, wanted, curator), _suggestion(row))


def as_entry(suggestion: Suggestion, *, today: date, owner: str, topic: str) -> dict[str, Any]:
    """The suggestion in the shape of knowledge/entries, to be reviewed by a curator."""
    source: dict[str, str]
    if suggestion.source_title:
        source = {"title": suggestion.source_title}
        if suggestion.source_url:
            source["url"] = suggestion.source_url
        source["year"] = suggestion.source_year or suggestion.year_from
    else:
        source = {"title": f"Practice of {suggestion.practice_owner}", "year": "year-less"}
    return {
        "id": suggestion.entry_id,
        "topic": suggestion.topic or topic,
        "question": suggestion.question,
        "also_asked": list(suggestion.also_asked) or [suggestion.question],
        "answers": [
            {
                "years": {"from": suggestion.year_from},
                "text": suggestion.answer,
                "sources": [source],
            }
        ],
        "status": "official" if _GOVERNMENT.match(suggestion.source_url or "") else "practice",
        "owner": _slug(owner),
        "reviewed": today,
        "review_by": AcademicYear.containing(today).end,
    }


def _checked(proposal: Proposal) -> dict[str, Any]:
    """The proposal as it may be kept. Raises InputError saying what to change."""
    tidy = replace(
        proposal,
        question=published_text(proposal.question),
        answer=published_text(proposal.answer),
        practice_owner=owner_text(proposal.practice_owner or "")[:80] or None,
        source_title=owner_text(proposal.source_title or "") or None,
        source_url=(proposal.source_url or "").strip() or None,
        also_asked=_ways(proposal),
    )
    if WITHHELD in (tidy.question, tidy.answer):
        raise InputError(_PERSONAL)
    if len(tidy.question) not in _QUESTION_LENGTH:
        raise InputError("Write the question in 10 to 150 characters.")
    if len(tidy.answer) not in _ANSWER_LENGTH:
        raise InputError("Write the answer in 20 to 2,800 characters.")
    if not tidy.source_title and not tidy.practice_owner:
        raise InputError("Give the source, or say whose practice it is: a team or a person.")
    if tidy.source_url and not re.fullmatch(r"https?://\S{3,500}", tidy.source_url):
        raise InputError("The source's address should start with https://.")
    try:
        year = AcademicYear.parse(tidy.year_from)
    except ValueError as error:
        raise InputError(str(error)) from None
    return asdict(replace(tidy, year_from=str(year)))


def _ways(proposal: Proposal) -> tuple[str, ...]:
    """The other ways of asking, masked, each once, without the question itself."""
    ways = {kept.casefold(): kept for kept in map(published_text, proposal.also_asked) if kept}
    ways.pop(WITHHELD, None)
    ways.pop(proposal.question.strip().casefold(), None)
    return tuple(ways.values())[:_MAX_WAYS]


def _free(slug: str, used: Container[str], taken: Container[str]) -> str:
    """The id, numbered when another suggestion or entry has it."""
    candidate, number = slug, 1
    while candidate in used or candidate in taken:
        number += 1
        candidate = f"{slug[:76]}-{number}"
    return candidate


def _slug(text: str) -> str:
    """An entry id from a question: its first eight words."""
    words = re.findall(r"[a-z0-9]+", text.lower())[:8]
    return "-".join(words)[:80].strip("-") or "suggestion"


def _already_or_stale(row: Row[Any], wanted: Review, curator: str | None) -> UpdateResult:
    same = row.state == wanted.value and row.curator == curator and wanted is not Review.DRAFT
    return UpdateResult.ALREADY if same else UpdateResult.STALE


def _suggestion(row: Row[Any]) -> Suggestion:
    values = {name: getattr(row, name) for name in Suggestion.__dataclass_fields__}
    ways = tuple(row.also_asked or ())
    return Suggestion(**values | {"state": Review(row.state), "also_asked": ways})


def _phrasing(row: Row[Any]) -> Phrasing:
    values = {name: getattr(row, name) for name in Phrasing.__dataclass_fields__}
    return Phrasing(**values | {"state": Review(row.state)})
