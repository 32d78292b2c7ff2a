"""`ilgi evaluate` as somebody types it: a bundle against reviews whose labels are known."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

FELT = {"Comedy": "We laughed, it was wonderful", "Drama": "I cried, so lonely", "Horror": "I was scared and afraid"}


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Sixty films, two reviews each, in the prototype's format: the genre goes with what the reviews feel."""
    path = tmp_path / "reviews.csv"
    lines = ["Reviews,movie_name,genres,Ratings"]
    for film in range(60):
        genre = list(FELT)[film % 3]
        lines += [f'"{FELT[genre]} on day {film} {part}",Film {film},"[\'{genre}\']",3' for part in ("one", "two")]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def command(tiny_bundle: Path, table: Path, *more: str, label: str = "genres") -> list[str]:
    columns = ["--text-column", "Reviews", "--item-column", "movie_name", "--label-column", label]
    return ["evaluate", str(tiny_bundle), "--data", str(table), *columns, "--repeats", "20", "--workers", "1", *more]


def test_tells_people_how_good_it_is(ilgi: Callable[..., Any], tiny: Any, table: Path) -> None:
    result = ilgi(*command(tiny.bundle, table))
    assert result.code == 0, result.err
    assert "120 reviews of 60 items" in result.out
    for words in ("macro AP", "LRAP", "nDCG@5", "Brier", "base rates", "difference", "by lift"):
        assert words in result.out


def test_json_on_standard_output_and_in_a_file(
    ilgi: Callable[..., Any], tiny: Any, table: Path, tmp_path: Path
) -> None:
    result = ilgi(*command(tiny.bundle, table, "--json", "--out", str(tmp_path / "report.json")))
    report = json.loads(result.out)
    assert report == json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    found = report["assessment"]["item_mean"]["all"]
    # The model knows these words, so it must rank far better than the base rates.
    assert found["ours"]["lrap"]["value"] == 1.0
    assert found["ours - prior"]["lrap"]["low"] > 0.1
    assert set(found["ours"]) == {"macro_ap", "micro_ap", "lrap", "ndcg_5", "coverage", "brier", "ece"}
    assert set(report["response"]["first_by_lift"]) == set(FELT)
    assert len(report["table"]["sha256"]) == 64
    again = ilgi(*command(tiny.bundle, table, "--json"))
    assert json.loads(again.out) == report


@pytest.mark.parametrize(
    ("more", "label", "words"),
    [
        ((), "genre", "has no column 'genre': did you mean 'genres'?"),
        ((), "Ratings", "fewer than two items with labels"),
        (("--place", "nowhere"), "genres", "unknown place of genres 'nowhere'"),
    ],
)
def test_faults_are_one_line_and_code_2(
    ilgi: Callable[..., Any], tiny: Any, table: Path, more: tuple[str, ...], label: str, words: str
) -> None:
    result = ilgi(*command(tiny.bundle, table, *more, label=label))
    assert result.code == 2
    assert words in result.err
    assert "laughed" not in result.err


def test_a_bundle_that_is_not_there(ilgi: Callable[..., Any], table: Path, tmp_path: Path) -> None:
    result = ilgi(*command(tmp_path / "none", table))
    assert result.code == 2
    assert "there is no bundle at" in result.err


def test_mood_tags(ilgi: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    interval = {"value": 0.6, "low": 0.5, "high": 0.7}
    figures = dict.fromkeys(("matched", "mismatched", "difference", "ndcg_10"), interval)
    found = {"ko": {"queries": 3, "bundle": {**figures, "by_mood": {"joy": {"queries": 3, "joy": 0.6}}}}}
    report = {
        "bundle": "movies", "table": {"name": "mood_tags.tsv"}, "films": 9, "films_in_catalog": 8, "repeats": 10,
        "languages": found, "in_catalog": found,
    }  # fmt: skip
    told: dict[str, Any] = {}

    def measured(bundle: Path | None, data_dir: Path, **given: Any) -> dict[str, Any]:
        told.update(given, bundle=bundle, data_dir=data_dir)
        return report

    monkeypatch.setattr("ilgi.training.mood_measure.evaluate_mood_tags", measured)
    result = ilgi("evaluate", "--mood-tags", "--data-dir", str(tmp_path), "--repeats", "10")
    assert result.code == 0, result.err
    assert "9 tagged films, 8 of them in the catalogue" in result.out
    assert "0.600 [0.500, 0.700]" in result.out
    assert (told["bundle"], told["data_dir"], told["repeats"]) == (None, tmp_path, 10)
    assert json.loads(ilgi("evaluate", "--mood-tags", "--data-dir", str(tmp_path), "--json").out) == report


def test_what_to_measure_must_be_said(
    ilgi: Callable[..., Any], table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ILGI_DATA_DIR", raising=False)
    for arguments, words in (
        (("evaluate",), "or ask for --mood-tags"),
        (("evaluate", "--data", str(table)), "or ask for --mood-tags"),
        (("evaluate", "--mood-tags", "--data", str(table)), "leave out --data"),
        (("evaluate", "--mood-tags"), "no data folder"),
        (("evaluate", "--mood-tags", "--data-dir", str(tmp_path)), "there is no catalog/mood_tags.tsv"),
    ):
        result = ilgi(*arguments)
        assert result.code == 2
        assert words in result.err


def test_recipes_are_compared(ilgi: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from types import SimpleNamespace

    import ilgi.training.compare as module

    def compare(paths: list[Path], **given: Any) -> Any:
        assert [path.name for path in paths] == ["a.toml", "b.toml"]
        assert (given["folds"], given["by_time"], given["repeats"]) == (3, True, 50)
        return SimpleNamespace(report={"rows": []}, text="# a table", folder=given["runs_dir"] / "compare-a")

    monkeypatch.setattr(module, "compare_recipes", compare)
    more = ["--data-dir", str(tmp_path), "--folds", "3", "--by-time", "--repeats", "50", "--runs-dir", str(tmp_path)]
    result = ilgi("evaluate", "a.toml", "b.toml", *more, "--out", str(tmp_path / "report.json"))
    assert result.code == 0, result.err
    assert "# a table" in result.out
    assert f"are in {tmp_path / 'compare-a'}" in result.out
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8")) == {"rows": []}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["folder", "a.toml"], "a bundle cannot be compared with recipes"),
        (["a.toml", "--mood-tags"], "recipes name their own data"),
        (["one", "two", "--mood-tags"], "one bundle at a time"),
        (["a.toml", "--data-dir", "."], "cannot be read"),
    ],
)
def test_what_cannot_be_evaluated_together(ilgi: Callable[..., Any], arguments: list[str], words: str) -> None:
    result = ilgi("evaluate", *arguments)
    assert result.code == 2
    assert words in result.err
    assert len(result.err.strip().splitlines()) == 1


def test_several_bundles_beside_each_other(ilgi: Callable[..., Any], tiny: Any, table: Path, tmp_path: Path) -> None:
    import shutil

    other = tmp_path / "other"
    shutil.copytree(tiny.bundle, other)
    arguments = command(tiny.bundle, table)
    result = ilgi(*arguments[:2], str(other), *arguments[2:])
    assert result.code == 0, result.err
    assert result.out.count("120 reviews of 60 items") == 2
    assert f"macro AP minus that of {tiny.bundle}" in result.out
    assert f"{other}, from one review of each item: +0.000 [+0.000, +0.000], p 1.000" in result.out
