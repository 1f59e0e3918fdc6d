"""What the benchmarks measure us beside: Bolt, and a listener that says one line to a mention.

python -m tests.support.bolt_alone API_URL
"""

from __future__ import annotations

import os
import signal
import sys
import threading

from slack_bolt import App, Say
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient


def main() -> None:
    """Serve by Socket Mode until told to stop."""
    address = sys.argv[1]
    app = App(client=WebClient(os.environ["SLACK_BOT_TOKEN"], base_url=address))

    @app.event("app_mention")
    def mentioned(event: dict[str, str], say: Say) -> None:
        say("Seen.", thread_ts=event["ts"])

    @app.event("message")
    def heard() -> None:
        return

    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    handler = SocketModeHandler(
        app,
        os.environ["SLACK_APP_TOKEN"],
        web_client=WebClient(os.environ["SLACK_APP_TOKEN"], base_url=address),
    )
    handler.connect()
    stopped.wait()
    handler.close()


if __name__ == "__main__":
    main()
