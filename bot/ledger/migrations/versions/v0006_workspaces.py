"""Whose rows they are, and the workspaces that installed the app."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_MARKED = (
    "questions",
    "handovers",
    "suggestions",
    "phrasings",
    "checks",
    "events",
    "threads",
    "return_reminders",
)
_INDEXED = ("questions", "checks")


def upgrade() -> None:
    """Add the mark; rows made before have none. No table with ids of its own is rebuilt."""
    for table in _MARKED:
        op.add_column(table, sa.Column("team_hash", sa.String(64), nullable=True))
    for table in _INDEXED:
        op.create_index(f"ix_{table}_team_hash", table, ["team_hash"])
    _rebuild_usage(by_team=True)
    op.create_table(
        "workspaces",
        sa.Column("team_id", sa.String(64), nullable=False),
        sa.Column("enterprise_id", sa.String(64), nullable=True),
        sa.Column("for_organisation", sa.Boolean(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("team_id", name="pk_workspaces"),
    )
    op.create_index("ix_workspaces_enterprise_id", "workspaces", ["enterprise_id"])
    op.create_table(
        "slack_bots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(32), nullable=False),
        sa.Column("app_id", sa.String(32), nullable=False),
        sa.Column("enterprise_id", sa.String(32), nullable=True),
        sa.Column("enterprise_name", sa.String(200), nullable=True),
        sa.Column("team_id", sa.String(32), nullable=True),
        sa.Column("team_name", sa.String(200), nullable=True),
        sa.Column("bot_token", sa.Text(), nullable=True),
        sa.Column("bot_id", sa.String(32), nullable=True),
        sa.Column("bot_user_id", sa.String(32), nullable=True),
        sa.Column("bot_scopes", sa.String(1000), nullable=True),
        sa.Column("bot_refresh_token", sa.Text(), nullable=True),
        sa.Column("bot_token_expires_at", sa.DateTime(), nullable=True),
        sa.Column("is_enterprise_install", sa.Boolean(), nullable=False),
        sa.Column("installed_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_slack_bots"),
    )
    op.create_index(
        "slack_bots_idx", "slack_bots", ["client_id", "enterprise_id", "team_id", "installed_at"]
    )
    op.create_table(
        "slack_oauth_states",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(200), nullable=False),
        sa.Column("expire_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_slack_oauth_states"),
    )


def downgrade() -> None:
    """Drop it all. Counts of use are added up again."""
    for table in ("slack_oauth_states", "slack_bots", "workspaces"):
        op.drop_table(table)
    _rebuild_usage(by_team=False)
    for table in _INDEXED:
        op.drop_index(f"ix_{table}_team_hash", table_name=table)
    for table in _MARKED:
        op.execute(f"ALTER TABLE {table} DROP COLUMN team_hash")


def _rebuild_usage(*, by_team: bool) -> None:
    """The primary key changes, so the table is made anew with what it held."""
    columns = [
        sa.Column("entry_id", sa.String(80), nullable=False),
        sa.Column("week", sa.String(8), nullable=False),
    ]
    if by_team:
        columns.append(sa.Column("team_hash", sa.String(64), nullable=False, server_default=""))
    op.execute("ALTER TABLE entry_usage RENAME TO entry_usage_before")
    if op.get_bind().dialect.name == "postgresql":  # where the names of keys are the schema's
        op.execute("ALTER TABLE entry_usage_before DROP CONSTRAINT pk_entry_usage")
    op.create_table(
        "entry_usage",
        *columns,
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(*(column.name for column in columns), name="pk_entry_usage"),
    )
    op.execute(
        "INSERT INTO entry_usage (entry_id, week, shown) "
        "SELECT entry_id, week, SUM(shown) FROM entry_usage_before GROUP BY entry_id, week"
    )
    op.drop_table("entry_usage_before")
