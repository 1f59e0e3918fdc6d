"""Whose file it is. Rules on the provider's contracts need the contracts themselves."""

from __future__ import annotations

from bot.ilr.absent import is_present
from bot.ilr.record import LearningProvider, Message, Source
from bot.rules.engine import rule
from bot.rules.tracing import noted


@rule("UKPRN_03")
def provider_is_not_the_one_in_the_header(provider: LearningProvider) -> bool:
    message = provider.parent
    if not isinstance(message, Message) or message.header is None or not is_present(provider.UKPRN):
        return False
    return any(
        is_present(source.UKPRN) and noted("header", source.UKPRN) != provider.UKPRN
        for source in message.header.of(Source)
    )
