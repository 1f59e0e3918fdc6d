"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create everything."""
    op.create_table(
        "checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("year", sa.String(length=7), nullable=True),
        sa.Column("door", sa.String(length=32), nullable=False),
        sa.Column("learners", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checks")),
    )
    op.create_index(op.f("ix_checks_checked_at"), "checks", ["checked_at"], unique=False)
    op.create_table(
        "entry_usage",
        sa.Column("entry_id", sa.String(length=80), nullable=False),
        sa.Column("week", sa.String(length=8), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", "week", name=op.f("pk_entry_usage")),
    )
    op.create_table(
        "events",
        sa.Column("event_id", sa.String(length=255), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("worker", sa.String(length=40), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("user_hash", sa.String(length=64), nullable=True),
        sa.Column("payload", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_events")),
    )
    op.create_index(op.f("ix_events_user_hash"), "events", ["user_hash"], unique=False)
    op.create_index("ix_events_waiting", "events", ["state", "lease_until"], unique=False)
    op.create_table(
        "marks",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_marks")),
    )
    op.create_table(
        "phrasings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entry_id", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("proposer_hash", sa.String(length=64), nullable=True),
        sa.Column("curator", sa.String(length=80), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phrasings")),
    )
    op.create_index(
        op.f("ix_phrasings_proposer_hash"), "phrasings", ["proposer_hash"], unique=False
    )
    op.create_index(op.f("ix_phrasings_state"), "phrasings", ["state"], unique=False)
    op.create_table(
        "questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("year", sa.String(length=7), nullable=True),
        sa.Column("door", sa.String(length=32), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("entry_id", sa.String(length=80), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("user_hash", sa.String(length=64), nullable=True),
        sa.Column("thread_hash", sa.String(length=64), nullable=True),
        sa.Column("gap_closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
    )
    op.create_index(op.f("ix_questions_asked_at"), "questions", ["asked_at"], unique=False)
    op.create_index(op.f("ix_questions_entry_id"), "questions", ["entry_id"], unique=False)
    op.create_index(op.f("ix_questions_thread_hash"), "questions", ["thread_hash"], unique=False)
    op.create_index(op.f("ix_questions_user_hash"), "questions", ["user_hash"], unique=False)
    op.create_table(
        "check_rules",
        sa.Column("check_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["check_id"], ["checks.id"], name=op.f("fk_check_rules_check_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("check_id", "rule", name=op.f("pk_check_rules")),
    )
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("user_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["questions.id"],
            name=op.f("fk_feedback_question_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
        sa.UniqueConstraint("question_id", "user_hash", name=op.f("uq_feedback_question_id")),
    )
    op.create_index(op.f("ix_feedback_question_id"), "feedback", ["question_id"], unique=False)
    op.create_table(
        "handovers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("year", sa.String(length=7), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("asker_hash", sa.String(length=64), nullable=True),
        sa.Column("asker_channel", sa.String(length=64), nullable=True),
        sa.Column("asker_thread", sa.String(length=64), nullable=True),
        sa.Column("triage_channel", sa.String(length=64), nullable=True),
        sa.Column("triage_message", sa.String(length=64), nullable=True),
        sa.Column("taker", sa.String(length=64), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["questions.id"],
            name=op.f("fk_handovers_question_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
        sa.UniqueConstraint("question_id", name=op.f("uq_handovers_question_id")),
    )
    op.create_index(op.f("ix_handovers_asker_hash"), "handovers", ["asker_hash"], unique=False)
    op.create_index(op.f("ix_handovers_state"), "handovers", ["state"], unique=False)
    op.create_index(
        op.f("ix_handovers_triage_message"), "handovers", ["triage_message"], unique=False
    )
    op.create_table(
        "threads",
        sa.Column("thread_hash", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["questions.id"],
            name=op.f("fk_threads_question_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("thread_hash", name=op.f("pk_threads")),
    )
    op.create_index(op.f("ix_threads_question_id"), "threads", ["question_id"], unique=False)
    op.create_table(
        "suggestions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("suggested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.String(length=80), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("topic", sa.String(length=80), nullable=True),
        sa.Column("year_from", sa.String(length=7), nullable=False),
        sa.Column("source_title", sa.Text(), nullable=True),
        sa.Column("source_url", sa.Text(), nullable=True),
        sa.Column("source_year", sa.String(length=32), nullable=True),
        sa.Column("practice_owner", sa.String(length=80), nullable=True),
        sa.Column("suggester_hash", sa.String(length=64), nullable=True),
        sa.Column("curator", sa.String(length=80), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handover_id", sa.Integer(), nullable=True),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["handover_id"],
            ["handovers.id"],
            name=op.f("fk_suggestions_handover_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["questions.id"],
            name=op.f("fk_suggestions_question_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestions")),
    )
    op.create_index(op.f("ix_suggestions_state"), "suggestions", ["state"], unique=False)
    op.create_index(
        op.f("ix_suggestions_suggester_hash"), "suggestions", ["suggester_hash"], unique=False
    )


def downgrade() -> None:
    """Drop everything."""
    op.drop_table("suggestions")
    op.drop_table("threads")
    op.drop_table("handovers")
    op.drop_table("feedback")
    op.drop_table("check_rules")
    op.drop_table("questions")
    op.drop_table("phrasings")
    op.drop_table("marks")
    op.drop_table("events")
    op.drop_table("entry_usage")
    op.drop_table("checks")
