"""How fast and how large the matcher is at 150, 1,000 and 10,000 entries, beside rapidfuzz alone,
a plain BM25 over the same words, and scikit-learn's TF-IDF over words and letter groups.

    python -m tests.benchmarks.matching_latency                    core and its peers
    python -m tests.benchmarks.matching_latency --semantic         with the layer too
    python -m tests.benchmarks.matching_latency --sizes 150,1000

Every row is measured in a process of its own. Entries are made of the shipped knowledge's own
questions, ten phrasings each; from the second round on with a word of its own in each, so that
the vocabulary grows as well. ``build`` is from nothing (index and calibration), ``cached`` from
the files it left, both in seconds of processor time, which a busy machine does not change;
``CPU ms`` is the mean processor time of a question. Aims at 1,000 entries: a median of 5 ms for the
core and 20 ms with the layer; 150 MB and 400 MB; the core's index in 2 s, of which ``index s``
leaves the calibration out.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

from rapidfuzz import fuzz, process

from bot.knowledge.base import KnowledgeBase
from bot.matching import Candidate, Matcher, Vocabulary, find_encoder
from bot.matching.core import Core
from bot.matching.lists import common_words
from bot.matching.text import stem, tokenise

ROOT = Path(__file__).resolve().parents[2]
PHRASINGS = 10
QUESTIONS = 200


def made_entries(size: int) -> list[Candidate]:
    """``size`` entries of ten phrasings."""
    base = [[entry.question, *entry.also_asked] for entry in KnowledgeBase.load().entries.values()]
    words = list(common_words())
    entries = []
    for number in range(size):
        own = base[number % len(base)]
        mark = f" {words[number % len(words)]}" if number >= len(base) else ""
        phrasings = [own[turn % len(own)] + mark for turn in range(PHRASINGS)]
        entries.append(Candidate(f"e{number}", tuple(phrasings)))
    return entries


def questions(entries: list[Candidate]) -> list[str]:
    """Phrasings with a word left out and a slip in another."""
    chance = random.Random(11)
    asked = []
    for _ in range(QUESTIONS):
        words = chance.choice(chance.choice(entries).phrasings).split()
        if len(words) > 3:
            words.pop(chance.randrange(len(words)))
        at = chance.randrange(len(words))
        if len(words[at]) > 4:
            words[at] = words[at][:2] + words[at][3:]
        asked.append(" ".join(words))
    return asked


def bm25(entries: Sequence[Candidate]) -> Callable[[str], list[int]]:
    """Okapi BM25 (k1 1.2, b 0.75) over whole entries, stemmed as the matcher stems."""
    texts = [[t.stem for p in entry.phrasings for t in tokenise(p)] for entry in entries]
    usual = sum(map(len, texts)) / len(texts)
    postings: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for number, text in enumerate(texts):
        damping = 1.2 * (0.25 + 0.75 * len(text) / usual)
        for term, count in Counter(text).items():
            postings[term].append((number, count * 2.2 / (count + damping)))
    rarity = {
        term: math.log(1 + (len(texts) - len(found) + 0.5) / (len(found) + 0.5))
        for term, found in postings.items()
    }

    def answer(question: str) -> list[int]:
        totals: defaultdict[int, float] = defaultdict(float)
        for word in question.lower().split():
            term = stem(word.strip("?!.,"))
            for entry, weight in postings.get(term, ()):
                totals[entry] += rarity[term] * weight
        return sorted(totals, key=totals.__getitem__, reverse=True)[:10]

    return answer


def tfidf(entries: Sequence[Candidate]) -> Callable[[str], list[int]]:
    """The cosine of TF-IDF vectors over words, pairs and letter groups, of whole entries."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import FeatureUnion

    texts = [" ".join(entry.phrasings) for entry in entries]
    made = FeatureUnion(
        [
            ("words", TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)),
            ("letters", TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 4), sublinear_tf=True)),
        ]
    )
    rows = made.fit_transform(texts).tocsr()

    def answer(question: str) -> list[int]:
        scores = (rows @ made.transform([question]).T).toarray().ravel()
        return [int(entry) for entry in (-scores).argsort()[:10]]

    return answer


PEERS = {"BM25": bm25, "TF-IDF": tfidf}


def measure(what: str, size: int) -> dict[str, float | str]:
    """One row, in this process."""
    entries = made_entries(size)
    asked = questions(entries)
    before = _peak()
    row: dict[str, float | str] = {"what": what, "entries": size}
    if what == "rapidfuzz":
        rows = [phrasing for entry in entries for phrasing in entry.phrasings]

        def answer(question: str) -> object:
            return process.extract(question, rows, scorer=fuzz.token_set_ratio, limit=30)

    elif what in PEERS:
        started = time.process_time()
        answer = PEERS[what](entries)
        row["build s"] = round(time.process_time() - started, 2)
    else:
        started = time.process_time()
        Core.make(entries, Vocabulary())
        row["index s"] = round(time.process_time() - started, 2)
        encoder = find_encoder() if what == "semantic" else None
        with tempfile.TemporaryDirectory() as folder:
            for name in ("build s", "cached s"):
                started = time.process_time()
                matcher = Matcher.build(
                    entries, Vocabulary(), cache_dir=Path(folder), encoder=encoder, ready="now"
                )
                row[name] = round(time.process_time() - started, 2)
        answer = matcher.match
    times = []
    busy = time.process_time()
    for question in asked:
        started = time.perf_counter()
        answer(question)
        times.append(1000 * (time.perf_counter() - started))
    busy = time.process_time() - busy
    times.sort()
    row |= {
        "median ms": round(times[len(times) // 2], 2),
        "p99 ms": round(times[int(len(times) * 0.99)], 2),
        "CPU ms": round(1000 * busy / len(asked), 2),
        "peak MB": round(_peak()),
        "of it matcher": round(_peak() - before),
    }
    return row


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default="150,1000,10000")
    parser.add_argument("--semantic", action="store_true")
    parser.add_argument("--row", help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.row:
        what, size = chosen.row.split(":")
        print(json.dumps(measure(what, int(size))))  # noqa: T201
        return
    columns = (
        "index s",
        "build s",
        "cached s",
        "median ms",
        "p99 ms",
        "CPU ms",
        "peak MB",
        "of it matcher",
    )
    print(f"{'':10} {'entries':>8} " + " ".join(f"{name:>13}" for name in columns))  # noqa: T201
    for what in ("rapidfuzz", *PEERS, "core", *(["semantic"] if chosen.semantic else [])):
        for size in chosen.sizes.split(","):
            done = subprocess.run(
                [
                    sys.executable,
                    "-m",
                    "tests.benchmarks.matching_latency",
                    "--row",
                    f"{what}:{size}",
                ],
                cwd=ROOT,
                capture_output=True,
                text=True,
                check=True,
            )
            row = json.loads(done.stdout.splitlines()[-1])
            cells = " ".join(f"{row.get(name, '–'):>13}" for name in columns)
            print(f"{what:10} {size:>8} {cells}", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
