"""Every kind of mistake a curator can make in an entry: file, line and remedy."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bot.errors import LintFinding
from bot.knowledge.base import KnowledgeBase
from bot.knowledge.lint import lint
from bot.knowledge.skeleton import TO_FILL_IN, write_skeleton
from bot.yaml_files import shipped_knowledge
from tests.support.some_knowledge import copy_some

TODAY = date(2026, 11, 24)
ENTRY = """\
# An invented college's own entry.
- id: minibus-for-placements
  topic: evidence
  question: Who books the minibus for placements?
  also_asked:
    - minibus booking
    - do we book transport for placement days
    - who do I ask about the college bus
    - bus to the employer
    - how far ahead must the minibus be booked
    - van for the site visit
    - needs a driver for Tuesday
    - seats left?
  answers:
    - years: {from: 2020-21, to: 2024-25}
      text: |
        The tutor booked it with the estates team.
      sources: [spec-work-placement-2024-25]
    - years: {from: 2025-26}
      lead: The placement team books it, two weeks ahead.
      sources: [spec-work-placement-2024-25]
  clarify:
    - Which campus is it?
  status: practice
  rules: [R_96]
  fields: [WorkPlaceStartDate]
  related: [checks-before-a-return]
  owner: mis-team
  reviewed: 2026-11-20
  review_by: 2027-07-31
"""


NEIGHBOURS = {
    "employer-id": ["find-an-employer-number"],
    "placement-not-happened": ["qualifying-period-of-short-programmes"],
    "evidence": ["evidence-in-the-ilp", "checks-before-a-return"],
}
"""Topic → entries of it that the one above names, or might be mistaken for."""


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small") / "knowledge"
    copy_some(folder, ["rules/work-placement.yaml"], without=["schemas", "statements.yaml"])
    (folder / "entries").mkdir()
    for topic, entries in NEIGHBOURS.items():
        text = (shipped_knowledge() / f"entries/{topic}.yaml").read_text(encoding="utf-8")
        whole = {one.partition("\n")[0]: one for one in text.split("- id: ")}
        of_them = "".join(f"- id: {whole[entry]}" for entry in entries)
        (folder / f"entries/{topic}.yaml").write_text(of_them, encoding="utf-8")
    return folder


Finds = Callable[[str], list[LintFinding]]


@pytest.fixture
def found_in(shipped: Path, tmp_path: Path) -> Finds:
    """What is found in a college's own entries that read so."""

    def found(text: str) -> list[LintFinding]:
        own = tmp_path / "entries" / "own.yaml"
        own.parent.mkdir(exist_ok=True)
        own.write_text(text, encoding="utf-8")
        everything = lint(tmp_path, TODAY, folder=shipped)
        return [one for one in everything if one.problem.file.endswith("own.yaml")]

    return found


@pytest.mark.long
def test_an_entry_in_order_finds_nothing(tmp_path: Path) -> None:
    """Beside all that ships."""
    own = tmp_path / "entries" / "own.yaml"
    own.parent.mkdir()
    own.write_text(ENTRY, encoding="utf-8")
    assert lint(tmp_path, TODAY) == lint(None, TODAY)


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("  status: practice\n", "  status: practice\n  status: official\n", 25,
         "the key 'status' stands twice. Keep one of them."),
        ("minibus-for-placements", "find-an-employer-number", None, None),
        ("      sources: [spec-work-placement-2024-25]\n    - years", "    - years", 15,
         "'sources' is missing. Add it."),
        ("sources: [spec-work-placement-2024-25]", "sources: []", 18,
         "answers.sources is empty. Give at least one."),
        ("sources: [spec-work-placement-2024-25]", "sources: [hearsay]", 18,
         "there is no source 'hearsay'."),
        ("rules: [R_96]", "rules: [R_9999]", 25, "there is no rule 'R_9999'."),
        ("fields: [WorkPlaceStartDate]", "fields: [WorkPlaceStart]", 26,
         "there is no ILR field 'WorkPlaceStart'."),
        ("related: [checks-before-a-return]", "related: [nowhere]", 27,
         "there is no entry 'nowhere'."),
        ("related: [checks-before-a-return]", "related: [minibus-for-placements]", 27,
         "is related to itself."),
        ("    - minibus booking", "    - two week qualifying period", 6,
         "this phrasing stands in qualifying-period-of-short-programmes"),
        ("    - bus to the employer", "    - Minibus booking?", 9,
         "'Minibus booking?' stands twice."),
        ("{from: 2025-26}", "{from: 2026-27}", 19, "no answer covers the years between"),
        ("{from: 2025-26}", "{from: 2024-25}", 19, "overlap"),
        ("{from: 2020-21, to: 2024-25}", "{from: 2024-25, to: 2020-21}", 15, "run backwards"),
        ("{from: 2025-26}", "2025", 19, "is not an academic year. Write it like 2026-27."),
        ("two weeks ahead.", "two weeks ahead. " + "More of it. " * 250, 20,
         "the lead has 3045 characters, 320 at most."),
        ("two weeks ahead.", "as for AB123456C.", 20, "looks like personal data (NI number)."),
        ("Which campus is it?", "Is it AB123456C?", 23, "looks like personal data (NI number)."),
        ("owner: mis-team", "owner: No", 28, "owner cannot be 'No'."),
        ("status: practice", "status: offical", 24, "status cannot be 'offical'."),
        ("  owner: mis-team", "  ownr: mis-team", 28, "unknown key 'ownr'."),
        ("reviewed: 2026-11-20", "reviewed: 20 November", 29, "reviewed is not a date."),
        ("review_by: 2027-07-31", "review_by: 2026-11-01", 30, "is not after the reviewed date."),
        ("  owner: mis-team", "\towner: mis-team", 28, "has a tab in it. Use spaces."),
        ("    - minibus booking", "    - minibus: booking?", 6, "Put it in quotes"),
        ("The placement team books it, two weeks ahead.", TO_FILL_IN[1], 20,
         "still has the skeleton's words."),
        ("  question: Who", "  for: []\n  question: Who", 4, "for is empty. Give at least one."),
        ("  status: practice", "  status: official", 21, "no source speaks of a year in it."),
        ("topic: evidence", "topic: transport", 3, "there is no topic 'transport'."),
    ],
)  # fmt: skip
def test_a_mistake_is_found_with_its_line(
    found_in: Finds, old: str, new: str, line: int | None, said: str | None
) -> None:
    assert old in ENTRY
    findings = found_in(ENTRY.replace(old, new, 1))
    if said is None:
        assert findings == []  # a provider's own entry may replace a shipped one
        return
    matching = [finding for finding in findings if said in str(finding)]
    assert matching, [str(finding) for finding in findings]
    assert matching[0].error
    assert matching[0].problem.line == line
    assert matching[0].problem.file.endswith("own.yaml")


def test_the_same_id_twice_is_found(found_in: Finds) -> None:
    twice = ENTRY + ENTRY.split("\n", 1)[1].replace("minibus", "coach").replace(
        "coach-for-placements", "minibus-for-placements"
    )
    assert any("is used already" in str(finding) for finding in found_in(twice))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("2027-07-31", "2026-11-23", "was due for review by 2026-11-23."),
        ("    - minibus booking\n", "", "has 7 phrasings."),
    ],
)
def test_what_never_stops_a_release_is_a_warning(
    found_in: Finds, old: str, new: str, said: str
) -> None:
    findings = found_in(ENTRY.replace(old, new, 1))
    assert [finding.error for finding in findings] == [False]
    assert said in str(findings[0])
    assert str(findings[0]).endswith("(warning)")


def test_a_shipped_entry_says_whose_record_it_speaks_of(shipped: Path, tmp_path: Path) -> None:
    folder = tmp_path / "knowledge"
    shutil.copytree(shipped, folder)
    path = folder / "entries" / "evidence.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("  for: [16-19]\n", "", 1), encoding="utf-8")
    everything = map(str, lint(None, TODAY, folder=folder))
    assert [one for one in everything if "whose record" in one] == [
        "knowledge/entries/evidence.yaml:1: evidence-in-the-ilp: does not say whose record it "
        "speaks of. Add for: with the kinds of provision, or [all]."
    ]


def test_yaml_keeps_what_was_typed(found_in: Finds) -> None:
    text = ENTRY.replace("    - minibus booking", "    - No")
    assert found_in(text) == []


def test_a_skeleton_is_not_in_order_until_it_is_filled_in(shipped: Path, tmp_path: Path) -> None:
    knowledge = KnowledgeBase.load(shipped)
    question = "Who books the minibus for placements?"
    write_skeleton(knowledge, tmp_path, question, "evidence", "mis-team", TODAY)
    said = [str(finding) for finding in lint(tmp_path, TODAY, folder=shipped)]
    assert sum("still has the skeleton's words" in one for one in said) == 2
    assert any("the source is not named" in one for one in said)


@pytest.mark.parametrize(
    ("typed", "in_its_place", "line", "says"),
    [
        ("- minibus booking", '- "minibus booking', 6, "quote that is not closed"),
        ("question: Who books", "question: 'Who books", 4, "quote that is not closed"),
        ("- id:", "  id:", 2, "does not begin with a dash"),
        ("question: Who", "question: Bus: who", 4, "Put the text in quotes"),
        ("- minibus booking", "- minibus: booking", 6, "Put it in quotes"),
        ("for placements?", "for #3?", 4, "Put the text in quotes"),
        ("Who books the minibus", "Bus #3", 4, "put the text in quotes"),
        ("- minibus booking", "- #minibus booking", 6, "put the text in quotes"),
        ("owner: mis-team", "owner:", 28, "owner is blank. Fill it in."),
        ("owner: mis-team", 'owner: " "', 28, "owner is blank. Fill it in."),
        ("2026-11-20", "2026-12-20", 29, "a day that has not come yet"),
        ("Who books the minibus for placements?", "“Who books the minibus?”", 4, "curly"),
        ("- minibus booking", "- @bot minibus", 6, "Put the text in quotes"),
        ("  topic", "\ttopic", 3, "Use spaces."),
        ("- minibus booking", "- " + "[" * 5000, 6, "nested too deeply"),
        ("- minibus booking", "- !!float abc", 6, "!! tag"),
        ("2026-11-20", "!!timestamp 2001-99-99", 29, "!! tag"),
    ],
)
def test_a_slip_of_yaml_is_told_in_its_line(
    found_in: Finds, typed: str, in_its_place: str, line: int, says: str
) -> None:
    found = found_in(ENTRY.replace(typed, in_its_place, 1))
    assert [finding.problem.line for finding in found] == [line]
    assert says in str(found[0])


@pytest.mark.parametrize("text", ["", "# nothing yet\n# more\n"])
def test_a_file_with_nothing_in_it_is_told(found_in: Finds, tmp_path: Path, text: str) -> None:
    assert [str(one) for one in found_in(text)] == [
        f"{tmp_path.name}/entries/own.yaml:1: is empty. Write into it what its neighbours have, "
        "or remove the file."
    ]


def test_text_that_windows_saved_is_told_by_its_line(tmp_path: Path) -> None:
    folder = tmp_path / "entries"
    folder.mkdir()
    text = ENTRY.replace("seats left?", "seats – left?").encode("cp1252")
    (folder / "own.yaml").write_bytes(text)
    found = lint(tmp_path, TODAY)
    assert found[0].problem.line == 13
    assert "has – as Windows saves it" in str(found[0])
