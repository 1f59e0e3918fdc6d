"""Commands for those who write the knowledge: lint, new, evaluate."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from bot.errors import InputError, KnowledgeError
from bot.terminal.commands.common import (
    ERRORS_FOUND,
    JsonOption,
    complete_topic,
    load_settings,
    open_helpdesk,
    write_json,
)
from bot.terminal.wording import counted

__all__ = ["evaluate", "lint", "new", "schemas", "site"]


def lint(
    strict: Annotated[bool, typer.Option("--strict", help="Status 1 on warnings as well.")] = False,
    quick: Annotated[bool, typer.Option("--quick", help="Ask no phrasing.")] = False,
    full: Annotated[
        bool, typer.Option("--full", help="Ask every phrasing, not only the new: minutes.")
    ] = False,
    write_schemas: Annotated[
        bool, typer.Option("--write-schemas", help="Write knowledge/schemas/ anew first.")
    ] = False,
) -> None:
    """Check the knowledge files: file, line, what is wrong, what to do. Status 1 on errors.

    Example: ilr-helpdesk lint --full
    """
    from bot.knowledge.lint import lint as find_faults
    from bot.yaml_files import shipped_knowledge

    if write_schemas:
        from bot.knowledge.base import KnowledgeBase
        from bot.knowledge.schemas import write_schemas as write

        write(shipped_knowledge() / "schemas", KnowledgeBase.load())
    settings = load_settings()
    findings = find_faults(settings.knowledge_dir, settings.today())
    if not quick and not any(finding.error for finding in findings):
        from bot.phrasing_check import new_phrasings_lost, phrasings_lost

        ask = phrasings_lost if full else new_phrasings_lost
        findings += ask(settings.knowledge_dir, settings.today())
    for finding in findings:
        typer.echo(str(finding))
    typer.echo(_what_was_read(settings.knowledge_dir), err=True)
    errors = sum(finding.error for finding in findings)
    warnings = len(findings) - errors
    if findings:
        typer.echo(f"{counted(errors, 'error')}, {counted(warnings, 'warning')}.", err=True)
    else:
        typer.echo("No problems found.")
    if errors or (strict and warnings):
        raise SystemExit(ERRORS_FOUND)


def _what_was_read(own: Path | None) -> str:
    """``Read 607 entries, 3 of them yours (1 replaces a shipped one).``"""
    from bot.knowledge.base import KnowledgeBase
    from bot.knowledge.own_folder import own_part

    try:
        shipped = KnowledgeBase.load()
        knowledge = KnowledgeBase.load(own=own) if own else shipped
        mine = own_part(knowledge, shipped)
    except KnowledgeError:
        return "Not everything could be read."
    text = f"Read {len(knowledge.entries):,} entries"
    if own is None:
        return f"{text}."
    text += f", {mine.entries} of them yours"
    if mine.replaced:
        verb = "replaces a shipped one" if mine.replaced == 1 else "replace shipped ones"
        text += f" ({mine.replaced} {verb})"
    more = [
        counted(number, what)
        for number, what in (
            (mine.terms, "term"),
            (mine.return_dates, "return date"),
            (mine.codes, "code"),
            (mine.house_rules, "house rule"),
        )
        if number
    ]
    return f"{text}{', and your ' + ', '.join(more) if more else ''}."


def new(
    question: Annotated[str, typer.Argument(help="The question a reader would ask.")],
    topic: Annotated[
        str,
        typer.Option(help="A topic id; see knowledge/topics.yaml.", autocompletion=complete_topic),
    ],
    owner: Annotated[str, typer.Option(help="Who keeps it reviewed.")] = "mis-team",
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Even where an entry asks nearly the same.")
    ] = False,
) -> None:
    """Add a template for a new entry to its topic's file.

    Example: ilr-helpdesk new "Do taster days count?" --topic substitute-activity
    """
    from bot.knowledge.skeleton import nearest_entry, write_skeleton

    settings = load_settings()
    helpdesk = open_helpdesk(settings=settings)
    near = nearest_entry(helpdesk.knowledge, question)
    if near and not anyway:
        raise InputError(
            f"{near.id} asks nearly the same: {near.question!r} Add your wording to its "
            "also_asked, or run this again with --anyway."
        )
    path, line = write_skeleton(
        helpdesk.knowledge, settings.knowledge_dir, question, topic, owner, settings.today()
    )
    typer.echo(f"{path}:{line}: fill in the answer and its sources, then run lint.")


schemas = typer.Typer(help="Let an editor help with the YAML.", no_args_is_help=True)


@schemas.command("export")
def export_schemas(
    folder: Annotated[
        Path | None, typer.Argument(help="Where to. Default: schemas/ in your own folder.")
    ] = None,
) -> None:
    """Write the schemas beside your own files, with your topics, rules and entries to complete.

    Example: ilr-helpdesk schemas export
    """
    from bot.knowledge.base import KnowledgeBase
    from bot.knowledge.schemas import write_schemas as write

    own = load_settings().knowledge_dir
    if folder is None and own is None:
        raise InputError("Name a folder, or set ILR_KNOWLEDGE_DIR to your own.")
    target = folder or (own or Path()) / "schemas"
    write(target, KnowledgeBase.load(own=own), entries=True)
    first = "# yaml-language-server: $schema=../schemas/entries.json"
    typer.echo(f"{target}: written. Begin a file in entries/ with the line\n{first}")


def evaluate(
    folder: Annotated[Path, typer.Argument(help="A folder of question sets.")] = Path(
        "tests/questions/open"
    ),
    as_json: JsonOption = False,
    misses: Annotated[
        bool, typer.Option("--misses", help="List the questions that went wrong.")
    ] = False,
    core: Annotated[bool, typer.Option("--core", help="Without the semantic layer.")] = False,
) -> None:
    """Measure the answers on a held-out question set.

    Example: ilr-helpdesk evaluate tests/questions/open --misses
    """
    from bot.evaluation import evaluate as measure
    from bot.evaluation import read_questions

    questions = read_questions(folder)
    if not questions:
        raise InputError(f"There are no question sets (*.yaml) in {str(folder)!r}.")
    settings = replace(load_settings(), semantic="off") if core else load_settings()
    result = measure(open_helpdesk("now", settings=settings), questions)
    if as_json:
        write_json(result.to_json())
        return
    from bot.terminal.render.console import console
    from bot.terminal.render.tables import show_evaluation

    show_evaluation(console(), result, misses=misses)


def site(
    folder: Annotated[Path, typer.Argument(help="An empty folder, or one that this made.")],
) -> None:
    """Write the knowledge as web pages, with a search, for people without Slack.

    Example: ilr-helpdesk site public
    """
    from bot.knowledge.base import KnowledgeBase
    from bot.site.build import write_site

    settings = load_settings()
    knowledge = KnowledgeBase.load(own=settings.knowledge_dir)
    written = write_site(knowledge, folder, settings.today())
    typer.echo(
        f"{folder}: {counted(written, 'page')} written. Try it: python -m http.server -d {folder}"
    )
