"""Forms that were sent."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, NamedTuple

from slack_bolt import Ack, App
from slack_sdk.errors import SlackApiError

from bot.checking.report import Report
from bot.errors import InputError
from bot.ledger.values import Feedback
from bot.slack.blocks import modals, notices
from bot.slack.blocks.parts import actions, button, divider, read_value, section
from bot.slack.blocks.post import Block, Post, fit_view
from bot.slack.blocks.report import is_long, report_post, shared_data, summary_post
from bot.slack.blocks.text import escape
from bot.slack.context import AppContext
from bot.slack.features import home, suggesting
from bot.slack.features import timeline_image as pictures
from bot.slack.features.asking import check_given, fetched, send_csv
from bot.slack.features.redacted_copy import send_copy
from bot.years import AcademicYear

__all__ = ["VIEWS", "register"]

SECONDS_TO_CHECK = 2.0
"""A check this quick is the acknowledgement itself; Slack waits three seconds for one."""
SECONDS_TO_ACKNOWLEDGE = 1.0
PICTURES = "p"
"""What a form carries the ids of its pictures as."""
_GONE = ("not_found", "view_not_found", "expired_trigger_id")
_CHECKS = ThreadPoolExecutor(8, thread_name_prefix="check")

VIEWS = (
    "ilr_check_submitted",
    "ilr_not_quite_submitted",
    "ilr_share_submitted",
    "ilr_suggest_submitted",
)


def register(bolt: App, app: AppContext) -> None:
    """Register the listeners for forms."""

    @bolt.view(VIEWS[0])
    def check(ack: Ack, body: dict[str, Any]) -> None:
        form = _filled_in(body["view"])
        if not form.given:
            ack(
                response_action="errors",
                errors={"paste": "Paste a record here, or add a file below."},
            )
            return
        _check(app, ack, body, form)

    @bolt.view_closed(re.compile(".*"))
    def closed(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        _let_go(app, body)

    @bolt.view(VIEWS[1])
    def not_quite(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        _not_quite(app, body)

    @bolt.view(VIEWS[2])
    def share(ack: Ack, body: dict[str, Any]) -> None:
        channel = _value(body["view"], "share", "channel", "selected_conversation")
        if not channel:
            ack(response_action="errors", errors={"share": "Choose where to share it."})
            return
        data = read_value(body["view"].get("private_metadata"))
        rules = app.helpdesk.knowledge.catalogue.rows
        try:
            app.slack.say(channel, summary_post(body["user"]["id"], data, rules))
        except SlackApiError:
            ack(
                response_action="errors",
                errors={"share": "I could not post there. Invite me to the channel first."},
            )
            return
        ack()
        _let_go(app, body)

    @bolt.view(VIEWS[3])
    def suggest(ack: Ack, body: dict[str, Any]) -> None:
        ack(**suggesting.submitted(app, body))
        if suggesting.is_edit(body):
            home.publish(app, body["user"]["id"])


class _Form(NamedTuple):
    """What was pasted or added, the year that was chosen, and whether a copy is wanted."""

    given: list[dict[str, Any] | str]
    year: AcademicYear | None
    copy: bool


def _filled_in(view: dict[str, Any]) -> _Form:
    pasted = _value(view, "paste", "record", "value") or ""
    files = _value(view, "file", "files", "files") or []
    given: list[dict[str, Any] | str] = [pasted] if pasted.strip() else []
    given += [file for file in files if isinstance(file, dict)]
    chosen = (_value(view, "year", "year", "selected_option") or {}).get("value")
    year = None if not chosen or chosen == modals.ANY_YEAR else AcademicYear.parse(chosen)
    return _Form(given, year, bool(_value(view, "copy", "copy", "selected_options")))


def _value(view: dict[str, Any], block: str, action: str, key: str) -> Any:
    values = view.get("state", {}).get("values", {})
    return values.get(block, {}).get(action, {}).get(key)


def _check(app: AppContext, ack: Ack, body: dict[str, Any], form: _Form) -> None:
    """Check what was given and show the result in the form, or in their messages if it is gone."""
    work = _CHECKS.submit(_checked, app, form)
    there = True
    try:
        found = work.result(SECONDS_TO_CHECK)
    except TimeoutError:
        ack(response_action="update", view=modals.busy_modal())
        found = work.result()
        # Slack shows the busy form when our acknowledgement reaches it; a result that overtook
        # it would be replaced by it for good.
        time.sleep(SECONDS_TO_ACKNOWLEDGE)
        there = _show(app, body, found)
    except Exception:
        ack()
        raise
    else:
        ack(response_action="update", view=fit_view(found.view))
    user = body["user"]["id"]
    for one in found.checked:
        if is_long(one.report):
            send_csv(app, user, one.report)
        if form.copy:
            _send_copy(app, user, one.record)
    _add_pictures(app, body, found, there=there)


class _Checked(NamedTuple):
    """One record that was checked, and where in the form its picture belongs."""

    record: str | bytes
    report: Report
    place: int


class _Found(NamedTuple):
    """What a form's check came to."""

    blocks: list[Block]
    shared: dict[str, Any]
    checked: list[_Checked]

    @property
    def view(self) -> Block:
        """The form with the result in it."""
        pictures = {PICTURES: [b["slack_file"]["id"] for b in self.blocks if b["type"] == "image"]}
        if self.shared.get("rules"):
            return modals.report_modal(self.blocks, self.shared | pictures)
        return modals.closing_modal("What the check found", self.blocks, pictures)


def _checked(app: AppContext, form: _Form) -> _Found:
    found = _Found([], {}, [])
    shown = 0
    for one in form.given:
        if found.blocks:
            found.blocks.append(divider())
        try:
            record = fetched(app, one)
            report = check_given(app, record, form.year, source="form")
        except InputError as error:
            found.blocks.append(section(escape(str(error))))
            continue
        where = "the CSV file in our direct messages"
        post = report_post(report, elsewhere=where, first=shown, surface="modal")
        # The picture goes below the conclusion and the line about what was checked.
        found.checked.append(_Checked(record, report, len(found.blocks) + 2))
        found.blocks.extend(post.blocks)
        shown += len(report.findings) + len(report.violations)
        if not found.shared.get("rules"):
            found.shared.update(shared_data(report))
    return found


def _show(app: AppContext, body: dict[str, Any], found: _Found) -> bool:
    """Show the result in the form. False when the form is gone: then it goes by message."""
    try:
        app.slack.update_view(body["view"]["id"], found.view)
    except SlackApiError as error:
        if error.response.get("error") not in _GONE:
            raise
        post = Post("The check you asked for is done.", found.blocks)
        app.slack.direct(body["user"]["id"], post)
        return False
    return True


def _let_go(app: AppContext, body: dict[str, Any]) -> None:
    """The form is closed: the pictures in it are deleted, so that Slack keeps none of them."""
    files = read_value(body["view"].get("private_metadata")).get(PICTURES)
    for file in files if isinstance(files, list) else ():
        app.slack.remove_file(str(file))


def _add_pictures(app: AppContext, body: dict[str, Any], found: _Found, *, there: bool) -> None:
    """The pictures of the dates, into the form; the last first, so that no place moves."""
    acknowledged = time.monotonic()

    def put(block: Block, place: int) -> None:
        if not there:
            raise ConnectionError("the form is gone")
        found.blocks.insert(place, block)
        time.sleep(max(0.0, acknowledged + SECONDS_TO_ACKNOWLEDGE - time.monotonic()))
        try:
            app.slack.update_view(body["view"]["id"], found.view)
        except SlackApiError as error:
            found.blocks.pop(place)
            # Somebody who closed the form has seen what they wanted.
            if error.response.get("error") not in _GONE:
                raise

    for one in reversed(found.checked):
        pictures.add_where_shown(app, one.report, body["user"]["id"], partial(put, place=one.place))


def _send_copy(app: AppContext, user: str, record: str | bytes) -> None:
    channel, ts = app.slack.direct(user, notices.text_post("The copy you asked for:"))
    try:
        send_copy(app, record, channel, ts)
    except InputError as error:
        app.slack.say(channel, notices.text_post(escape(str(error))), thread_ts=ts)


def _not_quite(app: AppContext, body: dict[str, Any]) -> None:
    """Keep what was wrong with an answer, and offer a person."""
    view, user = body["view"], body["user"]["id"]
    data = read_value(view.get("private_metadata"))
    chosen = (_value(view, "why", "why", "selected_option") or {}).get("value")
    note = _value(view, "note", "note", "value") or ""
    question = next((q for q in data.get("q") or () if isinstance(q, int)), None)
    kept = None
    if question is not None and chosen:
        kind = Feedback(chosen)
        kept = app.keeping.attempt(
            lambda ledger: ledger.record_feedback(question, kind, user=user, note=note)
        )
    text = notices.feedback_ack(kept=kept is not None)
    post = notices.text_post(text)
    if app.settings.triage_channel:
        value = {key: data.get(key) for key in ("e", "y", "q", "t")}
        person = button("Ask a person", "ilr_ask_person", value)
        post = Post(text, [*post.blocks, *actions([person])])
    url = data.get("r")
    if isinstance(url, str) and url:
        app.slack.respond(url, post, thread=str(data.get("th") or ""))
    else:
        app.slack.direct(user, post)
