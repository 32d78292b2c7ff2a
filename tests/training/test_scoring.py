"""Neither cache, nor chunks, nor workers change a byte; and workers end when their parent is killed."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import ilgi.emotion.linear
from ilgi.errors import TrainingError, UnknownName
from ilgi.training import scoring
from ilgi.training.progress import Silent
from ilgi.training.score_store import ScoreStore
from ilgi.training.scoring import Scorer, ScorerPool, open_scorer, score_all


class Counter(Silent):
    """Counts what it is told."""

    done = 0

    def advance(self, amount: int) -> None:
        self.done += amount


@pytest.fixture
def model_folder(tmp_path: Path, save_tiny: Callable[..., Path]) -> Path:
    return save_tiny(tmp_path / "model", rule="end")


def texts(n: int) -> list[str]:
    words = ("laughed", "cried", "scared", "laundry", "rain")
    return [f"day {i % 90} {words[i % 5]}. 그리고 {words[i % 3]}" for i in range(n)]


def test_workers_and_cache_change_no_byte(tmp_path: Path, model_folder: Path) -> None:
    scorer = open_scorer(str(model_folder))
    many = texts(200)
    alone = scorer.score(many)
    counter = Counter()
    with ScorerPool(scorer, workers=2) as pool:
        store = ScoreStore(tmp_path / "a", scorer.fingerprint(), width=4)
        two = score_all(many, pool, store, progress=counter)
    assert (two == alone).all()
    assert counter.done == 200, "each review counts, also one that was scored before"
    with ScorerPool(scorer) as pool:
        empty = ScoreStore(tmp_path / "b", scorer.fingerprint(), width=4)
        again = score_all(many[::-1], pool, empty, cache=store, progress=Silent())
        assert (again[::-1] == alone).all()
        assert score_all([], pool, empty, progress=Silent()).shape == (0, 4)


def test_the_fingerprint_follows_model_and_rule(tiny_scorer: Scorer) -> None:
    same = Scorer(tiny_scorer.model, "length", "elsewhere")
    assert same.fingerprint() == tiny_scorer.fingerprint()
    assert Scorer(tiny_scorer.model, "end").fingerprint() != tiny_scorer.fingerprint()


def test_a_bundle_brings_its_own_rule(model_folder: Path) -> None:
    assert open_scorer(None, bundle=model_folder).rule == "end"
    assert open_scorer(None, bundle=model_folder, rule="mean").rule == "mean"
    assert open_scorer(str(model_folder)).rule == "length"
    with pytest.raises(UnknownName, match="did you mean 'mean'"):
        open_scorer(str(model_folder), rule="meen")


def test_a_worker_that_dies_is_told(model_folder: Path) -> None:
    scorer = Scorer(open_scorer(str(model_folder)).model, "length", str(model_folder / "gone"))
    with ScorerPool(scorer, workers=2) as pool, pytest.raises(TrainingError, match="--workers 1"):
        list(pool.map([["a"]]))


def test_scores_are_kept_as_time_passes(tmp_path: Path, tiny_scorer: Scorer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "_KEEP_EVERY_S", 0.0)
    store = ScoreStore(tmp_path, "print", width=4)
    with ScorerPool(tiny_scorer) as pool:
        score_all([f"text {i}" for i in range(200)], pool, store, progress=Silent())
    assert len(list(tmp_path.rglob("*.scores"))) > 1
    assert np.isfinite(ScoreStore(tmp_path, "print", width=4).get([])).all()


PARENT = """
import os, sys
from pathlib import Path
from ilgi.training.scoring import ScorerPool, open_scorer

if __name__ == "__main__":
    pool = ScorerPool(open_scorer(sys.argv[1]), workers=2)
    list(pool.map([["a"]] * 8))
    print(*pool._pool._processes, flush=True)
    input()
"""


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc to see whether a process is there")
def test_workers_end_when_their_parent_is_killed(tmp_path: Path, model_folder: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT, encoding="utf-8")
    command = [sys.executable, str(script), str(model_folder)]
    # What multiprocessing says about the semaphores of a killed process is no news here.
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        workers = [int(pid) for pid in process.stdout.readline().split()]
        assert len(workers) == 2
        os.kill(process.pid, signal.SIGKILL)
        process.wait(30)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and any(map(_alive, workers)):
        time.sleep(0.05)
    assert not any(map(_alive, workers))


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_the_spread_stands_behind_the_affect_and_is_another_score(tmp_path: Path, model_folder: Path) -> None:
    plain = open_scorer(str(model_folder))
    spread = Scorer(plain.model, plain.rule, plain.spec, spread=True)
    assert plain.columns == plain.model.emotions
    assert spread.columns.names[4:] == tuple(f"{name} spread" for name in plain.columns)
    assert (plain.width, spread.width) == (4, 8)
    assert Scorer(plain.model, plain.rule, spread=False).fingerprint() == plain.fingerprint() != spread.fingerprint()
    many = [*texts(70), "One sentence alone", ""]
    found = spread.score(many)
    assert np.array_equal(found[:, :4], plain.score(many))
    assert (found[:70, 4:].max(axis=1) > 0).any()
    assert (found[70:, 4:] == 0).all()
    assert spread.score([]).shape == (0, 8)
    with ScorerPool(spread, workers=2) as pool:
        store = ScoreStore(tmp_path / "a", spread.fingerprint(), width=spread.width)
        assert np.array_equal(score_all(many, pool, store, progress=Silent()), found)


def test_without_the_spread_the_fingerprint_is_made_as_ever(tiny_scorer: Scorer) -> None:
    digest = hashlib.sha256(f"{tiny_scorer.model.fingerprint()}\0{tiny_scorer.rule}\0".encode())
    digest.update(scoring.source_of(Path(next(iter(ilgi.emotion.__path__)))))
    digest.update(Path(ilgi.emotion.linear.__file__).read_bytes())
    assert tiny_scorer.fingerprint() == digest.hexdigest()[:24]
