"""Each kind of mistake in the files that are not entries is found, with its line."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.lint_files import file_problems
from bot.yaml_files import shipped_knowledge
from tests.support.some_knowledge import copy_some


@pytest.fixture(scope="module")
def some(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of some of the shipped knowledge, to spoil."""
    files = ["entries/evidence.yaml", "rules/work-placement.yaml", "rules/cross-record.yaml"]
    return copy_some(tmp_path_factory.mktemp("copy") / "knowledge", files)


@pytest.fixture
def spoilt(some: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """The copy with one replacement made: (file, old, new)."""
    name, old, new = request.param
    path = some / name
    kept = path.read_text(encoding="utf-8")
    assert old in kept
    path.write_text(kept.replace(old, new, 1), encoding="utf-8")
    yield some
    path.write_text(kept, encoding="utf-8")


def test_the_shipped_files_are_in_order(tmp_path: Path) -> None:
    copied = tmp_path / "knowledge"
    shutil.copytree(shipped_knowledge(), copied)
    assert list(file_problems(KnowledgeBase.load(copied), copied)) == []


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        (
            ("entries/evidence.yaml", "# yaml-language-server: $schema=../", "# "),
            "knowledge/entries/evidence.yaml:1: the first line does not name the file's schema.",
        ),
        (
            ("glossary.yaml", "$schema=schemas/glossary.json", "$schema=schemas/words.json"),
            "knowledge/glossary.yaml:1: there is no schema 'schemas/words.json'.",
        ),
        (
            ("glossary.yaml", "see: [high-eep-frm69]", "see: [high-eep]"),
            "FRM69: there is no entry, field or rule 'high-eep'.",
        ),
        (
            ("glossary.yaml", "- term: FRM69\n", "- term: EEP\n"),
            "EEP: 'EEP' stands under 'EEP' already.",
        ),
        (
            ("glossary.yaml", "means: data freeze", "means: data of AB123456C"),
            "freeze: looks like personal data (NI number).",
        ),
        (
            ("rules/work-placement.yaml", "- id: WorkPlaceStartDate_02", "- id: R_96"),
            "the rule R_96 stands in knowledge/rules/work-placement.yaml already.",
        ),
        (
            ("rules/work-placement.yaml", "entries: [", "entries: [no-such-entry, "),
            "there is no entry 'no-such-entry'.",
        ),
        (
            ("rules/work-placement.yaml", "Placement.WorkPlaceStartDate", "Placement.StartDate"),
            "there is no ILR field 'LearningDeliveryWorkPlacement.StartDate'.",
        ),
        (
            ("ilr/years.yaml", "closes: 2026-12-04", "closes: 2027-12-04"),
            "2026-27: R05 closes no later than R04.",
        ),
        (
            ("ilr/years.yaml", "sources: [supplier-digest-2026-27]", "sources: [hearsay]"),
            "2026-27: there is no source 'hearsay'.",
        ),
        (
            ("ilr/entities/LearningDelivery.yaml", '{code: "3", title: Not achieved}',
             '{code: "1", title: Not achieved}'),
            "Outcome: the code '1' stands twice for the same year.",
        ),
    ],
    indirect=["spoilt"],
)  # fmt: skip
def test_a_mistake_is_found_with_its_line(spoilt: Path, said: str) -> None:
    problems = list(file_problems(KnowledgeBase.load(spoilt), spoilt))
    assert any(said in str(problem) for problem in problems), [str(p) for p in problems]
    assert all(problem.remedy for problem in problems)
