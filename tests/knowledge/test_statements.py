"""Texts that say the contrary of a shared statement are found, and those that nobody tied to it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError

from bot.knowledge.lint_statements import statement_findings
from bot.knowledge.statements import Sentences, Statement, read_statements
from bot.yaml_files import shipped_knowledge

STATEMENTS = """\
statements:
- id: minibus-seats
  says: A minibus seats 16, and until 2022-23 it sat 12.
  entries: [minibus-size, minibus-trip]
  also_in: [MINI_01, Trip.Seats, minibus]
  years: {from: 2023-24}
  never:
    - minibus * 12
    - minibus seats nobody
  unless: [until]
  mentions:
    - seats 16
    - seat* of the minibus
- id: minibus-driver
  says: The driver of a minibus is a member of staff.
  entries: [minibus-trip]
  years: {from: 2023-24}
  never: [driven by a student]
  mentions: [driver]
"""
ENTRIES = """\
- id: minibus-size
  topic: evidence
  for: [all]
  question: How many seats has a minibus of 12?
  also_asked: [the minibus has 12 seats?]
  answers:
    - years: {from: 2020-21, to: 2022-23}
      lead: The minibus had 12 seats.
      sources: [manual]
    - years: {from: 2023-24}
      lead: It seats 16.
      lines:
        - Until 2022-23 the minibus had 12 seats.
      detail: Look at the plate.
      sources: [manual]
  status: practice
  unverified: Whether the minibus still has 12 was not read.
  owner: mis-team
  reviewed: 2026-11-20
  review_by: 2027-07-31
- id: minibus-trip
  topic: evidence
  question: Who drives the minibus?
  also_asked: [driver]
  answers:
    - years: {from: 2020-21}
      lead: The driver is a member of staff. All seats of the minibus have belts.
      sources: [manual]
  status: practice
  owner: mis-team
  reviewed: 2026-11-20
  review_by: 2027-07-31
- id: coach
  topic: evidence
  question: How big is a coach?
  also_asked: [coach]
  answers:
    - years: {from: 2020-21}
      lead: Bigger than a minibus. It has 12 wheels.
      sources: [manual]
  status: practice
  owner: mis-team
  reviewed: 2026-11-20
  review_by: 2027-07-31
"""
RULES = """\
family: trips
rules:
  - id: MINI_01
    title: Minibus with the wrong seats
    message: It seats 16.
    fix: Count again.
    years: {from: 2020-21, to: 2024-25}
    amendments:
      - {from: 2024-25, what: Nothing new.}
"""
FIELDS = """\
name: Trip
fields:
  - name: Seats
    note: Seats 16.
    codes:
      - code: "1"
        note: Few.
        years: {from: 2020-21, to: 2022-23}
      - code: "2"
        note: Many.
"""
GLOSSARY = """\
terms:
- term: minibus
  means: a small bus
  about: It seats 16.
"""
FILES = {
    "statements.yaml": STATEMENTS,
    "entries/trips.yaml": ENTRIES,
    "rules/trips.yaml": RULES,
    "ilr/entities/Trip.yaml": FIELDS,
    "glossary.yaml": GLOSSARY,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    base = tmp_path / "knowledge"
    for name, text in FILES.items():
        path = base / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return base


def spoil(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_what_agrees_finds_nothing(folder: Path) -> None:
    assert list(statement_findings(folder)) == []


def test_a_folder_without_statements_finds_nothing(folder: Path) -> None:
    (folder / "statements.yaml").unlink()
    assert list(statement_findings(folder)) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "whose"),
    [
        ("entries/trips.yaml", "lead: It seats 16.", "lead: The minibus has 12 seats.", 11,
         "minibus-size"),
        ("entries/trips.yaml", "- Until 2022-23 the minibus", "- The minibus", 13, "minibus-size"),
        ("entries/trips.yaml", "Look at the plate.", "Look. `Minibus`, plate *12*.", 14,
         "minibus-size"),
        ("entries/trips.yaml", "a minibus. It has 12", "a minibus. The minibus has 12", 39,
         "coach"),
        ("rules/trips.yaml", "Count again.", "Give the minibus 12 seats.", 6, "MINI_01"),
        ("rules/trips.yaml", "Nothing new.", "The minibus has 12.", 9, "MINI_01"),
        ("ilr/entities/Trip.yaml", "Seats 16.", "Seats 16. A minibus\n      has 12.", 4,
         "Trip.Seats"),
        ("ilr/entities/Trip.yaml", "Many.", "As a minibus, 12.", 10, "Trip.Seats.2"),
        ("glossary.yaml", "a small bus", "minibus of 12", 3, "minibus"),
    ],
)  # fmt: skip
def test_the_contrary_is_found_wherever_it_stands(
    folder: Path, name: str, old: str, new: str, line: int, whose: str
) -> None:
    spoil(folder, name, old, new)
    (finding,) = [f for f in statement_findings(folder) if "contradicts" in str(f)]
    assert finding.error
    assert finding.problem.file == f"knowledge/{name}"
    assert finding.problem.line == line
    assert finding.problem.message.startswith(f"{whose}: ")
    assert "A minibus seats 16, and until 2022-23 it sat 12." in finding.problem.message
    assert "minibus-size, minibus-trip" in finding.problem.remedy


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        # A question, its phrasings and a doubt say nothing; the clean folder holds all three.
        ("entries/trips.yaml", "It has 12 wheels.", "Has it 12 wheels?"),
        # Another year: the answer's, the code's.
        ("entries/trips.yaml", "The minibus had 12 seats.", "The minibus always has 12 seats."),
        ("ilr/entities/Trip.yaml", "Few.", "As a minibus, 12."),
        # Let off by a word of the sentence.
        ("entries/trips.yaml", "Look at the plate.", "A minibus had 12 until then."),
        # Two sentences, two lines of a list, and half a word.
        ("entries/trips.yaml", "Look at the plate.", '"The minibus.\\n\\n- 12 wheels"'),
        ("entries/trips.yaml", "Look at the plate.", "A minibus of 120."),
        ("entries/trips.yaml", "Look at the plate.", "Minibuses of 12."),
    ],
)
def test_what_only_looks_like_it_is_let_off(folder: Path, name: str, old: str, new: str) -> None:
    spoil(folder, name, old, new)
    assert [str(f) for f in statement_findings(folder)] == []


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("entries: [minibus-size,", "entries: [minibus-sise,", 4,
         "there is no entry 'minibus-sise'"),
        ("also_in: [MINI_01,", "also_in: [MINI_99,", 5,
         "there is no rule, field or term 'MINI_99'"),
        ("entries: [minibus-size, minibus-trip]", "entries: [minibus-size, minibus-trip, coach]", 4,
         "coach is listed, but has none of the words under mentions"),
        ("years: {from: 2023-24}", "years: 2019-20", 4, "minibus-size says nothing about 2019-20"),
        ("id: minibus-driver", "id: minibus-seats", 14,
         "the statement minibus-seats appears twice"),
        ("driven by a student", "driver of a minibus", 18, "stands in the statement itself"),
    ],
)  # fmt: skip
def test_a_statement_that_is_wrong_itself_is_found(
    folder: Path, old: str, new: str, line: int, said: str
) -> None:
    spoil(folder, "statements.yaml", old, new)
    found = [f for f in statement_findings(folder) if said in str(f)]
    assert len(found) == 1, [str(f) for f in statement_findings(folder)]
    assert found[0].problem.file == "knowledge/statements.yaml"
    assert found[0].problem.line == line
    assert found[0].problem.remedy


def test_an_entry_that_speaks_of_it_has_to_be_listed(folder: Path) -> None:
    spoil(
        folder,
        "statements.yaml",
        "entries: [minibus-size, minibus-trip]",
        "entries: [minibus-size]",
    )
    (finding,) = statement_findings(folder)
    assert "minibus-trip: speaks of what the statement minibus-seats ties" in str(finding)
    assert "'seats of the minibus'" in str(finding)
    assert finding.problem.file == "knowledge/entries/trips.yaml"
    assert finding.problem.line == 27
    assert "A minibus seats 16" in finding.problem.remedy


def test_a_providers_own_entries_may_not_contradict_but_need_no_list(
    folder: Path, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    (own / "entries").mkdir(parents=True)
    text = ENTRIES.replace("minibus-trip", "our-trips").replace(
        "All seats", "The minibus has 12, all seats"
    )
    (own / "entries" / "own.yaml").write_text(text, encoding="utf-8")
    (finding,) = statement_findings(folder, own)
    assert str(finding).startswith("own/entries/own.yaml:27: our-trips: 'The minibus has 12")


@pytest.mark.parametrize(
    ("never", "said"),
    [
        (["* 12"], "must begin and end with a word"),
        (["minibus *"], "must begin and end with a word"),
        (["12"], "is too short"),
        ([], "at least 1 item"),
    ],
)
def test_a_wording_that_would_match_too_much_is_refused(never: list[str], said: str) -> None:
    data = {
        "id": "minibus-seats", "says": "A minibus seats 16 and no more.", "entries": ["coach"],
        "years": "2026-27", "never": never, "mentions": ["seats 16"],
    }  # fmt: skip
    with pytest.raises(ValidationError, match=said):
        TypeAdapter(Statement).validate_python(data)


@pytest.fixture(scope="module")
def shipped() -> dict[str, Statement]:
    read = read_statements(shipped_knowledge())
    assert read is not None
    return {statement.id: statement for statement in read[1]}


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("aim-stopped-inside-six-weeks", "In week 4 bring the hours down to what was done."),
        ("t-level-maths-and-english-hours", "Maths and English are included from 2024-25."),
        ("t-level-placement-hours-outside-planned-hours", "Placement hours are never part of it."),
        ("frm69-high-needs-alone", "FRM69: half in EEP, with no high needs or extra support."),
        ("frm43-on-qualifications", "FRM43 leaves out learners with a plan."),
        ("household-situation-ended", "Household situation is still required for adults."),
        ("seven-days-to-achievement", "The date is at least 7 days after the actual end."),
        ("no-break-at-16-to-19", "On a study programme use `CompStatus` 6."),
        ("r04-with-r06-and-r14", "R04 is what counts for allocations."),
        ("two-placement-modes", "`WorkPlaceMode` 3 is for virtual placements."),
        ("planned-end-never-rolled", "Roll the planned end forward to the new date."),
        ("data-locks-are-no-ilr-rules", "A data lock rejects the learner."),
        ("english-and-maths-optional-from-19", "All apprentices must achieve English and maths."),
        ("minimum-duration-365-then-242", "The minimum is 372 days."),
        ("low-pay-2025-26", "25,000 pounds a year: an adult below it is low paid."),
        ("employment-status-dated-before-the-start", "`EmpStat_08`: on or before the start."),
        ("r-96-and-r-67", "The older R67 tested employer and start."),
        ("transfer-takes-no-restart", "It is begun again after a break or a transfer."),
        ("maths-and-english-minimum-hours-markers", "Add LearnerFAM EMH for the hours planned."),
        ("condition-of-funding-100-hours", "100 hours each for students without grade 4."),
        ("prior-attainment-date", "Correct the date to the day the learner got the qualification."),
    ],
)  # fmt: skip
def test_what_was_wrong_once_is_found(
    shipped: dict[str, Statement], statement: str, sentence: str
) -> None:
    assert shipped[statement].contradicted_in(Sentences(sentence))
