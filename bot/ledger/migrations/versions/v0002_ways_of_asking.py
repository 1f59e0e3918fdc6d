"""Suggestions hold the ways their question is asked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; suggestions made before have none."""
    with op.batch_alter_table("suggestions") as table:
        table.add_column(sa.Column("also_asked", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Drop it."""
    with op.batch_alter_table("suggestions") as table:
        table.drop_column("also_asked")
