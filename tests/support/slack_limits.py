"""What Slack accepts: the shape, lengths and surfaces of blocks, messages and views.

Sources: Slack's Block Kit reference (blocks, elements, composition objects), the surfaces its
``blocks.json`` gives, and the total of a message's text, which is not documented and was
reported as about 13,200 characters (slackapi/bolt-js issue 2509); 12,000 is our budget.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator
from jsonschema.exceptions import best_match

__all__ = [
    "MAX_BLOCKS",
    "MAX_TEXT",
    "Violation",
    "check_message",
    "check_view",
    "elements",
    "visible_text",
]

Json = Mapping[str, Any]

MAX_BLOCKS = {"message": 50, "modal": 100, "home": 100}
MAX_TEXT = 12_000
"""Characters of all the text in one message's blocks."""
SPLIT_TEXT = 4_000
"""Characters of a message's ``text`` beyond which Slack may split it."""
MAX_TEXT_LENGTH = 40_000

EVERYWHERE = frozenset({"message", "modal", "home"})
SURFACES = {
    "actions": EVERYWHERE,
    "alert": {"modal"},
    "card": EVERYWHERE,
    "carousel": {"message", "home"},
    "container": {"message"},
    "context": EVERYWHERE,
    "context_actions": {"message"},
    "data_table": {"message"},
    "divider": EVERYWHERE,
    "file": {"message"},
    "header": EVERYWHERE,
    "image": EVERYWHERE,
    "input": EVERYWHERE,
    "markdown": {"message"},
    "plan": {"message"},
    "rich_text": EVERYWHERE,
    "section": EVERYWHERE,
    "table": {"message"},
    "task_card": {"message"},
    "video": EVERYWHERE,
}

BLOCK_KEYS = {
    "actions": "elements",
    "alert": "text level",
    "card": "hero_image icon title subtitle body subtext actions slack_icon",
    "carousel": "elements",
    "container": "title subtitle child_blocks is_collapsible default_collapsed width icon",
    "context": "elements",
    "context_actions": "elements",
    "data_table": "caption columns rows page_size row_header_column_index",
    "divider": "",
    "file": "external_id source",
    "header": "text level",
    "image": "alt_text image_url slack_file title",
    "input": "label element dispatch_action hint optional",
    "markdown": "text",
    "plan": "title tasks",
    "rich_text": "elements",
    "section": "text fields accessory expand",
    "table": "rows column_settings",
    "task_card": "task_id title status details output sources",
    "video": "alt_text author_name description provider_icon_url provider_name title "
    "title_url thumbnail_url video_url",
}
ELEMENT_KEYS = {
    "button": "text url value style confirm accessibility_label",
    "checkboxes": "options initial_options confirm focus_on_load",
    "channels_select": "placeholder initial_channel confirm response_url_enabled focus_on_load",
    "conversations_select": "placeholder initial_conversation default_to_current_conversation "
    "confirm response_url_enabled filter focus_on_load",
    "datepicker": "placeholder initial_date confirm focus_on_load",
    "datetimepicker": "initial_date_time confirm focus_on_load",
    "email_text_input": "placeholder initial_value dispatch_action_config focus_on_load",
    "external_select": "placeholder initial_option min_query_length confirm focus_on_load",
    "feedback_buttons": "positive_button negative_button",
    "file_input": "filetypes max_files",
    "icon_button": "icon text value confirm accessibility_label visible_to_user_ids",
    "image": "alt_text image_url slack_file",
    "multi_static_select": "placeholder options option_groups initial_options confirm "
    "max_selected_items focus_on_load",
    "multi_users_select": "placeholder initial_users confirm max_selected_items focus_on_load",
    "number_input": "is_decimal_allowed placeholder initial_value min_value max_value "
    "dispatch_action_config focus_on_load",
    "overflow": "options confirm",
    "plain_text_input": "placeholder initial_value multiline min_length max_length "
    "dispatch_action_config focus_on_load",
    "radio_buttons": "options initial_option confirm focus_on_load",
    "rich_text_input": "placeholder initial_value dispatch_action_config focus_on_load",
    "static_select": "placeholder options option_groups initial_option confirm focus_on_load",
    "timepicker": "placeholder initial_time confirm focus_on_load timezone",
    "url_text_input": "placeholder initial_value dispatch_action_config focus_on_load",
    "users_select": "placeholder initial_user confirm focus_on_load",
    "workflow_button": "text workflow style accessibility_label",
}
ONLY_IN_INPUT = {
    "plain_text_input", "email_text_input", "number_input", "url_text_input", "file_input",
    "rich_text_input",
}  # fmt: skip
IN_INPUT = ONLY_IN_INPUT | {
    "checkboxes", "channels_select", "conversations_select", "datepicker", "datetimepicker",
    "external_select", "multi_static_select", "multi_users_select", "radio_buttons",
    "static_select", "timepicker", "users_select",
}  # fmt: skip
IN_ACTIONS = {
    "button", "checkboxes", "channels_select", "conversations_select", "datepicker",
    "datetimepicker", "external_select", "multi_static_select", "multi_users_select", "overflow",
    "radio_buttons", "static_select", "timepicker", "users_select", "workflow_button",
}  # fmt: skip
ALLOWED_IN = {
    "actions": IN_ACTIONS,
    "input": IN_INPUT,
    "context_actions": {"feedback_buttons", "icon_button"},
    "section": IN_ACTIONS | {"image"},
    "card": {"button"},
}
VIEW_KEYS = {
    "modal": "type title blocks close submit private_metadata callback_id clear_on_close "
    "notify_on_close external_id submit_disabled",
    "home": "type blocks private_metadata callback_id external_id",
}
CARD_LIMITS = {"title": 150, "subtitle": 150, "body": 200, "subtext": 200}


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that breaks Slack's limits, or what our users need of every message."""

    pointer: str
    message: str
    refused: bool = True
    """False: Slack would show it all the same."""

    def __str__(self) -> str:
        return f"{self.message} [json-pointer:{self.pointer or '/'}]"


@dataclass
class _Check:
    """Walks one message or view and collects what is wrong."""

    surface: str
    found: list[Violation] = field(default_factory=list)
    action_ids: set[str] = field(default_factory=set)
    block_ids: set[str] = field(default_factory=set)

    def wrong(self, pointer: str, message: str, *, refused: bool = True) -> None:
        self.found.append(Violation(pointer, message, refused))

    # -- small parts

    def keys(self, part: Json, pointer: str, allowed: str) -> None:
        for key in part.keys() - {"type", *allowed.split()}:
            self.wrong(pointer, f"invalid additional property: {key}")

    def string(
        self, part: Json, key: str, pointer: str, most: int, *, needed: bool = False, least: int = 1
    ) -> None:
        value = part.get(key)
        if value is None:
            if needed:
                self.wrong(pointer, f"missing required field: {key}")
        elif not isinstance(value, str):
            self.wrong(f"{pointer}/{key}", "must provide a string")
        elif len(value) < least:
            self.wrong(f"{pointer}/{key}", f"must be more than {least - 1} characters")
        elif len(value) > most:
            self.wrong(f"{pointer}/{key}", f"must be less than {most + 1} characters")

    def text(
        self,
        part: Json,
        key: str,
        pointer: str,
        most: int,
        *,
        needed: bool = False,
        plain: bool = True,
    ) -> None:
        """A text object under ``key``; ``plain``: mrkdwn is not allowed here."""
        value = part.get(key)
        if value is None:
            if needed:
                self.wrong(pointer, f"missing required field: {key}")
            return
        self.text_object(value, f"{pointer}/{key}", most, plain=plain)

    def text_object(self, value: Any, at: str, most: int, *, plain: bool) -> None:
        if not isinstance(value, dict):
            self.wrong(at, "must provide an object")
            return
        kind = value.get("type")
        if kind not in ({"plain_text"} if plain else {"plain_text", "mrkdwn"}):
            self.wrong(f"{at}/type", f"unsupported type: {kind}")
        self.keys(value, at, "text emoji" if kind == "plain_text" else "text verbatim")
        self.string(value, "text", at, most, needed=True)

    def many(self, part: Json, key: str, pointer: str, least: int, most: int) -> list[Any]:
        """The list under ``key``, whose length is checked."""
        value = part.get(key)
        if value is None:
            if least:
                self.wrong(pointer, f"missing required field: {key}")
            return []
        if not isinstance(value, list):
            self.wrong(f"{pointer}/{key}", "must provide an array")
            return []
        if len(value) > most:
            self.wrong(
                f"{pointer}/{key}", f"no more than {most} items allowed [{len(value)} given]"
            )
        if len(value) < least:
            self.wrong(f"{pointer}/{key}", f"no less than {least} items allowed")
        return value

    def number(self, part: Json, key: str, pointer: str, low: int, high: int) -> None:
        value = part.get(key)
        if value is None:
            return
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            self.wrong(f"{pointer}/{key}", f"must be a number from {low} to {high}")

    # -- composition objects

    def option(self, option: Any, pointer: str, *, plain: bool, values: set[str]) -> None:
        if not isinstance(option, dict):
            self.wrong(pointer, "must provide an object")
            return
        self.keys(option, pointer, "text value description url")
        self.text(option, "text", pointer, 75, needed=True, plain=plain)
        self.text(option, "description", pointer, 75, plain=plain)
        self.string(option, "value", pointer, 150, needed=True)
        if option.get("value") in values:
            self.wrong(f"{pointer}/value", f"duplicate option value: {option.get('value')}")
        values.add(str(option.get("value")))

    def options(self, element: Json, pointer: str, most: int, *, plain: bool = True) -> None:
        values: set[str] = set()
        groups = element.get("option_groups")
        if groups is not None and element.get("options") is None:
            for number, group in enumerate(self.many(element, "option_groups", pointer, 1, 100)):
                at = f"{pointer}/option_groups/{number}"
                self.text(group, "label", at, 75, needed=True)
                for index, option in enumerate(self.many(group, "options", at, 1, 100)):
                    self.option(option, f"{at}/options/{index}", plain=plain, values=values)
        else:
            for index, option in enumerate(self.many(element, "options", pointer, 1, most)):
                self.option(option, f"{pointer}/options/{index}", plain=plain, values=values)
        given = [*_options(element)]
        chosen = element.get("initial_options") or []
        if element.get("initial_option"):
            chosen = [*chosen, element["initial_option"]]
        for option in chosen:
            if option not in given:
                self.wrong(pointer, "initial option must exactly match one of the options")

    def confirm(self, element: Json, pointer: str) -> None:
        confirm = element.get("confirm")
        if confirm is None:
            return
        at = f"{pointer}/confirm"
        self.keys(confirm, at, "title text confirm deny style")
        self.text(confirm, "title", at, 100, needed=True)
        self.text(confirm, "text", at, 300, needed=True, plain=False)
        self.text(confirm, "confirm", at, 30, needed=True)
        self.text(confirm, "deny", at, 30, needed=True)

    # -- elements

    def element(self, element: Any, pointer: str, inside: str) -> None:
        if not isinstance(element, dict):
            self.wrong(pointer, "must provide an object")
            return
        kind = str(element.get("type"))
        if kind not in ELEMENT_KEYS or kind not in ALLOWED_IN[inside]:
            self.wrong(f"{pointer}/type", f"unsupported type: {kind}")
            return
        self.keys(element, pointer, f"action_id {ELEMENT_KEYS[kind]}")
        self.action_id(element, pointer)
        self.confirm(element, pointer)
        self.text(element, "placeholder", pointer, 150)
        look = _ELEMENT_CHECKS.get(kind)
        if look:
            look(self, element, pointer)

    def action_id(self, element: Json, pointer: str) -> None:
        self.string(element, "action_id", pointer, 255)
        name = element.get("action_id")
        if name is None:
            return
        if name in self.action_ids:
            self.wrong(f"{pointer}/action_id", f"action_id already exists: {name}")
        self.action_ids.add(str(name))

    def button(self, element: Json, pointer: str) -> None:
        self.text(element, "text", pointer, 75, needed=True)
        self.string(element, "value", pointer, 2000, least=0)
        self.string(element, "url", pointer, 3000)
        self.string(element, "accessibility_label", pointer, 75)
        if element.get("style") not in {None, "primary", "danger"}:
            self.wrong(f"{pointer}/style", "must be one of: primary, danger")
        # slack:// leads to a place in Slack itself, such as the app's Home tab.
        schemes = ("http://", "https://", "slack://")
        if element.get("url") and not str(element["url"]).startswith(schemes):
            self.wrong(f"{pointer}/url", "must be a URL")

    def icon_button(self, element: Json, pointer: str) -> None:
        self.text(element, "text", pointer, 75, needed=True)
        self.string(element, "icon", pointer, 75, needed=True)
        self.string(element, "value", pointer, 2000)

    def feedback(self, element: Json, pointer: str) -> None:
        for side in ("positive_button", "negative_button"):
            button = element.get(side)
            at = f"{pointer}/{side}"
            if not isinstance(button, dict):
                self.wrong(pointer, f"missing required field: {side}")
                continue
            self.keys(button, at, "text value accessibility_label")
            self.text(button, "text", at, 75, needed=True)
            self.string(button, "value", at, 2000, needed=True)
            self.string(button, "accessibility_label", at, 75)

    def picture(self, part: Json, pointer: str) -> None:
        self.string(part, "alt_text", pointer, 2000, needed=True, least=0)
        self.string(part, "image_url", pointer, 3000)
        if not part.get("image_url") and not part.get("slack_file"):
            self.wrong(pointer, "missing required field: image_url or slack_file")

    def text_input(self, element: Json, pointer: str) -> None:
        self.number(element, "min_length", pointer, 0, 3000)
        self.number(element, "max_length", pointer, 1, 3000)
        self.string(element, "initial_value", pointer, 3000, least=0)

    def file_input(self, element: Json, pointer: str) -> None:
        self.number(element, "max_files", pointer, 1, 10)

    # -- blocks

    def blocks(self, blocks: Any, pointer: str, most: int) -> None:
        if not isinstance(blocks, list):
            self.wrong(pointer, "must provide an array")
            return
        if len(blocks) > most:
            self.wrong(pointer, f"no more than {most} items allowed [{len(blocks)} given]")
        for number, block in enumerate(blocks):
            self.block(block, f"{pointer}/{number}")

    def block(self, block: Any, pointer: str) -> None:
        if not isinstance(block, dict):
            self.wrong(pointer, "must provide an object")
            return
        kind = str(block.get("type"))
        if kind not in SURFACES:
            self.wrong(f"{pointer}/type", f"unsupported type: {kind}")
            return
        if self.surface not in SURFACES[kind]:
            self.wrong(f"{pointer}/type", f"a {kind} block does not belong in a {self.surface}")
        self.keys(block, pointer, f"block_id {BLOCK_KEYS[kind]}")
        self.string(block, "block_id", pointer, 255)
        name = block.get("block_id")
        if name is not None:
            if name in self.block_ids:
                self.wrong(f"{pointer}/block_id", f"block_id already exists: {name}")
            self.block_ids.add(str(name))
        before = len(self.found)
        look = _BLOCK_CHECKS.get(kind)
        if look:
            look(self, block, pointer)
        if len(self.found) == before:
            self.shape(block, pointer)

    def shape(self, block: Json, pointer: str) -> None:
        """Keys and types as Slack's own type definitions have them."""
        fault = _fault_of_shape(json.dumps(block))
        if fault is not None:
            path, message = fault
            at = "/".join([pointer, *path])
            self.wrong(at, f"not the shape of a {block['type']} block: {message[:200]}")

    def section(self, block: Json, pointer: str) -> None:
        if not block.get("text") and not block.get("fields"):
            self.wrong(pointer, "missing required field: text or fields")
        self.text(block, "text", pointer, 3000, plain=False)
        if "fields" in block:
            for number, item in enumerate(self.many(block, "fields", pointer, 1, 10)):
                self.text_object(item, f"{pointer}/fields/{number}", 2000, plain=False)
        if "accessory" in block:
            self.element(block["accessory"], f"{pointer}/accessory", "section")

    def header(self, block: Json, pointer: str) -> None:
        self.text(block, "text", pointer, 150, needed=True)

    def context(self, block: Json, pointer: str) -> None:
        for number, part in enumerate(self.many(block, "elements", pointer, 1, 10)):
            at = f"{pointer}/elements/{number}"
            if isinstance(part, dict) and part.get("type") == "image":
                self.picture(part, at)
            else:
                self.text_object(part, at, 3000, plain=False)

    def actions(self, block: Json, pointer: str) -> None:
        for number, element in enumerate(self.many(block, "elements", pointer, 1, 25)):
            self.element(element, f"{pointer}/elements/{number}", "actions")

    def context_actions(self, block: Json, pointer: str) -> None:
        for number, element in enumerate(self.many(block, "elements", pointer, 1, 5)):
            self.element(element, f"{pointer}/elements/{number}", "context_actions")

    def input(self, block: Json, pointer: str) -> None:
        self.text(block, "label", pointer, 2000, needed=True)
        self.text(block, "hint", pointer, 2000)
        if "element" not in block:
            self.wrong(pointer, "missing required field: element")
            return
        self.element(block["element"], f"{pointer}/element", "input")
        if block["element"].get("type") == "file_input" and self.surface != "modal":
            self.wrong(f"{pointer}/element", "a file_input belongs in a modal")

    def image_block(self, block: Json, pointer: str) -> None:
        self.picture(block, pointer)
        self.text(block, "title", pointer, 2000)

    def markdown(self, block: Json, pointer: str) -> None:
        self.string(block, "text", pointer, 12_000, needed=True)

    def rich_text(self, block: Json, pointer: str) -> None:
        kinds = {
            "rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote",
        }  # fmt: skip
        for number, part in enumerate(self.many(block, "elements", pointer, 1, 1000)):
            if not isinstance(part, dict) or part.get("type") not in kinds:
                self.wrong(f"{pointer}/elements/{number}", "unsupported rich text element")

    def table(self, block: Json, pointer: str) -> None:
        self.many(block, "column_settings", pointer, 0, 20)
        self.rows(block, pointer, 1, 100)

    def data_table(self, block: Json, pointer: str) -> None:
        self.string(block, "caption", pointer, 2000, needed=True)
        self.number(block, "page_size", pointer, 1, 100)
        self.rows(block, pointer, 2, 101)

    def rows(self, block: Json, pointer: str, least: int, most: int) -> None:
        widths = set()
        for number, row in enumerate(self.many(block, "rows", pointer, least, most)):
            at = f"{pointer}/rows/{number}"
            if not isinstance(row, list) or not 1 <= len(row) <= 20:
                self.wrong(at, "a row has 1 to 20 cells")
                continue
            widths.add(len(row))
            for column, cell in enumerate(row):
                kind = cell.get("type") if isinstance(cell, dict) else None
                if kind not in {"raw_text", "raw_number", "rich_text"}:
                    self.wrong(f"{at}/{column}", f"unsupported type: {kind}")
                elif kind != "rich_text" and not isinstance(cell.get("text"), str):
                    self.wrong(f"{at}/{column}", "missing required field: text")
        if len(widths) > 1:
            self.wrong(pointer, "every row of a table needs the same number of cells")

    def alert(self, block: Json, pointer: str) -> None:
        self.text(block, "text", pointer, 200, needed=True, plain=False)
        levels = {None, "default", "info", "warning", "error", "success"}
        if block.get("level") not in levels:
            self.wrong(f"{pointer}/level", "must be one of: default, info, warning, error, success")

    def card(self, block: Json, pointer: str) -> None:
        for key, most in CARD_LIMITS.items():
            self.text(block, key, pointer, most, plain=False)
        for number, element in enumerate(self.many(block, "actions", pointer, 0, 3)):
            self.element(element, f"{pointer}/actions/{number}", "card")

    def carousel(self, block: Json, pointer: str) -> None:
        for number, card in enumerate(self.many(block, "elements", pointer, 1, 10)):
            self.block(card, f"{pointer}/elements/{number}")

    def container(self, block: Json, pointer: str) -> None:
        self.text(block, "title", pointer, 150, plain=False)
        self.text(block, "subtitle", pointer, 150, plain=False)
        for number, child in enumerate(self.many(block, "child_blocks", pointer, 1, 10)):
            self.block(child, f"{pointer}/child_blocks/{number}")

    def task_card(self, block: Json, pointer: str) -> None:
        self.string(block, "task_id", pointer, 255, needed=True)
        self.string(block, "title", pointer, 2000, needed=True)
        if block.get("status") not in {None, "pending", "in_progress", "complete", "error"}:
            self.wrong(f"{pointer}/status", "must be pending, in_progress, complete or error")

    def plan(self, block: Json, pointer: str) -> None:
        self.string(block, "title", pointer, 2000, needed=True)
        for number, task in enumerate(self.many(block, "tasks", pointer, 0, 50)):
            self.task_card(task, f"{pointer}/tasks/{number}")


SHAPES = Path(__file__).parents[1] / "slack" / "schemas" / "blocks.json"


@lru_cache(maxsize=5_000)
def _fault_of_shape(block: str) -> tuple[list[str], str] | None:
    """Where a block, as JSON, is not of its shape, and how: most are posted many times."""
    given = json.loads(block)
    fault = best_match(_shape_of(given["type"]).iter_errors(given))
    return fault and ([str(step) for step in fault.absolute_path], fault.message)


@cache
def _shape_of(kind: str) -> Draft7Validator:
    definitions = json.loads(SHAPES.read_text(encoding="utf-8"))["definitions"]
    name = "".join(word.title() for word in kind.split("_")) + "Block"
    return Draft7Validator({"$ref": f"#/definitions/{name}", "definitions": definitions})


_Look = Callable[[_Check, Json, str], None]

_ELEMENT_CHECKS: dict[str, _Look] = {
    "button": _Check.button,
    "workflow_button": lambda check, part, at: check.text(part, "text", at, 75, needed=True),
    "icon_button": _Check.icon_button,
    "feedback_buttons": _Check.feedback,
    "image": _Check.picture,
    "plain_text_input": _Check.text_input,
    "file_input": _Check.file_input,
    "static_select": lambda check, part, at: check.options(part, at, 100),
    "multi_static_select": lambda check, part, at: check.options(part, at, 100),
    "overflow": lambda check, part, at: check.options(part, at, 5),
    "checkboxes": lambda check, part, at: check.options(part, at, 10, plain=False),
    "radio_buttons": lambda check, part, at: check.options(part, at, 10, plain=False),
}
_BLOCK_CHECKS: dict[str, _Look] = {
    "section": _Check.section,
    "header": _Check.header,
    "context": _Check.context,
    "actions": _Check.actions,
    "context_actions": _Check.context_actions,
    "input": _Check.input,
    "image": _Check.image_block,
    "markdown": _Check.markdown,
    "rich_text": _Check.rich_text,
    "table": _Check.table,
    "data_table": _Check.data_table,
    "alert": _Check.alert,
    "card": _Check.card,
    "carousel": _Check.carousel,
    "container": _Check.container,
    "task_card": _Check.task_card,
    "plan": _Check.plan,
}


def check_message(message: Json) -> list[Violation]:
    """What is wrong with a message: ``text``, ``blocks`` and ``attachments`` as sent."""
    check = _Check("message")
    text = message.get("text") or ""
    blocks = message.get("blocks")
    if blocks is not None:
        check.blocks(blocks, "/blocks", MAX_BLOCKS["message"])
        total = len(visible_text(blocks))
        if total > MAX_TEXT:
            check.wrong("/blocks", f"{total} characters of text in all; {MAX_TEXT} is the budget")
        if blocks and not text:
            check.wrong("/text", "no text for notifications and screen readers", refused=False)
    for number, attachment in enumerate(message.get("attachments") or []):
        if isinstance(attachment, dict) and "blocks" in attachment:
            check.blocks(attachment["blocks"], f"/attachments/{number}/blocks", 50)
    if len(text) > SPLIT_TEXT:
        check.wrong("/text", f"{len(text)} characters: Slack may split it", refused=False)
    for shout in _shouts(message):
        check.wrong("/text", f"tags everyone: {shout}", refused=False)
    return check.found


def check_view(view: Any) -> list[Violation]:
    """What is wrong with a modal or a Home tab."""
    if not isinstance(view, dict) or view.get("type") not in VIEW_KEYS:
        return [Violation("/type", "a view's type is modal or home")]
    surface = str(view["type"])
    check = _Check(surface)
    check.keys(view, "", VIEW_KEYS[surface])
    check.blocks(view.get("blocks"), "/blocks", MAX_BLOCKS[surface])
    check.string(view, "private_metadata", "", 3000, least=0)
    check.string(view, "callback_id", "", 255)
    check.string(view, "external_id", "", 255)
    if surface == "modal":
        check.text(view, "title", "", 24, needed=True)
        check.text(view, "submit", "", 24)
        check.text(view, "close", "", 24)
        asks = any(block.get("type") == "input" for block in _blocks(view.get("blocks")))
        if asks and not view.get("submit"):
            check.wrong("", "missing required field: submit, as there are inputs")
    return check.found


def elements(blocks: Any) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Every interactive element, with the block it is in."""
    for block in _blocks(blocks):
        parts: list[Any] = []
        if block["type"] in {"actions", "context_actions"}:
            parts = block.get("elements") or []
        elif block["type"] == "card":
            parts = block.get("actions") or []
        elif block["type"] == "section" and block.get("accessory"):
            parts = [block["accessory"]]
        elif block["type"] == "input":
            parts = [block.get("element")]
        for part in parts:
            if isinstance(part, dict) and part.get("type") != "image":
                yield part, block
        yield from elements(block.get("child_blocks"))
        if block["type"] == "carousel":
            yield from elements(block.get("elements"))


def visible_text(part: Any) -> str:
    """All the words a person could read in blocks or a view, one piece a line."""
    return "\n".join(_words(part))


_READ = {
    "text", "title", "subtitle", "body", "subtext", "label", "hint", "placeholder", "fields",
    "elements", "accessory", "element", "options", "option_groups", "description", "blocks",
    "child_blocks", "actions", "rows", "tasks", "details", "output", "caption", "alt_text",
    "positive_button", "negative_button", "confirm", "deny", "submit", "close", "sources",
    "attachments", "initial_value", "fallback", "pretext",
}  # fmt: skip


def _words(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        if part:
            yield part
    elif isinstance(part, dict):
        if part.get("type") == "rich_text_section":
            yield "".join(_words({"elements": part.get("elements")}))
            return
        for key, value in part.items():
            if key in _READ:
                yield from _words(value)
    elif isinstance(part, list):
        for item in part:
            yield from _words(item)


def _blocks(blocks: Any) -> list[dict[str, Any]]:
    if not isinstance(blocks, Sequence):
        return []
    return [block for block in blocks if isinstance(block, dict) and "type" in block]


def _options(element: Json) -> Iterator[Any]:
    yield from element.get("options") or []
    for group in element.get("option_groups") or []:
        yield from group.get("options") or []


def _shouts(message: Json) -> list[str]:
    everything = f"{message.get('text') or ''}\n{visible_text(message.get('blocks') or [])}"
    return re.findall(r"<!(?:channel|here|everyone)(?:\|[^>]*)?>", everything)
