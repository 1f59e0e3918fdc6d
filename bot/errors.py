"""Errors that are meant to be read by a person: where, what, and what to do."""

from __future__ import annotations

import traceback
from dataclasses import dataclass

__all__ = [
    "Failed",
    "HelpdeskError",
    "InputError",
    "KnowledgeError",
    "LintFinding",
    "Problem",
    "SettingsError",
    "places",
]


class HelpdeskError(Exception):
    """Something a person can put right. The message is one or two clear sentences."""


class InputError(HelpdeskError):
    """What was pasted or given could not be read at all. Never quotes the input."""


class SettingsError(HelpdeskError):
    """A setting is missing or wrong; the message names it and says what to write."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a knowledge file."""

    file: str
    line: int
    message: str
    remedy: str = ""

    def __str__(self) -> str:
        tail = f" {self.remedy}" if self.remedy else ""
        return f"{self.file}:{self.line}: {self.message}{tail}"


class KnowledgeError(HelpdeskError):
    """The knowledge files cannot be used; ``problems`` says where and why."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        more = f" (and {len(problems) - 5} more)" if len(problems) > 5 else ""
        super().__init__("\n".join(str(problem) for problem in problems[:5]) + more)


@dataclass(frozen=True, slots=True)
class LintFinding:
    """Something to put right."""

    problem: Problem
    error: bool = True

    def __str__(self) -> str:
        return f"{self.problem}" if self.error else f"{self.problem} (warning)"


def places(error: BaseException) -> list[str]:
    """Where an error came from: file, line and function of its frames, never its message."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    return [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]


@dataclass(frozen=True)
class Failed:
    """A mistake of ours in another process: which and where, never what it was about."""

    error: str
    where: list[str]

    @classmethod
    def of(cls, error: BaseException) -> Failed:
        """What is told of an error."""
        return cls(type(error).__name__, places(error))
