"""What goes on request: a person, or a name that somebody wrote."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import JSON, Connection, Row, String, Table, Text, or_, select, update

from bot.ledger.base import LedgerBase
from bot.ledger.events import ABANDONED
from bot.ledger.tables import (
    events,
    feedback,
    handovers,
    metadata,
    phrasings,
    questions,
    return_reminders,
    slack_bots,
    slack_oauth_states,
    suggestions,
    workspaces,
)
from bot.ledger.values import Forgotten, FoundText, HandoverState, Review

__all__ = ["MIN_TERM_LENGTH", "Erasing"]

MIN_TERM_LENGTH = 3
ERASED = "[erased]"
EXCERPT = 60
"""Characters shown on either side of a term that was found."""
_SLACK_ID = re.compile(r"[UW][A-Z0-9]{6,20}")
_CLOSED = (Review.DRAFT.value, Review.REJECTED.value)
_OF_NOBODY = (slack_bots, slack_oauth_states, workspaces)
"""Tables with nothing of a person, by which workspaces are served."""
_OWN_WORDS = {
    "questions": ("text",),
    "handovers": ("text",),
    "phrasings": ("text",),
    "suggestions": ("question", "answer", "also_asked", "reason"),
}
"""Columns in which a term makes the whole row go: what stands beside it may tell as much."""


class Erasing(LedgerBase):
    """The part of the ledger that forgets."""

    def forget_user(self, user: str) -> Forgotten:
        """Delete what is kept about a person, at their request, and say how much it was.

        Questions (those that wait to become phrasings, and what others looked up of their messages,
        too), feedback, hand-overs and unanswered events go; suggestions and approved phrasings stay
        as knowledge, no longer linked to the person. Raises LedgerError when there is no secret,
        since then nobody can be found.
        """
        self._needs_secret()
        hashed = self._user_hash(user)
        theirs = or_(questions.c.user_hash == hashed, questions.c.author_hash == hashed)
        with self._db.write() as connection:
            said = connection.execute(feedback.delete().where(feedback.c.user_hash == hashed))
            handed = connection.execute(
                handovers.delete()
                .where(
                    or_(
                        handovers.c.asker_hash == hashed,
                        handovers.c.question_id.in_(select(questions.c.id).where(theirs)),
                    )
                )
                .returning(handovers.c.triage_channel, handovers.c.triage_message)
            ).all()
            asked = connection.execute(questions.delete().where(theirs))
            connection.execute(return_reminders.delete().where(return_reminders.c.person == user))
            ways = connection.execute(
                phrasings.delete().where(
                    phrasings.c.proposer_hash == hashed, phrasings.c.state == Review.DRAFT.value
                )
            )
            waiting = connection.execute(
                update(events)
                .where(events.c.user_hash == hashed)
                .values(state=ABANDONED, payload=None, user_hash=None, finished_at=self._now())
            )
            unlinked = self._unlink(connection, user, hashed)
        self._db.forget_deleted()
        return Forgotten(
            questions=asked.rowcount + ways.rowcount,
            feedback=said.rowcount,
            handovers=len(handed),
            events=waiting.rowcount,
            unlinked=unlinked,
            triage_posts=tuple(
                (row.triage_channel, row.triage_message) for row in handed if row.triage_message
            ),
        )

    def _unlink(self, connection: Connection, user: str, hashed: str | None) -> int:
        """Take a person off what stays; how much that was."""
        unlinked = connection.execute(
            update(handovers)
            .where(handovers.c.taker == user)
            .values(taker=None, taken_at=None, state=HandoverState.OPEN.value)
        ).rowcount
        connection.execute(
            update(suggestions)
            .where(suggestions.c.suggester_hash == hashed)
            .values(suggester_channel=None)
        )
        for table, column in (
            (suggestions, suggestions.c.suggester_hash),
            (phrasings, phrasings.c.proposer_hash),
        ):
            unlinked += connection.execute(
                update(table).where(column == hashed).values({column.name: None})
            ).rowcount
            unlinked += connection.execute(
                update(table).where(table.c.curator == user).values(curator=None)
            ).rowcount
        return unlinked

    # -- a term, wherever it stands

    def find_term(self, term: str) -> list[FoundText]:
        """Where a name, number or Slack id stands, in any table. Capitals and spacing do not count.

        A Slack id is looked for as a hash as well. Raises ValueError for a term that is too short.
        """
        pattern = _pattern(term)
        with self._db.read() as connection:
            return [one for one, _, _ in self._found(connection, term, pattern)]

    def erase_term(self, term: str) -> list[FoundText]:
        """Erase what ``find_term`` finds; returns it.

        Questions, hand-overs, wordings and suggestions that wait go whole; what is published, and
        anything else, stays without the term. Raises ValueError, LedgerError.
        """
        pattern = _pattern(term)
        if _SLACK_ID.fullmatch(term.strip()):
            hashed = self.find_term(term)
            self.forget_user(term.strip())
        else:
            hashed = []
        with self._db.write() as connection:
            found = list(self._found(connection, term, pattern))
            for one, table, row in found:
                key = table.primary_key.columns
                where = [column == row._mapping[column.name] for column in key]
                if one.goes:
                    connection.execute(table.delete().where(*where))
                else:
                    changed = {one.column: _without(row._mapping[one.column], pattern)}
                    connection.execute(update(table).where(*where).values(changed))
        self._db.forget_deleted()
        return hashed or [one for one, _, _ in found]

    def _found(
        self, connection: Connection, term: str, pattern: re.Pattern[str]
    ) -> Iterator[tuple[FoundText, Table, Row[Any]]]:
        bare = term.strip()
        user = self._user_hash(bare) if _SLACK_ID.fullmatch(bare) else None
        for table in metadata.sorted_tables:
            if table in _OF_NOBODY:
                continue
            columns = [c for c in table.columns if isinstance(c.type, String | Text | JSON)]
            for row in connection.execute(select(table)).all():
                key = "/".join(str(row._mapping[c.name]) for c in table.primary_key.columns)
                for column in columns:
                    value = row._mapping[column.name]
                    text = (
                        value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
                    )
                    match = pattern.search(text) if value is not None else None
                    if match is None and not (user and value == user):
                        continue
                    shown = (
                        text[max(0, match.start() - EXCERPT) : match.end() + EXCERPT]
                        if match
                        else ""
                    )
                    goes = _goes(table, row, column.name)
                    yield FoundText(table.name, key, column.name, shown, goes), table, row


def _goes(table: Table, row: Row[Any], column: str) -> bool:
    """Whether the whole row goes: what people wrote; not knowledge that is in use."""
    if column not in _OWN_WORDS.get(table.name, ()):
        return False
    return table not in (phrasings, suggestions) or row.state in _CLOSED


def _pattern(term: str) -> re.Pattern[str]:
    """The term as people write it: any capitals, spaces, hyphens or dots between its words."""
    parts = re.findall(r"\w+", term)
    if sum(map(len, parts)) < MIN_TERM_LENGTH:
        raise ValueError(f"Give at least {MIN_TERM_LENGTH} letters or figures to look for.")
    between = r"[\W_]{1,3}" if len(parts) > 1 else ""
    return re.compile(rf"(?<![^\W_]){between.join(map(re.escape, parts))}(?![^\W_])", re.IGNORECASE)


def _without(value: Any, pattern: re.Pattern[str]) -> Any:
    """A column's value without the term."""
    if isinstance(value, str):
        return pattern.sub(ERASED, value)
    if isinstance(value, list):
        return [_without(one, pattern) for one in value]
    if isinstance(value, dict):
        return {key: _without(one, pattern) for key, one in value.items()}
    return value
