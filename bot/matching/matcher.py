"""From a question to an answer, a choice, or nothing, with the reasons."""

from __future__ import annotations

import atexit
import functools
import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

from bot.cores import usable_cores
from bot.matching.cache import Cache
from bot.matching.calibration import Calibration, Limits, calibrate
from bot.matching.core import Core, Kinds
from bot.matching.deciding import Entries, Spare, decide
from bot.matching.encoder import Encoder, MiniLM, SemanticUnavailableError
from bot.matching.found import Candidate, Match, Why
from bot.matching.index import Nearness
from bot.matching.kept import calibration_from, content_key, keep_contents, nearly
from bot.matching.kinds import Kind, bank, scope_of, with_meaning
from bot.matching.memory import give_back
from bot.matching.orders import is_order
from bot.matching.reading import Read, Tokens, read
from bot.matching.semantic import Layer
from bot.matching.thread import InThread
from bot.matching.words import Vocabulary
from bot.recent import WAITING, Recent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Matcher", "Ready"]

_SCOPE_SPARE = 2.0
"""How far out of scope a line may be whose first entry is sure: it is offered, not answered."""
_SCOPE_SPARE_IN_THREAD = 6.0
"""The same of a follow-up: it leans on what was in scope."""
_ELSEWHERE = 0.5
"""How likely a line must be about something else, by its words alone, to get no choices."""
_LONG = 16
_LONG_SPARE = 0.06
"""In so many words a story shares something with every entry: how much surer the first must be for
an answer outright. Below it is shown as likely, with what else may be meant."""
_POST = 40
_POST_SPARE = 0.14
"""The same for being shown as likely, of a post: of real ones that were less sure, a quarter were
right. Below it there are choices."""
_NEARER = 0.05
"""How much nearer an unsuitable entry must be for what is left to be no answer."""

log = logging.getLogger(__name__)

Ready = Literal["background", "now", "kept"]
"""When the semantic layer is to serve."""


A = TypeVar("A")
B = TypeVar("B")


class _Closing(Exception):  # noqa: N818 - not an error: the process is ending
    """Raised on the layer's own thread, to leave off."""


@dataclass(frozen=True, slots=True)
class _Semantic:
    layer: Layer
    calibration: Calibration


class Matcher:
    """Finds the entry a question means. Safe to share between threads."""

    def __init__(
        self,
        candidates: Sequence[Candidate],
        core: Core,
        calibration: Calibration,
        kinds: Kinds,
    ) -> None:
        """See ``build``."""
        self.kinds = kinds
        self._words = core.words
        self._index = core.index
        self._calibration = calibration
        self._entries = Entries(
            [candidate.id for candidate in candidates],
            core.index.sole_owners(),
            core.index.matched,
        )
        self._judged = Recent(kinds.model.judge, most=WAITING)
        self._semantic: _Semantic | None = None
        self._thread: threading.Thread | None = None
        self._closing = threading.Event()
        self.on_disk = False
        """Whether the semantic layer was made before, so that it serves within a second."""
        self.problem = ""
        """Why the semantic layer does not serve, when it was wanted and cannot."""

    @classmethod
    def build(
        cls,
        candidates: Sequence[Candidate],
        vocabulary: Vocabulary,
        *,
        cache_dir: Path | None = None,
        prepared: Path | None = None,
        encoder: Encoder | None = None,
        ready: Ready = "background",
        limits: Limits | None = None,
        like: Matcher | None = None,
    ) -> Matcher:
        """Index the entries and calibrate, or take what was made of the same content from disk.

        ``like``: a matcher of nearly the same entries, whose calibration serves as it is: making
        one takes the longest. ``cache_dir`` is made when missing; a cache that cannot be read or
        written is ignored. ``prepared``: the folder of what came with the installation; of entries
        that are nearly those of the installation, only what is new is made (``_nearly``).
        With an ``encoder`` the semantic layer is made ready on a thread of its own while the
        core serves; see ``wait``. ``ready`` "now": before returning. "kept": only if it was
        made before and is on disk, for a process that answers once and ends.
        """
        limits = limits or Limits()
        cache = Cache(cache_dir, prepared)
        key = content_key(candidates, vocabulary, limits)
        calibration = calibration_from(cache, "calibration", key)
        if like is not None:
            known = Core.from_cache(cache, key, vocabulary) or Core.make(candidates, vocabulary)
            return cls(candidates, known, like._calibration, like.kinds)
        kinds = Kinds.from_cache(cache, key)
        core = Core.from_cache(cache, key, vocabulary) if calibration is not None else None
        if core is None or calibration is None or kinds is None:
            if isinstance(encoder, MiniLM):
                # Reading the model takes 250 MB for a moment: while there is little else.
                with suppress(SemanticUnavailableError):
                    encoder.load()
            core = Core.make(candidates, vocabulary)
            near = nearly(cache, candidates, limits)
            calibration = calibration_from(cache, "calibration", near) if near else None
            if calibration is not None:
                kinds = Kinds.alone(candidates)
            else:
                kinds = Kinds.make(candidates)
                calibration = calibrate(
                    core.phrasings,
                    core.score_held,
                    core.score_text,
                    limits,
                    bank("near"),
                    kinds.scopes(),
                )
            give_back()
            core.keep(cache, key)
            kinds.keep(cache, key)
            cache.write_json("calibration", key, calibration.to_json())
            keep_contents(cache, key, candidates, limits)
        matcher = cls(candidates, core, calibration, kinds)
        if encoder is not None:
            try:
                kept = calibration_from(cache, "semantic", f"{key}-{encoder.name}")
            except SemanticUnavailableError as error:
                matcher._give_up(error)
                return matcher
            matcher.on_disk = kept is not None
            if ready == "kept" and not matcher.on_disk:
                encoder = None
        if encoder is not None and candidates:
            work = functools.partial(
                matcher._prepare,
                encoder,
                core,
                kinds,
                candidates,
                vocabulary,
                cache,
                key,
                limits,
                # Beside one that serves, there are no more hands than one.
                hands=usable_cores() if ready == "now" else 1,
            )
            if ready != "now":
                # Two threads that import numpy at once may both fail: it is there before either.
                with suppress(ImportError):
                    import numpy  # noqa: F401
                matcher._thread = threading.Thread(target=work, name="semantic", daemon=True)
                matcher._thread.start()
                # A process must not end while another thread is inside the model.
                atexit.register(matcher.close)
            else:
                work()
        return matcher

    def _prepare(
        self,
        encoder: Encoder,
        core: Core,
        kinds: Kinds,
        candidates: Sequence[Candidate],
        vocabulary: Vocabulary,
        cache: Cache,
        key: str,
        limits: Limits,
        hands: int,
    ) -> None:
        """Make the semantic layer; a failure leaves the core serving and says why."""
        try:
            core_key, key = key, f"{key}-{encoder.name}"
            in_full = functools.cache(
                lambda: core if core.index.can_hold_out else Core.make(candidates, vocabulary)
            )
            calibration = calibration_from(cache, "semantic", key)
            if calibration is None and (near := nearly(cache, candidates, limits)):
                calibration = calibration_from(cache, "semantic", f"{near}-{encoder.name}")
            with ThreadPoolExecutor(1, thread_name_prefix="model") as beside:
                # The model is read while the rest is, and a broken one found before it serves.
                model = beside.submit(_wake, encoder)
                layer = Layer(
                    encoder,
                    core.encoded,
                    [candidate.text for candidate in candidates],
                    lambda: in_full().word_vectors(),
                    lines=core.other_lines(cache, core_key),
                    cache=cache,
                    key=key,
                    go_on=self._go_on,
                    hands=hands,
                )
                model.result()
            whole = core
            if calibration is None:
                whole = in_full()
                kinds = kinds if kinds.of_phrasings else Kinds.make(candidates)
                calibration = calibrate(
                    whole.phrasings,
                    self._unless_closing(
                        lambda held: whole.score_held(held, layer.nearness_held(held))
                    ),
                    self._unless_closing(lambda sentence: whole.score_text(sentence, layer)),
                    limits,
                    bank("near"),
                    kinds.scopes(),
                )
            if not self.on_disk:
                cache.write_json("semantic", key, calibration.to_json())
            layer.forget_held()
            for one in (core, whole):
                one.readings.clear()  # nothing is held out any more
            in_full.cache_clear()
            give_back()
            if isinstance(encoder, MiniLM):
                encoder.load()  # it was freed if there was something to train
            self._semantic = _Semantic(layer, calibration)
        except _Closing:
            pass
        except Exception as error:  # noqa: BLE001
            self._give_up(error)

    def _go_on(self) -> None:
        if self._closing.is_set():
            raise _Closing

    def _unless_closing(self, work: Callable[[A], B]) -> Callable[[A], B]:
        def step(given: A) -> B:
            self._go_on()
            return work(given)

        return step

    def close(self, seconds: float = 5.0) -> None:
        """Stop making the semantic layer ready; what was encoded so far is kept on disk."""
        self._closing.set()
        if self._thread is not None:
            self._thread.join(seconds)
        atexit.unregister(self.close)

    def _give_up(self, error: Exception) -> None:
        """Whatever breaks in an extra, a provider's own model included, the core serves."""
        self._semantic = None
        self.problem = str(error) or type(error).__name__
        log.warning("The semantic layer is off: %s", self.problem)

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for the semantic layer, at most so long; whether it serves now."""
        if self._thread is not None:
            self._thread.join(seconds)
        return self._semantic is not None

    @property
    def is_settled(self) -> bool:
        """Whether the semantic layer serves, or will not: nothing is being made any more."""
        return self._thread is None or not self._thread.is_alive()

    @property
    def semantic(self) -> bool:
        """Whether the semantic layer serves."""
        return self._semantic is not None

    @property
    def calibration(self) -> Calibration:
        """The confidence models and thresholds in force, and their record on held-out questions."""
        serving = self._semantic
        return self._calibration if serving is None else serving.calibration

    def kind_of(self, text: str) -> dict[Kind, float]:
        """How likely a line is each kind: a question, a near miss, chatter and so on."""
        chances, serving = dict(self._judged.of(text)), self._semantic
        asked = read(self._words, Tokens.of(text)) if serving is not None else None
        if serving is None or asked is None or not asked.reading.stems:
            return chances
        try:
            likest = serving.layer.likest(serving.layer.vector(asked.encoded))
        except Exception as error:  # noqa: BLE001
            self._give_up(error)
            return chances
        return with_meaning(chances, likest)

    def match(
        self,
        text: str,
        suitable: Callable[[str], bool] | None = None,
        thread: InThread | None = None,
    ) -> Match:
        """Match one question (see ``split_questions`` for a message with several).

        ``suitable``: which entries, by id, may answer at all; the others are left out. ``thread``:
        what a follow-up leans on. Any text will do, in bounded time; markup should be cleaned off
        first (``clean``).
        """
        tokens = Tokens.of(text)
        found = read(self._words, tokens)
        if is_order(text):
            return self._nothing(found, "an order to the bot, not a question")
        if not any(len(token.word) > 1 and not token.word.isdigit() for token in tokens.tokens):
            return self._nothing(found, "nothing is asked")
        left_out = (
            frozenset()
            if suitable is None
            else frozenset(n for n, entry in enumerate(self._entries.ids) if not suitable(entry))
        )
        chances = self._judged.of(text)
        scope = scope_of(chances)
        serving = self._semantic
        nearness = self._nearness(serving, found)
        totals = self._index.totals(found.reading, nearness=nearness)
        if thread is not None and found.reading.line not in self._entries.verbatim:
            alone, found = totals[0], read(self._words, Tokens.of(thread.together))
            nearness = self._nearness(serving, found)
            together, share = self._index.totals(found.reading, nearness=nearness)
            totals = (alone + together) / 2 + self._leaning(thread), share
            scope = max(scope, scope_of(self._judged.of(thread.together)))
        calibration = (
            self._calibration if nearness is None or serving is None else serving.calibration
        )
        score = functools.partial(
            self._index.score, found.reading, nearness=nearness, known=totals, alike={}
        )
        scored = score(left_out=left_out)
        words = len(text.split())
        spare = Spare(
            answer=_LONG_SPARE if words >= _LONG else 0.0,
            likely=_POST_SPARE if words >= _POST else 0.0,
            scope=_SCOPE_SPARE if thread is None else _SCOPE_SPARE_IN_THREAD,
            is_elsewhere=thread is None and chances["elsewhere"] >= _ELSEWHERE,
        )
        match = decide(
            found, scored, calibration, scope, spare, self._entries, semantic=nearness is not None
        )
        if not left_out:
            return match
        anybody = score(most=1)
        best = scored.scores[0] if scored.scores else 0.0
        nearest = anybody.entries[0] if anybody.entries else -1
        if nearest in left_out and anybody.scores[0] - best > _NEARER:
            return replace(match, unsuitable=self._entries.ids[nearest])
        return match

    def _nearness(self, serving: _Semantic | None, asked: Read) -> Nearness | None:
        """Of the semantic layer; None where it does not serve."""
        if serving is None or not asked.reading.stems:
            return None
        try:
            vector = serving.layer.vector(asked.encoded)
            return serving.layer.nearness(vector, self._index.word_vector(asked.reading))
        except Exception as error:  # noqa: BLE001
            self._give_up(error)
            return None

    def _leaning(self, thread: InThread) -> NDArray[np.float64]:
        """What a thread says for each entry."""
        import numpy as np

        return np.array([thread.lean.get(entry, 0.0) for entry in self._entries.ids])

    def _nothing(self, asked: Read, reason: str) -> Match:
        why = Why(asked.text, asked.reading.stems, reason=reason, semantic=self.semantic)
        return Match("none", (), 0.0, (), why)


def _wake(encoder: Encoder) -> None:
    """Have the model read, and seen to work; one that answers once is seen to by its answer."""
    if isinstance(encoder, MiniLM) and encoder.once:
        encoder.load()
    else:
        encoder.encode(["ready"])
