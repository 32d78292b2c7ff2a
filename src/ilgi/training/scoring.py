"""Affect vectors of many texts: cached, on every core where the model allows, in the order they came.

A text's scores never depend on its neighbours (the contract of `EmotionModel`), so neither the cache, nor the chunks,
nor the number of workers can change a byte of the result.
"""

import hashlib
import itertools
import multiprocessing
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import numpy as np

import ilgi.emotion
from ilgi.arrays import FloatMatrix
from ilgi.bundle import Bundle
from ilgi.emotion.aggregate import RULES
from ilgi.emotion.base import EmotionModel
from ilgi.emotion.load import load_emotion_model
from ilgi.emotion.reading import score_texts, score_wholes
from ilgi.emotion.spread import spread_of, with_spread
from ilgi.errors import TrainingError, UnknownName
from ilgi.language import clean_text
from ilgi.recommender import EMBEDDED_BUNDLES
from ilgi.training.progress import Progress
from ilgi.training.score_store import ScoreStore, text_key
from ilgi.vocabulary import Vocabulary, nearest

CACHE_BYTES: Final = 512 * 2**20
"""How large the cache of scores may grow."""
_CHUNK: Final = 64
"""Texts that a worker is given at once: small, so that all workers end at about the same time."""
_KEEP_EVERY_TEXTS: Final = 2048
_KEEP_EVERY_S: Final = 10.0
"""Scores go to disk when so many have gathered or so much time has passed; a kill loses no more than that."""
_ONE_PROCESS: Final = frozenset({"EncoderEmotionModel", "OnnxEmotionModel", "HfEmotionModel"})
"""These use every core by themselves; a second process would only halve the share of each."""


@dataclass(frozen=True, eq=False)
class Scorer:
    """An emotion model and how the sentences of a text are put together."""

    model: EmotionModel
    rule: str = "length"
    """Rule of aggregation, see `ilgi.emotion.aggregate.RULES`."""
    spec: str | None = None
    """How a worker process can load the same model; None where it can't."""
    spread: bool = False
    """Whether how far each column differs between the sentences is told too (`ilgi.emotion.spread`)."""

    @property
    def columns(self) -> Vocabulary:
        """The A columns of what is told: the model's, with `spread` followed by theirs."""
        return with_spread(self.model.emotions) if self.spread else self.model.emotions

    @property
    def width(self) -> int:
        """A, the number of columns."""
        return len(self.columns)

    def score(self, texts: Sequence[str]) -> FloatMatrix:
        """Return the (n, A) affect of each text as a whole, with `spread` followed by its spread, in [0, 1]."""
        if not self.spread:
            return score_wholes(self.model, texts, rule=self.rule)
        found = score_texts(self.model, texts, rule=self.rule)
        rows = [np.concatenate([one.affect, spread_of(one.scores, one.weights)]) for one in found]
        return np.stack(rows) if rows else np.zeros((0, self.width), dtype=np.float32)

    def fingerprint(self) -> str:
        """Return a short hash of all that a text's affect depends on besides the text.

        That is the model, the rule, whether the spread is told, and the code that reads (a better sentence splitter
        gives other scores under the same weights), so that scores of an earlier version are never taken for those of
        this one.
        """
        return self._fingerprint

    @cached_property
    def _fingerprint(self) -> str:
        digest = hashlib.sha256(f"{self.model.fingerprint()}\0{self.rule}\0".encode())
        digest.update(source_of(Path(next(iter(ilgi.emotion.__path__)))))
        own = getattr(sys.modules.get(type(self.model).__module__), "__file__", None)
        digest.update(Path(own).read_bytes() if own is not None and Path(own).is_file() else b"")
        # Only then: scores without the spread stay those of earlier versions.
        digest.update(b"\0spread" if self.spread else b"")
        return digest.hexdigest()[:24]


def open_scorer(spec: str | None, *, rule: str | None = None, bundle: Path | None = None) -> Scorer:
    """Return the scorer for a model that somebody names, or for a bundle's own.

    Args:
        spec: As `ilgi.emotion.load.load_emotion_model` takes it; None takes the bundle's model.
        rule: Rule of aggregation; None takes the bundle's, or the default for a model without a bundle.
        bundle: The bundle; None takes the embedded one.

    Raises:
        UnknownName: There is no such rule.
        IlgiError: As `load_emotion_model`.
    """
    if spec is None:
        folder = bundle or EMBEDDED_BUNDLES / "movies"
        rule = rule or str(Bundle.open(folder).state("reading").config.get("rule", RULES[0]))
        spec = str(folder)
    rule = rule or RULES[0]
    if rule not in RULES:
        raise UnknownName("aggregation rule", rule, RULES, nearest(rule, RULES))
    return Scorer(load_emotion_model(spec), rule, spec)


def source_of(*places: Path) -> bytes:
    """Return a digest of the Python files at some places (files, or folders without their subfolders)."""
    digest = hashlib.sha256()
    for place in places:
        for file in [place] if place.is_file() else sorted(place.glob("*.py")):
            digest.update(file.name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return digest.digest()


class ScorerPool:
    """Runs a scorer over chunks of texts, by worker processes where that helps. Use it as a context manager."""

    def __init__(self, scorer: Scorer, *, workers: int = 1) -> None:
        """Prepare; processes start with the first chunk.

        Args:
            scorer: What scores. With no `spec`, or with a model that uses every core anyway, all is done here.
            workers: How many processes at most.
        """
        self.scorer = scorer
        alone = workers <= 1 or scorer.spec is None or type(scorer.model).__name__ in _ONE_PROCESS
        self._workers = 1 if alone else workers
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the workers; what they have not begun is dropped."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def map(self, chunks: Iterable[Sequence[str]]) -> Iterator[FloatMatrix]:
        """Yield the (len(chunk), A) affect of each chunk, in order.

        Raises:
            TrainingError: A worker process died.
        """
        if self._workers == 1:
            yield from map(self.scorer.score, chunks)
            return
        if self._pool is None:
            # "spawn": a forked copy of a process that already runs threads (polars, onnxruntime) can hang.
            self._pool = ProcessPoolExecutor(
                self._workers,
                multiprocessing.get_context("spawn"),
                initializer=_start_worker,
                initargs=(self.scorer.spec, self.scorer.rule, self.scorer.spread),
            )
        waiting: deque[Future[FloatMatrix]] = deque()
        try:
            for chunk in chunks:
                waiting.append(self._pool.submit(_work, chunk))
                if len(waiting) > 4 * self._workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BrokenProcessPool as error:
            raise TrainingError(
                "a worker process ended (out of memory, perhaps): run the same command with --workers 1, it goes on "
                "where this stopped"
            ) from error


_worker: Scorer | None = None


def _start_worker(spec: str | None, rule: str, spread: bool) -> None:
    """Load the model in a worker process, and end that process when its parent dies."""
    global _worker
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    if spec is not None:
        _worker = Scorer(load_emotion_model(spec), rule, spec, spread)


def _end_with(parent: BaseProcess) -> None:
    """Wait for the parent's end; a killed one cannot tell its workers to stop."""
    parent.join()
    os._exit(1)


def _work(texts: Sequence[str]) -> FloatMatrix:
    if _worker is None:
        raise TrainingError("a worker process has no model: report this as a fault of ilgi")
    return _worker.score(texts)


def score_all(
    texts: Sequence[str], pool: ScorerPool, store: ScoreStore, *, cache: ScoreStore | None = None, progress: Progress
) -> FloatMatrix:
    """Return the (n, A) affect of many texts, each distinct one scored at most once.

    Args:
        texts: Any texts.
        pool: What scores them.
        store: Where this job keeps its scores; a run that was killed finds them there again.
        cache: A second store that jobs share. It is a convenience: where it can't be written, nothing is said.
        progress: Told of each text (`advance`); the caller begins and ends the task.

    Raises:
        OSError: `store` can't be written.
    """
    fingerprint = pool.scorer.fingerprint()
    keys = [text_key(text, fingerprint) for text in texts]
    known = [key for key in dict.fromkeys(keys) if cache is not None and key in cache and key not in store]
    if cache is not None and known:
        store.add(known, cache.get(known))
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in store}
    progress.advance(sum(key not in missing for key in keys))
    times: dict[bytes, int] = {}
    for key in keys:
        times[key] = times.get(key, 0) + 1
    held: list[bytes] = []
    rows: list[FloatMatrix] = []
    last = time.monotonic()
    todo = list(missing)
    chunks = [todo[i : i + _CHUNK] for i in range(0, len(todo), _CHUNK)]
    results = pool.map([clean_text(missing[key]) for key in chunk] for chunk in chunks)
    for chunk, scores in itertools.chain(zip(chunks, results, strict=True), [(None, None)]):
        if chunk is not None and scores is not None:
            held.extend(chunk)
            rows.append(scores)
            progress.advance(sum(times[key] for key in chunk))
        due = chunk is None or len(held) >= _KEEP_EVERY_TEXTS or time.monotonic() - last >= _KEEP_EVERY_S
        if held and due:
            block = np.concatenate(rows)
            store.add(held, block)
            if cache is not None:
                with suppress(OSError):
                    cache.add(held, block)
            held, rows, last = [], [], time.monotonic()
    return store.get(keys)
