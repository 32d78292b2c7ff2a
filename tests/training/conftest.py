"""A tiny world to train in: an emotion model that knows a dozen words, reviews made of them, and a recipe."""

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from ilgi.bundle import State, save_bundle
from ilgi.emotion.features import hash_names, word_features
from ilgi.emotion.linear import LinearEmotionModel
from ilgi.training.scoring import Scorer
from ilgi.vocabulary import Vocabulary

COLUMNS = Vocabulary(("joy", "sadness", "fear", "neutral"), kind="emotion")
WORDS: Mapping[str, tuple[str, ...]] = {
    "joy": ("laughed", "wonderful", "happy", "웃었다", "행복했다"),
    "sadness": ("cried", "lonely", "missed", "울었다", "외로웠다"),
    "fear": ("scared", "afraid", "screamed", "무서웠다", "떨었다"),
    "neutral": ("folded", "laundry", "빨래를", "접었다"),
}
"""What the model knows."""
GENRE_OF = {"joy": "Comedy", "sadness": "Drama", "fear": "Horror"}
PLAIN = {
    "en": ("the evening was long", "we walked home", "it began to rain", "nobody said much", "the bus came late"),
    "ko": ("저녁이 길었다", "집까지 걸었다", "비가 왔다", "다들 말이 없었다", "버스가 늦었다"),
}


def tiny_model() -> LinearEmotionModel:
    """An emotion model whose scores are known by construction: a word of an emotion raises that column."""
    rows: dict[int, np.ndarray] = {}
    for column, name in enumerate(COLUMNS):
        for word in WORDS[name]:
            for key in hash_names(word_features(word)).tolist():
                rows.setdefault(key, np.zeros(len(COLUMNS), dtype=np.int8))[column] = 100
    keys = np.array(sorted(rows), dtype=np.uint32)
    weights = np.stack([rows[key] for key in keys.tolist()])
    bias = np.array([-3, -3, -3, -1], dtype=np.float32)
    return LinearEmotionModel(COLUMNS, keys, weights, np.full(len(COLUMNS), 0.02, dtype=np.float32), bias)


def save_tiny_model(folder: Path, *, rule: str = "length") -> Path:
    """Keep the model as a bundle, as `--model` takes one."""
    stages = {"emotion": ("linear", tiny_model().state()), "reading": ("reader", State({"rule": rule}))}
    save_bundle(folder, stages, name="tiny-emotion", version="0.1.0")
    return folder


def sentence(emotion: str, language: str, rng: np.random.Generator) -> str:
    """One sentence that carries an emotion, different nearly every time."""
    known = [word for word in WORDS[emotion] if (word > "z") == (language == "ko")]
    plain = rng.choice(PLAIN[language], size=2, replace=False)
    number = rng.integers(1000)
    return f"{plain[0]} {number} {rng.choice(known)} {plain[1]} {rng.choice(known)}."


def write_csv(path: Path, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> Path:
    """Write a table."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(columns)
        writer.writerows(rows)
    return path


RECIPE = (Path(__file__).parent / "tiny.toml").read_text(encoding="utf-8")


@dataclass(frozen=True)
class World:
    """What a training needs."""

    data_dir: Path
    recipe: Path


def make_world(root: Path, *, films: int = 90, reviews_each: int = 3) -> World:
    """Write tables in which a film's genre goes with what its reviews feel, a recipe, and the model it uses."""
    rng = np.random.default_rng(11)
    emotions = list(GENRE_OF)
    english, korean, titles = [], [], []
    for film in range(films):
        emotion = emotions[film % 3]
        if film // 3 % 3 == 2:
            name = f"n{film}"
            for _ in range(reviews_each):
                korean.append(
                    [name, f"Film {film} , {1950 + film % 50}", _korean(emotion), sentence(emotion, "ko", rng)]
                )
        else:
            name = f"tt{film:07d}"
            both = film % 2 == 0
            genre = GENRE_OF[emotion]
            titles.append([name, f"Film {film} ({1950 + film % 50})", genre if both else "", "" if both else genre])
            for _ in range(reviews_each):
                english.append([name, sentence(emotion, "en", rng)])
    data = root / "data"
    write_csv(data / "reviews/english.csv", ("film", "review"), english)
    write_csv(data / "reviews/korean.csv", ("film", "title", "genres", "review"), korean)
    write_csv(data / "reviews/titles.csv", ("film", "title", "tmdb", "ml"), titles)
    for name, language in (("days", "en"), ("haru", "ko")):
        texts = [[sentence(str(rng.choice(list(WORDS))), language, rng)] for _ in range(60)]
        write_csv(data / f"emotion/{name}.csv", ("text",), texts)
    save_tiny_model(root / "model")
    recipe = root / "tiny.toml"
    recipe.write_text(RECIPE, encoding="utf-8")
    return World(data, recipe)


def _korean(emotion: str) -> str:
    return {"joy": "코미디", "sadness": "드라마", "fear": "공포"}[emotion]


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A world of the test's own."""
    return make_world(tmp_path)


@pytest.fixture
def large_world(tmp_path: Path) -> World:
    """One of many films with one review each."""
    return make_world(tmp_path / "large", films=240, reviews_each=1)


@pytest.fixture
def spread_world(world: World) -> World:
    """One whose reviews and diaries have two sentences, and whose label model reads the spread over them too."""
    for name in ("reviews/english.csv", "reviews/korean.csv", "emotion/days.csv", "emotion/haru.csv"):
        path = world.data_dir / name
        with path.open(encoding="utf-8", newline="") as stream:
            columns, *rows = csv.reader(stream)
        more = "Then it rained." if name.endswith(("english.csv", "days.csv")) else "그리고 비가 왔다."
        write_csv(path, columns, [[*row[:-1], f"{row[-1]} {more}"] for row in rows])
    text = RECIPE.replace('domain = "nowhere"', 'domain = "movies"')
    text = text.replace("[split]", "[reading]\nspread = true\n\n[split]")
    text = text.replace('kind = "mlp"', 'kind = "mlp"\ninputs = ["joy", "sadness", "spread"]')
    world.recipe.write_text(text, encoding="utf-8")
    return world


@pytest.fixture
def save_tiny() -> Callable[..., Path]:
    """Keeps the tiny model as a bundle (see `save_tiny_model`)."""
    return save_tiny_model


@pytest.fixture
def tiny_scorer() -> Scorer:
    """The tiny model with the default rule."""
    return Scorer(tiny_model())


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file of a folder by its relative path."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
