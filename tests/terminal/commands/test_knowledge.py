"""How `lint` ends, and what `evaluate` asks, for a person and for a script."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.errors import LintFinding, Problem
from bot.evaluation import Evaluation, Question

FAULT, DOUBT = (
    LintFinding(Problem("entries/a.yaml", 3, "is wrong.", "Fix it."), error=error)
    for error in (True, False)
)


@pytest.mark.parametrize(
    ("findings", "options", "status", "ending"),
    [
        ([], [], 0, ""),
        ([DOUBT], [], 0, "0 errors, 1 warning."),
        ([DOUBT], ["--strict"], 1, "0 errors, 1 warning."),
        ([FAULT, DOUBT, DOUBT], [], 1, "1 error, 2 warnings."),
        ([FAULT, FAULT], ["--strict"], 1, "2 errors, 0 warnings."),
    ],
)
def test_lint_ends_with_how_many_errors_and_warnings(
    run: Any,
    monkeypatch: pytest.MonkeyPatch,
    findings: list[LintFinding],
    options: list[str],
    status: int,
    ending: str,
) -> None:
    monkeypatch.setattr("bot.knowledge.lint.lint", lambda *_: list(findings))
    ran = run("lint", "--quick", *options)
    read, *said = ran.err.splitlines()
    assert read.startswith("Read ")
    assert (ran.status, said) == (status, [ending] if ending else [])
    assert ("No problems found." in ran.out) == (not findings)
    assert ran.out.count("entries/a.yaml:3") == len(findings)


def test_a_set_of_ones_own_is_measured(run: Any, tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text(
        """\
- {id: A1, kind: term, text: when is R04?, expect: [["date:R04-2026-27"]]}
- {id: A2, kind: term, text: what is WorkPlaceMode, expect: [["field:CompStatus"]]}
- {id: A3, kind: small-talk, text: thanks}
""",
        encoding="utf-8",
    )
    ran = run("evaluate", str(tmp_path), "--core", "--json")
    assert ran.json == {
        "small-talk": {"lines": 1, "silent": 100.0},
        "term": {"lines": 2, "right": 50.0, "wrong": 50.0},
    }
    shown = run("evaluate", str(tmp_path), "--core", "--misses").out
    assert "what is WorkPlaceMode" in shown
    assert "when is R04?" not in shown


def test_by_itself_it_asks_the_open_sets(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Question] = []

    def measured(_: Any, questions: list[Question]) -> Evaluation:
        asked.extend(questions)
        return Evaluation()

    monkeypatch.chdir(Path(__file__).parents[3])
    monkeypatch.setattr("bot.evaluation.evaluate", measured)
    assert run("evaluate", "--core", "--json").json == {}
    assert len(asked) > 500


def test_a_folder_without_sets_is_said_to_have_none(run: Any, tmp_path: Path) -> None:
    ran = run("evaluate", str(tmp_path))
    assert (ran.status, "There are no question sets (*.yaml)" in ran.err) == (2, True)
