"""Targets, weights and baselines of the label model."""

from pathlib import Path

import numpy as np
import pytest

from ilgi.emotion.spread import with_spread
from ilgi.errors import UnknownName
from ilgi.training.label_stage import (
    Rows,
    fit_labels,
    fit_prior,
    fit_prototype,
    inputs_of,
    moods_of,
    rare_labels,
    row_weights,
    soft_targets,
)
from ilgi.training.progress import Silent
from ilgi.training.recipe import LabelSection
from ilgi.training.runs import Run
from ilgi.vocabulary import Vocabulary
from ilgi.words import GOEMOTIONS, MOODS

COLUMNS = Vocabulary(("joy", "sadness", "fear"), kind="affect column")
LABELS = Vocabulary(("Comedy", "Drama"), kind="label")


def rows(n: int = 200, seed: int = 0) -> Rows:
    rng = np.random.default_rng(seed)
    affect = rng.normal(size=(n, 3)).astype(np.float32)
    return Rows(affect, (affect[:, :2] > 0).astype(np.float32), np.ones(n, dtype=np.float32))


def test_an_unknown_label_stands_at_its_rate_where_it_is_known() -> None:
    labels = np.array([[1, 0], [0, 1], [1, 0], [0, 0]], dtype=np.float32)
    known = np.array([[1, 1], [1, 1], [1, 1], [1, 0]], dtype=np.float32)
    targets = soft_targets(labels, known)
    assert targets[:3].tolist() == labels[:3].tolist()
    assert targets[3].tolist() == [0.0, pytest.approx(1 / 3)]
    assert soft_targets(labels, np.zeros_like(known)).tolist() == np.zeros((4, 2)).tolist()


@pytest.mark.parametrize(("rule", "totals"), [("review", [4, 1]), ("sqrt", [2, 1]), ("item", [1, 1])])
def test_a_film_with_many_reviews_counts_by_the_rule(rule: str, totals: list[float]) -> None:
    film = np.array([7, 7, 7, 7, 9])
    weight = row_weights(film, rule)
    assert [float(weight[film == f].sum()) for f in (7, 9)] == pytest.approx(totals)


def test_the_fit_stops_by_the_validation_rows_and_is_kept(tmp_path: Path) -> None:
    section = LabelSection(config={"layers": [], "max_epochs": 30, "learning_rate": 0.05, "dropout": 0.0})
    run = Run(tmp_path)

    def fit() -> object:
        return fit_labels(section, COLUMNS, LABELS, rows(), rows(seed=1), run=run, seed=3, progress=Silent())

    first, second = fit(), fit()
    assert not first.done.again
    assert second.done.again
    assert second.report == first.report
    assert len(first.report.history["validation_loss"]) == first.report.epochs
    x = rows(seed=2)
    assert (first.model.predict_proba(x.affect) == second.model.predict_proba(x.affect)).all()
    assert ((first.model.predict_proba(x.affect) > 0.5) == x.labels).mean() > 0.9


def test_only_the_named_columns_are_read(tmp_path: Path) -> None:
    section = LabelSection(config={"layers": [], "max_epochs": 2}, inputs=("fear", "joy"))
    fitted = fit_labels(section, COLUMNS, LABELS, rows(), rows(seed=1), run=Run(tmp_path), seed=3, progress=Silent())
    assert fitted.model.columns.names == ("fear", "joy")
    with pytest.raises(UnknownName, match="did you mean 'fear'"):
        fit_labels(
            LabelSection(inputs=("feer",)),
            COLUMNS,
            LABELS,
            rows(),
            rows(),
            run=Run(tmp_path),
            seed=3,
            progress=Silent(),
        )


def test_inputs_may_be_named_in_groups() -> None:
    moods = tuple(f"mood_{m}" for m in MOODS)
    columns = Vocabulary((*GOEMOTIONS.names, *moods, "valence", "arousal", "dominance"), kind="x")
    assert inputs_of(LabelSection(), columns).names == columns.names
    assert inputs_of(LabelSection(inputs=("moods",)), columns).names == moods
    chosen = inputs_of(LabelSection(inputs=("fear", "emotions", "dimensions")), columns).names
    assert chosen[:2] == ("fear", "admiration")
    assert len(chosen) == len(set(chosen)) == 31
    with pytest.raises(UnknownName, match="did you mean 'moods'"):
        inputs_of(LabelSection(inputs=("mood",)), columns)
    few = Vocabulary(("joy",), kind="x")
    with pytest.raises(UnknownName, match="valence"):
        inputs_of(LabelSection(inputs=("dimensions",)), few)


def test_the_spread_is_a_group_where_there_is_one() -> None:
    few = Vocabulary(("joy", "fear"), kind="x")
    both = with_spread(few)
    assert inputs_of(LabelSection(), both) == both
    assert inputs_of(LabelSection(inputs=("spread",)), both).names == ("joy spread", "fear spread")
    assert inputs_of(LabelSection(inputs=("fear spread", "joy", "spread")), both).names == (
        "fear spread",
        "joy",
        "joy spread",
    )
    with pytest.raises(UnknownName, match="'spread'"):
        inputs_of(LabelSection(inputs=("spread",)), few)


def test_labels_that_are_too_rare_are_named_with_their_films() -> None:
    names = Vocabulary(("Common", "Rare", "Foreign", "Unknown"), kind="genre")
    labels = np.zeros((50, 4), dtype=np.float32)
    labels[:40, 0] = labels[:3, 1] = labels[:, 3] = 1.0
    known = np.ones_like(labels)
    known[1:, 3] = 0.0
    assert rare_labels(labels, known, names) == {"Foreign": 0, "Unknown": 1, "Rare": 3}


def test_baselines(tmp_path: Path) -> None:
    train = rows()
    prior = fit_prior(LABELS, train)
    p = prior.predict_proba(np.zeros((2, 1), dtype=np.float32))
    assert p[0].tolist() == pytest.approx(train.labels.mean(axis=0).tolist(), abs=0.01)
    moods = Rows(np.random.default_rng(0).random((50, 4)).astype(np.float32), train.labels[:50], train.weight[:50])
    prototype = fit_prototype(LABELS, moods, epochs=3, run=Run(tmp_path), seed=0, progress=Silent())
    assert prototype.model.columns == MOODS
    assert prototype.model.config.loss == "mse"
    assert prototype.report.epochs == 3


def test_moods_are_shares() -> None:
    affect = np.array([[0.9, 0.0, 0.0], [0.0, 0.5, 0.0], [0.0, 0.0, 0.0]], dtype=np.float32)
    moods = moods_of(COLUMNS, affect)
    assert moods.sum(axis=1).tolist() == pytest.approx([1, 1, 1])
    assert moods[0].tolist() == [1, 0, 0, 0]
    assert moods[1].tolist() == [0, 0, 0, 1]
    assert moods[2].tolist() == [0.25] * 4
    assert moods_of(COLUMNS, affect[:0]).shape == (0, 4)
