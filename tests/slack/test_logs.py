"""The log: what was done, by which source, how it ended and how long it took; never a text."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from typing import Any

import pytest

from bot.errors import places
from bot.slack.runtime.logs import FIELDS, JsonLines, _is_relevant
from tests.slack.running_bot import LEARNER, Bot, bot, start, warm
from tests.support.slack_standin import SlackStandIn

__all__ = ["bot", "start", "warm"]

QUESTION = "Does a learner with several placements need one ZWRKX001 aim or one for each?"


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    """What was logged, as it is written."""
    return [json.loads(JsonLines().format(record)) for record in list(caplog.records)]


def line_of(slack: SlackStandIn, caplog: pytest.LogCaptureFixture, source: str) -> dict[str, Any]:
    """Wait for the line of a source."""
    return slack.wait_until(
        lambda: next((line for line in lines(caplog) if line.get("source") == source), None),
        timeout=30,
        what=f"a line of the log for {source}",
    )


def test_every_source_leaves_one_line_and_no_text(
    slack: SlackStandIn, bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="ilr")
    amina, channel = slack.person(), slack.channel()
    amina.types(f"/ilr {QUESTION}", channel).acknowledged()
    slack.only_for(amina)
    answered = slack.reply_to(amina.mentions(QUESTION, channel))
    amina.clicks("That solved it", on=answered).acknowledged()
    amina.opens_home().acknowledged()
    amina.types("/ilr check", channel).acknowledged()
    amina.submits(slack.modal_for(amina, saying="Paste a record"), record=LEARNER).acknowledged()
    for source, outcome in (
        ("command", "fine"), ("mention", "answer"), ("click", "fine"), ("home", "fine"),
        ("form", "fine"),
    ):  # fmt: skip
        line = line_of(slack, caplog, source)
        assert line["outcome"] == outcome
        assert len(line["reference"]) == 6
        assert 0 <= line["ms"] < 60_000
        assert line.keys() <= {"time", "level", "logger", "message", *FIELDS}
    written = json.dumps(lines(caplog))
    for private in ("several placements", "0fm90rk3", "9999999999", "Imogen", amina.id, channel.id):
        assert private not in written


def test_what_bolt_warns_of_is_left_out_and_its_errors_are_not() -> None:
    def record(name: str, level: int) -> logging.LogRecord:
        return logging.LogRecord(name, level, "f.py", 1, "said %s", ("x",), None)

    assert not _is_relevant(record("slack_bolt.App", logging.WARNING))
    assert _is_relevant(record("slack_bolt.App", logging.ERROR))
    assert _is_relevant(record("slack_sdk", logging.WARNING))
    assert _is_relevant(record("ilr", logging.INFO))


def line(record: logging.LogRecord) -> dict[str, object]:
    found = json.loads(JsonLines().format(record))
    assert isinstance(found, dict)
    return found


def test_a_log_line_has_only_the_fields_that_are_allowed() -> None:
    record = logging.makeLogRecord(
        {
            "name": "ilr",
            "levelname": "INFO",
            "msg": "answered",
            "source": "dm",
            "ms": 12,
            "text": "my learner 1000000027 of 4 High Street",
        }
    )
    assert set(line(record)) == {"time", "level", "logger", "message", "source", "ms"}


def test_what_libraries_say_is_cut_where_data_begins() -> None:
    said = "Failed to send a request: {'text': 'my learner Jo Invented'}"
    record = logging.makeLogRecord({"name": "slack_sdk", "levelname": "ERROR", "msg": said})
    assert line(record)["message"] == "Failed to send a request"


@pytest.mark.parametrize("name", ["ilr", "bot.ledger.database", "bot.matching.matcher"])
def test_what_we_say_ourselves_is_whole(name: str) -> None:
    said = "the ledger's database cannot be reached (OperationalError): %s"
    why = "The folder of the file that DATABASE_URL names does not exist. " * 3
    record = logging.LogRecord(name, logging.WARNING, "f.py", 1, said, (why,), None)
    assert line(record)["message"] == said % why


def test_whatever_goes_wrong_is_one_json_line() -> None:
    """In a process of its own: an error nobody took, a thread's, a warning, a broken line."""
    program = (
        "import logging, threading, warnings\n"
        "from bot.slack.runtime.logs import configure, log\n"
        "configure('INFO')\n"
        "def fail():\n    raise ValueError('Imogen')\n"
        "thread = threading.Thread(target=fail)\nthread.start()\nthread.join()\n"
        "warnings.warn('of Imogen')\n"
        "log.info('two\\nlines')\n"
        "logging.getLogger('other').warning('%d', 'Imogen')\n"
        "class Broken:\n    def __del__(self):\n        raise KeyError('Imogen')\n"
        "Broken()\n"
        "fail()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stderr == ""
    assert "Imogen" not in done.stdout
    found = [json.loads(one) for one in done.stdout.splitlines()]
    assert [one.get("error") for one in found] == [
        "ValueError", None, None, None, "KeyError", "ValueError",
    ]  # fmt: skip
    assert found[-1]["where"] == ["<string>:16 <module>", "<string>:5 fail"]
    assert found[-1]["level"] == "critical"


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("the ledger's database is busy: 9 writes", "the ledger's database is busy"),
        ("No value 'Jo Invented'", "No value"),
        ("rows' values", "rows"),
    ],
)
def test_the_apostrophe_of_a_word_is_no_quotation(said: str, kept: str) -> None:
    record = logging.makeLogRecord({"name": "other", "levelname": "ERROR", "msg": said})
    assert line(record)["message"] == kept


def test_an_error_is_logged_by_its_places_and_never_by_its_words() -> None:
    try:
        raise ValueError("my learner Jo Invented")
    except ValueError as error:
        found = error
    record = logging.makeLogRecord(
        {"name": "ilr", "msg": "a listener failed", "exc_info": (ValueError, found, None)}
    )
    assert "Jo Invented" not in json.dumps(line(record))
    assert places(found)[0].startswith("test_logs.py:")
