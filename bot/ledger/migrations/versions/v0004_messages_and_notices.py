"""Questions know their message, hand-overs what their asker was told, drafts who hears of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ADDED = (
    ("questions", "message_hash"),
    ("handovers", "asker_notice"),
    ("suggestions", "suggester_channel"),
)


def upgrade() -> None:
    """Add the columns; rows made before have none."""
    for table, column in _ADDED:
        op.add_column(table, sa.Column(column, sa.String(length=64), nullable=True))
    op.create_index("ix_questions_message_hash", "questions", ["message_hash"])


def downgrade() -> None:
    """Drop them. No table is rebuilt, so that its ids stay as they are numbered."""
    op.drop_index("ix_questions_message_hash", table_name="questions")
    for table, column in _ADDED:
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
