"""The command line as its users and scripts meet it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot import __version__
from bot.ilr.raw import RawEntity
from bot.ledger import Feedback, Ledger, Proposal, Result
from bot.terminal.chat import HELP, WELCOME
from bot.terminal.commands.common import JsonList
from bot.yaml_files import read_yaml
from tests.support.records import raw, written
from tests.support.workbooks import packed, workbook

PLACEMENT_TOO_EARLY = """\
<LearningDelivery>
  <LearnAimRef>ZWRKX001</LearnAimRef>
  <AimSeqNumber>3</AimSeqNumber>
  <LearnStartDate>2026-10-12</LearnStartDate>
  <LearningDeliveryWorkPlacement>
    <WorkPlaceStartDate>2026-10-05</WorkPlaceStartDate>
    <WorkPlaceHours>30</WorkPlaceHours>
    <WorkPlaceMode>2</WorkPlaceMode>
  </LearningDeliveryWorkPlacement>
</LearningDelivery>
"""
IN_ORDER = (
    PLACEMENT_TOO_EARLY.replace("2026-10-05", "2026-10-12")
    .replace("<AimSeqNumber>", "<AimType>4</AimType>\n  <AimSeqNumber>")
    .replace(
        "  <LearningDeliveryWorkPlacement>",
        """  <LearnPlanEndDate>2027-07-02</LearnPlanEndDate>
  <FundModel>25</FundModel>
  <DelLocPostCode>ZZ99 9ZZ</DelLocPostCode>
  <CompStatus>1</CompStatus>
  <SWSupAimId>5f0c1a52-6d5b-4b57-9a0a-0c5a3ad1a7f1</SWSupAimId>
  <LearningDeliveryFAM><LearnDelFAMType>SOF</LearnDelFAMType>
    <LearnDelFAMCode>107</LearnDelFAMCode></LearningDeliveryFAM>
  <LearningDeliveryWorkPlacement>""",
        1,
    )
)


def test_a_finding_says_where_and_what_to_do(run: Any) -> None:
    ran = run("check", "-", "--json", piped=PLACEMENT_TOO_EARLY)
    assert ran.status == 1
    report = ran.json
    assert report["year"] == "2026-27"
    assert report["on"] == "2026-11-24"
    finding = next(
        f for f in report["learners"][0]["findings"] if f["rule"] == "WorkPlaceStartDate_02"
    )
    assert finding["severity"] == "error"
    assert finding["entity"] == "LearningDeliveryWorkPlacement"
    assert (finding["aim_seq"], finding["line"]) == (3, 6)
    assert finding["values"] == {
        "WorkPlaceStartDate": "2026-10-05",
        "LearnStartDate": "2026-10-12",
    }
    assert finding["message"]
    assert finding["fix"]
    assert "error-workplacestartdate-02" in finding["entries"]


def test_no_question_is_said_to_be_none(run: Any) -> None:
    ran = run("ask", "  ")
    assert ran.status == 2
    assert "no question here" in ran.err


def test_the_json_contract_of_check(run: Any) -> None:
    report = run("check", "-", "--json", piped=PLACEMENT_TOO_EARLY).json
    assert set(report) >= {"year", "on", "learners", "rules_run", "rules_not_run", "problems"}
    assert set(report["learners"][0]) >= {"ref", "aims", "findings"}
    assert report["rules_run"] > 10
    assert all(isinstance(count, int) for count in report["rules_not_run"].values())


def test_no_finding_is_never_called_valid(run: Any) -> None:
    ran = run("check", "-", "--year", "2026-27", piped=IN_ORDER)
    assert ran.status == 0
    assert "None of the checks that ran found a problem" in ran.out
    assert "Not checked here" in ran.out
    assert "valid" not in ran.out.lower().replace("validation", "")


def test_the_year_comes_from_the_paste_or_is_said_to_be_assumed(run: Any) -> None:
    whole = (
        '<Message xmlns="ESFA/ILR/2025-26"><Learner><LearnRefNumber>A1</LearnRefNumber>'
        f"{IN_ORDER}</Learner></Message>"
    )
    assert run("check", "-", "--json", piped=whole).json["year"] == "2025-26"
    new = whole.replace("ESFA/ILR/2025-26", "ILR/2026-27")
    assert run("check", "-", "--json", piped=new).json["year"] == "2026-27"
    assumed = run("check", "-", "--json", piped=IN_ORDER).json
    assert any("No academic year was given" in note for note in assumed["notes"])


def test_a_date_may_be_written_as_people_do(run: Any) -> None:
    ran = run("check", "-", "--on", "01/12/2026", "--json", piped=IN_ORDER)
    assert ran.json["on"] == "2026-12-01"


@pytest.mark.parametrize(
    ("piped", "says"),
    [
        ("", "nothing here"),
        ("   \n\n ", "nothing here"),
        ("hello, is anybody there?", "No learner record"),
        ("<LearningDelivery>\n<LearnAimRef>ZWR", "line"),
        ('<!DOCTYPE x [<!ENTITY a "aaaa">]><Learner>&a;</Learner>', "DOCTYPE"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "picture"),
        (b"PK\x03\x04" + b"\x00" * 50, "damaged ZIP file"),
        (b"\x00\x01\x02" * 500, "not text"),
        (b"x" * 10_000_000, "No learner record"),
        (
            '<Message xmlns="ESFA/ILR/2011-12"><Learner><ULN>1</ULN></Learner></Message>',
            "2011-12 is not available",
        ),
    ],
    ids=["empty", "blank", "chat", "cut", "bomb", "png", "zip", "binary", "10MB", "old"],
)
def test_what_cannot_be_read_gets_one_clear_sentence(run: Any, piped: Any, says: str) -> None:
    ran = run("check", "-", piped=piped)
    assert ran.status == 2
    assert says in ran.err
    assert "Traceback" not in ran.err
    assert len(ran.err.strip().splitlines()) == 1
    assert ran.out == ""


def test_a_file_that_is_not_there(run: Any) -> None:
    ran = run("check", "missing.xml")
    assert (ran.status, "missing.xml" in ran.err) == (2, True)


def test_questions_a_line(run: Any) -> None:
    lines = 'when is R04?\n\n{"question": "when is R04?", "year": "2025-26"}\n'
    ran = run("ask", "--json", "-", piped=lines)
    answers = [json.loads(line) for line in ran.out.splitlines()]
    assert [answer["year"] for answer in answers] == ["2026-27", "2025-26"]
    assert answers[0]["entry"] == "date:R04-2026-27"


def test_a_line_that_is_not_a_question_is_named(run: Any) -> None:
    ran = run("ask", "--json", "-", piped='when is R04?\n{"q": 1}\n')
    assert ran.status == 2
    assert "Line 2" in ran.err


def test_a_year_that_is_not_one(run: Any) -> None:
    ran = run("ask", "when is R04?", "--year", "twenty")
    assert ran.status == 2
    assert "2026-27" in ran.err


def test_explain_says_what_it_knows_when_it_does_not(run: Any) -> None:
    assert run("explain", "WorkPlaceMode", "--json").json["entry"] == "field:WorkPlaceMode"
    ran = run("explain", "flibbertigibbet")
    assert ran.status == 2
    assert "R_96" in ran.err


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("WorkPlaceStratDate_02", "WorkPlaceStartDate_02"),
        ("workplacemod", "WorkPlaceMode"),
        ("LearnAimReff", "LearnAimRef"),
        ("R-96x", "R_96"),
    ],
)
def test_explain_names_what_is_nearly_that(run: Any, typed: str, meant: str) -> None:
    ran = run("explain", typed)
    assert ran.status == 2
    assert f"Did you mean {meant}" in ran.err
    assert f"Did you mean {meant}" in run("chat", piped=f"explain {typed}\n").out


def test_a_question_needs_no_quotation_marks(run: Any) -> None:
    said = run("ask", "when", "is", "R04", "--json").json
    assert (said["question"], said["entry"]) == ("when is R04", "date:R04-2026-27")


def test_what_asks_nothing_is_said_to_ask_nothing(run: Any) -> None:
    assert "no question about the ILR" in run("ask", "lol").out


@pytest.mark.parametrize("words", [("--version",), ("version",)])
def test_the_version_is_shown_either_way(run: Any, words: tuple[str, ...]) -> None:
    ran = run(*words)
    assert (ran.status, ran.out.strip()) == (0, __version__)


def test_what_chat_says_of_itself_fits_eighty_columns() -> None:
    lines = f"{WELCOME}\n{HELP}".splitlines()
    assert [line for line in lines if len(line) > 79] == []


def test_chat_takes_questions_terms_and_pastes_at_one_prompt(run: Any) -> None:
    ran = run("chat", piped=f"when is R04?\n{PLACEMENT_TOO_EARLY}\nR_96\nquit\nwhen is R05?\n")
    assert ran.status == 0
    assert "Friday 4 December 2026" in ran.out
    assert "WorkPlaceStartDate_02" in ran.out
    assert "Two placements start on the same day" in ran.out
    assert "R05" not in ran.out


def test_a_bad_setting_is_named(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "eighty")
    ran = run("ask", "when is R04?")
    assert ran.status == 2
    assert "PORT" in ran.err


@pytest.mark.long
def test_own_knowledge_adds_and_overrides(run: Any, tmp_path: Path, monkeypatch: Any) -> None:
    own = tmp_path / "own" / "entries"
    own.mkdir(parents=True)
    (own / "ours.yaml").write_text(
        """\
- id: where-is-the-placement-form
  topic: evidence
  question: Where is our college's placement agreement form kept?
  also_asked: [placement agreement form where, blank employer agreement form please]
  answers:
    - years: {from: 2024-25}
      text: On the staff intranet, under Forms, Employers.
      sources: [{title: College forms page, year: 2026-27}]
  status: practice
  owner: placements-office
  reviewed: 2026-11-01
  review_by: 2027-07-31
""",
        encoding="utf-8",
    )
    monkeypatch.setenv("ILR_KNOWLEDGE_DIR", str(own.parent))
    answer = run("ask", "--json", "blank employer agreement form please").json
    assert answer["entry"] == "where-is-the-placement-form"
    assert answer["sources"][0]["title"] == "College forms page"


def test_a_mistake_in_own_knowledge_has_file_line_and_remedy(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own" / "entries"
    own.mkdir(parents=True)
    (own / "ours.yaml").write_text("- id: x\n  topic: evidence\n  topic: hours\n", "utf-8")
    monkeypatch.setenv("ILR_KNOWLEDGE_DIR", str(own.parent))
    ran = run("ask", "anything")
    assert ran.status == 2
    assert "ours.yaml:3" in ran.err
    assert "stands twice" in ran.err


def test_settings_come_from_the_env_file_too(run: Any, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("SLACK_BOT_TOKEN=xoxb-invented\nILR_WATCH_MODE='offer'\n")
    shown = run("settings").out
    assert "offer" in shown
    assert "(set)" in shown
    assert "xoxb-invented" not in shown


def test_an_env_file_that_cannot_be_read_is_named(run: Any, tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    ran = run("ask", "one aim or three?")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith(".env in this folder cannot be read:")


def test_derived_data_goes_where_the_env_file_says(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ILR_CACHE_DIR", "")
    monkeypatch.delenv("ILR_CACHE_DIR")
    (tmp_path / ".env").write_text("ILR_CACHE_DIR=derived\nILR_SEMANTIC=off\n")
    assert run("explain", "R_96").status == 0
    # What ships prepared is not derived again, so a file that nobody has read yet is.
    (tmp_path / "new.yaml").write_text("read: first here\n")
    read_yaml(tmp_path / "new.yaml")
    assert any((tmp_path / "derived").iterdir())


def test_a_mistake_of_ours_shows_its_place_and_nothing_of_what_was_given(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("9990001112 Notareal")

    monkeypatch.setattr("bot.helpdesk.Helpdesk.check", broken)
    for level in ("INFO", "DEBUG"):
        monkeypatch.setenv("ILR_LOG_LEVEL", level)
        ran = run("check", "-", piped=PLACEMENT_TOO_EARLY)
        assert ran.status == 2
        assert "Something went wrong in the program (KeyError)" in ran.err
        assert "test_cli.py" in ran.err
        assert "9990001112" not in ran.err


def test_a_release_stops_where_sqlite_would_not_last(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DYNO", "release.1")
    ran = run("migrate")
    assert ran.status == 2
    assert "Set DATABASE_URL" in ran.err
    monkeypatch.setenv("ILR_ALLOW_SQLITE", "1")
    assert run("migrate").status == 0


HEAD = """<Header><CollectionDetails><Collection>ILR</Collection><Year>2627</Year>
<FilePreparationDate>2026-11-02</FilePreparationDate></CollectionDetails>
<Source><ProtectiveMarking>OFFICIAL-SENSITIVE-Personal</ProtectiveMarking>
<UKPRN>10000001</UKPRN><SerialNo>01</SerialNo><DateTime>2026-11-02T10:00:00</DateTime></Source>
</Header><LearningProvider><UKPRN>10000001</UKPRN></LearningProvider>
"""


def as_xml(entity: RawEntity) -> str:
    fields = "".join(f"<{one.name}>{one.text}</{one.name}>" for one in entity.fields)
    return f"<{entity.name}>{fields}{''.join(map(as_xml, entity.children))}</{entity.name}>\n"


RETURN_NAME = "ILR-10000001-2627-20261120-101500-01"


def test_a_zip_is_checked_as_its_xml_is_large_or_small(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = f'<Message xmlns="ILR/2026-27"><Learner>{PLACEMENT_TOO_EARLY}</Learner></Message>'
    Path("R04.zip").write_bytes(packed((f"{RETURN_NAME}.XML", text)))
    whole = run("check", "R04.zip", "--format", "csv")
    monkeypatch.setattr("bot.checking.sources.LARGE", 100)
    streamed = run("check", "R04.zip", "--format", "csv")
    for ran in (whole, streamed):
        assert ran.status == 1
        assert "WorkPlaceStartDate_02" in ran.out
        assert "ZIP_INCONSISTENT_FILENAME" in ran.out
        assert "Filename_1" not in ran.out, "the name that counts is that of the XML"


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (packed(("a.xml", "<x/>"), ("b.xml", "<x/>")), "ZIP_EMPTY"),
        (packed(("a.xml", "<x/>"))[:-10], "ZIP_CORRUPT"),
        (b"<Message/>", "ZIP_CORRUPT"),
    ],
)
def test_a_zip_that_cannot_be_read_breaks_a_rule(run: Any, content: bytes, rule: str) -> None:
    Path("ILR-R04.zip").write_bytes(content)
    ran = run("check", "ILR-R04.zip", "--json")
    assert ran.status == 1
    assert [found["rule"] for found in ran.json["file_findings"]] == [rule]
    assert ran.json["rules_run"] == 4


def test_a_large_file_without_one_element_around_it_is_told_so(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.checking.sources.LARGE", 100)
    Path("learners.xml").write_text(f"<Learner>{PLACEMENT_TOO_EARLY}</Learner>\n" * 3)
    ran = run("check", "learners.xml")
    assert ran.status == 2
    assert "no element around it" in ran.err
    assert "<Message> before the first" in ran.err


def test_a_table_of_many_learners_is_checked_in_batches_as_a_small_one_is(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [["LearnRefNumber", "LearnAimRef", "AimSeqNumber", "LearnStartDate", "LearnPlanEndDate"]]
    rows += [[f"INV{n // 2}", "60149735", "1", "07/09/2026", "01/09/2026"] for n in range(500)]
    Path("many.csv").write_text("\n".join(",".join(row) for row in rows))
    whole = run("check", "many.csv", "--year", "2026-27", "--format", "csv")
    monkeypatch.setattr("bot.terminal.commands.checking.LARGE_TABLE", 0)
    monkeypatch.setattr("bot.terminal.commands.checking.MANY_LEARNERS", 100)
    batches = run("check", "many.csv", "--year", "2026-27", "--format", "csv")
    assert sorted(batches.out.splitlines()) == sorted(whole.out.splitlines())
    assert whole.out.count("LearnPlanEndDate_02") >= 250
    drawn = run("check", "many.csv", "--timeline", "a.png", "--learner", "inv7", "--json")
    assert "60149735" in drawn.err
    assert run("check", "many.csv", "--timeline", "a.png").status == 2


def test_a_workbook_is_read_and_redacted(run: Any) -> None:
    rows = [["FamilyName", "LearnRefNumber", "LearnStartDate"],
            ["Nobodyson", "INV1", date(2026, 10, 12)]]  # fmt: skip
    Path("group.xlsx").write_bytes(workbook(rows))
    assert "2026-10-12" in run("read", "group.xlsx").out
    assert "Nobodyson" not in run("redact", "group.xlsx").out


@pytest.mark.parametrize("form", ["text", "csv", "json"])
def test_the_exit_status_of_a_whole_return_is_that_of_every_learner(
    run: Any, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    """Warnings on more learners than are shown do not hide the error of the last one."""
    monkeypatch.setattr("bot.checking.sources.LARGE", 1_000)
    clean = Path(__file__).parents[1] / "rules" / "clean" / "sixteen-to-nineteen.yaml"
    learner = written(clean)[0]["learner"]
    warned = [{**learner, "LearnRefNumber": f"L{n}", "ULN": 9_999_999_999} for n in range(40)]
    broken = {**learner, "LearnRefNumber": "LAST", "PlanLearnHours": "10000"}
    for last, status in (({**warned[0], "LearnRefNumber": "LAST"}, 0), (broken, 1)):
        learners = "".join(as_xml(raw("Learner", one)) for one in [*warned, last])
        Path("return.xml").write_text(
            f'<Message xmlns="ILR/2026-27">{HEAD}{learners}</Message>', encoding="utf-8"
        )
        ran = run("check", "return.xml", "--format", form)
        assert (ran.status, ran.err) == (status, "")
        assert ran.out.count("ULN_03") >= 20


def test_many_learners_are_summed_up_by_rule(run: Any) -> None:
    learners = "".join(
        f"<Learner><LearnRefNumber>L{n}</LearnRefNumber>{PLACEMENT_TOO_EARLY}</Learner>"
        for n in range(4)
    )
    one = run("check", "-", piped=PLACEMENT_TOO_EARLY)
    many = run("check", "-", piped=f'<Message xmlns="ILR/2026-27">{learners}</Message>')
    assert "By rule" not in one.out
    assert "By rule" in many.out
    row = next(line for line in many.out.splitlines() if line.startswith("WorkPlaceStartDate_02"))
    assert [cell.strip() for cell in re.split(r"  +", row)[:3]] == [
        "WorkPlaceStartDate_02", "✗ error", "4",
    ]  # fmt: skip


def seeded(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Ledger:
    """A ledger that the commands find, with something in each part."""
    url = f"sqlite:///{folder}/ledger.db"
    monkeypatch.setenv("DATABASE_URL", url)
    day = {"now": datetime(2026, 9, 7, 10, tzinfo=UTC)}
    ledger = Ledger.open(url, secret="", retention_days=365, clock=lambda: day["now"], environ={})
    held = "one-aim-many-placements"
    ledger.record_question("One aim?", door="dm", outcome=Result.ANSWERED, entry_id=held)
    day["now"] = datetime(2026, 11, 4, 10, tzinfo=UTC)
    for _ in range(6):
        ledger.record_question("who signs the garage form?", door="dm", outcome=Result.UNANSWERED)
    asked = ledger.record_question("One aim?", door="dm", outcome=Result.ANSWERED, entry_id=held)
    ledger.record_feedback(asked, Feedback.WRONG, note="not in 2026")
    ledger.open_handover("who won?", asker=None, asker_channel="C1", asker_thread="1.0")
    proposal = Proposal(
        "Who signs the garage form?", "The employer does, always.", "2026-27", None, "A page"
    )
    approved = ledger.suggest(proposal)
    ledger.approve(approved.id, approved.version, "U1")
    rejected = ledger.suggest(proposal)
    ledger.reject(rejected.id, rejected.version, "U1")
    return ledger


def test_the_report_shows_all_that_waits(
    run: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    seeded(monkeypatch, tmp_path).close()
    told = run("report", "--json").json
    assert told["outcomes"]["asked"] == 7
    assert [(gap["question"], gap["count"]) for gap in told["gaps"]] == [
        ("who signs the garage form?", 6)
    ]
    assert [one["question"] for one in told["handovers"]] == ["who won?"]
    assert [one["state"] for one in told["suggestions"]] == ["approved"]
    assert [one["return"] for one in told["busy_returns"]] == ["R03"]
    assert told["unneeded"]["since"] == "2026-09-07"
    assert "one-aim-many-placements" not in told["unneeded"]["entries"]
    shown = " ".join(run("report").out.split())
    for words in ("Waiting for a person", "What to write next", "Busy returns", "more: report"):
        assert words in shown


def test_suggestions_are_listed_and_exported_once(
    run: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    seeded(monkeypatch, tmp_path).close()
    assert run("suggestions", "list").out == "1\tapproved\tWho signs the garage form?\n"
    assert "1 file written" in run("suggestions", "export", "entries").err
    assert "0 files written" in run("suggestions", "export", "entries").err


def test_the_export_takes_days_in_order(
    run: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    seeded(monkeypatch, tmp_path).close()
    ran = run("export", "--from", "2026-11-01", "--to", "2026-11-30")
    assert ran.out.count("who signs the garage form?") == 6
    assert run("export", "--from", "2026-11-30", "--to", "2026-11-01").status == 2


@pytest.mark.parametrize("command", ["report", "export", "purge", "phrasings", "migrate"])
def test_a_database_that_is_away_is_said(
    run: Any, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:////no/such/folder/ledger.db")
    ran = run(command)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith(
        "The folder of the file that DATABASE_URL names does not exist. Make it, or name another."
    )
    assert len(ran.err.splitlines()) == 1


def test_a_year_between_is_said_of_a_whole_return_as_well(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = f'<Message xmlns="ESFA/ILR/2023-24"><Learner>{PLACEMENT_TOO_EARLY}</Learner></Message>'
    Path("return.xml").write_text(text, encoding="utf-8")
    whole = run("check", "return.xml")
    monkeypatch.setattr("bot.checking.sources.LARGE", 100)
    streamed = run("check", "return.xml")
    for ran in (whole, streamed):
        assert "We don't hold the 2023-24 rules" in ran.out
        assert "WorkPlaceStartDate_02" in ran.out


def test_the_commands_are_listed_by_what_they_are_for_and_not_cut_short(run: Any) -> None:
    shown = run("--help").out
    assert shown.index("Ask and check:") < shown.index("Look after the knowledge:")
    assert shown.index("Look after the knowledge:") < shown.index("Run it:")
    assert "Further commands" not in shown, "name the new command in GROUPS"
    assert "..." not in shown.partition("Ask and check:")[2]


@pytest.mark.parametrize(
    ("words", "number", "found"),
    [
        ("ilr-helpdesk explain WorkPlaceStartDate_0", "2", "WorkPlaceStartDate_02"),
        ("ilr-helpdesk ask --year 2026", "3", "2026-27"),
        ("ilr-helpdesk new --topic evi", "3", "evidence"),
    ],
)
def test_a_shell_completes_names(words: str, number: str, found: str) -> None:
    start = "import sys; sys.argv = ['ilr-helpdesk']; from bot.terminal.cli import main; main()"
    asked = {
        "_ILR_HELPDESK_COMPLETE": "complete_bash",
        "COMP_WORDS": words,
        "COMP_CWORD": number,
    }
    done = subprocess.run(
        [sys.executable, "-c", start],
        env={**os.environ, **asked},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found in done.stdout.split()


def test_sources_are_whole_links_below_the_answer(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setattr("rich.console.Console.is_terminal", True)
    monkeypatch.setenv("NO_COLOR", "1")
    lines = run("explain", "WorkPlaceStartDate_02").out.splitlines()
    frame = next(number for number, line in enumerate(lines) if line.startswith("╰"))
    link = next(number for number, line in enumerate(lines) if "https://" in line)
    assert link > frame
    assert "/validation-rules" in lines[link]


@pytest.mark.parametrize(
    "words",
    [
        ("explain", "WorkPlaceStartDate_02"),
        ("ask", "--why", "one aim or three?"),
        ("settings",),
        ("check", "-"),
    ],
)
def test_what_is_piped_has_no_lines_drawn_and_no_colour(run: Any, words: tuple[str, ...]) -> None:
    out = run(*words, piped=PLACEMENT_TOO_EARLY).out
    assert len(out.splitlines()) > 3
    assert not re.search(r"[\x1b\u2500-\u257f]", out)


@pytest.mark.parametrize("command", ["ask", "check", "serve", "manifest", "suggestions list"])
def test_an_example_has_a_line_of_its_own(run: Any, command: str) -> None:
    shown = run(*command.split(), "--help").out
    examples = [line for line in shown.splitlines() if "Example:" in line]
    assert all(line.strip().startswith("Example: ") for line in examples)
    assert examples or command.startswith("suggestions")


def test_a_list_written_as_it_comes_is_the_json_of_the_whole(
    capsys: pytest.CaptureFixture[str],
) -> None:
    learners = [{"ref": "INV1", "findings": []}, {"ref": "Zoë", "findings": [1]}]
    for parts in ([], [learners], [[], learners[:1], [], learners[1:]]):
        written = JsonList("learners")
        for part in parts:
            written.write(iter(part))
        written.end({"year": "2026-27", "notes": []})
        expected = {
            "learners": [one for part in parts for one in part],
            "year": "2026-27",
            "notes": [],
        }
        assert capsys.readouterr().out == json.dumps(expected, ensure_ascii=False) + "\n"
