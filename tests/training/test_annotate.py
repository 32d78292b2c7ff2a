"""A table of reviews in, the affect of each out: what is in it, and that a kill changes nothing."""

import csv
import errno
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from ilgi.emotion.base import EmotionModel
from ilgi.emotion.reading import score_texts
from ilgi.errors import DataError, InputError, TrainingError
from ilgi.training import table_writer
from ilgi.training.annotate import LEADING_COLUMNS, AnnotateColumns, annotate_table
from ilgi.training.score_store import ScoreStore
from ilgi.training.scoring import Scorer
from ilgi.vocabulary import Vocabulary

TEXTS = (
    "We laughed all evening. Then it rained.",
    "혼자 울었다. 외로웠다.",
    "  ",
    'He said "stop", and I was scared; nobody came.',
    "We laughed all evening. Then it rained.",
    "I folded the laundry",
)
COLUMNS = AnnotateColumns("review", "film", "genres")


class Counting(EmotionModel):
    """Two columns that follow from the text alone, and a count of what was asked."""

    emotions = Vocabulary(("joy", "sadness"), kind="emotion")

    def __init__(self) -> None:
        self.asked: list[str] = []

    def _predict_batch(self, texts: list[str]) -> np.ndarray:
        self.asked.extend(texts)
        return np.array([[len(t) % 7 / 7, len(t) % 5 / 5] for t in texts], dtype=np.float32)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Six reviews, one of them blank and one a repeat."""
    path = tmp_path / "in.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["film", "genres", "review", "stars"])
        writer.writerows([f"Film, {i}", "['Comedy', 'Drama']", text, i] for i, text in enumerate(TEXTS))
    return path


def read_csv(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=delimiter))


def test_writes_the_affect_and_the_prototypes_columns(table: Path, tiny_scorer: Scorer) -> None:
    out = table.with_name("out.csv")
    report = annotate_table(table, out, COLUMNS, tiny_scorer)
    rows = read_csv(out)
    assert (report.rows, report.written, report.without_text) == (6, 5, 1)
    assert [row["row"] for row in rows] == ["0", "1", "3", "4", "5"]
    assert [row["name"] for row in rows] == ["Film, 0", "Film, 1", "Film, 3", "Film, 4", "Film, 5"]
    assert {row["genres"] for row in rows} == {"['Comedy', 'Drama']"}
    assert [row["language"] for row in rows] == ["en", "ko", "en", "en", "en"]
    assert list(rows[0]) == [*LEADING_COLUMNS, *tiny_scorer.model.emotions]
    expected = score_texts(tiny_scorer.model, [TEXTS[int(row["row"])] for row in rows])
    for row, scores in zip(rows, expected, strict=True):
        # The text of a number reads back as the very same float32.
        found = np.array([np.float32(row[name]) for name in tiny_scorer.model.emotions])
        assert (found == scores.affect).all()
        mood = json.loads(row["emotions"])
        assert len(mood) == 4
        assert sum(mood) == pytest.approx(1.0, abs=1e-5)
    assert not list(table.parent.glob(".out.csv*"))


def test_every_format_tells_the_same(table: Path, tiny_scorer: Scorer) -> None:
    pl = pytest.importorskip("polars", reason="needs the extra 'train'")
    for suffix in ("csv", "tsv", "jsonl", "parquet"):
        annotate_table(table, table.with_name(f"out.{suffix}"), COLUMNS, tiny_scorer)
    from_csv = read_csv(table.with_name("out.csv"))
    assert read_csv(table.with_name("out.tsv"), "\t") == from_csv
    lines = [json.loads(line) for line in table.with_name("out.jsonl").read_text(encoding="utf-8").splitlines()]
    frame = pl.read_parquet(table.with_name("out.parquet"))
    assert frame.schema["joy"] == pl.Float32
    assert frame.columns == list(from_csv[0])
    for plain, line, row in zip(from_csv, lines, frame.to_dicts(), strict=True):
        assert line["genres"] == row["genres"] == ["Comedy", "Drama"]
        assert line["name"] == row["name"] == plain["name"]
        assert np.float32(line["joy"]) == np.float32(row["joy"]) == np.float32(plain["joy"])
        assert line["emotions"] == row["emotions"] == json.loads(plain["emotions"])


def test_works_without_items_and_labels(table: Path, tiny_scorer: Scorer) -> None:
    out = table.with_name("out.csv")
    annotate_table(table, out, AnnotateColumns("review"), tiny_scorer)
    assert {(row["name"], row["genres"]) for row in read_csv(out)} == {("", "[]")}


def test_an_identical_text_is_scored_once_and_never_again(table: Path, tmp_path: Path) -> None:
    model = Counting()
    cache = tmp_path / "cache"
    annotate_table(table, tmp_path / "a.csv", COLUMNS, Scorer(model), cache_dir=cache)
    assert model.asked.count("We laughed all evening.") == 1
    model.asked.clear()
    other = tmp_path / "other.csv"
    other.write_text("review\n" + TEXTS[5] + "\nSomething new\n", encoding="utf-8")
    annotate_table(other, tmp_path / "b.csv", AnnotateColumns("review"), Scorer(model), cache_dir=cache)
    assert model.asked == ["Something new"]
    # Another rule of aggregation gives other scores, so it must not take these.
    annotate_table(other, tmp_path / "c.csv", AnnotateColumns("review"), Scorer(model, "end"), cache_dir=cache)
    assert len(model.asked) == 3
    # What is kept holds no text.
    kept = b"".join(p.read_bytes() for p in cache.rglob("*") if p.is_file())
    assert b"laundry" not in kept
    assert "울었다".encode() not in kept


def test_other_input_starts_anew(table: Path, tiny_scorer: Scorer) -> None:
    out = table.with_name("out.csv")
    parts = table.parent / ".out.csv.parts"
    parts.mkdir()
    (parts / "manifest.json").write_text('{"input": "of something else"}', encoding="utf-8")
    (parts / "left.over").write_text("x", encoding="utf-8")
    seen = []

    class Watching(Counting):
        def _predict_batch(self, texts: list[str]) -> np.ndarray:
            seen.append((parts / "left.over").exists())
            return super()._predict_batch(texts)

    annotate_table(table, out, COLUMNS, Scorer(Watching()))
    assert seen == [False]
    assert not parts.exists()


def test_what_cannot_be_done_is_said_before_any_work(table: Path, tmp_path: Path, tiny_scorer: Scorer) -> None:
    model = Counting()
    with pytest.raises(DataError, match="has no column 'revew': did you mean 'review'"):
        annotate_table(table, tmp_path / "out.csv", AnnotateColumns("revew"), Scorer(model))
    with pytest.raises(InputError, match="no known kind of table"):
        annotate_table(table, tmp_path / "out.xlsx", COLUMNS, Scorer(model))
    with pytest.raises(InputError, match="would replace the input"):
        annotate_table(table, table, COLUMNS, Scorer(model))
    model.emotions = Vocabulary(("joy", "name"), kind="emotion")
    with pytest.raises(InputError, match="'name'"):
        annotate_table(table, tmp_path / "out.csv", COLUMNS, Scorer(model))
    assert model.asked == []
    assert not list(tmp_path.glob(".out*"))


def test_a_full_disk_leaves_what_was_there(table: Path, tiny_scorer: Scorer, monkeypatch: pytest.MonkeyPatch) -> None:
    out = table.with_name("out.csv")
    out.write_text("before", encoding="utf-8")

    def full(path: object, *_: object) -> None:
        if isinstance(path, Path):
            path.write_text("half a ta", encoding="utf-8")
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setitem(table_writer._WRITERS, ".csv", full)
        with pytest.raises(TrainingError, match=r"No space left on device.*goes on where it stopped"):
            annotate_table(table, out, COLUMNS, tiny_scorer)
    assert out.read_text(encoding="utf-8") == "before"
    assert [p.name for p in table.parent.glob(".out.csv*")] == [".out.csv.parts"]
    monkeypatch.setattr(ScoreStore, "add", full)
    with pytest.raises(TrainingError, match="No space left on device"):
        annotate_table(table, table.with_name("new.csv"), COLUMNS, tiny_scorer)
    assert not table.with_name("new.csv").exists()


SLOW = """
import sys, time
from pathlib import Path
import numpy as np
from ilgi.emotion.base import EmotionModel
from ilgi.training import scoring
from ilgi.training.annotate import AnnotateColumns, annotate_table
from ilgi.training import table_writer
from ilgi.training.score_store import ScoreStore
from ilgi.training.scoring import Scorer
from ilgi.vocabulary import Vocabulary

scoring._KEEP_EVERY_TEXTS = 16

class Slow(EmotionModel):
    emotions = Vocabulary(("joy", "sadness"), kind="emotion")
    def _predict_batch(self, texts):
        time.sleep(0.002 * len(texts))
        return np.array([[len(t) % 7 / 7, len(t) % 5 / 5] for t in texts], dtype=np.float32)

print("ready", flush=True)
annotate_table(Path(sys.argv[1]), Path(sys.argv[2]), AnnotateColumns("review"), Scorer(Slow()))
"""


def test_a_kill_at_any_moment_changes_no_byte(tmp_path: Path) -> None:
    table = tmp_path / "in.csv"
    lines = [f"day {i} was {'long ' * (i % 9)}and then it ended" for i in range(400)]
    table.write_text("review\n" + "\n".join(lines) + "\n", encoding="utf-8")
    (tmp_path / "whole").mkdir()
    (tmp_path / "killed").mkdir()
    whole, killed = tmp_path / "whole/out.csv", tmp_path / "killed/out.csv"

    def start(out: Path) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", SLOW, str(table), str(out)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return process

    process = start(whole)
    assert process.wait(60) == 0
    process.stdout.close()
    rng = random.Random(3)  # noqa: S311
    progress = []
    for _ in range(4):
        process = start(killed)
        time.sleep(rng.uniform(0.05, 0.5))
        os.kill(process.pid, signal.SIGKILL)
        process.wait(60)
        process.stdout.close()
        progress.append(len(list((tmp_path / "killed/.out.csv.parts").rglob("*.scores"))))
    assert max(progress) > 0, "no run lived long enough to keep anything"
    process = start(killed)
    assert process.wait(60) == 0
    process.stdout.close()
    assert killed.read_bytes() == whole.read_bytes()
    assert [p.name for p in (tmp_path / "killed").iterdir()] == ["out.csv"]
