"""From what a person writes ("onnx:models/mine", "hf:org/name", a bundle's folder) to an emotion model."""

import re
from pathlib import Path
from typing import Final, cast

import ilgi
from ilgi.bundle import MANIFEST, Bundle, State, dump_json, sha256_of
from ilgi.emotion.base import EmotionModel, emotion_models
from ilgi.emotion.hf import HfEmotionModel
from ilgi.emotion.onnx import CONFIG_FILE, MODEL_FILE, OnnxEmotionModel
from ilgi.errors import BundleDamaged, InputError

STAGE: Final = "emotion"
"""The stage of a bundle that holds its emotion model."""

EMBEDDED: Final = "embedded"
"""Kind of a stage that names an emotion model which ships with ilgi: bundles of several domains share one copy."""
EMBEDDED_EMOTION: Final = Path(ilgi.__file__).parent / "data" / "emotion"
"""Where those models are: NAME/manifest.json, …"""

_NAME: Final = re.compile(r"[a-z][a-z0-9-]*")
_HUB_ID: Final = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]+", re.ASCII)


def load_emotion_model(spec: str) -> EmotionModel:
    """Return the emotion model that `spec` names.

    "onnx:FOLDER", "hf:ID-or-folder" and "embedded:NAME" (one that ships with ilgi) say it outright. Else a folder is
    taken for what it holds: `manifest.json` (an ilgi bundle, whose "emotion" stage it is), `model.onnx` (an export), or
    `config.json` (a transformers model); and "organisation/name" that is no folder here is a model of the Hugging Face
    hub, fetched when it is first needed.

    Raises:
        InputError: `spec` names nothing of these.
        DataError: A folder lacks a file, or its model doesn't name its labels.
        BundleError: The bundle can't be used.
        RegistryError: The bundle's kind of model isn't installed.
    """
    kind, colon, rest = spec.partition(":")
    if colon and kind == "onnx" and rest:
        return OnnxEmotionModel.load(Path(rest))
    if colon and kind == "hf" and rest:
        return HfEmotionModel(rest)
    if colon and kind == EMBEDDED and rest:
        return emotion_from_state(EMBEDDED, embedded_state(rest))
    folder = Path(spec)
    if spec and folder.is_dir():
        if (folder / MANIFEST).is_file():
            bundle = Bundle.open(folder)
            return emotion_from_state(bundle.kind(STAGE), bundle.state(STAGE))
        if (folder / MODEL_FILE).is_file():
            return OnnxEmotionModel.load(folder)
        if (folder / CONFIG_FILE).is_file():
            return HfEmotionModel(spec)
        raise InputError(f"{spec} holds no emotion model: name a folder with {MANIFEST}, {MODEL_FILE} or {CONFIG_FILE}")
    if _HUB_ID.fullmatch(spec):
        return HfEmotionModel(spec)
    raise InputError(f"{spec!r} is no emotion model: write onnx:FOLDER, hf:ORGANISATION/NAME or the folder of a bundle")


def rule_of(spec: str) -> str | None:
    """Return the rule of aggregation that the bundle which `spec` names was made for; None where it names no bundle.

    Args:
        spec: As for `load_emotion_model`, which it has passed.
    """
    kind, _, rest = spec.partition(":")
    folder = embedded_bundle(rest) if kind == EMBEDDED else Path(spec)
    if not (folder / MANIFEST).is_file():
        return None
    reading = Bundle.open(folder, check_hashes=False).manifest.stages.get("reading")
    rule = reading.config.get("rule") if reading is not None else None
    return rule if isinstance(rule, str) else None


def embedded_bundle(name: str) -> Path:
    """Return the folder of an emotion model that ships with ilgi.

    Raises:
        InputError: There is none of that name.
    """
    folder = EMBEDDED_EMOTION / name
    if not _NAME.fullmatch(name) or not (folder / MANIFEST).is_file():
        known = ", ".join(sorted(p.parent.name for p in EMBEDDED_EMOTION.glob(f"*/{MANIFEST}")))
        raise InputError(f"{name!r} is no emotion model that ships with ilgi: there is {known or 'none'}")
    return folder


def embedded_state(name: str) -> State:
    """Return what a bundle keeps of an emotion model that ships with ilgi: its name, and a hash of its weights.

    Raises:
        InputError: There is none of that name.
        BundleError: Its own bundle can't be used.
    """
    manifest = Bundle.open(embedded_bundle(name), check_hashes=False).manifest
    stage = manifest.stages[STAGE]
    files = [*stage.files.values(), *([stage.arrays] if stage.arrays else [])]
    weights = {file: manifest.files[file].sha256 for file in files}
    return State({"model": name, "weights": sha256_of(dump_json([stage.config, weights]).encode())})


def emotion_from_state(kind: str, state: State) -> EmotionModel:
    """Return the emotion model of a bundle's stage.

    Args:
        kind: Its registered kind ("linear", "onnx"), or `EMBEDDED`.
        state: Its state.

    Raises:
        UnknownName: No such kind is installed.
        BundleDamaged: The state isn't one of that kind, or models of that kind can't be kept in a bundle.
    """
    if kind == EMBEDDED:
        name = str(state.config.get("model", ""))
        try:
            ships = dict(embedded_state(name).config)
        except InputError:
            ships = {}
        if dict(state.config) != ships:
            raise BundleDamaged(STAGE, f"was made with another {name!r} than this ilgi ships: train the bundle again")
        # Its files came with the program; hashing 40 MB would be felt at every start.
        bundle = Bundle.open(embedded_bundle(name), check_hashes=False)
        return emotion_from_state(bundle.kind(STAGE), bundle.state(STAGE))
    make = getattr(emotion_models.get(kind), "from_state", None)
    if make is None:
        raise BundleDamaged(STAGE, f"is of kind {kind!r}, which a bundle can't keep")
    return cast("EmotionModel", make(state))
