"""A bundle for songs, based on a tiny one of films."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ilgi.bundle import Bundle
from ilgi.catalog.axes import SOUNDS
from ilgi.catalog.store import save_catalog
from ilgi.errors import InputError
from ilgi.recommender import Recommender
from ilgi.training.domain_bundle import sounds_of
from ilgi.training.emotion.diaries import diary_entries
from ilgi.training.pipeline import run_recipe
from ilgi.training.songs.build import Song, catalog_of_songs

FAMILIES = """
[families]
kind = "mlp"
config = { layers = [], output = "softmax", loss = "cce", dropout = 0.0, max_epochs = 2, batch_size = 512 }
"""
SONGS = """
name = "songs"
domain = "nowhere"
based_on = "films"
[labels]
kind = "mlp"
config = { layers = [], output = "softmax", loss = "cce", dropout = 0.0, max_epochs = 2, batch_size = 512 }
[ranking]
kind = "blend"
config = {}
"""


@pytest.fixture
def films(world: Any, tmp_path: Path) -> Path:
    """The folder of a tiny bundle of films, with families."""
    world.recipe.write_text(world.recipe.read_text(encoding="utf-8") + FAMILIES, encoding="utf-8")
    run_recipe(world.recipe, data_dir=world.data_dir, out=tmp_path / "films", runs_dir=tmp_path / "runs")
    return tmp_path / "films"


def test_it_reads_as_its_base_and_answers_with_songs(films: Path, tmp_path: Path) -> None:
    (tmp_path / "songs.toml").write_text(SONGS, encoding="utf-8")
    given: dict[str, Any] = {"data_dir": tmp_path, "out": tmp_path / "songs", "runs_dir": tmp_path / "runs"}
    summary = run_recipe(tmp_path / "songs.toml", **given)
    assert "which of four labels" in summary.text.casefold().replace("\n", " ")
    bundle, base = Bundle.open(tmp_path / "songs"), Bundle.open(films)
    assert bundle.manifest.metrics["labels"]["ko"]["rows"] > 100
    for stage in ("emotion", "diary", "families"):
        assert bundle.state(stage).config == base.state(stage).config
    places = [(1.5, 1.5), (1.0, -1.5), (-1.5, -1.0), (-1.0, 1.5)]
    songs = [Song(f"s:{i}", f"Song {i}", f"Band {i}", i % 2 == 0, at, 0.5, "listeners") for i, at in enumerate(places)]
    save_catalog(tmp_path / "catalog", catalog_of_songs(songs, "music"))
    made = Recommender.load(tmp_path / "songs", catalog=tmp_path / "catalog")
    assert made.has_goals
    bright = made.recommend("We laughed, happy.", goal="lift", n=2).items
    assert {made.catalog.labels_of(item.row)[0] for item in bright} <= {"bright and lively", "bright and quiet"}
    assert "song" in bright[0].reasons[0]
    assert "노래" in made.recommend("웃었다. 행복했다.", goal="calm", n=1).items[0].reasons[0]
    assert np.isfinite([item.score for item in made.recommend("I cried.", goal="mirror").items]).all()


def test_a_base_without_families_is_refused(world: Any, tmp_path: Path) -> None:
    run_recipe(world.recipe, data_dir=world.data_dir, out=tmp_path / "films", runs_dir=tmp_path / "runs")
    (tmp_path / "songs.toml").write_text(SONGS, encoding="utf-8")
    with pytest.raises(InputError, match="has no stage 'families'"):
        run_recipe(tmp_path / "songs.toml", data_dir=tmp_path, out=tmp_path / "songs", runs_dir=tmp_path / "runs")
    assert not (tmp_path / "songs").exists()


def test_based_on_and_tables_of_its_own_do_not_go_together(world: Any, tmp_path: Path) -> None:
    text = world.recipe.read_text(encoding="utf-8")
    world.recipe.write_text(f'based_on = "movies"\n{text}', encoding="utf-8")
    with pytest.raises(InputError, match="leave them out"):
        run_recipe(world.recipe, data_dir=world.data_dir, out=tmp_path / "x", runs_dir=tmp_path / "runs")


def test_every_diary_lies_in_one_quarter() -> None:
    entries = diary_entries()[:300]
    found = sounds_of(entries)
    assert (found.sum(axis=1) == 1).all()
    for entry, row in zip(entries, found, strict=True):
        assert SOUNDS[int(row.argmax())].startswith("bright" if entry.valence >= 0.5 else "dark")
    assert sounds_of(()).shape == (0, 4)
