"""What one workspace has of its own: ``ILR_WORKSPACES_DIR/T0123ABCD/settings.yaml`` and knowledge.

T0123ABCD/
    settings.yaml     its channels, its group of curators …; every key may be left out
    knowledge/        its own knowledge folder, laid over the shipped one
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from bot.errors import KnowledgeError, Problem
from bot.schema import Model
from bot.settings import Settings
from bot.yaml_files import read_yaml, validate

__all__ = ["SETTINGS_FILE", "WorkspaceFile", "check_folder", "settings_of"]

SETTINGS_FILE, KNOWLEDGE = "settings.yaml", "knowledge"
_TEAM = re.compile(r"T[A-Z0-9]{4,20}")

ChannelId = Annotated[str, Field(pattern=r"^[CG][A-Z0-9]{4,20}$")]
GroupId = Annotated[str, Field(pattern=r"^S[A-Z0-9]{4,20}$")]


class WorkspaceFile(Model):
    """The keys of settings.yaml; each is the setting of that name, for one workspace."""

    watched_channels: list[ChannelId] = Field(default_factory=list)
    watch_mode: Literal["answer", "offer", "silent"] | None = None
    triage_channel: ChannelId | None = None
    triage_group: GroupId | None = None
    curator_group: GroupId | None = None
    curators_channel: ChannelId | None = None
    returns_channel: ChannelId | None = None
    guests: Literal["line", "answer", "silent"] | None = None
    site_url: str | None = Field(default=None, pattern=r"^https?://\S+$")


_FILE = TypeAdapter(WorkspaceFile)


def settings_of(team: str, settings: Settings) -> Settings:
    """The settings that a workspace is served with.

    Channels and groups are its own or none: an id in the environment is another workspace's.
    Raises KnowledgeError with file and line.
    """
    held = _read(settings.workspaces_dir / team) if settings.workspaces_dir else WorkspaceFile()
    own = settings.workspaces_dir / team / KNOWLEDGE if settings.workspaces_dir else None
    return replace(
        settings,
        watched_channels=frozenset(held.watched_channels),
        watch_mode=held.watch_mode or settings.watch_mode,
        triage_channel=held.triage_channel or "",
        triage_group=held.triage_group or "",
        curator_group=held.curator_group or "",
        curators_channel=held.curators_channel or "",
        returns_channel=held.returns_channel or "",
        guests=held.guests or settings.guests,
        site_url=held.site_url or settings.site_url,
        knowledge_dir=own if own is not None and own.is_dir() else settings.knowledge_dir,
    )


def check_folder(folder: Path) -> int:
    """Read every workspace's file; how many workspaces have one of their own.

    Raises KnowledgeError with every wrong place.
    """
    problems: list[Problem] = []
    count = 0
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        count += 1
        problems += _problems_of(path)
    if problems:
        raise KnowledgeError(problems)
    return count


def _problems_of(path: Path) -> Iterator[Problem]:
    if not _TEAM.fullmatch(path.name) or not path.is_dir():
        remedy = "Name a folder after each workspace's id (T…), and nothing else."
        yield Problem(path.name, 1, "is no workspace's folder.", remedy)
        return
    for inside in sorted(path.iterdir()):
        if inside.name not in (SETTINGS_FILE, KNOWLEDGE) and not inside.name.startswith("."):
            remedy = f"A workspace's folder holds {SETTINGS_FILE} and {KNOWLEDGE}/."
            yield Problem(f"{path.name}/{inside.name}", 1, "is not read.", remedy)
    try:
        _read(path)
    except KnowledgeError as error:
        yield from error.problems


def _read(folder: Path) -> WorkspaceFile:
    path = folder / SETTINGS_FILE
    if not path.exists():
        return WorkspaceFile()
    return validate(read_yaml(path, shown_as=f"{folder.name}/{path.name}"), _FILE)
