"""Before a return closes: a post in a channel, and a reminder for whoever wants one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from slack_sdk.errors import SlackApiError

from bot.ilr.specification import ReturnDate
from bot.ledger.reminders import ReturnReminder
from bot.slack.blocks.post import Post
from bot.slack.blocks.returns import (
    ReturnAhead,
    reminder_post,
    reminder_set,
    reminder_undone,
    return_post,
)
from bot.slack.context import AppContext
from bot.slack.interactions import Click
from bot.slack.payloads import ReturnPayload
from bot.slack.runtime.logs import log
from bot.working_days import is_working_day, working_days_before, working_days_between
from bot.years import AcademicYear

__all__ = ["announce", "remind_me", "remind_people", "stop_reminding_me"]

DAYS_AHEAD = 5
"""Working days before a return closes on which its post comes."""
WORKING_HOURS = range(8, 17)
"""UTC, in which it is posted."""
DAYS_ASKED = 14
"""Days before a return closed whose questions were asked for it."""
FOR_EVER = 400 * 86_400.0


def announce(app: AppContext, now: datetime | None = None) -> bool:
    """Post what is due in the channel of the setting, once; whether something was posted.

    Five working days before a return closes and on the last working day before, on working days
    in working hours. A day that was missed is made up for while it still helps.
    """
    channel, today = app.settings.returns_channel, app.helpdesk.today()
    if not channel or not _is_working_hour(today, now):
        return False
    for year, one in _returns(app):
        stage = _stage(one.closes, today)
        if not stage:
            continue
        with app.ledger.once(f"return {year} {one.code} {stage}", FOR_EVER) as is_first:
            if is_first:
                app.slack.say(channel, return_post(_ahead(app, year, one)))
                return True
    return False


def _is_working_hour(today: date, now: datetime | None) -> bool:
    return (now or datetime.now(UTC)).hour in WORKING_HOURS and is_working_day(today)


def _stage(closes: date, today: date) -> str:
    """Which of the two posts is due today; "" for none."""
    if today > closes or today < working_days_before(closes, DAYS_AHEAD):
        return ""
    return "last" if today >= working_days_before(closes, 1) else "first"


def _returns(app: AppContext) -> list[tuple[AcademicYear, ReturnDate]]:
    """The returns still to close, of this year and of the one before, the next one first."""
    specification, today = app.helpdesk.knowledge.specification, app.helpdesk.today()
    found = [
        (year, one)
        for year in (app.helpdesk.year - 1, app.helpdesk.year)
        if year in specification.years
        for one in specification.for_year(year).facts.returns
        if one.closes >= today
    ]
    return sorted(found, key=lambda each: each[1].closes)


def _ahead(app: AppContext, year: AcademicYear, one: ReturnDate) -> ReturnAhead:
    facts = app.helpdesk.knowledge.specification.for_year(year).facts
    today = app.helpdesk.today()
    entries = app.helpdesk.knowledge.entries.values()
    return ReturnAhead(
        year=year,
        closing=one,
        today=today,
        days=working_days_between(today, one.closes),
        to_check=[(e.id, e.question) for e in entries if one.code in e.before_returns],
        asked_last_time=_asked_last_time(app, year, one),
        note=facts.returns_note or "",
    )


def _asked_last_time(
    app: AppContext, year: AcademicYear, one: ReturnDate
) -> list[tuple[str, str, int]]:
    """What was asked most in the two weeks before this return closed a year ago."""
    closed = _closed_last_time(app, year, one)
    found = app.ledger.most_asked(closed - timedelta(days=DAYS_ASKED), closed + timedelta(days=1))
    entries = app.helpdesk.knowledge.entries
    return [(e, entries[e].question, times) for e, times in found if e in entries]


def _closed_last_time(app: AppContext, year: AcademicYear, one: ReturnDate) -> date:
    """When this return closed a year ago; where its date is not held, the same week."""
    specification = app.helpdesk.knowledge.specification
    held = specification.for_year(year - 1).facts.returns if year - 1 in specification.years else []
    dates = [before.closes for before in held if before.code == one.code]
    return dates[0] if dates else one.closes - timedelta(weeks=52)


def _find(app: AppContext, about: ReturnPayload) -> tuple[AcademicYear, ReturnDate] | None:
    return next(
        (each for each in _returns(app) if (each[0], each[1].code) == (about.year, about.code)),
        None,
    )


def remind_me(app: AppContext, click: Click[ReturnPayload]) -> None:
    """Somebody wants a message on the last working day before, or on the day it closes."""
    found = _find(app, click.payload)
    if found is None:
        click.whisper(app, reminder_undone(click.payload))
        return
    year, one = found
    eve = working_days_before(one.closes, 1)
    on = eve if app.helpdesk.today() < eve else one.closes
    kept = app.ledger.add_return_reminder(ReturnReminder(str(year), one.code, click.user, on))
    _answer(app, click, reminder_set(click.payload, one.closes, on if kept else None))


def stop_reminding_me(app: AppContext, click: Click[ReturnPayload]) -> None:
    """They do not want it after all."""
    app.ledger.remove_return_reminder(str(click.payload.year), click.payload.code, click.user)
    _answer(app, click, reminder_undone(click.payload))


def _answer(app: AppContext, click: Click[ReturnPayload], post: Post) -> None:
    """In the place of their own message; beside the channel's post, to them alone."""
    if click.only_theirs:
        click.replace(app, post)
    else:
        click.whisper(app, post)


def remind_people(app: AppContext, now: datetime | None = None) -> int:
    """Message those who wanted to be reminded today; how many."""
    today = app.helpdesk.today()
    if not _is_working_hour(today, now):
        return 0
    due = app.ledger.take_return_reminders(today)
    for reminder in due:
        about = ReturnPayload.of({"year": reminder.year, "code": reminder.code})
        found = _find(app, about)
        if found is None:
            continue  # it has closed by now
        try:
            app.slack.direct(reminder.person, reminder_post(_ahead(app, *found)))
        except (SlackApiError, OSError) as error:
            log.warning("a reminder could not be sent", extra={"error": type(error).__name__})
            app.ledger.add_return_reminder(reminder)
    return len(due)
