"""What buttons and forms carry and bring back, typed.

Buttons stay in messages for as long as Slack keeps them. What is written is version 2, with the
names of the fields; version 1 had keys of a letter or two (``OLD_KEYS``) and is still read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Self, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
)

from bot.ledger.values import Feedback
from bot.years import AcademicYear

__all__ = [
    "AnswerPayload",
    "CheckForm",
    "CopyPayload",
    "EntryPayload",
    "FeedbackForm",
    "GapPayload",
    "HandoverPayload",
    "ImagesPayload",
    "MorePayload",
    "NoPayload",
    "Payload",
    "PhrasingPayload",
    "ReasonsPayload",
    "ReplyPayload",
    "ReturnPayload",
    "RulePayload",
    "SeeAlsoPayload",
    "SharedRules",
    "ShownAnswer",
    "SlackFile",
    "SuggestPayload",
    "SuggestionOrigin",
    "SuggestionPayload",
    "TopicPayload",
    "WeekPayload",
    "WrongAnswerPayload",
    "chosen_value",
    "files_in",
    "first_payload",
    "form_value",
]

VERSION = 2


def _year(given: object) -> AcademicYear | None:
    if isinstance(given, AcademicYear):
        return given
    try:
        return AcademicYear.parse(given) if isinstance(given, str) else None
    except ValueError:
        return None


def _written(year: AcademicYear | None) -> str | None:
    return str(year) if year else None


Year = Annotated[AcademicYear | None, BeforeValidator(_year), PlainSerializer(_written)]
"""An academic year; None for what is not one."""


class _Lenient(BaseModel):
    """Every field has a default: what Slack hands back may be old, or not ours at all."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    @classmethod
    def of(cls, values: Mapping[str, object]) -> Self:
        """The values; all defaults when one of them is of another type."""
        try:
            return cls.model_validate({key: v for key, v in values.items() if v is not None})
        except ValidationError:
            return cls()


class Payload(_Lenient):
    """The value of a button, or the ``private_metadata`` of a form."""

    OLD_KEYS: ClassVar[Mapping[str, str]] = {}
    """The keys of version 1, and the fields that they are now."""

    def to_json(self) -> str:
        """As it is written; Slack takes 2,000 characters of a button and 3,000 of a form."""
        filled = self.model_dump(mode="json", exclude_defaults=True)
        return json.dumps({"version": VERSION, **filled}, separators=(",", ":"), ensure_ascii=False)

    @classmethod
    def read(cls, text: object) -> Self:
        """What was written; all defaults for what is not ours."""
        try:
            found = json.loads(text) if isinstance(text, str) else None
        except ValueError:
            return cls()
        if not isinstance(found, dict):
            return cls()
        if "version" not in found:
            found = {cls.OLD_KEYS.get(key, key): value for key, value in found.items()}
        return cls.of(found)


class NoPayload(Payload):
    """Of a button that only says that it was pressed."""


class EntryPayload(Payload):
    """An entry or explanation to show: a related one, one of a topic, one that is offered."""

    OLD_KEYS = {"e": "entry", "y": "year"}

    entry: str = ""
    year: Year = None


class AnswerPayload(EntryPayload):
    """An answer or a choice, and the questions it is about: what can be done with an answer."""

    OLD_KEYS = {**EntryPayload.OLD_KEYS, "q": "questions", "t": "question_text"}

    questions: tuple[int, ...] = ()
    """Their ids in the ledger; none when they could not be kept."""
    question_text: str = ""
    """Masked."""
    asker: str = ""
    """Who asked; "" in messages of before this was written."""

    @property
    def question(self) -> int | None:
        """The first of the questions."""
        return self.questions[0] if self.questions else None


class ShownAnswer(_Lenient):
    """One of the answers that a message shows, so that it can be shown again."""

    entry: str = ""
    year: Year = None
    then: Year = None
    """The earlier year that is told beside it."""
    question: str = ""
    """Masked and short; where a message answers several."""
    others: tuple[str, ...] = ()
    """Entries that may be meant instead."""
    outright: bool = False
    """Whether it is an answer all the same, and not only likely."""


class MorePayload(AnswerPayload):
    """Of "More", "Less" and "That solved it": what the message shows."""

    answers: tuple[ShownAnswer, ...] = ()
    opened: bool = False
    """Whether all of it is shown."""
    solved: bool = False
    """Whether its asker has said that it solved it."""
    shared_by: str = ""
    """Who showed it to the channel, when somebody did."""


class SeeAlsoPayload(AnswerPayload):
    """A choice of the menu below an answer: a related entry, or the answer in another year."""

    in_place: bool = False
    """Whether it takes the place of the answer."""


class WrongAnswerPayload(AnswerPayload):
    """Of the form that asks what was wrong with an answer: where to thank for it."""

    OLD_KEYS = {**AnswerPayload.OLD_KEYS, "r": "response_url", "c": "channel", "th": "thread"}

    response_url: str = ""
    channel: str = ""
    thread: str = ""


class TopicPayload(Payload):
    """A topic to look through."""

    OLD_KEYS = {"t": "topic"}

    topic: str = ""


class HandoverPayload(Payload):
    """A question that was passed to a person."""

    OLD_KEYS = {
        "h": "handover",
        "c": "channel",
        "th": "thread",
        "u": "asker",
        "t": "question_text",
        "y": "year",
        "o": "offered",
        "l": "link",
    }

    handover: int | None = None
    """None when it could not be kept."""
    channel: str = ""
    thread: str = ""
    """With the channel: where the asker is told."""
    asker: str = ""
    question_text: str = ""
    """Masked."""
    year: Year = None
    offered: tuple[str, ...] = ()
    """Entries that the asker was shown."""
    link: str = ""
    """The address of the question."""


class ReplyPayload(Payload):
    """A reply in the triage channel that may be sent to the asker."""

    message_ts: str = ""
    thread_ts: str = ""


class SuggestPayload(Payload):
    """A question to write an answer to: one passed to a person, or a gap."""

    OLD_KEYS = {"t": "question_text", "q": "questions", "w": "wordings", "h": "handover"}

    question_text: str = ""
    questions: tuple[int, ...] = ()
    wordings: tuple[str, ...] = ()
    """Other ways in which it was asked."""
    handover: int | None = None


class SuggestionOrigin(Payload):
    """Of the form for an answer: what it came from, or which suggestion it changes."""

    OLD_KEYS = {
        "q": "question",
        "h": "handover",
        "s": "suggestion",
        "v": "revision",
        "n": "shown",
    }

    question: int | None = None
    handover: int | None = None
    suggestion: int | None = None
    """None for a new one."""
    revision: int = 0
    shown: tuple[str, ...] = ()
    """Similar entries that the form has shown."""


class SuggestionPayload(Payload):
    """A suggested answer to decide on, as it was when it was shown."""

    OLD_KEYS = {"s": "suggestion", "v": "revision"}

    suggestion: int | None = None
    revision: int = 0


class PhrasingPayload(Payload):
    """A new wording to decide on."""

    OLD_KEYS = {"p": "phrasing"}

    phrasing: int | None = None


class GapPayload(Payload):
    """Questions that need no answer."""

    OLD_KEYS = {"q": "questions"}

    questions: tuple[int, ...] = ()


class WeekPayload(Payload):
    """A week to look at, by its Monday."""

    OLD_KEYS = {"w": "week"}

    week: str = ""


class ReturnPayload(Payload):
    """A return to be reminded of."""

    year: Year = None
    code: str = ""


class CopyPayload(Payload):
    """The message, and the file in it, to make a copy with invented people of."""

    OLD_KEYS = {"ts": "message_ts", "f": "file_id"}

    message_ts: str = ""
    file_id: str = ""
    """Empty for text."""


class RulePayload(Payload):
    """A rule to explain."""

    OLD_KEYS = {"r": "rule", "y": "year"}

    rule: str = ""
    year: Year = None


class ReasonsPayload(Payload):
    """Why rules were not run: lines of mrkdwn, nothing of the record."""

    OLD_KEYS = {"n": "reasons"}

    reasons: tuple[str, ...] = ()


class ImagesPayload(Payload):
    """Of a form with images in it, which are deleted when it is closed."""

    OLD_KEYS = {"p": "images"}

    images: tuple[str, ...] = ()
    """Ids of files."""


class SharedRules(ImagesPayload):
    """What is shared of a check: rules and counts; no learner and no value."""

    OLD_KEYS = {**ImagesPayload.OLD_KEYS, "y": "year", "n": "learners"}

    year: Year = None
    learners: int = 0
    rules: dict[str, int] = {}
    """How often each was broken."""


_PICTURES = frozenset({"png", "jpg", "jpeg", "gif", "bmp", "heic", "tif", "tiff", "webp"})


class SlackFile(_Lenient):
    """A file that somebody added to a message or a form."""

    id: str = ""
    name: str | None = None
    size: int | None = None
    mimetype: str | None = None
    url_private_download: str | None = Field(default=None, repr=False)
    url_private: str | None = Field(default=None, repr=False)

    @property
    def is_picture(self) -> bool:
        """Whether it is a screenshot or photograph, which nobody here can read."""
        ending = (self.name or "").casefold().rpartition(".")[2]
        return (self.mimetype or "").startswith("image/") or ending in _PICTURES

    @property
    def url(self) -> str:
        """Where its content is."""
        return self.url_private_download or self.url_private or ""


class CheckForm(_Lenient):
    """The form to check a record with, filled in."""

    pasted: str = Field(default="", repr=False)
    files: tuple[SlackFile, ...] = ()
    year: Year = None
    copy_wanted: bool = False

    @classmethod
    def from_view(cls, view: Mapping[str, Any]) -> Self:
        """What was filled in."""
        return cls.of(
            {
                "pasted": form_value(view, "paste", "record", "value"),
                "files": files_in(form_value(view, "file", "files", "files")),
                "year": chosen_value(view, "year", "year"),
                "copy_wanted": bool(form_value(view, "copy", "copy", "selected_options")),
            }
        )

    @property
    def given(self) -> list[str | SlackFile]:
        """What is to be checked: text, then files."""
        return [*([self.pasted] if self.pasted.strip() else []), *self.files]


class FeedbackForm(_Lenient):
    """The form that asks what was wrong with an answer, filled in."""

    kind: Feedback | None = None
    note: str = ""

    @classmethod
    def from_view(cls, view: Mapping[str, Any]) -> Self:
        """What was filled in."""
        kind, note = chosen_value(view, "why", "why"), form_value(view, "note", "note", "value")
        return cls.of({"kind": kind, "note": note})


def form_value(view: Mapping[str, Any], block: str, action: str, key: str) -> Any:
    """What was filled in to an element of a form; None for nothing."""
    found: Any = view
    for name in ("state", "values", block, action, key):
        found = found.get(name) if isinstance(found, dict) else None
    return found


def chosen_value(view: Mapping[str, Any], block: str, action: str) -> Any:
    """The value of the option that was chosen in a menu of a form; None for none."""
    option = form_value(view, block, action, "selected_option")
    return option.get("value") if isinstance(option, dict) else None


def files_in(given: object) -> tuple[SlackFile, ...]:
    """The files of a message or a form."""
    listed = given if isinstance(given, list) else []
    return tuple(SlackFile.of(one) for one in listed if isinstance(one, dict))


P = TypeVar("P", bound=Payload)


def first_payload(message: Mapping[str, Any], kind: type[P]) -> P:
    """What the first button of a message carries, as Slack hands the message back."""
    for block in message.get("blocks") or ():
        for element in block.get("elements") or ():
            if isinstance(element, dict) and element.get("type") == "button":
                return kind.read(element.get("value"))
    return kind()
