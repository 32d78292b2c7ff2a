import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilgi.catalog.genres import ALIASES, NO_GENRE, parse_genres, to_tmdb, unknown_genres
from ilgi.errors import DataError, UnknownName
from ilgi.words import GENRES

NAMES = st.lists(st.sampled_from(GENRES.names), unique=True).map(tuple)
# Any words at all, as long as no separator of the plain forms is in them.
WORDS = st.lists(
    st.text(min_size=1).map(str.strip).filter(lambda word: word and "\r" not in word), unique=True, max_size=5
).map(tuple)


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        (None, ()),
        ("", ()),
        ("  ", ()),
        ("[]", ()),
        ("Drama", ("Drama",)),
        ("Drama|Science Fiction", ("Drama", "Science Fiction")),
        ("Drama, Science Fiction ,", ("Drama", "Science Fiction")),
        ("Drama; Comedy", ("Drama", "Comedy")),
        ("['Comedy', 'Drama']", ("Comedy", "Drama")),
        ('["Comedy","Drama"]', ("Comedy", "Drama")),
        ("[Comedy, Science Fiction]", ("Comedy", "Science Fiction")),
        ("""["Children's", 'Drama',]""", ("Children's", "Drama")),
        (r"['Children\'s']", ("Children's",)),
        ('[{"id": 18, "name": "Drama"}, {"id": 35, "name": "Comedy"}]', ("Drama", "Comedy")),
        (["Drama", "Comedy"], ("Drama", "Comedy")),
        ("Drama|Comedy|Drama", ("Drama", "Comedy")),
        ("멜로/로맨스|드라마", ("멜로/로맨스", "드라마")),
        ("(no genres listed)", ("(no genres listed)",)),
    ],
)
def test_cells(cell: object, names: tuple[str, ...]) -> None:
    assert parse_genres(cell) == names


@pytest.mark.parametrize(
    "cell",
    ["['Drama'", "['Drama' 'Comedy']", "['Drama', ['Comedy']]", "['Drama", "[{'name': Drama}]", "[,]", 3.5, [1, 2]],
)
def test_what_is_no_list_of_words_is_refused(cell: object) -> None:
    with pytest.raises(DataError, match="genres"):
        parse_genres(cell)


def test_a_cell_is_never_run() -> None:
    for cell in ("[__import__('os').getcwd()]", "['a' + 'b']", "['a' for _ in range(9)]"):
        with pytest.raises(DataError):
            parse_genres(cell)


@given(NAMES)
def test_every_spelling_of_the_same_genres_is_read_alike(names: tuple[str, ...]) -> None:
    spellings = ["|".join(names), ", ".join(names), str(list(names)), json.dumps(list(names)), list(names)]
    assert {parse_genres(spelling) for spelling in spellings} == {names}


@given(WORDS)
def test_json_and_repr_of_any_words_come_back(words: tuple[str, ...]) -> None:
    """`repr` and JSON escape more than quotes; what they only wrap in quotes must come back as it was."""
    plain = tuple(word for word in words if word.isprintable() and "\\" not in word)
    assert parse_genres(json.dumps(list(plain), ensure_ascii=False)) == plain
    assert parse_genres(str(list(plain))) == plain


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        names = parse_genres(text)
    except DataError:
        return
    assert all(name and name == name.strip() for name in names)
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("names", "genres"),
    [
        (["Sci-Fi", "Children", "Film-Noir", "Musical", "IMAX"], ("Crime", "Family", "Music", "Science Fiction")),
        (["드라마", "멜로/로맨스", "SF", "공연실황", "에로", "느와르"],
         ("Crime", "Drama", "Music", "Romance", "Science Fiction")),
        (["서스펜스", "블랙코미디", "무협", "뮤지컬"], ("Action", "Comedy", "Music", "Thriller")),
        (["drama", " DRAMA "], ("Drama",)),
        (["Foreign", "(no genres listed)"], ()),
        (["Thriller", "Action"], ("Action", "Thriller")),
        (["Nonsense"], ()),
    ],
)  # fmt: skip
def test_other_names_lead_to_tmdbs(names: list[str], genres: tuple[str, ...]) -> None:
    assert to_tmdb(names) == genres


def test_strict_names_the_nearest() -> None:
    with pytest.raises(UnknownName) as caught:
        to_tmdb(["Comdy"], strict=True)
    assert caught.value.near[0] == "Comedy"
    assert to_tmdb(["Foreign", "에로", "Drama"], strict=True) == ("Drama",)


def test_unknown_names_are_told() -> None:
    assert unknown_genres(["Drama", "sf", "Foreign", "Gloom"]) == ("Gloom",)


def test_tables_agree_with_themselves() -> None:
    assert set(ALIASES.values()) <= set(GENRES)
    assert not set(ALIASES) & NO_GENRE
    assert not {name.casefold() for name in GENRES} & NO_GENRE
    assert all(name == name.casefold() for name in [*ALIASES, *NO_GENRE])


@pytest.mark.parametrize(
    "cell",
    [
        "[{'id': 18, 'name': 'Drama'}, {'id': 35, 'name': \"Comedy\"}]",
        [{"id": 18, "name": "Drama"}, {"id": 35, "name": "Comedy"}],
        ["Drama", None, float("nan"), "Comedy"],
    ],
)
def test_objects_and_holes_as_tables_have_them(cell: object) -> None:
    assert parse_genres(cell) == ("Drama", "Comedy")


def test_not_a_number_is_nothing() -> None:
    assert parse_genres(float("nan")) == ()
