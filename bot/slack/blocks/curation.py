"""The curators' part of App Home: what waits, the largest first, each with its next step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from bot.curation_queue import BusyWeek, CurationQueue
from bot.ilr.specification import ReturnDate
from bot.ledger.values import Flag, Gap, Handover, Outcomes, Phrasing, Suggestion
from bot.slack.blocks.parts import (
    action_id,
    actions,
    button,
    divider,
    modal,
    section,
    small,
)
from bot.slack.blocks.post import Block
from bot.slack.blocks.text import bold, clip, escape
from bot.slack.payloads import (
    EntryPayload,
    GapPayload,
    HandoverPayload,
    PhrasingPayload,
    SuggestionPayload,
    SuggestPayload,
    WeekPayload,
)

__all__ = ["busy_week_view", "queue_blocks", "unused_view"]

_MAX_SHOWN = 5
_MAX_IDS = 150
"""Question ids that fit in a button's 2,000 characters."""
_AWAY = "The database is unavailable, so the queue cannot be shown. Please try again soon."

TitleOf = Callable[[str], str]


def queue_blocks(queue: CurationQueue | None, title_of: TitleOf) -> list[Block]:
    """The queue; each part only when something waits in it. None: the ledger is away."""
    head: list[Block] = [
        divider(),
        {"type": "header", "text": {"type": "plain_text", "text": "Curator queue", "emoji": False}},
    ]
    if queue is None:
        return [*head, section(_AWAY)]
    parts = [
        _handovers(queue.handovers),
        _drafts(queue.drafts),
        _gaps(queue.gaps),
        _flags(queue.flags, title_of),
        _reviews(queue.to_review, title_of),
        _unpublished(queue.unpublished),
        _phrasings(queue.phrasings, title_of),
        _busy_weeks(queue.busy_returns),
        _unused(queue.unused, queue.unused_since, title_of),
    ]
    shown = [block for part in parts if part for block in (divider(), *part)]
    nothing = [] if shown else [section("Nothing to do.")]
    return [*head, *_week(queue.outcomes, queue.days), *nothing, *shown]


def _week(outcomes: Outcomes, days: int) -> list[Block]:
    """Solved and assumed are told apart: nobody knows of the second."""
    told = (
        (outcomes.solved, "confirmed solved"),
        (outcomes.assumed, "assumed solved: not asked again within seven days"),
        (outcomes.too_early, "answered, too early to say"),
        (outcomes.untraced, "answered, asker unknown"),
        (outcomes.handed_over, "handed over to a person"),
        (outcomes.unanswered, "unanswered"),
        (outcomes.wrong, "reported wrong"),
        (outcomes.returned, "asked again"),
    )
    lines = [f"*{count:,}* {what}" for count, what in told if count]
    asked = f"{outcomes.asked:,} question{'s' * (outcomes.asked != 1)}"
    return [section(f"*The last {days} days:* {asked}"), *([small(*lines)] if lines else [])]


def _head(title: str, count: int, shown: int = _MAX_SHOWN) -> Block:
    more = f", the first {shown} shown" if count > shown else ""
    return section(f"*{title}* ({count:,}{more})")


def _handovers(found: Sequence[Handover]) -> list[Block]:
    if not found:
        return []
    blocks = [_head("Waiting for a person", len(found))]
    for place, one in enumerate(found[:_MAX_SHOWN]):
        state = f"taken by <@{one.taker}>" if one.taker else "not taken yet"
        about = HandoverPayload(handover=one.id)
        buttons = [button("Answered", action_id("ilr_answered", place), about)]
        if not one.taker:
            take = action_id("ilr_take", place)
            buttons.insert(0, button("I'll take it", take, about, style="primary"))
        blocks += [
            section(f"{escape(clip(one.text, 300))}\n_Since {_day(one.opened_at)}, {state}_"),
            *actions(buttons),
        ]
    return blocks


def _drafts(found: Sequence[Suggestion]) -> list[Block]:
    if not found:
        return []
    blocks = [_head("Suggested answers", len(found))]
    for place, one in enumerate(found[:_MAX_SHOWN]):
        about = SuggestionPayload(suggestion=one.id, revision=one.version)
        blocks += [
            section(f"{bold(one.question)}\n{escape(clip(one.answer, 600))}"),
            small(f"From {one.year_from} · {_source(one)}"),
            *actions(
                [
                    button("Approve", action_id("ilr_approve", place), about, style="primary"),
                    button("Edit", action_id("ilr_edit", place), about),
                    button("Reject", action_id("ilr_reject", place), about),
                ]
            ),
        ]
    return blocks


def _source(one: Suggestion) -> str:
    if one.source_url:
        return f"<{escape(one.source_url)}>"
    return escape(one.source_title or f"practice, {one.practice_owner}")


def _gaps(found: Sequence[Gap]) -> list[Block]:
    if not found:
        return []
    blocks = [_head("Questions without a good answer", len(found))]
    for place, gap in enumerate(found[:_MAX_SHOWN]):
        other = [way for way in gap.ways if way != gap.question]
        also = "".join(f"\n• {escape(clip(way, 150))}" for way in other[:3])
        about = SuggestPayload(
            question_text=clip(gap.question, 300),
            questions=gap.question_ids[:1],
            wordings=tuple(clip(way, 120) for way in other[:5]),
        )
        closing = GapPayload(questions=gap.question_ids[:_MAX_IDS])
        blocks += [
            section(f"{bold(clip(gap.question, 300))}{also}"),
            small(_told(gap)),
            *actions(
                [
                    button("Write an answer", action_id("ilr_suggest_this", place), about),
                    button("Dismiss", action_id("ilr_close_gap", place), closing),
                ]
            ),
        ]
    return blocks


def _told(gap: Gap) -> str:
    times = "Asked once" if gap.count == 1 else f"Asked {gap.count:,} times"
    people = f" by {gap.people:,} people" if gap.people > 1 else ""
    wrong = f" · {gap.wrong:,} reported the answer as wrong" if gap.wrong else ""
    return f"{times}{people} · last on {_day(gap.last)}{wrong}"


def _flags(found: Sequence[Flag], title_of: TitleOf) -> list[Block]:
    if not found:
        return []
    blocks = [_head("Reported answers", len(found))]
    for place, flag in enumerate(found[:_MAX_SHOWN]):
        counts = ", ".join(
            f"{count} said {what}"
            for count, what in (
                (flag.wrong, "wrong"),
                (flag.out_of_date, "out of date"),
                (flag.not_my_question, "not my question"),
            )
            if count
        )
        notes = "".join(f"\n> {escape(clip(note, 200))}" for note in flag.notes[:2])
        blocks.append(
            section(
                f"{escape(title_of(flag.entry_id))}\n_{counts}_{notes}",
                button(
                    "Read it",
                    action_id("ilr_related", place, "flag"),
                    EntryPayload(entry=flag.entry_id),
                ),
            )
        )
    return [*blocks, small("A report is cleared once the entry has a later `reviewed` date.")]


def _reviews(found: Sequence[tuple[str, date]], title_of: TitleOf) -> list[Block]:
    if not found:
        return []
    return [
        _head("Due for review", len(found)),
        *(
            section(
                f"{escape(clip(title_of(entry), 150))}\n_By {day:%-d %B %Y}_",
                button(
                    "Read it", action_id("ilr_related", place, "review"), EntryPayload(entry=entry)
                ),
            )
            for place, (entry, day) in enumerate(found[:_MAX_SHOWN])
        ),
    ]


def _unpublished(found: Sequence[Suggestion]) -> list[Block]:
    if not found:
        return []
    blocks = [_head("Approved, not yet published", len(found))]
    for place, one in enumerate(found[:_MAX_SHOWN]):
        by = f" by <@{one.curator}>" if one.curator else ""
        when = f" on {_day(one.decided_at)}" if one.decided_at else ""
        blocks.append(
            section(
                f"{escape(one.question)}\n_Approved{by}{when}_",
                button(
                    "Withdraw",
                    action_id("ilr_reject", place, "approved"),
                    SuggestionPayload(suggestion=one.id, revision=one.version),
                ),
            )
        )
    how = (
        "They are already used in answers. `python -m bot suggestions export` writes them for "
        "review in git."
    )
    return [*blocks, small(how)]


def _phrasings(found: Sequence[Phrasing], title_of: TitleOf) -> list[Block]:
    if not found:
        return []
    blocks = [_head("New wordings to confirm", len(found))]
    for place, one in enumerate(found[:_MAX_SHOWN]):
        about = PhrasingPayload(phrasing=one.id)
        blocks += [
            section(f"{escape(clip(one.text, 300))}\n_→ {escape(title_of(one.entry_id))}_"),
            *actions(
                [
                    button("Confirm", action_id("ilr_keep_phrasing", place), about),
                    button("Reject", action_id("ilr_drop_phrasing", place), about),
                ]
            ),
        ]
    return blocks


def _busy_weeks(found: Sequence[BusyWeek]) -> list[Block]:
    if not found:
        return []
    return [
        _head("Busy returns", len(found)),
        *(
            section(
                _busy(week),
                button(
                    "What was asked",
                    action_id("ilr_peak", place),
                    WeekPayload(week=week.start.isoformat()),
                ),
            )
            for place, week in enumerate(found[:_MAX_SHOWN])
        ),
    ]


def _busy(week: BusyWeek) -> str:
    usual = f"{week.ordinary:,.0f} in a normal week" if week.ordinary else "none in most weeks"
    return f"{bold(week.code)}, week of {week.start:%-d %B}: {week.asked:,} questions, {usual}"


def _unused(found: Sequence[str], since: date | None, title_of: TitleOf) -> list[Block]:
    if not found or since is None:
        return []
    some = "".join(f"\n• {escape(clip(title_of(entry), 150))}" for entry in found[:3])
    return [
        section(
            f"*Unused entries* since {since:%-d %B %Y} ({len(found):,}){some}",
            button("List them", "ilr_unneeded"),
        )
    ]


def busy_week_view(
    week: BusyWeek,
    asked: Sequence[tuple[str, int]],
    title_of: TitleOf,
    following: ReturnDate | None,
) -> Block:
    """What was asked most in a return's week, to be looked over before the next."""
    lines = "".join(
        f"\n• {escape(clip(title_of(entry), 150))} ({times:,})" for entry, times in asked
    )
    blocks = [section(_busy(week)), section(f"*Answered most*{lines or ' nothing'}")]
    if following is not None:
        blocks.append(
            section(
                f"{following.code} closes on {following.closes:%A %-d %B}. Are these answers "
                "still right, and are the questions without a good answer now covered?"
            )
        )
    return modal(f"{week.code}: what was asked", blocks)


def unused_view(found: Sequence[str], since: date, title_of: TitleOf) -> Block:
    """Every entry that was no answer, to be reworded, merged or taken out."""
    intro = (
        f"{len(found):,} entries answered nothing since {since:%-d %B %Y}. Are they out of date, "
        "or do people ask with different wording?"
    )
    lines = [f"• {escape(clip(title_of(entry), 150))} `{entry}`" for entry in found]
    pieces = ["\n".join(lines[start : start + 12]) for start in range(0, len(lines), 12)]
    return modal("Unused entries", [section(intro), *(section(one) for one in pieces)])


def _day(moment: date) -> str:
    return f"{moment:%-d %B %Y}"
