"""What is repeated, forged, or comes from nobody knows where."""

from __future__ import annotations

from typing import Any

import pytest

from bot.slack.blocks.parts import section, small
from bot.slack.blocks.post import Post
from bot.slack.runtime.app import _is_allowed
from tests.slack.running_bot import Bot, bot, start, warm
from tests.support.slack_standin import SlackStandIn

__all__ = ["bot", "start", "warm"]


def test_a_command_that_is_replayed_is_run_once(slack: SlackStandIn, bot: Bot) -> None:
    amina = slack.person()
    delivery = amina.types("/ilr what is R_96?", slack.channel())
    slack.only_for(amina, saying="R_96")
    for _ in range(2):
        slack.deliver(delivery.kind, delivery.payload).acknowledged()
    slack.settle()
    assert len([m for m in slack.messages if m.private_to == amina.id]) == 1


def test_a_command_is_run_once_by_two_processes(bot: Bot) -> None:
    assert bot.ledger.see_once("command 1.2.abc")
    assert not bot.ledger.see_once("command 1.2.abc")


OURS, THEIRS = "T0COLLEGE", "T0ELSEWHERE"


@pytest.mark.parametrize(
    ("body", "allowed"),
    [
        ({"team_id": OURS}, True),
        ({"team_id": THEIRS}, False),
        ({}, False),
        ({"team_id": None, "team": None}, False),
        ({"team": None, "user": {"id": "U1", "team_id": OURS}}, True),
        ({"team": None, "user": {"id": "U1", "team_id": THEIRS}}, False),
        ({"team_id": OURS, "event": {"user_team": OURS, "source_team": THEIRS}}, False),
        ({"team_id": OURS, "event": {"user_team": THEIRS}}, False),
        ({"team_id": "", "event": {"source_team": OURS}}, True),
        ({"team": "T0COLLEGE", "user": "U1", "event": None}, False),
    ],
)
def test_the_list_of_workspaces_lets_nobody_in_who_does_not_say(
    body: dict[str, Any], allowed: bool
) -> None:
    assert _is_allowed(body, frozenset({OURS})) is allowed
    assert _is_allowed(body, frozenset())


def test_nothing_is_linked_or_tagged_that_is_not_marked_up() -> None:
    post = Post("x", [section("@here see https://x.example"), small("@here", "and <@U1>")])
    texts = [post.fitted().blocks[0]["text"], *post.fitted().blocks[1]["elements"]]
    assert [text["verbatim"] for text in texts] == [True, True]
