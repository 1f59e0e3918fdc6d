"""The public register of standards, loaded from its own JSON in a stream."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from bot.errors import InputError
from bot.rules.catalogue import Need
from bot.rules.reference import sources
from bot.rules.reference.data import ReferenceData, add, open_reference
from bot.rules.reference.loading import Release
from bot.yaml_files import shipped_knowledge
from tests.explain.test_standards import record

TODAY = date(2026, 11, 30)
MANY = [record(referenceNumber=f"ST{9000 + n}", minimumHoursForCompliance=str(300 + n))
        for n in range(120)]  # fmt: skip


def loaded(folder: Path, text: str, name: str = "standards.json") -> ReferenceData:
    (folder / name).write_text(text, encoding="utf-8")
    assert isinstance(add(folder / name, folder / "held", today=TODAY), Release)
    return ReferenceData(folder / "held")


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("chunk", [64, 1000, 1 << 20])
def test_records_are_read_wherever_the_pieces_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int, indent: int | None
) -> None:
    monkeypatch.setattr(sources, "CHUNK", chunk)
    held = loaded(tmp_path, json.dumps(MANY, indent=indent))
    assert held.release("standards") is not None
    assert held.standards is not None
    assert [one.hours for one in held.standards.versions("st9119")] == [419]
    assert held.standards.versions("ST0001") == []


def test_the_release_says_its_rows_and_age(tmp_path: Path) -> None:
    release = loaded(tmp_path, json.dumps(MANY), "standards-2026-11-20.json").release("standards")
    assert release is not None
    assert release.rows == 120
    assert release.described(TODAY) == (
        "register of apprenticeship standards of 20/11/2026 (10 days old)"
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"a": 1}', "no list of records"),
        ("[1, 2]", "record 1: it is no record"),
        (json.dumps(MANY)[:-400], "is not complete"),
        ("[" + "{" * 30, "record 1: it is not complete"),
        ("[]", "None of its tables is one that I know"),
        ('[{"name": "other"}]', "None of its tables is one that I know"),
        (json.dumps([record(earliestStartDate="soon")]), "row 2: earliestStartDate is not a date"),
    ],
)
def test_what_cannot_be_used_is_refused(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        loaded(tmp_path, text)
    assert list((tmp_path / "held").glob("*")) == []


def test_a_record_may_not_be_endless(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "CHUNK", 100)
    monkeypatch.setattr(sources, "MAX_RECORD", 1000)
    with pytest.raises(InputError, match="record 1: it cannot be read"):
        loaded(tmp_path, json.dumps([record(title="long " * 1000)]))


def test_no_rule_asks_it(tmp_path: Path) -> None:
    held = loaded(tmp_path, json.dumps(MANY))
    assert held.available == frozenset()
    assert held.described(TODAY) == ""
    assert held.to_json(TODAY) == []
    add(shipped_knowledge() / "reference" / "ukprns.csv", tmp_path / "held", today=TODAY)
    assert ReferenceData(tmp_path / "held").available == {Need.ORGANISATIONS}


def test_it_is_found_in_a_folder_that_is_deployed(tmp_path: Path) -> None:
    (tmp_path / "given").mkdir()
    (tmp_path / "given" / "standards.json").write_text(json.dumps(MANY), encoding="utf-8")
    held = open_reference(tmp_path / "held", tmp_path / "given", today=TODAY)
    assert held.standards is not None


def test_a_version_that_says_nothing_of_hours_has_none(tmp_path: Path) -> None:
    texts = ("", " ", "not set", "0", None)
    given = [record(version=f"1.{n}", minimumHoursForCompliance=t) for n, t in enumerate(texts)]
    held = loaded(tmp_path, json.dumps(given))
    assert held.standards is not None
    assert [one.hours for one in held.standards.versions("ST9901")] == [None] * 5
