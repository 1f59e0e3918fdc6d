"""A morning with the helpdesk: thirty things that staff say and do, in one sitting.

The real process, in both modes. What was said before counts: follow-ups, a thread that a
colleague takes over, an answer that is said to be wrong, a question that is taken back.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.slack.test_end_to_end import AIM, BROKEN_RULE, LEARNER, ULN, ambiguous
from tests.support.app_process import AppProcess, Mode
from tests.support.slack_people import Person
from tests.support.slack_standin import SlackStandIn
from tests.support.slack_world import Channel, Message

pytestmark = pytest.mark.long

__all__ = ["ambiguous"]

ONE_AIM = "Does a learner with several placements need one ZWRKX001 aim or one for each?"
RULE_PAGE = (
    "https://guidance.submit-learner-data.service.gov.uk/26-27/validation-rules/rule/"
    "WorkPlaceStartDate_02"
)


class Morning:
    """Who is there, and how often somebody has had a turn."""

    def __init__(self, slack: SlackStandIn, app: AppProcess, triage: Channel, unsure: str) -> None:
        self.slack, self.app, self.triage, self.unsure = slack, app, triage, unsure
        self.team = slack.channel("mis-team")
        self.amina, self.ben = slack.person("Amina Invented"), slack.person("Ben Invented")
        self.turns = 0

    def turn(self) -> None:
        """One more thing was said or done, and answered."""
        self.turns += 1

    def hears(self, asked: Message, saying: str, number: int = 1) -> Message:
        """A reply in the thread, and a turn more."""
        self.turn()
        return self.slack.reply_to(asked, saying=saying, number=number, timeout=20)

    def hears_alone(self, person: Person, saying: str) -> Message:
        """A reply that only one person sees, and a turn more."""
        self.turn()
        return self.slack.only_for(person, saying=saying, timeout=20)


@pytest.fixture(params=["socket", "http"])
def morning(request: pytest.FixtureRequest, tmp_path: Path, ambiguous: str) -> Iterator[Morning]:
    mode: Mode = request.param
    with SlackStandIn() as slack:
        triage = slack.channel("mis-triage")
        with AppProcess.started(slack, tmp_path, mode, ILR_TRIAGE_CHANNEL=triage.id) as app:
            yield Morning(slack, app, triage, ambiguous)


def test_thirty_turns(morning: Morning) -> None:
    first_questions(morning)
    a_thread_with_a_colleague(morning)
    a_person_is_asked(morning)
    records(morning)
    odds_and_ends(morning)
    slack = morning.slack
    slack.settle()
    assert morning.turns == 30
    assert slack.violations == []
    assert [line for line in morning.app.log_lines if line.get("level") == "ERROR"] == []
    for delivery in slack.deliveries:
        delivery.acknowledged()
    for private in (ULN, "Notareal"):
        assert slack.ever_sent(private) == []
        assert private not in morning.app.log


def first_questions(morning: Morning) -> None:
    """Turns 1 to 8: in direct messages, where follow-ups use what was said before."""
    slack, amina = morning.slack, morning.amina
    amina.opens_messages().acknowledged()
    slack.wait_for("assistant.threads.setSuggestedPrompts")
    morning.turn()
    morning.hears(amina.writes("hello"), "Ask me about the ILR")
    asked = amina.writes(ONE_AIM)
    morning.hears(asked, "separate Work Placement record")
    amina.writes("and for T Levels?", thread=asked)
    morning.hears(asked, "ZWRKX003", 2)
    amina.writes("what does WorkPlaceStartDate_02 mean?", thread=asked)
    morning.hears(asked, BROKEN_RULE)
    amina.writes("thanks!", thread=asked)
    answer = morning.hears(asked, "Glad to help.")
    assert answer.thread_ts == asked.ts
    amina.clicks("That solved it", on=slack.replies_to(asked)[0]).acknowledged()
    morning.turn()
    slack.wait_until(
        lambda: "✓ That solved it." in slack.replies_to(asked)[0].words or None, what="a tick"
    )
    substitute = amina.writes("Can we do substitute activities this year?")
    now = slack.reply_to(substitute, saying="it needs a placement record")
    amina.clicks("In 2020-21", on=now).acknowledged()
    slack.wait_until(lambda: "2020-21 only" in now.words or None, what="the other year")
    morning.turn()


def a_thread_with_a_colleague(morning: Morning) -> None:
    """Turns 9 to 14: a channel, choices, and silence once a person has answered."""
    slack, amina, ben, team = morning.slack, morning.amina, morning.ben, morning.team
    asked = amina.mentions(morning.unsure, team)
    choices = morning.hears(asked, "not sure which of these")
    amina.clicks("ilr_choice_0", on=choices).acknowledged()
    morning.hears(asked, "reviewed")
    amina.says("what is R_96?", team, thread=asked)
    morning.hears(asked, "R_96")
    slack.settle()
    ben.says("We leave ours open until the last placement is done.", team, thread=asked)
    slack.settle()
    amina.says("what is R_108?", team, thread=asked)
    slack.settle()
    assert len(slack.replies_to(asked)) == 3, "a person has answered: the thread is theirs"
    morning.turn()
    other = ben.mentions("what is R_96?", team)
    reply = slack.reply_to(other)
    ben.edits(other, f"<@{slack.bot_user}> what is WorkPlaceMode?").acknowledged()
    slack.wait_until(lambda: "WorkPlaceMode" in reply.words or None, what="the new answer")
    morning.turn()
    ben.deletes(other).acknowledged()
    slack.wait_until(lambda: reply.deleted or None, what="the answer to go")
    morning.turn()


def a_person_is_asked(morning: Morning) -> None:
    """Turns 15 to 18: no answer, a person, and what they say."""
    slack, amina, ben, triage = morning.slack, morning.amina, morning.ben, morning.triage
    asked = amina.mentions("Who signs the placement risk assessment?", morning.team)
    nothing = morning.hears(asked, "I have no answer to that")
    amina.clicks("Ask a person", on=nothing).acknowledged()
    morning.hears(asked, "passed this on")
    passed = slack.wait_until(lambda: slack.posted_in(triage) or None, what="triage")[-1]
    ben.clicks("I'll take it", on=passed).acknowledged()
    morning.hears(asked, f"<@{ben.id}> has taken")
    ben.says(f"<@{amina.id}> The placement team does.", triage, thread=passed)
    morning.hears(asked, "The placement team does.")


def records(morning: Morning) -> None:
    """Turns 19 to 25: a record in a channel, the form, a file, sharing, and a copy."""
    slack, amina, team = morning.slack, morning.amina, morning.team
    amina.mentions(f"please check {LEARNER}", team)
    warned = morning.hears_alone(amina, "delete your message")
    amina.clicks("Check it privately", on=warned).acknowledged()
    amina.submits(slack.modal_for(amina, saying="Paste a record"), record=AIM).acknowledged()
    found = slack.modal_for(amina, saying=BROKEN_RULE)
    morning.turn()
    amina.clicks("Why?", on=found).acknowledged()
    slack.modal_for(amina, saying="To clear it")
    morning.turn()
    sent = amina.shares_file("learner.xml", LEARNER, mode="hosted")
    report = morning.hears(sent, BROKEN_RULE)
    amina.clicks("Share without values", on=report).acknowledged()
    form = slack.modal_for(amina, saying="This is all that is shared")
    amina.submits(form, channel=team.id).acknowledged()
    slack.wait_until(
        lambda: [m for m in slack.posted_in(team) if BROKEN_RULE in m.words] or None,
        what="the shared rules",
    )
    morning.turn()
    amina.clicks("Copy with invented people", on=report).acknowledged()
    slack.wait_until(
        lambda: [m for m in slack.replies_to(sent) if "invented" in str(m.files)] or None,
        what="the copy",
    )
    morning.turn()
    pasted = last_said(slack, amina, team)
    amina.edits(pasted, "never mind").acknowledged()
    slack.settle()
    assert slack.replies_to(pasted) == [], "the record had no public answer, nor has its edit"
    morning.turn()


def last_said(slack: SlackStandIn, person: Person, channel: Channel) -> Message:
    """The last thing somebody said in a channel."""
    return [m for m in slack.messages if (m.user, m.channel) == (person.id, channel.id)][-1]


def odds_and_ends(morning: Morning) -> None:
    """Turns 26 to 30: commands, a message's menu, a link, Home, and being forgotten."""
    slack, amina, ben, team = morning.slack, morning.amina, morning.ben, morning.team
    amina.types("/ilr dates", team).acknowledged()
    morning.hears_alone(amina, "closes in")
    said = ben.says(ONE_AIM, team)
    amina.runs_shortcut("ilr_answer_message", on=said).acknowledged()
    shown = morning.hears_alone(amina, "separate Work Placement record")
    assert "Show in channel" in shown.words
    linked = ben.shares_link(RULE_PAGE, team)
    slack.wait_until(lambda: linked.unfurls or None, what="the card")
    morning.turn()
    amina.opens_home().acknowledged()
    home = slack.home_of(amina, saying="Your recent questions")
    assert "you said it was solved" in home.words or "passed on" in home.words
    morning.turn()
    amina.types("/ilr forget me", team).acknowledged()
    morning.hears_alone(amina, "Done. I deleted")
