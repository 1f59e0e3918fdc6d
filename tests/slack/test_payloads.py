"""What buttons and forms carry: typed, versioned, and readable for as long as messages stay."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.answers import Answer, Choice
from bot.curation_queue import BusyWeek, CurationQueue
from bot.ledger.values import (
    Feedback,
    Flag,
    Gap,
    Handover,
    HandoverState,
    Outcomes,
    Phrasing,
    Recent,
    Result,
    Review,
    Suggestion,
)
from bot.slack.blocks import curation, modals, notices
from bot.slack.blocks.answer import AnswerContext
from bot.slack.blocks.handover import triage_post
from bot.slack.blocks.home import home_view
from bot.slack.blocks.parts import action_id, action_pattern, button
from bot.slack.blocks.post import Block
from bot.slack.blocks.reply import reply
from bot.slack.blocks.report import report_post
from bot.slack.listeners.actions import ACTIONS
from bot.slack.payloads import (
    AnswerPayload,
    CheckForm,
    CopyPayload,
    EntryPayload,
    FeedbackForm,
    GapPayload,
    HandoverPayload,
    ImagesPayload,
    NoPayload,
    Payload,
    PhrasingPayload,
    ReasonsPayload,
    RulePayload,
    SharedRules,
    SlackFile,
    SuggestionOrigin,
    SuggestionPayload,
    SuggestPayload,
    TopicPayload,
    WeekPayload,
    WrongAnswerPayload,
    first_payload,
)
from bot.years import AcademicYear
from tests.slack.running_bot import LEARNER, Bot, Start, bot, start, warm
from tests.support.slack_limits import elements
from tests.support.slack_standin import SlackStandIn

__all__ = ["bot", "start", "warm"]

YEAR = AcademicYear(2026)

OLD: list[tuple[str, str, Payload]] = [
    (
        "a choice, or another year",
        '{"e":"one-aim","y":"2026-27","q":[7]}',
        AnswerPayload(entry="one-aim", year=YEAR, questions=(7,)),
    ),
    (
        "what can be done with an answer",
        '{"e":"rule:R_96","y":"2026-27","q":[7,8],"t":"what is R_96?"}',
        AnswerPayload(
            entry="rule:R_96", year=YEAR, questions=(7, 8), question_text="what is R_96?"
        ),
    ),
    (
        "asking a person when there was no answer",
        '{"e":null,"y":"2026-27","q":[],"t":"who won?"}',
        AnswerPayload(year=YEAR, question_text="who won?"),
    ),
    (
        "a related entry",
        '{"e":"one-aim","y":"2026-27"}',
        EntryPayload(entry="one-aim", year=YEAR),
    ),
    ("a recent question without a year", '{"e":"one-aim","y":""}', EntryPayload(entry="one-aim")),
    ("an offer", '{"e":"one-aim"}', EntryPayload(entry="one-aim")),
    ("a topic", '{"t":"evidence"}', TopicPayload(topic="evidence")),
    (
        "a question for a person",
        '{"h":3,"c":"C1","th":"1.1","u":"U1","t":"who won?","y":"2026-27","o":["a","b"],'
        '"l":"https://example.org/a"}',
        HandoverPayload(
            handover=3,
            channel="C1",
            thread="1.1",
            asker="U1",
            question_text="who won?",
            year=YEAR,
            offered=("a", "b"),
            link="https://example.org/a",
        ),
    ),
    (
        "a question for a person that was not kept",
        '{"h":null,"c":"D1","th":"1.1","u":"U1","t":"who won?","y":null,"o":[],"l":null}',
        HandoverPayload(channel="D1", thread="1.1", asker="U1", question_text="who won?"),
    ),
    ("a question for a person, on the Home tab", '{"h":3}', HandoverPayload(handover=3)),
    (
        "a gap to write an answer to",
        '{"t":"who signs?","y":"2026-27","q":[7],"w":["who signs it?"]}',
        SuggestPayload(question_text="who signs?", questions=(7,), wordings=("who signs it?",)),
    ),
    (
        "a triage thread to write an answer from",
        '{"h":3,"c":"C1","th":"1.1","u":"U1","t":"who won?","y":null,"o":[],"l":null}',
        SuggestPayload(question_text="who won?", handover=3),
    ),
    ("a gap to close", '{"q":[7,8,9]}', GapPayload(questions=(7, 8, 9))),
    ("a draft to decide on", '{"s":4,"v":2}', SuggestionPayload(suggestion=4, revision=2)),
    ("a wording to decide on", '{"p":5}', PhrasingPayload(phrasing=5)),
    ("a busy week", '{"w":"2026-11-02"}', WeekPayload(week="2026-11-02")),
    (
        "rules to share",
        '{"y":"2026-27","n":2,"rules":{"R_96":3}}',
        SharedRules(year=YEAR, learners=2, rules={"R_96": 3}),
    ),
    (
        "a report's form with its pictures",
        '{"y":"2026-27","n":2,"rules":{"R_96":3},"p":["F1","F2"]}',
        SharedRules(year=YEAR, learners=2, rules={"R_96": 3}, images=("F1", "F2")),
    ),
    ("a form with a picture", '{"p":["F1"]}', ImagesPayload(images=("F1",))),
    ("a copy of a file", '{"ts":"1.1","f":"F1"}', CopyPayload(message_ts="1.1", file_id="F1")),
    ("a copy of text", '{"ts":"1.1"}', CopyPayload(message_ts="1.1")),
    ("a rule to explain", '{"r":"R_96","y":"2026-27"}', RulePayload(rule="R_96", year=YEAR)),
    ("why rules were not run", '{"n":["one","two"]}', ReasonsPayload(reasons=("one", "two"))),
    (
        "what was wrong with an answer",
        '{"e":"one-aim","y":"2026-27","q":[7],"t":"one aim?","r":"https://x","c":"C1","th":"1.1"}',
        WrongAnswerPayload(
            entry="one-aim",
            year=YEAR,
            questions=(7,),
            question_text="one aim?",
            response_url="https://x",
            channel="C1",
            thread="1.1",
        ),
    ),
    (
        "the form for a new answer",
        '{"q":7,"h":3,"n":["a"]}',
        SuggestionOrigin(question=7, handover=3, shown=("a",)),
    ),
    (
        "the form that edits one",
        '{"s":4,"v":2,"n":[]}',
        SuggestionOrigin(suggestion=4, revision=2),
    ),
]


@pytest.mark.parametrize(("text", "read"), [one[1:] for one in OLD], ids=[one[0] for one in OLD])
def test_what_old_buttons_and_forms_carry_is_still_read(text: str, read: Payload) -> None:
    assert type(read).read(text) == read


@pytest.mark.parametrize("payload", [one[2] for one in OLD], ids=[one[0] for one in OLD])
def test_what_is_written_has_names_and_a_version_and_comes_back(payload: Payload) -> None:
    written = json.loads(payload.to_json())
    assert written["version"] == 2
    assert [key for key in written if len(key) < 3] == []
    assert type(payload).read(payload.to_json()) == payload


@pytest.mark.parametrize(
    "text", [None, 7, "", "x", "[1]", "null", '{"version":2,"entry":7}', '{"q":"seven"}']
)
def test_what_is_not_ours_reads_as_nothing(text: object) -> None:
    assert AnswerPayload.read(text) == AnswerPayload()
    assert NoPayload.read(text) == NoPayload()


def test_every_old_key_is_of_a_field() -> None:
    for kind in payload_kinds(Payload):
        assert set(kind.OLD_KEYS.values()) <= set(kind.model_fields), kind
        assert all(len(name) > 2 for name in kind.model_fields), kind


def payload_kinds(kind: type[Payload]) -> Iterator[type[Payload]]:
    yield kind
    for below in kind.__subclasses__():
        yield from payload_kinds(below)


def test_a_later_version_is_read_as_far_as_it_is_known() -> None:
    text = '{"version":3,"entry":"one-aim","colour":"blue"}'
    assert EntryPayload.read(text) == EntryPayload(entry="one-aim")


# -- buttons of old messages, clicked


def test_an_old_choice_still_answers(slack: SlackStandIn, bot: Bot) -> None:
    amina = slack.person()
    asked = amina.mentions("what is R_96?", slack.channel())
    old = slack.reply_to(asked)
    old.blocks = [clickable("This one", "ilr_choice_1_2", {"e": "rule:R_96", "y": "2026-27"})]
    amina.clicks("This one", on=old)
    assert "R_96" in slack.reply_to(asked, number=2).words


@pytest.mark.parametrize("old_id", ["ilr_related_d1", "ilr_related_t11", "ilr_related_h0"])
def test_an_old_related_entry_is_still_shown(slack: SlackStandIn, bot: Bot, old_id: str) -> None:
    amina = slack.person()
    asked = amina.mentions("what is R_96?", slack.channel())
    old = slack.reply_to(asked)
    old.blocks = [clickable("Read it", old_id, {"e": "one-aim-many-placements"})]
    amina.clicks("Read it", on=old)
    assert "Record a single" in slack.reply_to(asked, number=2).words


def test_an_old_triage_post_still_works(slack: SlackStandIn, start: Start) -> None:
    triage = slack.channel("ilr-triage")
    start(triage_channel=triage.id)
    amina, ben = slack.person(), slack.person()
    question = "who signs the placement risk assessment?"
    asked = amina.mentions(question, slack.channel())
    amina.clicks("Ask a person", on=slack.reply_to(asked))
    slack.reply_to(asked, saying="passed this on")
    slack.settle()
    (post,) = slack.posted_in(triage)
    value = first_payload(post.to_json(), HandoverPayload)
    old = {"h": value.handover, "c": value.channel, "th": value.thread, "u": amina.id,
           "t": question, "y": "2026-27", "o": [], "l": value.link}  # fmt: skip
    post.blocks = [clickable("I'll take it", "ilr_take", old)]
    ben.clicks("I'll take it", on=post)
    slack.reply_to(asked, saying=f"<@{ben.id}> has taken")
    slack.settle()
    ben.says(f"<@{amina.id}> The placement team does.", triage, thread=post)
    slack.reply_to(asked, saying="placement team does")
    assert f"Asked by <@{amina.id}> for 2026-27" in post.words
    assert first_payload(post.to_json(), HandoverPayload) == value


def test_old_feedback_is_still_recorded(slack: SlackStandIn, bot: Bot) -> None:
    amina = slack.person()
    old = slack.reply_to(amina.mentions("what is R_96?", slack.channel()))
    value = {"e": "rule:R_96", "y": "2026-27", "q": [1], "t": "what is R_96?"}
    old.blocks = [clickable("That solved it", "ilr_solved", value)]
    amina.clicks("That solved it", on=old)
    slack.only_for(amina, saying="Thank you")
    with bot.ledger._db.read() as connection:
        assert connection.exec_driver_sql("select kind from feedback").scalar() == "solved"


def clickable(text: str, action: str, value: dict[str, Any]) -> Block:
    """A row with a button as it was written before."""
    pressed = button(text, action) | {"value": json.dumps(value, separators=(",", ":"))}
    return {"type": "actions", "block_id": "old", "elements": [pressed]}


# -- ids


@pytest.mark.parametrize("place", [0, 1, 10, 11, 111])
def test_a_place_never_runs_into_another_number(place: int) -> None:
    ids = {
        action_id("ilr_related", n, group) for group in ("", "flag", "review") for n in range(112)
    }
    assert len(ids) == 3 * 112
    assert action_pattern("ilr_related").match(action_id("ilr_related", place, "flag"))
    assert not action_pattern("ilr_topic").match(action_id("ilr_topics", place))


@pytest.mark.parametrize("action", ACTIONS)
def test_ids_of_old_messages_still_find_their_listener(action: str) -> None:
    for old in (action, f"{action}_0", f"{action}_11", f"{action}_1_2", f"{action}_d10"):
        assert [name for name in ACTIONS if action_pattern(name).match(old)] == [action]


ELEVEN = range(11)
NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


def eleven_of_everything() -> CurationQueue:
    """A queue with eleven of whatever may wait."""
    handovers = [
        Handover(n, None, "q", None, HandoverState.OPEN, NOW, *(None,) * 8) for n in ELEVEN
    ]
    suggestions = [
        Suggestion(
            n, Review.DRAFT, 1, f"e{n}", "q?", "a.", (), None, "2026-27", None, None, None,
            "mis-team", None, None, NOW, None, None, None,
        )
        for n in ELEVEN
    ]  # fmt: skip
    return CurationQueue(
        days=7,
        outcomes=Outcomes(),
        handovers=handovers,
        drafts=suggestions,
        phrasings=[Phrasing(n, "e", "q?", Review.DRAFT, None, NOW, None) for n in ELEVEN],
        gaps=[Gap("q?", 1, 1, (n,), (), NOW, NOW, (), (), 1, 0) for n in ELEVEN],
        flags=[Flag(f"e{n}", 1, 0, 0, ()) for n in ELEVEN],
        unpublished=suggestions,
        to_review=[(f"e{n}", date(2026, 12, 1)) for n in ELEVEN],
        busy_returns=[BusyWeek("R03", date(2026, 11, n + 1), 9, 1.0) for n in ELEVEN],
        unused=[f"e{n}" for n in ELEVEN],
        unused_since=date(2026, 9, 1),
    )


def ids_of(blocks: list[Block]) -> list[str]:
    return [element["action_id"] for element, _ in elements(blocks)]


def test_eleven_of_everything_have_ids_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(curation, "_MAX_SHOWN", 11)
    recent = [
        Recent("q?", NOW, Result.ANSWERED, f"e{n}", "2026-27", Feedback.SOLVED, None)
        for n in ELEVEN
    ]
    home = home_view([(f"t{n}", "T") for n in ELEVEN], None, date(2026, 11, 24), recent)
    ids = ids_of([*home["blocks"], *curation.queue_blocks(eleven_of_everything(), str)])
    for action in ("ilr_related", "ilr_reject", "ilr_take", "ilr_close_gap"):
        assert len([one for one in ids if action_pattern(action).match(one)]) >= 11, action
    assert len(set(ids)) == len(ids)


def test_eleven_answers_in_a_message_have_ids_of_their_own() -> None:
    choices = tuple(Choice(f"e{n}", f"Q{n}?", 0.5) for n in ELEVEN)
    offered = Answer("hours?", YEAR, "choices", choices=choices)
    related = Answer(
        "one?", YEAR, "answer", entry="one-aim", title="One?", text="Yes.",
        related=tuple(f"e{n}" for n in ELEVEN), other_years=(AcademicYear(2020),),
    )  # fmt: skip
    near = Answer("x?", YEAR, "none", near=tuple((f"t{n}", "T") for n in ELEVEN))
    every = offered.with_more((related, near, *(replace(offered) for _ in ELEVEN)))
    context = AnswerContext(title_of=str, questions=(1,), people=True)
    ids = ids_of(reply(every, context).blocks)
    assert {"ilr_choice_1", "ilr_choice_10", "ilr_choice_1_part_11"} <= set(ids)
    assert len(set(ids)) == len(ids)


# -- every button that is posted


def test_every_button_and_form_carries_a_version(bot: Bot) -> None:
    report = bot.app.helpdesk.check(LEARNER)
    answer = bot.app.helpdesk.ask("what is R_96?")
    context = AnswerContext(title_of=str, questions=(1,), private=True, people=True)
    about = AnswerPayload(entry="one-aim")
    copy = CopyPayload(message_ts="1.1")
    blocks = [
        *reply(answer, context).blocks,
        *report_post(report, copy_of=copy).blocks,
        *report_post(report, surface="modal").blocks,
        *triage_post(HandoverPayload(handover=1, question_text="q?"), tried="").blocks,
        *curation.queue_blocks(eleven_of_everything(), str),
        *notices.offer("one-aim", "One?").blocks,
    ]
    values = [element.get("value") for element, _ in elements(blocks) if element.get("value")]
    values += [
        modals.report_modal([], SharedRules(rules={"R_96": 1}))["private_metadata"],
        modals.not_quite_modal(WrongAnswerPayload.of(dict(about)))["private_metadata"],
    ]
    assert len(values) > 40
    assert {json.loads(value)["version"] for value in values} == {2}
    assert max(map(len, values)) <= 2_000


# -- forms


def state(**values: object) -> dict[str, Any]:
    """A view with something filled in: block_action_key=value."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        block, action, key = name.split("__")
        found.setdefault(block, {}).setdefault(action, {})[key] = value
    return {"state": {"values": found}}


def test_the_form_of_a_check_is_read() -> None:
    form = CheckForm.from_view(
        state(
            paste__record__value="Aim ref: ZWRKX001",
            file__files__files=[{"id": "F1", "name": "l.xml", "size": 3}, "x"],
            year__year__selected_option={"value": "2026-27"},
            copy__copy__selected_options=[{"value": "copy"}],
        )
    )
    file = SlackFile(id="F1", name="l.xml", size=3)
    assert form.given == ["Aim ref: ZWRKX001", file]
    assert (form.year, form.copy_wanted) == (YEAR, True)
    assert "ZWRKX001" not in repr(form)


@pytest.mark.parametrize(
    "view", [{}, {"state": 7}, state(paste__record__value=7), state(file__files__files="x")]
)
def test_a_form_of_any_shape_is_read_as_empty(view: dict[str, Any]) -> None:
    assert CheckForm.from_view(view).given == []
    assert FeedbackForm.from_view(view) == FeedbackForm()


def test_the_year_of_the_record_is_the_default() -> None:
    chosen = state(year__year__selected_option={"value": modals.ANY_YEAR})
    assert CheckForm.from_view(chosen).year is None


def test_the_form_of_feedback_is_read() -> None:
    view = state(why__why__selected_option={"value": "wrong"}, note__note__value="new rule")
    assert FeedbackForm.from_view(view) == FeedbackForm(kind=Feedback.WRONG, note="new rule")


def test_the_address_of_a_file_is_never_printed() -> None:
    file = SlackFile.of({"id": "F1", "url_private": "https://files.slack.com/secret"})
    assert file.url == "https://files.slack.com/secret"
    assert "secret" not in repr(file)
