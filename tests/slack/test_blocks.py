"""Messages and views as Slack takes them, whatever is in them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answers import Answer, Choice, SourceLine
from bot.checking.finding_report import FindingReport
from bot.helpdesk import Helpdesk
from bot.rules.catalogue import Severity
from bot.slack.blocks import modals, notices
from bot.slack.blocks.answer import AnswerContext
from bot.slack.blocks.handover import triage_post
from bot.slack.blocks.home import home_view, prompts
from bot.slack.blocks.parts import section
from bot.slack.blocks.post import MAX_BLOCKS, MAX_VIEW_BLOCKS, Post, fit_view
from bot.slack.blocks.reply import MAX_VISIBLE, reply
from bot.slack.blocks.report import (
    is_long,
    report_csv,
    report_post,
    shared_rules,
    summary_post,
)
from bot.slack.blocks.suggestion import Draft, suggest_form
from bot.slack.blocks.text import bold, clip, escape, first_sentence, link, mrkdwn, plain, unslack
from bot.slack.payloads import (
    EntryPayload,
    HandoverPayload,
    SeeAlsoPayload,
    SharedRules,
    WrongAnswerPayload,
)
from bot.years import AcademicYear, YearRange
from tests.slack.running_bot import LEARNER
from tests.support.slack_limits import check_message, check_view, elements, visible_text

YEAR = AcademicYear(2026)
CONTEXT = AnswerContext(title_of=lambda entry: entry, year=YEAR, questions=(7,), people=True)
ANSWER = Answer(
    question="do we keep one aim?",
    year=YEAR,
    outcome="answer",
    entry="one-aim",
    title="Does one aim do?",
    text="Yes. Keep `ZWRKX001` open.\n\n- First this.\n- Then that.\n\nIn 2019-20 it was closed.",
    lead="Yes. Keep `ZWRKX001` open.",
    lines=("First this.", "Then that."),
    detail="In 2019-20 it was closed.",
    years=YearRange(AcademicYear(2017)),
    sources=(SourceLine("The specification", "https://example.org/a?b=1&c=2", "2026-27"),),
    reviewed=date(2026, 11, 23),
    owner="mis-team",
    status_in_words="official guidance",
)


def problems(post: Post) -> list[str]:
    fitted = post.fitted()
    return [str(found) for found in check_message({"text": fitted.text, "blocks": fitted.blocks})]


def words(post: Post) -> str:
    return visible_text(post.fitted().blocks)


def test_an_answer_leads_with_its_verdict_and_ends_with_buttons() -> None:
    shown = words(reply(ANSWER, CONTEXT)).split("\n")
    assert shown[0] == "*Yes.* Keep `ZWRKX001` open."
    assert "• Then that." in shown
    assert (
        "Holds for 2017-18 onwards · official guidance · reviewed 23/11/2026 by mis-team" in shown
    )
    assert shown[-4:] == ["That solved it", "Not quite", "Ask a person", "More"]


def test_the_detail_is_shown_when_it_is_opened() -> None:
    first, opened = reply(ANSWER, CONTEXT), reply(ANSWER, CONTEXT, opened=True)
    assert ANSWER.detail not in words(first) + first.text
    assert ANSWER.detail in words(opened)
    assert ANSWER.detail in opened.text
    assert words(opened).endswith("Less")
    plain_answer = replace(ANSWER, detail="")
    assert "More" not in words(reply(plain_answer, CONTEXT))


def test_the_small_print_is_one_element_and_says_for_whom() -> None:
    many = tuple(SourceLine(f"Page {n}", f"https://example.org/{n}", "") for n in range(5))
    answer = replace(ANSWER, provision="T Levels", sources=many)
    (small,) = [block for block in reply(answer, CONTEXT).blocks if block["type"] == "context"]
    (element,) = small["elements"]
    standing, sources, question = element["text"].split("\n")
    assert standing.startswith("For T Levels · Holds for 2017-18 onwards · official guidance")
    assert sources.startswith("Sources: <https://example.org/0|Page 0> · ")
    assert sources.endswith("|Page 2> and 2 more")
    assert question == "In answer to: Does one aim do?"
    assert "Page 4" in words(reply(answer, CONTEXT, opened=True))


def test_notes_stand_above_what_is_not_for_this_year() -> None:
    closed = "2023-24 is closed: nothing can be changed in its ILR data any more."
    past = replace(ANSWER, year=YEAR - 3, notes=(closed, "It does not hold now."))
    assert words(reply(past, CONTEXT)).startswith(f"_{closed}_\n_It does not hold now._\n*Yes.*")
    late = replace(ANSWER, notes=("This answer was due for review by 01/08/2026.",))
    assert words(reply(late, CONTEXT)).startswith("*Yes.*")
    assert "due for review" in words(reply(late, CONTEXT))


def test_five_lines_at_first_with_the_codes_below_them() -> None:
    lines = ("Where.", "Codes:", "- `1` Yes", "- `2` No", "Three.", "Four.", "Five.", "Six.")
    shown = words(reply(replace(ANSWER, lines=lines), CONTEXT))
    assert "• Codes:\n    ◦ `1` Yes\n    ◦ `2` No\n• Three." in shown
    assert "• Five." in shown
    assert "Six." not in shown
    assert "• Six." in words(reply(replace(ANSWER, lines=lines), CONTEXT, opened=True))


def test_related_questions_and_years_are_one_menu() -> None:
    long = "How many hours of work experience may be planned for a second year student in all?"
    context = replace(CONTEXT, title_of=lambda _: long)
    answer = replace(ANSWER, related=("hours",), other_years=(YEAR - 6,))
    row = reply(answer, context).blocks[-1]
    assert [one["type"] for one in row["elements"]] == ["button"] * 4 + ["static_select"]
    related, years = row["elements"][-1]["option_groups"]
    (option,) = related["options"]
    assert f"{option['text']['text']} {option['description']['text']}" == long
    assert EntryPayload.read(option["value"]) == EntryPayload(entry="hours", year=YEAR)
    assert SeeAlsoPayload.read(years["options"][0]["value"]).in_place
    assert problems(reply(answer, context)) == []


LIKELY = replace(
    ANSWER,
    outcome="likely",
    choices=(
        Choice("one-aim", "Does one aim do?", 0.5, "Yes."),
        Choice("close-aim", "When is the aim closed?", 0.3, "At the end."),
    ),
)


def test_a_likely_answer_says_so_and_what_else_may_be_meant() -> None:
    post = reply(LIKELY, CONTEXT)
    shown = words(post).split("\n")
    assert shown[:3] == [
        "_Most likely this:_", "*Does one aim do?*", "*Yes.* Keep `ZWRKX001` open."
    ]  # fmt: skip
    place = shown.index("*Or did you mean*")
    assert shown[place + 1 : place + 4] == ["When is the aim closed?", "This one", "That solved it"]
    assert words(post).count("Does one aim do?") == 1
    assert post.text.startswith("Most likely this: Yes. Keep ZWRKX001 open.")
    assert problems(post) == []


def test_choices_say_what_tells_them_apart() -> None:
    choices = (
        Choice("a", "Which hours?", 0.6, "PlanEEPHours."),
        Choice("b", "Whose?", 0.5, "Theirs."),
    )
    answer = Answer("hours", YEAR, "choices", choices=choices)
    shown = words(reply(answer, CONTEXT))
    assert "*Which hours?*\nPlanEEPHours." in shown
    assert "That solved it" not in shown


def test_one_question_back_has_its_replies_on_the_buttons() -> None:
    choices = (
        Choice("a", "Hours in Covid?", 0.6, "They stood.", "2020-21", AcademicYear(2020)),
        Choice("b", "Hours now?", 0.5, "They may.", "2022-23 or later"),
    )
    answer = Answer("hours", YEAR, "choices", ask="Which academic year?", choices=choices)
    post = reply(answer, CONTEXT)
    assert "*Which academic year?*" in words(post)
    assert "not sure" not in words(post)
    assert post.text == "Which academic year? 1. 2020-21 2. 2022-23 or later"
    buttons = [block["accessory"] for block in post.blocks if "accessory" in block]
    assert [button["text"]["text"] for button in buttons] == ["2020-21", "2022-23 or later"]
    assert [json.loads(button["value"])["year"] for button in buttons] == ["2020-21", str(YEAR)]
    assert problems(post) == []


def test_without_an_answer_two_lines_a_note_and_a_person() -> None:
    note = "We hold nothing on this for <adults>; what we hold is for T Levels."
    answer = Answer("hours?", YEAR, "none", near=(("hours", "Planned hours"),), notes=(note,))
    post = reply(answer, CONTEXT)
    assert words(post).split("\n") == [
        "*I have no answer to that.*",
        "Try different wording, or name the rule, field or code, or ask a person.",
        escape(note),
        "Ask a person",
    ]
    assert escape(note) in post.text
    assert problems(post) == []
    alone = reply(replace(answer, notes=()), replace(CONTEXT, people=False))
    assert words(alone).count("\n") == 1


def test_one_row_of_feedback_for_several_questions() -> None:
    several = ANSWER.with_more((replace(ANSWER, question="and <@U1>?"), replace(ANSWER)))
    post = reply(several, CONTEXT)
    assert words(post).count("That solved it") == 1
    assert "and &lt;@U1&gt;?" in words(post)
    assert problems(post) == []


def test_two_answers_to_one_question_quote_it_once() -> None:
    twice = words(reply(ANSWER.with_more((replace(ANSWER),)), CONTEXT))
    assert twice.count("_You asked:_") == 1


@pytest.mark.parametrize("size", [1, 40, 400, 4_000])
@pytest.mark.long
def test_every_answer_fits(size: int) -> None:
    long = "A <b> & *c* `d` sentence. " * size
    answer = replace(
        ANSWER,
        text=long,
        lead=long,
        lines=(long,) * 3,
        detail=long,
        title=long,
        unverified=long,
        notes=(long,) * 5,
        clarify=(long,) * 5,
        sources=ANSWER.sources * 40,
        related=("x" * 80,) * 9,
        other_years=tuple(AcademicYear(year) for year in range(2010, 2026)),
    )
    for one in (answer, answer.with_more((answer,) * 4), replace(answer, entry="rule:R_96")):
        for opened in (False, True):
            assert problems(reply(one, CONTEXT, opened=opened)) == []


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=6_000))
def test_any_text_fits_and_tags_nobody(text: str) -> None:
    answer = replace(
        ANSWER, text=text, lead=text, lines=(text,), question=text, title=text, notes=(text,)
    )
    post = reply(replace(answer, entry="rule:R_96"), CONTEXT)
    assert problems(post) == []
    shown = words(post)
    assert "<!" not in shown
    assert "<@" not in shown


def test_a_message_or_view_of_too_many_blocks_is_cut_and_says_so() -> None:
    blocks = [section(f"Line {number}.") for number in range(130)]
    fitted = Post("many", blocks).fitted()
    assert problems(fitted) == []
    assert len(fitted.blocks) == MAX_BLOCKS
    view = fit_view({"type": "home", "blocks": blocks})
    assert len(view["blocks"]) == MAX_VIEW_BLOCKS
    for shown in (fitted.blocks, view["blocks"]):
        assert "Shortened" in visible_text(shown)
        assert visible_text(shown).endswith("Line 129.")


@pytest.mark.long
def test_every_shipped_entry_fits_in_every_year(helpdesk: Helpdesk) -> None:
    context = replace(CONTEXT, title_of=lambda e: helpdesk.knowledge.entries[e].question)
    for entry in helpdesk.knowledge.entries.values():
        for answer in entry.answers:
            found = helpdesk.entry(entry.id, answer.years.start)
            then = entry.answers[0].years.start
            for one in (found, helpdesk.entry(entry.id, answer.years.start, then=then)):
                assert problems(reply(one, context)) == [], entry.id
                assert problems(reply(one, context, opened=True)) == [], entry.id


@pytest.mark.long
def test_at_most_a_thousand_characters_are_seen_at_first(helpdesk: Helpdesk) -> None:
    """Of every entry as it is asked for now, and of every rule, field, code, word and date."""
    context = replace(CONTEXT, title_of=helpdesk.title_of)
    entries = [helpdesk.entry(entry) for entry in helpdesk.knowledge.entries]
    terms = [helpdesk.explain(term) for term in sorted(helpdesk.known_terms())]
    explained = [found for found in terms if found.outcome == "answer"]
    for answers, median_at_most in ((entries, 950), (explained, 700)):
        seen = {one.entry: seen_at_first(one, context) for one in answers}
        assert max(seen.values()) <= MAX_VISIBLE, max(seen, key=lambda entry: seen[entry])
        assert median(seen.values()) <= median_at_most
    whole = [one for one in entries if _lines_seen(one, context) == len(one.lines)]
    assert len(whole) >= 0.9 * len(entries), "the lines to act on are what is shown"


def _lines_seen(answer: Answer, context: AnswerContext) -> int:
    return words(reply(answer, context)).count("• ") + words(reply(answer, context)).count("◦ ")


def seen_at_first(answer: Answer, context: AnswerContext) -> int:
    """Characters in view before anything is opened: links by their titles, menus closed."""
    blocks = json.loads(json.dumps(reply(answer, context).fitted().blocks))
    for element, _ in elements(blocks):
        element.pop("options", None)
        element.pop("option_groups", None)
    return len(unslack(visible_text(blocks)).replace("\n", ""))


def test_every_rule_and_field_fits(helpdesk: Helpdesk) -> None:
    for term in sorted(helpdesk.known_terms())[::7]:
        found = helpdesk.explain(term)
        if found.outcome == "answer":
            assert problems(reply(found, CONTEXT)) == [], term
            assert problems(reply(found, CONTEXT, opened=True)) == [], term


# -- reports


def test_a_report_groups_by_learner_and_aim_worst_first(helpdesk: Helpdesk) -> None:
    report = helpdesk.check(LEARNER)
    shown = words(report_post(report))
    assert shown.startswith(f"*{report.conclusion}*")
    assert shown.index("*Learner 0fm90rk3* · learner details") < shown.index("· aim 2, ZWRKX001")
    assert "Not checked here" in shown
    assert problems(report_post(report)) == []


AIM = """<LearningDelivery><LearnAimRef>ZWRKX001</LearnAimRef><AimType>4</AimType>
<AimSeqNumber>{seq}</AimSeqNumber><LearnStartDate>2026-10-12</LearnStartDate>
<LearnPlanEndDate>2027-07-16</LearnPlanEndDate><FundModel>25</FundModel>
<CompStatus>1</CompStatus>{placements}</LearningDelivery>"""
PLACEMENT = """<LearningDeliveryWorkPlacement><WorkPlaceStartDate>{start}</WorkPlaceStartDate>
<WorkPlaceHours>30</WorkPlaceHours><WorkPlaceMode>2</WorkPlaceMode>
</LearningDeliveryWorkPlacement>"""


def test_findings_are_under_their_aim_and_placement(helpdesk: Helpdesk) -> None:
    late, early = (PLACEMENT.format(start=day) for day in ("2026-10-13", "2026-10-05"))
    report = helpdesk.check(AIM.format(seq=3, placements=late + early))
    shown = words(report_post(report))
    head = "*Aim 3, ZWRKX001 · placement 2*\n"
    assert head in shown
    assert shown.index(head) < shown.index("*Error: WorkPlaceStartDate_02*")
    assert "placement 1*" not in shown
    assert "*What would fix it:* For these dates to agree, the aim would have to start" in shown


def as_grave(finding: FindingReport, severity: Severity) -> FindingReport:
    """The finding, of another severity."""
    gravity = ([Severity.ERROR, Severity.CHECK, Severity.WARNING].index(severity), False)
    key = f"{finding.rule} {severity}"
    return finding._replace(
        words=finding.words._replace(severity=severity, gravity=gravity, key=key)
    )


def test_the_place_with_the_worst_finding_comes_first(helpdesk: Helpdesk) -> None:
    report = helpdesk.check(LEARNER)
    (learner,) = report.learners
    one = next(f for f in learner.findings if f.placement)
    mild = as_grave(one, Severity.WARNING)
    mild = mild._replace(place=one.place._replace(aim_seq=1, placement=None))
    grave = as_grave(one, Severity.ERROR)
    grave = grave._replace(place=one.place._replace(aim_seq=9, placement=None))
    shown = words(
        report_post(replace(report, learners=(learner._replace(findings=(mild, grave)),)))
    )
    assert shown.index("aim 9") < shown.index("aim 1")


def test_what_was_not_checked_and_what_was_read_are_folded(helpdesk: Helpdesk) -> None:
    post = report_post(helpdesk.check(LEARNER.replace("9999999999", "9990001112")))
    folds = [block for block in post.blocks if block["type"] == "container"]
    assert [fold["title"]["text"].split(":")[0] for fold in folds] == [
        "Not checked here",
        "What I read",
    ]
    assert all(fold["default_collapsed"] for fold in folds)
    read = visible_text(folds[1])
    assert "LearnStartDate = 2026-09-10" in read
    assert "ULN = [ULN]" in read
    for personal in ("9990001112", "Imogen", "2009-05-04", "ZZ99 9ZZ", "Made-up Road"):
        assert personal not in read


def test_in_a_form_the_folds_are_what_slack_shortens_itself(helpdesk: Helpdesk) -> None:
    blocks = report_post(helpdesk.check(LEARNER), surface="modal").blocks
    (read,) = [one for one in blocks if visible_text(one).startswith("*What I read*")]
    assert read["type"] == "section"
    assert "expand" not in read


def test_guesses_are_marked_in_what_was_read(helpdesk: Helpdesk) -> None:
    post = report_post(helpdesk.check("Aim ref: ZWRKX001\nStart date: 03/04/2027\nHours: 30"))
    assert "a guess:" in words(post)


def test_a_report_never_says_valid(helpdesk: Helpdesk) -> None:
    for record in (
        LEARNER,
        "<LearningDelivery><LearnAimRef>ZWRKX001</LearnAimRef></LearningDelivery>",
    ):
        assert "valid" not in words(report_post(helpdesk.check(record))).lower()


def test_a_long_report_keeps_to_the_limits_and_to_a_file(helpdesk: Helpdesk) -> None:
    report = helpdesk.check(f"<Message xmlns='ILR/2026-27'>{LEARNER * 60}</Message>")
    assert is_long(report)
    post = report_post(report)
    assert problems(post) == []
    assert "• 60 × *WorkPlaceStartDate_02* (error): Placement starts before its aim" in words(post)
    assert "more, in the CSV file." in words(post)
    rows = report_csv(report).splitlines()
    assert len(rows) == 1 + len(report.findings)
    assert rows[0].startswith("\ufeffError\\Warning,Learner Ref,")


def test_a_pasted_violation_report_is_explained_rule_by_rule(helpdesk: Helpdesk) -> None:
    rows = [f"E,l{n},{rule}" for n in range(40) for rule in ("R_96", "WorkPlaceStartDate_02")]
    pasted = "\n".join(["Error\\Warning,Learner Ref,Rule Name", *rows])
    post = report_post(helpdesk.check(pasted))
    assert words(post).count("*Error: WorkPlaceStartDate_02*") == 1
    assert "(40 learners)" in words(post)
    assert "Why?" in words(post)
    assert problems(post) == []


def test_a_value_is_never_a_formula_or_markup(helpdesk: Helpdesk) -> None:
    record = LEARNER.replace("0fm90rk3", "=1+1").replace(">30<", ">*3`0<")
    report = helpdesk.check(record)
    assert ",=1+1," not in report_csv(report)
    assert "'=1+1" in report_csv(report)
    assert problems(report_post(report)) == []


def test_a_shared_report_holds_no_learner_and_no_value(helpdesk: Helpdesk) -> None:
    report = helpdesk.check(LEARNER)
    data = shared_rules(report)
    assert "0fm90rk3" not in str(data)
    shown = words(summary_post("U1", data, helpdesk.knowledge.catalogue.rows))
    assert "*WorkPlaceStartDate_02* (1)" in shown
    assert "2026-09" not in shown


def test_severities_have_words(helpdesk: Helpdesk) -> None:
    report = helpdesk.check(LEARNER)
    first = report.learners[0].findings[0]
    for severity, word in ((Severity.WARNING, "Warning:"), (Severity.CHECK, "Please check:")):
        learner = report.learners[0]._replace(findings=(as_grave(first, severity),))
        assert word in words(report_post(replace(report, learners=(learner,))))


# -- forms, Home, notices


def test_views_fit(helpdesk: Helpdesk) -> None:
    report = helpdesk.check(f"<Message xmlns='ILR/2026-27'>{LEARNER * 60}</Message>")
    topics = [(topic.id, topic.title) for topic in helpdesk.knowledge.topics.values()]
    views = [
        modals.check_modal([YEAR, YEAR - 1]),
        modals.busy_modal(),
        modals.report_modal(report_post(report, surface="modal").blocks, shared_rules(report)),
        modals.report_modal(report_post(report, surface="modal").blocks, SharedRules()),
        modals.share_modal(
            shared_rules(report),
            summary_post("U1", shared_rules(report), helpdesk.knowledge.catalogue.rows).blocks,
        ),
        modals.not_quite_modal(WrongAnswerPayload(entry="x" * 80, question_text="y" * 300)),
        suggest_form(
            Draft("q" * 500, "a" * 9_000, "w\n" * 900, "2026-27", "s" * 400, "o" * 90),
            [("e" * 80, "<b>" * 90)] * 9,
            topics,
        ),
        modals.explain_modal(ANSWER, [("T" * 300, ANSWER)], CONTEXT),
        home_view(topics, None, date(2026, 11, 24)),
    ]
    for view in views:
        assert [str(found) for found in check_view(fit_view(view))] == []


def test_the_form_says_the_limit_before_it_is_met() -> None:
    assert "up to 3,000 characters" in visible_text(modals.check_modal([YEAR]))


def test_notices_fit(helpdesk: Helpdesk) -> None:
    topics = [(topic.id, topic.title) for topic in helpdesk.knowledge.topics.values()]
    many = [(f"t{n}" * 20, "A topic " * 20) for n in range(150)]
    about = HandoverPayload(
        handover=1,
        channel="C1",
        thread="1.1",
        asker="U1",
        question_text="q " * 500,
        year=YEAR,
        link="https://example.org/a",
    )
    for post in (
        notices.help_post(),
        notices.topics_post(topics, 600),
        notices.topics_post(many, 600),
        notices.topic_post(
            "Hours", [(f"{n:03}" + "e" * 77, "Q?" * 60) for n in range(200)], YEAR, many
        ),
        notices.topic_post("Empty", [], YEAR, topics),
        notices.record_in_channel(),
        notices.error_post("abc123"),
        triage_post(about, tried="<b>", tag="<!subteam^S1>"),
    ):
        assert problems(post) == []


@pytest.mark.parametrize(
    ("month", "title"),
    [(9, "Planned hours"), (2, "Placement date errors"), (7, "Evidence to keep")],
)
def test_prompts_follow_the_season(month: int, title: str) -> None:
    found = prompts(date(2026, month, 3))
    assert title in [prompt["title"] for prompt in found]
    assert len(found) <= 4


# -- text


def test_what_is_typed_comes_out_as_words() -> None:
    typed = (
        "<@U012AB3CD> see <#C012AB3CD|mis>, <https://example.org/a|this> &amp; &lt;ULN&gt; <!here>"
    )
    assert unslack(typed) == "see #mis, this & <ULN>"
    assert unslack("<Learner><ULN>1</ULN></Learner>") == "<Learner><ULN>1</ULN></Learner>"


@pytest.mark.parametrize("piece", ["<!a^", "<!a|", "<@U1|", "<#C1|", "<https://a|", "<mailto:a"])
def test_what_is_typed_is_read_once_from_end_to_end(piece: str) -> None:
    """What looks back and forth takes minutes over this, and seconds over a message."""
    assert unslack(piece * 100_000) == piece * 100_000


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("No. Never do that. It breaks.", "No. Never do that."),
        ("Do this first, e.g. here", "Do this first, e.g."),
        ("One line\nand more.", "One line"),
        ("", ""),
    ],
)
def test_the_lead_is_a_sentence_that_says_something(text: str, lead: str) -> None:
    assert first_sentence(text)[0] == lead


def test_text_is_cut_between_characters_that_belong_together() -> None:
    assert clip(escape("a & b & c"), 8) == "a &amp;…"
    assert clip("see `WorkPlaceMode` now", 12) == "see…"
    assert clip("short", 12) == "short"


def test_markup_is_slacks() -> None:
    assert mrkdwn("- one\n  - two *b* & `c`") == "• one\n  • two *b* &amp; `c`"
    assert plain("*Bold* and `code`, 2 * 3") == "Bold and code, 2 * 3"
    assert bold("a*b`c`") == "*abc*"
    assert link("javascript:alert(1)", "a|b<") == "a¦b&lt;"
    assert link("https://example.org/?a=1&b=2", "page") == "<https://example.org/?a=1&amp;b=2|page>"
