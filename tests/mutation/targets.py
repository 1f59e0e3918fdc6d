"""What is mutated, and the tests that should notice."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["REPOSITORY", "TARGETS", "Target"]

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Target:
    """Files of the package, as globs below ``bot/``, and their tests, below ``tests/``."""

    files: tuple[str, ...]
    tests: tuple[str, ...]
    without: str = ""
    """Of these tests, those that are left out (``-k``): they say nothing more, slowly."""

    def paths(self) -> list[Path]:
        """The files themselves."""
        found = [path for glob in self.files for path in sorted((REPOSITORY / "bot").glob(glob))]
        return [path for path in found if path.name != "__init__.py"]


TARGETS = {
    "rules engine": Target(
        ("rules/engine.py", "rules/predicates.py", "rules/running.py"),
        (
            "rules/test_engine.py", "rules/test_house.py", "rules/test_clean_records.py",
            "rules/test_describe.py", "rules/test_catalogue.py", "rules/test_unlisted_codes.py",
            "rules/test_many_rows.py", "checking/test_findings.py",
        ),
    ),
    "ledger": Target(("ledger/*.py",), ("ledger",), "postgres or process or kill"),
    "routing": Target(
        ("slack/routing.py",),
        ("slack/test_routing.py",),
    ),
    "explain": Target(
        ("explain/[!c]*.py", "explain/codes.py"),
        ("explain", "answering/test_finding.py", "answering/test_about.py"),
    ),
    "calendar": Target(("explain/calendar.py",), ("explain/test_calendar.py",)),
    "privacy": Target(
        ("privacy/*.py",), ("privacy", "ledger/test_ledger_privacy.py", "slack/test_logs.py"),
        "malice or postgres or process",
    ),
}  # fmt: skip
