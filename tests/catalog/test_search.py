import pytest

from ilgi.catalog.items import Item, catalog_of
from ilgi.catalog.search import find_items
from ilgi.errors import UnknownName

CATALOG = catalog_of(
    [
        Item("Night Train", "밤 기차", year=1999, votes=5, keys={"tmdb": "1", "imdb": "tt0000001"}),
        Item("Night Train", year=2009, votes=50, keys={"tmdb": "2"}),
        Item("Night Train to Busan", "밤 열차", votes=9, keys={"tmdb": "3"}),
        Item("Am\u00e9lie", votes=1, keys={"tmdb": "4"}),
    ]
)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("tmdb:3", [2]),
        ("TMDB:3", [2]),
        ("imdb:tt0000001", [0]),
        ("night  train", [1, 0]),
        ("Night Tr", [1, 2, 0]),
        ("밤 기차", [0]),
        ("밤", [2, 0]),
        ("Ame\u0301lie", [3]),
    ],
)
def test_what_is_meant(text: str, rows: list[int]) -> None:
    assert find_items(CATALOG, text) == rows


def test_near_titles_are_suggested() -> None:
    with pytest.raises(UnknownName) as caught:
        find_items(CATALOG, "Night Trian")
    assert caught.value.near[0] == "Night Train"
    for nothing in ("", "   ", "tmdb:99", ":", "zzz"):
        with pytest.raises(UnknownName):
            find_items(CATALOG, nothing)
