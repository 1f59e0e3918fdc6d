"""Forms that were sent."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

from slack_bolt import Ack, App
from slack_sdk.errors import SlackApiError

from bot.answers import Report
from bot.errors import InputError
from bot.ledger.values import Feedback
from bot.slack import suggesting
from bot.slack.blocks import modals, notices
from bot.slack.blocks.parts import actions, button, divider, read_value, section
from bot.slack.blocks.post import Block, Post, fit_view
from bot.slack.blocks.report import is_long, report_csv, report_post, shared_data, summary_post
from bot.slack.blocks.text import escape
from bot.slack.desk import Desk
from bot.slack.replies import check_given
from bot.years import AcademicYear

__all__ = ["VIEWS", "register"]

SECONDS_TO_CHECK = 2.0
"""A check this quick is the acknowledgement itself; Slack waits three seconds for one."""
SECONDS_TO_ACKNOWLEDGE = 1.0
_CHECKS = ThreadPoolExecutor(8, thread_name_prefix="check")

VIEWS = (
    "ilr_check_submitted",
    "ilr_not_quite_submitted",
    "ilr_share_submitted",
    "ilr_suggest_submitted",
)


def register(app: App, desk: Desk) -> None:
    """Register the listeners for forms."""

    @app.view(VIEWS[0])
    def check(ack: Ack, body: dict[str, Any]) -> None:
        given, year = _given(body["view"])
        if not given:
            ack(
                response_action="errors",
                errors={"paste": "Paste a record here, or add a file below."},
            )
            return
        _check(desk, ack, body, given, year)

    @app.view(VIEWS[1])
    def not_quite(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        _not_quite(desk, body)

    @app.view(VIEWS[2])
    def share(ack: Ack, body: dict[str, Any]) -> None:
        channel = _value(body["view"], "share", "channel", "selected_conversation")
        if not channel:
            ack(response_action="errors", errors={"share": "Choose where to share it."})
            return
        data = read_value(body["view"].get("private_metadata"))
        rules = desk.helpdesk.knowledge.catalogue.rows
        try:
            desk.slack.say(channel, summary_post(body["user"]["id"], data, rules))
        except SlackApiError:
            ack(
                response_action="errors",
                errors={"share": "I could not post there. Invite me to the channel first."},
            )
            return
        ack()

    @app.view(VIEWS[3])
    def suggest(ack: Ack, body: dict[str, Any]) -> None:
        errors = suggesting.submitted(desk, body)
        if errors:
            ack(response_action="errors", errors=errors)
        else:
            ack(
                response_action="update",
                view=modals.notice_modal("Thank you", suggesting.THANKS),
            )


def _given(view: dict[str, Any]) -> tuple[list[dict[str, Any] | str], AcademicYear | None]:
    """What was pasted or added, and the year that was chosen."""
    pasted = _value(view, "paste", "record", "value") or ""
    files = _value(view, "file", "files", "files") or []
    given: list[dict[str, Any] | str] = [pasted] if pasted.strip() else []
    given += [file for file in files if isinstance(file, dict)]
    chosen = (_value(view, "year", "year", "selected_option") or {}).get("value")
    if not chosen or chosen == modals.ANY_YEAR:
        return given, None
    return given, AcademicYear.parse(chosen)


def _value(view: dict[str, Any], block: str, action: str, key: str) -> Any:
    values = view.get("state", {}).get("values", {})
    return values.get(block, {}).get(action, {}).get(key)


def _check(
    desk: Desk,
    ack: Ack,
    body: dict[str, Any],
    given: list[dict[str, Any] | str],
    year: AcademicYear | None,
) -> None:
    """Check what was given and show the result in the form, or in their messages if it is gone."""
    work = _CHECKS.submit(_checked, desk, given, year)
    try:
        found = work.result(SECONDS_TO_CHECK)
    except TimeoutError:
        ack(response_action="update", view=modals.busy_modal())
        found = work.result()
        # Slack shows the busy form when our acknowledgement reaches it; a result that overtook
        # it would be replaced by it for good.
        time.sleep(SECONDS_TO_ACKNOWLEDGE)
        _show(desk, body, found)
    except Exception:
        ack()
        raise
    else:
        ack(response_action="update", view=fit_view(found.view))
    for report in found.long:
        _send_csv(desk, body["user"]["id"], report_csv(report), str(report.year))


class _Found(NamedTuple):
    """What a form's check came to."""

    view: Block
    blocks: list[Block]
    long: list[Report]
    """The reports whose findings did not all fit."""


def _checked(desk: Desk, given: list[dict[str, Any] | str], year: AcademicYear | None) -> _Found:
    blocks: list[Block] = []
    shared: dict[str, Any] = {}
    long: list[Report] = []
    shown = 0
    for one in given:
        if blocks:
            blocks.append(divider())
        try:
            report = check_given(desk, one, year, door="form")
        except InputError as error:
            blocks.append(section(escape(str(error))))
            continue
        where = "the CSV file in our direct messages"
        blocks += report_post(report, elsewhere=where, first=shown).blocks
        shown += len(report.findings)
        shared = shared or shared_data(report)
        if is_long(report):
            long.append(report)
    view = (
        modals.report_modal(blocks, shared)
        if shared.get("rules")
        else modals.closing_modal("What the check found", blocks)
    )
    return _Found(view, blocks, long)


def _show(desk: Desk, body: dict[str, Any], found: _Found) -> None:
    try:
        desk.slack.update_view(body["view"]["id"], found.view)
    except SlackApiError as error:
        if error.response.get("error") not in ("not_found", "view_not_found", "expired_trigger_id"):
            raise
        post = Post("The check you asked for is done.", found.blocks)
        desk.slack.direct(body["user"]["id"], post)


def _send_csv(desk: Desk, user: str, content: str, year: str) -> None:
    channel, ts = desk.slack.direct(user, notices.said("Every finding of your check, as a file:"))
    desk.slack.upload(
        channel, f"ilr-check-{year}.csv", content, thread_ts=ts, title="Every finding of the check"
    )


def _not_quite(desk: Desk, body: dict[str, Any]) -> None:
    """Keep what was wrong with an answer, and offer a person."""
    view, user = body["view"], body["user"]["id"]
    data = read_value(view.get("private_metadata"))
    chosen = (_value(view, "why", "why", "selected_option") or {}).get("value")
    note = _value(view, "note", "note", "value") or ""
    question = next((q for q in data.get("q") or () if isinstance(q, int)), None)
    if question is not None and chosen:
        kind = Feedback(chosen)
        desk.keeping.attempt(
            lambda ledger: ledger.record_feedback(question, kind, user=user, note=note)
        )
    text = "Thank you. A curator will look at it."
    post = notices.said(text)
    if desk.settings.triage_channel:
        value = {key: data.get(key) for key in ("e", "y", "q", "t")}
        person = button("Ask a person", "ilr_ask_person", value)
        post = Post(text, [*post.blocks, *actions([person])])
    url = data.get("r")
    if isinstance(url, str) and url:
        desk.slack.respond(url, post, thread=str(data.get("th") or ""))
    else:
        desk.slack.direct(user, post)
