"""Whose rows they are: every statement of a workspace's ledger is held to its own.

This stands in one place, before any statement runs, so that no query can forget it. What is
joined to a row by its id belongs to whom that row does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import Delete, Executable, FromClause, Insert, Join, Select, Table, Update

__all__ = ["TEAM", "Team", "held_to", "standing"]

TEAM = "team_hash"
"""The column, in every table that has one."""
_STANDING = "ledger_standing"


@dataclass(frozen=True, slots=True)
class Team:
    """A workspace, as its rows are marked. ``apart``: it sees no others'."""

    hashed: str
    apart: bool


S = TypeVar("S", bound=Executable)


def standing(statement: S) -> S:
    """A statement that is made once and run with values of their own each time (``bindparam``):
    what is made of it for a workspace, and its SQL, are made once as well."""
    return statement.execution_options(**{_STANDING: True})


def held_to(statement: Executable, team: Team) -> Executable:
    """The statement, marking what it inserts as the team's, and touching nobody else's."""
    if statement.get_execution_options().get(_STANDING):
        return _standing_held_to(statement, team)
    return _held_to(statement, team)


@lru_cache(maxsize=1_024)
def _standing_held_to(statement: Executable, team: Team) -> Executable:
    return _held_to(statement, team)


def _held_to(statement: Executable, team: Team) -> Executable:
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
