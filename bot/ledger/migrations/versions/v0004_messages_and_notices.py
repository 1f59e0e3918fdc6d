"""Questions know their message, hand-overs what their asker was told, drafts who hears of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; rows made before have none."""
    with op.batch_alter_table("questions") as table:
        table.add_column(sa.Column("message_hash", sa.String(64), nullable=True))
        table.create_index("ix_questions_message_hash", ["message_hash"])
    with op.batch_alter_table("handovers") as table:
        table.add_column(sa.Column("asker_notice", sa.String(64), nullable=True))
    with op.batch_alter_table("suggestions") as table:
        table.add_column(sa.Column("suggester_channel", sa.String(64), nullable=True))


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("suggestions") as table:
        table.drop_column("suggester_channel")
    with op.batch_alter_table("handovers") as table:
        table.drop_column("asker_notice")
    with op.batch_alter_table("questions") as table:
        table.drop_index("ix_questions_message_hash")
        table.drop_column("message_hash")
