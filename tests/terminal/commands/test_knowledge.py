"""How `lint` ends, for a person and for a script."""

from __future__ import annotations

from typing import Any

import pytest

from bot.errors import LintFinding, Problem

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
    assert (ran.status, ran.err.strip()) == (status, ending)
    assert ("No problems found." in ran.out) == (not findings)
    assert ran.out.count("entries/a.yaml:3") == len(findings)
