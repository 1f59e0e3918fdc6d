"""Alembic's migrations, run in code by ``bot.ledger.database.migrate``."""
