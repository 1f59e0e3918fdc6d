"""What is kept of people in Slack: nothing that says who they are, and nothing they take back."""

from __future__ import annotations

from bot.ledger.tables import metadata
from tests.slack.running_bot import Bot, Start, bot, start, warm
from tests.support.slack_standin import SlackStandIn

__all__ = ["bot", "start", "warm"]

NAMED = (
    "Kayleigh Osei, dob 4/9/2009, had several placements with different employers. "
    "Do I record several placements on one aim or many?"
)
FORM = (
    "Several placements, one aim or many?\nPerson\tBirthday\tAim\n"
    "Kayleigh Osei\t04/09/2009\tZWRKX001\nOttoline Breeze\t06/06/2009\tZWRKX001"
)


def kept_in(bot: Bot) -> str:
    """Everything in the database."""
    with bot.ledger._db.read() as connection:
        return "\n".join(
            str(tuple(row))
            for table in metadata.sorted_tables
            for row in connection.execute(table.select())
        )


def test_a_question_that_names_somebody_is_answered_and_warned_about(
    slack: SlackStandIn, bot: Bot
) -> None:
    amina, channel = slack.person(), slack.channel()
    asked = amina.mentions(NAMED, channel)
    reply = slack.reply_to(asked)
    assert "Record a single" in reply.words
    assert "Kayleigh" not in reply.words
    warning = slack.only_for(amina, saying="I have not stored it").words
    assert "Kayleigh" not in warning
    slack.settle()
    kept = kept_in(bot)
    assert "[withheld]" in kept
    assert "Kayleigh" not in kept
    assert "Osei" not in kept
    assert "2009" not in kept
    assert slack.violations == []


def test_what_may_be_a_record_is_not_kept_at_all(slack: SlackStandIn, bot: Bot) -> None:
    amina, channel = slack.person(), slack.channel()
    asked = amina.mentions(FORM, channel)
    slack.only_for(amina, saying="stored")
    slack.settle()
    assert "Osei" not in kept_in(bot)
    assert all("Osei" not in one.words for one in slack.replies_to(asked))


def test_a_direct_message_is_not_warned_about(slack: SlackStandIn, bot: Bot) -> None:
    amina = slack.person()
    asked = amina.writes(NAMED)
    assert "Record a single" in slack.reply_to(asked).words
    slack.settle()
    assert "Kayleigh" not in kept_in(bot)
    assert not any("I have not stored it" in one.words for one in slack.replies_to(asked))


def test_a_question_for_a_person_carries_no_name(slack: SlackStandIn, start: Start) -> None:
    triage = slack.channel("ilr-triage")
    start(triage_channel=triage.id)
    amina = slack.person()
    asked = amina.mentions("who signs the risk assessment for Ottoline Breeze?", slack.channel())
    amina.clicks("Ask a person", on=slack.reply_to(asked))
    slack.wait_until(lambda: slack.posted_in(triage), what="the question in triage")
    (post,) = slack.posted_in(triage)
    assert "risk assessment" in post.words
    assert "Ottoline" not in post.words
    assert "Breeze" not in str(post.blocks)


def test_forget_me_takes_the_name_off_the_triage_post(slack: SlackStandIn, start: Start) -> None:
    triage = slack.channel("ilr-triage")
    bot = start(triage_channel=triage.id)
    amina = slack.person()
    asked = amina.mentions("who signs the placement risk assessment?", slack.channel())
    amina.clicks("Ask a person", on=slack.reply_to(asked))
    slack.wait_until(lambda: slack.posted_in(triage), what="the question in triage")
    slack.settle()
    amina.types("/ilr forget me", slack.channel())
    slack.only_for(amina, saying="Done")
    (post,) = slack.posted_in(triage)
    assert amina.id not in post.words + str(post.blocks)
    assert "risk assessment" not in post.words
    assert amina.id not in kept_in(bot)


def test_forget_me_takes_what_a_colleague_looked_up(slack: SlackStandIn, bot: Bot) -> None:
    amina, ben, channel = slack.person(), slack.person(), slack.channel()
    question = ben.says("learner never went out on work experience, remove the ZWRKX001?", channel)
    amina.runs_shortcut("ilr_answer_message", on=question)
    slack.only_for(amina)
    slack.settle()
    assert "never went out" in kept_in(bot)
    ben.types("/ilr forget me", channel)
    assert "I deleted 1 of your questions" in slack.only_for(ben, saying="Done").words
    assert "never went out" not in kept_in(bot)
