"""The bilingual emotion model: a small encoder for each language, each one ONNX file that gives all heads in one pass.

A text goes to the encoder of the language it is written in; Korean text with English in it goes to the Korean one,
which knows both. Scores are read as what they are: 28 emotions by a sigmoid each, four moods by a softmax, then further
labels (`extra`), then valence, arousal and dominance.

Weights are 8-bit, so each run holds one text (see `onnx`); several runs go on at once, each on one thread. A network is
opened when its language is first met: reading Korean doesn't wait for English.
"""

import hashlib
import os
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, PositiveInt, ValidationError

from ilgi.arrays import AnyArray, FloatMatrix, sigmoid
from ilgi.bundle import State
from ilgi.emotion.base import COLUMNS, DIMENSIONS, EmotionModel
from ilgi.emotion.onnx import open_session
from ilgi.emotion.sequence_head import SequenceHead, Window, combine, read_tokenizer, windows_of
from ilgi.errors import BundleDamaged
from ilgi.language import LANGUAGES, Language, clean_text, detect_language
from ilgi.words import GOEMOTIONS, MOODS

LONGEST: Final = 256
"""Tokens in one window at most."""
_MOST_THREADS: Final = 8


class EncoderHeads(BaseModel):
    """What the columns of the networks are, as JSON."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    extra: tuple[str, ...] = ()
    """Labels between the moods and the dimensions, which are no affect columns."""
    extra_languages: tuple[Language, ...] = LANGUAGES
    """Languages whose network learned them."""
    padding: dict[Language, NonNegativeInt] = Field(min_length=1)
    """Language → the id that an empty text is read as."""
    longest: PositiveInt = LONGEST
    """Tokens in one window at most: no network has fewer positions."""


@dataclass(frozen=True, eq=False)
class Network:
    """One language's files."""

    model: bytes
    """ONNX: `input_ids` (1, t) → scores (1, columns)."""
    tokenizer: bytes
    """`tokenizer.json`."""


class EncoderEmotionModel(EmotionModel):
    """Scores texts with the encoder of their language; see the module's docstring."""

    emotions = COLUMNS

    def __init__(self, networks: Mapping[Language, Network], heads: EncoderHeads) -> None:
        """Keep the files; a network is opened when it is first needed.

        Args:
            networks: Language → its files. A text of a language without a network goes to the other one.
            heads: What the columns are.
        """
        self.heads = heads
        # In one order, so that neither the caller's nor a bundle's shows in the fingerprint.
        self._networks = {language: networks[language] for language in LANGUAGES if language in networks}
        self._open: dict[Language, tuple[Any, Any, SequenceHead]] = {}
        self._lock = threading.Lock()
        self._threads = min(os.cpu_count() or 1, _MOST_THREADS)

    def scores(self, texts: Sequence[str]) -> FloatMatrix:
        """Return (n, columns) probabilities of all heads, the extra labels among them, in the networks' order.

        Args:
            texts: n clean texts.
        """
        if not texts:
            return np.zeros((0, len(self.emotions) + len(self.heads.extra)), dtype=np.float32)
        jobs: list[tuple[Language, int]] = []
        windows: list[Window] = []
        for number, text in enumerate(texts):
            language = self._language(text)
            _, tokenizer, head = self._opened(language)
            for window in windows_of(tokenizer, [text], head):
                windows.append(Window(number, window.ids, window.type_ids, window.tokens))
                jobs.append((language, len(windows) - 1))

        def run(job: tuple[Language, int]) -> AnyArray:
            session = self._open[job[0]][0]
            result: AnyArray = session.run(["scores"], {"input_ids": np.array([windows[job[1]].ids], dtype=np.int64)})[
                0
            ]
            return result

        if len(jobs) == 1 or self._threads == 1:
            found = [run(job) for job in jobs]
        else:
            with ThreadPoolExecutor(min(self._threads, len(jobs))) as pool:
                found = list(pool.map(run, jobs))
        return combine(windows, self._activated(np.concatenate(found)), len(texts))

    def extra_proba(self, texts: Sequence[str]) -> FloatMatrix:
        """Return (n, X) float32: the extra labels, each by itself, in [0, 1]; columns as `heads.extra`.

        NaN for a text whose language's network did not learn them.
        """
        start = len(GOEMOTIONS) + len(MOODS)
        clean = [clean_text(t) for t in texts]
        result = self.scores(clean)[:, start : start + len(self.heads.extra)]
        result[[self._language(t) not in self.heads.extra_languages for t in clean]] = np.nan
        return result

    def _predict_batch(self, texts: Sequence[str]) -> FloatMatrix:
        whole = self.scores(texts)
        start = len(GOEMOTIONS) + len(MOODS)
        return np.concatenate([whole[:, :start], whole[:, start + len(self.heads.extra) :]], axis=1)

    def _activated(self, scores: FloatMatrix) -> FloatMatrix:
        moods = slice(len(GOEMOTIONS), len(GOEMOTIONS) + len(MOODS))
        result = sigmoid(scores)
        raised = np.exp(scores[:, moods] - scores[:, moods].max(axis=1, keepdims=True))
        result[:, moods] = raised / raised.sum(axis=1, keepdims=True)
        result[:, -len(DIMENSIONS) :] = np.clip(scores[:, -len(DIMENSIONS) :], 0.0, 1.0)
        return result

    def _language(self, text: str) -> Language:
        language = detect_language(text)
        return language if language in self._networks else next(iter(self._networks))

    def _opened(self, language: Language) -> tuple[Any, Any, SequenceHead]:
        with self._lock:
            if language not in self._open:
                files = self._networks[language]
                width = len(self.emotions) + len(self.heads.extra)
                head = SequenceHead(
                    labels=tuple(f"column {i}" for i in range(width)),
                    problem_type="multi_label_classification",
                    max_length=self.heads.longest,
                    pad_id=self.heads.padding[language],
                )
                session = open_session(files.model)
                self._check(session, width)
                self._open[language] = session, read_tokenizer(files.tokenizer, head), head
            return self._open[language]

    @staticmethod
    def _check(session: Any, width: int) -> None:  # noqa: ANN401 (onnxruntime has no types)
        given = [(i.name, i.type) for i in session.get_inputs()]
        taken = [(o.name, list(o.shape)) for o in session.get_outputs()]
        if given != [("input_ids", "tensor(int64)")] or taken != [("scores", [1, width])]:
            raise BundleDamaged("emotion", "has a network with other inputs or columns than it should")

    def _fingerprint_parts(self) -> Sequence[Any]:
        parts: list[Any] = [self.heads.extra, sorted(self.heads.padding.items()), self.heads.longest]
        for language, files in self._networks.items():
            parts += [language, hashlib.sha256(files.model).digest(), hashlib.sha256(files.tokenizer).digest()]
        return parts

    def state(self) -> State:
        """Return what a bundle keeps."""
        files = {}
        for language, network in self._networks.items():
            files[f"model-{language}.onnx"] = network.model
            files[f"tokenizer-{language}.json"] = network.tokenizer
        return State(self.heads.model_dump(mode="json"), files=files)

    @classmethod
    def from_state(cls, state: State) -> Self:
        """Return the model that gave this state.

        Raises:
            BundleDamaged: The state isn't that of such a model.
        """
        try:
            heads = EncoderHeads.model_validate(state.config)
        except ValidationError as error:
            raise BundleDamaged("emotion", "does not describe an encoder") from error
        networks: dict[Language, Network] = {}
        for language in LANGUAGES:
            if language not in heads.padding:
                continue
            try:
                networks[language] = Network(
                    state.files[f"model-{language}.onnx"], state.files[f"tokenizer-{language}.json"]
                )
            except KeyError as error:
                raise BundleDamaged(str(error.args[0]), "is missing") from error
        return cls(networks, heads)
