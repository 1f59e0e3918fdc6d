"""Loading reference data: every form of file, what is refused and how, and nothing lost."""

from __future__ import annotations

import csv
import sqlite3
import stat
import zipfile
from datetime import date
from pathlib import Path

import pytest

from bot.errors import HelpdeskError, InputError, KnowledgeError
from bot.ilr.absent import CannotTell
from bot.rules.catalogue import Need
from bot.rules.reference.data import NO_REFERENCE, ReferenceData, add, open_reference
from bot.rules.reference.lars import Lars
from bot.rules.reference.loading import load, release_of
from bot.rules.reference.tables import clean_date
from bot.yaml_files import shipped_knowledge

TODAY = date(2026, 11, 28)
EXTRACT = shipped_knowledge() / "reference"


def zipped(folder: Path, inside: str = "") -> Path:
    """The extract as a ZIP of the published form."""
    path = folder / "published_012_LearningDelivery_V012_CSV.Zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted((EXTRACT / "lars").glob("*.csv")):
            archive.write(file, f"{inside}{file.name}")
    return path


def as_sqlite(folder: Path, prefix: str) -> Path:
    """The extract as a database whose tables are called as the department's are."""
    path = folder / "lars.sqlite"
    with sqlite3.connect(path) as database:
        for file in sorted((EXTRACT / "lars").glob("*.csv")):
            head, *rows = csv.reader(file.read_text().splitlines())
            columns = ", ".join(f'"{name}"' for name in head)
            database.execute(f'CREATE TABLE "{prefix}{file.stem}" ({columns})')
            marks = ", ".join("?" * len(head))
            insert = f'INSERT INTO "{prefix}{file.stem}" VALUES ({marks})'  # noqa: S608
            database.executemany(insert, rows)
    database.close()
    return path


def aim(folder: Path, ref: str = "60000016") -> object:
    return Lars(folder / "lars.db").aim(ref)


def test_a_folder_and_a_zip_and_a_database_come_to_the_same(tmp_path: Path) -> None:
    load(EXTRACT / "lars", tmp_path / "a", today=TODAY)
    load(zipped(tmp_path), tmp_path / "b", today=TODAY)
    load(zipped(tmp_path, "LARS/"), tmp_path / "c", today=TODAY)
    load(as_sqlite(tmp_path, "Core_LARS_"), tmp_path / "d", today=TODAY)
    assert aim(tmp_path / "a") is not None
    for other in "bcd":
        assert aim(tmp_path / other) == aim(tmp_path / "a")


def test_an_access_database_is_read_by_mdb_export(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    lars = EXTRACT / "lars"
    for name, does in {
        "mdb-tables": f"for f in {lars}/*.csv; do basename $f .csv | sed 's/^/LARS_/'; done",
        "mdb-export": f'for last; do :; done; cat {lars}/"${{last#LARS_}}".csv',
    }.items():
        (programs / name).write_text(f"#!/bin/sh\n{does}\n")
        (programs / name).chmod(stat.S_IRWXU)
    given = tmp_path / "LARS.mdb"
    given.write_bytes(b"\x00\x01\x00\x00Standard Jet DB")
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    with pytest.raises(InputError, match="mdbtools"):
        load(given, tmp_path / "held", today=TODAY)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    load(given, tmp_path / "held", today=TODAY)
    load(EXTRACT / "lars", tmp_path / "a", today=TODAY)
    assert aim(tmp_path / "held") == aim(tmp_path / "a")


def test_a_release_says_its_day_and_age(tmp_path: Path) -> None:
    release = load(zipped(tmp_path), tmp_path, today=TODAY)
    assert release.released == date(2026, 9, 24)
    assert release.described(TODAY) == "LARS of 24/09/2026 (65 days old)"
    assert release_of(tmp_path / "lars.db") == release


@pytest.mark.parametrize(
    ("name", "day"),
    [("ONSPD_AUG_2026_UK.csv", date(2026, 8, 1)), ("postcodes-2026-05-20.csv", date(2026, 5, 20)),
     ("postcodes.csv", None)],
)  # fmt: skip
def test_a_day_in_a_file_s_name_is_its_release(tmp_path: Path, name: str, day: date | None) -> None:
    (tmp_path / name).write_bytes((EXTRACT / "postcodes.csv").read_bytes())
    assert load(tmp_path / name, tmp_path / "held", today=TODAY).released == day


@pytest.mark.parametrize(
    ("given", "day"),
    [("2026-09-24", "2026-09-24"), ("24/09/2026", "2026-09-24"), ("24 Sep 2026", "2026-09-24"),
     ("24-Sep-2026 00:00", "2026-09-24"), ("2026-09-24 10:09:08.123", "2026-09-24"),
     ("202609", "2026-09-01"), ("", None), ("NULL", None)],
)  # fmt: skip
def test_dates_of_every_published_form(given: str, day: str | None) -> None:
    assert clean_date(given) == day


def test_text_that_windows_wrote_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "lars"
    folder.mkdir()
    head = "LearnAimRef,LearnAimRefTitle,LearnAimRefType,NotionalNVQLevelv2\n"
    (folder / "LearningDelivery.csv").write_bytes(
        head.encode() + b'00100001,"Caf\xe9, ""Level 2""",3,2\n'
    )
    (folder / "Validity.csv").write_text("LearnAimRef,ValidityCategory,StartDate,EndDate\n")
    load(folder, tmp_path, today=TODAY)
    held = Lars(tmp_path / "lars.db").aim("00100001")
    assert held is not None
    assert (held.title, held.type) == ('Café, "Level 2"', "0003")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("LearningDelivery.csv", "LearnAimRef\n1\n", "LARS without Validity"),
        ("things.csv", "a,b\n1,2\n", "None of its tables is one that I know"),
        ("notes.docx", "hello", "not a form of reference data"),
        ("broken.zip", "PK broken", "cannot be opened"),
        ("devolved.csv", "Postcode,SourceOfFunding,EffectiveFrom\nZZ1 1ZZ,114,soon\n",
         r"row 2: EffectiveFrom is not a date"),
        ("devolved.csv", "Postcode,SourceOfFunding,EffectiveFrom\nZZ1 1ZZ\n",
         r"row 2: it has fewer cells"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_with_the_place(
    tmp_path: Path, name: str, content: str, says: str
) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(InputError, match=says):
        add(tmp_path / name, tmp_path / "held", today=TODAY)
    assert list((tmp_path / "held").glob("*")) == []


def test_a_file_that_is_refused_leaves_the_older_one(tmp_path: Path) -> None:
    held = tmp_path / "held"
    add(EXTRACT / "devolved-postcodes.csv", held, today=TODAY)
    bad = tmp_path / "devolved.csv"
    bad.write_text("Postcode,SourceOfFunding,EffectiveFrom\nZZ1 1ZZ,114,soon\n")
    with pytest.raises(InputError):
        add(bad, held, today=TODAY)
    assert open_reference(held).devolved.pays("ZZ1 1ZZ", "114", TODAY)


def test_postcodes_in_pieces_beside_the_whole_are_read_once(tmp_path: Path) -> None:
    text = (EXTRACT / "postcodes.csv").read_text()
    with zipfile.ZipFile(tmp_path / "ONSPD_AUG_2026.zip", "w") as archive:
        archive.writestr("Data/ONSPD_AUG_2026_UK.csv", text)
        archive.writestr("Data/multi_csv/ONSPD_AUG_2026_UK_ZZ.csv", text)
    assert load(tmp_path / "ONSPD_AUG_2026.zip", tmp_path / "held", today=TODAY).rows == 2


def test_nothing_is_held_until_it_is_loaded(tmp_path: Path) -> None:
    held = open_reference(tmp_path / "none")
    for reference in (NO_REFERENCE, held):
        assert reference.available == frozenset()
        assert reference.described(TODAY) == ""
        with pytest.raises(CannotTell, match="needs LARS"):
            _ = reference.lars
        with pytest.raises(CannotTell, match="own details"):
            _ = reference.provider


def test_a_folder_s_files_are_loaded_once(tmp_path: Path) -> None:
    given, held = tmp_path / "given", tmp_path / "held"
    given.mkdir()
    zipped(given)
    (given / "provider.yaml").write_bytes((EXTRACT / "provider.yaml").read_bytes())
    (given / "notes.csv").write_text("a,b\n1,2\n")
    first = open_reference(held, given, today=TODAY)
    assert {Need.LARS, Need.PROVIDER, Need.CONTRACTS} <= first.available
    made = (held / "lars.db").stat().st_mtime_ns
    assert open_reference(held, given, today=TODAY).has_lars
    assert (held / "lars.db").stat().st_mtime_ns == made


def test_a_mistake_in_provider_yaml_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "provider.yaml").write_text("ukprn: 12\ntype: UGFE\noffice_for_students: 'yes'\n")
    with pytest.raises(KnowledgeError, match=r"provider\.yaml:1: ukprn"):
        add(tmp_path / "provider.yaml", tmp_path / "held", today=TODAY)
    with pytest.raises(HelpdeskError):
        open_reference(tmp_path)


def test_what_provider_yaml_leaves_out_is_not_available(tmp_path: Path) -> None:
    (tmp_path / "provider.yaml").write_text(
        "ukprn: 99999999\ntype: UGFE\noffice_for_students: 'no'\n"
    )
    assert open_reference(tmp_path).available == {Need.PROVIDER}


def test_a_table_that_a_release_lacks_makes_no_guess(tmp_path: Path) -> None:
    folder = tmp_path / "lars"
    folder.mkdir()
    for name in ("LearningDelivery.csv", "Validity.csv"):
        (folder / name).write_bytes((EXTRACT / "lars" / name).read_bytes())
    load(folder, tmp_path, today=TODAY)
    reference = ReferenceData(tmp_path)
    assert reference.lars.aim("60000011") is not None
    for asked, table in (
        (reference.lars.standard, "Standard"),
        (reference.lars.standard_exists, "StandardValidity"),
    ):
        with pytest.raises(CannotTell, match=f"needs the LARS table {table}$"):
            asked(9901)
