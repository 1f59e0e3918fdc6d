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
    JsonList,
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
    from bot.checking.sources import Source
    from bot.helpdesk import Helpdesk
    from bot.ilr.readers import ParsedRecord

__all__ = ["check", "read", "redact"]

LARGE_TABLE = 50_000
"""Bytes from which on a table may be one of many learners."""
MANY_LEARNERS = 1_000
"""They are checked in batches, with a progress bar."""
MAX_ALT_TEXT = 20_000
"""Characters that say what a picture shows: a terminal takes all, only Slack has a limit."""


class PictureSize(StrEnum):
    """How large a picture is."""

    PAGE = "page"
    SLIDE = "slide"


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
    picture: _Picture | None = None


@dataclass(frozen=True, slots=True)
class _Picture:
    """Where a picture is written to, of whom, and how it looks."""

    path: Path
    learner: str | None
    dark: bool
    size: PictureSize


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
        int | None,
        typer.Option(
            "--jobs", "-j", min=1, help="Processes for a large file. Default: one a core, up to 4."
        ),
    ] = None,
    with_names: Annotated[
        bool,
        typer.Option(
            "--with-names", help="Include names, ULNs and provider monitoring in the CSV."
        ),
    ] = False,
    house: Annotated[
        bool, typer.Option("--house", help="House rules in the CSV, instead of published ones.")
    ] = False,
    timeline: Annotated[
        Path | None, typer.Option("--timeline", help="Draw one learner's dates as a PNG.")
    ] = None,
    learner: Annotated[
        str | None,
        typer.Option("--learner", help="Whom to draw: a LearnRefNumber, or their place, 1, 2 …"),
    ] = None,
    dark: Annotated[bool, typer.Option("--dark", help="Draw it for a dark page.")] = False,
    size: Annotated[
        PictureSize, typer.Option("--size", help="page, or slide: 1920 by 1080.")
    ] = PictureSize.PAGE,
) -> None:
    """Check a learner record, or a whole return, against the published validation rules.

    Takes XML, a ZIP with one XML, .xlsx, .csv, or what was pasted.
    Status: 0 no errors, 1 errors found, 2 it could not be read.
    Example: ilr-helpdesk check learner.xml --year 2026-27
    Example: ilr-helpdesk check group.xlsx --timeline dates.png --learner INV0001 --size slide
    Example: ilr-helpdesk check return.xml --format csv > violations.csv
    """
    from bot.checking.sources import xml_source

    chosen = ReportFormat.JSON if as_json else form
    picture = None
    if timeline is not None:
        picture = _Picture(timeline, learner, dark, size)
    elif learner is not None or dark or size is not PictureSize.PAGE:
        raise InputError("--learner, --dark and --size say how to draw. Add --timeline dates.png.")
    options = _CheckOptions(parse_year(year), _parse_day(on), chosen, with_names, house, picture)
    helpdesk = open_helpdesk()
    source = xml_source(Path(file)) if file != "-" else None
    errors = (
        _check_large(helpdesk, source, options, jobs)
        if source is not None
        else _check_whole(helpdesk, file, options, jobs)
    )
    if errors:
        raise SystemExit(ERRORS_FOUND)


def _check_whole(helpdesk: Helpdesk, file: str, options: _CheckOptions, jobs: int | None) -> int:
    """Check what is read whole: batch by batch when it is a table of many learners. Returns the
    number of errors."""
    from bot.checking.collector import collector_at_rest
    from bot.checking.sources import ParsedSource
    from bot.ilr.readers import read as parse
    from bot.ilr.readers.decoding import is_workbook
    from bot.ilr.readers.zip_files import is_zip
    from bot.terminal.render.console import error_console, waiting

    given = read_input(file)
    if len(given) < LARGE_TABLE or (is_zip(given) and not is_workbook(given)):
        return _check_small(helpdesk, file, given, options)
    with waiting(error_console(), "Reading …"), collector_at_rest():
        record = parse(given)
    if len(record.message.children) < MANY_LEARNERS:
        return _check_small(helpdesk, file, record, options)
    return _check_large(helpdesk, ParsedSource(record, Path(file).name), options, jobs or 1)


def _check_small(
    helpdesk: Helpdesk, file: str, given: bytes | ParsedRecord, options: _CheckOptions
) -> int:
    """Check what fits in memory and show it. Returns the number of errors."""
    report = helpdesk.check(
        given,
        options.year,
        on=options.on,
        names=options.with_names,
        file_name=Path(file).name,
        learner=options.picture.learner if options.picture else None,
    )
    if options.picture is not None:
        _draw(report, options.picture)
    if options.form is ReportFormat.CSV:
        from bot.checking.violation_report import write_rows

        of_file = () if options.house else report.other_findings
        write_rows(sys.stdout, report.learners, of_file, house=options.house)
    elif options.form is ReportFormat.TEXT:
        from bot.terminal.render.console import console
        from bot.terminal.render.reports import show_report

        show_report(console(), report)
    else:
        write_json(report.to_json())
    return report.errors


def _draw(report: Report, wanted: _Picture) -> None:
    """Write the picture, and say on standard error what it shows. Raises InputError."""
    from bot.ilr.timeline_image import draw

    path = wanted.path
    if path.suffix.lower() != ".png":
        raise InputError("--timeline writes a PNG picture. Give a name that ends in .png.")
    if report.timeline is None:
        raise InputError("There is no aim in this record, so there is nothing to draw.")
    picture = draw(
        report.timeline, theme="dark" if wanted.dark else "light", size=wanted.size.value
    )
    try:
        path.write_bytes(picture)
    except OSError as error:
        raise InputError(f"{str(path)!r} could not be written: {error.strerror}.") from None
    typer.echo(f"{path}: {report.timeline.alt_text(longest=MAX_ALT_TEXT)}", err=True)


def _check_large(
    helpdesk: Helpdesk, source: Source, options: _CheckOptions, jobs: int | None
) -> int:
    """Check a whole return or table: CSV rows and JSON as they come, or as text a summary by rule
    and the first learners. Returns the number of errors."""
    from bot.checking.sources import cut_out
    from bot.checking.violation_report import write_rows
    from bot.checking.whole_file import check_source
    from bot.checking.workers import jobs_for
    from bot.terminal.render.console import console, error_console, progress
    from bot.terminal.render.reports import MAX_LEARNERS, show_file_check

    if options.picture is not None:
        one = cut_out(source, options.picture.learner)
        _draw(helpdesk.check(one, options.year, on=options.on), options.picture)
    totals, batches = check_source(
        source,
        helpdesk.knowledge,
        year=options.year,
        on=options.on,
        today=helpdesk.today(),
        jobs=jobs or jobs_for(source.size),
        names=options.with_names,
    )
    shown: list[LearnerReport] = []
    learners = JsonList("learners")
    if options.form is ReportFormat.CSV:
        write_rows(sys.stdout, [])
    with progress(error_console(), source.size) as advance:
        for batch in batches:
            advance(totals.read, totals.learners)
            if options.form is ReportFormat.CSV:
                of_file = () if options.house else batch.of_file
                write_rows(sys.stdout, batch.learners, of_file, header=False, house=options.house)
                continue
            found = [one for one in batch.learners if one.findings or one.house_findings]
            if options.form is ReportFormat.JSON:
                learners.write(one.to_json() for one in found)
            elif len(shown) < MAX_LEARNERS:
                shown += [one for one in found if one.findings][: MAX_LEARNERS - len(shown)]
    report = totals.report(tuple(shown))
    if options.form is ReportFormat.JSON:
        rest = report.to_json()
        del rest["learners"]
        learners.end(rest)
    elif options.form is ReportFormat.TEXT:
        show_file_check(console(), totals, report)
    elif totals.problems:
        unread = counted(len(totals.problems), "value")
        typer.echo(f"{unread} could not be read; see --format text.", err=True)
    return totals.errors


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

    Takes what check takes: XML, whole or cut, an Excel workbook, cells of a table, a list of
    fields, JSON.
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
