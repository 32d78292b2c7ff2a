from pathlib import Path

import pytest

from ilgi.errors import InputError
from ilgi.training.reviews.item_labels import labels_from_reviews, read_item_labels
from ilgi.vocabulary import Vocabulary
from ilgi.words import GENRES

LABELS = Vocabulary(("Drama", "History", "TV Movie"), kind="genre")


@pytest.fixture
def titles(tmp_path: Path) -> Path:
    path = tmp_path / "titles.tsv"
    path.write_text(
        "id\ttmdb\tml\ntt1\tDrama|History\tDrama\ntt2\t\tSci-Fi|Drama\ntt3\tForeign\tComedy\ntt4\t\t\ntt1\tComedy\t\n",
        encoding="utf-8",
    )
    return path


def test_the_most_trusted_place_gives_all_labels(titles: Path) -> None:
    found = read_item_labels(titles, item="id", columns={"tmdb": "tmdb", "ml": "movielens"})
    assert found.labels == {"tt1": ("Drama", "History"), "tt2": ("Drama", "Science Fiction"), "tt3": ("Comedy",)}
    assert found.place == {"tt1": "tmdb", "tt2": "movielens", "tt3": "movielens"}


def test_an_absence_counts_only_where_the_place_could_have_said_it(titles: Path) -> None:
    found = read_item_labels(titles, item="id", columns={"tmdb": "tmdb", "ml": "movielens"})
    items = ["tt2", "tt1", "tt4"]
    assert found.known(items, LABELS).tolist() == [[1, 0, 0], [1, 1, 1], [0, 0, 0]]
    assert found.multi_hot(items)[:, [GENRES.column("Drama"), GENRES.column("History")]].tolist() == [
        [1, 0], [1, 1], [0, 0],
    ]  # fmt: skip


def test_a_label_that_is_there_is_known(tmp_path: Path) -> None:
    found = labels_from_reviews(["1", "1", "2"], [(), ("History",), ()], place="naver")
    assert found.labels == {"1": ("History",)}
    assert found.known(["1", "2"], LABELS).tolist() == [[1, 1, 0], [0, 0, 0]]


def test_unknown_places_are_refused(titles: Path) -> None:
    with pytest.raises(InputError, match="place"):
        read_item_labels(titles, item="id", columns={"tmdb": "imdb"})
    with pytest.raises(InputError, match="place"):
        labels_from_reviews([], [], place="imdb")
