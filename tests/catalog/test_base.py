import dataclasses

import numpy as np
import pytest

from ilgi.bundle import State
from ilgi.catalog.base import Catalog
from ilgi.errors import BundleDamaged, InputError
from ilgi.testing import small_catalog
from ilgi.vocabulary import Vocabulary


def changed(**columns: object) -> Catalog:
    return dataclasses.replace(small_catalog(), **columns)


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"ids": ("test:1",) * 7}, "distinct"),
        ({"language": ("en",)}, "'language' has 1 entries for 7 items"),
        ({"titles": {"en": ("x",)}}, r"'title \(en\)' has 1 entries"),
        ({"keys": {"imdb": ("x",)}}, r"'key \(imdb\)' has 1 entries"),
        ({"matrix": np.zeros((7, 2), np.float32)}, "label matrix"),
        ({"affect": np.zeros((3, 0), np.float32)}, "affect must be"),
        ({"popularity": np.full(7, 1.5, np.float32)}, "popularity"),
        ({"popularity": np.full(7, np.nan, np.float32)}, "popularity"),
    ],
)
def test_columns_that_do_not_belong_together_are_refused(columns: dict[str, object], words: str) -> None:
    with pytest.raises(InputError, match=words):
        changed(**columns)


def test_a_reader_gets_the_title_in_their_language_where_there_is_one() -> None:
    catalog = small_catalog()
    assert [catalog.title(row, "ko") for row in (0, 1)] == ["영화 1", "Film 2"]
    assert catalog.title(1, "en") == "Film 2"
    titles = {"en": ("",) * 7, "ko": ("",) * 7, "original": ("Original", *("",) * 6)}
    assert changed(titles=titles).title(0, "en") == "Original"
    assert changed(titles=titles).title(1, "en") == "test:2"


def test_rows_and_labels() -> None:
    catalog = small_catalog()
    assert catalog.rows_of(["test:3", "nowhere", "test:1"]).tolist() == [2, 0]
    assert catalog.labels_of(6) == ("Comedy", "Drama", "Horror")
    assert catalog.labels_of(3) == ("Horror",)


def test_take_keeps_every_column_in_the_order_given() -> None:
    catalog = changed(keys={"imdb": tuple(f"tt{i}" for i in range(7))})
    part = catalog.take([5, 0])
    assert part.ids == ("test:6", "test:1")
    assert part.keys["imdb"] == ("tt5", "tt0")
    assert part.titles["en"] == ("Film 6", "Film 1")
    assert part.year.tolist() == [2006, 2001]
    assert np.array_equal(part.matrix, catalog.matrix[[5, 0]])
    assert len(catalog.take([])) == 0


def test_state_comes_back() -> None:
    catalog = changed(keys={"imdb": tuple(f"tt{i}" for i in range(7))})
    again = Catalog.from_state(catalog.state())
    for field in ("domain", "ids", "titles", "language", "labels", "keys"):
        assert getattr(again, field) == getattr(catalog, field)
    for field in ("year", "matrix", "popularity", "affect"):
        assert np.array_equal(getattr(again, field), getattr(catalog, field))


def test_a_line_break_in_a_title_is_refused() -> None:
    with pytest.raises(InputError, match="line break"):
        changed(titles={"en": ("a\nb", *("",) * 6)}).state()


@pytest.mark.parametrize("harm", ["config", "rows", "array", "missing", "twice"])
def test_damage_is_refused(harm: str) -> None:
    state = small_catalog().state()
    config, arrays, files = dict(state.config), dict(state.arrays), dict(state.files)
    if harm == "config":
        config.pop("domain")
    elif harm == "rows":
        files["title.en.txt"] = b"one line"
    elif harm == "array":
        arrays["year"] = arrays["year"].astype(np.int64)
    elif harm == "missing":
        files.pop("id.txt")
    else:
        files["id.txt"] = b"\n".join([b"test:1"] * 7)
    with pytest.raises(BundleDamaged):
        Catalog.from_state(State(config, arrays, files))


def test_labels_are_kept_as_bits() -> None:
    wide = small_catalog(labels=tuple("ABCDEFGHIJ"))
    assert wide.state().arrays["labels"].shape == (1023, 2)
    assert np.array_equal(Catalog.from_state(wide.state()).matrix, wide.matrix)
    assert wide.labels == Vocabulary("ABCDEFGHIJ")
