"""Who wants to be reminded of which return."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "return_reminders",
        sa.Column("year", sa.String(7), nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("remind_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("year", "code", "person", name="pk_return_reminders"),
    )
    op.create_index("ix_return_reminders_remind_on", "return_reminders", ["remind_on"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("return_reminders")
