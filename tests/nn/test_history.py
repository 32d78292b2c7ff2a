import struct
import sys
from pathlib import Path

import pytest

from ilgi.errors import InputError, MissingExtra
from ilgi.nn.history import History, draw_history

HISTORY = History(
    {"train_loss": (0.5, 0.4, 0.3), "learning_rate": (0.1, 0.1, 0.05), "validation_loss": (0.6, 0.5, 0.55)},
    best_epoch=2,
    stopped="all epochs were run",
)


def size_of(png: bytes) -> tuple[int, int]:
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", png[16:24])


def test_draws_a_picture(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="needs the extra 'train'")
    HISTORY.draw(tmp_path / "run.png")
    width, height = size_of((tmp_path / "run.png").read_bytes())
    assert width > 400
    draw_history({"train_loss": [0.5, 0.4]}, tmp_path / "short.png")
    _, shorter = size_of((tmp_path / "short.png").read_bytes())
    assert 100 < shorter < height  # one panel less


def test_same_history_same_bytes(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="needs the extra 'train'")
    for name in ("a.png", "b.png"):
        HISTORY.draw(tmp_path / name)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_nothing_to_draw(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no epoch"):
        draw_history({}, tmp_path / "x.png")


def test_without_matplotlib_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in [m for m in sys.modules if m.startswith("matplotlib")]:
        monkeypatch.delitem(sys.modules, module)

    class Absent:
        def find_spec(self, name: str, *_: object) -> None:
            if name.split(".")[0] == "matplotlib":
                raise ModuleNotFoundError(name, name="matplotlib")

    monkeypatch.setattr(sys, "meta_path", [Absent(), *sys.meta_path])
    with pytest.raises(MissingExtra, match="ilgi\\[train\\]"):
        HISTORY.draw(tmp_path / "x.png")


def test_counts_epochs() -> None:
    assert HISTORY.epochs == 3
