"""The one way in which a record is checked, whichever way it came.

A direct message, the form, the slash command and the message shortcut each bring text or a file
in Slack; ``check`` makes a report of it, and each shows the report where its asker is.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, NamedTuple

from slack_sdk.errors import SlackApiError

from bot.checking.apart import is_small
from bot.checking.report import Report
from bot.errors import InputError
from bot.slack.blocks import modals, notices
from bot.slack.blocks.parts import divider, in_part, section
from bot.slack.blocks.post import Block, Post, fit_view
from bot.slack.blocks.report import is_long, report_csv, report_post, shared_rules
from bot.slack.blocks.text import escape
from bot.slack.context import AppContext
from bot.slack.features import timeline_image
from bot.slack.features.redacted_copy import send_copy
from bot.slack.interactions import Click
from bot.slack.messages import IncomingMessage, about, copy_of
from bot.slack.payloads import CheckForm, ImagesPayload, Payload, SharedRules, SlackFile
from bot.years import AcademicYear

__all__ = [
    "Checked",
    "FormCheck",
    "check",
    "check_again",
    "check_message",
    "check_privately",
    "form_closed",
    "form_submitted",
    "next_form",
    "open_form",
    "open_form_from_button",
]

MAX_FILES = 5
"""Files of one message that are checked, one after another; the rest are named."""
SECONDS_TO_CHECK = 2.0
"""A check this quick is the acknowledgement itself; Slack waits three seconds for one."""
SECONDS_TO_ACKNOWLEDGE = 1.0
_CHECKS = ThreadPoolExecutor(8, thread_name_prefix="check")
_NOTHING_GIVEN = {
    "response_action": "errors",
    "errors": {"paste": "Paste a record here, or add a file below."},
}
_IN_MESSAGES = "the CSV file in our direct messages"


class Checked(NamedTuple):
    """A record that was checked, and what was found."""

    record: str | bytes
    report: Report


def check(
    app: AppContext, given: str | SlackFile, year: AcademicYear | None = None, *, source: str
) -> Checked:
    """Check text or a file in Slack; of it, only how often rules were broken is kept.

    ``year`` None: the one that the record says. Raises InputError, in one sentence, when it
    cannot be fetched or read.
    """
    record = app.content_of(given)
    name = given.name if isinstance(given, SlackFile) else None
    if is_small(record):
        report = app.helpdesk.check(record, year, file_name=name)
    else:
        helpdesk = app.helpdesk.published
        report = app.apart.check(
            helpdesk.knowledge, record, year, today=helpdesk.today(), file_name=name
        )
    app.ledger.record_check(report, source=source)
    return Checked(record, report)


# -- in direct messages


def check_message(app: AppContext, message: IncomingMessage) -> str:
    """Check what somebody sent in direct messages, and post each report below it."""
    app.slack.status(message.channel, message.root, "is checking the record…")
    if not app.ledger.may_post(message):
        return "taken over"
    for given in message.given[:MAX_FILES]:
        try:
            report = check(app, given, source=message.source).report
        except InputError as error:
            post = notices.text_post(escape(str(error)))
            app.slack.say(message.channel, post, thread_ts=message.root, about=about(message))
            continue
        post = report_post(report, elsewhere="the CSV file below", copy_of=copy_of(message, given))
        app.slack.say(message.channel, post, thread_ts=message.root, about=about(message))
        _add_files(app, report, message.channel, message.root)
    if left_out := _left_out(message):
        app.slack.say(message.channel, left_out, thread_ts=message.root)
    if message.has_picture:
        note = notices.only_a_picture(in_channel=False)
        app.slack.say(message.channel, note, thread_ts=message.root)
    return "checked"


def _left_out(message: IncomingMessage) -> Post | None:
    """What is said of the files that are too many; None when all are checked."""
    names = [file.name or "a file without a name" for file in message.documents[MAX_FILES:]]
    return notices.files_left_out(MAX_FILES, names) if names else None


def check_again(app: AppContext, message: IncomingMessage, reply_ts: str) -> None:
    """A record in direct messages was edited: its report becomes the one of what it is now."""
    try:
        report = check(app, message.text, source=message.source).report
    except InputError as error:
        post = notices.text_post(escape(str(error)))
        app.slack.change(message.channel, reply_ts, post, about=about(message))
        return
    post = report_post(report, copy_of=copy_of(message, message.text))
    app.slack.change(message.channel, reply_ts, post, about=about(message))
    _add_files(app, report, message.channel, message.root)


def _add_files(app: AppContext, report: Report, channel: str, thread_ts: str) -> None:
    if is_long(report):
        _upload_csv(app, report, channel, thread_ts)
    timeline_image.add_to_thread(app, report, channel, thread_ts)


def _upload_csv(app: AppContext, report: Report, channel: str, thread_ts: str) -> None:
    app.slack.upload(
        channel,
        f"ilr-check-{report.year}.csv",
        report_csv(report),
        thread_ts=thread_ts,
        title="Every finding of the check",
    )


# -- from a command or a shortcut


def check_privately(app: AppContext, message: IncomingMessage, url: str) -> None:
    """Check what a command or shortcut is about; the reports are for whoever used it alone."""
    if message.has_picture and not (message.documents or message.text):
        note = notices.only_a_picture(in_channel=not message.in_dm)
        app.slack.respond(url, note, user=message.user)
        return
    for given in message.given[:MAX_FILES]:
        _check_one_privately(app, message, given, url)
    if left_out := _left_out(message):
        app.slack.respond(url, left_out, user=message.user)


def _check_one_privately(
    app: AppContext, message: IncomingMessage, given: str | SlackFile, url: str
) -> None:
    try:
        report = check(app, given, source=message.source).report
    except InputError as error:
        app.slack.respond(url, notices.text_post(escape(str(error))), user=message.user)
        return
    app.slack.respond(url, report_post(report, elsewhere=_IN_MESSAGES), user=message.user)
    if is_long(report):
        _send_csv(app, message.user, report)
    show = partial(_respond_with_image, app, url)
    timeline_image.add_where_shown(app, report, message.user, show)


def _respond_with_image(app: AppContext, url: str, image: Block) -> bool:
    try:
        app.slack.respond(url, notices.image_post(image), or_plainer=False)
    except (SlackApiError, OSError):
        return False
    return True


def _send_csv(app: AppContext, user: str, report: Report) -> None:
    """Every finding as a file, in somebody's direct messages."""
    post = notices.text_post("Every finding of your check, as a file:")
    channel, ts = app.slack.direct(user, post)
    _upload_csv(app, report, channel, ts)


# -- in the form


def open_form(app: AppContext, trigger: str) -> None:
    """Show the form to check a record with."""
    app.slack.open(trigger, modals.check_modal(app.years_offered()))


def open_form_from_button(app: AppContext, click: Click[Payload]) -> None:
    """Show it to somebody who pressed a button for it."""
    open_form(app, click.trigger)


def form_submitted(app: AppContext, body: dict[str, Any]) -> FormCheck:
    """Begin to check what was given to the form: acknowledge it, then let it finish."""
    form = CheckForm.from_view(body["view"])
    return FormCheck(app, form, body["user"]["id"], body["view"]["id"])


def next_form(app: AppContext) -> dict[str, Any]:
    """What Slack is to do when somebody goes on from a report: show the form anew."""
    return {"response_action": "update", "view": modals.check_modal(app.years_offered())}


def form_closed(app: AppContext, body: dict[str, Any]) -> None:
    """The form is closed: the images in it are deleted, so that Slack keeps none of them."""
    for image in ImagesPayload.read(body["view"].get("private_metadata")).images:
        app.slack.remove_file(image)


class FormCheck:
    """A check that a form asked for.

    Its result is the acknowledgement if it is there within two seconds. Otherwise the form says
    that it is busy, and has the result later; if it was closed by then, a message has it.
    """

    def __init__(self, app: AppContext, form: CheckForm, user: str, view_id: str) -> None:
        self._app = app
        self._form = form
        self._user = user
        self._view_id = view_id
        self._result = _CHECKS.submit(_check_form, app, form) if form.given else None
        self._is_busy = False
        self._is_open = True

    def acknowledgement(self) -> dict[str, Any]:
        """What Slack is to do with the form now."""
        if self._result is None:
            return _NOTHING_GIVEN
        try:
            view = fit_view(self._result.result(SECONDS_TO_CHECK).view)
        except TimeoutError:
            self._is_busy = True
            view = modals.busy_modal()
        return {"response_action": "update", "view": view}

    def finish(self) -> None:
        """Show what is not shown yet: the result, long lists, the copy asked for, images."""
        if self._result is None:
            return
        result = self._result.result()
        if self._is_busy:
            # Slack shows the busy form when our acknowledgement reaches it; a result that
            # overtook it would be replaced by it for good.
            time.sleep(SECONDS_TO_ACKNOWLEDGE)
            self._is_open = self._app.slack.update_view(self._view_id, result.view)
            if not self._is_open:
                post = Post("The check you asked for is done.", result.blocks)
                self._app.slack.direct(self._user, post)
        for one in result.checked:
            if is_long(one.report):
                _send_csv(self._app, self._user, one.report)
            if self._form.copy_wanted:
                _send_copy(self._app, self._user, one.record)
        self._add_images(result)

    def _add_images(self, result: _FormResult) -> None:
        """The pictures of the dates; the last first, so that no place moves."""
        acknowledged = time.monotonic()
        places = zip(result.checked, result.places, strict=True)
        for one, place in reversed(list(places)):
            show = partial(self._show_image, result, place, acknowledged)
            timeline_image.add_where_shown(self._app, one.report, self._user, show)

    def _show_image(
        self, result: _FormResult, place: int, acknowledged: float, image: Block
    ) -> bool:
        if not self._is_open:
            return False
        result.blocks.insert(place, image)
        time.sleep(max(0.0, acknowledged + SECONDS_TO_ACKNOWLEDGE - time.monotonic()))
        try:
            shown = self._app.slack.update_view(self._view_id, result.view)
        except (SlackApiError, OSError):
            result.blocks.pop(place)
            return False
        if not shown:
            # Somebody who closed the form has seen what they wanted.
            result.blocks.pop(place)
        return True


class _FormResult(NamedTuple):
    """What a form's check came to."""

    blocks: list[Block]
    shared: SharedRules
    checked: list[Checked]
    places: list[int]
    """Where in ``blocks`` each one's picture belongs."""

    @property
    def view(self) -> Block:
        """The form with the result in it."""
        images = tuple(b["slack_file"]["id"] for b in self.blocks if b["type"] == "image")
        return modals.report_modal(self.blocks, self.shared.model_copy(update={"images": images}))


def _check_form(app: AppContext, form: CheckForm) -> _FormResult:
    blocks: list[Block] = []
    shared = SharedRules()
    checked: list[Checked] = []
    places: list[int] = []
    for part, given in enumerate(form.given):
        if blocks:
            blocks.append(divider())
        try:
            one = check(app, given, form.year, source="form")
        except InputError as error:
            blocks.append(section(escape(str(error))))
            continue
        checked.append(one)
        # The picture goes below the conclusion and the line about what was checked.
        places.append(len(blocks) + 2)
        post = report_post(one.report, elsewhere=_IN_MESSAGES, surface="modal")
        blocks += in_part(post.blocks, part)
        if not shared.rules:
            shared = shared_rules(one.report)
    return _FormResult(blocks, shared, checked, places)


def _send_copy(app: AppContext, user: str, record: str | bytes) -> None:
    channel, ts = app.slack.direct(user, notices.text_post("The copy you asked for:"))
    try:
        send_copy(app, record, channel, ts)
    except InputError as error:
        app.slack.say(channel, notices.text_post(escape(str(error))), thread_ts=ts)
