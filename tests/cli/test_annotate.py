"""`ilgi annotate` as somebody types it."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

HEADER = "film,genres,review\n"
ROWS = "One,\"['Comedy']\",We laughed and laughed.\nTwo,['Drama'],혼자 울었다.\nThree,['Drama'],\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "in.csv"
    path.write_text(HEADER + ROWS, encoding="utf-8")
    return path


def test_writes_the_table_and_says_so(ilgi: Callable[..., Any], tiny: Any, table: Path) -> None:
    out = table.with_name("out.csv")
    options = ("--text-column", "review", "--item-column", "film", "--label-column", "genres", "--workers", "1")
    result = ilgi("annotate", str(table), str(out), *options, "--model", str(tiny.bundle))
    assert (result.code, result.out) == (0, "")
    assert "2 reviews written" in result.err
    assert "1 row without text left out" in result.err
    with out.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(row["name"], row["genres"]) for row in rows] == [("One", "['Comedy']"), ("Two", "['Drama']")]
    assert float(rows[0]["joy"]) > 0.5 > float(rows[0]["sadness"])
    assert float(rows[1]["sadness"]) > 0.5
    assert float(rows[1]["sadness"]) > float(rows[1]["joy"])
    assert rows[0]["emotions"].startswith("[")


def test_the_model_is_the_bundles_unless_another_is_named(
    ilgi: Callable[..., Any], tiny: Any, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named, own = table.with_name("a.csv"), table.with_name("b.csv")
    ilgi("annotate", str(table), str(named), "--text-column", "review", "--model", str(tiny.bundle))
    monkeypatch.setenv("ILGI_BUNDLE", str(tiny.bundle))
    assert ilgi("annotate", str(table), str(own), "--text-column", "review").code == 0
    assert own.read_bytes() == named.read_bytes()


def test_keeps_scores_at_home_unless_told_not_to(
    ilgi: Callable[..., Any], tiny: Any, table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ILGI_HOME", str(tmp_path / "home"))
    command = ("annotate", str(table), str(tmp_path / "o.csv"), "--text-column", "review", "--model", str(tiny.bundle))
    ilgi(*command, "--no-cache")
    assert not (tmp_path / "home").exists()
    ilgi(*command)
    kept = list((tmp_path / "home/cache/annotate").rglob("*.scores"))
    assert kept
    assert not any(b"laughed" in path.read_bytes() for path in kept)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (("--text-column", "revew"), "has no column 'revew': did you mean 'review'?"),
        (("--text-column", "review", "--rule", "lenght"), "unknown aggregation rule 'lenght': did you mean 'length'?"),
        (("--text-column", "review", "--model", "nothing"), "'nothing' is no emotion model"),
        ((), "--text-column"),
    ],
)
def test_faults_are_one_line_and_code_2(
    ilgi: Callable[..., Any], tiny: Any, table: Path, changes: tuple[str, ...], words: str
) -> None:
    out = table.with_name("out.csv")
    model = () if "--model" in changes else ("--model", str(tiny.bundle))
    result = ilgi("annotate", str(table), str(out), *changes, *model)
    assert result.code == 2
    assert words in result.err
    assert len(result.err.splitlines()) == 1
    assert "laughed" not in result.err
    assert not out.exists()


def test_a_table_that_is_not_there(ilgi: Callable[..., Any], tiny: Any, tmp_path: Path) -> None:
    command = ("annotate", str(tmp_path / "none.csv"), str(tmp_path / "out.csv"), "--text-column", "review")
    result = ilgi(*command, "--model", str(tiny.bundle))
    assert result.code == 2
    assert "does not exist" in result.err
