"""The entities are those of knowledge/ilr/entities: names, place in the tree, fields, kinds."""

from __future__ import annotations

from pathlib import Path

from bot.ilr.readers.assembly import PARENTS
from bot.ilr.record import ENTITIES
from bot.ilr.specification import load_specification

ROWS = load_specification(Path(__file__).parents[2] / "knowledge" / "ilr").rows
KIND = {
    "string": "Text",
    "int": "Number",
    "decimal": "DecimalNumber",
    "date": "Date",
    "datetime": "Date",
}


def test_every_entity_is_part_of_the_one_the_specification_says() -> None:
    assert {row.name: row.parent for row in ROWS.values() if row.parent} == PARENTS


def test_every_entity_has_the_fields_of_the_specification_each_of_its_kind() -> None:
    declared = {name: dict(kind.__annotations__) for name, kind in ENTITIES.items()}
    for name in ("namespace", "file_name", "zip"):
        del declared["Message"][name]
    assert declared == {
        row.name: {field.name: KIND[field.type] for field in row.fields} for row in ROWS.values()
    }
