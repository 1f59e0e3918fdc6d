"""JSON Schemas of the curated files, for editors: made from the models, kept in knowledge/."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from bot.ilr.readers.names import SpokenNames
from bot.ilr.specification import EntityRow, YearsFile
from bot.knowledge.clarifying import ClarifyingFile
from bot.knowledge.models import Entry, ProvisionsFile, SourcesFile, TermsFile, TopicsFile
from bot.knowledge.statements import StatementsFile
from bot.rules.catalogue import RulesFile
from bot.rules.house import HouseRulesFile
from bot.rules.reference.provider import Provider

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
    "house-rules": HouseRulesFile,
    "entity": EntityRow,
    "years": YearsFile,
    "spoken-names": SpokenNames,
    "provider": Provider,
}


def schemas() -> dict[str, str]:
    """File name → schema as text."""
    return {
        f"{name}.json": json.dumps(
            {
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                **TypeAdapter(model).json_schema(),
            },
            indent=1,
            ensure_ascii=False,
        )
        + "\n"
        for name, model in _MODELS.items()
    }


def write_schemas(folder: Path) -> None:
    """Write them, as ``make schemas`` does after a model changed."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in schemas().items():
        (folder / name).write_text(text, encoding="utf-8")
