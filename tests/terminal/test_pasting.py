"""A paste at the prompt, where the terminal does not say that it is one."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from bot.terminal.chat import _prompt

pytestmark = pytest.mark.long


class _Terms:
    """What the prompt asks of a helpdesk."""

    @staticmethod
    def known_terms() -> frozenset[str]:
        return frozenset({"R_96"})


@pytest.fixture
def typed() -> Iterator[PipeInput]:
    """The keyboard of a terminal without bracketed paste."""
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        yield keys


RECORD = "<LearningDelivery>\r  <AimType>1</AimType>\r\r</LearningDelivery>\r"


def test_pasted_lines_are_one_message(typed: PipeInput) -> None:
    messages = _prompt(_Terms())  # type: ignore[arg-type]
    typed.send_text(RECORD)
    assert next(messages).split("\n") == [
        "<LearningDelivery>", "  <AimType>1</AimType>", "", "</LearningDelivery>",
    ]  # fmt: skip
    typed.send_text("when is R04?\r")
    assert next(messages) == "when is R04?"


def test_a_paste_that_comes_in_pieces_is_one_message_too(
    typed: PipeInput, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.terminal.pasting.SECONDS_BETWEEN_PIECES", 3)
    messages = _prompt(_Terms())  # type: ignore[arg-type]

    def send() -> None:
        for line in RECORD.splitlines(keepends=True):
            typed.send_text(line)
            time.sleep(0.005)

    sending = threading.Thread(target=send)
    sending.start()
    message = next(messages)
    sending.join()
    assert message.endswith("</LearningDelivery>")
    assert message.startswith("<LearningDelivery>\n")


def test_a_paste_longer_than_one_read_is_whole(typed: PipeInput) -> None:
    lines = [f"  <A{n}>1</A{n}>" for n in range(800)]
    typed.send_text("\r".join(["<Learner>", *lines, "</Learner>"]) + "\r")
    assert next(_prompt(_Terms())).count("\n") == 801  # type: ignore[arg-type]
