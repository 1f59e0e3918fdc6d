"""An answer: what to do first, then what it rests on; the rest when it is asked for."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.answers import Answer
from bot.site.addresses import address_of
from bot.slack.blocks.parts import action_id, button, section, sections, small
from bot.slack.blocks.post import Block
from bot.slack.blocks.text import (
    bold,
    escape,
    first_sentence,
    link,
    mrkdwn,
    plain,
)
from bot.slack.payloads import AnswerPayload
from bot.years import AcademicYear

__all__ = [
    "AnswerContext",
    "Extent",
    "answer_blocks",
    "answer_text",
    "at_first",
    "has_more",
    "small_print",
    "visible_length",
    "whole",
]

NO_YEAR = "year-less"
"""What the knowledge calls the year of a source that speaks for none."""
MAX_LINES = 5
"""Lines shown at first; the codes below one belong to it."""
MAX_SOURCES = 3
"""Sources named at first."""
MAX_SMALL_PRINT = 2
"""Elements, of 3,000 characters with the addresses of links; one but for very many sources."""


@dataclass(frozen=True, slots=True)
class AnswerContext:
    """What a builder needs besides the answer."""

    title_of: Callable[[str], str]
    """An entry's question, by its id."""
    year: AcademicYear | None = None
    """The current academic year."""
    questions: tuple[int, ...] = ()
    """The ledger's ids of the questions answered; empty when they could not be kept."""
    private: bool = False
    """Only the asker sees it, and it can be shown to the channel."""
    people: bool = False
    """There is a triage channel, so a person can be asked."""
    asker: str = ""
    """Whose question it is."""
    approved_by: Mapping[str, str] = field(default_factory=dict)
    """Who approved an entry that is not yet published: entry id to Slack id."""
    site: str = ""
    """Where the knowledge stands as web pages; "" for nowhere."""
    shared: bool = False
    """It is shown to a channel by whoever asked."""


@dataclass(frozen=True, slots=True)
class Extent:
    """How much of an answer is shown."""

    lines: int
    sources: int
    question: bool = True
    """The entry's own question."""
    clarify: bool = True
    """What it can depend on."""
    detail: bool = False


def whole(answer: Answer) -> Extent:
    """All of it."""
    return Extent(len(answer.lines), len(answer.sources), detail=True)


def at_first(answer: Answer, context: AnswerContext, room: int) -> Extent:
    """What is shown before anybody asks for more: as much as there is room for, in characters.

    Sources go first, the lines to act on last; the lead, its years and one source always stay.
    """
    lines = _lines_at_first(answer.lines)
    tries = [
        *(Extent(lines, sources) for sources in range(MAX_SOURCES, 0, -1)),
        Extent(lines, 1, question=False),
        *(Extent(n, 1, question=False, clarify=False) for n in range(lines, -1, -1)),
    ]
    fitting = (one for one in tries if visible_length(answer_blocks(answer, context, one)) <= room)
    return next(fitting, tries[-1])


def has_more(answer: Answer, shown: Extent) -> bool:
    """Whether there is something to open."""
    return (
        shown.lines < len(answer.lines)
        or shown.sources < len(answer.sources)
        or (bool(answer.clarify) and not shown.clarify)
        or bool(answer.detail and not shown.detail)
    )


def answer_blocks(answer: Answer, context: AnswerContext, shown: Extent) -> list[Block]:
    """One answer, without its buttons."""
    now = answer.year == context.year
    blocks = [] if now or not answer.notes else [section("\n".join(map(_italic, answer.notes)))]
    if answer.outcome == "likely":
        blocks.append(section(f"_Most likely this:_\n{bold(answer.title)}"))
    blocks += sections(_shown_text(answer, shown))
    if shown.detail and answer.detail:
        blocks += sections(mrkdwn(answer.detail))
    lines = small_print(answer, shown.sources)
    if shown.question and answer.outcome == "answer" and not _is_explained(answer):
        lines.append(f"In answer to: {escape(answer.title)}")
    if now:
        lines += [escape(note) for note in answer.notes]
    page = address_of(context.site, answer.entry or "")
    if page and (shown.detail or context.shared):
        lines.append(link(page, "This answer as a web page"))
    curator = context.approved_by.get(answer.entry or "")
    if curator:
        lines.append(f"Approved by <@{curator}>")
    printed = small(*lines)
    blocks.append(printed | {"elements": printed["elements"][:MAX_SMALL_PRINT]})
    return [*blocks, *_others(answer, context)]


def _shown_text(answer: Answer, shown: Extent) -> str:
    """Name of what is explained, lead, lines, and what it can depend on."""
    head, rest = first_sentence(answer.lead)
    lead = f"{_name(answer)}{_lead(head)}{_rest(rest)}"
    listed = "\n".join(_listed(answer.lines[: shown.lines]))
    asked = " · ".join(escape(line) for line in answer.clarify)
    depends = f"_It can depend on this:_ {asked}" if asked and shown.clarify else ""
    return "\n\n".join(filter(None, [lead, listed, depends]))


def _name(answer: Answer) -> str:
    """The name of a rule, field or code, where the lead does not begin with it."""
    name = answer.title.partition(":")[0]
    said = plain(answer.lead).casefold().startswith(name.casefold())
    return f"{bold(name)}\n" if _is_explained(answer) and not said else ""


def _is_explained(answer: Answer) -> bool:
    """Whether it is an explanation of a rule, field, code … rather than an entry."""
    return ":" in (answer.entry or "")


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


def _listed(lines: Iterable[str]) -> Iterator[str]:
    """Lines with bullets; the codes below a line are set in."""
    below = False
    for line in lines:
        item = line.startswith("- ")
        yield f"{'    ◦' if item and below else '•'} {mrkdwn(line.removeprefix('- '))}"
        below = below or not item


def _lines_at_first(lines: Sequence[str]) -> int:
    """How many lines the first few are, with the codes below each."""
    starts = [place for place, line in enumerate(lines) if not line.startswith("- ")]
    return starts[MAX_LINES] if len(starts) > MAX_LINES else len(lines)


def _others(answer: Answer, context: AnswerContext) -> list[Block]:
    """What else may be meant, when the answer is likely, or was asked for by a story."""
    found = [
        section(
            escape(choice.question),
            button(
                "This one",
                action_id("ilr_choice", place),
                AnswerPayload(
                    entry=choice.entry,
                    year=choice.year or answer.year,
                    questions=context.questions,
                    asker=context.asker,
                ),
                label=f"This one: {choice.question}",
            ),
        )
        for place, choice in enumerate(answer.others)
    ]
    return [section("*Or did you mean*"), *found] if found else []


def small_print(answer: Answer, most: int = MAX_SOURCES) -> list[str]:
    """Whose record, years, standing and review; then where it was read; a line each.

    ``most``: sources named; the others are counted.
    """
    standing = [f"For {answer.provision}"] if answer.provision else []
    standing.append(f"Holds for {answer.years}" if answer.years else f"Asked for {answer.year}")
    if answer.status_in_words:
        standing.append(answer.status_in_words)
    if answer.reviewed:
        standing.append(f"reviewed {answer.reviewed:%d/%m/%Y} by {answer.owner}")
    lines = [escape(" · ".join(standing))]
    if answer.unverified:
        lines.append(f"Not verified: {escape(answer.unverified)}")
    if answer.sources:
        lines.append(_sources(answer, most))
    return lines


def _sources(answer: Answer, most: int) -> str:
    named = [
        link(source.url, source.title)
        + (f" ({escape(source.year)})" if source.year not in ("", NO_YEAR) else "")
        for source in answer.sources[:most]
    ]
    more = len(answer.sources) - len(named)
    said = (" · " if len(named) <= MAX_SOURCES else "\n").join(named)
    return f"Source{'s' * (len(answer.sources) > 1)}: {said}" + (f" and {more} more" * bool(more))


def _italic(note: str) -> str:
    return f"_{escape(note)}_"


def answer_text(answer: Answer, *, full: bool = False) -> str:
    """The answer for notifications and screen readers; ``full``: with what is shown on request."""
    title = f"{answer.title}: " if _is_explained(answer) else ""
    said = plain(answer.text or "" if full else answer.shown)
    likely = "Most likely this: " if answer.outcome == "likely" else ""
    return escape(f"{likely}{title}{said} ({_standing_in_words(answer)})")


def _standing_in_words(answer: Answer) -> str:
    """Years and review as words, without links."""
    parts = [f"holds for {answer.years}" if answer.years else f"asked for {answer.year}"]
    if answer.reviewed:
        parts.append(f"reviewed {answer.reviewed:%d/%m/%Y}")
    return ", ".join(parts)


_ADDRESS = re.compile(r"<[^|<>]+\|([^<>]*)>")


def visible_length(blocks: Iterable[Block]) -> int:
    """Characters of blocks that somebody sees: links by their titles, menus closed."""
    return sum(map(len, _seen(list(blocks))))


def _seen(part: object) -> Iterator[str]:
    if isinstance(part, list):
        for item in part:
            yield from _seen(item)
    elif isinstance(part, dict):
        text = part.get("text")
        if isinstance(text, str):
            yield html.unescape(_ADDRESS.sub(r"\1", text))
        for key, value in part.items():
            if key not in ("options", "option_groups"):
                yield from _seen(value)
