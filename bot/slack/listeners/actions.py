"""Buttons: each acknowledges, and its feature gets the click with what the button carried."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from slack_bolt import Ack, App

from bot.slack.blocks.parts import action_pattern
from bot.slack.context import AppContext
from bot.slack.features import (
    browsing,
    checking,
    curating,
    feedback,
    findings,
    handover,
    home,
    redacted_copy,
    relaying,
    returns,
    sharing,
    suggesting,
)
from bot.slack.interactions import Click, from_body
from bot.slack.payloads import (
    AnswerPayload,
    CopyPayload,
    EntryPayload,
    GapPayload,
    HandoverPayload,
    MorePayload,
    NoPayload,
    Payload,
    PhrasingPayload,
    ReasonsPayload,
    ReplyPayload,
    ReturnPayload,
    RulePayload,
    SeeAlsoPayload,
    SharedRules,
    SuggestionPayload,
    SuggestPayload,
    TopicPayload,
    WeekPayload,
)

__all__ = ["ACTIONS", "register"]

P = TypeVar("P", bound=Payload)
Act = Callable[[AppContext, dict[str, Any]], None]


def register(bolt: App, app: AppContext) -> None:
    """Register a listener for every button."""
    for action, act in ACTIONS.items():
        _listen(bolt, app, action, act)


def _listen(bolt: App, app: AppContext, action: str, act: Act) -> None:
    @bolt.action(action_pattern(action))
    def clicked(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        act(app, body)


def _on(payload: type[P], feature: Callable[[AppContext, Click[P]], None]) -> Act:
    """Of a click on a button that carries such a payload."""

    def act(app: AppContext, body: dict[str, Any]) -> None:
        feature(app, from_body(body, payload))

    return act


def _for_themselves(
    feature: Callable[[AppContext, Click[AnswerPayload]], None],
) -> Callable[[AppContext, Click[AnswerPayload]], None]:
    """What somebody else than its asker does below an answer is no word on the asker's question."""

    def act(app: AppContext, click: Click[AnswerPayload]) -> None:
        if not click.is_theirs:
            payload = click.payload.model_copy(update={"questions": (), "asker": click.user})
            click = replace(click, payload=payload)
        feature(app, click)

    return act


ACTIONS: dict[str, Act] = {
    "ilr_choice": _on(AnswerPayload, browsing.choose),
    "ilr_related": _on(EntryPayload, browsing.show_entry),
    "ilr_offer": _on(EntryPayload, browsing.show_entry),
    "ilr_see_also": _on(SeeAlsoPayload, browsing.see_also),
    "ilr_more": _on(MorePayload, browsing.show_more),
    "ilr_less": _on(MorePayload, browsing.show_less),
    "ilr_year": _on(AnswerPayload, browsing.show_other_year),
    "ilr_topic": _on(TopicPayload, browsing.show_topic),
    "ilr_topics": _on(NoPayload, browsing.show_topics),
    "ilr_home_ask": _on(NoPayload, home.ask),
    "ilr_solved": _on(MorePayload, feedback.solved),
    "ilr_not_quite": _on(AnswerPayload, feedback.ask_what_was_wrong),
    "ilr_show": _on(AnswerPayload, sharing.share_answer),
    "ilr_ask_person": _on(AnswerPayload, _for_themselves(handover.ask_a_person)),
    "ilr_take": _on(HandoverPayload, home.then_refresh(handover.take)),
    "ilr_answered": _on(HandoverPayload, home.then_refresh(handover.answered)),
    "ilr_send": _on(ReplyPayload, relaying.send_to_asker),
    "ilr_suggest_this": _on(SuggestPayload, suggesting.from_button),
    "ilr_approve": _on(SuggestionPayload, home.then_refresh(curating.approve)),
    "ilr_reject": _on(SuggestionPayload, home.then_refresh(curating.reject)),
    "ilr_edit": _on(SuggestionPayload, suggesting.edit),
    "ilr_keep_phrasing": _on(PhrasingPayload, home.then_refresh(curating.accept_phrasing)),
    "ilr_drop_phrasing": _on(PhrasingPayload, home.then_refresh(curating.reject_phrasing)),
    "ilr_close_gap": _on(GapPayload, home.then_refresh(curating.dismiss_gap)),
    "ilr_peak": _on(WeekPayload, curating.show_busy_week),
    "ilr_unneeded": _on(NoPayload, curating.show_unused),
    "ilr_remind": _on(ReturnPayload, returns.remind_me),
    "ilr_unremind": _on(ReturnPayload, returns.stop_reminding_me),
    "ilr_check_open": _on(NoPayload, checking.open_form_from_button),
    "ilr_why": _on(RulePayload, findings.explain_rule),
    "ilr_not_checked": _on(ReasonsPayload, findings.show_reasons),
    "ilr_share": _on(SharedRules, sharing.ask_where_to_share),
    "ilr_redact": _on(CopyPayload, redacted_copy.give),
}
