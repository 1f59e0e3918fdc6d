"""The few words that ask for something other than an answer: help, check, dates, topics."""

from __future__ import annotations

from dataclasses import dataclass

from bot.slack.blocks import notices
from bot.slack.blocks.post import Post
from bot.slack.context import AppContext

__all__ = ["Command", "dates", "listed_topics", "parse", "post_for", "topics"]

_HELP = {"", "help", "start", "?", "what can you do"}
_CHECK = {"check", "check a record", "check an ilr record", "check a learner record"}


@dataclass(frozen=True, slots=True)
class Command:
    """``/ilr`` with what follows: a verb, and the rest."""

    verb: str
    """help, check, dates, topics, forget, explain or ask."""
    rest: str = ""


def parse(text: str) -> Command:
    """What ``/ilr …`` asks for. Anything that is no verb is a question."""
    given = text.strip()
    plain = given.lower().strip(" .!?")
    if plain in _HELP:
        return Command("help")
    if plain in _CHECK:
        return Command("check")
    if plain in ("dates", "returns", "topics"):
        return Command("dates" if plain == "returns" else plain)
    if plain in ("forget me", "forget"):
        return Command("forget")
    verb, _, rest = given.partition(" ")
    if verb.lower() in ("ask", "explain", "check") and rest.strip():
        return Command(verb.lower(), rest.strip())
    return Command("ask", given)


def post_for(app: AppContext, text: str) -> Post | None:
    """What is said to a message that is one of these words; None for a question."""
    plain = " ".join(text.lower().strip(" .!?,").split())
    verb = parse(plain).verb if plain.count(" ") < 4 else "ask"
    if verb == "help":
        return notices.help_post()
    if verb == "check" and plain in _CHECK:
        return notices.check_here()
    if verb == "dates":
        return dates(app)
    if verb == "topics":
        return topics(app)
    return None


def topics(app: AppContext) -> Post:
    """What is covered."""
    return notices.topics_post(listed_topics(app), len(app.helpdesk.knowledge.entries))


def listed_topics(app: AppContext) -> list[tuple[str, str]]:
    """The topics that have entries: id and title."""
    used = {entry.topic for entry in app.helpdesk.knowledge.entries.values()}
    held = app.helpdesk.knowledge.topics.values()
    return [(topic.id, topic.title) for topic in held if topic.id in used]


def dates(app: AppContext) -> Post:
    """When this year's returns close."""
    year = app.helpdesk.year
    facts = app.helpdesk.knowledge.specification.for_year(year).facts
    return notices.dates_post(
        year, tuple(facts.returns), app.helpdesk.today(), facts.returns_note or ""
    )
