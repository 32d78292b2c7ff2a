"""Any sequence-classification model of the Hugging Face hub or of a folder, by `transformers` (extra `hf`).

For trying models and for training others from them; the serving path uses an export (`ilgi.emotion.onnx`). The engine
is imported inside functions only. No code of a model repository ever runs, and weights are read as safetensors alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Final, Literal, get_args

import numpy as np
from safetensors import SafetensorError

from ilgi.arrays import AnyArray, FloatMatrix
from ilgi.emotion.base import EmotionModel
from ilgi.emotion.sequence_head import SequenceHead, Window, combine, read_tokenizer, windows_of
from ilgi.errors import DataError, InputError
from ilgi.registry import missing_extra
from ilgi.vocabulary import Vocabulary

DEFAULT_MODEL: Final = "cardiffnlp/twitter-roberta-base-emotion"
"""The prototype's model: anger, joy, optimism and sadness in English tweets."""

Dtype = Literal["float32", "bfloat16"]


@dataclass(frozen=True, eq=False)
class _Engine:
    """A model that is loaded."""

    tokenizer: Any
    network: Any
    head: SequenceHead


class HfEmotionModel(EmotionModel):
    """Scores texts with a `transformers` model; it is fetched or read when it is first needed.

    A text's scores don't depend on its neighbours but for the order of floating-point sums: to 1e-5 in float32, to
    about 1e-2 in bfloat16.
    """

    batch_size: ClassVar[int] = 1024
    """Texts that are sorted by length together; the constructor's `batch_size` says how many windows go into
    the network at once."""

    def __init__(
        self,
        model_id: str = DEFAULT_MODEL,
        *,
        dtype: Dtype = "float32",
        batch_size: int = 32,
        local_files_only: bool = False,
    ) -> None:
        """Store the arguments and do nothing else.

        Args:
            model_id: "organisation/name" on the hub, or a folder.
            dtype: Precision of weights and arithmetic. bfloat16 halves the memory; how fast it is depends on the
                processor.
            batch_size: Windows of tokens that go through the network together.
            local_files_only: Never ask the hub; read what was fetched before.

        Raises:
            InputError: `dtype` isn't one of the two, or `batch_size` is below 1.
        """
        if dtype not in get_args(Dtype):
            raise InputError(f"unknown dtype {dtype!r}: choose float32 or bfloat16")
        if batch_size < 1:
            raise InputError(f"batch_size must be at least 1, not {batch_size}")
        self.model_id = model_id
        self.dtype = dtype
        self.windows_at_once = batch_size
        self.local_files_only = local_files_only

    @cached_property
    def emotions(self) -> Vocabulary:  # type: ignore[override]  # known once the model is there
        """The E output columns: the model's labels in lower case.

        Raises:
            MissingExtra: torch or transformers isn't installed.
            DataError: The model can't be had, or isn't one that can be used.
        """
        return Vocabulary(self._engine.head.labels, kind="emotion")

    @cached_property
    def _engine(self) -> _Engine:
        try:
            import torch
            import transformers
        except ModuleNotFoundError as error:
            raise missing_extra("a model of the Hugging Face hub", error) from error
        options = {"local_files_only": self.local_files_only, "trust_remote_code": False}
        try:
            tokenizer = transformers.AutoTokenizer.from_pretrained(self.model_id, **options)
            network = transformers.AutoModelForSequenceClassification.from_pretrained(
                self.model_id, use_safetensors=True, **options
            )
        except (OSError, ValueError, RuntimeError, SafetensorError) as error:
            raise DataError(self._advice()) from error
        backend = getattr(tokenizer, "backend_tokenizer", None)
        if backend is None:
            raise DataError(f"the model {self.model_id!r} has no fast tokenizer: add a tokenizer.json to it")
        head = SequenceHead.from_config(network.config.to_dict())
        network = network.to(getattr(torch, self.dtype)).eval()
        # A copy, so that setting windows doesn't change the tokenizer of whoever shares it.
        return _Engine(read_tokenizer(backend.to_str().encode(), head), network, head)

    def _advice(self) -> str:
        folder = Path(self.model_id)
        if folder.is_dir():
            if not any(folder.glob("*.safetensors")):
                return f"{folder} has no *.safetensors: save the model there with save_pretrained"
            return f"{folder} isn't a sequence-classification model with its tokenizer that transformers can read"
        return (
            f"the model {self.model_id!r} can't be had with safetensors weights: check its name and the connection, "
            "or name a folder that holds it"
        )

    def _predict_batch(self, texts: Sequence[str]) -> FloatMatrix:
        engine = self._engine
        windows = windows_of(engine.tokenizer, texts, engine.head)
        # Rows of like length together, so that little is spent on padding.
        windows.sort(key=lambda window: len(window.ids))
        step = self.windows_at_once
        logits = [_logits(engine, windows[i : i + step]) for i in range(0, len(windows), step)]
        return combine(windows, engine.head.probabilities(np.concatenate(logits)), len(texts))

    def _fingerprint_parts(self) -> Sequence[Any]:
        parts: list[Any] = [self.dtype, self._engine.head.model_dump_json(), self._engine.tokenizer.to_str()]
        for name, tensor in sorted(self._engine.network.state_dict().items()):
            parts += [name, tensor.float().numpy().tobytes()]
        return parts


def _logits(engine: _Engine, windows: Sequence[Window]) -> AnyArray:
    """Return the (w, E) float32 logits of windows that go through the network together."""
    import torch

    width = max(len(window.ids) for window in windows)
    ids = np.full((len(windows), width), engine.head.pad_id, dtype=np.int64)
    mask = np.zeros_like(ids)
    types = np.zeros_like(ids)
    for row, window in enumerate(windows):
        ids[row, : len(window.ids)] = window.ids
        mask[row, : len(window.ids)] = 1
        types[row, : len(window.ids)] = window.type_ids
    feed = {"input_ids": torch.from_numpy(ids), "attention_mask": torch.from_numpy(mask)}
    if types.any():
        feed["token_type_ids"] = torch.from_numpy(types)
    with torch.inference_mode():
        logits: AnyArray = engine.network(**feed).logits.float().numpy()
    return logits
