"""Whose rows they are: every statement of a workspace's ledger is held to its own.

This stands in one place, before any statement runs, so that no query can forget it. What is
joined to a row by its id belongs to whom that row does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Delete, Executable, FromClause, Insert, Join, Select, Table, Update

__all__ = ["TEAM", "Team", "held_to"]

TEAM = "team_hash"
"""The column, in every table that has one."""


@dataclass(frozen=True, slots=True)
class Team:
    """A workspace, as its rows are marked. ``apart``: it sees no others'."""

    hashed: str
    apart: bool


def held_to(statement: Executable, team: Team) -> Executable:
    """The statement, marking what it inserts as the team's, and touching nobody else's."""
    if isinstance(statement, Insert):
        marked = isinstance(statement.table, Table) and TEAM in statement.table.c
        return statement.values({TEAM: team.hashed}) if marked else statement
    if not team.apart:
        return statement
    if isinstance(statement, Update | Delete):
        return statement.where(*_theirs([statement.table], team))
    if isinstance(statement, Select):
        return statement.where(*_theirs(statement.get_final_froms(), team))
    return statement


def _theirs(sources: Sequence[FromClause], team: Team) -> list[Any]:
    tables = [table for one in sources for table in _tables(one) if TEAM in table.c]
    return [table.c[TEAM] == team.hashed for table in tables]


def _tables(one: FromClause) -> Iterator[Table]:
    """The tables whose rows are asked for; what an outer join adds to them is not."""
    if isinstance(one, Table):
        yield one
    elif isinstance(one, Join):
        yield from _tables(one.left)
        if not one.isouter:
            yield from _tables(one.right)
