"""Whole returns, streamed: the same verdicts as one learner at a time."""

from __future__ import annotations

import csv
import io
import multiprocessing
import subprocess
import sys
import threading
import warnings
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.checking import kept, whole_file, workers
from bot.checking.sources import xml_source
from bot.checking.violation_report import COLUMNS, write_rows
from bot.checking.workers import jobs_for
from bot.errors import InputError
from bot.helpdesk import Helpdesk
from bot.ilr.record import Message
from bot.rules.reference.loading import load
from tests.support.reference import write_lars
from tests.support.whole_files import check_file

pytestmark = pytest.mark.long

TODAY = date(2026, 11, 24)
HEAD = """<?xml version="1.0" encoding="utf-8"?>
<Message xmlns="ILR/2026-27">
  <Header><CollectionDetails><Collection>ILR</Collection><Year>2627</Year>
  <FilePreparationDate>2026-11-02</FilePreparationDate></CollectionDetails></Header>
"""


def learner(number: int, placement_start: str) -> str:
    return f"""<Learner>
  <LearnRefNumber>L{number:05d}</LearnRefNumber>
  <ULN>1000000043</ULN>
  <FamilyName>Quill</FamilyName>
  <LearningDelivery>
    <LearnAimRef>ZWRKX001</LearnAimRef>
    <AimSeqNumber>1</AimSeqNumber>
    <LearnStartDate>2026-10-12</LearnStartDate>
    <FundModel>25</FundModel>
    <LearningDeliveryWorkPlacement>
      <WorkPlaceStartDate>{placement_start}</WorkPlaceStartDate>
      <WorkPlaceHours>30</WorkPlaceHours>
      <WorkPlaceMode>2</WorkPlaceMode>
    </LearningDeliveryWorkPlacement>
  </LearningDelivery>
</Learner>
"""


def a_return(path: Path, learners: int) -> Path:
    """Every tenth learner's placement starts before its aim."""
    with path.open("w", encoding="utf-8") as out:
        out.write(HEAD)
        for number in range(learners):
            out.write(learner(number, "2026-10-05" if number % 10 == 0 else "2026-10-12"))
        out.write("</Message>\n")
    return path


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_return_is_counted_by_rule(helpdesk: Helpdesk, tmp_path: Path, jobs: int) -> None:
    path = a_return(tmp_path / "return.xml", 450)
    totals, batches = check_file(
        path, helpdesk.knowledge, year=None, on=None, today=TODAY, jobs=jobs
    )
    found = [
        (learner.ref, finding.line)
        for batch in batches
        for learner in batch.learners
        for finding in learner.findings
        if finding.rule == "WorkPlaceStartDate_02"
    ]
    assert str(totals.year) == "2026-27"
    assert totals.on == date(2026, 11, 2)
    assert (totals.learners, totals.aims) == (450, 450)
    assert totals.by_rule["WorkPlaceStartDate_02"] == 45
    assert [ref for ref, _ in found] == [f"L{number:05d}" for number in range(0, 450, 10)]
    # Lines are the file's: 4 of the head, 16 a learner, the start date on the eleventh.
    text = path.read_text(encoding="utf-8").splitlines()
    assert all("2026-10-05" in text[line - 1] for _, line in found if line)


def test_the_csv_has_the_columns_of_the_violation_report_and_no_names(
    helpdesk: Helpdesk,
) -> None:
    report = helpdesk.check(HEAD + learner(1, "2026-10-05") + "</Message>")
    out = io.StringIO()
    write_rows(out, report.learners)
    rows = list(csv.DictReader(io.StringIO(out.getvalue())))
    row = next(row for row in rows if row["Rule Name"] == "WorkPlaceStartDate_02")
    assert tuple(row) == COLUMNS
    assert row["Error\\Warning"] == "E"
    assert row["Learner Ref"] == "L00001"
    assert row["Field Values"] == "WorkPlaceStartDate=2026-10-05|LearnStartDate=2026-10-12"
    assert (row["Aim Sequence Number"], row["Funding Model"]) == ("1", "25")
    assert "Quill" not in out.getvalue()
    assert "1000000043" not in out.getvalue()


def test_names_when_asked_for(helpdesk: Helpdesk) -> None:
    text = HEAD + learner(1, "2026-10-05") + "</Message>"
    out = io.StringIO()
    write_rows(out, helpdesk.check(text, names=True).learners)
    assert "Quill" in out.getvalue()


def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless(helpdesk: Helpdesk) -> None:
    text = HEAD + learner(1, "2026-10-05").replace("L00001", "=1+1") + "</Message>"
    out = io.StringIO()
    write_rows(out, helpdesk.check(text).learners)
    assert ",'=1+1," in out.getvalue()


def test_a_file_that_breaks_off_says_where(helpdesk: Helpdesk, tmp_path: Path) -> None:
    path = a_return(tmp_path / "return.xml", 300)
    path.write_text(path.read_text(encoding="utf-8")[:-200], encoding="utf-8")
    _, batches = check_file(path, helpdesk.knowledge, year=None, on=None, today=TODAY)
    with pytest.raises(InputError, match="line"):
        list(batches)


def test_what_is_wrong_with_the_file_itself_is_reported_once(
    helpdesk: Helpdesk, tmp_path: Path
) -> None:
    path = a_return(tmp_path / "return.xml", 450)
    early = date(2026, 10, 1)
    totals, batches = check_file(path, helpdesk.knowledge, year=None, on=None, today=early, jobs=1)
    list(batches)
    assert totals.by_rule["Header_2"] == 1
    assert [finding.rule for finding in totals.of_file] == ["Header_2"]


@pytest.mark.parametrize(
    ("start", "streamed"),
    [
        (b"<Message>", True),
        (b"\xef\xbb\xbf\n<Message>", True),
        ("\ufeff<Message>".encode("utf-16"), True),
        (b"LearnRefNumber,ULN\n", False),
        (b"a", False),
    ],
)
def test_only_xml_is_streamed(tmp_path: Path, start: bytes, streamed: bool) -> None:
    path = tmp_path / "file"
    path.write_bytes(start)
    assert xml_source(path) is None, "a small file is read at once"
    path.write_bytes(start + b"a" * 1_000_000)
    assert (xml_source(path) is not None) is streamed


YEARS_OF = {"2026-27": "ILR/2026-27", "2025-26": "ESFA/ILR/2025-26", "2020-21": "ESFA/ILR/2020-21"}


def twins(year: str, learners: int) -> str:
    """A file of any year in which learners share numbers and destinations stray, far apart."""
    chance = Random(year)
    parts = [f'<Message xmlns="{YEARS_OF[year]}">\n']
    first = int(year[:4])
    for _ in range(learners):
        ref = f"L{chance.randrange(learners):04}"
        ended = f"<LearnActEndDate>{first}-10-0{chance.randint(1, 9)}</LearnActEndDate>"
        parts.append(
            f"<Learner>\n<LearnRefNumber>{ref}</LearnRefNumber>\n"
            f"<ULN>{chance.choice([9_999_999_999, 1_000_000_019 + chance.randrange(99)])}</ULN>\n"
            "<LearningDelivery><LearnAimRef>ZPROG001</LearnAimRef><AimType>1</AimType>\n"
            f"<AimSeqNumber>1</AimSeqNumber><LearnStartDate>{first}-09-01</LearnStartDate>\n"
            f"<FundModel>{chance.choice([25, 35, 99])}</FundModel>\n"
            f"<ProgType>{chance.choice([24, 25, 31])}</ProgType><CompStatus>2</CompStatus>\n"
            f"{chance.choice(['', ended])}<Outcome>{chance.choice([1, 2, 3])}</Outcome>\n"
            "</LearningDelivery></Learner>\n"
        )
    if year == "2020-21":
        for number in range(learners // 2):
            parts.append(
                "<LearnerDestinationandProgression>\n"
                f"<LearnRefNumber>L{chance.randrange(learners):04}</LearnRefNumber>"
                f"<ULN>{1_000_000_019 + number}</ULN><DPOutcome><OutType>EMP</OutType>"
                f"<OutCode>{chance.choice([1, 2])}</OutCode>\n"
                f"<OutStartDate>2020-10-0{chance.randint(1, 9)}</OutStartDate></DPOutcome>"
                "</LearnerDestinationandProgression>\n"
            )
    return "".join([*parts, "</Message>\n"])


def rows_of(text: str) -> list[dict[str, str]]:
    return sorted(csv.DictReader(io.StringIO(text)), key=lambda row: sorted(row.items()))


@pytest.mark.parametrize(("jobs", "together"), [(1, 2_000), (2, 2_000), (1, 40)])
@pytest.mark.parametrize("year", list(YEARS_OF))
def test_a_streamed_file_has_the_findings_of_one_read_whole(
    helpdesk: Helpdesk,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    year: str,
    jobs: int,
    together: int,
) -> None:
    """Twins in different batches, and destinations behind all learners, are found as well; and in
    a file of more learners than can be compared together."""
    monkeypatch.setattr(kept, "MAX_TOGETHER", together)
    monkeypatch.setattr(kept, "_PACK_AT", 500)
    text = twins(year, 450)
    day = date(int(year[:4]), 12, 1)
    whole = helpdesk.check(text.encode(), on=day, names=True)
    path = tmp_path / "return.xml"
    path.write_text(text, encoding="utf-8")
    totals, batches = check_file(
        path, helpdesk.knowledge, year=None, on=day, today=TODAY, jobs=jobs, names=True
    )
    expected, streamed = io.StringIO(), io.StringIO()
    write_rows(expected, whole.learners, whole.other_findings)
    write_rows(streamed, [])
    for batch in batches:
        write_rows(streamed, batch.learners, batch.of_file, header=False)
    assert rows_of(streamed.getvalue()) == rows_of(expected.getvalue())
    assert (totals.learners, totals.findings) == (len(whole.learners), len(whole.findings))
    report = totals.report(())
    assert (report.rules_run, report.rules_not_run) == (whole.rules_run, whole.rules_not_run)
    across = {"R_06", "R_59"} | (
        {"R_71", "R_85", "R_107", "R_108", "Outcome_07", "Outcome_08"} if year < "2023" else set()
    )
    assert across <= totals.by_rule.keys()
    if year == "2020-21":
        stray = next(row for row in rows_of(streamed.getvalue()) if row["Rule Name"] == "R_85")
        assert stray["Learner Ref"].startswith("L")


NAMED = "ILR-10000001-2526-20261102-101500-01.xml"


def test_a_file_is_checked_by_its_name_and_first_line(helpdesk: Helpdesk, tmp_path: Path) -> None:
    """Whole or streamed; what is pasted, or saved under another name, has no such findings."""
    text = (HEAD + learner(1, "2026-10-12") + "</Message>").replace('"ILR/', '"ESFA/ILR/')
    of_file = {"Filename_4", "Namespace_Mismatch"}
    whole = helpdesk.check(text.encode(), file_name=NAMED)
    assert {f.rule for f in whole.other_findings} >= of_file
    path = tmp_path / NAMED
    path.write_text(text, encoding="utf-8")
    totals, batches = check_file(path, helpdesk.knowledge, year=None, on=None, today=TODAY)
    list(batches)
    assert {f.rule for f in totals.of_file} >= of_file
    for name in (None, "learner.xml"):
        other = helpdesk.check(text.encode(), file_name=name)
        assert {f.rule for f in other.other_findings} & of_file == {"Namespace_Mismatch"}
        assert other.rules_not_run["the file does not have the name of a return (ILR-…)"] == 6


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_learner_that_we_fail_on_is_said_and_the_others_are_checked(
    helpdesk: Helpdesk,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    jobs: int,
) -> None:
    """The processes of two jobs are forked where it is possible, and have the mistake as well."""
    if jobs > 1 and multiprocessing.get_start_method() != "fork":
        pytest.skip("a process that is started anew has no mistake")
    # Other tests may have left a library's threads: the processes are forked all the same.
    monkeypatch.setattr(workers, "_is_alone", lambda: True)
    right = whole_file.by_learner

    def fails(message: Message, *more: Any, **how: Any) -> Any:
        if any(one.LearnRefNumber == "L00017" for one in message.learners):
            raise OverflowError("L00017")
        return right(message, *more, **how)

    path = a_return(tmp_path / "return.xml", 30)
    _, batches = check_file(path, helpdesk.knowledge, year=None, on=None, today=TODAY, jobs=jobs)
    expected = [one for batch in batches if not batch.across for one in batch.learners]
    monkeypatch.setattr(whole_file, "by_learner", fails)
    totals, batches = check_file(
        path, helpdesk.knowledge, year=None, on=None, today=TODAY, jobs=jobs
    )
    found = [one for batch in batches if not batch.across for one in batch.learners]
    assert found == [one for one in expected if one.ref != "L00017"]
    assert [(p.line, p.message) for p in totals.problems] == [
        (5 + 17 * 16, whole_file.COULD_NOT_CHECK)
    ]
    assert "L00017" not in caplog.text


def test_processes_that_are_copies_ask_the_reference_data_as_the_first_one_does(
    helpdesk: Helpdesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if multiprocessing.get_start_method() != "fork":
        pytest.skip("no process is a copy")
    # Other tests may have left a library's threads: the processes are forked all the same.
    monkeypatch.setattr(workers, "_is_alone", lambda: True)
    write_lars(
        {"lars": {"ZWRKX001": {"title": "Work experience", "level": "X"}}}, tmp_path / "lars"
    )
    load(tmp_path / "lars", tmp_path, today=TODAY)
    knowledge = replace(helpdesk.knowledge, databases=tmp_path)
    path = a_return(tmp_path / "return.xml", 450)
    found = []
    for jobs in (1, 2):
        totals, batches = check_file(path, knowledge, year=None, on=None, today=TODAY, jobs=jobs)
        found.append([one for batch in batches for one in batch.learners])
        assert [held["kind"] for held in totals.reference] == ["lars"]
    assert found[0] == found[1]
    details = {str(one.aim_details) for learner in found[1] for one in learner.findings}
    assert any("Work experience" in text for text in details)


def test_what_is_no_part_of_the_ilr_is_said_with_its_line_in_the_file(
    helpdesk: Helpdesk, tmp_path: Path
) -> None:
    path = a_return(tmp_path / "return.xml", 3)
    text = path.read_text(encoding="utf-8")
    at = text.rindex("  <LearningDelivery>")
    text = f"{text[:at]}  <Nothing><b>1</b></Nothing>\n{text[at:]}"
    path.write_text(text, encoding="utf-8")
    totals, batches = check_file(path, helpdesk.knowledge, year=None, on=None, today=TODAY)
    list(batches)
    (line,) = [n for n, row in enumerate(text.splitlines(), 1) if "<Nothing>" in row]
    found = [error.line for error in totals.schema.found() if "Nothing" in error.message]
    assert found == [line]


def test_a_process_with_other_threads_is_not_copied(helpdesk: Helpdesk, tmp_path: Path) -> None:
    """A copy would hold for ever whatever lock another thread held when it was made."""
    path = a_return(tmp_path / "return.xml", 30)
    done = threading.Event()
    other = threading.Thread(target=done.wait)
    other.start()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", DeprecationWarning)
            totals, batches = check_file(
                path, helpdesk.knowledge, year=None, on=None, today=TODAY, jobs=2
            )
            refs = [one.ref for batch in batches if not batch.across for one in batch.learners]
    finally:
        done.set()
        other.join()
    assert refs == [f"L{number:05d}" for number in range(30)]
    assert totals.by_rule["WorkPlaceStartDate_02"] == 3


def test_the_processes_are_there_before_a_progress_bar_has_its_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a process of its own, which has one thread: started by copying, and none after it."""
    path = a_return(tmp_path / "return.xml", 30)
    code = """
import multiprocessing, sys, warnings
from datetime import date
from pathlib import Path
warnings.simplefilter("error")
from bot.checking.whole_file import check_source
from bot.checking.sources import xml_source
from bot.knowledge.base import KnowledgeBase
import threading
knowledge, today = KnowledgeBase.load(), date(2026, 11, 2)
source = xml_source(Path(sys.argv[1]), least=0)
totals, batches = check_source(source, knowledge, year=None, on=None, today=today, jobs=2)
ways = {type(one).__name__ for one in multiprocessing.active_children()}
done = threading.Event()
threading.Thread(target=done.wait).start()
count = sum(len(batch.learners) for batch in batches if not batch.across)
done.set()
print(count, sorted(ways))
"""
    ran = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True
    )
    way = "ForkProcess" if sys.platform == "linux" else "SpawnProcess"
    assert ran.stdout.split("\n")[0] == f"30 ['{way}']"
    assert not ran.stderr


def test_a_small_file_is_not_shared_out() -> None:
    assert jobs_for(1_100_000) == 1
    assert 1 <= jobs_for(50_000_000) <= 4
