"""Any sequence-classification export in ONNX, by ONNX Runtime: the engine of the serving path.

The model is a folder as `transformers` and `optimum` write it: `model.onnx`, `tokenizer.json`, `config.json` (its
`id2label` names the columns, its `problem_type` chooses softmax or sigmoid). Everything is data: no code of the folder
runs, and an ONNX file that points to further files is refused.

A model quantised with dynamic int8 shares one activation scale within a batch, so that a text's scores would depend on
its neighbours. Each run therefore holds one window of one text; several runs go on at once, each on one thread.
"""

import hashlib
import json
import os
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from pydantic import ValidationError

from ilgi.arrays import AnyArray, FloatMatrix
from ilgi.bundle import State
from ilgi.emotion.base import EmotionModel
from ilgi.emotion.sequence_head import SequenceHead, Window, combine, read_tokenizer, windows_of
from ilgi.errors import BundleDamaged, DataError, InputError
from ilgi.vocabulary import Vocabulary

MODEL_FILE: Final = "model.onnx"
TOKENIZER_FILE: Final = "tokenizer.json"
CONFIG_FILE: Final = "config.json"

_INTEGERS: Final[dict[str, type[np.signedinteger[Any]]]] = {"tensor(int64)": np.int64, "tensor(int32)": np.int32}
_MOST_THREADS: Final = 8
_LENGTH_8: Final = re.compile(rb"(?:\x08|\x88\x80*\x00)\Z")


class OnnxEmotionModel(EmotionModel):
    """Scores texts with an ONNX export; see the module's docstring."""

    def __init__(self, model: bytes, tokenizer: bytes, head: SequenceHead, *, threads: int | None = None) -> None:
        """Open the model; use `load` or `from_state`.

        Args:
            model: Content of `model.onnx`.
            tokenizer: Content of `tokenizer.json`.
            head: How to read the logits.
            threads: How many windows run at once; as many as there are processors, at most 8, if None.

        Raises:
            BundleDamaged: A content isn't what it should be, or doesn't fit the others.
            InputError: `threads` is below 1.
        """
        if threads is not None and threads < 1:
            raise InputError(f"threads must be at least 1, not {threads}")
        self.head = head
        self.emotions = Vocabulary(head.labels, kind="emotion")
        self._model = model
        self._tokenizer_file = tokenizer
        self._tokenizer = read_tokenizer(tokenizer, head)
        self._session = open_session(model)
        self._inputs = _input_types(self._session)
        self._output = _logits_name(self._session, len(head.labels))
        self._threads = threads if threads is not None else min(os.cpu_count() or 1, _MOST_THREADS)

    @classmethod
    def load(cls, folder: Path, *, threads: int | None = None) -> Self:
        """Open a folder that holds `model.onnx`, `tokenizer.json` and `config.json`.

        Args:
            folder: Where they are.
            threads: As in the constructor.

        Raises:
            DataError: A file is missing, or `config.json` doesn't name the labels.
            BundleDamaged: A file isn't what it should be, or the model points to further files.
        """
        for name in (MODEL_FILE, TOKENIZER_FILE, CONFIG_FILE):
            if not (folder / name).is_file():
                raise DataError(f"{folder} has no {name}: export the model with its tokenizer and config into it")
        try:
            config = json.loads((folder / CONFIG_FILE).read_bytes())
        except ValueError as error:
            raise BundleDamaged(CONFIG_FILE, "is not JSON") from error
        if not isinstance(config, dict):
            raise BundleDamaged(CONFIG_FILE, "is not a JSON object")
        head = SequenceHead.from_config(config)
        return cls((folder / MODEL_FILE).read_bytes(), (folder / TOKENIZER_FILE).read_bytes(), head, threads=threads)

    def state(self) -> State:
        """Return what a bundle keeps: the two files as they are, and how to read the logits."""
        files = {MODEL_FILE: self._model, TOKENIZER_FILE: self._tokenizer_file}
        return State(self.head.model_dump(mode="json"), files=files)

    @classmethod
    def from_state(cls, state: State) -> Self:
        """Return the model that gave this state.

        Raises:
            BundleDamaged: The state isn't that of an ONNX model.
        """
        for name in (MODEL_FILE, TOKENIZER_FILE):
            if name not in state.files:
                raise BundleDamaged(name, "is missing")
        try:
            head = SequenceHead.model_validate(state.config)
            return cls(state.files[MODEL_FILE], state.files[TOKENIZER_FILE], head)
        except (ValidationError, InputError) as error:
            raise BundleDamaged("emotion", "does not describe an ONNX model") from error

    def _predict_batch(self, texts: Sequence[str]) -> FloatMatrix:
        windows = windows_of(self._tokenizer, texts, self.head)
        if len(windows) == 1 or self._threads == 1:
            logits = [self._run(window) for window in windows]
        else:
            # ONNX Runtime lets go of the interpreter lock while it computes.
            with ThreadPoolExecutor(min(self._threads, len(windows))) as pool:
                logits = list(pool.map(self._run, windows))
        return combine(windows, self.head.probabilities(np.concatenate(logits)), len(texts))

    def _run(self, window: Window) -> AnyArray:
        """Return the (1, E) logits of one window."""
        values = {
            "input_ids": window.ids,
            "attention_mask": [1] * len(window.ids),
            "token_type_ids": window.type_ids,
        }
        feed = {name: np.array([values[name]], dtype=kind) for name, kind in self._inputs.items()}
        logits: AnyArray = self._session.run([self._output], feed)[0]
        return logits

    def _fingerprint_parts(self) -> Sequence[Any]:
        return [
            self.head.model_dump_json(),
            hashlib.sha256(self._model).digest(),
            hashlib.sha256(self._tokenizer_file).digest(),
        ]


def open_session(model: bytes) -> Any:  # noqa: ANN401 - onnxruntime has no types
    """Return an inference session of one thread.

    Args:
        model: Content of an ONNX file.

    Raises:
        BundleDamaged: It isn't one, or it points to further files.
    """
    # Imported here: 0.1 s that a run without this model need not pay.
    import onnxruntime

    if _points_outside(model):
        raise BundleDamaged(
            MODEL_FILE, "keeps weights in another file, which ilgi doesn't read (export it as one file)"
        )
    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 4  # what goes wrong is raised; it need not be printed too
    try:
        return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the errors of ONNX Runtime have no base class of their own
        raise BundleDamaged(MODEL_FILE, "is not a model that ONNX Runtime can open") from error


def _points_outside(model: bytes) -> bool:
    """Tell whether an ONNX file refers to external data.

    Such a tensor names its file under the key "location" (onnx.proto3, TensorProto.external_data), in protobuf a string
    preceded by its length. The length may be written in more than one byte, which a hostile file might try.
    """
    at = model.find(b"location")
    while at >= 0:
        if _LENGTH_8.search(model[max(0, at - 10) : at]):
            return True
        at = model.find(b"location", at + 1)
    return False


def _input_types(session: Any) -> dict[str, type[np.signedinteger[Any]]]:  # noqa: ANN401
    """Return the inputs that the model wants, each with its type."""
    inputs: dict[str, type[np.signedinteger[Any]]] = {}
    for entry in session.get_inputs():
        if entry.name not in ("input_ids", "attention_mask", "token_type_ids"):
            raise BundleDamaged(MODEL_FILE, f"wants an input {entry.name!r}, which a text doesn't give")
        if entry.type not in _INTEGERS:
            raise BundleDamaged(MODEL_FILE, f"wants {entry.name!r} as {entry.type} instead of whole numbers")
        if len(entry.shape) != 2 or isinstance(entry.shape[1], int):
            raise BundleDamaged(MODEL_FILE, "reads texts of one length only (export it with dynamic axes)")
        inputs[entry.name] = _INTEGERS[entry.type]
    if "input_ids" not in inputs:
        raise BundleDamaged(MODEL_FILE, "has no input 'input_ids'")
    return inputs


def _logits_name(session: Any, labels: int) -> str:  # noqa: ANN401
    """Return the output to read: the one called "logits", else the first."""
    outputs = {entry.name: entry for entry in session.get_outputs()}
    chosen = outputs.get("logits") or next(iter(outputs.values()))
    width = chosen.shape[-1] if chosen.shape else 0
    if len(chosen.shape) != 2 or (isinstance(width, int) and width != labels):
        raise BundleDamaged(MODEL_FILE, f"gives an output of shape {chosen.shape} for {labels} labels")
    return str(chosen.name)
