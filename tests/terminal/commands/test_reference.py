"""``reference add`` and ``reference list``."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from bot.yaml_files import shipped_knowledge

EXTRACT = shipped_knowledge() / "reference"


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ILR_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("ILR_SEMANTIC", "off")


def test_what_is_added_is_listed_and_used(run: Any) -> None:
    before = run("reference", "list", "--json").json
    assert before["held"] == []
    assert before["rules_waiting"]["LARS"] > 100
    added = run("reference", "add", str(EXTRACT / "lars"))
    assert added.status == 0
    assert "LARS of 24/09/2026 (61 days old)" in added.out
    assert run("reference", "add", str(EXTRACT / "provider.yaml")).status == 0
    after = run("reference", "list", "--json").json
    assert [one["kind"] for one in after["held"]] == ["lars"]
    assert after["provider"] is True
    assert "LARS" not in after["rules_waiting"]
    assert "Invented Level 3 Diploma" in run("explain", "60000016").out


def test_tables_that_are_lacking_are_named_with_how_many_rules_wait(
    run: Any, tmp_path: Path
) -> None:
    whole = run("reference", "add", str(EXTRACT / "lars")).out
    assert "783 of the 843 rules" in whole
    assert "lacks" not in whole
    shutil.copytree(EXTRACT / "lars", tmp_path / "lars")
    (tmp_path / "lars" / "LearningDeliveryCategory.csv").unlink()
    fewer = run("reference", "add", str(tmp_path / "lars")).out
    assert "783 of the 843 rules" not in fewer
    assert "of the 843 rules of 2026-27 are run now" in fewer
    assert "Rules that wait for what this LARS lacks:" in fewer
    assert "the LARS table LearningDeliveryCategory" in fewer
    assert "the LARS table LearningDeliveryCategory" in run("reference", "list").out
    assert "needs the LARS table LearningDeliveryCategory" in run("rules", "list").out


def test_the_pages_say_how_many_rules_are_run_with_what(run: Any) -> None:
    counted = []
    for names in (["lars"], ["postcodes.csv", "devolved-postcodes.csv", "assessors.csv",
                             "ukprns.csv"], ["provider.yaml"]):  # fmt: skip
        for name in names:
            said = run("reference", "add", str(EXTRACT / name)).out
        (now,) = re.findall(r"(\d+) of the 843 rules of 2026-27 are run now", said)
        counted.append(now)
    root = Path(__file__).parents[3]
    page = (root / "docs" / "reference-data.md").read_text(encoding="utf-8")
    assert re.findall(r"\d+ more: (\d+) \|", page) == counted
    readme = (root / "README.md").read_text(encoding="utf-8")
    assert f"and {counted[-1]} of the 843 rules of 2026-27" in readme


def test_the_list_says_where_what_is_missing_comes_from(run: Any) -> None:
    listed = run("reference", "list").out
    assert "LARS: not held. From: https://" in listed
    assert "provider.yaml: not held" in listed


def test_the_list_says_what_is_shipped_with_its_source_and_day(run: Any) -> None:
    listed = run("reference", "list").out
    assert "T Level technical qualifications" in listed
    assert "as of 08/06/2026. From: " in listed
    shipped = run("reference", "list", "--json").json["shipped"]
    assert {"t-levels", "grades-by-aim-type"} <= {one["name"] for one in shipped}
    assert "minimum-hours" in {one["name"] for one in shipped}
    assert "713 standards, as of 10/12/2025, second-hand" in listed
    assert all(one["source"]["url"] and one["as_of"] and one["read"] for one in shipped)


def test_the_register_of_standards_is_listed_and_comes_first(run: Any, tmp_path: Path) -> None:
    before = run("explain", "ST0157").out
    assert "1,114 or 1,435" in before
    register = [{"referenceNumber": "ST0157", "version": "1.2", "title": "Invented engineer",
                 "minimumHoursForCompliance": "1001"}]  # fmt: skip
    (tmp_path / "standards-2026-11-20.json").write_text(json.dumps(register))
    assert (
        "Held: register of"
        in run("reference", "add", str(tmp_path / "standards-2026-11-20.json")).out
    )
    assert "register of apprenticeship standards of 20/11/2026" in run("reference", "list").out
    assert [one["kind"] for one in run("reference", "list", "--json").json["held"]] == ["standards"]
    assert "Its minimum is 1,001 off-the-job hours" in run("explain", "ST0157").out


def test_a_file_that_is_not_there_is_one_sentence(run: Any) -> None:
    refused = run("reference", "add", "nothing.zip")
    assert refused.status == 2
    assert "There is no file 'nothing.zip'." in refused.err
