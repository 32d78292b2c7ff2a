"""The rules that every model, ranker and catalogue source must keep, as classes to inherit in a test.

A new emotion model is tested in three lines:

    class TestMine(EmotionModelContract):
        def make(self) -> EmotionModel:
            return MyModel()

pytest collects the inherited tests. Nothing here imports pytest, so the contracts ship with the package.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

import numpy as np

from ilgi.arrays import FloatMatrix
from ilgi.bundle import State
from ilgi.catalog.axes import AXES
from ilgi.catalog.base import Catalog, CatalogSource
from ilgi.catalog.profiles import BASES, Profiles
from ilgi.emotion.base import EmotionModel
from ilgi.errors import BundleDamaged, InputError
from ilgi.label.base import LabelModel
from ilgi.language import Language
from ilgi.ranking.base import Ranker
from ilgi.steps import Query, Reading, Sentence
from ilgi.vocabulary import Vocabulary

SENTENCES: Final = (
    "I finally told her, and she laughed.",
    "오늘은 아무것도 하기 싫었다 ㅠㅠ",
    "",
    "   ",
    "The results come on Friday and I can't sleep 😭",
    "엄마랑 통화했다. 별말 안 했는데 눈물이 났다.",
    "ok",
    "!!! 42 %%%",
    "a" * 400,
    "끝 [/x] 내 \x1b[31m \ud83d",
)
"""Texts that a model must cope with: both languages, nothing at all, marks, a long word, control characters."""


_KEYWORDS: Final = BASES.index("keywords")


def small_catalog(*, labels: Sequence[str] = ("Comedy", "Drama", "Horror")) -> Catalog:
    """Return a catalogue of 2^L − 1 items, one for each set of labels, with known popularity and titles."""
    names = Vocabulary(labels, kind="genre")
    n = 2 ** len(names) - 1
    rows = (np.arange(1, n + 1)[:, None] >> np.arange(len(names))) & 1
    return Catalog(
        domain="movies",
        ids=tuple(f"test:{i}" for i in range(1, n + 1)),
        titles={
            "en": tuple(f"Film {i}" for i in range(1, n + 1)),
            "ko": tuple(f"영화 {i}" if i % 2 else "" for i in range(1, n + 1)),
            "original": ("",) * n,
        },
        year=np.arange(2001, 2001 + n, dtype=np.int16),
        language=("en",) * n,
        labels=names,
        matrix=rows.astype(np.float32),
        popularity=(np.arange(n) / max(n - 1, 1)).astype(np.float32),
        affect=np.zeros((n, 0), dtype=np.float32),
    )


def felt_catalog() -> Catalog:
    """Return a catalogue of films that lie on one axis each, four of them, from far to near, and four ordinary ones.

    They are called by their axis ("warm ash" lies furthest), have the label "Drama", and rise in popularity.
    """
    trees = ("ash", "birch", "cedar", "elm")
    names = [f"{axis} {tree}" for axis in (*AXES, "plain") for tree in trees]
    n, copies = len(names), len(trees)
    place = np.zeros((n, len(AXES)), dtype=np.float32)
    rows = np.arange(len(AXES) * copies)
    place[rows, rows // copies] = 2.5 - 0.25 * (rows % copies)
    return Catalog(
        domain="movies",
        ids=tuple(f"test:{i}" for i in range(n)),
        titles={"en": tuple(names), "ko": ("",) * n, "original": ("",) * n},
        year=np.full(n, 2001, dtype=np.int16),
        language=("en",) * n,
        labels=Vocabulary(("Comedy", "Drama", "Horror"), kind="genre"),
        matrix=np.tile(np.array([0.0, 1.0, 0.0], dtype=np.float32), (n, 1)),
        popularity=np.linspace(0.0, 1.0, n, dtype=np.float32),
        affect=np.zeros((n, 0), dtype=np.float32),
        profiles=Profiles(AXES, place, place * 0 + 0.2, np.full(n, _KEYWORDS, np.uint8), np.zeros(n, np.int64)),
    )


def plain_reading(text: str = "It rained all day.", *, language: Language = "en") -> Reading:
    """Return a reading of one sentence in which nothing stands out."""
    columns = Vocabulary(("joy", "sadness", "neutral"), kind="emotion")
    scores = np.array([[0.1, 0.1, 0.8]], dtype=np.float32)
    return Reading(
        language=language,
        sentences=(Sentence(text, 0, len(text)),),
        columns=columns,
        scores=scores,
        weights=np.ones(1, dtype=np.float32),
        affect=scores[0],
        standard=np.zeros(3, dtype=np.float32),
        mood={"joy": 0.25, "optimism": 0.25, "anger": 0.25, "sadness": 0.25},
        emotions={"joy": 0.1, "sadness": 0.1, "neutral": 0.8},
        valence=0.5,
        arousal=0.5,
        sure=False,
    )


def query_for(
    catalog: Catalog, probabilities: Mapping[str, float], *, base_rates: Mapping[str, float] | None = None
) -> Query:
    """Return a query for a catalogue; labels that aren't named get 0.1 in both."""
    rates = base_rates or {}
    return Query(
        plain_reading(),
        catalog.labels,
        np.array([probabilities.get(name, 0.1) for name in catalog.labels], dtype=np.float32),
        np.array([rates.get(name, 0.1) for name in catalog.labels], dtype=np.float32),
    )


def raises(error: type[Exception], call: object, *arguments: object, **options: object) -> bool:
    """Tell whether calling `call` with these arguments raises `error` (any other error goes on up)."""
    if not callable(call):
        raise InputError("call must be callable")
    try:
        call(*arguments, **options)
    except error:
        return True
    return False


class EmotionModelContract:
    """What every EmotionModel keeps."""

    tolerance: ClassVar[float] = 0.0
    """How far a text's scores may move with its neighbours: not at all, unless the engine can't help it."""

    def make(self) -> EmotionModel:
        """Return the model to test, the same weights at each call."""
        raise AssertionError("write make(): return the model to test")

    def test_shape_and_range(self) -> None:
        """Gives one row per text and one column per name, all in [0, 1]."""
        model = self.make()
        scores = model.predict_proba(SENTENCES)
        assert scores.shape == (len(SENTENCES), len(model.emotions))
        assert scores.dtype == np.float32
        assert ((scores >= 0) & (scores <= 1)).all()

    def test_no_texts(self) -> None:
        """No texts give no rows."""
        model = self.make()
        assert model.predict_proba([]).shape == (0, len(model.emotions))

    def test_neighbours_change_nothing(self) -> None:
        """A text scores the same alone, first, last, and among others."""
        model = self.make()
        together = model.predict_proba(SENTENCES)
        backwards = model.predict_proba(SENTENCES[::-1])[::-1]
        for i, text in enumerate(SENTENCES):
            alone = model.predict_proba([text])[0]
            for other in (together[i], backwards[i], model.predict_proba([text, *SENTENCES])[0]):
                assert np.abs(alone - other).max() <= self.tolerance

    def test_repeats(self) -> None:
        """Two models with the same weights give the same scores and the same fingerprint."""
        one, two = self.make(), self.make()
        assert np.abs(one.predict_proba(SENTENCES) - two.predict_proba(SENTENCES)).max() <= self.tolerance
        assert one.fingerprint() == two.fingerprint()

    def test_a_single_string_is_refused(self) -> None:
        """A string is a sequence of strings too, and never what was meant."""
        assert raises(InputError, self.make().predict_proba, "one text")

    def test_more_texts_than_a_batch(self) -> None:
        """Batches join in order."""
        model = self.make()
        texts = [f"{SENTENCES[i % 2]} {i}" for i in range(model.batch_size + 3)]
        scores = model.predict_proba(texts)
        assert np.abs(scores[-1] - model.predict_proba([texts[-1]])[0]).max() <= self.tolerance

    def test_comes_back_from_its_state(self) -> None:
        """Where a model can be kept in a bundle, it comes back with the same scores."""
        model = self.make()
        state = getattr(model, "state", None)
        restore = getattr(type(model), "from_state", None)
        if state is None or restore is None:
            return
        again = restore(state())
        assert np.array_equal(again.predict_proba(SENTENCES), model.predict_proba(SENTENCES))
        assert again.fingerprint() == model.fingerprint()
        assert raises(BundleDamaged, restore, State({"something": "else"}))


class LabelModelContract:
    """What every LabelModel keeps."""

    columns: ClassVar[Vocabulary] = Vocabulary(("a", "b", "c"), kind="affect column")
    labels: ClassVar[Vocabulary] = Vocabulary(("Comedy", "Drama", "Never"), kind="genre")

    def make(self) -> LabelModel:
        """Return an unfitted model that reads `columns` and predicts `labels`."""
        raise AssertionError("write make(): return an unfitted model over self.columns and self.labels")

    def rows(self) -> tuple[FloatMatrix, FloatMatrix]:
        """Return 400 rows: "Comedy" holds where column a is high, "Drama" where it is low, "Never" never."""
        rng = np.random.default_rng(7)
        x = rng.standard_normal((400, 3)).astype(np.float32)
        y = np.stack([x[:, 0] > 0.2, x[:, 0] < 0.0, np.zeros(400, bool)], axis=1).astype(np.float32)
        return x, y

    def fitted(self) -> LabelModel:
        """Return a model fitted on `rows`, with a quarter of them for validation."""
        model = self.make()
        x, y = self.rows()
        model.fit(x[:300], y[:300], validation=(x[300:], y[300:]), rng=np.random.default_rng(1))
        return model

    def test_shape_and_range(self) -> None:
        """Gives one row per row and one column per label, all in [0, 1]."""
        p = self.fitted().predict_proba(self.rows()[0])
        assert p.shape == (400, 3)
        assert p.dtype == np.float32
        assert ((p >= 0) & (p <= 1)).all()

    def test_no_rows(self) -> None:
        """No rows in, no rows out."""
        assert self.fitted().predict_proba(np.zeros((0, 3), dtype=np.float32)).shape == (0, 3)

    def test_base_rates(self) -> None:
        """The base rates are those of the training rows, and never 0 or 1."""
        model = self.fitted()
        seen = self.rows()[1][:300].mean(axis=0)
        assert np.abs(model.base_rates - seen).max() < 0.01
        assert ((model.base_rates > 0) & (model.base_rates < 1)).all()

    def test_a_label_without_positives(self) -> None:
        """A label that never holds is predicted as rare, not as broken."""
        assert self.fitted().predict_proba(self.rows()[0])[:, 2].max() < 0.3

    def test_same_seed_same_bytes(self) -> None:
        """Fitting twice with one seed gives the same predictions."""
        x = self.rows()[0]
        assert np.array_equal(self.fitted().predict_proba(x), self.fitted().predict_proba(x))

    def test_input_is_left_alone(self) -> None:
        """Neither fit nor predict changes what it is given."""
        x, y = self.rows()
        x0, y0 = x.copy(), y.copy()
        model = self.make()
        model.fit(x, y, rng=np.random.default_rng(1))
        model.predict_proba(x)
        assert np.array_equal(x, x0)
        assert np.array_equal(y, y0)

    def test_asked_before_fit(self) -> None:
        """An unfitted model says so."""
        assert raises(InputError, self.make().predict_proba, self.rows()[0])

    def test_wrong_width_is_refused(self) -> None:
        """Affect with another number of columns is refused."""
        assert raises(InputError, self.fitted().predict_proba, np.zeros((2, 5), dtype=np.float32))

    def test_comes_back_from_its_state(self) -> None:
        """A bundle gives back the same predictions, and foreign states are refused."""
        model = self.fitted()
        again = type(model).from_state(model.state())
        x = self.rows()[0]
        assert np.array_equal(again.predict_proba(x), model.predict_proba(x))
        assert np.array_equal(again.base_rates, model.base_rates)
        assert raises(BundleDamaged, type(model).from_state, State({"something": "else"}))


class RankerContract:
    """What every Ranker keeps."""

    def make(self) -> Ranker:
        """Return the ranker to test."""
        raise AssertionError("write make(): return the ranker to test")

    def _query(self, catalog: Catalog) -> Query:
        return query_for(catalog, {"Comedy": 0.6, "Drama": 0.3, "Horror": 0.05})

    def test_scores(self) -> None:
        """Gives one finite number per item, the same at each call."""
        catalog = small_catalog()
        ranker = self.make()
        scores = ranker.score(self._query(catalog), catalog)
        assert scores.shape == (len(catalog),)
        assert np.isfinite(scores).all()
        assert np.array_equal(scores, ranker.score(self._query(catalog), catalog))

    def test_ranking_follows_the_stated_order(self) -> None:
        """Higher score first, then higher popularity, then id; ranks count from 1."""
        catalog = small_catalog()
        ranker = self.make()
        scores = ranker.score(self._query(catalog), catalog)
        ranking = ranker.rank(self._query(catalog), catalog, n=len(catalog))
        order = sorted(range(len(catalog)), key=lambda r: (-scores[r], -catalog.popularity[r], catalog.ids[r]))
        assert [item.row for item in ranking.items] == order
        assert [item.rank for item in ranking.items] == list(range(1, len(catalog) + 1))
        assert all(item.id == catalog.ids[item.row] for item in ranking.items)

    def test_more_than_there_is(self) -> None:
        """Asking for more than the catalogue holds gives all of it."""
        catalog = small_catalog()
        assert len(self.make().rank(self._query(catalog), catalog, n=1000).items) == len(catalog)

    def test_excluded_never_appears(self) -> None:
        """An excluded item stays away, and the rest keep their order; unknown ids are ignored."""
        catalog = small_catalog()
        ranker = self.make()
        full = [item.id for item in ranker.rank(self._query(catalog), catalog, n=len(catalog)).items]
        out = frozenset({full[0], full[3], "test:unknown"})
        left = [item.id for item in ranker.rank(self._query(catalog), catalog, n=99, exclude=out).items]
        assert left == [i for i in full if i not in out]

    def test_top_of_the_whole(self) -> None:
        """The best three are the first three of the full ranking."""
        catalog = small_catalog()
        ranker = self.make()
        full = ranker.rank(self._query(catalog), catalog, n=len(catalog)).items
        assert ranker.rank(self._query(catalog), catalog, n=3).items == full[:3]

    def test_order_of_rows_does_not_matter(self) -> None:
        """Shuffling the catalogue changes no answer."""
        catalog = small_catalog()
        ranker = self.make()
        shuffled = catalog.take(np.random.default_rng(3).permutation(len(catalog)))
        one = [i.id for i in ranker.rank(self._query(catalog), catalog, n=5).items]
        assert one == [i.id for i in ranker.rank(self._query(shuffled), shuffled, n=5).items]

    def test_other_labels_are_refused(self) -> None:
        """A query over other labels than the catalogue's is refused."""
        catalog = small_catalog()
        other = small_catalog(labels=("Comedy", "Western"))
        assert raises(InputError, self.make().rank, self._query(other), catalog, n=3)

    def test_comes_back_from_its_state(self) -> None:
        """A bundle gives back a ranker with the same scores, and foreign states are refused."""
        catalog = small_catalog()
        ranker = self.make()
        again = type(ranker).from_state(ranker.state())
        assert np.array_equal(again.score(self._query(catalog), catalog), ranker.score(self._query(catalog), catalog))
        assert raises(BundleDamaged, type(ranker).from_state, State({"something": "else"}))

    def test_nothing_asked_for(self) -> None:
        """Asking for no items is a mistake of the caller's."""
        catalog = small_catalog()
        assert raises(InputError, self.make().rank, self._query(catalog), catalog, n=0)


class CatalogSourceContract:
    """What every CatalogSource keeps."""

    def make(self) -> CatalogSource:
        """Return the source to test."""
        raise AssertionError("write make(): return the source to test")

    def rows(self) -> list[dict[str, Any]]:
        """Return at least two rows of the format, as its tables give them."""
        raise AssertionError("write rows(): return at least two rows of the format")

    def test_reads_its_rows(self) -> None:
        """Every item has an id with its source and a title; where the format has labels, one is somewhere."""
        catalog = self.make().read(self.rows())
        assert len(catalog) > 0
        assert all(":" in item for item in catalog.ids)
        assert all(catalog.title(row, "en") for row in range(len(catalog)))
        assert catalog.matrix.any() or not len(catalog.labels)

    def test_twice_the_same_rows(self) -> None:
        """Rows that stand twice make no second item."""
        source = self.make()
        once = source.read(self.rows())
        assert source.read([*self.rows(), *self.rows()]).ids == once.ids

    def test_no_rows(self) -> None:
        """No rows make an empty catalogue of the same domain and labels."""
        source = self.make()
        empty = source.read([])
        assert len(empty) == 0
        assert empty.labels == source.read(self.rows()).labels

    def test_comes_back_from_its_state(self) -> None:
        """What was read survives a bundle."""
        catalog = self.make().read(self.rows())
        again = Catalog.from_state(catalog.state())
        assert again.ids == catalog.ids
        assert again.titles == catalog.titles
        assert again.keys == catalog.keys
        assert np.array_equal(again.matrix, catalog.matrix)
        assert np.array_equal(again.year, catalog.year)
