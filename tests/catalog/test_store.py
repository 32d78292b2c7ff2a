import time
from pathlib import Path

import numpy as np
import pytest

from ilgi.bundle import Bundle, State, save_bundle
from ilgi.catalog.store import catalogs_in, embedded_catalogs, load_catalog, save_catalog
from ilgi.errors import BundleDamaged, BundleError
from ilgi.testing import small_catalog
from ilgi.words import GENRES


def test_comes_back_and_repeats(tmp_path: Path) -> None:
    catalog = small_catalog()
    save_catalog(tmp_path / "one" / "test", catalog)
    save_catalog(tmp_path / "two" / "test", catalog)
    again = load_catalog(tmp_path / "one" / "test")
    assert again.ids == catalog.ids
    assert again.titles == catalog.titles
    assert np.array_equal(again.popularity, catalog.popularity)
    one, two = ({f.name: f.read_bytes() for f in (tmp_path / n / "test").iterdir()} for n in ("one", "two"))
    assert one == two


def test_a_changed_file_is_found(tmp_path: Path) -> None:
    save_catalog(tmp_path / "test", small_catalog())
    file = tmp_path / "test" / "catalog.title.en.txt"
    file.write_bytes(file.read_bytes().replace(b"Film 1", b"Film 0", 1))
    with pytest.raises(BundleDamaged, match="another content"):
        load_catalog(tmp_path / "test")


def test_another_bundle_is_refused(tmp_path: Path) -> None:
    save_bundle(tmp_path / "test", {"labels": ("prior", State({}))}, name="test", version="0")
    with pytest.raises(BundleError, match="holds no catalogue"):
        load_catalog(tmp_path / "test")
    with pytest.raises(BundleError, match="no bundle"):
        load_catalog(tmp_path / "none")


def test_catalogues_of_a_folder(tmp_path: Path) -> None:
    assert catalogs_in(tmp_path / "none") == {}
    for name in ("b", "a"):
        save_catalog(tmp_path / name, small_catalog())
    (tmp_path / "other").mkdir()
    assert list(catalogs_in(tmp_path)) == ["a", "b"]


def test_the_embedded_films() -> None:
    """What the project promises of its catalogue."""
    catalog = load_catalog(embedded_catalogs()["movies"])
    assert catalog.labels == GENRES
    assert len(catalog) >= 8_000
    assert sum(code == "ko" for code in catalog.language) >= 700
    assert sum(bool(en and ko) for en, ko in zip(catalog.titles["en"], catalog.titles["ko"], strict=True)) >= 3_000
    assert all(catalog.titles["en"])
    assert all(catalog.language)
    assert (catalog.year > 1890).all()
    assert (catalog.matrix.sum(axis=1) > 0).all()
    assert set(catalog.keys) == {"tmdb", "imdb", "naver"}
    text = [title for titles in catalog.titles.values() for title in titles]
    assert all(title.isprintable() and title == title.strip() and "&amp;" not in title for title in text)
    row = catalog.ids.index("tmdb:670")
    assert (catalog.title(row, "ko"), catalog.title(row, "en"), int(catalog.year[row])) == ("올드보이", "Oldboy", 2003)
    assert catalog.language[row] == "ko"
    assert "Thriller" in catalog.labels_of(row)


def test_the_embedded_films_say_where_they_come_from() -> None:
    data = Bundle.open(embedded_catalogs()["movies"]).manifest.data
    assert "catalog/films.tsv" in {source.name for source in data}
    assert all(source.licence and source.rows for source in data)


def test_the_embedded_films_are_small_and_quick() -> None:
    """The target is 30 ms and 2 MB; the bound on time is wide, because tests share their machine."""
    folder = embedded_catalogs()["movies"]
    assert sum(file.stat().st_size for file in folder.iterdir()) <= 2_000_000
    best = float("inf")
    for _ in range(5):
        start = time.perf_counter()
        load_catalog(folder)
        best = min(best, time.perf_counter() - start)
    assert best < 0.15
