"""A check's report: the conclusion, then findings worst first, then what was not checked."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Literal

from bot.checking.grouping import collapsed
from bot.checking.report import FindingReport, HouseCheck, LearnerReport, Report
from bot.checking.violation_report import write_rows
from bot.rules.catalogue import RuleRow, Severity
from bot.slack.blocks.parsed_record import parsed_record_texts
from bot.slack.blocks.parts import (
    action_id,
    actions,
    button,
    divider,
    fold,
    section,
    sections,
    small,
)
from bot.slack.blocks.post import Block, Post
from bot.slack.blocks.text import bold, clip, escape
from bot.slack.payloads import CopyPayload, ReasonsPayload, RulePayload, SharedRules

__all__ = [
    "MAX_FINDINGS",
    "Surface",
    "is_long",
    "report_csv",
    "report_post",
    "shared_rules",
    "summary_post",
]

MAX_FINDINGS = 25
"""Findings shown in one message, if they fit; more go into a CSV file."""
_MAX_BLOCKS, _MAX_CHARACTERS = 38, 7_000
"""Room for findings in a message of 50 blocks and 12,000 characters."""
_MAX_PROBLEMS = 8
_MAX_NAMED = 40
"""Rules of a pasted report that are only named, beyond those explained."""
_PLACES = 6
"""Learners and aims named for one house rule."""
_SHOWN_OF_MANY, _MAX_RULES = 8, 15
MAX_SHARED = 30
"""Rules in a shared summary: what a modal can carry."""
Surface = Literal["message", "modal"]
_WORD = {
    Severity.ERROR: "Error",
    Severity.CHECK: "Please check",
    Severity.WARNING: "Warning",
    Severity.OFF: "Not run",
}
_OF_THE_FILE = {"Message", "Header", "CollectionDetails", "Source", "LearningProvider"}
_ORDER = {Severity.ERROR: 0, Severity.CHECK: 1, Severity.WARNING: 2, Severity.OFF: 3}


def is_long(report: Report) -> bool:
    """Whether the findings do not all fit in a message."""
    return _findings(report)[1] < len(report.findings)


def report_post(
    report: Report,
    *,
    elsewhere: str = "the CSV file",
    surface: Surface = "message",
    copy_of: CopyPayload | None = None,
) -> Post:
    """The report for the person who asked for it. ``elsewhere``: where the rest is.

    ``copy_of``: the message (and file) that was checked, where a copy with invented people can
    be made of it.
    """
    blocks: list[Block] = [section(bold(report.conclusion)), small(_about(report))]
    if report.notes:
        blocks.append(section("\n".join(f"_{escape(note)}_" for note in report.notes)))
    blocks += _asked_back(report)
    if report.schema_errors:
        blocks.append(section(_schema(report)))
    blocks += _violations(report)
    found, shown = _findings(report)
    if shown < len(report.findings):
        found, shown = _findings(report, most=_SHOWN_OF_MANY)
        left = len(report.findings) - shown
        blocks.append(section(f"*By rule*\n{_counts(report)}"))
        found += [divider(), section(f"… and {left:,} more, in {elsewhere}.")]
    blocks += found
    if report.house is not None:
        blocks.append(section(_house(report, report.house)))
    if report.problems:
        blocks.append(section(f"*Could not be read*\n{_problems(report)}"))
    blocks += _folds(report, surface)
    blocks.append(small(_CAVEAT))
    if surface == "message":
        blocks += _tools(report, copy_of)
    return Post(escape(f"{report.conclusion} {_about(report)}"), blocks)


def _asked_back(report: Report) -> list[Block]:
    """Where more than a fifth was guessed: what was made of the paste, before what follows."""
    sure = report.reading.confidence() if report.reading is not None else None
    if report.reading is None or sure is None or not sure.should_ask:
        return []
    every = sure.recognised + sure.guessed
    question = (
        f"*Is this how you meant it?* {sure.guessed:,} of {_count(every, 'value')} "
        f"{'is a guess' if sure.guessed == 1 else 'are guesses'}. If not, paste it again with the "
        "name of each field beside or above its value."
    )
    return [section(question), section(parsed_record_texts(report.reading)[0]), divider()]


_CAVEAT = (
    "A quick check, not the submission service: only that can accept a return. "
    "Your record was read in memory and is not stored."
)


def _problems(report: Report) -> str:
    lines = [
        f"• {f'line {problem.line}: ' if problem.line else ''}{escape(problem.message)}"
        for problem in report.problems[:_MAX_PROBLEMS]
    ]
    more = len(report.problems) - _MAX_PROBLEMS
    return "\n".join([*lines, f"• … and {more:,} more"] if more > 0 else lines)


def _schema(report: Report) -> str:
    """What would have the file rejected before any rule is run."""
    lines = [
        f"• {f'{error.place}: ' if error.place else ''}{escape(error.message)}"
        for error in report.schema_errors[:_MAX_PROBLEMS]
    ]
    more = len(report.schema_errors) - _MAX_PROBLEMS
    lines += [f"• … and {more:,} more kinds"] if more > 0 else []
    return clip("\n".join(["*Schema:* a file with this is rejected unread.", *lines]), 2_900)


def _folds(report: Report, surface: Surface) -> list[Block]:
    """What was not checked, and what was read: there for who wants it, in nobody's way.

    A modal takes no folds: there the first is a click away, and the second Slack may cut
    itself with a "Show more".
    """
    blocks: list[Block] = []
    if report.rules_not_run:
        title = f"Not checked here: {_count(sum(report.rules_not_run.values()), 'rule')}"
        reasons = not_checked(report)
        if surface == "message":
            blocks.append(fold(title, [section("\n".join(reasons))]))
        else:
            payload = ReasonsPayload(reasons=tuple(reasons))
            why = button("Why not?", "ilr_not_checked", payload, label=title)
            blocks.append(section(bold(title), why))
    if report.reading is not None:
        texts = parsed_record_texts(report.reading)
        if surface == "message":
            blocks.append(fold("What I read", [section(text) for text in texts]))
        else:
            blocks.append(section(clip("\n".join([bold("What I read"), *texts]), 2_900)))
    return blocks


_MAX_REASONS, _MAX_REASON_LENGTH = 12, 110


def not_checked(report: Report) -> list[str]:
    """Why rules were not run, a line a reason, what stopped most of them first."""
    ordered = sorted(report.rules_not_run.items(), key=lambda item: -item[1])
    lines = [
        f"• {escape(clip(reason, _MAX_REASON_LENGTH))}: {_count(number, 'rule')}"
        for reason, number in ordered[:_MAX_REASONS]
    ]
    rest = ordered[_MAX_REASONS:]
    if rest:
        rules = _count(sum(number for _, number in rest), "rule")
        lines.append(f"• {_count(len(rest), 'other reason')}: {rules}")
    return lines


def _tools(report: Report, copy_of: CopyPayload | None) -> list[Block]:
    """What can be done with a report besides reading it."""
    buttons = []
    if report.findings:
        buttons.append(
            button(
                "Share without values",
                "ilr_share",
                shared_rules(report),
                label="Share the rules of this check, without learners or values",
            )
        )
    if copy_of is not None:
        buttons.append(
            button(
                "Copy with invented people",
                "ilr_redact",
                copy_of,
                label="Make a copy of this record with invented names, numbers and addresses",
            )
        )
    return actions(buttons)


def _about(report: Report) -> str:
    aims = sum(learner.aims for learner in report.learners)
    about = [report.kind]
    if not report.violations:
        about.append(f"{_count(len(report.learners), 'learner')}, {_count(aims, 'aim')}")
        about.append(f"as at {report.on:%d/%m/%Y}")
    return escape(" · ".join([*about, f"year {report.year}", "only you can see this"]))


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'s' * (number != 1)}"


def _counts(report: Report) -> str:
    """How often each rule was broken, what is worst first."""
    titles = {finding.rule: finding for finding in report.findings}
    times = Counter(finding.rule for finding in report.findings)
    ordered = sorted(times, key=lambda rule: (_ORDER[titles[rule].severity], -times[rule]))
    lines = [
        f"• {times[rule]:,} × *{escape(rule)}* ({_WORD[titles[rule].severity].lower()}): "
        f"{escape(titles[rule].title)}"
        for rule in ordered[:_MAX_RULES]
    ]
    left = len(ordered) - _MAX_RULES
    if left > 0:
        lines.append(f"• … and {_count(left, 'more rule')}")
    return clip("\n".join(lines), 2_900)


def _findings(report: Report, most: int = MAX_FINDINGS) -> tuple[list[Block], int]:
    """As many as fit, under their learner, aim and placement, what is worst first; how many."""
    groups: list[tuple[str, tuple[FindingReport, ...]]] = []
    if report.other_findings:
        groups.append(("The file", report.other_findings))
    with_findings = [learner for learner in report.learners if learner.findings]
    # One learner without a reference needs no name: the places tell all.
    unnamed = len(report.learners) == 1 and not report.learners[0].ref
    groups += [
        ("" if unnamed else _name(one), tuple(collapsed(one.findings)))
        for one in sorted(with_findings, key=_badness)
    ]
    blocks: list[Block] = []
    shown = characters = 0
    for name, findings in groups:
        blocks.append(divider())
        for where, group in _by_place(findings):
            blocks.append(section(_head(name, where)))
            for finding in group:
                block = _finding(finding, report, shown)
                characters += len(block["text"]["text"])
                full = len(blocks) >= _MAX_BLOCKS or characters > _MAX_CHARACTERS
                if full or shown >= most:
                    return _without_empty_heads(blocks), shown
                blocks.append(block)
                shown += finding.times
    return blocks, shown


def _head(name: str, where: str) -> str:
    if not name:
        return bold(where[:1].upper() + where[1:])
    return f"{bold(name)} · {escape(where)}" if where else bold(name)


def _by_place(findings: Iterable[FindingReport]) -> list[tuple[str, list[FindingReport]]]:
    """Findings by aim and placement: the place with the worst first, then in record order."""
    ordered = sorted(findings, key=_place)
    groups = [list(group) for _, group in groupby(ordered, key=_place)]
    groups.sort(key=lambda group: min(_ORDER[finding.severity] for finding in group))
    return [
        (_where(group[0]), sorted(group, key=lambda one: _ORDER[one.severity])) for group in groups
    ]


def _without_empty_heads(blocks: list[Block]) -> list[Block]:
    """Without a line and a heading at the end that nothing follows."""
    while blocks and "accessory" not in blocks[-1]:
        blocks = blocks[:-1]
    return blocks


def _violations(report: Report) -> list[Block]:
    """The rules of a pasted rule violation report, explained, as many as fit."""
    blocks: list[Block] = []
    characters = 0
    for place, one in enumerate(report.violations):
        word = f"{_WORD[one.severity]}: " if one.severity else ""
        head = f"*{word}{escape(one.rule)}*  {escape(one.title)} ({escape(one.how_often)})"
        lines = [head, escape(one.message), f"*What to do:* {escape(one.fix)}" if one.fix else ""]
        text = clip("\n".join(line for line in lines if line), 1_800)
        characters += len(text)
        if place >= MAX_FINDINGS or characters > _MAX_CHARACTERS:
            left = report.violations[place:]
            named = ", ".join(f"`{escape(other.rule)}`" for other in left[:_MAX_NAMED])
            more = f" and {len(left) - _MAX_NAMED:,} more" if len(left) > _MAX_NAMED else ""
            return [*blocks, section(f"Also in it: {named}{more}.")]
        blocks.append(
            section(text, _why(one.rule, report, action_id("ilr_why", place, "reported")))
        )
    return blocks


def _badness(learner: LearnerReport) -> tuple[int, int]:
    return min(_ORDER[f.severity] for f in learner.findings), -len(learner.findings)


def _name(learner: LearnerReport) -> str:
    return f"Learner {learner.ref}" if learner.ref else "Learner (no reference pasted)"


def _place(finding: FindingReport) -> tuple[int, str, int]:
    return finding.aim_seq or 0, finding.aim_ref, finding.placement or 0


def _where(finding: FindingReport) -> str:
    """Which aim and placement; "" for the file, which has none."""
    if finding.aim_seq is None and not finding.aim_ref:
        return "" if finding.entity in _OF_THE_FILE else "learner details"
    if len(finding.aims) > 1:
        *first, last = map(str, sorted(finding.aims))
        return f"aims {', '.join(first)} and {last}"
    sequence = f"aim {finding.aim_seq}" if finding.aim_seq is not None else "aim"
    aim = f"{sequence}, {finding.aim_ref}" if finding.aim_ref else sequence
    return f"{aim} · placement {finding.placement}" if finding.placement else aim


def _finding(finding: FindingReport, report: Report, place: int) -> Block:
    line = f", line {finding.line}" if finding.line else ""
    line = f", {finding.times:,} times" if finding.times > 1 else line
    head = f"*{_WORD[finding.severity]}: {escape(finding.rule)}*  {escape(finding.title)}{line}"
    values = " · ".join(
        f"{escape(name)} = {escape(_ticked(value) or '(blank)')}"
        for name, value in finding.values.items()
    )
    decided = [f"{escape(name)}: {escape(_ticked(v))}" for name, v in finding.decided_by.items()]
    values = " · ".join(filter(None, [values, *decided]))
    about = f"_{escape(str(finding.aim_details))}_" if finding.aim_details else ""
    lines = [head, about, values, escape(finding.message), f"*What to do:* {escape(finding.fix)}"]
    if finding.proposal:
        lines.append(f"*What would fix it:* {escape(finding.proposal)}")
    if finding.partly:
        lines.append(f"_Checked in part: {escape(finding.partly)}_")
    return section(
        clip("\n".join(line for line in lines if line), 1_800),
        _why(finding.rule, report, action_id("ilr_why", place)),
    )


def _why(rule: str, report: Report, action: str) -> Block:
    payload = RulePayload(rule=rule, year=report.year)
    return button("Why?", action, payload, label=f"Why: explain {rule}")


def _house(report: Report, house: HouseCheck) -> str:
    """The provider's own checks, apart from the published rules: each once, with its places."""
    lines = [bold(house.conclusion)]
    places: dict[str, list[str]] = {}
    firsts: dict[str, FindingReport] = {}
    for learner in report.learners:
        for finding in learner.house_findings:
            firsts.setdefault(finding.rule, finding)
            name = f"{_name(learner)}, {_where(finding)}"
            places.setdefault(finding.rule, []).append(name)
    for rule, finding in firsts.items():
        found = list(dict.fromkeys(places[rule]))
        more = f" and {len(found) - _PLACES} more" if len(found) > _PLACES else ""
        lines.append(
            f"*{_WORD[finding.severity]}: {escape(finding.title)}* "
            f"({_count(len(places[rule]), 'time')})\n"
            f"{escape('; '.join(found[:_PLACES]))}{more}\n"
            f"{escape(finding.message)}\n*What to do:* {escape(finding.fix)}"
        )
    lines += [f"_{escape(i)} was not run: {escape(why)}_" for i, why in house.not_run.items()]
    return clip("\n".join(lines), 2_800)


def _ticked(value: str) -> str:
    """A value as data: it may hold the marks that mrkdwn reads."""
    return clip(value.replace("`", "'").replace("*", "∗").replace("\n", " "), 200)


def report_csv(report: Report) -> str:
    """Every finding, a row each, as the department's Rule Violation Report has them."""
    out = io.StringIO()
    out.write("\ufeff")  # so that spreadsheets read it as UTF-8
    write_rows(out, report.learners, report.other_findings)
    return out.getvalue()


def shared_rules(report: Report) -> SharedRules:
    """What a shared summary is made from: rules and counts; no learner and no value."""
    times = Counter(finding.rule for finding in report.findings)
    return SharedRules(
        year=report.year, learners=len(report.learners), rules=dict(times.most_common(MAX_SHARED))
    )


def summary_post(user: str, shared: SharedRules, rules: Mapping[str, RuleRow]) -> Post:
    """The rules a check found broken, for sharing: no learner and no value."""
    times = {rule: count for rule, count in shared.rules.items() if rule in rules}
    head = f"A check of {_count(shared.learners, 'learner')} as {shared.year} " + (
        "found these:" if times else "found nothing in the rules that were run."
    )
    lines = [
        f"• *{escape(rule)}* ({count:,}): {escape(rules[rule].title)}. {escape(rules[rule].fix)}"
        for rule, count in times.items()
    ]
    blocks = [small(f"Shared by <@{user}>, without learners or values."), section(bold(head))]
    if lines:
        blocks += sections("\n".join(lines))
    return Post(escape(f"{head} {', '.join(times)}"), blocks)
