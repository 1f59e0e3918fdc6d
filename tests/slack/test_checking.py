"""A record is checked in one way, whichever way it came."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

import pytest

from tests.slack.running_bot import LEARNER, Bot, bot, start, warm
from tests.support.slack_limits import elements
from tests.support.slack_people import Person
from tests.support.slack_standin import SlackStandIn
from tests.support.slack_world import Message, View
from tests.support.workbooks import packed, workbook

__all__ = ["bot", "start", "warm"]

NAME = "ILR-10000002-2526-20261120-100000-01.xml"
"""Of another provider and year than the file's header: Filename_4 and Header_3."""
RETURN = f"""<Message xmlns="ILR/2026-27"><Header><CollectionDetails>
<Collection>ILR</Collection><Year>2627</Year>
<FilePreparationDate>2026-11-20</FilePreparationDate></CollectionDetails>
<Source><ProtectiveMarking>OFFICIAL-SENSITIVE-Personal</ProtectiveMarking>
<UKPRN>10000001</UKPRN></Source></Header>{LEARNER}</Message>"""
NOT_A_RECORD = "cv.xml", "<cv>Hello</cv>"


class Shown(NamedTuple):
    """What a person sees of a check."""

    rules_run: int
    findings: list[str]


def shown(report: Message | View) -> Shown:
    found = re.search(r"([\d,]+) rules? (?:was|were) run", report.words)
    assert found, report.words
    rules = re.findall(r"\*(?:Error|Please check|Warning): (\w+)\*", report.words)
    return Shown(int(found[1].replace(",", "")), rules)


Content = str | bytes
Way = Callable[[SlackStandIn, Person, str, Content], Message | View]


def by_message(
    slack: SlackStandIn, person: Person, name: str, content: str | bytes
) -> Message | View:
    return slack.reply_to(person.shares_file(name, content, mode="hosted"))


def by_form(slack: SlackStandIn, person: Person, name: str, content: Content) -> Message | View:
    person.runs_shortcut("ilr_check").acknowledged()
    return submitted(slack, person, name, content)


def by_command(
    slack: SlackStandIn, person: Person, name: str, content: str | bytes
) -> Message | View:
    person.types("/ilr check", slack.channel()).acknowledged()
    return submitted(slack, person, name, content)


def by_shortcut(
    slack: SlackStandIn, person: Person, name: str, content: str | bytes
) -> Message | View:
    colleague, channel = slack.person(), slack.channel()
    posted = colleague.shares_file(name, content, channel=channel, mode="hosted")
    person.runs_shortcut("ilr_check_message", on=posted)
    return slack.only_for(person)


def submitted(slack: SlackStandIn, person: Person, name: str, content: Content) -> View:
    form = slack.modal_for(person, saying="Paste a record")
    person.submits(form, files=[person.has_file(name, content)]).acknowledged()
    return slack.modal_for(person, saying="What the check found")


WAYS = [by_message, by_form, by_command, by_shortcut]


@pytest.mark.parametrize("way", WAYS)
def test_a_file_is_checked_with_its_name_whichever_way_it_came(
    slack: SlackStandIn, bot: Bot, way: Way
) -> None:
    expected = bot.app.helpdesk.check(RETURN, file_name=NAME)
    rules = [finding.rule for finding in expected.findings]
    assert {"Filename_4", "Header_3"} <= set(rules)
    found = shown(way(slack, slack.person(), NAME, RETURN))
    assert found.rules_run == expected.rules_run
    assert sorted(found.findings) == sorted(rules)
    assert slack.violations == []


@pytest.mark.parametrize("way", WAYS)
def test_a_workbook_and_a_zip_are_read_where_they_stand(
    slack: SlackStandIn, bot: Bot, way: Way
) -> None:
    rows = [["Learner Ref", "Aim Ref", "Start"], ["INV1", "ZWRKX001", date(2026, 10, 12)]]
    report = way(slack, slack.person(), "group.xlsx", workbook(rows))
    assert "1 learner" in report.words
    report = way(slack, slack.person(), "R04.zip", packed((NAME, RETURN)))
    assert {"ZIP_INCONSISTENT_FILENAME", "Filename_4"} <= set(shown(report).findings)
    assert slack.violations == []


@pytest.mark.parametrize("way", WAYS)
def test_what_is_no_record_is_said_whichever_way_it_came(
    slack: SlackStandIn, bot: Bot, way: Way
) -> None:
    assert "No learner record was found" in way(slack, slack.person(), *NOT_A_RECORD).words


@pytest.mark.parametrize("way", WAYS)
def test_a_check_is_counted_once_by_where_it_came_from(
    slack: SlackStandIn, bot: Bot, way: Way
) -> None:
    way(slack, slack.person(), NAME, RETURN)
    slack.settle()
    with bot.ledger._db.read() as connection:
        counted = connection.exec_driver_sql("select door, learners from checks").all()
    sources = {by_message: "dm", by_shortcut: "shortcut"}
    assert [tuple(row) for row in counted] == [(sources.get(way, "form"), 1)]


def test_text_is_checked_alike_in_a_message_and_a_command(slack: SlackStandIn, bot: Bot) -> None:
    amina = slack.person()
    typed = LEARNER.replace("\n", " ")
    by_dm = slack.reply_to(amina.writes(typed.replace("<", "&lt;")))
    amina.types(f"/ilr check {typed}", slack.channel())
    assert shown(slack.only_for(amina)) == shown(by_dm)


def test_several_records_in_the_form_have_buttons_of_their_own(
    slack: SlackStandIn, bot: Bot
) -> None:
    amina = slack.person()
    small = "<LearningDelivery><LearnAimRef>ZWRKX001</LearnAimRef></LearningDelivery>"
    files = [amina.has_file(name, small) for name in ("one.xml", "two.xml")]
    amina.runs_shortcut("ilr_check").acknowledged()
    amina.submits(slack.modal_for(amina), record=LEARNER, files=files).acknowledged()
    view = slack.modal_for(amina, saying="Not checked here")
    ids = [element["action_id"] for element, _ in elements(view.blocks)]
    reasons = [one for one in ids if one.startswith("ilr_not_checked")]
    assert reasons == ["ilr_not_checked", "ilr_not_checked_part_1", "ilr_not_checked_part_2"]
    assert len(set(ids)) == len(ids)
    amina.clicks(reasons[2], on=view)
    assert slack.modal_for(amina, saying="needs LARS").title == "Not checked here"
    assert slack.violations == []
