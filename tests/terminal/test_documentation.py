"""The README, the help and the lists say what the code does."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer

from bot import __version__
from bot.helpdesk import Helpdesk
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.rule_listing import as_markdown
from bot.knowledge.schemas import schemas
from bot.settings import SETTINGS, Settings
from bot.terminal.cli import app
from bot.terminal.documentation import README, RULES, renewed
from bot.yaml_files import shipped_knowledge

ROOT = README.parent


def test_the_readme_lists_every_command_and_setting_as_they_are() -> None:
    text = README.read_text(encoding="utf-8")
    assert renewed(text) == text, "run: python -m bot.terminal.documentation"


def test_the_list_of_rules_run_and_not_run_is_up_to_date(helpdesk: Helpdesk) -> None:
    assert RULES.read_text(encoding="utf-8") == as_markdown(helpdesk.knowledge), (
        "run: python -m bot.terminal.documentation"
    )


def test_the_version_is_the_same_wherever_it_is_said() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    released = re.findall(r"^## \[(\d+\.\d+\.\d+)\]", changes, re.MULTILINE)
    assert project["version"] == __version__ == released[0]


def test_every_command_explains_itself() -> None:
    group = typer.main.get_command(app)
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        assert command.help, name
        for parameter in command.params:
            if parameter.name not in {"help"}:
                assert getattr(parameter, "help", "") or parameter.name == "question", (
                    name,
                    parameter.name,
                )


def test_links_in_the_documentation_lead_somewhere() -> None:
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_schemas_are_those_of_the_models() -> None:
    for name, text in schemas(KnowledgeBase.load()).items():
        kept = (shipped_knowledge() / "schemas" / name).read_text(encoding="utf-8")
        assert kept == text, "run: python -m bot lint --write-schemas"


def test_each_knowledge_file_names_a_schema_that_exists() -> None:
    for path in shipped_knowledge().glob("**/*.yaml"):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert first.startswith("# yaml-language-server: $schema="), path.name
        assert (path.parent / first.partition("=")[2]).exists(), path.name


def test_every_setting_is_read() -> None:
    source = (ROOT / "bot" / "settings.py").read_text(encoding="utf-8")
    listed_elsewhere = {"ILR_CACHE_DIR"}
    for setting in SETTINGS:
        uses = source.count(f'"{setting.name}"')
        assert uses >= 2 or setting.name in listed_elsewhere, setting.name
    assert Settings.from_environment({}) == Settings()


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock", "requirements.txt"])
def test_lock_files_pin_and_hash_everything_and_hold_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    pins = [line for line in text.splitlines() if line and line[0].isalnum()]
    assert pins
    assert all("==" in line for line in pins)
    assert text.count("--hash=sha256:") >= len(pins)


def test_the_knowledge_travels_with_the_package(tmp_path: Path) -> None:
    """A built wheel answers from anywhere."""
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    import zipfile

    names = zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist()
    assert "bot/_knowledge/entries/placement-dates.yaml" in names
    assert "bot/_knowledge/ilr/years.yaml" in names
    assert any(name.startswith("bot/ledger/migrations/versions/") for name in names)
    assert "bot/matching/data/english.txt.gz" in names


FREE = {"values", "rules_not_run", "parameters", "why", "not_run"}
"""Keys whose own keys are data."""


def keys_of(found: object) -> set[str]:
    """Every key of some JSON, at any depth."""
    if isinstance(found, list):
        return {key for one in found for key in keys_of(one)}
    if not isinstance(found, dict):
        return set()
    inside = (keys_of(value) for key, value in found.items() if key not in FREE)
    return {key for keys in inside for key in keys} | {str(key) for key in found}


RECORD = "<Learner><LearningDelivery><AimType>9</AimType></LearningDelivery></Learner>"
VIOLATIONS = (ROOT / "tests/pastes/violations/report-tabs.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "piped"),
    [
        (["ask", "--why", "one aim or three for three placements?"], ""),
        (["ask", "placement hours"], ""),
        (["ask", "hello"], ""),
        (["explain", "R_96"], ""),
        (["check", "-"], RECORD),
        (["check", "-"], VIOLATIONS),
        (["read", "-"], RECORD),
        (["report"], ""),
        (["rules", "list"], ""),
        (["rules", "show", "R_96"], ""),
    ],
)
def test_the_readme_lists_every_json_key(run: Any, words: list[str], piped: str) -> None:
    listed = README.read_text(encoding="utf-8").partition("\n## JSON\n")[2].partition("\n## ")[0]
    found = keys_of(json.loads(run(*words, "--json", piped=piped).out))
    assert found
    assert found - set(re.findall(r'"(\w+)"', listed)) == set()
