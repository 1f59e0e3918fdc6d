"""Lines that ask nothing of the knowledge: which they are, what is said to them, what is kept."""

from __future__ import annotations

import pytest

from bot.answering.small_talk import (
    Asks,
    kind_of_line,
    may_be_chatter,
    reply_to,
    small_talk,
    thanks_for_something,
)
from bot.answers import ReplyKind
from bot.helpdesk import Helpdesk
from bot.matching.kinds import KINDS, Kind

LINES: dict[ReplyKind, list[str]] = {
    "thanks": [
        "thanks!",
        "Thank you so much, that's brilliant",
        "cheers mate x",
        "ta, sorted",
        "perfect, just what we needed :pray:",
        "<@U024BE7LH> thanks, that worked",
    ],
    "ok": ["ok", "Okay, makes sense", "yep, got it", "right, will do", "fair enough"],
    "nevermind": [
        "never mind",
        "nvm, found it",
        "ignore me, wrong channel",
        "scrap that",
        "don't worry, figured it out",
    ],
    "emoji": [":+1:", "🎉", ":joy: :joy:", "👍👍", "?!"],
    "greeting": ["hi", "Morning all", "hello, hope you all had a good weekend", "afternoon!"],
    "bot": [
        "are you a bot?",
        "hi, is this a real person?",
        "what can you do",
        "who are you?",
        "help",
        "is this a real person or a machine",
        "do you store what I type here",
    ],
    "safeguarding": [
        "which withdrawal code, she's been reported missing and her mum is frantic",
        "he overdosed on friday, do his hours still count",
        "a learner told me her dad hits her, what do I do",
        "one of my students says he wants to end his life",
        "she made a disclosure to me in the minibus, who do I tell",
        "he is sleeping rough and hasn't eaten, R_96 aside what now",
        "think a lad on placement is being groomed",
        "the leaving form says he wants to die, which code is that",
        "her employer has her passport and takes her wages",
    ],
}


def chances(kind: Kind, how_likely: float) -> dict[Kind, float]:
    """What a model of the kinds would say: one kind so likely, the rest shared out."""
    rest = (1 - how_likely) / (len(KINDS) - 1)
    return {each: how_likely if each == kind else rest for each in KINDS}


QUESTION = chances("question", 0.9)


def test_a_remark_after_a_question_may_add_to_it() -> None:
    adds = chances("aside", 0.5) | {"chatter": 0.4, "question": 0.0}
    assert may_be_chatter("this was week 5", adds)
    assert not may_be_chatter("this was week 5", adds, follows=True)
    assert may_be_chatter("off to lunch", chances("chatter", 0.6), follows=True)
    assert not may_be_chatter("off to lunch?", chances("chatter", 0.9), follows=True)
    assert may_be_chatter("ah perfect, it was week 5", adds, follows=True)
    assert not may_be_chatter("perfect, and what about week 5", adds, follows=True)


@pytest.mark.parametrize(
    ("kind", "line"), [(kind, line) for kind, lines in LINES.items() for line in lines]
)
def test_a_line_gets_its_reply_and_is_not_kept(desk: Helpdesk, kind: ReplyKind, line: str) -> None:
    answer = desk.ask(line)
    assert (answer.outcome, answer.reply) == ("reply", kind)
    assert answer.text == reply_to(kind)
    assert not answer.is_kept
    assert answer.to_json()["outcome"] == "none"


@pytest.mark.parametrize("kind", LINES)
def test_every_reply_is_said_but_to_emoji(kind: ReplyKind) -> None:
    assert bool(reply_to(kind)) is (kind != "emoji")


@pytest.mark.parametrize("line", LINES["safeguarding"])
def test_of_a_learner_at_risk_the_answer_holds_nothing(desk: Helpdesk, line: str) -> None:
    answer = desk.ask(line)
    assert answer.question == ""
    assert answer.lead.startswith("*Tell your designated safeguarding lead now,*")
    written = str(answer.to_json())
    assert not any(word in written for word in ("dad", "minibus", "rough", "placement"))


def test_a_learner_at_risk_comes_before_what_else_is_asked(desk: Helpdesk) -> None:
    story = "the placement never happened, do I take the aim off? "
    answer = desk.ask(f"{story * 6} also he told me that his uncle hits him")
    assert answer.reply == "safeguarding"
    follow_up = desk.ask("her mum beats her", before=["when is R04?"])
    assert (follow_up.reply, follow_up.question) == ("safeguarding", "")


@pytest.mark.parametrize(
    "line",
    [
        "which code is it when a learner was kicked out of home",
        "where do I put the safeguarding report, is there a field",
        "the R04 file reported missing aims, where do I look",
        "do we keep the safeguarding policy as evidence for a placement",
        "does an earlier placement mean that they can't go on a traineeship",
        "why R_96 fires on this one beats me, any ideas?",
        "a rule that hits me every return, FM25 hours again",
    ],
)
def test_talk_of_records_about_such_matters_is_no_disclosure(line: str) -> None:
    assert kind_of_line(line, line, QUESTION, Asks.PERHAPS) is None


@pytest.mark.parametrize(
    "line",
    [
        "how many of our learners have LLDD?",
        "has our R04 gone in",
        "list of our learners without a ULN",
        "which of our apprentices still have a data lock",
        "what was our retention last year",
    ],
)
def test_the_providers_own_figures_are_not_ours_to_tell(desk: Helpdesk, line: str) -> None:
    answer = desk.ask(line)
    assert (answer.outcome, answer.reply) == ("reply", "own-data")
    assert "can't see your college's learners" in answer.lead
    assert not answer.is_kept


@pytest.mark.parametrize(
    "line",
    [
        "thanks, and is a mock interview a placement?",
        "ok so which field do placement hours go in",
        "hi all, three employers this year, one aim or three?",
        "help, R_96",
        "never mind the aim, which field do placement hours go in?",
        "R04?",
    ],
)
def test_small_words_round_a_question_do_not_silence_it(desk: Helpdesk, line: str) -> None:
    assert desk.ask(line).outcome == "answer"


@pytest.mark.parametrize("line", ["is one day enough?", "is that enough", "one day is enough?"])
def test_whether_something_is_enough_is_a_question(line: str) -> None:
    assert small_talk(line) is None
    assert small_talk("fair enough") == "ok"


@pytest.mark.parametrize(
    ("kind", "how_likely", "asks", "taken"),
    [
        ("own-data", 0.7, Asks.PERHAPS, "own-data"),
        ("elsewhere", 0.7, Asks.PERHAPS, "elsewhere"),
        ("safeguarding", 0.7, Asks.PERHAPS, None),
        ("elsewhere", 0.4, Asks.PERHAPS, None),
        ("elsewhere", 0.7, Asks.LIKELY, None),
        ("elsewhere", 0.9, Asks.LIKELY, "elsewhere"),
        ("elsewhere", 0.99, Asks.SURELY, None),
        ("question", 0.9, Asks.PERHAPS, None),
        ("near", 0.9, Asks.PERHAPS, None),
    ],
)
def test_the_surer_that_a_line_asks_the_surer_the_model_must_be(
    kind: Kind, how_likely: float, asks: Asks, taken: ReplyKind | None
) -> None:
    line = "is the canteen open on inset day?"
    assert kind_of_line(line, line, chances(kind, how_likely), asks) == taken


def test_figures_of_the_providers_own_are_known_though_a_rule_is_named() -> None:
    own, line = chances("own-data", 0.9), "how many of our learners have R_96"
    assert kind_of_line(line, line, own, Asks.BY_NAME) == "own-data"
    assert kind_of_line(line, line, QUESTION, Asks.BY_NAME) is None
    line = "R_96 on two of our learners"
    assert kind_of_line(line, line, own, Asks.BY_NAME) is None


def test_a_plain_question_needs_a_surer_model_to_be_a_cry_for_help() -> None:
    told, line = chances("safeguarding", 0.4), "what is R_999 on a lad"
    assert kind_of_line(line, line, told, Asks.PERHAPS) == "safeguarding"
    assert kind_of_line(line, line, told, Asks.SURELY) is None


@pytest.mark.parametrize(
    "line",
    [
        "his leaving form says there's nothing left to stay for, which reason code is it?",
        "she wrote tell my mum sorry under reason, what do I put in WithdrawReason",
    ],
)
def test_words_of_farewell_go_before_any_code_that_is_asked_for(line: str) -> None:
    assert kind_of_line(line, line, chances("question", 0.95), Asks.SURELY) == "safeguarding"


def test_a_learner_at_risk_is_somebody() -> None:
    told = chances("safeguarding", 0.7)
    assert (
        kind_of_line("it has been a nightmare", "it has been a nightmare", told, Asks.PERHAPS)
        is None
    )
    line = "she says it has been a nightmare at home"
    assert kind_of_line(line, line, told, Asks.PERHAPS) == "safeguarding"


def test_chatter_is_told_by_less_where_nothing_is_asked() -> None:
    said, asked = "the lift is broken again", "is the lift broken again?"
    model = chances("chatter", 0.45)
    assert kind_of_line(said, said, model, Asks.PERHAPS) == "chatter"
    assert kind_of_line(asked, asked, model, Asks.PERHAPS) is None


def test_a_story_is_never_chatter() -> None:
    story = "we enrolled them late and then it rained " * 8
    assert kind_of_line(story, story, chances("chatter", 0.99), Asks.PERHAPS) is None


@pytest.mark.parametrize(
    ("text", "thanks"),
    [
        ("thanks will do", True),
        ("Great, so no end date then. Thanks!", True),
        ("Ah perfect, many thanks for that", True),
        ("thanks, but what about T Levels?", False),
        ("Can anyone help with R_96? Thanks", False),
        ("I said thanks to the tutor", False),
    ],
)
def test_a_line_that_begins_or_ends_with_thanks_and_asks_nothing(text: str, thanks: bool) -> None:
    assert thanks_for_something(text) is thanks
