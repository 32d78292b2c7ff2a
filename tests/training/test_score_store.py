"""Scores are kept by hash, survive anything, and never take more room than they may."""

import os
from pathlib import Path

import numpy as np
import pytest

from ilgi.training.score_store import ScoreStore, text_key


def filled(root: Path, texts: list[str], *, limit: int | None = None) -> ScoreStore:
    store = ScoreStore(root, "print", width=3, limit_bytes=limit)
    store.add([text_key(t, "print") for t in texts], np.full((len(texts), 3), len(texts), dtype=np.float32))
    return store


def test_what_is_added_is_found_again(tmp_path: Path) -> None:
    filled(tmp_path, ["a", "b"])
    again = ScoreStore(tmp_path, "print", width=3)
    assert len(again) == 2
    assert text_key("a", "print") in again
    assert text_key("c", "print") not in again
    assert again.get([text_key("b", "print")] * 2).tolist() == [[2.0] * 3] * 2
    assert again.get([]).shape == (0, 3)
    assert len(ScoreStore(tmp_path, "other", width=3)) == 0


def test_keys_differ_by_text_and_by_model() -> None:
    assert text_key("a", "x") != text_key("a", "y")
    assert text_key("a", "x") != text_key("b", "x")
    assert len(text_key("\ud83d", "x")) == 16


def test_a_damaged_segment_is_thrown_away(tmp_path: Path) -> None:
    filled(tmp_path, ["a"])
    filled(tmp_path, ["b", "c"])
    first, second = sorted((tmp_path / "print").iterdir(), key=lambda p: p.stat().st_size)
    first.write_bytes(first.read_bytes()[:-1] + b"?")
    (tmp_path / "print" / ".half.scores.tmp").write_bytes(b"left by a kill")
    again = ScoreStore(tmp_path, "print", width=3)
    assert len(again) == 2
    assert not first.exists()
    assert second.exists()


def test_scores_of_another_width_are_not_taken(tmp_path: Path) -> None:
    filled(tmp_path, ["a"])
    assert len(ScoreStore(tmp_path, "print", width=4)) == 0


def test_the_oldest_go_when_room_is_short(tmp_path: Path) -> None:
    filled(tmp_path, ["old"])
    segment = next((tmp_path / "print").iterdir())
    os.utime(segment, (1, 1))
    size = segment.stat().st_size
    store = filled(tmp_path, ["new"], limit=size)
    assert len(store) == 2, "what is in memory stays"
    assert len(ScoreStore(tmp_path, "print", width=3)) == 1
    assert text_key("new", "print") in ScoreStore(tmp_path, "print", width=3)


def test_a_write_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = filled(tmp_path, ["a"])

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ilgi.training.score_store.write_atomically", full)
    with pytest.raises(OSError, match="No space"):
        store.add([text_key("b", "print")], np.zeros((1, 3), dtype=np.float32))
    assert text_key("b", "print") not in store
