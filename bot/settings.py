"""Every setting, read from the environment (and a .env file), in one place.

``SETTINGS`` is the list that the README's table and ``python -m bot settings`` show; a test
fails when they differ.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from io import StringIO
from pathlib import Path

from bot.errors import SettingsError

__all__ = ["SETTINGS", "Setting", "Settings", "doubts", "environment", "read_env_file"]


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable."""

    name: str
    default: str
    about: str
    secret: bool = False


SETTINGS = (
    Setting("SLACK_BOT_TOKEN", "", "The app's bot token (xoxb-…). Needed to serve Slack.", True),
    Setting("SLACK_APP_TOKEN", "", "App-level token (xapp-…): serves by Socket Mode.", True),
    Setting("SLACK_SIGNING_SECRET", "", "Signing secret: serves signed HTTP on PORT.", True),
    Setting("SLACK_CLIENT_ID", "", "Client ID: without a bot token, serves all that install it."),
    Setting("SLACK_CLIENT_SECRET", "", "Client secret, for the same.", True),
    Setting("PORT", "3000", "Port for HTTP events, and for /healthz and /readyz."),
    Setting("ILR_HOST", "", "Address PORT is on. Empty: Socket Mode 127.0.0.1, HTTP every one."),
    Setting("SLACK_API_URL", "https://slack.com/api/", "Another Slack-compatible host."),
    Setting("ILR_ALLOWED_TEAMS", "", "Workspace ids that may use it, comma separated. Empty: any."),
    Setting("ILR_GUESTS", "line", "Slack Connect guests get a polite line, an answer, or silent."),
    Setting("ILR_FEATURES", "follow,links,curators", "Whose scopes each that installs it gives."),
    Setting("ILR_WORKSPACES_DIR", "", "Knowledge and settings by workspace: a folder for each id."),
    Setting("ILR_WATCHED_CHANNELS", "", "Channel ids answered without a mention, comma separated."),
    Setting("ILR_WATCH_MODE", "answer", "In watched channels when sure: answer, offer or silent."),
    Setting("ILR_TRIAGE_CHANNEL", "", "Channel id that 'Ask a person' posts to."),
    Setting("ILR_TRIAGE_GROUP", "", "User group id tagged there."),
    Setting("ILR_CURATOR_GROUP", "", "User group id whose members may approve suggestions."),
    Setting("ILR_CURATORS_CHANNEL", "", "Channel id of the weekly digest."),
    Setting("ILR_RETURNS_CHANNEL", "", "Channel id of a post before each return closes."),
    Setting("ILR_KNOWLEDGE_DIR", "", "Your own knowledge folder, laid over the shipped one."),
    Setting("ILR_SITE_URL", "", "Address of the knowledge as web pages, for links from Slack."),
    Setting("ILR_REFERENCE_DIR", "", "A folder of reference data (LARS …) to load and check by."),
    Setting("ILR_TODAY", "", "Pretend today is this date (YYYY-MM-DD). For trying out."),
    Setting("ILR_CACHE_DIR", "", "Where derived data is kept between runs."),
    Setting("ILR_SEMANTIC", "auto", "The semantic layer: auto (when it can), on or off."),
    Setting("ILR_MODEL_PATH", "", "A model file of your own for the semantic layer."),
    Setting("ILR_ANSWER_PROCESSES", "0", "Processes that answer beside the main one. 0: none."),
    Setting("DATABASE_URL", "sqlite:///ilr-helpdesk.db", "The ledger: SQLite or Postgres.", True),
    Setting("ILR_SECRET", "", "Key for the hash of user ids in the ledger.", True),
    Setting("ILR_RETENTION_DAYS", "365", "Days that questions are kept."),
    Setting("ILR_ALLOW_SQLITE", "", "1: use SQLite even where the disk does not last."),
    Setting("ILR_LOG_LEVEL", "INFO", "DEBUG, INFO, WARNING or ERROR."),
    Setting("ILR_METRICS", "on", "/metrics for Prometheus on PORT: on or off."),
    Setting("ILR_SENTRY_DSN", "", "Sentry address for failures, scrubbed. Empty: none.", True),
)

SHORTEST_SECRET = 16


@dataclass(frozen=True)
class Settings:
    """Settings as typed values. Tokens never appear in its repr."""

    slack_bot_token: str = field(default="", repr=False)
    slack_app_token: str = field(default="", repr=False)
    slack_signing_secret: str = field(default="", repr=False)
    slack_client_id: str = ""
    slack_client_secret: str = field(default="", repr=False)
    port: int = 3000
    host: str = ""
    slack_api_url: str = "https://slack.com/api/"
    allowed_teams: frozenset[str] = frozenset()
    guests: str = "line"
    features: frozenset[str] = frozenset({"follow", "links", "curators"})
    workspaces_dir: Path | None = None
    watched_channels: frozenset[str] = frozenset()
    watch_mode: str = "answer"
    triage_channel: str = ""
    triage_group: str = ""
    curator_group: str = ""
    curators_channel: str = ""
    returns_channel: str = ""
    knowledge_dir: Path | None = None
    site_url: str = ""
    reference_dir: Path | None = None
    fixed_today: date | None = None
    semantic: str = "auto"
    model_path: Path | None = None
    answer_processes: int = 0
    database_url: str = field(default="sqlite:///ilr-helpdesk.db", repr=False)
    secret: str = field(default="", repr=False)
    retention_days: int = 365
    allow_sqlite: bool = False
    log_level: str = "INFO"
    metrics: bool = True
    sentry_dsn: str = field(default="", repr=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read the environment.

        Raises SettingsError: a line for each setting that is wrong, with the remedy.
        """
        given = os.environ if environment is None else environment
        wrong: list[str] = []

        def value(name: str) -> str:
            default = next(s.default for s in SETTINGS if s.name == name)
            return given.get(name, "").strip() or default

        def names(name: str) -> frozenset[str]:
            return frozenset(part.strip() for part in value(name).split(",") if part.strip())

        def number(name: str, low: int, high: int) -> int:
            text = value(name)
            if not text.isdigit() or not low <= int(text) <= high:
                wrong.append(f"{name} should be a number from {low} to {high}.")
                return low
            return int(text)

        def one_of(name: str, *allowed: str) -> str:
            text = value(name)
            if text not in allowed:
                wrong.append(f"{name} should be one of: {', '.join(allowed)}.")
            return text

        def read_folder(name: str) -> Path | None:
            found = Path(value(name)) if value(name) else None
            if found is not None and not found.is_dir():
                wrong.append(f"{name} is not a folder that can be read.")
            return found

        today: date | None = None
        if value("ILR_TODAY"):
            try:
                today = date.fromisoformat(value("ILR_TODAY"))
            except ValueError:
                wrong.append("ILR_TODAY should be a date like 2026-11-24.")
        folder = read_folder("ILR_KNOWLEDGE_DIR")
        reference = read_folder("ILR_REFERENCE_DIR")
        workspaces = read_folder("ILR_WORKSPACES_DIR")
        if value("ILR_MODEL_PATH") and not Path(value("ILR_MODEL_PATH")).is_file():
            wrong.append("ILR_MODEL_PATH is not a file that can be read.")
        url = value("SLACK_API_URL")
        if not url.startswith(("https://", "http://127.0.0.1", "http://localhost", "http://[::1]")):
            wrong.append("SLACK_API_URL should start with https:// (or be this machine).")
        if value("ILR_SENTRY_DSN") and not value("ILR_SENTRY_DSN").startswith("https://"):
            wrong.append("ILR_SENTRY_DSN should start with https://: copy it from Sentry's page.")
        site = value("ILR_SITE_URL")
        if site and not site.startswith(("https://", "http://")):
            wrong.append("ILR_SITE_URL should start with https://.")
        found = cls(
            slack_bot_token=value("SLACK_BOT_TOKEN"),
            slack_app_token=value("SLACK_APP_TOKEN"),
            slack_signing_secret=value("SLACK_SIGNING_SECRET"),
            slack_client_id=value("SLACK_CLIENT_ID"),
            slack_client_secret=value("SLACK_CLIENT_SECRET"),
            port=number("PORT", 0, 65535),
            host=value("ILR_HOST"),
            slack_api_url=url if url.endswith("/") else url + "/",
            allowed_teams=names("ILR_ALLOWED_TEAMS"),
            guests=one_of("ILR_GUESTS", "line", "answer", "silent"),
            features=names("ILR_FEATURES") - {"none"},
            workspaces_dir=workspaces,
            watched_channels=names("ILR_WATCHED_CHANNELS"),
            watch_mode=one_of("ILR_WATCH_MODE", "answer", "offer", "silent"),
            triage_channel=value("ILR_TRIAGE_CHANNEL"),
            triage_group=value("ILR_TRIAGE_GROUP"),
            curator_group=value("ILR_CURATOR_GROUP"),
            curators_channel=value("ILR_CURATORS_CHANNEL"),
            returns_channel=value("ILR_RETURNS_CHANNEL"),
            knowledge_dir=folder,
            site_url=site,
            reference_dir=reference,
            fixed_today=today,
            semantic=one_of("ILR_SEMANTIC", "auto", "on", "off"),
            model_path=Path(value("ILR_MODEL_PATH")) if value("ILR_MODEL_PATH") else None,
            answer_processes=number("ILR_ANSWER_PROCESSES", 0, 16),
            database_url=value("DATABASE_URL"),
            secret=value("ILR_SECRET"),
            retention_days=number("ILR_RETENTION_DAYS", 1, 3650),
            allow_sqlite=value("ILR_ALLOW_SQLITE") in {"1", "true", "yes"},
            log_level=one_of("ILR_LOG_LEVEL", "DEBUG", "INFO", "WARNING", "ERROR"),
            metrics=one_of("ILR_METRICS", "on", "off") == "on",
            sentry_dsn=value("ILR_SENTRY_DSN"),
        )
        if wrong:
            raise SettingsError("\n".join(wrong))
        return found

    @classmethod
    def load(cls) -> Settings:
        """The environment over the .env file of the current folder. Raises SettingsError."""
        return cls.from_environment(environment())

    @property
    def serves_slack(self) -> bool:
        """Whether there are tokens to serve Slack with."""
        one = self.slack_bot_token and (self.slack_app_token or self.slack_signing_secret)
        return bool(one or self.serves_many)

    @property
    def serves_many(self) -> bool:
        """Whether it serves every workspace that installs it. A bot token means one workspace."""
        install = self.slack_client_id and self.slack_client_secret and self.slack_signing_secret
        return bool(install and not self.slack_bot_token)

    def today(self) -> date:
        """The day it is."""
        return self.fixed_today or date.today()


def environment() -> dict[str, str]:
    """What is set: the environment over the .env file of the current folder.

    Raises SettingsError when the file cannot be read.
    """
    given = {**read_env_file(Path(".env")), **os.environ}
    # Where derived data is kept is asked for deep inside, where no settings reach.
    if "ILR_CACHE_DIR" in given:
        os.environ["ILR_CACHE_DIR"] = given["ILR_CACHE_DIR"]
    return given


def doubts(given: Mapping[str, str]) -> list[str]:
    """What is likely not meant in what is set, a sentence each; nothing that is set is quoted."""
    known = {setting.name for setting in SETTINGS}
    said = []
    for name in sorted(given.keys() - known):
        ours = name.startswith(("ILR_", "SLACK_"))
        nearest = get_close_matches(name, known, 1, 0.6 if ours else 0.9)
        if nearest:
            said.append(f"{name} is not a setting. Did you mean {nearest[0]}?")
        elif name.startswith("ILR_"):
            said.append(f"{name} is not a setting; nothing reads it.")
    secret = given.get("ILR_SECRET", "").strip()
    if given.get("SLACK_BOT_TOKEN", "").strip() and not secret:
        said.append(
            "ILR_SECRET is not set, so users cannot be told apart, or forgotten. "
            f"Set it to {SHORTEST_SECRET} or more random characters."
        )
    if 0 < len(secret) < SHORTEST_SECRET:
        said.append(f"ILR_SECRET should have at least {SHORTEST_SECRET} characters.")
    return said


def read_env_file(path: Path) -> dict[str, str]:
    """``NAME=value`` lines of a .env file, with comments and quotes as python-dotenv reads them.

    {} when absent. ``$`` is a letter like any other. Raises SettingsError when it cannot be read,
    or naming the line that is not of that form, never its text.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise SettingsError(
            f"{path.name} in this folder cannot be read: {error.strerror}. Let this user read it, "
            "or start from another folder."
        ) from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path.name} is not UTF-8 text. Save it again as UTF-8.") from None
    from dotenv.parser import parse_stream

    found: dict[str, str] = {}
    for binding in parse_stream(StringIO(text)):
        piece = binding.original.string
        # A statement begins with the blank lines above it.
        line = binding.original.line + piece[: len(piece) - len(piece.lstrip())].count("\n")
        if binding.error or (binding.key is not None and binding.value is None):
            raise SettingsError(
                f"{path.name}, line {line}: write NAME=value, or NAME='value' with both quotes."
            )
        if binding.key is None:
            continue
        value = binding.value or ""
        if not value.isprintable():
            raise SettingsError(
                f"{path.name}, line {line}: {binding.key} has a line break or the like in it. "
                "Put it in single quotes: in double quotes a backslash begins a special character."
            )
        found[binding.key] = value
    return found
