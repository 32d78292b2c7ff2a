"""Tables are written whole or not at all, and read back as they were."""

from pathlib import Path

import numpy as np
import pytest

from ilgi.errors import InputError
from ilgi.training.table_writer import write_rows
from ilgi.training.tables import read_rows

ROWS = [
    {"name": 'a, "b"\nc', "tags": ["x", "it's"], "n": 1, "p": np.float32(0.1)},
    {"name": "한글\t=1", "tags": [], "n": -2, "p": np.float32(1e-7)},
]


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet", ".CSV"])
def test_what_is_written_is_read_again(tmp_path: Path, suffix: str) -> None:
    if suffix == ".parquet":
        pytest.importorskip("polars", reason="needs the extra 'train'")
    path = tmp_path / f"t{suffix}"
    write_rows(path, list(ROWS[0]), iter(ROWS))
    found = list(read_rows(path))
    assert [row["name"] for row in found] == [row["name"] for row in ROWS]
    assert [np.float32(row["p"]) for row in found] == [row["p"] for row in ROWS]
    again = tmp_path / f"again{suffix}"
    write_rows(again, list(ROWS[0]), iter(ROWS))
    assert again.read_bytes() == path.read_bytes()


def test_lists_that_are_empty_at_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("polars", reason="needs the extra 'train'")
    monkeypatch.setattr("ilgi.training.table_writer._PARQUET_ROWS", 2)
    rows = [{"row": i, "genres": ["Drama"] if i == 4 else []} for i in range(5)]
    write_rows(tmp_path / "t.parquet", ["row", "genres"], iter(rows))
    assert [list(row["genres"]) for row in read_rows(tmp_path / "t.parquet")] == [row["genres"] for row in rows]


def test_an_empty_table_keeps_its_columns(tmp_path: Path) -> None:
    write_rows(tmp_path / "t.csv", ["a", "b"], [])
    assert (tmp_path / "t.csv").read_text(encoding="utf-8") == "a,b\n"


def test_a_row_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(KeyError):
        write_rows(path, ["name"], [ROWS[0], {}])
    assert path.read_text(encoding="utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["t.csv"]


def test_names_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    for name in ("t.xlsx", "t", "folder.csv"):
        with pytest.raises(InputError):
            write_rows(tmp_path / name, ["a"], [])
