"""An answer: what to do first, then what it rests on, then what can be done with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.answers import Answer
from bot.privacy import mask
from bot.slack.blocks.parts import action_id, actions, button, divider, section, sections, small
from bot.slack.blocks.post import Block, Post
from bot.slack.blocks.text import bold, clip, escape, first_sentence, link, mrkdwn, plain
from bot.slack.payloads import AnswerPayload, EntryPayload

__all__ = ["AnswerContext", "answer_blocks", "answer_text", "feedback_row", "small_print"]

NO_YEAR = "year-less"
"""What the knowledge calls the year of a source that speaks for none."""
MAX_RELATED = 3
MAX_YEARS = 3


@dataclass(frozen=True, slots=True)
class AnswerContext:
    """What a builder needs besides the answer."""

    title_of: Callable[[str], str]
    """An entry's question, by its id."""
    topics: tuple[str, ...] = ()
    questions: tuple[int, ...] = ()
    """The ledger's ids of the questions answered; empty when they could not be kept."""
    private: bool = False
    """Only the asker sees it, and it can be shown to the channel."""
    people: bool = False
    """There is a triage channel, so a person can be asked."""
    approved_by: Mapping[str, str] = field(default_factory=dict)
    """Who approved an entry that is not yet published: entry id to Slack id."""


def answer_blocks(answer: Answer, context: AnswerContext) -> list[Block]:
    """One answer, without the row of feedback buttons."""
    lead, rest = first_sentence(answer.text or "")
    blocks: list[Block] = []
    if answer.entry and ":" in answer.entry:
        blocks.append(section(bold(answer.title)))
    blocks += sections(f"{_lead(lead)}{_rest(rest)}")
    if answer.clarify:
        asked = "\n".join(f"• {escape(line)}" for line in answer.clarify)
        blocks.append(section(f"*It can depend on this:*\n{asked}"))
    if answer.notes:
        blocks.append(section("\n".join(f"_{escape(note)}_" for note in answer.notes)))
    curator = context.approved_by.get(answer.entry or "")
    blocks.append(small(*small_print(answer), *([f"Approved by <@{curator}>"] if curator else [])))
    return [*blocks, *_further(answer, context)]


def _lead(lead: str) -> str:
    """The lead in bold; only its "No." when the rest of it has marks of its own."""
    if not any(mark in lead for mark in "*`"):
        return bold(lead)
    verdict = re.match(r"[^.!?*`\n]{1,20}[.!?](?=\s)", lead)
    if not verdict:
        return mrkdwn(lead)
    return f"{bold(verdict[0])} {mrkdwn(lead[verdict.end() :])}"


def _rest(rest: str) -> str:
    """What follows the lead, with the break before it that the curator wrote."""
    if not rest.strip():
        return ""
    gap = rest[: len(rest) - len(rest.lstrip())]
    return ("\n\n" if "\n\n" in gap else "\n" if "\n" in gap else " ") + mrkdwn(rest)


def small_print(answer: Answer) -> list[str]:
    """Years and standing, review and owner, then where it was read; a line each."""
    standing = [f"Holds for {answer.years}" if answer.years else f"Asked for {answer.year}"]
    if answer.status_in_words:
        standing.append(answer.status_in_words)
    if answer.reviewed:
        standing.append(f"reviewed {answer.reviewed:%d/%m/%Y} by {answer.owner}")
    lines = [escape(" · ".join(standing))]
    if answer.unverified:
        lines.append(f"Not verified: {escape(answer.unverified)}")
    sources = [
        link(source.url, source.title)
        + (f" ({escape(source.year)})" if source.year not in ("", NO_YEAR) else "")
        for source in answer.sources
    ]
    if sources:
        lines.append(f"Source{'s' * (len(sources) > 1)}: " + " · ".join(sources))
    if answer.entry and ":" not in answer.entry:
        lines.append(f"In answer to: {escape(answer.title)}")
    return [clip(line, 2_900) for line in lines]


def _further(answer: Answer, context: AnswerContext) -> list[Block]:
    """The same question in other years, then related entries."""
    questions = context.questions
    years = [
        button(
            f"In {year}",
            action_id("ilr_year", place),
            AnswerPayload(entry=answer.entry or "", year=year, questions=questions),
            label=f"Show what held in {year}",
        )
        for place, year in enumerate(dict.fromkeys(answer.other_years[:MAX_YEARS]))
    ]
    related = [
        button(
            context.title_of(entry),
            action_id("ilr_related", place),
            EntryPayload(entry=entry, year=answer.year),
            label=f"Related: {context.title_of(entry)}",
        )
        for place, entry in enumerate(answer.related[:MAX_RELATED])
    ]
    return [*actions(years), *actions(related)]


def feedback_row(answer: Answer, context: AnswerContext) -> list[Block]:
    """That solved it, Not quite, Ask a person; and Show in channel for a private answer."""
    payload = AnswerPayload(
        entry=answer.entry or "",
        year=answer.year,
        questions=context.questions,
        question_text=clip(mask(answer.question), 300),
    )
    buttons = []
    if answer.outcome == "answer":
        buttons += [
            button("That solved it", "ilr_solved", payload, style="primary"),
            button("Not quite", "ilr_not_quite", payload),
        ]
    if context.people:
        buttons.append(button("Ask a person", "ilr_ask_person", payload))
    if context.private and answer.outcome == "answer":
        buttons.append(button("Show in channel", "ilr_show", payload))
    return actions(buttons)


def answer_text(answer: Answer) -> str:
    """The answer for notifications and screen readers."""
    title = f"{answer.title}: " if answer.entry and ":" in answer.entry else ""
    return escape(f"{title}{plain(answer.text or '')} ({small_print_text(answer)})")


def small_print_text(answer: Answer) -> str:
    """Years and review as words, without links."""
    parts = [f"holds for {answer.years}" if answer.years else f"asked for {answer.year}"]
    if answer.reviewed:
        parts.append(f"reviewed {answer.reviewed:%d/%m/%Y}")
    return ", ".join(parts)


def several(posts: list[Post]) -> list[Block]:
    """Blocks of several posts, a line between them."""
    blocks: list[Block] = []
    for place, post in enumerate(posts):
        blocks += [*([divider()] if place else []), *post.blocks]
    return blocks
