"""Runs commands inside the test's process, with a recommender that answers what the test says."""

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ilgi.catalog.base import Catalog
from ilgi.errors import InputError
from ilgi.language import detect_language
from ilgi.ranking.filters import Filters
from ilgi.steps import Evidence, Query, RankedItem, Ranking, Reading, Sentence
from ilgi.testing import query_for, small_catalog
from ilgi.vocabulary import Vocabulary

COLUMNS = Vocabulary(("joy", "sadness", "fear", "neutral"), kind="emotion")


@dataclass(frozen=True)
class Result:
    """What a command left behind."""

    code: int
    out: str
    err: str


class _Stdin(io.TextIOWrapper):
    """Standard input that holds some bytes and is no terminal."""

    def __init__(self, content: bytes) -> None:
        super().__init__(io.BytesIO(content))


@pytest.fixture
def ilgi(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs `ilgi` with these arguments and this standard input."""
    from ilgi.cli.app import run

    def call(*arguments: str, stdin: str | bytes = b"") -> Result:
        content = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", _Stdin(content))
        code = run(arguments)
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return call


def reading_of(text: str, **changes: Any) -> Reading:
    """A reading of two sentences, the second of which is sad and weighs more."""
    half = max(len(text) // 2, 1)
    scores = np.array([[0.3, 0.1, 0.1, 0.5], [0.05, 0.7, 0.2, 0.1]], dtype=np.float32)
    weights = np.array([0.25, 0.75], dtype=np.float32)
    affect = weights @ scores
    reading = Reading(
        language=detect_language(text),
        sentences=(Sentence(text[:half], 0, half), Sentence(text[half:], half, len(text))),
        columns=COLUMNS,
        scores=scores,
        weights=weights,
        affect=affect,
        standard=np.array([-0.5, 1.8, 0.4, -1.0], dtype=np.float32),
        mood={"joy": 1 / 3, "optimism": 1 / 6, "anger": 1 / 6, "sadness": 1 / 3},
        emotions=dict(zip(COLUMNS, affect.tolist(), strict=True)),
        valence=0.25,
        arousal=0.5,
        sure=True,
        leading=("sadness", "fear"),
    )
    return replace(reading, **changes)


class FakeReader:
    """Reads every text alike."""

    columns = COLUMNS
    reference = None
    rule = "length"
    sure_below = None

    def __init__(self) -> None:
        self.changes: dict[str, Any] = {}
        self.calls: list[list[str]] = []

    def read(self, text: str, language: str | None = None) -> Reading:
        """Read one text."""
        return self.read_many([text], None if language is None else [language])[0]

    def read_many(self, texts: list[str], languages: list[str] | None = None) -> list[Reading]:
        """Read texts and remember how many came at once."""
        self.calls.append(list(texts))
        chosen = languages or [detect_language(t) for t in texts]
        return [reading_of(t, **{"language": a, **self.changes}) for t, a in zip(texts, chosen, strict=True)]

    def standardise(self, affect: np.ndarray, language: str) -> np.ndarray:
        """Take 0.1 as usual everywhere."""
        return (affect - 0.1) * 5


class FakeRecommender:
    """Answers with the first items of a small catalogue, and remembers what it was asked."""

    def __init__(self) -> None:
        self.reader = FakeReader()
        self.catalog: Catalog = small_catalog()
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.reasons: tuple[str, ...] = ("A reason that fits on one line.", "Another one.")

    def recommend(self, text: str, *, n: int, **options: Any) -> Ranking:
        """Answer with the first n items that are not left out."""
        self.asked.append((text, {"n": n, **options}))
        if n < 1:
            raise InputError(f"n must be at least 1, not {n}")
        filters = options.get("filters") or Filters()
        may = filters.rows(self.catalog)
        reading = self.reader.read(text, options.get("language"))
        query: Query = replace(query_for(self.catalog, {"Drama": 0.4}, base_rates={"Drama": 0.3}), reading=reading)
        rows = range(len(self.catalog)) if may is None else may.tolist()
        rows = [row for row in rows if self.catalog.ids[row] not in filters.exclude][:n]
        evidence = (Evidence(reading.sentences[1].text, "sadness", "Drama", "genres"),)
        return Ranking(
            query,
            tuple(
                RankedItem(rank, self.catalog.ids[row], row, 1 / 3 - rank / 100, "mirror", {}, self.reasons, evidence)
                for rank, row in enumerate(rows, start=1)
            ),
        )


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeRecommender:
    """Puts a fake in the place of the bundle and the catalogue, for `recommend` and for `emotions`."""
    recommender = FakeRecommender()
    monkeypatch.setattr("ilgi.cli.recommend._open", lambda *_, **__: recommender)
    monkeypatch.setattr("ilgi.cli.emotions._open", lambda *_, **__: recommender.reader)
    return recommender


WORDS = {
    "joy": ("laughed", "wonderful", "happy", "웃었다", "행복했다"),
    "sadness": ("cried", "lonely", "missed", "울었다", "외로웠다"),
    "fear": ("scared", "afraid", "무서웠다"),
    "neutral": ("folded", "laundry", "빨래를"),
}
"""What the tiny model knows."""


@dataclass(frozen=True)
class Tiny:
    """A real bundle and a real catalogue on disk, small enough to be made by a test."""

    bundle: Path
    catalog: Path

    @property
    def flags(self) -> tuple[str, ...]:
        """The options that make a command use both."""
        return ("--bundle", str(self.bundle), "--catalog", str(self.catalog))


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    """Trains on what the model knows by construction: joy calls for Comedy, sadness for Drama, fear for Horror."""
    from ilgi.bundle import State, save_bundle
    from ilgi.catalog.store import save_catalog
    from ilgi.emotion.features import hash_names, word_features
    from ilgi.emotion.linear import LinearEmotionModel
    from ilgi.emotion.reading import Reader
    from ilgi.emotion.reference import Reference
    from ilgi.label.mlp import MlpConfig, MlpLabels
    from ilgi.ranking.cosine import CosineRanker
    from ilgi.recommender import Recommender
    from ilgi.training.golden import golden_answers

    rows: dict[int, np.ndarray] = {}
    for column, name in enumerate(COLUMNS):
        for word in WORDS[name]:
            for key in hash_names(word_features(word)).tolist():
                rows.setdefault(key, np.zeros(len(COLUMNS), dtype=np.int8))[column] = 100
    keys = np.array(sorted(rows), dtype=np.uint32)
    weights = np.stack([rows[key] for key in keys.tolist()])
    bias = np.array([-3, -3, -3, -1], dtype=np.float32)
    model = LinearEmotionModel(COLUMNS, keys, weights, np.full(len(COLUMNS), 0.02, dtype=np.float32), bias)

    rng = np.random.default_rng(5)
    words = [word for known in WORDS.values() for word in known]
    plain = ["the", "rain", "went", "on", "비가", "왔다"]
    texts = [" ".join([*rng.choice(plain, size=6), *rng.choice(words, size=i % 3)]) for i in range(300)]
    affect = model.predict_proba(texts)
    reference = Reference.fit(COLUMNS, {"ko": affect, "en": affect})
    catalog = small_catalog()
    normal = reference.standardise(affect, "en")
    labels = MlpLabels(COLUMNS, catalog.labels, MlpConfig(layers=(), max_epochs=30, learning_rate=0.05))
    labels.fit(normal, (normal[:, :3] > 0.3).astype(np.float32), rng=rng)

    root = tmp_path_factory.mktemp("tiny")
    save_catalog(root / "catalog", catalog)
    golden = golden_answers(Recommender(Reader(model, reference), labels, CosineRanker(), catalog))
    save_bundle(
        root / "bundle",
        {
            "emotion": ("linear", model.state()),
            "reading": ("reader", State({"rule": "length", "sure_below": 0.9})),
            "diary": ("reference", reference.state()),
            "items": ("reference", reference.state()),
            "labels": ("mlp", labels.state()),
            "ranking": ("cosine", CosineRanker().state()),
        },
        name="tiny",
        version="0.1.0",
        vocabularies={"affect": list(COLUMNS), "labels": list(catalog.labels)},
        metrics={"test": {"macro_ap": 0.123456, "films": 7}},
        golden=golden,
        extra_files={"MODEL_CARD.md": b"# tiny\n"},
    )
    return Tiny(root / "bundle", root / "catalog")


@pytest.fixture
def reading() -> Callable[..., Reading]:
    """Makes readings (see `reading_of`)."""
    return reading_of
