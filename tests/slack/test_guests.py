"""People of other organisations, in channels that Slack Connect shares."""

from __future__ import annotations

import pytest

from bot.slack.runtime.guests import is_guest
from tests.slack.running_bot import Start, start, warm
from tests.support.slack_standin import SlackStandIn
from tests.support.slack_world import TEAM

__all__ = ["start", "warm"]

ASKED = "what is R_96?"
ELSEWHERE = "T0ELSEWHERE"


def test_a_guest_is_told_politely_and_alone(slack: SlackStandIn, start: Start) -> None:
    bot = start()
    guest, amina = slack.person(team=ELSEWHERE, guest_of=TEAM), slack.person()
    channel = slack.channel()
    guest.mentions(ASKED, channel)
    assert "colleagues of this workspace only" in slack.only_for(guest).words
    assert "R_96" in slack.reply_to(amina.mentions(ASKED, channel)).words
    slack.settle()
    assert len(slack.posted_in(channel)) == 1
    assert sum(bot.ledger.asked_by_week(bot.app.helpdesk.today().replace(day=1)).values()) <= 1


def test_a_mention_that_slack_repeats_gets_one_line(slack: SlackStandIn, start: Start) -> None:
    start()
    guest = slack.person(team=ELSEWHERE, guest_of=TEAM)
    said = guest.mentions(ASKED, slack.channel())
    slack.only_for(guest)
    slack.deliver_again(said.deliveries[0]).acknowledged()
    slack.settle()
    assert len([one for one in slack.messages if one.private_to == guest.id]) == 1


def test_in_a_watched_channel_a_guest_is_left_alone(slack: SlackStandIn, start: Start) -> None:
    channel = slack.channel()
    start(watched_channels=frozenset({channel.id}))
    guest = slack.person(team=ELSEWHERE, guest_of=TEAM)
    guest.says(ASKED, channel).deliveries[0].acknowledged()
    slack.settle()
    assert not [one for one in slack.messages if one.by_the_app]


def test_a_guests_click_is_no_answer(slack: SlackStandIn, start: Start) -> None:
    start()
    amina, channel = slack.person(), slack.channel()
    answer = slack.reply_to(amina.mentions(ASKED, channel))
    guest = slack.person(team=ELSEWHERE, guest_of=TEAM)
    guest.clicks("That solved it", on=answer)
    assert "colleagues of this workspace only" in slack.only_for(guest).words


@pytest.mark.parametrize(
    "settings",
    [{"guests": "answer"}, {"allowed_teams": frozenset({TEAM, ELSEWHERE})}],
    ids=["by the setting", "on the list"],
)
def test_guests_are_answered_where_that_is_wanted(
    slack: SlackStandIn, start: Start, settings: dict[str, object]
) -> None:
    start(**settings)
    guest = slack.person(team=ELSEWHERE, guest_of=TEAM)
    assert "R_96" in slack.reply_to(guest.mentions(ASKED, slack.channel())).words


def test_guests_are_met_with_silence_where_that_is_wanted(
    slack: SlackStandIn, start: Start
) -> None:
    start(guests="silent")
    guest = slack.person(team=ELSEWHERE, guest_of=TEAM)
    guest.mentions(ASKED, slack.channel()).deliveries[0].acknowledged()
    slack.settle()
    assert not [one for one in slack.messages if one.by_the_app]


def test_the_list_alone_never_lets_a_guest_in(slack: SlackStandIn, start: Start) -> None:
    start(allowed_teams=frozenset({TEAM}))
    guest = slack.person(team=ELSEWHERE, guest_of=TEAM)
    guest.mentions(ASKED, slack.channel())
    assert "colleagues of this workspace only" in slack.only_for(guest).words


def test_colleagues_of_the_same_organisation_are_no_guests(
    slack: SlackStandIn, start: Start
) -> None:
    app = start().app
    app.home = type(app.home)(TEAM, "E0GROUP")
    other = {"user": {"id": "U1", "team_id": "T0SISTER"}}
    assert not is_guest(app, {**other, "enterprise": {"id": "E0GROUP"}})
    assert is_guest(app, {**other, "enterprise": {"id": "E0ELSE"}})
    event = {"event": {"user": "U1", "user_team": "E0GROUP"}, "is_ext_shared_channel": True}
    assert not is_guest(app, event)
