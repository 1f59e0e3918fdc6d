"""Mangled copies of a valid record: never a crash, and no field with another's value.

Every value of the record is made to be told apart, so that a value that lands in the wrong
field, or a part of a value that passes for a whole one, is seen.
"""

from __future__ import annotations

import html

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.errors import InputError
from bot.ilr.absent import ABSENT, CannotTell
from bot.ilr.build import build
from bot.ilr.readers import looks_like_record, read
from bot.ilr.record import Entity
from bot.ilr.specification import load_specification
from bot.yaml_files import shipped_knowledge
from bot.years import AcademicYear

YEAR = load_specification(shipped_knowledge() / "ilr").for_year(AcademicYear(2026))

RECORD = """\
<Message xmlns="ILR/2026-27">
  <Learner>
    <LearnRefNumber>K20481</LearnRefNumber>
    <ULN>4471203385</ULN>
    <FamilyName>Thornham</FamilyName>
    <GivenNames>Cerys</GivenNames>
    <DateOfBirth>2009-02-14</DateOfBirth>
    <PlanLearnHours>541</PlanLearnHours>
    <LearnerFAM>
      <LearnFAMType>LSR</LearnFAMType>
      <LearnFAMCode>55</LearnFAMCode>
    </LearnerFAM>
    <LearningDelivery>
      <LearnAimRef>60154967</LearnAimRef>
      <AimSeqNumber>1</AimSeqNumber>
      <LearnStartDate>2026-09-14</LearnStartDate>
      <LearnPlanEndDate>2027-07-16</LearnPlanEndDate>
    </LearningDelivery>
    <LearningDelivery>
      <LearnAimRef>ZWRKX001</LearnAimRef>
      <AimSeqNumber>2</AimSeqNumber>
      <LearnStartDate>2026-09-21</LearnStartDate>
      <LearnPlanEndDate>2027-07-09</LearnPlanEndDate>
      <LearningDeliveryFAM>
        <LearnDelFAMType>SOF</LearnDelFAMType>
        <LearnDelFAMCode>107</LearnDelFAMCode>
      </LearningDeliveryFAM>
      <LearningDeliveryWorkPlacement>
        <WorkPlaceStartDate>2026-10-05</WorkPlaceStartDate>
        <WorkPlaceEndDate>2026-10-16</WorkPlaceEndDate>
        <WorkPlaceHours>63</WorkPlaceHours>
        <WorkPlaceMode>2</WorkPlaceMode>
      </LearningDeliveryWorkPlacement>
    </LearningDelivery>
  </Learner>
</Message>
"""
LIST = """\
Aim 1
Aim ref: ZWRKX001
Aim seq no: 2
Start date: 21/09/2026
Planned end date: 09/07/2027
Placement 1
Start date: 05/10/2026
End date: 16/10/2026
Hours: 63
Mode: 2
"""
TABLE = """\
Learner Ref\tAim Ref\tAim Start Date\tPlacement Start Date\tPlacement Hours
K20481\tZWRKX001\t21/09/2026\t05/10/2026\t63
K20482\tZWRKX001\t22/09/2026\t19/10/2026\t71
"""


def values(text: str | bytes) -> set[tuple[str, str, str]]:
    """Entity, field and value of everything that a check would use; nothing when it was refused.

    Guesses are left out, since they are said to be some.
    """
    try:
        reading = read(text)
    except InputError:
        return set()
    guesses = {(item.name, item.text, item.line) for item in reading.guesses()}
    built = build(reading.message, YEAR, [])
    return {
        (entity.name, name, given.strip())
        for entity in (built.walk() if built else ())
        for name, given in entity.texts.items()
        if given.strip()
        and (name, given, entity.lines[name]) not in guesses
        and is_used(entity, name)
    }


def is_used(entity: Entity, name: str) -> bool:
    try:
        return bool(getattr(entity, name) is not ABSENT)
    except CannotTell:
        return False


WHOLE = values(RECORD)
PLACES = st.integers(0, len(RECORD))


def test_the_record_itself_is_read_whole() -> None:
    assert len(WHOLE) == 22


@settings(max_examples=300, deadline=None)
@given(PLACES, PLACES)
def test_a_piece_holds_values_of_the_record_and_no_others(one: int, other: int) -> None:
    piece = RECORD[min(one, other) : max(one, other)]
    assert values(piece) <= WHOLE


@settings(max_examples=150, deadline=None)
@given(
    PLACES, PLACES, st.sampled_from(["escaped", "one line", "quoted", "utf-16", "cp1252", "nbsp"])
)
def test_a_piece_in_another_dress(one: int, other: int, dress: str) -> None:
    piece = RECORD[min(one, other) : max(one, other)]
    dressed: str | bytes = piece
    if dress == "escaped":
        dressed = html.escape(piece, quote=False)
    elif dress == "one line":
        dressed = piece.replace("\n", "")
    elif dress == "quoted":
        dressed = "\n".join(f"> {line}" for line in piece.split("\n"))
    elif dress in {"utf-16", "cp1252"}:
        dressed = piece.encode(dress)
    elif dress == "nbsp":
        dressed = piece.replace("  ", "\u00a0 ")
    assert values(dressed) <= WHOLE


@settings(max_examples=150, deadline=None)
@given(PLACES, PLACES)
@example(RECORD.index("09-14"), RECORD.index("21</LearnStartDate>"))
@example(RECORD.index("63</Work"), RECORD.index("07</LearnDelFAMCode>"))
def test_two_pieces_after_each_other(one: int, other: int) -> None:
    assert values(f"{RECORD[:one]}\n\n{RECORD[other:]}") <= WHOLE


@settings(max_examples=150, deadline=None)
@given(st.sets(st.integers(0, RECORD.count("\n")), max_size=12))
def test_lines_left_out(missing: set[int]) -> None:
    kept = [line for at, line in enumerate(RECORD.split("\n")) if at not in missing]
    assert {(field, value) for _, field, value in values("\n".join(kept))} <= {
        (field, value) for _, field, value in WHOLE
    }


@settings(max_examples=100, deadline=None)
@given(st.sets(st.integers(0, LIST.count("\n")), max_size=5))
def test_a_list_with_lines_left_out_keeps_dates_and_numbers_apart(missing: set[int]) -> None:
    kept = "\n".join(line for at, line in enumerate(LIST.split("\n")) if at not in missing)
    whole = {value for _, _, value in values(LIST)} | {"2026-10-05", "2027-07-09"}
    if looks_like_record(kept):
        assert {value for _, _, value in values(kept)} <= whole


@settings(max_examples=100, deadline=None)
@given(st.integers(0, TABLE.count("\t") - 1))
def test_a_table_that_lost_a_separator_gives_no_field_anothers_value(at: int) -> None:
    places = [place for place, character in enumerate(TABLE) if character == "\t"]
    damaged = TABLE[: places[at]] + " " + TABLE[places[at] + 1 :]
    whole = {(field, value) for _, field, value in values(TABLE)}
    for field, value in {(f, v) for _, f, v in values(damaged)} - whole:
        # What is not of a field's form is left as it was typed, for the report to say.
        assert " " in value or field.endswith(("Date", "Hours", "Ref"))


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="<>/&;\"'=:,|\t\n {}[]-0123456789AZaelmnrt", max_size=200))
@example("<<<")
@example("</Learner>")
@example("<Learner/>")
@example("<![CDATA[")
@example("<!--<Learner>")
@example("{" * 100)
@example("|:0 | AFinAmount|")
def test_noise_never_crashes(text: str) -> None:
    values(text)
    looks_like_record(text)


_PIECES = st.sampled_from(
    "<Learner> </Learner> <LearningDelivery> </LearningDelivery> <LearnAimRef> </LearnAimRef> "
    "<PriorAttain> </PriorAttain> <PriorLevel> <Message> <Header> <x> </x> <x/> <!-- --> <?a ?> "
    "<![CDATA[ ]]> ZWRKX001 2026-09-01 &amp; &lt; < > / \n <WorkPlaceHours>30".split(" ")
)


@settings(max_examples=400, deadline=None)
@given(st.lists(_PIECES, max_size=30))
def test_tags_in_any_order_never_crash(pieces: list[str]) -> None:
    values("".join(pieces))
