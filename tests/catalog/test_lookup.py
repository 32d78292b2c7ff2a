import pytest

from ilgi.catalog.items import Item, catalog_of
from ilgi.catalog.lookup import initials_of, search_items
from ilgi.catalog.store import embedded_catalogs, load_catalog

CATALOG = catalog_of(
    [
        Item("Parasite", "기생충", year=2019, votes=50, keys={"tmdb": "1"}),
        Item("Train to Busan", "부산행", year=2016, votes=40, keys={"tmdb": "2"}),
        Item("Amélie", "아멜리에", "Le Fabuleux Destin d'Amélie Poulain", year=2001, votes=30, keys={"tmdb": "3"}),
        Item("Night Train", "밤 기차", year=1999, votes=5, keys={"tmdb": "4"}),
        Item("Training Day", "트레이닝 데이", year=2001, votes=20, keys={"tmdb": "5"}),
        Item("1987: When the Day Comes", "1987", year=2017, votes=1, keys={"tmdb": "6"}),
    ]
)


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("기생", ["Parasite"]),
        ("parasite", ["Parasite"]),
        ("ㄱㅅㅊ", ["Parasite"]),
        ("ㅂ", ["Train to Busan", "Night Train"]),
        ("ㅂㄱㅊ", ["Night Train"]),
        ("amelie", ["Amélie"]),
        ("fabuleux", ["Amélie"]),
        ("busan", ["Train to Busan"]),
        ("train", ["Train to Busan", "Training Day", "Night Train"]),
        ("밤기차", ["Night Train"]),
        ("1987", ["1987: When the Day Comes"]),
        ("Parsite", ["Parasite"]),
        ("기셍충", ["Parasite"]),
        ("trian to busan", ["Train to Busan"]),
        ("asite", ["Parasite"]),
        ("zzz", []),
        ("", []),
        ("  !? ", []),
    ],
)
def test_what_is_typed_finds_what_is_meant(typed: str, titles: list[str]) -> None:
    assert [CATALOG.titles["en"][row] for row in search_items(CATALOG, typed)] == titles


def test_no_more_than_asked_for() -> None:
    assert search_items(CATALOG, "train", limit=1) == [1]


def test_initials_leave_other_letters_as_they_are() -> None:
    assert initials_of("1987 강철비 X") == "1987ㄱㅊㅂx"


def test_the_embedded_films_are_found_while_somebody_types() -> None:
    catalog = load_catalog(embedded_catalogs()["movies"])
    for typed, title in (("기생충", "Parasite"), ("ㄱㅅㅊ", "Parasite"), ("the godfathr", "The Godfather")):
        assert title in [catalog.titles["en"][row] for row in search_items(catalog, typed)[:5]]
