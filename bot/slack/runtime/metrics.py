"""Figures for Prometheus: what this process did and how it is, and the ledger's counts.

What is counted is what is logged, so nothing of what was asked can be in it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from slack_sdk import WebClient
from slack_sdk.http_retry import HttpRequest, HttpResponse, RetryHandler, RetryState

from bot.slack.runtime.logs import REPEATED

__all__ = ["CONTENT_TYPE", "Metrics"]

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30, 60)
_STATE = {
    "slack_connected": "1 while Slack is connected and takes the token.",
    "database_up": "1 while the ledger's database takes what is to be kept.",
    "semantic_layer_on": "1 while the semantic layer serves, 0 while answers are by words alone.",
    "entries": "Entries of the knowledge that is served.",
    "queue": "Answers that wait in this process for their turn.",
}
_LEDGER = {
    "questions": "Questions in the ledger, by what came of them and where they were asked.",
    "feedback": "Clicks on answers in the ledger, by kind.",
    "handovers": "Questions passed to a person, by state.",
    "suggestions": "Suggested answers, by state.",
    "events": "Slack's events of the last seven days, by state.",
    "checks": "Records that were checked.",
}
_LABEL = re.compile(r'(\w+)="([^"]*)"')


class Metrics(logging.Handler):
    """Counts from the log, and asks for the rest when it is read.

    ``state`` gives the figures of ``_STATE`` as they are now, and ``ledger`` those of
    ``Ledger.metrics``; both are called for each page.
    """

    def __init__(
        self,
        state: Callable[[], Mapping[str, float]],
        ledger: Callable[[], Mapping[str, float]],
    ) -> None:
        super().__init__(logging.INFO)
        self._state, self._ledger = state, ledger
        self._registry = CollectorRegistry()
        self._answers = Counter(
            "ilr_helpdesk_answers",
            "Questions, commands, clicks and forms that were dealt with, by source and outcome.",
            ["source", "outcome"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "ilr_helpdesk_answer_seconds",
            "How long each of them took, from when it was begun.",
            ["source"],
            buckets=SECONDS,
            registry=self._registry,
        )
        self._errors = Counter(
            "ilr_helpdesk_errors",
            "Lines of the log at level error, by who wrote them (ilr and bot are ours) and kind.",
            ["logger", "error"],
            registry=self._registry,
        )
        self._repeated = Counter(
            "ilr_helpdesk_slack_repeated_events",
            "Events that Slack sent again and that were taken already.",
            registry=self._registry,
        )
        self._retries = Counter(
            "ilr_helpdesk_slack_retries",
            "Calls of Slack's that were tried again, by why.",
            ["why"],
            registry=self._registry,
        )
        self._registry.register(self)

    def start(self) -> None:
        """Begin to count."""
        logging.getLogger().addHandler(self)

    def stop(self) -> None:
        """Count no more."""
        logging.getLogger().removeHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Count a line of the log."""
        said = record.__dict__
        if record.levelno >= logging.ERROR:
            logger = record.name.partition(".")[0]
            self._errors.labels(logger, said.get("error") or "other").inc()
        if record.msg == REPEATED:
            self._repeated.inc()
        if "outcome" in said and "ms" in said:
            source = said.get("source") or "other"
            self._answers.labels(source, said["outcome"]).inc()
            self._seconds.labels(source).observe(said["ms"] / 1000)

    def watch(self, *clients: WebClient) -> None:
        """Count the calls that these try again."""
        for client in clients:
            client.retry_handlers = [
                one if isinstance(one, _Counted) else _Counted(one, self._retries)
                for one in client.retry_handlers
            ]

    def page(self) -> bytes:
        """The page that Prometheus reads."""
        return generate_latest(self._registry)

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing yet: what there is depends on what there was."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The figures that are asked for anew."""
        state = self._state()
        for name, about in _STATE.items():
            if name in state:
                yield GaugeMetricFamily(f"ilr_helpdesk_{name}", about, value=state[name])
        yield from _families(self._ledger())


def _families(figures: Mapping[str, float]) -> Iterator[GaugeMetricFamily]:
    """The ledger's figures, named as ``name{label="value"}``, by name."""
    found: dict[str, GaugeMetricFamily] = {}
    for sample, value in figures.items():
        name, _, rest = sample.partition("{")
        labels = dict(_LABEL.findall(rest))
        if name not in found:
            about = _LEDGER.get(name.removeprefix("ilr_helpdesk_"), "From the ledger.")
            found[name] = GaugeMetricFamily(name, about, labels=list(labels))
        found[name].add_metric(list(labels.values()), value)
    yield from found.values()


class _Counted(RetryHandler):
    """A retry handler that is counted each time it is used."""

    def __init__(self, inner: RetryHandler, counter: Counter) -> None:
        super().__init__(max_retry_count=inner.max_retry_count)
        self._inner, self._counter = inner, counter

    def can_retry(self, **given: Any) -> bool:
        """As the handler itself says."""
        return self._inner.can_retry(**given)

    def prepare_for_next_attempt(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> None:
        """Count it, and do as the handler does."""
        why = type(self._inner).__name__.removesuffix("RetryHandler").removesuffix("Error")
        self._counter.labels(why.casefold()).inc()
        self._inner.prepare_for_next_attempt(
            state=state, request=request, response=response, error=error
        )
