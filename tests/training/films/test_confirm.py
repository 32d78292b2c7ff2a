import pytest

from ilgi.training.films.confirm import TitleIndex, title_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Good, the Bad & the Ugly", "Good, the Bad and the Ugly"),
        ("Amélie", "AMELIE"),
        ("Spider-Man", "Spider Man"),
        ("7번방의 선물", "7번방의선물"),
        ("각본", "각본"),
    ],
)
def test_same_title(one: str, other: str) -> None:
    assert title_key(one) == title_key(other)


def test_other_titles() -> None:
    assert len({title_key(t) for t in ("The", "Them", "Theatre", "A", "가", "각")}) == 6
    assert title_key("?!") == ""


def test_the_nearest_year_within_the_tolerance() -> None:
    index: TitleIndex[str] = TitleIndex(1)
    index.add(["Night Train", "밤 기차"], 1998, "old")
    index.add(["Night Train"], 2000, "new")
    index.add(["Night Train"], 0, "undated")
    index.add([""], 2000, "nameless")
    assert index.find(["Night Train"], 1999) == "old"
    assert index.find(["night train"], 2001) == "new"
    assert index.find(["", "밤기차"], 1997) == "old"
    assert index.find(["Night Train"], 2002) is None
    assert index.find(["Night Train"], 0) is None
    assert index.find([""], 2000) is None
