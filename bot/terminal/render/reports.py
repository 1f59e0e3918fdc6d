"""How a check's report looks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.padding import Padding
from rich.text import Text

from bot.checking.grouping import collapsed, without
from bot.checking.report import (
    CommonFinding,
    FindingReport,
    HouseCheck,
    LearnerReport,
    Report,
    ViolatedRule,
)
from bot.rules.catalogue import Severity
from bot.terminal.render.console import framed, table_for
from bot.terminal.wording import counted

if TYPE_CHECKING:
    from bot.checking.totals import FileCheck

__all__ = ["MAX_LEARNERS", "show_file_check", "show_report"]

Findings = Iterable[FindingReport]
MAX_LEARNERS = 20
"""Learners whose findings are shown one by one."""
_OF_THE_FILE = ("Message", "Header", "CollectionDetails", "Source", "LearningProvider")
MANY_LEARNERS = 3
"""With findings on more of them, a summary by rule comes first."""
MAX_COMMON = 10
"""Findings of a whole file that are shown for many learners at once."""
MAX_REASONS = 5
"""Why rules were not run: the commonest; `rules list` has the reason of each."""
_STYLE = {
    Severity.ERROR: ("bold red", "✗ error"),
    Severity.CHECK: ("bold magenta", "? check"),
    Severity.WARNING: ("bold yellow", "! warning"),
    Severity.OFF: ("dim", "not run"),
}


def show_report(out: Console, report: Report) -> None:
    """A check's report: conclusion first, then findings by aim, then what was not checked."""
    style = "red" if report.errors else "yellow" if report.findings else "green"
    about = f"{report.kind} · year {report.year}"
    if not report.violations:
        aims = sum(learner.aims for learner in report.learners)
        about = (
            f"{report.kind} · {counted(len(report.learners), 'learner')}, {counted(aims, 'aim')} · "
            f"year {report.year} · as at {report.on:%d/%m/%Y}"
        )
    _conclusion(out, report.conclusion, about, style)
    _notes(out, report)
    _schema(out, report)
    for one in report.violations:
        _violation(out, one)
    with_findings = [learner for learner in report.learners if learner.findings]
    if len(with_findings) > MANY_LEARNERS:
        _by_rule(out, "By rule", _counts_of(report.findings))
    _of_the_file(out, report)
    _common(out, report.common)
    rest = [(learner, without(learner.findings, report.common)) for learner in with_findings]
    _learners(out, [(learner, findings) for learner, findings in rest if findings])
    if report.house is not None:
        out.print(Text(f"\n{report.house.conclusion}", style="bold blue"))
        _learners(out, [(x, x.house_findings) for x in report.learners if x.house_findings])
        _house_rules_not_run(out, report.house)
    _not_checked(out, report)


def show_file_check(out: Console, totals: FileCheck, report: Report) -> None:
    """A whole file's check: the conclusion, a summary by rule, and the first learners."""
    errors = totals.by_severity[Severity.ERROR]
    style = "red" if totals.errors else "yellow" if totals.findings else "green"
    conclusion = "None of the checks that ran found a problem."
    if totals.findings or totals.errors:
        others = totals.findings - errors
        broken = totals.errors - errors
        schema = f"{counted(broken, 'schema error')}, " if broken else ""
        conclusion = f"{schema}{counted(errors, 'error')}, {others:,} warnings and checks."
    about = (
        f"{counted(totals.learners, 'learner')}, {counted(totals.aims, 'aim')} · "
        f"year {totals.year} · as at {totals.on:%d/%m/%Y} · {report.rules_run:,} rules run"
    )
    _conclusion(out, conclusion, about, style)
    _notes(out, report)
    _schema(out, report)
    _by_rule(out, "By rule", _totals_of(totals, totals.by_rule))
    _of_the_file(out, report)
    _common(out, report.common[:MAX_COMMON])
    for learner in report.learners:
        if findings := without(learner.findings, report.common[:MAX_COMMON]):
            _learner(out, learner, findings)
    if report.house is not None:
        out.print(Text(f"\n{report.house.conclusion}", style="bold blue"))
        _by_rule(out, "Your own checks", _totals_of(totals, totals.house_by_rule))
        _house_rules_not_run(out, report.house)
    _not_checked(out, report)


def _conclusion(out: Console, conclusion: str, about: str, style: str) -> None:
    head = Text(conclusion, style=f"bold {style}")
    out.print(framed(out, Group(head, Text(about, style="dim")), style=style))


def _notes(out: Console, report: Report) -> None:
    for note in report.notes:
        out.print(Text(f"• {note}", style="yellow"))


def _schema(out: Console, report: Report) -> None:
    """What breaks the schema: the file would be rejected before any rule is run."""
    for error in report.schema_errors:
        head = Text("✗ Schema", style="bold red")
        if error.place:
            head.append(f"  ({error.place})", style="dim")
        out.print(Padding(Group(head, Text(error.message)), (1, 0, 0, 2)))


def _violation(out: Console, one: ViolatedRule) -> None:
    style, word = _STYLE[one.severity] if one.severity else ("bold", "?")
    head = Text(f"{word} ", style=style)
    head.append(one.rule, style="bold")
    head.append(f"  {one.title}  ({one.how_often})")
    body = Group(head, Text(one.message), Text(f"→ {one.fix}", style="green"))
    out.print(Padding(body, (1, 0, 0, 2)))


def _not_checked(out: Console, report: Report) -> None:
    """What could not be read, and which rules were not run."""
    if report.problems:
        out.print(Text("\nCould not be read", style="bold"))
        for problem in report.problems:
            where = f"line {problem.line}: " if problem.line else ""
            out.print(f"  • {where}{problem.message}")
    if report.rules_not_run:
        total = counted(sum(report.rules_not_run.values()), "rule")
        out.print(Text(f"\nNot checked here: {total}", style="dim bold"))
        reasons = list(report.rules_not_run.items())
        for reason, count in reasons[:MAX_REASONS]:
            out.print(Text(f"  • {count:,}: {reason}", style="dim"))
        if rest := sum(count for _, count in reasons[MAX_REASONS:]):
            out.print(Text(f"  • {rest:,} for other reasons (see `rules list`)", style="dim"))


def _house_rules_not_run(out: Console, house: HouseCheck) -> None:
    for rule_id, reason in house.not_run.items():
        out.print(Text(f"  • {rule_id} was not run: {reason}", style="dim"))


def _of_the_file(out: Console, report: Report) -> None:
    """Findings outside any learner, under a heading of their own."""
    if report.other_findings:
        out.print(Text("\nThe file", style="bold underline"))
        for finding in collapsed(report.other_findings):
            _finding(out, finding)


def _common(out: Console, groups: Iterable[CommonFinding]) -> None:
    """What several learners have alike, once, with how many they are and the first of them."""
    for group in groups:
        who = counted(group.learners, "learner")
        named = ", ".join(group.refs)
        more = " …" if group.learners > len(group.refs) else ""
        out.print(Text(f"\n{who} alike", style="bold underline"))
        if named:
            out.print(Text(f"  {named}{more}", style="dim"))
        times = group.times if group.times > group.learners else 1
        _finding(out, group.finding._replace(times=times), is_one_of_many=True)


def _learners(out: Console, by_learner: Sequence[tuple[LearnerReport, Findings]]) -> None:
    """The first learners with these findings, and how many more there are."""
    for learner, findings in by_learner[:MAX_LEARNERS]:
        _learner(out, learner, findings)
    if (more := len(by_learner) - MAX_LEARNERS) > 0:
        out.print(Text(f"… and {counted(more, 'more learner')}.", style="dim"))


def _learner(out: Console, learner: LearnerReport, findings: Findings) -> None:
    name = f"Learner {learner.ref}" if learner.ref else "Learner (no reference pasted)"
    out.print(Text(f"\n{name}", style="bold underline"))
    _findings(out, findings)


def _where(finding: FindingReport) -> str:
    if finding.entity in _OF_THE_FILE:
        return "The file"
    if len(finding.aims) > 1:
        *first, last = map(str, sorted(finding.aims))
        return f"Aims {', '.join(first)} and {last}"
    if finding.aim_seq is None and not finding.aim_ref:
        return "The learner"
    sequence = f"Aim {finding.aim_seq}" if finding.aim_seq is not None else "Aim"
    parts = (sequence, finding.aim_ref, str(finding.aim_details or ""))
    return " · ".join(part for part in parts if part)


def _findings(out: Console, findings: Findings) -> None:
    ordered = sorted(collapsed(findings), key=lambda f: (f.aims, f.aim_seq or 0, f.aim_ref))
    for where, group in groupby(ordered, key=_where):
        out.print(Text(f"  {where}", style="bold"))
        for finding in group:
            _finding(out, finding)


def _finding(out: Console, finding: FindingReport, *, is_one_of_many: bool = False) -> None:
    """One finding: what, where, the values and what decided, and what to do about it.

    ``is_one_of_many``: it stands for several learners, of whom no line is told.
    """
    style, word = _STYLE[finding.severity]
    head = Text(f"{word} ", style=style)
    head.append(finding.rule, style="bold")
    head.append(f"  {finding.title}")
    if finding.times > 1:
        head.append(f"  ({finding.times:,} times)", style="bold")
    elif finding.line and not is_one_of_many:
        head.append(f"  (line {finding.line})", style="dim")
    values = "  ".join(f"{k} = {v or '(blank)'}" for k, v in finding.values.items())
    decided = "  ".join(f"{k}: {v}" for k, v in finding.decided_by.items())
    shown = "  ·  ".join(filter(None, (values, decided)))
    body = Group(
        head,
        *([Text(shown, style="cyan")] if shown else []),
        Text(finding.message),
        *([Text(f"Usually: {finding.usually}", style="dim")] if finding.usually else []),
        Text(f"→ {finding.fix}", style="green"),
        *([Text(finding.proposal, style="italic")] if finding.proposal else []),
        *([Text(f"In part: {finding.partly}", style="dim")] if finding.partly else []),
    )
    out.print(Padding(body, (0, 0, 1, 4)))


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
    table = table_for(out, "Rule", "Severity", "Findings", "What it says", title=title)
    for rule_id, severity, count, says in counts:
        style, word = _STYLE[severity]
        table.add_row(rule_id, Text(word, style=style), f"{count:,}", says)
    out.print(table)
