from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ilgi.errors import InputError
from ilgi.training.comparison import Entrant
from ilgi.training.crossval import CrossData, cross_validate, folds_of, newest_fold
from ilgi.training.progress import Silent
from ilgi.training.recipe import LabelSection
from ilgi.vocabulary import Vocabulary

COLUMNS = Vocabulary(("joy", "fear"), kind="affect column")
LABELS = Vocabulary(("Comedy", "Horror"), kind="label")
FILMS = 80


def films() -> tuple[tuple[str, ...], Any]:
    """Groups of one film, but that the first two are tied; three reviews each."""
    return ("f0", "f0", *(f"f{i}" for i in range(2, FILMS))), np.repeat(np.arange(FILMS), 3)


def data(folds: Any, film: Any) -> CrossData:
    rng = np.random.default_rng(0)
    targets = np.zeros((FILMS, 2), dtype=np.float32)
    targets[np.arange(FILMS), np.arange(FILMS) % 2] = 1.0
    x = (targets[film] * 2 - 1 + 0.3 * rng.normal(size=(len(film), 2))).astype(np.float32)
    return CrossData(
        columns={0: COLUMNS},
        labels=LABELS,
        folds=folds,
        inputs={(0, at): x for at in range(len(folds))},
        queries={0: np.array([[2.0, -2.0], [-2.0, 2.0]], dtype=np.float32)},
        targets=targets,
        film=film,
        stars=x[:, 0],
        odds={0: np.linspace(0.5, 1.5, len(film)).astype(np.float32)},
    )


def entrant(kind: str = "mlp", **config: Any) -> Entrant:
    return Entrant(kind, "", 0, LabelSection(kind=kind, config=config))


LINEAR = entrant(layers=[], learning_rate=0.05, max_epochs=60, weight_decay=0.0)


def test_a_film_is_on_one_side_and_those_tied_to_it_too() -> None:
    groups, film = films()
    folds = folds_of(groups, film, 4, seed=1)
    assert sorted(np.concatenate([fold.test for fold in folds]).tolist()) == list(range(len(film)))
    for fold in folds:
        parts = [{groups[f] for f in film[rows]} for rows in (fold.train, fold.validation, fold.test)]
        assert not parts[0] & parts[1]
        assert not (parts[0] | parts[1]) & parts[2]
        assert sum(map(len, parts)) == FILMS - 1
        assert min(map(len, parts)) > 0


def test_by_time_the_newest_are_predicted() -> None:
    groups, film = films()
    years = 1950 + np.arange(FILMS) // 2
    years[5] = 0
    (fold,) = newest_fold(groups, years, film, seed=1)
    tested = np.unique(film[fold.test])
    assert years[tested].min() > years[np.setdiff1d(np.arange(FILMS), tested)].max()
    assert len(tested) == pytest.approx(0.2 * FILMS, abs=2)
    assert 5 not in tested
    with pytest.raises(InputError, match="two years"):
        newest_fold(groups, np.full(FILMS, 1990), film, seed=1)


def test_each_review_is_predicted_once_by_a_model_that_never_saw_its_film(tmp_path: Path) -> None:
    groups, film = films()
    given = data(folds_of(groups, film, 4, seed=1), film)
    told: dict[str, Any] = {"folder": tmp_path, "seed": 0, "progress": Silent()}
    linear, prior = cross_validate(given, [LINEAR, entrant("prior")], workers=1, **told)
    assert ((linear.p[:, 0] > 0.5) == (given.targets[film, 0] > 0.5)).mean() > 0.95
    assert np.abs(prior.lift).max() < 1e-5
    assert linear.query_lift[0, 0] > 0 > linear.query_lift[1, 0]
    assert linear.seconds > 0
    assert len(linear.reports) == 4
    assert linear.reports[0]["history"]["validation_loss"]
    before = sorted(path.name for path in tmp_path.iterdir())
    again = cross_validate(given, [LINEAR], workers=2, **told)[0]
    assert np.array_equal(again.p, linear.p)
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_what_the_stars_tell_can_be_left_out(tmp_path: Path) -> None:
    groups, film = films()
    given = data(folds_of(groups, film, 4, seed=1), film)
    told: dict[str, Any] = {"folder": tmp_path, "seed": 0, "workers": 1, "progress": Silent()}
    plain = cross_validate(given, [LINEAR], **told)[0]
    without = cross_validate(given, [LINEAR], without_stars=True, **told)[0]
    # Here the stars are the joy, and so the genre.
    right = given.targets[film, 0]
    assert np.corrcoef(plain.p[:, 0], right)[0, 1] > 0.9
    assert abs(np.corrcoef(without.p[:, 0], right)[0, 1]) < 0.5


def test_reviews_that_read_like_a_diary_can_count_more(tmp_path: Path) -> None:
    groups, film = films()
    given = data(folds_of(groups, film, 4, seed=1), film)
    more = Entrant("more", "", 0, LINEAR.labels.model_copy(update={"likeness": 1.0}))
    told: dict[str, Any] = {"folder": tmp_path, "seed": 0, "workers": 1, "progress": Silent()}
    plain, weighted = cross_validate(given, [LINEAR, more], **told)
    assert not np.array_equal(plain.p, weighted.p)
