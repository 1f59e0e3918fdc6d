"""What goes to Sentry: kinds and places of errors, and nothing that anybody wrote."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from bot.errors import SettingsError
from bot.slack.runtime.logs import log
from bot.slack.runtime.sentry import Sentry, _scrubbed, report_to

DSN = "https://0123456789abcdef@sentry.example/1"
PRIVATE = "Imogen Notareal 9999999999"


class _Kept(Transport):
    """Keeps what would be sent."""

    sent: list[dict[str, Any]] = []  # noqa: RUF012 - emptied for each test

    def capture_envelope(self, envelope: Envelope) -> None:
        self.sent.append(
            {"headers": envelope.headers, "items": [one.payload.json for one in envelope.items]}
        )


@pytest.fixture
def sentry() -> Iterator[Sentry]:
    _Kept.sent.clear()
    handler = report_to(DSN, transport=_Kept)
    yield handler
    handler.stop()


def fail(learner: str) -> None:
    raise ValueError(f"cannot read {learner}")


def test_an_error_goes_by_its_kind_place_and_reference_alone(sentry: Sentry) -> None:
    try:
        fail(PRIVATE)
    except ValueError:
        log.exception("a listener failed", extra={"reference": "a1b2c3", "user": PRIVATE})
    logging.getLogger("slack_sdk").error("Failed to send: {'text': '%s'}", PRIVATE)
    try:
        fail(PRIVATE)
    except ValueError:
        logging.getLogger("slack_bolt").exception("Failed to run {'text': '%s'}", PRIVATE)
    assert len(_Kept.sent) == 2
    written = json.dumps(_Kept.sent, default=str)
    for private in ("Imogen", "Notareal", "9999999999", "learner"):
        assert private not in written
    event = _Kept.sent[0]["items"][0]
    (error,) = event["exception"]["values"]
    assert (error["type"], error["value"]) == ("ValueError", "a listener failed")
    assert error["stacktrace"]["frames"][-1]["function"] == "fail"
    assert event["tags"] == {"reference": "a1b2c3"}
    assert event.keys() <= {
        "event_id", "timestamp", "level", "logger", "message", "exception", "tags", "release",
        "platform",
    }  # fmt: skip


def test_what_is_no_error_is_not_sent(sentry: Sentry) -> None:
    log.warning("the database is unavailable")
    log.info("answered", extra={"outcome": "answer"})
    assert _Kept.sent == []


def test_whatever_the_library_adds_is_cut() -> None:
    scrubbed = _scrubbed(
        {
            "message": "a listener failed",
            "server_name": "mis-pc-imogen",
            "user": {"id": PRIVATE},
            "request": {"data": PRIVATE},
            "extra": {"learner": PRIVATE},
            "contexts": {"x": {"y": PRIVATE}},
            "breadcrumbs": {"values": [{"message": PRIVATE}]},
            "tags": {"reference": "a1b2c3", "learner": PRIVATE},
            "exception": {
                "values": [
                    {
                        "type": "KeyError",
                        "value": "said",
                        "mechanism": {"data": PRIVATE},
                        "stacktrace": {"frames": [{"function": "f", "vars": {"x": PRIVATE},
                                                   "context_line": PRIVATE}]},
                    }
                ]
            },
        },  # type: ignore[typeddict-item]
        {},
    )  # fmt: skip
    assert "Imogen" not in json.dumps(scrubbed)
    assert "imogen" not in json.dumps(scrubbed)


def test_an_address_that_is_none_is_said_without_its_key() -> None:
    with pytest.raises(SettingsError, match="ILR_SENTRY_DSN") as said:
        report_to("https://hidden.example")
    assert "hidden" not in str(said.value)
