import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ilgi.bundle import Bundle
from ilgi.catalog.axes import SOUNDS
from ilgi.catalog.store import embedded_catalogs, save_catalog
from ilgi.errors import DataError
from ilgi.training.songs.build import build_songs, normal_scores, playlist_songs, rated_songs
from ilgi.training.songs.recipe import SongRecipe

RECIPE = Path(__file__).parents[3] / "recipes" / "catalog-music.toml"
MOODS = {
    "신나는": [[0.8, 0.9], [1.0, 0.7]],
    "슬픔": [[-0.9, -0.4], [-0.7, -0.6]],
    "잔잔한": [[0.1, -0.8], [-0.1, -0.6]],
}


def recipe(**changes: Any) -> SongRecipe:
    inputs = {name: {"path": f"{name}.tsv", "licence": "none"} for name in ("rated", "playlists")}
    return SongRecipe.model_validate({"inputs": inputs, "moods": MOODS, "fewest_by_artist": 2, **changes})


def rated(n: int = 5) -> list[dict[str, Any]]:
    rows = [
        {"dzr_sng_id": str(i), "artist_name": "Band", "track_name": f"Song {i}", "valence": str(i), "arousal": str(-i)}
        for i in range(n)
    ]
    lone = {"dzr_sng_id": "99", "artist_name": "Lone", "track_name": "One", "valence": "9", "arousal": "9"}
    again = {**rows[0], "track_name": "SONG 0", "dzr_sng_id": "77"}
    return [*rows, lone, again]


PLAYLISTS = [
    {"title": "Dynamite", "artist": "방탄소년단", "tags": "국내 가요 신나는"},
    {"title": "이별의 노래", "artist": "가수", "tags": "국내 가요 이별 슬픔"},
    {"title": "이별의 노래", "artist": "가수", "tags": "국내 인디 잔잔한"},
    {"title": "어디에도", "artist": "없음", "tags": "국내 가요 카페"},
    {"title": "Foreign", "artist": "Band", "tags": "해외 팝 신나는"},
]


def test_rated_songs_stand_by_rank_among_all_and_come_once() -> None:
    songs = rated_songs(rated(), recipe())
    assert [song.id for song in songs] == [f"deezer:{i}" for i in range(5)]
    bright = [song.place[0] for song in songs]
    assert bright == sorted(bright)
    # The lone artist's song is the brightest of six, though it doesn't come itself.
    assert songs[-1].place[0] == pytest.approx(normal_scores(np.arange(6.0)[:, None])[4, 0])
    assert {song.basis for song in songs} == {"listeners"}


def test_korean_songs_stand_where_both_readers_put_the_tags_of_their_playlists() -> None:
    songs, playlists, left_out = playlist_songs(PLAYLISTS, recipe())
    assert playlists == 3
    assert [song.title for song in songs] == ["Dynamite", "이별의 노래"]
    lively, quiet = songs
    assert lively.id == "song:dynamite:방탄소년단"
    assert lively.place[0] > 0 < lively.place[1]
    assert quiet.place[0] < 0 > quiet.place[1]
    # On two playlists it is surer.
    assert quiet.spread == pytest.approx(lively.spread / np.sqrt(2))
    assert left_out == {"songs": 1}


def test_ties_share_a_rank() -> None:
    found = normal_scores(np.array([[1.0], [2.0], [2.0], [3.0]]))[:, 0]
    assert found[1] == found[2] == 0.0
    assert found[0] == -found[3]


def test_a_catalogue_of_both(tmp_path: Path) -> None:
    for name, rows in (("rated", rated()), ("playlists", PLAYLISTS)):
        lines = ["\t".join(rows[0]), *("\t".join(row.values()) for row in rows)]
        (tmp_path / f"{name}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    catalog, report = build_songs(tmp_path, recipe())
    assert (len(catalog), report.korean, report.rated) == (7, 2, 5)
    assert catalog.domain == "music"
    assert catalog.labels == SOUNDS
    assert catalog.by[0] == "방탄소년단"
    assert catalog.title(0, "en") == "Dynamite"
    assert catalog.labels_of(0) == ("bright and lively",)
    assert report.agreement["bright"] > 0.9
    assert "7 songs, 2 of them Korean, from 3 playlists" in report.text()
    assert report.metrics()["songs"] == 7
    assert catalog.profiles is not None
    assert catalog.profiles.basis_of(0) == "playlists"


def test_what_is_missing_is_told() -> None:
    with pytest.raises(DataError, match="row 2 has no number"):
        rated_songs([{"track_name": "x", "artist_name": "y", "valence": "", "arousal": "1"}], recipe())
    with pytest.raises(DataError, match="row 2 lacks title, artist or tags"):
        playlist_songs([{"title": "x", "tags": "국내 신나는"}], recipe())
    with pytest.raises(DataError, match="no playlist has a tag"):
        playlist_songs(PLAYLISTS[3:], recipe())


def test_the_embedded_songs_are_what_the_recipe_gives(data_dir: Path, tmp_path: Path) -> None:
    recipe = SongRecipe.model_validate(tomllib.loads(RECIPE.read_text(encoding="utf-8")))
    catalog, report = build_songs(data_dir, recipe)
    save_catalog(tmp_path / "music", catalog, data=report.data, metrics=report.metrics())
    built, embedded = (Bundle.open(folder).manifest for folder in (tmp_path / "music", embedded_catalogs()["music"]))
    assert built.files == embedded.files
    assert built.metrics == embedded.metrics
