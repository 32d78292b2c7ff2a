"""A tiny recipe, from tables to a bundle: what comes out, that it repeats, and that nothing breaks it half-way."""

import errno
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ilgi.bundle import Bundle, save_bundle
from ilgi.emotion.load import emotion_from_state
from ilgi.emotion.reading import Reader
from ilgi.emotion.reference import Reference
from ilgi.errors import BundleError, DataError, InputError, TrainingError, UnknownName
from ilgi.label.mlp import MlpLabels
from ilgi.recommender import Recommender
from ilgi.training.golden import check_golden
from ilgi.training.pipeline import TrainSummary, run_recipe


@pytest.fixture
def train(world: Any, tmp_path: Path) -> Any:
    """Runs the world's recipe."""

    def call(name: str = "out", *, runs: str = "runs", **options: Any) -> TrainSummary:
        return run_recipe(
            world.recipe, data_dir=world.data_dir, out=tmp_path / name, runs_dir=tmp_path / runs, **options
        )

    return call


def files(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir())}


def test_makes_a_whole_bundle(train: Any, tmp_path: Path) -> None:
    summary = train()
    bundle = Bundle.open(tmp_path / "out")
    manifest = bundle.manifest
    assert {name: stage.kind for name, stage in manifest.stages.items()} == {
        "emotion": "linear",
        "reading": "reader",
        "diary": "reference",
        "items": "reference",
        "labels": "mlp",
        "ranking": "cosine",
    }
    assert bundle.state("reading").config == {"rule": "length", "sure_below": None, "mood_least": None}
    assert bundle.state("ranking").config == {"rule": "lift"}
    assert Reference.from_state(bundle.state("diary")).languages == ("ko", "en")
    assert [source.name for source in manifest.data] == [
        "english",
        "english-labels",
        "korean",
        "diary-days",
        "diary-haru",
    ]
    # A film's reviews all feel alike and its genre goes with that, so what was learned must rank the right one first.
    model = emotion_from_state(bundle.kind("emotion"), bundle.state("emotion"))
    labels = MlpLabels.from_state(bundle.state("labels"))
    reference = Reference.from_state(bundle.state("diary"))
    scores = model.predict_proba(["we laughed, it was wonderful", "she cried, lonely and missed", "scared and afraid"])
    p = labels.predict_proba(reference.standardise(scores, "en"))
    assert [labels.labels[int(j)] for j in np.argmax(p, axis=1)] == ["Comedy", "Drama", "Horror"]

    found = manifest.metrics["assessment"]["film_mean"]["all"]
    assert found["ours"]["lrap"]["value"] > found["prior"]["lrap"]["value"] + 0.2
    assert found["ours - prior"]["lrap"]["low"] > 0
    card = (tmp_path / "out/MODEL_CARD.md").read_text(encoding="utf-8")
    for words in ("english", "CC0", "none stated", "commercial use", "prototype", "95 %", "한국어"):
        assert words in card
    assert "films" in summary.text
    assert "base rates" in summary.text


def test_a_label_model_may_read_the_spread_over_sentences(spread_world: Any, train: Any, tmp_path: Path) -> None:
    summary = train()
    bundle = Bundle.open(tmp_path / "out")
    assert bundle.state("reading").config["spread"] is True
    assert bundle.manifest.vocabularies["affect"] == ["joy", "sadness", "fear", "neutral"]
    recommender = Recommender.load(tmp_path / "out")
    assert recommender.reader.spread
    spreads = tuple(f"{name} spread" for name in recommender.reader.columns)
    assert recommender.label_model.columns.names == ("joy", "sadness", *spreads)
    assert check_golden(recommender) == 8
    assert Reference.from_state(bundle.state("items")).columns == recommender.reader.inputs
    found = summary.metrics["assessment"]["film_mean"]["all"]
    assert found["ours"]["lrap"]["value"] > found["prior"]["lrap"]["value"] + 0.2

    ranking = recommender.recommend("I cried, lonely and missed. Then we laughed. It rained.", n=3)
    assert ranking.query.reading.spread.shape == (4,)
    assert all(item.reasons and item.evidence for item in ranking.items)
    reader = Reader(recommender.reader.model, None)
    with pytest.raises(InputError, match="'joy spread'"):
        Recommender(reader, recommender.label_model, recommender.ranker, recommender.catalog)


def test_pictures_are_left_in_the_run_folder(train: Any) -> None:
    pytest.importorskip("matplotlib", reason="needs the extra 'train'")
    pictures = {p.name for p in train().run.glob("*.png")}
    assert pictures >= {"labels_curve.png", "prototype_curve.png", "reliability.png"}


def test_the_split_is_by_film(train: Any, tmp_path: Path) -> None:
    counts = train().metrics["counts"]
    assert counts["reviews_test"] == 3 * counts["items_test"] > 0
    assert counts["items_train"] + counts["items_validation"] + counts["items_test"] == 90


def test_twice_gives_the_same_bytes_and_another_seed_others(train: Any, tmp_path: Path) -> None:
    train("one", runs="runs1")
    train("two", runs="runs2", workers=2)
    train("three", runs="runs1", seed=8)
    assert files(tmp_path / "one") == files(tmp_path / "two")
    assert files(tmp_path / "one")["labels.safetensors"] != files(tmp_path / "three")["labels.safetensors"]


def test_a_second_run_takes_up_what_the_first_did(train: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    train()
    before = files(tmp_path / "out")

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("done again")

    monkeypatch.setattr("ilgi.label.mlp.fit", refuse)
    monkeypatch.setattr("ilgi.training.scoring.score_wholes", refuse)
    monkeypatch.setattr("ilgi.training.pipeline.assess", refuse)
    train()
    assert files(tmp_path / "out") == before


def test_a_changed_table_is_read_again(train: Any, world: Any, tmp_path: Path) -> None:
    first = train()
    table = world.data_dir / "reviews/korean.csv"
    lines = table.read_text(encoding="utf-8").splitlines(keepends=True)
    table.write_text("".join(lines[:-3]), encoding="utf-8")
    second = train()
    assert second.run != first.run
    assert second.metrics["counts"]["reviews_reference"] == first.metrics["counts"]["reviews_reference"] - 3


KILLED = """
import sys
from pathlib import Path
from ilgi.training import pipeline
print("ready", flush=True)
root = Path(sys.argv[1])
pipeline.run_recipe(root / "tiny.toml", data_dir=root / "data", out=root / "killed", runs_dir=root / "killed-runs")
"""


def test_a_kill_at_any_moment_changes_no_byte(train: Any, tmp_path: Path) -> None:
    train()

    def start() -> subprocess.Popen[str]:
        process = subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.stdout.close()
        return process

    rng = random.Random(5)  # noqa: S311
    kept = 0
    for _ in range(4):
        process = start()
        time.sleep(rng.uniform(0.1, 1.2))
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
        process.wait(60)
        kept = max(kept, len(list((tmp_path / "killed-runs").rglob("manifest.json"))))
        if (tmp_path / "killed").exists():
            Bundle.open(tmp_path / "killed")
    assert kept > 0, "no run lived long enough to keep a stage"
    assert start().wait(120) == 0
    assert files(tmp_path / "killed") == files(tmp_path / "out")


def test_a_damaged_stage_is_made_again(train: Any, tmp_path: Path) -> None:
    summary = train()
    before = files(tmp_path / "out")
    for stage in ("labels", "assessment", "emotion"):
        (summary.run / stage / "manifest.json").write_text("{", encoding="utf-8")
    train()
    assert files(tmp_path / "out") == before


def test_a_full_disk_leaves_the_bundle_that_was_there(
    train: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_bundle(tmp_path / "out", {}, name="earlier", version="0")
    real = save_bundle

    def full(path: Path, *arguments: Any, **options: Any) -> Any:
        if path.name == "out":

            def write(_path: Path, _content: bytes) -> None:
                raise OSError(errno.ENOSPC, "No space left on device")

            monkeypatch.setattr("ilgi.bundle.write_atomically", write)
        return real(path, *arguments, **options)

    monkeypatch.setattr("ilgi.training.bundle_stage.save_bundle", full)
    with pytest.raises(TrainingError, match=r"No space left on device.*goes on where it stopped"):
        train()
    assert Bundle.open(tmp_path / "out").manifest.name == "earlier"
    assert not list(tmp_path.glob(".out*"))


def test_a_full_disk_between_two_stages_costs_only_the_stage(
    train: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train()

    def full(path: Path, *arguments: Any, **options: Any) -> Any:
        if path.name == "labels":
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        return save_bundle(path, *arguments, **options)

    with monkeypatch.context() as patched:
        patched.setattr("ilgi.training.runs.save_bundle", full)
        with pytest.raises(TrainingError, match=r"labels'.*No space left on device.*run the same command again"):
            train("again", runs="full-runs")
    assert not (tmp_path / "again").exists()
    train("again", runs="full-runs")
    assert files(tmp_path / "again") == files(tmp_path / "out")


def test_a_loss_that_explodes_is_one_message_and_keeps_the_last_good_weights(
    train: Any, world: Any, tmp_path: Path
) -> None:
    text = world.recipe.read_text(encoding="utf-8")
    wild = (
        '[labels]\nkind = "mlp"\nconfig = { optimizer = "sgd", loss = "mse", output = "linear", learning_rate = 1e6 }\n'
    )
    start = text.index("[labels]")
    end = text.index("\n[", start)
    world.recipe.write_text(text[:start] + wild + text[end:], encoding="utf-8")
    with pytest.raises(TrainingError, match=r"lower the learning rate.* are kept, in '(.*labels-unfinished)'") as told:
        train()
    assert "\n" not in str(told.value)
    assert not (tmp_path / "out").exists()
    left = Bundle.open(Path(str(told.value).rpartition(" in ")[2].strip("'")))
    model = MlpLabels.from_state(left.state("labels-unfinished"))
    assert np.isfinite(model.predict_proba(np.zeros((1, len(model.columns))))).all()


def test_what_stands_at_the_output_is_not_overwritten(train: Any, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(BundleError, match="is not a bundle"):
        train()
    assert (tmp_path / "out/thesis.txt").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("old", "new", "error", "words"),
    [
        ('text_column = "review"', 'text_column = "revew"', DataError, "has no column 'revew': did you mean 'review'"),
        ('path = "reviews/korean.csv"', 'path = "reviews/corean.csv"', DataError, "there is no 'reviews/corean.csv'"),
        ('kind = "mlp"', 'kind = "mlp"\ninputs = ["joi"]', UnknownName, "did you mean 'joy'"),
        ('kind = "mlp"', 'kind = "mlp"\ninputs = ["spread"]', UnknownName, "unknown affect column 'spread'"),
        (
            "[split]",
            "[split]\ntrain = 0.998\nvalidation = 0.001\ntest = 0.001",
            DataError,
            "validation part has no film with labels",
        ),
    ],
)
def test_faults_are_told(
    train: Any, world: Any, old: str, new: str, error: type[Exception], words: str, tmp_path: Path
) -> None:
    text = world.recipe.read_text(encoding="utf-8")
    assert old in text
    world.recipe.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(error, match=words):
        train()
    assert not (tmp_path / "out").exists()


def test_real_data_goes_all_the_way(data_dir: Path, tmp_path: Path, save_tiny: Any) -> None:
    pl = pytest.importorskip("polars", reason="needs the extra 'train'")
    text = (Path(__file__).parents[2] / "recipes/movies.toml").read_text(encoding="utf-8")
    # The embedded bundle's recipe over the first rows of each table, with a model that knows a dozen words.
    for old, new in (
        ('use = "embedded:ko-en"', 'use = "bundle:model"'),
        ("prototype_epochs = 1000", "prototype_epochs = 2"),
        ("repeats = 1000", "repeats = 20"),
        ('place = "naver"\n', 'place = "naver"\nlimit = 500\n'),
    ):
        assert old in text
        text = text.replace(old, new)
    recipe = tmp_path / "few.toml"
    recipe.write_text(text, encoding="utf-8")
    for table in sorted({line.split('"')[1] for line in text.splitlines() if line.startswith("path =")}):
        target = tmp_path / "data" / table
        target.parent.mkdir(parents=True, exist_ok=True)
        rows = None if "titles" in table else 6 if "diary" in table else 900
        pl.read_parquet(data_dir / table, n_rows=rows).write_parquet(target)
    save_tiny(tmp_path / "model")
    summary = run_recipe(recipe, data_dir=tmp_path / "data", out=tmp_path / "out", runs_dir=tmp_path / "runs")
    counts = summary.metrics["counts"]
    assert 1000 < counts["reviews_reference"] <= 1400
    assert counts["reviews_train"] > 500
    assert min(counts["diary_ko"], counts["diary_en"]) > 500
    json.dumps(summary.metrics, allow_nan=False)
