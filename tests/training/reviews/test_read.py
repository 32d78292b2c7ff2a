import math
from pathlib import Path

import numpy as np
import pytest

from ilgi.errors import DataError, InputError
from ilgi.training.reviews.item_labels import read_item_labels
from ilgi.training.reviews.read import IMDB, NAVER, PROTOTYPE, ReviewColumns, clean_review, read_reviews

COLUMNS = ReviewColumns(text="text", item="film", labels="genres", rating="stars", unrated=0)
LONG = " ".join(f"word{i}" for i in range(60))


def table(folder: Path, *rows: tuple[str, str, str, str]) -> Path:
    path = folder / "reviews.tsv"
    lines = ["text\tfilm\tgenres\tstars\tother", *("\t".join((*row, "x")) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_cleaned_reviews_with_their_columns(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        ("A slow start.<br /><br>Then it flies.", "f1", "['Drama', 'Sci-Fi']", "7"),
        ("조용한데 오래 남는다.", "f2", "", "0"),
    )
    reviews = read_reviews(path, COLUMNS)
    assert reviews.texts == ("A slow start.\nThen it flies.", "조용한데 오래 남는다.")
    assert reviews.items == ("f1", "f2")
    assert reviews.labels == (("Drama", "Science Fiction"), ())
    assert reviews.ratings[0] == 7
    assert math.isnan(reviews.ratings[1])
    assert reviews.languages == ("en", "ko")
    assert reviews.report.without_labels == 1
    assert reviews.report.columns_left_out == 1


def test_what_is_dropped_is_counted_and_told(tmp_path: Path) -> None:
    near = LONG.replace("word30", "changed")
    path = table(
        tmp_path,
        (LONG, "f1", "Drama", "1"),
        (LONG.upper() + "!", "f1", "Drama", "1"),
        (near, "f1", "Drama", "1"),
        (LONG, "f2", "Drama", "1"),
        ("?!", "f1", "Drama", "1"),
        ("", "f1", "Drama", "1"),
        ("No film here", "", "Drama", "1"),
        ("So good", "f1", "Drama", "1"),
        ("so good.", "f2", "Drama", "1"),
        ("so good!", "f2", "Drama", "1"),
    )
    report = read_reviews(path, COLUMNS).report
    assert (report.rows, report.kept, report.items) == (10, 3, 2)
    assert (report.exact, report.near, report.shared, report.shared_kept) == (2, 1, 1, 1)
    assert (report.no_text, report.no_item) == (2, 1)
    dropped = report.no_text + report.no_item + report.exact + report.near + report.shared
    assert report.rows == report.kept + dropped
    told = report.text()
    assert told.startswith("3 of 10 reviews kept")
    assert "2 dropped: same words again under the same item" in told
    assert "labels" not in told


@pytest.mark.parametrize(
    ("shared", "items", "repeats"),
    [("first", ("f1", "f3"), [0, 1]), ("keep", ("f1", "f2", "f3"), [0, 0, 2]), ("drop", ("f3",), [0])],
)
def test_texts_under_several_items(tmp_path: Path, shared: str, items: tuple[str, ...], repeats: list[int]) -> None:
    path = table(
        tmp_path,
        (LONG, "f1", "Drama", "1"),
        (LONG, "f2", "Drama", "1"),
        ("Another thought entirely.", "f3", "Drama", "1"),
        (LONG, "f2", "Drama", "1"),
    )
    reviews = read_reviews(path, COLUMNS, shared=shared)  # type: ignore[arg-type]
    assert reviews.items == items
    assert reviews.repeats.tolist() == repeats


def test_labels_from_elsewhere_win(tmp_path: Path) -> None:
    path = table(tmp_path, ("One thing", "f1", "Drama", "1"), ("Another", "f2", "Drama", "1"))
    assert read_reviews(path, COLUMNS, item_labels={"f1": ("War",)}).labels == (("War",), ("Drama",))


def test_quotes_around_a_whole_text_are_taken_off() -> None:
    assert clean_review('"They call it ""art"" here."') == 'They call it "art" here.'
    assert clean_review('"Art" is what they call "it"') == '"Art" is what they call "it"'
    assert clean_review("Fish &amp; chips\x00\ud83d") == "Fish & chips \ufffd"


def test_named_languages(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("text,film,lang\nok,1,ko-KR\nok then,2,fr\n", encoding="utf-8")
    columns = ReviewColumns(text="text", item="film", language="lang")
    assert read_reviews(path, columns).languages == ("ko", "en")
    assert read_reviews(path, columns, language="ko").languages == ("ko", "ko")


def test_what_cannot_be_used_is_said(tmp_path: Path) -> None:
    path = table(tmp_path, ("fine", "f1", "['Drama'", "1"))
    with pytest.raises(DataError, match="row 1: a list of genres"):
        read_reviews(path, COLUMNS)
    with pytest.raises(DataError, match="no column 'review'"):
        read_reviews(path, ReviewColumns(text="review", item="film"))
    with pytest.raises(InputError, match="shared"):
        read_reviews(path, COLUMNS, shared="some")  # type: ignore[arg-type]
    with pytest.raises(DataError, match="holds no review"):
        read_reviews(table(tmp_path, ("", "", "", "")), COLUMNS)


def test_the_prototypes_table(data_dir: Path) -> None:
    reviews = read_reviews(data_dir / "reviews" / "kaggle_sample.csv", PROTOTYPE)
    assert (reviews.report.rows, len(reviews), reviews.report.items) == (269, 204, 19)
    assert all(reviews.labels)
    assert reviews.labels[reviews.items.index("Waiting to Exhale")] == ("Comedy", "Drama", "Romance")
    assert np.isfinite(reviews.ratings).all()


def test_korean_reviews(data_dir: Path) -> None:
    pytest.importorskip("polars", reason="needs the extra 'train'")
    reviews = read_reviews(data_dir / "reviews" / "naver_reviews_2003_2015.parquet", NAVER, language="ko")
    assert len(reviews) > 27_500
    assert reviews.report.items == 500
    assert ("Drama", "Romance") in set(reviews.labels)


def test_titles_with_two_columns_of_genres(data_dir: Path) -> None:
    """The 90,000 reviews take a third of a minute, so only their table of titles is read here."""
    pytest.importorskip("polars", reason="needs the extra 'train'")
    found = read_item_labels(
        data_dir / "reviews" / "imdb_titles.parquet",
        item="tconst",
        columns={"genres_tmdb": "tmdb", "genres_ml_mapped": "movielens"},
    )
    assert len(found.labels) > 6_500
    assert IMDB.names() == ("text", "tconst", "rating")
