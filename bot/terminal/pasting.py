"""A paste at the prompt is one message, also where the terminal does not mark it as a paste."""

from __future__ import annotations

import select
import sys
import time
from collections.abc import Callable

from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys

__all__ = ["keep_pastes_whole"]

SECONDS_BETWEEN_PIECES = 0.1
"""A paste comes in pieces, over a slow line with pauses; nobody types this fast."""


def keep_pastes_whole(may_go_on: Callable[[str], bool]) -> KeyBindings:
    """Enter ends a message, unless more has arrived with it: then it was pasted.

    ``may_go_on``: whether a text is the beginning of something that has more lines. Only then is
    it worth a moment's wait for them.
    """
    bindings = KeyBindings()

    @bindings.add(Keys.ControlM)
    def _enter(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        pasting = "\n" in buffer.text or may_go_on(buffer.text)
        if _is_waiting(event) or (pasting and _will_arrive(event)):
            buffer.insert_text("\n")
        else:
            buffer.validate_and_handle()

    return bindings


def _is_waiting(event: KeyPressEvent) -> bool:
    """Whether keys came together with this one, apart from what the terminal itself answers."""
    waiting = event.app.key_processor.input_queue
    return any(press.key is not Keys.CPRResponse for press in waiting)


def _will_arrive(event: KeyPressEvent) -> bool:
    """Whether anything comes within a moment."""
    if sys.platform == "win32":
        import msvcrt

        until = time.monotonic() + SECONDS_BETWEEN_PIECES
        while time.monotonic() < until:
            if msvcrt.kbhit():
                return True
            time.sleep(0.01)
        return False
    ready, _, _ = select.select([event.app.input.fileno()], [], [], SECONDS_BETWEEN_PIECES)
    return bool(ready)
