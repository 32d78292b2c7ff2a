"""Rankings against tags of mood, in a tiny world where the model knows every word."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ilgi.catalog.base import Catalog
from ilgi.catalog.store import save_catalog
from ilgi.errors import DataError
from ilgi.recommender import Recommender
from ilgi.training.films.tags import TABLE
from ilgi.training.mood_measure import _asked, evaluate_mood_tags, mood_tags_text
from ilgi.training.mood_queries import MoodQuery
from ilgi.training.pipeline import run_recipe
from ilgi.training.progress import Silent
from ilgi.words import GENRES

TAG_OF = {"Comedy": "funny", "Drama": "sad", "Horror": "revenge"}
ASKED = {"joy": "We laughed, happy", "sadness": "I cried, lonely", "anger": "scared, afraid", "optimism": "laughed"}


@pytest.fixture
def bundle(world: Any, tmp_path: Path) -> Path:
    run_recipe(world.recipe, data_dir=world.data_dir, out=tmp_path / "out", runs_dir=tmp_path / "runs")
    return tmp_path / "out"


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """Thirty films, ten of each genre."""
    genres = list(TAG_OF)
    titles = tuple(f"Film {i}" for i in range(30))
    made = Catalog(
        domain="movies",
        ids=tuple(f"test:{i}" for i in range(30)),
        titles={"en": titles, "ko": ("",) * 30},
        year=np.full(30, 1990, dtype=np.int16),
        language=("en",) * 30,
        labels=GENRES,
        matrix=GENRES.multi_hot([(genres[i % 3],) for i in range(30)]),
        popularity=np.linspace(1, 0, 30, dtype=np.float32),
        affect=np.full((30, 0), np.nan, dtype=np.float32),
    )
    save_catalog(tmp_path / "catalog", made)
    return tmp_path / "catalog"


@pytest.fixture
def tags(tmp_path: Path) -> Path:
    """Each film's genre has its tag, two are hopeful, one is scary, and one film is in no catalogue."""
    rows = [(i, f"Film {i}", 1990, TAG_OF[list(TAG_OF)[i % 3]]) for i in range(30)]
    rows += [(0, "Film 0", 1990, "hopeful"), (3, "Film 3", 1990, "hopeful"), (5, "Film 5", 1990, "scary")]
    rows += [(99, "Nowhere", 1990, "sad")]
    file = tmp_path / "tags" / TABLE
    file.parent.mkdir(parents=True)
    lines = ["ml_id\ttitle\tyear\ttag", *("\t".join(map(str, row)) for row in rows)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path / "tags"


@pytest.fixture(autouse=True)
def _queries(monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(_data_dir: Path, **_: Any) -> Sequence[MoodQuery]:
        return [MoodQuery(text, language, mood) for language in ("ko", "en") for mood, text in ASKED.items()]

    monkeypatch.setattr("ilgi.training.mood_measure.mood_queries", asked)


def test_a_model_that_knows_the_words_beats_every_order_that_does_not_read(
    bundle: Path, catalog: Path, tags: Path
) -> None:
    report = evaluate_mood_tags(bundle, tags, catalog=catalog, repeats=10)
    assert (report["films"], report["films_in_catalog"]) == (31, 30)
    found = report["languages"]["en"]
    assert found["queries"] == 4
    for way in ("best order", "popularity", "random"):
        assert found["bundle"]["matched"]["value"] > found[way]["matched"]["value"] + 0.1
    assert found["bundle"]["difference"]["value"] > 0.3
    assert found["bundle"]["matched"] == found["lift"]["matched"]
    assert found["popularity"]["difference"]["value"] == pytest.approx(0.0, abs=1e-3)
    assert "vote average" not in found
    text = mood_tags_text(report)
    assert "31 tagged films, 30 of them in the catalogue" in text
    assert "best order" in text


def test_the_same_seed_gives_the_same_report(bundle: Path, catalog: Path, tags: Path, tmp_path: Path) -> None:
    table = tags / "catalog/films.tsv"
    table.write_text("ml_id\tvote_average\n0\t9.0\n1\t\n", encoding="utf-8")
    one = evaluate_mood_tags(bundle, tags, catalog=catalog, repeats=10, cache_dir=tmp_path / "cache")
    assert one == evaluate_mood_tags(bundle, tags, catalog=catalog, repeats=10, cache_dir=tmp_path / "cache")
    assert "vote average" in one["languages"]["ko"]


def test_a_table_that_is_missing_or_wrong(bundle: Path, catalog: Path, tags: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"there is no catalog/mood_tags.tsv"):
        evaluate_mood_tags(bundle, tmp_path, catalog=catalog)
    (tags / TABLE).write_text("ml_id\ttitle\ttag\n1\tA\tsad\n", encoding="utf-8")
    with pytest.raises(DataError, match="row 2 has no 'year'"):
        evaluate_mood_tags(bundle, tags, catalog=catalog)
    elsewhere = "\n".join(f"{i}\tNone {i}\t1990\t{t}" for i, t in enumerate([*TAG_OF.values(), "scary", "hopeful"]))
    (tags / TABLE).write_text(f"ml_id\ttitle\tyear\ttag\n{elsewhere}\n", encoding="utf-8")
    with pytest.raises(DataError, match="no tagged film is in the catalogue"):
        evaluate_mood_tags(bundle, tags, catalog=catalog)


def test_a_bundle_that_reads_the_spread_is_asked_as_its_readings_are(
    spread_world: Any, catalog: Path, tmp_path: Path
) -> None:
    given = {"data_dir": spread_world.data_dir, "runs_dir": tmp_path / "runs"}
    run_recipe(spread_world.recipe, out=tmp_path / "out", **given)
    recommender = Recommender.load(tmp_path / "out", catalog=catalog)
    texts = ["We laughed, happy. It rained.", "I cried, lonely."]
    asked = _asked(recommender, [MoodQuery(text, "en", "joy") for text in texts], None, Silent())
    for text, query in zip(texts, asked, strict=True):
        read = recommender.query(recommender.reader.read(text, "en"))
        assert np.array_equal(query.reading.spread, read.reading.spread)
        assert np.array_equal(query.probabilities, read.probabilities)
