"""Files that somebody sent: fetched from Slack's hosts only, never more than the limit."""

from __future__ import annotations

import http.client
import ssl
from base64 import b64encode
from urllib.parse import unquote, urlsplit
from urllib.request import proxy_bypass

from slack_sdk.proxy_env_variable_loader import load_http_proxy_from_env

from bot.errors import InputError
from bot.slack.payloads import SlackFile

__all__ = ["MAX_BYTES", "fetch"]

MAX_BYTES = 10_000_000
_SECONDS = 15
_CHUNK = 65_536
_HOSTS = ("slack.com", "slack-files.com")
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def fetch(file: SlackFile, token: str, api_url: str) -> bytes:
    """The content of a file in Slack.

    Raises InputError, in one sentence for its sender, when it is too large or not to be had.
    Redirects are not followed, so that the token goes nowhere else.
    """
    if file.size is not None and file.size > MAX_BYTES:
        raise InputError("That file is larger than 10 MB. Send one learner, or split the file.")
    if not _trusted(file.url, api_url):
        raise InputError("I could not fetch that file from Slack. Paste the record as text.")
    try:
        return _read(file.url, token)
    except (OSError, http.client.HTTPException, ValueError):
        raise InputError(
            "I could not fetch that file from Slack just now. Send it again, or paste the text."
        ) from None


def _trusted(address: str, api_url: str) -> bool:
    """Slack's own hosts over https; on this machine, the stand-in that the setting names."""
    try:
        target, api = urlsplit(address), urlsplit(api_url)
        port = target.port
    except ValueError:
        return False
    host = (target.hostname or "").lower()
    if target.username or target.password:
        return False
    if api.hostname in _LOOPBACK:
        return (host, port, target.scheme) == (api.hostname, api.port, api.scheme)
    return (
        target.scheme == "https"
        and port in (None, 443)
        and any(host == known or host.endswith(f".{known}") for known in _HOSTS)
    )


def _over_tls(host: str) -> http.client.HTTPSConnection:
    """A connection to a host of Slack's, through the proxy that all that goes to Slack takes."""
    trusted = ssl.create_default_context()
    proxy = urlsplit(load_http_proxy_from_env() or "")
    if not proxy.hostname or proxy_bypass(host):
        return http.client.HTTPSConnection(host, 443, timeout=_SECONDS, context=trusted)
    through = http.client.HTTPSConnection(
        proxy.hostname, proxy.port or 80, timeout=_SECONDS, context=trusted
    )
    headers = {}
    if proxy.username:
        known = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
        headers["Proxy-Authorization"] = f"Basic {b64encode(known.encode()).decode()}"
    through.set_tunnel(host, 443, headers)
    return through


def _read(address: str, token: str) -> bytes:
    target = urlsplit(address)
    host = target.hostname or ""
    connection: http.client.HTTPConnection
    if target.scheme == "https":
        connection = _over_tls(host)
    else:
        connection = http.client.HTTPConnection(host, target.port, timeout=_SECONDS)
    try:
        path = target.path + (f"?{target.query}" if target.query else "")
        connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
        answer = connection.getresponse()
        if answer.status != 200:
            raise OSError(f"status {answer.status}")
        content = b""
        while chunk := answer.read(_CHUNK):
            content += chunk
            if len(content) > MAX_BYTES:
                raise InputError(
                    "That file is larger than 10 MB. Send one learner, or split the file."
                )
        # Without files:read Slack answers 200 with its sign-in page.
        kind = answer.headers.get_content_type()
        if kind == "text/html" and content[:200].lstrip().lower().startswith(
            (b"<!doctype html", b"<html")
        ):
            raise OSError("a sign-in page instead of the file")
        return content
    finally:
        connection.close()
