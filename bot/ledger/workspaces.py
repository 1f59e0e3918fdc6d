"""The workspaces that use it, and what goes when one of them ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Engine, Table, and_, func, or_, select

from bot.ledger.base import TEAM_OF_MARK, LedgerBase, insert
from bot.ledger.tables import (
    check_rules,
    checks,
    feedback,
    marks,
    metadata,
    questions,
    slack_bots,
    workspaces,
)
from bot.ledger.teams import TEAM

__all__ = ["Workspace", "Workspaces"]


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace, and the organisation it belongs to. ``for_organisation``: that installed it."""

    team: str
    enterprise: str | None = None
    for_organisation: bool = False


class Workspaces(LedgerBase):
    """The part of the ledger that knows whose rows they are."""

    def engine(self) -> Engine:
        """For slack_sdk's own stores. Raises LedgerUnavailable when the tables cannot be used."""
        return self._db.engine()

    def add_workspace(self, one: Workspace) -> None:
        """Remember a workspace that uses it; again, as it is now."""
        how = {"enterprise_id": one.enterprise, "for_organisation": one.for_organisation}
        values = {"team_id": one.team, "added_at": self._now(), **how}
        with self._db.write() as connection:
            connection.execute(
                insert(connection, workspaces, values).on_conflict_do_update(
                    index_elements=["team_id"], set_=how
                )
            )

    def workspaces(self, enterprise: str | None = None) -> list[Workspace]:
        """Those that use it; of one organisation."""
        found = select(workspaces).order_by(workspaces.c.added_at, workspaces.c.team_id)
        if enterprise:
            found = found.where(workspaces.c.enterprise_id == enterprise)
        with self._db.read() as connection:
            rows = connection.execute(found).all()
        return [Workspace(row.team_id, row.enterprise_id, row.for_organisation) for row in rows]

    def kept_of(self, team: str) -> dict[str, int]:
        """What ``forget_workspace`` would delete: rows by table, without the empty ones."""
        rows = list(self._rows_of(team))
        with self._db.read() as connection:
            counts = {
                table.name: connection.execute(
                    select(func.count()).select_from(table).where(where)
                ).scalar_one()
                for table, where in rows
            }
        return {name: count for name, count in counts.items() if count}

    def forget_workspace(self, team: str) -> dict[str, int]:
        """Delete all that is kept of a workspace, its tokens too; what ``kept_of`` counts.

        ``team``: a workspace's id, or an organisation's (E…) for what it installed. What was kept
        before workspaces were told apart is nobody's, and stays.
        """
        rows, deleted = list(self._rows_of(team)), dict[str, int]()
        with self._db.write() as connection:
            for table, where in rows:
                count = connection.execute(table.delete().where(where)).rowcount
                if count:
                    deleted[table.name] = count
        self._db.forget_deleted()
        return deleted

    def _rows_of(self, team: str) -> Iterator[tuple[Table, ColumnElement[bool]]]:
        """Every table that holds something of a workspace, those that lean on others first."""
        teams = [team, *(one.team for one in self.workspaces(team) if one.for_organisation)]
        hashes = [self._team_hash(one) for one in teams]
        theirs = select(questions.c.id).where(questions.c[TEAM].in_(hashes))
        checked = select(checks.c.id).where(checks.c[TEAM].in_(hashes))
        yield feedback, feedback.c.question_id.in_(theirs)
        yield check_rules, check_rules.c.check_id.in_(checked)
        for table in reversed(metadata.sorted_tables):
            if TEAM in table.c:
                yield table, table.c[TEAM].in_(hashes)
        yield (
            marks,
            func.substr(marks.c.key, 1, TEAM_OF_MARK).in_([h[:TEAM_OF_MARK] for h in hashes]),
        )
        of_organisation = and_(slack_bots.c.enterprise_id == team, slack_bots.c.team_id.is_(None))
        yield slack_bots, or_(slack_bots.c.team_id == team, of_organisation)
        yield workspaces, workspaces.c.team_id.in_(teams)
