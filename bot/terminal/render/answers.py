"""How answers look: an answer, a likely one, choices, a reply or none, and why."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.answers import NO_QUESTION, Answer
from bot.terminal.render.console import framed, table_for

__all__ = ["show_answer", "show_why", "small_print"]

MAX_SOURCES = 3
"""Sources shown; the others are counted."""
MAX_RELATED = 3
"""Entries named as further reading below an answer."""
_MARKUP = re.compile(r"\*(?P<bold>[^*\n]+)\*|`(?P<code>[^`\n]+)`")


def show_answer(
    out: Console,
    answer: Answer,
    title_of: Callable[[str], str],
    *,
    in_full: bool = False,
    more_hint: str = "There is more: add --full.",
) -> None:
    """An answer, choices, a reply or none, and the answers to further questions behind it.

    ``in_full``: with the detail, which is otherwise only said to be there by ``more_hint``.
    """
    quoted = ""
    for one in (answer, *answer.more):
        if answer.more and one.question != quoted:
            quoted = one.question
            out.print(Text(f"You asked: {one.question}", style="italic"))
        if one.outcome in {"answer", "likely"}:
            _answer(out, one, title_of, more_hint="" if in_full else more_hint)
        elif one.outcome == "choices":
            _choices(out, one)
        elif one.outcome == "reply":
            _reply(out, one)
        else:
            _none(out, one)
    if answer.left_open:
        out.print(Text(answer.left_open, style="yellow"))


def _answer(
    out: Console, answer: Answer, title_of: Callable[[str], str], *, more_hint: str
) -> None:
    if answer.outcome == "likely":
        out.print(Text("Most likely this:", style="bold yellow"))
    parts: list[RenderableType] = [Text(f"{note}\n", style="yellow") for note in answer.notes]
    parts.append(marked(answer.shown))
    if answer.detail:
        more = (
            marked(f"\n{answer.detail}") if not more_hint else Text(f"\n{more_hint}", style="dim")
        )
        parts.append(more)
    if answer.clarify:
        parts.append(Text("\nIt depends on: " + " · ".join(answer.clarify), style="italic"))
    if answer.further:
        parts.append(Text("\nSee also:"))
        titles = [title_of(entry) for entry in answer.further[:MAX_RELATED]]
        parts.append(marked("\n".join(f"- {title}" for title in titles)))
    title = Text(answer.title, style="bold")
    if title.cell_len > out.width - 6:
        # A frame cuts a title that is longer than itself.
        parts.insert(0, Text.assemble(title, "\n"))
        title = Text("")
    out.print(framed(out, Group(*parts), title=title or None, style="blue"))
    out.print(Padding(Text(small_print(answer), style="dim"), (0, 2)))
    _sources(out, answer)
    if answer.others:
        out.print(Text("Or did you mean:", style="bold"))
        for number, choice in enumerate(answer.choices, 1):
            if choice in answer.others:
                out.print(Text(f"  {number}. {choice.question}"))


def _sources(out: Console, answer: Answer) -> None:
    for source in answer.sources[:MAX_SOURCES]:
        # Below the frame and never wrapped, so that a terminal sees each address as one link.
        out.print(Text(f"  Source: {source.title} ({source.year})", style="dim"), soft_wrap=True)
        if source.url:
            out.print(Text(f"  {source.url}", style="dim underline"), soft_wrap=True)
    more = len(answer.sources) - MAX_SOURCES
    if more > 0:
        out.print(Text(f"  and {more} more source{'s' if more > 1 else ''}", style="dim"))


def _reply(out: Console, answer: Answer) -> None:
    """A short reply; of a line that wants none, that it was taken for no question."""
    if answer.lead:
        out.print(marked(answer.shown))
    else:
        out.print(Text(f"{NO_QUESTION}.", style="dim"))


def small_print(answer: Answer) -> str:
    """Years, standing, review and owner, in one line."""
    parts = [f"For {answer.provision}"] if answer.provision else []
    parts.append(f"Holds for {answer.years}" if answer.years else f"Asked for {answer.year}")
    if answer.status_in_words:
        parts.append(answer.status_in_words)
    if answer.unverified:
        parts.append(f"not verified: {answer.unverified}")
    if answer.reviewed:
        parts.append(f"reviewed {answer.reviewed:%d/%m/%Y} by {answer.owner}")
    return " · ".join(parts)


def _choices(out: Console, answer: Answer) -> None:
    out.print(Text(answer.ask or "I am not sure which of these you mean:", style="bold"))
    for number, choice in enumerate(answer.choices, 1):
        line = Text(f"  {number}. ")
        if choice.label:
            line.append(f"{choice.label}: ", style="bold")
        line.append(choice.question)
        line.append(f"\n     {choice.hint}", style="dim")
        out.print(line)
    for note in answer.notes:
        out.print(Text(note, style="yellow"))
    out.print(Text("Ask again in those words, or type its number in chat.", style="dim"))


def _none(out: Console, answer: Answer) -> None:
    out.print(Text("I have no answer to that.", style="bold"))
    for note in answer.notes:
        out.print(Text(note, style="yellow"))
    out.print(
        Text(
            "Ask it another way, name a rule, field, code or return (R_96, WorkPlaceMode, SOF 107, "
            "R04), or ask a person. `topics` lists what is covered.",
            style="dim",
        )
    )


def show_why(out: Console, answer: Answer) -> None:
    """What was read and repaired, what matched, the scores and the limits, of each question."""
    for one in (answer, *answer.more):
        if one.why is None:
            continue
        why = one.why
        table = table_for(out, title=f"Why: {one.question}")
        table.title_justify = "left"
        table.add_row("decision", f"{one.outcome}: {why['reason']}")
        if "read" in why:
            for name, shown in _reasons(why):
                if shown:
                    table.add_row(name, shown)
        out.print(table)


def _reasons(why: dict[str, Any]) -> Iterator[tuple[str, str]]:
    measures, limits = why["measures"], why["thresholds"]
    yield "read as", why["read"]
    yield "repaired", ", ".join(f"{r['word']} → {r['replacement']}" for r in why["repaired"])
    yield "taken for", ", ".join(f"{e['found']} = {e['meaning']}" for e in why["expansions"])
    yield "codes", ", ".join(why["codes"])
    if measures:
        first, three = measures["first is right"], measures["right one among three"]
        yield "first is right", f"{first:.2f}; answered outright from {limits['answer']:.2f}"
        yield "one of three is", f"{three:.2f}; offered from {limits['choices']:.2f}"
        yield (
            "words known",
            (
                f"{measures['known to the knowledge base']:.0%} to the knowledge base, "
                f"{measures['known to the first entry']:.0%} to the first entry"
            ),
        )
    yield "what drew the first", ", ".join(f"{word} {share:.3f}" for word, share in why["matched"])
    near = [(entry, score) for entry, score in why["scores"][:5] if score > 0] or why["scores"][:1]
    yield "scores", "\n".join(f"{score:.3f} {entry}" for entry, score in near)
    yield "semantic layer", "on" if why["semantic"] else "off"


def marked(text: str) -> Group:
    """Curated text with *bold*, `code` and - bullets, as lines."""
    lines: list[RenderableType] = []
    for line in text.strip().split("\n"):
        bullet = re.match(r"^\s*(?:-|\d+\.)\s+", line)
        body = _styled(line[bullet.end() :] if bullet else line)
        if bullet:
            mark = "•" if "-" in bullet[0] else bullet[0].strip()
            row = Table.grid(padding=(0, 1))
            row.add_row(f"  {mark}", body)
            lines.append(row)
        else:
            lines.append(body)
    return Group(*lines)


def _styled(line: str) -> Text:
    styled = Text()
    position = 0
    for match in _MARKUP.finditer(line):
        styled.append(line[position : match.start()])
        styled.append(match["bold"] or match["code"], style="bold" if match["bold"] else "cyan")
        position = match.end()
    styled.append(line[position:])
    return styled
