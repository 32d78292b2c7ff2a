"""Tiny models with random weights, made here, for the engines that read files."""

import shutil
import warnings
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

LINES = (
    "I finally told her, and she laughed.",
    "오늘은 아무것도 하기 싫었다 ㅠㅠ",
    "The results come on Friday and I can't sleep.",
    "엄마랑 통화했다. 별말 안 했는데 눈물이 났다.",
    "We walked home in the rain and nobody minded.",
    "버스를 놓쳤지만 하늘이 예뻐서 그냥 걸었다.",
)
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
LABELS = ("Joy", "optimism", "anger", "sadness")


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """Folders with a RoBERTa of one layer, 24 positions and 16 dimensions with random weights.

    `softmax` and `sigmoid` each hold a whole model: config, tokenizer, safetensors and model.onnx. `int8` holds the
    softmax model's export quantised with dynamic int8, and no safetensors.
    """
    for module, extra in (("torch", "hf"), ("transformers", "hf"), ("onnx", "train")):
        pytest.importorskip(module, reason=f"needs the extra '{extra}'")
    root = tmp_path_factory.mktemp("models")
    softmax = _make(root / "softmax", "single_label_classification", LABELS)
    sigmoid = _make(root / "sigmoid", "multi_label_classification", ("joy", "remorse", "neutral"))
    int8 = root / "int8"
    int8.mkdir()
    for name in ("config.json", "tokenizer.json"):
        shutil.copy(softmax / name, int8 / name)
    _quantise(softmax / "model.onnx", int8 / "model.onnx")
    return SimpleNamespace(softmax=softmax, sigmoid=sigmoid, int8=int8)


def _make(folder: Path, problem: str, labels: tuple[str, ...]) -> Path:
    import torch
    from transformers import PreTrainedTokenizerFast, RobertaConfig, RobertaForSequenceClassification

    torch.manual_seed(0)
    tokenizer = _train_tokenizer()
    config = RobertaConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=26,  # 24 tokens: RoBERTa's positions start behind the padding token's id, 1
        type_vocab_size=1,
        pad_token_id=1,
        bos_token_id=0,
        eos_token_id=2,
        initializer_range=0.5,  # wide enough for scores that differ between texts
        problem_type=problem,
        id2label=dict(enumerate(labels)),
        label2id={label: i for i, label in enumerate(labels)},
    )
    network = RobertaForSequenceClassification(config).eval()
    network.save_pretrained(folder)
    names = dict(zip(("bos_token", "pad_token", "eos_token", "unk_token"), SPECIAL, strict=True))
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, **names).save_pretrained(folder)
    _export(network, folder / "model.onnx")
    return folder


def _train_tokenizer() -> Any:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=list(SPECIAL),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(LINES, trainer)
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), add_prefix_space=False)
    return tokenizer


def _export(network: Any, path: Path) -> None:
    import torch

    class Logits(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            return self.network(input_ids=input_ids, attention_mask=attention_mask).logits

    ids = torch.tensor([[0, 5, 6, 7, 2]])
    with warnings.catch_warnings():
        # The exporter that needs no further package announces its successor, and tracing remarks on shapes.
        warnings.filterwarnings("ignore", message=".*legacy TorchScript-based ONNX export", category=DeprecationWarning)
        warnings.filterwarnings("ignore", message="The feature will be removed", category=DeprecationWarning)
        warnings.filterwarnings("ignore", category=torch.jit.TracerWarning)
        warnings.filterwarnings("ignore", message="Exporting aten::index operator", category=UserWarning)
        torch.onnx.export(
            Logits().eval(),
            (ids, torch.ones_like(ids)),
            str(path),
            input_names=["input_ids", "attention_mask"],
            output_names=["logits"],
            dynamic_axes={name: {0: "batch", 1: "tokens"} for name in ("input_ids", "attention_mask")},
            opset_version=17,
            dynamo=False,
        )


def _quantise(source: Path, target: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(str(source), str(target), weight_type=QuantType.QInt8)
