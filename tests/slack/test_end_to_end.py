"""The real process against the Slack stand-in, in both modes: what staff would see.

One process a mode serves most tests; those that stop, kill or double it start their own.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, update

from bot.helpdesk import Helpdesk
from bot.knowledge.base import KnowledgeBase
from bot.ledger.tables import events
from tests.conftest import CACHE, TODAY
from tests.support.app_process import AppProcess, Mode
from tests.support.slack_limits import elements
from tests.support.slack_standin import RateLimited, ServerError, SlackStandIn, TimesOut
from tests.support.slack_world import Message

pytestmark = pytest.mark.long

QUESTION = "Does a learner with several placements need one ZWRKX001 aim or one for each?"
ANSWER = "put a separate Work Placement record under it"
ULN = "9990001112"
AIM = """\
<LearningDelivery>
  <LearnAimRef>ZWRKX001</LearnAimRef>
  <AimType>4</AimType>
  <AimSeqNumber>3</AimSeqNumber>
  <LearnStartDate>2026-10-12</LearnStartDate>
  <LearnPlanEndDate>2027-07-16</LearnPlanEndDate>
  <FundModel>25</FundModel>
  <DelLocPostCode>ZZ99 9ZZ</DelLocPostCode>
  <CompStatus>1</CompStatus>
  <LearningDeliveryWorkPlacement>
    <WorkPlaceStartDate>2026-10-05</WorkPlaceStartDate>
    <WorkPlaceHours>30</WorkPlaceHours>
    <WorkPlaceMode>2</WorkPlaceMode>
  </LearningDeliveryWorkPlacement>
</LearningDelivery>
"""
LEARNER = f"""\
<Learner>
  <LearnRefNumber>INVENTED1</LearnRefNumber>
  <ULN>{ULN}</ULN>
  <FamilyName>Notareal</FamilyName>
  {AIM}
</Learner>
"""
BROKEN_RULE = "WorkPlaceStartDate_02"
TALK = "did anyone bring biscuits today lol?"


@pytest.fixture(scope="module", params=["socket", "http"])
def app(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[AppProcess]:
    with SlackStandIn() as slack:
        triage = slack.channel("mis-triage")
        folder = tmp_path_factory.mktemp(request.param)
        settings = {"ILR_TRIAGE_CHANNEL": triage.id}
        with AppProcess.started(slack, folder, request.param, **settings) as app:
            yield app


@pytest.fixture
def slack(app: AppProcess) -> Iterator[SlackStandIn]:
    """The stand-in that the shared process talks to. Whatever a test did, every message kept
    Slack's limits, and everything was acknowledged."""
    app.slack.forget()
    yield app.slack
    app.slack.no_more_faults()
    app.slack.settle(quiet=0.05)
    assert app.slack.violations == []
    for delivery in app.slack.deliveries:
        delivery.acknowledged()


@pytest.fixture(scope="module")
def ambiguous() -> str:
    """A question that the core alone, as it runs here, answers with choices."""
    helpdesk = Helpdesk(KnowledgeBase.load(), today=lambda: TODAY, cache=CACHE)
    tries = ("placement dates", "placement hours", "planned hours", "aim", "employer", "placement")
    answers = ((text, helpdesk.ask(text)) for text in tries)
    return next(text for text, a in answers if a.outcome == "choices" and not a.ask)


def kinds(message: Message) -> set[str]:
    return {block["type"] for block in message.blocks}


class TestQuestions:
    def test_a_mention_is_answered_in_its_thread(self, slack: SlackStandIn) -> None:
        asked = slack.person().mentions(QUESTION, slack.channel("mis-team"))
        reply = slack.reply_to(asked)
        assert ANSWER in reply.words
        assert "Holds for" in reply.words
        assert "reviewed" in reply.words
        assert "Source" in reply.words
        assert {"section", "context", "actions"} <= kinds(reply)
        assert reply.text, "screen readers and notifications need words"
        # The mention also came as a message event, with an id of its own.
        slack.settle()
        assert slack.replies_to(asked) == [reply]

    def test_a_direct_message_is_answered_in_its_thread(self, slack: SlackStandIn) -> None:
        asked = slack.person().writes("when is R04?")
        assert "R04" in slack.reply_to(asked).words

    def test_a_follow_up_in_the_thread_needs_no_mention(self, slack: SlackStandIn) -> None:
        amina, channel = slack.person(), slack.channel()
        asked = amina.mentions("What is R_96?", channel)
        slack.reply_to(asked)
        more = amina.says("What does WorkPlaceStartDate_02 mean?", channel, thread=asked)
        assert BROKEN_RULE in slack.reply_to(more, number=2).words

    def test_choices_are_buttons_that_work(self, slack: SlackStandIn, ambiguous: str) -> None:
        bryn = slack.person()
        asked = bryn.mentions(ambiguous, slack.channel())
        offered = slack.reply_to(asked, saying="not sure which")
        assert 2 <= offered.words.count("This one") <= 3
        bryn.clicks("This one", on=offered).acknowledged()
        assert "Source" in slack.reply_to(asked, number=2).words

    def test_what_is_not_known_offers_a_person(self, slack: SlackStandIn) -> None:
        asked = slack.person().writes("Who signs the placement risk assessment?")
        reply = slack.reply_to(asked)
        assert "no answer to that" in reply.words
        assert reply.words.endswith("Ask a person")

    def test_off_topic_gets_one_line(self, slack: SlackStandIn) -> None:
        asked = slack.person().writes("Who won the match?")
        assert "isn't about the ILR" in slack.reply_to(asked).words

    def test_nobody_is_tagged_by_what_somebody_wrote(self, slack: SlackStandIn) -> None:
        asked = slack.person().mentions("<!channel> <@U0000001> what is R_96?", slack.channel())
        assert "R_96" in slack.reply_to(asked).words
        sent = slack.calls("chat.postMessage")[-1]
        assert "<!channel>" not in str(sent.args)
        assert "<@U0000001>" not in str(sent.args)

    def test_chatter_in_a_channel_is_left_alone(self, slack: SlackStandIn) -> None:
        channel = slack.channel()
        slack.person().says("What is R_96? Only asking the humans.", channel)
        slack.settle()
        assert slack.posted_in(channel) == []

    def test_whoever_asks_it_by_name_is_told_that_nothing_was_found_to_answer(
        self, slack: SlackStandIn
    ) -> None:
        asked = slack.person().mentions(TALK, slack.channel())
        assert "no question about the ILR" in slack.reply_to(asked).words

    def test_an_edited_question_changes_its_answer(self, slack: SlackStandIn) -> None:
        chidi = slack.person()
        asked = chidi.mentions("What is R_96?", slack.channel())
        reply = slack.reply_to(asked)
        chidi.edits(asked, "<@U0HELPDESK> What is WorkPlaceStartDate_02?")
        slack.wait_until(lambda: BROKEN_RULE in reply.words or None, what="a new answer")
        slack.settle()
        assert slack.replies_to(asked) == [reply]

    def test_a_deleted_question_takes_its_answer_away(self, slack: SlackStandIn) -> None:
        dilys = slack.person()
        asked = dilys.mentions("What is R_96?", slack.channel())
        reply = slack.reply_to(asked)
        dilys.deletes(asked)
        slack.wait_until(lambda: reply.deleted or None, what="the answer to go")

    def test_solved_is_ticked(self, slack: SlackStandIn) -> None:
        ewan = slack.person()
        asked = ewan.mentions(QUESTION, slack.channel())
        reply = slack.reply_to(asked)
        ewan.clicks("That solved it", on=reply).acknowledged()
        slack.wait_until(lambda: "✓ That solved it." in reply.words or None, what="a tick")

    def test_a_person_can_be_asked(self, slack: SlackStandIn) -> None:
        farah, gwen = slack.person("Farah Invented"), slack.person("Gwen Invented")
        asked = farah.mentions(QUESTION, slack.channel())
        farah.clicks("Ask a person", on=slack.reply_to(asked)).acknowledged()
        triage = next(c for c in slack.world.channels.values() if c.name == "mis-triage")
        passed = slack.wait_until(lambda: slack.posted_in(triage) or None, what="triage")[-1]
        assert "ZWRKX001" in passed.words
        gwen.clicks("I'll take it", on=passed).acknowledged()
        slack.reply_to(asked, saying=f"<@{gwen.id}> has taken")
        gwen.says(f"<@{farah.id}> One aim is right here.", triage, thread=passed)
        assert "One aim is right here" in slack.reply_to(asked, saying="One aim is right").words


class TestCommand:
    def test_a_question_is_answered_to_its_asker_only(self, slack: SlackStandIn) -> None:
        hamish, channel = slack.person(), slack.channel()
        assert hamish.types(f"/ilr {QUESTION}", channel).acknowledged().status == 200
        answer = slack.only_for(hamish, saying=ANSWER)
        assert slack.posted_in(channel) == []
        hamish.clicks("Show in channel", on=answer).acknowledged()
        shown = slack.wait_until(lambda: slack.posted_in(channel) or None, what="the answer")
        assert ANSWER in shown[0].words

    @pytest.mark.parametrize(
        ("typed", "says"),
        [
            ("/ilr explain R_96", "R_96"),
            ("/ilr explain nonsense-word", "don't recognise that rule, field, code"),
            ("/ilr dates", "closes"),
            ("/ilr topics", "I cover"),
            ("/ilr help", "/ilr check"),
            ("/ilr", "/ilr check"),
        ],
    )
    def test_what_can_be_typed(self, slack: SlackStandIn, typed: str, says: str) -> None:
        ifeoma = slack.person()
        ifeoma.types(typed, slack.channel()).acknowledged()
        assert says in slack.only_for(ifeoma).words


class TestCheck:
    def test_the_form_shows_its_result_to_one_person(self, slack: SlackStandIn) -> None:
        jia, channel = slack.person(), slack.channel()
        jia.types("/ilr check", channel).acknowledged()
        form = slack.modal_for(jia, saying="Paste a record")
        assert "3,000" in form.words
        jia.submits(form, record=AIM).acknowledged()
        result = slack.modal_for(jia, saying=BROKEN_RULE)
        assert "2026-10-05" in result.words or "05/10/2026" in result.words
        assert slack.posted_in(channel) == []
        jia.clicks("Why?", on=result).acknowledged()
        assert "Source" in slack.modal_for(jia, saying="To clear it").words

    def test_an_empty_form_is_not_checked(self, slack: SlackStandIn) -> None:
        kofi = slack.person()
        kofi.types("/ilr check").acknowledged()
        form = slack.modal_for(kofi)
        kofi.submits(form).acknowledged()
        assert "Paste a record" in next(iter(form.errors.values()))

    def test_a_file_given_to_the_form(self, slack: SlackStandIn) -> None:
        leila = slack.person()
        leila.runs_shortcut("ilr_check").acknowledged()
        form = slack.modal_for(leila)
        leila.submits(form, files=leila.has_file("record.xml", AIM)).acknowledged()
        assert slack.modal_for(leila, saying=BROKEN_RULE)

    def test_a_record_in_a_direct_message(self, slack: SlackStandIn) -> None:
        sent = slack.person().writes(AIM)
        assert slack.reply_to(sent, saying=BROKEN_RULE)

    def test_a_whole_learner_is_named_nowhere(self, slack: SlackStandIn, app: AppProcess) -> None:
        sent = slack.person().writes(LEARNER)
        assert "INVENTED1" in slack.reply_to(sent, saying="rules were run").words
        for private in (ULN, "Notareal"):
            assert slack.ever_sent(private) == []
            assert private not in app.log

    def test_a_long_paste_comes_as_a_snippet(self, slack: SlackStandIn) -> None:
        sent = slack.person().shares_file("Untitled", AIM, mode="snippet")
        assert slack.reply_to(sent, saying=BROKEN_RULE)

    def test_many_findings_come_as_a_file_too(self, slack: SlackStandIn) -> None:
        morag = slack.person()
        sent = morag.shares_file("many.xml", f"<Message>{LEARNER * 20}</Message>", mode="hosted")
        assert "more, in the CSV file" in slack.reply_to(sent, saying="rules were run").words
        # The picture of an earlier test's dates may come only now.
        sent_files = slack.wait_until(
            lambda: (
                [f for f in slack.world.files.values() if f.name.endswith(".csv") and f.content]
                or None
            ),
            what="the file of findings",
        )
        stored = sent_files[-1]
        assert stored.content.count(BROKEN_RULE.encode()) == 20
        assert ULN.encode() not in stored.content

    def test_what_is_no_record_gets_one_sentence(self, slack: SlackStandIn) -> None:
        sent = slack.person().shares_file("cv.xml", "<cv>Hello</cv>", mode="hosted")
        assert "record" in slack.reply_to(sent).words

    @pytest.mark.parametrize("mentioned", [True, False], ids=["mentioned", "not mentioned"])
    def test_a_record_in_a_channel_is_never_quoted(
        self, slack: SlackStandIn, app: AppProcess, mentioned: bool
    ) -> None:
        nia, channel = slack.person(), slack.channel("mis-team")
        if mentioned:
            pasted = nia.mentions(LEARNER, channel)
        else:
            started = nia.mentions("What is R_96?", channel)
            slack.reply_to(started)
            pasted = nia.says(LEARNER, channel, thread=started)
        notice = slack.only_for(nia, saying="delete your message")
        assert "/ilr check" in notice.words
        slack.settle()
        assert [reply for reply in slack.replies_to(pasted) if "were run" in reply.words] == []
        for private in (ULN, "Notareal", "INVENTED1", "2026-10-05"):
            # A form of an earlier test may only now get its picture; only its owner sees it.
            sent = slack.ever_sent(private)
            assert [call for call in sent if not call.method.startswith("views.")] == []
            assert private not in app.log
        nia.clicks("Check it privately", on=notice).acknowledged()
        assert slack.modal_for(nia, saying="Paste a record")


class TestOtherDoors:
    def test_home_answers_in_messages(self, slack: SlackStandIn) -> None:
        priya = slack.person()
        priya.opens_home().acknowledged()
        home = slack.home_of(priya, saying="closes in")
        priya.gives("What is R_96?", to="Ask a question", on=home).acknowledged()
        assert slack.direct_to(priya, saying="Source")

    def test_opening_the_messages_suggests_what_to_ask(self, slack: SlackStandIn) -> None:
        rhys = slack.person()
        rhys.opens_messages().acknowledged()
        where = {"channel_id": rhys.direct.id}
        (call,) = slack.wait_for("assistant.threads.setSuggestedPrompts", **where)
        assert 1 <= len(call.args["prompts"]) <= 4

    def test_a_message_can_be_looked_up(self, slack: SlackStandIn) -> None:
        sorcha, tariq, channel = slack.person(), slack.person(), slack.channel()
        said = tariq.says(QUESTION, channel)
        sorcha.runs_shortcut("ilr_answer_message", on=said).acknowledged()
        assert ANSWER in slack.only_for(sorcha).words
        assert slack.posted_in(channel) == []

    def test_a_link_to_a_rule_unfurls(self, slack: SlackStandIn) -> None:
        link = (
            "https://guidance.submit-learner-data.service.gov.uk/26-27/validation-rules/rule/R_96"
        )
        said = slack.person().shares_link(link, slack.channel())
        slack.wait_until(lambda: said.unfurls or None, what="an unfurled link")
        assert "R_96" in str(said.unfurls[link])

    def test_a_step_of_a_workflow_gets_its_answer(self, slack: SlackStandIn) -> None:
        slack.run_step("ilr_answer", question=QUESTION)
        (done,) = slack.wait_for("functions.completeSuccess")
        assert ANSWER in done.args["outputs"]["answer"]

    def test_another_bot_is_never_answered(self, slack: SlackStandIn) -> None:
        channel = slack.channel()
        slack.another_bot_says("<@U0HELPDESK> What is R_96?", channel)
        slack.settle()
        assert slack.posted_in(channel) == []


class TestSlackMisbehaves:
    def test_a_redelivered_event_is_answered_once(self, slack: SlackStandIn) -> None:
        asked = slack.person().mentions("What is R_96?", slack.channel())
        slack.reply_to(asked)
        for retry in (1, 2, 3):
            slack.deliver_again(asked.deliveries[0], retry).acknowledged()
        slack.settle()
        assert len(slack.replies_to(asked)) == 1

    def test_a_retry_of_an_event_never_seen_is_answered(self, slack: SlackStandIn) -> None:
        owain = slack.person()
        channel = slack.channel()
        slack.next_calls("chat.postMessage", RateLimited(after=0))
        asked = owain.mentions("What is R_96?", channel)
        assert slack.reply_to(asked)
        missed = dict(asked.deliveries[0].payload)
        missed["event_id"] = slack.world.new_id("Ev")
        slack.deliver("events_api", missed, retry=2).acknowledged()
        assert slack.reply_to(asked, number=2)

    def test_too_many_requests_and_then_success(self, slack: SlackStandIn) -> None:
        slack.next_calls("chat.postMessage", RateLimited(after=1), times=2)
        began = time.monotonic()
        asked = slack.person().mentions("What is R_96?", slack.channel())
        assert slack.reply_to(asked, timeout=15)
        assert time.monotonic() - began >= 2, "Retry-After was not honoured"
        assert [call.status for call in slack.calls("chat.postMessage")] == [429, 429, 200]

    def test_a_server_error_and_then_success(self, slack: SlackStandIn) -> None:
        slack.next_calls("chat.postMessage", ServerError(503))
        asked = slack.person().writes("What is R_96?")
        assert slack.reply_to(asked, timeout=15)
        slack.settle()
        assert len(slack.replies_to(asked)) == 1

    def test_an_event_of_an_unknown_kind_is_acknowledged(self, slack: SlackStandIn) -> None:
        assert slack.event({"type": "emoji_changed"}).acknowledged().status == 200


class TestHttp:
    @pytest.fixture(autouse=True)
    def _only_http(self, app: AppProcess) -> None:
        if app.mode != "http":
            pytest.skip("signed requests are for HTTP")

    def test_forged_and_stale_requests_are_refused(
        self, slack: SlackStandIn, app: AppProcess
    ) -> None:
        asked = slack.person().writes("What is R_96?")
        slack.reply_to(asked)
        payload = {**asked.deliveries[0].payload, "event_id": "EvForged"}
        now = time.time()
        refused = [
            slack.post_event(app.events_url, payload, tamper=True),
            slack.post_event(app.events_url, payload, secret="another secret"),
            slack.post_event(app.events_url, payload, timestamp=now - 400),
            slack.post_event(app.events_url, payload, timestamp=now + 400),
            slack.post_event(app.events_url, payload, signed=False),
        ]
        assert [ack.status for ack in refused] == [401] * 5
        slack.settle()
        assert len(slack.replies_to(asked)) == 1
        assert slack.post_event(app.events_url, payload).status == 200
        assert slack.reply_to(asked, number=2)

    def test_slacks_address_check_is_answered(self, slack: SlackStandIn, app: AppProcess) -> None:
        challenge = {"type": "url_verification", "challenge": "abc123", "token": "unused"}
        assert "abc123" in str(slack.post_event(app.events_url, challenge).body)


class TestSocket:
    @pytest.fixture(autouse=True)
    def _only_sockets(self, app: AppProcess) -> None:
        if app.mode != "socket":
            pytest.skip("connections are for Socket Mode")

    def test_a_refreshed_connection_loses_nothing(self, slack: SlackStandIn) -> None:
        opened = slack.sockets_opened
        slack.refresh_sockets()
        slack.wait_until(lambda: slack.sockets_opened > opened or None, 20, "a new connection")
        asked = slack.person().mentions("What is R_96?", slack.channel())
        assert slack.reply_to(asked)
        slack.settle()
        assert slack.sockets_opened == opened + 1

    def test_a_cut_connection_comes_back(self, slack: SlackStandIn) -> None:
        slack.drop_sockets()
        slack.wait_for_socket(timeout=30)
        asked = slack.person().mentions("What is R_96?", slack.channel())
        assert slack.reply_to(asked)


def test_health(app: AppProcess) -> None:
    assert app.get("/healthz")[0] == 200
    assert app.get("/readyz")[0] == 200
    assert app.get("/elsewhere")[0] == 404


def an_hour_passes(app: AppProcess) -> None:
    """For the ledger: a dead process's hold on an event has run out."""
    ledger = create_engine(app.settings["DATABASE_URL"])
    with ledger.begin() as connection:
        earlier = datetime.now(UTC) - timedelta(hours=1)
        connection.execute(update(events).values(lease_until=earlier))
    ledger.dispose()


@pytest.mark.parametrize("mode", ["socket", "http"])
class TestStopping:
    def test_sigterm_finishes_what_is_under_way(self, mode: Mode, tmp_path: Path) -> None:
        with SlackStandIn() as slack, AppProcess.started(slack, tmp_path, mode) as app:
            people, channel = [slack.person() for _ in range(5)], slack.channel()
            slack.next_calls("chat.postMessage", RateLimited(after=1), times=5)
            asked = [person.mentions("What is R_96?", channel) for person in people]
            slack.wait_for("chat.postMessage", count=5)
            stopped = app.stop()
            assert stopped.status == 0
            assert [len(slack.replies_to(one)) for one in asked] == [1] * 5

    def test_a_killed_process_answers_when_it_is_back(self, mode: Mode, tmp_path: Path) -> None:
        with SlackStandIn() as slack, AppProcess.started(slack, tmp_path, mode) as app:
            slack.next_calls("chat.postMessage", TimesOut(seconds=30))
            asked = slack.person().mentions("What is R_96?", slack.channel())
            asked.deliveries[0].acknowledged()
            # Slack has its acknowledgement, and will not send the event again.
            time.sleep(0.3)
            app.kill()
            assert slack.replies_to(asked) == []
            an_hour_passes(app)
            app.start_again()
            assert slack.reply_to(asked)
            slack.settle()
            assert app.stop().status == 0
            assert len(slack.replies_to(asked)) == 1


def test_two_processes_answer_an_event_once(tmp_path: Path) -> None:
    database = {"DATABASE_URL": f"sqlite:///{tmp_path / 'shared.db'}"}
    with (
        SlackStandIn() as slack,
        AppProcess.started(slack, tmp_path / "one", "http", **database) as one,
        AppProcess.started(slack, tmp_path / "two", "http", **database) as two,
    ):
        channel = slack.channel()
        asked = []
        for _ in range(10):
            slack.delivers_to(one.events_url)
            said = slack.person().mentions("What is R_96?", channel)
            slack.delivers_to(two.events_url)
            for delivery in said.deliveries:
                slack.deliver_again(delivery)
            asked.append(said)
        for said in asked:
            slack.reply_to(said)
        slack.settle()
        assert [len(slack.replies_to(said)) for said in asked] == [1] * 10


def test_buttons_that_look_alike_sound_different(slack: SlackStandIn, ambiguous: str) -> None:
    asked = slack.person().writes(ambiguous)
    offered = slack.reply_to(asked)
    spoken = [
        part.get("accessibility_label") or part["text"]["text"]
        for part, _ in elements(offered.blocks)
    ]
    assert len(set(spoken)) == len(spoken)
