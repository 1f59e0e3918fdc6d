"""The Slack stand-in itself: it must say no where Slack does, or the other tests prove nothing."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler
from slack_sdk.signature import SignatureVerifier

from tests.support.slack_limits import SHAPES, SURFACES, check_message, check_view, visible_text
from tests.support.slack_methods import TRIGGER_SECONDS
from tests.support.slack_standin import (
    Garbage,
    RateLimited,
    Refuses,
    ServerError,
    SlackStandIn,
    TimesOut,
    posted_text,
    signed_request,
)


@pytest.fixture
def client(slack: SlackStandIn) -> WebClient:
    return WebClient(token=slack.bot_token, base_url=slack.api_url, timeout=5)


def error_of(call: Any, **args: Any) -> str:
    """The error that Slack answers to a call."""
    with pytest.raises(SlackApiError) as caught:
        call(**args)
    return str(caught.value.response["error"])


def section(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(text: str, action_id: str = "go", **more: Any) -> dict[str, Any]:
    label = {"type": "plain_text", "text": text}
    return {"type": "button", "text": label, "action_id": action_id, **more}


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    words = {"title": "Check a record", "submit": "Check"}
    texts = {key: {"type": "plain_text", "text": text} for key, text in words.items()}
    return {"type": "modal", **texts, "blocks": list(blocks), **more}


def text_box(label: str = "Record", action_id: str = "record", **element: Any) -> dict[str, Any]:
    return {
        "type": "input",
        "block_id": f"{action_id}_block",
        "label": {"type": "plain_text", "text": label},
        "element": {"type": "plain_text_input", "action_id": action_id, **element},
    }


class TestWebApi:
    def test_a_message_is_posted_and_kept(self, slack: SlackStandIn, client: WebClient) -> None:
        channel = slack.channel("mis-team")
        answer = client.chat_postMessage(
            channel=channel.id, text="One aim.", blocks=[section("*x*")]
        )
        posted = slack.posted_in(channel)[0]
        assert (posted.ts, posted.words) == (answer["ts"], "*x*")
        assert slack.calls("chat.postMessage")[0].blocks == [section("*x*")]

    @pytest.mark.filterwarnings("ignore:The top-level `text` argument:UserWarning")
    @pytest.mark.parametrize(
        ("args", "error"),
        [
            ({"channel": "C404", "text": "x"}, "channel_not_found"),
            ({"text": ""}, "no_text"),
            ({"text": "x" * 40_001}, "msg_too_long"),
            ({"text": "x", "blocks": [section("y" * 3001)]}, "invalid_blocks"),
            ({"text": "x", "blocks": [section("y" * 2900)] * 5}, "msg_blocks_too_long"),
            ({"text": "x", "thread_ts": "1.000000"}, "thread_not_found"),
        ],
    )
    def test_a_bad_message_is_refused(
        self, slack: SlackStandIn, client: WebClient, args: dict[str, Any], error: str
    ) -> None:
        given = {"channel": slack.channel().id, **args}
        assert error_of(client.chat_postMessage, **given) == error
        assert not slack.messages

    def test_an_invalid_block_is_pointed_at(self, slack: SlackStandIn, client: WebClient) -> None:
        with pytest.raises(SlackApiError) as caught:
            client.chat_postMessage(
                channel=slack.channel().id, text="x", blocks=[actions(button("b" * 76))]
            )
        assert caught.value.response["errors"] == [
            "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]"
        ]
        assert len(slack.violations) == 1

    def test_unknown_methods_missing_arguments_and_bad_tokens_are_refused(
        self, slack: SlackStandIn, client: WebClient
    ) -> None:
        assert error_of(client.api_call, api_method="chat.shout") == "unknown_method"
        assert error_of(client.api_call, api_method="views.open") == "invalid_arguments"
        stranger = WebClient(token="xoxb-wrong", base_url=slack.api_url)
        assert error_of(stranger.auth_test) == "invalid_auth"
        assert error_of(client.apps_connections_open, app_token=slack.bot_token) == (
            "not_allowed_token_type"
        )

    def test_a_channel_the_app_is_not_in(self, slack: SlackStandIn, client: WebClient) -> None:
        away = slack.channel(joined=False)
        assert error_of(client.chat_postMessage, channel=away.id, text="x") == "not_in_channel"

    def test_only_its_own_messages_can_be_changed(
        self, slack: SlackStandIn, client: WebClient
    ) -> None:
        amina, channel = slack.person(), slack.channel()
        slack.hears_channels = False
        said = amina.says("Hello", channel)
        own = client.chat_postMessage(channel=channel.id, text="Old")["ts"]
        client.chat_update(channel=channel.id, ts=own, text="New")
        assert slack.posted_in(channel)[0].text == "New"
        assert (
            error_of(client.chat_update, channel=channel.id, ts=said.ts, text="x")
            == "cant_update_message"
        )
        client.chat_delete(channel=channel.id, ts=own)
        assert slack.posted_in(channel) == []

    def test_a_private_message_needs_its_reader_there(
        self, slack: SlackStandIn, client: WebClient
    ) -> None:
        amina, channel = slack.person(), slack.channel()
        where = {"channel": channel.id, "user": amina.id, "text": "For you"}
        assert error_of(client.chat_postEphemeral, **where) == "user_not_in_channel"
        channel.members.add(amina.id)
        client.chat_postEphemeral(**where)
        assert slack.only_for(amina).text == "For you"
        assert slack.posted_in(channel) == []

    def test_a_file_goes_up_and_comes_down(self, slack: SlackStandIn, client: WebClient) -> None:
        amina = slack.person()
        client.files_upload_v2(
            channel=amina.direct.id, filename="findings.csv", content="Rule,Field\n"
        )
        stored = next(iter(slack.world.files.values()))
        assert stored.content == b"Rule,Field\n"
        assert slack.direct_to(amina).files[0]["name"] == "findings.csv"

    def test_a_file_without_the_token_is_a_login_page(self, slack: SlackStandIn) -> None:
        import urllib.request

        stored = slack.person().has_file("record.xml", "<Learner/>")
        link = stored.to_json(slack.url)["url_private_download"]
        allowed = {"Authorization": f"Bearer {slack.bot_token}"}
        with urllib.request.urlopen(urllib.request.Request(link, headers=allowed)) as answer:  # noqa: S310
            assert answer.read() == b"<Learner/>"
        with urllib.request.urlopen(link) as answer:  # noqa: S310
            assert b"Sign in" in answer.read()


class TestFaults:
    def test_a_rate_limit_and_then_success(self, slack: SlackStandIn, client: WebClient) -> None:
        client.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=1))
        slack.next_calls("auth.test", RateLimited(after=0))
        assert client.auth_test()["ok"]
        assert [call.status for call in slack.calls("auth.test")] == [429, 200]

    def test_slacks_own_error(self, slack: SlackStandIn, client: WebClient) -> None:
        slack.next_calls("auth.test", Refuses("account_inactive"))
        assert error_of(client.auth_test) == "account_inactive"
        assert client.auth_test()["ok"]

    @pytest.mark.parametrize("fault", [ServerError(503), Garbage(), TimesOut(seconds=30)])
    def test_broken_answers(self, slack: SlackStandIn, fault: Any) -> None:
        client = WebClient(token=slack.bot_token, base_url=slack.api_url, timeout=1)
        client.retry_handlers.clear()
        slack.next_calls("auth.test", fault)
        with pytest.raises((SlackApiError, OSError, ValueError)):
            client.auth_test()


class TestLimits:
    @pytest.mark.parametrize(
        ("blocks", "complaint"),
        [
            ([{"type": "divider"}] * 51, "no more than 50 items allowed [51 given]"),
            ([{"type": "section"}], "missing required field: text or fields"),
            ([{"type": "sectoin"}], "unsupported type: sectoin"),
            ([section("x", colour="red")], "invalid additional property: colour"),
            ([section("x", block_id="a"), section("y", block_id="a")], "block_id already exists"),
            ([actions(button("a"), button("b"))], "action_id already exists: go"),
            ([actions(*[button(f"{n}", f"{n}") for n in range(26)])], "no more than 25"),
            ([{"type": "alert", "text": {"type": "plain_text", "text": "!"}}], "does not belong"),
            ([{"type": "table", "rows": [[]]}], "a row has 1 to 20 cells"),
            ([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "unsupported type"),
            ([text_box(max_length=5000)], "must be a number from 1 to 3000"),
            ([actions({"type": "plain_text_input"})], "unsupported type: plain_text_input"),
            ([section("")], "must be more than 0 characters"),
            ([actions(button("a", url="javascript:alert(1)"))], "must be a URL"),
            ([section("x", expand="yes")], "not the shape of a section block"),
            ([{"type": "image", "alt_text": "", "image_url": 1}], "must provide a string"),
        ],
    )
    def test_what_a_message_may_not_hold(
        self, blocks: list[dict[str, Any]], complaint: str
    ) -> None:
        found = [v for v in check_message({"text": "x", "blocks": blocks}) if v.refused]
        assert complaint in str(found[0])

    def test_a_good_message_has_nothing_wrong(self) -> None:
        menu = {
            "type": "overflow",
            "action_id": "more",
            "options": [{"text": {"type": "plain_text", "text": "2025-26"}, "value": "2025-26"}],
        }
        blocks = [section("*One aim.*", accessory=menu), actions(button("That solved it"))]
        assert check_message({"text": "One aim.", "blocks": blocks}) == []

    @pytest.mark.parametrize("kind", sorted(SURFACES))
    def test_every_kind_of_block_has_a_shape(self, kind: str) -> None:
        definitions = json.loads(SHAPES.read_text(encoding="utf-8"))["definitions"]
        named = {name.casefold() for name in definitions}
        assert f"{kind.replace('_', '')}block" in named

    def test_words_for_screen_readers_and_no_shouting(self) -> None:
        silent = check_message({"blocks": [section("x")]})
        assert [(v.pointer, v.refused) for v in silent] == [("/text", False)]
        loud = check_message({"text": "Hello <!channel>"})
        assert "tags everyone" in loud[0].message

    @pytest.mark.parametrize(
        ("view", "complaint"),
        [
            (modal(title={"type": "plain_text", "text": "t" * 25}), "less than 25"),
            (modal(text_box(), submit=None), "missing required field: submit"),
            (modal(private_metadata="x" * 3001), "less than 3001"),
            (modal({"type": "table", "rows": [[{"type": "raw_text", "text": ""}]]}), "not belong"),
            ({"type": "home", "blocks": [{"type": "divider"}] * 101}, "no more than 100"),
            ({"type": "window", "blocks": []}, "modal or home"),
        ],
    )
    def test_what_a_view_may_not_hold(self, view: dict[str, Any], complaint: str) -> None:
        assert complaint in str(check_view(view)[0])

    def test_all_the_words_in_order(self) -> None:
        blocks = [section("One"), actions(button("Two", value="not read")), text_box("Three")]
        assert visible_text(blocks) == "One\nTwo\nThree"


@pytest.fixture(scope="module")
def echo() -> Iterator[SlackStandIn]:
    """A stand-in with a Bolt app that echoes, connected by Socket Mode. One for all the tests
    that talk to it: closing a connection takes slack_sdk three seconds."""
    with SlackStandIn() as slack:
        app = echoing_app(slack)
        handler = SocketModeHandler(app, slack.app_token)
        handler.client.web_client = WebClient(token=slack.app_token, base_url=slack.api_url)
        handler.connect()
        slack.wait_for_socket()
        yield slack
        handler.close()
        handler.client.message_workers.shutdown()
        app.listener_runner.listener_executor.shutdown()


def echoing_app(slack: SlackStandIn) -> App:
    app = App(
        client=WebClient(token=slack.bot_token, base_url=slack.api_url),
        token_verification_enabled=False,
    )

    @app.event("app_mention")
    def answer(event: dict[str, Any], say: Any) -> None:
        say(
            text="Echo",
            blocks=[section("Echo"), actions(button("Open", "open", value="42"))],
            thread_ts=event["ts"],
        )

    @app.event("message")
    def ignore() -> None: ...

    @app.action("open")
    def open_modal(ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=modal(text_box(), callback_id="c"))

    @app.view("c")
    def submitted(ack: Any, view: dict[str, Any]) -> None:
        record = view["state"]["values"]["record_block"]["record"]["value"]
        if record == "wrong":
            ack(response_action="errors", errors={"record_block": "Not a record"})
        else:
            ack(response_action="update", view=modal(section(f"Read {len(record)} characters")))

    @app.command("/ilr")
    def command(ack: Any, respond: Any) -> None:
        ack("Looking")
        respond("Found")

    return app


class TestConversations:
    def test_a_mention_a_click_and_a_modal(self, echo: SlackStandIn) -> None:
        amina = echo.person("Amina Invented")
        asked = amina.mentions("One aim or three?", echo.channel("mis-team"))
        reply = echo.reply_to(asked, saying="Echo")
        assert [delivery.acknowledged().status for delivery in asked.deliveries] == [200] * 2

        amina.clicks("Open", on=reply)
        view = echo.modal_for(amina, saying="Record")
        amina.submits(view, record="wrong").acknowledged()
        assert view.errors == {"record_block": "Not a record"}
        amina.submits(view, {"Record": "<Learner/>"}).acknowledged()
        assert "Read 10 characters" in echo.modal_for(amina).words
        assert echo.violations == []

    def test_a_command_answers_only_the_person(self, echo: SlackStandIn) -> None:
        bryn, channel = echo.person(), echo.channel()
        assert bryn.types("/ilr dates", channel).acknowledged().body == {"text": "Looking"}
        assert echo.only_for(bryn, saying="Found").channel == channel.id
        assert echo.posted_in(channel) == []

    def test_forms_hold_people_to_their_rules(self, echo: SlackStandIn) -> None:
        chidi = echo.person()
        reply = echo.reply_to(chidi.mentions("Hi", echo.channel()))
        with pytest.raises(AssertionError, match="there is: Open"):
            chidi.clicks("Close", on=reply)
        chidi.clicks("open", on=reply)
        view = echo.modal_for(chidi)
        with pytest.raises(AssertionError, match="Slack asks for 'Record'"):
            chidi.submits(view)
        with pytest.raises(AssertionError, match="takes 3000 characters"):
            chidi.submits(view, record="x" * 3001)

    def test_a_trigger_opens_one_modal(self, echo: SlackStandIn) -> None:
        client = WebClient(token=echo.bot_token, base_url=echo.api_url)
        dilys = echo.person()
        trigger = echo.trigger_for(dilys)
        client.views_open(trigger_id=trigger, view=modal(section("x")))
        again = {"trigger_id": trigger, "view": modal(section("x"))}
        assert error_of(client.views_open, **again) == "exchanged_trigger_id"
        late = echo.trigger_for(dilys)
        echo.world.triggers[late].issued_at -= TRIGGER_SECONDS + 0.1
        assert error_of(client.views_open, **{**again, "trigger_id": late}) == "expired_trigger_id"

    def test_a_new_connection_after_one_is_lost(self, echo: SlackStandIn) -> None:
        echo.refresh_sockets()
        echo.wait_until(lambda: echo.sockets_opened >= 2, 15, "a second connection")
        ewan = echo.person()
        assert echo.reply_to(ewan.mentions("Still there?", echo.channel()), timeout=15)

    def test_redelivery_is_the_same_event(self, echo: SlackStandIn) -> None:
        farah = echo.person()
        asked = farah.mentions("Hi", echo.channel())
        echo.reply_to(asked)
        again = echo.deliver_again(asked.deliveries[0])
        again.acknowledged()
        assert again.payload["event_id"] == asked.deliveries[0].payload["event_id"]
        # Bolt does not de-duplicate: an app must.
        assert echo.reply_to(asked, number=2)


class TestSigning:
    def test_requests_are_signed_as_slack_signs(self, slack: SlackStandIn) -> None:
        body, headers = signed_request("events_api", {"type": "x"}, slack.signing_secret)
        verifier = SignatureVerifier(slack.signing_secret)
        assert verifier.is_valid_request(body, headers)
        assert not verifier.is_valid_request(body + b" ", headers)
        old, old_headers = signed_request(
            "events_api", {}, slack.signing_secret, timestamp=time.time() - 301
        )
        assert not verifier.is_valid_request(old, old_headers)

    def test_a_command_is_a_form_and_a_click_is_json_in_a_form(self) -> None:
        command, _ = signed_request("slash_commands", {"text": "a b"}, "s")
        assert command == b"text=a+b"
        click, headers = signed_request("interactive", {"type": "block_actions"}, "s")
        assert click.startswith(b"payload=%7B")
        assert headers["Content-Type"] == "application/x-www-form-urlencoded"


def test_all_the_words_of_a_call(slack: SlackStandIn, client: WebClient) -> None:
    client.chat_postMessage(
        channel=slack.channel().id, text="Fallback", blocks=[section("Body"), actions(button("Go"))]
    )
    assert posted_text(slack.calls("chat.postMessage")[0]) == "Fallback\nBody\nGo"
    assert slack.ever_sent("Body")
    assert not slack.ever_sent("9999999999")
    assert json.dumps(slack.messages[0].to_json())
