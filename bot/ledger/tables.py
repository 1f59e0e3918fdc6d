"""The ledger's tables.

What they hold about people: a keyed hash of the user instead of the user, masked text, and
no names. Slack's ids are kept in the clear only where the bot must find its way back (an event
not yet answered, a hand-over not yet closed, a suggestion not yet decided on), and are cleared
when it no longer must. Ids that were given never return (AUTOINCREMENT on SQLite),
since buttons in Slack carry them. ``team_hash`` says whose a row is: a keyed hash of the
workspace's id, empty for what was kept before workspaces were told apart, and by the terminal.
A change here needs a migration: a test compares the two.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

__all__ = [
    "UtcDateTime",
    "check_rules",
    "checks",
    "entry_usage",
    "events",
    "feedback",
    "handovers",
    "marks",
    "metadata",
    "phrasings",
    "questions",
    "return_reminders",
    "slack_bots",
    "slack_oauth_states",
    "suggestions",
    "threads",
    "workspaces",
]


class UtcDateTime(TypeDecorator[datetime]):
    """Aware datetimes, kept in UTC, on databases with and without time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; SQLite keeps no zone."""
        if value is None:
            return None
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Back to an aware datetime."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_HASH = String(64)
_SLACK_ID = String(64)


def _team(*, index: bool = False) -> Column[str]:
    """Indexed only where many rows stay: what is kept of an event must be written soon."""
    return Column("team_hash", _HASH, index=index)


questions = Table(
    "questions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("asked_at", UtcDateTime, nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("year", String(7)),
    Column("door", String(32), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("entry_id", String(80), index=True),
    Column("confidence", Float),
    Column("choices", JSON, nullable=False),
    Column("user_hash", _HASH, index=True),
    Column("thread_hash", _HASH, index=True),
    Column("message_hash", _HASH, index=True),
    Column("gap_closed_at", UtcDateTime),
    # Whose message it was, where somebody else looked it up.
    Column("author_hash", _HASH, index=True),
    _team(index=True),
    sqlite_autoincrement=True,
)

feedback = Table(
    "feedback",
    metadata,
    Column("id", Integer, primary_key=True),
    Column(
        "question_id", ForeignKey("questions.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    Column("given_at", UtcDateTime, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("note", Text),
    # Empty for somebody unknown (the terminal), so that the pair below stays unique.
    Column("user_hash", _HASH, nullable=False),
    UniqueConstraint("question_id", "user_hash"),
    sqlite_autoincrement=True,
)

handovers = Table(
    "handovers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column(
        "question_id",
        ForeignKey("questions.id", ondelete="SET NULL"),
        unique=True,
    ),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("text", Text, nullable=False),
    Column("year", String(7)),
    Column("state", String(16), nullable=False, index=True),
    Column("asker_hash", _HASH, index=True),
    Column("asker_channel", _SLACK_ID),
    Column("asker_thread", _SLACK_ID),
    # The message that tells the asker how it stands; changed in place.
    Column("asker_notice", _SLACK_ID),
    Column("triage_channel", _SLACK_ID),
    Column("triage_message", _SLACK_ID, index=True),
    Column("taker", _SLACK_ID),
    Column("taken_at", UtcDateTime),
    Column("answered_at", UtcDateTime),
    Column("reminded_on", Date),
    _team(),
    sqlite_autoincrement=True,
)

suggestions = Table(
    "suggestions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("suggested_at", UtcDateTime, nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("entry_id", String(80), nullable=False),
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("also_asked", JSON),
    Column("topic", String(80)),
    Column("year_from", String(7), nullable=False),
    Column("source_title", Text),
    Column("source_url", Text),
    Column("source_year", String(32)),
    Column("practice_owner", String(80)),
    Column("suggester_hash", _HASH, index=True),
    # Their direct messages, to say what became of it; cleared once that was said.
    Column("suggester_channel", _SLACK_ID),
    Column("curator", String(80)),
    Column("reason", Text),
    Column("decided_at", UtcDateTime),
    Column("handover_id", ForeignKey("handovers.id", ondelete="SET NULL")),
    Column("question_id", ForeignKey("questions.id", ondelete="SET NULL")),
    _team(),
    sqlite_autoincrement=True,
)

phrasings = Table(
    "phrasings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("proposed_at", UtcDateTime, nullable=False),
    Column("entry_id", String(80), nullable=False),
    Column("text", Text, nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("proposer_hash", _HASH, index=True),
    Column("curator", String(80)),
    Column("decided_at", UtcDateTime),
    _team(),
    sqlite_autoincrement=True,
)

checks = Table(
    "checks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("checked_at", UtcDateTime, nullable=False, index=True),
    Column("year", String(7)),
    Column("door", String(32), nullable=False),
    Column("learners", Integer, nullable=False),
    _team(index=True),
    sqlite_autoincrement=True,
)

check_rules = Table(
    "check_rules",
    metadata,
    Column("check_id", ForeignKey("checks.id", ondelete="CASCADE"), primary_key=True),
    Column("rule", String(40), primary_key=True),
    Column("times", Integer, nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("event_id", String(255), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("lease_until", UtcDateTime, nullable=False),
    Column("worker", String(40), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("user_hash", _HASH, index=True),
    Column("payload", JSON(none_as_null=True)),
    Column("finished_at", UtcDateTime),
    _team(),
    Index("ix_events_waiting", "state", "lease_until"),
)

threads = Table(
    "threads",
    metadata,
    Column("thread_hash", _HASH, primary_key=True),
    Column("state", String(16), nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
    Column("question_id", ForeignKey("questions.id", ondelete="CASCADE"), index=True),
    _team(),
)

return_reminders = Table(
    "return_reminders",
    metadata,
    Column("year", String(7), primary_key=True),
    Column("code", String(8), primary_key=True),
    Column("person", _SLACK_ID, primary_key=True),
    Column("remind_on", Date, nullable=False, index=True),
    _team(),
)

entry_usage = Table(
    "entry_usage",
    metadata,
    Column("entry_id", String(80), primary_key=True),
    Column("week", String(8), primary_key=True),
    # "" where workspaces are not told apart, so that the three stay unique.
    Column("team_hash", _HASH, primary_key=True, server_default=""),
    Column("shown", Integer, nullable=False),
)

marks = Table(
    "marks",
    metadata,
    Column("key", String(120), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)

workspaces = Table(
    "workspaces",
    metadata,
    Column("team_id", _SLACK_ID, primary_key=True),
    # Of an app that is installed for a whole organisation, and of a workspace in one.
    Column("enterprise_id", _SLACK_ID, index=True),
    Column("for_organisation", Boolean, nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
)

# The two tables of slack_sdk's own stores, with room for tokens that are encrypted.
slack_bots = Table(
    "slack_bots",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("client_id", String(32), nullable=False),
    Column("app_id", String(32), nullable=False),
    Column("enterprise_id", String(32)),
    Column("enterprise_name", String(200)),
    Column("team_id", String(32)),
    Column("team_name", String(200)),
    Column("bot_token", Text),
    Column("bot_id", String(32)),
    Column("bot_user_id", String(32)),
    Column("bot_scopes", String(1000)),
    Column("bot_refresh_token", Text),
    Column("bot_token_expires_at", DateTime),
    Column("is_enterprise_install", Boolean, nullable=False),
    Column("installed_at", DateTime, nullable=False),
    Index("slack_bots_idx", "client_id", "enterprise_id", "team_id", "installed_at"),
)

slack_oauth_states = Table(
    "slack_oauth_states",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("state", String(200), nullable=False),
    Column("expire_at", DateTime, nullable=False),
)
