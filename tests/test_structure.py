"""The plan of the code: imports run one way, and CONTRIBUTING describes what there is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

TIERS = (
    ("cores", "errors", "recent", "working_days", "years"),
    ("answers", "schema", "settings", "yaml_files"),
    ("privacy",),
    ("ilr", "ledger", "matching"),
    ("rules",),
    ("knowledge",),
    ("checking", "explain"),
    ("answering",),
    ("helpdesk",),
    ("answer_processes", "curation_queue", "evaluation", "phrasing_check", "site"),
    ("slack",),
    ("terminal",),
    ("__main__",),
)
"""The rooms of bot/, the lowest first. A room imports only from tiers below its own, and itself."""

TIER_OF = {room: height for height, tier in enumerate(TIERS) for room in tier}


def module_name(path: Path) -> str:
    """``bot.ilr`` for bot/ilr/__init__.py, ``bot.ilr.record`` for bot/ilr/record.py."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module_name(path): path for path in sorted((ROOT / "bot").rglob("*.py"))}
ROOMS = {name.split(".")[1] for name in MODULES if "." in name}


def room_of(module: str) -> str:
    """``ilr`` for bot.ilr.readers.xml."""
    return module.split(".")[1]


def imported(source: str, package: str) -> Iterator[str]:
    """What is named by every import, those in functions and under TYPE_CHECKING among them.

    ``from bot.ilr import record`` names ``bot.ilr.record``, whether that is a module or not.
    ``package``: the package that the source stands in, for relative imports.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *filter(None, [node.module])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def imports_of(name: str, path: Path) -> set[str]:
    """The modules of bot/ that a module imports."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    found = set()
    for target in imported(path.read_text(encoding="utf-8"), package):
        while target and target not in MODULES:
            target = target.rpartition(".")[0]
        if target:
            found.add(target)
    return found - {name}


@pytest.fixture(scope="module")
def graph() -> dict[str, set[str]]:
    """Module → the modules it imports."""
    return {name: imports_of(name, path) for name, path in MODULES.items()}


def circle_in(graph: Mapping[str, set[str]]) -> list[str]:
    """Modules that import one another, the first one again at the end; none when there are none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(reversed(error.args[1]))
    return []


def upward_imports(graph: Mapping[str, set[str]]) -> list[str]:
    """Imports from a room of the same or a higher tier."""
    return [
        f"{name} imports {target}"
        for name, targets in sorted(graph.items())
        for target in sorted(targets)
        if "." in name and "." in target
        if room_of(name) != room_of(target)
        if TIER_OF[room_of(target)] >= TIER_OF[room_of(name)]
    ]


def test_every_room_has_its_place_in_the_order() -> None:
    assert set(TIER_OF) == ROOMS


def test_no_module_imports_itself_by_way_of_others(graph: dict[str, set[str]]) -> None:
    assert circle_in(graph) == []


def test_no_module_imports_upwards(graph: dict[str, set[str]]) -> None:
    assert upward_imports(graph) == []


def test_only_the_terminal_knows_that_slack_exists(graph: dict[str, set[str]]) -> None:
    above = {room_of(name) for name, targets in graph.items() for target in targets
             if target.startswith("bot.slack")}  # fmt: skip
    assert above <= {"slack", "terminal"}


@pytest.mark.parametrize(
    ("source", "package", "named"),
    [
        ("import bot.ilr.record", "bot", "bot.ilr.record"),
        ("from bot.ilr import record", "bot", "bot.ilr.record"),
        ("def f():\n    from bot.slack import app", "bot", "bot.slack.app"),
        ("if TYPE_CHECKING:\n    from bot.ledger import Ledger", "bot", "bot.ledger.Ledger"),
        ("from .record import Aim", "bot.ilr", "bot.ilr.record.Aim"),
        ("from ..years import find_years", "bot.ilr", "bot.years.find_years"),
    ],
)
def test_every_kind_of_import_counts(source: str, package: str, named: str) -> None:
    assert list(imported(source, package)) == [named]


def test_a_circle_and_an_upward_import_are_found() -> None:
    circle = {"bot.ilr.a": {"bot.ilr.b"}, "bot.ilr.b": {"bot.ilr.a"}}
    assert set(circle_in(circle)) == {"bot.ilr.a", "bot.ilr.b"}
    assert upward_imports({"bot.ilr.a": {"bot.rules.engine"}}) == [
        "bot.ilr.a imports bot.rules.engine"
    ]
    assert upward_imports({"bot.rules.engine": {"bot.ilr.a"}}) == []


def section(title: str) -> str:
    """A section of CONTRIBUTING.md, without its heading."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    return text.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def first_cells(title: str) -> list[str]:
    """What is in code marks in the first cells of the tables in a section of CONTRIBUTING.md."""
    rows = re.findall(r"^\|([^|\n]+)\|", section(title), re.MULTILINE)
    return [code for cell in rows for code in re.findall(r"`([^`]+)`", cell)]


def mapped_rooms() -> list[str]:
    """The rooms of bot/ in the order of CONTRIBUTING's map."""
    cells = [cell for cell in first_cells("The map") if cell.startswith("bot/")]
    return [cell.removeprefix("bot/").removesuffix(".py").rstrip("/") for cell in cells]


def test_the_map_names_every_room_and_no_other() -> None:
    assert sorted(mapped_rooms()) == sorted(ROOMS - {"__main__"})


def test_the_map_goes_from_the_top_down() -> None:
    heights = [TIER_OF[room] for room in mapped_rooms()]
    assert heights == sorted(heights, reverse=True)


def test_what_the_map_names_exists() -> None:
    missing = [cell for cell in first_cells("The map") if not (ROOT / cell).exists()]
    assert missing == []


def names_in_the_code() -> set[str]:
    """Classes, functions and constants of modules in bot/, members as ``Class.member``."""
    names: set[str] = set()
    for path in MODULES.values():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            for name in _defined(node):
                names.add(name)
            if isinstance(node, ast.ClassDef):
                names |= {f"{node.name}.{member}" for x in node.body for member in _defined(x)}
    return names


def _defined(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.ClassDef | ast.FunctionDef):
        yield node.name
    elif isinstance(node, ast.AnnAssign | ast.Assign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        yield from (target.id for target in targets if isinstance(target, ast.Name))


def test_the_glossary_names_things_that_exist() -> None:
    words = first_cells("Words of the code")
    known = names_in_the_code()
    assert len(words) > 10
    assert [word for word in words if word.lstrip("@") not in known] == []


def test_paths_named_in_the_documents_exist() -> None:
    """Python files and folders of bot/, tests/ and knowledge/ in code marks."""
    path = re.compile(r"`((?:bot|tests|knowledge|docs)/[\w./-]*)`")
    missing = [
        f"{page.name}: {named}"
        for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
        if page.name not in {"rules.md", "CHANGELOG.md"}
        for named in path.findall(page.read_text(encoding="utf-8"))
        if not (ROOT / named).exists()
    ]
    assert missing == []
