"""What only one person sees: /ilr, the check, feedback, and the shortcuts."""

from __future__ import annotations

import pytest

from bot.slack.features import checking
from tests.slack.running_bot import LEARNER, Bot, bot, start, warm
from tests.support.slack_standin import Refuses, SlackStandIn

__all__ = ["bot", "start", "warm"]


def test_a_command_is_answered_to_its_asker_alone(slack: SlackStandIn, bot: Bot) -> None:
    amina, channel = slack.person(), slack.channel()
    amina.types("/ilr several placements, one aim or many?", channel)
    answer = slack.only_for(amina)
    assert "Record a single" in answer.words
    assert slack.posted_in(channel) == []
    assert slack.violations == []


def test_a_private_answer_can_be_shown_to_the_channel(slack: SlackStandIn, bot: Bot) -> None:
    amina, channel = slack.person(), slack.channel()
    amina.types("/ilr explain WorkPlaceStartDate_02", channel)
    private = slack.only_for(amina)
    amina.clicks("Show in channel", on=private)
    slack.wait_until(lambda: slack.posted_in(channel), what="the shared answer")
    slack.settle()
    (shown,) = slack.posted_in(channel)
    assert f"<@{amina.id}> asked me, and shares the answer:" in shown.words
    assert "WorkPlaceStartDate_02" in shown.words
    assert "Show in channel" not in shown.words


def test_showing_where_it_is_not_a_member_says_how_to_invite_it(
    slack: SlackStandIn, bot: Bot
) -> None:
    amina, channel = slack.person(), slack.channel(joined=False)
    amina.types("/ilr explain R_96", channel)
    amina.clicks("Show in channel", on=slack.only_for(amina))
    assert "/invite" in slack.only_for(amina, saying="I am not in that channel").words


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("/ilr", "/ilr explain WorkPlaceStartDate_02"),
        ("/ilr help", "/ilr forget me"),
        ("/ilr dates", "*R04 closes in 10 days, on Friday 4 December 2026.*"),
        ("/ilr topics", "Planned hours and bands"),
        ("/ilr explain R_96", "R_96"),
        ("/ilr explain nothing of the sort", "don't recognise that rule, field, code, return"),
        (
            "/ilr how are exam access arrangements booked with the board?",
            "I have no answer to that.",
        ),
        ("/ilr forget me", "Done. I deleted 0 of your questions"),
    ],
)
def test_the_command_has_words_of_its_own(
    slack: SlackStandIn, bot: Bot, typed: str, said: str
) -> None:
    amina = slack.person()
    amina.types(typed, slack.channel())
    assert said in slack.only_for(amina).words
    assert slack.violations == []


def test_forget_me_deletes_what_was_asked(slack: SlackStandIn, bot: Bot) -> None:
    amina = slack.person()
    amina.types("/ilr what is R_96?", slack.channel())
    slack.only_for(amina)
    slack.settle()
    amina.types("/ilr forget me", slack.channel())
    assert "I deleted 1 of your questions" in slack.only_for(amina, saying="Done").words


def test_the_check_shows_its_result_in_the_form(slack: SlackStandIn, bot: Bot) -> None:
    amina, channel = slack.person(), slack.channel()
    amina.types("/ilr check", channel)
    form = slack.modal_for(amina)
    assert "up to 3,000 characters" in form.words
    amina.submits(form, record=LEARNER)
    report = slack.modal_for(amina, saying="WorkPlaceStartDate_02")
    assert "Learner 0fm90rk3" in report.words
    assert "LearnStartDate = 2026-09-10" in report.words
    amina.clicks("ilr_why_0", on=report)
    assert "Severity" in slack.modal_for(amina, saying="Severity").words
    slack.settle()
    assert slack.posted_in(channel) == []
    assert slack.violations == []


def test_what_a_form_did_not_check_is_a_click_away(slack: SlackStandIn, bot: Bot) -> None:
    amina = slack.person()
    amina.runs_shortcut("ilr_check")
    amina.submits(slack.modal_for(amina), record=LEARNER)
    report = slack.modal_for(amina, saying="Not checked here:")
    assert "needs LARS" not in report.words
    amina.clicks("Why not?", on=report)
    assert "• needs LARS: " in slack.modal_for(amina, saying="needs LARS").words
    assert slack.violations == []


def test_the_check_takes_a_file_and_a_year(slack: SlackStandIn, bot: Bot) -> None:
    amina = slack.person()
    amina.runs_shortcut("ilr_check")
    record = amina.has_file("learner.xml", LEARNER)
    amina.submits(slack.modal_for(amina), files=[record], year="2025-26")
    assert "year 2025-26" in slack.modal_for(amina, saying="year 2025-26").words


def test_a_result_whose_form_was_closed_comes_as_a_message(
    slack: SlackStandIn, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "SECONDS_TO_CHECK", 0)
    monkeypatch.setattr(checking, "SECONDS_TO_ACKNOWLEDGE", 0.1)
    amina = slack.person()
    amina.runs_shortcut("ilr_check")
    record = amina.has_file("learner.xml", LEARNER)
    slack.next_calls("views.update", Refuses("not_found"))
    amina.submits(slack.modal_for(amina), files=[record])
    assert "WorkPlaceStartDate_02" in slack.direct_to(amina).words


def test_an_empty_check_says_what_to_do(slack: SlackStandIn, bot: Bot) -> None:
    amina = slack.person()
    amina.runs_shortcut("ilr_check")
    ack = amina.submits(slack.modal_for(amina)).acknowledged()
    assert ack.body["errors"] == {"paste": "Paste a record here, or add a file below."}


@pytest.mark.parametrize(
    "given", ["not a record", "<Learner><ULN>", "<!DOCTYPE x><Learner/>", "<Learner></Learner>"]
)
def test_what_cannot_be_checked_is_said_in_one_sentence(
    slack: SlackStandIn, bot: Bot, given: str
) -> None:
    amina = slack.person()
    amina.runs_shortcut("ilr_check")
    amina.submits(slack.modal_for(amina), record=given)
    slack.wait_until(lambda: slack.modal_for(amina).title == "What the check found")
    assert "Traceback" not in slack.modal_for(amina).words
    assert slack.violations == []


def test_a_report_is_shared_without_learner_or_values(slack: SlackStandIn, bot: Bot) -> None:
    amina, channel = slack.person(), slack.channel()
    amina.runs_shortcut("ilr_check")
    amina.submits(slack.modal_for(amina), record=LEARNER)
    report = slack.modal_for(amina, saying="WorkPlaceStartDate_02")
    assert "0fm90rk3" not in report.content["private_metadata"]
    amina.clicks("Share without values", on=report)
    amina.submits(slack.modal_for(amina, saying="This is all"), channel=channel.id)
    slack.wait_for("chat.postMessage")
    (shared,) = slack.posted_in(channel)
    assert "*WorkPlaceStartDate_02* (1)" in shared.words
    assert "0fm90rk3" not in shared.words
    assert "2026-09-10" not in shared.words


def many(count: int) -> str:
    """A file of learners whose placements all start before their aims."""
    return f"<Message xmlns='ILR/2026-27'>{LEARNER * count}</Message>"


def test_a_long_report_ends_with_counts_and_every_finding_as_a_file(
    slack: SlackStandIn, bot: Bot
) -> None:
    asked = slack.person().shares_file("return.xml", many(40))
    report = slack.reply_to(asked)
    assert "• 40 × *WorkPlaceStartDate_02* (error)" in report.words
    assert "more, in the CSV file below." in report.words
    slack.wait_for("files.completeUploadExternal")
    (upload,) = slack.calls("files.completeUploadExternal")
    assert upload.args["channel_id"] == asked.channel
    assert upload.args["thread_ts"] == asked.ts
    assert slack.violations == []


def test_a_snippet_in_a_direct_message_is_checked(slack: SlackStandIn, bot: Bot) -> None:
    asked = slack.person().shares_file("untitled", LEARNER)
    assert "WorkPlaceStartDate_02" in slack.reply_to(asked).words


@pytest.mark.parametrize("text", ["", "can you check this one for me please?"])
def test_a_file_in_a_channel_is_not_opened(slack: SlackStandIn, bot: Bot, text: str) -> None:
    amina, channel = slack.person(), slack.channel()
    amina.shares_file("l.xml", LEARNER, text=f"<@{slack.bot_user}> {text}", channel=channel)
    assert "may contain a learner record" in slack.only_for(amina).words
    slack.settle()
    assert slack.calls("download") == []
    assert slack.posted_in(channel) == []


# -- what goes with a report


def test_the_picture_of_the_dates_is_in_the_form_with_the_report(
    slack: SlackStandIn, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "SECONDS_TO_ACKNOWLEDGE", 0.1)
    amina = slack.person()
    amina.runs_shortcut("ilr_check")
    amina.submits(slack.modal_for(amina), record=LEARNER)
    slack.wait_for("views.update", timeout=30)
    shown = slack.modal_for(amina, saying="WorkPlaceStartDate_02")
    (image,) = [block for block in shown.blocks if block["type"] == "image"]
    assert shown.blocks.index(image) == 2  # below the conclusion
    drawn = slack.world.files[image["slack_file"]["id"]]
    assert drawn.content.startswith(b"\x89PNG")
    assert drawn.shared_in == []
    assert image["alt_text"].startswith("Timeline of a learner's record in 2026-27")
    assert "0fm90rk3" not in image["alt_text"]
    assert slack.violations == []


@pytest.mark.parametrize("goes_on", [False, True], ids=["closed", "next check"])
def test_the_picture_goes_with_the_form(
    slack: SlackStandIn, bot: Bot, monkeypatch: pytest.MonkeyPatch, goes_on: bool
) -> None:
    monkeypatch.setattr(checking, "SECONDS_TO_ACKNOWLEDGE", 0.1)
    amina = slack.person()
    amina.runs_shortcut("ilr_check")
    amina.submits(slack.modal_for(amina), record=LEARNER)
    slack.wait_for("views.update", timeout=30)
    slack.settle()
    shown = slack.modal_for(amina)
    assert [file.name for file in slack.world.files.values()] == ["dates.png"]
    if goes_on:
        amina.submits(shown).acknowledged()
        assert slack.modal_for(amina, saying="Paste a record")
    else:
        closing = amina.closes(shown)
        assert closing is not None
        closing.acknowledged()
    slack.wait_for("files.delete")
    slack.wait_until(lambda: not slack.world.files, what="the picture to go")


def test_a_picture_that_the_form_cannot_show_comes_as_a_message(
    slack: SlackStandIn, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "SECONDS_TO_ACKNOWLEDGE", 0.1)
    slack.next_calls("views.update", Refuses("invalid_blocks"))
    amina = slack.person()
    amina.runs_shortcut("ilr_check")
    amina.submits(slack.modal_for(amina), record=LEARNER)
    assert "The dates of the record" in slack.direct_to(amina).words
    slack.wait_until(lambda: sent_names(slack).count("dates.png") == 2, what="the picture")
    assert "WorkPlaceStartDate_02" in slack.modal_for(amina).words


def test_a_closed_form_is_not_followed_by_a_picture(
    slack: SlackStandIn, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "SECONDS_TO_ACKNOWLEDGE", 0.1)
    slack.next_calls("views.update", Refuses("not_found"))
    amina = slack.person()
    amina.runs_shortcut("ilr_check")
    amina.submits(slack.modal_for(amina), record=LEARNER)
    slack.wait_for("views.update", timeout=30)
    slack.settle()
    assert slack.posted_in(amina.direct) == []


def test_the_picture_is_below_a_report_in_messages(slack: SlackStandIn, bot: Bot) -> None:
    asked = slack.person().writes(LEARNER.replace("<", "&lt;"))
    slack.reply_to(asked)
    slack.wait_until(lambda: "dates.png" in sent_names(slack), 30, "the picture")
    (drawn,) = slack.calls("files.getUploadURLExternal")
    assert drawn.args["alt_txt"].startswith("Timeline of a learner's record")
    (upload,) = slack.wait_for("files.completeUploadExternal")
    assert (upload.args["channel_id"], upload.args["thread_ts"]) == (asked.channel, asked.ts)


def test_a_lone_bar_is_not_worth_a_picture(slack: SlackStandIn, bot: Bot) -> None:
    aim = (
        "<LearningDelivery><LearnAimRef>ZWRKX001</LearnAimRef>"
        "<LearnStartDate>2026-09-10</LearnStartDate></LearningDelivery>"
    )
    slack.reply_to(slack.person().writes(aim.replace("<", "&lt;")))
    slack.settle()
    assert sent_names(slack) == []


def sent_names(slack: SlackStandIn) -> list[str]:
    """The names of the files that it gave to Slack."""
    return [call.args["filename"] for call in slack.calls("files.getUploadURLExternal")]


def given(slack: SlackStandIn, name: str) -> str:
    """The content of a file that it gave to Slack."""
    stored = slack.wait_until(
        lambda: next((f for f in slack.world.files.values() if f.name == name and f.content), None),
        20,
        name,
    )
    return stored.content.decode()


@pytest.mark.parametrize("as_file", [True, False], ids=["a file", "text"])
def test_a_copy_with_invented_people_is_a_click_away(
    slack: SlackStandIn, bot: Bot, as_file: bool
) -> None:
    amina = slack.person()
    record = LEARNER.replace("9999999999", "9990001112")
    if as_file:
        asked = amina.shares_file("learner.xml", record, mode="hosted")
    else:
        asked = amina.writes(record.replace("<", "&lt;").replace(">", "&gt;"))
    amina.clicks("Copy with invented people", on=slack.reply_to(asked))
    copy = given(slack, "invented.xml")
    assert "<WorkPlaceStartDate>2026-09-01</WorkPlaceStartDate>" in copy
    for personal in ("9990001112", "Imogen", "1 Made-up Road", "2009-05-04", "0fm90rk3"):
        assert personal not in copy
    slack.settle()
    assert "Look it over before you share it." in str(slack.calls("files.completeUploadExternal"))
    assert slack.violations == []


def test_a_copy_of_a_message_that_is_gone_says_so(slack: SlackStandIn, bot: Bot) -> None:
    amina = slack.person()
    asked = amina.writes(LEARNER.replace("<", "&lt;"))
    report = slack.reply_to(asked)
    asked.deleted = True
    amina.clicks("Copy with invented people", on=report)
    assert "no longer see the message" in slack.only_for(amina).words


def test_the_form_gives_a_copy_when_it_is_ticked(slack: SlackStandIn, bot: Bot) -> None:
    amina = slack.person()
    amina.runs_shortcut("ilr_check")
    amina.submits(slack.modal_for(amina), record=LEARNER, copy=["copy"])
    assert "Imogen" not in given(slack, "invented.xml")
    assert "The copy you asked for" in slack.direct_to(amina, saying="copy").words


def test_a_report_in_messages_is_shared_without_values(slack: SlackStandIn, bot: Bot) -> None:
    amina, channel = slack.person(), slack.channel()
    asked = amina.writes(LEARNER.replace("<", "&lt;"))
    amina.clicks("Share without values", on=slack.reply_to(asked))
    form = slack.modal_for(amina, saying="This is all that is shared")
    assert "*WorkPlaceStartDate_02* (1)" in form.words
    amina.submits(form, channel=channel.id)
    (shared,) = slack.wait_until(lambda: slack.posted_in(channel), what="the shared rules")
    assert "*WorkPlaceStartDate_02* (1)" in shared.words
    for value in ("0fm90rk3", "2026-09-10"):
        assert value not in shared.words


def test_sharing_where_it_is_not_a_member_says_how_to_invite_it(
    slack: SlackStandIn, bot: Bot
) -> None:
    amina, channel = slack.person(), slack.channel(joined=False)
    asked = amina.writes(LEARNER.replace("<", "&lt;"))
    amina.clicks("Share without values", on=slack.reply_to(asked))
    ack = amina.submits(slack.modal_for(amina), channel=channel.id).acknowledged()
    assert "Invite me" in ack.body["errors"]["share"]


def test_a_long_private_report_sends_its_file_too(slack: SlackStandIn, bot: Bot) -> None:
    amina, ben, channel = slack.person(), slack.person(), slack.channel()
    posted = ben.shares_file("return.xml", many(40), channel=channel, mode="hosted")
    amina.runs_shortcut("ilr_check_message", on=posted)
    assert "more, in the CSV file in our direct messages." in slack.only_for(amina).words
    assert given(slack, "ilr-check-2026-27.csv").count("WorkPlaceStartDate_02") == 40
    assert slack.posted_in(channel) == []


def test_solved_is_kept_and_thanked(slack: SlackStandIn, bot: Bot) -> None:
    amina = slack.person()
    answer = slack.reply_to(amina.mentions("what is R_96?", slack.channel()))
    amina.clicks("That solved it", on=answer)
    slack.wait_until(lambda: "✓ That solved it." in answer.words or None, what="a tick")
    assert said_of_answers(bot) == [("solved", None)]


def test_not_quite_asks_why(slack: SlackStandIn, bot: Bot) -> None:
    amina = slack.person()
    answer = slack.reply_to(amina.mentions("what is R_96?", slack.channel()))
    amina.clicks("Not quite", on=answer)
    form = slack.modal_for(amina)
    amina.submits(form, why="It is out of date", note="ask amina@college.example, it changed")
    assert "A curator will look at it" in slack.only_for(amina).words
    assert said_of_answers(bot) == [("out-of-date", "ask [email], it changed")]
    assert slack.violations == []


def said_of_answers(bot: Bot) -> list[tuple[str, str | None]]:
    """Feedback as the ledger holds it."""
    with bot.ledger._db.read() as connection:
        rows = connection.exec_driver_sql("select kind, note from feedback").all()
    return [(row.kind, row.note) for row in rows]


def test_a_colleagues_message_is_answered_to_whoever_wants_to_know(
    slack: SlackStandIn, bot: Bot
) -> None:
    amina, ben, channel = slack.person(), slack.person(), slack.channel()
    question = ben.says("learner never went out on work experience, remove the ZWRKX001?", channel)
    amina.runs_shortcut("ilr_answer_message", on=question)
    assert "Show in channel" in slack.only_for(amina).words
    assert slack.replies_to(question) == []


def test_a_record_in_a_colleagues_message_is_checked_privately(
    slack: SlackStandIn, bot: Bot
) -> None:
    amina, ben, channel = slack.person(), slack.person(), slack.channel()
    posted = ben.says(LEARNER.replace("<", "&lt;").replace(">", "&gt;"), channel)
    amina.runs_shortcut("ilr_check_message", on=posted)
    assert "WorkPlaceStartDate_02" in slack.only_for(amina).words
    assert slack.posted_in(channel) == []


def test_a_suggestion_is_checked_for_personal_details(slack: SlackStandIn, bot: Bot) -> None:
    amina, ben, channel = slack.person(), slack.person(), slack.channel()
    told = ben.says("The office says so, I was told on Friday.", channel)
    amina.runs_shortcut("ilr_suggest", on=told)
    form = slack.modal_for(amina)
    assert "Similar answers exist" not in form.words
    fields = {"question": "When are planned hours locked?", "owner": "mis-team"}
    ack = amina.submits(form, {**fields, "answer": "Ask jo@college.example"}).acknowledged()
    assert "personal details" in ack.body["errors"]["answer"]
    amina.submits(form, {**fields, "answer": "They lock six weeks after the start."})
    again = slack.modal_for(amina, saying="When are planned hours locked")
    amina.submits(again, {**fields, "answer": "They lock six weeks after the start."})
    assert slack.modal_for(amina, saying="A curator will look at it")
    assert [one.practice_owner for one in bot.ledger.suggestions()] == ["mis-team"]


def test_another_year_replaces_the_answer(slack: SlackStandIn, bot: Bot) -> None:
    amina = slack.person()
    asked = amina.mentions("can we do substitute activities this year?", slack.channel())
    answer = slack.reply_to(asked)
    amina.clicks("In 2020-21", on=answer)
    slack.wait_for("chat.update")
    (now,) = slack.replies_to(asked)
    assert "2020-21 only" in now.words
    assert "It does not hold now" in now.words
    assert slack.violations == []


def test_the_home_tab_asks_and_shows_the_next_return(slack: SlackStandIn, bot: Bot) -> None:
    amina = slack.person()
    amina.opens_home()
    home = slack.home_of(amina)
    assert "R04 closes in 10 days" in home.words
    amina.gives("what is R_96?", to="ilr_home_ask", on=home)
    assert "You asked: what is R_96?" in slack.direct_to(amina).words
    assert "That solved it" in slack.direct_to(amina, saying="That solved it").words
    assert slack.violations == []


def test_the_home_tab_shows_somebodys_own_questions_and_their_state(
    slack: SlackStandIn, bot: Bot
) -> None:
    amina, ben = slack.person(), slack.person()
    answer = slack.reply_to(amina.writes("what is R_96?"))
    amina.clicks("That solved it", on=answer)
    slack.reply_to(amina.writes("how are exam access arrangements booked with the board?"))
    slack.settle()
    amina.opens_home()
    home = slack.home_of(amina, saying="Your recent questions")
    assert "how are exam access arrangements booked with the board?\n_" in home.words
    assert ": I had no answer_" in home.words
    assert ": you said it was solved_" in home.words
    amina.clicks("ilr_related_recent_1", on=home)
    slack.wait_until(
        lambda: [m for m in slack.posted_in(amina.direct) if not m.thread_ts] or None,
        what="the answer again",
    )
    slack.settle()
    amina.opens_home()
    slack.settle()
    assert slack.home_of(amina).words.count("R_96") == 1  # looking again is no new question
    ben.opens_home()
    assert "Your recent questions" not in slack.home_of(ben).words
    assert slack.violations == []


def test_opening_the_chat_suggests_what_the_season_asks(slack: SlackStandIn, bot: Bot) -> None:
    slack.person().opens_messages()
    (call,) = slack.wait_for("assistant.threads.setSuggestedPrompts")
    assert "Next return" in [prompt["title"] for prompt in call.args["prompts"]]


def test_a_link_to_a_rule_page_shows_our_card(slack: SlackStandIn, bot: Bot) -> None:
    base = "https://guidance.submit-learner-data.service.gov.uk/26-27/validation-rules/rule"
    slack.person().shares_link(f"{base}/R_96", slack.channel())
    (call,) = slack.wait_for("chat.unfurl")
    assert "R_96" in str(call.args["unfurls"])


def test_a_workflow_step_answers(slack: SlackStandIn, bot: Bot) -> None:
    slack.run_step("ilr_answer", question="several placements, one aim or many?")
    (call,) = slack.wait_for("functions.completeSuccess")
    assert call.args["outputs"]["answer"].startswith("One. Record a single")
    assert call.args["outputs"]["outcome"] == "answer"
