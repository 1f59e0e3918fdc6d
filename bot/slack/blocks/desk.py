"""The curators' part of App Home: what waits, the largest first, each with its next step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.ledger.values import Flag, Gap, Handover, Outcomes, Suggestion
from bot.slack.blocks.parts import actions, button, divider, section, small
from bot.slack.blocks.post import Block
from bot.slack.blocks.text import bold, clip, escape

__all__ = ["Waiting", "desk_blocks"]

_MOST = 5
_MOST_IDS = 150
"""Question ids that fit in a button's 2,000 characters."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for curators."""

    outcomes: Outcomes
    """Of the last seven days."""
    handovers: Sequence[Handover]
    gaps: Sequence[Gap]
    flags: Sequence[Flag]
    drafts: Sequence[Suggestion]
    to_review: Sequence[tuple[str, date]]
    """Entries whose review date is near or past, the earliest first."""


def desk_blocks(waiting: Waiting, title_of: Callable[[str], str], year: str) -> list[Block]:
    """The desk; each part only when something waits in it."""
    parts = [
        *_handovers(waiting.handovers),
        *_drafts(waiting.drafts),
        *_gaps(waiting.gaps, year),
        *_flags(waiting.flags, title_of),
        *_reviews(waiting.to_review, title_of),
    ]
    nothing = [] if parts else [section("Nothing waits for a curator.")]
    return [
        divider(),
        {"type": "header", "text": {"type": "plain_text", "text": "The desk", "emoji": False}},
        section(_week(waiting.outcomes)),
        *nothing,
        *parts,
    ]


def _week(outcomes: Outcomes) -> str:
    """Solved and assumed are told apart: nobody knows of the second."""
    return (
        f"*Last seven days:* {outcomes.asked:,} asked · {outcomes.solved:,} said solved · "
        f"{outcomes.assumed:,} assumed · {outcomes.too_early:,} too early to say · "
        f"{outcomes.handed_over:,} handed over · {outcomes.unanswered:,} unanswered · "
        f"{outcomes.wrong:,} said wrong · {outcomes.returned:,} asked again"
    )


def _head(title: str, count: int, shown: int = _MOST) -> Block:
    more = f", the first {shown} shown" if count > shown else ""
    return section(f"*{title}* ({count:,}{more})")


def _handovers(found: Sequence[Handover]) -> list[Block]:
    if not found:
        return []
    blocks = [_head("Waiting for a person", len(found))]
    for one in found[:_MOST]:
        state = f"taken by <@{one.taker}>" if one.taker else "nobody has taken it"
        blocks.append(
            section(f"{escape(clip(one.text, 300))}\n_{one.opened_at:%d/%m/%Y}, {state}_")
        )
    return blocks


def _drafts(found: Sequence[Suggestion]) -> list[Block]:
    if not found:
        return []
    blocks = [_head("Suggested answers", len(found))]
    for place, one in enumerate(found[:_MOST]):
        source = one.source_title or f"practice, {one.practice_owner}"
        value = {"s": one.id, "v": one.version}
        blocks += [
            section(f"{bold(one.question)}\n{escape(clip(one.answer, 600))}"),
            small(escape(f"From {one.year_from} · {source}")),
            *actions(
                [
                    button("Approve", f"ilr_approve_{place}", value, style="primary"),
                    button("Turn down", f"ilr_reject_{place}", value),
                ]
            ),
        ]
    return blocks


def _gaps(found: Sequence[Gap], year: str) -> list[Block]:
    if not found:
        return []
    blocks = [section("*Asked, and not or badly answered*")]
    for place, gap in enumerate(found[:_MOST]):
        times = f"{gap.count:,} time{'s' * (gap.count != 1)}"
        other = [way for way in gap.ways if way != gap.question][:2]
        also = f"\n_Also: {escape(clip(' · '.join(other), 200))}_" if other else ""
        value = {"t": clip(gap.question, 300), "y": year}
        ids = {"q": list(gap.question_ids[:_MOST_IDS])}
        blocks += [
            section(f"{escape(clip(gap.question, 300))}\n{times}, last {gap.last:%d/%m/%Y}{also}"),
            *actions(
                [
                    button("Write an answer", f"ilr_suggest_this_{place}", value),
                    button("Needs none", f"ilr_close_gap_{place}", ids),
                ]
            ),
        ]
    return blocks


def _flags(found: Sequence[Flag], title_of: Callable[[str], str]) -> list[Block]:
    if not found:
        return []
    blocks = [section("*Answers people marked*")]
    for place, flag in enumerate(found[:_MOST]):
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
                f"{escape(title_of(flag.entry_id))}\n{counts}{notes}",
                button("Show", f"ilr_related_d{place}", {"e": flag.entry_id}),
            )
        )
    return blocks


def _reviews(found: Sequence[tuple[str, date]], title_of: Callable[[str], str]) -> list[Block]:
    if not found:
        return []
    lines = [
        f"• {escape(clip(title_of(entry), 150))}, by {day:%d/%m/%Y}" for entry, day in found[:_MOST]
    ]
    return [_head("Due for review", len(found)), section("\n".join(lines))]
