"""`new`: what it writes can be read, whatever the question, and where it may write."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.errors import InputError
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.schemas import schemas
from bot.knowledge.skeleton import nearest_entry, write_skeleton
from bot.yaml_files import read_yaml

TODAY = date(2026, 11, 28)


@pytest.fixture(scope="module")
def knowledge() -> KnowledgeBase:
    return KnowledgeBase.load()


@pytest.mark.parametrize(
    "question",
    [
        r"Why is S:\drive\new.xml refused?",
        'What does "closed" mean: R14 or the year?',
        "Is aim #2 the core aim, or not?",
        "- does a dash at the start do harm?",
        "Does the £5 fee go on the ILR – or not?",
    ],
)
def test_any_question_is_read_back_as_it_was_asked(
    knowledge: KnowledgeBase, tmp_path: Path, question: str
) -> None:
    path, line = write_skeleton(knowledge, tmp_path, question, "evidence", "mis-team", TODAY)
    assert read_yaml(path).data[0]["question"] == question
    assert path.read_text(encoding="utf-8").splitlines()[line - 1].startswith("- id: ")


def test_the_editor_finds_the_schema_that_the_file_names(
    knowledge: KnowledgeBase, tmp_path: Path
) -> None:
    path, _ = write_skeleton(
        knowledge, tmp_path, "Does this work here?", "evidence", "mis-team", TODAY
    )
    named = path.read_text(encoding="utf-8").splitlines()[0].partition("$schema=")[2]
    schema = json.loads((path.parent / named).read_text(encoding="utf-8"))
    related = schema["$defs"]["Entry"]["properties"]["related"]["items"]["anyOf"][0]["enum"]
    assert "why-r04-matters" in related


def test_an_installed_package_is_never_written_into(
    knowledge: KnowledgeBase, tmp_path: Path
) -> None:
    installed = tmp_path / "site-packages" / "bot" / "_knowledge"
    base = KnowledgeBase(installed, knowledge.entries, knowledge.topics, (), {}, (), "", None, ())
    with pytest.raises(InputError, match="ILR_KNOWLEDGE_DIR"):
        write_skeleton(base, None, "Does this work here?", "evidence", "mis-team", TODAY)
    assert not installed.exists()


@pytest.mark.parametrize(
    ("question", "entry"),
    [
        ("for placements who books the minibus", None),
        ("Who do I tell about a safeguarding concern now?", "safeguarding-concern"),
    ],
)
def test_an_entry_that_asks_nearly_the_same_is_found(
    knowledge: KnowledgeBase, question: str, entry: str | None
) -> None:
    found = nearest_entry(knowledge, question)
    assert (found.id if found else None) == entry


def test_every_key_says_what_it_is_for(knowledge: KnowledgeBase) -> None:
    def unsaid(schema: dict[str, Any]) -> list[str]:
        models = [schema, *schema.get("$defs", {}).values()]
        return [
            key
            for model in models
            for key, about in model.get("properties", {}).items()
            if "description" not in about
        ]

    found = {name: unsaid(json.loads(text)) for name, text in schemas(knowledge).items()}
    assert {name: keys for name, keys in found.items() if keys} == {}


def test_topics_rules_and_fields_are_completed(knowledge: KnowledgeBase) -> None:
    entry = json.loads(schemas(knowledge)["entries.json"])["$defs"]["Entry"]["properties"]
    assert "evidence" in entry["topic"]["anyOf"][0]["enum"]
    assert "R_96" in entry["rules"]["items"]["anyOf"][0]["enum"]
    assert "WorkPlaceMode" in entry["fields"]["items"]["anyOf"][0]["enum"]
