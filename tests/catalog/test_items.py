import numpy as np
import pytest

from ilgi.catalog.items import (
    Item,
    catalog_of,
    clean_title,
    language_code,
    need_columns,
    number_cell,
    rank_fractions,
    text_cell,
    year_cell,
)
from ilgi.errors import DataError


@pytest.mark.parametrize(
    ("cell", "text"),
    [(None, ""), ("None", ""), ("nan", ""), (" 670 ", "670"), (670, "670"), (670.0, "670"), (float("nan"), "")],
)
def test_text_cell(cell: object, text: str) -> None:
    assert text_cell({"a": cell}, "a") == text


def test_first_cell_that_holds_something() -> None:
    assert text_cell({"a": "None", "b": "x"}, "a", "b", "c") == "x"


@pytest.mark.parametrize(
    ("cell", "year"),
    [("2003", 2003), (2003, 2003), (2003.0, 2003), ("2003-11-21", 2003), ("2003.0", 2003), ("", 0), ("203", 0),
     ("20031", 0), ("about 2003", 0), ("1788", 0)],
)  # fmt: skip
def test_year_cell(cell: object, year: int) -> None:
    assert year_cell({"y": cell}, "y") == year


@pytest.mark.parametrize(
    ("cell", "number"), [("12", 12.0), (3.5, 3.5), ("-1", None), ("inf", None), ("many", None), (None, None)]
)
def test_number_cell(cell: object, number: float | None) -> None:
    assert number_cell({"n": cell}, "n") == number


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        ("Tom &amp; Jerry", "Tom & Jerry"),
        ("  a \t b\n", "a b"),
        ("a\x1b[31mb\x00", "a [31mb"),
        ("a\u200bb\u202ec", "abc"),
        ("Ame\u0301lie", "Amélie"),
        ("각", "각"),
        ("half \ud83d", "half \ufffd"),
    ],
)
def test_titles_are_clean(raw: str, title: str) -> None:
    assert clean_title(raw) == title


def test_language_codes() -> None:
    assert [language_code(c) for c in ("en", "KO", "cn", "xx", "english", "")] == ["en", "ko", "zh", "", "", ""]


def test_popularity_is_the_share_with_at_most_as_many_votes() -> None:
    assert rank_fractions([5, 100, 5, None]).tolist() == pytest.approx([2 / 3, 1, 2 / 3, 0])
    assert rank_fractions([None, None]).tolist() == [0, 0]
    assert rank_fractions([]).shape == (0,)
    votes = np.random.default_rng(0).integers(0, 50, 200).tolist()
    expected = [sum(other <= vote for other in votes) / len(votes) for vote in votes]
    assert rank_fractions(votes).tolist() == pytest.approx(expected)


def test_the_steadiest_id_names_an_item() -> None:
    keys = {"naver": "10001", "movielens": "1", "imdb": "tt0114709", "tmdb": "862"}
    ids = []
    for place in ("tmdb", "imdb", "movielens", "naver"):
        ids.append(Item(title="A", keys=keys).id)
        keys = {k: v for k, v in keys.items() if k != place}
    assert ids == ["tmdb:862", "imdb:tt0114709", "movielens:1", "naver:10001"]
    assert Item(title="Night Train", year=1999).id == "title:night train (1999)"
    assert Item(title_ko="밤 기차").id == "title:밤 기차"


def test_first_of_an_id_is_kept_and_nameless_ones_are_not() -> None:
    items = [
        Item("A", keys={"tmdb": "1"}, genres=("Drama",), votes=3),
        Item("B", keys={"tmdb": "1"}),
        Item(keys={"tmdb": "2"}),
        Item(title_ko="다", keys={"tmdb": "3", "imdb": "tt3"}, votes=9),
    ]
    catalog = catalog_of(items)
    assert catalog.ids == ("tmdb:1", "tmdb:3")
    assert catalog.titles["en"] == ("A", "")
    assert catalog.titles["ko"] == ("", "다")
    assert catalog.popularity.tolist() == [0.5, 1.0]
    assert dict(catalog.keys) == {"tmdb": ("1", "3"), "imdb": ("", "tt3")}
    assert catalog.affect.shape == (2, 0)


def test_missing_columns_are_named() -> None:
    need_columns({"a": 1, "b": 2}, "test", "a", ("x", "b"))
    with pytest.raises(DataError, match="did you mean 'genre'"):
        need_columns({"genre": 1}, "test", "genres")
