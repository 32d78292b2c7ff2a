from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ilgi.catalog.base import Catalog
from ilgi.catalog.items import Item, catalog_of
from ilgi.errors import DataError
from ilgi.training.films.placed import place_films
from ilgi.training.films.recipe import InputTable, ProfileSection
from ilgi.training.progress import Silent

pytest.importorskip("sklearn", reason="needs the extra 'train'")
FILMS = InputTable(path="films.tsv", licence="none")
N = 60


@pytest.fixture
def catalog() -> Catalog:
    return catalog_of(
        Item(
            title=f"Film {i}", year=1990, language="en", genres=("Comedy" if i % 2 else "Drama",), keys={"tmdb": str(i)}
        )
        for i in range(N)
    )


@pytest.fixture
def section(tmp_path: Path, save_tiny: Any) -> ProfileSection:
    save_tiny(tmp_path / "model")
    tags = [f"{i}\tFilm {i}\t1990\t{'funny' if i % 2 else 'sad'}\t2" for i in range(40)]
    (tmp_path / "tags.tsv").write_text(
        "\n".join(["ml_id\ttitle\tyear\ttag\tcount", *tags, "77\tNone\t1990\tsad\t1"]) + "\n"
    )
    (tmp_path / "films.tsv").write_text("tmdb_id\tkeywords\tvote_count\tvote_average\n1\train\t5\t7\n")
    texts = [f"{i}\t{'We laughed, happy.' if i % 2 else 'I cried, lonely.'}" for i in range(1, N)]
    (tmp_path / "texts.tsv").write_text("\n".join(["tmdb_id\toverview_en", *texts]) + "\n")
    table = {"licence": "none"}
    return ProfileSection.model_validate(
        {
            "tags": {"path": "tags.tsv", **table},
            "overviews": {"path": "texts.tsv", **table},
            "emotion": str(tmp_path / "model"),
            "rule": "length",
            "samples": 12,
        }
    )


def test_a_catalogue_gets_profiles_and_what_its_overviews_tell(
    catalog: Catalog, section: ProfileSection, tmp_path: Path
) -> None:
    placed = place_films(catalog, section, FILMS, data_dir=tmp_path, progress=Silent())
    profiles = placed.catalog.profiles
    assert profiles is not None
    funny = profiles.place[:, profiles.axes.column("funny")]
    assert funny[1::2].min() > funny[::2].max()
    assert placed.metrics["sad"] == {"films": 20, "auc": 1.0}
    assert "funny        20 films  AUC 1.000" in placed.text()
    assert [source.name for source in placed.data] == ["tags.tsv", "texts.tsv"]
    joy = placed.catalog.affect[:, placed.catalog.affect_columns.index("joy")]
    assert np.isnan(joy[0])
    assert joy[1::2].min() > np.nanmax(joy[::2])
    level = placed.catalog.affect_level
    assert level is not None
    assert np.isnan(level[0])
    assert (np.abs(level[1:]) <= 1.0).all()


def test_tags_of_other_films_teach_nothing(catalog: Catalog, section: ProfileSection, tmp_path: Path) -> None:
    (tmp_path / "tags.tsv").write_text("ml_id\ttitle\tyear\ttag\n7\tElsewhere\t1990\tsad\n")
    with pytest.raises(DataError, match="no tagged film"):
        place_films(catalog, section, FILMS, data_dir=tmp_path, progress=Silent())
