import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from ilgi.bundle import Bundle, State, save_bundle
from ilgi.errors import BundleDamaged, InputError, TrainingError, UnknownName
from ilgi.label.base import LabelModel, PriorLabels, label_models
from ilgi.label.mlp import PROTOTYPE, MlpConfig, MlpLabels, MlpLayer
from ilgi.testing import LabelModelContract
from ilgi.vocabulary import Vocabulary

COLUMNS = Vocabulary(("joy", "sadness", "fear", "anger"), kind="emotion")
LABELS = Vocabulary(("Comedy", "Drama", "Horror", "Western"), kind="genre")
SMALL = {"layers": ({"size": 16, "activation": "relu"},), "max_epochs": 15, "batch_size": 64, "learning_rate": 0.01}


class TestMlp(LabelModelContract):
    def make(self) -> LabelModel:
        return MlpLabels(self.columns, self.labels)


class TestPrototype(LabelModelContract):
    def make(self) -> LabelModel:
        return MlpLabels(self.columns, self.labels, PROTOTYPE.model_copy(update={"max_epochs": 150}))


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def problem(rows: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Comedy follows joy, drama the product of sadness and joy, horror fear (and is rare); nothing is a western."""
    g = rng(seed)
    x = g.normal(size=(rows, 4)).astype(np.float32)
    log_odds = np.stack([2 * x[:, 0], 1.5 * x[:, 0] * x[:, 1], 1.5 * x[:, 2] - 3, np.full(rows, -1e3)], axis=1)
    p = 1 / (1 + np.exp(-np.maximum(log_odds, -500)))
    return x, (g.random((rows, 4)) < p).astype(np.float32), p


def fitted(config: MlpConfig | None = None, *, seed: int = 0, rows: int = 2000) -> MlpLabels:
    model = MlpLabels(COLUMNS, LABELS, config or MlpConfig.model_validate(SMALL))
    x, y, _ = problem(rows, 1)
    model.fit(x, y, validation=problem(500, 2)[:2], rng=rng(seed))
    return model


def bce(y: np.ndarray, p: np.ndarray) -> float:
    p = np.clip(p.astype(np.float64), 1e-6, 1 - 1e-6)
    return float(-(y * np.log(p) + (1 - y) * np.log(1 - p)).mean())


def test_is_registered() -> None:
    assert label_models.get("mlp") is MlpLabels


def test_beats_the_base_rates_clearly_and_nears_the_truth() -> None:
    x, y, truth = problem(4000, 3)
    prior = PriorLabels(COLUMNS, LABELS)
    prior.fit(*problem(2000, 1)[:2], rng=rng())
    floor, found, ceiling = bce(y, truth), bce(y, fitted().predict_proba(x)), bce(y, prior.predict_proba(x))
    assert found < floor + 0.25 * (ceiling - floor)


def test_probabilities_are_calibrated_also_under_class_weights() -> None:
    x, y, _ = problem(4000, 3)
    for weight in ("none", "balanced", {"Horror": 8.0}):
        p = fitted(MlpConfig.model_validate({**SMALL, "class_weight": weight})).predict_proba(x)
        assert np.allclose(p.mean(axis=0), y.mean(axis=0), atol=0.035), weight


def test_a_label_without_positives_stays_near_zero() -> None:
    x = problem(500, 3)[0]
    for weight in ("none", "balanced"):
        assert fitted(MlpConfig.model_validate({**SMALL, "class_weight": weight})).predict_proba(x)[:, 3].max() < 0.02


@pytest.mark.parametrize(
    "options",
    [
        {"loss": "focal", "focal_gamma": 1.0},
        {"loss": "mse", "output": "sigmoid"},
        {"loss": "mse", "output": "linear"},
        {"loss": "mse", "output": "softmax"},
        {"loss": "cce", "output": "softmax", "label_smoothing": 0.1},
        {"optimizer": "sgd", "momentum": 0.9, "nesterov": True, "learning_rate": 0.3},
        {"optimizer": "adam", "l2": 1e-4},
        {"schedule": "step", "step_epochs": 3},
        {"schedule": "exponential", "schedule_gamma": 0.9, "warmup_epochs": 1.5},
        {"layers": ()},
        {"layers": ({"size": 8, "activation": "gelu"}, {"size": 8, "activation": "tanh"})},
        {"initializer": "xavier_uniform", "output_bias": "zero"},
        {"class_weight": "balanced", "label_smoothing": 0.05, "dropout": 0.3},
    ],
)
def test_every_option_trains(options: dict[str, object]) -> None:
    x = problem(1000, 3)[0]
    p = fitted(MlpConfig.model_validate({**SMALL, **options})).predict_proba(x)
    assert p.shape == (1000, 4)
    assert p.dtype == np.float32
    # Whatever the loss, joy must raise comedy and fear must raise horror.
    assert np.corrcoef(p[:, 0], x[:, 0])[0, 1] > 0.5
    assert np.corrcoef(p[:, 2], x[:, 2])[0, 1] > 0.3


def test_softmax_rows_sum_to_one() -> None:
    model = fitted(MlpConfig.model_validate({**SMALL, "loss": "cce", "output": "softmax"}))
    assert np.allclose(model.predict_proba(problem(100, 3)[0]).sum(axis=1), 1.0, atol=1e-5)


def test_the_prototype_is_a_configuration() -> None:
    config = MlpConfig.model_validate({**PROTOTYPE.model_dump(), "max_epochs": 30})
    assert config.layers == (MlpLayer(size=64), MlpLayer(size=32))
    model = MlpLabels(COLUMNS, LABELS, config)
    report = model.fit(*problem(500, 1)[:2], rng=rng())
    assert report.epochs == report.best_epoch == 30
    assert report.stopped == "all epochs were run"
    raw = model.network_.predict(problem(500, 3)[0] * 4)
    assert raw.min() < 0.0
    p = model.predict_proba(problem(500, 3)[0] * 4)
    assert p.min() == 0.0
    assert (p == np.clip(raw, 0, 1)).all()


def test_report_tells_what_happened() -> None:
    model = MlpLabels(
        COLUMNS, LABELS, MlpConfig.model_validate({**SMALL, "patience_epochs": 2, "max_epochs": 200, "min_delta": 1e-4})
    )
    seen: list[int] = []
    report = model.fit(
        *problem(300, 1)[:2], validation=problem(200, 2)[:2], rng=rng(), on_epoch=lambda epoch, _: seen.append(epoch)
    )
    losses = report.history["validation_loss"]
    assert seen == list(range(1, report.epochs + 1))
    assert report.epochs < 200
    assert "no improvement" in report.stopped
    assert report.best_epoch == int(np.argmin(losses)) + 1


def test_starts_at_the_base_rates() -> None:
    config = MlpConfig.model_validate(
        {**SMALL, "learning_rate": 1e-9, "max_epochs": 1, "class_weight": "balanced", "initializer": "normal"}
    )
    model = fitted(config)
    assert np.allclose(model.predict_proba(problem(50, 3)[0]), model.base_rates, rtol=0.02)


def test_same_seed_same_bytes() -> None:
    x = problem(50, 3)[0]
    assert fitted(seed=4).predict_proba(x).tobytes() == fitted(seed=4).predict_proba(x).tobytes()
    assert fitted(seed=4).predict_proba(x).tobytes() != fitted(seed=5).predict_proba(x).tobytes()


def test_sample_weight_counts() -> None:
    x, y, _ = problem(1000, 1)
    heavy = y[:, 2] == 1
    model = MlpLabels(COLUMNS, LABELS, MlpConfig.model_validate(SMALL))
    model.fit(x, y, sample_weight=np.where(heavy, 5.0, 1.0).astype(np.float32), rng=rng())
    assert model.predict_proba(x)[:, 2].mean() > 2 * fitted().predict_proba(x)[:, 2].mean()


def test_state_round_trip(tmp_path: Path) -> None:
    model = fitted(MlpConfig.model_validate({**SMALL, "class_weight": {"Horror": 2.0}}))
    x = problem(100, 3)[0]
    state = model.state()
    json.dumps(state.config)
    assert set(state.arrays) == {"base_rates", "layer0.weight", "layer0.bias", "layer1.weight", "layer1.bias"}
    save_bundle(tmp_path / "b", {"labels": ("mlp", state)}, name="test", version="0")
    again = MlpLabels.from_state(Bundle.open(tmp_path / "b").state("labels"))
    assert again.config == model.config
    assert again.predict_proba(x).tobytes() == model.predict_proba(x).tobytes()


def damaged(state: State, what: str) -> State:
    arrays = dict(state.arrays)
    config = json.loads(json.dumps(state.config))
    if what == "missing":
        del arrays["layer1.bias"]
    elif what == "shape":
        arrays["layer0.weight"] = arrays["layer0.weight"].T.copy()
    elif what == "type":
        arrays["layer0.weight"] = arrays["layer0.weight"].astype(np.float64)
    elif what == "nan":
        arrays["layer0.bias"] = np.full_like(arrays["layer0.bias"], np.nan)
    elif what == "extra array":
        arrays["layer9.weight"] = np.zeros((1, 1), np.float32)
    elif what == "unknown option":
        config["config"]["surprise"] = 1
    elif what == "activation":
        config["config"]["layers"][0]["activation"] = "os.system"
    elif what == "size":
        config["config"]["layers"][0]["size"] = 10**9
    elif what == "no config":
        del config["config"]
    return dataclasses.replace(state, config=config, arrays=arrays)


@pytest.mark.parametrize(
    "what", ["missing", "shape", "type", "nan", "extra array", "unknown option", "activation", "size", "no config"]
)
def test_a_damaged_state_is_refused(what: str) -> None:
    with pytest.raises(BundleDamaged):
        MlpLabels.from_state(damaged(fitted(rows=50).state(), what))


@pytest.mark.parametrize(
    "options",
    [
        {"loss": "bce", "output": "linear"},
        {"loss": "cce", "output": "sigmoid"},
        {"loss": "focal", "output": "softmax"},
        {"activation": "relu"},
        {"layers": [{"size": 0}]},
        {"layers": [{"size": 4, "activation": "step"}]},
        {"dropout": 1.0},
        {"learning_rate": 0.0},
        {"patience_epochs": -1},
    ],
)
def test_a_config_that_makes_no_sense_is_refused(options: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        MlpConfig.model_validate(options)


def test_errors() -> None:
    x, y, _ = problem(50, 1)
    with pytest.raises(InputError, match="fit first"):
        MlpLabels(COLUMNS, LABELS).predict_proba(x)
    with pytest.raises(UnknownName, match="Comedy"):
        MlpLabels(COLUMNS, LABELS, MlpConfig(class_weight={"Comdy": 2.0})).fit(x, y, rng=rng())
    with pytest.raises(InputError, match="above 0"):
        MlpLabels(COLUMNS, LABELS, MlpConfig(class_weight={"Comedy": 0.0})).fit(x, y, rng=rng())
    with pytest.raises(InputError, match="validation affect"):
        MlpLabels(COLUMNS, LABELS).fit(x, y, validation=(x[:, :2], y), rng=rng())
    with pytest.raises(InputError, match="MlpConfig"):
        MlpLabels(COLUMNS, LABELS, PriorLabels.Config()).fit(x, y, rng=rng())


def test_after_a_loss_that_explodes_the_model_still_answers() -> None:
    x, y, _ = problem(500, 1)
    config = MlpConfig.model_validate({**PROTOTYPE.model_dump(), "learning_rate": 1e6})
    model = MlpLabels(COLUMNS, LABELS, config)
    with pytest.raises(TrainingError, match="lower the learning rate"):
        model.fit(x, y, rng=rng())
    assert np.isfinite(model.predict_proba(x)).all()
