"""Answers and reports as they look in a terminal."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby
from typing import TYPE_CHECKING, Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from bot.answers import Answer
from bot.checking.report import FindingReport, LearnerReport, Report, ViolatedRule
from bot.checking.whole_file import FileCheck
from bot.evaluation import Evaluation
from bot.ilr.readers import ParsedRecord
from bot.ilr.record import RawEntity
from bot.rules.catalogue import Severity
from bot.rules.compare import Comparison

if TYPE_CHECKING:
    from bot.curation_queue import CurationQueue
    from bot.ledger import Flag, Gap

__all__ = [
    "console",
    "errors",
    "progress",
    "show_answer",
    "show_comparison",
    "show_desk",
    "show_evaluation",
    "show_file_check",
    "show_reading",
    "show_report",
    "show_why",
    "small_print",
    "waiting",
]

MANY_LEARNERS = 3
"""With findings on more of them, a summary by rule comes first."""
MAX_RELATED = 3
"""Entries named as further reading below an answer."""
MAX_REASONS = 5
"""Why rules were not run: the commonest; `rules list` has the reason of each."""
_MARKUP = re.compile(r"\*(?P<bold>[^*\n]+)\*|`(?P<code>[^`\n]+)`")
_STYLE = {
    Severity.ERROR: ("bold red", "✗ error"),
    Severity.CHECK: ("bold magenta", "? check"),
    Severity.WARNING: ("bold yellow", "! warning"),
    Severity.OFF: ("dim", "not run"),
}


def console() -> Console:
    """Standard output; colour only on a terminal and never with NO_COLOR."""
    return Console(highlight=False, soft_wrap=False)


def errors() -> Console:
    """Standard error."""
    return Console(stderr=True, highlight=False)


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


def show_answer(
    out: Console, answer: Answer, topics: Iterable[str], title_of: Callable[[str], str]
) -> None:
    """An answer, choices or none, and the answers to further questions behind it."""
    for one in (answer, *answer.more):
        if answer.more:
            out.print(Text(f"You asked: {one.question}", style="italic"))
        if one.outcome == "answer":
            _answer(out, one, title_of)
        elif one.outcome == "choices":
            _choices(out, one)
        else:
            _none(out, one, topics)


def _answer(out: Console, answer: Answer, title_of: Callable[[str], str]) -> None:
    parts: list[RenderableType] = [marked(answer.text or "")]
    if answer.clarify:
        parts.append(Text("\nIt depends on: " + " · ".join(answer.clarify), style="italic"))
    for note in answer.notes:
        parts.append(Text(f"\n{note}", style="yellow"))
    if answer.related:
        parts.append(Text("\nSee also:"))
        titles = [title_of(entry) for entry in answer.related[:MAX_RELATED]]
        parts.append(marked("\n".join(f"- {title}" for title in titles)))
    title = Text(answer.title, style="bold")
    if title.cell_len > out.width - 6:
        # A frame cuts a title that is longer than itself.
        parts.insert(0, Text.assemble(title, "\n"))
        title = Text("")
    out.print(Panel(Group(*parts), title=title or None, title_align="left", border_style="blue"))
    out.print(Padding(Text(small_print(answer), style="dim"), (0, 2)))
    for source in answer.sources:
        # Below the frame and never wrapped, so that a terminal sees each address as one link.
        out.print(Text(f"  Source: {source.title} ({source.year})", style="dim"), soft_wrap=True)
        if source.url:
            out.print(Text(f"  {source.url}", style="dim underline"), soft_wrap=True)


def small_print(answer: Answer) -> str:
    """Years, standing, review and owner, in one line."""
    parts = [f"Holds for {answer.years}" if answer.years else f"Asked for {answer.year}"]
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


def _none(out: Console, answer: Answer, topics: Iterable[str]) -> None:
    out.print(Text("I have no answer to that.", style="bold"))
    out.print("I cover these, from a reviewed knowledge base:")
    for topic in topics:
        out.print(f"  • {topic}")
    out.print(
        Text(
            "You can also name a rule, field, code or return (R_96, WorkPlaceMode, SOF 107, "
            "R04), or paste a learner record.",
            style="dim",
        )
    )


def show_why(out: Console, answer: Answer) -> None:
    """What was read and repaired, what matched, the scores and the limits, of each question."""
    for one in (answer, *answer.more):
        if one.why is None:
            continue
        why = one.why
        table = Table(title=f"Why: {one.question}", title_justify="left", show_header=False)
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


def show_report(out: Console, report: Report, *, most_learners: int = 20) -> None:
    """A check's report: conclusion first, then findings by aim, then what was not done."""
    style = "red" if report.count(Severity.ERROR) else "yellow" if report.findings else "green"
    aims = sum(learner.aims for learner in report.learners)
    about = f"{report.kind} · year {report.year}"
    if not report.violations:
        learners = _so_many(len(report.learners), "learner")
        about = (
            f"{report.kind} · {learners}, {_so_many(aims, 'aim')} · year {report.year} · "
            f"as at {report.on:%d/%m/%Y}"
        )
    out.print(
        Panel(
            Group(Text(report.conclusion, style=f"bold {style}"), Text(about, style="dim")),
            border_style=style,
        )
    )
    for note in report.notes:
        out.print(Text(f"• {note}", style="yellow"))
    for one in report.violations:
        _violation(out, one)
    with_findings = [learner for learner in report.learners if learner.findings]
    if len(with_findings) > MANY_LEARNERS:
        _by_rule(out, "By rule", _counts_of(report.findings))
    if report.other_findings:
        _findings(out, report.other_findings)
    for learner in with_findings[:most_learners]:
        _learner(out, learner, learner.findings)
    if len(with_findings) > most_learners:
        out.print(Text(f"… and {len(with_findings) - most_learners} more learners.", style="dim"))
    _house(out, report, most_learners)
    _what_was_left(out, report)


def _violation(out: Console, one: ViolatedRule) -> None:
    style, word = _STYLE[one.severity] if one.severity else ("bold", "?")
    head = Text(f"{word} ", style=style)
    head.append(one.rule, style="bold")
    head.append(f"  {one.title}  ({one.how_often})")
    body = Group(head, Text(one.message), Text(f"→ {one.fix}", style="green"))
    out.print(Padding(body, (1, 0, 0, 2)))


def show_reading(out: Console, reading: ParsedRecord) -> None:
    """A record as it was read: every value with its line, guesses marked."""
    out.print(Text(f"Read as: {reading.kind}", style="bold"))
    for one in reading.violations:
        counts = [_so_many(one.rows, "row")]
        if one.learners:
            counts.insert(0, _so_many(one.learners, "learner"))
        out.print(Text(f"  {one.rule}  {', '.join(counts)}"))
    _read_entity(out, reading.message, 0)
    if reading.remarks:
        out.print(Text("\nNot understood, or worth knowing", style="bold"))
        for remark in reading.remarks:
            where = f"line {remark.line}: " if remark.line else ""
            out.print(Text(f"  • {where}{remark.message}"))


def _so_many(number: int, word: str) -> str:
    return f"{number:,} {word}{'s' * (number != 1)}"


def _read_entity(out: Console, entity: RawEntity, depth: int) -> None:
    if depth or entity.fields:
        head = Text("  " * depth + entity.name, style="bold")
        head.append("  (in part)" if entity.partial else "", style="dim")
        out.print(head)
    for item in entity.fields:
        line = Text("  " * (depth + 1) + f"{item.name} = {item.text or '(blank)'}")
        line.append(f"  line {item.line}" if item.line else "", style="dim")
        line.append(f"  ? {item.guess}" if item.guess else "", style="yellow")
        out.print(line, soft_wrap=True)
    for child in entity.children:
        _read_entity(out, child, depth + 1)


def _what_was_left(out: Console, report: Report) -> None:
    """What could not be read, and which rules were not run."""
    if report.problems:
        out.print(Text("\nCould not be read", style="bold"))
        for problem in report.problems:
            where = f"line {problem.line}: " if problem.line else ""
            out.print(f"  • {where}{problem.message}")
    if report.rules_not_run:
        total = sum(report.rules_not_run.values())
        out.print(Text(f"\nNot checked here: {total:,} rule{'s' * (total != 1)}", style="dim bold"))
        reasons = list(report.rules_not_run.items())
        for reason, count in reasons[:MAX_REASONS]:
            out.print(Text(f"  • {count:,}: {reason}", style="dim"))
        if rest := sum(count for _, count in reasons[MAX_REASONS:]):
            out.print(Text(f"  • {rest:,}: for other reasons, each in: rules list", style="dim"))


def _learner(out: Console, learner: LearnerReport, findings: Iterable[FindingReport]) -> None:
    name = f"Learner {learner.ref}" if learner.ref else "Learner (no reference pasted)"
    out.print(Text(f"\n{name}", style="bold underline"))
    _findings(out, findings)


def _house(out: Console, report: Report, most_learners: int) -> None:
    """The provider's own checks, apart from the published rules."""
    if report.house is None:
        return
    out.print(Text(f"\n{report.house.conclusion}", style="bold blue"))
    with_findings = [learner for learner in report.learners if learner.house_findings]
    for learner in with_findings[:most_learners]:
        _learner(out, learner, learner.house_findings)
    if len(with_findings) > most_learners:
        out.print(Text(f"… and {len(with_findings) - most_learners} more learners.", style="dim"))
    for rule_id, reason in report.house.not_run.items():
        out.print(Text(f"  • {rule_id} was not run: {reason}", style="dim"))


def _where(finding: FindingReport) -> str:
    if finding.aim_seq is None and not finding.aim_ref:
        return "The learner"
    sequence = f"Aim {finding.aim_seq}" if finding.aim_seq is not None else "Aim"
    return f"{sequence} · {finding.aim_ref}" if finding.aim_ref else sequence


def _findings(out: Console, findings: Iterable[FindingReport]) -> None:
    grouped = groupby(sorted(findings, key=lambda f: (f.aim_seq or 0, f.aim_ref)), key=_where)
    for where, group in grouped:
        out.print(Text(f"  {where}", style="bold"))
        for finding in group:
            style, word = _STYLE[finding.severity]
            head = Text(f"{word} ", style=style)
            head.append(finding.rule, style="bold")
            head.append(f"  {finding.title}")
            if finding.line:
                head.append(f"  (line {finding.line})", style="dim")
            values = "  ".join(f"{k} = {v or '(blank)'}" for k, v in finding.values.items())
            body = Group(
                head,
                *([Text(values, style="cyan")] if values else []),
                Text(finding.message),
                Text(f"→ {finding.fix}", style="green"),
                *([Text(finding.proposal, style="italic")] if finding.proposal else []),
            )
            out.print(Padding(body, (0, 0, 1, 4)))


@contextmanager
def waiting(err: Console, what: str) -> Iterator[None]:
    """Says what takes its time, while it does; nothing when standard error is no terminal."""
    if not err.is_terminal:
        yield
        return
    with err.status(what):
        yield


@contextmanager
def progress(err: Console, size: int) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on a terminal; nothing when standard error is not one."""
    if not err.is_terminal:
        yield lambda _done, _learners: None
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task("Checking", total=size)

        def advance(done: int, learners: int) -> None:
            bar.update(task, completed=done, description=f"{learners:,} learners checked")

        yield advance


def show_file_check(out: Console, totals: FileCheck, report: Report) -> None:
    """A whole file's check: the conclusion, a summary by rule, and the first learners."""
    errors_found = totals.by_severity[Severity.ERROR]
    head = f"{errors_found:,} errors, {totals.findings - errors_found:,} warnings and checks"
    style = "red" if errors_found else "yellow" if totals.findings else "green"
    about = (
        f"{totals.learners:,} learners, {totals.aims:,} aims · year {totals.year} · "
        f"as at {totals.on:%d/%m/%Y} · {report.rules_run:,} rules run"
    )
    if not totals.findings:
        head = "None of the checks that ran found a problem"
    out.print(
        Panel(
            Group(Text(head + ".", style=f"bold {style}"), Text(about, style="dim")),
            border_style=style,
        )
    )
    for note in report.notes:
        out.print(Text(f"• {note}", style="yellow"))
    _by_rule(out, "By rule", _totals_of(totals, totals.by_rule))
    for learner in report.learners:
        if learner.findings:
            _learner(out, learner, learner.findings)
    if report.house is not None:
        out.print(Text(f"\n{report.house.conclusion}", style="bold blue"))
        _by_rule(out, "Your own checks", _totals_of(totals, totals.house_by_rule))
        for rule_id, reason in report.house.not_run.items():
            out.print(Text(f"  • {rule_id} was not run: {reason}", style="dim"))
    _what_was_left(out, report)


_Counted = tuple[str, Severity, int, str]
"""A rule's id, severity, number of findings and title."""


def _totals_of(totals: FileCheck, counts: Counter[str]) -> list[_Counted]:
    return [
        (rule_id, totals.severities[rule_id], count, totals.titles[rule_id])
        for rule_id, count in counts.most_common()
    ]


def _counts_of(findings: Iterable[FindingReport]) -> list[_Counted]:
    counts = Counter((one.rule, one.severity, one.title) for one in findings)
    return [(rule, severity, n, title) for (rule, severity, title), n in counts.most_common()]


def _by_rule(out: Console, title: str, counts: list[_Counted]) -> None:
    """How often each rule was broken, most often first."""
    if not counts:
        return
    table = Table("Rule", "Severity", "Findings", "What it says", title=title)
    for rule_id, severity, count, says in counts:
        style, word = _STYLE[severity]
        table.add_row(rule_id, Text(word, style=style), f"{count:,}", says)
    out.print(table)


def show_evaluation(out: Console, result: Evaluation, *, misses: bool) -> None:
    """The figures of an evaluation, and a table by topic."""
    figures = result.to_json()
    counts = figures.pop("questions")
    out.print("Questions: " + ", ".join(f"{n} {kind}" for kind, n in counts.items()))
    for name, value in figures.items():
        out.print(f"  {name.replace('_', ' '):<26} {value:>6.2f} %")
    columns = ("right", "offered", "offered_wrong", "silent", "wrong")
    table = Table("Topic", *(column.replace("_", " ") for column in columns))
    for topic, verdicts in sorted(result.topics.items()):
        table.add_row(topic, *(str(verdicts[column] or "") for column in columns))
    out.print(table)
    if misses:
        for question, verdict, got in result.misses:
            wanted = ", ".join(sorted(question.wanted)) or "nothing"
            line = f"{verdict}: {question.question}\n    wanted {wanted}; got {got or 'nothing'}"
            out.print(line, markup=False)


def show_comparison(out: Console, found: Comparison) -> None:
    """A published rules file against the catalogue."""
    out.print(
        f"{len(found.new)} new, {len(found.changed)} changed, {len(found.gone)} gone, "
        f"{found.unchanged:,} as they were."
    )
    table = Table("Rule", "What to look at")
    for row in found.new:
        table.add_row(row.id, f"new: {row.change or 'no change note'}")
    for row, what in found.changed:
        table.add_row(row.id, what)
    for rule_id in found.gone:
        table.add_row(rule_id, "in our catalogue, not in the file")
    if table.row_count:
        out.print(table)


MAX_UNNEEDED = 15


def show_desk(out: Console, waiting: CurationQueue, title_of: Callable[[str], str]) -> None:
    """What was asked, what became of it, and what waits for a curator."""
    outcomes = waiting.outcomes
    out.print(f"{outcomes.asked:,} questions in the last {waiting.days} days", style="bold")
    for words, count in (
        ("solved: they said so", outcomes.solved),
        ("assumed: nobody came back within seven days", outcomes.assumed),
        ("handed over to a person", outcomes.handed_over),
        ("unanswered", outcomes.unanswered),
        ("wrong, out of date or not their question", outcomes.wrong),
        ("came back to the same matter", outcomes.returned),
        ("too early to say", outcomes.too_early),
        ("asked where nobody is told apart", outcomes.untraced),
    ):
        if count:
            out.print(f"  {count:>6,}  {words}")
    for table in _desk_tables(waiting, title_of):
        if table.row_count:
            out.print()
            out.print(table)


def _desk_tables(waiting: CurationQueue, title_of: Callable[[str], str]) -> Iterator[Table]:
    yield _listed(
        "Waiting for a person",
        ("Asked", "Since", "State"),
        ((one.text, f"{one.opened_at:%d/%m/%Y}", one.state.value) for one in waiting.handovers),
    )
    yield _listed(
        "What to write next",
        ("Asked", "Times", "Ways of asking"),
        ((gap.question, str(gap.count), _other_ways(gap)) for gap in waiting.gaps),
    )
    yield _listed(
        "Suggestions",
        ("No.", "Question", "State"),
        (
            (str(one.id), one.question, words)
            for found, words in (
                (waiting.drafts, "to decide on, at the desk in Slack"),
                (waiting.unpublished, "approved: suggestions export"),
            )
            for one in found
        ),
    )
    yield _listed(
        "Marked entries",
        ("Entry", "Wrong", "Out of date", "Not my question"),
        ((flag.entry_id, *(str(count or "") for count in _marks(flag))) for flag in waiting.flags),
    )
    yield _listed(
        "Due for review",
        ("Entry", "By"),
        ((entry, f"{day:%d/%m/%Y}") for entry, day in waiting.to_review),
    )
    yield _listed(
        "Busy returns",
        ("Return", "Week of", "Asked", "In an ordinary week"),
        (
            (peak.code, f"{peak.start:%d/%m/%Y}", str(peak.asked), f"{peak.ordinary:.0f}")
            for peak in waiting.busy_returns
        ),
    )
    if waiting.unused_since:
        yield _listed(
            f"Entries nobody needed since {waiting.unused_since:%d/%m/%Y}",
            ("Entry", "Question"),
            ((entry, title_of(entry)) for entry in waiting.unused[:MAX_UNNEEDED]),
            more=len(waiting.unused) - MAX_UNNEEDED,
        )


def _other_ways(gap: Gap) -> str:
    return "\n".join([way for way in gap.ways if way != gap.question][:3])


def _listed(
    title: str, heads: tuple[str, ...], rows: Iterable[tuple[str, ...]], *, more: int = 0
) -> Table:
    said = f"and {more:,} more: report --json lists them" if more > 0 else None
    table = Table(*heads, title=title, caption=said)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table


def _marks(flag: Flag) -> tuple[int, int, int]:
    return flag.wrong, flag.out_of_date, flag.not_my_question
