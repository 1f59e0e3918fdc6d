"""Questions know whose message was looked up; ids of deleted rows never return on SQLite."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_NUMBERED = ("questions", "handovers", "checks", "feedback", "suggestions", "phrasings")
"""Tables whose ids buttons in Slack carry, or that are numbered like them."""
_REBUILT = ("questions", "handovers", "checks", "check_rules", "feedback", "suggestions",
            "phrasings", "threads")  # fmt: skip
"""Those, and the tables that refer to them; what is referred to comes first."""
_ROOM = 1_000
"""How many ids are left out, so that none that was given and deleted before comes again."""


def upgrade() -> None:
    """Add the column, and on SQLite make the ids last."""
    op.add_column("questions", sa.Column("author_hash", sa.String(length=64), nullable=True))
    op.create_index(op.f("ix_questions_author_hash"), "questions", ["author_hash"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        _number_for_good()


def downgrade() -> None:
    """Drop the column; ids that last do no harm."""
    op.drop_index(op.f("ix_questions_author_hash"), table_name="questions")
    op.execute("ALTER TABLE questions DROP COLUMN author_hash")


def _number_for_good() -> None:
    """Rebuild the tables with AUTOINCREMENT.

    All are copied before one is dropped, and what refers to others is dropped first: a dropped
    table deletes its rows, and with them those that refer to them.
    """
    bind = op.get_bind()
    indexes = [
        row.sql
        for row in bind.execute(
            sa.text("SELECT tbl_name, sql FROM sqlite_master WHERE type = 'index' AND sql NOT NULL")
        )
        if row.tbl_name in _REBUILT
    ]
    used = any(bind.scalar(sa.text(f"SELECT 1 FROM {t} LIMIT 1")) for t in ("marks", *_REBUILT))  # noqa: S608
    for table in _REBUILT:
        made = bind.scalar(
            sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name"),
            {"name": table},
        )
        bind.exec_driver_sql(_as_new(str(made), table))
        bind.exec_driver_sql(f'INSERT INTO "new_{table}" SELECT * FROM "{table}"')  # noqa: S608
    for table in reversed(_REBUILT):
        bind.exec_driver_sql(f'DROP TABLE "{table}"')
    for table in _REBUILT:
        bind.exec_driver_sql(f'ALTER TABLE "new_{table}" RENAME TO "{table}"')
    for index in indexes:
        bind.exec_driver_sql(index)
    if used:
        for table in _NUMBERED:
            _leave_room(table)


def _as_new(made: str, table: str) -> str:
    """The statement that makes a table, for its copy."""
    made = re.sub(rf'^CREATE TABLE "?{table}"?', f'CREATE TABLE "new_{table}"', made)
    made = re.sub(
        r'REFERENCES "?(\w+)"?',
        lambda match: f'REFERENCES "new_{match[1]}"' if match[1] in _REBUILT else match[0],
        made,
    )
    if table in _NUMBERED:
        made = re.sub(
            r"\bid INTEGER NOT NULL", "id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT", made
        )
        made = re.sub(rf',\s*CONSTRAINT "?pk_{table}"? PRIMARY KEY \(id\)', "", made)
    return made


def _leave_room(table: str) -> None:
    bind = op.get_bind()
    last = bind.scalar(
        sa.text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": table}
    )
    statement = (
        "INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :seq)"
        if last is None
        else "UPDATE sqlite_sequence SET seq = :seq WHERE name = :name"
    )
    bind.execute(sa.text(statement), {"name": table, "seq": int(last or 0) + _ROOM})
