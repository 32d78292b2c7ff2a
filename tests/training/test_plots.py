"""The reliability diagram's numbers, and that it is a picture, the same each time."""

from pathlib import Path

import numpy as np
import pytest

from ilgi.training.plots import draw_reliability, reliability


def test_what_the_diagram_shows() -> None:
    p = np.repeat([[0.1, 0.5], [0.2, 0.9]], 10, axis=0).astype(np.float32)
    y = np.zeros_like(p)
    y[:5, 1] = 1
    known = np.ones_like(p)
    known[10:, 1] = 0
    said, true, counts = reliability(y, known, p, bins=3)
    assert said.tolist() == pytest.approx([0.1, 0.2, 0.5])
    assert true.tolist() == [0, 0, 0.5]
    assert counts.tolist() == [10, 10, 10]


def test_draws_a_png(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="needs the extra 'train'")
    p = np.random.default_rng(0).random((50, 3)).astype(np.float32)
    y = (p > 0.5).astype(np.float32)
    for name in ("a.png", "b.png"):
        draw_reliability(tmp_path / name, y, np.ones_like(y), {"one": p})
    assert (tmp_path / "a.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
