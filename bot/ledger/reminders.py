"""Who wants to be reminded of a return: their Slack id, until they were."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete

from bot.ledger.base import LedgerBase, insert
from bot.ledger.tables import return_reminders

__all__ = ["Reminders", "ReturnReminder"]


@dataclass(frozen=True, slots=True)
class ReturnReminder:
    """Somebody wants to hear of a return on a day."""

    year: str
    code: str
    person: str
    remind_on: date


class Reminders(LedgerBase):
    """A part of the ledger."""

    def add_return_reminder(self, reminder: ReturnReminder) -> None:
        """Keep it; asked for twice, it is kept once, for the later day."""
        values = {
            "year": reminder.year,
            "code": reminder.code,
            "person": reminder.person,
            "remind_on": reminder.remind_on,
        }
        with self._db.write() as connection:
            connection.execute(
                insert(connection, return_reminders, values).on_conflict_do_update(
                    index_elements=["year", "code", "person"],
                    set_={"remind_on": reminder.remind_on},
                )
            )

    def remove_return_reminder(self, year: str, code: str, person: str) -> None:
        """They do not want it after all; fine when there is none."""
        with self._db.write() as connection:
            connection.execute(
                delete(return_reminders).where(
                    return_reminders.c.year == year,
                    return_reminders.c.code == code,
                    return_reminders.c.person == person,
                )
            )

    def take_return_reminders(self, today: date) -> list[ReturnReminder]:
        """Those that are due, each for one caller only; they are no longer kept."""
        with self._db.write() as connection:
            rows = connection.execute(
                delete(return_reminders)
                .where(return_reminders.c.remind_on <= today)
                .returning(*return_reminders.c)
            ).all()
        return [ReturnReminder(row.year, row.code, row.person, row.remind_on) for row in rows]
