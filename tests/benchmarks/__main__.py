"""Every benchmark, one after the other, each in a process of its own.

    python -m tests.benchmarks               all of them
    python -m tests.benchmarks NAME …        some: parts of names
    python -m tests.benchmarks --list        which there are

More of one: python -m tests.benchmarks.NAME --help
"""

from __future__ import annotations

import argparse
import ast
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

FOLDER = Path(__file__).parent


def benchmarks() -> dict[str, str]:
    """The modules here that have a main, with the first line of what they say of themselves."""
    found = {}
    for path in sorted(FOLDER.glob("[a-z]*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if any(isinstance(part, ast.FunctionDef) and part.name == "main" for part in tree.body):
            found[path.stem] = (ast.get_docstring(tree) or "").partition("\n")[0]
    return found


def machine() -> str:
    """Processor, cores, memory, system and Python; and how busy it is, which tells the most."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    model = next((line.partition(": ")[2] for line in lines if line.startswith("model name")), "")
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    return (
        f"{model or platform.processor()} {platform.machine()}, {os.cpu_count()} cores, "
        f"{pages * size / 2**30:.0f} GB, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}"
    )


def main() -> int:
    """Run what was named, or all; 1 when one failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--list", action="store_true")
    chosen = parser.parse_args()
    known = benchmarks()
    if chosen.list:
        for name, about in known.items():
            print(f"{name:20} {about}")  # noqa: T201
        return 0
    wanted = [n for n in known if not chosen.names or any(part in n for part in chosen.names)]
    if not wanted:
        print(f"There is no such benchmark. There are: {', '.join(known)}.", file=sys.stderr)  # noqa: T201
        return 2
    failed = []
    for name in wanted:
        print(f"\n== {name}: {known[name]}\n   {machine()}\n", flush=True)  # noqa: T201
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", f"tests.benchmarks.{name}"], cwd=FOLDER.parents[1], check=False
        )
        print(f"   {time.monotonic() - began:.0f} s", flush=True)  # noqa: T201
        failed += [name] if done.returncode else []
    if failed:
        print(f"\nFailed: {', '.join(failed)}", file=sys.stderr)  # noqa: T201
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
