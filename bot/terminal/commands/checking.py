"""Commands that take a record: check, read, redact."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import InputError
from bot.terminal.commands.common import (
    ERRORS_FOUND,
    FileArgument,
    JsonOption,
    YearOption,
    open_helpdesk,
    parse_year,
    read_input,
    write_json,
)
from bot.terminal.wording import counted
from bot.years import AcademicYear

if TYPE_CHECKING:
    from bot.checking.report import LearnerReport, Report
    from bot.helpdesk import Helpdesk

__all__ = ["check", "read", "redact"]

MAX_ALT_TEXT = 20_000
"""Characters that say what a picture shows: a terminal takes all, only Slack has a limit."""


class ReportFormat(StrEnum):
    """How a report is written."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class _CheckOptions:
    """What was asked of a check."""

    year: AcademicYear | None
    on: date | None
    form: ReportFormat
    with_names: bool
    house: bool


def check(
    file: FileArgument,
    year: YearOption = None,
    on: Annotated[
        str | None,
        typer.Option("--on", help="File preparation date. Default: the file's, or today."),
    ] = None,
    as_json: JsonOption = False,
    form: Annotated[
        ReportFormat,
        typer.Option("--format", help="text, json, or csv as the Rule Violation Report."),
    ] = ReportFormat.TEXT,
    jobs: Annotated[
        int, typer.Option("--jobs", "-j", min=1, help="Processes to use on a large file.")
    ] = 1,
    with_names: Annotated[
        bool, typer.Option("--with-names", help="Include names and ULNs in the CSV.")
    ] = False,
    house: Annotated[
        bool, typer.Option("--house", help="House rules in the CSV, instead of published ones.")
    ] = False,
    timeline: Annotated[
        Path | None, typer.Option("--timeline", help="Draw one learner's dates as a PNG.")
    ] = None,
) -> None:
    """Check a learner record, or a whole return, against the published validation rules.

    Status: 0 no errors, 1 errors found, 2 it could not be read.
    Example: ilr-helpdesk check learner.xml --year 2026-27
    Example: ilr-helpdesk check learner.xml --timeline dates.png
    Example: ilr-helpdesk check return.xml --jobs 2 --format csv > violations.csv
    """
    from bot.checking.whole_file import is_streamed

    chosen = ReportFormat.JSON if as_json else form
    options = _CheckOptions(parse_year(year), _parse_day(on), chosen, with_names, house)
    helpdesk = open_helpdesk()
    path = Path(file)
    if file != "-" and path.is_file() and is_streamed(path):
        if timeline is not None:
            raise InputError("--timeline draws one learner. Cut that learner out of the file.")
        report, errors = _check_large(helpdesk, path, options, jobs)
    else:
        report, errors = _check_small(helpdesk, file, options, timeline)
    if chosen is ReportFormat.JSON:
        write_json(report.to_json())
    if errors:
        raise SystemExit(ERRORS_FOUND)


def _check_small(
    helpdesk: Helpdesk, file: str, options: _CheckOptions, timeline: Path | None
) -> tuple[Report, int]:
    """Check what fits in memory and show it, unless as JSON. The report and its errors."""
    report = helpdesk.check(
        read_input(file),
        options.year,
        on=options.on,
        names=options.with_names,
        file_name=Path(file).name,
    )
    if timeline is not None:
        _draw(report, timeline)
    if options.form is ReportFormat.CSV:
        from bot.checking.violation_report import write_rows

        of_file = () if options.house else report.other_findings
        write_rows(sys.stdout, report.learners, of_file, house=options.house)
    elif options.form is ReportFormat.TEXT:
        from bot.terminal.render.console import console
        from bot.terminal.render.reports import show_report

        show_report(console(), report)
    return report, report.errors


def _draw(report: Report, path: Path) -> None:
    """Write the picture, and say on standard error what it shows. Raises InputError."""
    from bot.ilr.timeline_image import draw

    if path.suffix.lower() != ".png":
        raise InputError("--timeline writes a PNG picture. Give a name that ends in .png.")
    if report.timeline is None:
        raise InputError("There is no aim in this record, so there is nothing to draw.")
    picture = draw(report.timeline)
    try:
        path.write_bytes(picture)
    except OSError as error:
        raise InputError(f"{str(path)!r} could not be written: {error.strerror}.") from None
    typer.echo(f"{path}: {report.timeline.alt_text(longest=MAX_ALT_TEXT)}", err=True)


def _check_large(
    helpdesk: Helpdesk, path: Path, options: _CheckOptions, jobs: int
) -> tuple[Report, int]:
    """Stream a whole return: CSV rows as they come, or a summary by rule and a first table.

    The report holds the learners that are shown; the number of errors is that of all.
    """
    from bot.checking.violation_report import write_rows
    from bot.checking.whole_file import check_file
    from bot.terminal.render.console import console, error_console, progress
    from bot.terminal.render.reports import MAX_LEARNERS, show_file_check

    totals, batches = check_file(
        path,
        helpdesk.knowledge,
        year=options.year,
        on=options.on,
        today=helpdesk.today(),
        jobs=jobs,
        names=options.with_names,
    )
    shown: list[LearnerReport] = []
    if options.form is ReportFormat.CSV:
        write_rows(sys.stdout, [])
    with progress(error_console(), path.stat().st_size) as advance:
        for batch in batches:
            advance(totals.bytes_read, totals.learners)
            if options.form is ReportFormat.CSV:
                of_file = () if options.house else batch.of_file
                write_rows(sys.stdout, batch.learners, of_file, header=False, house=options.house)
            room = MAX_LEARNERS - len(shown)
            if options.form is ReportFormat.JSON:
                shown += [one for one in batch.learners if one.findings or one.house_findings]
            elif options.form is ReportFormat.TEXT and room > 0:
                shown += [one for one in batch.learners if one.findings][:room]
    report = totals.report(tuple(shown))
    if options.form is ReportFormat.TEXT:
        show_file_check(console(), totals, report)
    if options.form is ReportFormat.CSV and totals.problems:
        unread = counted(len(totals.problems), "value")
        typer.echo(f"{unread} could not be read; see --format text.", err=True)
    return report, totals.errors


def _parse_day(text: str | None) -> date | None:
    """The day given, if one was. Raises InputError when it is not a date."""
    if text is None:
        return None
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y"):
        try:
            return datetime.strptime(text.strip(), form).date()
        except ValueError:
            continue
    raise InputError("--on should be a date like 24/11/2026 or 2026-11-24.")


def read(file: FileArgument, as_json: JsonOption = False) -> None:
    """Show how a record was interpreted: each value, its line and any guesses.

    Takes what check takes: XML, whole or cut, cells of a table, a list of fields, JSON.
    Example: ilr-helpdesk read pasted.txt
    """
    from bot.ilr.readers import read as parse

    record = parse(read_input(file))
    if as_json:
        write_json(record.to_json())
        return
    from bot.terminal.render.console import console
    from bot.terminal.render.records import show_record

    show_record(console(), record)


def redact(file: FileArgument) -> None:
    """Copy a record with invented names, numbers, addresses and dates of birth.

    The same person is the same invention throughout; ages on 31 August, codes and dates of
    learning stay. Look it over before you share it.
    Example: ilr-helpdesk redact learner.xml > to-show.xml
    """
    from bot.ilr.redaction import redact as invent

    sys.stdout.write(invent(read_input(file)))
