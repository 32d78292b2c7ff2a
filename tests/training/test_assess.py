"""Label quality with intervals: known answers, what is unknown, and how much an answer moves."""

import numpy as np
import pytest

from ilgi.errors import InputError
from ilgi.evaluation.metrics import brier, coverage_error, ece, lrap, macro_ap, micro_ap, ndcg_at
from ilgi.training.assess import ALL_METRICS, FEWEST_POSITIVES, Truth, assess, response
from ilgi.vocabulary import Vocabulary

LABELS = Vocabulary(("A", "B", "C"), kind="label")


def drawn(n: int = 300) -> tuple[Truth, np.ndarray, np.ndarray]:
    """Items whose labels a good model half knows and a poor one doesn't."""
    rng = np.random.default_rng(2)
    y = (rng.random((n, 3)) < [0.6, 0.3, 0.1]).astype(np.float32)
    good = np.clip(0.3 * y + 0.7 * rng.random((n, 3)), 0, 1).astype(np.float32)
    poor = np.tile(y.mean(axis=0), (n, 1)).astype(np.float32)
    return Truth(y, np.ones_like(y), tuple(f"film {i // 2}" for i in range(n))), good, poor


def run(truth: Truth, models: dict[str, np.ndarray], **options: object) -> dict:
    everything = np.ones(len(truth.labels), dtype=bool)
    return assess(
        truth,
        models,
        cuts={"all": everything, **options.pop("cuts", {})},
        labels=LABELS,
        rng=np.random.default_rng(0),
        repeats=100,
        metrics=options.pop("metrics", ALL_METRICS),
        **options,
    )


def test_values_are_those_of_the_metrics() -> None:
    truth, good, poor = drawn()
    found = run(truth, {"good": good, "poor": poor})["all"]
    y = truth.labels
    expected = {
        "macro_ap": macro_ap(y, good),
        "micro_ap": micro_ap(y, good),
        "lrap": lrap(y, good),
        "ndcg_5": ndcg_at(y, good, 5),
        "coverage": coverage_error(y, good),
        "brier": brier(y, good),
        "ece": ece(y, good),
    }
    assert {name: found["good"][name]["value"] for name in ALL_METRICS} == pytest.approx(expected, abs=1e-6)
    for model in ("good", "poor"):
        for metric in ALL_METRICS:
            interval = found[model][metric]
            assert interval["low"] <= interval["value"] + 0.02
            assert interval["low"] < interval["high"] or metric == "ece"
    assert found["items"] == 300
    assert found["labels_counted"] == ["A", "B", "C"]


def test_a_difference_is_surer_than_its_parts() -> None:
    truth, good, _ = drawn()
    nearly = np.clip(good + 0.05 * truth.labels, 0, 1).astype(np.float32)
    found = run(truth, {"ours": nearly, "other": good}, compare=("ours", ("other",)))["all"]
    ours, other, difference = (found[name]["lrap"] for name in ("ours", "other", "ours - other"))
    assert difference["value"] == pytest.approx(ours["value"] - other["value"], abs=2e-6)
    assert difference["high"] - difference["low"] < ours["high"] - ours["low"]
    assert difference["low"] > 0


def test_what_is_unknown_costs_nothing() -> None:
    truth, good, _ = drawn()
    known = truth.known.copy()
    known[::2, 2] = 0
    hidden = Truth(truth.labels, known, truth.groups)
    told = np.where(known > 0, good, 1.0).astype(np.float32)
    wrong = np.where(known > 0, good, 0.0).astype(np.float32)
    assert run(hidden, {"m": told}) == run(hidden, {"m": wrong})
    assert run(hidden, {"m": good})["all"]["m"] != run(truth, {"m": good})["all"]["m"]


def test_a_rare_label_is_left_out_of_the_mean() -> None:
    truth, good, _ = drawn()
    labels = truth.labels.copy()
    labels[:, 2] = 0
    labels[: FEWEST_POSITIVES - 1, 2] = 1
    rare = Truth(labels, truth.known, truth.groups)
    found = run(rare, {"m": good})["all"]
    assert found["labels_counted"] == ["A", "B"]
    assert found["m"]["macro_ap"]["value"] == pytest.approx(macro_ap(labels[:, :2], good[:, :2]), abs=1e-6)


def test_cuts_are_measured_apart_and_empty_ones_left_out() -> None:
    truth, good, _ = drawn()
    first = np.arange(300) < 100
    found = run(truth, {"m": good}, cuts={"first": first, "none": np.zeros(300, dtype=bool)}, metrics=("lrap",))
    assert set(found) == {"all", "first"}
    assert found["first"]["m"]["lrap"]["value"] == pytest.approx(lrap(truth.labels[:100], good[:100]), abs=1e-6)
    with pytest.raises(InputError, match="unknown metric 'lrp'"):
        run(truth, {"m": good}, metrics=("lrp",))


def test_lift_moves_where_probability_stands_still() -> None:
    base = np.array([0.6, 0.2, 0.1], dtype=np.float32)
    p = np.array([[0.55, 0.3, 0.1], [0.6, 0.15, 0.2], [0.7, 0.2, 0.1]], dtype=np.float32)
    told = response(p, base, LABELS)
    assert told["first_by_probability"] == {"A": 1.0}
    assert told["first_by_lift"] == {"A": 0.3333, "B": 0.3333, "C": 0.3333}
