"""The emotion model of a recipe: trained on the emotion data, or one that exists."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

import ilgi.emotion
from ilgi.bundle import Bundle, DataSource
from ilgi.emotion.base import EmotionModel
from ilgi.emotion.encoder import EncoderEmotionModel
from ilgi.emotion.load import EMBEDDED, embedded_bundle, embedded_state, emotion_from_state, load_emotion_model
from ilgi.errors import InputError, MissingExtra
from ilgi.training.emotion.data import EmotionData, load_emotion_data
from ilgi.training.emotion.diary_metrics import draw_diaries, measure_diaries
from ilgi.training.emotion.kote import KOTE, kote_targets
from ilgi.training.emotion.metrics import many_labels, measure
from ilgi.training.linear.fit import LinearConfig, train_linear
from ilgi.training.progress import Progress
from ilgi.training.recipe import EmotionSection, ReadingSection, check_config
from ilgi.training.runs import Done, Made, Run, digest_of, stage_rng
from ilgi.training.scoring import Scorer, source_of

STAGE: Final = "emotion"
_TRAINED: Final = ("linear", "encoder")
_STEPS: Final = 100


@dataclass(frozen=True, eq=False)
class EmotionStage:
    """The emotion model, and where it came from."""

    done: Done
    model: EmotionModel
    data: tuple[DataSource, ...]
    """What it learned from, where that is known."""

    @property
    def metrics(self) -> Mapping[str, Any]:
        """What was measured when it was trained; empty for one that existed."""
        metrics: Mapping[str, Any] = self.done.report.get("metrics", {})
        return metrics

    def scorer(self, reading: ReadingSection) -> Scorer:
        """Return the scorer that the whole recipe uses; a worker process finds the model in the run folder."""
        return Scorer(self.model, reading.rule, str(self.done.path), reading.spread)


def prepare_emotion(
    section: EmotionSection, *, recipe_dir: Path, data_dir: Path, run: Run, seed: int, progress: Progress
) -> EmotionStage:
    """Return the emotion model of a recipe, trained now, or found in the run folder, or copied there.

    Args:
        section: The recipe's [emotion].
        recipe_dir: The recipe's folder, to which the folder of an existing model is relative.
        data_dir: The data folder.
        run: Where the model is kept.
        seed: The recipe's.
        progress: Told what is done.

    Raises:
        DataError: The emotion data can't be read.
        InputError: `use` names no model, or one that a bundle can't hold.
        BundleError: The existing bundle can't be used.
    """
    done = (
        _train(section, data_dir, run, seed, progress)
        if section.use in _TRAINED
        else _adopt(section, recipe_dir, run, progress)
    )
    sources = tuple(DataSource.model_validate(source) for source in done.report.get("data", ()))
    return EmotionStage(done, emotion_from_state(done.kind, done.state), sources)


def _train(section: EmotionSection, data_dir: Path, run: Run, seed: int, progress: Progress) -> Done:
    # Imported here: training the linear model needs no torch.
    from ilgi.training.encoder.train import EncoderConfig, train_encoder

    kind = section.use
    what = "recipe, emotion.config"
    config: LinearConfig | EncoderConfig = (
        check_config(LinearConfig, section.config, what=what)
        if kind == "linear"
        else check_config(EncoderConfig, section.config, what=what)
    )
    progress.say("reading the emotion data")
    data = load_emotion_data(data_dir)
    sources = [source.model_dump() for source in data.data]
    room = Path(next(iter(ilgi.emotion.__path__)))
    own = [Path(__file__).parent / folder for folder in ("emotion", kind)]
    made_from = {
        "use": kind,
        "config": config.model_dump(mode="json"),
        "data": sources,
        "rows": digest_of(data.texts, data.source, data.split, data.targets, data.original),
        "seed": seed,
        "code": source_of(room, *own).hex(),
    }

    def make() -> Made:
        progress.start("training the emotion model", _STEPS, "percent")
        done = 0

        def on_progress(_what: str, share: float) -> None:
            nonlocal done
            now = int(share * _STEPS)
            progress.advance(max(now - done, 0))
            done = max(now, done)

        if isinstance(config, LinearConfig):
            linear, metrics = train_linear(config, data, rng=stage_rng(seed, STAGE), on_progress=on_progress)
            state = linear.state()
        else:
            folder = run.folder / "checkpoints"
            encoder, costs = train_encoder(config, data, data_dir, seed=seed, folder=folder, on_progress=on_progress)
            state, metrics = encoder.state(), _measured(encoder, data, data_dir, seed) | costs
        progress.finish()
        return Made(state, kind, {"metrics": metrics, "data": sources})

    done = run.stage(STAGE, made_from, make)
    if not done.again:
        _draw(emotion_from_state(done.kind, done.state), run.folder, progress)
    return done


def _draw(model: EmotionModel, folder: Path, progress: Progress) -> None:
    try:
        draw_diaries(folder, model)
    except MissingExtra as missing:
        progress.say(f"no pictures: {missing}")


def _measured(model: EncoderEmotionModel, data: EmotionData, data_dir: Path, seed: int) -> dict[str, Any]:
    train = len(data.rows("train"))
    rng = stage_rng(seed, STAGE)
    metrics = {"rows": {"train": train, "validation": len(data) - train}, **measure(model, data, rng=rng)}
    metrics |= measure_diaries(model, rng=rng)
    rows = data.rows("validation", "kote")
    if len(rows) and model.heads.extra:
        texts = [data.texts[i] for i in rows]
        y = kote_targets(data_dir, texts, ["kote"] * len(rows))
        # A comment of nothing but English or marks goes to the English network, which knows none of these.
        metrics["kote_44"] = {"rows": len(rows), **many_labels(y, np.nan_to_num(model.extra_proba(texts)), rng, KOTE)}
    return metrics


def _adopt(section: EmotionSection, recipe_dir: Path, run: Run, progress: Progress) -> Done:
    scheme, _, place = section.use.partition(":")
    if scheme == "hf":
        raise InputError(
            f"recipe, emotion.use: {section.use!r} can't be kept in a bundle: export the model to ONNX and name its "
            "folder as onnx:FOLDER"
        )
    if scheme not in (EMBEDDED, "bundle", "onnx") or not place:
        raise InputError(
            f"recipe, emotion.use: {section.use!r} is none of linear, encoder, embedded:NAME, bundle:FOLDER, "
            "onnx:FOLDER"
        )
    if section.config:
        raise InputError("recipe, emotion.config: a model that exists has no settings; leave them out")
    folder = (recipe_dir / place).resolve()
    data: list[dict[str, Any]] = []
    metrics: Mapping[str, Any] = {}
    if scheme == EMBEDDED:
        kind, state = EMBEDDED, embedded_state(place)
        manifest = Bundle.open(embedded_bundle(place)).manifest
        data, metrics = [source.model_dump() for source in manifest.data], manifest.metrics
    elif scheme == "bundle":
        bundle = Bundle.open(folder)
        kind, state = bundle.kind(STAGE), bundle.state(STAGE)
        data = [source.model_dump() for source in bundle.manifest.data]
    else:
        model = load_emotion_model(f"onnx:{folder}")
        kind, state = "onnx", model.state()  # type: ignore[attr-defined]  # OnnxEmotionModel is Persistent
    fingerprint = emotion_from_state(kind, state).fingerprint()
    report = {"data": data, "metrics": dict(metrics)}
    progress.say(f"using the emotion model of {place!r}")
    return run.stage(STAGE, {"use": kind, "model": fingerprint}, lambda: Made(state, kind, report))
