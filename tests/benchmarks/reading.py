"""How long it takes to read ten megabytes, and how much memory, in every form that is read.

    python -m tests.benchmarks.reading

The promise is five seconds and 300 MB. Each form is read in a process of its own; memory is its
peak, Python and the program included. Processor time is given beside the clock's, because it is
the same on a busy machine. A table is as long as tables may be, which is less than ten megabytes.
Pastes of one learner, the usual case, are measured in milliseconds at the end.
"""

from __future__ import annotations

import html
import json
import multiprocessing
import platform
import re
import resource
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from bot.ilr.readers import read
from bot.ilr.readers.detect import MAX_ROWS
from bot.ilr.readers.limits import MAX_LIST_LINES, MAX_OBJECTS
from bot.ilr.readers.parsed import ParsedRecord
from tests.benchmarks.invented import HEAD, learner

SIZE = 10_000_000
SECONDS, MEGABYTES = 5, 300
ROUNDS = 50


def whole_file(size: int = SIZE) -> str:
    """A return of about ``size`` characters, a field a line."""
    parts, length, number = [HEAD], len(HEAD), 0
    while length < size:
        number += 1
        parts.append(learner(number, 4).replace("><", ">\n<"))
        length += len(parts[-1])
    return "".join(parts) + "</Message>\n"


def table() -> str:
    """As many rows as are read at once, a placement each."""
    rows = [
        f"K{row // 3:06}\tZWRKX001\t{1 + row % 28:02}/09/2026\t{1 + row % 28:02}/10/2026\t60 hours"
        for row in range(MAX_ROWS - 1)
    ]
    return "\n".join(["Learner Ref\tAim Ref\tAim Start\tPlacement Start\tPlacement Hours", *rows])


def field_list() -> str:
    """A list of as many lines as are read at once."""
    block = "Placement start: 05/10/2026\nPlacement end: 16 Oct 2026\nHours: 60\nMode: external\n"
    return "Aim ref: ZWRKX001\nAim start: 01/09/2026\n" + block * (MAX_LIST_LINES // 4 - 1)


def own_json() -> str:
    """What ``read --json`` writes: ten megabytes, or as many objects as are read at once."""
    one = json.dumps(read(learner(7, 4)).to_json()["record"]["children"][0])
    many = ",\n".join([one] * min(SIZE // len(one), (MAX_OBJECTS - 1) // one.count("{")))
    return f'{{"entity": "Message", "partial": false, "fields": [], "children": [{many}]}}'


def violation_report() -> str:
    """Rows of a rule violation report."""
    row = "E,INV{:07},9000000001,R_96,WorkPlaceStartDate=2026-10-05,Two placements on one day\n"
    head = "Error\\Warning,Learner Ref,Unique Learner Number,Rule Name,Field Values,Error Message\n"
    return head + "".join(row.format(number % 5_000) for number in range(SIZE // len(row)))


def escaped(size: int = SIZE) -> str:
    """The file with &lt; for <, as a chat program gives it."""
    return html.escape(whole_file(int(size * 0.72)), quote=False)


FORMS: dict[str, Callable[[], str | bytes]] = {
    "XML": lambda: whole_file().encode(),
    "XML, UTF-16": lambda: whole_file(SIZE // 2).encode("utf-16"),
    "XML on one line": lambda: re.sub(r">\s+<", "><", whole_file()),
    "XML cut off": lambda: whole_file()[:-400],
    "XML, escaped": escaped,
    "JSON": own_json,
    "violation report": violation_report,
    "table": table,
    "list": field_list,
}


def measured(form: str, answer: Any) -> None:
    """Read one form, and send size, seconds of both kinds, peak megabytes and the kind."""
    given = FORMS[form]()
    clock, processor = time.perf_counter(), time.process_time()
    reading: ParsedRecord = read(given)
    took = time.perf_counter() - clock, time.process_time() - processor
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if sys.platform == "darwin":
        most /= 1024
    answer.send((len(given), *took, most, reading.kind))


def main() -> None:
    """Print a line a form. Status 1 when one misses the promise."""
    print(f"Python {platform.python_version()}, {platform.machine()}")  # noqa: T201
    missed = False
    processes = multiprocessing.get_context("spawn")
    for form in FORMS:
        receiver, sender = processes.Pipe(duplex=False)
        process = processes.Process(target=measured, args=(form, sender))
        process.start()
        sender.close()
        size, clock, processor, most, kind = receiver.recv()
        process.join()
        slow = min(clock, processor) > SECONDS or most > MEGABYTES
        missed = missed or slow
        print(  # noqa: T201
            f"  {form:18} {size / 1e6:5.1f} MB  {clock:5.1f} s  processor {processor:4.1f} s  "
            f"peak {most:4.0f} MB  {'MISSED  ' if slow else ''}({kind})"
        )
    one = whole_file(1_000)
    for what, paste in (("one learner", one), ("the same, cut off", one[: len(one) // 2])):
        times = []
        for _ in range(ROUNDS):
            started = time.process_time()
            read(paste)
            times.append((time.process_time() - started) * 1000)
        print(f"  {what:18} {statistics.median(times):5.1f} ms, of {ROUNDS}")  # noqa: T201
    if missed:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
