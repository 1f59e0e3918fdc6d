"""The Bolt app in this process, behind the web server it has in HTTP mode."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import App

from bot.answers import Answer, Choice
from bot.helpdesk import Helpdesk
from bot.ledger import Ledger
from bot.settings import Settings
from bot.slack.context import AppContext
from bot.slack.runtime import client, response_address
from bot.slack.runtime.app import build
from bot.slack.runtime.transport import OverHttp
from bot.slack.runtime.web import Web
from tests.support.ledgers import empty_ledger
from tests.support.slack_standin import SlackStandIn

SECRET = "a key that only these tests use"

LEARNER = """<Learner><LearnRefNumber>0fm90rk3</LearnRefNumber><ULN>9999999999</ULN>
<FamilyName>Invented</FamilyName><GivenNames>Imogen</GivenNames>
<DateOfBirth>2009-05-04</DateOfBirth><Ethnicity>31</Ethnicity><Sex>F</Sex>
<LLDDHealthProb>2</LLDDHealthProb><PlanLearnHours>540</PlanLearnHours>
<PlanEEPHours>60</PlanEEPHours><MathGrade>5</MathGrade><EngGrade>5</EngGrade>
<PostcodePrior>ZZ99 9ZZ</PostcodePrior><Postcode>ZZ99 9ZZ</Postcode>
<AddLine1>1 Made-up Road</AddLine1>
<LearningDelivery><LearnAimRef>ZWRKX001</LearnAimRef><AimType>3</AimType>
<AimSeqNumber>2</AimSeqNumber><LearnStartDate>2026-09-10</LearnStartDate>
<LearnPlanEndDate>2027-06-30</LearnPlanEndDate><FundModel>25</FundModel>
<CompStatus>1</CompStatus><LearningDeliveryWorkPlacement>
<WorkPlaceStartDate>2026-09-01</WorkPlaceStartDate><WorkPlaceHours>30</WorkPlaceHours>
<WorkPlaceMode>1</WorkPlaceMode></LearningDeliveryWorkPlacement></LearningDelivery></Learner>"""
"""Its placement starts before its aim: WorkPlaceStartDate_02."""


@dataclass
class Bot:
    """What a test needs of the running app."""

    bolt: App
    app: AppContext
    ledger: Ledger
    settings: Settings


Start = Callable[..., Bot]

OFFERED = ("one-aim-many-placements", "placement-dates-differ-from-aim-dates")
"""Entries that are offered where a test makes it unsure."""


def makes_unsure(monkeypatch: pytest.MonkeyPatch, bot: Bot) -> None:
    """Whatever is asked, two entries may be meant."""
    helpdesk = bot.app.helpdesk
    choices = tuple(Choice(one, helpdesk.title_of(one), 0.5, "A hint.") for one in OFFERED)

    def ask(text: str, *_: object, **__: object) -> Answer:
        return Answer(text, helpdesk.year, "choices", confidence=0.5, choices=choices)

    monkeypatch.setattr(helpdesk, "ask", ask)


@pytest.fixture(scope="session")
def warm(helpdesk: Helpdesk) -> Helpdesk:
    """The helpdesk with its index built, as it is when the process serves."""
    helpdesk.ask("placement dates")
    return helpdesk


TRIED_AGAIN = "slack_sdk.http_retry.builtin_interval_calculators"


@pytest.fixture
def start(
    slack: SlackStandIn,
    warm: Helpdesk,
    ledger_with_tables: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Start]:
    """Starts the app with some settings; stopped at the end of the test.

    What Slack failed at is tried again at once, not after seconds.
    """
    for module in (client, response_address):
        monkeypatch.setattr(module, "SECONDS_BETWEEN_TRIES", (0.01, 0.05))
    monkeypatch.setattr(
        f"{TRIED_AGAIN}.BackoffRetryIntervalCalculator.calculate_sleep_duration", lambda *_: 0.01
    )
    with contextlib.ExitStack() as stop:

        def begin(ledger: Ledger | None = None, **settings: Any) -> Bot:
            basic = Settings(
                slack_bot_token=slack.bot_token,
                slack_signing_secret=slack.signing_secret,
                slack_api_url=slack.api_url,
                secret=SECRET,
            )
            chosen = replace(basic, **settings)
            kept = ledger or Ledger.open(
                empty_ledger(ledger_with_tables, tmp_path / "ledger.db"),
                secret=SECRET,
                retention_days=30,
            )
            bolt, app = build(chosen, warm, kept)
            web = Web(OverHttp(bolt, slack.signing_secret), "127.0.0.1", 0)
            web.start()
            slack.delivers_to(f"http://127.0.0.1:{web.port}/slack/events")
            listening = bolt.listener_runner.listener_executor
            slack.watches(listening, app.answering, app.checking)
            stop.callback(kept.close)
            stop.callback(web.stop)
            stop.callback(app.apart.close)
            stop.callback(app.checking.shutdown)
            stop.callback(app.answering.shutdown)
            stop.callback(listening.shutdown)
            return Bot(bolt, app, kept, chosen)

        yield begin
        with contextlib.suppress(AssertionError):
            slack.settle()


@pytest.fixture
def bot(start: Start) -> Bot:
    """The app with no settings of its own."""
    return start()
