"""The picture of a learner's dates beside the report of a check.

It is drawn after the report is shown: nobody waits for it, and a report without it is whole.
"""

from __future__ import annotations

from collections.abc import Callable

from slack_sdk.errors import SlackApiError

from bot.checking.report import Report
from bot.errors import InputError
from bot.slack.blocks import notices
from bot.slack.blocks.parts import picture
from bot.slack.blocks.post import Block
from bot.slack.context import AppContext
from bot.slack.runtime.logs import log

__all__ = ["add_to_thread", "add_where_shown", "worth_drawing"]

_NAME, _TITLE = "dates.png", "The dates of the record"


def worth_drawing(report: Report) -> bool:
    """Whether there are dates to compare: two bars or more, of which one has a date."""
    timeline = report.timeline
    return (
        timeline is not None
        and len(timeline.bars) > 1
        and any(bar.days for bar in timeline.bars)
        and _can_draw()
    )


def _can_draw() -> bool:
    from bot.ilr.timeline_image import can_draw

    return can_draw()


def add_to_thread(app: AppContext, report: Report, channel: str, thread_ts: str) -> None:
    """The picture as a file below the report, in somebody's direct messages."""
    drawn = _drawn(report)
    if drawn is not None:
        content, alt = drawn
        try:
            app.slack.upload(channel, _NAME, content, thread_ts=thread_ts, title=_TITLE, alt=alt)
        except (SlackApiError, OSError) as error:
            log.warning("a picture was not taken", extra={"error": type(error).__name__})


def add_where_shown(
    app: AppContext, report: Report, user: str, show: Callable[[Block], bool]
) -> None:
    """The picture as a block where the report is; in their direct messages if Slack will not.

    ``show`` puts the block there; it gives False when it cannot be shown there.
    """
    drawn = _drawn(report)
    if drawn is None:
        return
    content, alt = drawn
    image = _given_to_slack(app, content, alt)
    if image is None or not show(image):
        channel, ts = app.slack.direct(user, notices.text_post(f"{_TITLE} you checked:"))
        app.slack.upload(channel, _NAME, content, thread_ts=ts, title=_TITLE, alt=alt)


def _given_to_slack(app: AppContext, content: bytes, alt: str) -> Block | None:
    """The picture as a block, None when Slack does not take its file."""
    try:
        return picture(app.slack.store_file(_NAME, content, title=_TITLE, alt=alt), alt)
    except (SlackApiError, OSError):
        return None


def _drawn(report: Report) -> tuple[bytes, str] | None:
    """The picture and the same in words; None when there is none to draw."""
    timeline = report.timeline
    if timeline is None or not worth_drawing(report):
        return None
    from bot.ilr.timeline_image import draw

    try:
        return draw(timeline), timeline.alt_text()
    except (InputError, ValueError, OverflowError) as error:
        # The report is there; which record could not be drawn is nobody's business.
        log.warning("a picture could not be drawn", extra={"error": type(error).__name__})
        return None
