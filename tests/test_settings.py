"""Settings: what is wrong, or likely not meant, is said with the setting's name and the remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import Settings, doubts, read_env_file


def test_everything_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(SettingsError) as said:
        Settings.from_environment(
            {"PORT": "three", "ILR_SEMANTIC": "maybe", "ILR_SENTRY_DSN": "key@sentry.example"}
        )
    assert [line.split()[0] for line in str(said.value).splitlines()] == [
        "ILR_SENTRY_DSN", "PORT", "ILR_SEMANTIC",
    ]  # fmt: skip
    assert "key@" not in str(said.value)


@pytest.mark.parametrize(
    ("name", "field", "low", "high"),
    [("PORT", "port", 0, 65_535), ("ILR_RETENTION_DAYS", "retention_days", 1, 3_650)],
)
def test_a_number_is_taken_up_to_its_bounds_and_no_further(
    name: str, field: str, low: int, high: int
) -> None:
    for good in (low, high):
        assert getattr(Settings.from_environment({name: str(good)}), field) == good
    for bad in (low - 1, high + 1):
        with pytest.raises(SettingsError) as said:
            Settings.from_environment({name: str(bad)})
        assert str(said.value) == f"{name} should be a number from {low} to {high}."


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("ILR_SECERT", "Did you mean ILR_SECRET?"),
        ("ILR_KNOWLEDGE", "Did you mean ILR_KNOWLEDGE_DIR?"),
        ("SLACK_BOT_TOKN", "Did you mean SLACK_BOT_TOKEN?"),
        ("DATABASE_URI", "Did you mean DATABASE_URL?"),
        ("ILR_ZZZZZZZZZZZ", "nothing reads it"),
    ],
)
def test_a_misspelt_setting_is_named_with_the_nearest(name: str, said: str) -> None:
    (one,) = doubts({name: "hidden", "PATH": "/bin", "HOME": "/root"})
    assert one.startswith(f"{name} is not a setting")
    assert said in one
    assert "hidden" not in one


def test_a_secret_that_is_missing_or_short_is_said_where_users_are_kept() -> None:
    assert doubts({}) == []
    assert "ILR_SECRET is not set" in doubts({"SLACK_BOT_TOKEN": "xoxb-1"})[0]
    assert "at least 16" in doubts({"ILR_SECRET": "short"})[0]
    assert doubts({"SLACK_BOT_TOKEN": "xoxb-1", "ILR_SECRET": "x" * 16}) == []


def env(folder: Path, text: str) -> dict[str, str]:
    (folder / ".env").write_text(text, encoding="utf-8")
    return read_env_file(folder / ".env")


def test_an_env_file_has_comments_and_quotes(tmp_path: Path) -> None:
    assert env(
        tmp_path,
        "# ours\n\nexport PORT=3001 # not 3000\nILR_SECRET='a # b'\nA=a#b\nB=it's\nC=$A\n"
        'D="two words" # said\nE=\nF=C:\\new\\folder\n',
    ) == {
        "PORT": "3001", "ILR_SECRET": "a # b", "A": "a#b", "B": "it's", "C": "$A",
        "D": "two words", "E": "", "F": "C:\\new\\folder",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("A=1\n\nhidden words\n", "line 3: write NAME=value"),
        ("A=1\nHIDDEN\n", "line 2: write NAME=value"),
        ("A=1\n\nB='hidden\nC=2\n", "line 3: write NAME=value, or NAME='value' with both quotes"),
        ('A="C:\\new"\n', "line 1: A has a line break"),
    ],
)
def test_a_line_of_an_env_file_that_cannot_be_read_is_named(
    tmp_path: Path, text: str, says: str
) -> None:
    with pytest.raises(SettingsError) as said:
        env(tmp_path, text)
    assert says in str(said.value)
    assert "hidden" not in str(said.value).casefold()
