"""Loading LARS: a download of full size, its time and its memory.

    python -m tests.benchmarks reference_load
    python -m tests.benchmarks.reference_load --aims 250000

The file is invented, in the form of the published ZIP: the headings of schema version 012, and
about as many rows of each table as the download has.
"""

from __future__ import annotations

import argparse
import csv
import io
import random
import resource
import sqlite3
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from bot.rules.reference.loading import load

SECONDS, MEGABYTES = 60, 300
"""Limits."""
TODAY = date(2026, 11, 24)
AUDIT = ["2020-08-01 09:00:00", "LARS", "2026-09-24 10:09:08", "LARS"]
AUDIT_HEADINGS = ["Created_On", "Created_By", "Modified_On", "Modified_By"]
VALIDITIES = (
    "1619_EFA ADULT_SKILLS ADV_LEARN_LOAN ANY MCA_GLA 1416_EFA FCFJ_ADULT_SKILLS "
    "TAILORED_LEARNING GROWTH_SKILLS_SHORT_COURSES"
).split()
FULL_SIZE = 300_000
DETAILS = [f"Detail{place}" for place in range(44)]
"""The columns of an aim that are not kept, of which there are many."""


def day(chance: random.Random) -> str:
    return f"{chance.randrange(2005, 2030)}-08-01"


def aims(count: int) -> Iterator[list[str]]:
    chance = random.Random(1)
    yield [
        "LearnAimRef", "EffectiveFrom", "EffectiveTo", "LearnAimRefTitle", "LearnAimRefType",
        "NotionalNVQLevelv2", "LearningDeliveryGenre", "EnglPrscID", "FrameworkCommonComponent",
        "SectorSubjectAreaTier2", *DETAILS, *AUDIT_HEADINGS,
    ]  # fmt: skip
    for number in range(count):
        yield [
            f"{60000000 + number}", day(chance), "", f"Invented certificate, number {number}",
            "0003", chance.choice("E123"), "EOQ", "-1", "-2", f"{chance.randrange(1, 16)}.20",
            *["-2"] * len(DETAILS), *AUDIT,
        ]  # fmt: skip


def validity(count: int) -> Iterator[list[str]]:
    chance = random.Random(2)
    yield [
        "LearnAimRef", "ValidityCategory", "StartDate", "EndDate", "LastNewStartDate",
        *AUDIT_HEADINGS,
    ]  # fmt: skip
    for number in range(count):
        for category in VALIDITIES[:5]:
            yield [f"{60000000 + number}", category, day(chance), "", "", *AUDIT]


def categories(count: int) -> Iterator[list[str]]:
    chance = random.Random(3)
    yield ["LearnAimRef", "CategoryRef", "EffectiveFrom", "EffectiveTo", *AUDIT_HEADINGS]
    for number in range(count):
        for _ in range(3):
            yield [f"{60000000 + number}", str(chance.randrange(1, 95)), day(chance), "", *AUDIT]


def annual_values(count: int) -> Iterator[list[str]]:
    chance = random.Random(4)
    yield [
        "LearnAimRef", "EffectiveFrom", "EffectiveTo", "BasicSkills", "BasicSkillsType",
        *DETAILS[:12], *AUDIT_HEADINGS,
    ]  # fmt: skip
    for number in range(count):
        for _ in range(2):
            yield [
                f"{60000000 + number}", day(chance), "", "0", "-2", *["0.00"] * 12, *AUDIT,
            ]  # fmt: skip


def framework_aims(count: int) -> Iterator[list[str]]:
    chance = random.Random(5)
    yield [
        "FworkCode", "ProgType", "PwayCode", "LearnAimRef", "EffectiveFrom", "EffectiveTo",
        "FrameworkComponentType", *AUDIT_HEADINGS,
    ]  # fmt: skip
    for number in range(count * 2):
        ref = f"{60000000 + number % count}"
        yield [str(chance.randrange(400, 700)), "2", "1", ref, day(chance), "", "1", *AUDIT]


def funding(count: int) -> Iterator[list[str]]:
    """A table that is not kept."""
    yield ["LearnAimRef", "FundingCategory", "EffectiveFrom", "RateWeighted", *AUDIT_HEADINGS]
    for number in range(count):
        for category in VALIDITIES[:3]:
            yield [f"{60000000 + number}", category, "2020-08-01", "724.00", *AUDIT]


def write(path: Path, count: int) -> None:
    """The ZIP, as it would be downloaded."""
    tables = {
        "LearningDelivery": aims, "Validity": validity, "LearningDeliveryCategory": categories,
        "AnnualValue": annual_values, "FrameworkAims": framework_aims, "Funding": funding,
    }  # fmt: skip
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, rows in tables.items():
            with archive.open(f"{name}.csv", "w") as raw:
                text = io.TextIOWrapper(raw, encoding="utf-8", newline="")
                csv.writer(text).writerows(rows(count))
                text.close()
        archive.writestr("DataGeneration.csv", "DataGeneratedOn\n2026-09-24 10:09:08\n")


def main() -> int:
    """Print the figures; 1 when a limit is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--aims", type=int, default=FULL_SIZE)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        zipped = Path(folder) / "LearningDelivery_V012_CSV.zip"
        write(zipped, chosen.aims)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        started = time.perf_counter()
        release = load(zipped, Path(folder) / "held", today=TODAY)
        seconds = time.perf_counter() - started
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        held = Path(folder) / "held" / "lars.db"
        with sqlite3.connect(held) as database:
            (aims_held,) = database.execute("SELECT count(*) FROM aim").fetchone()
        print(  # noqa: T201
            f"{aims_held:,} aims, {release.rows:,} rows kept of a ZIP of "
            f"{zipped.stat().st_size / 1e6:.0f} MB: {seconds:.1f} s (limit {SECONDS}), "
            f"{memory:.0f} MB at most (limit {MEGABYTES}; {before / 1024:.0f} before), "
            f"database {held.stat().st_size / 1e6:.0f} MB"
        )
    return int(seconds > SECONDS or memory > MEGABYTES)


if __name__ == "__main__":
    sys.exit(main())
