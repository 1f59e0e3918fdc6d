"""The timeline of a record: what it shows, what it says, and what it must never show."""

from __future__ import annotations

import builtins
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import InputError
from bot.helpdesk import Helpdesk
from bot.ilr.record import Message
from bot.ilr.specification import load_specification
from bot.ilr.timeline import Timeline, places_in_words
from bot.ilr.timeline_layout import MAX_UNDATED, Layout
from bot.ilr.timeline_of_record import MAX_BARS, Flaw, timeline
from bot.terminal.cli import main
from bot.terminal.documentation import README
from bot.years import AcademicYear
from tests.support.records import message
from tests.support.timelines import record as record_of

KNOWLEDGE = Path(__file__).parents[2] / "knowledge"
YEAR = AcademicYear(2026)
ON = date(2026, 11, 24)
SIX_WEEKS = 42
STUDY = {
    "AimSeqNumber": 1, "LearnAimRef": "60149735", "AimType": 5, "FundModel": 25,
    "LearnStartDate": "2026-09-07", "LearnPlanEndDate": "2027-06-25",
}  # fmt: skip
WORK = {
    "AimSeqNumber": 2, "LearnAimRef": "ZWRKX001", "AimType": 4, "FundModel": 25,
    "LearnStartDate": "2026-10-12", "LearnPlanEndDate": "2027-05-28",
    "LearnActEndDate": "2027-03-05",
}  # fmt: skip
EARLY = {
    "WorkPlaceStartDate": "2026-10-05", "WorkPlaceEndDate": "2026-10-16",
    "WorkPlaceHours": 60, "WorkPlaceMode": 2, "WorkPlaceEmpId": 123456789,
}  # fmt: skip


def record(*aims: dict[str, Any]) -> Message:
    built, _ = message(
        {"learner": {"LearnRefNumber": "SECRET1", "FamilyName": "Hidden", "aims": list(aims)}},
        load_specification(KNOWLEDGE / "ilr").for_year(YEAR),
    )
    return built


def shown(checked: Message, *flaws: Flaw, on: date = ON) -> Timeline:
    made = timeline(checked, flaws, year=YEAR, on=on, qualifying_days=SIX_WEEKS)
    assert made is not None
    return made


def too_early(checked: Message) -> Flaw:
    return Flaw(
        checked.learners[0].placements[0],
        "WorkPlaceStartDate_02",
        "Placement starts before its aim",
        "error",
        ["LearningDeliveryWorkPlacement.WorkPlaceStartDate", "LearningDelivery.LearnStartDate"],
    )


def test_placements_stand_beneath_their_aim_with_mode_and_hours() -> None:
    bars = shown(record(STUDY, {**WORK, "placements": [EARLY]})).bars
    assert [(bar.label, bar.detail, bar.dates, bar.standing) for bar in bars] == [
        ("Aim 1 · 60149735", "core aim · model 25", "07/09/2026 – 25/06/2027", "open"),
        (
            "Aim 2 · ZWRKX001",
            "stand-alone aim · model 25",
            "12/10/2026 – 28/05/2027",
            "ended 05/03/2027",
        ),
        ("Placement 1", "external · 60 hours", "05/10/2026 – 16/10/2026", ""),
    ]


def test_a_finding_is_marked_on_the_day_it_is_about() -> None:
    checked = record({**WORK, "placements": [EARLY]})
    made = shown(checked, too_early(checked))
    assert [(mark.letter, mark.day) for mark in made.bars[1].marks] == [("A", date(2026, 10, 5))]
    assert not made.bars[0].marks
    assert made.rules[0].places == ("placement 1 of aim 2 on 05/10/2026",)


def test_a_finding_about_no_date_is_marked_on_no_day_and_the_learners_own_is_counted() -> None:
    checked = record(WORK)
    learner = checked.learners[0]
    made = shown(
        checked,
        Flaw(learner.aims[0], "FundModel_01", "Funding model is not a code", "error",
             ["LearningDelivery.FundModel", "LearningDelivery.LearnStartDate"]),
        Flaw(learner, "ULN_04", "ULN fails its check", "error", ["Learner.ULN"]),
    )  # fmt: skip
    assert [mark.day for mark in made.bars[0].marks] == [None]
    assert made.more == "1 finding lies on no aim; marks beside the names lie on no date."


def test_errors_get_the_first_letters() -> None:
    checked = record(WORK)
    aim = checked.learners[0].aims[0]
    flaws = [
        Flaw(aim, "W_01", "A warning", "warning"),
        Flaw(aim, "C_01", "A point to check", "check"),
        Flaw(aim, "E_01", "An error", "error"),
    ]
    made = shown(checked, *flaws)
    assert [rule.rule for rule in made.rules] == ["E_01", "C_01", "W_01"]
    assert "1 error, 1 point to check and 1 warning marked" in made.about


@pytest.mark.parametrize(
    ("aims", "period"),
    [
        pytest.param([STUDY, WORK], (date(2026, 9, 7), date(2026, 10, 18)), id="from its start"),
        pytest.param(
            [{**STUDY, "LearnStartDate": "2025-09-08"}],
            (date(2026, 8, 1), date(2026, 9, 11)),
            id="a second year, from 1 August",
        ),
        pytest.param([{**STUDY, "FundModel": 36}], None, id="an apprenticeship has none"),
        pytest.param(
            [{**STUDY, "LearnPlanEndDate": "2026-12-18"}], None, id="a short one may have another"
        ),
        pytest.param([{**STUDY, "LearnStartDate": ""}], None, id="no start"),
        pytest.param([{**STUDY, "LearnStartDate": "2027-09-06"}], None, id="backwards"),
    ],
)
def test_the_qualifying_period_is_six_weeks_of_a_16_to_19_programme(
    aims: list[dict[str, Any]], period: tuple[date, date] | None
) -> None:
    assert shown(record(*aims)).qualifying == period


def test_the_window_holds_the_year_and_every_date_but_not_an_absurd_one() -> None:
    made = shown(record({**STUDY, "LearnStartDate": "2025-09-08"}))
    assert made.window == (date(2025, 9, 8), date(2027, 7, 31))
    made = shown(record({**STUDY, "LearnPlanEndDate": "9999-12-31"}))
    assert made.window == (YEAR.start, YEAR.end)


def test_missing_and_backward_dates_are_said() -> None:
    bars = shown(
        record(
            {**STUDY, "LearnPlanEndDate": "2026-06-25"},
            {**WORK, "LearnStartDate": "", "LearnPlanEndDate": "soon", "placements": [{}, EARLY]},
        )
    ).bars
    assert bars[0].backwards
    assert bars[1].dates == "no start – not a date"
    assert bars[2].dates == "no dates"
    assert not bars[3].backwards


def test_a_date_that_is_none_is_not_a_date_that_is_missing() -> None:
    placements = [
        {**EARLY, "WorkPlaceStartDate": "2026-02-30"},
        {**EARLY, "WorkPlaceEndDate": "2027-02-31"},
        {**EARLY, "WorkPlaceStartDate": ""},
    ]
    bars = shown(record({**WORK, "LearnActEndDate": "2027-13-01", "placements": placements})).bars
    assert bars[0].standing == "actual end not a date"
    assert [bar.dates for bar in bars[1:]] == [
        "not a date – 16/10/2026",
        "05/10/2026 – not a date",
        "no start – 16/10/2026",
    ]


def test_a_date_that_was_not_pasted_is_said_to_be_so(helpdesk: Helpdesk) -> None:
    report = helpdesk.check("WorkPlaceStartDate\tWorkPlaceHours\n05/10/2026\t30\n", YEAR)
    assert report.timeline is not None
    assert [bar.dates for bar in report.timeline.bars] == [
        "dates not pasted",
        "05/10/2026 – not pasted",
    ]


def test_years_far_off_stand_beyond_a_break() -> None:
    made = shown(
        record(
            {**STUDY, "LearnStartDate": "2015-09-07"}, {**WORK, "LearnPlanEndDate": "9999-12-31"}
        )
    )
    assert made.window == (YEAR.start, YEAR.end)
    assert made.beyond == ([date(2015, 9, 7)], [date(9999, 12, 31)])
    layout = Layout(made)
    early, late = layout.breaks
    assert layout.x(date(2015, 9, 7)) < early < layout.x(YEAR.start)
    assert layout.x(YEAR.end) < late < layout.x(date(9999, 12, 31)) < layout.words
    assert "years between are left out" in [part.words for row in layout.key_rows for part in row]
    assert not Layout(shown(record(STUDY))).breaks


def test_a_rule_about_two_placements_marks_both_and_is_counted_once(helpdesk: Helpdesk) -> None:
    report = helpdesk.check(record_of("timeline-study-programme"), YEAR)
    assert report.timeline is not None
    [rule] = [one for one in report.timeline.rules if one.rule == "R_96"]
    assert rule.places == (
        "placement 2 of aim 4 on 01/02/2027",
        "placement 3 of aim 4 on 01/02/2027",
    )
    assert "2 errors marked" in report.timeline.about


def test_what_every_aim_lacks_has_one_letter() -> None:
    checked = record(*[{**STUDY, "AimSeqNumber": n} for n in range(1, 8)])
    aims = checked.learners[0].aims
    gaps = [
        Flaw(aim, f"FD_{name}_MA", f"Aim has no {name}", "error", [f"LearningDelivery.{name}"])
        for aim in aims
        for name in ("CompStatus", "DelLocPostCode", "PMUKPRN")
    ]
    other = Flaw(aims[0], "LearnStartDate_05", "Starts too early", "error")
    made = shown(checked, *gaps, other)
    assert [(one.letter, one.rule, one.places) for one in made.rules] == [
        ("A", "LearnStartDate_05", ("aim 1 on 07/09/2026",)),
        ("B", "Every aim", ()),
    ]
    assert made.rules[1].title == (
        "Aim has no CompStatus; Aim has no DelLocPostCode; Aim has no PMUKPRN"
    )
    assert "22 errors marked" in made.about
    made = shown(checked, *gaps[1:], other)  # the first aim has its completion status
    assert "FD_CompStatus_MA" in [one.rule for one in made.rules]


@pytest.mark.parametrize("wanted", ["ref2", " REF2 ", "2"])
def test_the_learner_who_is_wanted_is_drawn(wanted: str) -> None:
    made = timeline(three_learners(), [], year=YEAR, on=ON, wanted=wanted)
    assert made is not None
    assert made.which == (2, 3)


@pytest.mark.parametrize(
    ("wanted", "said"), [("Hidden9", "place from 1 to 3"), ("0", "place from 1"), ("3", "no aim")]
)
def test_a_learner_who_is_not_there_is_said_so_without_naming_them(wanted: str, said: str) -> None:
    with pytest.raises(InputError, match=said) as refused:
        timeline(three_learners(), [], year=YEAR, on=ON, wanted=wanted)
    assert "Hidden9" not in str(refused.value)


def three_learners() -> Message:
    learners = [
        {"LearnRefNumber": "REF1", "aims": [STUDY]},
        {"LearnRefNumber": "REF2", "aims": [WORK]},
        {"LearnRefNumber": "REF3"},
    ]
    checked, _ = message(
        {"message": {"learners": learners}}, load_specification(KNOWLEDGE / "ilr").for_year(YEAR)
    )
    return checked


def test_thirty_placements_are_all_drawn() -> None:
    made = shown(record(STUDY, {**WORK, "placements": [EARLY] * 30}))
    assert [bar.label for bar in made.bars if bar.kind == "placement"][-1] == "Placement 30"
    assert made.left_out == 0


def test_more_than_fit_are_counted_and_those_with_findings_are_kept() -> None:
    aims = [{**STUDY, "AimSeqNumber": n, "placements": []} for n in range(1, MAX_BARS + 16)]
    aims[36]["placements"] = [EARLY]
    checked = record(*aims)
    made = shown(checked, too_early(checked))
    assert len(made.bars) == MAX_BARS
    assert [bar.label for bar in made.bars[36:38]] == ["Aim 37 · 60149735", "Placement 1"]
    assert made.more == "16 more of the aims and placements are not drawn."


def test_the_first_learner_with_something_marked_is_shown_and_said() -> None:
    learners = [{"aims": [STUDY]}, {"aims": [{**WORK, "placements": [EARLY]}]}]
    checked, _ = message(
        {"message": {"learners": learners}}, load_specification(KNOWLEDGE / "ilr").for_year(YEAR)
    )
    flaw = Flaw(checked.learners[1].placements[0], "R_96", "Same day", "error")
    made = shown(checked, flaw)
    assert made.bars[0].label == "Aim 2 · ZWRKX001"
    assert "learner 2 of the 2 pasted" in made.about


def test_a_record_without_aims_has_no_timeline() -> None:
    assert timeline(record(), [], year=YEAR, on=ON) is None


def test_the_alt_text_says_what_the_picture_shows() -> None:
    checked = record({**WORK, "placements": [EARLY]})
    said = shown(checked, too_early(checked)).alt_text()
    assert said == (
        "Timeline of a learner's record in 2026-27, from 01/08/2026 to 31/07/2027: 1 aim, "
        "1 placement · checked as at 24/11/2026 · 1 error marked. "
        "The qualifying period runs from 12/10/2026 to 22/11/2026. "
        "Error WorkPlaceStartDate_02 (Placement starts before its aim) at placement 1 of aim 2 "
        "on 05/10/2026. "
        "Aim 2 ZWRKX001 (stand-alone aim, model 25): 12/10/2026 to 28/05/2027, ended 05/03/2027. "
        "Placement 1 (external, 60 hours): 05/10/2026 to 16/10/2026."
    )


def test_the_alt_text_of_a_long_record_ends_with_a_whole_sentence() -> None:
    made = shown(record(*[{**STUDY, "AimSeqNumber": n} for n in range(1, 25)]))
    assert len(made.alt_text()) <= 1_000
    assert made.alt_text().endswith("open. The report says the rest.")


def test_many_places_are_cut_to_fit() -> None:
    places = ["placement 1 of aim 2", "aim 3", "aim 4", "aim 5"]
    assert places_in_words(places) == "placement 1 of aim 2, aim 3, aim 4 and 1 more"
    assert places_in_words(places, 32) == "placement 1 of aim 2 and 3 more"
    assert places_in_words(places, 10) == "4 places"


def test_nothing_in_it_identifies_anybody() -> None:
    said = repr(shown(record({**WORK, "LearnAimRef": "Mr Hidden", "placements": [EARLY]})))
    for personal in ("SECRET1", "Hidden", "HIDDEN", "123456789"):
        assert personal not in said


# The picture


def drawn(made: Timeline, **more: Any) -> bytes:
    from bot.ilr.timeline_image import draw

    return draw(made, **more)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_is_a_png_small_enough_for_a_message(theme: Any) -> None:
    checked = record(STUDY, {**WORK, "placements": [EARLY]})
    picture = drawn(shown(checked, too_early(checked)), theme=theme)
    assert picture.startswith(b"\x89PNG")
    assert len(picture) < 150_000


@pytest.mark.parametrize("placements", [0, 1, 12, 60])
def test_a_slide_has_the_size_of_a_slide(placements: int) -> None:
    picture = drawn(shown(record({**WORK, "placements": [EARLY] * placements})), size="slide")
    wide, tall = (int.from_bytes(picture[at : at + 4]) for at in (16, 20))
    assert (wide, tall) == (1920, 1080)


def test_the_same_record_gives_the_same_picture() -> None:
    made = shown(record(STUDY))
    assert drawn(made) == drawn(made)


DAYS = st.none() | st.dates() | st.dates(date(2026, 7, 1), date(2027, 8, 31))


@st.composite
def aims(draw: st.DrawFn) -> dict[str, Any]:
    def day() -> str:
        return str(draw(DAYS) or "")

    return {
        "AimSeqNumber": draw(st.integers(0, 98)),
        "LearnAimRef": draw(st.sampled_from(["$x^{", "Z1"])),
        "LearnStartDate": day(), "LearnPlanEndDate": day(), "LearnActEndDate": day(),
        "placements": [
            {"WorkPlaceStartDate": day(), "WorkPlaceEndDate": day()}
            for _ in range(draw(st.integers(0, 2)))
        ],
    }  # fmt: skip


@given(found=st.lists(aims(), min_size=1, max_size=3), on=st.dates())
@settings(max_examples=10, deadline=None)
@pytest.mark.long
def test_any_dates_can_be_drawn_and_said(found: list[dict[str, Any]], on: date) -> None:
    checked = record(*found)
    flaws = [
        Flaw(entity, f"{name}_01", "Wrong", severity)
        for aim in checked.learners[0].aims
        for entity, name in [
            (aim, "LearnStartDate"), (aim, "LearnPlanEndDate"), (aim, "LearnActEndDate"),
            *[(p, "WorkPlaceStartDate") for p in aim.placements],
        ]
        for severity in ("error", "check", "warning")
    ]  # fmt: skip
    made = shown(checked, *flaws, on=on)
    assert len(made.alt_text()) <= 1_000
    assert drawn(made).startswith(b"\x89PNG")


def test_without_matplotlib_one_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from bot.ilr.timeline_image import draw

    real = builtins.__import__

    def without(name: str, *more: Any) -> Any:
        if name.startswith("matplotlib"):
            raise ImportError(name)
        return real(name, *more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(InputError, match="pip install matplotlib"):
        draw(shown(record(STUDY)))


def test_a_check_does_not_import_what_draws() -> None:
    code = "import sys, bot.helpdesk, bot.ilr.timeline_image; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# From the doors


PASTED = (
    "<LearningDelivery><LearnAimRef>ZWRKX001</LearnAimRef><AimSeqNumber>2</AimSeqNumber>"
    "<LearnStartDate>2026-10-12</LearnStartDate><LearnPlanEndDate>2027-05-28</LearnPlanEndDate>"
    "<LearningDeliveryWorkPlacement><WorkPlaceStartDate>2026-10-05</WorkPlaceStartDate>"
    "</LearningDeliveryWorkPlacement></LearningDelivery>"
)


def test_a_report_brings_its_timeline_but_not_in_the_json(helpdesk: Helpdesk) -> None:
    report = helpdesk.check(PASTED, YEAR)
    assert report.timeline is not None
    assert "placement 1 of aim 2 on 05/10/2026" in report.timeline.alt_text()
    assert "timeline" not in report.to_json()


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["ilr-helpdesk", *words])
    with pytest.raises(SystemExit) as stopped:
        main()
    return int(stopped.value.code or 0)


def test_check_writes_the_picture_and_says_it_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pasted, out = tmp_path / "pasted.xml", tmp_path / "dates.png"
    pasted.write_text(PASTED)
    run(monkeypatch, "check", str(pasted), "--year", "2026-27", "--timeline", str(out))
    assert out.read_bytes().startswith(b"\x89PNG")
    assert "WorkPlaceStartDate_02" in capsys.readouterr().err


def test_check_draws_the_learner_who_is_wanted_dark_and_for_a_slide(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pasted, out = tmp_path / "pasted.csv", tmp_path / "dates.png"
    pasted.write_text(
        "LearnRefNumber,LearnAimRef,AimSeqNumber,LearnStartDate,LearnPlanEndDate\n"
        "INV1,60149735,1,07/09/2026,25/06/2027\nINV2,60314540,1,07/09/2026,25/06/2027\n"
    )
    wanted = ("--timeline", str(out), "--learner", "INV2", "--dark", "--size", "slide")
    run(monkeypatch, "check", str(pasted), "--year", "2026-27", *wanted)
    assert "60314540" in (said := capsys.readouterr().err)
    assert "60149735" not in said
    assert out.read_bytes()[16:24] == (1920).to_bytes(4) + (1080).to_bytes(4)
    assert run(monkeypatch, "check", str(pasted), "--dark") == 2
    assert "--timeline" in capsys.readouterr().err


def test_check_refuses_another_kind_of_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pasted = tmp_path / "pasted.xml"
    pasted.write_text(PASTED)
    assert run(monkeypatch, "check", str(pasted), "--timeline", str(tmp_path / "dates.jpg")) == 2
    assert "ends in .png" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "rules"),
    [
        ("timeline-study-programme", ["R_96", "WorkPlaceStartDate_02"]),
        ("timeline-t-level", ["WorkPlaceStartDate_02"]),
    ],
)
def test_the_pictures_in_the_readme_show_what_a_check_finds(
    helpdesk: Helpdesk, name: str, rules: list[str]
) -> None:
    report = helpdesk.check(record_of(name), YEAR)
    assert report.timeline is not None
    assert [rule.rule for rule in report.timeline.rules] == rules
    assert report.timeline.elsewhere == 0
    assert f"docs/pictures/{name}.png" in README.read_text(encoding="utf-8")


def test_a_row_with_more_marks_than_room_says_how_many_more() -> None:
    aim = record({**STUDY, "LearnPlanEndDate": "2026-06-25", "LearnActEndDate": "2027-01-08"})
    entity = aim.learners[0].aims[0]
    flaws = [Flaw(entity, f"Some_{n:02}", "Wrong", "error") for n in range(MAX_UNDATED["aim"] + 3)]
    made = shown(aim, *flaws)
    assert drawn(made).startswith(b"\x89PNG")
    words = [part.words for row in Layout(made).key_rows for part in row]
    assert "ends before it starts" in words


def test_rules_without_a_letter_of_their_own_come_last() -> None:
    checked = record(STUDY)
    entity = checked.learners[0].aims[0]
    flaws = [Flaw(entity, f"Some_{n:02}", "Wrong", "error") for n in range(11)]
    letters = [mark.letter for mark in shown(checked, *flaws).bars[0].marks]
    assert letters == [*"ABCDEFGH", "+"]
