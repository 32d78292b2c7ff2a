"""Stages are made once, again when anything they depend on changes, and never taken on trust."""

from pathlib import Path

import numpy as np
import pytest

from ilgi.bundle import Bundle, State
from ilgi.training.runs import Made, Run, digest_of, stage_rng


def test_a_stage_is_made_once_for_one_key(tmp_path: Path) -> None:
    made = []

    def make() -> Made:
        made.append(1)
        return Made(State({"a": 1}, {"x": np.arange(3, dtype=np.float32)}), "linear", {"told": 2})

    run = Run(tmp_path / "run")
    first = run.stage("one", {"seed": 1}, make)
    second = Run(tmp_path / "run").stage("one", {"seed": 1}, make)
    assert (len(made), first.again, second.again) == (1, False, True)
    assert first.key == second.key
    assert second.kind == "linear"
    assert second.report == {"told": 2}
    assert second.state.arrays["x"].tolist() == [0, 1, 2]
    third = run.stage("one", {"seed": 2}, make)
    assert len(made) == 2
    assert third.key != first.key


def test_what_a_failed_stage_had_is_kept_but_not_taken_up(tmp_path: Path) -> None:
    run = Run(tmp_path)
    left = run.keep("one", "linear", State({"a": 1}, {}))
    assert Bundle.open(left).state("one").config == {"a": 1}
    assert not run.stage("one", {}, lambda: Made(State({"a": 2}, {}))).again


@pytest.mark.parametrize("damage", ["flip", "cut", "remove"])
def test_a_damaged_stage_is_made_again(tmp_path: Path, damage: str) -> None:
    run = Run(tmp_path)
    state = State({}, {"x": np.arange(3, dtype=np.float32)})
    done = run.stage("one", {}, lambda: Made(state))
    file = done.path / "one.safetensors"
    content = file.read_bytes()
    if damage == "remove":
        file.unlink()
    else:
        file.write_bytes(content[:-1] if damage == "cut" else content[:-1] + b"?")
    again = run.stage("one", {}, lambda: Made(state))
    assert not again.again
    assert again.state.arrays["x"].tolist() == [0, 1, 2]


def test_each_stage_draws_for_itself() -> None:
    assert stage_rng(1, "a").random() == stage_rng(1, "a").random()
    assert len({stage_rng(seed, name).random() for seed in (1, 2) for name in ("a", "b")}) == 4


def test_digests_tell_shapes_types_and_texts_apart() -> None:
    x = np.arange(4, dtype=np.float32)
    different = (
        digest_of(x),
        digest_of(x.reshape(2, 2)),
        digest_of(x.astype(np.float64)),
        digest_of(x, x),
        digest_of(["ab", "c"]),
        digest_of(["a", "bc"]),
        digest_of(["abc"]),
        digest_of(),
    )
    assert len(set(different)) == len(different)
    assert digest_of(x[::-1][::-1]) == digest_of(x)


def test_files_for_people(tmp_path: Path) -> None:
    path = Run(tmp_path / "run").write("note.txt", b"text")
    assert path.read_bytes() == b"text"
