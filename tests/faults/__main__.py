"""The fault table: ``python -m tests.faults``."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.conftest import CACHE
from tests.faults import costly_files, installation
from tests.faults.scenarios import SCENARIOS, MissingError

__all__ = ["costly_files", "installation"]  # they add their faults to the table


def main() -> int:
    """Run the faults and print what became of the questions; 1 when any went wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("names", nargs="*", help="parts of names; every fault when none")
    parser.add_argument("--events", type=int, default=0, help="questions in each; default 60")
    chosen = parser.parse_args()
    os.environ.setdefault("ILR_CACHE_DIR", str(CACHE))
    out = Console(width=max(120, Console().width))
    table = Table("Fault", "Sent", "Once", "Twice", "Lost", "Told", "Late", "s", "Notes")
    ran = wrong = 0
    began = time.monotonic()
    for name, run in SCENARIOS.items():
        if chosen.names and not any(part in name for part in chosen.names):
            continue
        events = chosen.events or (500 if name.startswith("burst") else 60)
        with tempfile.TemporaryDirectory() as folder:
            try:
                told = run(Path(folder), events)
            except MissingError as missing:
                table.add_row(name, *[""] * 7, f"not run: {missing} is not installed")
                continue
            except AssertionError as error:
                wrong, ran = wrong + 1, ran + 1
                table.add_row(name, *[""] * 7, f"fell over: {str(error)[:300]}", style="bold red")
                continue
        wrong += not told.well
        figures = (told.sent, told.once, told.twice, told.lost, told.told, told.late)
        notes = ", ".join([*told.problems, *(f"{key} {n}" for key, n in told.notes.items())])
        style = "" if told.well else "bold red"
        table.add_row(name, *map(str, figures), f"{told.seconds:.1f}", notes, style=style)
        out.print(f"{name}: {figures}", style="dim")
        ran += 1
    out.print(table)
    out.print(f"{ran} faults, {wrong} of them gone wrong.")
    out.print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; "
        f"{time.monotonic() - began:.0f} s in all. Late: acknowledged after Slack's three "
        "seconds, or only when sent again."
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
