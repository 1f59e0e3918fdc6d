"""The command line: the same helpdesk that Slack uses, in a terminal.

Each command turns its arguments into one call and prints the result.
"""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TextIO

import typer
import typer.core

from bot import __version__
from bot.errors import HelpdeskError, InputError
from bot.terminal.operating import register
from bot.years import AcademicYear

if TYPE_CHECKING:
    from bot.checking.report import LearnerReport, Report
    from bot.helpdesk import Helpdesk
    from bot.matching import Ready
    from bot.settings import Settings

__all__ = ["app", "main"]

FINE, ERRORS_FOUND, NOT_READ = 0, 1, 2
MAX_LEARNERS_SHOWN = 20


class Form(StrEnum):
    """How a report is written."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


GROUPS = {
    "Ask and check": ("chat", "ask", "explain", "check", "read", "redact"),
    "Look after the knowledge": (
        "lint", "new", "report", "export", "phrasings", "suggestions", "evaluate", "rules",
    ),
    "Run it": (
        "run", "serve", "doctor", "migrate", "manifest", "settings", "digest", "purge", "prepare",
        "version",
    ),
}  # fmt: skip
"""The commands as --help shows them; one that is not named here comes last."""


class _Grouped(typer.core.TyperGroup):
    """Commands under headings, each with its whole first line."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write them in the order of ``GROUPS``; of a command group, as they are."""
        named = [name for names in GROUPS.values() for name in names]
        rest = tuple(name for name in self.list_commands(ctx) if name not in named)
        for title, names in {**GROUPS, "Further commands": rest}.items():
            rows = [
                (name, (command.help or "").strip().partition("\n")[0])
                for name in names
                if (command := self.get_command(ctx, name)) is not None and not command.hidden
            ]
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)


app = typer.Typer(
    name="ilr-helpdesk",
    cls=_Grouped,
    help="Answers ILR questions from a reviewed knowledge base and checks learner records.",
    epilog="Begin with: ilr-helpdesk chat. Each command explains itself: ilr-helpdesk check --help",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _completed(incomplete: str, words: Callable[[Helpdesk], Iterable[str]]) -> list[str]:
    """For the shell's Tab: those words that begin so, whatever their case; never an error."""
    from bot.helpdesk import Helpdesk

    try:
        helpdesk = Helpdesk.open(replace(_settings(), semantic="off"))
    except HelpdeskError:
        return []
    begun = incomplete.casefold()
    return sorted(word for word in words(helpdesk) if word.casefold().startswith(begun))


def _complete_term(incomplete: str) -> list[str]:
    return _completed(incomplete, lambda helpdesk: helpdesk.known_terms())


def _complete_topic(incomplete: str) -> list[str]:
    return _completed(incomplete, lambda helpdesk: helpdesk.knowledge.topics)


def _complete_year(incomplete: str) -> list[str]:
    return _completed(incomplete, lambda helpdesk: map(str, helpdesk.knowledge.specification.years))


YearOption = Annotated[
    str | None,
    typer.Option(
        "--year",
        "-y",
        help="Academic year, e.g. 2026-27. Default: the year named, or now.",
        autocompletion=_complete_year,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Write JSON (see README).")]


def main() -> None:
    """Run the command line; anything a person can mend is one sentence and status 2."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        app()
    except HelpdeskError as error:
        _stop(str(error))
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(FINE) from None
    except Exception as error:  # noqa: BLE001 - a person is told, whatever it was
        # Its message may hold what was pasted, so only its kind and place are shown.
        from bot.errors import places

        where = "".join(f"\n  {place}" for place in places(error))
        _stop(
            f"Something went wrong in the program ({type(error).__name__}). Please report these "
            f"lines; they hold nothing of what you gave:{where}"
        )


def _stop(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise SystemExit(NOT_READ)


def _settings() -> Settings:
    from bot.settings import Settings

    return Settings.load()


def _helpdesk(ready: Ready = "kept") -> Helpdesk:
    from bot.helpdesk import Helpdesk

    return Helpdesk.open(_settings(), ready=ready)


def _year(text: str | None) -> AcademicYear | None:
    if text is None:
        return None
    try:
        return AcademicYear.parse(text)
    except ValueError as error:
        raise InputError(str(error)) from None


def _write(data: Any) -> None:
    typer.echo(json.dumps(data, ensure_ascii=False))


@app.command()
def ask(
    question: Annotated[
        str, typer.Argument(help="The question; - reads one a line from standard input.")
    ],
    year: YearOption = None,
    as_json: JsonOption = False,
    why: Annotated[bool, typer.Option("--why", help="Show what matched and why.")] = False,
) -> None:
    """Ask a question.

    Example: ilr-helpdesk ask "one aim or three for three placements?"
    """
    if not question.strip():
        raise InputError('There is no question here. Put it in quotation marks: ask "when is R04?"')
    # Many questions are answered alike, so they wait for the semantic layer.
    helpdesk = _helpdesk("now" if question == "-" else "kept")
    if question == "-":
        for asked, for_year in _questions(sys.stdin, _year(year)):
            _write(helpdesk.ask(asked, for_year, why=why).to_json())
        return
    answer = helpdesk.ask(question, _year(year), why=why)
    if as_json:
        _write(answer.to_json())
        return
    from bot.terminal.render import console, show_answer, show_why

    out = console()
    show_answer(out, answer, helpdesk.covers(), helpdesk.title_of)
    show_why(out, answer)


def _questions(
    lines: TextIO, default: AcademicYear | None
) -> Iterator[tuple[str, AcademicYear | None]]:
    """A question a line, plain or as {"question": …, "year": …}."""
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text:
            continue
        if not text.startswith("{"):
            yield text, default
            continue
        try:
            given = json.loads(text)
            asked, for_year = given["question"], given.get("year")
            if not isinstance(asked, str):
                raise TypeError
        except (ValueError, KeyError, TypeError):
            raise InputError(
                f'Line {number} is not a question. Write {{"question": "…", "year": "2026-27"}} '
                "or the question itself."
            ) from None
        yield asked, _year(for_year) if for_year else default


@app.command()
def explain(
    term: Annotated[
        list[str],
        typer.Argument(
            help="A rule, field, code, return or abbreviation.", autocompletion=_complete_term
        ),
    ],
    year: YearOption = None,
    as_json: JsonOption = False,
) -> None:
    """Explain a rule, an ILR field, a code, a return or an abbreviation.

    Example: ilr-helpdesk explain WorkPlaceStartDate_02
    """
    helpdesk = _helpdesk()
    answer = helpdesk.explain(" ".join(term), _year(year))
    if as_json:
        _write(answer.to_json())
        return
    from bot.terminal.render import console, show_answer

    if answer.outcome == "none":
        raise InputError(
            "That is not a rule, field, code, return or abbreviation held here. "
            "Try: explain R_96, explain WorkPlaceMode, explain SOF 107, explain EEP."
        )
    show_answer(console(), answer, helpdesk.covers(), helpdesk.title_of)


@app.command()
def check(
    file: Annotated[str, typer.Argument(help="A file; - reads standard input.")],
    year: YearOption = None,
    on: Annotated[
        str | None,
        typer.Option("--on", help="File preparation date. Default: the file's, or today."),
    ] = None,
    as_json: JsonOption = False,
    form: Annotated[
        Form, typer.Option("--format", help="text, json, or csv as the Rule Violation Report.")
    ] = Form.TEXT,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Processes, large files.")] = 1,
    with_names: Annotated[
        bool, typer.Option("--with-names", help="Names and ULNs in the CSV.")
    ] = False,
    house: Annotated[
        bool, typer.Option("--house", help="House rules in the CSV, instead of published ones.")
    ] = False,
    timeline: Annotated[
        Path | None, typer.Option("--timeline", help="Draw one learner's dates to a PNG.")
    ] = None,
) -> None:
    """Check a learner record, or a whole return, against the published validation rules.

    Status: 0 no errors, 1 errors found, 2 it could not be read.
    Example: ilr-helpdesk check learner.xml --year 2026-27
    Example: ilr-helpdesk check learner.xml --timeline dates.png
    Example: ilr-helpdesk check return.xml --jobs 2 --format csv > violations.csv
    """
    from bot.checking.whole_file import is_streamed
    from bot.rules.catalogue import Severity

    chosen = Form.JSON if as_json else form
    day, for_year = _day(on), _year(year)
    helpdesk = _helpdesk()
    path = Path(file)
    if file != "-" and path.is_file() and is_streamed(path):
        if timeline is not None:
            raise InputError("--timeline draws one learner. Cut that learner out of the file.")
        report, errors_found = _check_large(
            helpdesk, path, for_year, day, chosen, jobs, with_names, house
        )
    else:
        report = helpdesk.check(
            _given(file), for_year, on=day, names=with_names, file_name=path.name
        )
        errors_found = report.count(Severity.ERROR)
        if timeline is not None:
            _draw(report, timeline)
        if chosen is Form.CSV:
            from bot.checking.violation_report import write_rows

            of_file = () if house else report.other_findings
            write_rows(sys.stdout, report.learners, of_file, house=house)
        elif chosen is Form.TEXT:
            from bot.terminal.render import console, show_report

            show_report(console(), report)
    if chosen is Form.JSON:
        _write(report.to_json())
    if errors_found:
        raise SystemExit(ERRORS_FOUND)


def _draw(report: Report, path: Path) -> None:
    """Write the picture, and say on standard error what it shows."""
    from bot.ilr.timeline_image import draw

    if path.suffix.lower() != ".png":
        raise InputError("--timeline writes a PNG picture. Give a name that ends in .png.")
    if report.timeline is None:
        raise InputError("There is no aim in this, so there is nothing to draw.")
    picture = draw(report.timeline)
    try:
        path.write_bytes(picture)
    except OSError as error:
        raise InputError(f"{str(path)!r} could not be written: {error.strerror}.") from None
    # A terminal takes all of it; Slack's limit is for pictures there.
    typer.echo(f"{path}: {report.timeline.alt_text(longest=20_000)}", err=True)


def _check_large(
    helpdesk: Helpdesk,
    path: Path,
    year: AcademicYear | None,
    on: date | None,
    form: Form,
    jobs: int,
    names: bool,
    house: bool,
) -> tuple[Report, int]:
    """Stream a whole return: rows as they come, or a summary by rule and a first table.

    The report holds the learners that are shown; the number of errors is that of all.
    """
    from bot.checking.violation_report import write_rows
    from bot.checking.whole_file import check_file
    from bot.rules.catalogue import Severity
    from bot.terminal.render import errors, progress, show_file_check

    totals, batches = check_file(
        path,
        helpdesk.knowledge,
        year=year,
        on=on,
        today=helpdesk.today(),
        jobs=jobs,
        names=names,
    )
    kept: list[LearnerReport] = []
    if form is Form.CSV:
        write_rows(sys.stdout, [])
    with progress(errors(), path.stat().st_size) as advance:
        for batch in batches:
            advance(totals.bytes_read, totals.learners)
            if form is Form.CSV:
                of_file = () if house else batch.of_file
                write_rows(sys.stdout, batch.learners, of_file, header=False, house=house)
            room = MAX_LEARNERS_SHOWN - len(kept)
            if form is Form.JSON:
                kept += [one for one in batch.learners if one.findings or one.house_findings]
            elif form is Form.TEXT and room > 0:
                kept += [one for one in batch.learners if one.findings][:room]
    report = totals.report(tuple(kept))
    if form is Form.TEXT:
        from bot.terminal.render import console

        show_file_check(console(), totals, report)
    if form is Form.CSV and totals.problems:
        typer.echo(f"{len(totals.problems)} values could not be read; see --format text.", err=True)
    return report, totals.by_severity[Severity.ERROR]


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    from datetime import datetime

    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y"):
        try:
            return datetime.strptime(text.strip(), form).date()
        except ValueError:
            continue
    raise InputError("--on should be a date like 24/11/2026 or 2026-11-24.")


def _given(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except FileNotFoundError:
        raise InputError(f"There is no file {file!r}.") from None
    except OSError as error:
        raise InputError(f"{file!r} could not be read: {error.strerror}.") from None


@app.command()
def read(
    file: Annotated[str, typer.Argument(help="A file; - reads standard input.")],
    as_json: JsonOption = False,
) -> None:
    """Show a record as it was read, before it is believed: each value, its line, guesses marked.

    Takes what check takes: XML, whole or cut, cells of a table, a list of fields, JSON.
    Example: ilr-helpdesk read pasted.txt
    """
    from bot.ilr.readers import read as understand

    reading = understand(_given(file))
    if as_json:
        _write(reading.to_json())
        return
    from bot.terminal.render import console, show_reading

    show_reading(console(), reading)


@app.command()
def redact(
    file: Annotated[str, typer.Argument(help="A file; - reads standard input.")],
) -> None:
    """Write a copy with invented names, numbers, addresses and dates of birth.

    The same person is the same invention throughout; ages on 31 August, codes and dates of
    learning stay. Look it over before you share it.
    Example: ilr-helpdesk redact learner.xml > to-show.xml
    """
    from bot.ilr.redaction import redact as invent

    sys.stdout.write(invent(_given(file)))


@app.command()
def lint(
    strict: Annotated[bool, typer.Option("--strict", help="Warnings fail too.")] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="Do not ask every phrasing, which takes a while.")
    ] = False,
    write_schemas: Annotated[
        bool, typer.Option("--write-schemas", help="Renew knowledge/schemas/ first.")
    ] = False,
) -> None:
    """Check the knowledge files: file, line, what is wrong, what to do. Status 1 on errors."""
    from bot.knowledge.lint import lint as find_faults
    from bot.yaml_files import shipped_knowledge

    if write_schemas:
        from bot.knowledge.schemas import write_schemas as write

        write(shipped_knowledge() / "schemas")
    settings = _settings()
    findings = find_faults(settings.knowledge_dir, settings.today())
    if not quick and not any(finding.error for finding in findings):
        from bot.phrasing_check import phrasings_lost

        findings += phrasings_lost(settings.knowledge_dir, settings.today())
    for finding in findings:
        typer.echo(str(finding))
    errors = sum(finding.error for finding in findings)
    warnings = len(findings) - errors
    if findings:
        typer.echo(f"{errors} to mend, {warnings} warnings.", err=True)
    else:
        typer.echo("The knowledge is in order.")
    if errors or (strict and warnings):
        raise SystemExit(ERRORS_FOUND)


@app.command()
def evaluate(
    folder: Annotated[Path, typer.Argument(help="A folder of question sets.")] = Path(
        "tests/questions"
    ),
    as_json: JsonOption = False,
    misses: Annotated[
        bool, typer.Option("--misses", help="List the questions that went wrong.")
    ] = False,
    core: Annotated[bool, typer.Option("--core", help="Without the semantic layer.")] = False,
) -> None:
    """Measure the answers on questions that are kept apart from the knowledge.

    Example: ilr-helpdesk evaluate tests/questions --misses
    """
    from bot.evaluation import evaluate as measure
    from bot.evaluation import read_questions

    questions = read_questions(folder)
    if not questions:
        raise InputError(f"There are no question sets (*.yaml) in {str(folder)!r}.")
    from bot.helpdesk import Helpdesk

    chosen = replace(_settings(), semantic="off") if core else _settings()
    result = measure(Helpdesk.open(chosen, ready="now"), questions)
    if as_json:
        _write(result.to_json())
        return
    from bot.terminal.render import console, show_evaluation

    show_evaluation(console(), result, misses=misses)


rules_app = typer.Typer(help="The maintainer's yearly job.", no_args_is_help=True)
app.add_typer(rules_app, name="rules")


@rules_app.command("compare")
def rules_compare(
    file: Annotated[Path, typer.Argument(help="The department's rules file, as CSV.")],
    year: YearOption = None,
    as_json: JsonOption = False,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep its fingerprints, once worked through.")
    ] = False,
) -> None:
    """List what a newly published rules file adds, changes or drops against the catalogue.

    Example: ilr-helpdesk rules compare rules-2627-v5.csv --year 2026-27
    """
    from bot.rules.compare import compare, fingerprints, read_fingerprints, read_published

    helpdesk = _helpdesk()
    kept = helpdesk.knowledge.folder / "rule-fingerprints.json"
    published = read_published(file)
    found = compare(
        published,
        helpdesk.knowledge.catalogue,
        read_fingerprints(kept),
        _year(year) or helpdesk.year,
    )
    if keep:
        text = json.dumps(fingerprints(published), indent=0)
        kept.write_text(text + "\n", encoding="utf-8")
    if as_json:
        _write(found.to_json())
        return
    from bot.terminal.render import console, show_comparison

    show_comparison(console(), found)


@rules_app.command("list")
def rules_list(year: YearOption = None, as_json: JsonOption = False) -> None:
    """List every rule of a year: which are run, which are not, and why.

    Example: ilr-helpdesk rules list --year 2026-27 | grep WorkPlace
    """
    from bot.knowledge.rule_listing import listing

    helpdesk = _helpdesk()
    rows = listing(helpdesk.knowledge, _year(year) or helpdesk.year)
    if as_json:
        _write([row.to_json() for row in rows])
        return
    for row in rows:
        typer.echo(f"{row.id}\t{row.family}\t{row.severity}\t{row.run}")


@rules_app.command("show")
def rules_show(
    rule: Annotated[str, typer.Argument(help="A rule's id, e.g. R_96 or R96.")],
    year: YearOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a rule: its row for the year, the source of its check, and its test cases.

    Example: ilr-helpdesk rules show R_96 --year 2026-27
    """
    from bot.rules.describe import describe

    helpdesk = _helpdesk()
    knowledge = helpdesk.knowledge
    specification = knowledge.specification.for_year(_year(year) or helpdesk.year)
    found = describe(knowledge.catalogue, specification, rule)
    if as_json:
        _write(found.to_json())
        return
    for line in found.lines():
        typer.echo(line)


@app.command()
def new(
    question: Annotated[str, typer.Argument(help="The question a reader would ask.")],
    topic: Annotated[
        str,
        typer.Option(help="A topic id; see knowledge/topics.yaml.", autocompletion=_complete_topic),
    ],
    owner: Annotated[str, typer.Option(help="Who keeps it reviewed.")] = "mis-team",
) -> None:
    """Write the skeleton of a new entry into its topic's file.

    Example: ilr-helpdesk new "Do taster days count?" --topic substitute-activity
    """
    from bot.knowledge.skeleton import write_skeleton

    settings = _settings()
    helpdesk = _helpdesk()
    path, line = write_skeleton(
        helpdesk.knowledge, settings.knowledge_dir, question, topic, owner, settings.today()
    )
    typer.echo(f"{path}:{line}: fill in the answer and its sources, then run lint.")


@app.command()
def chat(year: YearOption = None) -> None:
    """Ask, paste records and look things up at one prompt.

    Tab completes rules, fields and codes. Piped questions and records are answered in turn.
    Example: ilr-helpdesk chat --year 2025-26
    """
    from bot.terminal.chat import talk

    talk(_helpdesk("background"), _year(year))


@app.command()
def prepare() -> None:
    """Make the semantic layer ready, so that the next question finds it on disk."""
    from bot.terminal.render import errors, waiting

    with waiting(errors(), "Reading the knowledge: half a minute, once…"):
        made = _helpdesk("now").matcher.semantic
    typer.echo("Ready." if made else "Ready, without the semantic layer.", err=True)


@app.command()
def serve() -> None:
    """Serve Slack: Socket Mode with SLACK_APP_TOKEN, HTTP with SLACK_SIGNING_SECRET.

    Stop it with Ctrl-C or SIGTERM; SIGHUP reads the knowledge again. Try doctor first.
    Example: SLACK_BOT_TOKEN=xoxb-… SLACK_APP_TOKEN=xapp-… ilr-helpdesk serve
    """
    from bot.slack.runtime.server import serve as serve_slack

    serve_slack(_settings())


@app.command()
def run() -> None:
    """Serve Slack when there are tokens for it; otherwise chat here."""
    settings = _settings()
    if settings.serves_slack:
        serve()
    else:
        chat(year=None)


@app.command()
def settings() -> None:
    """Show every setting, and whether it is set. Secrets are never shown."""
    from rich.table import Table

    from bot.settings import SETTINGS, environment
    from bot.terminal.render import console

    table = Table("Setting", "Now", "Default", "What it is")
    here = environment()
    for setting in SETTINGS:
        given = here.get(setting.name, "")
        shown = "(set)" if given and setting.secret else given or "-"
        table.add_row(setting.name, shown, setting.default or "-", setting.about)
    console().print(table)


register(app)


@app.command()
def version() -> None:
    """Show the version."""
    typer.echo(__version__)


def _set_examples_apart(group: typer.Typer) -> None:
    """Each example of a docstring on a line of its own, whatever the width of the terminal."""
    for command in group.registered_commands:
        text = inspect.cleandoc(getattr(command.callback, "__doc__", None) or "")
        before, example, rest = text.partition("\nExample: ")
        if example:
            command.help = f"{before.rstrip()}\n\n\b\nExample: {rest}"
    for inner in group.registered_groups:
        if inner.typer_instance is not None:
            _set_examples_apart(inner.typer_instance)


_set_examples_apart(app)
