"""Who installed the app, kept by slack_sdk's own stores in the ledger's database.

Only what the bot needs is kept: the workspace, the bot's token and its scopes; nothing of the
person who installed it. Tokens are encrypted with a key made from ILR_SECRET.
"""

from __future__ import annotations

import base64
import logging
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from slack_sdk.errors import SlackClientError
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import SQLAlchemyOAuthStateStore
from slack_sdk.oauth.token_rotation import TokenRotator
from sqlalchemy import Engine, Text, and_, select
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.types import TypeDecorator

from bot.errors import SettingsError
from bot.ledger.errors import LedgerError
from bot.ledger.workspaces import Workspace
from bot.settings import Settings
from bot.slack.runtime.logs import log
from bot.slack.runtime.web_client import web_client

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

    from bot.ledger import Ledger

__all__ = ["LIBRARY", "MINUTES_BEFORE_IT_EXPIRES", "Installations", "OAuthStates", "cipher"]

LIBRARY = logging.getLogger("slack_sdk.oauth")
"""For what the libraries log, which is cut before the first value; see ``logs``."""
MINUTES_BEFORE_IT_EXPIRES = 120
SECONDS_REMEMBERED = 60.0
"""How long a token is used before it is looked up again: another process may have ended it."""
_PURPOSE = b"ilr-helpdesk: tokens of installations"


def cipher(secret: str) -> Fernet:
    """What encrypts tokens. Raises SettingsError when the library is not installed."""
    try:
        from cryptography.fernet import Fernet
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF
    except ImportError:
        raise SettingsError(
            'To serve several workspaces: pip install "ilr-helpdesk[workspaces]".'
        ) from None
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(key))


class _Encrypted(TypeDecorator[str]):
    """Text that only this bot can read in the database."""

    impl = Text
    cache_ok = False

    def __init__(self, with_cipher: Fernet) -> None:
        super().__init__()
        self._cipher = with_cipher

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Encrypt."""
        return None if value is None else self._cipher.encrypt(value.encode()).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Decrypt; nothing, said in the log, for what another ILR_SECRET encrypted."""
        from cryptography.fernet import InvalidToken

        if value is None:
            return None
        try:
            return self._cipher.decrypt(value.encode()).decode()
        except InvalidToken:
            log.error(
                "a workspace's token cannot be read",
                extra={"fix": "Set the ILR_SECRET it was kept with, or install the app again."},
            )
            return None


class Installations(SQLAlchemyInstallationStore):
    """slack_sdk's store, with encrypted tokens, one row a workspace, and the bot's part alone.

    What was found is remembered for a minute, and for as long as the database is away.
    """

    def __init__(self, settings: Settings, ledger: Ledger) -> None:
        """``ledger`` may be away when the process starts."""
        super().__init__(
            client_id=settings.slack_client_id,
            engine=None,  # type: ignore[arg-type]
            logger=LIBRARY,
        )
        self._ledger = ledger
        self._rotator = TokenRotator(
            client_id=settings.slack_client_id,
            client_secret=settings.slack_client_secret,
            client=web_client("", settings.slack_api_url),
        )
        self._lock = threading.Lock()
        self._found: dict[tuple[str | None, str | None], tuple[float, Bot]] = {}
        encrypted = _Encrypted(cipher(settings.secret))
        for name in ("bot_token", "bot_refresh_token"):
            self.bots.c[name].type = encrypted

    @property
    def engine(self) -> Engine:
        """The ledger's database."""
        return self._ledger.engine()

    @engine.setter
    def engine(self, given: object) -> None:
        """The library sets it; ours is asked for when it is used."""

    def save(self, installation: Installation) -> None:
        """Keep the bot's part of an installation."""
        self.save_bot(installation.to_bot())

    def save_bot(self, bot: Bot) -> None:
        """Keep a token, in place of an older one of the same workspace."""
        super().save_bot(bot)
        self._forget(bot.enterprise_id, bot.team_id)
        c = self.bots.c
        same = and_(
            c.client_id == self.client_id,
            c.enterprise_id == bot.enterprise_id,
            c.team_id == bot.team_id,
        )
        newest = select(c.id).where(same).order_by(c.installed_at.desc(), c.id.desc()).limit(1)
        with self.engine.begin() as connection:
            kept = connection.execute(newest).scalar_one()
            connection.execute(self.bots.delete().where(same, c.id != kept))

    def find_bot(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        is_enterprise_install: bool | None = False,
    ) -> Bot | None:
        """The bot of a workspace, or of the organisation that installed it."""
        key = (enterprise_id, None if is_enterprise_install else team_id)
        with self._lock:
            at, held = self._found.get(key, (0.0, None))
        if held is not None and time.monotonic() - at < SECONDS_REMEMBERED:
            return held
        try:
            found = super().find_bot(
                enterprise_id=enterprise_id,
                team_id=team_id,
                is_enterprise_install=is_enterprise_install,
            )
        except (SQLAlchemyError, LedgerError):
            if held is None:
                raise
            return held  # the database is away: Slack itself says when a token holds no more
        if found is None or not found.bot_token:
            self._forget(*key)
            return None
        with self._lock:
            self._found[key] = (time.monotonic(), found)
        return found

    def delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """It was uninstalled."""
        self._forget(enterprise_id, team_id)
        super().delete_bot(enterprise_id=enterprise_id, team_id=team_id)

    def delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        """Nothing is kept of who installed it."""

    def in_use(self) -> list[tuple[Workspace, str]]:
        """Every workspace that may use it, the oldest first, with its token, renewed when due.

        Those of an organisation that installed it are known once they have asked something.
        """
        bots = self._all()
        of_organisation = {bot.enterprise_id: bot for bot in bots if not bot.team_id}
        found = [(Workspace(bot.team_id, bot.enterprise_id), bot) for bot in bots if bot.team_id]
        found += [
            (one, of_organisation[one.enterprise])
            for one in self._ledger.workspaces()
            if one.for_organisation and one.enterprise in of_organisation
        ]
        tokens = {id(bot): self._renewed(bot) for bot in bots}
        return [(workspace, tokens[id(bot)]) for workspace, bot in found]

    def _renewed(self, bot: Bot) -> str:
        """A workspace where nobody asks for half a day has a token that expires, too."""
        try:
            newer = self._rotator.perform_bot_token_rotation(
                bot=bot, minutes_before_expiration=MINUTES_BEFORE_IT_EXPIRES
            )
        except (SlackClientError, OSError) as error:
            log.warning("a token could not be renewed", extra={"error": type(error).__name__})
            return str(bot.bot_token)
        if newer is not None:
            self.save_bot(newer)
        return str((newer or bot).bot_token)

    def _all(self) -> list[Bot]:
        c = self.bots.c
        query = self.bots.select().where(c.client_id == self.client_id).order_by(c.installed_at)
        with self.engine.connect() as connection:
            rows = connection.execute(query).mappings().all()
        return [self.build_bot_entity(row) for row in rows if row["bot_token"]]

    def _forget(self, enterprise_id: str | None, team_id: str | None) -> None:
        with self._lock:
            self._found.pop((enterprise_id, team_id), None)


class OAuthStates(SQLAlchemyOAuthStateStore):
    """slack_sdk's store of who is about to install it: good once, for ten minutes."""

    def __init__(self, expiration_seconds: int, engine: Callable[[], Engine]) -> None:
        self._engine_of = engine
        super().__init__(
            expiration_seconds=expiration_seconds,
            engine=None,  # type: ignore[arg-type]
            logger=LIBRARY,
        )

    @property
    def engine(self) -> Engine:
        """The ledger's database."""
        return self._engine_of()

    @engine.setter
    def engine(self, given: object) -> None:
        """The library sets it; ours is asked for when it is used."""
