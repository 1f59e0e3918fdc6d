"""JSON Schemas of the curated files, for editors: made from the models, kept in knowledge/.

An editor completes topics, rules and fields from them, and shows what each key is for.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from bot.ilr.minimum_hours import MinimumHours
from bot.ilr.own_specification import OwnCodes, OwnYears
from bot.ilr.published_lists import PublishedList
from bot.ilr.readers.spoken_names import SpokenNames
from bot.ilr.specification import EntityRow, YearsFile
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.clarifying import ClarifyingFile
from bot.knowledge.models import Entry, ProvisionsFile, SourcesFile, TermsFile, TopicsFile
from bot.knowledge.statements import StatementsFile
from bot.rules.catalogue import RulesFile
from bot.rules.changes import RuleChanges
from bot.rules.house import HouseRulesFile
from bot.rules.reference.provider import Provider
from bot.yaml_files import quick_load

__all__ = ["schemas", "write_schemas"]

_MODELS: dict[str, Any] = {
    "entries": list[Entry],
    "topics": TopicsFile,
    "sources": SourcesFile,
    "glossary": TermsFile,
    "provisions": ProvisionsFile,
    "asking-back": ClarifyingFile,
    "statements": StatementsFile,
    "rules": RulesFile,
    "rule-changes": RuleChanges,
    "house-rules": HouseRulesFile,
    "entity": EntityRow,
    "list": PublishedList,
    "minimum-hours": MinimumHours,
    "years": YearsFile,
    "own-years": OwnYears,
    "own-codes": OwnCodes,
    "spoken-names": SpokenNames,
    "provider": Provider,
}


def schemas(knowledge: KnowledgeBase, *, entries: bool = False) -> dict[str, str]:
    """File name → schema as text.

    ``entries``: complete ids of entries as well. Those shipped do without, or each new entry
    would change them.
    """
    return {
        f"{name}.json": json.dumps(
            {
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                **_schema(name, model, knowledge, entries=entries),
            },
            indent=1,
            ensure_ascii=False,
        )
        + "\n"
        for name, model in _MODELS.items()
    }


def write_schemas(folder: Path, knowledge: KnowledgeBase, *, entries: bool = False) -> None:
    """Write them into a folder, which is made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in schemas(knowledge, entries=entries).items():
        (folder / name).write_text(text, encoding="utf-8")


def _schema(name: str, model: Any, knowledge: KnowledgeBase, *, entries: bool) -> dict[str, Any]:
    schema: dict[str, Any] = TypeAdapter(model).json_schema()
    for owner, properties in _properties(schema):
        for key, about in properties.items():
            words = _words().get(f"{owner}.{key}") or _words().get(key)
            if "description" not in about and words:
                about["description"] = words
    if name == "entries":
        properties = schema["$defs"]["Entry"]["properties"]
        rows = knowledge.specification.rows.values()
        _suggest(properties["topic"], knowledge.topics)
        _suggest(properties["rules"]["items"], knowledge.catalogue.rows)
        _suggest(properties["fields"]["items"], {f.name for row in rows for f in row.fields})
        if entries:
            _suggest(properties["related"]["items"], knowledge.entries)
    return schema


def _properties(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each model of a schema with its keys."""
    if "properties" in schema:
        yield str(schema.get("title", "")), schema["properties"]
    for name, model in schema.get("$defs", {}).items():
        if "properties" in model:
            yield name, model["properties"]


def _suggest(about: dict[str, Any], names: Iterable[str]) -> None:
    """Complete these names. Others stay allowed: a college's own are not known here."""
    rest = {key: about.pop(key) for key in list(about) if key not in {"description", "title"}}
    about["anyOf"] = [{"enum": sorted(names)}, rest]


@lru_cache(maxsize=1)
def _words() -> dict[str, str]:
    held = quick_load("bot.knowledge", "schema_words.yaml")
    return {str(key): str(words) for key, words in held.items()}
